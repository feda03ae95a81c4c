"""How the letters of a text are folded, so that spellings which readers take for the same are the same. Pure.

NFKC case-folded, accents off, ł ø đ ß æ œ þ and the like written out; the digits 0 to 9 for those of other scripts; one
yeh, kaf and heh for those of Arabic, Persian and Urdu; one way to write the nasals of Hindi.
"""

from __future__ import annotations

import unicodedata

from index.patterns import later

_FOREIGN_DIGIT = later(r"[^\D0-9]")
_ACCENTS = later(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    "\u06ea-\u06ed\u093c\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u0640\u200c\u200d\ufe0e\ufe0f]"
)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n"}
    # Arabic, Persian and Urdu have letters of their own for one that keyboards and people write in each other's way.
    | dict.fromkeys("ىی", "ي") | dict.fromkeys("ک", "ك") | dict.fromkeys("ةہەۃ", "ه") | {"ٱ": "ا", "ँ": "ं"}
)  # fmt: skip
# Hindi and its neighbours write a nasal before a consonant of its own row with a point as well: हिन्दी, हिंदी.
_NASAL = later("ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])")
_POINT = later("(?<=l)·(?=l)")  # Catalan's l·l, of which ŀ is a part


def fold(text: str) -> str:
    """`text` without case, accents and superfluous space: two spellings that differ only so fold to the same string."""
    if text.isascii():
        folded = text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        plain = _ACCENTS.sub("", decomposed).translate(_LETTERS)
        plain = _POINT.sub("", plain) if "·" in plain else plain
        plain = _NASAL.sub("ं", plain) if "\u094d" in plain else plain
        folded = western(unicodedata.normalize("NFKC", plain).casefold())
    return " ".join(folded.split())


def western(text: str) -> str:
    """With the digits 0 to 9 for those of other scripts."""
    return _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
