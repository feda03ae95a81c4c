"""What a run reports of pages that it does not ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import Added, News, Outcome

if TYPE_CHECKING:
    from archive.pipeline import Held, Wanted


def refused(wanted: Wanted, why: str) -> Added:
    """What was let go is not asked for; asking for it again (`again`) does."""
    detail = f"{why}; --again brings it back"
    return Added("", wanted.url, wanted.url, Outcome.REFUSED, detail, "", wanted.depth, wanted.cited_by)


def already(wanted: Wanted, held: Held) -> Added:
    """What was captured just now is left alone."""
    minutes = int(held.age.total_seconds() // 60)
    return Added(
        id=held.id,
        url=wanted.url,
        final_url=held.final_url,
        outcome=Outcome.UNCHANGED if held.outcome.has_content else held.outcome,
        detail=f"captured {minutes} minute{'s' * (minutes != 1)} ago" if minutes else "captured just now",
        title=held.title,
        depth=wanted.depth,
        cited_by=wanted.cited_by,
        news=News.NOT_ASKED,
    )
