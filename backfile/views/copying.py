"""Articles with one text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from archive import Op
from backfile.desk import Carrier


@dataclass(frozen=True, slots=True)
class CopyRow:
    """An article with the same text as another one."""

    id: Annotated[str, "of the article"]
    url: Annotated[str, "its address"]
    title: Annotated[str, "its headline"]
    site: Annotated[str, "who published it"]
    at: Annotated[datetime, "when it came out, as far as that is known"]
    first: Annotated[bool, "whether that was before all others"]
    changes: Annotated[frozenset[str], "what it changed against the first one, in the words of `changed:`"]
    added: Annotated[int, "how many words it has more"]
    removed: Annotated[int, "how many words of the first one it lacks"]

    @classmethod
    def of(cls, one: Carrier) -> Self:
        """The row of an article."""
        changes = one.difference.changes if one.difference else frozenset[str]()
        return cls(
            one.id, one.url, one.title, one.site, one.at, one.first, changes, one.words(Op.ADDED), one.words(Op.REMOVED)
        )
