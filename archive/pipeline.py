"""URL → capture → article → entities → version → stored; one function per step, and a batch is a map over them.

    wave: fetch and read (threads, worker processes) ─▶ keep: append to warc/, catalogue ─▶ commit ─▶ report
                                                                    └─ the sources it cites: the next wave

Everything that has finished by the time a commit starts is committed together, so a slow disk makes batches larger,
not the queue longer. Nothing is reported before its bytes are synced and its catalog rows committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Protocol, TypeVar

from archive.config import ArchiveSettings
from archive.extraction.page import Page
from archive.model import Added, Fetched, Link, Outcome, Request
from archive.reading import Read, Reader
from archive.storage import PendingLink
from archive.storage.http import media_type
from archive.urls import identity, site_of

CHUNK = 64  # seeds whose sources are followed before the next seeds are begun: keeps memory flat
BATCH = 24  # pages at once from which on worker processes pay for their start
RETRY_AFTER = timedelta(hours=6)  # a source that failed is asked for again after this, then after twice as long, …
RETRIES = 50  # failed sources that a run asks for again besides its own pages

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One URL to archive. `depth` 0 was asked for by name; deeper ones are cited by the entry `cited_by`.

    `by_hand`: a person named it, so robots.txt is not asked (of those cited it always is).
    """

    url: str
    depth: int = 0
    cited_by: str | None = None
    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """What the archive holds on a URL already: the latest capture of it, whatever address led there."""

    id: str
    final_url: str
    title: str
    outcome: Outcome
    at: datetime
    etag: str | None
    last_modified: str | None

    @property
    def age(self) -> timedelta:
        return datetime.now(UTC) - self.at


@dataclass(frozen=True, slots=True)
class Take:
    """A wanted URL, fetched and read, not yet stored. `read` is None where there was nothing to read."""

    wanted: Wanted
    fetched: Fetched
    read: Read | None


class Fetching(Protocol):
    """Whatever can ask for a page (archive.fetch.Fetcher)."""

    def fetch(self, request: Request) -> Fetched: ...


class Keeping(Protocol):
    """Where captures go; archive.core wires it to archive.storage."""

    def held(self, url: str) -> Held | None: ...

    def keep(self, takes: Sequence[Take]) -> list[Added]:
        """Append and catalogue a group; when this returns, all of it is safe."""

    def links(self, entry_id: str) -> Sequence[Link]:
        """The links of the entry's current article."""

    def failed(self) -> Iterable[PendingLink]:
        """Cited URLs whose latest try failed in a way that may pass, oldest try first."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run over many URLs. `again`: also ask for pages that were captured a short while ago."""

    settings: ArchiveSettings
    fetcher: Fetching
    reader: Reader
    store: Keeping
    depth: int
    again: bool = False

    def pages(self, seeds: Iterable[Wanted]) -> Iterator[Added]:
        """Archive `seeds` and what they cite; yields each page once it is safe, in the order they finish."""
        budget = _Budget(self.settings.links.per_run)
        seeds = iter(seeds)
        while chunk := list(islice(seeds, CHUNK)):
            yield from self._waves(list(budget.unseen(chunk)), budget)
        due = (Wanted(link.url, link.depth, link.cited_by) for link in self.store.failed() if _is_due(link))
        yield from self._waves(list(islice(budget.unseen(due), RETRIES)), budget)

    def retry(self) -> Iterator[Added]:
        """Ask again for every source that failed in a way that may pass, however short a while ago."""
        budget = _Budget(self.settings.links.per_run)
        failed = [Wanted(link.url, link.depth, link.cited_by) for link in self.store.failed()]
        yield from self._waves(list(budget.unseen(failed)), budget)

    def sources_of(self, pages: Sequence[Added]) -> Iterator[Added]:
        """Archive what `pages` cite, which are stored already."""
        budget = _Budget(self.settings.links.per_run)
        yield from self._waves(self._cited(pages, budget), budget)

    def _waves(self, wave: list[Wanted], budget: _Budget) -> Iterator[Added]:
        """`wave`, then the sources cited in it, and so on down to the depth of the run."""
        while wave:
            reports = []
            for added in self._wave(wave):
                reports.append(added)
                yield added
            wave = self._cited(reports, budget)

    def _wave(self, wave: Sequence[Wanted]) -> Iterator[Added]:
        """One map over `wave`, committed in groups. Pages that are fresh enough are reported from what is held."""
        due = []
        for wanted in wave:
            held = self.store.held(wanted.url)
            if held is not None and self._fresh(wanted, held):
                yield _already(wanted, held)
            else:
                due.append((wanted, held))
        if len(due) >= BATCH:
            self.reader.use_workers()
        for takes in finished(self._take, due, workers=self.settings.fetch.concurrency):
            yield from self.store.keep(takes)

    def _take(self, due: tuple[Wanted, Held | None]) -> Take:
        wanted, held = due
        request = Request(
            wanted.url,
            by_hand=wanted.depth == 0 and wanted.by_hand,
            etag=held.etag if held else None,
            last_modified=held.last_modified if held else None,
        )
        fetched = self.fetcher.fetch(request)
        page = page_of(fetched)
        return Take(wanted, fetched, self.reader.read(page) if page else None)

    def _fresh(self, wanted: Wanted, held: Held) -> bool:
        """Whether to leave a page alone: one asked for was captured just now, a source is held or failed just now."""
        if wanted.depth == 0:
            return (
                not self.again and held.outcome.has_content and held.age.total_seconds() < self.settings.fetch.fresh_for
            )
        return not held.outcome.worth_retrying or (held.age < RETRY_AFTER and not self.again)

    def _cited(self, reports: Iterable[Added], budget: _Budget) -> list[Wanted]:
        """The sources to follow: those of each article that is not yet as deep as the run goes."""
        limit, skipped = self.settings.links.per_article, frozenset(self.settings.links.skip_hosts)
        cited: list[Wanted] = []
        for added in reports:
            if added.depth < self.depth and added.outcome.has_content:
                links = (link for link in self.store.links(added.id) if site_of(link.url) not in skipped)
                cited += budget.spend(Wanted(link.url, added.depth + 1, added.id) for link in islice(links, limit))
        return cited


