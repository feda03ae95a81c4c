"""One call of `import`: which job it goes on with, what is left of it, and the list of its bad rows.

The same files are the same job. What was read to its end is not read again until the files change; then the job goes
on with what is new in them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import msgspec

from archive.config import with_choices
from archive.formats import Item, Reject, check_there, detect, files, read
from archive.importing.job import Importing
from archive.importing.rejects import Rejects
from archive.importing.rows import Imported
from archive.jobs.planned import AddPlan
from archive.keeper import Keeper
from archive.logs import Veiled, logger
from archive.model import Added, Method, Outcome, Resources
from archive.pipeline import Run, own_hands
from archive.reading import Reader
from archive.storage import Catalog, Job, JobKind, JobState, Store
from archive.wiring import Wiring

_log = logger(__name__)
KIND = JobKind.IMPORT
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
    resources: Resources | None = None
    rescue: bool | None = None
    browser: bool = False  # shows what is linked to


@dataclass(frozen=True, slots=True)
class _Remembered:
    """The settings of a job, as JSON in its row.

    `read` is the state of the source that was read to its end, `followed` how deep its pages' sources were followed.
    """

    paths: tuple[str, ...] = ()
    format: str | None = None
    read: str = ""
    followed: int = 0
    plan: AddPlan | None = None  # of one that was written down to be done later


def plan(store: Store, work: Work, how: AddPlan) -> int:
    """A new job that is to import `work`, of which nothing was read; returns its number."""
    with store.batch() as rows:
        return rows.jobs.begin(KIND, work.name, _encoded(_Remembered(work.paths, work.format, plan=how)))


def work_again(job: Job) -> Work:
    """What a job of files imports. FormatError where they are gone."""
    memory = _remembered(job)
    return work_of([Path(path) for path in memory.paths], memory.format)


def work_of(paths: Sequence[Path], format: str | None) -> Work:  # noqa: A002 - the word for it
    """Files and folders as work. FormatError for one that is not there, an empty folder, and a file of no format that
    is the only one; among several, such a one is rejected when its turn comes."""
    places = [Path(path) for path in _places(paths)]
    for place in places:
        check_there(place)
        if format is None and len(places) == 1 and not place.is_dir():
            detect(place)
    found: Found = lambda: read(places, format)  # noqa: E731
    return Work(name_of(paths, format), _state(places), found, tuple(map(str, places)), format)


def name_of(paths: Iterable[Path], format: str | None) -> str:  # noqa: A002
    """What identifies the job of these files."""
    name = "\n".join([*_places(paths), *([f"as {format}"] if format else [])])
    return name.encode("utf-8", "backslashreplace").decode()  # names of files may be no text


def stopped(jobs: Iterable[Job]) -> list[tuple[tuple[Path, ...], str | None]]:
    """The files, and the format if one was named, of every import of files that has something left to do."""
    open_ones = [_remembered(job) for job in jobs if job.kind == KIND and job.ended is None]
    return [(tuple(map(Path, one.paths)), one.format) for one in open_ones if one.paths]


def _places(paths: Iterable[Path]) -> list[str]:
    return [os.path.abspath(path) for path in paths]  # noqa: PTH100 - a link to a file is a name of its own


def _encoded(memory: _Remembered) -> str:
    return json.dumps(msgspec.to_builtins(memory))  # ASCII: names of files may be no text, and are kept byte for byte


def _remembered(job: Job) -> _Remembered:
    return msgspec.convert(json.loads(job.settings), _Remembered)


@dataclass(frozen=True, slots=True)
class ImportRun:
    """Goes on with the job of `work`, or begins it; yields each item that comes to its end, once that is recorded.

    `rejects` says where the bad rows of a job are listed, by its number.
    """

    store: Store
    reader: Reader
    wiring: Wiring
    work: Work
    options: Options
    progress: Progress | None
    rejects: Callable[[int], Path]

    def __iter__(self) -> Iterator[Imported]:
        job, resumed = self._job()
        _log.info("import %d %s: %s", job.number, "goes on" if resumed else "begins", Veiled(self.work.name))
        with Rejects(self.store.catalog, job.number, self.rejects(job.number)) as rejects:
            for imported in self._steps(job, resumed=resumed):
                if imported.state is JobState.REJECTED:
                    rejects.reach(imported.n)
                _log.debug(
                    "import %d, item %d: %s, %s", job.number, imported.n, imported.state.value, Veiled(imported.url)
                )
                yield imported
        counts = ((state.value, count) for state, count in self._counts(job).items() if count)
        told = ", ".join(f"{count} {state}" for state, count in counts)
        _log.info("import %d: %s", job.number, told or "nothing in it")

    def _steps(self, job: Job, *, resumed: bool) -> Iterator[Imported]:
        importing, memory = Importing(self.store, self.reader, job), _remembered(job)
        if not self.work.state or memory.read != self.work.state:
            yield from self._take_in(importing)
            memory = replace(memory, read=self.work.state, followed=0)
            self._remember(job, memory)
        deeper = max(self.options.depth or 0, memory.followed)
        if self.options.fetch and (resumed or deeper > memory.followed or self._counts(job)[JobState.WAITING]):
            with self._runs() as run_to:
                yield from self._fetch(importing, job, run_to(None))
                if resumed:
                    self._follow(job, run_to(None), Method.FETCH)
                if deeper > memory.followed:
                    self._follow(job, run_to(deeper), Method.IMPORT)
                    self._remember(job, replace(memory, followed=deeper))
        if not self._counts(job)[JobState.WAITING]:
            with self.store.batch() as rows:
                rows.jobs.end(job.number)

    def _job(self) -> tuple[Job, bool]:
        """The job to go on with, and whether it was stopped; a new one where there is none, or all is done again."""
        with self.store.batch() as rows:
            job = None if self.options.again else rows.jobs.latest(KIND, self.work.name)
            if job is None:
                settings = _encoded(_Remembered(self.work.paths, self.work.format))
                number = rows.jobs.begin(KIND, self.work.name, settings, self.store.token)
            else:
                number = job.number
                rows.jobs.claim(number, self.store.token)
                if self.options.retry_failed:
                    rows.jobs.retry(number)
            found = rows.jobs.get(number)
        assert found is not None
        return found, job is not None and job.ended is None

    def _take_in(self, importing: Importing) -> Iterator[Imported]:
        """What the source holds."""
        for done, imported in enumerate(
            importing.take_in(self.work.found(), fetch=self.options.fetch, again=self.options.again), 1
        ):
            if self.progress:
                self.progress(done, None)
            yield imported

    def _fetch(self, importing: Importing, job: Job, to: Run) -> Iterator[Imported]:
        """The links that wait, archived."""
        counts = self._counts(job)
        total = sum(counts.values())
        for done, imported in enumerate(importing.fetch(to), total - counts[JobState.WAITING] + 1):
            if self.progress:
                self.progress(done, total)
            yield imported

    def _follow(self, job: Job, to: Run, method: Method) -> None:
        """Archive what the job's pages cite that came by `method`; what an earlier run has asked for is left alone."""
        if to.depth:
            for _ in to.sources_of(_pages(self.store.catalog, job.number, method, to.depth)):
                pass

    def _remember(self, job: Job, memory: _Remembered) -> None:
        with self.store.batch() as rows:
            rows.jobs.note(job.number, _encoded(memory))

    def _counts(self, job: Job) -> Mapping[JobState, int]:
        with self.store.catalog.jobs() as jobs:
            now = jobs.get(job.number)
        assert now is not None
        return now.counts

    @contextmanager
    def _runs(self) -> Iterator[Callable[[int | None], Run]]:
        """Makes a run to a depth (None: that of links)."""
        links = self.wiring.settings.links.depth if self.options.depth is None else self.options.depth
        settings = with_choices(self.wiring.settings, self.options.resources, self.options.rescue)
        keeper = Keeper(self.store, self.wiring.vault.limits)
        hands = own_hands if self.options.browser else self.wiring.hands()  # others would not know of the browser
        with self.wiring.fetching() as fetcher:
            yield lambda depth: Run(
                settings, fetcher, self.reader, keeper, links if depth is None else depth, self.options.again,
                self.options.resources not in (None, Resources.NONE), hands, self.options.browser,
            )  # fmt: skip


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


def _state(places: Iterable[Path]) -> str:
    """Changes when any of the files does: names, sizes, times of change."""
    state = sha256()
    for place in places:
        for file in files(place) if place.is_dir() else [place]:
            facts = file.stat()
            state.update(f"{file}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return state.hexdigest()
