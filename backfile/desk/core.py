"""The desk itself: one folder, its archive and its index, and every verb that a door offers.

Reading is safe from several threads. A verb that writes waits for the writer's lock as the archive does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from archive import (
    Added,
    Archive,
    ArchiveSettings,
    Article,
    Capture,
    Entry,
    ExportFormat,
    Job,
    JobKind,
    JobState,
    Kind,
    LinkPiece,
    NotFoundError,
    Piece,
    Problem,
    Resource,
    Resources,
    SavedSearch,
    Shown,
    UsageError,
    Version,
    Which,
    create_archive,
    find_folder,
    is_capture_id,
    link_pieces,
    moment,
    open_archive,
    raw_pieces,
    read_settings,
)
from backfile.desk.narrowing import Narrowed
from backfile.desk.progress import Progress, stage
from backfile.desk.results import Comparison, Saved, Status
from index import Facet, Index, Marks, Node, Results, Similar, Sort, open_index, parse_query

if TYPE_CHECKING:
    from archive import (
        AddPlan,
        Copied,
        Entity,
        Exported,
        Fetching,
        Going,
        Hidden,
        Imported,
        Proved,
        Recogniser,
        Suggestion,
        Texts,
    )
    from backfile.desk.checking import Checked, UnreadName
    from backfile.desk.copies import Carrier, Grouped
    from backfile.desk.coverage import Coverage, Step
    from backfile.desk.marking import Marked
    from backfile.desk.networks import Citations, Network
    from backfile.desk.pairs import Pairs
    from backfile.desk.watching import Watching
    from index import FacetPage, FacetTable, ValueOrder

_SAVED = "saved:"


def open_desk(
    folder: Path | str | None = None,
    settings: ArchiveSettings | None = None,
    *,
    fetcher: Fetching | None = None,
    recogniser: Recogniser | None = None,
    told: Callable[[str], None] | None = None,
    by: str = "",
    keeps_up: bool = True,
) -> Desk:
    """The desk of the archive in `folder` (default: found as the command finds it).

    `fetcher` and `recogniser` are those of `open_archive`, `told` is that of `open_index`. `by`: who adds, tags and
    edits, in the place of the setting and of the user's name on this system. With `keeps_up` every question is asked of
    an index that is up to date; without, somebody calls `catch_up` now and then, and nobody waits.

    Raises NotFoundError when there is no archive, SettingsError for bad settings. Close it, or use it in a `with`.
    """
    if by:
        folder = find_folder(Path(folder) if folder is not None else None)
        settings = settings or read_settings(folder)
        settings = replace(settings, store=replace(settings.store, added_by=by))
    archive = open_archive(folder, settings, fetcher=fetcher, recogniser=recogniser)
    return Desk(archive, open_index(archive, archive.folder, told=told), fetcher, recogniser, keeps_up=keeps_up)


def create_desk(folder: Path | str) -> Desk:
    """A new archive in `folder`, and its desk. UsageError when there is one already: it is never overwritten."""
    archive = create_archive(folder)
    return Desk(archive, open_index(archive, archive.folder))


class Desk:
    """Every verb on an archive and its index together. `archive` and `index` are the halves, for what is not here."""

    def __init__(
        self,
        archive: Archive,
        index: Index,
        fetcher: Fetching | None = None,
        recogniser: Recogniser | None = None,
        *,
        keeps_up: bool = True,
    ) -> None:
        self.archive = archive
        self.index = index
        self._fetcher = fetcher
        self._recogniser = recogniser
        self._keeps_up = keeps_up

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files; using the desk opens them again."""
        self.index.close()
        self.archive.close()

    @property
    def folder(self) -> Path:
        """Where all of it lies."""
        return self.archive.folder

    # -- bringing in -----------------------------------------------------------------------------------------------

    def add(
        self,
        urls: Iterable[str],
        *,
        depth: int | None = None,
        again: bool = False,
        tags: Iterable[str] = (),
        note: str = "",
        resources: Resources | None = None,
        rescue: bool | None = None,
    ) -> Generator[Added]:
        """Archive `urls` and the sources they cite, as `Archive.add` does, and index them at the end.

        The entries of `urls`, and no sources, have `tags` and `note` in the end, as `Archive.mark` gives them.
        """
        added = self.archive.add(urls, depth=depth, again=again, resources=resources, rescue=rescue)
        return self._indexed(self._marked(added, tags, note))

    def add_page(
        self,
        html: bytes,
        url: str | None = None,
        *,
        at: datetime | None = None,
        depth: int | None = None,
        tags: Iterable[str] = (),
        note: str = "",
        resources: Resources | None = None,
    ) -> Generator[Added]:
        """Archive a saved page as what `url` served at `at` (default: now), with its sources, and index them.

        Without `url` the page says itself where it was saved from; UsageError where it does not.
        """
        from backfile.desk.bringing import saved_from

        found = url or saved_from(html)
        if found is None:
            raise UsageError("the page does not say which address it was saved from: name it")
        added = self.archive.add_page(html, found, at=at, depth=depth, resources=resources)
        return self._indexed(self._marked(added, tags, note))

    def plan_add(
        self, urls: Iterable[str], *, depth: int | None = None, tags: Iterable[str] = (), note: str = "", key: str = ""
    ) -> Job:
        """Write down a job that adds `urls` with `tags` and `note`, for `go_on`, here or in another process, to do.

        As `Archive.plan_add`: safe when this returns, and one job for one `key`.
        """
        return self.archive.plan_add(urls, depth=depth, tags=tags, note=note, key=key)

    def planned(self) -> list[tuple[Job, AddPlan]]:
        """The jobs of `plan_add` that have something left to do and how each is to be done, oldest first."""
        return self.archive.planned()

    def go_on(self, number: int) -> Generator[Added]:
        """Do what is left of a job of `plan_add`, mark what it brought, and index it."""
        plans = {job.number: how for job, how in self.archive.planned(only_open=False)}
        how = plans.get(number)
        try:
            yield from self._indexed(self.archive.go_on(number))
        finally:
            if how and (how.tags or how.note):
                items = self.job_items(number, (JobState.DONE, JobState.FAILED))
                self.archive.mark((item.id for item in items if item.id), how.tags, how.note)
                self.index.update()

    def retry(self) -> Generator[Added]:
        """Ask again for every cited source that failed in a way that may pass, and index what came."""
        return self._indexed(self.archive.retry())

    def import_files(
        self,
        paths: Iterable[Path],
        *,
        format: str | None = None,  # noqa: A002 - the word for it
        depth: int | None = None,
        fetch: bool = True,
        again: bool = False,
        retry_failed: bool = False,
        concurrency: int | None = None,
        tags: Iterable[str] = (),
        note: str = "",
        resources: Resources | None = None,
        rescue: bool | None = None,
        progress: Progress | None = None,
    ) -> Generator[Imported]:
        """Import files and folders as `Archive.import_files` does; the index follows, and is up to date at the end.

        `concurrency`: pages asked for at once, in place of the setting. `tags` and `note`: as in `add`, on the entry of
        each item that the import has brought by its end, also by an earlier run of it.
        """
        from backfile.desk.bringing import indexed_while_imported

        paths = tuple(paths)
        with self._with_concurrency(concurrency) as archive:
            imported = archive.import_files(
                paths, format=format, depth=depth, fetch=fetch, again=again, retry_failed=retry_failed,
                resources=resources, rescue=rescue, progress=stage(progress, "importing"),
            )  # fmt: skip
            if tags or note:
                imported = self._marked_import(imported, paths, format, tags, note)
            yield from indexed_while_imported(imported, self.index)

    def import_job(self, paths: Iterable[Path], *, format: str | None = None) -> Job | None:  # noqa: A002
        """The newest import of these files, None when there was none."""
        return self.archive.import_job(paths, format=format)

    def stopped_imports(self) -> list[tuple[tuple[Path, ...], str | None]]:
        """The files, and the format if one was named, of every import that has something left to do."""
        return self.archive.stopped_imports()

    def jobs(self, *kinds: JobKind) -> list[Job]:
        """Every job of these kinds (default: imports) that there was, newest first, with its items counted by state."""
        return self.archive.jobs(*kinds)

    def job(self, number: int) -> Job:
        """One job. NotFoundError when there is none of that number."""
        if job := self.archive.job(number):
            return job
        raise NotFoundError(f"there is no job {number}; `backfile jobs` lists them")

    def job_items(self, number: int, states: Iterable[JobState]) -> Iterator[Imported]:
        """The items of an import that are in these states, however many, state by state."""
        for state in states:
            after = 0
            while items := self.archive.job_items(number, state, after):
                after = items[-1].n
                yield from items

    def rejects_file(self, job: int) -> Path:
        """Where the bad rows of an import are listed, if it had any."""
        return self.archive.rejects_file(job)

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
        explain: bool = False,
        values: int = 10,
        significant: bool = False,
        strict: bool = False,
        progress: Progress | None = None,
    ) -> Results:
        """One page of hits, as `Index.search` gives it, from an index that is up to date.

        While another process writes it may be behind; `behind` says how far. `explain` counts every clause.
        """
        return self._current(progress).search(
            query, facets=facets, choose=choose, exclude=exclude, sort=sort, limit=limit, cursor=cursor, today=today,
            explain_clauses=explain, values=values, significant=significant, strict=strict,
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
        significant: bool = False,
        strict: bool = False,
        progress: Progress | None = None,
    ) -> Grouped:
        """As `search`, with one hit for each text: the best of its copies, and how many articles and sites have it."""
        from backfile.desk.copies import grouped

        index = self._current(progress)

        def pages(limit: int, cursor: str | None, group: str | None) -> Results:
            if group is None:
                return index.search(
                    query, facets=facets, choose=choose, exclude=exclude, sort=sort, limit=limit, cursor=cursor,
                    explain_clauses=explain, significant=significant, strict=strict,
                )  # fmt: skip
            chosen = {**(choose or {}), "copyof": [group]}
            return index.search(
                query, facets=["site"], choose=chosen, exclude=exclude, sort=sort, limit=limit, strict=strict
            )  # fmt: skip

        return grouped(pages, index.copies.group_of, limit, cursor)

    def copies(self, ref: str, progress: Progress | None = None) -> list[Carrier]:
        """The articles with the same text as the one that `ref` means, the first one first; none if it has no copies.

        Each with how it reads beside the first. NotFoundError, UsageError.
        """
        from backfile.desk.copies import copies

        return list(copies(self.archive, self._current(progress), self.find(ref).id))

    def ids(
        self,
        query: str | Node = "",
        *,
        choose: Mapping[str, Sequence[str]] | None = None,
        exclude: Mapping[str, Sequence[str]] | None = None,
        sort: Sort = Sort.ID,
        progress: Progress | None = None,
    ) -> Iterator[str]:
        """The ids of everything that matches, however much, from an index that is up to date."""
        return self._current(progress).ids(query, choose=choose, exclude=exclude, sort=sort)

    def facets(
        self,
        query: str | Node,
        names: Sequence[str],
        *,
        choose: Mapping[str, Sequence[str]] | None = None,
        exclude: Mapping[str, Sequence[str]] | None = None,
        values: int = 50,
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
        progress: Progress | None = None,
    ) -> Pairs:
        """Who is named with whom in what matches: in how many articles and sentences, how surprisingly, since when.

        `name` and `by` (default: the same) are facets. QueryError for those that have no names.
        """
        from backfile.desk.pairs import pairs

        index = self._current(progress)
        at = stage(progress, "reading sentences")
        return pairs(index, self.archive.get, query, name, by or name, order=order, limit=limit, at=at)

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
        found.fill(self.ids(query, progress=progress), self.archive.get, stage(progress, "reading citations"))
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
        self, path: Path, *, field: str = "person", progress: Progress | None = None
    ) -> Iterator[Checked | UnreadName]:
        """Look for each name of a list, as `read_names` reads it, and keep what was found for the next time.

        Rows that are no names are yielded as such. QueryError for a field without names, StorageError for a bad file.
        """
        from backfile.desk.checking import check

        index = self._current(progress)
        return check(self.archive, index, path, field, stage(progress, "checking"))

    def similar(self, ref: str, limit: int = 10, progress: Progress | None = None) -> list[Similar]:
        """The articles most like the one that `ref` means, with what they share; none if it has no article."""
        return self._current(progress).similar(self.find(ref).id, limit)

    def suggest(
        self, field: str, start: str, limit: int = 10, progress: Progress | None = None
    ) -> list[tuple[str, int]]:
        """Values of a facet as people type them, and in how many articles each is, most first. QueryError."""
        return self._current(progress).suggest(field, start, limit)

    def narrow(self, query: str) -> Narrowed:
        """A query as a page shows it: with what is chosen in it, and the queries one step away. QueryError."""
        return Narrowed.of(query, {one.name: one.query for one in self.searches()} if _SAVED in query.lower() else {})

    def marks(self, entry: Entry, query: str) -> Marks:
        """Where the article of an entry has what a query asks for. QueryError."""
        return self.index.marks(query, entry)

    # -- reading ---------------------------------------------------------------------------------------------------

    def find(self, ref: str) -> Entry:
        """The entry that `ref` means: an id (also of a capture), the beginning of one, or a URL.

        NotFoundError, UsageError.
        """
        return self.archive.find(ref)

    def as_it_was(self, ref: str, which: Which, *, names: bool = True) -> Entry:
        """The entry that `ref` means with the text that it had, as `Archive.as_it_was` gives it."""
        return self.archive.as_it_was(ref, which, names=names)

    def named(self, ref: str) -> str:
        """The id of the entry that `ref` means, or of the capture where it is the id of one. NotFoundError."""
        entry = self.find(ref)
        return self.archive.version(entry.id, Which(capture=ref)).capture_id if is_capture_id(ref) else entry.id

    def named_or_hidden(self, ref: str) -> str:
        """The id of the entry that `ref` means, also where it is under embargo. NotFoundError, UsageError."""
        return self.archive.named_or_hidden(ref)

    def page(self, ref: str, which: Which | None = None) -> bytes:
        """The page that the article of `ref` (as it was) was read from, as it was served, byte for byte."""
        return self.archive.payload(self.archive.as_it_was(ref, which or Which(), names=False).capture_id)

    def capture(self, id: str) -> Capture:  # noqa: A002 - the word for it
        """One capture. NotFoundError when there is none of that id."""
        return self.archive.capture(id)

    def payload(self, capture: str) -> bytes:
        """What a capture holds, as it was served, byte for byte. NotFoundError when it holds nothing."""
        return self.archive.payload(capture)

    def sealed(self, capture: str) -> bytes:
        """The page of a capture as one file that is safe to open and to serve: `Archive.self_contained`."""
        return self.archive.self_contained(capture)

    def version(self, ref: str, number: int) -> Article:
        """The article as version `number` (from 1) of the page had it. NotFoundError."""
        return self.archive.article(self.find(ref).id, number)

    def self_contained(self, ref: str, which: Which | None = None) -> bytes:
        """The same page as one file that is safe to open and to serve: `Archive.self_contained`."""
        return self.archive.self_contained(self.archive.as_it_was(ref, which or Which(), names=False).capture_id)

    def resources(self, ref: str) -> list[Resource]:
        """What that page is shown with, and what became of it."""
        return self.archive.resources(self.find(ref).capture_id)

    def versions(self, ref: str) -> list[Version]:
        """The texts that the page has carried, oldest first."""
        return self.archive.versions(self.find(ref).id)

    def captures(self, ref: str) -> list[Capture]:
        """Every capture of the page, oldest first."""
        return self.archive.captures(self.find(ref).id)

    def compare(self, ref: str, old: int | str | None = None, new: int | str | None = None) -> Comparison:
        """How version `new` of a page differs from version `old` (default: the last two). NotFoundError.

        Each is a number, a day or moment at which that version stood (`moment`), or the id of a capture.
        """
        entry = self.find(ref)
        from archive import difference

        first = self._version(entry, old) if old is not None else None
        if new is not None:
            second = self._version(entry, new)
        else:
            last = entry.version if first is None else min(first.version.number + 1, entry.version)
            second = self._version(entry, last)
        if first is None:
            first = self._version(entry, max(1, second.version.number - 1))
        texts = (self.archive.article(entry.id, one.version.number) for one in (first, second))
        captures = first.capture_id, second.capture_id
        return Comparison(entry, first.version, second.version, difference(*texts), captures)

    def compare_links(self, found: Comparison) -> list[LinkPiece]:
        """What became of the links from one version to the other."""
        return link_pieces(*(self.archive.article(found.entry.id, one.number) for one in (found.old, found.new)))

    def compare_pages(self, found: Comparison) -> list[Piece]:
        """How the page itself differs, as it was served."""
        return raw_pieces(*map(self.archive.payload, found.captures))

    # -- what a person adds ----------------------------------------------------------------------------------------

    def tag(self, ref: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> tuple[str, ...]:
        """Put tags on an article and take others away; returns those that it then has, sorted."""
        (done,) = self.tag_all([ref], add, remove)
        return _sure(done).tags

    def tag_all(self, refs: Iterable[str], add: Iterable[str] = (), remove: Iterable[str] = ()) -> Generator[Marked]:
        """As `tag`, for what many ids and URLs mean, which are taken as they come; yields each once that is safe.

        One that means nothing comes with its error. The index follows once, at the end.
        """
        from backfile.desk.marking import marked

        return marked(self.archive, self.index, refs, add=tuple(add), remove=tuple(remove))

    def note(self, ref: str, text: str | None = None) -> str:
        """Write a note on an article ("" removes it; None leaves it as it is); returns the one that it then has."""
        (done,) = self.note_all([ref], text)
        return _sure(done).note

    def note_all(self, refs: Iterable[str], text: str | None = None) -> Generator[Marked]:
        """As `note`, for what many ids and URLs mean; as `tag_all`."""
        from backfile.desk.marking import marked

        return marked(self.archive, self.index, refs, note=text)

    def edit(
        self,
        ref: str,
        *,
        title: str | None = None,
        authors: Iterable[str] | None = None,
        published_on: date | str | None = None,
        site: str | None = None,
    ) -> Entry:
        """Say what the title, authors, day or site of an article is, as `Archive.edit`; returns it as it then is."""
        found = self.find(ref).id
        entry = self.archive.edit(found, title=title, authors=authors, published_on=published_on, site=site)
        self.index.update()
        return entry

    def undo_edit(self, ref: str, *, all: bool = False) -> Entry:  # noqa: A002
        """Take back the latest edit of an article, or all of them, as `Archive.undo_edit`; returns it as it then is."""
        entry = self.archive.undo_edit(self.find(ref).id, all=all)
        self.index.update()
        return entry

    def searches(self) -> list[SavedSearch]:
        """The queries that were given a name, by it."""
        return self.archive.searches.all()

    def save(self, name: str, query: str) -> Saved:
        """Give a query a name, by which `saved:NAME` stands for it in others. QueryError, UsageError for the name."""
        self.index.parse(query)
        known = {one.name: one.query for one in self.searches()}
        parse_query(f'saved:"{name}"', known | {name.lower(): query})  # it may not be saved in terms of itself
        search = self.archive.searches.add(name, query)
        return Saved(search, search.name in known)

    def forget_search(self, name: str) -> SavedSearch:
        """Forget the search of that name. NotFoundError when there is none."""
        return self.archive.searches.remove(name)

    @cached_property
    def watching(self) -> Watching:
        """What is watched: feeds, sitemaps, pages and queries."""
        from backfile.desk.watching import Watching

        return Watching(self)

    # -- names -----------------------------------------------------------------------------------------------------

    def names(self, kind: Kind | None = None, limit: int = -1) -> list[Entity]:
        """What the archive takes for one thing under all its names, most stories first; a negative `limit`: all."""
        return self.archive.names(kind, limit)

    def suggest_names(self, limit: int = 50) -> list[Suggestion]:
        """Names that may be one thing, likeliest first, for a person to decide."""
        return self.archive.suggest_names(limit)

    def check_rules(self) -> list[str]:
        """Remarks on rules of rules.toml that touch no name in the archive. SettingsError for a bad file."""
        return self.archive.check_rules()

    # -- handing out -----------------------------------------------------------------------------------------------

    def export(
        self,
        target: Path | BinaryIO,
        query: str = "",
        format: ExportFormat = ExportFormat.JSONL,  # noqa: A002
        *,
        ids: Iterable[str] | None = None,
        sort: Sort = Sort.OLDEST,
        texts: Texts | None = None,
        sign: bool = False,
        progress: Progress | None = None,
    ) -> Exported:
        """Write every article that matches to a file, which appears when it is whole, or into a stream.

        `ids` are those of the articles instead, in their order. Markdown makes a folder. `texts`: which of the texts of
        each (default: the current one). `sign`: a WACZ is signed with the archive's own key.
        Raises UsageError, StorageError, QueryError; what could not be exported is named.
        """
        from archive import ExportStamp, export_entries, export_to

        stamp = ExportStamp(query, datetime.now(UTC), self.archive.log_id(), len(self.hidden()))
        if ids is None:
            ids = self.ids(query, sort=sort, progress=progress)
        at = stage(progress, "exporting")
        if isinstance(target, Path):
            return export_entries(self.archive, ids, format, stamp, target, at, texts, sign=sign)
        return export_to(target, self.archive, ids, format, stamp, at, texts, sign=sign)

    def export_short_links(
        self,
        target: Path | BinaryIO,
        format: ExportFormat = ExportFormat.JSONL,  # noqa: A002
        progress: Progress | None = None,
    ) -> Exported:
        """Write what every short link stood for, and when that was last seen, as CSV or JSON Lines. UsageError."""
        from archive import export_short_links

        return export_short_links(self.archive.short_links(), format, target, stage(progress, "exporting"))

    def prove(self, ref: str, which: Which, target: Path | None = None) -> Proved:
        """Write what can be proved of a text to a page, and the same as JSON beside it. NotFoundError, UsageError."""
        from archive import prove_one

        return prove_one(self.archive, ref, which, target)

    def prove_all(self, query: str, target: Path, progress: Progress | None = None) -> list[Proved]:
        """Write what can be proved of every article that matches into a new folder, with a page that lists them."""
        from archive import prove_all

        ids = self.ids(query, sort=Sort.OLDEST, progress=progress)
        return prove_all(self.archive, ids, query, target, stage(progress, "proving"))

    # -- looking after it ------------------------------------------------------------------------------------------

    def status(self) -> Status:
        """The folder in numbers."""
        return Status(self.folder, self.archive.counts(), self.index.lag())

    def state(self) -> str:
        """Names what can be asked and read now: another one when anything in archive, index or rules has changed."""
        searches = "|".join(f"{one.name}:{one.query}" for one in self.searches())
        known = f"{self.archive.log_id()} {self.archive.last_change()} {self.index.lag()} {searches}"
        return sha256(known.encode("utf-8", "replace")).hexdigest()[:24]

    def catch_up(self, progress: Progress | None = None) -> None:
        """Let the index take in what an interrupted command, or another one's rules, left for later.

        Where that cannot be done at once, results say how far behind they are.
        """
        may_write = os.access(self.folder, os.W_OK)
        if may_write:
            self.archive.embargoes.end()
        if self.archive.reindex_wanted() and may_write:
            self._forgotten(progress)
        elif self.index.lag():
            self.index.catch_up(stage(progress, "indexing"))

    def verify(
        self, progress: Progress | None = None, *, share: float | None = None, since: datetime | None = None
    ) -> Iterator[Problem]:
        """Read everything that is stored; yields what is not as it was written, first the archive, then the index.

        With `share` or `since` a part of the archive alone, as `Archive.verify` has it.
        """
        yield from self.archive.verify(stage(progress, "verifying"), share=share, since=since)
        if share is None and since is None:
            yield from self.index.check()

    def copy(self, folder: Path, progress: Progress | None = None) -> Copied:
        """Make `folder` a copy of the archive, or bring one up to date, as `Archive.copy` does; its index follows."""
        done = self.archive.copy(folder, stage(progress, "copying"))
        with open_desk(folder) as other:
            other.index.update(stage(progress, "indexing"))
        return done

    def would_forget(self, ids: Iterable[str]) -> list[Going]:
        """What would go with these articles. NotFoundError."""
        return self.archive.would_forget(ids)

    def forget(self, ids: Iterable[str], reason: str, progress: Progress | None = None) -> int:
        """Let articles go for good, from the archive and from the index, which is made anew; the bytes that went."""
        gone = self.archive.forget(ids, reason)
        self._forgotten(progress)
        return gone

    def hidden(self) -> list[Hidden]:
        """What is under embargo, the one that comes back first before."""
        return self.archive.embargoes.all()

    def hide(self, ids: Iterable[str], until: datetime, reason: str) -> list[Hidden]:
        """Show these articles to nobody until then, here and in what is handed out. UsageError, NotFoundError."""
        wanted = set(ids)
        self.archive.embargoes.hide(wanted, until, reason)
        self.index.update()
        return [one for one in self.hidden() if one.id in wanted]

    def lift(self, ids: Iterable[str]) -> None:
        """End embargoes before their day. NotFoundError for what is under none."""
        self.archive.embargoes.lift(ids)
        self.index.update()

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make the catalog anew from warc/ alone, then the index; returns the captures read."""
        count = self.archive.rebuild(stage(progress, "rebuilding"))
        self.reindex(progress)
        return count

    def reindex(self, progress: Progress | None = None) -> None:
        """Make the index anew, aside, and swap it in when it is whole."""
        self.index.rebuild(stage(progress, "indexing"))

    # -- inside ----------------------------------------------------------------------------------------------------

    def _version(self, entry: Entry, named: int | str) -> Shown:
        text = str(named)
        if text.lstrip("-").isdigit() and len(text) < len("2025"):
            which = Which(version=int(text))
        elif is_capture_id(text):
            which = Which(capture=text)
        else:
            which = Which(at=moment(text))
        return self.archive.version(entry.id, which)

    def _forgotten(self, progress: Progress | None) -> None:
        self.index.rebuild(stage(progress, "indexing"))
        self.archive.reindex_wanted(done=True)

    def _current(self, progress: Progress | None) -> Index:
        if self._keeps_up:
            self.catch_up(progress)
        return self.index

    def _indexed(self, added: Generator[Added]) -> Generator[Added]:
        with closing(added):
            yield from added
        self.index.update()

    def _marked(self, added: Generator[Added], tags: Iterable[str], note: str) -> Generator[Added]:
        """`added`; then, also where it is stopped, what was asked for by name is marked."""
        named: list[str] = []
        try:
            with closing(added):
                for item in added:
                    if item.depth == 0 and item.id:
                        named.append(item.id)
                    yield item
        finally:
            if tags or note:
                self.archive.mark(named, tags, note)

    def _marked_import(
        self,
        imported: Generator[Imported],
        paths: tuple[Path, ...],
        format: str | None,  # noqa: A002
        tags: Iterable[str],
        note: str,
    ) -> Generator[Imported]:
        try:
            with closing(imported):
                yield from imported
        finally:
            if job := self.import_job(paths, format=format):
                items = self.job_items(job.number, (JobState.DONE, JobState.FAILED))
                self.archive.mark((item.id for item in items if item.id), tags, note)

    def _with_concurrency(self, concurrency: int | None) -> AbstractContextManager[Archive]:
        """The archive, as one that asks for so many pages at once."""
        if concurrency is None:
            return nullcontext(self.archive)
        settings = self.archive.settings
        settings = replace(settings, fetch=replace(settings.fetch, concurrency=concurrency))
        return open_archive(self.folder, settings, fetcher=self._fetcher, recogniser=self._recogniser)


def _sure(done: Marked) -> Marked:
    if done.error is not None:
        raise done.error
    return done
