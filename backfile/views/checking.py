"""What a list of names comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from backfile.desk import Checked
from index import Candidate, Passage


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A name of a list, and what the archive has of it."""

    name: Annotated[str, "as it stands in the list"]
    articles: Annotated[int, "how many articles have it"]
    first: Annotated[date | None, "the day on which the earliest of them was published"]
    last: Annotated[date | None, "the latest of these days"]
    sites: Annotated[tuple[str, ...], "who published them, those with most of them first"]
    aliases: Annotated[tuple[str, ...], "other names that it was found by: yours, the articles' and the archive's"]
    passages: Annotated[
        tuple[Passage, ...], "up to three of them: `id`, `url`, `title`, `site`, `date`, and the `text` that shows it"
    ]
    fuzzy: Annotated[
        tuple[Candidate, ...], "names that are like it, and not counted: `name`, and how many other `articles` have it"
    ]
    id: Annotated[str, "yours, from the list"]
    before: Annotated[int | None, "how many articles had it at the last check; null at the first"]
    new: Annotated[tuple[str, ...], "ids of those that were not among them"]
    gone: Annotated[int, "how many of them are not there any more"]

    @classmethod
    def of(cls, one: Checked) -> Self:
        """The row of a name."""
        return cls(
            one.listed.name, one.articles, one.first, one.last, one.sites, one.aliases, one.passages, one.fuzzy,
            one.listed.id, one.before, one.new, one.gone,
        )  # fmt: skip
