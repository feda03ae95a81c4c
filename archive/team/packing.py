"""A page on its way to a worker, and what it came to on its way back: MessagePack, so that nothing that comes runs.

A page is one to fetch (Work), or a stored one to read again; what tells them apart is a first byte.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import msgspec

from archive.keeper import StoredPage
from archive.model import Resources
from archive.pipeline import Due, Run, Take
from archive.reading import Read
from archive.storage import HandedIn
from archive.storage.opening import user_name


@dataclass(frozen=True, slots=True)
class Work:
    """A page to fetch and read, and how: what of the run's settings a command may have chosen otherwise."""

    due: Due
    again: bool
    whole: bool
    resources: Resources
    rescue: bool
    by: str  # who asks for it, as the journal has it


T = TypeVar("T")
_encoder = msgspec.msgpack.Encoder()
_work = msgspec.msgpack.Decoder(Work)
_take = msgspec.msgpack.Decoder(Take)
_page = msgspec.msgpack.Decoder(StoredPage)
_read = msgspec.msgpack.Decoder(Read)
_AGAIN = b"A"  # before a stored page; MessagePack has a number of its own for it, where Work begins as a map


def packed_work(run: Run, due: Due) -> bytes | None:
    """None where it cannot be sent: half a character in an address."""
    fetch, by = run.settings.fetch, run.settings.store.added_by or user_name()
    return _packed(Work(due, run.again, run.whole, fetch.resources, fetch.rescue, by))


def unpacked_work(data: bytes) -> Work | None:
    """None for what another version of this program sent."""
    return _unpacked(_work, data)


def packed_take(take: Take) -> bytes | None:
    """None where it cannot be sent."""
    return _packed(take)


def unpacked_take(data: bytes) -> Take | None:
    """None for what another version of this program sent."""
    return _unpacked(_take, data)


def packed_page(page: StoredPage) -> bytes | None:
    """None where it cannot be sent: half a character in an address."""
    packed = _packed(page)
    return None if packed is None else _AGAIN + packed


def unpacked_page(data: bytes) -> StoredPage | None:
    """None for what is no stored page, or was sent by another version of this program."""
    return _unpacked(_page, data[1:]) if data.startswith(_AGAIN) else None


def packed_read(read: Read) -> bytes | None:
    """None where it cannot be sent."""
    return _packed(read)


def unpacked_read(data: bytes) -> Read | None:
    """None for what another version of this program sent."""
    return _unpacked(_read, data)


def without_bytes(take: Take, handed: HandedIn | None = None) -> Take:
    """What the run needs to know of a capture that is stored."""
    exchanges = tuple(replace(one, sent=b"", received=b"", payload=b"") for one in take.fetched.exchanges)
    fetched = replace(take.fetched, exchanges=exchanges)
    rescue = without_bytes(take.rescue) if take.rescue else None
    return replace(take, fetched=fetched, resources=(), shown=None, rescue=rescue, handed=handed)


def _unpacked(decoder: msgspec.msgpack.Decoder[T], data: bytes) -> T | None:
    try:
        return decoder.decode(data)
    except msgspec.MsgspecError:
        return None


def _packed(value: Work | Take | StoredPage | Read) -> bytes | None:
    try:
        return _encoder.encode(value)
    except (UnicodeEncodeError, TypeError, ValueError):
        return None
