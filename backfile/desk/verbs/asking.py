"""The verbs that ask: hits, facets, pairs, coverage, copies, lists of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from archive import Entry
from backfile.desk.progress import Progress, stage
from backfile.desk.verbs.halves import Halves
from index import Facet, Marks, Node, Results, Similar, Sort

if TYPE_CHECKING:
    from backfile.desk.checking import Checked, UnreadName
    from backfile.desk.copies import Carrier, Grouped
    from backfile.desk.coverage import Coverage, Step
    from backfile.desk.mapping import Spots
    from backfile.desk.narrowing import Narrowed
    from backfile.desk.networks import Citations, Network
    from backfile.desk.pairs import Pairs
    from index import FacetPage, FacetTable, ValueOrder

_SAVED = "saved:"


class Asking(Halves):
    """Asks an index that is up to date."""

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
        explain: bool = False,
        values: int | Mapping[str, int] = 10,
        significant: bool = False,
        strict: bool = False,
        answering: bool = False,
        progress: Progress | None = None,
    ) -> Results:
        """One page of hits, as `Index.search` gives it, from an index that is up to date.

        While another process writes it may be behind; `behind` says how far. `explain` counts every clause, `answering`
        the facet that a question asks for.
        """
        return self._current(progress).search(
            query, facets=facets, choose=choose, exclude=exclude, sort=sort, limit=limit, cursor=cursor, today=today,
            explain_clauses=explain, values=values, significant=significant, strict=strict,
            answering=answering,
        )  # fmt: skip

    def grouped(
        self,
        query: str | Node = "",
        *,
        facets: Sequence[str] = (),
        choose: Mapping[str, Sequence[str]] | None = None,
        exclude: Mapping[str, Sequence[str]] | None = None,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        cursor: str | None = None,
        explain: bool = False,
        values: int | Mapping[str, int] = 10,
        significant: bool = False,
        strict: bool = False,
        answering: bool = False,
        progress: Progress | None = None,
    ) -> Grouped:
        """As `search`, with one hit for each text: the best of its copies, and how many articles and sites have it."""
        from backfile.desk.copies import grouped

        index = self._current(progress)

        def pages(limit: int, cursor: str | None, group: str | None) -> Results:
            if group is None:
                return index.search(
                    query, facets=facets, choose=choose, exclude=exclude, sort=sort, limit=limit, cursor=cursor,
                    explain_clauses=explain, values=values, significant=significant, strict=strict,
                    answering=answering,
                )  # fmt: skip
            chosen = {**(choose or {}), "copyof": [group]}
            return index.search(
                query, facets=["site"], choose=chosen, exclude=exclude, sort=sort, limit=limit, strict=strict
            )  # fmt: skip

        return grouped(pages, index.copies.group_of, limit, cursor)

    def copies(self, page: str | Entry, progress: Progress | None = None) -> list[Carrier]:
        """The articles with the same text as the one that is meant, the first one first; none if it has no copies.

        Each with how it reads beside the first. NotFoundError, UsageError.
        """
        from backfile.desk.copies import copies

        return list(copies(self.archive, self._current(progress), self._id(page)))

    def facets(
        self,
        query: str | Node,
        names: Sequence[str],
        *,
        choose: Mapping[str, Sequence[str]] | None = None,
        exclude: Mapping[str, Sequence[str]] | None = None,
        values: int | Mapping[str, int] = 50,
        significant: bool = False,
        progress: Progress | None = None,
    ) -> tuple[Facet, ...]:
        """The facets `names` of what matches, without the hits."""
        return self._current(progress).facets(
            query, names, choose=choose, exclude=exclude, values=values, significant=significant
        )

    def facet_page(
        self,
        query: str | Node,
        name: str,
        *,
        find: str = "",
        order: ValueOrder | None = None,
        offset: int = 0,
        limit: int | None = 50,
        choose: Mapping[str, Sequence[str]] | None = None,
        exclude: Mapping[str, Sequence[str]] | None = None,
        progress: Progress | None = None,
    ) -> FacetPage:
        """Values of the facet `name` from the one at `offset` on (`limit` None: all), as `Overview.values` says."""
        return self._current(progress).overview.values(
            query, name, find=find, order=order, offset=offset, limit=limit, choose=choose, exclude=exclude
        )

    def facet_table(
        self,
        query: str | Node,
        name: str,
        by: str,
        *,
        limit: int | None = 20,
        by_limit: int | None = 20,
        choose: Mapping[str, Sequence[str]] | None = None,
        exclude: Mapping[str, Sequence[str]] | None = None,
        progress: Progress | None = None,
    ) -> FacetTable:
        """What matches by the values of the facet `name` and of the facet `by`, as `Overview.table` says."""
        return self._current(progress).overview.table(
            query, name, by, limit=limit, by_limit=by_limit, choose=choose, exclude=exclude
        )

    def pairs(
        self,
        query: str,
        name: str = "person",
        by: str = "",
        *,
        order: ValueOrder | None = None,
        limit: int = 50,
        read: int | None = None,
        progress: Progress | None = None,
    ) -> Pairs:
        """Who is named with whom in what matches: in how many articles and sentences, how surprisingly, since when.

        `name` and `by` (default: the same) are facets. `read`: how many articles may be read for their sentences, where
        not all. QueryError for those that have no names.
        """
        from backfile.desk.pairs import pairs

        index = self._current(progress)
        at = stage(progress, "reading sentences")
        return pairs(index, self.archive.each, query, name, by or name, order=order, limit=limit, read=read, at=at)

    def spots(self, query: str, limit: int = 60, progress: Progress | None = None) -> Spots:
        """The places that most of what matches names, and where on the globe they are. QueryError."""
        from backfile.desk.mapping import spots

        return spots(self._current(progress), self.archive.each, self.narrow(query), limit)

    def network(
        self,
        query: str,
        name: str = "person",
        by: str = "",
        *,
        order: ValueOrder | None = None,
        limit: int = 1000,
        progress: Progress | None = None,
    ) -> Network:
        """Who is named with whom in what matches, the first `limit` of `pairs` as the edges of a network."""
        from backfile.desk.networks import network_of_pairs

        found = self.pairs(query, name, by, order=order, limit=limit, progress=progress)
        return network_of_pairs(found)

    def citations(self, query: str, progress: Progress | None = None) -> AbstractContextManager[Citations]:
        """What matches, with every page that it cites and every one that cites it; `Citations.network` gives it."""
        from backfile.desk.networks import Citations

        found = Citations()
        entries = self.archive.each(self.ids(query, progress=progress))
        found.fill(entries, stage(progress, "reading citations"))
        return closing(found)

    def coverage(
        self, queries: Sequence[str], step: Step, *, sites: int = 0, progress: Progress | None = None
    ) -> Coverage:
        """How many articles of each query were published week by week, month by month or year by year, gaps as zeros.

        With `sites`, on each of the so many sites that have most of them. QueryError.
        """
        from backfile.desk.coverage import coverage

        return coverage(self._current(progress), queries, step, sites=sites)

    def check(
        self,
        source: Path | BinaryIO,
        *,
        field: str = "person",
        remember: bool = True,
        progress: Progress | None = None,
    ) -> Iterator[Checked | UnreadName]:
        """Look for each name of a list, as `read_names` reads it, and (to `remember`) keep what was found for the next
        time.

        Rows that are no names are yielded as such. QueryError for a field without names, StorageError for a bad file.
        """
        from backfile.desk.checking import check

        index = self._current(progress)
        return check(self.archive, index, source, field, remember=remember, at=stage(progress, "checking"))

    def similar(self, page: str | Entry, limit: int = 10, progress: Progress | None = None) -> list[Similar]:
        """The articles most like the one that is meant, with what they share; none if it has no article."""
        return self._current(progress).similar(self._id(page), limit)

    def suggest(
        self, field: str, start: str, limit: int = 10, progress: Progress | None = None, *, others: bool = True
    ) -> list[tuple[str, int]]:
        """Values of a facet as people type them, and in how many articles each is, most first, as `Index.suggest` says.

        `others`: those too that are called so otherwise. QueryError.
        """
        return self._current(progress).suggest(field, start, limit, others=others)

    def narrow(self, query: str) -> Narrowed:
        """A query as a page shows it: with what is chosen in it, and the queries one step away. QueryError."""
        from backfile.desk.narrowing import Narrowed

        return Narrowed.of(query, {one.name: one.query for one in self.searches()} if _SAVED in query.lower() else {})

    def marks(self, entry: Entry, query: str) -> Marks:
        """Where the article of an entry has what a query asks for. QueryError."""
        return self.index.marks(query, entry)
