"""RSS, Atom, RDF and JSON feeds, and OPML: the articles (or addresses) that they list.

A feed's own excerpt is no article, so its entries are links; their titles, dates and categories come along. An address
that is not whole is taken from where it stands: by xml:base, by the page that the feed belongs to, by the address of
the feed itself (https://www.rfc-editor.org/rfc/rfc4287, https://www.rssboard.org/media-rss).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

from archive.formats.item import Item, Reject
from archive.formats.json_values import whole
from archive.formats.moments import lost_dates, moment
from archive.formats.opening import ImportFile
from archive.formats.records import address, listed, persons_in, plain
from archive.formats.xmls import Element, elements, joined
from archive.urls import site_of

_ENTRIES = frozenset({"item", "entry"})
_DATES = (
    ("", "pubdate"), ("", "published"), ("", "issued"), ("", "created"), ("dc", "date"), ("dcterms", "issued"),
    ("dcterms", "created"), ("dcterms", "available"), ("dcterms", "date"), ("atom", "published"), ("", "date"),
    ("", "updated"), ("", "modified"), ("dcterms", "modified"), ("atom", "updated"),
)  # fmt: skip
_TITLES = (
    ("", "title"),
    ("atom", "title"),
    ("dc", "title"),
    ("dcterms", "title"),
    ("media", "title"),
    ("itunes", "title"),
)
_AUTHORS = (("", "author"), ("dc", "creator"), ("dcterms", "creator"), ("atom", "author"), ("itunes", "author"))
_MAILED = re.compile(r"\S+@\S+\s+\((.+)\)\Z")  # what RSS asks for: "mail@example.org (Name)"
_WAITING = 1_000  # entries that wait for the address of their feed's page
# Marks of HTML in what is to be plain text: those that only say how words look.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|tt|u)\b[^<>]{0,2000}>", re.IGNORECASE
)
_RELATIVE = re.compile(r"(?![A-Za-z][A-Za-z0-9+.-]*:|www\.)")
_BREAK = re.compile(r"</?(?:br|p)\b[^<>]{0,200}>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:br|p|div|li|h\d)\b[^<>]{0,200}>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]{0,2000}>", re.DOTALL)


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The entries of an RSS 0.9x/1.0/2.0 or Atom feed."""
    page = own = ""
    waiting: list[tuple[Element, int]] = []
    for number, found in enumerate(elements(source, _ENTRIES | {"link"}), 1):
        if found.name == "link":
            page = page or _page_of_feed(found, source.address)
            own = own or _page_of_feed(found, source.address, own=True)
            continue
        entry = _entry(source, found, number, page)
        if isinstance(entry, Reject) and not page and len(waiting) < _WAITING:
            waiting.append((found, number))
        else:
            yield entry
    for found, number in waiting:
        yield _entry(source, found, number, page or own)


