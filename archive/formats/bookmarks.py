"""Bookmarks: the HTML file that every browser and service writes, Pocket's HTML, and the browsers' own JSON.

The HTML is read leniently: tags nest as they like, letter case does not matter, dates are seconds, milliseconds or
microseconds. Folders are kept as paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from archive.formats.item import Item, Reject, clipped
from archive.formats.jsons import whole
from archive.formats.markup import Tag, attributes, tags
from archive.formats.moments import instant, since_1601
from archive.formats.opening import ImportFile
from archive.formats.records import address, words

_MAX_FOLDERS = 100  # levels
_LINKDING_NOTES = re.compile(r"\[/?linkding-notes\]")
_LINKDING_ARCHIVED = "linkding:archived"
_NOT_ASKED_FOR = ("javascript:", "place:", "about:", "data:", "chrome:", "edge:", "file:", "moz-extension:")


def read_html(source: ImportFile) -> Iterator[Item | Reject]:
    """Netscape bookmarks (browsers, Shiori, linkding, Pinboard …) and Pocket's ril_export.html."""
    folders: list[str] = []
    heading, list_state = "", None
    waiting: Tag | None = None
    note = ""
    for tag in tags(source.blocks()):
        if waiting is not None and tag.name not in ("/a", "dd", "p", "/dt", "/dd", "br"):
            yield _bookmark(source, waiting, folders, note, list_state)
            waiting, note = None, ""
        if tag.name == "a":
            waiting, note = tag, ""
        elif tag.name == "dd" and waiting is not None:
            note = tag.text.strip()
        elif tag.name == "h3":
            heading = " ".join(tag.text.split())
        elif tag.name == "h1":
            list_state = {"unread": False, "read archive": True}.get(" ".join(tag.text.split()).lower())
        elif tag.name == "dl" and len(folders) < _MAX_FOLDERS:
            folders.append(heading)
            heading = ""
        elif tag.name == "/dl" and folders:
            folders.pop()
    if waiting is not None:
        yield _bookmark(source, waiting, folders, note, list_state)


def read_chrome(source: ImportFile) -> Iterator[Item | Reject]:
    """The file "Bookmarks" in a profile of Chrome, Edge, Brave or Vivaldi."""
    roots = whole(source).get("roots")
    number = 0
    for root in roots.values() if isinstance(roots, Mapping) else ():
        for node, path in _walk(root, "name"):
            if node.get("type") != "url":
                continue
            number += 1
            added = since_1601(node.get("date_added"))
            yield _node(source, number, node, path, str(node.get("url") or ""), str(node.get("name") or ""), added)


def read_firefox(source: ImportFile) -> Iterator[Item | Reject]:
    """Firefox's backup of bookmarks, JSON."""
    number = 0
    for node, path in _walk(whole(source), "title"):
        if not node.get("uri"):
            continue
        number += 1
        added = instant(node.get("dateAdded"))
        yield _node(source, number, node, path, str(node["uri"]), str(node.get("title") or ""), added)


def _walk(root: object, name: str) -> Iterator[tuple[Mapping[str, object], str]]:
    """Every node of a tree with the path of the folders it is in; no deeper than folders can be."""
    waiting: list[tuple[object, tuple[str, ...]]] = [(root, ())]
    while waiting:
        node, path = waiting.pop()
        if not isinstance(node, Mapping):
            continue
        children = node.get("children")
        if not isinstance(children, list):
            yield node, "/".join(filter(None, path))
        elif len(path) <= _MAX_FOLDERS:
            inside = (*path, str(node.get(name) or "").replace("/", "-"))
            waiting += [(child, inside) for child in reversed(children)]


def _node(
    source: ImportFile, number: int, node: Mapping[str, object], path: str, url: str, title: str, added: datetime | None
) -> Item | Reject:
    origin = source.origin(number, str(node.get("guid") or node.get("id") or ""))
    try:
        url = address(url)
    except ValueError as error:
        return Reject(origin, str(error), clipped(url))
    return Item(
        url, origin, title=" ".join(title.split()), folder=path, added=added,
        tags=tuple(filter(None, words(node.get("tags") or "", r"\s*,\s*"))),
    )  # fmt: skip


def _bookmark(source: ImportFile, tag: Tag, folders: list[str], note: str, state: bool | None) -> Item | Reject:
    given = attributes(tag.attributes)
    origin = source.origin(tag.line)
    try:
        url = address(given.get("href", ""))
    except ValueError as error:
        scripted = given.get("href", "").lower().startswith(_NOT_ASKED_FOR)
        return Reject(origin, "not the address of a page" if scripted else str(error), clipped(given.get("href", "")))
    names = [name for name in words(given.get("tags", ""), r"\s*,\s*") if name]
    done = True if _LINKDING_ARCHIVED in names else state
    return Item(
        url,
        origin,
        title=" ".join(tag.text.split()),
        added=instant(given.get("add_date") or given.get("time_added") or given.get("last_modified")),
        tags=tuple(name for name in names if name != _LINKDING_ARCHIVED),
        folder="/".join(folder.replace("/", "-") for folder in folders if folder),
        note="\n\n".join(filter(None, (part.strip() for part in _LINKDING_NOTES.split(note)))),
        read=False if given.get("toread") == "1" else done,
    )
