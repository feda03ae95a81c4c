"""The archive and its index, held together: what every verb stands on."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archive import Archive, Entry
from backfile.desk.progress import Progress, stage
from index import Index, Node, Sort

if TYPE_CHECKING:
    from archive import Fetching, Hidden, Recogniser, SavedSearch


class Halves:
    """One archive and its index. `archive` and `index` are there for what no verb does."""

    def __init__(
        self,
        archive: Archive,
        index: Index,
        fetcher: Fetching | None = None,
        recogniser: Recogniser | None = None,
        *,
        keeps_up: bool = True,
    ) -> None:
        self.archive = archive
        self.index = index
        self._fetcher = fetcher
        self._recogniser = recogniser
        self._keeps_up = keeps_up

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files; using the desk opens them again."""
        self.index.close()
        self.archive.close()

    @property
    def folder(self) -> Path:
        """Where all of it lies."""
        return self.archive.folder

    def find(self, ref: str) -> Entry:
        """The entry that `ref` means: an id (also of a capture), the beginning of one, or a URL.

        NotFoundError, UsageError.
        """
        return self.archive.find(ref)

    def ids(
        self,
        query: str | Node = "",
        *,
        choose: Mapping[str, Sequence[str]] | None = None,
        exclude: Mapping[str, Sequence[str]] | None = None,
        sort: Sort = Sort.ID,
        progress: Progress | None = None,
    ) -> Iterator[str]:
        """The ids of everything that matches, however much, from an index that is up to date."""
        return self._current(progress).ids(query, choose=choose, exclude=exclude, sort=sort)

    def hidden(self) -> list[Hidden]:
        """What is under embargo, the one that comes back first before."""
        return self.archive.embargoes.all()

    def searches(self) -> list[SavedSearch]:
        """The queries that were given a name, by it."""
        return self.archive.searches.all()

    def catch_up(self, progress: Progress | None = None) -> None:
        """Let the index take in what an interrupted command, or another one's rules, left for later.

        Where that cannot be done at once, results say how far behind they are.
        """
        may_write = os.access(self.folder, os.W_OK)
        if may_write:
            self.archive.embargoes.end()
        if self.archive.reindex_wanted() and may_write:
            self._forgotten(progress)
        elif self.index.lag():
            self.index.catch_up(stage(progress, "indexing"))

    def _id(self, page: str | Entry) -> str:
        return page.id if isinstance(page, Entry) else self.find(page).id

    def _current(self, progress: Progress | None) -> Index:
        if self._keeps_up:
            self.catch_up(progress)
        return self.index

    def _forgotten(self, progress: Progress | None) -> None:
        self.index.rebuild(stage(progress, "indexing"))
        self.archive.reindex_wanted(done=True)
