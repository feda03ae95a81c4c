"""Train the network of archive/entities/network.py (with torch) and write it as the package ships it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional
from train_data import LABEL, LABELS, MISC, NO_NAME_OR_MISC, Document, Sentence, label, recased

from archive.entities.features import LISTS, Lexicon, attributes, cases, fold, place_features
from archive.entities.network import MARK, MODEL_FILE
from archive.entities.pieces import pieces
from archive.entities.tokens import Tokens

Floats = npt.NDArray[np.float32]
WIDTH = 128  # of a word's vector and of the layers
PIECE_WIDTH = 128
DILATIONS = (1, 2, 3)
BATCH = 4096  # words
LEAST = 4  # times an attribute is seen
OUTSIDE_BIAS = float(np.log(3.4))  # in doubt no name: found on the development sets
HEADLINES = (0.04, 0.02)  # shares of lone sentences shown in capitals, and in title case
_MARK_LABEL = -1


@dataclass(frozen=True, slots=True)
class Unit:
    """What is shown together: a document, or a lone sentence. Arrays have a row per word and per mark."""

    words: npt.NDArray[np.int64]
    places: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    soft: npt.NDArray[np.float16] | None


class Examples:
    """All units, and the attributes and pieces of every word in them. `renamed` are those of text with other names."""

    def __init__(self, lexicon: Lexicon, vocabulary: dict[str, int], vectors: Floats, seed: int) -> None:
        self.lexicon, self.vocabulary, self.vectors = lexicon, vocabulary, vectors
        self.numbers = {MARK: 0}
        self.counts: Counter[str] = Counter()
        self.units: list[Unit] = []
        self.renamed: list[Unit] = []
        self._random = np.random.default_rng(seed)
        self.place_count = LISTS + 2 * len(lexicon.gazetteer.lists)

    def add(self, document: Document, soft: Sequence[npt.NDArray[np.float16]] | None, *, renamed: bool = False) -> None:
        """Take in a document; `soft` has the teacher's probabilities for each sentence. How often a word of `renamed`
        text stands there says nothing."""
        parts: list[tuple[list[int], Floats, list[int], npt.NDArray[np.float16] | None]] = []
        for index, given in enumerate(document.sentences):
            shown, draw = given, self._random.random()
            if len(document.sentences) == 1 and len(given.words) < 25 and draw < sum(HEADLINES):
                shown = recased(given, upper=draw < HEADLINES[0])
            teacher = soft[index] if soft is not None else None
            parts.append(self._sentence(shown, label(given, document.corpus), teacher))
            self.counts.update([] if renamed else shown.words)
        (self.renamed if renamed else self.units).append(
            Unit(
                np.array([number for part in parts for number in part[0]]),
                np.concatenate([part[1] for part in parts]),
                np.array([number for part in parts for number in part[2]]),
                np.concatenate([part[3] for part in parts if part[3] is not None]) if soft is not None else None,
            )
        )

    def _sentence(
        self, given: Sentence, labels: Sequence[int], soft: npt.NDArray[np.float16] | None
    ) -> tuple[list[int], Floats, list[int], npt.NDArray[np.float16] | None]:
        words = given.words
        tokens = Tokens(words, [0] * len(words), given.breaks)
        case = np.array([cases(word) for word in words], np.intp)
        at, features = place_features(tokens, case, [fold(word) for word in words], self.lexicon.gazetteer)
        own = np.arange(len(words)) + np.searchsorted(given.breaks, np.arange(len(words)), side="right")
        places = np.zeros((len(words) + len(given.breaks), self.place_count), np.float32)
        places[own[at], features] = 1
        numbers = np.insert([self.numbers.setdefault(word, len(self.numbers)) for word in words], given.breaks, 0)
        marked = np.insert(labels, given.breaks, _MARK_LABEL)
        full = None
        if soft is not None:
            full = np.zeros((len(numbers), len(LABELS)), np.float16)
            full[own] = soft
        return numbers.tolist(), places, marked.tolist(), full

    def close(self) -> None:
        """Number the attributes and look up the pieces of all words seen."""
        lists = [[MARK], *([*attributes(word, self.lexicon)] for word in list(self.numbers)[1:])]
        seen: Counter[str] = Counter()
        words: Counter[str] = Counter()
        for word, found in zip(self.numbers, lists, strict=True):
            for name in found:
                seen[name] += self.counts[word]
                words[name] += 1
        kept = [
            n for n in sorted(seen) if (seen[n] >= LEAST and (words[n] > 1 or n[0] == "w")) or n[:2] in ("b=", "g=")
        ]
        self.attributes = {name: number for number, name in enumerate([MARK, *(n for n in kept if n != MARK)])}
        self.lists = [np.array([self.attributes[n] for n in found if n in self.attributes]) for found in lists]
        self.identity = np.array([name.startswith("w=") for name in self.attributes])
        self.cut = torch.from_numpy(np.stack([self._cut(word) for word in self.numbers]))
        self.cut[0] = 0

    def _cut(self, word: str) -> Floats:
        found = pieces(word, self.vocabulary)
        if not found:
            return np.zeros(3 * self.vectors.shape[1], np.float32)
        return np.concatenate([self.vectors[found].mean(axis=0), self.vectors[found[0]], self.vectors[found[-1]]])


class Net(nn.Module):
    """The same arithmetic as archive.entities.network, with dropout."""

    def __init__(self, attribute_count: int, place_count: int, piece_width: int, width: int = WIDTH) -> None:
        super().__init__()
        self.words = nn.EmbeddingBag(attribute_count, width, mode="sum")
        nn.init.normal_(self.words.weight, 0, 0.05)
        self.pieces = nn.Linear(3 * piece_width, width)
        nn.init.normal_(self.pieces.weight, 0, 0.03)
        self.place = nn.Linear(place_count, width, bias=False)
        self.window = nn.ModuleList([nn.Linear(width, width, bias=step == 2) for step in range(5)])
        self.layers = nn.ModuleList(
            [nn.ModuleList([nn.Linear(width, width, bias=step == 1) for step in range(3)]) for _ in DILATIONS]
        )
        for layer in self.layers:
            for linear in layer:
                linear.weight.data *= 0.5
        self.out = nn.Linear(width, len(LABELS))

    def forward(
        self,
        order: torch.Tensor,
        flat: torch.Tensor,
        starts: torch.Tensor,
        cut: torch.Tensor,
        places: torch.Tensor,
        drop: float = 0.25,
    ) -> torch.Tensor:
        own = torch.relu(self.words(flat, starts) + self.pieces(cut))
        own = functional.dropout(own, drop * 0.6, self.training)[order]
        hidden = self.place(places)
        for step, linear in enumerate(self.window):
            hidden = hidden + _shifted(linear(own), step - 2)
        hidden = torch.relu(hidden)
        for step, layer in zip(DILATIONS, self.layers, strict=True):
            seen = functional.dropout(hidden, drop, self.training)
            change = layer[1](seen) + _shifted(layer[0](seen), -step) + _shifted(layer[2](seen), step)
            hidden = hidden + torch.relu(change)
        scores: torch.Tensor = self.out(functional.dropout(hidden, drop, self.training))
        return scores


def _shifted(rows: torch.Tensor, step: int) -> torch.Tensor:
    """Row i is row i + step, zeros beyond the ends."""
    if step < 0:
        return functional.pad(rows, (0, 0, -step, 0))[: len(rows)]
    return functional.pad(rows, (0, 0, 0, step))[step:]


def train(
    examples: Examples,
    units: Sequence[Unit],
    epochs: int,
    seed: int,
    trust: float = 0.6,
    begun: dict[str, torch.Tensor] | None = None,
) -> dict[str, torch.Tensor]:
    """The running mean of the weights, which is what to ship.

    `trust`: the teacher's share where there are labels of a machine too; `begun`: the weights to go on from, at half
    the rate.
    """
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    net = Net(len(examples.attributes), examples.place_count, examples.vectors.shape[1])
    if begun is not None:
        net.load_state_dict(begun)
    other = [weight for name, weight in net.named_parameters() if name != "words.weight"]
    groups = [{"params": [net.words.weight], "weight_decay": 0.0, "lr": 2e-3}, {"params": other, "lr": 1.5e-3}]
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01)
    rates = [group["lr"] * (0.5 if begun else 1.0) for group in optimiser.param_groups]
    steps = epochs * sum(len(unit.words) for unit in units) // BATCH
    mean = {name: weight.clone() for name, weight in net.state_dict().items()}
    began, losses = time.time(), []
    for step, batch in enumerate(_batches(units, epochs, random)):
        rate = min(1.0, (step + 1) / 200) * max(0.01, 1 - step / steps)
        for group, full in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = full * rate
        loss = _loss(net, examples, batch, random, trust)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
        keep = min(0.998, (step + 1) / (step + 21))
        with torch.no_grad():
            for name, weight in net.state_dict().items():
                mean[name].lerp_(weight, 1 - keep)
        if step % 200 == 199:
            print(
                f"step {step + 1} of {steps}, loss {np.mean(losses[-200:]):.4f}, {time.time() - began:.0f} s",
                flush=True,
            )
    return mean


def _batches(units: Sequence[Unit], epochs: int, random: np.random.Generator) -> Iterator[list[Unit]]:
    for _ in range(epochs):
        batch: list[Unit] = []
        size = 0
        for number in random.permutation(len(units)):
            batch.append(units[number])
            size += len(units[number].words)
            if size >= BATCH:
                yield batch
                batch, size = [], 0


def _loss(net: Net, examples: Examples, batch: list[Unit], random: np.random.Generator, trust: float) -> torch.Tensor:
    numbers, order = np.unique(np.concatenate([unit.words for unit in batch]), return_inverse=True)
    lists = [examples.lists[number] for number in numbers]
    flat, owner = np.concatenate(lists), np.repeat(np.arange(len(lists)), [len(found) for found in lists])
    # Words are shown without some attributes, so that no single one carries a decision.
    unnamed = random.random(len(numbers)) < 0.15
    keep = (random.random(len(flat)) > 0.08) & ~(examples.identity[flat] & unnamed[owner])
    flat, lengths = flat[keep], np.bincount(owner[keep], minlength=len(lists))
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    cut = examples.cut[numbers] * torch.from_numpy(random.random((len(numbers), 1)) > 0.1)
    places = torch.from_numpy(np.concatenate([unit.places for unit in batch]))
    scores = net(torch.from_numpy(order), torch.from_numpy(flat), torch.from_numpy(starts), cut, places)
    wanted = torch.from_numpy(np.concatenate([_targets(unit, trust) for unit in batch]))
    labels = torch.from_numpy(np.concatenate([unit.labels for unit in batch]))
    logs = torch.log_softmax(scores, -1)
    either = labels == NO_NAME_OR_MISC
    total = -(logs * wanted).sum() - torch.logsumexp(logs[either][:, MISC], -1).sum()
    return total / (labels != _MARK_LABEL).sum()


def _targets(unit: Unit, trust: float) -> Floats:
    """Wanted probabilities; zeros for marks and for words that may be MISC or nothing."""
    wanted = np.zeros((len(unit.labels), len(LABELS)), np.float32)
    known = np.flatnonzero(unit.labels >= 0)
    wanted[known, unit.labels[known]] = 1
    if unit.soft is not None:
        words = unit.labels != _MARK_LABEL
        share = np.where(unit.labels >= 0, trust, 1.0)[words, None].astype(np.float32)
        wanted[words] = share * unit.soft[words] + (1 - share) * wanted[words]
    return wanted


def export(examples: Examples, mean: dict[str, torch.Tensor], folder: Path) -> None:
    """Write names.npz as archive.entities.network reads it."""
    given = {name: weight.numpy() for name, weight in mean.items()}
    usable = [(piece, row) for piece, row in examples.vocabulary.items() if _usable(piece)]
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "labels": _text(LABELS),
        "attributes": _text(list(examples.attributes)),
        "pieces": _text([piece for piece, _ in usable]),
        "projection": given["pieces.weight"].T,
        "projection_bias": given["pieces.bias"],
        "place": given["place.weight"].T,
        "window": np.concatenate([given[f"window.{step}.weight"].T for step in range(5)], axis=1),
        "window_bias": given["window.2.bias"],
        "dilations": np.array(DILATIONS, np.int8),
        "out": given["out.weight"].T,
        "out_bias": given["out.bias"] + OUTSIDE_BIAS * (np.arange(len(LABELS)) == LABEL["O"]),
    }
    for number in range(len(DILATIONS)):
        steps = [given[f"layers.{number}.{step}.weight"].T for step in range(3)]
        arrays[f"layer{number}"] = np.concatenate(steps, axis=1)
        arrays[f"layer{number}_bias"] = given[f"layers.{number}.1.bias"]
    small = {name: array.astype(np.float16) if array.dtype.kind == "f" else array for name, array in arrays.items()}
    small |= _table("attribute_vectors", given["words.weight"])
    small |= _table("piece_vectors", examples.vectors[[row for _, row in usable]])
    np.savez_compressed(folder / MODEL_FILE, allow_pickle=False, **small)


def _usable(piece: str) -> bool:
    return not piece.startswith("[") and all(ord(sign) < 0x250 for sign in piece)


def _text(lines: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _table(name: str, rows: Floats) -> dict[str, npt.NDArray[np.generic]]:
    step = np.abs(rows).max(axis=1) / 127
    step[step == 0] = 1
    return {name: np.round(rows / step[:, None]).astype(np.int8), f"{name}_step": step.astype(np.float16)}
