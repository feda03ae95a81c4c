"""The data: one frozen dataclass per stage from URL to stored, versioned article.

    Request ─fetch─▶ Fetched(Exchange…) ─store─▶ Capture ─extract─▶ Article(Link…) ─understand─▶ Reading(Mention…)
    and an Entry is all that we hold on one URL: its current Article and Reading, sources and history.

Conventions: times are aware and in UTC (the one exception is `Article.published`, which keeps the publisher's own
offset), text is NFC `str`, bodies are `bytes`, ids are `str`. Nothing here does I/O.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from archive.exchange import Certificate as Certificate
from archive.exchange import Exchange as Exchange
from archive.exchange import Fetched as Fetched
from archive.exchange import Hop as Hop
from archive.exchange import HopKind as HopKind
from archive.exchange import Outcome as Outcome
from archive.exchange import Request as Request
from archive.exchange import Resource as Resource
from archive.exchange import ResourceKind as ResourceKind
from archive.exchange import ResourceLink as ResourceLink
from archive.exchange import Resources as Resources
from archive.frozen import frozen
from archive.structure import Link as Link
from archive.structure import Role as Role
from archive.structure import Structure

LONGEST_TAG = 200  # characters


class Method(StrEnum):
    """How a capture came about."""

    FETCH = "fetch"
    SAVED_PAGE = "saved page"  # add --html FILE
    IMPORT = "import"  # records taken over from a file
    MEMENTO = "from an archive"  # the copy that another archive has
    BROWSER = "browser"  # the page as a browser showed it, after its scripts


@frozen
class Memento:
    """The copy that another archive has of a page: the archive's host, the copy's address there, when it was made."""

    archive: str
    url: str
    at: datetime


@frozen
class Stated:
    """What the source of a page or text states about it (an export, a feed); empty or None: it does not say.

    `published` is aware, `published_on` the day as the source counts it.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_on: date | None = None
    site: str = ""
    lang: str = ""


@frozen
class Package:
    """The signed package that a capture was imported from, and what was found in it then.

    `digest` is that of its datapackage.json, which `signature` (the `signedData` of the package) is of. `problems`:
    what did not hold; empty: every digest did, and the signature.
    """

    file: str
    digest: str
    signer: str  # fingerprint of a key, or a domain
    created: str
    software: str
    stamped: str
    stamped_by: str
    problems: tuple[str, ...]
    signature: Mapping[str, str]


@frozen
class Capture:
    """One observation of a URL, as stored in warc/. `id` is that of its journal record, `key` the identity of `url`."""

    id: str
    url: str
    key: str
    final_url: str
    at: datetime
    outcome: Outcome
    detail: str
    method: Method
    hops: tuple[Hop, ...]
    status: int | None
    media_type: str | None  # lower case, without parameters; what the bytes are, not what the label says
    charset: str | None  # from the Content-Type header
    digest: str | None  # "sha256:…" of the payload (the decoded body)
    size: int  # bytes of the payload
    truncated: str | None
    depth: int = 0  # 0: asked for; 1: cited by such a page; …
    cited_by: str | None = None  # id of the article whose link led here
    etag: str | None = None
    last_modified: str | None = None
    stated: Stated | None = None  # by the list that named the page; it counts where the page says nothing
    added_by: str = ""  # who brought it in; "": nobody knows
    login: bool = False  # cookies of an account were sent
    memento: Memento | None = None  # the copy of another archive
    package: Package | None = None  # that it was imported from; in the journal, not in the catalog


@frozen
class Article:
    """What one capture says, read by extraction. Empty string or None: the page does not say.

    `published` is aware with the publisher's own offset; `published_on` is the calendar day as the publisher counts it.
    `other_title` is the headline that the page has elsewhere for the same story (h1 against og:title). `keywords` and
    `sections` are the publisher's own. `rules` maps the name of a field to the rule that gave its value
    ("json-ld NewsArticle.headline"). `flags` are observations on quality ("doubtful", "too deep").
    """

    url: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_on: date | None = None
    modified: datetime | None = None
    site: str = ""
    lang: str = ""  # BCP 47 primary tag: "en"
    description: str = ""
    canonical_url: str = ""
    keywords: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    other_title: str = ""
    structure: Structure = field(default_factory=Structure)

    @property
    def prose(self) -> str:
        """The text as it flows, of the same length: with blanks in the place of line ends that a width alone has made.

        Where lines are headings, items and the like, it is the text as it stands.
        """
        if self.structure.has_lines:
            return self.text
        from archive.entities.flowing import flowing

        return flowing(self.text)


class ChangeKind(StrEnum):
    """What differs between two versions; the words are those of the query language (`changed:headline`)."""

    HEADLINE = "headline"
    BYLINE = "byline"
    DATE = "date"
    ADDED = "added"
    REMOVED = "removed"
    QUOTES = "quotes"
    NUMBERS = "numbers"
    LINKS = "links"
    CORRECTION = "correction"
    SILENT = "silent"


class Kind(StrEnum):
    """What a mention refers to."""

    PERSON = "person"
    PLACE = "place"
    ORG = "org"
    DATE = "date"


