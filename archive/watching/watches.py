"""Keeping watch: feeds, sitemaps and pages are looked at when they are due; stored queries say what they have shown.

    due feeds and sitemaps ─ask (threads)─▶ what they list ─▶ stories not seen yet, due now
    due stories ─pipeline─▶ captured, versioned ─▶ notices: new, changed

A notice is given before it is recorded as given: after a crash it may come twice, never not at all. What is to be
delivered (e-mail, webhook) is put into the outbox with that record, and taken out once it was delivered. Feeds
themselves are not archived, what they list is. robots.txt is asked for what a list names, not for what a person named.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive import urls
from archive.errors import NotFoundError, UsageError
from archive.model import Added, Fetched, Request
from archive.seams import Fetching, PacedFetching
from archive.storage import Act, ActKind, Catalog, CatalogWriter, Store, Story, Watch, WatchKind, WatchState
from archive.watching import schedule
from archive.watching.notices import Notice, NoticeKind, decoded, encoded

if TYPE_CHECKING:
    from archive.keeper import Keeper
    from archive.reading import Reader
    from archive.storage.catalog.outbox import Parcel
    from archive.watching.notifying import Place
    from archive.watching.polling import Listing
    from archive.wiring import Wiring

STORIES = 2000  # that one run looks at; the rest is due at the next one
_SAME = "not modified"
_FEED = 100  # articles in the Atom feed
_GROUP = 32  # stories recorded together


class Watches:
    """What an archive watches; `Archive.watches` gives it."""

    def __init__(self, wiring: Wiring, catalog: Callable[[], Catalog]) -> None:
        self._settings = wiring.settings
        self._storing = wiring.storing
        self._fetching = wiring.fetching
        self._catalog = catalog

    # -- the list --------------------------------------------------------------------------------------------------

    def all(self) -> list[Watch]:
        """Every watch, oldest first."""
        with self._catalog().watches() as table:
            return table.all()

    def counts(self) -> dict[str, int]:
        """How many pages each watch has shown, by its id."""
        with self._catalog().watches() as table:
            return dict(table.counts())

    def next_due(self) -> datetime | None:
        """When there is something to look at next; None when nothing but queries is watched."""
        with self._catalog().watches() as table:
            return table.next_due()

    def add(self, target: str, kind: WatchKind | None = None) -> Watch:
        """Watch a URL, or a query when `kind` says so. Watching it already changes nothing but the kind.

        Without `kind` the URL is asked for: it may be a feed or a sitemap, a front page that names its feed (which is
        then watched in its place), or a page. UsageError when it shows none of them.
        """
        if kind is not WatchKind.QUERY:
            urls.check_url(target)
            if kind in (None, WatchKind.FEED):
                target, kind = self._found(target, kind)
        with self._storing() as (store, keeper, _):
            keeper.act(Act(ActKind.WATCH, target, (kind.value,), datetime.now(UTC)))
            watch = self._one(store.catalog, target)
            if kind is WatchKind.PAGE:
                item = urls.entry_id(urls.key(target))
                with store.batch() as rows:
                    if rows.watches.unseen(watch.id, [item]):
                        told = _versions(store.catalog, target)
                        rows.watches.put([Story(watch.id, item, target, watch.added, watch.added, told)])
        return watch

    def remove(self, target: str) -> Watch:
        """Watch `target` (or the watch with this id) no longer. NotFoundError when it is not watched."""
        watch = next((one for one in self.all() if target in (one.id, one.target)), None)
        if watch is None:
            raise NotFoundError(f"{target!r} is not watched; `backfile watch list` shows what is")
        with self._storing() as (_, keeper, _):
            keeper.act(Act(ActKind.UNWATCH, watch.target, (), datetime.now(UTC)))
        return watch

    # -- stored queries, which somebody else asks ------------------------------------------------------------------

    def unseen(self, watch: Watch, ids: Iterable[str]) -> list[str]:
        """Those entries that the watch has not shown yet."""
        with self._catalog().watches() as table:
            return table.unseen(watch.id, ids)

    def seen(self, watch: Watch, ids: Iterable[str], *, report: bool = True, notices: Iterable[Notice] = ()) -> None:
        """The watch has shown these entries, and was looked at now; without `report` they were there before it.

        `notices` are what was said of them: whoever is to get them by e-mail or webhook does with the next `deliver`.
        """
        now = datetime.now(UTC)
        with self._storing() as (store, _, _), store.batch() as rows:
            rows.watches.put(Story(watch.id, id_, "", now, None, int(report)) for id_ in ids)
            self._keep(rows, notices)
            rows.watches.looked(replace(watch, state=replace(watch.state, looked=now)))

    def deliver(self, folder: Path) -> Iterator[Notice]:
        """Send what waits to whoever the settings name; yields a notice for each that could not be reached.

        `folder` is the archive's. What was not taken is sent again next time. SettingsError for settings that make no
        sense, before anything is sent.
        """
        from archive.watching.notifying import DeliveryError

        places = self._places(folder)
        with self._catalog().watches() as table:
            if not table.outbox.waits():
                return
        with self._storing() as (store, _, _):
            with store.batch() as rows:
                rows.watches.outbox.keep_only(place.name for place in places)
            for place in places:
                while parcel := _next(store, place):
                    try:
                        place.send(parcel.id, list(map(decoded, parcel.notices)))
                    except DeliveryError as error:
                        yield Notice(NoticeKind.FAILED, place.name, datetime.now(UTC), detail=str(error))
                        break
                    with store.batch() as rows:
                        rows.watches.outbox.delivered(parcel.id)

    def write_atom(self, target: Path, log: str) -> None:
        """What was noticed last, at most 100 articles, as an Atom feed. `log`: the archive's log_id."""
        from archive.exporting import atom

        catalog = self._catalog()
        with catalog.watches() as table:
            latest = table.latest(_FEED)
            targets = {watch.id: watch.target for watch in table.all()}
        found = []
        for story in latest:
            ids = catalog.resolve(story.url) if story.url else [story.item]
            entry = catalog.get(ids[0]) if ids else None
            if entry:
                found.append((story.since, targets[story.watch], entry))
        atom.write(target, log, found)

    # -- looking ---------------------------------------------------------------------------------------------------

    def run(self, now: datetime | None = None) -> Generator[Notice]:
        """Look at everything that is due at `now`, once; yields what was noticed.

        Raises LockedError, StorageError, and SettingsError where [watch] makes no sense.
        """
        self._places()
        now = now or datetime.now(UTC)
        with self._storing() as (store, keeper, reader), self._fetching() as fetcher:
            yield from self._lists(store, fetcher, now)
            yield from self._stories(store, keeper, reader, fetcher, now)

    def _lists(self, store: Store, fetcher: Fetching, now: datetime) -> Iterator[Notice]:
        """Ask the feeds and sitemaps that are due; what they show for the first time becomes a story that is due."""
        from archive.pipeline import finished

        lists = [w for w in self.all() if w.kind in (WatchKind.FEED, WatchKind.SITEMAP) and w.due <= now]
        asked = finished(lambda watch: _look(fetcher, watch, now), lists, workers=self._settings.fetch.concurrency)
        for look in (look for group in asked for look in group):
            with store.batch() as rows:
                items = {urls.entry_id(urls.key(url)): url for url in look.urls}
                new = rows.watches.unseen(look.watch.id, items)
                first = look.watch.state.looked is None
                due = {item for item in new if not first or items[item] in look.recent}
                rows.watches.put(
                    Story(
                        look.watch.id, item, items[item], now, now if item in due else None,
                        _versions(store.catalog, items[item]),
                    )
                    for item in new
                )  # fmt: skip
                rows.watches.looked(_rested(look, now, news=bool(due)))
            if look.failed:
                yield Notice(NoticeKind.FAILED, look.watch.target, now, url=look.watch.target, detail=look.detail)

    def _stories(
        self, store: Store, keeper: Keeper, reader: Reader, fetcher: PacedFetching, now: datetime
    ) -> Iterator[Notice]:
        """Capture the stories that are due, and tell of those that are new or different."""
        from archive.pipeline import Run, Wanted

        with store.catalog.watches() as table:
            due = table.due(now, STORIES)
            watches = {watch.id: watch for watch in table.all()}
        stories: dict[str, list[Story]] = {}
        for story in due:
            stories.setdefault(story.url, []).append(story)
        wanted = (Wanted(url, by_hand=any(_by_hand(watches, s) for s in some)) for url, some in stories.items())
        done: list[Story] = []
        said: list[Notice] = []
        run = Run(self._settings, fetcher, reader, keeper, self._settings.links.depth, again=True)
        for added in run.pages(wanted):
            some = stories.pop(added.url, []) if added.depth == 0 else []
            looks = [self._looked(store.catalog, story, added, watches[story.watch], now) for story in some]
            news = [notice for notice, _ in looks if notice][:1]  # of several watches the first one tells
            yield from news
            said += news
            done += [after for _, after in looks]
            if len(done) >= _GROUP:
                self._record(store, done, said)
        self._record(store, done, said)

    def _looked(
        self, catalog: Catalog, story: Story, added: Added, watch: Watch, now: datetime
    ) -> tuple[Notice | None, Story]:
        """What there is to tell of a story that was just captured, and when to look again."""
        versions = catalog.versions(added.id) if added.id else []
        news = len(versions) > story.told
        since = now if news and story.told else story.since
        failures = 0 if added.outcome.has_content else 2
        again = schedule.next_look(now, since, failures=failures) if self._follows(watch, story, added) else None
        after = replace(story, since=since, due=again, told=max(len(versions), story.told))
        if not news:
            return None, after
        kind = NoticeKind.CHANGED if story.told else NoticeKind.NEW
        changes = frozenset[str]().union(*(version.changes for version in versions[story.told :]))
        title = versions[-1].title
        told = tuple(sorted(changes)) if kind is NoticeKind.CHANGED else ()
        return Notice(kind, watch.target, now, added.id, added.final_url, title, told, added.detail), after

    # -- inside ----------------------------------------------------------------------------------------------------

    def _record(self, store: Store, done: list[Story], said: list[Notice]) -> None:
        """Note what was looked at, and what was said of it for those who are to be told."""
        if done:
            with store.batch() as rows:
                rows.watches.put(done)
                self._keep(rows, said)
            done.clear()
            said.clear()

    def _keep(self, rows: CatalogWriter, notices: Iterable[Notice]) -> None:
        if places := self._places():
            rows.watches.outbox.put([place.name for place in places], map(encoded, notices))

    def _places(self, folder: Path = Path()) -> list[Place]:
        """Who is to be told. Sending needs the archive's `folder`, where the file with the password may be."""
        if not (self._settings.watch.email.host or self._settings.watch.webhook.url):
            return []
        from archive.watching.notifying import places

        return list(places(self._settings, folder))

    def _follows(self, watch: Watch, story: Story, added: Added) -> bool:
        """Whether to look again at what was just looked at."""
        if watch.kind is WatchKind.PAGE or added.outcome.worth_retrying:
            return True
        # What a list names but nothing was ever seen of (a refused address, robots, a picture) will be no story.
        return self._settings.watch.follow and (added.outcome.has_content or story.told > 0)

    def _one(self, catalog: Catalog, target: str) -> Watch:
        with catalog.watches() as table:
            return next(watch for watch in table.all() if watch.target == target)

    def _found(self, url: str, kind: WatchKind | None) -> tuple[str, WatchKind]:
        """What is to be watched at `url`."""
        from archive.watching import polling

        with self._fetching() as fetcher:
            fetched = fetcher.fetch(Request(url, by_hand=True))
        payload = _payload(fetched)
        if payload is None:
            raise UsageError(f"{url}: {fetched.detail}; with --as page it is watched all the same")
        served = polling.kind_of(url, payload)
        if served is not WatchKind.PAGE:
            return url, served
        feeds = polling.feeds_of(fetched.final_url, payload)
        if feeds and (kind is WatchKind.FEED or polling.is_front(url)):
            return feeds[0], WatchKind.FEED
        if kind is WatchKind.FEED:
            raise UsageError(f"{url} is no feed, and names none")
        return url, WatchKind.PAGE


