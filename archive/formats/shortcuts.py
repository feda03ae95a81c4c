"""Shortcuts to pages as desktops save them: .url of Windows, .desktop of Linux. An icon's address is no page's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from archive.formats.item import Item, Reject
from archive.formats.opening import ImportFile
from archive.formats.records import address

_LINE = re.compile(r"(URL|Name|Modified)\s*=\s*(.*?)\s*\Z", re.IGNORECASE)


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The page of a shortcut; it is called as the shortcut says, or as its file is called."""
    said: dict[str, str] = {}
    at = 1
    for line in source.lines():
        if found := _LINE.match(line.text):
            at = line.number if found[1].lower() == "url" and "url" not in said else at
            said.setdefault(found[1].lower(), found[2])
    try:
        url = address(said.get("url", ""))
    except ValueError as error:
        yield Reject(source.origin(at), str(error), said.get("url", ""))
        return
    name = PurePath(source.name.rpartition("!")[2])
    title = said.get("name") or (name.stem if name.suffix.lower() == ".url" else "")
    yield Item(url, source.origin(at), title=" ".join(title.split()))
