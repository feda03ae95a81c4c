"""A transformer that marks names sign by sign in Chinese, Japanese, Korean and Thai: teaches the network over signs.

multilingual-e5-small reads pieces of several signs. Each of a piece's signs has its own label layer, so that a name may
begin or end within a piece.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import train_languages_pieces as e5
from torch import nn
from train_data import LABELS
from train_languages_data import Marked
from train_multilingual import documents
from train_multilingual_network import SEED, SIZE, Batch, Floats, Multilingual, Unit, train

from archive.entities.encoding import runs_of
from archive.entities.multilingual import SPECIAL
from archive.entities.tokens import Tokens
from archive.entities.unigram import WORD_START, Unigrams

PIECES = 2.4e6  # shown
PLACES = 6  # label layers; the signs of a longer piece share the last
_LONGEST = 40  # signs that are cut into pieces together
_SPLIT = 24  # … from how many on one that is no letter is the last
_REMEMBERED = 100_000


class Signs(Multilingual):
    """The published model with PLACES label layers."""

    def __init__(self, pieces: int) -> None:
        super().__init__(pieces)
        self.out = nn.Linear(SIZE, PLACES * len(LABELS))
        nn.init.normal_(self.out.weight, 0, 0.02)

    def forward(self, batch: Batch) -> torch.Tensor:
        scores = super().forward(batch).unflatten(-1, (PLACES, -1))
        return scores[torch.arange(len(scores)), torch.from_numpy(_places(batch.firsts.numpy()))]


def _places(pieces: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Which of its piece's signs each is, at most PLACES - 1; `pieces` has the piece of each sign."""
    order = np.arange(len(pieces))
    opens = np.append(True, pieces[1:] != pieces[:-1])
    return np.minimum(order - np.maximum.accumulate(np.where(opens, order, 0)), PLACES - 1)


class SignEncoder:
    """Signs as pieces of the published vocabulary."""

    def __init__(self, pieces: e5.Pieces) -> None:
        numbers = {name: number for number, name in enumerate(pieces.names)}
        self._begin, self._end, unknown = (numbers[name] for name in SPECIAL)
        unigrams = Unigrams(pieces.names, pieces.scores.tolist(), unknown)
        self._lengths = [len(name.removeprefix(WORD_START)) for name in pieces.names]
        self._lengths[unknown] = 1
        self._cut = lru_cache(_REMEMBERED)(unigrams.cut)

    def runs(self, tokens: Tokens) -> list[Tokens]:
        """See `encoding.runs_of`."""
        pieces = self._pieces(tokens)[1]
        return runs_of(tokens, np.diff(pieces, prepend=-1).tolist())

    def encode(self, run: Tokens) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int16]]:
        """The numbers of a run's pieces, and which of them covers each sign."""
        numbers, owners = self._pieces(run)
        return np.array([self._begin, *numbers, self._end], np.int32), np.array(owners, np.int16) + 1

    def _pieces(self, tokens: Tokens) -> tuple[list[int], list[int]]:
        """The numbers of the pieces, and which of them covers each sign."""
        numbers, owners = list[int](), list[int]()
        for begin, end, after_blank in _segments(tokens):
            signs = [unicodedata.normalize("NFKC", sign) for sign in tokens.words[begin:end]]
            text = "".join(signs)
            if unicodedata.normalize("NFKC", text) != text:  # some signs became one: each counts for itself
                signs = [sign[:1] for sign in tokens.words[begin:end]]
                text = "".join(signs)
            found = self._cut(text, after_blank)
            ends = np.cumsum([self._lengths[number] for number in found])
            firsts = np.cumsum([0, *map(len, signs[:-1])])
            # A sign belongs to the piece that has its first letter, one beyond what is read to the last.
            own = np.minimum(np.searchsorted(ends, firsts, side="right"), len(found) - 1)
            owners += (own + len(numbers)).tolist()
            numbers += found
        return numbers, owners


def _segments(tokens: Tokens) -> Iterator[tuple[int, int, bool]]:
    """Signs without a gap between them: the first, the one after the last, whether there is a gap before."""
    starts, begin, blank = tokens.starts, 0, True
    for index in range(1, len(starts) + 1):
        gap = index == len(starts) or starts[index] != starts[index - 1] + 1
        size = index - begin
        if gap or size == _LONGEST or (size >= _SPLIT and not tokens.words[index - 1].isalnum()):
            yield begin, index, blank
            begin, blank = index, gap


class SignTeacher:
    """Reads any of the languages. `network` is trained, or read from `file` where an earlier run left it."""

    def __init__(self, given: Iterable[Marked], work: Path) -> None:
        torch.manual_seed(SEED)
        pieces = e5.load()
        self._encoder, self._network = SignEncoder(pieces), Signs(len(pieces.names))
        self._network.start_from(pieces, range(len(pieces.names)))
        file = work / "weights.pt"
        if file.exists():
            self._network.load_state_dict(torch.load(file))
        else:
            work.mkdir(parents=True, exist_ok=True)
            train(self._network, list(self._units(given)), PIECES, work)
        self._network.eval()

    def _units(self, given: Iterable[Marked]) -> Iterator[Unit]:
        for text in documents(iter(given)):
            place = 0
            for run in self._encoder.runs(text.tokens):
                labels = np.array(text.labels[place : place + len(run.words)], np.int8)
                yield Unit(text.lang, False, *self._encoder.encode(run), labels, None)
                place += len(run.words)

    def probabilities(self, tokens: Tokens, _lang: str, /) -> Floats:
        """For each sign the probability of each label."""
        return np.concatenate([self._run(run) for run in self._encoder.runs(tokens)])

    def _run(self, run: Tokens) -> Floats:
        pieces, firsts = (torch.from_numpy(part.astype(np.int64)) for part in self._encoder.encode(run))
        row = pieces[None]
        given = Batch(row, torch.arange(len(pieces))[None], torch.ones_like(row), torch.zeros(row.shape), firsts)
        with torch.no_grad():
            found: Floats = torch.softmax(self._network(given), -1).numpy()
        return found
