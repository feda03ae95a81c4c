"""One payload → Extracted: the steps in order, and the decision where they run."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.extraction import guard, sniff
from archive.extraction.blocks import Blocks, read_blocks
from archive.extraction.body import as_paragraphs, body_text, covers
from archive.extraction.consent import is_wall, notice_in
from archive.extraction.dateline import signed_in
from archive.extraction.decode import decode, replacement_label
from archive.extraction.density import densest_text
from archive.extraction.facts import collect
from archive.extraction.images import images_of
from archive.extraction.language import language_of
from archive.extraction.links.found import find_links, text_links
from archive.extraction.metadata import Metadata, read_metadata
from archive.extraction.opinion import is_doubtful
from archive.extraction.opinion import second_opinion as ask_others
from archive.extraction.page import Extracted, Page
from archive.extraction.parse import Suspicious, flatten, parse, without_code, without_handles
from archive.extraction.people import is_person, names_in
from archive.extraction.plain import plain_text, plain_title
from archive.extraction.recover import recovered
from archive.extraction.refine import refined
from archive.extraction.rescue import body_of_jsonld, body_of_scripts
from archive.extraction.reserved import is_reserved
from archive.extraction.structure import structure_of
from archive.model import Article, Outcome, Resources

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# An article needs this many characters (of scripts that write words without spaces, a third). Conservative: the
# shortest real briefs of news agencies have one sentence of about 100 characters.
_SHORTEST = 100
_MEAGRE = 250  # below this, the page is asked whether it has more to say
_WIDE = 3  # letters that one character of Chinese or Japanese stands for
_WIDE_CHARACTERS = re.compile("[\u3040-\u9fff\uac00-\ud7a3]+")
# Announced as not free and shorter than this: what is there is the teaser.
_TEASER = 2_000
_PARAGRAPH, _LINKED = 60, 0.5  # letters of a run that is a paragraph, and the share of it that is links
_GUESSES = ("densest part", "json script")  # rules of texts that extraction did not see


def read(page: Page, *, second_opinion: bool = False) -> Extracted:
    """See `archive.extraction.extract`."""
    kind = sniff.media_type(page.payload, page.media_type)
    if kind == "application/pdf":
        return _guarded(page, kind, second_opinion=False)
    label, shifted = replacement_label(page.payload, page.charset)
    if shifted:
        return Extracted(None, Outcome.NO_TEXT, f"the text is in {label}, an encoding that browsers do not read", kind)
    found = _read_text(page, kind, second_opinion=second_opinion)
    if label and not found.detail:
        return replace(found, detail=f"labelled {label}, which browsers do not read: the encoding was guessed")
    return found


def _read_text(page: Page, kind: str, *, second_opinion: bool) -> Extracted:
    if not sniff.is_readable(kind):
        return Extracted(None, Outcome.NOT_TEXT, f"the payload is {kind}", kind)
    markup = decode(page.payload, page.charset)
    if kind == "text/plain":
        return _plain(page, markup, kind)
    try:
        return read_html(page, markup, second_opinion=second_opinion)
    except Suspicious:
        return _guarded(page, kind, second_opinion=second_opinion)


def read_html(page: Page, markup: str, *, guarded: bool = False, second_opinion: bool = False) -> Extracted:
    """The article in `markup`. Raises Suspicious for what must be read behind a deadline, unless it is `guarded`."""
    tree = parse(markup, guarded=guarded)
    if tree is None:
        return Extracted(None, Outcome.NO_TEXT, "the page is empty", "text/html")
    without_handles(tree)
    facts = collect(tree, page.url)
    metadata = read_metadata(facts, _now(page))
    blocks = read_blocks(tree, page.url)

    without_code(tree)  # read by now, and much to copy for those who come after
    plain = _plain_text(tree, blocks, metadata)
    notice = notice_in(tree, plain)
    if notice is not None and _has_story_beside(notice, blocks):
        notice.drop_tree()
        blocks = read_blocks(tree, page.url)
        plain = _plain_text(tree, blocks, metadata)
    text, rule = _rescued(plain, body_of_jsonld(facts), blocks, markup)
    doubtful = rule in _GUESSES or not covers(text, blocks) or is_doubtful(text, blocks)
    if second_opinion and not doubtful:
        doubtful = ask_others(tree, blocks, text, metadata.lang)
    flags = frozenset({"doubtful"} if doubtful else ())
    article = _signed(_with_language(metadata.article(page.url, text, flags=flags, text_rule=rule)))
    if is_wall(tree, text, [run.text for run in blocks.runs], article):
        return Extracted(None, Outcome.CONSENT, "the page asks for consent and shows nothing else", "text/html")
    return _judged(page, blocks, text, article, metadata.free)


def _plain_text(tree: HtmlElement, blocks: Blocks, metadata: Metadata) -> str:
    """What the page tells its readers: extracted, with what is missing, without what is no story."""
    whole = recovered(body_text(tree, blocks), blocks, metadata.title, (metadata.description,))
    return refined(whole, blocks, metadata.title, metadata.other_title, metadata.authors)


def _has_story_beside(notice: HtmlElement, blocks: Blocks) -> bool:
    """Whether a page has paragraphs outside of a notice, so that it is more than a wall."""
    low, high = blocks.spans.get(notice, (0, len(blocks.runs)))
    beside = (run for run in (*blocks.runs[:low], *blocks.runs[high:]) if run.zone is None and run.linked < _LINKED)
    return sum(len(run.letters) for run in beside if len(run.letters) >= _PARAGRAPH) >= _SHORTEST


def _signed(article: Article) -> Article:
    """The article with those who sign within its text, where nothing else names a person."""
    found = () if any(map(is_person, article.authors)) else signed_in(article.text)
    return replace(article, authors=found, rules={**article.rules, "authors": "dateline"}) if found else article


def _with_language(article: Article) -> Article:
    """The article with the language of its text, where the page says none."""
    found = "" if article.lang else language_of(article.text)
    return replace(article, lang=found, rules={**article.rules, "lang": "text"}) if found else article


def _rescued(text: str, whole: str, blocks: Blocks, markup: str) -> tuple[str, str]:
    """The text, or what the page's data or its densest part say where that is far more; and the rule that gave it."""
    more = len(whole) > 2 * len(text) or (whole and "](http" in text)  # the same, Markdown and all: taken from there
    if more and _length(whole) >= _SHORTEST:
        return whole, "json-ld articleBody"
    if _length(text) < _MEAGRE:
        dense = densest_text(blocks, anywhere=True)
        if len(dense) > 3 * len(text) and _length(dense) >= _MEAGRE:
            return dense, "densest part"
    if _length(text) < _SHORTEST:
        data = body_of_scripts(markup)
        if _length(data) >= _MEAGRE:
            return data, "json script"
    return text, "trafilatura"


