"""Objects that others have put, as far as the captures in them are catalogued."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from archive.storage.warc.records import HandedIn, PutObject


@dataclass(slots=True)
class _Object:
    put: PutObject
    brought: set[str] = field(default_factory=set)  # captures that were handed in, and
    done: set[str] = field(default_factory=set)  # those of them that are catalogued for good


class Handed:
    """Counts captures: an object is catalogued once all of its captures are, and not at all until then."""

    def __init__(self) -> None:
        self.any = False  # was ever handed in
        self._objects: dict[str, _Object] = {}

    def take(self, handed: HandedIn) -> None:
        """One more capture of an object."""
        held = self._objects.setdefault(handed.within.file, _Object(handed.within))
        held.brought.add(handed.stored.capture.id)
        self.any = True

    def whole(self, done: Collection[str]) -> dict[str, int]:
        """The lengths of the objects that are catalogued whole, once these captures are."""
        return {
            name: held.put.size
            for name, held in self._objects.items()
            if len(held.done | held.brought.intersection(done)) == held.put.captures
        }

    def settle(self, done: Collection[str], whole: Collection[str]) -> None:
        """These captures are catalogued for good, and with them these objects whole."""
        for held in self._objects.values():
            held.done |= held.brought.intersection(done)
        self._objects = {name: held for name, held in self._objects.items() if name not in whole}
