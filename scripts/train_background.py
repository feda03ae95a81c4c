"""How often words occur in the training texts, and how often in lower case: the background of the features."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from train_data import Document

from archive.entities.features import fold


def background(documents: Iterable[Document], least: int = 3) -> dict[str, int]:
    """Folded word → code (see features.Lexicon) for words seen `least` times. Sentence starts and capitals lines
    say nothing about case and are left out of the tenths."""
    seen: Counter[str] = Counter()
    cased: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for document in documents:
        for sentence in document.sentences:
            shouting = sum(word.isupper() for word in sentence.words) * 2 > len(sentence.words)
            first = set(sentence.breaks)
            for index, word in enumerate(sentence.words):
                low = fold(word)
                if not low[0].isalpha():
                    continue
                seen[low] += 1
                if index not in first and not shouting and sentence.words[index - 1] not in ("“", '"', "``", ":"):
                    cased[low] += 1
                    small[low] += word[0].islower()
    return {
        low: (round(10 * small[low] / cased[low]) if cased[low] else 0) << 4 | min(count.bit_length(), 15)
        for low, count in seen.items()
        if count >= least
    }
