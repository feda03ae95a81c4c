"""The one way in: open an index over an archive, keep it up to date, ask it.

    archive.changes() ─follow─▶ Batch ─▶ engine.apply          query ─parse─▶ Plan ─▶ engine.run ─▶ Results

The index is disposable: whatever is in it was read from the archive, and `rebuild` reads it again. Snippets are cut
from the archive's text when a page of results is made: keeping the text in the index as well would double it on disk
to save one lookup for each hit that is shown.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self, TypeVar

from archive import Entry, NotFoundError, Problem
from index import asking, elsewhere, follow, generations
from index.asking import Question
from index.checking import problems
from index.completing import completions
from index.config import SearchSettings, read_settings
from index.copies.asked import in_groups
from index.engines import Answer, Completes, Engine
from index.errors import IndexBusyError, IndexDamagedError, IndexStorageError
from index.follow import Followed
from index.naming import marks
from index.opened import Opened, of_this_version
from index.plan import Limits, Overrun, Plan, Sort
from index.query.explain import explain
from index.query.nodes import Node
from index.query.parse import SAVED, parse
from index.results import Clause, Facet, Marks, Place, Results, Similar, read_cursor, write_cursor
from index.searching import expanded, hit, hits, page, rarity
from index.similarity import profile
from index.snippets import Needles
from index.spelling import spelled
from index.suggestions import respelled
from index.updating import Progress, Updated, brought_on, made_anew, tell

if TYPE_CHECKING:
    from index.copies.files import Copies
    from index.overview import Overview

FOLDER = "index"
_TRIED = 6  # respelled queries that are tried
_SUGGESTED = 3  # and shown
T = TypeVar("T")

Waiting = Callable[[str], None]  # who holds the lock that is waited for
Told = Callable[[str], None]  # what a person should know


def open_index(
    archive: Followed, folder: Path | str, settings: SearchSettings | None = None, *, told: Told | None = None
) -> Index:
    """The index of the archive that lies in `folder`; without `settings` they are read from its backfile.toml.

    `told` gets a sentence for whoever waits, when the index has to be made anew because it cannot be used. Nothing is
    read or made yet. SettingsError (the archive's) for a bad [search] section.
    """
    folder = Path(folder)
    return Index(archive, folder / FOLDER, settings or read_settings(folder), told)


class Index:
    """Answers from the latest commit; any number of threads and processes may ask while one updates.

    Errors: the SearchError tree. `close` (or the context manager) lets go of files.
    """

    def __init__(self, source: Followed, folder: Path, settings: SearchSettings, told: Told | None = None) -> None:
        self.folder = self._home = folder  # another one while that can be neither used nor written
        self.settings = settings
        self._source = source
        self._told = told
        self._opened = Opened(folder, settings)
        self._making = threading.Lock()
        self._aside: TemporaryDirectory[str] | None = None

    # -- asking ----------------------------------------------------------------------------------------------------

    def search(
        self,
        query: str | Node = "",
        *,
        facets: Sequence[str] = (),
        choose: Mapping[str, Sequence[str]] | None = None,
        exclude: Mapping[str, Sequence[str]] | None = None,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        cursor: str | None = None,
        today: date | None = None,
        explain_clauses: bool = False,
        values: int | Mapping[str, int] = 10,
        significant: bool = False,
        strict: bool = False,
    ) -> Results:
        """One page of at most `limit` hits: exact, and behind few, unless `strict`, others that say what they lack.

        `facets` are names as asking.facet_names lists them, each counted with its `values` most frequent values (one
        number, or one for each by name), or with those that stand out against the whole archive when `significant`;
        `choose` narrows the hits to entries with one of the given facet values, for each facet; `exclude` leaves out
        those with any of its values. Exact leaves of the query (person:="…") count as such choices. Relative dates are
        relative to `today` (default: today in UTC). With a saved search in it a query is always `strict`.
        """
        place = read_cursor(cursor, sort) if cursor else Place()
        asked = self._asked(
            query, facets=facets, choose=choose, exclude=exclude, sort=sort, today=today, explain=explain_clauses,
            values=values, significant=significant,
        )  # fmt: skip
        strict = strict or (isinstance(query, str) and SAVED in query.lower())
        found = page(
            asked, max(0, limit), place, lambda plan: self._run(asked, plan), self._source.get_many, strict=strict
        )
        nothing = not found.answer.total and not explain_clauses
        clauses = self._clauses_of_nothing(asked) if nothing else asking.clauses(asked, found.answer.clauses)
        return Results(
            query=str(asked.node),
            words=explain(asked.held, asked.today),
            total=found.answer.total,
            hits=tuple(hits(asked, found, self._source.get_many, self.settings.snippet)),
            cursor=write_cursor(sort, found.next) if found.next else None,
            facets=asking.facets(facets, asked.plan, found.answer.facets),
            clauses=clauses,
            suggestions=self._suggestions(asked, clauses) if not found.answer.total else (),
            behind=self.lag(),
            mixed=found.mixed,
        )

    def ids(
        self,
        query: str | Node = "",
        *,
        choose: Mapping[str, Sequence[str]] | None = None,
        exclude: Mapping[str, Sequence[str]] | None = None,
        sort: Sort = Sort.ID,
        today: date | None = None,
    ) -> Iterator[str]:
        """The ids of all hits of `search`, however many, in the order of `sort`, without making pages of them.

        They are those of one commit: what is written while they are read changes nothing. Some 30 bytes of memory for
        each hit. Errors of the query come from this call, IndexDamagedError also while reading.
        """
        asked = self._asked(query, choose=choose, exclude=exclude, sort=sort, today=today)
        if sort is Sort.RELEVANCE:
            asked = expanded(asked, lambda plan: self._run(asked, plan), self._source.get_many)
        return self._read(asked.text, lambda engine: engine.hits(asked.plan))

    def marks(self, query: str | Node, entry: Entry, today: date | None = None) -> Marks:
        """Where the article of `entry` has what `query` asks for, under whatever name it stands there. QueryError."""
        day = today or datetime.now(UTC).date()
        asked = asking.question(query, self.settings, today=day, searches=self._searches(query))
        return marks(entry, Needles(asked.plan.condition, asked.plan.choices))

    def parse(self, query: str) -> Node:
        """The tree of a query, with the archive's saved searches in the place of their names. QueryError."""
        return parse(query, self._searches(query))

    def facets(
        self,
        query: str | Node,
        names: Sequence[str],
        *,
        choose: Mapping[str, Sequence[str]] | None = None,
        exclude: Mapping[str, Sequence[str]] | None = None,
        values: int = 50,
        significant: bool = False,
        today: date | None = None,
    ) -> tuple[Facet, ...]:
        """The facets of `search` without its hits."""
        return self.search(
            query, facets=names, choose=choose, exclude=exclude, limit=0, values=values, significant=significant,
            today=today,
        ).facets  # fmt: skip

    @property
    def overview(self) -> Overview:
        """What is counted over all hits: lists of facet values, tables, pairs."""
        from index.overview import Overview

        return Overview(self._ready, self._read, self._searches, self._settled, self._source, self.settings)

    @property
    def copies(self) -> Copies:
        """Which articles have the same text."""
        from index.copies.files import Copies

        return Copies(self.folder)

    def similar(self, entry_id: str, limit: int = 10) -> list[Similar]:
        """The entries most like this one by names and rare words, best first; none if it has no article.

        Left out are the entry itself and others with its address. NotFoundError (the archive's) for an unknown id.
        """
        entry = self._source.get(entry_id)
        if entry is None:
            raise NotFoundError(f"there is no entry {entry_id!r}")
        self._ready()
        alike = self._opened.read(
            lambda engine: profile(entry, engine.frequencies, engine.size()) if isinstance(engine, Completes) else None
        )
        condition = alike.condition() if alike else None
        if alike is None or condition is None:
            return []
        plan = Plan(condition, limit=limit, limits=Limits(self.settings.seconds, self.settings.expansion))
        wanted = Needles(condition)
        found = []
        rows = self._read(entry_id, lambda engine: engine.run(spelled(plan, self._source))).rows
        held = self._source.get_many([row.card.id for row in rows])
        for row, other in ((row, held.get(row.card.id)) for row in rows):
            names, words = alike.shared_with(other) if other else ((), ())
            found.append(Similar(hit(row, wanted, other, self.settings.snippet), names, words))
        return found

    def suggest(self, field: str, start: str, limit: int = 10, *, others: bool = True) -> list[tuple[str, int]]:
        """Values of a facet as people type them, and in how many entries each is, most first.

        For each word in `start` the value has a word that begins so, or (`others`: where there are too few, and some
        articles are read for it) another of its names has. QueryError for a field without such values.
        """
        name, words = asking.completed(field, start)
        self._ready()
        return self._opened.read(lambda engine: completions(engine, self._source, name, words, limit, others=others))

    # -- keeping up ------------------------------------------------------------------------------------------------

    def update(
        self, progress: Progress | None = None, waiting: Waiting | None = None, *, wait: float | None = None
    ) -> Updated:
        """Take in what the archive logged since the last time; make the index if there is none, or none of this log.

        One that cannot be used, because another version made it or it is damaged, is made anew: `Updated.why` says so,
        and whoever is to be told is. IndexBusyError when another process writes longer than `wait` (default:
        settings.lock_wait) seconds, IndexStorageError (read_only) where nothing can be.
        """
        with generations.lock(self.folder, self.settings.lock_wait if wait is None else wait, waiting):
            why = ""
            for find in (self._reached, self._adopted):
                try:
                    if (position := find()) is not None:
                        with self._opened.engine() as engine:
                            return brought_on(self.folder, engine, self.settings, self._source, position, progress)
                except IndexDamagedError as error:
                    why = error.reason
            if why:
                tell(f"The index is made anew: {why}.", self._told)
            return self._rebuild(progress, why)

    def catch_up(self, progress: Progress | None = None) -> None:
        """`update` where that can be done at once: another process that writes is doing it, and some may not write."""
        try:
            self.update(progress, wait=0.0)
        except IndexBusyError:
            pass
        except IndexStorageError as error:
            if not error.read_only:
                raise

    def rebuild(self, progress: Progress | None = None, waiting: Waiting | None = None) -> Updated:
        """Make the index anew beside the old one, with the engine of the settings, and put it in its place at once."""
        with generations.lock(self.folder, self.settings.lock_wait, waiting):
            return self._rebuild(progress)

    def lag(self) -> int:
        """How many changes of the archive the index does not know yet; all of them when it follows another log."""
        last = self._source.last_change()
        position = of_this_version(self._reached, None)
        return last if position is None else last - position

    @property
    def place(self) -> str:
        """Where the index of these settings lies: a folder, or an address."""
        return elsewhere.place_of(self.folder, self.settings)

    def size(self) -> int:
        """How many entries the index knows, 0 when there is none, or none of this version."""
        return of_this_version(lambda: self._opened.read(lambda engine: engine.size()) if self._is_made() else 0, 0)

    def check(self) -> Iterator[Problem]:
        """What is wrong with the index, held against the archive. Changes not yet taken in are no problem."""
        try:
            yield from problems(self.folder, self._opened, self._source, self.settings.batch)
        except IndexDamagedError as error:
            yield Problem("index", error.folder, str(error), "backfile reindex")

    def close(self) -> None:
        self._opened.close()
        if self._aside:
            self._aside.cleanup()
            self._aside = None
            self._move(self._home)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- parts -----------------------------------------------------------------------------------------------------

    def _asked(self, query: str | Node, *, today: date | None, **facts: Any) -> Question:
        """The question of a query, without limit and cursor, once there is an index. QueryError."""
        facts |= {"today": today or datetime.now(UTC).date(), "searches": self._searches(query)}
        asked = asking.question(query, self.settings, limit=0, rarity=self._rarity, **facts)
        self._ready()
        return replace(asked, plan=self._settled(asked.plan))

    def _settled(self, plan: Plan) -> Plan:
        """In the archive's own terms: tags as it spells them, copies by the group that they are in."""
        return in_groups(spelled(plan, self._source), lambda id_: self.copies.group_of(id_))

    def _rarity(self, terms: Sequence[str]) -> list[float]:
        """How little is said by finding each stem in an article; 0.0 where nobody counts them."""
        self._ready()
        return self._opened.read(lambda engine: rarity(engine, terms))

    def _searches(self, query: str | Node) -> Mapping[str, str]:
        """The saved searches, where a query may speak of them."""
        return follow.searches_of(self._source) if isinstance(query, str) and SAVED in query.lower() else {}

    def _ready(self) -> None:
        """Make the index now if there is none of this version; where it cannot be written, in a place for us alone."""
        if self._is_ready():
            return
        with self._making:
            try:
                if not self._is_ready():
                    self.update()
            except IndexStorageError as error:
                if not error.read_only:
                    raise
                tell(f"The index is made for this once, in a place of its own: {error}.", self._told)
                self._aside = TemporaryDirectory(prefix="backfile-index-")
                self._move(Path(self._aside.name))
                self.update()

    def _move(self, folder: Path) -> None:
        self._opened.close()
        self.folder = folder
        self._opened = Opened(folder, self.settings)

    def _is_ready(self) -> bool:
        return of_this_version(lambda: self._is_made() and not self._is_empty(), False)

    def _is_made(self) -> bool:
        return generations.current(self.folder) is not None

    def _reached(self) -> int | None:
        """The position in the log that the index has come to, None where it is to begin anew."""
        generation = generations.current(self.folder)
        if generation is None or generation.log != follow.log_of(self._source):
            return None
        position = self._opened.read(lambda engine: engine.position())
        return position if position <= self._source.last_change() else None  # this log began anew and cannot say so

    def _run(self, asked: Question, plan: Plan) -> Answer:
        return self._read(asked.text, lambda engine: engine.run(self._settled(plan)))

    def _read(self, text: str, ask: Callable[[Engine], T]) -> T:
        """What `ask` gets; a limit that it reaches is told in terms of the query's `text`."""
        try:
            return self._opened.read(ask)
        except Overrun as overrun:
            raise asking.too_broad(overrun, text) from overrun

    def _is_empty(self) -> bool:
        """Whether nothing was ever taken in though there is something, as with an engine that keeps nothing on disk."""
        return not self._opened.read(lambda engine: engine.position()) and self._source.last_change() > 0

    def _adopted(self) -> int | None:
        """Likewise, where a server has an index of this log that another folder made."""
        return self._reached() if elsewhere.adopted(self.folder, self.settings, self._source) else None

    def _rebuild(self, progress: Progress | None, why: str = "") -> Updated:
        generation, engine, done = made_anew(self.folder, self.settings, self._source, progress, why)
        self._opened.exchange(generation, engine)
        return done

    def _clauses_of_nothing(self, asked: Question) -> tuple[Clause, ...]:
        """What each part finds by itself, for a question that found nothing."""
        alone = replace(asked.plan, clauses=asked.conditions(), counts=(), limit=0)
        return asking.clauses(asked, self._run(asked, alone).clauses)

    def _suggestions(self, asked: Question, clauses: Sequence[Clause]) -> tuple[str, ...]:
        """The query with one word replaced by one that is in the index, where that finds something."""
        missing = asked.missing(clauses)
        texts = self._opened.read(
            lambda engine: (
                list(islice(respelled(asked.text, missing, engine.similar), _TRIED))
                if isinstance(engine, Completes)
                else []
            )
        )
        again = ((text, asking.again(asked, text, self.settings)) for text in texts)
        return tuple(islice((text for text, other in again if self._run(other, other.plan).total), _SUGGESTED))
