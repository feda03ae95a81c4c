"""What is stated about a page by something else than the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Stated:
    """What the source of a page or text states about it (an export, a feed); empty or None: it does not say.

    `published` is aware, `published_on` the day as the source counts it.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_on: date | None = None
    site: str = ""
    lang: str = ""
