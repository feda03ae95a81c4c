"""The stretch of a text that shows best why it matches, with the places to highlight. Pure.

The needles come from the conditions that the engine looked for, and the text is cut by the same analyser, so what is
highlighted is what matched; names that matched by another form of theirs are given as spans (naming.py). Highlights are
offsets, not markup: a terminal and a page draw them each in its own way.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from archive import frozen
from index import plan
from index.analysis import Token, tokens
from index.fields import Shape, by_name, stemmed
from index.patterns import later
from index.spotting import Spotter
from index.stemming import beginnings, key, speech, speech_of

_READ = 200_000  # characters of a text that are looked through
_LEAD = 90  # characters of its sentence that may stand before the first highlight
_LOOK_BACK = 600  # characters in which the beginning of that sentence is looked for
_CLOSING = r"[\"'”’»)\]]*"
# Not after an initial or a title: "J. Edgar", "the U.S. Senate", "Mr. Strake".
_SENTENCE_END = later(
    rf"(?:[!?…]|(?<!\b\w)(?<!\b[DMS]r)(?<!\b(?:Mrs|Sen|Rep|Gov|Gen|Sgt|Rev))(?<!\bSt)\.){_CLOSING}\s+|\n\s*|[。！？]"
)
_ENDED = later(rf"[.!?…:;,。！？]{_CLOSING}\Z")  # what comes next needs no dash
_BREAK = later(r"\s{2,}|[^\S ]")  # all but one blank
_DASH = " — "
_WEIGHED = 500  # highlights that may begin the snippet
_ELLIPSIS = "…"
_LONGEST = 32  # code points that one visible character may have

Span: TypeAlias = tuple[int, int]  # from, to
Needle: TypeAlias = plan.Term | plan.Stem | plan.Prefix | plan.Fuzzy | plan.Phrase | plan.Near


@frozen
class Snippet:
    """`text` is one line; each of `marks` is [start, end) in it, in order. An ellipsis stands where text is cut off.

    `removed`: a later version of the article no longer has these words. `image`: they are the caption of the image with
    this address.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    removed: bool = False
    image: str = ""


class Needles:
    """What to highlight for a condition, in one text after another: all it asks of texts and names and does not negate.

    The same words asked of two fields are one needle. Forms of words are those of English; see `of`.
    """

    def __init__(self, condition: plan.Condition, choices: Iterable[plan.Choice] = (), spoken: str = "") -> None:
        """`spoken`: the speech of the texts (see stemming.py)."""
        self._given, self._spoken = (condition, tuple(choices)), spoken
        self._others: dict[str, Needles] = {spoken: self}
        self.asked = tuple({_apart_from_field(needle): needle for needle in _needles(condition)}.values())
        self.of_names = tuple(needle for needle in _needles(condition) if by_name()[needle.field].shape is Shape.NAME)
        self.of_removed = any(needle.field == "removed" for needle in _needles(condition))
        self.of_captions = any(needle.field == "caption" for needle in _needles(condition))
        chosen = [choice.of for choice in self._given[1] if not choice.excluded]
        self.chosen = frozenset((one.field, value) for one in chosen for value in one.values)
        self.speaks_of_names = bool(self.of_names) or any(
            by_name()[name].shape is Shape.NAME for name, _ in self.chosen
        )
        self._stems = frozenset(each for needle in self.asked if isinstance(needle, plan.Stem) for each in needle.keys)
        self._terms = frozenset(term for needle in self.asked for term in _terms(needle))
        self._wide = [needle for needle in self.asked if isinstance(needle, plan.Prefix | plan.Fuzzy)]
        starts = [start for needle in self.asked for start in _starts(needle, spoken)]
        exact = any(isinstance(each, plan.Near) for each in self.asked)
        self._spotter = Spotter(starts, self._wants, exact=exact, speech=spoken)

    def of(self, lang: str) -> Needles:
        """The same for texts in a language."""
        spoken = speech(lang)
        if spoken not in self._others:
            self._others[spoken] = Needles(*self._given, spoken)
        return self._others[spoken]

    def mark(self, text: str) -> tuple[Sequence[Token], Mapping[int, set[int]]]:
        """The tokens that needles speak of, and for each place in that list the numbers of the needles found there."""
        cut = self._spotter.find(text) if self.asked else []
        marked: dict[int, set[int]] = {}
        for number, needle in enumerate(self.asked):
            for place in _places(cut, needle):
                marked.setdefault(place, set()).add(number)
        return cut, marked

    def are_in(self, texts: Iterable[str]) -> bool:
        """Whether each of them is in one of these texts."""
        missing = set(range(len(self.asked)))
        for text in texts:
            missing.difference_update(*self.mark(text)[1].values())
        return not missing

    def in_names(self, field: str, names: Iterable[str]) -> bool:
        """Whether a name field is asked for something that one of `names` has in it."""
        asked = [needle for needle in self.of_names if needle.field == field]
        spoken = self._spoken if field in stemmed() else ""
        return bool(asked) and any(
            any(True for _ in _places(_name_cut(name, spoken), needle)) for name in names for needle in asked
        )

    def _wants(self, term: str, stem: str) -> bool:
        return term in self._terms or stem in self._stems or any(_is(needle, term, stem) for needle in self._wide)


@lru_cache(maxsize=10_000)  # the same people are named on every hit of a page, and on those of the next one
def _name_cut(name: str, spoken: str) -> tuple[Token, ...]:
    found = tokens(name)
    return tuple(token._replace(stem=key(token.term, spoken)) for token in found) if spoken else tuple(found)


