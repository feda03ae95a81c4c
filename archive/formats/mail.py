"""E-mail: one message (.eml), or a mailbox of many (mbox, https://www.rfc-editor.org/rfc/rfc4155). What counts is what
they link to: a newsletter, an alert, a tip. Nothing of who wrote to whom is kept.

Links to unsubscribe are left out, since following one would do it; so are pictures, attachments, and of a text that
comes both as HTML and plain, the plain one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message

from archive.extraction.decode import decode
from archive.formats.item import Item, Reject, clipped
from archive.formats.markup import attributes, tags
from archive.formats.moments import instant, lost_dates
from archive.formats.opening import Block, ImportFile, as_text
from archive.formats.records import address
from archive.urls import find_urls, scan_urls

_MAX_MESSAGE = 2**26  # bytes, with its attachments
_NAME = re.compile(r"^([a-z-]+):", re.MULTILINE)
_TELLING = frozenset({
    "to", "subject", "date", "message-id", "received", "return-path", "delivered-to", "mime-version", "content-type",
})  # fmt: skip
_BEGIN = re.compile(rb"From [^\n]*\d{4}[^\n]*\n")  # of a message in a mailbox, behind an empty line
_UNSUBSCRIBE = re.compile(
    r"un-?subscri|opt[-_ ]?out|(?:e?mail|manage)[-_ ](?:your[-_ ])?(?:preference|subscription)|abmeld|abbestell"
    r"|d[eé]sabonn|d[eé]sinscri|darse[-_ ]de[-_ ]baja|disiscri|cancela(?:r|mento)[-_ ](?:suscrip|inscri)",
    re.IGNORECASE,
)
_FEW_WORDS = 5
_LEAST_WORDS = 3  # of a headline
_DIVIDERS = re.compile(r"[/?&=#.]")


def is_mail(headers: str) -> bool:
    """Whether the headers (in lower case) with which a file begins are those of a message."""
    names = set(_NAME.findall(headers))
    return "from" in names and len(_TELLING & names) >= 2


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """What each message links to, with the date of the message; the line is the one in which the message begins."""
    for line, data in _messages(source):
        if len(data) > _MAX_MESSAGE:
            yield Reject(source.origin(line), f"the message is larger than {_MAX_MESSAGE} bytes", as_text(data[:1000]))
            continue
        try:
            message = message_from_bytes(data, policy=policy.compat32)
            found = _called(link for part in _texts(message) for link in _links(part))
            added = instant(message.get("Date"))
            leave = set(find_urls(str(message.get("List-Unsubscribe") or "")))
        except (MessageError, RecursionError, ValueError, LookupError) as error:
            yield Reject(source.origin(line), f"the message cannot be read: {error}", as_text(data[:1000]))
            continue
        remarks = lost_dates(("Date", message.get("Date")))  # said once of each message
        for url, title in found.items():
            if url in leave:
                continue
            try:
                yield Item(address(url), source.origin(line), title=title, added=added, remarks=remarks)
                remarks = ()
            except ValueError as error:
                yield Reject(source.origin(line), str(error), clipped(url))


def _messages(source: ImportFile) -> Iterator[tuple[int, bytes]]:
    """Each message with the line it begins in; of one that is too large, enough to see that it is."""
    parts: list[bytes] = []
    began, size, after_empty, is_box = 1, 0, True, False
    for number, line in enumerate(_lines(source), 1):
        if after_empty and (is_box or number == 1) and _BEGIN.match(line):
            if parts:
                yield began, b"".join(parts)
            parts, began, size, is_box = [], number, 0, True
        elif size <= _MAX_MESSAGE:
            parts.append(line)
            size += len(line)
        after_empty = line in (b"\n", b"\r\n")
    if parts:
        yield began, b"".join(parts)


def _lines(source: ImportFile) -> Iterator[bytes]:
    """Lines with their ends, as bytes; pieces of one that is very long."""
    rest = b""
    for chunk in source.narrow():
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line + b"\n" for line in lines)
        if len(rest) > _MAX_MESSAGE:
            yield rest
            rest = b""
    if rest:
        yield rest


def _texts(message: Message) -> Iterator[Message]:
    """The parts that people read."""
    if message.is_multipart():
        parts: list[Message] = [part for part in message.get_payload() if isinstance(part, Message)]
        if message.get_content_subtype() == "alternative":
            pages = [part for part in parts if any(one.get_content_type() == "text/html" for one in part.walk())]
            parts = (pages or parts)[-1:]
        for part in parts:
            yield from _texts(part)
    elif message.get_content_maintype() == "text" and message.get_content_disposition() != "attachment":
        yield message


def _called(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each address is called, where one of its links is a headline and no button ("Read more"): the longest."""
    found: dict[str, str] = {}
    for url, shown in links:
        title = " ".join(html.unescape(shown).split())
        is_title = len(title.split()) >= _LEAST_WORDS and "://" not in title and len(title) > len(found.get(url, ""))
        found[url] = title if is_title else found.get(url, "")
    return found


def _links(part: Message) -> Iterator[tuple[str, str]]:
    """What a part links to, or writes out, as it stands there, with the words that are linked."""
    payload = part.get_payload(decode=True)
    text = decode(payload if isinstance(payload, bytes) else b"", part.get_content_charset())
    if part.get_content_type() != "text/html":
        yield from ((url, "") for url in _written(text))
        return
    whole, mark, rest = text.rpartition("<")
    yield from _linked(whole if mark and ">" not in rest else text)  # it may be cut off within a tag


def _linked(page: str) -> Iterator[tuple[str, str]]:
    """What a page links to, with the words that are linked, and the addresses that stand in it as text."""
    href, shown = "", ""
    for tag in tags([Block(1, f"{page}</a>")]):
        if tag.name in ("a", "/a"):
            if href.lower().startswith(("http://", "https://")) and not _takes_off(href, shown):
                yield href, shown
            href, shown = attributes(tag.attributes).get("href", "") if tag.name == "a" else "", tag.text
            if not href and tag.name == "/a":
                yield from ((url, "") for url in _written(tag.text))
        elif href:
            shown += tag.text
        elif tag.name not in ("style", "script", "title"):
            yield from ((url, "") for url in _written(tag.text))


def _written(text: str) -> Iterator[str]:
    return (found.url for found in scan_urls(text) if not _takes_off(found.url))


def _takes_off(url: str, shown: str = "") -> bool:
    """Whether a link would take the reader off a list. A headline, or a story's address, that speaks of it does not."""
    said = shown if len(shown.split()) <= _FEW_WORDS else ""
    parts = (part for part in _DIVIDERS.split(url) if part.count("-") < _FEW_WORDS)
    return any(_UNSUBSCRIBE.search(part) for part in (said, *parts))
