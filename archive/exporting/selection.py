"""What is exported: the chosen entries, read one by one, and the stamp that says where they came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol, runtime_checkable

from archive.errors import NotFoundError
from archive.frozen import frozen
from archive.history import Which
from archive.model import Capture, Entry, Problem, Version

_AT_A_TIME = 20  # entries that are in memory together


@frozen
class Stamp:
    """Where an export came from: the query as it was asked, when, and the archive's change log (`Archive.log_id`).

    `hidden`: articles of the archive that are under embargo, and so in no export.
    """

    query: str
    at: datetime
    log: str
    hidden: int = 0

    @property
    def time(self) -> str:
        """`2025-01-31T12:00:00Z`."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def asked(self) -> str:
        """The query for people: nothing asks for everything."""
        return self.query or "everything"


@frozen
class Texts:
    """Which texts of each entry: all that it has carried, or the one that stood at a moment (entries without are left
    out).
    """

    at: datetime | None = None


class Held(Protocol):
    """What is asked of an archive."""

    def get(self, id: str) -> Entry | None: ...  # noqa: A002 - the archive's own word
    def captures(self, id: str) -> list[Capture]: ...  # noqa: A002


@runtime_checkable
class ReadsMany(Protocol):
    """What is asked of it where there are many: much less work than `get` for each."""

    def get_many(self, ids: Iterable[str]) -> dict[str, Entry]: ...


@runtime_checkable
class Remembers(Protocol):
    """What is asked of it where other texts than the current ones are wanted."""

    def as_it_was(self, ref: str, which: Which) -> Entry: ...
    def as_they_were(self, id: str) -> Iterator[Entry]: ...  # noqa: A002


@runtime_checkable
class KeepsVersions(Protocol):
    """What is asked of it where all that is known of an article is written."""

    def versions(self, id: str) -> list[Version]: ...  # noqa: A002


class Selection:
    """The entries with `ids`, in that order, a few read at a time; those no longer there are left out.

    An id may be that of a capture: the entry then has the text of that. `count` says how many were given out so far,
    `problems` what could not be exported and why, `remarks` what else is odd.
    """

    def __init__(
        self,
        archive: Held,
        ids: Iterable[str],
        stamp: Stamp,
        progress: Callable[[int], None] | None = None,
        texts: Texts | None = None,
    ) -> None:
        self.archive = archive
        self.stamp = stamp
        self.count = 0
        self.problems: list[Problem] = []
        self.remarks: list[str] = []
        self._ids = ids
        self._progress = progress
        self._texts = texts

    def entries(self) -> Iterator[Entry]:
        """The entries, once."""
        left = iter(self._ids)
        while some := list(islice(left, _AT_A_TIME)):
            held = self._current(some)
            for id_ in some:
                for entry in self._of(id_, held.pop(id_, None)):
                    self.count += 1
                    yield entry
                    if self._progress:
                        self._progress(self.count)

    def versions(self, id_: str) -> list[Version]:
        """The texts that an entry has carried, where the archive knows them."""
        return self.archive.versions(id_) if isinstance(self.archive, KeepsVersions) else []

    def _current(self, ids: Sequence[str]) -> dict[str, Entry]:
        """The entries with their current texts; none where other texts are wanted."""
        if self._texts is not None:
            return {}
        if isinstance(self.archive, ReadsMany):
            return self.archive.get_many(ids)
        return {id_: entry for id_ in ids if (entry := self.archive.get(id_))}

    def _of(self, id_: str, entry: Entry | None) -> Iterator[Entry]:
        if entry is not None:
            yield entry
        elif isinstance(self.archive, Remembers):
            yield from self._texts_of(id_, self.archive)

    def _texts_of(self, id_: str, archive: Remembers) -> Iterator[Entry]:
        if self._texts and self._texts.at is None:
            yield from archive.as_they_were(id_)
            return
        try:
            yield archive.as_it_was(id_, Which(at=self._texts.at if self._texts else None))
        except NotFoundError:
            return  # gone since it was found, or not there then
