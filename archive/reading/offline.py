"""Reading files without an archive: pages into articles, texts into names, dates and topics. Stores nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from archive.model import Article, Outcome, Reading

if TYPE_CHECKING:
    from archive.entities import Recogniser

UNKNOWN = "https://unknown.invalid/"  # stands for the address of a page that does not say where it is from


def extract(
    payload: bytes,
    url: str = "",
    *,
    charset: str | None = None,
    media_type: str | None = None,
    captured: datetime | None = None,
    second_opinion: bool = False,
) -> tuple[Article | None, Outcome, str]:
    """The article in a page or PDF, what was observed, and the observation in words.

    `url` makes links absolute and helps to tell the site; `charset` and `media_type` are what a server claimed, or what
    you know; `captured` is the moment no date may lie after (None: now). `second_opinion` asks other extractors
    whether the text is to be flagged "doubtful", at about twice the cost. Never raises for what is in `payload`.
    """
    from archive.extraction import Page
    from archive.extraction import extract as read

    page = Page(url or UNKNOWN, payload, charset, media_type, captured)
    found = read(page, second_opinion=second_opinion)
    return found.article, found.outcome, found.detail


def recognise(
    text: str,
    *,
    title: str = "",
    published: date | None = None,
    lang: str = "",
    recogniser: str | Recogniser = "default",
) -> Reading:
    """People, places, organisations, dates and topics in a text. Offsets count in `text` (and `title`).

    Dates are resolved against `published`. `lang`: "" finds the language in the text, English where it cannot be told.
    `recogniser` is "default", one of the extras ("spacy:MODEL"), or one of your own.
    """
    from archive.entities import understand
    from archive.extraction.language import language_of
    from archive.reading import loaded

    lang = lang or language_of(text) or "en"
    at = datetime.combine(published, time(12), UTC) if published else None
    article = Article(url="", title=title, text=text, published=at, published_on=published, lang=lang)
    return understand(article, loaded(recogniser))


def sentence_starts(text: str) -> list[int]:
    """Where each sentence of a text begins, in order; what stands before the first one counts as its own."""
    from archive.entities.tokens import tokenize

    found = tokenize(text)
    return [found.starts[first] for first in found.sentences if first < len(found.starts)]
