"""Who finds the names of people, places and organisations: the seam, and the choice by name.

none            finds no names: for bulk work that only wants texts and dates
default         ships with the package: small networks for English, other languages with spaces, and East Asian ones
accurate        a larger model, in the extra "accurate": finds more and slower
spacy:MODEL     an installed spaCy pipeline
gliner:MODEL    a GLiNER model, zero-shot
"""

from __future__ import annotations

from threading import Lock
from typing import Protocol

from archive.errors import UsageError
from archive.model import Span


class Recogniser(Protocol):
    """Marks names in a text. One instance may be asked by several threads at once."""

    @property
    def name(self) -> str:
        """How mentions say who found them: "default", "spacy:en_core_web_lg"."""

    def spans(self, text: str, lang: str) -> list[Span]:
        """The people, places and organisations in the whole text of an article, paragraphs divided by newlines.

        Sorted by start, never overlapping. `lang` is a BCP 47 primary tag, "" where unknown (taken as English).
        """


class Nobody:
    """Finds no names."""

    name = "none"

    def spans(self, text: str, lang: str) -> list[Span]:  # noqa: ARG002 - the Protocol's
        return []


class _InTurns:
    """Lets threads ask one after the other, where a library does not say that they may ask at once."""

    def __init__(self, recogniser: Recogniser) -> None:
        self.name = recogniser.name
        self._recogniser = recogniser
        self._turn = Lock()

    def spans(self, text: str, lang: str) -> list[Span]:
        with self._turn:
            return self._recogniser.spans(text, lang)


def load_recogniser(name: str = "default") -> Recogniser:
    """The recogniser that `[entities] recogniser` names. UsageError: unknown, or what it needs is not installed."""
    if name == "default":
        from archive.entities.default import DefaultRecogniser

        return DefaultRecogniser()
    if name == "accurate":
        from archive.entities.accurate import AccurateRecogniser

        return AccurateRecogniser()
    if name == "none":
        return Nobody()
    family, _, model = name.partition(":")
    if family in ("spacy", "gliner") and model:
        from archive.entities import extras

        return _InTurns(extras.load_spacy(model) if family == "spacy" else extras.load_gliner(model))
    raise UsageError(f"there is no recogniser {name!r}; choose default, accurate, none, spacy:MODEL or gliner:MODEL")
