"""Foreign `revisit` records: what they repeat, where that was met before in the same file.

A revisit has the headers of an answer but not its body. Which body that was, it says by record id, by address and date,
or by digest alone; what is taken must have the digest that it names.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from archive.formats.item import Repeats
from archive.formats.moments import instant
from archive.formats.warc_records import ForeignRecord, matches
from archive.model import Exchange
from archive.storage.warc.http import decode_content, entity_body, parse_response

_MAX_HELD = 2**26  # bytes of answers that a later record may repeat


@dataclass(frozen=True, slots=True)
class _Held:
    """An answer, its body without transfer coding, and the names it can be asked for by."""

    exchange: Exchange
    body: bytes
    names: tuple[str, ...]


class Originals:
    """The last pages of a file, as far as they fit into memory."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, _Held] = OrderedDict()  # by the first of its names
        self._first: dict[str, str] = {}  # the first name by each of the others
        self._size = 0

    def keep(self, record: ForeignRecord, exchange: Exchange, body: bytes) -> None:
        """Remember a page that was read."""
        declared = record.fields.get("warc-payload-digest", "")
        names = (record.fields.get("warc-record-id", ""), _place(exchange.url, record.fields["warc-date"]), declared)
        self._add(_Held(exchange, body, tuple(filter(None, names))))
        while self._size > _MAX_HELD:
            self._forget(next(iter(self._held)))

    def of(self, record: ForeignRecord) -> tuple[Exchange, bytes] | None:
        """The answer that a revisit record repeats, and its body; None where it was not met, or long ago."""
        fields = record.fields
        url, date = fields.get("warc-refers-to-target-uri", "").strip("<>"), fields.get("warc-refers-to-date", "")
        digest = fields.get("warc-payload-digest", "")
        for name in (fields.get("warc-refers-to", ""), _place(url, date), digest):
            held = self._held.get(self._first.get(name, "")) if name else None
            if held and (not digest or matches(digest, [held.body, held.exchange.payload]) is not False):
                return held.exchange, held.body
        return None

    def _add(self, held: _Held) -> None:
        self._forget(held.names[0])
        self._held[held.names[0]] = held
        self._first.update(dict.fromkeys(held.names, held.names[0]))
        self._size += len(held.body) + len(held.exchange.received)

    def _forget(self, first: str) -> None:
        held = self._held.pop(first, None)
        if held is None:
            return
        self._size -= len(held.body) + len(held.exchange.received)
        for name in held.names:
            if self._first.get(name) == first:
                del self._first[name]


def repeats(record: ForeignRecord) -> Repeats:
    """What a revisit record says it repeats."""
    fields = record.fields
    url = fields.get("warc-refers-to-target-uri", "").strip("<>") or record.url
    return Repeats(fields.get("warc-payload-digest", ""), url, instant(fields.get("warc-refers-to-date")))


def with_body(exchange: Exchange, original: bytes, body: bytes) -> Exchange:
    """The exchange of a revisit record with its body, framed as its headers say; without headers, as `original` was."""
    message = parse_response(exchange.received) or parse_response(original)
    if message is None:
        return exchange
    received = message.head + (b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if message.chunked else body)
    payload = decode_content(body, message.header("content-encoding"))
    return replace(
        exchange, received=received, status=message.status, headers=message.headers, payload=payload, truncated=None
    )


def body_of(received: bytes) -> bytes:
    """The body of an answer, as digests count it."""
    message = parse_response(received)
    return entity_body(message) if message else b""


def _place(url: str, date: str) -> str:
    """Address and second, as they are written: programs that name them write them as they stood."""
    return f"{url} {date[:19]}" if url and date else ""
