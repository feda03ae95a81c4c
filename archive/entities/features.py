"""What the model sees: attributes of a word alone (worked out once per word and kept), and features of its place.

Both serve training and production alike. The background (how often a word was seen, and how often in lower
case) ships in data/words.txt.gz and comes from the training texts.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from archive.entities.gazetteer import Gazetteer, load_gazetteer
from archive.entities.pieces import pieces
from archive.entities.tokens import STARTERS, Tokens

WORDS_FILE = "words.txt.gz"
# Features of a word's place; the phrase lists follow, once for a phrase's first word and once for the others.
START, SHOUTING, TITLED, LISTS = 0, 1, 2, 4
SIGNS = ", . \" ' 's ’s - – — ( ) : ; “ ” ’ ? ! $ % / n't".split()  # frequent in any text
# From which binary magnitude of use a word's vector is worked out beforehand, the word counts as frequent, and is so
# with a capital, too.
_KNOWN, _FREQUENT, _BEGINS = 7, 8, 10

Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of words before a text is read.

    `background` maps a lower-case word to `lower-case tenths * 16 + magnitude`: of its uses within sentences, how many
    tenths (0 to 10) were in lower case, and the binary magnitude (1 to 15) of how often it was seen.
    """

    gazetteer: Gazetteer
    background: Mapping[str, int]
    model: str = "names.npz"

    def lower_tenths(self, word: str) -> int:
        """How many tenths of a word's uses are in lower case, 0 where it was never seen."""
        return self.background.get(word.lower(), 0) >> 4

    def attributes(self, word: str) -> list[str]:
        """See WordLore."""
        return attributes(word, self)

    def pieces(self, word: str, vocabulary: Mapping[str, int]) -> list[int]:
        """See WordLore: the pieces are those of BERT."""
        return pieces(word, vocabulary)

    def marked(self, word: str) -> bool:
        """See WordLore: a capital somewhere, and not only because sentences begin with it, or a hyphen."""
        return word == "-" or (word != word.lower() and word not in STARTERS)

    def beforehand(self, attributes: Sequence[str]) -> tuple[int, list[str]]:  # noqa: ARG002 - the Protocol's
        """See WordLore."""
        uses = {word: code & 15 for word, code in self.background.items() if code & 15 >= _KNOWN}
        words = [word for word, use in uses.items() if use >= _FREQUENT]
        begins = [word.capitalize() for word in words if uses[word] >= _BEGINS]
        frequent = list(dict.fromkeys([*words, *begins, *SIGNS]))
        return len(frequent), list(dict.fromkeys([*frequent, *uses]))


def load_lexicon(folder: Path) -> Lexicon:
    """The lists in `folder`; OSError where they are missing."""
    background: dict[str, int] = {}
    with gzip.open(folder / WORDS_FILE, "rt", encoding="utf-8") as stream:
        for line in stream:
            code, _, words = line.rstrip("\n").partition("\t")
            background.update(dict.fromkeys(words.split(" "), int(code)))
    return Lexicon(load_gazetteer(folder), background)


def save_background(folder: Path, background: Mapping[str, int]) -> None:
    """Write the background so that `load_lexicon` reads it. Deterministic."""
    groups: dict[int, list[str]] = {}
    for word, code in background.items():
        groups.setdefault(code, []).append(word)
    lines = [f"{code}\t{' '.join(sorted(group))}" for code, group in sorted(groups.items())]
    with (folder / WORDS_FILE).open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as stream:
        stream.write(("\n".join(lines) + "\n").encode())


def fold(word: str) -> str:
    """The word as lists and weights know it: lower case, one kind of apostrophe, digits as 0."""
    low = word.lower()
    if low.isalpha():
        return low
    return "".join("0" if sign.isdigit() else sign for sign in low.replace("’", "'").replace("‘", "'"))


def shape(word: str) -> str:
    """X for a capital, x for a small letter, 0 for a digit, runs cut to two: "Krasner" → Xxx, "U.S." → X.X."""
    if word.islower():
        return "x" if len(word) == 1 else "xx"
    if word.isalpha() and word[0].isupper() and word[1:].islower():  # most others: what stands below, faster
        return "Xxx"[: len(word)]
    out = ""
    for sign in word:
        mark = "X" if sign.isupper() else "x" if sign.isalpha() else "0" if sign.isdigit() else sign
        if out[-2:] != mark + mark:
            out += mark
            if len(out) > 7:
                return out[:8]
    return out


def attributes(word: str, lexicon: Lexicon) -> list[str]:
    """Everything the model may know of `word` alone; the first is its identity, the second its shape."""
    low = fold(word)
    form = shape(word)
    found = [f"w={low}", f"s={form}"]
    known = lexicon.background.get(low)
    if known is None:
        found.append("b=?")
    else:
        found += [f"b={known >> 4}", f"f={known & 15}"]
    if not low[0].isalpha():
        return found
    if "X" in form or known is None:
        if len(low) > 4:  # most words: all of what stands below, faster
            found += (f"p2={low[:2]}", f"p3={low[:3]}", f"p4={low[:4]}",
                      f"e1={low[-1]}", f"e2={low[-2:]}", f"e3={low[-3:]}", f"e4={low[-4:]}")  # fmt: skip
        else:
            found += [f"p{n}={low[:n]}" for n in (2, 3) if len(low) > n]
            found += [f"e{n}={low[-n:]}" for n in (1, 2, 3) if len(low) > n]
        mask = lexicon.gazetteer.mask(low)
        found += [f"g={name}" for name in lexicon.gazetteer.names(mask)] if mask else ["g=-"]
    else:
        found.append(f"e3={low[-3:]}")
    return found


def cases(word: str) -> tuple[bool, bool, bool]:
    """Whether a word is all in capitals (and longer than one letter), begins with a capital, with a letter."""
    return len(word) > 1 and word.isupper(), word[0].isupper(), word[0].isalpha()


def place_features(tokens: Tokens, case: Ints, lower: Sequence[str], gazetteer: Gazetteer) -> tuple[Ints, Ints]:
    """(token index, feature) pairs: sentence starts, sentences in capitals, runs of words that stand in a list.

    `case` has a row of `cases` for each token, `lower` its folded form.
    """
    begins = np.asarray(tokens.sentences, np.intp)
    places, features = _starts(tokens)
    counts = np.add.reduceat(case, begins, axis=0)
    upper, capital, letters = counts[:, 0], counts[:, 1], counts[:, 2]
    shouting = (letters > 2) & (upper * 2 > letters)
    titled = ~shouting & (letters > 3) & (capital * 10 >= letters * 7)
    ends = [*tokens.sentences[1:], len(tokens.words)]
    for sentence in np.flatnonzero(shouting | titled).tolist():
        inside = range(tokens.sentences[sentence], ends[sentence])
        places += inside
        features += [SHOUTING if shouting[sentence] else TITLED] * len(inside)
    count = len(gazetteer.lists)
    for start, end, mask in gazetteer.phrases(lower, np.flatnonzero(case[:, 1]).tolist()):
        for bit in range(count):
            if mask >> bit & 1:
                places += range(start, end)
                features += [LISTS + bit, *[LISTS + count + bit] * (end - start - 1)]
    return np.asarray(places, np.intp), np.asarray(features, np.intp)


def _starts(tokens: Tokens) -> tuple[list[int], list[int]]:
    """The first word of each sentence, and the signs before it."""
    words = tokens.words
    places: list[int] = []
    for begin in tokens.sentences:
        index = begin
        places.append(index)
        while index + 1 < len(words) and not words[index][0].isalnum():
            index += 1
            places.append(index)
    return places, [START] * len(places)
