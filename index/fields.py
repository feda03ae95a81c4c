"""THE table of fields: what can be asked, where its values come from, how they match, and how it is explained.

The parser, the planner, the engines' schemas, the command line's help and docs/query.md all read this table; nothing
else lists fields. `document` turns what the archive holds on one URL into what an engine stores. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from archive import Entry, Kind, Mention, Outcome, site_of
from index.analysis import fold, url_terms

DayRange: TypeAlias = tuple[int, int]  # first and last day as date.toordinal(), both included


class Shape(StrEnum):
    """How the values of a field are matched, and so which part of a Document holds them."""

    TEXT = "text"  # Document.texts, running text
    NAME = "name"  # Document.texts, one value for each way a name is written; facets show the canonical name
    KEYWORD = "keyword"  # Document.terms, whole values
    URL = "url"  # Document.terms: addresses and hosts as analysis.url_terms gives them
    FLAG = "flag"  # Document.terms, from FLAGS
    DATE = "date"  # Document.days


@dataclass(frozen=True, slots=True)
class Card:
    """What a hit shows without asking the archive, and what hits are ordered by. Every engine stores it."""

    id: str
    url: str
    title: str
    site: str
    date: date | None
    captured: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """One entry as an engine stores it. Keys are names of FIELDS; a field without values is left out.

    `texts`: values to be cut by `analysis.tokens`; positions do not run from one value into the next.
    `terms`: strings that match whole, already folded. `days`: calendar days. `facets`: values as people see them, each
    once (fields of days have none here: their facet values come from `days`, see plan.Chosen).
    """

    card: Card
    texts: Mapping[str, tuple[str, ...]]
    terms: Mapping[str, tuple[str, ...]]
    days: Mapping[str, tuple[DayRange, ...]]
    facets: Mapping[str, tuple[str, ...]]

    @property
    def id(self) -> str:
        return self.card.id


Strings: TypeAlias = Callable[[Entry], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One row. `asks` are the fields of a Document that a query on this one looks in, with the weight of a match."""

    name: str
    shape: Shape
    help: str
    example: str
    says: str  # what the articles do that a query on it asks for, with {} for what is asked
    aliases: tuple[str, ...] = ()
    stemmed: bool = False  # a bare word also matches other forms of itself
    facet: bool = False
    asks: tuple[tuple[str, float], ...] = ()
    texts: Strings | None = None
    terms: Strings | None = None
    days: Callable[[Entry], Iterable[DayRange]] | None = None
    facets: Strings | None = None


FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "linked": "archived because a story cites it",
        "cited": "at least one archived article links to it",
        "changed": "its text was seen to change",
        "pdf": "the page is a PDF",
        "paywall": "only the part before a paywall was served",
        "doubtful": "the text was read, but may not be the article",
        "failed": "no capture has shown an article yet",
        "gone": "the latest capture returned not found or gone",
        "blocked": "the latest capture met a challenge or a refusal",
        "consent": "the latest capture met a consent wall",
        "robots": "robots.txt asks not to fetch it",
        "refused": "the address may not be fetched",
        "unreadable": "the latest capture holds no article text",
        "unreachable": "the latest capture got no complete answer",
    }
)

# A query that names one of these asks about captures that failed; all other queries leave those out (see plan.py).
FAILURES = frozenset({"failed", "gone", "blocked", "consent", "robots", "refused", "unreadable", "unreachable"})

_OUTCOME_FLAGS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.NOT_FOUND: "gone",
        Outcome.GONE: "gone",
        Outcome.BLOCKED: "blocked",
        Outcome.CONSENT: "consent",
        Outcome.PAYWALL: "paywall",
        Outcome.TOO_SHORT: "unreadable",
        Outcome.NO_TEXT: "unreadable",
        Outcome.NOT_TEXT: "unreadable",
        Outcome.REFUSED: "refused",
        Outcome.ROBOTS: "robots",
        Outcome.TOO_LARGE: "unreachable",
        Outcome.TIMED_OUT: "unreachable",
        Outcome.INCOMPLETE: "unreachable",
        Outcome.REDIRECTS: "unreachable",
        Outcome.FAILED: "unreachable",
    }
)


def _title(entry: Entry) -> Iterator[str]:
    if entry.article:
        yield entry.article.title


def _text(entry: Entry) -> Iterator[str]:
    """The body, and the description where the body does not begin with it."""
    if article := entry.article:
        yield article.text
        if article.description and article.description[:60] not in article.text:
            yield article.description


def _mentions(entry: Entry, kind: Kind) -> Iterator[Mention]:
    return (mention for mention in entry.reading.mentions if mention.kind is kind)


def _names(kind: Kind) -> Strings:
    """Every way a name is written in the article, and its canonical form."""
    return lambda entry: (form for mention in _mentions(entry, kind) for form in (mention.canonical, mention.text))