@dataclass(frozen=True, slots=True)
class _Look:
    """What asking a feed or sitemap gave: the addresses it lists, those of them that are news, and its next state."""

    watch: Watch  # as it was before
    state: WatchState
    urls: Sequence[str] = ()
    recent: frozenset[str] = frozenset()
    failed: bool = False
    detail: str = ""
    retry_after: float | None = None


def _look(fetcher: Fetching, watch: Watch, now: datetime) -> _Look:
    """Ask one feed or sitemap, conditionally, and the parts of an index."""
    from archive.watching import polling

    listing, state, retry_after = _asked(fetcher, watch.target, watch.state)
    if listing is None:
        return _Look(watch, state, failed=True, detail=state.detail, retry_after=retry_after)
    items = list(listing.items)
    before = watch.state.parts
    # An index that was not modified may name sitemaps that were.
    named = polling.worth_asking(listing.parts, now) if state.detail != _SAME else list(before)
    kept = {}
    for url in named:
        etag, last_modified = before.get(url, (None, None))
        found, after, _ = _asked(fetcher, url, WatchState(etag, last_modified))
        kept[url] = after.etag, after.last_modified
        items += found.items if found else ()
    is_feed = watch.kind is WatchKind.FEED
    recent = frozenset(item.url for item in items if is_feed or polling.is_recent(item.published, now))
    return _Look(
        watch, replace(state, parts=kept), [item.url for item in items], recent, bool(listing.detail), listing.detail,
        retry_after,
    )  # fmt: skip


