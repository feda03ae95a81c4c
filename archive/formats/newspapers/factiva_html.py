"""Factiva, HTML: a table of codes and their values for each paper, or as it is displayed, told by classes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.formats.item import Item, Reject
from archive.formats.markup import Tag, tags
from archive.formats.newspapers.factiva import paper_of
from archive.formats.newspapers.paper import day_in, language_named
from archive.formats.opening import ImportFile

_CODE = re.compile(r"[A-Z]{2,3}")
_ARTICLE = re.compile(r"""class=["']?article \w{2,4}Article\b""")
_PLACE = re.compile(r"""class=["']?(?:[\w ]{0,80} )?\w{0,4}?(headline|articleparagraph|author)\b""", re.IGNORECASE)
_PLACES = {"headline": "HD", "articleparagraph": "TD", "author": "BY"}
_DOCUMENT = re.compile(r"Document (\S{6,60})")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?: [AP]M)?(?: \w{3,4})?")
_LONGEST_DAY = 60


def read(source: ImportFile) -> Iterator[Item | Reject]:
    """The papers of an export."""
    for line, article in _articles(source):
        yield paper_of(source, line, article)


def _articles(source: ImportFile) -> Iterator[tuple[int, dict[str, str]]]:
    """The values of each article by their codes; an article begins with its headline."""
    article = _Factiva(1)
    for tag in tags(source.blocks()):
        if article.ends_before(tag):
            yield article.line, article.values()
            article = _Factiva(tag.line)
        article.take(tag)
    if article.coded or article.shown:
        yield article.line, article.values()


class _Factiva:
    """One article: as a table of codes ("Article Format/Indexing"), or as it is displayed, told by class names."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.coded: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        self._code = ""
        self._place = ""  # what the text of a displayed article belongs to
        self._facts: list[str] = []  # its lines between headline and text

    def ends_before(self, tag: Tag) -> bool:
        """Whether another article begins with `tag`."""
        if tag.name == "div" and _ARTICLE.search(tag.attributes):
            return bool(self.coded or self.shown)
        return tag.name == "b" and tag.text.strip() in ("HD", "SE") and ("LP" in self.coded or "TD" in self.coded)

    def take(self, tag: Tag) -> None:
        """What a tag and the text behind it say."""
        text = " ".join(tag.text.split())
        if tag.name == "b" and _CODE.fullmatch(text):
            self._code = text
            return
        if self._code and text:
            self.coded[self._code] = _joined(self.coded.get(self._code, ""), tag, text)
        if tag.name == "/tr":
            self._code = ""
        self._show(tag, text)

    def _show(self, tag: Tag, text: str) -> None:
        if tag.name in ("p", "div", "span", "/p", "/div"):
            found = _PLACE.search(tag.attributes)
            begins = tag.name in ("p", "div", "span")
            inside = begins and self._place in ("HD", "BY")  # <div id="hd"><span class="enHeadline">
            self._place = _PLACES.get(found[1].lower(), "") if found else self._place if inside else ""
        if not text:
            return
        if document := _DOCUMENT.fullmatch(text):
            self.shown["AN"] = document[1]
        elif self._place:
            self.shown[self._place] = _joined(self.shown.get(self._place, ""), tag, text)
        elif "HD" in self.shown and "TD" not in self.shown:
            self._facts.append(text)

    def values(self) -> dict[str, str]:
        """The values by their codes, whichever way the article says them."""
        if "LP" in self.coded or "TD" in self.coded or not self.shown:
            return self.coded
        for at, fact in enumerate(self._facts):
            if len(fact) < _LONGEST_DAY and day_in(fact):
                rest = [one for one in self._facts[at + 1 :] if not _CLOCK.fullmatch(one)]
                return {
                    "PD": fact,
                    "SN": rest[0] if rest else "",
                    "LA": next(filter(language_named, rest), ""),
                    **self.shown,
                }
        return self.shown


def _joined(before: str, tag: Tag, text: str) -> str:
    if not before:
        return text
    return f"{before}\n\n{text}" if tag.name in ("p", "/p", "br", "div", "td") else f"{before} {text}"
