"""Train the networks of archive/entities for other languages (with torch), and write them as the package ships them.

Both have one shape: the one over words (network.py, foreign_words.py) and the one over signs (signs.py).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional
from train_data import LABELS, MISC, NO_NAME_OR_MISC
from train_languages_data import STYLES, UNMARKED

from archive.entities.vectors import UNIT

DIM, WIDTH = 64, 96  # of a word's vector, of the layers
PIECE_WIDTH = 64  # of a piece's vector, as it ships
STEPS = 15  # whole numbers to either side of zero that an attribute's vector is kept in
BATCH = 2048  # words
TEMPERATURE = 0.5  # a language with four times the words is shown twice as often
_RATES = (3e-3, 1.5e-3)  # of the table, of the rest
DOUBTED = 1000  # from this number on, a label is a row of a table of probabilities
_WARM = 150  # steps
_FAR = 6  # standard deviations that a number of a piece's vector is cut at
_DROP = 0.25
_HIDDEN_LANGUAGE, _HIDDEN_WORD, _HIDDEN_ATTRIBUTE, _HIDDEN_PIECES = 0.15, 0.2, 0.08, 0.1

Weights = dict[str, torch.Tensor]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lists:
    """A list of numbers for each item, behind each other: item i has flat[starts[i] : starts[i + 1]]."""

    flat: Ints
    starts: Ints

    @staticmethod
    def of(lists: Sequence[Sequence[int]]) -> Lists:
        return Lists(
            np.array([number for found in lists for number in found], np.int64),
            np.cumsum([0, *map(len, lists)]),
        )

    def before(self, other: Lists) -> Lists:
        """These lists, and the others behind them."""
        starts = np.concatenate([self.starts, self.starts[-1] + other.starts[1:]])
        return Lists(np.concatenate([self.flat, other.flat]), starts)

    def of_items(self, items: Ints) -> tuple[Ints, Ints]:
        """The numbers of some items behind each other, and how many each has."""
        sizes = self.starts[items + 1] - self.starts[items]
        shift = np.repeat(self.starts[items] - np.cumsum(sizes) + sizes, sizes)
        return self.flat[shift + np.arange(sizes.sum())], sizes


@dataclass(frozen=True, slots=True)
class Unit:
    """What is shown together. `items` has an item for each word and 0 for each mark, `places` and `features` the pairs
    of features.place_features, `labels` a label for each."""

    lang: str
    style: str
    items: Ints
    places: Ints
    features: Ints
    labels: Ints


@dataclass(frozen=True, slots=True)
class Material:
    """What is trained on. `attributes` and `pieces` have the rows of each item; item 0 is the mark, attribute 0, too.

    `whole` says which attributes name the item itself. `parts`: 3 where an item has a first and a last piece, too.
    `vectors` are those of the pieces, in all their directions; which PIECE_WIDTH ship is learnt.
    """

    units: list[Unit]
    attributes: Lists
    count: int
    whole: npt.NDArray[np.bool_]
    pieces: Lists
    vectors: Floats
    parts: int
    place_count: int
    languages: list[str]

    def mark_of(self, unit: Unit) -> tuple[int, int]:
        """The features that say in which language a unit is, and how it was marked."""
        first = self.place_count + len(self.languages)
        return self.place_count + self.languages.index(unit.lang), first + STYLES.index(unit.style)

    @property
    def features(self) -> int:
        return self.place_count + len(self.languages) + len(STYLES)


class Net(nn.Module):
    """The arithmetic of archive.entities.convolution over vectors, with dropout."""

    def __init__(self, given: Material, dilations: Sequence[int]) -> None:
        super().__init__()
        self.dilations = dilations
        self.words = nn.EmbeddingBag(given.count, DIM, mode="sum")
        nn.init.normal_(self.words.weight, 0, 0.03)
        self.parts, self.vectors = given.parts, torch.from_numpy(given.vectors)
        self.directions = nn.Linear(given.vectors.shape[1], PIECE_WIDTH, bias=False)
        nn.init.eye_(self.directions.weight)  # the main ones
        self.pieces = nn.Linear(given.parts * PIECE_WIDTH, DIM)
        nn.init.normal_(self.pieces.weight, 0, 0.03)
        self.place = nn.Linear(given.features, WIDTH, bias=False)
        self.window = nn.Linear(DIM, 5 * WIDTH, bias=False)
        self.window_bias = nn.Parameter(torch.zeros(WIDTH))
        self.layers = nn.ModuleList([nn.Linear(3 * WIDTH, WIDTH) for _ in dilations])
        for layer in self.layers:
            layer.weight.data *= 0.7
        self.out = nn.Linear(WIDTH, len(LABELS))

    def forward(self, batch: Batch) -> torch.Tensor:
        own = torch.relu(self.words(batch.flat, batch.starts) + self.pieces(self._cut(batch.cut)))
        own = functional.dropout(own, 0.6 * _DROP, self.training)
        parts = self.window(own)[batch.order]
        hidden = self.place(batch.places) + self.window_bias
        for column in range(5):
            hidden = hidden + _shifted(parts[:, column * WIDTH : (column + 1) * WIDTH], column - 2)
        hidden = torch.relu(hidden)
        for step, layer in zip(self.dilations, self.layers, strict=True):
            seen = functional.dropout(hidden, _DROP, self.training)
            around = torch.cat([_shifted(seen, -step), seen, _shifted(seen, step)], 1)
            hidden = hidden + torch.relu(layer(around))
        scores: torch.Tensor = self.out(functional.dropout(hidden, _DROP, self.training))
        return scores

    def _cut(self, cut: Cut) -> torch.Tensor:
        """The mean, the first and the last piece of each item, or its only one; zeros where it has none."""
        vectors = functional.pad(self.directions(self.vectors[cut.pieces]), (0, 0, 0, 1))
        columns = [functional.embedding_bag(cut.flat, vectors, cut.starts, mode="mean")]
        if self.parts == 3:
            columns += [vectors[cut.first], vectors[cut.last]]
        return torch.cat(columns, 1) * cut.shown


def _shifted(rows: torch.Tensor, step: int) -> torch.Tensor:
    """Row i is row i + step, zeros beyond the ends."""
    if step < 0:
        return functional.pad(rows, (0, 0, -step, 0))[: len(rows)]
    return functional.pad(rows, (0, 0, 0, step))[step:]


@dataclass(frozen=True, slots=True)
class Cut:
    """The pieces of a batch's items: `flat` (those of all items behind each other), `first` and `last` are places in
    `pieces`, or the place behind them where an item has none; `shown` is 0 where an item's are hidden."""

    pieces: torch.Tensor
    flat: torch.Tensor
    starts: torch.Tensor
    first: torch.Tensor
    last: torch.Tensor
    shown: torch.Tensor


