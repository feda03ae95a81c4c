"""Names that a page sets in capitals, written as names are. Pure."""

from __future__ import annotations

import re

from archive.extraction import byline_words as tables

_PART = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?")
_ROMAN = re.compile(r"I{1,3}|IV|VI{0,3}")
_SMALL = frozenset(
    "van von vom der den dem ter ten zu zum zur de del della dei da do dos das y e i bin ibn binti bint af".split()
)
_AFTER_SMALL = frozenset("la las los le der den dem".split())  # small behind a small one: "de la Cruz"
_LARGE_IN = {"it": frozenset("de del della dei da do".split())}  # languages whose names have their particles large
_VOWELS = frozenset("AEIOUYÀÁÂÃÄÅÆÈÉÊËÌÍÎÏÒÓÔÕÖØÙÚÛÜÝ")
_DEGREES = {"PHD": "PhD", "DPHIL": "DPhil", "PSYD": "PsyD", "PHARMD": "PharmD", "EDD": "EdD", "JR": "Jr", "SR": "Sr",
            "ESQ": "Esq", "MSC": "MSc", "BSC": "BSc"}  # fmt: skip
_INITIAL = 2  # letters of a first name without a vowel, which are initials: JK, TJ


def as_names_are(name: str, langs: tuple[str, ...], page: str) -> str:
    """A name of several words in capitals as the text of its page writes it elsewhere, else by rule: "Jean-Luc O'Neil",
    "Ursula von der Leyen". Whatever is not all in capitals, or a single word, stays."""
    if not name.isupper() or " " not in name:
        return name
    for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", page, re.IGNORECASE):
        if not found[0].isupper() and not found[0].islower():
            return found[0]
    core, comma, degrees = name.partition(",")
    words = core.split(" ")
    written = [_word(word, before, langs) for word, before in zip(words, ["", *words], strict=False)]
    return " ".join(written) + comma + _PART.sub(lambda part: _DEGREES.get(part[0], part[0]), degrees)


def _word(word: str, before: str, langs: tuple[str, ...]) -> str:
    plain = word.casefold()
    small = plain in _SMALL or (plain in _AFTER_SMALL and before.casefold() in _SMALL)
    if before and small and not any(plain in _LARGE_IN.get(lang, ()) for lang in langs):
        return plain
    if tables.DEGREES.match(word) and plain.strip(".") in ("jr", "sr"):
        return word.capitalize()
    if _ROMAN.fullmatch(word) and before:
        return word
    if len(word) <= _INITIAL and not before and (word[-1:] == "J" or not set(word) & _VOWELS) and word.isascii():
        return word
    return _PART.sub(lambda part: _part(part, word, langs), word)


def _part(found: re.Match[str], word: str, langs: tuple[str, ...]) -> str:
    """One run of letters: initials stay, what stands behind a hyphen or an apostrophe begins like a name."""
    part = found[0]
    if "." in part.rstrip(".") or len(part) == 1:
        return part
    if part in ("AL", "EL") and word[found.end() : found.end() + 1] == "-":
        return part.lower()
    if part == "S" and found.start():
        return "s"
    if part.startswith("MC") and len(part) > len("MCA"):
        return "Mc" + part[2] + _small(part[3:], langs)
    return part[0] + _small(part[1:], langs)


def _small(letters: str, langs: tuple[str, ...]) -> str:
    if "tr" in langs or "az" in langs:
        letters = letters.replace("I", "ı").replace("İ", "i")
    return letters.lower()