def _canonical(kind: Kind) -> Strings:
    return lambda entry: (mention.canonical for mention in _mentions(entry, kind))


def _topics(entry: Entry) -> Iterator[str]:
    for topic in entry.reading.topics:
        yield topic.name
        yield from topic.aliases


def _authors(entry: Entry) -> Iterable[str]:
    return entry.article.authors if entry.article else ()


def _host(entry: Entry) -> str:
    return site_of(entry.final_url) or site_of(entry.url)


def _site(entry: Entry) -> str:
    """The site's own name, else its host."""
    return (entry.article.site if entry.article else "") or _host(entry)


def _published(entry: Entry) -> date | None:
    article = entry.article
    if article is None or (article.published_on is None and article.published is None):
        return None
    return article.published_on or (article.published.date() if article.published else None)


def _published_days(entry: Entry) -> Iterator[DayRange]:
    if day := _published(entry):
        yield day.toordinal(), day.toordinal()


def _mentioned_days(entry: Entry) -> Iterator[DayRange]:
    for mention in _mentions(entry, Kind.DATE):
        if when := mention.when:
            yield when.first.toordinal(), when.last.toordinal()


def _captured_days(entry: Entry) -> Iterator[DayRange]:
    for moment in (entry.first_captured, entry.last_captured):
        day = moment.astimezone(UTC).date().toordinal()
        yield day, day


def _lang(entry: Entry) -> Iterator[str]:
    if entry.article:
        yield entry.article.lang


def _link_terms(entry: Entry) -> Iterator[str]:
    """Each cited address as the page has it, each hop and where it led; and the id of what is archived there."""
    for source in entry.sources:
        for url in {source.link.url, source.final_url, *source.chain}:
            yield from url_terms(url)
        yield source.id or ""
    for link in entry.article.links if entry.article else ():
        yield from url_terms(link.url)


def _link_hosts(entry: Entry) -> Iterable[str]:
    """Where the cited sources are in the end; links without an outcome count by the host on the page."""
    hosts = {source.link.url: site_of(source.final_url or source.link.url) for source in entry.sources}
    for link in entry.article.links if entry.article else ():
        hosts.setdefault(link.url, site_of(link.url))
    return hosts.values()


def _citedby_terms(entry: Entry) -> Iterator[str]:
    for citation in entry.cited_by:
        yield citation.id
        yield from url_terms(citation.url)


def _url_terms(entry: Entry) -> Iterator[str]:
    yield entry.id
    for url in {entry.url, entry.final_url, entry.article.canonical_url if entry.article else ""}:
        yield from url_terms(url)


def _flags(entry: Entry) -> Iterator[str]:
    yield _OUTCOME_FLAGS.get(entry.outcome, "")
    observations = {
        "linked": entry.depth > 0,
        "cited": bool(entry.cited_by),
        "changed": entry.versions > 1,
        "pdf": entry.media_type == "application/pdf",
        "doubtful": entry.article is not None and "doubtful" in entry.article.flags,
        "failed": entry.article is None,
    }
    yield from (flag for flag, seen in observations.items() if seen)


def _folded(values: Strings) -> Strings:
    return lambda entry: (fold(value) for value in values(entry))


