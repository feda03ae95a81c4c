"""What a story is about, in at most 15 topics: the publisher's own words first, then what the text dwells on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from archive.model import Article, Mention, Topic

MOST = 15
_DIVIDERS = re.compile(r"\s*[,;|·•]\s*|\s+/\s+|\n")
_NOISE = re.compile(
    r"https?:|www\.|[@#{}<>=_]|^\W*$|^\d+$|^(?:news|article|story|home|homepage|latest|top stories)$", re.IGNORECASE
)


def topics(article: Article, mentions: Sequence[Mention]) -> tuple[Topic, ...]:  # noqa: ARG001
    """At most 15 topics, weightiest first; no two of the same name."""
    found = [*_given(article.keywords, "keyword", 0.9), *_given(article.sections, "section", 0.8)]
    best: dict[str, Topic] = {}
    for topic in found:
        best.setdefault(topic.name.casefold(), topic)
    return tuple(sorted(best.values(), key=lambda topic: -topic.weight)[:MOST])


def _given(labels: Iterable[str], source: str, weight: float) -> Iterator[Topic]:
    """The publisher's labels, divided and cleaned; later ones weigh a little less."""
    seen: set[str] = set()
    for label in labels:
        for part in _DIVIDERS.split(label):
            name = " ".join(part.strip("#\"'“”‘’ .").split())
            if 2 <= len(name) <= 60 and not _NOISE.search(name) and name.casefold() not in seen:
                seen.add(name.casefold())
                yield Topic(name, source, round(max(0.4, weight - 0.02 * len(seen)), 3))
