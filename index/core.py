"""The one way in: open an index over an archive, keep it up to date, ask it.

    archive.changes() ─follow─▶ Batch ─▶ engine.apply          query ─parse─▶ Plan ─▶ engine.run ─▶ Results

The index is disposable: whatever is in it was read from the archive, and `rebuild` reads it again. Snippets are cut
from the archive's text when a page of results is made: keeping the text in the index as well would double it on disk
to save one lookup for each hit that is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from archive import Entry, NotFoundError
from index import asking, follow
from index.asking import Question
from index.config import SearchSettings, read_settings
from index.engines import Answer, Completes, Engine
from index.follow import Followed
from index.naming import marks
from index.plan import Limits, Overrun, Plan, Sort
from index.query.explain import explain
from index.query.nodes import Node, leaves
from index.query.parse import SAVED, parse
from index.query.sentence import may_name_time
from index.results import Clause, Facet, Marks, Place, Results, Similar, read_cursor, write_cursor
from index.searching import expanded, hit, hits, page, rarity
from index.settling import settled
from index.snippets import Needles
from index.upkeep import Told, Upkeep

if TYPE_CHECKING:
    from index.copies.files import Copies
    from index.overview import Overview
    from index.query.when import Dated

FOLDER = "index"
_TRIED = 6  # respelled queries that are tried
_ELSEWHERE = 60  # and such of other fields
_SUGGESTED = 3  # and shown
_ANSWERS = 10  # values of the facet that a question asks for
T = TypeVar("T")


def open_index(
    archive: Followed, folder: Path | str, settings: SearchSettings | None = None, *, told: Told | None = None
) -> Index:
    """The index of the archive that lies in `folder`; without `settings` they are read from its backfile.toml.

    `told` gets a sentence for whoever waits, when the index has to be made anew because it cannot be used. Nothing is
    read or made yet. SettingsError (the archive's) for a bad [search] section.
    """
    folder = Path(folder)
    return Index(archive, folder / FOLDER, settings or read_settings(folder), told)


class Index(Upkeep):
    """Answers from the latest commit; any number of threads and processes may ask while one updates.

    Errors: the SearchError tree. `close` (or the context manager) lets go of files.
    """

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
        answering: bool = False,
    ) -> Results:
        """One page of at most `limit` hits: exact, and behind few, unless `strict`, others that say what they lack.

        `facets` are names as asking.facet_names lists them, each counted with its `values` most frequent values (one
        number, or one for each by name), or with those that stand out against the whole archive when `significant`;
        `choose` narrows the hits to entries with one of the given facet values, for each facet; `exclude` leaves out
        those with any of its values. Exact leaves of the query (person:="…") count as such choices. Relative dates are
        relative to `today` (default: today in UTC). With a saved search in it a query is always `strict`. `answering`
        counts, behind `facets`, also the one that a question asks for (`Results.asks`), on its first page.
        """
        place = read_cursor(cursor, sort) if cursor else Place()
        asked = self._asked(
            query, facets=facets, choose=choose, exclude=exclude, sort=sort, today=today, explain=explain_clauses,
            values=values, significant=significant,
        )  # fmt: skip
        if answering and not cursor:
            asked, facets = asking.opened(asked, facets, _ANSWERS, significant=significant)
        strict = strict or (isinstance(query, str) and SAVED in query.lower())
        dated = self._dated(asked) if limit > 0 and not (cursor and strict) else None
        loosely = asking.without_time(asked, dated.at) if dated else asked
        glances = follow.glances_of(self._source, named=False)
        found = page(loosely, max(0, limit), place, lambda plan: self._run(asked, plan), glances, strict=strict)
        nothing = not found.answer.total and not explain_clauses
        clauses = self._clauses_of_nothing(asked) if nothing else asking.clauses(asked, found.answer.clauses)
        return Results(
            query=str(asked.node),
            words=explain(asked.held, asked.today),
            total=found.answer.total,
            hits=tuple(hits(asked, found, self._source, self.settings.snippet)),
            cursor=write_cursor(sort, found.next) if found.next else None,
            facets=asking.facets(facets, asked.plan, found.answer.facets),
            clauses=clauses,
            suggestions=self._suggestions(asked, clauses, days=not dated) if not found.answer.total else (),
            behind=self.lag(),
            mixed=found.mixed,
            asks=asked.sentence.asks,
            dated=dated.query if dated and not cursor else "",
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
            glances = follow.glances_of(self._source, named=False)
            asked = expanded(asked, lambda plan: self._run(asked, plan), glances)
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
        values: int | Mapping[str, int] = 50,
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
        from index.similarity import profile

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
        rows = self._read(entry_id, lambda engine: engine.run(self._settled(plan))).rows
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
        from index.completing import completions

        name, words = asking.completed(field, start)
        self._ready()
        return self._opened.read(lambda engine: completions(engine, self._source, name, words, limit, others=others))

    def _asked(self, query: str | Node, *, today: date | None, **facts: Any) -> Question:
        """The question of a query, without limit and cursor, once there is an index. QueryError."""
        facts |= {"today": today or datetime.now(UTC).date(), "searches": self._searches(query)}
        asked = asking.question(query, self.settings, limit=0, rarity=self._rarity, **facts)
        self._ready()
        return replace(asked, plan=self._settled(asked.plan))

    def _settled(self, plan: Plan) -> Plan:
        """In the archive's own terms: tags as it spells them, copies by the group that they are in."""
        return settled(plan, self._source, lambda id_: self.copies.group_of(id_))

    def _rarity(self, terms: Sequence[str]) -> list[float]:
        """How little is said by finding each stem in an article; 0.0 where nobody counts them."""
        self._ready()
        return self._opened.read(lambda engine: rarity(engine, terms))

    def _searches(self, query: str | Node) -> Mapping[str, str]:
        """The saved searches, where a query may speak of them."""
        return follow.searches_of(self._source) if isinstance(query, str) and SAVED in query.lower() else {}

    def _run(self, asked: Question, plan: Plan) -> Answer:
        return self._read(asked.text, lambda engine: engine.run(self._settled(plan)))

    def _read(self, text: str, ask: Callable[[Engine], T]) -> T:
        """What `ask` gets; a limit that it reaches is told in terms of the query's `text`."""
        try:
            return self._opened.read(ask)
        except Overrun as overrun:
            raise asking.too_broad(overrun, text) from overrun

    def _clauses_of_nothing(self, asked: Question) -> tuple[Clause, ...]:
        """What each part finds by itself, for a question that found nothing."""
        alone = replace(asked.plan, clauses=asked.conditions(), counts=(), limit=0)
        return asking.clauses(asked, self._run(asked, alone).clauses)

    def _dated(self, asked: Question) -> Dated | None:
        """The query with the time that it speaks of as days of publication, where articles came out then."""
        if SAVED in asked.text.lower() or not may_name_time(asked.text, asked.sentence):
            return None
        from index.query.when import dated

        found = dated(asked.text, asked.node, asked.sentence, asked.today)
        if found is None:
            return None
        other = asking.again(asked, found.query, self.settings)
        plans = [other.plan, *([asking.loosened(other, 0)] if other.sentence.is_loose else [])]
        return found if any(self._run(other, plan).total for plan in plans) else None

    def _suggestions(self, asked: Question, clauses: Sequence[Clause], *, days: bool) -> tuple[str, ...]:
        """The query with a part asked of another field (of days: unless `dated` does that better), or with one word
        respelled, where that finds something."""
        if not self.size():
            return ()
        from index.suggestions import elsewhere, respelled

        missing = asked.missing(clauses)
        texts = list(islice(elsewhere(asked.text, missing, list(leaves(asked.held)), days=days), _ELSEWHERE))
        texts += self._opened.read(
            lambda engine: (
                list(islice(respelled(asked.text, missing, engine.similar), _TRIED))
                if isinstance(engine, Completes)
                else []
            )
        )
        again = ((text, asking.again(asked, text, self.settings)) for text in texts)
        return tuple(islice((text for text, other in again if self._run(other, other.plan).total), _SUGGESTED))
