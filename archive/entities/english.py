"""The recogniser that ships with the package: a trained model for each sentence, then repair over the whole article."""

from __future__ import annotations

from pathlib import Path

from archive.entities.crf import Crf
from archive.entities.features import load_lexicon
from archive.entities.repair import Name, repair
from archive.entities.tokens import tokenize
from archive.model import Kind, Span

DATA = Path(__file__).parent / "data"
KINDS = {"PER": Kind.PERSON, "LOC": Kind.PLACE, "ORG": Kind.ORG}


class EnglishRecogniser:
    """Loads the shipped model; see `recogniser.Recogniser` for the promise."""

    name = "default"

    def __init__(self) -> None:
        self._lexicon = load_lexicon(DATA)
        self._model = Crf(DATA, self._lexicon)

    def spans(self, text: str, lang: str) -> list[Span]:  # noqa: ARG002
        tokens = tokenize(text)
        words, starts = tokens.words, tokens.starts
        names: list[Name] = []
        for begin, end in tokens.bounds():
            names += decode(self._model.labels(words[begin:end]), begin)
        names = repair(tokens, names, self._lexicon)
        return [
            Span(KINDS[name.type], starts[name.start], starts[name.end - 1] + len(words[name.end - 1]), 0.9)
            for name in names
            if name.type in KINDS
        ]


def decode(labels: list[str], begin: int) -> list[Name]:
    """The names that the labels B-X, I-X, O of consecutive tokens spell; the first token has index `begin`."""
    names: list[Name] = []
    start, kind = -1, ""
    for index, label in enumerate([*labels, "O"], begin):
        if kind and label != f"I-{kind}":
            names.append(Name(kind, start, index))
            kind = ""
        if label != "O" and not kind:
            start, kind = index, label[2:]
    return names
