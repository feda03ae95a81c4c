"""URL → capture → article → entities → version → stored; one function per step.

    feed: the next URL whose host may be asked ─▶ fetch and read (threads, worker processes)
      ▲                                                   │
      └── the sources it cites ── report ◀── commit ◀── keep: append to warc/, catalogue

What finishes is committed in small groups as it comes. Nothing is reported before its bytes are synced and its catalog
rows committed. What a host says it is asked too often for goes back into the feed and is tried again after its pause.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Protocol, TypeVar

from archive.browser import is_named
from archive.config import ArchiveSettings
from archive.extraction.page import Page
from archive.fetch.memento import Mementos, is_gone
from archive.fetch.turns import Feed, Hands, HandsOf
from archive.forgetting.staying_away import but_let_go
from archive.jobs.budget import Budget
from archive.jobs.unasked import already, refused
from archive.model import Added, Fetched, Link, Memento, Outcome, Request, Resources, Stated
from archive.reading import Read, Reader
from archive.resources.gathering import Gatherer, total
from archive.seams import PacedFetching
from archive.storage import Brought, HandedIn, PendingLink, Place, Saved, StoredResource
from archive.storage.limits import IN_A_FOLDER, Limits
from archive.storage.warc.http import media_type

WINDOW = 4000  # URLs at once from which hosts take turns: keeps memory flat
GROUP = IN_A_FOLDER.count  # pages committed together, where captures lie in the folder
IDLE = 1.0  # seconds after which others get a turn to write while nothing comes
TRIES = 3  # of a page whose host said that it is asked too much
BATCH = 24  # pages at once from which on worker processes pay for their start
RETRY_AFTER = timedelta(hours=6)  # a source that failed is asked for again after this, then after twice as long, …
RETRIES = 50  # failed sources that a run asks for again besides its own pages

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One URL to archive. `depth` 0 was asked for by name; deeper ones are cited by the entry `cited_by`.

    `by_hand`: a person named it, so robots.txt is not asked (of those cited it always is). `since`: when the work began
    that this goes on with; what was archived since then is left alone. `stated`: by the list that names it, for a page
    that says nothing itself.
    """

    url: str
    depth: int = 0
    cited_by: str | None = None
    by_hand: bool = True
    since: datetime | None = None
    stated: Stated | None = None


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
    resources: Resources = Resources.NONE  # what of that which the page is shown with was asked for

    @property
    def age(self) -> timedelta:
        return datetime.now(UTC) - self.at


@dataclass(frozen=True, slots=True)
class Take:
    """A wanted URL, fetched and read, not yet stored. `read` is None where there was nothing to read.

    `resources` are what the page is shown with, and what became of them. `memento`: it is the copy of another archive;
    `rescue` is such a copy of a page that is gone. `shown`: the page as a browser showed it, which `read` is of.
    `handed`: whoever fetched it has stored it; then there are no bytes in the rest, and it is only to be catalogued.
    """

    wanted: Wanted
    fetched: Fetched
    read: Read | None
    resources: tuple[Brought, ...] = ()
    memento: Memento | None = None
    rescue: Take | None = None
    shown: Saved | None = None
    handed: HandedIn | None = None

    @property
    def size(self) -> int:
        """Bytes, as they came, with those of the resources."""
        return total(self.resources) + sum(len(one.received) for one in self.fetched.exchanges)


@dataclass(frozen=True, slots=True)
class Due:
    """A URL that is to be asked for, and what is held on it."""

    wanted: Wanted
    held: Held | None
    host: str
    tries: int = 1


