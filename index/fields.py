"""THE table of fields: what can be asked, where its values come from, how they match, and how it is explained.

The parser, the planner, the engines' schemas, the command line's help and docs/query.md all read this table; nothing
else lists fields. `document` turns what the archive holds on one URL into what an engine stores. Pure.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from archive import ChangeKind, Entry, Kind, frozen
from index import values
from index.analysis import ANALYSIS
from index.stemming import speech
from index.values import DayRange, Strings


class Shape(StrEnum):
    """How the values of a field are matched, and so which part of a Document holds them."""

    TEXT = "text"  # Document.texts, running text
    NAME = "name"  # Document.texts, one value for each way a name is written; facets show the canonical name
    KEYWORD = "keyword"  # Document.terms, whole values
    URL = "url"  # Document.terms: addresses and hosts as analysis.url_terms gives them
    FLAG = "flag"  # Document.terms, from FLAGS
    DATE = "date"  # Document.days


@frozen
class Card:
    """What a hit shows without asking the archive, and what hits are ordered by. Every engine stores it."""

    id: str
    url: str
    title: str
    site: str
    date: date | None
    captured: datetime


@frozen
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

    def speech(self, field: str) -> str:
        """Whose forms the words of a field are brought together by (see stemming.py); names are no words of any."""
        return speech(self.terms.get("lang", ("",))[0]) if field in stemmed() else ""


@frozen
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
        "rescued": "its text is the copy of another archive: the page itself was gone",
        "login": "captured with the cookies of an account",
        "doubtful": "the text was read, but may not be the article",
        "copy": "an article that came out before it has the same text",
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

FIELDS: tuple[Field, ...] = (
    # A word in the title counts as five in the text (see plan.py): so known items are found, and questions about a
    # subject are answered no worse than by any other weight that was tried (docs/ranking.md).
    Field(
        "text", Shape.TEXT, "words of the title and the body; what a word without a field asks", "text:immigration",
        says="contain {}",
        aliases=("body", "content", "words"), stemmed=True, asks=(("title", 5.0), ("text", 1.0)), texts=values.text,
    ),
    Field(
        "title", Shape.TEXT, "words of the headline", "title:raid",
        says="have {} in the headline",
        aliases=("headline",), stemmed=True, asks=(("title", 1.0),), texts=values.title,
    ),
    Field(
        "caption", Shape.TEXT, "words of the captions under its images", 'caption:"pier in March"',
        says="have {} in a caption",
        aliases=("captions", "picture"), stemmed=True, asks=(("caption", 1.0),), texts=values.captions,
    ),
    Field(
        "person", Shape.NAME, "people named in the article: any part of the name, any way it is written",
        "person:Krasner",
        says="mention the person {}",
        aliases=("people", "persons", "who"), facet=True, asks=(("person", 2.0),),
        texts=values.names(Kind.PERSON), facets=values.canonical(Kind.PERSON),
    ),
    Field(
        "place", Shape.NAME, "places named in the article", 'place:"Market Street"',
        says="mention the place {}",
        aliases=("places", "location", "locations", "where"), facet=True, asks=(("place", 2.0),),
        texts=values.names(Kind.PLACE), facets=values.canonical(Kind.PLACE),
    ),
    Field(
        "org", Shape.NAME, "organisations named in the article, by name or acronym", "org:ICE",
        says="mention the organisation {}",
        aliases=("orgs", "organisation", "organisations", "organization", "organizations"),
        facet=True,
        asks=(("org", 2.0),), texts=values.names(Kind.ORG), facets=values.canonical(Kind.ORG),
    ),
    Field(
        "topic", Shape.NAME, "what the article is about", "topic:immigration",
        says="are about {}",
        aliases=("topics", "subject", "about"), stemmed=True, facet=True, asks=(("topic", 2.0),),
        texts=values.topics, facets=lambda entry: (topic.name for topic in entry.reading.topics),
    ),
    Field(
        "author", Shape.NAME, "who wrote it", 'author:"Jane Doe"',
        says="are by {}",
        aliases=("authors", "by", "byline"), facet=True, asks=(("author", 2.0),),
        texts=values.authors, facets=values.authors,
    ),
    Field(
        "site", Shape.NAME, "where it was published, by the site's name or host", "site:inquirer.com",
        says="are from the site {}",
        aliases=("sites", "publisher", "outlet"), facet=True, asks=(("site", 1.0),),
        texts=lambda entry: (values.site(entry), values.host(entry)), facets=lambda entry: (values.site(entry),),
    ),
    Field(
        "date", Shape.DATE, "the day it was published, as the publisher counts it", "date:2025-01-15..2025-01-31",
        says="were published {}",
        aliases=("published",), facet=True, asks=(("date", 0.0),), days=values.published_days,
    ),
    Field(
        "mentioned", Shape.DATE, "a day or time the text speaks of", "mentioned:2025-11",
        says="speak of a time {}",
        aliases=("mentions",), facet=True, asks=(("mentioned", 0.0),), days=values.mentioned_days,
    ),
    Field(
        "captured", Shape.DATE, "the days of its first and its latest capture (UTC)", 'captured:"last week"',
        says="were captured {}",
        aliases=("archived", "saved"), facet=True, asks=(("captured", 0.0),), days=values.captured_days,
    ),
    Field(
        "lang", Shape.KEYWORD, "language of the article, as its two-letter code", "lang:es",
        says="are in the language {}",
        aliases=("language",), facet=True, asks=(("lang", 1.0),), terms=values.folded(values.lang), facets=values.lang,
    ),
    Field(
        "tag", Shape.KEYWORD, "your own tags", 'tag:"to check"',
        says="are tagged {}",
        aliases=("tags",), facet=True, asks=(("tag", 1.0),),
        terms=values.folded(lambda entry: entry.tags), facets=lambda entry: entry.tags,
    ),
    Field(
        "link", Shape.URL, "sources it cites: an address, short or resolved, a host, or the id of an entry",
        "link:nbcphiladelphia.com",
        says="cite {}",
        aliases=("links", "cites", "source", "sources"), facet=True, asks=(("link", 1.0),),
        terms=values.link_terms, facets=values.link_hosts,
    ),
    Field(
        "citedby", Shape.URL, "articles that cite it: an address, a host, or the id of an entry",
        "citedby:inquirer.com",
        says="are cited by {}",
        aliases=("cited_by",), asks=(("citedby", 1.0),), terms=values.citedby_terms,
    ),
    Field(
        "copyof", Shape.KEYWORD, "articles with the same text as another one, by the id of that one",
        "copyof:c63wlttwbot5",
        says="have the same text as {}",
        aliases=("copiesof",), facet=True, asks=(("copyof", 1.0),), terms=values.none, facets=values.none,
    ),
    Field(
        "url", Shape.URL, "its own address, host, or id", "url:inquirer.com/news/*",
        says="have the address {}",
        aliases=("address",), asks=(("url", 1.0),), terms=values.own_terms,
    ),
    Field(
        "note", Shape.TEXT, "words of your own note", "note:callback",
        says="have {} in your note",
        aliases=("notes",), stemmed=True, asks=(("note", 1.0),), texts=lambda entry: (entry.note,),
    ),
    Field(
        "changed", Shape.KEYWORD,
        "what differed between two versions of it: " + ", ".join(kind.value for kind in ChangeKind), "changed:headline",
        says="were seen to change in {}",
        facet=True, asks=(("changed", 1.0),), terms=lambda entry: entry.changes,
        facets=lambda entry: sorted(entry.changes),
    ),
    Field(
        "removed", Shape.TEXT, "words that a later version of it dropped", 'removed:"twelve million"',
        says="once contained {}, which a later version dropped",
        aliases=("dropped",), stemmed=True, asks=(("removed", 1.0),), texts=lambda entry: entry.removed,
    ),
    Field(
        "is", Shape.FLAG, "what is known about the entry: " + ", ".join(FLAGS), "is:changed",
        says="{}",
        aliases=("flag",), facet=True, asks=(("is", 0.0),), terms=values.flags, facets=values.flags,
    ),
)  # fmt: skip

DEFAULT = FIELDS[0]


@cache
def by_name() -> Mapping[str, Field]:
    """Every name and alias, in lower case."""
    return MappingProxyType({name: field for field in FIELDS for name in (field.name, *field.aliases)})


@cache
def stemmed() -> frozenset[str]:
    """The fields in which a bare word also matches other forms of itself."""
    return frozenset(field.name for field in FIELDS if field.stemmed)


@cache
def schema() -> str:
    """A checksum of all that decides what documents and terms look like: an index made by another one is useless."""
    rows = [(field.name, field.shape, field.stemmed, field.facet, field.asks) for field in FIELDS]
    return f"{zlib.crc32(repr((ANALYSIS, rows)).encode()):08x}"


def document(entry: Entry) -> Document:
    """What an engine stores of `entry`. Empty values are left out; each stands once, in order of appearance."""
    card = Card(
        id=entry.id,
        url=entry.final_url or entry.url,
        title=_line(entry.article.title if entry.article else ""),
        site=values.site(entry),
        date=values.published(entry),
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


def _kept(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for value in found if value))


def _lines(found: Iterable[str]) -> tuple[str, ...]:
    return _kept(map(_line, found))


def _line(value: str) -> str:
    """`value` in one line, so that it can be listed."""
    return " ".join(value.split())