def read_json(source: ImportFile) -> Iterator[Item | Reject]:
    """The items of a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    feed = whole(source)
    entries = feed.get("items")
    base = joined(source.address or plain(feed.get("feed_url")), plain(feed.get("home_page_url")))
    for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        if not isinstance(entry, Mapping):
            yield Reject(source.origin(number), "not a feed item", str(entry)[:1000])
            continue
        origin = source.origin(number, plain(entry.get("id"))[:200])
        try:
            url = _whole(_json_links(entry), base)
        except ValueError as error:
            yield Reject(origin, str(error), str(entry)[:1000])
            continue
        names = entry.get("tags")
        dates = [(name, entry.get(name)) for name in ("date_published", "date_modified")]
        yield Item(
            url,
            origin,
            title=_line(html.unescape(plain(entry.get("title")))),
            published=_first_date(value for _, value in dates),
            authors=tuple(_people(entry) or _people(feed)),
            lang=(plain(entry.get("language")) or plain(feed.get("language")))[:20],
            tags=tuple(filter(None, map(plain, names))) if isinstance(names, list) else (),
            remarks=lost_dates(*dates),
        )


_FEED_SCHEME = re.compile(r"^\s*feed:(?://)?", re.IGNORECASE)  # as programs that read feeds write addresses of them


def read_opml(source: ImportFile) -> Iterator[Item | Reject]:
    """The addresses in an outline: of pages (url, htmlUrl), else of the feeds themselves (xmlUrl)."""
    for outline in elements(source, frozenset(), frozenset({"outline"})):
        given = outline.attributes
        url = given.get("url") or given.get("htmlurl") or given.get("xmlurl")
        if not url:
            continue  # a folder
        try:
            url = address(_FEED_SCHEME.sub("", url) if "//" in url[6:] else _FEED_SCHEME.sub("http://", url))
        except ValueError as error:
            yield Reject(source.origin(outline.line), str(error), str(given))
            continue
        tags = tuple(filter(None, (part.strip(" /") for part in given.get("category", "").split(","))))
        yield Item(url, source.origin(outline.line), title=_name(outline), tags=tags, folder=_folder(outline))


def _name(outline: Element) -> str:
    return _line(outline.attributes.get("text") or outline.attributes.get("title") or "")


def _folder(outline: Element) -> str:
    """The names of the outlines that this one is in, outermost first."""
    names: list[str] = []
    outer = outline.outer
    while outer is not None:
        if outer.name == "outline":
            names.insert(0, _name(outer).replace("/", "-"))
        outer = outer.outer
    return "/".join(filter(None, names))


# -- RSS and Atom --------------------------------------------------------------------------------------------------


def _entry(source: ImportFile, entry: Element, number: int, page: str) -> Item | Reject:
    own = _one(entry, (("", "guid"), ("", "id")))
    origin = source.origin(entry.line, own.text.strip()[:200] if own else str(number))
    try:
        url = _whole(_links(entry), joined(page or source.address, entry.base))
    except ValueError as error:
        return Reject(origin, str(error), " ".join(child.text for child in entry.children)[:1000])
    terms = (
        one.attributes.get("term") or one.text.strip()
        for one in _all(entry, (("", "category"), ("dc", "subject")))
        if not one.attributes.get("scheme", "").endswith("#kind")  # what Blogger says of every post
    )
    titles = (_title(one) for one in (*_all(entry, _TITLES), *_media_titles(entry)))
    dates = list(dict.fromkeys((one.name, one.text.strip()) for one in _all(entry, _DATES)))  # one may go by two names
    return Item(
        url,
        origin,
        title=next(filter(None, titles), ""),
        published=_first_date(value for _, value in dates),
        authors=tuple(
            dict.fromkeys(name for one in _all(entry, _AUTHORS) if (said := _author(one)) for name in persons_in(said))
        ),
        tags=tuple(dict.fromkeys(term for term in terms if term)),
        remarks=lost_dates(*dates),
    )


def _all(entry: Element, names: Iterable[tuple[str, str]]) -> Iterator[Element]:
    """The parts of an entry with these names, in the order of the names; "" is the namespace of the entry itself."""
    for space, name in names:
        wanted = space or entry.space
        yield from (one for one in entry.children if one.name == name and one.space == wanted)


def _one(entry: Element, names: Iterable[tuple[str, str]]) -> Element | None:
    return next(_all(entry, names), None)


def _links(entry: Element) -> Iterator[str]:
    """Where the article may be, the surest first, each resolved as far as the entry itself says how."""
    links = [*_all(entry, (("", "link"), ("atom", "link")))]
    # What the link leads to by way of a service, which may be gone.
    yield from (one.text.strip() for one in _all(entry, (("feedburner", "origlink"), ("pheedo", "origlink"))))
    alternate = [one for one in links if one.attributes.get("rel", "alternate") == "alternate"]
    for one in sorted(alternate, key=lambda one: "html" not in one.attributes.get("type", "html")):
        yield joined(one.base, _led_to(one))
    own = _one(entry, (("", "guid"), ("", "id")))
    if own is not None and own.attributes.get("ispermalink", "true") != "false" and "://" in own.text:
        yield own.text.strip()
    yield entry.attributes.get("about", "")
    yield from (
        joined(one.base, one.attributes.get("href", "")) for one in links if one.attributes.get("rel") == "enclosure"
    )
    yield from (joined(one.base, one.attributes.get("url", "")) for one in _media(entry))
    yield from (joined(one.base, one.attributes.get("src", "")) for one in _all(entry, (("", "content"),)))
    yield from (one.text for one in _all(entry, (("", "permalink"), ("", "url"))))
    titles = _all(entry, _TITLES)
    yield from (inner.attributes.get("href", "") for one in titles for inner in one.children if inner.name == "a")
    if own is not None and own.text.strip().startswith(("http://", "https://")):
        yield own.text.strip()  # it is said to be no address, but it is one, and the only one that there is


def _led_to(link: Element) -> str:
    """Where a link leads; "<link/>https://…" is what programs make of a link that take a feed for HTML."""
    said = link.attributes.get("href", "") or link.text
    behind = link.tail.strip()
    if not said.strip() and behind.startswith(("http://", "https://")):
        said = behind.split()[0]
    return html.unescape(said) if "&amp;" in said else said  # escaped twice


def _media(entry: Element) -> Iterator[Element]:
    """What comes with an entry: a page that plays it before the file itself."""
    groups = [one.children for one in _all(entry, (("media", "group"),))]
    for holder in (entry.children, *groups):
        yield from (one for one in holder if one.space == "media" and one.name == "player")
    yield from _all(entry, (("", "enclosure"), ("media", "content")))
    for group in groups:
        yield from group


def _media_titles(entry: Element) -> Iterator[Element]:
    """Titles that stand with what comes with an entry, for one that has none of its own."""
    for holder in _all(entry, (("media", "group"), ("media", "content"))):
        for one in (holder, *holder.children):
            yield from (inner for inner in one.children if (inner.space, inner.name) == ("media", "title"))


def _json_links(entry: Mapping[str, object]) -> Iterator[str]:
    yield from (plain(entry.get(name)) for name in ("url", "external_url"))
    if "://" in plain(entry.get("id")):
        yield plain(entry["id"])
    yield from (plain(one.get("url")) for one in listed(entry.get("attachments")))


def _whole(links: Iterable[str], base: str) -> str:
    """The first of `links` that is an address, at `base` where it is none by itself. ValueError when there is none."""
    problem: ValueError | None = None
    for link in links:
        text = "".join(link.split("\n")).strip()
        if not text:
            continue
        if _RELATIVE.match(text) and site_of(f"https://{text}") == site_of(base) != "":
            text = f"https://{text}"  # only its scheme is missing
        if _RELATIVE.match(text):
            text = joined(base or "https:" * text.startswith("//"), text)
        if _RELATIVE.match(text):
            problem = problem or ValueError(f"{text!r} is no whole address, and nothing says of which site it is")
            continue
        try:
            return address(text)
        except ValueError as error:
            problem = problem or error
    raise problem or ValueError("it has no address")


def _page_of_feed(link: Element, feed: str, *, own: bool = False) -> str:
    """The address of the page that a feed belongs to, or its `own`; for Atom the other way round.

    "" when this link does not say it.
    """
    if link.outer is None or link.outer.name not in ("channel", "feed"):
        return ""
    given = link.attributes
    text = given.get("href", "") or link.text.strip()
    # An Atom feed stands where it says itself, and is told by its page only where it does not say.
    wanted = "alternate" if (link.outer.name == "channel") is not own else "self"
    if "href" in given and given.get("rel", "alternate") != wanted:
        return ""
    at = joined(joined(feed, link.base), text)
    return at if at.startswith(("http://", "https://")) else ""


def _title(element: Element) -> str:
    """The words of a title, however it is marked up."""
    kind = element.attributes.get("type", "").lower()
    text = element.text
    if kind in ("html", "text/html") or element.attributes.get("mode", "").lower() == "escaped":  # Atom 0.3
        text = html.unescape(_ANY_TAG.sub("", _BLOCK.sub(" ", text)))
    elif kind == "" and element.space in ("", "dc", "media"):
        text = html.unescape(_INLINE.sub("", _BREAK.sub(" ", text)))  # RSS has no word for it; most programs write HTML
    return _line(text)


def _author(element: Element) -> str:
    text = _line(element.value("name") or element.text)
    mailed = _MAILED.match(text)
    return mailed[1].strip() if mailed else text


# -- parts of both -------------------------------------------------------------------------------------------------


def _people(entry: Mapping[str, object]) -> list[str]:
    """The authors of a JSON Feed or of an item in it, in the words of either version."""
    one = entry.get("author")
    found = listed(entry.get("authors")) or ([one] if isinstance(one, Mapping) else [])
    named = (_line(plain(person.get("name"))) for person in found)
    return [person for name in named if name for person in persons_in(name)]


def _first_date(values: Iterable[object]) -> datetime | date | None:
    """The first of the dates that is one; a moment in UTC: the zone of a feed is its program's, hardly its readers'."""
    found = next(filter(None, map(moment, values)), None)
    return found.astimezone(UTC) if isinstance(found, datetime) else found


def _line(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
