"""Recognisers of other projects behind our seam. They are not dependencies: each error says what to install.

Models are loaded from what is installed or from a folder; a hub is asked only where the library itself does so.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from archive.errors import UsageError
from archive.model import Kind, Span

SPACY_KINDS = {
    "PERSON": Kind.PERSON,
    "PER": Kind.PERSON,
    "ORG": Kind.ORG,
    "GPE": Kind.PLACE,
    "LOC": Kind.PLACE,
    "FAC": Kind.PLACE,
    # Labels of the Polish and the Nordic pipelines.
    "persName": Kind.PERSON,
    "orgName": Kind.ORG,
    "placeName": Kind.PLACE,
    "geogName": Kind.PLACE,
    "PRS": Kind.PERSON,
    "GPE_LOC": Kind.PLACE,
    "GPE_ORG": Kind.PLACE,
}
GLINER_KINDS = {"person": Kind.PERSON, "location": Kind.PLACE, "organization": Kind.ORG}
_GLINER_LEAST = 0.5  # the library's own default threshold
_GLINER_WINDOW = 1200  # characters: well inside the 384 words such models read at once


class SpacyRecogniser:
    """An installed spaCy pipeline, or one in a folder."""

    def __init__(self, model: str, pipeline: Any) -> None:
        self.name = f"spacy:{model}"
        self._pipeline = pipeline

    def spans(self, text: str, lang: str) -> list[Span]:  # noqa: ARG002
        """See Recogniser; the pipeline's own language decides, and it gives no confidence."""
        found = [(SPACY_KINDS.get(entity.label_), entity) for entity in self._pipeline(text).ents]
        return [Span(kind, entity.start_char, entity.end_char) for kind, entity in found if kind is not None]


class GlinerRecogniser:
    """A GLiNER model, asked for people, places and organisations."""

    def __init__(self, model: str, network: Any) -> None:
        self.name = f"gliner:{model}"
        self._network = network

    def spans(self, text: str, lang: str) -> list[Span]:  # noqa: ARG002
        """See Recogniser; long texts are read in windows that end at paragraphs or blanks."""
        spans: list[Span] = []
        for start, end in windows(text, _GLINER_WINDOW):
            for entity in self._network.predict_entities(text[start:end], list(GLINER_KINDS), threshold=_GLINER_LEAST):
                kind = GLINER_KINDS[entity["label"]]
                spans.append(Span(kind, start + entity["start"], start + entity["end"], float(entity["score"])))
        return without_overlap(spans)


def load_spacy(model: str) -> SpacyRecogniser:
    """The spaCy pipeline `model`. UsageError: spaCy or the pipeline is not installed."""
    spacy = _library("spacy", f"spacy:{model}")
    try:
        pipeline = spacy.load(model, exclude=["lemmatizer", "attribute_ruler"])
    except (OSError, ValueError) as error:
        raise UsageError(
            f"spaCy cannot load {model!r}: {error}. Install it: python -m spacy download {model}"
        ) from error
    return SpacyRecogniser(model, pipeline)


def load_gliner(model: str) -> GlinerRecogniser:
    """The GLiNER model `model` (a folder or a hub's name). UsageError: the library or the model is missing."""
    gliner = _library("gliner", f"gliner:{model}")
    try:
        network = gliner.GLiNER.from_pretrained(model)
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(f"GLiNER cannot load {model!r}: {error}") from error
    return GlinerRecogniser(model, network)


def windows(text: str, size: int) -> list[tuple[int, int]]:
    """Consecutive [start, end) that cover `text`, each at most `size` long, cut at a newline, else a blank, if any."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = min(start + size, len(text))
        if end < len(text):
            cut = max(text.rfind("\n", start + 1, end), 0) or text.rfind(" ", start + 1, end)
            end = cut + 1 if cut > 0 else end
        found.append((start, end))
        start = end
    return found


def without_overlap(spans: list[Span]) -> list[Span]:
    """The surest of overlapping spans (the longer one of equals), sorted by start."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (-span.confidence, span.start - span.end, span.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _library(name: str, asked: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UsageError(f"the recogniser {asked!r} needs the package {name}: pip install {name}") from error