@dataclass(frozen=True, slots=True)
class Batch:
    order: torch.Tensor
    flat: torch.Tensor
    starts: torch.Tensor
    cut: Cut
    places: torch.Tensor
    labels: torch.Tensor


class Batches:
    """Draws languages by the root of how much text they have, and shows all units of one before any again."""

    def __init__(self, given: Material, seed: int) -> None:
        self._given, self._random = given, np.random.default_rng(seed)
        self._units: dict[str, list[Unit]] = defaultdict(list)
        for unit in given.units:
            self._units[unit.lang].append(unit)
        sizes = {lang: sum(len(unit.items) for unit in units) for lang, units in self._units.items()}
        self._chances = np.array([size**TEMPERATURE for size in sizes.values()])
        self._chances /= self._chances.sum()
        self._left: dict[str, list[int]] = {lang: [] for lang in self._units}

    def draw(self) -> Batch:
        """One batch, with parts of what is known hidden, so that none carries a decision alone."""
        units: list[Unit] = []
        size, langs = 0, list(self._units)
        while size < BATCH:
            lang = langs[self._random.choice(len(langs), p=self._chances)]
            for _ in range(6):
                units.append(self._next(lang))
                size += len(units[-1].items)
                if len(units[-1].items) > 100:
                    break
        return self._batch(units)

    def _next(self, lang: str) -> Unit:
        if not self._left[lang]:
            self._left[lang] = self._random.permutation(len(self._units[lang])).tolist()
        return self._units[lang][self._left[lang].pop()]

    def _batch(self, units: Sequence[Unit]) -> Batch:
        given, random = self._given, self._random
        items, order = np.unique(np.concatenate([unit.items for unit in units]), return_inverse=True)
        flat, sizes = given.attributes.of_items(items)
        owner = np.repeat(np.arange(len(items)), sizes)
        unnamed = random.random(len(items)) < _HIDDEN_WORD
        keep = (random.random(len(flat)) >= _HIDDEN_ATTRIBUTE) & ~(given.whole[flat] & unnamed[owner])
        flat, sizes = flat[keep], np.bincount(owner[keep], minlength=len(items))
        shown = random.random((len(items), 1)) >= _HIDDEN_PIECES
        return Batch(
            torch.from_numpy(order),
            torch.from_numpy(flat),
            torch.from_numpy(np.cumsum(sizes) - sizes),
            cut_of(given, items, shown),
            torch.from_numpy(self._places(units)),
            torch.from_numpy(np.concatenate([unit.labels for unit in units])),
        )

    def _places(self, units: Sequence[Unit]) -> Floats:
        given = self._given
        places = np.zeros((sum(len(unit.items) for unit in units), given.features), np.float32)
        hidden, begin = self._random.random() < _HIDDEN_LANGUAGE, 0
        for unit in units:
            end = begin + len(unit.items)
            places[begin + unit.places, unit.features] = 1
            lang, style = given.mark_of(unit)
            places[begin:end, style] = 1
            if not hidden:
                places[begin:end, lang] = 1
            begin = end
        return places


