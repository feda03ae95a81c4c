"""Several processes, on one machine or many, that fetch and read for the one that stores and catalogues."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Worked:
    """A page that a worker has fetched and read. `came` is False where the run has to ask for it itself."""

    url: str
    detail: str
    came: bool
