"""THE table of formats whose records have named fields (rows of a CSV, objects of a JSON file): what means what. Pure.

A format is recognised by fields that only it has. What no format claims is read by the usual names of such fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

Names = tuple[str, ...]
_URL = tuple(
    "url link href resolved_url original_url web_url article_url permalink source_url canonical_url requested_url "
    "canonical alternate given_url page_url story_url target_url uri loc address website external_url final_url weburl "
    "original adresse lien enlace länk lenke odkaz ссылка 链接 網址 网址 リンク 링크".split()
)
_TITLE = tuple(
    "title headline resolved_title given_title name heading subject page_title "
    "titel überschrift schlagzeile titre título titulo titolo tytuł rubrik tittel "
    "заголовок 标题 標題 タイトル 제목".split()
)
_TEXT = tuple(
    "text maintext cleaned_text plaintext fulltext full_text article_text body_text content_text body".split()
)
# A text, plain or marked up, where it is long enough to be one: it may be a teaser; the last two are titles, too.
TEXT_OR_HTML = ("content", "transcript", "article", "story")
_HTML = tuple("html content_html body_html raw_html article_html htmlcontent".split())
_AUTHORS = (
    "authors", "author", "byline", "creator", "autor", "autoren", "auteur", "autore", "författare",
    "forfatter", "автор", "作者", "著者",
)  # fmt: skip
_PUBLISHED = tuple(
    "published published_at publish_date date_publish publishing_date date_published publishedat pub_date pubdate "
    "publication_date published_date issued datetime date datum fecha dato дата 日期 日付".split()
)
_ADDED = tuple(
    "added added_at time_added date_added dateadded created created_at createdat timestamp saved_at savedat "
    "saved_date seendate time time_usec visit_time visited visited_at last_visited last_visit_time ts".split()
)


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of a format's records say what. Names are in lower case; the first that is not empty counts.

    Tags are those of all their fields together, and so are notes.
    """

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
    starred: Mapping[str, str] = field(default_factory=dict)  # field → the values (lower case, "|") that mean yes
    unread: Mapping[str, str] = field(default_factory=dict)
    done: Mapping[str, str] = field(default_factory=dict)  # read
    split: str = r"\s*[,;|]\s*"  # what stands between two tags
    inverted: bool = False  # names stand as "Last, First"
    made: Names = ()  # what stands for itself where there is no address: it gets one that is never fetched


def _signs(text: str) -> frozenset[str]:
    return frozenset(text.split())


GENERIC = Fields(
    "records", "records with a field for the address", frozenset(),
    text=_TEXT, html=(*_HTML, "content.rendered"), authors=_AUTHORS,
    site=("site", "site_name", "source", "publisher", "publication", "origin.title", "domain"),
    lang=("language", "lang"), published=_PUBLISHED, added=_ADDED, captured=("captured", "date_download", "crawl_date"),
    tags=("tags", "tag", "labels", "keywords", "categories", "category", "topics", "topic", "section"),
    folder=("folder", "collection", "list"),
    note=("note", "notes", "comment", "annotation"), id=("id", "guid", "uid"),
    starred={"favorite": "true", "starred": "true"},
)  # fmt: skip
_OF_TEXT = frozenset((*GENERIC.text, *GENERIC.html, *TEXT_OR_HTML[:2]))
_BESIDE_TEXT = frozenset((*GENERIC.title, *GENERIC.authors, *GENERIC.site, *GENERIC.published))
_BY_LETTERS = {
    name.replace("_", ""): name
    for names in (
        GENERIC.url, GENERIC.title, GENERIC.text, GENERIC.html, GENERIC.authors, GENERIC.site, GENERIC.published,
        GENERIC.added, GENERIC.captured,
    )
    for name in names
    if "_" in name
}  # fmt: skip
_OF_A_STORY = re.compile(r"(?:story|article|post|page|item|entry|news|document|shared)(?=\w)")
_PLAIN_NAMES = frozenset(
    "url link href permalink uri title headline name text body content html author authors byline creator published"
    " date datetime created added source site publisher language lang tags labels keywords".split()
)

