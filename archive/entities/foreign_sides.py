"""Clubs that a sports story in another language than English calls by their towns: "gegen Elversberg", "Lens a battu".

A story is one of sports where it has a result and two words of sports. There a town is a club that is played against,
that wins or loses, or that the story calls by more words, too ("VfL Bochum"); and so is that town wherever the story
has it without a word that makes a place of it, and any town without such a word near two words of sports: "devant Pau".
Countries stay places. The words are those of data/names_words.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from archive.entities.decode import TokenSpan
from archive.entities.foreign import countries
from archive.entities.foreign_cues import Cues
from archive.entities.languages import listed_as
from archive.entities.name_words import words_of

_ENOUGH = 2  # words of sports
_RESULT = re.compile(r"\d{1,3}:\d{1,3}")
_DIGITS = re.compile(r"\d{1,3}")
_DASHES = frozenset("-–")
_CLUB = re.compile(r"[A-ZÀ-Þ]\w{0,2}[A-Z]|[A-Z]{2,4}|1")  # "VfL", "FC", "1 . FC"
_AND = 2  # words between two towns of one row: "Paderborn und Hannover"
_NEAR = 40  # words around a town in which two words of sports stand
_FAR = 2  # words between a town and its verb: "Bochum hat gewonnen"


def sides(words: Sequence[str], names: Sequence[TokenSpan], lang: str, cues: Cues) -> list[TokenSpan]:
    """The names of an article, with the clubs of a sports story as organisations."""
    sport = [(at, words[at].lower()) for at in cues.get("sport", ())]
    if len({low for _, low in sport}) < _ENOUGH or not _has_result(words):
        return list(names)
    code = listed_as(lang)
    near = _near(sport) if words_of("where", code) else frozenset()
    towns = [name for name in names if _is_town(words, name, lang)]
    full = [words[name.start : name.end] for name in names if name.type == "ORG" and name.end - name.start > 1]
    called = {run[-1] for run in full if _CLUB.fullmatch(run[0])}
    called |= {words[name.end - 1] for name in towns if _plays(words, name, code)}
    found, free = list[TokenSpan](), 0
    for name in names:
        club = name in towns and (words[name.end - 1] in called or name.start in near)
        joined = club or (found and found[-1].type == "ORG" and name in towns and _follows(words, free, name, code))
        found.append(replace(name, type="ORG") if joined and not _is_where(words, name, code) else name)
        free = name.end
    return found


def _near(sport: Sequence[tuple[int, str]]) -> frozenset[int]:
    """Where two words of sports are near; each with its place."""
    found = set[int]()
    for (first, one), (last, other) in pairwise(sport):
        if one != other and last - first <= _NEAR:
            found.update(range(last - _NEAR, first + _NEAR))
    return frozenset(found)


def _has_result(words: Sequence[str]) -> bool:
    if any(_RESULT.fullmatch(word) for word in words):
        return True
    dashes = (at for at, word in enumerate(words) if word in _DASHES and 0 < at < len(words) - 1)
    return any(_DIGITS.fullmatch(words[at - 1]) and _DIGITS.fullmatch(words[at + 1]) for at in dashes)


def _is_town(words: Sequence[str], name: TokenSpan, lang: str) -> bool:
    run = words[name.start : name.end]
    return name.type == "LOC" and len(run) <= _FAR and " ".join(run) not in countries(lang) and not run[0].isupper()


def _plays(words: Sequence[str], name: TokenSpan, code: str) -> bool:
    if _is_where(words, name, code):
        return False
    if name.start and words[name.start - 1].lower() in words_of("against", code):
        return True
    return not words_of("plays", code).isdisjoint(words[name.end : name.end + _FAR])


def _is_where(words: Sequence[str], name: TokenSpan, code: str) -> bool:
    return bool(name.start) and words[name.start - 1].lower() in words_of("where", code)


def _follows(words: Sequence[str], end: int, name: TokenSpan, code: str) -> bool:
    """Whether a town stands in a row with the club before it."""
    between = words[end : name.start]
    return 0 < len(between) < _AND and all(word == "," or word in words_of("and", code) for word in between)
