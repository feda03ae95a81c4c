"""Records with named fields (a row of a CSV, an object of a JSON file) → Item, by a table of formats. Pure.

A format is recognised by fields that only it has. What no format claims is read by the usual names of such fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from archive.errors import UsageError
from archive.sources.item import Item, Origin
from archive.sources.moments import instant, moment
from archive.urls import MAX_URL, check_url, find_urls

Names = tuple[str, ...]
_URL = tuple(
    "url link href resolved_url original_url web_url article_url permalink source_url canonical_url requested_url "
    "given_url page_url story_url target_url uri loc address website external_url final_url".split()
)
_TITLE = tuple("title headline resolved_title given_title name heading subject page_title".split())
_TEXT = tuple(
    "text maintext cleaned_text plaintext fulltext full_text article_text body_text content_text body".split()
)
_HTML = tuple("html content_html body_html raw_html article_html htmlcontent".split())
_PUBLISHED = tuple(
    "published published_at publish_date date_publish publishing_date date_published publishedat pub_date pubdate "
    "publication_date published_date issued datetime date".split()
)
_ADDED = tuple(
    "added added_at time_added date_added dateadded created created_at createdat timestamp saved_at savedat "
    "saved_date time".split()
)
_LIST = re.compile(r"""\s*\[.*\]\s*""", re.DOTALL)
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of a format's records say what. Names are in lower case; the first that is not empty counts."""

    name: str
    says: str  # what it is, for people
    signs: frozenset[str]  # fields by which its records are known
    url: Names = _URL
    title: Names = _TITLE
    text: Names = ()
    html: Names = ()
    authors: Names = ()
    site: Names = ()
    lang: Names = ()
    published: Names = ()
    added: Names = ()
    captured: Names = ()
    tags: Names = ()
    folder: Names = ()
    note: Names = ()
    id: Names = ()
    starred: Mapping[str, str] = field(default_factory=dict)  # field → the value (lower case) that means yes
    unread: Mapping[str, str] = field(default_factory=dict)
    done: Mapping[str, str] = field(default_factory=dict)  # read
    split: str = r"\s*[,;|]\s*"  # what stands between two tags


def _signs(text: str) -> frozenset[str]:
    return frozenset(text.split())


GENERIC = Fields(
    "records", "records with a field for the address", frozenset(),
    text=_TEXT, html=_HTML, authors=("authors", "author", "byline", "creator"), site=("site", "source", "publisher"),
    lang=("language", "lang"), published=_PUBLISHED, added=_ADDED, captured=("captured", "date_download", "crawl_date"),
    tags=("tags", "tag", "labels", "keywords", "categories", "topics"), folder=("folder", "collection", "list"),
    note=("note", "notes", "comment", "annotation"), id=("id", "guid", "uid"),
    starred={"favorite": "true", "starred": "true"},
)  # fmt: skip

