"""Who finds the names of people, places and organisations: the seam, and the choice by name.

none            finds no names: for bulk work that only wants texts and dates
default         ships with the package: English by a trained model, other languages by capitals and lists
spacy:MODEL     an installed spaCy pipeline
gliner:MODEL    a GLiNER model, zero-shot
"""

from __future__ import annotations

from typing import Protocol

from archive.errors import UsageError
from archive.model import Span


class Recogniser(Protocol):
    """Marks names in a text. Each thread takes its own instance."""

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


def load_recogniser(name: str = "default") -> Recogniser:
    """The recogniser that `[entities] recogniser` names. UsageError: unknown, or what it needs is not installed."""
    if name == "default":
        from archive.entities.default import DefaultRecogniser

        return DefaultRecogniser()
    if name == "none":
        return Nobody()
    family, _, model = name.partition(":")
    if family in ("spacy", "gliner") and model:
        from archive.entities import extras

        return extras.load_spacy(model) if family == "spacy" else extras.load_gliner(model)
    raise UsageError(f"there is no recogniser {name!r}; choose default, none, spacy:MODEL or gliner:MODEL")
