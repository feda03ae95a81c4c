"""The few files beside the pages: read once, from a fixed list, under names that carry their digest.

A path that is asked for is looked up in a table; none is ever put together (so no `..` leads anywhere).
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from backfile.web.calls import Sent
from backfile.web.problems import Refusal

if TYPE_CHECKING:
    from backfile.web.calls import Call
    from backfile.web.site import Site

_TYPES = {
    "style.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    name: str  # as it is asked for
    body: bytes
    packed: bytes
    type: str


@cache
def _files() -> dict[str, _File]:
    """By the name in the package."""
    found = {}
    for name, type_ in _TYPES.items():
        body = (resources.files("backfile.web") / "static" / name).read_bytes()
        stem, _, suffix = name.rpartition(".")
        named = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{suffix}"
        found[name] = _File(named, body, gzip.compress(body, 9, mtime=0), type_)
    return found


@cache
def _by_address() -> dict[str, _File]:
    return {file.name: file for file in _files().values()}


def address(name: str) -> str:
    """Where a file of ours is; another one whenever what is in it changes."""
    return f"/static/{_files()[name].name}"


def file(_: Site, call: Call[object]) -> Sent:
    """One file; Refusal for any other name."""
    found = _by_address().get(call.path["name"])
    if found is None:
        raise Refusal("not-found")
    headers = {"cache-control": _FOREVER, "vary": "accept-encoding"}
    if "gzip" in call.headers.get("accept-encoding", ""):
        return Sent(found.packed, found.type, 200, {**headers, "content-encoding": "gzip"})
    return Sent(found.body, found.type, 200, headers)


def robots(_: Site, __: Call[object]) -> Sent:
    """Nothing here is for search engines."""
    return Sent(b"User-agent: *\nDisallow: /\n", "text/plain; charset=utf-8", 200, {"cache-control": "max-age=86400"})