# The order matters: the first whose signs are all there is taken.
KNOWN: tuple[Fields, ...] = (
    Fields(
        "pocket", "Pocket, CSV", _signs("title url time_added tags status"),
        url=("url",), title=("title",), added=("time_added",), tags=("tags",), split=r"\s*[|,]\s*",
        unread={"status": "unread"}, done={"status": "archive"},
    ),
    Fields(
        "instapaper", "Instapaper, CSV", _signs("url title selection folder timestamp"),
        url=("url",), title=("title",), note=("selection",), folder=("folder",), added=("timestamp",), tags=("tags",),
        unread={"folder": "unread"}, done={"folder": "archive"}, starred={"folder": "starred"},
    ),
    Fields(
        "raindrop", "Raindrop.io, CSV", _signs("url folder excerpt created cover"),
        url=("url",), title=("title",), note=("note",), folder=("folder",), tags=("tags",), added=("created",),
        id=("id",),        starred={"favorite": "true"},
    ),
    Fields(
        "readwise", "Readwise Reader, CSV", frozenset({"url", "document tags", "saved date", "location"}),
        url=("url",), title=("title",), id=("id",), tags=("document tags",), added=("saved date",),
        note=("document note",),
        unread={"location": "later"}, done={"location": "archive"},
    ),
    Fields(
        "zotero", "Zotero, CSV", frozenset({"key", "item type", "url", "date added"}),
        url=("url",), title=("title",), authors=("author",), site=("publication title",), lang=("language",),
        published=("date",), added=("date added",), tags=("manual tags", "automatic tags"), note=("notes",),
        id=("key",),
        split=r"\s*;\s*",
    ),
    Fields(
        "mediacloud", "Media Cloud, CSV", frozenset({"publish_date", "media_name", "url", "title"}),
        url=("url",), title=("title",), published=("publish_date",), site=("media_name",), lang=("language",),
        id=("stories_id", "id"),
    ),
    Fields(
        "pinboard", "Pinboard, JSON", _signs("href description extended toread"),
        url=("href",), title=("description",), note=("extended",), tags=("tags",), added=("time",), split=r"\s+",
        id=("hash",), unread={"toread": "yes"},
    ),
    Fields(
        "wallabag", "wallabag v2, JSON", _signs("is_archived is_starred url title"),
        url=("given_url", "origin_url", "url"), title=("title",), html=("content",), authors=("published_by",),
        published=("published_at",), added=("created_at",), tags=("tags",), lang=("language",), site=("domain_name",),
        id=("id",), starred={"is_starred": "1"}, unread={"is_archived": "0"}, done={"is_archived": "1"},
    ),
    Fields(
        "omnivore", "Omnivore, JSON", _signs("slug url savedat"),
        url=("url",), title=("title",), authors=("author",), published=("publishedat",), added=("savedat",),
        tags=("labels",), id=("id",), done={"state": "archived"}, unread={"state": "active"},
    ),
    Fields(
        "news-please", "news-please, JSON", _signs("maintext date_publish url"),
        url=("url",), title=("title",), text=("maintext", "text"), authors=("authors",), published=("date_publish",),
        captured=("date_download",), site=("source_domain",), lang=("language",),
    ),
    Fields(
        "fundus", "fundus, JSON", _signs("publishing_date topics"),
        url=("url", "html", "requested_url"), title=("title",), text=("body", "plaintext"), authors=("authors",),
        published=("publishing_date",), tags=("topics",), lang=("lang",), site=("publisher",), captured=("crawl_date",),
    ),
    Fields(
        "trafilatura", "trafilatura, JSON", _signs("fingerprint hostname text"),
        url=("source", "url"), title=("title",), text=("text", "raw_text"), authors=("author",), published=("date",),
        captured=("filedate",), site=("sitename", "source-hostname", "hostname"), lang=("language",),
        tags=("tags", "categories"), id=("id",),
    ),
    Fields(
        "newspaper", "newspaper4k and newspaper3k, JSON", _signs("publish_date top_image text"),
        url=("url", "original_url", "canonical_link"), title=("title",), text=("text",), authors=("authors",),
        published=("publish_date",), tags=("tags",), lang=("meta_lang", "language"), site=("meta_site_name",),
        captured=("download_date",),
    ),
    Fields(
        "backfile", "Backfile's own export, JSON", _signs("capture_id article last_captured"),
        url=("final_url", "url"), title=("title",), text=("text",), authors=("authors",), site=("site",),
        lang=("lang",), published=("published", "published_on"), captured=("last_captured",), tags=("tags",),
        note=("note",), id=("id",),
    ),
    Fields(
        "csl", "CSL-JSON", _signs("type id issued"),
        url=("url",), title=("title",), authors=("author",), site=("container-title",), lang=("language",),
        published=("issued",), added=("accessed",), tags=("keyword", "categories"), note=("note",), id=("id",),
    ),
)  # fmt: skip
BY_NAME = {fields.name: fields for fields in (*KNOWN, GENERIC)}
LINKWARDEN = Fields(
    "linkwarden", "Linkwarden, JSON", frozenset(), url=("url",), title=("name", "description"), text=("textcontent",),
    note=("description",), tags=("tags",), added=("createdat", "importdate"), folder=("folder",), id=("id",),
)  # fmt: skip
KARAKEEP = Fields(
    "karakeep", "Karakeep (Hoarder), JSON", frozenset(), url=("url",), title=("title",), note=("note",), tags=("tags",),
    added=("createdat",), html=("htmlcontent",), starred={"favourited": "true"}, done={"archived": "true"},
)  # fmt: skip
RIS = Fields(
    "ris", "RIS", frozenset(), url=("ur", "l1", "l2"), title=("ti", "t1"), authors=("au", "a1"),
    site=("t2", "jo", "jf", "pb"), lang=("la",), published=("da", "py", "y1"), added=("y2",), tags=("kw",),
    note=("n1",), id=("id", "an"), split=r"\s*[;\n]\s*",
)  # fmt: skip


def known_by(names: Iterable[str]) -> Fields | None:
    """The format whose signs are all among `names` (lower case), or None."""
    there = frozenset(names)
    return next((fields for fields in KNOWN if fields.signs <= there), None)


def has_url_field(names: Iterable[str]) -> bool:
    """Whether one of `names` is a usual one for an address."""
    return not {normal_name(name) for name in names}.isdisjoint(_URL)


def normal_name(name: str) -> str:
    """A field's name as the table has it."""
    return name.strip().lower()