def cut_of(given: Material, items: Ints, shown: npt.NDArray[np.bool_]) -> Cut:
    """The pieces of some items."""
    flat, sizes = given.pieces.of_items(items)
    pieces, places = np.unique(flat, return_inverse=True)
    starts = np.cumsum(sizes) - sizes
    padded = np.append(places, len(pieces))
    none = sizes == 0
    first, last = (np.where(none, len(pieces), padded[np.where(none, 0, at)]) for at in (starts, starts + sizes - 1))
    return Cut(*map(torch.from_numpy, (pieces, places, starts, first, last, shown.astype(np.float32))))


def train(
    given: Material,
    dilations: Sequence[int],
    words: float,
    seed: int,
    begun: Weights | None = None,
    doubted: torch.Tensor | None = None,
    full_rate: float = 1.0,
) -> Weights:
    """The running mean of the weights, which is what to ship, after `words` words were shown.

    `begun`: the weights to go on from; `doubted`: (words, labels), see DOUBTED; `full_rate`: share of the usual rates.
    """
    torch.manual_seed(seed)
    net, batches = Net(given, dilations), Batches(given, seed)
    if begun is not None:
        net.load_state_dict(begun)
    other = [weight for name, weight in net.named_parameters() if name != "words.weight"]
    groups = [{"params": [net.words.weight], "weight_decay": 0.0}, {"params": other, "weight_decay": 0.01}]
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    mean = {name: weight.clone() for name, weight in net.state_dict().items()}
    began, seen, step, losses = time.time(), 0, 0, [0.0]
    while seen < words:
        rate = full_rate * min(1.0, (step + 1) / _WARM) * max(0.01, 1 - seen / words)
        for group, full in zip(optimiser.param_groups, _RATES, strict=True):
            group["lr"] = full * rate
        batch = batches.draw()
        loss = _loss(net(batch), batch.labels, doubted)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
        seen, step = seen + len(batch.labels), step + 1
        if step % 10 == 0:
            keep = min(0.98, (step + 10) / (step + 210))
            with torch.no_grad():
                for name, weight in net.state_dict().items():
                    mean[name].lerp_(weight, 1 - keep)
        if step % 200 == 0:
            print(f"{seen:,.0f} words, loss {np.mean(losses[-200:]):.4f}, {time.time() - began:.0f} s", flush=True)
    return mean


