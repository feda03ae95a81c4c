"""What the network for all languages with spaces sees of a word: letters, lists, pieces of a multilingual model.

Training and production alike. The lists are those of English and, in many languages, countries, cities and names of
people (data/foreign_names.txt.gz); a word with an ending that they do not have ("Москве", "Berliinissä") is near them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.entities.features import SIGNS, fold, shape
from archive.entities.gazetteer import Gazetteer, joined, load_gazetteer

LISTS_FILE, MODEL_FILE = "foreign_names.txt.gz", "names_foreign.npz"
# Lists whose names may be near a word. Those that speak of English alone are not.
NEAR_LISTS = ("MCOUNTRY", "MCITY", "MFIRST", "MLAST")
LONGEST_PIECE = 16
_FREQUENT = 1000  # words whose vectors are worked out when the network is loaded
_LETTERS = 20  # of a word that are looked at
_LEAST = 4  # letters of what is near a name
_ENDINGS = 3  # letters that a word may have more than a name
_VOWELS = {"latin": "aeiouy", "cyrillic": "аяеоьйиы"}  # a last letter that endings take the place of
_CYRILLIC = range(0x400, 0x530)
WORD_START = "\u2581"  # how the vocabulary marks a piece that begins a word


@dataclass(frozen=True, slots=True)
class ForeignLore:
    """See vectors.WordLore."""

    gazetteer: Gazetteer
    model: str = MODEL_FILE

    def attributes(self, word: str) -> list[str]:
        """The first letter of each says what it tells: s shape, l length, g lists, n near, w word, c letters."""
        low = fold(word)
        found = [f"s{shape(word)}", f"l{min(len(low), 12)}"]
        mask = self.gazetteer.mask(low)
        found += [f"g{name}" for name in self.gazetteer.names(mask)] if mask else ["g-"]
        if not low[0].isalpha():
            found.append("w" + low)
            return found
        if len(low) > _LEAST:
            near = self._near(low) & ~mask
            if near:
                found += [f"n{name}" for name in self.gazetteer.names(near)]
        text = f"<{low[:_LETTERS]}>"
        size = len(text)
        found += ("w" + low, "c" + text[:2], "c" + text[-2:])
        for length in (3, 4, 5):
            found += ["c" + text[start : start + length] for start in range(size - length + (length < size))]
        return found

    def _near(self, low: str) -> int:
        """The lists of names whose own form a word may be a case of."""
        found, get = 0, self.gazetteer.masks.get
        vowels = _VOWELS["cyrillic" if ord(low[0]) in _CYRILLIC else "latin"]  # no name mixes them
        for size in range(max(len(low) - _ENDINGS, _LEAST), len(low)):
            stem = low[:size]
            found |= get(stem, 0)
            for vowel in vowels:
                found |= get(stem + vowel, 0)
        return found and found & self.gazetteer.bits(NEAR_LISTS)

    def pieces(self, word: str, vocabulary: Mapping[str, int]) -> list[int]:
        """See `cut`."""
        return list(cut(WORD_START + word, vocabulary))

    def marked(self, word: str) -> bool:
        """A capital somewhere, a letter of a script without capitals, or a hyphen."""
        low = word.lower()
        return word != low or word == "-" or (low[0].isalpha() and low == word.upper())

    def beforehand(self, attributes: Sequence[str]) -> tuple[int, list[str]]:
        """The model's attributes of one kind stand in the order of their frequency."""
        words = [name[1:] for name in attributes if name[0] == "w"][:_FREQUENT]
        frequent = list(dict.fromkeys([*words, *SIGNS]))
        return len(frequent), frequent


def load_lore(folder: Path, english: Gazetteer) -> ForeignLore:
    """The lists of many languages, joined to those of English; OSError where they are missing."""
    return ForeignLore(joined(english, load_gazetteer(folder, LISTS_FILE)))


def cut(text: str, vocabulary: Mapping[str, int]) -> Iterator[int]:
    """Numbers of the longest known pieces from left to right; a sign that no piece begins with is passed over.

    Capitals count. What begins a word begins with WORD_START; that alone is no piece.
    """
    start, size = 0, len(text)
    while start < size:
        for end in range(min(size, start + LONGEST_PIECE), start, -1):
            number = vocabulary.get(text[start:end])
            if number is not None:
                yield number
                start = end
                break
        else:
            start += 1
