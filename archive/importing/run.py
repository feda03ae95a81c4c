"""One call of `import`: which job it goes on with, what is left of it, and the list of its bad rows.

The same files are the same job. What was read to its end is not read again until the files change; then the job goes
on with what is new in them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import msgspec

from archive.errors import FormatError, StorageError
from archive.formats import Item, Reject, detect, files, read
from archive.importing.job import Importing
from archive.importing.rows import Imported, decoded
from archive.keeper import Keeper
from archive.model import Added, Method, Outcome
from archive.pipeline import Run
from archive.reading import Reader
from archive.storage import Catalog, Job, JobState, Store
from archive.wiring import Wiring

KIND = "import"
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
    """The settings of a job, as JSON in its row.

    `read` is the state of the source that was read to its end, `followed` how deep its pages' sources were followed.
    """

    paths: tuple[str, ...] = ()
    format: str | None = None
    read: str = ""
    followed: int = 0


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
    store: Store, reader: Reader, wiring: Wiring, work: Work, options: Options, progress: Progress | None
) -> Iterator[Imported]:
    """Go on with the job of `work`, or begin it; yields each item that comes to its end, once that is recorded."""
    job, resumed = _job(store, work, options)
    importing = Importing(store, reader, job)
    memory = _remembered(job)
    if not work.state or memory.read != work.state:
        for done, imported in enumerate(importing.take_in(work.found(), fetch=options.fetch), 1):
            if progress:
                progress(done, None)
            yield imported
        memory = replace(memory, read=work.state, followed=0)
        _note(store, job, memory)
    deeper = max(options.depth or 0, memory.followed)
    if options.fetch and (resumed or deeper > memory.followed or _waiting(store, job)):
        with _runs(store, reader, wiring, options) as run_to:
            yield from _fetched(importing, store, job, run_to(None), progress)
            if resumed:
                _follow(store, job, run_to(None), Method.FETCH)
            if deeper > memory.followed:
                _follow(store, job, run_to(deeper), Method.IMPORT)
                _note(store, job, replace(memory, followed=deeper))
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


def _job(store: Store, work: Work, options: Options) -> tuple[Job, bool]:
    """The job to go on with, and whether it was stopped; a new one where there is none, or all is to be done again."""
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
    return found, job is not None and job.ended is None


def _note(store: Store, job: Job, memory: _Remembered) -> None:
    with store.batch() as rows:
        rows.jobs.note(job.number, _encoded(memory))


@contextmanager
def _runs(store: Store, reader: Reader, wiring: Wiring, options: Options) -> Iterator[Callable[[int | None], Run]]:
    """Makes a run to a depth (None: that of links)."""
    links = wiring.settings.links.depth if options.depth is None else options.depth
    with wiring.fetching() as fetcher:
        yield lambda depth: Run(
            wiring.settings, fetcher, reader, Keeper(store), links if depth is None else depth, options.again
        )


def _fetched(importing: Importing, store: Store, job: Job, to: Run, progress: Progress | None) -> Iterator[Imported]:
    """The links that wait, archived."""
    counts = _count(store.catalog, job.number).counts
    total = sum(counts.values())
    for done, imported in enumerate(importing.fetch(to), total - counts[JobState.WAITING] + 1):
        if progress:
            progress(done, total)
        yield imported


def _follow(store: Store, job: Job, to: Run, method: Method) -> None:
    """Archive what the job's pages cite that came by `method`; what an earlier run has asked for is left alone."""
    if to.depth:
        for _ in to.sources_of(_pages(store.catalog, job.number, method, to.depth)):
            pass


def _pages(catalog: Catalog, job: int, method: Method, depth: int) -> Iterator[Added]:
    after = 0
    while True:
        with catalog.jobs() as jobs:
            # Sources that are there may have sources of their own that are not.
            pages = jobs.unfollowed(job, method, after, unasked=depth == 1)
        if not pages:
            return
        after = pages[-1][0]
        yield from (Added(entry, "", "", Outcome.OK, "", "", 0, None) for _, entry in pages)


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
