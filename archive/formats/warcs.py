"""WARC and ARC files as items: every page in them with its own time, its bytes and the redirects that led to it.

Pages are HTML, PDF and plain text; pictures, styles and scripts are counted, not taken. A record with a wrong digest is
rejected: what it says is not what was captured. A page that was found unchanged (`revisit`) gets its body from the
record that it repeats.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from archive.errors import UsageError
from archive.extraction.sniff import is_readable
from archive.extraction.sniff import media_type as sniffed
from archive.formats.item import Broken, Item, Reject
from archive.formats.moments import instant
from archive.formats.opening import ZIP_ERRORS, ImportFile
from archive.formats.own_warcs import OwnReading, is_own
from archive.formats.revisits import Originals, repeats, with_body
from archive.formats.segments import NUMBER, Parts, Segments
from archive.formats.warc_records import (
    BadRecord,
    Digests,
    ForeignRecord,
    LineEnds,
    check_digests,
    records,
    wrong_digest,
)  # fmt: skip
from archive.model import Exchange, HopKind
from archive.storage.warc.http import Message, decode_content, entity_body, media_type, parse_response
from archive.urls import check_url, join, key

PAGES = frozenset({"text/html", "application/xhtml+xml", "application/pdf", "text/plain"})
_ASSET = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|svg|ico|css|m?js|json|xml|woff2?|ttf|mp[34]|webm|m4[as]|ts)(?:\?|\Z)", re.IGNORECASE
)
_MAX_REDIRECTS = 20_000  # remembered until the page comes that they lead to
_MAX_HOPS = 10
_CHANGED = "its line ends were changed on the way here (a transfer as text)"
_MAX_PAYLOAD = 2**26  # bytes of a page without its coding


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The pages of a WARC file, packed or not."""
    reading: Reading | OwnReading = Reading(source)
    with source.open() as file:
        if not file.seekable():
            raise Broken("this file cannot be sought in")
        try:
            for record in records(file):
                if is_own(record) and not isinstance(reading, OwnReading):
                    yield from reading.rest()
                    reading = source.together.begin(source) if source.together else OwnReading(source)
                yield from reading.record(record)
        except OSError as error:
            raise Broken(f"the file cannot be read: {error.strerror or error}") from error
        except ZIP_ERRORS as error:
            raise Broken(f"this part of the zip file is damaged: {error}") from error
    if not (source.together and isinstance(reading, OwnReading)):
        yield from reading.rest()


