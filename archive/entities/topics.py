"""What a story is about, in at most 15 topics, each with its source and weight.

keyword, section    the publisher's own labels, divided and cleaned
subject             an IPTC Media Topic: one that a label names, or (suggested) that the words speak for
organisation        one that the story dwells on; its acronyms and other spellings are aliases
phrase              what the text repeats and other texts do not
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from archive.entities import subjects
from archive.entities.phrases import phrases
from archive.entities.places import fold
from archive.model import Article, Kind, Mention, Part, Topic

MOST = 15
_GIVEN = 8  # of the publisher's labels, so that there is room for what the text says
_DIVIDERS = re.compile(r"\s*[;|·•\n]\s*|\s+/\s+|,(?!\s(?:and|law|business|culture|accident|war)\b)\s*")
_NOISE = re.compile(
    r"https?:|www\.|[@#{}<>=_]|^\W*$|^\d+$|^(?:news|article|story|stories|home|homepage|latest|latest news|top stories|"
    r"all|other|general|default|uncategorized|unknown|feature|features|internal|world|local news)$",
    re.IGNORECASE,
)
_AGENCIES = {"AP", "Associated Press", "AFP", "Agence France-Presse", "Reuters", "UPI", "dpa", "Getty Images", "Xinhua"}
"""They are named as sources, seldom as what a story is about."""
_WORDS = re.compile(r"[a-z][a-z'-]*[a-z]")


def topics(article: Article, mentions: Sequence[Mention]) -> tuple[Topic, ...]:
    """At most 15 topics, weightiest first, no two of the same name."""
    given = [*_given(article.keywords, "keyword", 0.9), *_given(article.sections, "section", 0.8)]
    found = [*_limited(given), *_named(given), *_organisations(mentions)]
    if article.lang.lower().partition("-")[0] in ("en", ""):  # the tables of words are English
        found += [*_suggested(article), *_phrases(article, mentions)]
    best: dict[str, Topic] = {}
    for topic in sorted(found, key=lambda topic: -topic.weight):
        same = best.setdefault(topic.name.casefold(), topic)
        if topic.code and not same.code:
            best[topic.name.casefold()] = replace(same, code=topic.code)
    return tuple(best.values())[:MOST]


def _given(labels: Iterable[str], source: str, weight: float) -> Iterator[Topic]:
    """The publisher's labels; later ones weigh a little less."""
    seen: set[str] = set()
    for label in labels:
        for part in _DIVIDERS.split(label):
            name = " ".join(part.strip("#\"'“”‘’ .").split())
            if 2 <= len(name) <= 60 and not _NOISE.search(name) and name.casefold() not in seen:
                seen.add(name.casefold())
                yield Topic(name, source, round(max(0.4, weight - 0.02 * len(seen)), 3))


def _limited(given: list[Topic]) -> list[Topic]:
    return sorted(given, key=lambda topic: -topic.weight)[:_GIVEN]


def _named(given: list[Topic]) -> Iterator[Topic]:
    for topic in given:
        subject = subjects.named(topic.name)
        if subject:
            yield Topic(subject.name, "subject", topic.weight, (topic.name,), code=subject.code)


def _suggested(article: Article) -> Iterator[Topic]:
    words = Counter(_WORDS.findall(article.text[:40_000].lower().replace("'s", "")))
    title = _WORDS.findall(article.title.lower())
    for subject, share in subjects.suggested(words, title):
        weight = round(min(0.75, 0.4 + 2 * share), 3)
        yield Topic(subject.name, "subject", weight, suggested=True, code=subject.code)


def _organisations(mentions: Sequence[Mention]) -> Iterator[Topic]:
    """Organisations in the headline, or named twice and more; what they are also called are aliases."""
    counts: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        if mention.kind is Kind.ORG and mention.canonical not in _AGENCIES:
            counts[mention.canonical] += 3 if mention.part is Part.TITLE else 1
            spellings[mention.canonical][" ".join(mention.text.split())] += 1
    for name, count in counts.most_common(4):
        if count > 1:
            others = (form for form, _ in spellings[name].most_common(4) if fold(form) != fold(name))
            yield Topic(name, "organisation", round(min(0.85, 0.4 + 0.1 * count), 3), tuple(others), suggested=True)


def _phrases(article: Article, mentions: Sequence[Mention]) -> Iterator[Topic]:
    names = {name for m in mentions if m.kind in (Kind.PERSON, Kind.PLACE) for name in (m.text, m.canonical)}
    ranked = phrases(article.title, article.text, names, subjects.load().rarity)
    for name, score in ranked:
        yield Topic(name, "phrase", round(0.7 * math.sqrt(score / ranked[0][1]), 3), suggested=True)
