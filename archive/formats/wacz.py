"""What a WACZ says of itself: the folder of its web archives, and the files that it names (pure).

https://specs.webrecorder.net/wacz/1.1.1/
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator

DESCRIPTION = "datapackage.json"
CAPTURES = "archive/"
_OTHERS = ("pages/", "indexes/")  # folders that no other zip file has beside its web archives
_IN_ARCHIVE = re.compile(r"((?:[^/]+/)?archive/)[^/]+\.w?arc(?:\.\w{1,4})?\Z", re.IGNORECASE)


def captures_folder(names: Collection[str]) -> str:
    """Where the web archives of a package with these files are, which may all be in a folder; "" for any other zip."""
    for name in names:
        folder = name.removesuffix(DESCRIPTION)
        if folder != name and folder.count("/") <= 1 and any(one.startswith(folder + CAPTURES) for one in names):
            return folder + CAPTURES
    for folder in sorted({match[1] for match in map(_IN_ARCHIVE.match, names) if match}, key=len):
        beside = tuple(folder.removesuffix(CAPTURES) + other for other in _OTHERS)
        if any(name.startswith(beside) for name in names):
            return folder
    return ""


def is_package_within(name: str) -> bool:
    """Whether what has this name, "outer!inner", is a WACZ in one that holds several, as of a whole collection."""
    outer, _, inner = name.rpartition("!")
    return inner.lower().endswith(".wacz") and ".wacz!" not in outer.lower()


def resources(description: bytes | None) -> Iterator[tuple[str, int | None]]:
    """The files that a package names, with their sizes where it does."""
    try:
        said = json.loads(description or b"")
        listed = said.get("resources", [])
    except (ValueError, AttributeError, RecursionError):
        return
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and isinstance(one.get("path"), str):
            size = one.get("bytes")
            yield one["path"], size if isinstance(size, int) else None
