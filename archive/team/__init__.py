"""Several processes, on one machine or many, that fetch and read for the one that stores and catalogues."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Team:
    """Who works for an archive just now, and what there is to do.

    `workers`: how many offer to fetch and read, beside the runs themselves. `waiting` and `claimed`: pages that runs
    had no hands for, which nobody has taken, and which a worker is at. `writer`: who holds the right to write, in
    words, "" for nobody.
    """

    workers: int = 0
    waiting: int = 0
    claimed: int = 0
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """A page that a worker has fetched, or had stored, and read. `came` is False where the run does so itself."""

    url: str
    detail: str
    came: bool
