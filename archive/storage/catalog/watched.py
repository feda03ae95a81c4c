"""A connection to PostgreSQL on which a server that has gone silent is noticed, however long a statement may take.

Keepalives notice a machine that is gone. They do not notice a server that is stopped, or something in between that
takes what is sent and passes nothing on: then the network is as it should be, and only the answer never comes. So
whoever has heard nothing for a while asks on another connection what the server is doing for this one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from time import monotonic
from typing import Any, Self, TypeVar

import psycopg

SILENCE = 30.0  # seconds without a byte of an answer after which the server is asked what it does
ANSWER = 20  # seconds in which it must say so
T = TypeVar("T")
# Of the process that answers a connection: whether it works, or has only just ceased to. Its number is known to us
# where nothing stands in between that gives us connections of its own (a pooler does).
_DOES = """
    SELECT count(*) FILTER (WHERE state = 'active' OR state_change > clock_timestamp() - interval '5 seconds'),
    pg_backend_pid() FROM pg_stat_activity WHERE pid = $1
"""


class Watched(psycopg.Connection[Any]):
    """A statement on it ends with an answer, or with psycopg.OperationalError once none is to be expected any more."""

    _how: Mapping[str, Any]

    @classmethod
    def to(cls, address: str, **how: Any) -> Self:
        """As `connect`, which is within its own time."""
        made = cls.connect(address, **how)
        made._how = {"conninfo": address, **how, "connect_timeout": ANSWER}  # noqa: SLF001 -- our own
        return made

    def wait(self, gen: Generator[Any, Any, T], *args: Any, **options: Any) -> T:
        return super().wait(_heard(gen, SILENCE, self._look), *args, **options)

    def _look(self) -> None:
        """Nothing was heard for long: returns where the server is at work for us."""
        try:
            with closing(_Brief.connect(**self._how)) as other:
                works, process = other.execute(_DOES.encode(), (self.info.backend_pid,)).fetchone() or (0, 0)
                if works or process != other.info.backend_pid:
                    return
        except psycopg.Error as error:
            why = f"and does not answer on another connection either ({str(error).strip().splitlines()[0]})"
        else:
            why = "and is not at work for this connection any more"
        self.pgconn.finish()
        raise psycopg.OperationalError(f"it has said nothing for {SILENCE:g} seconds, {why}")


class _Brief(psycopg.Connection[Any]):
    """One for a single question."""

    def wait(self, gen: Generator[Any, Any, T], *args: Any, **options: Any) -> T:
        return super().wait(_heard(gen, ANSWER, self._give_up), *args, **options)

    def _give_up(self) -> None:
        self.pgconn.finish()
        raise psycopg.OperationalError(f"no answer within {ANSWER} seconds")


def _heard(gen: Generator[Any, Any, T], patience: float, silent: Callable[[], None]) -> Generator[Any, Any, T]:
    """What psycopg waits by; `silent` is called each time that nothing was heard for so many seconds."""
    since = monotonic()
    try:
        wanted = next(gen)
        while True:
            if ready := (yield wanted):
                since = monotonic()
            elif monotonic() - since > patience:
                silent()
                since = monotonic()
            wanted = gen.send(ready)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
