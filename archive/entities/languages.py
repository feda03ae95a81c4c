"""Which network reads which language, and what it is told of the language."""

from __future__ import annotations

import re
from contextlib import suppress
from enum import Enum

__all__ = ["LEAST_UNTOLD", "Reader", "code_of", "listed_as", "reader_of", "reads", "told", "unread"]


class Reader(Enum):
    """The networks that ship, and NONE: of such a text no names are found."""

    ENGLISH = "English"
    WORDS = "words"
    SIGNS = "signs"
    NONE = "none"


_ENGLISH = frozenset({"", "en"})
_SIGNS = frozenset({"zh", "yue", "wuu", "lzh", "ja", "ko", "th"})
# Scripts, and languages in the Arabic script, that no network has seen.
_UNREAD = frozenset(
    "he yi fa prs ps ur sd ckb ug dv hi mr ne bn as ta te ml kn gu pa or si my km lo ka hy am ti bo dz".split()
)
# Told as another language: other codes of the same, or one so close that its text was trained on in its stead.
# Ukrainian is told as Slovak, whose text people marked: as Russian, facet F1 of its set is 7 points lower.
_TOLD_AS = {
    "nb": "no", "nn": "no", "bs": "hr", "sh": "hr", "cnr": "sr", "mk": "sr", "cs": "sk", "be": "ru", "uk": "sk",
    "gl": "pt", "af": "nl", "lb": "de", "ms": "id", "jv": "id", "fo": "no", "yue": "zh", "wuu": "zh", "lzh": "zh",
}  # fmt: skip
# Names in a language that no network was told of: only those that it is this sure of. At 0.5 Italian loses 2 points of
# facet F1 and Greek 6, at 0.3 Greek gains 1 for 4 of precision (bench/thresholds.py).
LEAST_UNTOLD = 0.35


def reader_of(lang: str) -> Reader:
    """Who reads a language (BCP 47 primary tag, "" where unknown: taken as English)."""
    if lang in _ENGLISH:
        return Reader.ENGLISH
    if lang in _UNREAD:
        return Reader.NONE
    return Reader.SIGNS if lang in _SIGNS else Reader.WORDS


def reads(lang: str) -> bool:
    """Whether the recognisers that ship find names in a language."""
    return reader_of(lang) is not Reader.NONE


def unread(lang: str) -> str:
    """What to call a language in which the recognisers that ship find no names: "Hebrew (he)". "" where they do."""
    if reads(lang):
        return ""
    from babel import Locale

    name = Locale("en").languages.get(lang)
    return f"{name} ({lang})" if name else lang


def code_of(name: str) -> str:
    """The two-letter code of a language by its name in English or in itself, by its code of three letters, or by a code
    with a country behind it."""
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global

    wanted = name.casefold()
    if len(plain := re.split(r"[-_]", wanted)[0]) == 2 and plain != wanted:  # en-US
        return plain
    if len(known := str(get_global("language_aliases").get(wanted, ""))) == 2:  # deu, ger
        return known
    english = {str(code): str(called) for code, called in Locale("en").languages.items() if len(str(code)) == 2}
    for code, called in english.items():
        if called.casefold() == wanted:
            return code
    for code in english:
        with suppress(UnknownLocaleError):
            if str(Locale(code).languages.get(code, "")).casefold() == wanted:
                return code
    return ""


def listed_as(lang: str) -> str:
    """The code that tables of words and names have for a language: both Norwegians are one there."""
    return "no" if lang in ("nb", "nn") else lang


def told(lang: str) -> str:
    """The language that a network is told of, for a text in `lang`."""
    return _TOLD_AS.get(lang, lang)
