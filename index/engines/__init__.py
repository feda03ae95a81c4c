"""The one seam to what stores and searches documents: the Engine Protocol, what goes in and what comes out.

An engine keeps documents and the position in the archive's change log up to which they are true, both in the same
commit: after a crash it holds a whole batch or nothing of it. One on a server may hold a part of it, and be given it
again. It writes nothing outside its folder but to what its settings name, and it knows nothing of archives, queries or
pages. `memory` is the oracle, `whoosh` the default, `opensearch` for what outgrows one machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from archive import frozen
from index.fields import Card, Document
from index.plan import Plan

if TYPE_CHECKING:
    from index.config import SearchSettings
    from index.counting import Axis, Crossed, Listing, Paired, Pairing


@frozen
class Batch:
    """One commit. A document replaces the one with its id; no id is in both lists; `deleted` may name unknown ids."""

    documents: Sequence[Document]
    deleted: Sequence[str]
    position: int


@frozen
class Row:
    """One hit. `key` is what it was ordered by (see plan.Plan), `score` 0.0 unless the order is by relevance."""

    card: Card
    key: float
    score: float


@frozen
class Tally:
    """The counts of one facet: values as the Count asked for them, and how many different ones there are in all.

    `scores`: for significant values, how many documents of the background have each, and its score. `about`: a value
    may be missing or its count too low, because an engine of many parts cannot ask each of them for everything.
    """

    values: tuple[tuple[str, int], ...]
    distinct: int
    scores: tuple[tuple[int, float], ...] = ()
    about: bool = False


@frozen
class Answer:
    """What a Plan came to. `facets` and `clauses` stand in the order of the plan's `counts` and `clauses`."""

    total: int
    rows: tuple[Row, ...]
    facets: tuple[Tally, ...] = ()
    clauses: tuple[int, ...] = ()


class Engine(Protocol):
    """Documents in, answers out.

    Errors: IndexDamagedError when the folder does not hold what this engine (of this version) wrote;
    IndexStorageError when the disk refuses; plan.Overrun when a limit of the plan is reached; nothing else on purpose.
    Any number of processes may `run` while one applies; each sees one commit as a whole.
    """

    def apply(self, batch: Batch) -> None:
        """Take the batch in, durably, as one commit."""

    def position(self) -> int:
        """The position of the last batch, 0 when there was none; as fresh as the folder."""

    def size(self) -> int:
        """How many documents there are; as fresh as the folder."""

    def run(self, plan: Plan) -> Answer:
        """Answer from the latest commit."""

    def ids(self) -> Iterator[str]:
        """Ids of all documents, in any order, each once."""

    def hits(self, plan: Plan) -> Iterator[str]:
        """Ids of all hits in the plan's order, after its `after`; its limit, counts and clauses are left aside.

        What there is to come is settled by this call: later commits change nothing of it.
        """

    def close(self) -> None:
        """Let go of files and memory. May be called twice."""


@runtime_checkable
class Completes(Protocol):
    """An engine that knows its words and names, for suggestions."""

    def complete(self, field: str, starts: Sequence[str], limit: int) -> list[tuple[str, int]]:
        """Facet values of `field` and their counts, most first: for each of `starts` a term of theirs begins so."""

    def similar(self, field: str, term: str, limit: int) -> list[str]:
        """Terms of a `texts` field at most two edits from `term`, nearest and most frequent first, `term` left out."""

    def frequencies(self, field: str, stems: Sequence[str]) -> list[int]:
        """About how many documents have each stem in a `texts` field: its terms are counted each by itself."""


@runtime_checkable
class Tabulates(Protocol):
    """An engine that counts over all hits of a plan, whose limit, counts and clauses are left aside."""

    def list_values(self, plan: Plan, listing: Listing) -> Tally:
        """A stretch of the values of one facet, with scores where they are ordered by significance."""

    def cross(self, plan: Plan, rows: Axis, columns: Axis) -> Crossed:
        """The hits by the values of two facets; all choices of the plan hold."""

    def pair(self, plan: Plan, asked: Pairing) -> Paired:
        """Which values of two facets the hits have together; all choices of the plan hold."""


@runtime_checkable
class Loads(Protocol):
    """An engine that takes many batches in faster than one after the other."""

    def load(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """`apply` to each batch, in order, giving it back when it is in; the next ones may be asked for before."""


@runtime_checkable
class ChecksItself(Protocol):
    """An engine that can read everything it stores and say what is wrong."""

    def faults(self) -> Iterator[str]:
        """One sentence for each thing found wrong."""


@runtime_checkable
class Publishes(Protocol):
    """An engine that keeps its documents on a server, where an index is looked for under one name."""

    def publish(self, log: str) -> None:
        """Give that name to this index, which follows the change log `log`; the one that had it goes."""


class Opener(Protocol):
    """How an engine is opened on a folder of its own, by the settings of the search."""

    def __call__(self, folder: Path, settings: SearchSettings) -> Engine: ...


class Served(Protocol):
    """What the module of an engine has beside `open_engine` when its documents are on a server."""

    def adopt(self, folder: Path, settings: SearchSettings, log: str) -> bool:
        """Make `folder` stand for the index on the server that follows the change log `log`, if there is one."""

    def where(self, settings: SearchSettings) -> str:
        """Where the index is, for a person."""


ENGINES = ("memory", "opensearch", "whoosh")


def opener(name: str) -> Opener:
    """How the engine `name` (one of ENGINES) is opened: an empty or missing folder becomes an empty index.

    One that keeps its documents elsewhere has the settings to say where, and its folder for what it must remember.
    The module is imported now, not before: engines bring heavy libraries.
    """
    return cast("Opener", import_module(f"index.engines.{name}").open_engine)


def served(name: str) -> Served | None:
    """What the engine `name` can be asked about its server, None for one that keeps all in its folder."""
    module = import_module(f"index.engines.{name}")
    return cast("Served", module) if hasattr(module, "adopt") else None
