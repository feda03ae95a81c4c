"""Repair over the whole article: what one sentence leaves open, the others of the story settle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.entities.features import Lexicon
from archive.entities.tokens import Tokens

HONORIFICS = frozenset(
    "mr. mrs. ms. miss dr. prof. sen. rep. gov. gen. lt. col. maj. capt. sgt. cpl. rev. president vice prime minister "
    "senator representative governor mayor councilman councilwoman congressman congresswoman judge justice sheriff "
    "attorney secretary chancellor ambassador professor king queen prince princess pope sir lord lady dame sheikh "
    "detective officer chief captain sergeant lieutenant colonel general reps. sens. deputy former".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name at tokens [start, end); `type` is PER, LOC, ORG or MISC."""

    type: str
    start: int
    end: int


def repair(tokens: Tokens, names: Sequence[Name], lexicon: Lexicon) -> list[Name]:  # noqa: ARG001
    """The names of one article after repair, sorted, not overlapping."""
    trimmed = [name for name in (trim(tokens.words, name) for name in names) if name is not None]
    return settle_surnames(tokens.words, trimmed)


def trim(words: Sequence[str], name: Name) -> Name | None:
    """A person without title, any name without a possessive ending; None when nothing is left."""
    start, end = name.start, name.end
    while end > start and words[end - 1].lower() in ("'s", "’s", "'", "’"):
        end -= 1
    while name.type == "PER" and start < end and words[start].lower() in HONORIFICS:
        start += 1
    return replace(name, start=start, end=end) if start < end else None


def settle_surnames(words: Sequence[str], names: Sequence[Name]) -> list[Name]:
    """A lone word that ends a person's full name in this article is that person, whatever the model took it for."""
    surnames = Counter(words[name.end - 1] for name in names if name.type == "PER" and name.end - name.start > 1)
    others = Counter(words[name.start] for name in names if name.type != "PER" and name.end - name.start == 1)
    sure = {word for word in surnames if others[word] < 2}
    settled = [
        replace(name, type="PER") if name.end - name.start == 1 and words[name.start] in sure else name
        for name in names
    ]
    taken = {index for name in settled for index in range(name.start, name.end)}
    found = [
        Name("PER", i, i + 1) for i, word in enumerate(words) if i not in taken and word in sure and word[0].isupper()
    ]
    return sorted([*settled, *found], key=lambda name: name.start)
