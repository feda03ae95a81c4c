"""Text that links had marked, or nobody, as the accurate recogniser's network for many languages marks it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from train_data import LABEL
from train_languages_data import SILVER, Marked, shipped, with_links
from train_languages_network import DOUBTED, Floats

from archive.entities.accurate import Mixed
from archive.entities.foreign import unelided
from archive.entities.languages import told
from archive.entities.tokens import Tokens, tokenize

MOST = 20_000  # texts of a language with something that may be a name
_LINKED = 0.3  # share that a name which links mark keeps
_NAMELESS = 0.6  # the probability of no name below which a word may be one
_OTHERS = 4  # texts that have such a word for one that has none
_SHORTEST, _LONGEST = 25, 500  # signs of a text
_SEED = 1


class Taught:
    """A teacher, and all that it said: a label from DOUBTED on is a row of `probabilities`."""

    def __init__(self, folder: Path) -> None:
        self._network = shipped()
        self._teacher = Mixed(folder, self._network, onnxruntime)
        self._rows: list[Floats] = []
        self._count = 0

    @property
    def probabilities(self) -> torch.Tensor:
        """(words, labels)"""
        return torch.from_numpy(np.concatenate(self._rows))

    def anew(self, given: Iterable[Marked]) -> Iterator[Marked]:
        """All that is given; and what links had marked once more as the teacher marks it, with a say for the links."""
        for marked in given:
            yield marked
            if marked.style not in SILVER:
                continue
            said = self._teacher.probabilities(marked.tokens, told(marked.lang))
            found = with_links(said, marked.labels, _LINKED)
            yield replace(marked, style="gold", document=f"{marked.document} anew", labels=self._labels(found))

    def texts(self, folder: Path) -> Iterator[Marked]:
        """The texts in LANGUAGE.txt, one a line: such as have names, and a few others; in the language that is told."""
        for file in sorted(folder.glob("*.txt")):
            lang, named, others = file.stem, 0, 0
            for number, text in enumerate(_drawn(file)):
                tokens = tokenize(unelided(text, lang))
                if self._may_name(tokens, lang):
                    named += 1
                elif others * _OTHERS < named:
                    others += 1
                else:
                    continue
                found = self._teacher.probabilities(tokens, told(lang))
                yield Marked(told(lang), "gold", f"{file.name} {number}", tokens, self._labels(found))
                if named == MOST:
                    break
            print(f"{file.name}: {named + others} texts", flush=True)

    def _may_name(self, tokens: Tokens, lang: str) -> bool:
        return bool((self._network.probabilities(tokens, told(lang))[:, LABEL["O"]] < _NAMELESS).any())

    def _labels(self, found: Floats) -> list[int]:
        first = DOUBTED + self._count
        self._rows.append(found)
        self._count += len(found)
        return list(range(first, first + len(found)))


def _drawn(file: Path) -> list[str]:
    lines = dict.fromkeys(" ".join(line.split()) for line in file.read_text(encoding="utf-8").split("\n"))
    found = [line for line in lines if _SHORTEST < len(line) < _LONGEST]
    random.Random(_SEED).shuffle(found)  # noqa: S311 - no secret
    return found
