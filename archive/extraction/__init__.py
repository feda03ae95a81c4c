"""Page → article: what the bytes are, their text, links and metadata, each with the rule that gave it.

Light to import: lxml, trafilatura and the rest are loaded with the first page.
"""

from __future__ import annotations

from archive.extraction.page import Extracted, Page

_TEXT = b"<!doctype html>\n<!-- A text, word for word;"  # how `stated` begins its pages

__all__ = ["Extracted", "Page", "extract", "is_text"]


def is_text(page: Page) -> bool:
    """Whether it is a text that came without a page: read in a fraction of a page's time, and never dangerous."""
    return page.payload.startswith(_TEXT)


def extract(page: Page, *, second_opinion: bool = False) -> Extracted:
    """Read one payload; never raises for what is in it, and returns within seconds whatever it is.

    Harmless pages are read in this process. Those whose nesting or size could hold it up, and all PDFs, are read
    in a child process that is killed at its deadline; then the plain text between the tags is all that is kept.
    `second_opinion` also asks other extractors whether the text is to be flagged as doubtful (about twice the work).
    """
    if is_text(page):
        from archive.extraction import stated

        return stated.read(page)
    from archive.extraction.reader import read

    return read(page, second_opinion=second_opinion)
