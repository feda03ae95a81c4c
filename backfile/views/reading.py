"""What is held on a page: all of it, the sources it cites, its versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Self

from archive import (
    Article,
    Capture,
    Citation,
    CitedSource,
    Edit,
    Entry,
    Hop,
    LinkPiece,
    Memento,
    Method,
    Op,
    Outcome,
    Piece,
    Reading,
    Resource,
    ResourceKind,
    Role,
    Version,
)
from backfile.views.row import Same


@dataclass(frozen=True, slots=True)
class EntryRow(Same[Entry]):
    """Everything that is held on one page."""

    id: Annotated[str, "of the article, the same after every rebuild"]
    key: Annotated[str, "the address in the form that tells whether two are one page"]
    url: Annotated[str, "as it was asked for"]
    final_url: Annotated[str, "where the redirects led"]
    outcome: Annotated[Outcome, "what came of the latest capture"]
    detail: Annotated[str, "the same as observed, in words"]
    first_captured: Annotated[datetime, "when it was captured for the first time"]
    last_captured: Annotated[datetime, "and for the last time"]
    article: Annotated[Article | None, "what it says: `title`, `text`, `authors`, `published` … (see `extract`)"]
    reading: Annotated[Reading, "what was understood in it: `mentions` and `topics`"]
    capture_id: Annotated[str, "the capture that the article was read from"]
    media_type: Annotated[str, "what its bytes are"]
    versions: Annotated[int, "how many different texts it has carried"]
    changes: Annotated[frozenset[str], "the kinds of changes between them"]
    depth: Annotated[int, "0 for what was asked for, 1 for a source that it cites, …"]
    sources: Annotated[tuple[CitedSource, ...], "the links in it and what became of each (see `links`)"]
    cited_by: Annotated[tuple[Citation, ...], "the archived articles that link to it: `id`, `url`, `title`"]
    tags: Annotated[tuple[str, ...], "your tags on it"]
    note: Annotated[str, "your note on it"]
    removed: Annotated[tuple[str, ...], "passages that its versions dropped"]
    added_by: Annotated[str, "who brought it in first: a user's name, or what `--by` said; empty where nobody knows"]
    edits: Annotated[
        tuple[Edit, ...], "what was said of it by hand, oldest first: `at`, `by` and `fields` (see `edit`)"
    ]
    version: Annotated[int, "the number of the version that `article` is; 0 where there is none"]
    login: Annotated[bool, "whether it was captured with the cookies of an account"]
    memento: Annotated[
        Memento | None,
        "the copy of another archive that it was read from: `archive`, `url`, `at`; `null`: the page itself",
    ]
    method: Annotated[
        Method,
        "how it was captured: `fetch`, `saved page`, `import`, `from an archive`, or by a `browser`, after its scripts",
    ]


@dataclass(frozen=True, slots=True)
class EditRow:
    """An article as far as it can be edited."""

    id: Annotated[str, "of the article"]
    title: Annotated[str, "its headline, as it is now"]
    authors: Annotated[tuple[str, ...], "who wrote it"]
    date: Annotated[date | None, "the day of publication"]
    site: Annotated[str, "who published it"]
    by_hand: Annotated[tuple[str, ...], "which of these a person gave: `title`, `authors`, `date`, `site`"]
    edits: Annotated[tuple[Edit, ...], "all that was said and holds, oldest first: `at`, `by` and `fields`"]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The row of an article."""
        said = {field for edit in entry.edits for field in edit.fields}
        by_hand = tuple(key for key, field in _EDITED.items() if field in said)
        if (article := entry.article) is None:
            return cls(entry.id, "", (), None, "", by_hand, entry.edits)
        return cls(
            entry.id, article.title, article.authors, article.published_on, article.site, by_hand, entry.edits
        )  # fmt: skip


