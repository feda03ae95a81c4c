"""Exports of news databases, as far as they can be told from their look: Factiva's HTML, Nexis Uni's DOCX.

They carry full text but rarely an address. An article without one gets an address that says so (https://factiva.invalid/…
with its own number), so that it can be found, cited and never fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from archive.sources.item import Broken, Item, Reject, clipped
from archive.sources.markup import Element, Tag, elements, tags
from archive.sources.moments import moment
from archive.sources.opening import Source
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
_END = re.compile(r"End of Document\s*$", re.IGNORECASE)


def read_factiva(source: Source) -> Iterator[Item | Reject]:
    """Articles in Factiva's "Article format/Indexing" HTML: a table of two-letter codes and their values each."""
    for line, article in _factiva_articles(source):
        text = "\n\n".join(filter(None, (article.get("LP", ""), article.get("TD", ""))))
        if not text:
            yield Reject(source.origin(line), "an article without text", clipped(article))
            continue
        number = article.get("AN", "").removeprefix("Document ").split()
        own = number[0] if number else _name(text)
        yield Item(
            _address(article, "factiva", own),
            source.origin(line, own),
            title=" ".join(article.get("HD", "").split()),
            text=text,
            authors=tuple(filter(None, (article.get("BY", "").removeprefix("By ").strip(),))),
            site=article.get("SN", ""),
            lang=article.get("LA", "")[:2].lower(),
            published=_day(article.get("PD", "")),
        )


def read_nexis(source: Source) -> Iterator[Item | Reject]:
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


def _factiva_articles(source: Source) -> Iterator[tuple[int, dict[str, str]]]:
    """The values of each article by their codes; an article begins with its headline."""
    article: dict[str, str] = {}
    code, line = "", 1
    for tag in tags(source.blocks()):
        text = " ".join(tag.text.split())
        if tag.name == "b" and _CODE.fullmatch(text):
            code = text
            if code in ("HD", "SE") and ("LP" in article or "TD" in article):
                yield line, article
                article = {}
            line = line if article else tag.line
        elif code and text:
            article[code] = _joined(article.get(code, ""), tag, text)
        if tag.name == "/tr":
            code = ""
    if article:
        yield line, article


def _joined(before: str, tag: Tag, text: str) -> str:
    if not before:
        return text
    return f"{before}\n\n{text}" if tag.name in ("p", "/p", "br", "div", "td") else f"{before} {text}"


def _paragraphs(source: Source) -> Iterator[str]:
    try:
        with ZipFile(BytesIO(source.whole())) as archive, archive.open("word/document.xml") as file:
            data = file.read(_MAX_DOCUMENT + 1)
    except (BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise Broken(f"not a DOCX that can be read: {error}") from error
    if len(data) > _MAX_DOCUMENT:
        raise Broken(f"the document is larger than {_MAX_DOCUMENT} bytes")
    inner = Source(source.path, source.name, source.format_name, opened=lambda: BytesIO(data))
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


def _nexis(source: Source, number: int, paragraphs: list[str]) -> Item | Reject:
    lines = [line for line in paragraphs if line]
    origin = source.origin(number)
    body = next((at for at, line in enumerate(lines) if line.strip(" :").lower() == "body"), None)
    if body is None or not lines:
        return Reject(origin, "no article: it has no part called Body", clipped("\n".join(lines)))
    head, rest = lines[:body], lines[body + 1 :]
    labels = {found[1].lower(): found[2].strip() for line in lines if (found := _LABELS.match(line))}
    text = [line for line in rest if not _LABELS.match(line) and line.lower() not in ("classification", "load-date")]
    day = next((moment(found[1]) for line in head if (found := _DATE.search(line))), None)
    own = _name("\n".join(text))
    return Item(
        _address(labels, "nexis", own),
        source.origin(number, own),
        title=head[0] if head else "",
        text="\n\n".join(text),
        site=head[1] if len(head) > 1 else "",
        authors=tuple(filter(None, (labels.get("byline", "").removeprefix("By ").strip(),))),
        published=day.date() if isinstance(day, datetime) else day,
    )


def _address(values: dict[str, str], database: str, own: str) -> str:
    for name in ("URL", "url", "link", "ART"):
        for url in find_urls(values.get(name, "")):
            return url
    return f"https://{database}.invalid/{re.sub(r'[^A-Za-z0-9._-]', '-', own)}"


def _day(text: str) -> date | None:
    found = moment(text)
    return found.date() if isinstance(found, datetime) else found


def _name(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
