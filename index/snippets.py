"""The stretch of a text that shows best why it matches, with the places to highlight. Pure.

The needles come from the conditions that the engine looked for, and the text is cut by the same analyser, so what is
highlighted is what matched. Highlights are offsets, not markup: a terminal and a page draw them each in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from index import plan
from index.analysis import Finder, Token, distance
from index.fields import Shape, by_name

_READ = 200_000  # characters of a text that are looked through
_LEAD = 90  # characters of its sentence that may stand before the first highlight
_LOOK_BACK = 600  # characters in which the beginning of that sentence is looked for
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+|\n\s*|[。！？]")
_WEIGHED = 500  # highlights that may begin the snippet
_ELLIPSIS = "…"

Needle: TypeAlias = plan.Term | plan.Stem | plan.Prefix | plan.Fuzzy | plan.Phrase | plan.Near


@dataclass(frozen=True, slots=True)
class Snippet:
    """`text` is one line; each of `marks` is [start, end) in it, in order. An ellipsis stands where text is cut off."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


class Needles:
    """What to highlight for a condition, in one text after another: all it asks of texts and names and does not negate.

    The same words asked of two fields are one needle.
    """

    def __init__(self, condition: plan.Condition) -> None:
        self.asked = tuple({_apart_from_field(needle): needle for needle in _needles(condition)}.values())
        self._stems = frozenset(needle.stem for needle in self.asked if isinstance(needle, plan.Stem))
        self._terms = frozenset(term for needle in self.asked for term in _terms(needle))
        self._wide = [needle for needle in self.asked if isinstance(needle, plan.Prefix | plan.Fuzzy)]
        self._finder = Finder(self._wants)

    def mark(self, text: str) -> tuple[Sequence[Token], Mapping[int, set[int]]]:
        """The tokens that needles speak of, and for each place in that list the numbers of the needles found there."""
        cut = self._finder.find(text) if self.asked else []
        marked: dict[int, set[int]] = {}
        for number, needle in enumerate(self.asked):
            for place in _places(cut, needle):
                marked.setdefault(place, set()).add(number)
        return cut, marked

    def _wants(self, term: str, stem: str) -> bool:
        return term in self._terms or stem in self._stems or any(_is(needle, term, stem) for needle in self._wide)


def _terms(needle: Needle) -> tuple[str, ...]:
    match needle:
        case plan.Term(term=term):
            return (term,)
        case plan.Phrase(terms=terms) | plan.Near(terms=terms):
            return terms
        case _:
            return ()


def _needles(condition: plan.Condition) -> Iterator[Needle]:
    match condition:
        case plan.AllOf(parts=parts) | plan.AnyOf(parts=parts):
            for part in parts:
                yield from _needles(part)
        case plan.Term() | plan.Stem() | plan.Prefix() | plan.Fuzzy() | plan.Phrase() | plan.Near():
            if by_name()[condition.field].shape in (Shape.TEXT, Shape.NAME):
                yield condition
        case _:
            pass


def snippet(text: str, wanted: Needles, width: int) -> Snippet:
    """About `width` characters of `text` with as many of the needles as can be, opening at their sentence."""
    text = text[:_READ]
    cut, marked = wanted.mark(text)
    first = _best(cut, marked, max(width - _LEAD // 2, width // 2))
    start, opening = _opening(text, cut[first].start) if marked else (0, "")
    end = _ending(text, start + width, cut[first].end if marked else 0)
    closing = _ELLIPSIS if text[end:].strip() else ""
    shift = len(opening) - start
    seen = [cut[place] for place in sorted(marked) if start <= cut[place].start < end]
    marks = _merged((token.start + shift, min(token.end, end) + shift) for token in seen)
    shown = re.sub(r"\s", " ", text[start:end])
    return Snippet(f"{opening}{shown}{closing}", marks)


def highlights(text: str, wanted: Needles) -> tuple[tuple[int, int], ...]:
    """Where the needles are in a short text that is shown whole."""
    cut, marked = wanted.mark(text)
    return _merged((cut[place].start, cut[place].end) for place in sorted(marked))


def _merged(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """`marks` without overlap; in scripts without spaces the tokens run into each other."""
    kept: list[tuple[int, int]] = []
    for start, end in marks:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return tuple(kept)


def _apart_from_field(needle: Needle) -> tuple[object, ...]:
    match needle:
        case plan.Term(term=asked) | plan.Prefix(prefix=asked) | plan.Stem(stem=asked):
            return type(needle), asked
        case plan.Fuzzy(term=asked, edits=number) | plan.Near(terms=asked, window=number):
            return type(needle), asked, number
        case plan.Phrase(terms=asked):
            return plan.Phrase, asked


def _places(cut: Sequence[Token], needle: Needle) -> Iterator[int]:
    mine = [place for place, token in enumerate(cut) if _is(needle, token.term, token.stem)]
    match needle:
        case plan.Phrase(terms=terms):
            for place in mine:
                run = cut[place : place + len(terms)]
                together = run[-1].position - run[0].position == len(terms) - 1
                if together and tuple(token.term for token in run) == terms:
                    yield from range(place, place + len(terms))
        case plan.Near(terms=terms, window=window):
            yield from _near(mine, cut, terms, window)
        case _:
            yield from mine


def _is(needle: Needle, term: str, stem: str) -> bool:
    """Whether `needle` asks for this token, alone or among others."""
    match needle:
        case plan.Term(term=wanted):
            return term == wanted
        case plan.Stem(stem=wanted):
            return stem == wanted
        case plan.Prefix(prefix=wanted):
            return term.startswith(wanted)
        case plan.Fuzzy(term=wanted, edits=edits):
            return term[:1] == wanted[:1] and distance(term, wanted) <= edits
        case plan.Phrase(terms=terms) | plan.Near(terms=terms):
            return term in terms


def _near(places: Sequence[int], cut: Sequence[Token], terms: Sequence[str], window: int) -> Iterator[int]:
    """Those of `places` that lie in a stretch of window + 1 tokens with every term in it."""
    for number, first in enumerate(places):
        reach = cut[first].position + window
        close = [place for place in places[number : number + window + 1] if cut[place].position <= reach]
        if len({cut[place].term for place in close}) == len(terms):
            yield from close


def _best(cut: Sequence[Token], marked: Mapping[int, set[int]], width: int) -> int:
    """The marked place from which `width` characters hold most different needles, then most marks; the earliest."""
    places = sorted(marked)[:_WEIGHED]
    best, best_value = 0, (0, 0)
    for number, first in enumerate(places):
        reach = cut[first].start + width
        inside = [place for place in places[number : number + width] if cut[place].end <= reach]
        value = (len(set().union(*(marked[place] for place in inside))), min(len(inside), 9))
        if value > best_value:
            best, best_value = first, value
    return best


def _opening(text: str, mark: int) -> tuple[int, str]:
    """Where to begin so that `mark` is seen early: its sentence, or a word on the way to it after an ellipsis."""
    back = max(0, mark - _LOOK_BACK)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, back, mark)]
    start = ends[-1] if ends else back
    if mark - start <= _LEAD:
        return start, ""
    space = text.find(" ", mark - _LEAD, mark)
    return (space + 1 if space >= 0 else mark), _ELLIPSIS


def _ending(text: str, aim: int, least: int) -> int:
    """The end of the last whole word before `aim`, but not before `least`."""
    if aim >= len(text):
        return len(text.rstrip())
    space = max(text.rfind(" ", least, aim), text.rfind("\n", least, aim))
    return max(len(text[:space].rstrip()) if space > 0 else aim, least)