class Reading:
    """What is remembered of the records so far."""

    def __init__(self, source: ImportFile) -> None:
        self._source = source
        # By the key of where they lead; with the number of the last record.
        self._redirects: OrderedDict[str, tuple[tuple[Exchange, ...], int]] = OrderedDict()
        self._exchanged = 0  # records whose digests stand in each other's place
        self._restored = 0  # records whose line ends were changed, and are known
        self._request: ForeignRecord | None = None
        self.left_out: Counter[str] = Counter()
        self._originals = Originals()
        self._segments = source.together.segments if source.together else Segments()

    def record(self, record: ForeignRecord | BadRecord) -> Iterator[Item | Reject]:
        """The item that a record is, if it is one."""
        if isinstance(record, BadRecord):
            yield self._reject(record.number, record.reason)
            return
        self._restored += record.line_ends is LineEnds.RESTORED
        if record.kind == "too large":
            yield self._reject(record.number, "the record is too large to be taken over", record.url)
        elif record.kind == "request":
            self._request = record
        elif record.kind == "continuation":
            yield from self._goes_on(record, self._source)
        elif record.kind in ("response", "revisit", "resource", "conversion"):
            if self._segments.begin(record, self._request, self._source):
                self._request = None
                for part, source in self._segments.of_the_begun(record):
                    yield from self._goes_on(part, source)
            else:
                yield from self._capture(record)
        for parts in self._segments.given_up():
            yield from self._in_parts(parts)

    def rest(self) -> Iterator[Item | Reject]:
        """What is left at the end: redirects to pages that are not in the file, and what was left out."""
        if self._source.together is None:
            for parts in self._segments.given_up(all_of_them=True):
                yield from self._in_parts(parts)
            yield from self._segments.headless()
        while self._redirects:
            yield self._unfollowed()
        if self.left_out:
            told = ", ".join(f"{count} {what}" for what, count in self.left_out.most_common(10))
            yield self._reject(None, f"records that are no pages were left out: {told}", lost=False)
        if self._exchanged:
            told = "were read, with the digest of their payload where that of the whole record belongs"
            yield self._reject(None, f"{self._exchanged} records {told}", lost=False)
        if self._restored:
            told = "had other line ends than they were written with (a transfer as text), and were read as they were"
            yield self._reject(None, f"{self._restored} records {told}", lost=False)

    def _goes_on(self, record: ForeignRecord, source: ImportFile) -> Iterator[Item | Reject]:
        """The item of a record whose last part this is; `source` has the part."""
        wrong, parts = self._segments.add(record, source)
        if wrong:
            yield Reject(source.origin(record.number), wrong, record.url, lost=True)
        elif parts is not None and (whole := parts.whole()) is not None:
            yield from self._as_begun(parts, whole)

    def _as_begun(self, parts: Parts, record: ForeignRecord) -> Iterator[Item | Reject]:
        """What a record is that stands where these parts begin."""
        request, source = self._request, self._source
        self._request, self._source = parts.request, parts.source
        yield from self._capture(record)
        self._request, self._source = request, source

    def in_parts(self, parts: Parts) -> Iterator[Item | Reject]:
        """What is there of a record that began in this file, when all files are read."""
        yield from self._in_parts(parts)
        yield from self.rest()

    def _in_parts(self, parts: Parts) -> Iterator[Item | Reject]:
        """The beginning of a record whose other parts are not all there, as what is cut off."""
        yield from self._as_begun(parts, parts.first)
        told = f"{1 + len(parts.others)} of its parts are there, not all of them: only its beginning is taken over"
        why = f"the record is stored in several parts: {told}"
        yield Reject(parts.source.origin(parts.first.number), why, parts.first.url, lost=True)

    def _unfollowed(self) -> Item:
        """The oldest redirect, without what it leads to."""
        _, (exchanges, number) = self._redirects.popitem(last=False)
        return Item(exchanges[0].url, self._source.origin(number), exchanges=exchanges, captured=exchanges[-1].started)

    def _note_digests(self, record: ForeignRecord, bodies: list[bytes]) -> None:
        self._exchanged += check_digests(record, bodies) is Digests.EXCHANGED

    def _capture(self, record: ForeignRecord) -> Iterator[Item | Reject]:
        url = record.url
        if url.lower().startswith(("dns:", "whois:", "urn:", "warcinfo:", "metadata:")) or url.endswith("/robots.txt"):
            return
        at = instant(record.fields.get("warc-date"))
        try:
            check_url(url)
        except UsageError as error:
            yield self._reject(record.number, str(error), url)
            return
        if at is None:
            yield self._reject(record.number, f"its date is {record.fields.get('warc-date', '')!r}", url)
            return
        if record.kind in ("response", "revisit") and not url.lower().startswith(("http:", "https:")):
            return
        taken = {"response": self._response, "revisit": self._revisit}.get(record.kind, self._resource)
        if (found := taken(record, url, at)) is not None:
            yield _remarked(found, record)

    def _resource(self, record: ForeignRecord, url: str, at: datetime) -> Item | Reject | None:
        kind, charset = media_type(record.fields.get("content-type"))
        if kind not in PAGES:
            self.left_out[kind or "of no type"] += 1
            return None
        if wrong := _wrong(record, [record.block], kind):
            return self._reject(record.number, wrong, url)
        self._note_digests(record, [record.block])
        origin = self._source.origin(record.number, record.fields.get("warc-record-id", ""))
        return Item(url, origin, payload=record.block, media_type=kind, charset=charset, captured=at)

    def _response(self, record: ForeignRecord, url: str, at: datetime) -> Item | Reject | None:
        message = parse_response(record.block)
        if message is None:
            return self._reject(record.number, "not an HTTP response", url)
        kind, _ = media_type(message.header("content-type"))
        redirects = 300 <= message.status < 400 and message.header("location")
        body = entity_body(message)
        if not redirects and kind not in PAGES and kind is not None and not _is_unsaid(kind):
            self.left_out[kind] += 1
            return None
        payload = decode_content(body, message.header("content-encoding"))
        if not redirects and kind not in PAGES and not is_readable(sniffed(payload, None)):
            self.left_out[kind or "of no type"] += 1
            return None
        if len(payload) > _MAX_PAYLOAD:
            return self._reject(record.number, f"the page expands to more than {_MAX_PAYLOAD} bytes", url)
        coded = message.chunked or message.header("content-encoding")
        if wrong := _wrong(record, [message.body, body, payload], None if coded and not redirects else kind):
            return self._reject(record.number, wrong, url)
        self._note_digests(record, [message.body, body, payload])
        exchange = replace(self._exchange(record, url, at, message), payload=payload)
        if redirects:
            return self._redirect(exchange, str(redirects), record.number)
        self._originals.keep(record, exchange, body)
        return self._page(record, exchange)

    def _revisit(self, record: ForeignRecord, url: str, at: datetime) -> Item | Reject | None:
        """A page that was served again: with the body that it repeats, or else what is here, and what it repeats."""
        message = parse_response(record.block)
        kind = media_type(message.header("content-type"))[0] if message else None
        location = message.header("location") if message and 300 <= message.status < 400 else None
        exchange = self._exchange(record, url, at, message)
        if location:
            return self._redirect(exchange, location, record.number)
        original = self._originals.of(record)
        if original is None and kind not in PAGES and (kind is not None or _ASSET.search(url)):
            self.left_out[f"revisit ({kind or 'of no type'})"] += 1
            return None
        if message is not None and message.status == 304:
            return self._page(record, exchange)
        if original is not None:
            return self._page(record, with_body(exchange, original[0].received, original[1]))
        page = self._page(record, replace(exchange, truncated="unspecified"))
        return replace(page, repeats=repeats(record))

    def _exchange(self, record: ForeignRecord, url: str, at: datetime, message: Message | None) -> Exchange:
        """What a record says, its payload still to come."""
        status, headers = (message.status, message.headers) if message else (None, ())
        return Exchange(
            url, HopKind.START, at, self._sent(url), record.block if message else b"", _peer(record), status, headers,
            b"", _truncated(record),
        )  # fmt: skip

    def _page(self, record: ForeignRecord, exchange: Exchange) -> Item:
        """A page behind the redirects that led to it."""
        before, _ = self._redirects.pop(key(exchange.url), ((), 0))
        chain = _chained((*before, exchange))
        origin = self._source.origin(record.number, record.fields.get("warc-record-id", ""))
        return Item(chain[0].url, origin, exchanges=chain, captured=exchange.started)

    def _redirect(self, exchange: Exchange, location: str, number: int) -> Item | Reject | None:
        """Remember where a redirect leads, behind those that led to it; the oldest one where there are too many."""
        try:
            target = join(exchange.url, location)
            known = key(target)
        except UsageError as error:
            return self._reject(number, f"redirects to what is no address: {error}", exchange.url)
        before, _ = self._redirects.pop(key(exchange.url), ((), 0))
        chain = _chained((*before, replace(exchange, location=target)))
        if target in {hop.url for hop in chain} or len(chain) > _MAX_HOPS:
            return self._reject(number, f"redirects to {target}, round and round", chain[0].url)
        other = self._redirects.pop(known, None)  # another address led to the same before: it is kept by itself
        self._redirects[known] = chain, number
        if other:
            self._redirects.move_to_end(known)
            return Item(
                other[0][0].url, self._source.origin(other[1]), exchanges=other[0], captured=other[0][-1].started
            )
        return self._unfollowed() if len(self._redirects) > _MAX_REDIRECTS else None

    def _sent(self, url: str) -> bytes:
        """The request that belongs to a response: the one just before it."""
        request, self._request = self._request, None
        return request.block if request is not None and request.url == url else b""

    def _reject(self, number: int | None, reason: str, raw: str = "", *, lost: bool = True) -> Reject:
        return Reject(self._source.origin(number), reason, raw, lost)


