"""A second opinion on the body: several extractors vote. Costs about three times the one extraction.

The voices: trafilatura as it is and set to recall, jusText, readability-lxml (where the extra is installed), the
densest part of the page, and the JSON-LD body where it is whole. Of trafilatura's two, that one counts which is more
like all the others, by the trigrams they share; of its lines, those that most voices have. So what one extractor alone
finds stays out of the text, and no voice can lose a page.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.extraction.blocks import Blocks, key
from archive.extraction.body import as_paragraphs, generous_text
from archive.extraction.density import densest_text
from archive.extraction.rescue import from_markup

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_KEPT = 0.55  # share of the votes that keeps a line
_AGREED = 0.85  # share of trigrams in common below which two extractions disagree
_WHOLE = 0.6  # a JSON-LD body shorter than this share of the text is an excerpt
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

logging.getLogger("readability").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Opinion:
    """The text that the voices agree on; `doubtful`: they hardly do."""

    text: str
    doubtful: bool


def second_opinion(
    tree: HtmlElement, blocks: Blocks, text: str, whole: str, lang: str, finish: Callable[[str], str]
) -> Opinion:
    """The lines that the voices keep.

    `text` is trafilatura's, finished; `whole` the JSON-LD body; `finish` makes another voice's text comparable.
    """
    generous = finish(generous_text(tree, blocks))
    others = [(voice, 1.0) for raw in _voices(tree, blocks, lang) if (voice := finish(raw))]
    if len(whole) >= _WHOLE * len(text):
        others.append((whole, 3.0))
    chosen = max((text, generous), key=lambda one: _agreement(one, [(text, 1.0), (generous, 1.0), *others]))
    kept = _elected(chosen, [(chosen, 2.0), (generous, 1.0), *others])
    if 2 * len(kept) < len(chosen):
        return Opinion(chosen, doubtful=True)
    return Opinion(kept, doubtful=max((_likeness(kept, voice) for voice, _ in others), default=1.0) < _AGREED)


def _voices(tree: HtmlElement, blocks: Blocks, lang: str) -> Iterator[str]:
    """The texts of the other extractors."""
    from lxml import html

    yield densest_text(blocks)
    markup = html.tostring(tree, encoding="unicode")
    yield _justext(markup, lang)
    yield _readability(markup)


def _agreement(one: str, voices: list[tuple[str, float]]) -> float:
    return sum(weight * _likeness(one, voice) for voice, weight in voices if voice)


def _elected(text: str, voices: list[tuple[str, float]]) -> str:
    """The lines of a text that have enough of the votes."""
    keys = [("\n".join(key(line) for line in voice.split("\n")), weight) for voice, weight in voices if voice]
    enough = _KEPT * sum(weight for _, weight in keys)
    lines = ((line, key(line)) for line in text.split("\n"))
    return "\n".join(
        line for line, letters in lines if sum(weight for voice, weight in keys if letters in voice) >= enough
    )


def _justext(markup: str, lang: str) -> str:
    from justext import justext
    from justext.utils import get_stoplist

    if lang not in _STOPLISTS:
        return ""
    with contextlib.suppress(ValueError, AssertionError):  # what lxml's cleaner and serialiser make of odd pages
        paragraphs = justext(markup, get_stoplist(_STOPLISTS[lang]))
        return as_paragraphs("\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate))
    return ""


def _readability(markup: str) -> str:
    try:
        from readability import Document
        from readability.readability import Unparseable
    except ImportError:
        return ""  # the extra "second-opinion" is not installed: one voice less
    with contextlib.suppress(Unparseable, ValueError, IndexError):
        return from_markup(Document(markup).summary(html_partial=True))
    return ""


def _likeness(one: str, other: str) -> float:
    """Jaccard index of the word trigrams."""
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / len(first | second) if first or second else 1.0


def _trigrams(text: str) -> set[tuple[str, str, str]]:
    words = text.casefold().split()
    return set(zip(words, words[1:], words[2:], strict=False))
