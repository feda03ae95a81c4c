"""RSS, Atom, RDF and JSON feeds, and OPML: the articles (or addresses) that they list.

A feed's own excerpt is no article, so its entries are links; their titles, dates and categories come along.
"""

from __future__ import annotations

from collections.abc import Iterator

from archive.formats.item import Item, Origin, Reject
from archive.formats.jsons import whole
from archive.formats.markup import Element, elements
from archive.formats.moments import moment
from archive.formats.opening import ImportFile
from archive.formats.records import address

_ENTRIES = frozenset({"item", "entry"})


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The entries of an RSS 0.9x/1.0/2.0 or Atom feed."""
    for number, entry in enumerate(elements(source, _ENTRIES), 1):
        yield _entry(source.origin(entry.line, entry.value("guid", "id")[:200] or str(number)), entry)


def read_json(source: ImportFile) -> Iterator[Item | Reject]:
    """The items of a JSON Feed."""
    entries = whole(source).get("items")
    for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        if not isinstance(entry, dict):
            yield Reject(source.origin(number), "not a feed item", str(entry)[:1000])
            continue
        try:
            url = address(str(entry.get("url") or entry.get("external_url") or entry.get("id") or ""))
        except ValueError as error:
            yield Reject(source.origin(number), str(error), str(entry)[:1000])
            continue
        names = entry.get("tags")
        yield Item(
            url,
            source.origin(number, str(entry.get("id") or "")[:200]),
            title=str(entry.get("title") or ""),
            published=moment(entry.get("date_published")),
            tags=tuple(str(name) for name in names) if isinstance(names, list) else (),
        )


def read_opml(source: ImportFile) -> Iterator[Item | Reject]:
    """The addresses in an outline: of pages (url, htmlUrl), else of the feeds themselves (xmlUrl)."""
    for outline in elements(source, frozenset(), frozenset({"outline"})):
        given = outline.attributes
        url = given.get("url") or given.get("htmlurl") or given.get("xmlurl")
        if not url:
            continue  # a folder
        try:
            url = address(url)
        except ValueError as error:
            yield Reject(source.origin(outline.line), str(error), str(given))
            continue
        title = given.get("text") or given.get("title") or ""
        tags = tuple(filter(None, (part.strip(" /") for part in given.get("category", "").split(","))))
        yield Item(url, source.origin(outline.line), title=title, tags=tags)


def _entry(origin: Origin, entry: Element) -> Item | Reject:
    try:
        url = address(_link(entry))
    except ValueError as error:
        return Reject(origin, str(error), " ".join(child.text for child in entry.children)[:1000])
    terms = (one.attributes.get("term") or one.text.strip() for one in entry.children if one.name == "category")
    return Item(
        url,
        origin,
        title=" ".join(entry.value("title").split()),
        published=moment(entry.value("pubdate", "published", "issued", "date", "updated")),
        authors=tuple(filter(None, (_author(one) for one in entry.children if one.name in ("author", "creator")))),
        tags=tuple(dict.fromkeys(term for term in terms if term)),
    )


def _link(entry: Element) -> str:
    """The address of the article: of several, the one for people to read."""
    links = [one for one in entry.children if one.name == "link"]
    for one in links:
        if one.attributes.get("href") and one.attributes.get("rel", "alternate") == "alternate":
            return one.attributes["href"]
    for one in links:
        if one.text.strip():
            return one.text.strip()
    guid = entry.child("guid", "id")
    if guid is not None and guid.attributes.get("ispermalink", "true") != "false" and "://" in guid.text:
        return guid.text.strip()
    return entry.attributes.get("about", "")


def _author(element: Element) -> str:
    return element.value("name") or element.text.strip()
