"""The steps of `understand()`: recognise, make tidy, settle names; find dates; choose topics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from archive.entities import dates, names
from archive.entities.acronyms import definitions
from archive.entities.countries import country_names
from archive.entities.drafts import DraftMention, tidy
from archive.entities.flowing import flowing
from archive.entities.places import fold
from archive.entities.recogniser import Recogniser
from archive.entities.topics import topics
from archive.extraction.language import of_paragraph
from archive.model import Article, Kind, Mention, Part, Reading, Span

_EXPLAINED = 0.8  # confidence of an acronym that the story itself explains
_LISTED = 0.7  # … of a country's name where nothing but the list says so
_LONGEST = 200  # characters that a name can have
_SHORT = 80  # characters of a paragraph that is taken to be in the language of the one before
_MOST = 1_000_000  # characters of a text that are read: more than any story has, and seconds at most
DATES = "dates"  # stands in Mention.recogniser for dates


def reading_of(article: Article, recogniser: Recogniser) -> Reading:
    """See `archive.entities.understand`."""
    if len(article.text) > _MOST or len(article.title) > _MOST:
        article = replace(article, title=article.title[:_MOST], text=article.text[:_MOST])
    article = replace(article, text=flowing(article.text))
    lang = article.lang.lower().partition("-")[0]
    published = article.published_on or (article.published.date() if article.published else None)
    spelled = definitions(f"{article.title}\n{article.text}")
    known = _names(article, recogniser, lang)
    known += _missed(article, known, spelled)
    if lang in ("en", ""):
        known += _countries(article, known)
    found = [name for name in names.settle(known, spelled, published, lang) if not _is_initial(name)]
    times = _dates(article, published, lang)
    mentions = _without_overlaps([*(_mention(name, recogniser.name) for name in found), *times])
    return Reading(mentions, topics(article, mentions))


def _is_initial(name: DraftMention) -> bool:
    """Of whom a letter is all that the story says ("Castellane, J."), it says nobody's name."""
    letter = name.canonical.removesuffix(".")
    return name.kind is Kind.PERSON and len(letter) == 1 and letter.isupper()


def _names(article: Article, recogniser: Recogniser, lang: str) -> list[DraftMention]:
    """Names in title and text. Both are read together, so that what is sure in one helps in the other."""
    head = len(article.title) + 2 if article.title else 0
    whole = f"{article.title}\n\n{article.text}" if head else article.text
    in_title, in_text = [], []
    for span in _spans(whole, recogniser, lang):
        if span.kind is Kind.DATE or not 0 <= span.start < span.end <= min(len(whole), span.start + _LONGEST):
            continue
        if span.end <= len(article.title):
            in_title.append(tidy(span.kind, article.title, span.start, span.end, Part.TITLE, span.confidence, lang))
        elif span.start >= head:
            start, end = span.start - head, span.end - head
            in_text.append(tidy(span.kind, article.text, start, end, Part.TEXT, span.confidence, lang))
    sure = [name for name in in_text if name]
    titled = [name for name in in_title if name]
    if _capitalised(article.title):
        known = {word for name in sure for word in (fold(name.text), *fold(name.text).split())}
        titled = [name for name in titled if _known(name, known)]
    return titled + sure


def _known(name: DraftMention, known: set[str]) -> bool:
    """Whether the text has a name of a headline, or its last word, which tells who is meant."""
    words = fold(name.text)
    return words in known or (name.kind is Kind.PERSON and " " in words and words.split()[-1] in known)


def _spans(text: str, recogniser: Recogniser, lang: str) -> Iterator[Span]:
    """The names in a text whose paragraphs are each read in their own language, those of one language together."""
    for start, end, tongue in _tongues(text, lang):
        for span in recogniser.spans(text[start:end], tongue):
            yield replace(span, start=span.start + start, end=span.end + start) if start else span


def _tongues(text: str, lang: str) -> list[tuple[int, int, str]]:
    """[start, end) of runs of paragraphs in one language, and that language."""
    found: list[tuple[int, int, str]] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line) + 1
        tongue = of_paragraph(line, lang) if len(line) > _SHORT else found[-1][2] if found else lang
        if found and found[-1][2] == tongue:
            found[-1] = (found[-1][0], end, tongue)
        else:
            found.append((start, end, tongue))
        start = end
    return found


def _missed(article: Article, known: list[DraftMention], spelled: dict[str, str]) -> Iterator[DraftMention]:
    """Where acronyms stand that the story explains as the name of something that was recognised."""
    if not spelled:
        return
    kinds = {fold(name.text): name.kind for name in known}
    taken = _taken(known)
    for short, long in spelled.items():
        wanted = fold(long)
        kind = kinds.get(fold(short)) or next((k for text, k in kinds.items() if f" {wanted} " in f" {text} "), None)
        if kind is None:
            continue
        for part, text in ((Part.TITLE, article.title), (Part.TEXT, article.text)):
            for match in re.finditer(rf"(?<![\w&.-]){re.escape(short)}(?![\w&]|-\w)", text):
                if (part, match.start()) not in taken and (part, match.end() - 1) not in taken:
                    name = tidy(kind, text, match.start(), match.end(), part, _EXPLAINED)
                    if name:
                        yield name


def _taken(known: Iterable[DraftMention]) -> set[tuple[Part, int]]:
    """Every position that a name covers."""
    return {(name.part, place) for name in known for place in range(name.start, name.end)}


def _countries(article: Article, known: list[DraftMention]) -> Iterator[DraftMention]:
    """Countries that the recogniser passed over. Their names mean nothing else, or all but nothing."""
    parts = ((Part.TITLE, article.title), (Part.TEXT, article.text))
    found = [(part, text, match) for part, text in parts for match in country_names().finditer(text)]
    taken = _taken(known) if found else frozenset()
    for part, text, match in found:
        if (part, match.start()) not in taken and (part, match.end() - 1) not in taken:
            name = tidy(Kind.PLACE, text, match.start(), match.end(), part, _LISTED)
            if name:
                yield name


def _capitalised(title: str) -> bool:
    """Whether a headline capitalises every word, so that capitals say nothing about names."""
    words = [word for word in re.findall(r"[^\W\d_]+", title) if len(word) > 3]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.7 * len(words)


def _dates(article: Article, published: date | None, lang: str) -> Iterable[Mention]:
    for part, text in ((Part.TITLE, article.title), (Part.TEXT, article.text)):
        for found in dates.find(text, published, lang):
            if found.when is not None:
                days = found.value.partition("T")[0]  # facets count days, not mornings
                words = text[found.start : found.end]
                yield Mention(Kind.DATE, words, found.start, found.end, days, part, recogniser=DATES, when=found.when)


def _mention(name: DraftMention, recogniser: str) -> Mention:
    return Mention(
        name.kind, name.text, name.start, name.end, name.canonical, name.part, name.confidence, recogniser, geo=name.geo
    )


def _without_overlaps(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """In order of title and text; of two that overlap the longer stays ("Sunday Times", "Labor Day")."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.part is Part.TEXT, m.start, m.start - m.end, m.kind is Kind.DATE)):
        last = kept[-1] if kept else None
        if last is None or last.part is not mention.part or last.end <= mention.start:
            kept.append(mention)
        elif mention.end - mention.start > last.end - last.start:
            kept[-1] = mention
    return tuple(kept)
