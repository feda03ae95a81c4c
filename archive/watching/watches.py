"""The list of what is watched, what stored queries have shown, and the word that goes out: `Archive.watches`.

What is due is looked at in run.py. What is to be delivered (e-mail, webhook) is put into the outbox with the record
that it was told, and taken out once it was delivered.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive import urls
from archive.errors import NotFoundError
from archive.folder import check_atom, check_output
from archive.storage import Act, ActKind, Catalog, Watch, WatchKind
from archive.watching import decide
from archive.watching.notices import Notice, NoticeKind, decoded, encoded

if TYPE_CHECKING:
    from archive.storage import CatalogWriter, Store
    from archive.storage.catalog.outbox import Parcel
    from archive.watching.notifying import Place
    from archive.wiring import Wiring

_FEED = 100  # articles in the Atom feed


class Watches:
    """What an archive watches; `Archive.watches` gives it."""

    def __init__(self, wiring: Wiring, catalog: Callable[[], Catalog]) -> None:
        self._folder = wiring.folder
        self._settings = wiring.settings
        self._storing = wiring.storing
        self._hands = wiring.hands
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
        with self._storing(short=True) as (store, keeper, _):
            keeper.act(Act(ActKind.WATCH, target, (kind.value,), datetime.now(UTC)))
            watch = self._one(store.catalog, target)
            if kind is WatchKind.PAGE:
                item = urls.entry_id(urls.key(target))
                with store.batch() as rows:
                    if rows.watches.unseen(watch.id, [item]):
                        told = rows.watches.versions({item: target}).get(item, 0)
                        rows.watches.put([decide.of_page(watch, item, told)])
        return watch

    def remove(self, target: str) -> Watch:
        """Watch `target` (or the watch with this id) no longer. NotFoundError when it is not watched."""
        watch = next((one for one in self.all() if target in (one.id, one.target)), None)
        if watch is None:
            raise NotFoundError(f"{target!r} is not watched; `backfile watch list` shows what is")
        with self._storing(short=True) as (_, keeper, _):
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
        stories, looked = decide.of_matches(watch, ids, datetime.now(UTC), report=report)
        with self._storing(patient=True) as (store, _, _), store.batch() as rows:
            rows.watches.put(stories)
            self._keep(rows, notices)
            rows.watches.looked(looked)

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
        with self._storing(patient=True) as (store, _, _):
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
        """What was noticed last, at most 100 articles, as an Atom feed. `log`: the archive's log_id.

        SettingsError where [watch] atom names what is not to be written to, UsageError for what is part of an archive.
        """
        from archive.exporting import atom

        check_atom(self._settings.watch.atom, self._folder)
        check_output(target, self._folder)
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

        In a team it waits for its turn to write. Raises LockedError, StorageError, and SettingsError where [watch]
        makes no sense.
        """
        from archive.pipeline import Run
        from archive.watching.run import WatchRun

        self._places()
        check_atom(self._settings.watch.atom, self._folder)
        settings = self._settings
        with self._storing(patient=True) as (store, keeper, reader), self._fetching() as fetcher:
            to = Run(settings, fetcher, reader, keeper, settings.links.depth, again=True, hands=self._hands())
            yield from WatchRun(store, to, now or datetime.now(UTC), self._keep)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _keep(self, rows: CatalogWriter, notices: Iterable[Notice]) -> None:
        if places := self._places():
            rows.watches.outbox.put([place.name for place in places], map(encoded, notices))

    def _places(self, folder: Path = Path()) -> list[Place]:
        """Who is to be told. Sending needs the archive's `folder`, where the file with the password may be."""
        if not (self._settings.watch.email.host or self._settings.watch.webhook.url):
            return []
        from archive.watching.notifying import places

        return list(places(self._settings, folder))

    def _one(self, catalog: Catalog, target: str) -> Watch:
        with catalog.watches() as table:
            return next(watch for watch in table.all() if watch.target == target)

    def _found(self, url: str, kind: WatchKind | None) -> tuple[str, WatchKind]:
        """What is to be watched at `url`."""
        from archive.watching.looking import what_is_at

        with self._fetching() as fetcher:
            return what_is_at(fetcher, url, kind)


def _next(store: Store, place: Place) -> Parcel | None:
    """What goes to `place` next; which notices those are is safe before they go."""
    with store.batch() as rows:
        return rows.watches.outbox.next(place.name)
