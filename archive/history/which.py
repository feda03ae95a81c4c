"""Which of the texts that a page has carried is meant: by number, by a day, by a capture (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from archive.errors import NotFoundError, UsageError
from archive.frozen import frozen
from archive.model import Capture, Version

_DAYS = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_CAPTURE_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{0,27}")
_TICK = timedelta(microseconds=1)
_HAS_SECONDS = re.compile(r"\d{1,2}:\d{2}:\d{2}")


@frozen
class Shown:
    """A version, and the capture of it that is meant: the one that was named, else the one that showed it first."""

    version: Version
    capture_id: str


def as_capture_id(text: str) -> str:
    """`text` as the id of a capture, or its beginning up to the first dash or more; "" where it cannot be one."""
    text = text.strip().lower().removeprefix("urn:uuid:")
    return text if _CAPTURE_ID.fullmatch(text) else ""


def is_capture_id(text: str) -> bool:
    """Whether `text` is written as the id of a capture is, or as the beginning of one."""
    return as_capture_id(text) != ""


def moment(text: str) -> datetime:
    """The end of the year, month, day, minute or second that `text` names, in UTC where it says nothing else.

    `2025`, `2025-01`, `2025-01-31`, `2025-01-31 10:00`, `2025-01-31T10:00:00Z`. UsageError for anything else.
    """
    import calendar

    text = text.strip()
    try:
        if days := _DAYS.fullmatch(text):
            year, month, day = (int(part) if part else 0 for part in days.groups())
            last = day or calendar.monthrange(year, month or 12)[1]
            return datetime(year, month or 12, last, tzinfo=UTC) + timedelta(days=1) - _TICK
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        if found.microsecond:
            return found
        return found + timedelta(seconds=1 if _HAS_SECONDS.search(text) else 60) - _TICK
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        raise UsageError(f"{text!r} is no day or time: write 2025-01-31 or 2025-01-31T10:00Z") from None


def day_begins(text: str) -> datetime:
    """The beginning of the year, month or day that `text` names, or the very time, in UTC. UsageError."""
    end = moment(text)
    days = _DAYS.fullmatch(text.strip())
    if not days:
        return end.replace(second=0, microsecond=0) if not _HAS_SECONDS.search(text) else end.replace(microsecond=0)
    year, month, day = (int(part) if part else 1 for part in days.groups())
    return datetime(year, month, day, tzinfo=UTC)


def numbered(versions: Iterable[Version], number: int) -> Shown:
    """The version of that number. NotFoundError."""
    versions = list(versions)
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise NotFoundError(f"there is no version {number} of it: it has {_counted(versions)}")
    return Shown(found, found.capture_id)


def standing(versions: Iterable[Version], at: datetime) -> Shown | None:
    """The version that was seen last by then; None where the page had not been seen with a text yet."""
    found = [one for one in versions if one.first_seen <= at]
    return Shown(found[-1], found[-1].capture_id) if found else None


def captured(versions: Iterable[Version], captures: Sequence[Capture], capture_id: str) -> Shown:
    """The version that a capture shows, of all `captures` of the page, in their order. NotFoundError: it shows none."""
    begins = {one.capture_id: one for one in versions}
    shown: Version | None = None
    for capture in captures:
        shown = begins.get(capture.id, shown)
        if capture.id == capture_id:
            if shown is None or not capture.outcome.has_content:
                raise NotFoundError(f"capture {capture_id} shows no text: {capture.outcome}, {capture.detail}")
            return Shown(shown, capture_id)
    raise NotFoundError(f"capture {capture_id} is not one of this page")


def fullest(captures: Sequence[tuple[str, bool, int | None, int]], capture_id: str) -> str:
    """Of the captures that show the text of one of them, the one with most of what the page is shown with.

    Each, in their order: id, whether it shows the page, the version that begins with it, and how much is held.
    """
    same, begun = dict[str, int](), False
    for id_, shows, version, held in captures:
        if version is not None and begun and id_ != capture_id:
            break
        if version is not None:
            same.clear()
        begun = begun or id_ == capture_id
        if shows:
            same[id_] = held
    return max(same, key=lambda one: same[one]) if begun and same else capture_id


def _counted(versions: Sequence[Version]) -> str:
    if not versions:
        return "no text at all"
    return f"versions 1 to {versions[-1].number}" if len(versions) > 1 else "one version"
