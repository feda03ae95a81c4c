"""In which speech (see index/stemming.py) the documents of a segment are: by which stemmer their words have keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from archive import frozen
from index.engines.whoosh.packing import Array, Ints
from index.plan import Stem
from index.stemming import speech_of


@frozen
class Spoken:
    """`speeches` that there are, and for each document the place of its own among them, where there are several."""

    speeches: tuple[str, ...] = ("",)
    of: Array | None = None

    @staticmethod
    def make(speeches: Sequence[str], of: Array) -> Spoken:
        """`of`: for each document a place in `speeches`, of which some may not be used."""
        used = np.flatnonzero(np.bincount(of, minlength=len(speeches)))
        if len(used) < 2:
            return Spoken(tuple(speeches[place] for place in used.tolist()) or ("",))
        places = np.zeros(len(speeches), np.uint8)
        places[used] = np.arange(len(used))
        return Spoken(tuple(speeches[place] for place in used.tolist()), places[of])

    @staticmethod
    def joined(parts: Iterable[tuple[Spoken, Ints, Ints]], documents: int) -> Spoken:
        """One for several segments: of each those documents that are kept, and what numbers they get."""
        speeches: dict[str, int] = {}
        of = np.zeros(documents, np.int64)
        for spoken, kept, numbers in parts:
            places = np.array([speeches.setdefault(each, len(speeches)) for each in spoken.speeches])
            of[numbers] = places[0] if spoken.of is None else places[spoken.of[kept]]
        return Spoken.make(list(speeches), of)

    def keys(self, asked: Stem) -> list[str]:
        """Those keys of a stem that can be there."""
        keys = (asked.stem,) if self.speeches == ("",) else asked.keys
        return [key for key in keys if speech_of(key) in self.speeches]

    def inside(self, speech: str, docs: Ints) -> Array:
        """Which of some documents are in a speech that there is."""
        if self.of is None:
            return np.ones(len(docs), bool)
        inside: Array = self.of[docs] == self.speeches.index(speech)
        return inside

    def postings(self, docs: Ints) -> Mapping[str, Ints | slice]:
        """Which of some postings, whose documents these are, are of which speech."""
        if self.of is None:
            return {self.speeches[0]: slice(None)}
        own = self.of[docs]
        return {speech: np.flatnonzero(own == place) for place, speech in enumerate(self.speeches)}


ENGLISH = Spoken()
