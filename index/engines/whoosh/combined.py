"""Title and text as one list per stem: what a word without a field asks, and in most queries all there is to read.

    words/title+text/…     as any field of texts (see builder.py), but its terms are keys, it has no positions and no
                           lengths; how often: in the text, and in the lowest two bits in the title (MOST times at most)

So the number of documents with a stem is exact and known without reading. Written by combining.py.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from index.engines.whoosh.arrays import ArrayFile
from index.engines.whoosh.packing import Array, Ints
from index.fields import DEFAULT
from index.plan import MOST, Combined, Stem

(TITLE, TITLE_WEIGHT), (TEXT, _) = DEFAULT.asks
FIELD = f"{TITLE}+{TEXT}"
BITS = 2
assert MOST < 2**BITS
UNITS = {TITLE: 1, TEXT: 2**BITS}
"""How much once in each of the two fields adds to the number for both."""


def stem_of(leaf: Combined) -> Stem | None:
    """The stem that `leaf` asks for, of whose keys a document has one at most; None if it asks for something else."""
    first = leaf.parts[0]
    if not isinstance(first, Stem):
        return None
    same = all(isinstance(part, Stem) and (part.stem, part.term) == (first.stem, first.term) for part in leaf.parts)
    return first if same else None


def both(often: Array, field: str) -> Array:
    """How often in one of the two fields, as a part of the number for both; the parts are added up."""
    return np.minimum(often, MOST) if field == TITLE else often << BITS


def in_text(often: Array) -> Array:
    """How often in the text, of numbers for both."""
    text: Array = often >> often.dtype.type(BITS)
    return text


def in_title(often: Array) -> Array:
    """How often in the title."""
    title: Array = often & often.dtype.type(2**BITS - 1)
    return title


class Within:
    """What terms of the text have to do with the lists of both fields, of the names of arrays in lists.py."""

    def __init__(self, file: ArrayFile, base: str) -> None:
        self.mask = file.get(f"{base}/within").view(bool)
        self._keys = file.get(f"{base}/keys")

    @cached_property
    def _forms(self) -> Ints:
        """How many terms have each of the keys."""
        return np.bincount(self._keys)

    def wholes(self, numbers: Ints | int) -> Ints:
        """The lists of which those of these terms are part."""
        return self._keys[numbers].astype(np.int64) - 1

    def by_key(self, numbers: Ints) -> tuple[Ints, Ints]:
        """The lists of those keys all of whose terms are among these, and the other terms."""
        keys = self._keys[numbers]
        found, often = np.unique(keys, return_counts=True)
        complete = np.zeros(len(self._forms), bool)
        complete[found[often == self._forms[found]]] = True
        complete[0] = False
        return found[complete[found]].astype(np.int64) - 1, numbers[~complete[keys]]
