"""Where the table of copies lies: beside the folder of the generation of the index that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from index.copies.table import CopyTable, Group
from index.engines import Batch
from index.errors import IndexDamagedError
from index.follow import Followed
from index.generations import Generation, copies_of, current


class Copies:
    """The groups of copies as the index in `folder` has them. Errors: the SearchError tree."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def marking(
        self, source: Followed, position: int, generation: Generation | None = None
    ) -> Iterator[Callable[[Iterable[Batch]], Iterator[Batch]]]:
        """What marks the batches for an engine that stands at `position`, in a new `generation` or the current one.

        IndexDamagedError where the groups are not known as far as that.
        """
        from index.copies.marking import marked

        path = copies_of(self._folder, generation or self._generation())
        with closing(CopyTable(path, write=True, fresh=generation is not None)) as table:
            if table.position() < position:
                raise IndexDamagedError("its table of copies is not as far as it is", folder=str(self._folder))
            yield lambda batches: marked(batches, table, source, position)
            table.settle()

    def position(self) -> int:
        """The change up to which the groups are known."""
        with self._table() as table:
            return table.position()

    def group_of(self, id_: str) -> Group | None:
        """The articles that have the same text as this one, itself included; None where there is no other."""
        with self._table() as table:
            name = table.group_of(id_)
            return table.group(name) if name else None

    def counts(self) -> tuple[int, int]:
        """How many articles are copies of an earlier one, and of how many."""
        with self._table() as table:
            return table.counts()

    @contextmanager
    def _table(self) -> Iterator[CopyTable]:
        with closing(CopyTable(copies_of(self._folder, self._generation()))) as table:
            yield table

    def _generation(self) -> Generation:
        if generation := current(self._folder):
            return generation
        raise IndexDamagedError("there is no index", folder=str(self._folder))