_EDITED = {"title": "title", "authors": "author", "date": "date", "site": "site"}  # by key, the field of an edit


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """Something that a page is shown with."""

    url: Annotated[str, "as the page or its style has it"]
    kind: Annotated[ResourceKind, "`image`, `style`, `font` or `script`"]
    outcome: Annotated[Outcome, "what came of it"]
    detail: Annotated[str, "the same as observed, in words"]
    at: Annotated[datetime, "when it was captured"]
    final_url: Annotated[str, "where the redirects led"]
    media_type: Annotated[str | None, "as the server said"]
    digest: Annotated[str | None, "of its bytes"]
    size: Annotated[int, "in bytes"]
    page: Annotated[str, "id of the article"]

    @classmethod
    def of(cls, one: Resource, page: str) -> Self:
        """The row of a resource of `page`."""
        return cls(
            one.url, one.kind, one.outcome, one.detail, one.at, one.final_url, one.media_type, one.digest, one.size,
            page,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A source that an article cites."""

    url: Annotated[str, "as the article has it"]
    final_url: Annotated[str, "where it led"]
    chain: Annotated[tuple[str, ...], "the addresses on the way, hop by hop"]
    role: Annotated[Role, "`cited`, `embedded` or `credited`"]
    text: Annotated[str, "the words that are linked"]
    context: Annotated[str, "the sentence that they stand in"]
    outcome: Annotated[Outcome | None, "what came of it; `null` where it was not asked for"]
    detail: Annotated[str, "the same as observed, in words"]
    id: Annotated[str | None, "of the archived article that it led to"]
    page: Annotated[str, "id of the article that cites it"]

    @classmethod
    def of(cls, source: CitedSource, page: str) -> Self:
        """The row of a source that `page` cites."""
        link = source.link
        return cls(
            link.url, source.final_url, source.chain, link.role, link.text, link.context, source.outcome,
            source.detail, source.id, page,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One text that a page has carried."""

    number: Annotated[int, "from 1"]
    capture_id: Annotated[str, "the capture that showed it first"]
    first_seen: Annotated[datetime, "when it was seen for the first time"]
    last_seen: Annotated[datetime, "and for the last time"]
    title: Annotated[str, "its headline"]
    text_digest: Annotated[str, "the digest of what a reader sees"]
    changes: Annotated[frozenset[str], "the kinds of changes from the version before"]
    removed: Annotated[tuple[str, ...], "passages of the version before that it dropped"]
    page: Annotated[str, "id of the article"]

    @classmethod
    def of(cls, version: Version, page: str) -> Self:
        """The row of a text of `page`."""
        return cls(
            version.number, version.capture_id, version.first_seen, version.last_seen, version.title,
            version.text_digest, version.changes, version.removed, page,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PieceRow(Same[Piece]):
    """A piece of text with one fate."""

    op: Annotated[Op, "`kept`, `added` or `removed`"]
    text: Annotated[str, "kept and removed pieces joined are the old text, kept and added ones the new"]


@dataclass(frozen=True, slots=True)
class LinkPieceRow:
    """A link that stayed, came or went from one version to another."""

    op: Annotated[Op, "`kept`, `added` or `removed`"]
    url: Annotated[str, "as the article has it"]
    role: Annotated[Role, "`cited`, `embedded` or `credited`"]
    text: Annotated[str, "the words that are linked"]
    context: Annotated[str, "the sentence that they stand in"]

    @classmethod
    def of(cls, piece: LinkPiece) -> Self:
        """The row of a link."""
        link = piece.link
        return cls(piece.op, link.url, link.role, link.text, link.context)


@dataclass(frozen=True, slots=True)
class CaptureRow(Same[Capture]):
    """One visit to an address."""

    id: Annotated[str, "of the capture"]
    url: Annotated[str, "as it was asked for"]
    final_url: Annotated[str, "where the redirects led"]
    at: Annotated[datetime, "when"]
    outcome: Annotated[Outcome, "what came of it"]
    detail: Annotated[str, "the same as observed, in words"]
    method: Annotated[Method, "`fetch`, `saved page`, `import`, `from an archive` or `browser`"]
    hops: Annotated[tuple[Hop, ...], "the addresses on the way, each with its status and WARC record"]
    status: Annotated[int | None, "of the last answer"]
    media_type: Annotated[str | None, "what the bytes are"]
    digest: Annotated[str | None, "`sha256:…` of the decoded body"]
    size: Annotated[int, "of the decoded body, in bytes"]
    truncated: Annotated[str | None, "why the body is cut short, in WARC's word"]


@dataclass(frozen=True, slots=True)
class CitationRow(Same[Citation]):
    """An archived article that cites this one."""

    id: Annotated[str, "of the article"]
    url: Annotated[str, "its address"]
    title: Annotated[str, "its headline"]


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """How one version of a page became another."""

    old: Annotated[int, "number of the one"]
    new: Annotated[int, "number of the other"]
    changes: Annotated[frozenset[str], "the kinds of changes"]
    said: Annotated[str, "the same in words"]
    pieces: Annotated[tuple[PieceRow, ...], "the text of both"]
