"""What the model sees of a word: attributes that depend on the word alone, worked out once per word and kept.

`attributes` serves training and production alike. The background (how often a word was seen, and how often in lower
case) ships in data/words.txt.gz and comes from the training texts.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.entities.gazetteer import Gazetteer, load_gazetteer

WORDS_FILE = "words.txt.gz"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of words before a text is read.

    `background` maps a lower-case word to `lower-case tenths * 16 + magnitude`: of its uses within sentences, how many
    tenths (0 to 10) were in lower case, and the binary magnitude (1 to 15) of how often it was seen.
    """

    gazetteer: Gazetteer
    background: Mapping[str, int]

    def lower_tenths(self, low: str) -> int | None:
        """How many tenths of its uses a word has in lower case, None for an unknown word."""
        known = self.background.get(low)
        return None if known is None else known >> 4


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
    out = ""
    for sign in word:
        mark = "X" if sign.isupper() else "x" if sign.isalpha() else "0" if sign.isdigit() else sign
        if out[-2:] != mark + mark:
            out += mark
    return out[:8]


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
        found += [f"p{n}={low[:n]}" for n in (2, 3, 4) if len(low) > n]
        found += [f"e{n}={low[-n:]}" for n in (1, 2, 3, 4) if len(low) > n]
        mask = lexicon.gazetteer.mask(low)
        found += [f"g={name}" for name in lexicon.gazetteer.names(mask)] if mask else ["g=-"]
    else:
        found.append(f"e3={low[-3:]}")
    return found
