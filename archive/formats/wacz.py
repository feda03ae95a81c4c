"""What a WACZ says of itself: the folder of its web archives, and the files that it names (pure).

https://specs.webrecorder.net/wacz/1.1.1/
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

DESCRIPTION = "datapackage.json"
DIGEST = "datapackage-digest.json"  # says the digest of the description, and who signs it
CAPTURES = "archive/"
_OTHERS = ("pages/", "indexes/")  # folders that no other zip file has beside its web archives
_DIGESTS = frozenset({"sha256", "sha512", "sha1", "md5"})
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


class Resource(NamedTuple):
    """A file as a package names it: with its size and its digest ("sha256:…") where it says them."""

    path: str
    size: int | None
    digest: str


def resources(description: bytes | None) -> Iterator[Resource]:
    """The files that a package names."""
    listed = _object(description).get("resources", [])
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and isinstance(one.get("path"), str):
            size, digest = one.get("bytes"), one.get("hash")
            yield Resource(
                one["path"], size if isinstance(size, int) else None, digest if isinstance(digest, str) else ""
            )


def description_digest(digest: bytes | None) -> str:
    """The digest of the package's own description, as the file beside it says; "" where it does not."""
    said = _object(digest).get("hash")
    return said if isinstance(said, str) else ""


def is_other(chunks: Iterable[bytes], digest: str) -> bool:
    """Whether bytes do not have a digest; False for one that cannot be made here."""
    algorithm, _, value = digest.partition(":")
    if algorithm.lower() not in _DIGESTS:
        return False
    hashing = hashlib.new(algorithm.lower(), usedforsecurity=False)
    for chunk in chunks:
        hashing.update(chunk)
    return hashing.hexdigest() != value.strip().lower()


def _object(data: bytes | None) -> dict[str, Any]:
    try:
        said = json.loads(data or b"")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
