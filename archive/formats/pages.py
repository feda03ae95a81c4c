"""Pages that somebody saved: SingleFile, monolith, a browser's "save as", MHTML. Their bytes stay as they are.

What was saved with a page in files or parts of their own (around.py) is kept as its resources; SingleFile and monolith
have it in the page.

A saved page says where it is from in a comment, a header or its canonical link; without that it cannot be archived.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message

from archive.formats.around import beside, parts
from archive.formats.item import Broken, Item, Reject
from archive.formats.moments import instant
from archive.formats.opening import ImportFile
from archive.formats.records import address

_MAX_PAGE = 2**26  # bytes
_WHERE = 2**18  # bytes in which a page says where it is from
_ADDRESS = r"(https?://[^\s\"'<>]+)"
_SINGLEFILE = re.compile(
    rf"(?:Page saved with|Archive processed by) SingleFile\s+url:\s*{_ADDRESS}(?:\s+saved date:\s*([^\r\n]+))?",
    re.IGNORECASE,
)
_MONOLITH = re.compile(rf"<!--\s*Saved from {_ADDRESS}(?: at (\S+))?(?: using monolith[^>]*)?-->", re.IGNORECASE)
_SAVED_AS = re.compile(rf"<!--\s*saved from url=\(\d+\){_ADDRESS}", re.IGNORECASE)
_CANONICAL = re.compile(
    rf"""<link(?=[^>]{{0,500}}\brel=["']?canonical\b)[^>]{{0,500}}?\bhref=["']?{_ADDRESS}"""
    rf"""|<meta(?=[^>]{{0,500}}\bproperty=["']?og:url\b)[^>]{{0,500}}?\bcontent=["']?{_ADDRESS}""",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The page in the file."""
    payload = source.whole(_MAX_PAGE)
    yield _page(source, payload)


def read_mhtml(source: ImportFile) -> Iterator[Item | Reject]:
    """The page in the file, with the pictures and styles around it."""
    try:
        message = message_from_bytes(source.whole(_MAX_PAGE), policy=policy.compat32)
        root = _root(message)
        payload = root.get_payload(decode=True)
    except (MessageError, RecursionError, ValueError, LookupError) as error:
        raise Broken("not a whole MHTML file") from error
    if not isinstance(payload, bytes) or not payload:
        raise Broken("there is no page in the MHTML file")
    where = message.get("Snapshot-Content-Location") or root.get("Content-Location") or message.get("Content-Location")
    try:
        url = address(str(where or ""))
    except ValueError as error:
        yield Reject(
            source.origin(), f"the page does not say which address it was saved from: {error}", str(where or "")
        )
        return
    charset = root.get_content_charset()
    captured = instant(message.get("Date")) or _changed(source)
    yield Item(
        url, source.origin(), payload=payload, media_type=root.get_content_type(), charset=charset, captured=captured,
        resources=tuple(parts(message, root, captured or datetime.now(UTC))),
    )  # fmt: skip


def _root(message: Message) -> Message:
    """The part that is the page: the one that the message names, else the first HTML."""
    wanted = str(message.get_param("start") or "").strip("<>")
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    named = [part for part in pages if wanted and str(part.get("Content-ID") or "").strip("<>") == wanted]
    if not pages:
        raise Broken("there is no page in the MHTML file")
    return (named or pages)[0]


def _page(source: ImportFile, payload: bytes) -> Item | Reject:
    head = payload[:_WHERE].decode("utf-8", "replace")
    found = _SINGLEFILE.search(head) or _MONOLITH.search(head)
    where, when = (found[1], found[2]) if found else (None, None)
    if where is None:
        other = _SAVED_AS.search(head) or _CANONICAL.search(head)
        where = next(filter(None, other.groups()), None) if other else None
    title = _TITLE.search(head)
    if where is None:
        reason = "the page does not say which address it was saved from (--format text takes the links in it instead)"
        return Reject(source.origin(), reason, title[1] if title else "")
    try:
        url = address(where.rstrip("-").replace("&amp;", "&"))
    except ValueError as error:
        return Reject(source.origin(), str(error), where)
    captured = (instant(_javascript_date(when)) if when else None) or _changed(source)
    return Item(
        url, source.origin(), title=title[1].strip() if title else "", payload=payload, media_type="text/html",
        captured=captured, resources=tuple(beside(source, payload, url, captured or datetime.now(UTC))),
    )  # fmt: skip


def _javascript_date(text: str) -> str:
    """ "Fri Jan 31 2025 10:00:00 GMT+0100 (Central European Standard Time)" without the name of the zone."""
    return text.strip().partition(" (")[0]


def _changed(source: ImportFile) -> datetime | None:
    """When the file was last written: the best guess at when the page was saved."""
    try:
        return None if source.is_member else datetime.fromtimestamp(source.path.stat().st_mtime, UTC)
    except OSError:
        return None
