"""Posting lists that were unpacked lately: pages, facets and repeated words ask for the same ones again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import partial

from index.engines.whoosh.leaving import Leaving
from index.engines.whoosh.packing import Array, Ints

ROOM = 2**24  # bytes, of all indexes in this process together
Owner = tuple[Hashable, str]  # a file, and the field in it
List = tuple[Ints | None, Array]  # as Lists.row gives it


class Recent:
    """Keeps what was asked for last, up to `room` bytes. May be used from several threads."""

    def __init__(self, room: int) -> None:
        self._most = self._room = room
        self._kept: OrderedDict[tuple[Owner, Hashable], List] = OrderedDict()
        self._guard = Leaving()

    def get(self, owner: Owner, name: Hashable, make: Callable[[], List]) -> List:
        """The list of this name or number; `make` reads it where it is not kept. Nobody is to change what is given."""
        key = owner, name
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = make()
        size = _size(found)
        with self._guard:
            if size <= self._most and key not in self._kept:
                self._kept[key] = found
                self._room -= size
            while self._room < 0:
                self._room += _size(self._kept.popitem(last=False)[1])
        return found

    def forget(self, file: object) -> None:
        """Let go of what belongs to one file: at once, or when a thread that just looks here has done so."""
        self._guard.leave(partial(self._let_go, file))

    def _let_go(self, file: object) -> None:
        for key in [key for key in self._kept if key[0][0] is file]:
            self._room += _size(self._kept.pop(key))


def _size(found: List) -> int:
    docs, often = found
    return often.nbytes + (0 if docs is None else docs.nbytes)


RECENT = Recent(ROOM)
