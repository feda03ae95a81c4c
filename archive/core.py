"""The archive: one folder, its WARC files and catalog, and every verb on them.

Reading never locks. Each verb that writes holds the writer lock for as long as it runs and, before anything else,
catalogues what an interrupted writer had stored but not yet entered. What fetches and reads pages is loaded only by the
verbs that need it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archive.config import ArchiveSettings, StoreSettings, read_settings, with_choices
from archive.entities.rulebook import RuleBook
from archive.errors import DamagedError, LockedError, NotFoundError, UsageError
from archive.folder import find_folder, make_folder
from archive.forgetting import is_pending, without_hidden
from archive.history.past import CURRENT, Past, Which
from archive.history.which import Shown
from archive.model import (
    Added,
    Article,
    Capture,
    Change,
    Entry,
    Kind,
    Method,
    Problem,
    Resource,
    Resources,
    Version,
)
from archive.seams import Fetching
from archive.storage import (
    Act,
    ActKind,
    Catalog,
    Counts,
    Job,
    JobKind,
    JobState,
    ShortLink,
)
from archive.storage.catalog import editing
from archive.storage.catalog.tags import tag_key, without
from archive.storage.places import REINDEX, catalog_of
from archive.storage.turns import token
from archive.urls import check_url, key, veiled
from archive.wiring import LOCK_WAIT, Wiring

if TYPE_CHECKING:
    from archive.copying import Copied
    from archive.copying.move import Moved
    from archive.entities import Recogniser
    from archive.entities.correcting import Corrections
    from archive.entities.known import Entity, Suggestion
    from archive.forgetting.hiding import Embargoes
    from archive.forgetting.looking import Going
    from archive.formats import Item, Reject
    from archive.importing.rows import Imported
    from archive.importing.run import Options, Work
    from archive.jobs.planned import AddPlan
    from archive.stamping.steps import Stamping
    from archive.storage.vault import Vault
    from archive.team import Team, Worked
    from archive.watching.searches import Searches
    from archive.watching.watches import Watches

Progress = Callable[[int, int | None], None]  # done, of how many (None: nobody knows)
_PAGE = 500  # entries read at a time
_AT_A_TIME = 50  # entries that are in memory together while many are read
_MARKED = 200  # entries that are marked by one commit: between two of them others may write


def open_archive(
    folder: Path | str | None = None,
    settings: ArchiveSettings | None = None,
    *,
    fetcher: Fetching | None = None,
    recogniser: Recogniser | None = None,
    told: Callable[[str], None] | None = None,
) -> Archive:
    """The archive in `folder` (default: found as the command finds it), with the settings of its backfile.toml.

    A `fetcher` handed in asks for every page, feed and sitemap in the place of our own client; it stays open. A
    `recogniser` handed in finds the names in the place of the one that the settings name. Batches are read in worker
    processes, to which it is pickled; where it cannot be, reading stays in this process, and a warning in the log of
    `archive.reading` says so. `told` hears, where the catalog is on a server, whom a verb waits for that is to write.

    Raises NotFoundError when there is no archive, SettingsError for bad settings. Close it, or use it in a `with`.
    """
    place = find_folder(Path(folder) if folder is not None else None)
    return Archive(place, settings or read_settings(place), fetcher=fetcher, recogniser=recogniser, told=told)


def create_archive(folder: Path | str, settings: Mapping[str, Mapping[str, str]] | None = None) -> Archive:
    """A new archive in `folder`, with `settings` by section in its backfile.toml.

    Where `captures` of the section `store` names a bucket with an archive in it, that is taken as it is, and `rebuild`
    makes its catalog, unless that is where `store.catalog` says: then the folder is a further one of that archive.
    UsageError when there is an archive in `folder` already, or another one's catalog at that address: nothing is ever
    overwritten; UsageError and StorageError where a bucket or a server will not do.
    """
    from archive.storage import open_store
    from archive.storage.opening import refuse_taken
    from archive.storage.vault import vault_of

    store, filled = (settings or {}).get("store", {}), False
    vault = None
    if captures := store.get("captures"):
        vault = vault_of(Path(folder), StoreSettings(captures=captures))
        vault.check()
        filled = bool(vault.lengths())
    if catalog := store.get("catalog"):
        refuse_taken(catalog, vault)
    make_folder(Path(folder), settings)
    archive = open_archive(folder)
    if not filled:
        open_store(archive.folder, archive.settings.store).close()
    return archive


class Archive:
    """Everything that is kept, and the verbs on it. Reading is safe from any thread, and beside a writer."""

    def __init__(
        self,
        folder: Path,
        settings: ArchiveSettings,
        *,
        fetcher: Fetching | None = None,
        recogniser: Recogniser | None = None,
        told: Callable[[str], None] | None = None,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.told = told
        self._wiring = Wiring(folder, settings, fetcher, recogniser, told)
        self._open: Catalog | None = None
        self._vault: Vault | None = None
        self._rules = RuleBook(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files; using the archive opens them again."""
        if self._open is not None:
            self._open.close()
            self._open = None

    @property
    def catalog_place(self) -> str:
        """Where the catalog lies: a file of the folder, or the address of a database without who connects."""
        return str(catalog_of(self.folder))

    @property
    def has_catalog(self) -> bool:
        """Whether there is one; else `rebuild` makes it, as in a new folder for a bucket that is filled."""
        from archive.storage.catalog.database import is_there

        return is_there(catalog_of(self.folder))

    @property
    def vault(self) -> Vault:
        """Where the WARC files and their manifest lie. UsageError where that cannot be reached as things are set."""
        if self._vault is None:
            self._vault = self._wiring.vault
        return self._vault

    # -- bringing pages in -----------------------------------------------------------------------------------------

    def add(
        self,
        urls: Iterable[str],
        *,
        depth: int | None = None,
        again: bool = False,
        resources: Resources | None = None,
        rescue: bool | None = None,
        browser: bool = False,
    ) -> Generator[Added]:
        """Archive `urls` and the sources they cite, down to `depth`, with their `resources` (default: settings).
        `rescue`: what is gone is looked for in other archives. `browser`: each of `urls` is shown by one, UsageError
        where there is none.

        Yields each page once it is safe. A page that cannot be had is reported with its outcome, never raised, and what
        is no URL at all has the id "". Pages captured less than `fetch.fresh_for` seconds ago are left alone unless
        `again`. The URLs are items of a job, taken and written down as they come: a call that begins with the same URL
        as one that was stopped goes on with its job, and leaves alone what that has archived. Raises LockedError,
        StorageError.
        """
        from archive.jobs.adding import Adding
        from archive.pipeline import Run, own_hands

        depth = self.settings.links.depth if depth is None else depth
        settings = with_choices(self.settings, resources, rescue)
        self._check_browser(browser)
        whole = resources not in (None, Resources.NONE)
        alone = again or browser or settings != self.settings  # no job says so: it waits for its turn
        with ExitStack() as held:
            try:
                store, keeper, reader = held.enter_context(self._wiring.storing(patient=alone))
            except LockedError as error:
                if self._wiring.team is None:
                    raise
                self._wiring.tell(f"{error}: what is to be added is written down as a job, and done in its turn")
                yield from self._behind(urls, depth)
                return
            fetcher = held.enter_context(self._wiring.fetching())
            hands = own_hands if browser else self._wiring.hands()  # others would not know of the browser
            run = Run(settings, fetcher, reader, keeper, depth, again, whole, hands, browser)
            yield from Adding(store, run).pages(urls)

    @property
    def browser_missing(self) -> str:
        """Why no page can be shown by a browser here, and what to do; "" where it can."""
        try:
            self._check_browser(True)
        except UsageError as error:
            return str(error)
        return ""

    def _check_browser(self, wanted: bool) -> None:
        """UsageError where a browser is wanted and there is none."""
        if wanted:
            from archive.browser.showing import check

            check(self.settings.fetch)

    def _behind(self, urls: Iterable[str], depth: int) -> Generator[Added]:
        """As `add`, where another process of the team writes for long: as a job that it, or we, come to do."""
        from archive.jobs.planned import done_elsewhere

        number, told = self.plan_add(urls, depth=depth).number, set[str]()
        while True:
            try:
                for added in self.go_on(number):
                    assert isinstance(added, Added)
                    told.add(added.url)
                    yield added
            except LockedError:
                continue
            break
        yield from done_elsewhere(self._catalog, number, told)

    def plan_add(
        self,
        urls: Iterable[str],
        *,
        depth: int | None = None,
        tags: Iterable[str] = (),
        note: str = "",
        key: str = "",
        browser: bool = False,
    ) -> Job:
        """Write down a job that archives `urls` as `add` does, without asking for any of them; `go_on` does it.

        It is safe when this returns. A `key` is that of one job: where there is one with it, that is returned. What is
        no URL is among its items as rejected. UsageError without any URL, or where a `browser` is to show the pages and
        there is none here; LockedError, StorageError.
        """
        from archive.jobs.planned import AddPlan, plan

        if key and (known := next((job for job, how in self.planned(only_open=False) if how.key == key), None)):
            return known
        self._check_browser(browser)
        depth = self.settings.links.depth if depth is None else depth
        with self._wiring.storing(short=True) as (store, _, _):
            number = plan(store, urls, AddPlan(depth, tuple(tags), note, key, browser=browser))
        found = self.job(number)
        assert found is not None
        return found

    def plan_import(
        self,
        path: Path,
        *,
        format: str | None = None,  # noqa: A002 - the word for it
        depth: int | None = None,
        tags: Iterable[str] = (),
        note: str = "",
    ) -> Job:
        """Write down a job that imports a file as `import_files` does, without reading it; `go_on` does it.

        The file must be there until then. FormatError for one of no format, LockedError, StorageError.
        """
        from archive.importing.run import plan, work_of
        from archive.jobs.planned import AddPlan

        work = work_of([path], format)
        with self._wiring.storing(short=True) as (store, _, _):
            number = plan(store, work, AddPlan(depth, tuple(tags), note))
        found = self.job(number)
        assert found is not None
        return found

    def planned(self, *, only_open: bool = True) -> list[tuple[Job, AddPlan]]:
        """The jobs that were written down and how each is to be done, oldest first; with `only_open` those left.

        Left is also what has come to its end while what it brought has not its tags and note yet.
        """
        from archive.jobs.planned import plan_of

        found = [(job, plan_of(job)) for job in reversed(self.jobs(JobKind.ADD, JobKind.IMPORT))]
        return [
            (job, how)
            for job, how in found
            if how is not None and not (only_open and job.ended and not how.waits_for_marks)
        ]

    def marked(self, number: int) -> None:
        """Note that what a planned job brought has its tags and note."""
        from archive.jobs.planned import as_marked

        with self._wiring.storing(short=True) as (store, _, _), store.batch() as rows:
            if job := rows.jobs.get(number):
                rows.jobs.note(number, as_marked(job))

    def go_on(self, number: int) -> Generator[Added | Imported]:
        """Do what is left of a job that was written down, as `add` or an import; what failed in it is tried again.

        NotFoundError where it is no such job, UsageError where a browser is to show its pages and there is none.
        """
        from archive.jobs.adding import Adding
        from archive.jobs.planned import left, plan_of
        from archive.pipeline import Run, own_hands

        job = self.job(number)
        how = plan_of(job) if job else None
        if job is None or how is None:
            raise NotFoundError(f"job {number} is none that was written down to be done later")
        if job.ended and not job.counts[JobState.FAILED]:
            return
        if job.kind is JobKind.IMPORT:
            from archive.importing.run import Options, work_again

            yield from self._import(work_again(job), Options(how.depth, retry_failed=True), None, patient=False)
            return
        self._check_browser(how.browser)
        depth = self.settings.links.depth if how.depth is None else how.depth
        with self._wiring.storing() as (store, keeper, reader), self._wiring.fetching() as fetcher:
            urls = left(store.catalog, job)
            if not urls:
                with store.batch() as rows:
                    rows.jobs.end(number)
                return
            hands = own_hands if how.browser else self._wiring.hands()
            run = Run(self.settings, fetcher, reader, keeper, depth, hands=hands, browser=how.browser)
            yield from Adding(store, run, job).pages(urls)

    def add_page(
        self,
        html: bytes,
        url: str,
        *,
        at: datetime | None = None,
        depth: int | None = None,
        resources: Resources | None = None,
        file: Path | None = None,
    ) -> Generator[Added]:
        """Archive a saved page as what `url` served at `at` (default: now), and its sources, as `add` does.

        What lies beside the `file` that it was saved in, as in `Story_files/`, is kept with it; others of its
        `resources` are asked for as they are now.
        """
        from archive.extraction.page import Page
        from archive.formats.around import beside
        from archive.formats.opening import ImportFile
        from archive.storage import Facts, Saved

        check_url(url)
        at = at or datetime.now(UTC)
        depth = self.settings.links.depth if depth is None else depth
        settings = with_choices(self.settings, resources, None)
        with self._wiring.run(depth, settings) as (run, keeper):
            read = run.reader.read(Page(url, html, captured=at, resources=settings.fetch.resources))
            saved = Saved(url, at, html, read.media_type)
            around = tuple(beside(ImportFile(file), html, url, at)) if file else ()
            brought = run.gatherer().gather(url, read.resources, by_hand=True, saved=around)
            page = keeper.keep_saved(saved, Facts(key(url), Method.SAVED_PAGE), read, brought)
            yield page
            yield from run.sources_of([page])

    def work(self, *, until_idle: bool = False) -> Generator[Worked]:
        """Fetch and read what the runs of others have no hands left for, and hand it to them; on any machine.

        With `until_idle` it ends when nothing is left to do: no page waits or is being fetched, and no job of
        `plan_add` waits. UsageError where the catalog is in a file, StorageError.
        """
        from archive.team.working import Opened, Worker

        server = self._wiring.team
        if server is None:
            raise UsageError("workers meet at a catalog on PostgreSQL, and this archive has its catalog in its folder")
        opened = Opened(self._catalog, self.vault.reader)
        yield from Worker(self._wiring, server, opened).pages(until_idle=until_idle)

    def team(self) -> Team | None:
        """Who works for the archive and what waits, just now; None where the catalog is in a file. StorageError."""
        server = self._wiring.team
        if server is None:
            return None
        from archive.storage import lease
        from archive.team import Team
        from archive.team.queue import counts

        return Team(*counts(server), lease.writer(server))

    def retry(self) -> Generator[Added]:
        """Ask again for every cited source that failed in a way that may pass. `add` does so too, as time goes by."""
        with self._wiring.run(self.settings.links.depth, self.settings, again=True) as (run, _):
            yield from run.retry()

    def import_files(
        self,
        paths: Iterable[Path],
        *,
        format: str | None = None,  # noqa: A002 - the word for it
        depth: int | None = None,
        fetch: bool = True,
        again: bool = False,
        retry_failed: bool = False,
        resources: Resources | None = None,
        rescue: bool | None = None,
        browser: bool = False,
        progress: Progress | None = None,
    ) -> Generator[Imported]:
        """Import files and folders: what has content is taken over, links are archived as `add` does.

        Yields each item that comes to its end in this call, once that is safe. The same call goes on with the same job,
        does nothing twice, and yields nothing when all is done; `again` makes a new job, `retry_failed` tries failed
        items again. Without `fetch` links wait for a later call. `depth` also follows the sources of imported pages,
        `resources` (default: settings) are those of what is asked for. `browser`: links are shown by one, as in `add`.
        Bad rows are yielded as rejected and listed in `rejects_file`. Where the catalog is on a server it waits for its
        turn to write. Raises FormatError, LockedError, StorageError.
        """
        from archive.importing.run import Options, work_of

        options = Options(depth, fetch, again, retry_failed, resources, rescue, browser)
        yield from self._import(work_of(list(paths), format), options, progress)

    def import_items(
        self,
        found: Iterable[Item | Reject],
        *,
        name: str,
        depth: int | None = None,
        fetch: bool = True,
        again: bool = False,
        retry_failed: bool = False,
        resources: Resources | None = None,
        rescue: bool | None = None,
        browser: bool = False,
        progress: Progress | None = None,
    ) -> Generator[Imported]:
        """As `import_files`, for items of your own making (or a choice from `read_items`). `name` identifies the job.

        `found` is gone through once, as it comes, in every call: items that the job knows are passed over.
        """
        from archive.importing.run import Options, Work

        options = Options(depth, fetch, again, retry_failed, resources, rescue, browser)
        yield from self._import(Work(name, "", lambda: found), options, progress)

    def rejects_file(self, job: int) -> Path:
        """Where the bad rows of an import are listed, if it had any."""
        return self.folder / f"rejects-{job}.jsonl"

    def import_job(self, paths: Iterable[Path], *, format: str | None = None) -> Job | None:  # noqa: A002
        """The newest import of these files, None when there was none."""
        from archive.importing.run import KIND, name_of

        with self._catalog.jobs() as jobs:
            return jobs.latest(KIND, name_of(paths, format))

    def stopped_imports(self) -> list[tuple[tuple[Path, ...], str | None]]:
        """The files, and the format if one was named, of every import that has something left to do."""
        from archive.importing.run import stopped

        return stopped(self.jobs())

    def jobs(self, *kinds: JobKind) -> list[Job]:
        """Every job of these kinds (default: imports) that there was, newest first, with its items counted by state."""
        with self._catalog.jobs() as jobs:
            return list(map(self._as_it_is, jobs.all(*(kinds or (JobKind.IMPORT,)))))

    def job(self, number: int) -> Job | None:
        """The job of that number, of whatever kind; None when there is none."""
        with self._catalog.jobs() as jobs:
            found = jobs.get(number)
        return self._as_it_is(found) if found else None

    def job_items(self, job: int, state: JobState, after: int = 0, limit: int = _PAGE) -> list[Imported]:
        """At most `limit` items of a job that are in `state`, from the one behind number `after` on."""
        from archive.importing.rows import recalled

        with self._catalog.jobs() as jobs:
            return [recalled(job, item) for item in jobs.items(job, state, after, limit)]

    # -- reading ---------------------------------------------------------------------------------------------------

    def get(self, id: str) -> Entry | None:  # noqa: A002 - the word for it
        """All that is held on the entry `id`, None when there is none."""
        return self.get_many([id]).get(id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Entry]:
        """All that is held on entries, by id, as of one moment; ids that there are none of are left out.

        One reading of each table for all of them: much less work than `get` for each. They are all in memory at once.
        """
        with self._catalog.snapshot():
            held = without_hidden(self._catalog.get_many(ids), self._catalog)
            return {entry.id: entry for entry in self._shown(held)}

    def each(self, ids: Iterable[str]) -> Iterator[Entry]:
        """All that is held on each of these entries, in their order, however many: a few are read at a time."""
        left = iter(ids)
        while some := list(islice(left, _AT_A_TIME)):
            found = self.get_many(some)
            yield from (found[id_] for id_ in some if id_ in found)

    def snapshot(self) -> AbstractContextManager[None]:
        """Whatever this thread reads inside is of one moment. Not for hours: the writer's log grows meanwhile."""
        return self._catalog.snapshot()

    def find(self, ref: str) -> Entry:
        """The entry that `ref` means: an id, the beginning of one, a URL, or the id of a capture.

        Raises NotFoundError or UsageError.
        """
        found = self._catalog.resolve(ref)
        if len(found) > 1:
            raise UsageError(f"{ref} may mean {', '.join(found)}: write more of it")
        entry = self.get(found[0]) if found else None
        if entry is None:
            self._check_shown(*found)
            raise NotFoundError(f"nothing is archived under {veiled(ref)!r}: name an id (or its beginning) or a URL")
        return entry

    def as_it_was(self, ref: str, which: Which = CURRENT, *, names: bool = True) -> Entry:
        """The entry that `ref` means with the text that it had: by default the capture's where `ref` is the id of one.

        NotFoundError also where it had no such text. Without `names` an older text comes without what is understood in
        it, which takes a moment to find.
        """
        entry = self.find(ref)
        past = self._past
        if which.is_current and self._catalog.captures_named(ref):
            which = Which(capture=ref)
        if which.is_current:
            return entry
        (shown,) = self._shown([past.entry(entry, past.shown(entry, which), names=names)])
        return shown

    def as_they_were(self, id: str) -> Iterator[Entry]:  # noqa: A002
        """The entry `id` with each text that it has carried, oldest first; none when there is no such entry."""
        entry = self.get(id)
        for text in self._past.every(entry) if entry else ():
            yield from self._shown([text])

    def version(self, ref: str, which: Which = CURRENT) -> Shown:
        """Which version of the entry that `ref` means that is, and the capture that showed it. NotFoundError."""
        return self._past.shown(self.find(ref), which)

    def entries(self, after: str = "", limit: int = _PAGE) -> Sequence[Entry]:
        """At most `limit` entries in the order they came, from the one behind the id `after` on."""
        found: list[Entry] = []
        while len(found) < limit:  # what is hidden must not make a short page look like the last one
            some = list(self._catalog.entries(after=after or None, limit=limit - len(found)))
            found += without_hidden(some, self._catalog)
            if not some:
                break
            after = some[-1].id
        return self._shown(found)

    def versions(self, id: str) -> list[Version]:  # noqa: A002
        """The texts that the entry has carried, oldest first."""
        self._check_shown(id)
        return self._catalog.versions(id)

    def article(self, id: str, version: int) -> Article:  # noqa: A002
        """The article as the entry's `version` (from 1) had it."""
        self._check_shown(id)
        return self._catalog.article_at(id, version)

    def captures(self, id: str) -> list[Capture]:  # noqa: A002
        """Every capture of the entry, oldest first."""
        self._check_shown(id)
        return self._catalog.captures(id)

    def capture(self, id: str) -> Capture:  # noqa: A002
        """One capture. NotFoundError when there is none of that id."""
        self._check_capture(id)
        return self._catalog.capture(id)

    def payload(self, capture_id: str) -> bytes:
        """The decoded body of a capture, its digest checked. NotFoundError when it has none."""
        self._check_capture(capture_id)
        place = self._catalog.content(capture_id)
        if place is None:
            raise NotFoundError(f"capture {capture_id} has no content")
        return self.vault.reader.payload(place)

    def resources(self, capture_id: str) -> list[Resource]:
        """What the page of a capture is shown with, and what became of it; [] where nothing was asked for."""
        self._check_capture(capture_id)
        return [one.resource for one in self._catalog.resources(capture_id)]

    def self_contained(self, capture_id: str) -> bytes:
        """The page of a capture as one file in UTF-8; what is held of its images, styles and fonts is in it as `data:`.

        Nothing in it runs, asks or sends: it is safe to open from a disk, and to serve. NotFoundError when the capture
        shows nothing, UsageError when that is no page.
        """
        from archive.resources.alone import alone

        self._check_capture(capture_id)
        return alone(self._catalog.capture(capture_id), self._catalog, self.vault.reader)

    def short_links(self) -> Iterator[ShortLink]:
        """What every short link stood for that was ever resolved, in the order of their addresses."""
        return self._catalog.short_links()

    def changes(self, since: int, limit: int = _PAGE) -> list[Change]:
        """What changed after position `since`: the newest change of each entry, oldest first, at most `limit`."""
        return self._catalog.changes(since, limit)

    def last_change(self) -> int:
        """The position of the newest change, 0 in an empty archive."""
        return self._catalog.last_seq()

    def log_id(self) -> str:
        """Names the change log: a rebuilt catalog and other rules for names each have a new one, to be read from 0."""
        self._rules.rules()
        return f"{self._catalog.identity}{self._rules.digest}"

    def counts(self) -> Counts:
        """The archive in numbers."""
        return self._catalog.counts()

    # -- what a person adds ----------------------------------------------------------------------------------------

    def set_tags(self, id: str, tags: Iterable[str]) -> None:  # noqa: A002
        """The entry has exactly these tags from now on. NotFoundError when there is no such entry."""
        self._act(ActKind.TAGS, id, tuple(tags))

    def add_tags(self, id: str, tags: Iterable[str]) -> None:  # noqa: A002
        """The entry has these tags from now on, beside those it has. NotFoundError when there is no such entry."""
        self._act(ActKind.TAG, id, tuple(tags))

    def remove_tags(self, id: str, tags: Iterable[str]) -> None:  # noqa: A002
        """The entry has these tags no longer. NotFoundError when there is no such entry."""
        self._act(ActKind.UNTAG, id, tuple(tags))

    def tag_forms(self, tags: Iterable[str]) -> dict[str, str]:
        """How each of these tags is written here, where any entry has it: those that differ by case are one."""
        keys = {tag: tag_key(tag) for tag in tags}
        forms = self._catalog.tag_forms(set(keys.values()))
        return {tag: forms[key] for tag, key in keys.items() if key in forms}

    def set_note(self, id: str, note: str) -> None:  # noqa: A002
        """The entry has this note from now on; "" removes it. NotFoundError when there is no such entry."""
        self._act(ActKind.NOTE, id, (note,) if note else ())

    def mark(self, ids: Iterable[str], tags: Iterable[str] = (), note: str = "") -> None:
        """These entries have the tags and the note from now on, beside the tags and below the note that they have.

        Ids of no entry are passed over.
        """
        tags = tuple(tags)
        self._act_on(ids, lambda entry: _marks(entry, tags, note))

    def change_marks(
        self, ids: Iterable[str], *, add: Iterable[str] = (), remove: Iterable[str] = (), note: str | None = None
    ) -> None:
        """These entries have the tags `add` from now on, `remove` no longer, and the note ("": none, None: as before).

        Ids of no entry are passed over.
        """
        add, remove = tuple(add), tuple(remove)
        self._act_on(ids, lambda entry: _changed_marks(entry, add, remove, note))

    def edit(
        self,
        id: str,  # noqa: A002
        *,
        title: str | None = None,
        authors: Iterable[str] | None = None,
        published_on: date | str | None = None,
        site: str | None = None,
    ) -> Entry:
        """The article has this title, these authors, this day (`2025-01-31`), this site, whatever its page says.

        "" (of authors: none) says that there is none, None leaves a field as it is. It holds for later captures, too,
        makes no version, and can be taken back. Returns the entry as it is then. NotFoundError; UsageError for a day
        that is none, where nothing is said, and where there is no article.
        """
        fields = editing.said(title, authors, published_on, site)
        if not fields:
            raise UsageError("say what the article's title, authors, date or site is")
        entry = self.get(id)
        if entry is not None and entry.article is None:
            raise UsageError(f"{id} has no article that could be edited: {entry.outcome.value}")
        self._act(ActKind.EDIT, id, editing.journaled(fields))
        return self.find(id)

    def undo_edit(self, id: str, *, all: bool = False) -> Entry:  # noqa: A002
        """Take back the latest edit of an article, or all of them. UsageError where there is none; NotFoundError."""
        entry = self.find(id)
        if not entry.edits:
            raise UsageError(f"{id} has no edit that could be taken back")
        back = entry.edits if all else entry.edits[-1:]
        self._act(ActKind.UNEDIT, id, tuple(edit.at.isoformat() for edit in back))
        return self.find(id)

    def check_rules(self) -> list[str]:
        """Remarks on rules that touch no name in the archive. SettingsError for a rules.toml that cannot be read."""
        from archive.entities import rules

        found = self._rules.rules()
        names = ((kind, name.canonical) for kind in Kind for name in self._catalog.names(kind.value, limit=-1))
        return rules.check(found, names) if found else []

    def names(self, kind: Kind | None = None, limit: int = -1) -> list[Entity]:
        """What the archive takes for one thing under all its names, most stories first; before rules.toml.

        A negative `limit`: all. Dates are no names.
        """
        return self._catalog.entities(kind.value if kind else "", limit)

    def suggest_names(self, limit: int = 50) -> list[Suggestion]:
        """Names in the archive that may be one thing, likeliest first; nothing is merged by it."""
        from archive.entities import merging, rules

        return merging.suggest(rules.apply_to_names(self.names(), self._rules.rules()), limit)

    @property
    def watches(self) -> Watches:
        """What is watched: feeds, sitemaps, pages and queries."""
        from archive.watching.watches import Watches

        return Watches(self._wiring, lambda: self._catalog)

    @property
    def corrections(self) -> Corrections:
        """The rules of rules.toml that take names for one, or for none."""
        from archive.entities.correcting import Corrections

        return Corrections(self.folder, lambda: self._wiring.storing(short=True))

    @property
    def searches(self) -> Searches:
        """The queries that were given a name."""
        from archive.watching.searches import Searches

        return Searches(lambda: self._wiring.storing(short=True), lambda: self._catalog)

    # -- looking after it ------------------------------------------------------------------------------------------

    def verify(
        self, progress: Progress | None = None, *, share: float | None = None, since: datetime | None = None
    ) -> Iterator[Problem]:
        """Read every stored byte and hold the catalog against it; yields what is not as it was written.

        With `share` (0 to 1) or `since`, only so much of the bytes, chosen by chance, or of what was stored since then.
        """
        if share is not None or since is not None:
            from archive.storage.sampling import verify_some

            yield from verify_some(self.folder, share, since, progress, self.vault)
            return
        from archive.stamping.steps import problems
        from archive.storage.verify import verify

        yield from verify(self.folder, progress, self.vault)
        yield from problems(self.vault.manifest, self.settings)

    def stamp(self) -> Stamping:
        """Have the time of all that is stored stamped by a server of the settings, unless it is.

        UsageError without such a server, without the extra `sign`, and where nothing is stored; StorageError.
        """
        from archive.stamping.steps import stamp_last

        return stamp_last(self.vault.manifest, self.settings)

    def copy(self, folder: Path, progress: Progress | None = None) -> Copied:
        """Make `folder` a copy of the archive as it is now, or bring one up to date, whoever writes meanwhile.

        It is an archive of its own: opening it is how it is restored. What was forgotten here goes from it, too.
        UsageError where `folder` is something else, LockedError, StorageError.
        """
        from archive.copying import copy

        return copy(self.folder, folder, progress, wait=LOCK_WAIT, vault=self.vault)

    def move(self, folder: Path, progress: Progress | None = None) -> Moved:
        """Move all of it to where the new archive in `folder` keeps things: a bucket, a database.

        What was put is read back and compared; the catalog there has the same rows. This one stays as it is. The same
        call goes on with one that was stopped. UsageError where `folder` will not do, LockedError, StorageError.
        """
        from archive.copying.move import move

        return move(self.folder, folder, progress, wait=LOCK_WAIT)

    @property
    def embargoes(self) -> Embargoes:
        """What is hidden until a day."""
        from archive.forgetting.hiding import Embargoes

        return Embargoes(
            self.folder, lambda: self._wiring.storing(short=True), lambda: self._catalog, self._wiring.notices_file
        )

    def named_or_hidden(self, ref: str) -> str:
        """The id of the entry that `ref` means as in `find`, also where it is under embargo."""
        found = self._catalog.resolve(ref)
        return found[0] if len(found) == 1 else self.find(ref).id

    def would_forget(self, ids: Iterable[str]) -> list[Going]:
        """What would go with these entries, each once. NotFoundError."""
        from archive.forgetting.looking import going

        return [going(self._catalog, id_) for id_ in dict.fromkeys(ids)]

    def forget(self, ids: Iterable[str], reason: str) -> int:
        """Let all go that is held on these entries, from every file of the archive; the bytes of records that went.

        An index is another one's: whoever has one makes it anew where `reindex_wanted`. NotFoundError, StorageError.
        """
        going = [one.id for one in self.would_forget(ids)]
        if not going:
            return 0
        (self.folder / REINDEX).touch()
        with self._wiring.storing() as (store, _, _):
            self.close()
            return self._wiring.letting_go(store).forget(going, reason)

    def reindex_wanted(self, *, done: bool = False) -> bool:
        """Whether an index may still hold something that was let go; `done`: it was made anew since."""
        if done:
            (self.folder / REINDEX).unlink(missing_ok=True)
        return (self.folder / REINDEX).exists()

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make the catalog anew from warc/ alone, aside, and put it in place in one step; returns the captures read.

        Pages are read again by the present extraction and recognition. Damaged records are passed over: `verify` names
        them. The old catalog stays until the new one is whole.
        """
        if is_pending(self.folder):
            with suppress(DamagedError), self._wiring.storing():  # what was begun is done first
                pass
        done = 0
        with self._wiring.storing(fresh=True) as (store, keeper, reader):
            reader.use_workers()
            for _ in keeper.recover(reader):
                done += 1
                if progress:
                    progress(done, None)
            store.adopt()
        self.close()  # what we have open is the old file
        return done

    # -- inside ----------------------------------------------------------------------------------------------------

    @property
    def _past(self) -> Past:
        return Past(self._catalog, self._wiring.understood)

    @property
    def _catalog(self) -> Catalog:
        if self._open is None:
            self._open = Catalog(catalog_of(self.folder))
        return self._open

    def _as_it_is(self, job: Job) -> Job:
        """With whether whoever claimed it is there."""
        return replace(job, running=job.claim != "" and job.claim == token(self.folder))

    def _check_shown(self, *ids: str) -> None:
        """NotFoundError where one of the entries is under embargo."""
        for one in self._catalog.hidden(ids).values():
            raise NotFoundError(
                f"{one.id} is under embargo until {one.until:%Y-%m-%d}: `backfile forget --list` says why"
            )

    def _check_capture(self, id: str) -> None:  # noqa: A002
        """NotFoundError where the entry of a capture is under embargo."""
        self._check_shown(*(entry for _, entry in self._catalog.captures_named(id)))

    def _shown(self, entries: Sequence[Entry]) -> list[Entry]:
        """With the names of the archive, as the user's rules want them."""
        return list(map(self._rules.apply, self._catalog.named(entries)))

    def _import(
        self, work: Work, options: Options, progress: Progress | None, *, patient: bool = True
    ) -> Generator[Imported]:
        from archive.importing.run import ImportRun

        self._check_browser(options.browser and options.fetch)
        with self._wiring.storing(patient=patient) as (store, _, reader):
            yield from ImportRun(store, reader, self._wiring, work, options, progress, self.rejects_file)

    def _act_on(self, ids: Iterable[str], acts_of: Callable[[Entry], Iterable[Act]]) -> None:
        """What is to be done for each entry, some hundred entries to a commit."""
        left = iter(ids)
        while some := list(islice(left, _MARKED)):
            entries = filter(None, map(self.get, some))
            if acts := [act for entry in entries for act in acts_of(entry)]:
                with self._wiring.storing(short=True) as (_, keeper, _):
                    keeper.act(*acts)

    def _act(self, kind: ActKind, subject: str, values: tuple[str, ...]) -> None:
        if self.get(subject) is None:
            raise NotFoundError(f"there is no entry {subject}")
        with self._wiring.storing(short=True) as (_, keeper, _):
            keeper.act(Act(kind, subject, values, datetime.now(UTC)))


def _marks(entry: Entry, tags: tuple[str, ...], note: str) -> Iterator[Act]:
    """What is to be done for an entry to have these tags and this note as well."""
    now = datetime.now(UTC)
    if without(tags, entry.tags):
        yield Act(ActKind.TAG, entry.id, tags, now)
    if note and note not in entry.note.split("\n\n"):
        yield Act(ActKind.NOTE, entry.id, (f"{entry.note}\n\n{note}" if entry.note else note,), now)


def _changed_marks(entry: Entry, add: tuple[str, ...], remove: tuple[str, ...], note: str | None) -> Iterator[Act]:
    """What is to be done for an entry to have the tags `add`, `remove` no longer, and the note."""
    now = datetime.now(UTC)
    if without(add, entry.tags):
        yield Act(ActKind.TAG, entry.id, add, now)
    if len(without((*entry.tags, *add), remove)) < len(entry.tags) + len(without(add, entry.tags)):
        yield Act(ActKind.UNTAG, entry.id, remove, now)
    if note is not None and note != entry.note:
        yield Act(ActKind.NOTE, entry.id, (note,) if note else (), now)
