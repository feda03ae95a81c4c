"""Whether a text may not be the article: a flag for whoever looks for what was read badly. It changes no text.

Two signs. Lines that are too short for paragraphs: what comes along from menus and boxes is made of these. And other
extractors that see another article: the densest part of the page, and on demand jusText (a second opinion, at about
twice the cost). Neither sign alone is worth having.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from archive.extraction.blocks import Blocks
from archive.extraction.body import as_paragraphs
from archive.extraction.density import densest_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Measured on the 170 pages of 221 whose bodies are known; 12 have an F1 below .90. Flagged are 16 of the 170, and 6 of
# them are among the 12; with a second opinion 22, and 7 of them. The thresholds were chosen on these very pages.
_SHORT_LINE = 60  # characters
_JUDGED = 1_000  # characters below which a few short lines are many
_SHORT = 0.07  # share of a text that stands in such lines
_LIKE = 0.95  # trigrams that the text shares with the densest part of its page
_SHORT_SECOND = 0.05
_LIKE_SECOND = 0.80  # the same, as the mean of both voices
_STOPLISTS = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "nl": "Dutch",
    "no": "Norwegian_Bokmal",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
}


def is_doubtful(text: str, blocks: Blocks) -> bool:
    """Whether a text has many short lines and is not the densest part of its page."""
    if len(text) < _JUDGED or _short(text) <= _SHORT:
        return False
    dense = densest_text(blocks)
    return bool(dense) and _likeness(text, dense) < _LIKE


def second_opinion(tree: HtmlElement, blocks: Blocks, text: str, lang: str) -> bool:
    """Whether other extractors doubt a text that has some short lines."""
    if len(text) < _JUDGED or _short(text) <= _SHORT_SECOND:
        return False
    from lxml import html

    voices = (densest_text(blocks), _justext(html.tostring(tree, encoding="unicode"), lang))
    likes = [_likeness(text, voice) for voice in voices if voice]
    return bool(likes) and sum(likes) / len(likes) < _LIKE_SECOND


def _short(text: str) -> float:
    lines = text.split("\n")
    return sum(len(line) for line in lines if len(line) < _SHORT_LINE) / max(1, len(text) - len(lines) + 1)


def _justext(markup: str, lang: str) -> str:
    from justext import justext
    from justext.utils import get_stoplist

    if lang not in _STOPLISTS:
        return ""
    with contextlib.suppress(ValueError, AssertionError):  # what lxml's cleaner and serialiser make of odd pages
        paragraphs = justext(markup, get_stoplist(_STOPLISTS[lang]))
        return as_paragraphs("\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate))
    return ""


def _likeness(one: str, other: str) -> float:
    """Jaccard index of the word trigrams."""
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / len(first | second) if first or second else 1.0


def _trigrams(text: str) -> set[tuple[str, str, str]]:
    words = text.casefold().split()
    return set(zip(words, words[1:], words[2:], strict=False))
