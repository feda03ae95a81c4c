"""Bookmarks: the HTML file that every browser and service writes, Pocket's HTML, and the browsers' own JSON.

The HTML is read leniently: tags nest as they like, letter case does not matter, dates are seconds, milliseconds or
microseconds. Folders are kept as paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from archive.formats.fields import BY_NAME
from archive.formats.item import Item, Reject, clipped
from archive.formats.json_values import whole
from archive.formats.markup import Tag, attributes, tags
from archive.formats.moments import instant, lost_dates, since_1601
from archive.formats.opening import ImportFile
from archive.formats.records import address, to_item, words
from archive.formats.xmls import Element, elements

_MAX_FOLDERS = 100  # levels
_DATES = ("add_date", "time_added", "last_modified")
_INSTAPAPER = "<title>Instapaper: Export"
_STATES = {"unread": False, "archive": True, "read archive": True}
_STRUCTURE = frozenset(
    "a dt /dt dl /dl li /li ol /ol ul /ul h1 h2 h3 title meta head /head body /body html /html".split()
)
_LOOKS = frozenset("b big code em font i mark s small span strong sub sup tt u abbr cite".split())
_LINKDING_NOTES = re.compile(r"\[/?linkding-notes\]")
_LINKDING_ARCHIVED = "linkding:archived"
_NOT_ASKED_FOR = ("javascript:", "place:", "about:", "data:", "chrome:", "edge:", "file:", "moz-extension:")


def read_html(source: ImportFile) -> Iterator[Item | Reject]:
    """Netscape bookmarks (browsers, Shiori, linkding, Pinboard …), Pocket's ril_export.html, Instapaper's HTML."""
    reading = _Netscape(source)
    for tag in tags(source.blocks()):
        yield from reading.take(tag)
    yield from reading.ended()


class _Netscape:
    """What is open in a bookmark file: folders, the last link, and whose words are being read."""

    def __init__(self, source: ImportFile) -> None:
        self._source = source
        self._is_instapaper = _INSTAPAPER in source.sample[:2000]
        self._folders: list[str] = []
        self._heading = ""  # of the folder that begins next
        self._level = ""  # of the heading that is being read
        self._state: bool | None = None  # of all links below a heading
        self._link: Tag | None = None
        self._place = ""  # title, note or heading
        self._words = {"title": "", "note": "", "heading": ""}

    def take(self, tag: Tag) -> Iterator[Item | Reject]:
        """A tag and the text behind it; the link that it ends."""
        if tag.name == "dd" and self._link is not None:
            self._begin("note", tag)
        elif tag.name in _STRUCTURE:
            yield from self.ended()
            self._structure(tag)
        elif tag.name in ("/a", "/dd", "/h1", "/h2", "/h3"):
            self._end_place()
        elif self._place:
            self._words[self._place] += _inside(tag)

    def ended(self) -> Iterator[Item | Reject]:
        """The link that is open, once nothing more is said of it."""
        self._end_place()
        if self._link is not None:
            yield _bookmark(self._source, self._link, self._words, self._folders, self._state)
        self._link = None

    def _begin(self, place: str, tag: Tag) -> None:
        self._place = place
        self._words[place] = tag.text

    def _end_place(self) -> None:
        if self._place == "heading":
            self._headed(" ".join(self._words["heading"].split()))
        self._place = ""

    def _structure(self, tag: Tag) -> None:
        if tag.name == "a":
            self._link = tag
            self._words["note"] = ""
            self._begin("title", tag)
        elif tag.name in ("h1", "h2", "h3"):
            self._begin("heading", tag)
            self._level = tag.name
        elif tag.name == "dl" and len(self._folders) < _MAX_FOLDERS:
            self._folders.append(self._heading)
            self._heading = ""
        elif tag.name == "/dl" and self._folders:
            self._folders.pop()

    def _headed(self, text: str) -> None:
        """A heading: of a folder, or of all that was read or not."""
        if self._level != "h1":
            self._heading = text
            return
        self._state = _STATES.get(text.lower())
        if self._is_instapaper:
            self._folders = [] if text.lower() in _STATES else [text]


def _inside(tag: Tag) -> str:
    """What a tag within a title or note is to it: the look of words, a line, or words that nobody escaped."""
    if tag.name.removeprefix("/") in _LOOKS:
        return tag.text
    return f"\n{tag.text}" if tag.name.removeprefix("/") in ("br", "p", "hr") else f"{tag.written}{tag.text}"


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


def _bookmark(
    source: ImportFile, tag: Tag, said: Mapping[str, str], folders: list[str], state: bool | None
) -> Item | Reject:
    given = attributes(tag.attributes)
    origin = source.origin(tag.line)
    try:
        url = address(given.get("href", ""))
    except ValueError as error:
        scripted = given.get("href", "").lower().startswith(_NOT_ASKED_FOR)
        return Reject(origin, "not the address of a page" if scripted else str(error), clipped(given.get("href", "")))
    names = [name for name in words(given.get("tags", ""), r"\s*,\s*") if name]
    done = True if _LINKDING_ARCHIVED in names else state
    name, stated = next(((name, given[name]) for name in _DATES if given.get(name)), ("", None))
    title = " ".join(said["title"].split())
    return Item(
        url,
        origin,
        title="" if title == url else title,
        added=instant(stated),
        tags=tuple(name for name in names if name != _LINKDING_ARCHIVED),
        folder="/".join(folder.replace("/", "-") for folder in folders if folder),
        note="\n\n".join(filter(None, (part.strip() for part in _LINKDING_NOTES.split(said["note"])))),
        read=False if given.get("toread") == "1" else done,
        remarks=lost_dates((name, stated)),
    )


def read_xbel(source: ImportFile) -> Iterator[Item | Reject]:
    """The bookmarks of an XBEL file, in their folders."""
    titles: list[tuple[Element, str]] = []  # of the folders that are open
    for element in elements(source, frozenset({"bookmark", "title"})):
        above = _above(element)
        if element.name == "title":
            if above and above[0].name == "folder":
                titles = [each for each in titles if any(each[0] is one for one in above)]
                titles.append((above[0], " ".join(element.text.split()).replace("/", "-")))
            continue
        folder = "/".join(title for one, title in titles if title and any(one is each for each in above))
        added = element.attributes.get("added")
        where = source.origin(element.line)
        try:
            url = address(element.attributes.get("href", ""))
        except ValueError as error:
            yield Reject(where, str(error), clipped(str(element.attributes)))
            continue
        yield Item(
            url, where, title=" ".join(element.value("title").split()), note=element.value("desc"), folder=folder,
            added=instant(added), remarks=lost_dates(("added", added)),
        )  # fmt: skip


def _above(element: Element) -> list[Element]:
    """What an element is in, the nearest first."""
    found: list[Element] = []
    outer = element.outer
    while outer is not None:
        found.append(outer)
        outer = outer.outer
    return found


def read_posts(source: ImportFile) -> Iterator[Item | Reject]:
    """The bookmarks of an XML export of Pinboard or Delicious."""
    for post in elements(source, frozenset({"post"})):
        where = source.origin(post.line)
        try:
            yield to_item(BY_NAME["pinboard"], {**post.attributes, "tags": post.attributes.get("tag", "")}, where)
        except ValueError as error:
            yield Reject(where, str(error), clipped(str(post.attributes)))
