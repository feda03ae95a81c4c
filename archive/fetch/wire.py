"""One HTTP/1.1 exchange on an open connection: a GET sent, the answer read, both kept byte for byte.

h11 understands the protocol; this module moves the bytes and counts them. Everything has an end: the first byte, the
whole exchange, the headers and the body have limits of their own, and reaching one is a fault of the reply, not an
exception. Cookies, credentials, proxies and HTTP/2 do not exist here.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from enum import Enum, auto

import h11

from archive.fetch.mend import mend
from archive.model import Certificate

_READ = 2**16
_MAX_INFORMATIONAL = 20  # 1xx answers before the real one
# The body of a redirect is for people without a browser: a little of it is kept, and little time given to it.
_REDIRECT_BODY = 2**16
_REDIRECT_GRACE = 2.0


class Fault(Enum):
    """What went wrong with a reply."""

    NO_ANSWER = auto()  # in time
    OUT_OF_TIME = auto()
    TOO_LARGE = auto()
    HEADERS_TOO_LARGE = auto()
    CUT = auto()  # the connection ended inside the reply
    EMPTY = auto()  # … and before it
    NOT_HTTP = auto()
    BAD_FRAMING = auto()  # of a body whose head was fine


# WARC's words for why a record's block is shorter than what the server meant to send.
TRUNCATED = {
    Fault.NO_ANSWER: "time",
    Fault.OUT_OF_TIME: "time",
    Fault.TOO_LARGE: "length",
    Fault.HEADERS_TOO_LARGE: "length",
    Fault.CUT: "disconnect",
    Fault.EMPTY: "disconnect",
    Fault.NOT_HTTP: "unspecified",
    Fault.BAD_FRAMING: "unspecified",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes as received, times in seconds."""

    first_byte: float
    headers: int
    body: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds to go. TimeoutError when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def no_later_than(self, seconds: float) -> Deadline:
        return Deadline(min(self.at, time.monotonic() + seconds))


@dataclass(slots=True)
class Reply:
    """What came back, filled in as it arrives. `body` is still in its content coding but out of its transfer coding.

    `asked`: when the request was out, on the monotonic clock.
    """

    asked: float = 0.0
    received: bytes = b""
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    fault: Fault | None = None
    detail: str = ""
    reusable: bool = False

    def values(self, name: str) -> list[str]:
        """All values of a header, by lower-case name."""
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def redirects(self) -> bool:
        return self.status in (301, 302, 303, 307, 308) and bool(self.values("location"))


@dataclass(slots=True)
class Connection:
    """An open connection to a vetted address. `served` counts the replies read from it."""

    sock: socket.socket
    address: str
    tls_verified: bool | None
    protocol: h11.Connection
    served: int = 0
    certificate: Certificate | None = None

    def close(self) -> None:
        self.sock.close()


def request_bytes(target: str, headers: list[tuple[str, str]], protocol: h11.Connection) -> bytes:
    """A GET as it goes over the wire; tells `protocol` about it."""
    sent = protocol.send(h11.Request(method="GET", target=target, headers=headers))
    protocol.send(h11.EndOfMessage())
    assert sent is not None
    return sent


def exchange(connection: Connection, sent: bytes, limits: Limits, deadline: Deadline) -> Reply:
    """Send the request and read the reply. Raises nothing for what the other side does."""
    reader = _Reader(connection, limits, deadline)
    try:
        connection.sock.settimeout(deadline.left())
        connection.sock.sendall(sent)
    except TimeoutError:
        reader.fail(Fault.NO_ANSWER, "the request could not be sent in time")
        return reader.reply
    except OSError:
        pass  # an answer may have come before the other side hung up
    finally:
        reader.reply.asked = time.monotonic()
    reader.read()
    connection.served += 1
    return reader.reply


