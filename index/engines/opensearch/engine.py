"""The Engine: plans run, batches taken in.

A batch is written document by document, each with the batch's position as its version, then shown, then the position is
noted. After a crash in between the batch comes again and changes nothing where it was written; until then readers may
see a part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from index.config import SearchSettings
from index.counting import Axis, Crossed, Listing, Paired, Pairing
from index.edits import distance
from index.engines import Answer, Batch, Row, Tally
from index.engines.opensearch import counting, layout, placing
from index.engines.opensearch.queries import Query, all_of, heaviest, matching, rarity, scoring, weighed
from index.engines.opensearch.searches import LARGEST_PAGE, Searches, total
from index.engines.opensearch.server import Json, Server
from index.engines.opensearch.writing import write
from index.plan import Choice, Count, Everything, Limits, Plan, Scored, Sort

_MISSPELLED = 200  # terms near a misspelt one that are weighed against each other
_LIMITS = Limits()

T = TypeVar("T")


def open_engine(folder: Path, settings: SearchSettings) -> OpenSearchEngine:
    """The engine whose index the note in `folder` names; without one, on a new index."""
    server = Server(settings.url)
    try:
        place = placing.noted(folder) or placing.make(server, folder, settings.index, settings.shards)
    except BaseException:
        server.close()
        raise
    return OpenSearchEngine(server, place, folder)


def adopt(folder: Path, settings: SearchSettings, log: str) -> bool:
    """Whether what stands under the name in the settings follows that log; then `folder` is a generation of it."""
    with closing(Server(settings.url)) as server:
        place = placing.standing(server, settings.index, log) if log else None
    if place is not None:
        placing.note(folder, place)
    return place is not None


def where(settings: SearchSettings) -> str:
    """The address of the index, for a person."""
    return f"{settings.url.rstrip('/')}/{settings.index}"


class OpenSearchEngine:
    """An Engine (that Completes, Tabulates, ChecksItself and Publishes) over one index of a cluster."""

    def __init__(self, server: Server, place: placing.Place, folder: Path) -> None:
        self._server = server
        self._place = place
        self._folder = folder

    # -- what it holds ---------------------------------------------------------------------------------------------

    def apply(self, batch: Batch) -> None:
        meta = placing.meta_of(self._server, self._place, self._folder)
        write(self._server, self._place, batch, self._folder)
        placing.tell(self._server, self._place, {**meta, "position": batch.position})

    def position(self) -> int:
        return int(placing.meta_of(self._server, self._place, self._folder)["position"])

    def size(self) -> int:
        return self._searches().counts([matching(Everything())])[0]

    def ids(self) -> Iterator[str]:
        return self.hits(Plan(Everything(), sort=Sort.ID))

    def publish(self, log: str) -> None:
        meta = placing.meta_of(self._server, self._place, self._folder)
        placing.tell(self._server, self._place, {**meta, "log": log})
        placing.publish(self._server, self._place, self._folder)

    def faults(self) -> Iterator[str]:
        placing.meta_of(self._server, self._place, self._folder)
        health = self._server.ask("GET", f"/_cluster/health/{self._place.name}?timeout=1s")
        if health.get("status") == "red":
            yield f"OpenSearch at {self._server.url} lacks a part of the index {self._place.name}"

    def close(self) -> None:
        self._server.close()

    # -- what it answers -------------------------------------------------------------------------------------------

    def run(self, plan: Plan) -> Answer:
        searches = self._searches(plan.limits)
        body = self._hits(searches, plan, plan.limit) | {"aggs": _facets(plan)}
        clauses = [matching(clause) for clause in plan.clauses]
        found, *more = searches.many([body, *map(_counted, clauses)])
        return Answer(
            total=total(found),
            rows=tuple(self._rows(searches, plan, body, found)),
            facets=tuple(_tally(searches, plan, n, count, found) for n, count in enumerate(plan.counts)),
            clauses=tuple(map(total, more)),
        )

    def hits(self, plan: Plan) -> Iterator[str]:
        searches = self._searches(plan.limits)
        body = {**self._hits(searches, plan, LARGEST_PAGE), "_source": False}
        pages = searches.stream(body)
        return iter([hit["_id"] for page in pages for hit in page])

    def list_values(self, plan: Plan, listing: Listing) -> Tally:
        base = _query(plan, beside=listing.field)
        return counting.listed(self._searches(plan.limits), base, matching(plan.background), listing)

    def cross(self, plan: Plan, rows: Axis, columns: Axis) -> Crossed:
        return counting.crossed(self._searches(plan.limits), _query(plan), rows, columns)

    def pair(self, plan: Plan, asked: Pairing) -> Paired:
        return counting.paired(self._searches(plan.limits), _query(plan), asked)

    def complete(self, field: str, starts: Sequence[str], limit: int) -> list[tuple[str, int]]:
        return counting.completed(self._searches(), field, starts, limit)

    def similar(self, field: str, term: str, limit: int) -> list[str]:
        asked = {
            "field": f"t_{field}", "suggest_mode": "always", "max_edits": 2, "prefix_length": 1, "min_word_length": 1,
            "size": _MISSPELLED, "shard_size": _MISSPELLED, "max_term_freq": 2**30, "accuracy": 0.0,
        }  # fmt: skip
        body = {"suggest": {"near": {"text": layout.token(term), "term": asked}}, "size": 0}
        answer = self._searches().one(body)
        options = {one["text"]: one["freq"] for part in answer["suggest"]["near"] for one in part["options"]}
        near = sorted((distance(term, found), -freq, found) for found, freq in options.items() if found != term)
        return [found for edits, _, found in near if edits <= 2][:limit]

    def frequencies(self, field: str, stems: Sequence[str]) -> list[int]:
        searches = self._searches()
        return searches.counts([{"term": {f"s_{field}": layout.token(stem)}} for stem in stems])

    # -- parts -----------------------------------------------------------------------------------------------------

    def _searches(self, limits: Limits = _LIMITS) -> Searches:
        return Searches(self._server, self._place.name, str(self._folder), limits.seconds)

    def _hits(self, searches: Searches, plan: Plan, limit: int) -> Json:
        """The search for the rows of a plan, the choices left to a filter behind the counts."""
        asked: Json = {"filter": [matching(plan.condition)]}
        if plan.sort is Sort.RELEVANCE and limit:
            asked["should"] = self._scores(searches, plan)
        body: Json = {
            "query": {"bool": asked},
            "post_filter": all_of([matching(choice.condition) for choice in plan.choices]),
            "size": min(limit, LARGEST_PAGE) if not _is_behind_all(plan) else 0,
            "sort": _order(plan.sort),
            "track_total_hits": True,
            "_source": ["card"],
        }
        if (after := _after(plan)) is not None:
            body["search_after"] = after
        return body

    def _scores(self, searches: Searches, plan: Plan) -> list[Query]:
        """What makes the scores: each part with the weight that plan.py gives it in all documents of today."""
        scored = plan.scored or (plan.condition,)
        parts = list(dict.fromkeys(leaf for part in scored for leaf in weighed(part)))
        documents, *having = searches.counts([matching(Everything()), *map(matching, parts)]) if parts else [0]
        weights: dict[Scored, float] = {
            leaf: getattr(leaf, "boost", 1.0) * rarity(documents, n) for leaf, n in zip(parts, having, strict=True)
        }
        return [query for part in scored for query in scoring(part, heaviest(weights), hit=not plan.scored)]

    def _rows(self, searches: Searches, plan: Plan, body: Json, found: Json) -> Iterator[Row]:
        """The rows of an answer, and of further ones where a plan asks for more than one may hold."""
        left = plan.limit
        while hits := found["hits"]["hits"]:
            yield from (_row(hit, plan.sort) for hit in hits)
            left -= len(hits)
            if left <= 0 or len(hits) < body["size"]:
                return
            following = {**body, "search_after": hits[-1]["sort"], "size": min(left, LARGEST_PAGE)}
            found = searches.one({name: part for name, part in following.items() if name != "aggs"})


def _counted(query: Query) -> Json:
    return {"query": all_of([query]), "size": 0, "track_total_hits": True}


def _query(plan: Plan, *, beside: str = "") -> Query:
    """What finds the hits, whatever was chosen of the field `beside`."""
    return all_of([matching(plan.condition), *_others(plan.choices, beside)])


def _others(choices: Iterable[Choice], field: str) -> list[Query]:
    return [matching(choice.condition) for choice in choices if choice.field != field]


def _facets(plan: Plan) -> Json:
    """The facets of a plan, each over what the choices of other fields leave."""
    return {
        str(n): {"filter": all_of(_others(plan.choices, count.field)), "aggs": counting.aggregation(count)}
        for n, count in enumerate(plan.counts)
    }


def _tally(searches: Searches, plan: Plan, number: int, count: Count, found: Json) -> Tally:
    answer: dict[str, Any] = found["aggregations"][str(number)]
    hits = int(answer["doc_count"])
    if not counting.is_exact(answer):
        answer = counting.exact(searches, _query(plan, beside=count.field), count)
    if count.significant:
        return counting.significant(searches, count, answer, hits, matching(plan.background))
    return counting.tally(count, answer)


def _order(sort: Sort) -> list[Json]:
    first = {Sort.RELEVANCE: {"_score": "desc"}, Sort.ID: None}.get(sort, {sort.value: "asc"})
    return [*([first] if first else []), {"id": "asc"}]


def _after(plan: Plan) -> list[Any] | None:
    """Where the rows of a plan begin, as OpenSearch wants it."""
    after = plan.after
    if after is None or (plan.sort is Sort.ID and after.key):
        return None
    if plan.sort is Sort.ID:
        return [after.id]
    if plan.sort is Sort.RELEVANCE:
        return [_finite(-after.key, 3e38), after.id]
    return [_finite(after.key, layout.NO_DAY if plan.sort is not Sort.CAPTURED else 1e300), after.id]


def _is_behind_all(plan: Plan) -> bool:
    """Whether no row can come after `after`: all have the key 0 in the order of ids."""
    return plan.sort is Sort.ID and plan.after is not None and plan.after.key > 0


def _finite(number: float, most: float) -> float:
    return max(-most, min(most, number))


def _row(hit: Json, sort: Sort) -> Row:
    card = layout.card(hit["_id"], hit["_source"])
    first = hit["sort"][0]
    match sort:
        case Sort.RELEVANCE:
            return Row(card, -float(first), float(first))
        case Sort.ID:
            return Row(card, 0.0, 0.0)
        case Sort.NEWEST | Sort.OLDEST if card.date is None:
            return Row(card, float("inf"), 0.0)
        case _:
            return Row(card, float(first), 0.0)
