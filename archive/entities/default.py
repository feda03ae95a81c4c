"""The recogniser that ships with the package: a network reads the article, its sentences agree, rules repair.

English, all other languages with spaces, and those of which single signs are read have a network each. One is loaded
when the first article comes that it reads. The rules of `repair` are for English.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from archive.entities.agree import agree, alike
from archive.entities.convolution import Floats
from archive.entities.decode import Decoder, TokenSpan
from archive.entities.features import Lexicon, load_lexicon
from archive.entities.languages import LEAST_UNTOLD, Reader, reader_of, told
from archive.entities.network import Network
from archive.entities.repair import repair
from archive.entities.tokens import Tokens, tokenize
from archive.model import Kind, Span

if TYPE_CHECKING:
    from archive.entities.foreign_rules import ForeignRules
    from archive.entities.small_words import SmallWords

DATA = Path(__file__).parent / "data"
KINDS = {"PER": Kind.PERSON, "LOC": Kind.PLACE, "ORG": Kind.ORG}


class Labeller(Protocol):
    """A network that says of every word how probable each label is.

    `labels` are O and B-, I-, L-, U- of each type; `languages` are the codes that it can be told.
    """

    labels: list[str]
    languages: dict[str, Floats]

    def probabilities(self, tokens: Tokens, lang: str = "") -> Floats:
        """A row for each token, a column for each label, of a text in `lang`, or in one that is not told."""


class DefaultRecogniser:
    """Loads the shipped models; see `recogniser.Recogniser` for the promise.

    The same text gives the same spans and confidences, whatever was read before, in this process or another, in one
    thread or several at once: the networks take turns.
    """

    name = "default"

    def __init__(self) -> None:
        self._lexicon = load_lexicon(DATA)
        self._network = self._load(self._lexicon)
        self._decoder = Decoder(self._network.labels)
        self._lists = self._lexicon.gazetteer  # joined by those of other languages with the network that reads them
        self._foreign: dict[Reader, tuple[Labeller, Decoder]] = {}
        self._rules: tuple[SmallWords, ForeignRules] | None = None  # by the lists, once they are joined
        self._is_surname: Callable[[str], bool] = lambda _sign: False  # by the lists of the network over signs
        self._loading = Lock()

    def _load(self, lexicon: Lexicon) -> Labeller:
        return Network(DATA, lexicon)

    def spans(self, text: str, lang: str) -> list[Span]:
        """See Recogniser. Names of other kinds (nationalities, works, events) are found and left out."""
        reader = reader_of(lang)
        if reader is Reader.NONE:
            return []
        if reader is Reader.WORDS:
            from archive.entities.foreign import uncased
        tokens, names = self._english(text) if reader is Reader.ENGLISH else self._other(reader, text, lang)
        words, starts, found = tokens.words, tokens.starts, []
        for name in names:
            if name.type in KINDS:
                start, end = starts[name.start], starts[name.end - 1] + len(words[name.end - 1])
                if reader is Reader.WORDS:
                    end = start + uncased(text[start:end], lang)
                found.append(Span(KINDS[name.type], start, end, min(max(round(name.score, 3), 0.001), 1.0)))
        return found

    def _english(self, text: str) -> tuple[Tokens, list[TokenSpan]]:
        tokens = tokenize(text)
        if not tokens.words:
            return tokens, []
        found = self._agreed(tokens, self._network.probabilities(tokens), self._decoder)
        return tokens, repair(tokens, found, self._lexicon)

    def _other(self, reader: Reader, text: str, lang: str) -> tuple[Tokens, list[TokenSpan]]:
        from archive.entities.foreign import unelided, with_known
        from archive.entities.foreign_arabic import LANG as ARABIC
        from archive.entities.foreign_arabic import unglued
        from archive.entities.foreign_rules import ForeignRules
        from archive.entities.signs import divide, with_surnames, without_days
        from archive.entities.signs_people import before_offices, before_verbs
        from archive.entities.small_words import SmallWords

        tokens = divide(text) if reader is Reader.SIGNS else tokenize(unelided(text, lang))
        if not tokens.words:
            return tokens, []
        network, decoder = self._network_of(reader)
        if lang == ARABIC:
            tokens = unglued(tokens, self._lists)
        code = told(lang)
        probabilities = network.probabilities(tokens, code)
        if reader is Reader.SIGNS:
            found = without_days(tokens.words, decoder.names(tokens, probabilities))
            if code == "zh":
                found = with_surnames(tokens.words, found, self._is_surname)
                found = before_verbs(tokens.words, found, self._is_surname)
            elif code == "ja":
                found = before_offices(tokens.words, found, self._is_surname)
            return tokens, with_known(tokens.words, found, lang)
        found = self._agreed(tokens, probabilities, decoder)
        if code not in network.languages:
            found = [name for name in found if name.score >= LEAST_UNTOLD]
        if self._rules is None:
            self._rules = SmallWords(self._lists), ForeignRules(self._lists)
        small, rules = self._rules
        found = rules.mended(tokens, small.without(tokens, found, lang), lang)
        return tokens, with_known(tokens.words, found, lang)

    def _network_of(self, reader: Reader) -> tuple[Labeller, Decoder]:
        """Loaded once."""
        with self._loading:
            if reader not in self._foreign:
                network = self._load_foreign(reader)
                self._foreign[reader] = network, Decoder(network.labels)
            return self._foreign[reader]

    def _load_foreign(self, reader: Reader) -> Labeller:
        if reader is Reader.SIGNS:
            from archive.entities.signs import SignNetwork

            signs = SignNetwork(DATA)
            self._is_surname = signs.is_surname
            return signs
        from archive.entities.foreign_words import load_lore

        lore = load_lore(DATA, self._lexicon.gazetteer)
        self._lists = lore.gazetteer
        return Network(DATA, lore)

    @staticmethod
    def _agreed(tokens: Tokens, probabilities: Floats, decoder: Decoder) -> list[TokenSpan]:
        """The names, once the sentences have settled what one of them leaves open."""
        paths: dict[bytes, list[int]] = {}
        first = decoder.names(tokens, probabilities, paths)
        agreed = agree(tokens, probabilities, first, decoder)
        names = first if agreed is probabilities else decoder.names(tokens, agreed, paths)
        return alike(tokens, agreed, names, decoder)
