"""How text becomes terms. One analyser for every field, every engine and every query; pure and deterministic.

A token is a run of letters, digits and marks; an apostrophe or full stop inside it is cut out or cut at by these rules:

    possessives     Krasner's → krasner
    apostrophes     O'Neil → oneil, don't → dont (both spellings of the apostrophe)
    acronyms        U.S. → us, I.C.E. → ice
    numbers         1,200.50 → 1200.50, 10:30 → 10, 30
    everything else is cut: well-known → well, known; inquirer.com → inquirer, com; @handle → handle

Terms are folded: NFKC case-folded, accents off, ł ø đ ß æ œ þ and the like written out. Runs of Chinese, Japanese,
Korean, Thai, Lao, Khmer and Burmese have no spaces: they are cut into overlapping pairs of characters, and the last
character of a run stands alone as well, so that a single character is found by prefix.

`stem` is Snowball's English stem ("raids", "raided" → "raid") of plain ASCII words, and the term itself for all others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from archive import UsageError, site_of, url_key

ANALYSIS = 1  # raised whenever the same text may give other terms than before
MAX_TERM = 64  # characters; what is longer is cut here, in texts and queries alike


class Token(NamedTuple):
    """`text[start:end]` is where it stands; tokens of one value have positions 0, 1, 2 …"""

    term: str
    stem: str
    position: int
    start: int
    end: int


Pair = tuple[str, str]  # term, stem
_Piece = tuple[str, str, int, int]  # term, stem, start and end within the raw token

# Marks are part of a word, but \w leaves them out: Latin/Greek/Cyrillic, Hebrew, Arabic, Indic to Sinhala, Thai to
# Tibetan, Burmese, Khmer, then the general blocks. Soft hyphen and zero-width (non-)joiners are inside words too.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    "\u06ea-\u06ed\u0900-\u0963\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ece\u0f71-\u0f84"
    "\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
    "\u00ad\u200c\u200d"
)
_WORD = rf"[\w{_MARKS}]"
_RAW = re.compile(
    rf"[^\W\d_](?:\.[^\W\d_](?!{_WORD}))+\.?(?:['’ʼ][sS](?!{_WORD}))?"  # U.S., I.C.E, U.S.'s
    rf"|[0-9]+(?:[.,][0-9]+)+(?!{_WORD})"  # 1,200.50
    rf"|{_WORD}+(?:['’ʼ]{_WORD}+)*"
    "|[\u2600-\u27bf\U0001f000-\U0001faff]"  # emoji
)
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3105-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
)
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    "\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u200c\u200d\ufe0e\ufe0f]"
)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n"}
)
_APOSTROPHES = str.maketrans("", "", "'’ʼ")
_POSSESSIVE = re.compile(r"['’ʼ]s\Z", re.IGNORECASE)
_ELISION = re.compile(r"(?:[ldjc]|qu)['’ʼ]", re.IGNORECASE)
_stem_word = Stemmer.Stemmer("english").stemWord


def fold(text: str) -> str:
    """`text` without case, accents and superfluous space: two spellings that differ only so fold to the same string."""
    if text.isascii():
        folded = text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        plain = _ACCENTS.sub("", decomposed).translate(_LETTERS)
        folded = unicodedata.normalize("NFKC", plain).casefold()
    return " ".join(folded.split())


@lru_cache(maxsize=2**16)
def stem(term: str) -> str:
    """The stem of a folded term."""
    return _stem_word(term) if term.isascii() and term.isalpha() else term


def cut(text: str) -> list[Pair]:
    """(term, stem) of each token of `text`; the position of a token is its place in the list."""
    pairs: list[Pair] = []
    for raw in _RAW.findall(text):
        pairs += _pairs(raw) if len(raw) <= MAX_TERM else [piece[:2] for piece in _pieces(raw)]
    return pairs


def tokens(text: str) -> Iterator[Token]:
    """The tokens of `text` with their places, in order; the same ones as `cut`."""
    position = 0
    for match in _RAW.finditer(text):
        for term, stem_, start, end in _pieces(match.group()):
            yield Token(term, stem_, position, match.start() + start, match.start() + end)
            position += 1


class Finder:
    """Finds those tokens of one text after another whose term and stem are `wanted`, much faster than `tokens` does."""

    def __init__(self, wanted: Callable[[str, str], bool]) -> None:
        self._wanted = wanted
        self._known: dict[str, tuple[int, list[tuple[int, _Piece]]]] = {}  # raw: how many tokens, and the wanted ones

    def find(self, text: str) -> list[Token]:
        found: list[Token] = []
        position = 0
        for match in _RAW.finditer(text):
            raw = match.group()
            count, chosen = self._known.get(raw) or self._read(raw)
            for place, (term, stem_, start, end) in chosen:
                found.append(Token(term, stem_, position + place, match.start() + start, match.start() + end))
            position += count
        return found

    def _read(self, raw: str) -> tuple[int, list[tuple[int, _Piece]]]:
        pairs = _pairs(raw) if len(raw) <= MAX_TERM else [piece[:2] for piece in _pieces(raw)]
        places = [place for place, pair in enumerate(pairs) if self._wanted(*pair)]
        pieces = _pieces(raw) if places else []
        self._known[raw] = len(pairs), [(place, pieces[place]) for place in places]
        return self._known[raw]


def query_terms(text: str) -> list[Pair]:
    """(term, stem) of each token that a text must have, in order, to hold `text`.

    As `cut`, but without a single character that ends a run of characters written without spaces: the run may go on.
    """
    found = list(tokens(text))
    if len(found) > 1 and found[-1].start < found[-2].end:
        found.pop()
    return [(token.term, token.stem) for token in found]


def is_single_unspaced(term: str) -> bool:
    """Whether `term` is one character of a script without spaces, which texts hold in pairs (so: ask by prefix)."""
    return len(term) == 1 and _UNSPACED.match(term) is not None


def url_term(address: str) -> str:
    """The term of an address, with or without its scheme: its identity without "https://", "www." and last slash."""
    text = address.strip().lstrip("*.")
    try:
        return (
            url_key(text if "://" in text else f"https://{text}")
            .removeprefix("https://")
            .removeprefix("www.")
            .rstrip("/")
        )
    except UsageError:
        return fold(text)


def url_prefix(start: str) -> str:
    """What the terms of addresses that begin with `start` begin with."""
    text = re.sub(r"\A(?:https?://)?(?:www\.)?", "", start.strip(), flags=re.IGNORECASE)
    host, slash, path = text.partition("/")
    return f"{host.lower()}{slash}{path}"


def url_terms(address: str) -> Iterator[str]:
    """Every term that finds `address`: itself, its host and the domains above it."""
    if not address:
        return
    yield url_term(address)
    host = site_of(address)
    while host:
        yield host
        host = host.partition(".")[2]


@lru_cache(maxsize=2**17)
def _pairs(raw: str) -> list[Pair]:
    return [(piece[0], piece[1]) for piece in _pieces(raw)]


def _pieces(raw: str) -> list[_Piece]:
    """The tokens in one match of _RAW: one, unless there are underscores or unspaced characters in it."""
    if raw.isascii():
        return _spaced(raw, 0, len(raw))
    pieces: list[_Piece] = []
    done = 0
    for match in _UNSPACED.finditer(raw):
        pieces += _spaced(raw, done, match.start())
        pieces += _unspaced(raw, match.start(), match.end())
        done = match.end()
    return pieces + _spaced(raw, done, len(raw))


def _spaced(raw: str, start: int, end: int) -> list[_Piece]:
    if "_" not in raw:
        return list(_word(raw, start, end))
    return [piece for part in re.compile("[^_]+").finditer(raw, start, end) for piece in _word(raw, *part.span())]


def _word(raw: str, start: int, end: int) -> Iterator[_Piece]:
    """At most one token: elision and possessive cut off, the inner marks of acronyms and numbers taken out."""
    elided = _ELISION.match(raw, start, end)
    if elided and elided.end() < end:
        start = elided.end()
    if possessive := _POSSESSIVE.search(raw, start, end):
        end = possessive.start()
    part = raw[start:end].translate(_APOSTROPHES)
    part = part.replace(",", "") if part[:1].isdigit() else part.replace(".", "")
    if term := fold(part).replace(" ", "")[:MAX_TERM]:
        yield term, stem(term), start, end


def _unspaced(raw: str, start: int, end: int) -> list[_Piece]:
    """Overlapping pairs, then the last character alone. Folding keeps the number of characters in these scripts."""
    pieces = []
    for place in range(start, end):
        term = fold(raw[place : min(place + 2, end)])
        pieces.append((term, term, place, min(place + 2, end)))
    return pieces


def distance(one: str, other: str) -> int:
    """Optimal string alignment distance: characters inserted, deleted, replaced, or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        above, row = row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (char != wanted))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]
