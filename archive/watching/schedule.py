"""When to look again (pure): often while a story is new, ever more seldom as it ages, and less often after failures."""

from __future__ import annotations

from datetime import datetime, timedelta

# Up to this age, look again after this long. The age counts from the last change: what changes is new again.
STORY = (
    (timedelta(hours=6), timedelta(minutes=15)),
    (timedelta(days=3), timedelta(hours=1)),
    (timedelta(days=30), timedelta(days=1)),
)
SELDOM = timedelta(days=30)  # from then on
LIST = timedelta(days=1)  # a feed or sitemap is looked at no less often, however long it showed nothing new
_DOUBLINGS = 8


def pause(age: timedelta, steps: tuple[tuple[timedelta, timedelta], ...] = STORY) -> timedelta:
    """How long to wait before looking again at a story of that age."""
    return next((wait for limit, wait in steps if age < limit), SELDOM)


def next_look(
    now: datetime, since: datetime, *, failures: int = 0, at_most: timedelta = SELDOM, at_least: float | None = None
) -> datetime:
    """When to look again at what was new at `since`, after so many failures in a row.

    The wait doubles with each failure up to `at_most`. `at_least`: seconds that the server asked us to wait.
    """
    wait = pause(now - since) * (1 << min(failures, _DOUBLINGS))
    return now + max(min(wait, at_most), timedelta(seconds=at_least or 0))