class _Budget:
    """What a run may still ask for: every page once, and so many sources in all."""

    def __init__(self, sources: int) -> None:
        self._sources = sources
        self._seen: set[str] = set()

    def unseen(self, wanted: Iterable[Wanted]) -> Iterator[Wanted]:
        """Those that the run has not met yet."""
        for one in wanted:
            known = identity(one.url)
            if known not in self._seen:
                self._seen.add(known)
                yield one

    def spend(self, sources: Iterable[Wanted]) -> list[Wanted]:
        """The unseen ones that there is still room for."""
        granted = list(islice(self.unseen(sources), self._sources))
        self._sources -= len(granted)
        return granted


def page_of(fetched: Fetched) -> Page | None:
    """The payload to read, where the fetch brought one that is the page itself."""
    last = fetched.last
    if last is None or fetched.outcome is not Outcome.OK:
        return None
    kind, charset = media_type(last.header("content-type"))
    return Page(fetched.final_url, last.payload, charset, kind, last.started)


def finished(work: Callable[[T], R], items: Sequence[T], *, workers: int) -> Iterator[list[R]]:
    """`map(work, items)` in threads: yields what has finished since the last yield, in groups of at least one.

    At most `2 × workers` items are begun and not yet taken. Closing the iterator drops what has not begun.
    """
    waiting = iter(items)
    pool = ThreadPoolExecutor(max(1, min(workers, len(items))), thread_name_prefix="backfile")
    running: set[Future[R]] = set()
    try:
        while True:
            running |= {pool.submit(work, item) for item in islice(waiting, 2 * workers - len(running))}
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield [future.result() for future in done]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _is_due(link: PendingLink) -> bool:
    """Whether it is time to ask for a failed source again: the wait doubles with each try, up to about a month."""
    return datetime.now(UTC) - link.last_try >= RETRY_AFTER * (1 << min(link.tries - 1, 7))


def _already(wanted: Wanted, held: Held) -> Added:
    minutes = int(held.age.total_seconds() // 60)
    return Added(
        id=held.id,
        url=wanted.url,
        final_url=held.final_url,
        outcome=Outcome.UNCHANGED if held.outcome.has_content else held.outcome,
        detail=f"captured {minutes} minutes ago" if minutes else "captured just now",
        title=held.title,
        depth=wanted.depth,
        cited_by=wanted.cited_by,
    )
