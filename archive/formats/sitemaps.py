"""Sitemaps: the addresses in one, with Google News' titles and dates; and the sitemaps that an index names.

An index of files beside it is followed into them, a few levels deep and each once. The sitemaps of an index on the web
are listed as addresses of sitemaps, and asked for by whoever imports them: reading a file never touches the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from archive.folder import real
from archive.formats.item import Item, Reject
from archive.formats.moments import lost_dates, moment
from archive.formats.opening import ImportFile
from archive.formats.records import address
from archive.formats.xmls import Element, elements

_MAX_FILES = 50_000  # of one index, over all levels
_WANTED = frozenset({"url", "sitemap"})


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The pages of a sitemap, and of the sitemaps beside it when it is an index."""
    yield from _read(source, {real(source.path)})


def _read(source: ImportFile, seen: set[object]) -> Iterator[Item | Reject]:
    for element in elements(source, _WANTED):
        where = source.origin(element.line)
        try:
            url = address(element.value("loc"))
        except ValueError as error:
            yield Reject(where, str(error), element.value("loc")[:1000])
            continue
        if element.name == "url":
            yield _page(source, element, url)
            continue
        beside = source.path.parent / PurePosixPath(urlsplit(url).path).name
        if real(beside) in seen or len(seen) >= _MAX_FILES:
            yield Reject(where, "this sitemap was read already, or there are too many of them", url)
        elif beside.is_file():
            seen.add(real(beside))
            yield from _read(ImportFile(beside, str(beside), source.format_name), seen)
        else:
            yield Reject(where, "a sitemap on the web: download it beside this file, or import it by its address", url)


def _page(source: ImportFile, element: Element, url: str) -> Item:
    news = element.child("news")
    publication = news.child("publication") if news else None
    keywords = news.value("keywords").split(",") if news else []
    published, modified = news.value("publication_date") if news else None, element.value("lastmod")
    return Item(
        url,
        source.origin(element.line),
        title=news.value("title") if news else "",
        published=moment(published),
        modified=moment(modified),
        site=publication.value("name") if publication else "",
        lang=publication.value("language") if publication else "",
        tags=tuple(filter(None, (keyword.strip() for keyword in keywords))),
        remarks=lost_dates(("publication_date", published)) + lost_dates(("lastmod", modified)),
    )
