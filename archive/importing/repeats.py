"""What an imported record repeats, looked up in the archive: by digest, or by the address and time that it names."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from archive.errors import ArchiveError
from archive.formats import Item, Repeats
from archive.formats.revisits import body_of, with_body
from archive.formats.warc_records import matches
from archive.storage import Place, Store

_SAME_TIME = timedelta(seconds=1)  # some programs write dates without what is below a second
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
    """Where the body may be."""
    digest = _sha256(repeats.digest)
    if digest and (body := store.catalog.body(digest)):
        yield body.place
    if repeats.at is None:
        return
    for entry in store.catalog.resolve(repeats.url):
        for capture in store.catalog.captures(entry):
            if abs(capture.at - repeats.at) < _SAME_TIME and (place := store.catalog.content(capture.id)):
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
