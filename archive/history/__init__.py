"""The texts that a page has carried: which of them is meant (`which`, pure), and the page as it stood then (`past`)."""

from __future__ import annotations

from datetime import datetime

from archive.errors import UsageError
from archive.frozen import frozen


@frozen
class Which:
    """A version by its number, by a moment at which it stood, or by a capture of it; at most one of them."""

    version: int | None = None
    at: datetime | None = None
    capture: str = ""

    def __post_init__(self) -> None:
        if (self.version is not None) + (self.at is not None) + bool(self.capture) > 1:
            raise UsageError("name a version, a day or a capture, not several of them")

    @property
    def is_current(self) -> bool:
        return self == CURRENT


CURRENT = Which()
