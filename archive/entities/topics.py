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
from functools import cache
from pathlib import Path

from archive.entities import lands, places, subjects, titles
from archive.entities.acronyms import plain, well_known
from archive.entities.languages import listed_as
from archive.entities.peoples import names_of_peoples
from archive.entities.phrases import phrases
from archive.entities.places import fold
from archive.entities.tables import rows
from archive.model import Article, Kind, Mention, Part, Topic

MOST = 15
_FIRST = frozenset({"keyword", "section"})  # what the publisher says goes before what we suggest, at equal weight
_WEAKEST = 0.4  # of a phrase's weight: below it stands what a story merely repeats
_LEAD = 600  # characters of a text in which an organisation that is named twice only must stand
_GIVEN = 8  # of the publisher's labels, so that there is room for what the text says
_DIVIDERS = re.compile(r"\s*[;|·•\n]\s*|\s+/\s+|,(?!\s(?:and|law|business|culture|accident|war)\b)\s*")
_NOISE = re.compile(
    r"https?:|www\.|[@#{}<>=_]|^\W*$|^\d+$|^[a-z]{19,}$|^(?:the )?(?:news|article|articles|story|stories|home|homepage|"
    r"latest|latest news|top stories|all|other|general|default|uncategorized|unknown|feature|features|featured|"
    r"featured posts?|internal|world|global|local news|general news|domestic news|national news|us news|u\.s\. news|"
    r"world news|breaking|breaking news|front page|homepage featured|person|people|organi[sz]ation|place|medium|web|"
    r"web only|deals|video|videos|gallery|photo gallery|photos|newsletter|newsletters|trending|must reads?|exclusives?|"
    r"editors?['’]? picks?|syndicated|wire|post|posts|blog|page|premium|sponsored|misc|miscellaneous|none|n/a)$|"
    r"\b(?:state wire|top news|latest news|news (?:live|today|update|updates|headlines)|today news)\b",
    re.IGNORECASE,
)
# "Category: Politics" says what "Politics" says; "Language: English", "WC: 1000-1999" and their like say nothing.
_LABELLED = re.compile(r"(?P<key>[A-Za-z][\w -]{1,18}):\s+(?P<value>\S.*)")
_TELLING = frozenset("category subject topic topics tag tags keyword keywords theme section".split())
_PLUMBING = frozenset(
    "day date time page-type page article-type type format medium wc partner language lang author byline source "
    "channel region edition template layout status id word-count content-type content tier access".split()
)
_AGENCIES = {"AP", "Associated Press", "AFP", "Agence France-Presse", "Reuters", "UPI", "dpa", "Getty Images", "Xinhua"}
"""They are named as sources, seldom as what a story is about."""
_LABELS = Path(__file__).parent / "data" / "labels_empty.tsv"
_CLUB = re.compile(r"^(?:FC|AFC|AC|AS|SC|SV|CF|RC|CD|BC|SK|FK|ФК|ХК|БК) (?=\S{3})|(?<=\S{3}) (?:FC|CF|SC|AC|BC|SAD)$")
_WORDS = re.compile(r"[a-z][a-z'-]*[a-z]")


def topics(article: Article, mentions: Sequence[Mention]) -> tuple[Topic, ...]:
    """At most 15 topics, weightiest first, no two of the same name."""
    lang = article.lang.lower().partition("-")[0]
    empty = _empty(lang)
    given = [*_given(article.keywords, "keyword", 0.9, empty), *_given(article.sections, "section", 0.8, empty)]
    found = [*_limited(given), *_named(given), *_organisations(article, mentions)]
    if lang in ("en", ""):  # the tables of words are English
        found += [*_suggested(article, mentions), *_phrases(article, mentions)]
    return tuple(_distinct(found, lang))[:MOST]


@cache
def _bodies(lang: str) -> dict[str, str]:
    return {fold(name): body for name, body in lands.bodies(lang).items()}


@cache
def _empty(lang: str) -> frozenset[str]:
    """Labels that say nothing in a language other than English; those of English stand in _NOISE."""
    if lang in ("en", ""):
        return frozenset()
    known = ("*", listed_as(lang))
    return frozenset(label for of, labels in rows(_LABELS) if of in known for label in labels.split("|"))


def _distinct(found: Iterable[Topic], lang: str) -> list[Topic]:
    """Weightiest first, each thing once: not a label and the concept it names, an acronym and its long form, a country
    in two forms, a phrase that is part of an organisation's name. What goes stays findable as another name."""
    ranked = sorted(found, key=lambda topic: (-topic.weight, topic.source not in _FIRST))
    best: list[Topic] = []
    known: dict[str, int] = {}
    inner = {words for t in ranked if t.source == "organisation" for words in _parts(t.name)}
    for topic in ranked:
        if topic.source == "phrase" and fold(topic.name) in inner:
            continue
        keys = {_same(name, lang) for name in (topic.name, *topic.aliases)}
        at = next((known[key] for key in sorted(keys) if key in known), None)
        if at is None:
            at = len(best)
            best.append(topic)
        elif topic.source != "section" or fold(topic.name) == fold(best[at].name):
            best[at] = _joined(best[at], topic)
        known |= dict.fromkeys(keys, at) | known
    return best


def _joined(kept: Topic, other: Topic) -> Topic:
    """The weightier of two names of one thing; a concept's own name goes before the label that names it."""
    if other.code and not other.suggested and not kept.code and fold(other.name) != fold(kept.name):
        kept, other = replace(other, weight=kept.weight), kept
    others = (name for name in (other.name, *other.aliases) if fold(name) != fold(kept.name))
    return replace(
        kept,
        code=kept.code or other.code,
        aliases=tuple(dict.fromkeys((*kept.aliases, *others))),
        suggested=kept.suggested and other.suggested,
    )


