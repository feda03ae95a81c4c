"""Known names: which lists (cities, first names, companies …) a word or a run of words stands in.

The lists ship in data/gazetteer.txt.gz; MODEL_CARD.md beside it names their sources. A list is a hint to the model,
never a decision. All phrases are in lower case and divided as `tokens.tokenize` divides.
"""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import combining, normalize

FILE = "gazetteer.txt.gz"
_DATA = Path(__file__).parent / "data"
_PHRASES = "\x1f"


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """`lists` are the names of the lists; `masks` maps a phrase to the lists it is in, one bit each."""

    lists: tuple[str, ...]
    masks: dict[str, int]
    # First word of a phrase of several words → the most words such a phrase has; the first two of a longer one, too.
    longest: dict[str, int]

    def mask(self, phrase: str) -> int:
        """The lists that hold `phrase` (lower case), 0 for none."""
        return self.masks.get(phrase, 0)

    def names(self, mask: int) -> list[str]:
        """The names of the lists in `mask`."""
        return [name for bit, name in enumerate(self.lists) if mask >> bit & 1]

    def bits(self, names: Collection[str]) -> int:
        """The mask of these lists."""
        return sum(1 << bit for bit, name in enumerate(self.lists) if name in names)

    def phrases(self, lower: Sequence[str], places: Iterable[int]) -> list[tuple[int, int, int]]:
        """(start, end, mask) of the longest known phrases of two words and more that start at one of `places`.

        `places` ascend; a phrase that starts inside the one before is left out.
        """
        found: list[tuple[int, int, int]] = []
        longest, masks, size, free = self.longest, self.masks, len(lower), 0
        for start in places:
            if start < free:
                continue
            most = longest.get(lower[start], 0)
            if most > 2 and start + 2 < size:
                most = longest.get(f"{lower[start]} {lower[start + 1]}", 2)
            for end in range(min(start + most, size), start + 1, -1):
                mask = masks.get(" ".join(lower[start:end]), 0)
                if mask:
                    found.append((start, end, mask))
                    free = end
                    break
        return found


def load_gazetteer(folder: Path, file: str = FILE) -> Gazetteer:
    """The gazetteer in `folder`; OSError where there is none."""
    with gzip.open(folder / file, "rt", encoding="utf-8") as stream:
        lists = tuple(stream.readline().rstrip("\n").split(" "))
        masks: dict[str, int] = {}
        for line in stream:
            mask, _, phrases = line.rstrip("\n").partition("\t")
            masks.update(dict.fromkeys(phrases.split(_PHRASES), int(mask)))
    return Gazetteer(lists, masks, _longest(masks))


def joined(one: Gazetteer, other: Gazetteer) -> Gazetteer:
    """The lists of both, those of `one` first; no list may be in both."""
    masks = dict(one.masks)
    shift = len(one.lists)
    for phrase, mask in other.masks.items():
        masks[phrase] = masks.get(phrase, 0) | mask << shift
    longest = {first: max(one.longest.get(first, 0), most) for first, most in other.longest.items()}
    return Gazetteer(one.lists + other.lists, masks, {**one.longest, **longest})


def _longest(masks: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for phrase in masks:
        if " " in phrase:
            count = phrase.count(" ") + 1
            first, second = phrase.split(" ", 2)[:2]
            for begin in (first, f"{first} {second}")[: count - 1]:
                if longest.get(begin, 0) < count:
                    longest[begin] = count
    return longest


def save_gazetteer(folder: Path, lists: Sequence[str], phrases: Mapping[str, Sequence[str]], file: str = FILE) -> None:
    """Write `phrases` (lower-case phrase → names of its lists) so that `load_gazetteer` reads it. Deterministic."""
    bits = {name: bit for bit, name in enumerate(lists)}
    groups: dict[int, list[str]] = {}
    for phrase, names in phrases.items():
        groups.setdefault(sum(1 << bits[name] for name in set(names)), []).append(phrase)
    lines = [" ".join(lists)]
    lines += [f"{mask}\t{_PHRASES.join(sorted(group))}" for mask, group in sorted(groups.items())]
    with (folder / file).open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as stream:
        stream.write(("\n".join(lines) + "\n").encode())


@cache
def _first_names() -> frozenset[str]:
    gazetteer = load_gazetteer(_DATA)
    first = gazetteer.bits(("FIRST", "FIRST2"))
    return frozenset(phrase for phrase, mask in gazetteer.masks.items() if mask & first)


def is_first_name(word: str) -> bool:
    """Whether people are called so, in any accents and capitals. The list is loaded at the first call."""
    low = word.casefold()
    plain = "".join(sign for sign in normalize("NFD", low.replace("ı", "i")) if not combining(sign))
    return not _first_names().isdisjoint((low, plain))
