"""The verbs that bring pages in: by address, as a file, out of lists and archives; and their jobs."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from archive import (
    Added,
    Archive,
    LockedError,
    NotFoundError,
    Resources,
    UsageError,
    open_archive,
)
from backfile.desk.progress import Progress, stage
from backfile.desk.verbs.halves import Halves
from index import IndexBusyError, IndexStorageError

if TYPE_CHECKING:
    from archive import AddPlan, Imported, Job, JobKind, JobState, Worked

_LOOK = 1.0  # seconds between two looks for a job that was written down
# Seconds before an index that cannot be written now is tried again: a cluster that lost a node, or is restarted, is
# back within some minutes.
_AGAIN = (1.0, 2.0, 5.0, 10.0, 20.0, *(30.0,) * 8)


class Bringing(Halves):
    """Brings pages in, and has the index follow."""

    def add(
        self,
        urls: Iterable[str],
        *,
        depth: int | None = None,
        again: bool = False,
        tags: Iterable[str] = (),
        note: str = "",
        resources: Resources | None = None,
        rescue: bool | None = None,
        browser: bool = False,
    ) -> Generator[Added]:
        """Archive `urls` and the sources they cite, as `Archive.add` does, and index them at the end.

        The entries of `urls`, and no sources, have `tags` and `note` in the end, as `Archive.mark` gives them.
        """
        added = self.archive.add(urls, depth=depth, again=again, resources=resources, rescue=rescue, browser=browser)
        return self._indexed(self._marked(added, tags, note))

    def add_page(
        self,
        html: bytes,
        url: str | None = None,
        *,
        at: datetime | None = None,
        depth: int | None = None,
        tags: Iterable[str] = (),
        note: str = "",
        resources: Resources | None = None,
        file: Path | None = None,
    ) -> Generator[Added]:
        """Archive a saved page as what `url` served at `at` (default: now), with its sources, and index them.

        Without `url` the page says itself where it was saved from; UsageError where it does not. What lies beside the
        `file` that it was saved in, as in `Story_files/`, is kept with it.
        """
        from backfile.desk.bringing import saved_from

        found = url or saved_from(html)
        if found is None:
            raise UsageError("the page does not say which address it was saved from: name it")
        added = self.archive.add_page(html, found, at=at, depth=depth, resources=resources, file=file)
        return self._indexed(self._marked(added, tags, note))

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
        """Write down a job that adds `urls` with `tags` and `note`, for `go_on`, here or in another process, to do.

        As `Archive.plan_add`: safe when this returns, and one job for one `key`. `browser`: each page is shown by one.
        """
        return self.archive.plan_add(urls, depth=depth, tags=tags, note=note, key=key, browser=browser)

    @property
    def depth(self) -> int:
        """How far what pages cite is followed, by the settings: 0 for not at all."""
        return self.archive.settings.links.depth

    @property
    def browser_missing(self) -> str:
        """Why no page can be shown by a browser here, and what to do; "" where it can."""
        return self.archive.browser_missing

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
        """Write down a job that imports a file with `tags` and `note`, for `go_on` to do. As `Archive.plan_import`."""
        return self.archive.plan_import(path, format=format, depth=depth, tags=tags, note=note, browser=browser)

    def planned(self) -> list[tuple[Job, AddPlan]]:
        """The jobs that were written down, have something left to do, and how each is to be done, oldest first."""
        return self.archive.planned()

    def go_on(self, number: int) -> Generator[Added | Imported]:
        """Do what is left of a job that was written down, mark what it brought, and index it."""
        from backfile.desk.planned import go_on

        yield from go_on(self.archive, self.index, number)

    def work(self, *, until_idle: bool = False) -> Generator[Worked]:
        """Fetch and read for the runs of others, on any machine, as `Archive.work` does."""
        return self.archive.work(until_idle=until_idle)

    def catalogue(self, told: Callable[[str], None], *, until_idle: bool = False) -> Generator[Added | Imported]:
        """Do the jobs that were written down one after the other, as they come; `told` hears whom it waits for.

        With `until_idle` it ends when none is left. What cannot be done here (no browser is found) is left to others.
        Where the index cannot be written now, it is tried again for some minutes: IndexStorageError, IndexBusyError.
        """
        aside = set[int]()
        while True:
            plans = [one for one in self.planned() if one[0].number not in aside]
            for job, _ in plans:
                try:
                    yield from self.go_on(job.number)
                except LockedError as error:
                    told(str(error))
                except UsageError as error:
                    aside.add(job.number)
                    told(f"job {job.number}: {error}")
                except (IndexStorageError, IndexBusyError) as error:
                    self._await_index(error, told)
            if not plans:
                if until_idle:
                    return
                sleep(_LOOK)

    def _await_index(self, error: IndexStorageError | IndexBusyError, told: Callable[[str], None]) -> None:
        """Bring the index up to date, which ended so. Pages are safe meanwhile: only what is found of them waits."""
        for pause in _AGAIN:
            if isinstance(error, IndexStorageError) and not error.passes:
                break
            told(f"{error}; it is tried again in {pause:g} s")
            sleep(pause)
            try:
                self.index.update()
            except (IndexStorageError, IndexBusyError) as again:
                error = again
            else:
                return
        raise error

    def retry(self) -> Generator[Added]:
        """Ask again for every cited source that failed in a way that may pass, and index what came."""
        return self._indexed(self.archive.retry())

    def import_files(
        self,
        paths: Iterable[Path],
        *,
        format: str | None = None,  # noqa: A002 - the word for it
        depth: int | None = None,
        fetch: bool = True,
        again: bool = False,
        retry_failed: bool = False,
        concurrency: int | None = None,
        tags: Iterable[str] = (),
        note: str = "",
        resources: Resources | None = None,
        rescue: bool | None = None,
        browser: bool = False,
        progress: Progress | None = None,
    ) -> Generator[Imported]:
        """Import files and folders as `Archive.import_files` does; the index follows, and is up to date at the end.

        `concurrency`: pages asked for at once, in place of the setting. `tags` and `note`: as in `add`, on the entry of
        each item that the import has brought by its end, also by an earlier run of it.
        """
        from backfile.desk.bringing import indexed_while_imported

        paths = tuple(paths)
        with self._with_concurrency(concurrency) as archive:
            imported = archive.import_files(
                paths, format=format, depth=depth, fetch=fetch, again=again, retry_failed=retry_failed,
                resources=resources, rescue=rescue, browser=browser, progress=stage(progress, "importing"),
            )  # fmt: skip
            if tags or note:
                imported = self._marked_import(imported, paths, format, tags, note)
            yield from indexed_while_imported(imported, self.index)

    def import_job(self, paths: Iterable[Path], *, format: str | None = None) -> Job | None:  # noqa: A002
        """The newest import of these files, None when there was none."""
        return self.archive.import_job(paths, format=format)

    def stopped_imports(self) -> list[tuple[tuple[Path, ...], str | None]]:
        """The files, and the format if one was named, of every import that has something left to do."""
        return self.archive.stopped_imports()

    def jobs(self, *kinds: JobKind) -> list[Job]:
        """Every job of these kinds (default: imports) that there was, newest first, with its items counted by state."""
        return self.archive.jobs(*kinds)

    def job(self, number: int) -> Job:
        """One job. NotFoundError when there is none of that number."""
        if job := self.archive.job(number):
            return job
        raise NotFoundError(f"there is no job {number}; `backfile jobs` lists them")

    def job_items(self, number: int, states: Iterable[JobState]) -> Iterator[Imported]:
        """The items of an import that are in these states, however many, state by state."""
        for state in states:
            after = 0
            while items := self.archive.job_items(number, state, after):
                after = items[-1].n
                yield from items

    def rejects_file(self, job: int) -> Path:
        """Where the bad rows of an import are listed, if it had any."""
        return self.archive.rejects_file(job)

    def _indexed(self, added: Generator[Added]) -> Generator[Added]:
        with closing(added):
            yield from added
        self.index.update()

    def _marked(self, added: Generator[Added], tags: Iterable[str], note: str) -> Generator[Added]:
        """`added`; then, also where it is stopped, what was asked for by name is marked."""
        self.archive.mark((), tags)  # tags that cannot be are told before anything is asked for
        named: list[str] = []
        try:
            with closing(added):
                for item in added:
                    if item.depth == 0 and item.id:
                        named.append(item.id)
                    yield item
        finally:
            if tags or note:
                self.archive.mark(named, tags, note)

    def _marked_import(
        self,
        imported: Generator[Imported],
        paths: tuple[Path, ...],
        format: str | None,  # noqa: A002
        tags: Iterable[str],
        note: str,
    ) -> Generator[Imported]:
        self.archive.mark((), tags)
        try:
            with closing(imported):
                yield from imported
        finally:
            if job := self.import_job(paths, format=format):
                from archive import JobState

                items = self.job_items(job.number, (JobState.DONE, JobState.FAILED))
                self.archive.mark((item.id for item in items if item.id), tags, note)

    def _with_concurrency(self, concurrency: int | None) -> AbstractContextManager[Archive]:
        """The archive, as one that asks for so many pages at once."""
        if concurrency is None:
            return nullcontext(self.archive)
        settings = self.archive.settings
        settings = replace(settings, fetch=replace(settings.fetch, concurrency=concurrency))
        return open_archive(
            self.folder, settings, fetcher=self._fetcher, recogniser=self._recogniser, told=self.archive.told
        )
