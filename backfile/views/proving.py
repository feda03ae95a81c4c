"""What is proved, and what is let go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive import Proved
from backfile.views.row import Same


@dataclass(frozen=True, slots=True)
class ProvedRow(Same[Proved]):
    """A proof that was written."""

    id: Annotated[str, "of the article"]
    version: Annotated[int, "number of the text that is proved"]
    title: Annotated[str, "its headline"]
    capture: Annotated[str, "id of the capture that showed it"]
    html: Annotated[str, "the page; of a case, its name in the folder"]
    json: Annotated[str, "the same in JSON"]
    problems: Annotated[tuple[str, ...], "what does not hold now; empty if every digest does"]