FIELDS: tuple[Field, ...] = (
    Field(
        "text", Shape.TEXT, "words of the title and the body; what a word without a field asks", "text:immigration",
        says="contain {}",
        aliases=("body", "content", "words"), stemmed=True, asks=(("title", 3.0), ("text", 1.0)), texts=_text,
    ),
    Field(
        "title", Shape.TEXT, "words of the headline", "title:raid",
        says="have {} in the headline",
        aliases=("headline",), stemmed=True, asks=(("title", 1.0),), texts=_title,
    ),
    Field(
        "person", Shape.NAME, "people named in the article: any part of the name, any way it is written",
        "person:Krasner",
        says="mention the person {}",
        aliases=("people", "persons", "who"), facet=True, asks=(("person", 2.0),),
        texts=_names(Kind.PERSON), facets=_canonical(Kind.PERSON),
    ),
    Field(
        "place", Shape.NAME, "places named in the article", 'place:"Market Street"',
        says="mention the place {}",
        aliases=("places", "location", "locations", "where"), facet=True, asks=(("place", 2.0),),
        texts=_names(Kind.PLACE), facets=_canonical(Kind.PLACE),
    ),
    Field(
        "org", Shape.NAME, "organisations named in the article, by name or acronym", "org:ICE",
        says="mention the organisation {}",
        aliases=("orgs", "organisation", "organisations", "organization", "organizations"),
        facet=True,
        asks=(("org", 2.0),), texts=_names(Kind.ORG), facets=_canonical(Kind.ORG),
    ),
    Field(
        "topic", Shape.NAME, "what the article is about", "topic:immigration",
        says="are about {}",
        aliases=("topics", "subject", "about"), stemmed=True, facet=True, asks=(("topic", 2.0),),
        texts=_topics, facets=lambda entry: (topic.name for topic in entry.reading.topics),
    ),
    Field(
        "author", Shape.NAME, "who wrote it", 'author:"Jane Doe"',
        says="are by {}",
        aliases=("authors", "by", "byline"), facet=True, asks=(("author", 2.0),), texts=_authors, facets=_authors,
    ),
    Field(
        "site", Shape.NAME, "where it was published, by the site's name or host", "site:inquirer.com",
        says="are from the site {}",
        aliases=("sites", "publisher", "outlet"), facet=True, asks=(("site", 1.0),),
        texts=lambda entry: (_site(entry), _host(entry)), facets=lambda entry: (_site(entry),),
    ),
    Field(
        "date", Shape.DATE, "the day it was published, as the publisher counts it", "date:2025-01-15..2025-01-31",
        says="were published {}",
        aliases=("published",), facet=True, asks=(("date", 0.0),), days=_published_days,
    ),
    Field(
        "mentioned", Shape.DATE, "a day or time the text speaks of", "mentioned:2025-11",
        says="speak of a time {}",
        aliases=("mentions",), facet=True, asks=(("mentioned", 0.0),), days=_mentioned_days,
    ),
    Field(
        "captured", Shape.DATE, "the days of its first and its latest capture (UTC)", 'captured:"last week"',
        says="were captured {}",
        aliases=("archived", "saved"), facet=True, asks=(("captured", 0.0),), days=_captured_days,
    ),
    Field(
        "lang", Shape.KEYWORD, "language of the article, as its two-letter code", "lang:es",
        says="are in the language {}",
        aliases=("language",), facet=True, asks=(("lang", 1.0),), terms=_folded(_lang), facets=_lang,
    ),
    Field(
        "tag", Shape.KEYWORD, "your own tags", 'tag:"to check"',
        says="are tagged {}",
        aliases=("tags",), facet=True, asks=(("tag", 1.0),),
        terms=_folded(lambda entry: entry.tags), facets=lambda entry: entry.tags,
    ),
    Field(
        "link", Shape.URL, "sources it cites: an address, short or resolved, a host, or the id of an entry",
        "link:nbcphiladelphia.com",
        says="cite {}",
        aliases=("links", "cites", "source", "sources"), facet=True, asks=(("link", 1.0),),
        terms=_link_terms, facets=_link_hosts,
    ),
    Field(
        "citedby", Shape.URL, "articles that cite it: an address, a host, or the id of an entry",
        "citedby:inquirer.com",
        says="are cited by {}",
        aliases=("cited_by",), asks=(("citedby", 1.0),), terms=_citedby_terms,
    ),
    Field(
        "url", Shape.URL, "its own address, host, or id", "url:inquirer.com/news/*",
        says="have the address {}",
        aliases=("address",), asks=(("url", 1.0),), terms=_url_terms,
    ),
    Field(
        "note", Shape.TEXT, "words of your own note", "note:callback",
        says="have {} in your note",
        aliases=("notes",), stemmed=True, asks=(("note", 1.0),), texts=lambda entry: (entry.note,),
    ),
    Field(
        "is", Shape.FLAG, "what is known about the entry: " + ", ".join(FLAGS), "is:changed",
        says="{}",
        aliases=("flag",), facet=True, asks=(("is", 0.0),), terms=_flags, facets=_flags,
    ),
)  # fmt: skip

DEFAULT = FIELDS[0]


@cache
def by_name() -> Mapping[str, Field]:
    """Every name and alias, in lower case."""
    return MappingProxyType({name: field for field in FIELDS for name in (field.name, *field.aliases)})


def document(entry: Entry) -> Document:
    """What an engine stores of `entry`. Empty values are left out; each stands once, in order of appearance."""
    card = Card(
        id=entry.id,
        url=entry.url,
        title=_line(entry.article.title if entry.article else ""),
        site=_site(entry),
        date=_published(entry),
        captured=entry.last_captured,
    )
    return Document(
        card=card,
        texts={field.name: kept for field in FIELDS if field.texts and (kept := _kept(field.texts(entry)))},
        terms={field.name: kept for field in FIELDS if field.terms and (kept := _kept(field.terms(entry)))},
        days={field.name: spans for field in FIELDS if field.days and (spans := _kept(field.days(entry)))},
        facets={field.name: kept for field in FIELDS if field.facets and (kept := _lines(field.facets(entry)))},
    )


T = TypeVar("T", bound=Hashable)


def _kept(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _lines(values: Iterable[str]) -> tuple[str, ...]:
    return _kept(map(_line, values))


def _line(value: str) -> str:
    """`value` in one line, so that it can be listed."""
    return " ".join(value.split())