class Keeping(Protocol):
    """Where captures go; archive.keeper."""

    def held(self, url: str) -> Held | None: ...

    def let_go(self, *urls: str, digest: str = "") -> str:
        """That one of these pages, or a payload, was let go, in words; "" where none was."""

    def keep(self, takes: Sequence[Take]) -> list[Added]:
        """Append and catalogue a group; when this returns, all of it is safe."""

    @property
    def limits(self) -> Limits:
        """How much is committed together."""

    def give_way(self) -> None:
        """Called now and then while nothing comes: let the acts of others in that wait for their turn."""

    def links(self, entry_id: str) -> Sequence[Link]:
        """The links of the entry's current article."""

    def failed(self) -> Iterable[PendingLink]:
        """Cited URLs whose latest try failed in a way that may pass, oldest try first."""

    def cited_on(self, entry_id: str) -> datetime | None:
        """The day on which the entry was published that cites something; None where nobody knows."""

    def held_resource(self, url: str, since: datetime) -> StoredResource | None:
        """A resource of that address that was captured since then."""

    def payload(self, place: Place) -> bytes:
        """The decoded body of what is stored at `place`. DamagedError."""


Taking = Callable[[Due], tuple[Due, Take]]
HandsFor = Callable[["Run", Taking], AbstractContextManager[HandsOf[Due, tuple[Due, Take]]]]


def own_hands(run: Run, take: Taking) -> AbstractContextManager[HandsOf[Due, tuple[Due, Take]]]:
    """Threads of the run's process."""
    return Hands(take, run.settings.fetch.concurrency)


