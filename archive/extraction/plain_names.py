"""Authors whom nothing marks as such: a name on a line of its own below the headline or below the story, one in small
letters behind "by", who is said to be a writer at the end. Pure.

Each must begin with a known first name, and be a name that the story does not speak of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from archive.extraction import byline_words as tables
from archive.extraction.capitals import as_names_are
from archive.extraction.facts import inner_text, label_of, pieces_of
from archive.extraction.people import distinct, is_interface, is_person, letters, names_in, readable

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SEVERAL = re.compile(r"\s*[,&]\s*|\s+(?:and|und|et|y|e|og|och|en)\s+")
_WORD = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[.'’-][^\W\d_]+)*\.?")
_SMALL_WORDS = frozenset(
    "a all an any as at be but can do for from has have her his how if in into is it its just most my new no not now of"
    " off on one or our out own per sea she so some such than that the their them then they this to two up use way we"
    " what when who will with you your years year day time land".split()
)
_FEW, _MANY = 2, 4  # words of a name
_LINE = 120  # characters of what holds the line of a name
_LINES = 4  # … and its lines
_PARAGRAPH = 60  # characters of a paragraph
_NO_LINE = re.compile(r"caption|credit|photo|image|\btag|categor|section|kicker|place|location", re.IGNORECASE)
_LAST = 4  # paragraphs of a story's end
_BIO, _NEAR = 400, 60  # characters of what is said of a writer, and from the name to the office
_WRITES = re.compile(r"((?:[A-ZÀ-Þ][\w.'’-]*\s){1,3}[A-ZÀ-Þ][\w'’-]+),?\s(?:is|ist|est|es|è|é)\s")
_HEADINGS = frozenset("h1 h2 h3 figcaption caption label option button th dt dd".split())


def in_small_letters(text: str, langs: tuple[str, ...]) -> tuple[str, ...]:
    """The persons of "by ann reed and bo de vries", written as names are; () for words that are none."""
    line = text.strip().strip(".|·•– -")
    found = tables.BY.match(line)
    parts = [part for part in _SEVERAL.split(line[found.end() :] if found else line) if part]
    if not line.islower() or not parts or not all(map(_can_be_small, parts)):
        return ()
    return distinct(as_names_are(part.upper(), langs, "") for part in parts)


def _can_be_small(part: str) -> bool:
    from archive.entities.gazetteer import is_first_name  # takes a while, and few lines come so far

    words = part.split()
    return (
        _FEW <= len(words) <= _MANY
        and all(map(_WORD.fullmatch, words))
        and _SMALL_WORDS.isdisjoint(words)
        and words[-1] not in tables.PARTICLES
        and len(words[-1].rstrip(".")) > 1
        and not is_interface(part)
        and not tables.ROLE.search(part)
        and tables.BODIES.isdisjoint(words)
        and is_first_name(words[0])
    )


def alone(elements: Iterable[HtmlElement], tree: HtmlElement, langs: tuple[str, ...]) -> tuple[str, ...]:
    """The persons whom the first line of names and nothing else names, before the second paragraph of `elements`, which
    stand behind the headline. Whom the page speaks of elsewhere is no author, but who is told of.
    """
    read = 0
    for element in elements:
        own = inner_text(element)
        if element.tag == "p" and len(own) > _PARAGRAPH:
            read += 1
            if read > 1:
                return ()
        if len(own) > _LINE or element.tag in _HEADINGS or _NO_LINE.search(label_of(element)) or _is_linked(element):
            continue
        lines = list(_lines(element)) if own else []
        names = _people(lines[0], langs) if 0 < len(lines) <= _LINES else ()
        if names:
            return names if _unmentioned(names, tree, 1) else ()
    return ()


def below(paragraphs: Sequence[HtmlElement], tree: HtmlElement, langs: tuple[str, ...]) -> tuple[str, ...]:
    """Whom the end of the story names, in its last `paragraphs`: as its writer ("Ann Reed is a reporter at The Quay."),
    or by a name and nothing else."""
    for element in reversed(paragraphs[-_LAST:]):
        text = inner_text(element)
        said = _WRITES.match(text) if len(text) <= _BIO else None
        line = said[1] if said is not None and tables.ROLE.search(text[said.end() :][:_NEAR]) else text
        names = _people(line, langs) if len(line) <= _LINE and not (line is text and _is_linked(element)) else ()
        if names:
            return names if _unmentioned(names, tree, int(line is text)) else ()
        if len(text) > _BIO:
            return ()
    return ()


def _unmentioned(names: tuple[str, ...], tree: HtmlElement, times: int) -> bool:
    """Whether a page has each name just so many times, but for what it says of them as its writers."""
    whole = " ".join(" ".join(pieces_of(tree)).split())
    bare = _WRITES.sub(lambda said: " " if tables.ROLE.search(whole[said.end() :][:_NEAR]) else said[0], whole)
    return all(bare.casefold().count(name.casefold()) == times for name in names)


def _is_linked(element: HtmlElement) -> bool:
    """Whether something in it leads to a page: of a person, a section, another story."""
    return any(not (anchor.get("href") or "").startswith("mailto:") for anchor in element.iter("a"))


def _lines(element: HtmlElement) -> Iterator[str]:
    """The lines of a small element."""
    return (" ".join(piece.split()) for piece in islice(pieces_of(element), 2 * _LINES) if piece.strip(" ,|·•–-"))


def _people(line: str, langs: tuple[str, ...]) -> tuple[str, ...]:
    """Those whom a line consists of."""
    from archive.entities.gazetteer import is_first_name
    from archive.entities.places import load

    names = names_in(readable(line, langs), langs=langs) if line[:1].isupper() else []
    if not names or letters("".join(names)) != letters(_SEVERAL.sub("", line)) or not all(map(is_person, names)):
        return ()
    known = all(len(name.split()) <= _MANY and is_first_name(name.split()[0]) for name in names)
    return distinct(names) if known and not any(load().find(name.title()) for name in names) else ()
