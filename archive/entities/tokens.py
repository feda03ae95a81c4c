"""Text → tokens and sentences: the one tokeniser that training, measuring and production share.

A token is a word, an abbreviation with its full stop, a number, a possessive ending or one sign; hyphens always stand
alone, so that "Paris-based" holds the place. Limits: words of scripts without spaces are not divided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np

# Abbreviations whose full stop belongs to them. Those in _TITLES never end a sentence.
_TITLES = (
    "Mr Mrs Ms Dr Prof Sen Sens Rep Reps Gov Govs Gen Lt Col Maj Capt Cmdr Sgt Cpl Pvt Adm Rev Hon Fr St Ste Mt Ft "
    "Pres Atty Supt Insp Det Messrs Mme Mlle Mgr No vs cf Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec"
).split()
_OTHERS = (
    "Jr Sr Inc Corp Co Cos Ltd Bros LLC Ave Blvd Rd Univ Dept Assn Ph Calif Fla Mass Pa Va Wash Conn Ariz Colo Ill "
    "Ore Ga Tenn Minn Mich Wis Neb Nev Okla Kan Md Ky Ala Ark"
).split()
_ABBREVIATIONS = "|".join(sorted(_TITLES + _OTHERS, key=len, reverse=True))

_TOKEN = re.compile(
    rf"""
      [^\W\d_]{{2,}}+(?![\w.'’&@]|://)                  # the common case: a plain word
    | (?:https?://|www\.)\S+ | [\w.+-]+@[\w-]+\.[\w.]+ | [@#]\w+
    | (?:[^\W\d_]\.){{2,}} | (?:{_ABBREVIATIONS})\.(?!\w) | [A-HJ-Z]\.(?![\w])
    | [A-Z]+&[A-Z]+\b
    | [^\W\d_]+(?=n['’]t\b) | n['’]t\b
    | \d+(?:[.,:/]?\d+)*+(?:st|nd|rd|th|s)?\b
    | \w+(?:['’](?!(?:s|S|ll|re|ve|d|m)\b)\w+)*
    | ['’](?:s|S|ll|re|ve|d|m)\b
    | \.\.+ | --+ | ``|''
    | [^\w\s]
    """,
    re.VERBOSE,
)
_STRONG = frozenset({".", "!", "?", "…", "...", "....", "。"})
_LAST_SIGNS = frozenset(sign[-1] for sign in _STRONG)
_CLOSING = frozenset("\"'”’)]»") | {"''"}
_NEVER_LAST = frozenset(f"{word}." for word in _TITLES)
_LONG = 50  # signs from which a run between blanks is not remembered
_INK = np.array([not chr(code).isspace() for code in range(0x3002)])  # what follows is ink
# A capitalised one of these after an abbreviation begins a new sentence ("… in the U.S. The …").
STARTERS = frozenset(
    "The A An In On At It He She They We I But And This That These Those There When While After Before If As For From "
    "With His Her Its Their Our Some Many Most Police Officials However Meanwhile".split()
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, the offset of each, and the index of the first token of each sentence (0 first)."""

    words: list[str]
    starts: list[int]
    sentences: list[int]

    def bounds(self) -> list[tuple[int, int]]:
        """Index of the first token of each sentence and of the one after its last."""
        ends = [*self.sentences[1:], len(self.words)]
        return list(zip(self.sentences, ends, strict=True))


def tokenize(text: str) -> Tokens:
    """The tokens of `text` with their offsets; every character that is no white space is in exactly one of them."""
    words: list[str] = []
    breaks = {0}
    for line in text.split("\n"):
        runs = line.split()
        long = max(map(len, runs), default=0) > _LONG
        words += chain.from_iterable(map(_divide if long else _remembered, runs))
        breaks.add(len(words))
    breaks.update(_ends(words))
    breaks.discard(len(words))
    return Tokens(words, _starts(text, words), sorted(breaks))


def _divide(run: str) -> tuple[str, ...]:
    """The tokens of what stands between blanks: no token reaches over a blank."""
    return tuple(_TOKEN.findall(run))


_remembered = lru_cache(maxsize=2**15)(_divide)


def _starts(text: str, words: list[str]) -> list[int]:
    """Where each word starts: words are all there is but white space, in order."""
    if text.isascii():
        ink = _INK[np.frombuffer(text.encode(), np.uint8)]
    else:
        signs = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        ink = _INK[np.minimum(signs, len(_INK) - 1)]
    places = ink.nonzero()[0]
    lengths = np.fromiter(map(len, words), np.intp, len(words))
    starts: list[int] = places[np.cumsum(lengths) - lengths].tolist()
    return starts


def blocks(tokens: Tokens, size: int) -> Iterator[Tokens]:
    """The tokens in runs of at most `size`, cut between sentences; a longer sentence is cut where the run is full."""
    cuts = set(tokens.sentences)
    begin, count = 0, len(tokens.words)
    while begin < count:
        end = min(begin + size, count)
        if end < count:
            end = next((cut for cut in range(end, begin, -1) if cut in cuts), end)
        inner = [0, *[cut - begin for cut in tokens.sentences if begin < cut < end]]
        yield Tokens(tokens.words[begin:end], tokens.starts[begin:end], inner)
        begin = end


def _ends(words: list[str]) -> list[int]:
    """Indices at which a new sentence begins because the one before has ended."""
    found: list[int] = []
    last = len(words) - 1
    for index in [index for index, word in enumerate(words) if word[-1] in _LAST_SIGNS]:
        word = words[index]
        if word in _STRONG:
            after = index + 1
            while after <= last and words[after] in _CLOSING:
                after += 1
            if after <= last and not words[after][0].islower():
                found.append(after)
        elif word[-1] == "." and index < last and words[index + 1] in STARTERS and word not in _NEVER_LAST:
            found.append(index + 1)
    return found
