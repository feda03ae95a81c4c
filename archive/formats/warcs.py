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
from archive.formats.item import Broken, Item, Reject
from archive.formats.moments import instant
from archive.formats.opening import ImportFile
from archive.formats.own_warcs import OwnReading, is_own
from archive.formats.revisits import Originals, repeats, with_body
from archive.formats.warc_records import BadRecord, ForeignRecord, records, wrong_digest
from archive.model import Exchange, HopKind
from archive.storage.warc.http import Message, decode_content, entity_body, media_type, parse_response
from archive.urls import check_url, join, key

_PAGES = frozenset({"text/html", "application/xhtml+xml", "application/pdf", "text/plain"})
_ASSET = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|svg|ico|css|m?js|json|xml|woff2?|ttf|mp[34]|webm|m4[as]|ts)(?:\?|\Z)", re.IGNORECASE
)
_MAX_REDIRECTS = 20_000  # remembered until the page comes that they lead to
_MAX_HOPS = 10
_MAX_PAYLOAD = 2**26  # bytes of a page without its coding


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The pages of a WARC file, gzipped or not."""
    reading: _Reading | OwnReading = _Reading(source)
    with source.open() as file:
        if not file.seekable():
            raise Broken("this file cannot be sought in")
        try:
            for record in records(file):
                if is_own(record):
                    yield from reading.rest()
                    reading = OwnReading(source)
                yield from reading.record(record)
        except OSError as error:
            raise Broken(f"the file cannot be read: {error.strerror or error}") from error
    yield from reading.rest()


class _Reading:
    """What is remembered of the records so far."""

    def __init__(self, source: ImportFile) -> None:
        self._source = source
        self._redirects: OrderedDict[str, tuple[Exchange, ...]] = OrderedDict()  # by the key of where they lead
        self._request: ForeignRecord | None = None
        self._left_out: Counter[str] = Counter()
        self._originals = Originals()

    def record(self, record: ForeignRecord | BadRecord) -> Iterator[Item | Reject]:
        """The item that a record is, if it is one."""
        if isinstance(record, BadRecord):
            yield self._reject(record.number, record.reason)
        elif record.kind == "too large":
            yield self._reject(record.number, "the record is too large to be taken over", record.url)
        elif record.kind == "request":
            self._request = record
        elif record.kind in ("response", "revisit", "resource", "conversion"):
            yield from self._capture(record)

    def rest(self) -> Iterator[Reject]:
        """What is left at the end: redirects to pages that are not in the file, and what was left out."""
        for exchanges in self._redirects.values():
            yield self._reject(
                None, f"redirects to {exchanges[-1].location}, which is not in the file", exchanges[0].url
            )
        if self._left_out:
            told = ", ".join(f"{count} {what}" for what, count in self._left_out.most_common(10))
            yield self._reject(None, f"records that are no pages were left out: {told}")

    def _capture(self, record: ForeignRecord) -> Iterator[Item | Reject]:
        url = record.url
        if url.startswith(("dns:", "whois:", "urn:", "warcinfo:", "metadata:")) or url.endswith("/robots.txt"):
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
        if record.kind in ("response", "revisit") and not url.startswith(("http:", "https:")):
            return
        taken = {"response": self._response, "revisit": self._revisit}.get(record.kind, self._resource)
        if (found := taken(record, url, at)) is not None:
            yield found

    def _resource(self, record: ForeignRecord, url: str, at: datetime) -> Item | Reject | None:
        kind, charset = media_type(record.fields.get("content-type"))
        if kind not in _PAGES:
            self._left_out[kind or "of no type"] += 1
            return None
        if wrong := wrong_digest(record, [record.block]):
            return self._reject(record.number, wrong, url)
        origin = self._source.origin(record.number, record.fields.get("warc-record-id", ""))
        return Item(url, origin, payload=record.block, media_type=kind, charset=charset, captured=at)

    def _response(self, record: ForeignRecord, url: str, at: datetime) -> Item | Reject | None:
        message = parse_response(record.block)
        if message is None:
            return self._reject(record.number, "not an HTTP response", url)
        kind, _ = media_type(message.header("content-type"))
        redirects = 300 <= message.status < 400 and message.header("location")
        if not redirects and kind not in _PAGES and not _looks_like_page(kind, message):
            self._left_out[kind or "of no type"] += 1
            return None
        body = entity_body(message)
        payload = decode_content(body, message.header("content-encoding"))
        if len(payload) > _MAX_PAYLOAD:
            return self._reject(record.number, f"the page expands to more than {_MAX_PAYLOAD} bytes", url)
        if wrong := wrong_digest(record, [message.body, body, payload]):
            return self._reject(record.number, wrong, url)
        exchange = replace(self._exchange(record, url, at, message), payload=payload)
        if redirects:
            return self._redirect(exchange, str(redirects))
        self._originals.keep(record, exchange, body)
        return self._page(record, exchange)

    def _revisit(self, record: ForeignRecord, url: str, at: datetime) -> Item | Reject | None:
        """A page that was served again: with the body that it repeats, or else what is here, and what it repeats."""
        message = parse_response(record.block)
        kind = media_type(message.header("content-type"))[0] if message else None
        location = message.header("location") if message and 300 <= message.status < 400 else None
        exchange = self._exchange(record, url, at, message)
        if location:
            return self._redirect(exchange, location)
        original = self._originals.of(record)
        if original is None and kind not in _PAGES and (kind is not None or _ASSET.search(url)):
            self._left_out[f"revisit ({kind or 'of no type'})"] += 1
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
        chain = (*self._redirects.pop(key(exchange.url), ()), exchange)
        chain = (chain[0], *(replace(hop, kind=HopKind.HTTP) for hop in chain[1:]))
        origin = self._source.origin(record.number, record.fields.get("warc-record-id", ""))
        return Item(chain[0].url, origin, exchanges=chain, captured=exchange.started)

    def _redirect(self, exchange: Exchange, location: str) -> Reject | None:
        """Remember where a redirect leads, behind those that led to it."""
        try:
            target = join(exchange.url, location)
            known = key(target)
        except UsageError as error:
            return self._reject(None, f"redirects to what is no address: {error}", exchange.url)
        chain = self._redirects.pop(key(exchange.url), ())
        if known != key(exchange.url) and len(chain) < _MAX_HOPS and known not in self._redirects:
            self._redirects[known] = (*chain, replace(exchange, location=target))
        if len(self._redirects) > _MAX_REDIRECTS:
            _, lost = self._redirects.popitem(last=False)
            return self._reject(None, f"redirects to {lost[-1].location}, which did not follow", lost[0].url)
        return None

    def _sent(self, url: str) -> bytes:
        """The request that belongs to a response: the one just before it."""
        request, self._request = self._request, None
        return request.block if request is not None and request.url == url else b""

    def _reject(self, number: int | None, reason: str, raw: str = "") -> Reject:
        return Reject(self._source.origin(number), reason, raw)


def _looks_like_page(kind: str | None, message: Message) -> bool:
    """Whether it is HTML that nobody labelled."""
    return kind is None and message.body[:256].lstrip()[:1] == b"<"


def _peer(record: ForeignRecord) -> str | None:
    address = record.fields.get("warc-ip-address")
    if not address:
        return None
    return f"[{address}]:0" if ":" in address else f"{address}:0"


def _truncated(record: ForeignRecord) -> str | None:
    word = record.fields.get("warc-truncated", "").lower()
    return word if word in ("length", "time", "disconnect", "unspecified") else "unspecified" if word else None
