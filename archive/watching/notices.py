"""What keeping watch has to say: one Notice for each thing that was noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec


class NoticeKind(StrEnum):
    """What there is to say."""

    NEW = "new"  # a watch showed an article that was not archived before
    CHANGED = "changed"  # a watched article has a new version
    MATCH = "match"  # a stored query matches an article that it did not match before
    FAILED = "failed"  # a feed or sitemap could not be read, or a message not be delivered


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that a run noticed. `watch` is the target of the watch, `changes` are ChangeKind values."""

    kind: NoticeKind
    watch: str
    at: datetime
    id: str = ""
    url: str = ""
    title: str = ""
    changes: tuple[str, ...] = ()
    detail: str = ""


def encoded(notice: Notice) -> str:
    """A notice as it is kept, JSON."""
    return msgspec.json.encode(notice).decode()


def decoded(kept: str) -> Notice:
    """What `encoded` kept."""
    return msgspec.json.decode(kept, type=Notice)
