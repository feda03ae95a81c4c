"""A page on its way to a worker, and what it came to on its way back: MessagePack, so that nothing that comes runs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from archive.model import Resources
from archive.pipeline import Due, Run, Take
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


_encoder = msgspec.msgpack.Encoder()
_work = msgspec.msgpack.Decoder(Work)
_take = msgspec.msgpack.Decoder(Take)


def packed_work(run: Run, due: Due) -> bytes | None:
    """None where it cannot be sent: half a character in an address."""
    fetch, by = run.settings.fetch, run.settings.store.added_by or user_name()
    return _packed(Work(due, run.again, run.whole, fetch.resources, fetch.rescue, by))


def unpacked_work(data: bytes) -> Work | None:
    """None for what another version of this program sent."""
    try:
        return _work.decode(data)
    except msgspec.MsgspecError:
        return None


def packed_take(take: Take) -> bytes | None:
    """None where it cannot be sent."""
    return _packed(take)


def unpacked_take(data: bytes) -> Take | None:
    """None for what another version of this program sent."""
    try:
        return _take.decode(data)
    except msgspec.MsgspecError:
        return None


def without_bytes(take: Take, handed: HandedIn | None = None) -> Take:
    """What the run needs to know of a capture that is stored."""
    exchanges = tuple(replace(one, sent=b"", received=b"", payload=b"") for one in take.fetched.exchanges)
    fetched = replace(take.fetched, exchanges=exchanges)
    rescue = without_bytes(take.rescue) if take.rescue else None
    return replace(take, fetched=fetched, resources=(), shown=None, rescue=rescue, handed=handed)


def _packed(value: Work | Take) -> bytes | None:
    try:
        return _encoder.encode(value)
    except (UnicodeEncodeError, TypeError, ValueError):
        return None
