"""Every row of JSON that a door gives out, once: its keys in their order, each with its meaning, and how it is made.

    emit(HitRow.of(hit))

A row is a frozen dataclass; what stands beside a field's type is its meaning, and docs/cli.md is made of both. Keys may
be added, none is renamed or taken away: scripts hold on to them, whatever becomes of the model. What is inside of a
value (an article, a mention, a capture's counts) is the model's own, and so are its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Generic, Self, TypeVar, get_type_hints

from archive import (
    Added,
    Article,
    Citation,
    CitedSource,
    Counts,
    Entity,
    Entry,
    Exported,
    Format,
    Geo,
    Imported,
    Interval,
    Job,
    JobState,
    Kind,
    Link,
    Mention,
    Notice,
    NoticeKind,
    Op,
    Origin,
    Outcome,
    Piece,
    Problem,
    Reading,
    Reject,
    Role,
    SavedSearch,
    Suggestion,
    Version,
    WatchKind,
)
from index import FacetValue, Hit, SharedName, Similar

if TYPE_CHECKING:
    from backfile.desk import Found, ReadPage, Status, Watched

M = TypeVar("M")


class _Same(Generic[M]):
    """A row with the fields of the model's own object."""

    __slots__ = ()

    @classmethod
    def of(cls, model: M) -> Self:
        """The row of `model`."""
        return cls(**{field.name: getattr(model, field.name) for field in fields(cls)})  # type: ignore[arg-type]


def meanings(row: type) -> dict[str, str]:
    """What each key of a row means, in the order of its keys."""
    hints = get_type_hints(row, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in fields(row)}


# -- bringing in -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddedRow(_Same[Added]):
    """A page that `add` asked for."""

    id: Annotated[str, "of the article; empty for what is no address"]
    url: Annotated[str, "as it was asked for"]
    final_url: Annotated[str, "where the redirects led"]
    outcome: Annotated[Outcome, "what came of it: `ok`, `not found`, `paywall` …"]
    detail: Annotated[str, "the same as observed, in words"]
    title: Annotated[str, "of the article, if there is one"]
    depth: Annotated[int, "0 for what was asked for, 1 for a source that it cites, …"]
    cited_by: Annotated[str | None, "id of the article whose link led here"]
    new_version: Annotated[bool, "whether the archive had no such text of this page before"]


@dataclass(frozen=True, slots=True)
class ImportedRow(_Same[Imported]):
    """An item of an import."""

    job: Annotated[int, "number of the import"]
    n: Annotated[int, "number of the item in it, from 1"]
    state: Annotated[JobState, "`done`, `failed`, `rejected` or `waiting`"]
    url: Annotated[str, "as its source has it"]
    id: Annotated[str, "of the article; empty where there is none"]
    outcome: Annotated[Outcome | None, "what came of fetching or reading it; `null` for a row that cannot be read"]
    detail: Annotated[str, "the reason, where it is not done"]
    title: Annotated[str, "of the article, or as its source has it"]
    file: Annotated[str, "where it stands; members of a zip file behind the file's name"]
    line: Annotated[int | None, "line or record in the file, from 1"]
    new_version: Annotated[bool, "whether the archive had no such text of this page before"]
    lost: Annotated[bool, "whether content that the file holds could not be taken over"]


@dataclass(frozen=True, slots=True)
class FoundRow:
    """What `import --dry-run` would import."""

    url: Annotated[str, "as its source has it"]
    title: Annotated[str, "as its source has it"]
    tags: Annotated[tuple[str, ...], "as its source has them"]
    format: Annotated[str, "name of the format that it was read as"]

    @classmethod
    def of(cls, found: Found) -> Self:
        """The row of what was found."""
        return cls(found.url, found.title, found.tags, found.origin.format)


@dataclass(frozen=True, slots=True)
class RejectRow(_Same[Reject]):
    """A row that `import --dry-run` cannot read."""

    origin: Annotated[Origin, "where it stands: `format`, `file`, `line` and `id`"]
    reason: Annotated[str, "what is wrong with it"]
    raw: Annotated[str, "the row as it came, its beginning if it is long"]
    lost: Annotated[bool, "whether it would have been content (a capture, a page), not just a link"]


@dataclass(frozen=True, slots=True)
class FormatRow:
    """A format that can be imported."""

    name: Annotated[str, "as `--format` takes it"]
    title: Annotated[str, "what it is"]

    @classmethod
    def of(cls, known: Format) -> Self:
        """The row of a format."""
        return cls(known.name, known.title)


@dataclass(frozen=True, slots=True)
class JobRow:
    """An import and how far it is."""

    number: Annotated[int, "of the import, from 1"]
    source: Annotated[str, "the files that it reads"]
    begun: Annotated[datetime, "when it began"]
    ended: Annotated[datetime | None, "when it had nothing left to do"]
    counts: Annotated[Mapping[JobState, int], "how many of its items are in each state"]

    @classmethod
    def of(cls, job: Job) -> Self:
        """The row of an import."""
        return cls(job.number, job.source, job.begun, job.ended, job.counts)


