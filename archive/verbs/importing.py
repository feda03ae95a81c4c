"""The verbs that import files and items, and tell of jobs."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.folder import real
from archive.model import Resources
from archive.storage.places import WARC
from archive.verbs.held import Held, Progress

if TYPE_CHECKING:
    from archive.formats import Item, Reject
    from archive.importing.rows import Imported
    from archive.importing.run import Options, Work
    from archive.storage import Job, JobKind, JobState

_PAGE = 500  # items read at a time


class Importing(Held):
    """Takes over what others kept, as a job that can be stopped and gone on with."""

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
        places = list(paths)
        for place in places:
            if real(place) in (real(self.folder), real(self.folder / WARC)):
                raise UsageError(f"{place} is this archive itself: name a file or another folder")
        yield from self._import(work_of(places, format), options, progress)

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
        from archive.storage import JobKind

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

    def _as_it_is(self, job: Job) -> Job:
        """With whether whoever claimed it is there."""
        from archive.storage.turns import token

        return replace(job, running=job.claim != "" and job.claim == token(self.folder))

    def _import(
        self, work: Work, options: Options, progress: Progress | None, *, patient: bool = True
    ) -> Generator[Imported]:
        from archive.importing.run import ImportRun

        self._check_browser(options.browser and options.fetch)
        with self._wiring.storing(patient=patient) as (store, _, reader):
            yield from ImportRun(store, reader, self._wiring, work, options, progress, self.rejects_file)
