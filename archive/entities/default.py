"""The recogniser that ships with the package: the network reads the article, its sentences agree, rules repair.

Other languages than English are read by the same network, and `fallback` judges what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from archive.entities.agree import agree
from archive.entities.decode import Decoder, TokenSpan
from archive.entities.features import Lexicon, load_lexicon
from archive.entities.network import Floats, Network
from archive.entities.repair import repair
from archive.entities.tokens import Tokens, tokenize
from archive.model import Kind, Span

DATA = Path(__file__).parent / "data"
ENGLISH = frozenset({"", "en"})
KINDS = {"PER": Kind.PERSON, "LOC": Kind.PLACE, "ORG": Kind.ORG}


class Labeller(Protocol):
    """A network that says of every word how probable each label is. `labels` are O and B-, I-, L-, U- of each type."""

    labels: list[str]

    def probabilities(self, tokens: Tokens) -> Floats:
        """A row for each token, a column for each label."""


class DefaultRecogniser:
    """Loads the shipped model; see `recogniser.Recogniser` for the promise.

    The same text gives the same spans and confidences, whatever was read before, in this process or another, in one
    thread or several at once: the networks take turns.
    """

    name = "default"

    def __init__(self) -> None:
        self._lexicon = load_lexicon(DATA)
        self._network = self._load(self._lexicon)
        self._decoder = Decoder(self._network.labels)

    def _load(self, lexicon: Lexicon) -> Labeller:
        return Network(DATA, lexicon)

    def spans(self, text: str, lang: str) -> list[Span]:
        """See Recogniser. Names of other kinds (nationalities, works, events) are found and left out."""
        english = lang in ENGLISH
        if not english:
            from archive.entities.fallback import foreign, unelided

            text = unelided(text, lang)
        tokens = tokenize(text)
        if not tokens.words:
            return []
        probabilities = self._network.probabilities(tokens)
        if english:
            names = repair(tokens, self._agreed(tokens, probabilities), self._lexicon)
        else:
            names = foreign(tokens, self._decoder.masses(probabilities), self._lexicon.gazetteer, lang)
        words, starts = tokens.words, tokens.starts
        return [
            Span(
                KINDS[name.type],
                starts[name.start],
                starts[name.end - 1] + len(words[name.end - 1]),
                max(round(name.score, 3), 0.001),
            )
            for name in names
            if name.type in KINDS
        ]

    def _agreed(self, tokens: Tokens, probabilities: Floats) -> list[TokenSpan]:
        """The names, once the sentences have settled what one of them leaves open."""
        first = self._decoder.names(tokens, probabilities)
        agreed = agree(tokens, probabilities, first, self._decoder)
        return first if agreed is probabilities else self._decoder.names(tokens, agreed)