def to_item(fields: Fields, record: Mapping[str, object], origin: Origin) -> Item:
    """The item that a record is. ValueError, with the reason, for one without an address that can be archived."""
    given = {normal_name(str(name)): value for name, value in record.items()}
    if fields.name == "backfile" and isinstance(article := given.get("article"), Mapping):
        given = {**{str(name): value for name, value in article.items()}, **given}
    url = _address(fields, given)
    state = _flag(fields.done, given)
    return Item(
        url=url,
        origin=Origin(origin.format, origin.file, origin.line, _first(fields.id, given, plain)[:200]),
        title=" ".join(_first(fields.title, given, plain).split()),
        text=_first(fields.text, given, prose),
        html=_first(fields.html, given, plain),
        authors=_many(fields.authors, given, r"\s*;\s*"),
        site=_first(fields.site, given, plain),
        lang=_first(fields.lang, given, plain)[:20],
        published=next(filter(None, (moment(_date(given.get(name))) for name in fields.published)), None),
        added=next(filter(None, (instant(_date(given.get(name))) for name in fields.added)), None),
        captured=next(filter(None, (instant(given.get(name)) for name in fields.captured)), None),
        tags=_many(fields.tags, given, fields.split),
        folder=_first(fields.folder, given, plain),
        note=_first(fields.note, given, plain).strip(),
        starred=_flag(fields.starred, given),
        read=True if state else False if _flag(fields.unread, given) else None,
    )


def address(text: str) -> str:
    """`text` as an address that can be archived. ValueError with the reason."""
    url = text.strip()
    if len(url) > MAX_URL:
        raise ValueError(f"an address of {len(url)} characters is none")
    if url and "://" not in url and re.match(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(/|$)", url, re.IGNORECASE):
        url = f"https://{url}"
    try:
        check_url(url)
    except UsageError as error:
        raise ValueError(str(error)) from error
    return url


def _address(fields: Fields, given: Mapping[str, object]) -> str:
    problem: ValueError | None = None
    for name in fields.url:
        value = given.get(name)
        # fundus keeps its addresses inside of "html"; elsewhere a list of addresses holds the first one first
        inner = value.get("requested_url") or value.get("responded_url") if isinstance(value, Mapping) else value
        text = plain(inner[0] if isinstance(inner, list) and inner else inner)
        if not text:
            continue
        try:
            return address(text)
        except ValueError as error:
            problem = problem or error
    if problem is not None:
        raise problem
    raise ValueError("it has no address")


def any_address(values: Iterable[object]) -> str:
    """The first address among some values. ValueError when there is none."""
    for value in values:
        for url in find_urls(str(value)):
            return url
    raise ValueError("it has no address")


def plain(value: object) -> str:
    """A simple value as text; "" for what is none."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).strip() if isinstance(value, str | int | float) else ""


def prose(value: object) -> str:
    """Text however it is nested: paragraphs in lists, sections in objects."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        value = value.values()
    if isinstance(value, Iterable):
        return "\n\n".join(filter(None, (prose(part) for part in value)))
    return ""


def words(value: object, split: str) -> list[str]:
    """Names in any of the ways that exports write lists of them."""
    if isinstance(value, str):
        if _LIST.fullmatch(value):
            return [a or b for a, b in _QUOTED.findall(value)]
        return [part.strip().strip("#").strip() for part in re.split(split, value)]
    if isinstance(value, Mapping):
        for name in ("name", "label", "literal", "title", "tag"):
            if plain(value.get(name)):
                return [plain(value[name])]
        return [" ".join(filter(None, (plain(value.get("given")), plain(value.get("family")))))]
    if isinstance(value, Iterable):
        return [word for part in value for word in words(part, r"(?!)")]
    return []


def _first(names: Names, given: Mapping[str, object], read: Callable[[object], str]) -> str:
    return next(filter(None, (read(given.get(name)) for name in names)), "")


def _many(names: Names, given: Mapping[str, object], split: str) -> tuple[str, ...]:
    found = (word for name in names for word in words(given.get(name), split))
    return tuple(dict.fromkeys(word[:200] for word in found if word))


def _flag(wanted: Mapping[str, str], given: Mapping[str, object]) -> bool:
    return any(plain(given.get(name)).lower() in {value, *_YES.get(value, ())} for name, value in wanted.items())


_YES = {"true": ("1", "yes"), "1": ("true", "yes"), "0": ("false", "no"), "yes": ("true", "1")}


def _date(value: object) -> object:
    """A date that CSL keeps in parts, as text; any other as it is."""
    if isinstance(value, Mapping):
        parts = value.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
            numbers = [*parts[0], 1, 1][:3]
            return "-".join(str(number).zfill(2) for number in numbers)
        return value.get("raw") or value.get("literal")
    if isinstance(value, list) and value:
        return value[0]
    return value
