"""The pace of hosts for all processes of a team: a row for each host, by the server's clock (pace.SharedPace).

A slot of a host is an advisory lock: whoever holds it and dies frees it. The next request is `delay` behind the last
one that was sent, whoever sent it.
"""

from __future__ import annotations

import threading
from hashlib import blake2b
from importlib import resources

from archive.fetch.pace import HostRestsError, StoppedError
from archive.storage.catalog import postgresql
from archive.storage.places import Server

_POLL = 0.1  # seconds between two tries for a slot
_TURN = """
    INSERT INTO pace (host, next) VALUES (?, clock_timestamp() + make_interval(secs => ?))
    ON CONFLICT (host) DO UPDATE SET next = greatest(pace.next, clock_timestamp()) + make_interval(secs => ?)
    WHERE pace.next <= clock_timestamp() + make_interval(secs => ?)
    RETURNING extract(epoch FROM next - make_interval(secs => ?) - clock_timestamp())::float8
"""
_NOT_BEFORE = """
    INSERT INTO pace (host, next) VALUES (?, clock_timestamp() + make_interval(secs => ?))
    ON CONFLICT (host) DO UPDATE SET next = greatest(pace.next, excluded.next)
"""
_LEFT = "SELECT extract(epoch FROM next - clock_timestamp())::float8 FROM pace WHERE host = ?"


class ServerPace:
    """See `pace.SharedPace`. One connection for all threads of a process."""

    def __init__(self, server: Server) -> None:
        """StorageError where the server does not answer."""
        self._db = postgresql.plain(server.team)
        postgresql.define(self._db, (resources.files("archive.team") / "team.sql").read_text(encoding="utf-8"))
        self._schema = server.schema
        self._held: set[tuple[str, int]] = set()
        self._lock = threading.Lock()

    def enter(self, host: str, slots: int, stopped: threading.Event) -> int:
        """Waits for one of the slots of a host, and holds it. StoppedError when `stopped` is set meanwhile."""
        while True:
            for slot in range(slots):
                if self._take(host, slot):
                    return slot
            if stopped.wait(_POLL):
                raise StoppedError

    def turn(self, host: str, delay: float, patience: float) -> float:
        """The next turn of a host is the caller's: in so many seconds. HostRestsError when it is too far away."""
        delay = float(delay)
        found = self._db.execute(_TURN, (host, delay, delay, float(patience), delay)).fetchone()
        if found is None:
            left = self._db.execute(_LEFT, (host,)).fetchone()
            raise HostRestsError(float(left[0]) if left else patience)
        return max(0.0, float(found[0]))

    def not_before(self, host: str, seconds: float) -> None:
        """Nobody asks the host for so many seconds from now."""
        self._db.execute(_NOT_BEFORE, (host, float(seconds)))

    def leave(self, host: str, slot: int) -> None:
        """The slot is free."""
        self._db.execute("SELECT pg_advisory_unlock(?)", (self._number(host, slot),))
        with self._lock:
            self._held.discard((host, slot))

    def close(self) -> None:
        """Whatever is held is free."""
        self._db.close()

    def _take(self, host: str, slot: int) -> bool:
        with self._lock:  # the server gives a lock to one connection as often as it asks
            if (host, slot) in self._held:
                return False
            self._held.add((host, slot))
        try:
            taken = bool(self._db.execute("SELECT pg_try_advisory_lock(?)", (self._number(host, slot),)).fetchone()[0])
        except BaseException:
            taken = False
            raise
        finally:
            if not taken:
                with self._lock:
                    self._held.discard((host, slot))
        return taken

    def _number(self, host: str, slot: int) -> int:
        digest = blake2b(f"{self._schema} {slot} {host}".encode("utf-8", "replace"), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)
