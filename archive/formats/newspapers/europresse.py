"""Europresse, HTML: an <article> for each paper, whose parts are told by the classes of their elements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.formats.item import Item, Reject
from archive.formats.markup import Tag, attributes, tags
from archive.formats.newspapers.documents import INLINE
from archive.formats.newspapers.paper import Paper, day_in, item_of, joined
from archive.formats.opening import ImportFile

_ROLES = {
    "docpublicationname": "site", "rdp__docpublicationname": "site", "docheader": "header",
    "doctitresoussection": "section", "titrearticlevisu": "title", "rdp__articletitle": "title",
    "rdp__subtitle": "text", "sm-margin-bottomnews": "byline", "docauthors": "byline", "dococurrcontainer": "text",
    "doctext": "text", "public-lblnodoc": "number", "apd-wrapper": "",
}  # fmt: skip
_VOID = frozenset("br hr img input meta link source wbr col area base embed param track".split())
_HIDDEN = frozenset(("script", "style", "aside"))
_NUMBER = re.compile(r"\w{3,12}·\d{8}·[\w·.-]+")
_ISSUE = re.compile(r",? (?=(?:no|n°|nº|num|vol)\.? ?\d)", re.IGNORECASE)
_PAGE = re.compile(r"\b(?:p|pp|page|pages)\. ?(.{1,30})", re.IGNORECASE)
_DEEPEST = 500
_CUT_OFF = "its end is missing: what there is of it was taken in"


def read(source: ImportFile) -> Iterator[Item | Reject]:
    """The papers of an export."""
    article: _Article | None = None
    for tag in tags(source.blocks()):
        if tag.name == "article":
            if article:
                yield article.item(source, is_whole=False)
            article = _Article(tag.line)
        elif tag.name == "/article" and article:
            yield article.item(source, is_whole=True)
            article = None
        elif article:
            article.take(tag)
    if article:
        yield article.item(source, is_whole=False)


class _Article:
    """One paper: the words of each role, and which elements are open."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._open: list[tuple[str, str]] = []  # names, and the role of what is within
        self._said: dict[str, list[str]] = {}

    def take(self, tag: Tag) -> None:
        """A tag and the text behind it."""
        role = self._open[-1][1] if self._open else ""
        if tag.name.startswith("/"):
            self._close(tag.name[1:])
        elif tag.name not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(
                (tag.name, "hidden" if tag.name in _HIDDEN or role == "hidden" else self._role(tag, role))
            )
        now = self._open[-1][1] if self._open else ""
        for one in dict.fromkeys((role, now)):
            if tag.name.lstrip("/") not in INLINE:
                self._said.setdefault(one, []).append("\n" if tag.name == "br" else "\n\n")
        self._said.setdefault(now, []).append(_spaced(tag.text))

    def _role(self, tag: Tag, outer: str) -> str:
        classes = attributes(tag.attributes).get("class", "").lower().split()
        return next((_ROLES[one] for one in classes if one in _ROLES), outer)

    def _close(self, name: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == name:
                del self._open[at:]
                return

    def _words(self, role: str) -> str:
        return " ".join("".join(self._said.get(role, ())).split())

    def item(self, source: ImportFile, *, is_whole: bool) -> Item | Reject:
        """What it is."""
        site, *issue = _ISSUE.split(self._words("site"), maxsplit=1)
        header, everything = self._words("header"), " ".join(map(self._words, self._said))
        number = _NUMBER.search(self._words("number") or everything)
        day = next((words for words in (header, self._words("section"), everything) if day_in(words)), "")
        lines = "".join(self._said.get("text", ())).split("\n")
        paper = Paper(
            self._line, title=self._words("title"), site=site, byline=self._words("byline"), day=day,
            text=joined(line.strip() for line in lines), number=number[0].rstrip(".") if number else "",
        )  # fmt: skip
        page = _PAGE.search(header)
        paper.facts = [
            ("Section", self._words("section")), ("Page", page[1] if page else ""),
            ("Issue", issue[0] if issue else ""),
        ]  # fmt: skip
        if not is_whole:
            paper.remarks.append(_CUT_OFF)
        return item_of(source, "europresse", paper)


def _spaced(text: str) -> str:
    """Words with one space between, and where one stood beside them."""
    words = " ".join(text.split())
    return f"{' ' * text[:1].isspace()}{words}{' ' * text[-1:].isspace()}" if words else " " * bool(text)
