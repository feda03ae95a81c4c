"""What is exported: the chosen entries, read one by one, and the stamp that says where they came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from archive.model import Capture, Entry, Problem


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where an export came from: the query as it was asked, when, and the archive's change log (`Archive.log_id`)."""

    query: str
    at: datetime
    log: str

    @property
    def time(self) -> str:
        """`2025-01-31T12:00:00Z`."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def asked(self) -> str:
        """The query for people: nothing asks for everything."""
        return self.query or "everything"


class Held(Protocol):
    """What is asked of an archive."""

    def get(self, id: str) -> Entry | None: ...  # noqa: A002 - the archive's own word
    def captures(self, id: str) -> list[Capture]: ...  # noqa: A002


class Selection:
    """The entries with `ids`, in that order, as they are when they are reached; those no longer there are left out.

    `count` says how many were given out so far, `problems` what could not be exported and why.
    """

    def __init__(
        self, archive: Held, ids: Iterable[str], stamp: Stamp, progress: Callable[[int], None] | None = None
    ) -> None:
        self.archive = archive
        self.stamp = stamp
        self.count = 0
        self.problems: list[Problem] = []
        self._ids = ids
        self._progress = progress

    def entries(self) -> Iterator[Entry]:
        """The entries, once."""
        for id_ in self._ids:
            entry = self.archive.get(id_)
            if entry is not None:
                self.count += 1
                yield entry
                if self._progress:
                    self._progress(self.count)