def _terms(needle: Needle) -> tuple[str, ...]:
    match needle:
        case plan.Term(term=term):
            return (term,)
        case plan.Phrase(terms=terms) | plan.Near(terms=terms):
            return terms
        case _:
            return ()


def _starts(needle: Needle, spoken: str) -> Iterator[str]:
    """How the words begin that a needle may stand for in such a text."""
    match needle:
        case plan.Stem():
            yield from (start for each in needle.keys if speech_of(each) == spoken for start in beginnings(each))
        case plan.Prefix(prefix=prefix):
            yield prefix[:2]
        case plan.Fuzzy(term=term):
            yield term[:1]
        case _:
            yield from (term[:2] for term in _terms(needle))


def _needles(condition: plan.Condition) -> Iterator[Needle]:
    match condition:
        case plan.AllOf(parts=parts) | plan.AnyOf(parts=parts) | plan.Combined(parts=parts):
            for part in parts:
                yield from _needles(part)
        case plan.Term() | plan.Stem() | plan.Prefix() | plan.Fuzzy() | plan.Phrase() | plan.Near():
            if by_name()[condition.field].shape in (Shape.TEXT, Shape.NAME):
                yield condition
        case _:
            pass


def snippet(text: str, wanted: Needles, width: int, spans: Sequence[Span] = ()) -> Snippet:
    """About `width` characters of `text` with as many of the needles as can be, opening at their sentence.

    `spans` are highlighted as well, each like one more needle. A line that ends without a full stop, as headings do, is
    set apart from the next one by a dash.
    """
    text = text[:_READ]
    cut, marked = _with_spans(*wanted.mark(text), [span for span in spans if span[1] <= len(text)])
    first = _best(cut, marked, max(width - _LEAD // 2, width // 2))
    start, opening = _opening(text, cut[first].start) if marked else (len(text) - len(text.lstrip()), "")
    end = _ending(text, start, width, cut[first].end if marked else 0)
    closing = _ELLIPSIS if text[end:].strip() else ""
    seen = [cut[place] for place in sorted(marked) if start <= cut[place].start < end]
    marks = merged(sorted((token.start - start, min(token.end, end) - start) for token in seen))
    return _one_line(opening, text[start:end], closing, marks)


def _with_spans(
    cut: Sequence[Token], marked: Mapping[int, set[int]], spans: Sequence[Span]
) -> tuple[Sequence[Token], Mapping[int, set[int]]]:
    """The tokens and their needles with those spans added in which there is none."""
    starts = sorted(cut[place].start for place in marked)
    more = [span for span in spans if bisect_left(starts, span[0]) == bisect_left(starts, span[1])]
    if not more:
        return cut, marked
    pairs = [(token, marked.get(place, set())) for place, token in enumerate(cut)]
    pairs += [(Token("", "", -1, start, end), {-1}) for start, end in more]
    pairs.sort(key=lambda pair: pair[0].start)
    return [token for token, _ in pairs], {place: found for place, (_, found) in enumerate(pairs) if found}


def _one_line(opening: str, text: str, closing: str, marks: Sequence[Span]) -> Snippet:
    """`text` with its breaks made one blank, or a dash, each; and the marks moved along."""
    shown: list[str] = [opening]
    places: list[tuple[int, int]] = [(0, len(opening))]  # from this offset in `text` on, marks move by that much
    done, length = 0, len(opening)
    for found in _BREAK.finditer(text):
        word = text[done : found.start()]
        joint = _DASH if "\n" in found.group() and word and not _ENDED.search(word) else " "
        shown += [word, joint]
        length += len(word) + len(joint)
        done = found.end()
        places.append((done, length - done))
    shown += [text[done:], closing]

    def moved(offset: int) -> int:
        return offset + places[bisect_right(places, (offset, len(text) + length)) - 1][1]

    return Snippet("".join(shown), tuple((moved(start), moved(end - 1) + 1) for start, end in marks))


def highlights(text: str, wanted: Needles) -> tuple[tuple[int, int], ...]:
    """Where the needles are in a short text that is shown whole."""
    cut, marked = wanted.mark(text)
    return merged((cut[place].start, cut[place].end) for place in sorted(marked))


def merged(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """`marks`, which are in order, without overlap; in scripts without spaces the tokens run into each other."""
    kept: list[tuple[int, int]] = []
    for start, end in marks:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return tuple(kept)


def _apart_from_field(needle: Needle) -> tuple[object, ...]:
    match needle:
        case plan.Stem():
            return plan.Stem, needle.keys
        case plan.Term(term=asked) | plan.Prefix(prefix=asked):
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
        case plan.Stem():
            return stem in needle.keys
        case plan.Prefix(prefix=wanted):
            return term.startswith(wanted)
        case plan.Fuzzy(term=wanted, edits=edits):
            from index.edits import distance

            near = term[:1] == wanted[:1] and abs(len(term) - len(wanted)) <= edits
            return near and distance(term, wanted) <= edits
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


def _ending(text: str, start: int, width: int, least: int) -> int:
    """The end of the last whole word before `start + width`, but not before `least` unless that is far behind."""
    aim = start + width
    if aim >= len(text):
        return len(text.rstrip())
    least = min(least, start + 2 * width)
    space = max(text.rfind(" ", least, aim), text.rfind("\n", least, aim))
    return _between_characters(text, max(len(text[:space].rstrip()) if space > 0 else aim, least), start + 1)


def _between_characters(text: str, end: int, least: int) -> int:
    """`end`, or where the character that people see there begins: marks and joined emoji are not cut off their base."""
    for place in range(end, max(least, end - _LONGEST), -1):
        if place == len(text) or not (_continues(text[place]) or text[place - 1] == "\u200d"):
            return place
    return end


def _continues(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" or char in "\u200c\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff"