def _asked(fetcher: Fetching, url: str, state: WatchState) -> tuple[Listing | None, WatchState, float | None]:
    """The list at `url` (None: it cannot be had), the state with its validators, and how long we are asked to wait."""
    from archive.watching import polling

    fetched = fetcher.fetch(Request(url, by_hand=True, etag=state.etag, last_modified=state.last_modified))
    if fetched.last is not None and fetched.last.status == 304:
        return polling.Listing(), replace(state, detail=_SAME), fetched.retry_after
    payload = _payload(fetched)
    if payload is None:
        return None, replace(state, detail=fetched.detail), fetched.retry_after
    listing = polling.listing_of(url, payload)
    direct = fetched.last if len(fetched.exchanges) == 1 and not listing.detail else None
    validators = (direct.header("etag"), direct.header("last-modified")) if direct else (None, None)
    told = listing.detail or f"lists {len(listing.items)} pages"
    return listing, replace(state, etag=validators[0], last_modified=validators[1], detail=told), fetched.retry_after


def _payload(fetched: Fetched) -> bytes | None:
    """The body that was served with status 200, whole; None where there is none."""
    last = fetched.last
    return last.payload if last and last.status == 200 and last.payload and not last.truncated else None


def _rested(look: _Look, now: datetime, *, news: bool) -> Watch:
    """The watch after a look, and when it is due again."""
    before = look.watch.state
    newest = now if news or before.news is None else before.news
    failures = before.failures + 1 if look.failed else 0
    state = replace(look.state, looked=now, news=newest, failures=failures)
    due = schedule.next_look(now, newest, failures=failures, at_most=schedule.LIST, at_least=look.retry_after)
    return replace(look.watch, due=due, state=state)


def _next(store: Store, place: Place) -> Parcel | None:
    """What goes to `place` next; which notices those are is safe before they go."""
    with store.batch() as rows:
        return rows.watches.outbox.next(place.name)


def _by_hand(watches: dict[str, Watch], story: Story) -> bool:
    return story.watch in watches and watches[story.watch].kind is WatchKind.PAGE


def _versions(catalog: Catalog, url: str) -> int:
    """How many versions the archive has of what is not watched yet: none of these is news."""
    ids = catalog.resolve(url)
    return len(catalog.versions(ids[0])) if ids else 0
