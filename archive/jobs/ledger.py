"""What a job asked for and what became of it, written down now and then: at most a second's worth is ever unwritten.

Pages are safe before they are reported; the ledger follows. Whoever was killed in between finds them in the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from archive.jobs import decide
from archive.keeper import Keeper
from archive.model import Added, News, Outcome, Stated
from archive.pipeline import Wanted
from archive.storage import CatalogWriter, Job, JobItem, JobState, Store
from archive.urls import identity

FLUSH_EVERY = 1.0  # seconds between two commits of what became of links
FLUSH_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Settled:
    """An item of a job as it is from now on, and the page that it became."""

    item: JobItem
    added: Added


Inside = Callable[[CatalogWriter, Sequence[Settled]], None]  # what else is done in the transaction


class Ledger:
    """Of one run over the waiting items of a job. `url_of` reads the address of an item, `stated_of` what it states."""

    def __init__(
        self, store: Store, job: Job, url_of: Callable[[JobItem], str], inside: Inside,
        stated_of: Callable[[JobItem], Stated | None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._store = store
        self._keeper = Keeper(store)
        self._job = job
        self._url_of = url_of
        self._stated_of = stated_of
        self._inside = inside
        self._asked: dict[str, JobItem] = {}  # by URL: given out, not yet settled
        self._settled: list[Settled] = []
        self._flushed = monotonic()

    def waiting(self) -> Iterator[Wanted]:
        """The items that wait, in the order of their source; those that an earlier run had asked for are settled."""
        last = 0
        while True:
            with self._store.catalog.jobs() as jobs:
                items = list(jobs.items(self._job.number, JobState.WAITING, last))
            if not items:
                return
            last = items[-1].n
            for item in items:
                url = self._url_of(item)
                if not self._was_asked(item, url):
                    self._asked[url] = item
                    yield Wanted(url, stated=self._stated_of(item))

    def came(self, added: Added) -> None:
        """A page that the run brought: an item's own, or a source of one."""
        item = self._asked.pop(added.url, None) if added.depth == 0 else None
        if item is not None:
            self._settle(item, added)

    def left_over(self) -> None:
        """Items that the run met as sources of others before their turn came are settled as those."""
        for url, item in self._asked.items():
            self._settle(item, as_source(self._keeper, url))
        self._asked.clear()

    @property
    def is_due(self) -> bool:
        """Whether it is time to write."""
        return len(self._settled) >= FLUSH_ITEMS or monotonic() - self._flushed >= FLUSH_EVERY

    def flush(self) -> list[Settled]:
        """Write what was settled since the last time; returns that."""
        settled, self._settled, self._flushed = self._settled, [], monotonic()
        if settled:
            with self._store.batch() as rows:
                rows.jobs.settle(self._job.number, [one.item for one in settled])
                self._inside(rows, settled)
        return settled

    def _settle(self, item: JobItem, added: Added) -> None:
        self._settled.append(Settled(decide.settled(item, added), added))

    def _was_asked(self, item: JobItem, url: str) -> bool:
        """Whether a run of this job asked for the link and was killed before it could say so here."""
        capture = self._store.catalog.latest_capture(identity(url))
        if capture is None or not decide.was_asked(item, capture, self._job.begun):
            return False
        held = self._keeper.held(url)
        if held is None:
            return False
        done = Added(held.id, url, capture.final_url, capture.outcome, capture.detail, held.title, 0, None)
        self._settle(item, replace(done, news=News.NOT_ASKED))
        return True


def as_source(keeper: Keeper, url: str) -> Added:
    """What is told of a URL that a run met as a source of another page before its turn came."""
    held = keeper.held(url)
    if held is None:
        return Added("", url, url, Outcome.FAILED, "was not asked for", "", 0, None)
    told = "captured as a source of another page"
    return Added(held.id, url, held.final_url, held.outcome, told, held.title, 0, None, news=News.NOT_ASKED)
