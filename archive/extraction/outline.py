"""Where things stand on a page: its headline, what lies near it, and what is furniture around the story. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cached_property
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from archive.extraction.facts import Facts, inner_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BEFORE, _AFTER = 60, 200  # elements that count as near the headline: about a kicker, and a header with share buttons
_LONGEST = 400  # characters of a headline
_NUMBERS = re.compile(r"\b(?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|1[0-2])[/.-]\d{2,4}\b")  # either may be the month
_LINE = 60  # characters of text that is no sentence
_FURNITURE_TAGS = frozenset(
    "nav footer aside form button select dialog template noscript script style svg figure".split()
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|main-?menu|menu|(?:site|page|global|main)[_-]?footer|sidebar|aside"
    r"|comments?|commentlist|kommentare?|respond|related|recommend\w*"
    r"|similar|newsletter|subscri\w+|breadcrumbs?|cookies?|consent|gdpr|login|popular|trending|most-?read|widget"
    r"|promo|modal|popup"
    r"|teasers?|read-?more|read-?next|see-?also|advert\w*|carousel|slider|ticker|hidden|visually-hidden|toolbar"
    r"|offcanvas)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHARED = 0.5  # of the words of a heading: those of the title
_MOST = 10  # headings that are compared with the title
_HEADINGS = ("h1", "h2", "h3")
_SET_OFF = ("b", "strong", "font", "big", "span", "p", "div", "td", "h4", "h5")  # as old pages set a headline
_SURE = 15  # letters of a headline that nothing else says by chance


class Outline:
    """One page, looked at from its headline."""

    def __init__(self, facts: Facts, title: str) -> None:
        self.heading = _heading(facts, title)
        centre = self.heading if self.heading is not None else _longest_paragraph(facts)
        self.kin = frozenset(() if centre is None else (centre, *centre.iterancestors()))
        self._aside: dict[HtmlElement, bool] = {}
        self._tree = facts.tree

    @cached_property
    def _elements(self) -> list[HtmlElement]:
        return _tagged(self._tree)

    @cached_property
    def near(self) -> tuple[HtmlElement, ...]:
        """Elements shortly after and before the headline, the nearest first, furniture left out."""
        if self.heading is None:
            return ()
        inside = set(self.heading.iter())
        at, end = self._place
        places = range(max(0, at - _BEFORE), min(len(self._elements), end + _AFTER))
        ordered = sorted(places, key=lambda place: place - end if place >= end else at - place)
        elements = (self._elements[place] for place in ordered)
        return tuple(one for one in elements if one not in inside and one not in self.kin and not self.is_aside(one))

    @property
    def behind(self) -> tuple[HtmlElement, ...]:
        """Of those near the headline the ones behind it, as they stand in the page."""
        end = self._place[1]
        near = self._elements[end : end + _AFTER] if self.heading is not None else []
        return tuple(one for one in near if not self.is_aside(one))

    @cached_property
    def _place(self) -> tuple[int, int]:
        """Where the headline begins and ends among all elements."""
        if self.heading is None:
            return 0, 0
        at = self._elements.index(self.heading)
        return at, at + sum(1 for _ in self.heading.iter())

    def all(self) -> Iterator[HtmlElement]:
        """Every element that is no furniture, the headline's own ancestors left out."""
        yield from (element for element in self._elements if element not in self.kin and not self.is_aside(element))

    def skeleton(self) -> HtmlElement:
        """A copy of the page without furniture, running text, and numbers such as 1/5/2025 that may be two days."""
        copy = deepcopy(self._elements[0])
        for element, twin in zip(self._elements, _tagged(copy), strict=True):
            text = f"{element.text or ''} {element.tail or ''}"
            if self.is_aside(element) or len(text) > _LINE or _NUMBERS.search(text):
                twin.text = twin.tail = None
                for name in ("datetime", "title", "content"):
                    twin.attrib.pop(name, None)
        return copy

    def is_aside(self, element: HtmlElement) -> bool:
        """Whether an element is furniture or stands in some; what holds the headline never is."""
        path = []
        node = element
        while node is not None and node not in self.kin and node not in self._aside:
            path.append(node)
            node = node.getparent()
        found = self._aside.get(node, False) if node is not None else False
        for inner in reversed(path):
            found = found or _is_furniture(inner)
            self._aside[inner] = found
        return found


def _tagged(tree: HtmlElement) -> list[HtmlElement]:
    return [element for element in tree.iter() if isinstance(element.tag, str)]


def _is_furniture(element: HtmlElement) -> bool:
    if element.tag == "footer" and any(outer.tag in ("article", "main") for outer in element.iterancestors()):
        return False  # of the article: "Posted on …"
    if element.tag in _FURNITURE_TAGS:
        return True
    label = f"{element.get('class') or ''} {element.get('id') or ''}"
    if label != " " and _FURNITURE.search(label):
        return True
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _heading(facts: Facts, title: str) -> HtmlElement | None:
    """What says the title: a heading, or an element that is only made to look like one; else the longest h1; else the
    heading with most words of the title."""
    wanted = _letters(title)
    if wanted:
        for element in (*facts.tree.iter(*_HEADINGS), *_looking_like(facts, wanted)):
            text = inner_text(element)
            if len(text) <= _LONGEST and _letters(text) == wanted:
                return element
    if facts.headings:
        return max(facts.headings, key=lambda element: len(inner_text(element)))
    words = _words(title)
    shared = [
        (len(words & (own := _words(inner_text(element)))) / max(len(own), 3), element) for element in _first(facts)
    ]
    share, heading = max(shared, key=itemgetter(0), default=(0.0, None))
    return heading if share >= _SHARED else None


def _looking_like(facts: Facts, wanted: str) -> Iterator[HtmlElement]:
    """Elements whose text begins as a headline of some length does."""
    if len(wanted) < _SURE:
        return
    for element in facts.tree.iter(*_SET_OFF):
        begins = _letters((element.text or "")[:_LONGEST])
        if begins and wanted.startswith(begins):
            yield element


def _first(facts: Facts) -> Iterator[HtmlElement]:
    return islice(facts.tree.iter("h2", "h3"), _MOST)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 2 or not word.isascii()}


def _longest_paragraph(facts: Facts) -> HtmlElement | None:
    return max(facts.tree.iter("p"), key=lambda element: len(element.text or ""), default=None)


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text.casefold())