def _same(name: str, lang: str) -> str:
    """What two names of one topic share: acronyms spelled out, one name for a country or a body of many, no plural, no
    "Party", no letters of a club."""
    if lang not in ("en", ""):
        name = _bodies(lang).get(fold(name)) or _CLUB.sub("", name) or name
        land = places.meaning(name, lang)
        if isinstance(land, places.Place) and land.kind == "country":
            return fold(land.name)
    countries = [place for place in places.load().find(name) if place.kind == "country"]
    if len(countries) == 1:
        return fold(countries[0].name)
    short = plain(name)
    key = fold(well_known().get(short.upper(), name) if " " not in short else name).removesuffix(" party")
    return key[:-1] if key.endswith("s") and not key.endswith(("ss", "us", "is", "ics")) and len(key) > 4 else key


def _parts(name: str) -> Iterator[str]:
    words = fold(name).split()
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if end - start < len(words):
                yield " ".join(words[start:end])


def _given(labels: Iterable[str], source: str, weight: float, empty: frozenset[str]) -> Iterator[Topic]:
    """The publisher's labels; later ones weigh a little less. An adjective ("Thai") says where, not what."""
    seen: set[str] = set()
    for label in labels:
        for part in _DIVIDERS.split(label):
            name = _label(" ".join(part.strip("#\"'“”‘’ .").split()))
            known = seen | empty
            if 2 <= len(name) <= 60 and not (_NOISE.search(name) or name.casefold() in known or _is_adjective(name)):
                seen.add(name.casefold())
                yield Topic(name, source, round(max(0.4, weight - 0.02 * len(seen)), 3))


def _is_adjective(name: str) -> bool:
    return name in names_of_peoples() and name.removesuffix("s") not in names_of_peoples() - {name}


def _label(name: str) -> str:
    """A label without what a publisher's system puts before it; "" where that is all it is."""
    name = (
        re.sub(r"(?<=\w)(?:[ -](?:news|haberleri|nachrichten)| nieuws)$", "", name, flags=re.IGNORECASE)
        if not _NOISE.search(name)
        else name
    )
    match = _LABELLED.fullmatch(name)
    key = match["key"].casefold().replace(" ", "-") if match else ""
    if match and key in _TELLING:
        return match["value"]
    return "" if key in _PLUMBING else name


def _limited(given: list[Topic]) -> list[Topic]:
    return sorted(given, key=lambda topic: -topic.weight)[:_GIVEN]


def _named(given: list[Topic]) -> Iterator[Topic]:
    for topic in given:
        subject = subjects.named(topic.name)
        if subject:
            yield Topic(subject.name, "subject", topic.weight, (topic.name,), code=subject.code)


def _suggested(article: Article, mentions: Sequence[Mention]) -> Iterator[Topic]:
    """What people are called says nothing of what a story is about: "Stokes" is no more of the arts than of sport."""
    people = {word for m in mentions if m.kind is Kind.PERSON for word in _WORDS.findall(m.text.lower())}
    words = Counter(_WORDS.findall(article.text[:40_000].lower().replace("'s", "")))
    for word in people:
        del words[word]
    title = [word for word in _WORDS.findall(article.title.lower()) if word not in people]
    for subject, share in subjects.suggested(words, title):
        weight = round(min(0.75, 0.4 + 2 * share), 3)
        yield Topic(subject.name, "subject", weight, suggested=True, code=subject.code)


def _is_its_own(article: Article, name: str) -> bool:
    """Whether a name is the publisher's: "London Standard" in "The Standard"."""
    return bool(article.site) and f" {fold(name)}".endswith(f" {fold(article.site)}")


def _organisations(article: Article, mentions: Sequence[Mention]) -> Iterator[Topic]:
    """Organisations in the headline, or named twice and more; what they are also called are aliases."""
    counts: Counter[str] = Counter()
    early: set[str] = set()
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        if mention.kind is Kind.ORG and mention.canonical not in _AGENCIES:
            counts[mention.canonical] += 3 if mention.part is Part.TITLE else 1
            if mention.part is Part.TITLE or mention.start < _LEAD:
                early.add(mention.canonical)
            spellings[mention.canonical][" ".join(mention.text.split())] += 1
    for name, count in counts.most_common(4):
        if (count > 2 or (count > 1 and name in early)) and not _is_its_own(article, name):
            others = (form for form, _ in spellings[name].most_common(4) if fold(form) != fold(name))
            yield Topic(name, "organisation", round(min(0.85, 0.4 + 0.1 * count), 3), tuple(others), suggested=True)


def _phrases(article: Article, mentions: Sequence[Mention]) -> Iterator[Topic]:
    names = {name for m in mentions if m.kind in (Kind.PERSON, Kind.PLACE) for name in (m.text, m.canonical)}
    orgs = {fold(name) for m in mentions if m.kind is Kind.ORG for name in (m.text, m.canonical)}
    ranked = phrases(article.title, article.text, names, subjects.load().rarity)
    for name, score in ranked:
        weight = round(0.7 * math.sqrt(score / ranked[0][1]), 3)
        words = name.split()
        barred = words[0] in names_of_peoples() or titles.leading(words) == len(words) or name in _AGENCIES
        barred = barred or _is_its_own(article, name)
        if weight >= _WEAKEST and not barred and not (len(words) > 1 and orgs & set(map(fold, words))):
            yield Topic(name, "phrase", weight, suggested=True)
