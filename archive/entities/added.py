"""Names that a recogniser missed and the user's rules add: found in the text wherever they stand as whole words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archive.entities import places
from archive.model import Article, Kind, Mention, Part

RULES = "rules"  # stands in Mention.recogniser for what the user added


def with_added(
    article: Article, mentions: tuple[Mention, ...], wanted: Iterable[tuple[Kind, tuple[str, ...]]]
) -> tuple[Mention, ...]:
    """The mentions and those that are added, in order of title and text. What is added stands in place of names that
    it overlaps: the user has the last word. Dates stay."""
    found = [mention for kind, names in wanted for mention in _found(article, kind, names)]
    if not found:
        return mentions
    taken = {(mention.part, place) for mention in found for place in range(mention.start, mention.end)}
    kept = [m for m in mentions if m.kind is Kind.DATE or taken.isdisjoint((m.part, p) for p in range(m.start, m.end))]
    return tuple(sorted([*kept, *found], key=lambda m: (m.part is Part.TEXT, m.start, m.end)))


def _found(article: Article, kind: Kind, names: tuple[str, ...]) -> Iterator[Mention]:
    forms = sorted(names, key=len, reverse=True)
    written = "|".join(r"\s+".join(map(re.escape, form.split())) for form in forms)
    pattern = re.compile(rf"(?<!\w)(?:{written})(?!\w)")
    spot = places.settle([names[0]])[names[0]] if kind is Kind.PLACE else None
    for part, text in ((Part.TITLE, article.title), (Part.TEXT, article.prose)):
        for match in pattern.finditer(text):
            yield Mention(
                kind, match.group(), match.start(), match.end(), names[0], part, 1.0, RULES,
                geo=spot.geo if spot else None, aliases=names[1:],
            )  # fmt: skip
