"""The linear-chain model: words of a sentence → features → labels and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pycrfsuite

from archive.entities.features import Lexicon, attributes, fold, shape

MODEL_FILE = "names.crfsuite"
_OUTSIDE = ("s=</>", "")
_NEAR = ("w=", "s=", "b=", "g=", "e3")
_FAR = ("w=", "s=")


class Word:
    """A word's features by distance, worked out once."""

    __slots__ = ("before", "far_after", "far_before", "here", "low", "next", "shape")

    def __init__(self, word: str, lexicon: Lexicon) -> None:
        own = attributes(word, lexicon)
        near = [a for a in own if a[:2] in _NEAR]
        far = [a for a in own if a[:2] in _FAR]
        self.low = fold(word)
        self.shape = shape(word)
        self.here = own
        self.before = [f"-1{a}" for a in near]
        self.next = [f"+1{a}" for a in near]
        self.far_before = [f"-2{a}" for a in far]
        self.far_after = [f"+2{a}" for a in far]


def sentence_features(words: Sequence[str], lexicon: Lexicon, cache: dict[str, Word]) -> list[list[str]]:
    """The features of each word of a sentence; `cache` keeps what depends on a word alone."""
    items: list[Word] = []
    for word in words:
        item = cache.get(word)
        if item is None:
            item = cache[word] = Word(word, lexicon)
        items.append(item)
    rows = [list(item.here) for item in items]
    size = len(items)
    for index, row in enumerate(rows):
        item = items[index]
        before = items[index - 1] if index else None
        after = items[index + 1] if index + 1 < size else None
        if before is None:
            row.append("-1^")
            row.append(f"^{item.shape}")
        else:
            row += before.before
            row.append(f"{before.low}|{item.low}")
            row.append(f"{before.low}|{item.shape}")
        if after is None:
            row.append("+1$")
        else:
            row += after.next
            row.append(f"{item.shape}|{after.low}")
        row.append(f"{before.shape if before else '^'}|{item.shape}|{after.shape if after else '$'}")
        if index > 1:
            row += items[index - 2].far_before
        if index + 2 < size:
            row += items[index + 2].far_after
    _mark_phrases(items, rows, lexicon)
    return rows


def _mark_phrases(items: Sequence[Word], rows: list[list[str]], lexicon: Lexicon) -> None:
    """Add the lists that hold a run of words to the rows of that run and around it."""
    capitals = [index for index, item in enumerate(items) if "X" in item.shape]
    if len(capitals) < 2:
        return
    for start, end, mask in lexicon.gazetteer.phrases([item.low for item in items], capitals):
        for name in lexicon.gazetteer.names(mask):
            for index in range(start, end):
                rows[index].append(f"G{'B' if index == start else 'I'}={name}")


class Crf:
    """A trained model. Not for several threads at once: each takes its own."""

    def __init__(self, folder: Path, lexicon: Lexicon) -> None:
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(folder / MODEL_FILE))
        self._lexicon = lexicon
        self._cache: dict[str, Word] = {}

    def labels(self, words: Sequence[str]) -> list[str]:
        """One label (B-PER, I-PER, …, O) per word of a sentence."""
        labels: list[str] = self._tagger.tag(sentence_features(words, self._lexicon, self._cache))
        return labels