@dataclass(frozen=True, slots=True)
class Run:
    """One run over many URLs. `again`: also ask for pages that were captured a short while ago.

    `whole`: also for those of which not all resources are held, and for all of them, not only for what has changed.
    `browser`: what is asked for is shown by one.
    """

    settings: ArchiveSettings
    fetcher: PacedFetching
    reader: Reader
    store: Keeping
    depth: int
    again: bool = False
    whole: bool = False
    hands: HandsFor = own_hands
    browser: bool = False

    def pages(self, seeds: Iterable[Wanted]) -> Iterator[Added]:
        """Archive `seeds` and what they cite; yields each page once it is safe, in the order they finish."""
        budget = Budget(self.settings.links.per_run)
        yield from self._run(budget.unseen(seeds), budget)
        due = (Wanted(link.url, link.depth, link.cited_by) for link in self.store.failed() if _is_due(link))
        yield from self._run(islice(budget.unseen(due), RETRIES), budget)

    def retry(self) -> Iterator[Added]:
        """Ask again for every source that failed in a way that may pass, however short a while ago."""
        budget = Budget(self.settings.links.per_run)
        failed = [Wanted(link.url, link.depth, link.cited_by) for link in self.store.failed()]
        yield from self._run(budget.unseen(failed), budget)

    def sources_of(self, pages: Iterable[Added]) -> Iterator[Added]:
        """Archive what `pages` cite, which are stored already."""
        budget = Budget(self.settings.links.per_run)
        yield from self._run((source for page in pages for source in self.cited(page, budget)), budget)

    def _run(self, wanted: Iterator[Wanted], budget: Budget) -> Iterator[Added]:
        """All of `wanted`, the sources cited in it, and so on down to the depth of the run."""
        gatherer = self.gatherer()
        take: Callable[[Due], tuple[Due, Take]] = lambda due: self.take(due, gatherer)  # noqa: E731
        with self.hands(self, take) as hands:
            yield from _Flow(self, wanted, budget, hands)

    def gatherer(self) -> Gatherer:
        """Whoever asks for what pages are shown with."""
        return Gatherer(self.settings.fetch, self.fetcher, self.store.held_resource, self.store.payload)

    def take(self, due: Due, gatherer: Gatherer) -> tuple[Due, Take]:
        """Fetches a page, reads it, and gathers what it is shown with."""
        wanted, held = due.wanted, due.held
        shown = self.is_shown(wanted)
        if held and (shown or self.lacks(held)):
            held = None  # that nothing has changed would be no answer
        request = Request(
            wanted.url, by_hand=wanted.depth == 0 and wanted.by_hand, etag=held.etag if held else None,
            last_modified=held.last_modified if held else None,
        )  # fmt: skip
        fetched = self.fetcher.fetch(request)
        if not self.brings_back(wanted):
            fetched = but_let_go(fetched, self.store.let_go)
        page = page_of(fetched, self.settings.fetch.resources)
        read = self.reader.read(page) if page else None
        if shown and read and read.media_type in ("text/html", "application/xhtml+xml"):
            from archive.browser.taking import shown as as_shown

            let_go = None if self.brings_back(wanted) else self.store.let_go
            return due, as_shown(Take(wanted, fetched, read), self.settings.fetch, self.reader, let_go)
        resources = gatherer.gather(fetched.final_url, read.resources, by_hand=request.by_hand) if read else ()
        return due, Take(wanted, fetched, read, resources, rescue=self._rescued(due, fetched))

    def is_shown(self, wanted: Wanted) -> bool:
        """Whether a browser is to show the page: somebody asked for that, or the settings say so of its host."""
        return (self.browser and wanted.depth == 0) or is_named(wanted.url, self.settings.fetch.browser)

    def _rescued(self, due: Due, fetched: Fetched) -> Take | None:
        """The copy of another archive, where that is wanted and nothing is held of a page that is gone."""
        wanted, settings = due.wanted, self.settings.fetch
        if not (settings.rescue and is_gone(fetched)) or (due.held and due.held.title):
            return None
        near = self.store.cited_on(wanted.cited_by) if wanted.cited_by else None
        found = Mementos(settings.archives, self.fetcher).find(wanted.url, near)
        if found is None:
            return None
        copy, memento = found
        page = page_of(copy)
        return Take(wanted, copy, self.reader.read(page) if page else None, memento=memento)

    def brings_back(self, wanted: Wanted) -> bool:
        """Whether somebody asks for just this page again, even if it was let go."""
        return self.again and wanted.depth == 0

    def lacks(self, held: Held) -> bool:
        """Whether somebody asks for more of what the page is shown with than was asked for."""
        enough = {Resources.PAGE, self.settings.fetch.resources}
        return self.whole and held.resources not in enough

    def is_fresh(self, wanted: Wanted, held: Held) -> bool:
        """Whether to leave a page alone: one asked for was captured just now, a source is held or failed just now."""
        if wanted.depth == 0:
            if wanted.since is not None and held.at >= wanted.since:
                return held.outcome.has_content
            fresh = held.age.total_seconds() < self.settings.fetch.fresh_for and not self.lacks(held)
            return fresh and held.outcome.has_content and not self.again
        rescued = self.settings.fetch.rescue and held.outcome in (Outcome.NOT_FOUND, Outcome.GONE) and not held.title
        return not (held.outcome.worth_retrying or rescued) or (held.age < RETRY_AFTER and not self.again)

    def goes_back(self, due: Due, fetched: Fetched) -> bool:
        """Whether to try again in this run, after the pause that the host asked for."""
        if fetched.outcome is not Outcome.BLOCKED or fetched.retry_after is None:
            return False  # nobody asked for a pause
        return due.tries < TRIES and not self.fetcher.opening(due.host).hopeless

    def cited(self, added: Added, budget: Budget) -> list[Wanted]:
        """The sources to follow: those of an article that is not yet as deep as the run goes."""
        if added.depth >= self.depth or not added.outcome.has_content:
            return []
        skipped = self.settings.links.skip_hosts
        links = (link for link in self.store.links(added.id) if not link.unfollowed and not is_named(link.url, skipped))
        wanted = (Wanted(link.url, added.depth + 1, added.id) for link in links)
        return budget.spend(islice(wanted, self.settings.links.per_article))


