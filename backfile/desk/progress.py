"""How a door hears how far long work has come: one callback, told which part of the work is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """Told now and then what is being done ("indexing"), how many are done, and of how many (None: nobody knows)."""

    def __call__(self, what: str, done: int, total: int | None = None, /) -> None: ...


class Stage(Protocol):
    """One part of the work: how many are done, and of how many."""

    def __call__(self, done: int, total: int | None = None, /) -> None: ...


def stage(progress: Progress | None, what: str) -> Stage | None:
    """What tells `progress` of the part of the work that is called `what`; it hears at once that this begins."""
    if progress is None:
        return None
    tell = progress
    tell(what, 0)

    def at(done: int, total: int | None = None, /) -> None:
        tell(what, done, total)

    return at


Clock = Callable[[], float]  # seconds, never going back
