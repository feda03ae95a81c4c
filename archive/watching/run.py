"""One run of all watches: what is due is looked at, as `decide` says it is kept and told.

    due feeds and sitemaps ─ask (threads)─▶ what they list ─▶ stories not seen yet, due now
    due stories ─pipeline─▶ captured, versioned ─▶ notices: new, changed

A notice is given before it is recorded as given: after a crash it may come twice, never not at all. Feeds themselves
are not archived, what they list is. robots.txt is asked for what a list names, not for what a person named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from archive.fetch.turns import finished
from archive.jobs.decide import settled
from archive.logs import Veiled, logger
from archive.model import Stated
from archive.pipeline import Run, Wanted
from archive.storage import CatalogWriter, JobItem, JobKind, JobState, Store, Story, Watch, WatchKind
from archive.storage.catalog.rows import to_json
from archive.watching import decide
from archive.watching.looking import look_at
from archive.watching.notices import Notice

_log = logger(__name__)
KEPT = 100  # runs that the table of jobs remembers
STORIES = 2000  # that one run looks at; the rest is due at the next one
_GROUP = 32  # stories recorded together

Keep = Callable[[CatalogWriter, Iterable[Notice]], None]  # for those who are to be told elsewhere


@dataclass(slots=True)
class WatchRun:
    """What is due at `now`, looked at through `to`. `keep` notes what was said in the transaction that records it."""

    store: Store
    to: Run
    now: datetime
    keep: Keep
    _job: int = 0
    _items: dict[str, JobItem] = field(default_factory=dict)  # by URL
    _settled: list[JobItem] = field(default_factory=list)
    _stated: dict[str, Stated] = field(default_factory=dict)  # by URL: what this run's lists say of new stories
    _done: list[Story] = field(default_factory=list)
    _said: list[Notice] = field(default_factory=list)

    def __iter__(self) -> Iterator[Notice]:
        """Yields what was noticed."""
        yield from self._lists()
        yield from self._stories()

    def _lists(self) -> Iterator[Notice]:
        """Ask the feeds and sitemaps that are due; what they show for the first time becomes a story that is due."""
        fetcher = self.to.fetcher
        with self.store.catalog.watches() as table:
            lists = [w for w in table.all() if w.kind in (WatchKind.FEED, WatchKind.SITEMAP) and w.due <= self.now]
        workers = self.to.settings.fetch.concurrency
        for looks in finished(lambda watch: look_at(fetcher, watch, self.now), lists, workers=workers):
            for look in looks:
                with self.store.batch() as rows:
                    unseen = rows.watches.unseen(look.watch.id, look.items)
                    told = rows.watches.versions({item: look.items[item] for item in unseen})
                    listed = decide.of_look(look, unseen, told, self.now)
                    self._stated.update((look.items[item], look.stated[item]) for item in unseen if item in look.stated)
                    rows.watches.put(listed.stories)
                    rows.watches.looked(listed.watch)
                failed = "failed: " if look.failed else ""
                _log.info(
                    "looked at %s: %s%s; %d not seen before", Veiled(look.watch.target), failed,
                    Veiled(look.detail or look.state.detail), len(unseen),
                )  # fmt: skip
                if listed.notice:
                    yield listed.notice

    def _stories(self) -> Iterator[Notice]:
        """Capture the stories that are due, and tell of those that are new or different."""
        stories, watches = self._due()
        # A list, not a generator: the run goes on taking from it while stories are taken out below.
        wanted = [
            Wanted(url, by_hand=decide.by_hand(some, watches), stated=self._stated.get(url))
            for url, some in stories.items()
        ]
        if wanted:
            self._begin(list(stories))
        for added in self.to.pages(wanted):
            some = stories.pop(added.url, None) if added.depth == 0 else None
            if not some:
                continue
            versions = self.store.catalog.versions(added.id) if added.id else []
            follow = self.to.settings.watch.follow
            shown = decide.of_capture(some, watches, added, versions, self.now, follow=follow)
            self._settled.append(settled(self._items[added.url], added))
            _log.debug(
                "looked at %s: %s", Veiled(added.url), shown.notice.kind.value if shown.notice else "nothing new"
            )
            if shown.notice:
                yield shown.notice
                self._said.append(shown.notice)
            self._done += shown.stories
            if len(self._done) >= _GROUP:
                self._record()
        self._record()
        _log.info("looked at %d pages that were due, of at most %d", len(wanted), STORIES)
        if wanted:
            with self.store.batch() as rows:
                rows.jobs.end(self._job)

    def _due(self) -> tuple[dict[str, list[Story]], dict[str, Watch]]:
        """The stories to look at by their URL, and all watches by their id."""
        with self.store.catalog.watches() as table:
            due = table.due(self.now, STORIES)
            watches = {watch.id: watch for watch in table.all()}
        stories: dict[str, list[Story]] = defaultdict(list)
        for story in due:
            stories[story.url].append(story)
        return stories, watches

    def _begin(self, urls: Sequence[str]) -> None:
        """This run as a job, with a page each as its items. What an earlier one had left is due, and so in this one."""
        items = [JobItem(n, JobState.WAITING, to_json({"url": url}).decode()) for n, url in enumerate(urls, 1)]
        self._items = dict(zip(urls, items, strict=True))
        with self.store.batch() as rows:
            for job in rows.jobs.all(JobKind.WATCH):
                if job.ended is None:
                    rows.jobs.end(job.number)
            rows.jobs.forget(JobKind.WATCH, KEPT - 1)
            self._job = rows.jobs.begin(JobKind.WATCH, "watch run", "{}", self.store.token)
            rows.jobs.put(self._job, list(self._items.items()))

    def _record(self) -> None:
        """Note what was looked at, and what was said of it for those who are to be told."""
        if self._done:
            with self.store.batch() as rows:
                rows.watches.put(self._done)
                rows.jobs.settle(self._job, self._settled)
                self.keep(rows, self._said)
            self._done.clear()
            self._settled.clear()
            self._said.clear()