class _Flow:
    """One run in progress: what it does next, until nothing waits and nothing is under way."""

    def __init__(
        self, run: Run, wanted: Iterator[Wanted], budget: Budget, hands: HandsOf[Due, tuple[Due, Take]]
    ) -> None:
        self._run = run
        self._wanted = wanted
        self._budget = budget
        self._hands = hands
        self._feed = Feed[Due](run.fetcher.opening)
        self._first = deque(islice(wanted, BATCH))  # before `wanted`: these, and the sources of what was archived
        self._taken: list[Take] = []  # to be stored and committed
        self._handed: list[Take] = []  # stored already
        self._asked: set[int] = set()  # of what is under way elsewhere, what needs its host no more
        self._since = 0.0  # when the first of them came
        self._size = 0  # their bytes, with those of their resources
        self._limits = run.store.limits

    def __iter__(self) -> Iterator[Added]:
        while True:
            known = self._hand_out()
            if not (known or self._taken or self._hands.busy or len(self._feed)):
                return
            self._collect(0 if known else self._patience())
            self._run.store.give_way()
            for added in (*known, *self._committed()):
                yield added
                self._first.extend(self._run.cited(added, self._budget))

    def _hand_out(self) -> list[Added]:
        """Give every free hand a page; stops for one that need not be asked for, and returns that."""
        run, hands, feed = self._run, self._hands, self._feed
        if len(self._first) + len(feed) + hands.busy >= BATCH:
            run.reader.use_workers()
        while hands.free:
            due = feed.next(monotonic())
            if due is None and len(feed) < WINDOW and (one := self._next()) is not None:
                if not run.brings_back(one) and (why := run.store.let_go(one.url)):
                    return [refused(one, why)]
                held = run.store.held(one.url)
                if held is not None and run.is_fresh(one, held):
                    return [already(one, held)]
                host = run.fetcher.host(one.url)
                feed.put(host, Due(one, held, host))
                continue
            # One host is asked twice at once where no other one is left: a slow one must not keep all hands busy.
            due = due or feed.next(monotonic(), beside=True)
            if due is None:
                break
            hands.begin(due)
        return []

    def _next(self) -> Wanted | None:
        return self._first.popleft() if self._first else next(self._wanted, None)

    def _patience(self) -> float:
        """Seconds to wait for what is under way."""
        now = monotonic()
        times = [IDLE, self._since + self._limits.seconds - now] if self._taken else [IDLE]
        if self._hands.free and (pause := self._feed.pause(now)) is not None:
            times.append(pause)
        if self._taken and not self._hands.busy:
            return 0
        return max(0.0, min(times))

    def _collect(self, wait: float) -> None:
        found = self._hands.collect(wait)
        for due in self._hands.asked():
            self._feed.over(due.host)
            self._asked.add(id(due))
        for due, take in found:
            if id(due) in self._asked:
                self._asked.discard(id(due))
            else:
                self._feed.over(due.host)
            if take.handed is not None:
                self._handed.append(take)
                continue
            if self._run.goes_back(due, take.fetched):
                until = monotonic() + (take.fetched.retry_after or 0.0)
                self._feed.rest(due.host, replace(due, tries=due.tries + 1), until)
                continue
            if not self._taken:
                self._since = monotonic()
            self._taken.append(take)
            self._size += take.size

    def _committed(self) -> list[Added]:
        """What was taken, once it is safe: at once what others have stored, the rest once it is much or has waited."""
        handed, self._handed = self._handed, []
        added = self._run.store.keep(handed) if handed else []
        full = self._limits.are_reached(len(self._taken), self._size, monotonic() - self._since)
        if not self._taken or (self._hands.busy and not full):
            return added
        taken, self._taken, self._size = self._taken, [], 0
        return [*added, *self._run.store.keep(taken)]


def page_of(fetched: Fetched, resources: Resources = Resources.NONE) -> Page | None:
    """The payload to read, where the fetch brought one that is the page itself, and what else of it is wanted."""
    last = fetched.last
    if last is None or fetched.outcome is not Outcome.OK:
        return None
    kind, charset = media_type(last.header("content-type"))
    return Page(fetched.final_url, last.payload, charset, kind, last.started, resources)


def _is_due(link: PendingLink) -> bool:
    """Whether it is time to ask for a failed source again: the wait doubles with each try, up to about a month."""
    return datetime.now(UTC) - link.last_try >= RETRY_AFTER * (1 << min(link.tries - 1, 7))
