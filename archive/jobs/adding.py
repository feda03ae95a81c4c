"""`add` as a job: its URLs are items, written down as they come, so that what was stopped can go on where it was.

A call that begins with the same URL as one that was stopped goes on with that: what it has archived since it began is
left alone, however long ago that is. Memory is that of what is under way, however many URLs come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from time import monotonic

import msgspec

from archive.errors import UsageError
from archive.jobs import decide
from archive.jobs.ledger import FLUSH_EVERY, FLUSH_ITEMS, as_source
from archive.jobs.planned import json_of
from archive.keeper import Keeper
from archive.model import Added, Outcome
from archive.pipeline import BATCH, Run, Wanted
from archive.storage import Job, JobItem, JobKind, JobState, JobTable, Store
from archive.urls import check_url, identity, veiled_address


class Adding:
    """One call of `add`; of a `job` that was planned, or stopped, where it is given."""

    def __init__(self, store: Store, run: Run, job: Job | None = None) -> None:
        self._store = store
        self._run = run
        self._job = 0  # not begun
        self._since: datetime | None = None  # when the stopped job began that this call goes on with
        self._claimed = False
        self._source = ""  # the first URL
        self._last = 0  # number of the newest item
        self._new: dict[str, JobItem] = {}  # by key: not yet written
        self._written: dict[str, JobItem] = {}  # by key: those of them that wait
        self._open: dict[str, str] = {}  # by URL, the key: given out, not yet settled
        self._settled: list[JobItem] = []
        self._refused: list[Added] = []
        self._flushed = monotonic()
        self._over = False  # no more URLs will come
        if job is not None:
            self._go_on_with(job)

    def pages(self, urls: Iterable[str]) -> Iterator[Added]:
        """Archive `urls` and what they cite; yields each page once it is safe, and at last what is no URL at all."""
        try:
            if self._job:  # so that everybody sees at once that it is worked on
                with self._store.batch() as rows:
                    self._open_job(rows.jobs)
            for added in self._run.pages(self._wanted(urls)):
                if added.depth == 0 and (key := self._open.pop(added.url, None)) is not None:
                    self._settle(key, added)
                if len(self._settled) >= FLUSH_ITEMS or monotonic() - self._flushed >= FLUSH_EVERY:
                    self._flush()
                yield added
            for url, key in self._open.items():
                self._settle(key, as_source(Keeper(self._store), url))
            yield from self._refused
        finally:
            self._flush()

    def _wanted(self, urls: Iterable[str]) -> Iterator[Wanted]:
        number = 0
        for number, url in enumerate(urls, 1):
            if not self._source:
                self._find(url)
            if self._note(url):
                yield Wanted(url, since=self._since)
            if number == BATCH or len(self._new) >= FLUSH_ITEMS:
                self._flush()
        self._over = True
        if number > 1:  # one page alone is written down with what became of it: a commit less to wait for
            self._flush()

    def _find(self, first: str) -> None:
        """The job that was stopped and began with the same URL, if there is one."""
        self._source = veiled_address(first)
        if self._run.again:
            return
        with self._store.catalog.jobs() as jobs:
            found = jobs.latest(JobKind.ADD, self._source)
        if found is not None and found.ended is None:
            self._go_on_with(found)

    def _go_on_with(self, job: Job) -> None:
        with self._store.catalog.jobs() as jobs:
            self._last = jobs.last(job.number)
        self._source, self._job, self._since = job.source, job.number, job.begun

    def _note(self, url: str) -> bool:
        """A new item; whether it is one that can be asked for."""
        try:
            check_url(url)
        except UsageError as error:
            shown = veiled_address(url)
            self._refused.append(Added("", shown, shown, Outcome.REFUSED, str(error), "", 0, None))
            self._new[f"refused {shown}"] = JobItem(0, JobState.REJECTED, json_of(shown), str(error))
            return False
        key = identity(url)
        if key not in self._new and key not in self._written:
            self._new[key] = JobItem(0, JobState.WAITING, json_of(url))
            self._open[url] = key
        return True

    def _settle(self, key: str, added: Added) -> None:
        if key in self._new:
            self._new[key] = decide.settled(self._new[key], added)
        elif key in self._written:
            self._settled.append(decide.settled(self._written.pop(key), added))

    def _flush(self) -> None:
        """Write what came and what became of it since the last time; end the job where nothing is left."""
        self._flushed = monotonic()
        if not (self._new or self._settled):
            return
        with self._store.batch() as rows:
            self._open_job(rows.jobs)
            self._put(rows.jobs)
            rows.jobs.settle(self._job, self._settled)
            job = rows.jobs.get(self._job)
            if self._over and job is not None and not job.counts[JobState.WAITING]:
                rows.jobs.end(self._job)
        self._settled.clear()

    def _open_job(self, jobs: JobTable) -> None:
        if not self._job:
            settings = msgspec.json.encode({"depth": self._run.depth}).decode()
            self._job = jobs.begin(JobKind.ADD, self._source, settings, self._store.token)
        elif not self._claimed:
            jobs.claim(self._job, self._store.token)
            jobs.retry(self._job)  # what failed is asked for again, as ever
        self._claimed = True

    def _put(self, jobs: JobTable) -> None:
        """The new items; those that the job has from an earlier call only get what became of them."""
        known = jobs.known(self._job, self._new)
        fresh = []
        for key, item in self._new.items():
            now = known.get(key)
            if now is None:
                self._last += 1
                now = replace(item, n=self._last)
                fresh.append((key, now))
            elif item.state is not JobState.WAITING:
                self._settled.append(replace(item, n=now.n))
            if item.state is JobState.WAITING:
                self._written[key] = now
        jobs.put(self._job, fresh)
        self._new.clear()
