"""The bad rows of a job as JSON Lines, written as they come: file, line, reason, row. Without any there is no file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self

import msgspec

from archive.errors import StorageError
from archive.importing.rows import decoded
from archive.storage import Catalog, JobItem, JobState


class Rejects:
    """The list of one job: what earlier runs rejected comes first. A context manager; leaving it writes the rest."""

    def __init__(self, catalog: Catalog, job: int, file: Path) -> None:
        self._catalog = catalog
        self._job = job
        self._file = file
        self._out: BinaryIO | None = None
        self._after = 0  # number of the last item that is listed

    def __enter__(self) -> Self:
        self.reach()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.reach()
        finally:
            if self._out is not None:
                self._out.close()

    def reach(self, n: int | None = None) -> None:
        """List what is rejected by now, unless item `n` is listed already. StorageError when the disk refuses."""
        if n is not None and n <= self._after:
            return
        while items := self._more():
            with self._written() as out:
                for item in items:
                    out.write(_line(item))
                out.flush()
            self._after = items[-1].n

    def _more(self) -> list[JobItem]:
        with self._catalog.jobs() as jobs:
            return list(jobs.items(self._job, JobState.REJECTED, self._after))

    @contextmanager
    def _written(self) -> Iterator[BinaryIO]:
        """The file; the first time a new one takes the place of an earlier run's once it has as much as that."""
        try:
            if self._out is not None:
                yield self._out
                return
            part = self._file.with_name(f"{self._file.name}.part")
            part.touch(mode=self._file.parent.stat().st_mode & 0o666)  # for those who may read the archive
            self._out = part.open("wb")
            yield self._out
            part.replace(self._file)
        except OSError as error:
            raise StorageError(f"{self._file}: cannot write: {error.strerror}") from error


def _line(item: JobItem) -> bytes:
    row = decoded(item.item)
    told = {"file": row.file, "line": row.line, "reason": item.detail, "row": row.raw or row.url}
    return msgspec.json.encode(told) + b"\n"
