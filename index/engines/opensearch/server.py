"""One server of OpenSearch, asked over HTTP: connections kept open, patience with one that is busy, and what is said
when it does not help.

Every request here may be sent twice: a document is written with its version, and all else only asks or says how
something shall be. So whatever ends without an answer is asked again, a bounded number of times.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.errors import IndexDamagedError, IndexStorageError
from index.plan import Overrun

USER, PASSWORD, CERTIFICATES = "BACKFILE_SEARCH_USER", "BACKFILE_SEARCH_PASSWORD", "BACKFILE_SEARCH_CA"  # environment
READING = (0.1, 0.4, 1.6)  # seconds before an answer is asked for again
WRITING = (0.2, 0.8, 2.0, 5.0, 10.0)  # who brings in a thousand pages waits longer than who looks for one
_BUSY = frozenset({429, 500, 502, 503, 504})
_LONGEST_PAUSE = 10.0  # whatever Retry-After says
_CONNECTING = 10.0  # seconds for the connection and for requests that cost nothing
_QUOTED = 300  # characters of what a server said
_IDLE = 8  # connections that are kept

Json = dict[str, Any]


class _NotNowError(Exception):
    """No answer, but another time there may be one. `late`: it took all the time that it had."""

    def __init__(self, message: str, retry_after: str = "", *, late: bool = False) -> None:
        self.retry_after = retry_after
        self.late = late
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    body: bytes
    retry_after: str


class Server:
    """The server at `url`. Any thread may ask. IndexStorageError says in one sentence what is wrong with it.

    `reading` and `writing` are the seconds before each further try of a request.
    """

    def __init__(self, url: str, *, reading: tuple[float, ...] = READING, writing: tuple[float, ...] = WRITING) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise IndexStorageError(
                f"[search] url must be like http://HOST:9200 to say where OpenSearch is, not {url!r}"
            )
        self.url = url.rstrip("/")
        self._reading, self._writing = reading, writing
        self._host, self._port, self._secure = parts.hostname, parts.port, parts.scheme == "https"
        self._path = parts.path.rstrip("/")
        self._headers = {"Accept": "application/json", **_authorization()}
        self._idle: list[http.client.HTTPConnection] = []
        self._guard = threading.RLock()  # answers that were left half read end in whatever thread collects them
        self._known = False

    def ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        lines: Iterable[bytes] | None = None,
        seconds: float = _CONNECTING,
        patient: bool = False,
        absent: bool = False,
    ) -> Json:
        """The answer, within `seconds` for each try. `lines`: the body as JSON Lines.

        A `patient` one is tried longer. Who waits for a page of hits is told at once when a server does not answer in
        the time that a question may take.

        {} where `absent` is an answer, too, for what is asked about is not there. IndexStorageError where OpenSearch
        refuses, or does not answer, or something else does; Overrun where it took longer than the question allows.
        """
        if not self._known and path != "/":
            self._greet()
        sent = b"".join(lines) if lines is not None else None if body is None else as_json(body)
        kind = "application/x-ndjson" if lines is not None else "application/json"
        pauses = self._writing if patient else self._reading
        for tried, pause in enumerate((*pauses, None), 1):
            try:
                reply = self._once(method, path, sent, kind, seconds)
                return {} if absent and reply.status == 404 else self._read(reply)
            except _NotNowError as fault:
                if pause is None or (fault.late and not patient):
                    message = f"OpenSearch at {self.url} {fault}; asked {_times(tried)}"
                    raise IndexStorageError(message, passes=True) from fault
                time.sleep(_pause(pause, fault.retry_after))
        raise AssertionError

    def refused(self, status: int, kind: str, reason: str) -> IndexStorageError:
        """What is told of an error of OpenSearch: its status as HTTP has it, its kind and its reason."""
        if status == 401 or kind == "security_exception":
            reason += f": {USER} and {PASSWORD} in the environment say who asks"
        return IndexStorageError(f"OpenSearch at {self.url} refuses a request: {reason} ({kind or 'error'}, {status})")

    def gone(self, name: str, folder: Path | str) -> IndexDamagedError:
        """What is told of an index that is not there, to the generation in `folder` that it was for."""
        return IndexDamagedError(f"the index {name} is gone from {self.url}", folder=str(folder), outdated=True)

    def close(self) -> None:
        with self._guard:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _greet(self) -> None:
        """Whether this is an OpenSearch that we know how to speak to. IndexStorageError."""
        said = self.ask("GET", "/")
        version = said.get("version", {})
        name, number = version.get("distribution", "no OpenSearch"), str(version.get("number", "?"))
        if name != "opensearch" or not number.split(".")[0].isdigit() or int(number.split(".")[0]) < 3:
            raise IndexStorageError(f"at {self.url} is {name} {number}; what is needed is OpenSearch 3 or newer")
        self._known = True

    def _once(self, method: str, path: str, body: bytes | None, kind: str, seconds: float) -> _Reply:
        """A reply that will not be another one if it is asked for again; _NotNowError."""
        try:
            reply = self._try(method, path, body, kind, seconds)
        except TimeoutError as error:
            raise _NotNowError(f"does not answer within {seconds:g} seconds", late=True) from error
        except (OSError, http.client.HTTPException) as error:
            message = f"cannot be reached ({_told(error)}): is it running, and is [search] url right?"
            raise _NotNowError(message) from error
        if b"Time exceeded" in reply.body and reply.status in _BUSY:
            raise Overrun("it takes longer than it may")
        if reply.status in _BUSY:
            raise _NotNowError(f"answers {reply.status} ({_error(reply)[1]})", reply.retry_after)
        return reply

    def _try(self, method: str, path: str, body: bytes | None, kind: str, seconds: float) -> _Reply:
        """The reply. OSError, HTTPException."""
        headers = {**self._headers, **({"Content-Type": kind} if body is not None else {})}
        for fresh in (False, True):  # one that was kept open may have been closed over there: that is no failure
            connection, used = self._connection(seconds, fresh=fresh)
            try:
                connection.request(method, self._path + path, body, headers)
                answer = connection.getresponse()
                reply = _Reply(answer.status, answer.read(), answer.getheader("Retry-After", ""))
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if not used or isinstance(error, TimeoutError):
                    raise
                continue
            self._keep(connection)
            return reply
        raise AssertionError

    def _connection(self, seconds: float, *, fresh: bool) -> tuple[http.client.HTTPConnection, bool]:
        """One that is open and idle, and True; or a new one."""
        with self._guard:
            kept = None if fresh or not self._idle else self._idle.pop()
        if kept is not None and kept.sock is not None:
            kept.sock.settimeout(seconds)
            return kept, True
        if self._secure:
            context = ssl.create_default_context(cafile=os.environ.get(CERTIFICATES) or None)
            return http.client.HTTPSConnection(self._host, self._port, timeout=seconds, context=context), False
        return http.client.HTTPConnection(self._host, self._port, timeout=seconds), False

    def _keep(self, connection: http.client.HTTPConnection) -> None:
        with self._guard:
            if connection.sock is not None and len(self._idle) < _IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _read(self, reply: _Reply) -> Json:
        if reply.status >= 400:
            raise self.refused(reply.status, *_error(reply))
        try:
            answer = json.loads(reply.body) if reply.body else {}
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise IndexStorageError(f"what is at {self.url} does not answer as OpenSearch does; is [search] url right?")
        return answer


def as_json(value: Any) -> bytes:
    """UTF-8, and a question mark for half of a character, in what is kept and what is asked alike."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def too_long(seconds: float) -> Overrun:
    """A question's time is over."""
    return Overrun(f"it takes longer than {seconds:g} seconds")


