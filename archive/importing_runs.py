"""One call of `import`: which job it goes on with, what is left of it, and the list of its bad rows.

The same files are the same job. What was read to its end is not read again until the files change; then the job goes
on with what is new in them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

import msgspec

from archive.config import ArchiveSettings
from archive.errors import FormatError, StorageError
from archive.importing import Importing
from archive.importing_rows import Imported, decoded
from archive.keeper import Keeper
from archive.model import Added
from archive.pipeline import Run
from archive.reading import Reader
from archive.sources import Item, Reject, detect, files, read
from archive.storage import Catalog, Job, JobState, Store

KIND = "import"
_SOURCES_OF = 64  # imported pages whose sources are followed together
Found = Callable[[], Iterable[Item | Reject]]
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be imported: `name` identifies the job, `state` changes with what is in it ("": nobody knows)."""

    name: str
    state: str
    found: Found
    paths: tuple[str, ...] = ()
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How. `depth` None: links as the settings say, and no sources of what the file holds itself."""

    depth: int | None = None
    fetch: bool = True
    again: bool = False
    retry_failed: bool = False


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The settings of a job, as JSON in its row. `read` is the state of the source that was read to its end."""

    paths: tuple[str, ...] = ()
    format: str | None = None
    read: str = ""


def work_of(paths: Sequence[Path], format: str | None) -> Work:  # noqa: A002 - the word for it
    """Files and folders as work. FormatError for one that is not there, or of no format."""
    places = [Path(path) for path in _places(paths)]
    for place in places:
        if not place.exists():
            raise FormatError("there is no such file", file=str(place))
        if format is None and not place.is_dir():
            detect(place)
    found: Found = lambda: (found for place in places for found in read(place, format))  # noqa: E731
    return Work(name_of(paths, format), _state(places), found, tuple(map(str, places)), format)


def name_of(paths: Iterable[Path], format: str | None) -> str:  # noqa: A002
    """What identifies the job of these files."""
    return "\n".join([*_places(paths), *([f"as {format}"] if format else [])])


def stopped(jobs: Iterable[Job]) -> list[tuple[tuple[Path, ...], str | None]]:
    """The files, and the format if one was named, of every import of files that has something left to do."""
    open_ones = [_remembered(job) for job in jobs if job.kind == KIND and job.ended is None]
    return [(tuple(map(Path, one.paths)), one.format) for one in open_ones if one.paths]


def _places(paths: Iterable[Path]) -> list[str]:
    return [os.path.abspath(path) for path in paths]  # noqa: PTH100 - a link to a file is a name of its own


def _encoded(memory: _Remembered) -> str:
    return msgspec.json.encode(memory).decode()


def _remembered(job: Job) -> _Remembered:
    return msgspec.json.decode(job.settings, type=_Remembered)


def run(
    store: Store, reader: Reader, settings: ArchiveSettings, work: Work, options: Options, progress: Progress | None
) -> Iterator[Imported]:
    """Go on with the job of `work`, or begin it; yields each item that comes to its end, once that is recorded."""
    job = _job(store, work, options)
    importing = Importing(store, reader, job)
    memory = _remembered(job)
    done = 0
    if not work.state or memory.read != work.state:
        taken = importing.take_in(work.found(), fetch=options.fetch)
        for imported in _with_sources(taken, store, reader, settings, options):
            done += 1
            if progress:
                progress(done, None)
            yield imported
        with store.batch() as rows:
            rows.jobs.note(job.number, _encoded(replace(memory, read=work.state)))
    if options.fetch:
        total = sum(_count(store.catalog, job.number).counts.values())
        for done, imported in enumerate(
            _fetched(importing, store, reader, settings, options), total - _waiting(store, job)
        ):
            if progress:
                progress(done + 1, total)
            yield imported
    if not _waiting(store, job):
        with store.batch() as rows:
            rows.jobs.end(job.number)


def job_of(store: Store, work: Work) -> int:
    """The number of the newest job of `work`."""
    with store.catalog.jobs() as jobs:
        job = jobs.latest(KIND, work.name)
    assert job is not None
    return job.number


def write_rejects(catalog: Catalog, job: int, file: Path) -> int:
    """The bad rows of a job as JSON Lines: file, line, reason, row. Returns how many; none: no file."""
    count = 0
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as out:
            after = 0
            while True:
                with catalog.jobs() as jobs:
                    items = list(jobs.items(job, JobState.REJECTED, after))
                if not items:
                    break
                after = items[-1].n
                count += len(items)
                for item in items:
                    row = decoded(item.item)
                    raw = row.raw or row.url
                    told = {"file": row.file, "line": row.line, "reason": item.detail, "row": raw}
                    out.write(msgspec.json.encode(told) + b"\n")
        if count:
            part.replace(file)
        else:
            part.unlink()
    except OSError as error:
        raise StorageError(f"{file}: cannot write: {error.strerror}") from error
    return count


def _job(store: Store, work: Work, options: Options) -> Job:
    """The job to go on with; a new one where there is none, or where everything is to be done again."""
    with store.batch() as rows:
        job = None if options.again else rows.jobs.latest(KIND, work.name)
        if job is None:
            rows.jobs.begin(KIND, work.name, _encoded(_Remembered(work.paths, work.format)))
        elif options.retry_failed:
            rows.jobs.retry(job.number)
        elif not work.state or _remembered(job).read != work.state:
            rows.jobs.reopen(job.number)
        found = rows.jobs.latest(KIND, work.name)
    assert found is not None
    return found


def _fetched(
    importing: Importing, store: Store, reader: Reader, settings: ArchiveSettings, options: Options
) -> Iterator[Imported]:
    from archive.fetch import Fetcher

    depth = settings.links.depth if options.depth is None else options.depth
    with store.catalog.jobs() as jobs:
        if next(jobs.items(importing.number, JobState.WAITING, 0, 1), None) is None:
            return
    with Fetcher(settings.fetch) as fetcher:
        yield from importing.fetch(Run(settings, fetcher, reader, Keeper(store), depth, options.again))


def _with_sources(
    taken: Iterator[Imported], store: Store, reader: Reader, settings: ArchiveSettings, options: Options
) -> Iterator[Imported]:
    """What was taken in, and then, if that was asked for, the sources that its pages cite."""
    if not options.depth or not options.fetch:
        yield from taken
        return
    from archive.fetch import Fetcher

    with Fetcher(settings.fetch) as fetcher:
        following = Run(settings, fetcher, reader, Keeper(store), options.depth)
        while group := list(islice(taken, _SOURCES_OF)):
            yield from group
            pages = [
                Added(one.id, one.url, one.url, one.outcome, one.detail, one.title, 0, None)
                for one in group
                if one.outcome is not None and one.outcome.has_content
            ]
            for _ in following.sources_of(pages):
                pass


def _count(catalog: Catalog, number: int) -> Job:
    with catalog.jobs() as jobs:
        return next(job for job in jobs.all() if job.number == number)


def _waiting(store: Store, job: Job) -> int:
    return _count(store.catalog, job.number).counts[JobState.WAITING]


def _state(places: Iterable[Path]) -> str:
    """Changes when any of the files does: names, sizes, times of change."""
    state = sha256()
    for place in places:
        for file in files(place) if place.is_dir() else [place]:
            facts = file.stat()
            state.update(f"{file}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return state.hexdigest()
