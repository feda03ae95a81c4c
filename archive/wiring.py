"""What an archive works with, put together in one place: store, keeper, reader, and who asks for pages.

What was handed in takes the place of our own and is left open; what is made here is closed here, also when a later part
cannot be had. What fetches and reads pages is loaded only by the verbs that need it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from archive.config import ArchiveSettings, with_choices
from archive.errors import LockedError
from archive.frozen import frozen
from archive.model import Article, Reading, Resources
from archive.storage.places import Server, catalog_of

if TYPE_CHECKING:
    from archive.entities import Recogniser
    from archive.fetch.pace import SharedPace
    from archive.forgetting.letting_go import LettingGo
    from archive.jobs.planned import AddPlan
    from archive.keeper import Keeper, ReadsAgain
    from archive.pipeline import HandsFor, Run
    from archive.reading import Reader
    from archive.seams import Fetching, PacedFetching
    from archive.storage import Store
    from archive.storage.vault import Vault

LOCK_WAIT = 30.0  # seconds a writer waits for another one to finish
_SAID_AFTER = 2.0  # seconds that a patient one waits before it says for whom: most writers are done by then


@frozen
class Wiring:
    """The parts of one archive; `fetcher` and `recogniser` where they were handed in. `told` hears whom we wait for."""

    folder: Path
    settings: ArchiveSettings
    fetcher: Fetching | None = None
    recogniser: Recogniser | None = None
    told: Callable[[str], None] | None = None

    def reader(self) -> Reader:
        """Whoever reads pages; to be closed."""
        from archive.reading import Reader

        return Reader(self.settings.entities.recogniser if self.recogniser is None else self.recogniser)

    def understood(self, article: Article) -> Reading:
        """The names, dates and topics in an article."""
        from archive.entities import understand
        from archive.reading import loaded

        return understand(article, loaded(self.recogniser or self.settings.entities.recogniser))

    @contextmanager
    def fetching(self) -> Iterator[PacedFetching]:
        """Whoever asks for pages. SettingsError for settings that it cannot work with."""
        if self.fetcher is not None:
            from archive.seams import Paced

            yield Paced(self.fetcher, self.settings.fetch)
            return
        from archive.fetch import Fetcher

        with self._shared_pace() as shared, Fetcher(self.settings.fetch, shared=shared) as fetcher:
            yield fetcher

    @property
    def team(self) -> Server | None:
        """Where the processes of a team meet; None where the archive lies in its folder."""
        where = catalog_of(self.folder)
        return where if isinstance(where, Server) else None

    @contextmanager
    def _shared_pace(self) -> Iterator[SharedPace | None]:
        server = self.team
        if server is None:
            yield None
            return
        from archive.team.pacing import ServerPace

        with closing(ServerPace(server)) as pace:
            yield pace

    def hands(self) -> HandsFor:
        """Who fetches and reads for a run: its own threads, and in a team whoever works."""
        from archive.pipeline import own_hands

        server = self.team
        if server is None or self.fetcher is not None or self.recogniser is not None:
            return own_hands  # what was handed in is here alone
        from archive.team import hands

        return hands.of_team(server)

    @contextmanager
    def storing(
        self, *, fresh: bool = False, short: bool = False, patient: bool = False
    ) -> Iterator[tuple[Store, Keeper, Reader]]:
        """The one writer, with what an interrupted one left already catalogued, unless into a `fresh` catalog.

        `short`: for a few acts, which a long writer lets in between two of its commits. `patient`: in a team it waits
        for another writer as long as that takes, and tells once whom it waits for. LockedError otherwise.
        """
        from archive.forgetting import is_pending
        from archive.keeper import Keeper, OwnReading

        with ExitStack() as held:
            waited = patient and self.team is not None
            store = held.enter_context(self._in_turn() if waited else self._opened(fresh=fresh, short=short))
            reader = held.enter_context(self.reader())
            if is_pending(self.folder):
                self.letting_go(store).finish()
            keeper = Keeper(store, self.vault.limits)
            if not fresh:
                for _ in keeper.recover(OwnReading(reader, store.reader)):
                    pass
            yield store, keeper, reader
            if store.look_again():  # workers were killed when they had stored something, and before they could say so
                for _ in keeper.recover(OwnReading(reader, store.reader)):
                    pass

    @contextmanager
    def reading_again(self, store: Store, reader: Reader) -> Iterator[ReadsAgain]:
        """Who reads what is stored for a rebuild: our own processes, and in a team whoever works."""
        from archive.keeper import OwnReading

        reader.use_workers()
        own, server = OwnReading(reader, store.reader), self.team
        if server is None or self.recogniser is not None:
            yield own  # a recogniser that was handed in is here alone
            return
        from archive.team.queue import Queue
        from archive.team.rereading import TeamReading

        with TeamReading(own, Queue(server, "backfile run")) as pages:
            yield pages

    @contextmanager
    def ruling(self) -> Iterator[None]:
        """Inside, rules.toml may be changed: it is that of all folders of the archive before, and so it is behind."""
        from archive.storage.opening import keep_rules

        with self.storing(short=True) as (store, _, _):
            yield
            keep_rules(store.catalog, catalog_of(self.folder), self.vault)

    def _opened(self, wait: float | None = None, *, fresh: bool = False, short: bool = False) -> Store:
        from archive.storage import open_store

        wait = LOCK_WAIT if wait is None else wait
        return open_store(self.folder, self.settings.store, wait=wait, fresh=fresh, short=short)

    def _in_turn(self) -> Store:
        """The store, once nobody else writes."""
        try:
            return self._opened(min(_SAID_AFTER, LOCK_WAIT))
        except LockedError as error:
            self.tell(f"{error}: waiting for the turn to write, however long that takes (Ctrl-C ends it)")
        while True:
            with suppress(LockedError):
                return self._opened()

    def tell(self, what: str) -> None:
        """Let whoever works with the archive know."""
        if self.told is not None:
            self.told(what)

    def letting_go(self, store: Store) -> LettingGo:
        """Whoever lets go of what is in an open store."""
        from archive.forgetting.letting_go import LettingGo

        return LettingGo(self.folder, store, self.notices_file, vault=self.vault)

    @property
    def notices_file(self) -> Path | None:
        """The Atom file that lists what was noticed last; None where there is none."""
        return self.folder / self.settings.watch.atom if self.settings.watch.atom else None

    @property
    def vault(self) -> Vault:
        """Where the WARC files lie. UsageError where that cannot be reached as things are set."""
        from archive.storage.vault import vault_of

        return vault_of(self.folder, self.settings.store)

    @contextmanager
    def run(
        self, depth: int, settings: ArchiveSettings, *, again: bool = False, patient: bool = True
    ) -> Iterator[tuple[Run, Keeper]]:
        """One run over pages, and where it keeps them. `patient` as in `storing`."""
        from archive.pipeline import Run

        with self.storing(patient=patient) as (_, keeper, reader), self.fetching() as fetcher:
            yield Run(settings, fetcher, reader, keeper, depth, again, hands=self.hands()), keeper

    def run_of(self, how: AddPlan, fetcher: PacedFetching, reader: Reader, keeper: Keeper) -> Run:
        """A run over pages that does what was planned."""
        from archive.pipeline import Run, own_hands

        hands = own_hands if how.browser else self.hands()  # others would not know of the browser
        return Run(
            with_choices(self.settings, how.resources, how.rescue), fetcher, reader, keeper,
            self.settings.links.depth if how.depth is None else how.depth, how.again,
            how.resources not in (None, Resources.NONE), hands, how.browser,
        )  # fmt: skip
