"""How much is committed together: little where a commit costs a sync, much where it makes an object in a bucket."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """A group is committed once one of these is reached, and sooner where nothing more is under way."""

    count: int  # captures
    size: int  # bytes, as they came
    seconds: float  # since the first of them came

    def are_reached(self, count: int, size: int, seconds: float) -> bool:
        """Whether so much is to be committed."""
        return count >= self.count or size >= self.size or seconds >= self.seconds


IN_A_FOLDER = Limits(32, 2**26, 0.1)
IN_A_BUCKET = Limits(500, 2**26, 10.0)  # an object for each tenth of a second would be many, and small