OWN_JSON = Fields(
    "backfile", "Backfile's own export, JSON", _signs("capture_id article last_captured"),
    url=("final_url", "url"), title=("title",), authors=("authors",), site=("site",), lang=("lang",),
    published=("published", "published_on"), captured=("last_captured",), id=("id",),
)  # fmt: skip
OWN_CSV = Fields(
    "backfile-csv", "Backfile's own export, CSV", _signs("final_url export_query export_time export_log"),
    url=("final_url", "url"), title=("title",), site=("site",), lang=("lang",),
    published=("published_at", "published"), captured=("last_captured",), id=("id",),
)  # fmt: skip
# The order matters: the first whose signs are all there is taken.
KNOWN: tuple[Fields, ...] = (
    Fields(
        "pocket", "Pocket, CSV", _signs("title url time_added tags status"),
        url=("url",), title=("title",), added=("time_added",), tags=("tags",), split=r"\s*[|,]\s*",
        unread={"status": "unread"}, done={"status": "archive"},
    ),
    Fields(
        "instapaper", "Instapaper, CSV", _signs("url title selection folder"),
        url=("url",), title=("title",), note=("selection",), folder=("folder",), added=("timestamp",), tags=("tags",),
        unread={"folder": "unread"}, done={"folder": "archive"}, starred={"folder": "starred"},
    ),
    Fields(
        "raindrop", "Raindrop.io, CSV", _signs("url folder excerpt created cover"),
        url=("url",), title=("title",), note=("note", "highlights"), folder=("folder",), tags=("tags",),
        added=("created",), id=("id",), starred={"favorite": "true"},
    ),
    Fields(
        "readwise", "Readwise Reader, CSV", frozenset({"url", "document tags", "saved date", "location"}),
        url=("url",), title=("title",), id=("id",), tags=("document tags",), added=("saved date",),
        note=("document note",), unread={"location": "new|later|shortlist"}, done={"location": "archive"},
    ),
    Fields(
        "readwise-highlights", "Readwise, highlights, CSV", frozenset({"highlight", "book title", "highlighted at"}),
        url=("url", "source url"), title=("book title",), text=("highlight",), authors=("book author",),
        tags=("tags", "document tags"), added=("highlighted at",), note=("note",), made=("book title", "highlight"),
    ),
    Fields(
        "readwise-books", "Readwise's API, highlights", _signs("user_book_id highlights"),
        url=("source_url", "unique_url"), title=("readable_title", "title"), text=("text",), authors=("author",),
        tags=("book_tags",), note=("note", "document_note"), made=("title", "text"), id=("user_book_id",),
    ),
    Fields(
        "zotero", "Zotero, CSV", frozenset({"key", "item type", "url", "date added"}),
        url=("url",), title=("title",), authors=("author",), site=("publication title",), lang=("language",),
        published=("date",), added=("date added",), tags=("manual tags", "automatic tags"), note=("notes",),
        id=("key",),
        split=r"\s*;\s*", inverted=True,
    ),
    Fields(
        "mediacloud", "Media Cloud, CSV", frozenset({"publish_date", "media_name", "url", "title"}),
        url=("url",), title=("title",), text=("text",), published=("publish_date",), site=("media_name",),
        lang=("language",), id=("stories_id", "id"),
    ),
    Fields(
        "pinboard", "Pinboard, JSON", _signs("href description extended toread"),
        url=("href",), title=("description",), note=("extended",), tags=("tags",), added=("time",), split=r"\s+",
        id=("hash",), unread={"toread": "yes"},
    ),
    Fields(
        "wallabag", "wallabag v2, JSON", _signs("is_archived is_starred url"),
        url=("url", "given_url"), title=("title",), html=("content",), authors=("published_by",),
        published=("published_at",), added=("created_at",), tags=("tags",), lang=("language",), site=("domain_name",),
        note=("annotations",), id=("id",), starred={"is_starred": "1"}, unread={"is_archived": "0"},
        done={"is_archived": "1"},
    ),
    Fields(
        "wallabag-v1", "wallabag v1, JSON", _signs("is_read is_fav url"),
        url=("url",), title=("title",), html=("content",), tags=("tags",), id=("id",), starred={"is_fav": "1"},
        unread={"is_read": "0"}, done={"is_read": "1"},
    ),
    Fields(
        "omnivore", "Omnivore, JSON", _signs("slug url savedat"),
        url=("url",), title=("title",), authors=("author",), published=("publishedat",), added=("savedat",),
        tags=("labels",), id=("id",), done={"state": "archived"}, unread={"state": "succeeded|active"},
    ),
    Fields(
        "news-please", "news-please, JSON", _signs("maintext date_publish url"),
        url=("url",), title=("title",), text=("maintext", "text"), authors=("authors",), published=("date_publish",),
        captured=("date_download",), site=("source_domain",), lang=("language",),
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
        "newsapi", "NewsAPI, JSON", _signs("urltoimage publishedat url"),
        url=("url",), title=("title",), text=("content",), authors=("author",), site=("source",),
        published=("publishedat",),
    ),
    Fields(
        "guardian", "The Guardian's content API, JSON", _signs("webtitle weburl webpublicationdate"),
        url=("weburl",), title=("fields.headline", "webtitle"), text=("fields.bodytext",), html=("fields.body",),
        authors=("fields.byline",), site=("fields.publication",), published=("webpublicationdate",), tags=("tags",),
        id=("id",),
    ),
    Fields(
        "nyt", "The New York Times' article search, JSON", _signs("web_url pub_date headline"),
        url=("web_url",), title=("headline.main", "headline"), authors=("byline.original",), site=("source",),
        published=("pub_date",), tags=("keywords",), id=("_id",),
    ),
    Fields(
        "pocket-api", "Pocket's API, JSON", _signs("given_url resolved_url time_added"),
        url=("resolved_url", "given_url"), title=("resolved_title", "given_title"), authors=("authors",),
        added=("time_added",), tags=("tags",), id=("item_id",), starred={"favorite": "1"}, unread={"status": "0"},
        done={"status": "1"},
    ),
    Fields(
        "raindrop-api", "Raindrop.io's API, JSON", _signs("link collectionid created"),
        url=("link",), title=("title",), note=("note", "highlights"), tags=("tags",), added=("created",), id=("_id",),
        starred={"important": "true"},
    ),
    Fields(
        "readwise-api", "Readwise Reader's API, JSON", _signs("source_url saved_at location"),
        url=("source_url", "url"), title=("title",), html=("html_content",), authors=("author",), site=("site_name",),
        published=("published_date",), added=("saved_at",), tags=("tags",), note=("notes",), id=("id",),
        unread={"location": "new|later|shortlist"}, done={"location": "archive"},
    ),
    Fields(
        "omnivore-csv", "Omnivore, CSV", _signs("url state labels saved_at"),
        url=("url",), title=("title",), published=("published_at",), added=("saved_at",), tags=("labels",),
        done={"state": "archived"}, unread={"state": "succeeded|active"},
    ),
    Fields(
        "twitter-csv", "X/Twitter archive of old, CSV (tweets.csv)", _signs("tweet_id timestamp text expanded_urls"),
        url=("expanded_urls",), note=("text",), added=("timestamp",), id=("tweet_id",), made=("tweet_id", "text"),
    ),
    Fields(
        "matter", "Matter, CSV", frozenset({"url", "in queue", "favorited"}),
        url=("url",), title=("title",), authors=("author",), site=("publisher",), added=("last interaction date",),
        tags=("tags",), starred={"favorited": "true"}, done={"read": "true"}, unread={"read": "false"},
    ),
    Fields(
        "linkding", "linkding, JSON", _signs("tag_names date_added url"),
        url=("url",), title=("title", "website_title"), tags=("tag_names",), added=("date_added",), note=("notes",),
        id=("id",), unread={"unread": "true"},
    ),
    Fields(
        "pinboard-feed", "Pinboard and Delicious, feeds in JSON", _signs("u d t dt"),
        url=("u",), title=("d",), tags=("t",), added=("dt",), note=("n",),
    ),
    Fields(
        "shaarli", "Shaarli, JSON", _signs("shorturl url private"),
        url=("url",), title=("title",), note=("description",), tags=("tags",), added=("created",), id=("id",),
    ),
    Fields(
        "hypothesis", "Hypothesis, annotations, JSON", _signs("uri target document created"),
        url=("uri",), title=("document.title",), tags=("tags",), added=("created",), note=("text",), id=("id",),
    ),
    Fields(
        "crossref", "Crossref's API, JSON", _signs("doi container-title issued"),
        url=("url",), title=("title",), authors=("author",), site=("container-title",), lang=("language",),
        published=("issued",), id=("doi",),
    ),
    Fields(
        "openalex", "OpenAlex, JSON", _signs("doi display_name publication_date"),
        url=("doi", "id"), title=("title", "display_name"), authors=("authorships",), lang=("language",),
        published=("publication_date",), id=("id",),
    ),
    OWN_JSON,
    OWN_CSV,
    Fields(
        "csl", "CSL-JSON", _signs("type id issued"),
        url=("url",), title=("title",), authors=("author",), site=("container-title",), lang=("language",),
        published=("issued",), added=("accessed",), tags=("keyword", "categories"), note=("note",), id=("id",),
    ),
)  # fmt: skip
BY_NAME = {fields.name: fields for fields in (*KNOWN, GENERIC)}
FUNDUS = Fields(
    "fundus", "fundus, JSON", _signs("publishing_date body"), url=("url", "html", "requested_url"), title=("title",),
    text=("body", "plaintext"), authors=("authors",), published=("publishing_date",), tags=("topics",), lang=("lang",),
    site=("publisher",), captured=("crawl_date",),
)  # fmt: skip
LINKWARDEN = Fields(
    "linkwarden", "Linkwarden, JSON", frozenset(), url=("url",), title=("name", "description"), text=("textcontent",),
    note=("description",), tags=("tags",), added=("importdate", "createdat"), folder=("folder",), id=("id",),
    starred={"pinned": "true"},
)  # fmt: skip
KARAKEEP = Fields(
    "karakeep", "Karakeep (Hoarder), JSON", frozenset(), url=("url",), title=("title",), note=("note",), tags=("tags",),
    added=("createdat",), html=("htmlcontent",), text=("text",), made=("text",), starred={"favourited": "true"},
    done={"archived": "true"},
)  # fmt: skip
RIS = Fields(
    "ris", "RIS", frozenset(), url=("ur", "l1", "l2"), title=("ti", "t1"), authors=("au", "a1"),
    site=("t2", "jo", "jf", "pb"), lang=("la",), published=("da", "py", "y1"), added=("y2",), tags=("kw",),
    note=("n1",), id=("id", "an"), split=r"\s*[;\n]\s*", inverted=True,
)  # fmt: skip
ZOTERO = Fields(
    "zotero-rdf", "Zotero, RDF", frozenset(), url=("url",), title=("title",), authors=("author",),
    site=("publication title",), lang=("language",), published=("date",), added=("date added",), tags=("tags",),
    folder=("folder",), note=("notes",), split=r"\s*[;\n]\s*", inverted=True,
)  # fmt: skip
ENDNOTE = Fields(
    "endnote", "EndNote", frozenset(), url=("u",), title=("t",), authors=("a",), site=("j", "b", "i"), lang=("g",),
    published=("8", "d"), added=("[",), tags=("k",), note=("z",), id=("m",), split=r"\s*[;\n]\s*", inverted=True,
)  # fmt: skip
NBIB = Fields(
    "nbib", "PubMed (.nbib)", frozenset(), url=("url",), title=("ti",), authors=("fau",), site=("jt", "ta"),
    published=("dp",), tags=("ot",), id=("pmid",), lang=("la",), split=r"\s*[;\n]\s*", inverted=True,
)  # fmt: skip
BIBTEX = Fields(
    "bibtex", "BibTeX", frozenset(), url=("url", "link", "howpublished"), title=("title",), authors=("author",),
    site=("journaltitle", "journal", "booktitle", "publisher", "organization"), lang=("langid", "language"),
    published=("date",), added=("urldate",), tags=("keywords", "keyword"), note=("note", "annote"), id=("id",),
    split=r"\s*[,;]\s*", inverted=True,
)  # fmt: skip
MARKDOWN = Fields(
    "markdown", "Markdown notes with front matter", frozenset(),
    url=("url", "source", "link", "source_url", "original_url", "canonical_url", "canonical", "permalink"),
    title=("title",), authors=("authors", "author", "byline"), site=("site", "site_name", "publisher", "publication"),
    lang=("lang", "language"), published=("published", "date_published", "publish_date", "date"),
    added=("created", "saved", "date_saved", "date_added", "clipped"), captured=("captured",),
    tags=("tags", "tag", "keywords", "labels"), note=("note", "notes", "comment"), id=("id",),
)  # fmt: skip


