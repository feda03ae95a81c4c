"""What a run may still ask for, so that it ends and asks for nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from archive.urls import identity

if TYPE_CHECKING:
    from archive.pipeline import Wanted


class Budget:
    """What a run may still ask for: every page once, and so many sources in all."""

    def __init__(self, sources: int) -> None:
        self._sources = sources
        self._seen: set[int] = set()  # hashes of 64 bits: a million pages are 60 MB, and one in 10^7 runs mistakes one

    def unseen(self, wanted: Iterable[Wanted]) -> Iterator[Wanted]:
        """Those that the run has not met yet."""
        for one in wanted:
            known = hash(identity(one.url))
            if known not in self._seen:
                self._seen.add(known)
                yield one

    def spend(self, sources: Iterable[Wanted]) -> list[Wanted]:
        """The unseen ones that there is still room for."""
        granted = list(islice(self.unseen(sources), self._sources))
        self._sources -= len(granted)
        return granted