def left_in_parts(segments: Segments) -> Iterator[Item | Reject]:
    """The records of which not all parts were met in any of the files."""
    for parts in segments.given_up(all_of_them=True):
        yield from Reading(parts.source).in_parts(parts)
    yield from segments.headless()


def _wrong(record: ForeignRecord, bodies: list[bytes], kind: str | None) -> str:
    """Why a record cannot be taken for what was captured, "" where it can. `kind`: its media type; None for bytes that
    are no text."""
    if record.line_ends is not LineEnds.CHANGED:
        return wrong_digest(record, bodies)
    return "" if kind is not None and kind != "application/pdf" else f"{_CHANGED}, and it is no text"


def _remarked(found: Item | Reject, record: ForeignRecord) -> Item | Reject:
    if isinstance(found, Reject) or record.line_ends is not LineEnds.CHANGED:
        return found
    return replace(found, remarks=(f"{_CHANGED}: what was captured differs in them",))


def _chained(exchanges: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """Exchanges of which each but the first was made because of the one before."""
    return exchanges[0], *(replace(hop, kind=HopKind.HTTP) for hop in exchanges[1:])


def _is_unsaid(kind: str) -> bool:
    """Whether a type says nothing of what it is the type of."""
    return "/" not in kind or kind in ("application/octet-stream", "unknown/unknown", "application/unknown", "*/*")


def _peer(record: ForeignRecord) -> str | None:
    address = record.fields.get("warc-ip-address")
    if not address:
        return None
    return f"[{address}]:0" if ":" in address else f"{address}:0"


def _truncated(record: ForeignRecord) -> str | None:
    in_parts = "unspecified" if NUMBER in record.fields else ""
    word = (record.fields.get("warc-truncated") or in_parts).lower()
    return word if word in ("length", "time", "disconnect", "unspecified") else "unspecified" if word else None
