"""Property lists of macOS, XML or binary: a page dragged out of a browser (.webloc), Safari's bookmarks."""

from __future__ import annotations

import plistlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from xml.parsers.expat import ExpatError

from archive.formats.item import Broken, Item, Reject
from archive.formats.opening import ImportFile

# What plistlib raises for lists that are none, as it was seen to on 12,000 damaged ones.
_ERRORS = (ValueError, ExpatError, LookupError, AttributeError, TypeError, OverflowError, RecursionError)
_READING_LIST = "com.apple.ReadingList"


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """Every address, in the order of the list, with its folder. Broken for a list that cannot be read."""
    try:
        found = plistlib.loads(source.whole())
    except _ERRORS as error:
        raise Broken(f"the property list cannot be read ({error or type(error).__name__})") from error
    # Each list and entry once: a binary one may hold itself, or stand in many places without taking room.
    seen = set[int]()
    waiting: list[tuple[object, tuple[str, ...]]] = [(found, ())]
    while waiting:
        entry, folders = waiting.pop()
        if not isinstance(entry, Mapping) or id(entry) in seen:
            continue
        seen.add(id(entry))
        url, children = entry.get("URLString") or entry.get("URL"), entry.get("Children")
        if isinstance(url, str):
            yield _item(url, entry, source, folders)
        if isinstance(children, list) and id(children) not in seen:
            seen.add(id(children))
            name = str(entry.get("Title") or "").replace("/", "-").removeprefix(_READING_LIST)
            waiting += [(child, (*folders, name)) for child in reversed(children)]


def _item(url: str, entry: Mapping[str, object], source: ImportFile, folders: tuple[str, ...]) -> Item | Reject:
    if not url.lower().startswith(("http://", "https://")):
        return Reject(source.origin(), "not the address of a page", url[:1000])
    named, listed = entry.get("URIDictionary"), entry.get("ReadingList")
    title = named.get("title") if isinstance(named, Mapping) else ""
    added = listed.get("DateAdded") if isinstance(listed, Mapping) else None
    return Item(
        url,
        source.origin(),
        title=" ".join(title.split()) if isinstance(title, str) else "",
        added=added.replace(tzinfo=UTC) if isinstance(added, datetime) else None,  # property lists know no zones
        folder="/".join(filter(None, folders)),
    )