def _loss(scores: torch.Tensor, labels: torch.Tensor, doubted: torch.Tensor | None) -> torch.Tensor:
    """What is labelled is one label; where MISC was not marked, a word outside names may be MISC or nothing."""
    logs = torch.log_softmax(scores, -1)
    sure, either = (labels >= 0) & (labels < DOUBTED), labels == NO_NAME_OR_MISC
    total = logs[sure].gather(1, labels[sure, None]).sum() + torch.logsumexp(logs[either][:, MISC], -1).sum()
    if doubted is not None:
        graded = labels >= DOUBTED
        total = total + (doubted[labels[graded] - DOUBTED] * logs[graded]).sum()
    return -total / (labels != UNMARKED).sum()


def mean_of(passes: Sequence[Weights]) -> Weights:
    """The mean of the weights of several passes."""
    return {name: torch.stack([weights[name] for weights in passes]).mean(dim=0) for name in passes[0]}


def arrays(given: Material, mean: Weights, dilations: Sequence[int], bias: float) -> dict[str, Any]:
    """What the shipped file has, but for the names of attributes and pieces. Always asked as marked by people.

    `bias` is added to the score of no name.
    """
    weights = {name: weight.numpy() for name, weight in mean.items()}
    place = weights["place.weight"].T
    gold = place[given.place_count + len(given.languages) + STYLES.index("gold")]
    vectors = given.vectors @ weights["directions.weight"].T
    spread = vectors.std()
    vectors = np.clip(vectors / spread, -_FAR, _FAR)
    projection = weights["pieces.weight"].T * spread
    _check_exact(projection)
    found: dict[str, npt.NDArray[Any]] = {
        "projection": projection,
        "projection_bias": weights["pieces.bias"],
        "place": place[: given.place_count],
        "language_marks": place[given.place_count :][: len(given.languages)],
        "window": weights["window.weight"].T,
        "window_bias": weights["window_bias"] + gold,
        "out": weights["out.weight"].T,
        "out_bias": weights["out.bias"] + bias * (np.arange(len(LABELS)) == LABELS.index("O")),
        "mark": np.maximum(weights["words.weight"][0] + weights["pieces.bias"], 0),
    }
    for number in range(len(dilations)):
        # A row of WIDTH inputs for each of the three places, beside each other.
        layer = weights[f"layers.{number}.weight"].T
        found[f"layer{number}"] = np.concatenate(np.split(layer, 3), axis=1)
        found[f"layer{number}_bias"] = weights[f"layers.{number}.bias"]
    small = {name: array.astype(np.float16) for name, array in found.items()}
    small |= table("attribute_vectors", weights["words.weight"]) | table("piece_vectors", vectors)
    return small | {
        "labels": text(LABELS), "languages": text(given.languages), "dilations": np.array(dilations, np.int8)
    }  # fmt: skip


def _check_exact(projection: Floats) -> None:
    """See vectors.UNIT: sums of products with pieces of at most STEPS must be exact."""
    for part in np.split(projection, len(projection) // PIECE_WIDTH):
        most = np.abs(np.rint(part / UNIT)).sum(axis=0).max() * STEPS
        assert most < 2**24, f"the projection is too large to be exact: {most / 2**24:.2f}"


def text(lines: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Lines as an array of bytes."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def table(name: str, rows: Floats) -> dict[str, npt.NDArray[Any]]:
    """Rows as whole numbers of a step each."""
    step = np.abs(rows).max(axis=1) / STEPS
    step[step == 0] = 1
    return {name: np.round(rows / step[:, None]).astype(np.int8), f"{name}_step": step.astype(np.float16)}


def units_of(sentences: Iterator[tuple[str, Unit]], most: int = 300) -> list[Unit]:
    """Sentences that follow each other in a document as one unit of about `most` words."""
    found: list[Unit] = []
    last = ""
    for document, unit in sentences:
        if found and document == last and len(found[-1].items) < most:
            found[-1] = _joined(found[-1], unit)
        else:
            found.append(unit)
        last = document
    return found


def _joined(one: Unit, other: Unit) -> Unit:
    return Unit(
        one.lang,
        one.style,
        np.concatenate([one.items, other.items]),
        np.concatenate([one.places, other.places + len(one.items)]),
        np.concatenate([one.features, other.features]),
        np.concatenate([one.labels, other.labels]),
    )


def save(file: Path, given: dict[str, Any]) -> None:
    """Write the file; the same arrays give the same bytes."""
    np.savez_compressed(file, allow_pickle=False, **given)
