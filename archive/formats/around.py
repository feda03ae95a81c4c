"""What a saved page is shown with, as it was saved with it: the folder of a browser's "save as", the parts of MHTML.

A browser writes the addresses of such files anew, as `Story_files/a.jpg`: so they are kept under what that means at the
page's address, and the page's own bytes find them there. Nothing outside the page's folder is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.message import Message
from mimetypes import guess_type
from urllib.parse import unquote, urlsplit

from archive.errors import UsageError
from archive.extraction.decode import decode
from archive.formats.opening import ImportFile
from archive.model import ResourceKind, ResourceLink
from archive.resources.finding import resources_of, resources_of_style
from archive.storage.warc.packing import Brought, Saved
from archive.urls import join, normal

_HERE = "https://saved.invalid/"  # stands for the page's folder, while its references are looked at
_TYPES = {
    ResourceKind.STYLE: "text/css", ResourceKind.SCRIPT: "text/javascript", ResourceKind.FONT: "font/woff2",
    ResourceKind.IMAGE: "application/octet-stream",
}  # fmt: skip
_MOST = 1_000  # files of one page
_MOST_BYTES = 2**26  # of all of them
_ROUNDS = 3  # style sheets that import each other


def beside(source: ImportFile, page: bytes, url: str, at: datetime) -> Iterator[Brought]:
    """The files beside a saved page that it names, and those that its styles name."""
    waiting = resources_of(decode(page, None), _HERE)
    known, left = set[str](), _MOST_BYTES
    for _ in range(_ROUNDS):
        named: list[ResourceLink] = []
        for link in waiting:
            path = _path(link.url)
            if not path or link.url in known or len(known) >= _MOST:
                continue
            known.add(link.url)
            data = source.beside(path)
            if data is None or len(data) > left:
                continue
            left -= len(data)
            yield _brought(link, url, path, data, at)
            if link.kind is ResourceKind.STYLE:
                named += resources_of_style(decode(data, None), link.url)
        waiting = named


def parts(message: Message, root: Message, at: datetime) -> Iterator[Brought]:
    """The other parts of an MHTML file, each under the address that it says it is from, or its `cid:`."""
    left = _MOST_BYTES
    for part in message.walk():
        kind = None if part is root or part.is_multipart() else _kind(part.get_content_type())
        data = part.get_payload(decode=True) if kind else None
        where = _where(part) if kind else ""
        if kind is None or not where or not isinstance(data, bytes) or len(data) > left:
            continue
        left -= len(data)
        saved = Saved(where, at, data, part.get_content_type(), part.get_content_charset())
        yield Brought(ResourceLink(where, kind), saved=saved)


def _brought(link: ResourceLink, page: str, path: str, data: bytes, at: datetime) -> Brought:
    def here(address: str) -> str:
        return join(page, address.removeprefix(_HERE)) if address else ""

    name = here(link.url)
    kind = guess_type(path, strict=False)[0] or _TYPES[link.kind]
    return Brought(ResourceLink(name, link.kind, here(link.instead_of)), saved=Saved(name, at, data, kind))


def _path(url: str) -> str:
    """The file that a reference means; "" where it leads to the web."""
    parts = urlsplit(url)
    return unquote(parts.path).lstrip("/") if url.startswith(_HERE) and not parts.query else ""


def _where(part: Message) -> str:
    location = str(part.get("Content-Location") or "").strip()
    if location.startswith("cid:"):
        return location
    try:
        return normal(location)
    except UsageError:
        return _by_id(part)


def _by_id(part: Message) -> str:
    name = str(part.get("Content-ID") or "").strip().strip("<>")
    return f"cid:{name}" if name else ""


def _kind(media_type: str) -> ResourceKind | None:
    """What a page uses a part of that type for; None for what is no resource (frames, text)."""
    if media_type.startswith("image/"):
        return ResourceKind.IMAGE
    if media_type == "text/css":
        return ResourceKind.STYLE
    if media_type.startswith("font/") or "font" in media_type:
        return ResourceKind.FONT
    return ResourceKind.SCRIPT if "javascript" in media_type else None
