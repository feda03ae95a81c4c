"""What goes into extraction and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archive.model import Article, Outcome, ResourceLink, Resources


@dataclass(frozen=True, slots=True)
class Page:
    """One captured payload. `charset` and `media_type` are the Content-Type header's claims, not yet believed.

    `captured` (aware) is the moment no date of the article may lie after; None means the present. `resources`: which of
    the things that it is shown with are wanted.
    """

    url: str
    payload: bytes
    charset: str | None = None
    media_type: str | None = None
    captured: datetime | None = None
    resources: Resources = Resources.NONE


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says. `article` is None unless `outcome` has content; `media_type` is what the bytes really are."""

    article: Article | None
    outcome: Outcome
    detail: str
    media_type: str
    resources: tuple[ResourceLink, ...] = ()