# -- asking ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HitRow:
    """An article that matches."""

    id: Annotated[str, "of the article"]
    url: Annotated[str, "its address"]
    title: Annotated[str, "its headline"]
    site: Annotated[str, "who published it"]
    date: Annotated[date | None, "the day of publication, as the publisher counts it"]
    score: Annotated[float, "how well it matches, beside other hits of the same query"]
    snippet: Annotated[str, "a passage that shows why"]

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """The row of a hit."""
        return cls(hit.id, hit.url, hit.title, hit.site, hit.date, round(hit.score, 4), hit.snippet.text)


@dataclass(frozen=True, slots=True)
class SimilarRow(HitRow):
    """An article that is like another one."""

    names: Annotated[tuple[SharedName, ...], "the names that both have (`field` and `value`), weightiest first"]
    words: Annotated[tuple[str, ...], "the other words that both have"]

    @classmethod
    def alike(cls, one: Similar) -> Self:
        """The row of an article with what it shares."""
        hit = HitRow.of(one.hit)
        return cls(**{field.name: getattr(hit, field.name) for field in fields(hit)}, names=one.names, words=one.words)


@dataclass(frozen=True, slots=True)
class FacetRow:
    """A value of a facet."""

    field: Annotated[str, "the facet"]
    value: Annotated[str, "as facets show it"]
    count: Annotated[int, "how many of the articles have it"]


@dataclass(frozen=True, slots=True)
class SignificantRow(FacetRow):
    """A value of a facet that stands out; with `--significant`."""

    background: Annotated[int | None, "how many articles of the whole archive have it"]
    score: Annotated[float | None, "how far it stands out"]


def facet_row(field: str, value: FacetValue, *, significant: bool) -> FacetRow:
    """The row of one value of the facet `field`."""
    if significant:
        return SignificantRow(field, value.value, value.count, value.background, value.score)
    return FacetRow(field, value.value, value.count)


