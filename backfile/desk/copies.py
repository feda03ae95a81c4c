"""Articles with one text: who was first, what each of the others changed, and results with one hit for each text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from archive import Difference, Op, difference

if TYPE_CHECKING:
    from archive import Archive
    from index import Group, Index, Results


@dataclass(frozen=True, slots=True)
class Carrier:
    """An article of those with one text. `at`: when it came out, as far as that is known; `first`: before all others.

    `difference`: how it reads beside the first one, None for that one itself.
    """

    id: str
    url: str
    title: str
    site: str
    at: datetime
    first: bool
    difference: Difference | None

    def words(self, op: Op) -> int:
        """How many words it has more than the first one (ADDED), or lacks (REMOVED)."""
        pieces = self.difference.pieces if self.difference else ()
        return sum(len(piece.text.split()) for piece in pieces if piece.op is op)


def copies(archive: Archive, index: Index, id_: str) -> Iterator[Carrier]:
    """The articles with the text of this one, itself included, the first one first; none where it has no copies."""
    group = index.copies.group_of(id_)
    held = archive.get_many(member.id for member in group.members) if group else {}
    first = held.get(group.first.id) if group else None
    if group is None or first is None or first.article is None:
        return
    for member in group.members:
        entry = held.get(member.id)
        if entry and entry.article:
            yield Carrier(
                entry.id,
                entry.final_url or entry.url,
                entry.article.title,
                member.site,
                datetime.fromtimestamp(member.moment, UTC),
                entry is first,
                None if entry is first else difference(first.article, entry.article),
            )


@dataclass(frozen=True, slots=True)
class Run:
    """How far a text went: `articles` that match the query have it, on so many `sites`; `first` is who was first."""

    articles: int
    sites: int
    first: str


@dataclass(frozen=True, slots=True)
class Grouped:
    """A page of results with one hit for each text. Totals and facets are those of articles, all of them.

    `runs` has the hits that stand for more articles than themselves, by their ids.
    """

    results: Results
    runs: Mapping[str, Run]


class Pages(Protocol):
    """Gives a page of hits, of those in a group of copies alone where one is named."""

    def __call__(self, limit: int, cursor: str | None, group: str | None, /) -> Results: ...


def grouped(pages: Pages, group_of: Callable[[str], Group | None], limit: int, cursor: str | None) -> Grouped:
    """`limit` hits, each text once: as its best hit, wherever the others would have stood, on whatever page."""
    page = first = pages(limit, cursor, None)
    hits, runs = [], {}
    while True:
        for hit in page.hits:
            group = group_of(hit.id)
            if group is None:
                hits.append(hit)
                continue
            alike = pages(1, None, group.name)
            if not alike.hits or alike.hits[0].id == hit.id:
                hits.append(hit)
                runs[hit.id] = _run(group, alike)
        if page.cursor is None or len(hits) >= limit:
            break
        page = pages(limit - len(hits), page.cursor, None)
    return Grouped(replace(first, hits=tuple(hits), cursor=page.cursor), runs)


def _run(group: Group, alike: Results) -> Run:
    sites = next((facet.distinct for facet in alike.facets), 0)
    return Run(max(1, alike.total), max(1, sites), group.first.id)