class Part(StrEnum):
    """Which text of the article an offset counts in."""

    TITLE = "title"
    TEXT = "text"


@frozen
class Interval:
    """Calendar days, both included, and how finely the text spoke: day, week, month, quarter, season, year, decade."""

    first: date
    last: date
    grain: str


@frozen
class Geo:
    """Where a place is: ISO 3166-1 alpha-2 country, name of the first-level division, degrees in WGS 84."""

    country: str
    admin: str = ""
    latitude: float | None = None
    longitude: float | None = None


@frozen
class Span:
    """What a recogniser marks: characters [start, end) of a text. `confidence` is in (0, 1]."""

    kind: Kind
    start: int
    end: int
    confidence: float = 1.0


@frozen
class Mention:
    """A name or date in an article: `text` as written at [start, end) of `part`; `canonical` is what facets count.

    `aliases` are other names of the same thing in the archive, by which a search finds it too.
    """

    kind: Kind
    text: str
    start: int
    end: int
    canonical: str
    part: Part = Part.TEXT
    confidence: float = 1.0
    recogniser: str = ""
    when: Interval | None = None  # dates only
    geo: Geo | None = None  # places only, where known
    aliases: tuple[str, ...] = ()


@frozen
class Topic:
    """What the article is about. `source` names the rule (keyword, section, organisation, acronym, phrase, subject).

    `aliases` are other names that must find it ("ICE"); `weight` is in (0, 1]; `suggested`: no publisher said so.
    """

    name: str
    source: str
    weight: float = 1.0
    aliases: tuple[str, ...] = ()
    suggested: bool = False
    code: str = ""


@frozen
class Reading:
    """What was understood in one article."""

    mentions: tuple[Mention, ...] = ()
    topics: tuple[Topic, ...] = ()


@frozen
class Version:
    """One text that a URL has carried. Numbers count from 1; `changes` classifies it against the one before.

    `removed` are the passages of the one before that it dropped, each in one line.
    """

    number: int
    capture_id: str
    first_seen: datetime
    last_seen: datetime
    title: str
    text_digest: str
    changes: frozenset[str] = frozenset()
    removed: tuple[str, ...] = ()


@frozen
class CitedSource:
    """A link of a stored article and what became of it. `chain` are the URLs hop by hop, `id` the article it led to."""

    link: Link
    key: str
    final_url: str
    chain: tuple[str, ...] = ()
    outcome: Outcome | None = None  # None: not tried (yet)
    detail: str = ""
    id: str | None = None
    title: str = ""


@frozen
class Citation:
    """A stored article that links to this one."""

    id: str
    url: str
    title: str


@frozen
class Edit:
    """What a person, `by`, said of an article. `fields`: by name (title, author, date, site) all its values."""

    at: datetime
    by: str
    fields: Mapping[str, tuple[str, ...]]


@frozen
class Entry:
    """All that the archive holds on one URL: the current article, what was understood, its sources and history.

    `article` is None while no capture of the URL has shown one; `outcome` and `detail` are those of the latest capture.
    `id` is derived from `key`, so it survives a rebuild. `article` and `reading` are what `edits`, oldest first, leave.
    """

    id: str
    key: str
    url: str
    final_url: str
    outcome: Outcome
    detail: str
    first_captured: datetime
    last_captured: datetime
    article: Article | None = None
    reading: Reading = Reading()
    capture_id: str = ""  # the capture that `article` was read from
    media_type: str = ""
    versions: int = 0
    changes: frozenset[str] = frozenset()  # of all versions
    depth: int = 0
    sources: tuple[CitedSource, ...] = ()
    cited_by: tuple[Citation, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    removed: tuple[str, ...] = ()  # by all versions
    added_by: str = ""  # who brought it in first; "": nobody knows
    edits: tuple[Edit, ...] = ()
    version: int = 0  # number of the one that `article` is; 0: there is none
    login: bool = False  # what `article` was read from was captured with the cookies of an account
    memento: Memento | None = None  # or is the copy of another archive
    method: Method = Method.FETCH  # how that capture came about


@frozen
class Change:
    """One line of the change log: the entry `id` is new, different, or (when `deleted`) no longer there."""

    seq: int
    id: str
    deleted: bool = False


class News(StrEnum):
    """What a run brought of a page, beside what the archive had of it."""

    NEW = "new"  # the first that it has of the page
    CHANGED = "changed"  # a text that it did not have
    UNCHANGED = "unchanged"
    NOT_ASKED = "not asked again"  # it was archived a short while ago, or by what this run goes on with
    NOTHING = "nothing"  # no content came


@frozen
class Added:
    """What `Archive.add` reports for one URL once it is safely stored. `cited_by` is the id of the citing article."""

    id: str
    url: str
    final_url: str
    outcome: Outcome
    detail: str
    title: str
    depth: int
    cited_by: str | None
    new_version: bool = False
    news: News = News.NOTHING


@frozen
class Problem:
    """One thing that `verify` found wrong: which layer (warc, catalog, index), where, what, and what to do."""

    layer: str
    where: str
    what: str
    remedy: str