def _authorization() -> Mapping[str, str]:
    user = os.environ.get(USER, "")
    if not user:
        return {}
    secret = f"{user}:{os.environ.get(PASSWORD, '')}".encode()
    return {"Authorization": f"Basic {base64.b64encode(secret).decode()}"}


def _pause(pause: float, retry_after: str) -> float:
    return min(float(retry_after), _LONGEST_PAUSE) if retry_after.isdigit() else pause


def _error(reply: _Reply) -> tuple[str, str]:
    """The kind of error and its reason, the innermost where there are several."""
    try:
        error = json.loads(reply.body)["error"]
        return kind_and_reason(error)
    except (ValueError, KeyError, TypeError):
        return "", " ".join(reply.body.decode("utf-8", "replace").split())[:_QUOTED] or "no more is said"


def kind_and_reason(error: Any) -> tuple[str, str]:
    """What OpenSearch calls an error, and why it happened."""
    if not isinstance(error, dict):
        return "", str(error)[:_QUOTED]
    inner = error
    for cause in error.get("root_cause") or []:
        inner = cause
        break
    deepest = error
    while isinstance(deepest.get("caused_by"), dict):
        deepest = deepest["caused_by"]
    reason = inner.get("reason") or deepest.get("reason") or error.get("reason") or ""
    return str(inner.get("type") or error.get("type") or ""), str(reason)[:_QUOTED]


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _told(error: Exception) -> str:
    strerror = getattr(error, "strerror", None)
    return str(strerror or error or type(error).__name__)
