"""A page on its way to a worker, and what it came to on its way back: MessagePack, so that nothing that comes runs."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from archive.model import Resources
from archive.pipeline import Due, Run, Take


@dataclass(frozen=True, slots=True)
class Work:
    """A page to fetch and read, and how: what of the run's settings a command may have chosen otherwise."""

    due: Due
    again: bool
    whole: bool
    resources: Resources
    rescue: bool


_encoder = msgspec.msgpack.Encoder()
_work = msgspec.msgpack.Decoder(Work)
_take = msgspec.msgpack.Decoder(Take)


def packed_work(run: Run, due: Due) -> bytes | None:
    """None where it cannot be sent: half a character in an address."""
    fetch = run.settings.fetch
    return _packed(Work(due, run.again, run.whole, fetch.resources, fetch.rescue))


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


def _packed(value: Work | Take) -> bytes | None:
    try:
        return _encoder.encode(value)
    except (UnicodeEncodeError, TypeError, ValueError):
        return None