class _Reader:
    """Reads one reply."""

    def __init__(self, connection: Connection, limits: Limits, deadline: Deadline) -> None:
        self.reply = Reply()
        self._raw = bytearray()
        self._connection = connection
        self._protocol = connection.protocol
        self._limits = limits
        self._deadline = deadline
        self._first_byte = deadline.no_later_than(limits.first_byte)
        self._chunks: list[bytes] | None = None  # of a chunked body; any other stands in `_raw` as it is
        self._body_limit = limits.body
        self._was_mended = False
        self._preliminary = 0
        self._head = 0  # bytes of status line and headers in reply.received

    def fail(self, fault: Fault, detail: str) -> None:
        self.reply.fault = fault
        self.reply.detail = detail

    def read(self) -> None:
        while True:
            try:
                while self._step():
                    pass
            except TimeoutError:
                self._out_of_time()
            except h11.RemoteProtocolError as error:
                if self._mended():
                    continue
                self._protocol_error(error)
            except OSError as error:
                self._cut(f"the connection broke ({error.strerror or type(error).__name__})")
            break
        self._finish()

    def _finish(self) -> None:
        """Hand over what came, holding no more than two copies of it at any time."""
        self.reply.received = bytes(self._raw)
        self._raw.clear()
        if self.reply.status is None:
            return
        body = self.reply.received[self._head :] if self._chunks is None else b"".join(self._chunks)
        self.reply.body = body

    def _step(self) -> bool:
        """Take one event. False when the reply is at its end."""
        event = self._protocol.next_event()
        if event is h11.NEED_DATA:
            return self._receive()
        if isinstance(event, h11.InformationalResponse):
            return self._informational(event)
        if isinstance(event, h11.Response):
            return self._response(event)
        if isinstance(event, h11.Data):
            if self._chunks is not None:
                self._chunks.append(event.data)
            return True
        if isinstance(event, h11.EndOfMessage):
            self._end()
            return False
        self.fail(Fault.NOT_HTTP, "the server switched to another protocol")
        return False

    def _receive(self) -> bool:
        received = self._raw
        sock = self._connection.sock
        sock.settimeout((self._deadline if received else self._first_byte).left())
        data = sock.recv(_READ)
        if not data and not received:
            self.fail(Fault.EMPTY, "the server closed the connection without an answer")
            return False
        if not received and not (data := data.lstrip(b"\r\n")):
            return True  # blank lines before the status line are nothing yet
        received += data
        self._protocol.receive_data(data)
        if self._head and len(received) - self._head > self._body_limit:
            del received[self._head + self._body_limit :]
            self.fail(Fault.TOO_LARGE, f"the body is larger than {self._body_limit:,} bytes")
            return False
        return True

    def _mended(self) -> bool:
        """Whether the trouble was the head's form and reading can begin again with a better one."""
        mended = mend(bytes(self._raw)) if self.reply.status is None and not self._was_mended else None
        if mended is None:
            return False
        closed = self._protocol.trailing_data[1]
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=self._limits.headers)
        request_bytes("/", [("Host", "any")], self._protocol)  # all it must know is that a GET was sent
        self._protocol.receive_data(mended)
        if closed:
            self._protocol.receive_data(b"")
        self._was_mended = True
        return True

    def _informational(self, event: h11.InformationalResponse) -> bool:
        """100 Continue, 103 Early Hints …: not the response, so not kept as one."""
        self._preliminary += 1
        if event.status_code == 101 or self._preliminary > _MAX_INFORMATIONAL:
            self.fail(Fault.NOT_HTTP, "the server only sent preliminary answers")
            return False
        self._raw[:] = self._protocol.trailing_data[0]
        return True

    def _response(self, event: h11.Response) -> bool:
        reply = self.reply
        self._head = len(self._raw) - len(self._protocol.trailing_data[0])
        reply.status = event.status_code
        reply.headers = tuple((_text(name), _text(value)) for name, value in event.headers.raw_items())
        if self._head > self._limits.headers:
            self.fail(Fault.HEADERS_TOO_LARGE, f"the headers are larger than {self._limits.headers:,} bytes")
            return False
        if reply.redirects:
            self._body_limit = min(self._body_limit, _REDIRECT_BODY)
            self._deadline = self._deadline.no_later_than(_REDIRECT_GRACE)
        if reply.values("transfer-encoding"):
            self._chunks = []
        announced = reply.values("content-length")
        if announced and announced[0].isdecimal() and int(announced[0]) > self._body_limit:
            del self._raw[self._head :]
            self.fail(Fault.TOO_LARGE, f"the body is {int(announced[0]):,} bytes, more than {self._body_limit:,}")
            return False
        return True

    def _end(self) -> None:
        rest, closed = self._protocol.trailing_data
        if rest:
            del self._raw[-len(rest) :]
        done = self._protocol.our_state is h11.DONE and self._protocol.their_state is h11.DONE
        self.reply.reusable = done and not rest and not closed and not self._was_mended

    def _out_of_time(self) -> None:
        got = len(self._raw)
        if got == 0:
            self.fail(Fault.NO_ANSWER, f"no answer within {self._limits.first_byte:g} s")
        else:
            part = "body" if self.reply.status is not None else "headers"
            self.fail(Fault.OUT_OF_TIME, f"the {part} did not end in time ({got:,} bytes came)")

    def _protocol_error(self, error: h11.RemoteProtocolError) -> None:
        said = str(error)[:120]  # may quote what came
        if error.error_status_hint == 431:
            self.fail(Fault.HEADERS_TOO_LARGE, f"the headers are larger than {self._limits.headers:,} bytes")
        elif self._protocol.trailing_data[1]:  # the other side had closed
            self._cut("the connection ended before the reply did")
        elif self.reply.status is None:
            self.fail(Fault.NOT_HTTP, f"the answer is not HTTP ({said})")
        else:
            self.fail(Fault.BAD_FRAMING, f"the body is malformed ({said})")

    def _cut(self, detail: str) -> None:
        if not self._raw:
            self.fail(Fault.EMPTY, detail)
        elif not self._raw.startswith(b"HTTP/"[: len(self._raw)]):
            self.fail(Fault.NOT_HTTP, "the answer is not HTTP")
        else:
            self.fail(Fault.CUT, detail)


def _text(raw: bytes) -> str:
    """A header as text: ASCII, as it should be, or what the sender most likely meant."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
