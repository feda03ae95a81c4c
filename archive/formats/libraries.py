"""JSON exports that are more than a list of records: Linkwarden, Karakeep, Omnivore, and what fundus saves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from archive.formats.fields import BY_NAME, FUNDUS, KARAKEEP, LINKWARDEN
from archive.formats.item import Item, Reject
from archive.formats.json_values import Bad, Value, records, whole
from archive.formats.jsons import each_item, item_of
from archive.formats.opening import ImportFile, as_text
from archive.formats.records import listed, made_address, plain, prose

_SLUG = re.compile(r"[\w-][\w.-]{0,250}")  # a file name, and nothing that leads elsewhere
_MAX_DEPTH = 100  # of folders


def read_linkwarden(source: ImportFile) -> Iterator[Item | Reject]:
    """Linkwarden's backup: collections, one inside of the other, with their links; pinned links are starred."""
    document = whole(source)
    collections = listed(document.get("collections"))
    paths = _paths(collections)
    pinned = {plain(link.get("id")) for link in listed(document.get("pinnedLinks"))}
    number = 0
    for collection in collections:
        folder = paths.get(plain(collection.get("id")), plain(collection.get("name")))
        for link in listed(collection.get("links")):
            number += 1
            starred = plain(link.get("id")) in pinned
            yield item_of(source, LINKWARDEN, number, {**link, "folder": folder, "pinned": starred})


def read_karakeep(source: ImportFile) -> Iterator[Item | Reject]:
    """Karakeep's (Hoarder's) export; each list a bookmark is in becomes a tag with its path.

    Notes have no address: they are texts at one that is never fetched. Files are rejected with that they have none.
    """
    document = whole(source)
    paths = _paths(listed(document.get("lists")))
    for number, bookmark in enumerate(listed(document.get("bookmarks")), 1):
        content, lists = bookmark.get("content"), bookmark.get("lists")
        inner = content if isinstance(content, Mapping) else {}
        found = item_of(source, KARAKEEP, number, {**inner, **{k: v for k, v in bookmark.items() if v is not None}})
        if isinstance(found, Item) and isinstance(lists, list):
            inside = (paths[plain(one)] for one in lists if plain(one) in paths)
            found = replace(found, tags=tuple(dict.fromkeys((*found.tags, *inside))))
        yield found


def read_omnivore(source: ImportFile) -> Iterator[Item | Reject]:
    """Omnivore's lists of articles, with the texts and the highlights in the files beside them."""
    fields = BY_NAME["omnivore"]
    for value in records(source):
        found = each_item(source, fields, value)
        slug = plain(value.value.get("slug")) if isinstance(value, Value) and isinstance(value.value, Mapping) else ""
        if isinstance(found, Item) and _SLUG.fullmatch(slug):
            content, marked = source.beside(f"content/{slug}.html"), source.beside(f"highlights/{slug}.md")
            found = replace(
                found, html=as_text(content) if content else found.html,
                note=as_text(marked).strip() if marked else found.note,
            )  # fmt: skip
        yield found


def read_fundus(source: ImportFile) -> Iterator[Item | Reject]:
    """Articles as fundus serialises them: one a line, in a list, or in a list for each publisher.

    They do not say where they were found. One without an address gets one that says so (https://fundus.invalid/…).
    """
    for value in _by_publisher(source):
        record = value.value if isinstance(value, Value) else None
        found = each_item(source, FUNDUS, value)
        if isinstance(found, Reject) and isinstance(record, Mapping) and prose(record.get("body")):
            own = made_address("fundus", f"{record.get('title')}\n{record.get('publishing_date')}\n{record['body']}")
            found = item_of(source, FUNDUS, found.origin.line or 1, {**record, "url": own})
        yield found


def _by_publisher(source: ImportFile) -> Iterator[Value | Bad]:
    number = 0
    for value in records(source):
        content = value.value if isinstance(value, Value) else None
        if not isinstance(content, Mapping) or "body" in content:
            yield value
            continue
        for publisher, articles in content.items():
            for article in listed(articles):
                number += 1
                yield Value(number, {"publisher": publisher, **article})


def _paths(folders: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """The path of each folder by its id, from the names of those it is in."""
    known = {plain(one.get("id")): one for one in folders}
    paths: dict[str, str] = {}
    for own, folder in known.items():
        names: list[str] = []
        at: Mapping[str, object] | None = folder
        while at is not None and len(names) < _MAX_DEPTH:
            names.append(plain(at.get("name")).replace("/", "-"))
            at = known.get(plain(at.get("parentId")))
        paths[own] = "/".join(filter(None, reversed(names)))
    return paths
