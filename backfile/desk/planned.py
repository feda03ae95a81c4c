"""A job that was written down before, done: what it asks for, the tags and note of what it brought, the index.

Whenever it is killed, what is left is done by whoever goes on with it: the job is over once all three are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from uuid import uuid4

from archive import Added, Archive, Job, JobState, StorageError
from index import Index

if TYPE_CHECKING:
    from archive import Imported

UPLOADS = "uploads"  # folder in the archive's own of what was handed in to be imported
_NAME = re.compile(r"[^A-Za-z0-9._-]+")  # what does not become part of a file's name
_LONGEST = 60  # characters of it


class Spool:
    """A file that is handed in to the archive in `folder`, written as it comes. `drop` it where it is not kept.

    StorageError where the disk refuses.
    """

    def __init__(self, folder: Path) -> None:
        self.size = 0
        self._folder = folder / UPLOADS
        self._state = sha256()
        with _disk(self._folder):
            if not self._folder.exists():
                self._folder.mkdir(mode=folder.stat().st_mode & 0o777)
            self._part = self._folder / f".{uuid4().hex[:12]}.part"
            self._part.touch(mode=folder.stat().st_mode & 0o666)  # for those who may read the archive
            self._out = self._part.open("wb")

    def write(self, some: bytes) -> None:
        """More of it."""
        with _disk(self._part):
            self._out.write(some)
        self._state.update(some)
        self.size += len(some)

    def keep(self, name: str = "") -> Path:
        """It is whole: named for its content (the same again is the same file), and for what it was called."""
        called = _NAME.sub("-", PurePosixPath(name.replace("\\", "/")).name)[-_LONGEST:].strip("-.")
        path = self._folder / "-".join(filter(None, (self._state.hexdigest()[:16], called)))
        with _disk(path):
            self._out.flush()
            os.fsync(self._out.fileno())
            self._out.close()
            self._part.replace(path)
        return path

    def drop(self) -> None:
        """Nothing of it stays, unless it was kept."""
        self._out.close()
        self._part.unlink(missing_ok=True)


def clear_parts(folder: Path) -> None:
    """Take away what was on its way in when a program was killed. Nobody may be handing in meanwhile."""
    for part in (folder / UPLOADS).glob(".*.part"):
        part.unlink(missing_ok=True)


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}") from error


def go_on(archive: Archive, index: Index, number: int) -> Generator[Added | Imported]:
    """Yields what comes. NotFoundError where it is no job that was written down."""
    from backfile.desk.bringing import Indexing  # with all import formats, which whoever only serves does not need

    indexing = Indexing(index)
    try:
        with closing(archive.go_on(number)) as brought:
            for one in brought:
                yield one
                indexing.now_and_then()
    finally:
        _mark(archive, number)
        index.update()
    if job := archive.job(number):
        _let_go(archive, job)


def _mark(archive: Archive, number: int) -> None:
    """Give what it has brought so far its tags and note; a job that is at its end is over with that."""
    for job, how in archive.planned(only_open=False):
        if job.number == number and how.waits_for_marks:
            archive.mark((item.id for item in _brought(archive, number) if item.id), how.tags, how.note)
            if job.ended:
                archive.marked(number)


def _brought(archive: Archive, number: int) -> Iterator[Imported]:
    for state in (JobState.DONE, JobState.FAILED):
        after = 0
        while items := archive.job_items(number, state, after):
            after = items[-1].n
            yield from items


def _let_go(archive: Archive, job: Job) -> None:
    """A file that was handed in is read once: it goes when nothing of it is left to do, or to be tried again."""
    path = Path(job.source)
    over = job.ended and not job.counts[JobState.WAITING] and not job.counts[JobState.FAILED]
    if over and path.parent == archive.folder.absolute() / UPLOADS:
        path.unlink(missing_ok=True)