# -- reading -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntryRow(_Same[Entry]):
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

    @classmethod
    def of(cls, source: CitedSource) -> Self:
        """The row of a cited source."""
        link = source.link
        return cls(
            link.url, source.final_url, source.chain, link.role, link.text, link.context, source.outcome,
            source.detail, source.id,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionRow(_Same[Version]):
    """One text that a page has carried."""

    number: Annotated[int, "from 1"]
    capture_id: Annotated[str, "the capture that showed it first"]
    first_seen: Annotated[datetime, "when it was seen for the first time"]
    last_seen: Annotated[datetime, "and for the last time"]
    title: Annotated[str, "its headline"]
    text_digest: Annotated[str, "the digest of what a reader sees"]
    changes: Annotated[frozenset[str], "the kinds of changes from the version before"]
    removed: Annotated[tuple[str, ...], "passages of the version before that it dropped"]


@dataclass(frozen=True, slots=True)
class PieceRow(_Same[Piece]):
    """A piece of text with one fate."""

    op: Annotated[Op, "`kept`, `added` or `removed`"]
    text: Annotated[str, "kept and removed pieces joined are the old text, kept and added ones the new"]


@dataclass(frozen=True, slots=True)
class PageRow:
    """What `extract` read in a file."""

    file: Annotated[str, "as it was named"]
    url: Annotated[str, "the address that was given for it"]
    outcome: Annotated[Outcome, "`ok`, or why there is no article"]
    detail: Annotated[str, "the same as observed, in words"]
    title: Annotated[str, "its headline"]
    authors: Annotated[tuple[str, ...], "who wrote it"]
    date: Annotated[date | None, "the day of publication, as the publisher counts it"]
    published: Annotated[datetime | None, "the moment of publication, where the page gives one"]
    modified: Annotated[datetime | None, "when it was changed, as the page says"]
    site: Annotated[str, "who published it"]
    lang: Annotated[str, "the language: `en`"]
    body: Annotated[str, "the text, a paragraph a line"]
    links: Annotated[tuple[Link, ...], "the links in it: `url`, `role`, `text`, `context` and `start`"]
    keywords: Annotated[tuple[str, ...], "the publisher's own"]
    sections: Annotated[tuple[str, ...], "the publisher's own"]
    rules: Annotated[Mapping[str, str], "by the name of a field, the rule that gave its value"]
    flags: Annotated[frozenset[str], "doubts about the reading"]
    other_title: Annotated[str, "the other headline that the page has for the story, empty if there is none"]

    @classmethod
    def of(cls, page: ReadPage) -> Self:
        """The row of a page that was read."""
        found = page.article
        return cls(
            page.name, page.url, page.outcome, page.detail, found.title, found.authors, found.published_on,
            found.published, found.modified, found.site, found.lang, found.text, found.links, found.keywords,
            found.sections, found.rules, found.flags, found.other_title,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A name or date in a text."""

    id: Annotated[str, "of the text: the file's name, or what its row says"]
    kind: Annotated[Kind, "`person`, `place`, `org` or `date`"]
    text: Annotated[str, "as it is written"]
    start: Annotated[int, "the first character of it in the text, from 0"]
    end: Annotated[int, "the character behind it"]
    canonical: Annotated[str, "the name that it is counted under; of a date, the day or days"]
    confidence: Annotated[float, "of the recogniser, from 0 to 1"]
    when: Annotated[Interval | None, "of a date: `first` and `last` day, and how finely the text spoke (`grain`)"]
    geo: Annotated[Geo | None, "of a place, where it is known: `country`, `admin`, `latitude`, `longitude`"]

    @classmethod
    def of(cls, text: str, mention: Mention) -> Self:
        """The row of a mention in the text that is called `text`."""
        return cls(
            text, mention.kind, mention.text, mention.start, mention.end, mention.canonical,
            round(mention.confidence, 3), mention.when, mention.geo,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameRow(_Same[Entity]):
    """Whom or what the archive names."""

    kind: Annotated[Kind, "`person`, `place` or `org`"]
    name: Annotated[str, "the name that facets count"]
    aliases: Annotated[tuple[str, ...], "the other names of it"]
    stories: Annotated[int, "how many articles name it"]
    mentions: Annotated[int, "how often they do"]
    evidence: Annotated[tuple[str, ...], "why the names are taken for one"]
    country: Annotated[str, "of a place"]


@dataclass(frozen=True, slots=True)
class SuggestionRow(_Same[Suggestion]):
    """Two names that may be one thing."""

    kind: Annotated[Kind, "`person`, `place` or `org`"]
    name: Annotated[str, "the one"]
    other: Annotated[str, "the other"]
    reason: Annotated[str, "why they may be one"]
    weight: Annotated[float, "how much speaks for it, beside other suggestions"]


# -- what a person keeps, and what is noticed --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SearchRow(_Same[SavedSearch]):
    """A saved search."""

    name: Annotated[str, "as `saved:NAME` has it"]
    query: Annotated[str, "as it was written"]
    added: Annotated[datetime, "when it was saved"]


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
class NoticeRow(_Same[Notice]):
    """Something that was noticed."""

    kind: Annotated[NoticeKind, "`new`, `changed`, `match` or `failed`"]
    watch: Annotated[str, "what is watched: the address, or the query"]
    at: Annotated[datetime, "when it was noticed"]
    id: Annotated[str, "of the article"]
    url: Annotated[str, "its address"]
    title: Annotated[str, "its headline"]
    changes: Annotated[tuple[str, ...], "the kinds of changes"]
    detail: Annotated[str, "what was observed, in words"]


# -- looking after it, handing out -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatusRow:
    """The folder in numbers."""

    folder: Annotated[str, "where the archive lies"]
    archive: Annotated[Counts, "how many entries, articles, versions, captures; bytes and files; entries by outcome"]
    index_lag: Annotated[int, "changes that the index does not know yet"]

    @classmethod
    def of(cls, status: Status) -> Self:
        """The row of a folder."""
        return cls(str(status.folder), status.archive, status.index_lag)


@dataclass(frozen=True, slots=True)
class ProblemRow(_Same[Problem]):
    """Something that is not as it was written."""

    layer: Annotated[str, "`warc`, `catalog` or `index`"]
    where: Annotated[str, "the file and the place in it, or the entry"]
    what: Annotated[str, "what is wrong"]
    remedy: Annotated[str, "what to do"]


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """What was exported."""

    count: Annotated[int, "how many articles"]
    output: Annotated[str, "the file or folder"]
    problems: Annotated[tuple[Problem, ...], "what could not be exported, as `verify` says it"]

    @classmethod
    def of(cls, done: Exported, output: str) -> Self:
        """The row of an export."""
        return cls(done.count, output, done.problems)


# The rows that each command prints, in the words of the command line: docs/cli.md and the tests read it here.
PRINTED: Mapping[str, tuple[type, ...]] = {
    "add": (AddedRow,),
    "diff": (PieceRow,),
    "entities names": (NameRow,),
    "entities read": (MentionRow,),
    "entities suggest": (SuggestionRow,),
    "export": (ExportedRow,),
    "extract": (PageRow,),
    "facets": (FacetRow, SignificantRow),
    "import": (ImportedRow, FoundRow, RejectRow, FormatRow),
    "jobs": (JobRow, ImportedRow),
    "links": (LinkRow,),
    "saved list": (SearchRow,),
    "search": (HitRow,),
    "show": (EntryRow,),
    "similar": (SimilarRow,),
    "status": (StatusRow, JobRow),
    "suggest": (FacetRow,),
    "verify": (ProblemRow,),
    "versions": (VersionRow,),
    "watch list": (WatchRow,),
    "watch query": (NoticeRow,),
    "watch run": (NoticeRow,),
}
