"""A text that came without a page, and what its source states about it: written as a page, and read from that again.

The page is HTML, so that whatever shows a web archive shows it, but nothing in it is looked for: the text is the text,
line for line, and what is stated is believed. Both stand in it word for word.
"""

from __future__ import annotations

import html
import re

import msgspec

from archive.extraction.decode import clean_text
from archive.extraction.language import language_of, tag
from archive.extraction.links.found import text_links
from archive.extraction.page import Extracted, Page
from archive.model import Article, Outcome, Stated
from archive.urls import site_of

MARK = b"<!doctype html>\n<!-- A text, word for word; the JSON says what its source states about it. -->\n"
_STATED = re.compile(r'<script type="application/json" id="stated">(.*?)</script>', re.DOTALL)
_TEXT = "<pre>\n"
_END = "</pre>\n"
_GAPS = re.compile(r"\n{3,}")
_TITLE = 200  # characters of a first line that stands for a title
_SEVERAL = re.compile(r"[,;&/]|\band\b", re.IGNORECASE)
_FIELDS = {
    "title": "title", "authors": "authors", "published": "published_on", "site": "site", "lang": "lang"
}  # by the names that rules have: what is stated of them  # fmt: skip


def written(text: str, stated: Stated) -> bytes:
    """The page, in UTF-8."""
    said = msgspec.json.encode(_sound(stated)).decode().replace("<", "\\u003c")
    title, lang = html.escape(stated.title), html.escape(stated.lang)
    page = (
        f'<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<script type="application/json" id="stated">{said}</script>\n</head>\n<body>\n<h1>{title}</h1>\n'
        f"{_TEXT}{html.escape(text, quote=False)}{_END}</body>\n</html>\n"
    )
    return MARK + page.encode("utf-8", "replace")


def read(page: Page) -> Extracted:
    """The article of a page that `written` made."""
    markup = page.payload.decode("utf-8", "replace")
    found = _STATED.search(markup)
    try:
        stated = msgspec.json.decode(found[1] if found else "{}", type=Stated)
    except ValueError:  # somebody else wrote it
        stated = Stated()
    begin, end = markup.find(_TEXT), markup.rfind(_END)
    text = as_given(html.unescape(markup[begin + len(_TEXT) : end])) if 0 <= begin < end else ""
    if not text:
        return Extracted(None, Outcome.NO_TEXT, "the text is empty", "text/html")
    return Extracted(_article(page.url, text, stated), Outcome.OK, "", "text/html")


def as_given(text: str) -> str:
    """A text as it is kept: its paragraphs and lines, without what cannot be seen."""
    lines = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text).split("\n")
    return _GAPS.sub("\n\n", "\n".join(clean_text(line).rstrip() for line in lines)).strip("\n").rstrip()


def _article(url: str, text: str, stated: Stated) -> Article:
    lang = tag(stated.lang)[0]
    first = text.lstrip().partition("\n")[0][:_TITLE]
    host = site_of(url)
    named = [name for name, field in _FIELDS.items() if getattr(stated, field) and (lang or name != "lang")]
    rules = {"title": "first line", "site": "host", "lang": "text", **dict.fromkeys(named, "stated"), "text": "stated"}
    return Article(
        url=url,
        title=clean_text(" ".join(stated.title.split())) or first,
        text=text,
        authors=tuple(dict.fromkeys(name for one in stated.authors for name in _people(one))),
        published=stated.published,
        published_on=stated.published_on,
        site=clean_text(stated.site) or ("" if host.endswith(".invalid") else host),
        lang=lang or language_of(text),
        links=text_links(text, url),
        rules=rules,
    )


def _people(said: str) -> tuple[str, ...]:
    """The people in what is stated as an author: one, unless it names several."""
    name = clean_text(" ".join(said.split()))
    if _SEVERAL.search(name):
        from archive.extraction.people import names_in

        if several := tuple(names_in(name)):
            return several
    return tuple(filter(None, (name,)))


def _sound(stated: Stated) -> Stated:
    """Without the halves of characters that UTF-8 cannot hold."""
    title, site, lang, *authors = (
        text.encode("utf-8", "replace").decode() for text in (stated.title, stated.site, stated.lang, *stated.authors)
    )
    return Stated(title, tuple(authors), stated.published, stated.published_on, site, lang)
