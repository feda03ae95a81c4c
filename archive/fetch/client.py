"""One GET to one URL: a connection, new or kept open from before, and the exchange on it, within one deadline.

Connections are kept for the next request to the same origin, because a TLS handshake costs two round trips and more
processor time than the rest of a fetch. A kept connection still leads to the address that was vetted when it was made.
"""

from __future__ import annotations

import selectors
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from archive.config import FetchSettings
from archive.fetch.addresses import Lookup
from archive.fetch.connect import Connector
from archive.fetch.wire import Connection, Deadline, Fault, Limits, Reply, exchange, request_bytes
from archive.model import Certificate
from archive.urls import Url

_IDLE = 15.0  # seconds after which a kept connection is closed; many servers close theirs soon after
_MAX_IDLE = 64  # kept connections over all hosts


@dataclass(frozen=True, slots=True)
class Got:
    """One exchange as it happened."""

    started: datetime
    sent: bytes
    reply: Reply
    address: str
    tls_verified: bool | None
    certificate: Certificate | None = None


class Client:
    """Makes requests for one Fetcher. Thread-safe."""

    def __init__(self, settings: FetchSettings, lookup: Lookup | None) -> None:
        self._timeout = settings.timeout
        self._limits = Limits(
            min(settings.first_byte_timeout, settings.timeout), settings.max_headers, settings.max_body
        )
        self._connector = Connector(settings, lookup)
        self._idle = _Idle()

    def get(self, url: Url, headers: list[tuple[str, str]], most: int | None = None) -> Got:
        """Ask for `url`. Raises NoConnectionError and nothing else; a reply that went wrong says so itself.

        `most`: bytes of the body, where fewer are wanted than the settings allow.
        """
        started = datetime.now(UTC)
        deadline = Deadline.after(self._timeout)
        kept = self._idle.take(url.origin)
        if kept is not None:
            got = self._exchange(kept, url, headers, started, deadline, most)
            if got.reply.fault is not Fault.EMPTY:
                return got
            # The server had closed it in the meantime: nothing was asked yet.
        return self._exchange(self._connector.open(url, deadline), url, headers, started, deadline, most)

    def close(self) -> None:
        """End all connections, also those that are being used."""
        self._idle.close()
        self._connector.abort()

    def _exchange(
        self,
        connection: Connection,
        url: Url,
        headers: list[tuple[str, str]],
        started: datetime,
        deadline: Deadline,
        most: int | None,
    ) -> Got:
        limits = self._limits if most is None else replace(self._limits, body=min(most, self._limits.body))
        try:
            sent = request_bytes(url.target, headers, connection.protocol)
            reply = exchange(connection, sent, limits, deadline)
        except BaseException:
            connection.close()
            raise
        if reply.reusable:
            connection.protocol.start_next_cycle()
            self._idle.give(url.origin, connection)
        else:
            connection.close()
        return Got(started, sent, reply, connection.address, connection.tls_verified, connection.certificate)


class _Idle:
    """Connections that wait for their next request, the youngest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[str, Connection, float]] = []  # origin, connection, since when; oldest first
        self._closed = False

    def take(self, origin: str) -> Connection | None:
        """A connection to `origin` that the server has not closed, if there is one."""
        while (entry := self._pop(origin)) is not None:
            _origin, connection, since = entry
            if time.monotonic() - since < _IDLE and not _readable(connection):
                return connection
            connection.close()  # too old, closed by the server, or something came that nobody asked for
        return None

    def give(self, origin: str, connection: Connection) -> None:
        """Keep `connection` for later."""
        now = time.monotonic()
        with self._lock:
            waiting = [*self._waiting, (origin, connection, now)]
            fresh = [] if self._closed else [entry for entry in waiting if now - entry[2] < _IDLE][-_MAX_IDLE:]
            leaving = waiting[: len(waiting) - len(fresh)]  # they stand in the order of their age
            self._waiting = fresh
        for _origin, old, _since in leaving:
            old.close()

    def close(self) -> None:
        with self._lock:
            leaving, self._waiting = self._waiting, []
            self._closed = True
        for _origin, connection, _since in leaving:
            connection.close()

    def _pop(self, origin: str) -> tuple[str, Connection, float] | None:
        with self._lock:
            for number in range(len(self._waiting) - 1, -1, -1):
                if self._waiting[number][0] == origin:
                    return self._waiting.pop(number)
        return None


def _readable(connection: Connection) -> bool:
    """Whether bytes (or the end) have come on a connection that should be silent."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return bool(selector.select(0))
