"""What an imported record repeats, looked up in the archive: by digest, or among the captures of the address it names.

Digests of another algorithm than ours are computed of what is found; without any digest only the very moment counts.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from archive.errors import ArchiveError
from archive.formats import Item, Repeats
from archive.formats.revisits import body_of, with_body
from archive.formats.warc_records import matches
from archive.storage import Place, Store

_SAME_TIME = timedelta(seconds=1)  # some programs write dates without what is below a second
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST = 50  # captures of one address that are looked at
_HEX = re.compile(r"[0-9a-f]{64}")


def resolved(item: Item, store: Store) -> Item:
    """The item with the body of its last exchange, where the archive has it; else as it is."""
    if item.repeats is None:
        return item
    last = item.exchanges[-1]
    for place in _places(item.repeats, store):
        try:
            record, payload = store.reader.read(place), store.reader.payload(place)
        except ArchiveError:
            continue  # damage there is for `verify` to tell
        received = record.block if record.kind == "response" else b""
        body = body_of(received) if received else payload
        if not item.repeats.digest or matches(item.repeats.digest, [body, payload]) is not False:
            whole = with_body(last, received, body)
            return replace(item, exchanges=(*item.exchanges[:-1], whole), repeats=None) if whole.received else item
    return item


def _places(repeats: Repeats, store: Store) -> Iterator[Place]:
    """Where the body may be, the likeliest first."""
    digest = _sha256(repeats.digest)
    if digest and (body := store.catalog.body(digest)):
        yield body.place
    captures = [capture for entry in store.catalog.resolve(repeats.url) for capture in store.catalog.captures(entry)]
    named = [capture for capture in captures if repeats.at and abs(capture.at - repeats.at) < _SAME_TIME]
    others = [capture for capture in captures if capture not in named] if repeats.digest and not digest else []
    others.sort(key=lambda capture: abs(capture.at - repeats.at) if repeats.at else capture.at - _EPOCH)
    for capture in [*named, *(others if repeats.at else reversed(others))][:_MOST]:
        if place := store.catalog.content(capture.id):
            yield place


def _sha256(declared: str) -> str:
    """A digest in the form of ours; "" for one of another algorithm."""
    algorithm, _, value = declared.partition(":")
    if algorithm.lower().replace("-", "") != "sha256":
        return ""
    if _HEX.fullmatch(value.lower()):
        return f"sha256:{value.lower()}"
    try:
        raw = base64.b32decode(value.upper() + "=" * (-len(value) % 8))
    except binascii.Error:
        return ""
    return f"sha256:{raw.hex()}" if len(raw) == 32 else ""
