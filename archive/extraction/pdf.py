"""The text of a PDF, page by page, by pdfium. Runs in the guarded child only: pdfium is native code without threads."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime

import pypdfium2

from archive.extraction.decode import clean_text
from archive.extraction.moments import Moment, read_moment

MOST_PAGES = 300
_MOST_CHARACTERS = 3_000_000
_DATE = re.compile(r"^D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z|[+-]\d\d'?\d\d)?")
_HYPHEN = re.compile(r"(?<=[a-zà-ÿ])[\u0002\u00ad\ufffe-]\n(?=[a-zà-ÿ])")


@dataclass(frozen=True, slots=True)
class Pdf:
    """What a PDF says. `cut`: not all of its pages were read."""

    text: str
    title: str
    author: str
    created: Moment | None
    cut: bool


def read_pdf(payload: bytes, now: datetime, deadline: float) -> Pdf | None:
    """The text and document information of a PDF, or None where it cannot be opened (damaged, or with a password).

    Stops after 300 pages or `deadline` seconds.
    """
    end = time.monotonic() + deadline
    try:
        document = pypdfium2.PdfDocument(payload)
    except pypdfium2.PdfiumError:
        return None
    try:
        info = document.get_metadata_dict(skip_empty=True)
        pages: list[str] = []
        size = 0
        for number in range(min(len(document), MOST_PAGES)):
            if size > _MOST_CHARACTERS or time.monotonic() > end:
                break
            pages.append(_page_text(document, number))
            size += len(pages[-1])
        cut = len(pages) < len(document)
    finally:
        document.close()
    text = "\n".join(filter(None, (_paragraphs(page) for page in pages)))
    return Pdf(text, _one_line(info.get("Title", "")), _one_line(info.get("Author", "")), _created(info, now), cut)


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        return ""  # one broken page leaves the others readable
    try:
        return str(text_page.get_text_range())
    finally:
        text_page.close()
        page.close()


def _paragraphs(text: str) -> str:
    """Lines of a page joined to paragraphs: a line that ends a sentence, or is short, ends one."""
    text = _HYPHEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [_one_line(line) for line in text.split("\n")]
    longest = max(map(len, lines), default=0)
    out: list[str] = []
    open_line = False
    for line in lines:
        if not line:
            open_line = False
            continue
        if open_line:
            out[-1] = f"{out[-1]} {line}"
        else:
            out.append(line)
        open_line = len(line) > 0.7 * longest and not line.endswith((".", "!", "?", ":", "”", '"'))
    return "\n".join(out)


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _created(info: dict[str, str], now: datetime) -> Moment | None:
    match = _DATE.match(info.get("CreationDate", ""))
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    clock = f"T{hour}:{minute}:{second or '00'}{(zone or '').replace(chr(39), '')}" if hour else ""
    return read_moment(f"{year}-{month}-{day}{clock}", now)
