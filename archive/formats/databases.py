"""Exports of news databases, as far as they can be told from their look: Factiva's HTML, Nexis Uni's DOCX.

They carry full text but rarely an address. An article without one gets an address that says so (https://factiva.invalid/…
with its own number), so that it can be found, cited and never fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from io import BytesIO
from itertools import takewhile
from zipfile import ZipFile

from archive.formats.item import Broken, Item, Reject, clipped
from archive.formats.markup import Tag, tags
from archive.formats.moments import lost_dates, moment
from archive.formats.opening import ZIP_ERRORS, ImportFile
from archive.formats.records import made_address
from archive.formats.xmls import Element, elements
from archive.urls import find_urls

_MAX_DOCUMENT = 2**26  # bytes of text in one DOCX
_CODE = re.compile(r"[A-Z]{2,3}")
_DATE = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
    r"((?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{1,2},\s+\d{4}"
    r"|\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{4})"
)
_LABELS = re.compile(
    r"(Byline|Section|Length|Dateline|Highlight|Headline|Load-Date|Publication-Type|Language|Graphic|Subject|Geographic"
    r"|Company|Organization|Person|Industry|URL|Link)\s*:\s*(.*)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"""class=["']?article \w{2,4}Article\b""")
_PLACE = re.compile(r"""class=["']?(?:[\w ]{0,80} )?\w{0,4}?(headline|articleparagraph|author)\b""", re.IGNORECASE)
_PLACES = {"headline": "HD", "articleparagraph": "TD", "author": "BY"}
_DOCUMENT = re.compile(r"Document (\S{6,60})")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?: [AP]M)?(?: \w{3,4})?")
_COVER = re.compile(r"(?:User Name|Date and Time|Job Number)\s*:", re.IGNORECASE)
_END_OF_BODY = re.compile(r"(?:Classification|Graphic|Notes|Load-Date:.*)\Z", re.IGNORECASE)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_END = re.compile(r"End of Document\s*$", re.IGNORECASE)


def read_factiva(source: ImportFile) -> Iterator[Item | Reject]:
    """Articles in Factiva's "Article format/Indexing" HTML: a table of two-letter codes and their values each."""
    for line, article in _factiva_articles(source):
        text = "\n\n".join(filter(None, (article.get("LP", ""), article.get("TD", ""))))
        if not text:
            yield Reject(source.origin(line), "an article without text", clipped(article))
            continue
        number = article.get("AN", "").removeprefix("Document ").split()
        own = number[0] if number else ""
        yield Item(
            _address(article, "factiva", own, text),
            source.origin(line, own),
            title=" ".join(article.get("HD", "").split()),
            text=text,
            authors=tuple(filter(None, (article.get("BY", "").removeprefix("By ").strip(),))),
            site=article.get("SN", ""),
            lang=_languages().get(article.get("LA", ""), ""),
            published=_day(article.get("PD", "")),
            remarks=lost_dates(("PD", article.get("PD", ""))),
        )


def read_nexis(source: ImportFile) -> Iterator[Item | Reject]:
    """Articles in a DOCX of Nexis Uni: title, publication, date, labelled lines, "Body", text, "End of Document"."""
    paragraphs: list[str] = []
    start = 1
    for number, paragraph in enumerate(_paragraphs(source), 1):
        if not _END.match(paragraph):
            paragraphs.append(paragraph)
            continue
        yield _nexis(source, start, paragraphs)
        paragraphs, start = [], number + 1
    if any(paragraphs):
        yield _nexis(source, start, paragraphs)


def _factiva_articles(source: ImportFile) -> Iterator[tuple[int, dict[str, str]]]:
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
            if _DATE.fullmatch(fact):
                rest = [one for one in self._facts[at + 1 :] if not _CLOCK.fullmatch(one)]
                return {"PD": fact, "SN": rest[0] if rest else "", "LA": _language(rest), **self.shown}
        return self.shown


def _language(facts: list[str]) -> str:
    return next((fact for fact in facts if fact in _languages()), "")


@cache
def _languages() -> dict[str, str]:
    """Codes of languages by their English names."""
    from babel import Locale

    return {name: code for code, name in Locale("en").languages.items() if len(code) == 2}


def _joined(before: str, tag: Tag, text: str) -> str:
    if not before:
        return text
    return f"{before}\n\n{text}" if tag.name in ("p", "/p", "br", "div", "td") else f"{before} {text}"


def _paragraphs(source: ImportFile) -> Iterator[str]:
    try:
        with ZipFile(BytesIO(source.whole())) as archive, archive.open("word/document.xml") as file:
            data = file.read(_MAX_DOCUMENT + 1)
    except (*ZIP_ERRORS, KeyError, ValueError) as error:
        raise Broken(f"not a DOCX that can be read: {error}") from error
    if len(data) > _MAX_DOCUMENT:
        raise Broken(f"the document is larger than {_MAX_DOCUMENT} bytes")
    inner = ImportFile(source.path, source.name, source.format_name, opened=lambda: BytesIO(data))
    for paragraph in elements(inner, frozenset({"p"})):
        yield "".join(_runs(paragraph)).strip()


def _runs(element: Element) -> Iterator[str]:
    for child in element.children:
        if child.name == "t":
            yield child.text
        elif child.name in ("tab", "br"):
            yield " "
        else:
            yield from _runs(child)


def _without_cover(lines: list[str]) -> list[str]:
    """The lines without the page in front that says what was searched and lists what was found, by number."""
    if not any(_COVER.match(line) for line in lines[:5]):
        return lines
    listed = next((at for at, line in enumerate(lines) if line.startswith("1.")), len(lines) - 1)
    title = lines[listed].removeprefix("1.").strip()
    return lines[lines.index(title, listed) :] if title in lines[listed:] else lines


def _nexis(source: ImportFile, number: int, paragraphs: list[str]) -> Item | Reject:
    lines = _without_cover([line for line in paragraphs if line])
    origin = source.origin(number)
    body = next((at for at, line in enumerate(lines) if line.strip(" :").lower() == "body"), None)
    if body is None or not lines:
        return Reject(origin, "no article: it has no part called Body", clipped("\n".join(lines)))
    head, rest = lines[:body], lines[body + 1 :]
    labels = {found[1].lower(): found[2].strip() for line in lines if (found := _LABELS.match(line))}
    text = list(takewhile(lambda line: not _END_OF_BODY.match(line), rest))
    day = next((moment(found[1]) for line in head if (found := _DATE.search(line))), None)
    return Item(
        _address(labels, "nexis", "", "\n".join(text)),
        source.origin(number),
        title=head[0] if head else "",
        text="\n\n".join(text),
        site=head[1] if len(head) > 1 else "",
        authors=tuple(filter(None, (labels.get("byline", "").removeprefix("By ").strip(),))),
        published=day.date() if isinstance(day, datetime) else day,
    )


def _address(values: dict[str, str], database: str, own: str, text: str) -> str:
    for name in ("URL", "url", "link", "ART"):
        for url in find_urls(values.get(name, "")):
            return url
    return f"https://{database}.invalid/{_UNSAFE.sub('-', own)}" if own else made_address(database, text)


def _day(text: str) -> date | None:
    found = moment(text)
    return found.date() if isinstance(found, datetime) else found
