"""The verbs that archive pages and the sources they cite, at once, later, or on another machine."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.config import with_choices
from archive.errors import LockedError, NotFoundError, UsageError
from archive.model import Added, Method, Resources
from archive.verbs.held import checked
from archive.verbs.importing import Importing

if TYPE_CHECKING:
    from archive.importing.rows import Imported
    from archive.jobs.planned import AddPlan
    from archive.storage import Job
    from archive.team import Team, Worked


class Bringing(Importing):
    """Has pages fetched, read and kept."""

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
        from archive.jobs.planned import AddPlan

        self._check_browser(browser)
        depth = self.settings.links.depth if depth is None else depth
        how = AddPlan(depth, browser=browser, again=again, resources=resources, rescue=rescue)
        with ExitStack() as held:
            try:
                store, keeper, reader = held.enter_context(self._wiring.storing())
            except LockedError as error:
                if self._wiring.team is None:
                    raise
                self._wiring.tell(f"{error}: what is to be added is written down as a job, and done in its turn")
                yield from self._behind(urls, how)
                return
            fetcher = held.enter_context(self._wiring.fetching())
            yield from Adding(store, self._wiring.run_of(how, fetcher, reader, keeper)).pages(urls)

    def _behind(self, urls: Iterable[str], how: AddPlan) -> Generator[Added]:
        """As `add`, where another process of the team writes for long: as a job that it, or we, come to do."""
        from archive.jobs.planned import done_elsewhere

        number, told = self._plan(urls, how).number, set[str]()
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
        no URL is among its items as rejected. UsageError without any URL, where the job of the `key` asks for something
        else, for a tag of more than 200 characters, or where a `browser` is to show the pages and there is none here;
        LockedError, StorageError.
        """
        from archive.jobs.planned import AddPlan, digest_of, of_key

        urls = list(urls)
        how = AddPlan(depth, checked(tags), note, key, browser=browser)
        how = replace(how, asked=digest_of(urls, how)) if key else how
        if known := of_key(self.planned(only_open=False), how):
            return known
        self._check_browser(browser)
        return self._plan(urls, replace(how, depth=self.settings.links.depth if depth is None else depth))

    def _plan(self, urls: Iterable[str], how: AddPlan) -> Job:
        from archive.jobs.planned import of_key, plan

        with self._wiring.storing(short=True) as (store, _, _):
            if known := of_key(self.planned(only_open=False), how):
                return known  # it came a moment ago, from somebody else
            number = plan(store, urls, how)
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
        browser: bool = False,
    ) -> Job:
        """Write down a job that imports a file as `import_files` does, without reading it; `go_on` does it.

        The file must be there until then. `browser`: what it links to is shown by one, UsageError where there is none.
        FormatError for a file of no format, LockedError, StorageError.
        """
        from archive.importing.run import plan, work_of
        from archive.jobs.planned import AddPlan

        work = work_of([path], format)
        self._check_browser(browser)
        with self._wiring.storing(short=True) as (store, _, _):
            number = plan(store, work, AddPlan(depth, checked(tags), note, browser=browser))
        found = self.job(number)
        assert found is not None
        return found

    def planned(self, *, only_open: bool = True) -> list[tuple[Job, AddPlan]]:
        """The jobs that were written down and how each is to be done, oldest first; with `only_open` those left.

        Left is also what has come to its end while what it brought has not its tags and note yet.
        """
        from archive.jobs.planned import plan_of
        from archive.storage import JobKind

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
        from archive.storage import JobKind, JobState

        job = self.job(number)
        how = plan_of(job) if job else None
        if job is None or how is None:
            raise NotFoundError(f"job {number} is none that was written down to be done later")
        if job.ended and not job.counts[JobState.FAILED]:
            return
        if job.kind is JobKind.IMPORT:
            from archive.importing.run import Options, work_again

            options = Options(how.depth, retry_failed=True, browser=how.browser)
            yield from self._import(work_again(job), options, None, patient=False)
            return
        self._check_browser(how.browser)
        with self._wiring.storing() as (store, keeper, reader), self._wiring.fetching() as fetcher:
            urls = left(store.catalog, job)
            if not urls:
                with store.batch() as rows:
                    rows.jobs.end(number)
                return
            yield from Adding(store, self._wiring.run_of(how, fetcher, reader, keeper), job).pages(urls)

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
        from archive.urls import check_url, key

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