def known_by(names: Iterable[str]) -> Fields | None:
    """The format whose signs are all among `names` (lower case), or None."""
    there = frozenset(names)
    return next((fields for fields in KNOWN if fields.signs <= there), None)


def has_url_field(names: Iterable[str]) -> bool:
    """Whether one of `names` is a usual one for an address."""
    return not {normal_name(name) for name in names}.isdisjoint(_URL)


def has_text_fields(names: Iterable[str]) -> bool:
    """Whether `names` are those of a text that stands for itself: one for it, one for its title, day, authors or
    outlet, and none for an address."""
    given = {normal_name(name) for name in names}
    return not (given.isdisjoint(_OF_TEXT) or given.isdisjoint(_BESIDE_TEXT)) and given.isdisjoint(_URL)


def normal_name(name: str) -> str:
    """A field's name as the table has it."""
    return name.strip().lower()


@lru_cache(maxsize=4096)  # it is asked of every field of every record
def usual_name(name: str) -> str:
    """The usual name that `name` (lower case) is but for what stands between its words ("publication date",
    "publicationdate" and "pub-date"), or before them ("story_title"); "" for any other."""
    bare = re.sub(r"[\s_-]+", "", name)
    if (known := _BY_LETTERS.get(bare, "")) or not (about := _OF_A_STORY.match(bare)):
        return known
    rest = bare[about.end() :]
    return rest if rest in _PLAIN_NAMES else _BY_LETTERS.get(rest, "")
