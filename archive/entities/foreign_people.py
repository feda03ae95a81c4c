"""People in an article in another language than English: by their initials, and by how they are addressed.

"В. Путин" and "Carl I. Hagen" are one name each, "la Sra. de Palacio" and "г-н Осборн" are people whatever the network
took them for, and a dash with blanks on both sides stands between two names. "Señora Comisaria" is nobody's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from archive.entities import titles
from archive.entities.decode import TokenSpan
from archive.entities.foreign_cues import Cues
from archive.entities.foreign_neighbours import COMPOUNDS
from archive.entities.known_organisations import LISTED
from archive.entities.tokens import Tokens

_DASHES = frozenset("-–—")
_DIVISIBLE = 3  # words at least of what a dash stands in
_MOST = 3  # words of a name that nothing but a form of address tells
_PARTICLES = frozenset("de del della di da do dos das du des la le von van der den af al ibn".split())


def divided(tokens: Tokens, name: TokenSpan, lang: str) -> Iterator[TokenSpan]:
    """ "Bruco - Alessio Pollioni" as two; "Nord-Ost" is one, and so is "Deutsch - Südamerikanische Bank" in German."""
    words, starts, start = tokens.words, tokens.starts, name.start
    if name.end - start < _DIVISIBLE or (name.type != "PER" and lang in COMPOUNDS):
        yield name
        return
    for at in range(name.start + 1, name.end - 1):
        if words[at] not in _DASHES or at <= start:
            continue
        apart = starts[at] > starts[at - 1] + len(words[at - 1]) and starts[at + 1] > starts[at] + len(words[at])
        if apart and words[at + 1][0].isupper():
            yield replace(name, start=start, end=at)
            start = at + 1
    yield replace(name, start=start)


def with_initials(tokens: Tokens, names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """The names, people's with the initials that the tokeniser takes for the end of a sentence."""
    words, found = tokens.words, list[TokenSpan]()
    for name in names:
        start = name.start
        if name.type != "PER" or words[start - 1] != ".":
            found.append(name)
            continue
        while _is_initial(tokens, start - 2):
            start -= 2
        before = found[-1] if start < name.start and found else None
        if before is not None and before.type == "PER" and start <= before.end <= name.start:
            start = found.pop().start
        free = found[-1].end if found else 0
        found.append(replace(name, start=start) if free <= start < name.start else name)
    return found


def _is_initial(tokens: Tokens, at: int) -> bool:
    """Whether a capital and its full stop stand there."""
    word = tokens.words[at] if at >= 0 else ""
    if len(word) != 1 or not word.isupper() or tokens.words[at + 1] != ".":
        return False
    return tokens.starts[at + 1] == tokens.starts[at] + 1


def addressed(tokens: Tokens, names: Sequence[TokenSpan], lang: str, cues: Cues) -> list[TokenSpan]:
    """The names, and those of whom a form of address says that they are people: "Г-жа Пью", "κ. Τσίπρας"."""
    words, places = tokens.words, list(_addresses(tokens.words, cues))
    at = {index: name for name in names for index in range(name.start, name.end)} if places else {}
    gone, more = set[TokenSpan](), list[TokenSpan]()
    for index, begin in places:
        end = _end(words, begin)
        inside = {at[place] for place in range(index, end) if place in at}
        if end == begin or titles.leading(words[begin:end], lang) or any(name.end > end for name in inside):
            continue
        if any(name.start < index or (name.type == "PER" and name.start >= begin) for name in inside):
            continue
        gone |= inside
        more.append(TokenSpan("PER", begin, end, max([LISTED, *(name.score for name in inside)])))
    return sorted([*(name for name in names if name not in gone), *more], key=lambda name: name.start)


def _addresses(words: Sequence[str], cues: Cues) -> Iterator[tuple[int, int]]:
    """Where each form of address stands, and the word behind it."""
    for index in cues.get("address", ()):
        dot = words[index + 1 : index + 2] == ["."]
        if dot or len(words[index]) > 1:  # "M. Macron", but "100 m Brasse"
            yield index, index + 1 + dot
    for index in cues.get("mister", ()):
        if index > 1 and words[index - 1] == "-" and words[index - 2].lower() == "г":
            yield index - 2, index + 1


def _end(words: Sequence[str], begin: int) -> int:
    """Where the words with capitals end that begin there, small words between them that a name may have."""
    at = end = begin
    while at < len(words) and at - begin < _MOST:
        if words[at][0].isupper() and not words[at].isupper():
            end = at + 1
        elif words[at] not in _PARTICLES:
            break
        at += 1
    return end