def read_guarded(page: Page, *, second_opinion: bool = False) -> Extracted:
    """The page, read without precautions: for the child process, which has a deadline."""
    kind = sniff.media_type(page.payload, page.media_type)
    if kind == "application/pdf":
        return _pdf(page)
    markup = decode(page.payload, page.charset)
    try:
        found = read_html(page, markup, guarded=True, second_opinion=second_opinion)
        if found.outcome is not Outcome.NO_TEXT or flatten(markup) == markup:
            return found
    except Suspicious:
        pass  # still too deep
    from archive.extraction.soup import soup_text

    return _text_alone(page, *soup_text(markup))


def _guarded(page: Page, kind: str, *, second_opinion: bool) -> Extracted:
    try:
        found = guard.read_in_child(page, second_opinion=second_opinion)
    except guard.Late as late:
        if kind == "application/pdf":
            return Extracted(None, Outcome.NO_TEXT, f"the PDF could not be read: {late}", kind)
        markup = decode(page.payload, page.charset)
        return _text_alone(page, plain_title(markup), plain_text(markup))
    return found


def _text_alone(page: Page, title: str, text: str) -> Extracted:
    """What is left for a page that no parser stands: all its text, flagged."""
    if _length(text) < _SHORTEST:
        return Extracted(None, Outcome.NO_TEXT, "too deep to be read, and no text between the tags", "text/html")
    article = Article(
        url=page.url,
        title=title,
        text=text,
        links=text_links(text, page.url),
        rules={"title": "title"},
        flags=frozenset({"too deep"}),
    )
    return Extracted(
        _with_language(article),
        Outcome.OK,
        "too deep or too large to be read as a page: its plain text is kept",
        "text/html",
    )


def _plain(page: Page, markup: str, kind: str) -> Extracted:
    text = as_paragraphs(markup)
    if not text:
        return Extracted(None, Outcome.NO_TEXT, "the text is empty", kind)
    title = text.split("\n", 1)[0][:200]
    article = Article(page.url, title, text, links=text_links(text, page.url), rules={"title": "first line"})
    return Extracted(_with_language(article), Outcome.OK, "", kind)


def _pdf(page: Page) -> Extracted:
    from archive.extraction.pdf import read_pdf

    kind = "application/pdf"
    pdf = read_pdf(page.payload, _now(page), guard.DEADLINE / 2)
    if pdf is None:
        return Extracted(None, Outcome.NO_TEXT, "the PDF is damaged or locked", kind)
    if not pdf.text:
        return Extracted(None, Outcome.NO_TEXT, "the PDF has no text layer", kind)
    created = pdf.created
    title = pdf.title or pdf.text.split("\n", 1)[0][:200]
    authors = tuple(names_in(pdf.author))
    rules = {
        "title": "pdf Title" if pdf.title else "first line",
        **({"authors": "pdf Author"} if authors else {}),
        **({"published": "pdf CreationDate"} if created else {}),
    }
    article = Article(
        page.url,
        title,
        pdf.text,
        authors=authors,
        published=created.at if created else None,
        published_on=created.day if created else None,
        links=text_links(pdf.text, page.url),
        rules=rules,
        flags=frozenset({"cut"} if pdf.cut else ()),
    )
    return Extracted(_with_language(article), Outcome.OK, "", kind)


def _judged(page: Page, blocks: Blocks, text: str, article: Article, free: bool) -> Extracted:
    if not text:
        return Extracted(None, Outcome.NO_TEXT, "no article text was found", "text/html")
    if not free and _length(text) < _TEASER:
        outcome, detail = Outcome.PAYWALL, "the publisher marks the text as not free"
    elif _length(text) < _TEASER and is_reserved(blocks, text):
        outcome, detail = Outcome.PAYWALL, "the page says that the rest is for subscribers"
    elif _length(text) < _SHORTEST:
        return Extracted(None, Outcome.TOO_SHORT, f"only {len(text)} characters of text", "text/html")
    else:
        outcome, detail = Outcome.OK, ""
    links = find_links(blocks, text, page.url, itself=(article.canonical_url,))
    structure = structure_of(blocks, text)
    images = images_of(blocks, text) if page.resources is Resources.IMAGES else ()
    return Extracted(replace(article, links=links, structure=structure), outcome, detail, "text/html", images)


def _length(text: str) -> int:
    """Characters, those of scripts that write words without spaces counted for the letters they stand for."""
    return len(text) + (_WIDE - 1) * sum(map(len, _WIDE_CHARACTERS.findall(text[:_TEASER])))


def _now(page: Page) -> datetime:
    return page.captured or datetime.now(UTC)
