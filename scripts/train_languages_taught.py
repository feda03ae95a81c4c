"""Text that links had marked, or nobody, as a teacher marks it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from train_data import LABEL
from train_languages_data import SIGN_LANGUAGES, SILVER, Marked, divided, with_links
from train_languages_network import DOUBTED, Floats

from archive.entities.languages import told
from archive.entities.tokens import Tokens

_MOST = 40_000  # texts of a language with something that may be a name
_MOST_OF = {"ja": 20_000, "zh": 2_400}  # in Chinese there are but the tales of a game, which are far from news
_LINKED, _FILLED = 0.3, 0.5  # share that a name which links mark keeps, and one that was set into a sentence
_NAMELESS = 0.6  # the probability of no name below which a word may be one
_OTHERS = 4  # texts that have such a word for one that has none
_SHORTEST, _LONGEST = 25, 500  # signs of a text; of a script without blanks half as many at least
_SEED = 1
ANEW = " anew"  # behind the name of a document that links had marked


class Labeller(Protocol):
    def probabilities(self, tokens: Tokens, lang: str, /) -> Floats:
        """For each token the probability of each label."""


class Taught:
    """A teacher, and all that it said: a label from DOUBTED on is a row of `probabilities`.

    `network` is quick, and tells which texts may have a name.
    """

    def __init__(self, network: Labeller, teacher: Labeller) -> None:
        self._network, self._teacher = network, teacher
        self._rows: dict[int, Floats] = {}  # of each text, by its first label
        self._count = 0

    @property
    def probabilities(self) -> torch.Tensor:
        """(words, labels)"""
        return torch.from_numpy(np.concatenate(list(self._rows.values())))

    def anew(self, given: Iterable[Marked]) -> Iterator[Marked]:
        """All that is given; and what links had marked once more as the teacher marks it, with a say for the links."""
        for marked in given:
            yield marked
            if marked.style not in SILVER:
                continue
            yield replace(self._mixed(marked, _LINKED), style="gold", document=f"{marked.document}{ANEW}")

    def filled(self, given: Iterable[Marked]) -> Iterator[Marked]:
        """Sentences that names were set into, as the teacher marks them, with a say for what was set in."""
        return (self._mixed(marked, _FILLED) for marked in given)

    def texts(self, folder: Path, of_signs: bool) -> Iterator[Marked]:
        """The texts in LANGUAGE.txt, one a line: such as have names, and a few others; in the language that is told."""
        for file in sorted(folder.glob("*.txt")):
            lang, named, others = file.stem, 0, 0
            if (lang in SIGN_LANGUAGES) != of_signs:
                continue
            for number, text in enumerate(_drawn(file, _SHORTEST // 2 if of_signs else _SHORTEST)):
                tokens = divided(text, lang)
                if self._may_name(tokens, lang):
                    named += 1
                elif others * _OTHERS < named:
                    others += 1
                else:
                    continue
                found = self._teacher.probabilities(tokens, told(lang))
                yield Marked(told(lang), "gold", f"{file.name} {number}", tokens, self.labels(found))
                if named == _MOST_OF.get(lang, _MOST):
                    break
            print(f"{file.name}: {named + others} texts", flush=True)

    def _mixed(self, given: Marked, share: float) -> Marked:
        said = self._teacher.probabilities(given.tokens, told(given.lang))
        return replace(given, labels=self.labels(with_links(said, given.labels, share)))

    def _may_name(self, tokens: Tokens, lang: str) -> bool:
        return bool((self._network.probabilities(tokens, told(lang))[:, LABEL["O"]] < _NAMELESS).any())

    def labels(self, said: Floats) -> list[int]:
        """A label for each word of a text of which this was said."""
        first = DOUBTED + self._count
        self._rows[first] = said
        self._count += len(said)
        return list(range(first, first + len(said)))

    def said(self, labels: Sequence[int]) -> Floats | None:
        """What was said of a text with these labels; None where people or links marked it."""
        return self._rows.get(labels[0]) if labels else None


def _drawn(file: Path, shortest: int) -> list[str]:
    lines = dict.fromkeys(" ".join(line.split()) for line in file.read_text(encoding="utf-8").split("\n"))
    found = [line for line in lines if shortest < len(line) < _LONGEST]
    random.Random(_SEED).shuffle(found)  # noqa: S311 - no secret
    return found
