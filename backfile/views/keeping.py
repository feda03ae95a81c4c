"""What a person keeps, what is noticed, what is handed out, and the state of the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

from archive import Counts, Exported, Notice, NoticeKind, Problem, SavedSearch, Watch, WatchKind
from backfile.views.row import Same

if TYPE_CHECKING:
    from backfile.desk import Saved, Status, Watched


@dataclass(frozen=True, slots=True)
class SearchRow(Same[SavedSearch]):
    """A saved search."""

    name: Annotated[str, "as `saved:NAME` has it"]
    query: Annotated[str, "as it was written"]
    added: Annotated[datetime, "when it was saved"]


@dataclass(frozen=True, slots=True)
class SavedRow(SearchRow):
    """A query that was given a name."""

    anew: Annotated[bool, "whether another query had the name before"]

    @classmethod
    def done(cls, saved: Saved) -> Self:
        """The row of what was saved."""
        one = saved.search
        return cls(one.name, one.query, one.added, saved.anew)


@dataclass(frozen=True, slots=True)
class TagsRow:
    """The tags on an article."""

    id: Annotated[str, "of the article"]
    tags: Annotated[tuple[str, ...], "all that it has now"]


@dataclass(frozen=True, slots=True)
class NoteRow:
    """The note on an article."""

    id: Annotated[str, "of the article"]
    note: Annotated[str, "the one that it has now, empty if it has none"]


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A new archive."""

    folder: Annotated[str, "where it lies"]


@dataclass(frozen=True, slots=True)
class TargetRow(Same[Watch]):
    """What is watched from now on, or no longer."""

    id: Annotated[str, "of the watch"]
    kind: Annotated[WatchKind, "`feed`, `sitemap`, `page` or `query`"]
    target: Annotated[str, "the address, or the query as it was written"]


@dataclass(frozen=True, slots=True)
class WatchRow:
    """Something that is watched."""

    id: Annotated[str, "of the watch"]
    kind: Annotated[WatchKind, "`feed`, `sitemap`, `page` or `query`"]
    target: Annotated[str, "the address, or the query as it was written"]
    added: Annotated[datetime, "since when it is watched"]
    due: Annotated[datetime, "when it is looked at next"]
    looked: Annotated[datetime | None, "when it was looked at last"]
    pages: Annotated[int, "how many pages it has shown"]
    failures: Annotated[int, "how often in a row it could not be had"]
    detail: Annotated[str, "what was observed last"]

    @classmethod
    def of(cls, watched: Watched) -> Self:
        """The row of a watch."""
        one = watched.watch
        return cls(
            one.id, one.kind, one.target, one.added, one.due, one.state.looked, watched.pages, one.state.failures,
            one.state.detail,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoticeRow(Same[Notice]):
    """Something that was noticed."""

    kind: Annotated[NoticeKind, "`new`, `changed`, `match` or `failed`"]
    watch: Annotated[str, "what is watched: the address, or the query"]
    at: Annotated[datetime, "when it was noticed"]
    id: Annotated[str, "of the article"]
    url: Annotated[str, "its address"]
    title: Annotated[str, "its headline"]
    changes: Annotated[tuple[str, ...], "the kinds of changes"]
    detail: Annotated[str, "what was observed, in words"]


@dataclass(frozen=True, slots=True)
class StatusRow:
    """The folder in numbers."""

    folder: Annotated[str, "where the archive lies"]
    archive: Annotated[Counts, "how many entries, articles, versions, captures; bytes and files; entries by outcome"]
    index_lag: Annotated[int, "changes that the index does not know yet; all of them where it cannot be asked"]
    index_at: Annotated[str, "where the index lies: a folder, or an address of OpenSearch"]
    index_problem: Annotated[str, "why the index cannot be asked, empty where it can"]
    catalog: Annotated[str, "where the catalog lies: a file, or the address of a database"]
    captures_at: Annotated[str, "where its WARC files lie: a folder, or the address of a bucket"]
    unread_languages: Annotated[Mapping[str, int], "articles by language, of languages in which no names are found"]
    workers: Annotated[int | None, "how many `backfile work` offer to fetch and read; null where the catalog is a file"]
    waiting: Annotated[int | None, "pages that wait for one of them; null where the catalog is a file"]
    claimed: Annotated[int | None, "pages that one of them is at; null where the catalog is a file"]
    writer: Annotated[str | None, "who holds the right to write, empty for nobody; null where the catalog is a file"]

    @classmethod
    def of(cls, status: Status) -> Self:
        """The row of a folder."""
        team = status.team
        return cls(
            str(status.folder), status.archive, status.index_lag, status.index_at, status.index_problem, status.catalog,
            status.captures_at,
            status.unread, *((team.workers, team.waiting, team.claimed, team.writer) if team else (None,) * 4),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProblemRow(Same[Problem]):
    """Something that is not as it was written."""

    layer: Annotated[str, "`warc`, `catalog` or `index`"]
    where: Annotated[str, "the file and the place in it, or the entry"]
    what: Annotated[str, "what is wrong"]
    remedy: Annotated[str, "what to do"]


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """What network was written."""

    nodes: Annotated[int, "how many names, or pages"]
    edges: Annotated[int, "how many pairs, or citations"]
    output: Annotated[str, "the file"]


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """What was exported."""

    count: Annotated[int, "how many articles, or short links"]
    output: Annotated[str, "the file or folder"]
    problems: Annotated[tuple[Problem, ...], "what could not be exported, as `verify` says it"]
    hidden: Annotated[int, "articles of the archive that are under embargo, and so not in it"]
    remarks: Annotated[tuple[str, ...], "what is odd, such as a time stamp that nobody gave"]

    @classmethod
    def of(cls, done: Exported, output: str) -> Self:
        """The row of an export."""
        return cls(done.count, output, done.problems, done.hidden, done.remarks)
