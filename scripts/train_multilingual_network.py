"""multilingual-e5-small with a label layer: the network, and its training on runs of sentences (with torch).

Runs of several languages stand behind each other in the rows of a step, and see themselves alone.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import train_languages_pieces as e5
import train_teacher as teacher
from torch import nn
from torch.nn import functional
from train_data import LABELS, MISC, NO_NAME_OR_MISC

SEED = 1
SIZE, HEADS = teacher.SIZE, teacher.HEADS
LAYERS = 10  # of the twelve of the published model, from below
FIXED = 2  # of the layers, from below, that are not trained
ROW, ROWS = 192, 11  # pieces shown together, and how many such rows make a step
OLD = 2  # of old print one unit in so many is shown
MISSES = 6  # units that no longer fit a row, after which it is shown
RATES = (1.5e-4, 1e-3)  # of the layers, of the labels
WARM = 0.06  # share of the steps in which the rates rise
TEMPERATURE = 0.5  # a language with four times the pieces is shown twice as often
LINKED = 0.5  # what a word weighs that links marked
DROP = 0.1
POSITIONS = 512

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Unit:
    """A run: its pieces, where its words begin, and a label each, or probabilities of all where links marked it."""

    lang: str
    old: bool
    pieces: npt.NDArray[np.int32]
    firsts: npt.NDArray[np.int16]
    labels: npt.NDArray[np.int8]
    soft: npt.NDArray[np.float16] | None


class Layer(teacher.Layer):
    """One BERT layer, without dropout inside and by the products that torch has for attention."""

    def forward(self, rows: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, length, _ = rows.shape
        query, key, value = self.qkv(rows).view(batch, length, 3, HEADS, SIZE // HEADS).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        rows = self.n1(rows + self.o(mixed.transpose(1, 2).reshape(batch, length, SIZE)))
        result: torch.Tensor = self.n2(rows + self.f(functional.gelu(self.i(rows))))
        return result


@dataclass(frozen=True, slots=True)
class Batch:
    """Units behind each other in rows: number and place of each piece, which unit it is of (0: none), which are old
    print, and where the words are."""

    pieces: torch.Tensor
    places: torch.Tensor
    owners: torch.Tensor
    old: torch.Tensor
    firsts: torch.Tensor


class Multilingual(nn.Module):
    """The published model with a label layer on each word's first piece."""

    def __init__(self, pieces: int, layers: int = LAYERS) -> None:
        super().__init__()
        self.we = nn.Embedding(pieces, SIZE)
        self.pe, self.te = nn.Embedding(POSITIONS, SIZE), nn.Parameter(torch.zeros(SIZE))
        self.n, self.out = nn.LayerNorm(SIZE, 1e-12), nn.Linear(SIZE, len(LABELS))
        self.ls = nn.ModuleList([Layer() for _ in range(layers)])
        self.old = nn.Parameter(torch.zeros(SIZE))
        nn.init.normal_(self.out.weight, 0, 0.02)

    def start_from(self, given: e5.Pieces, kept: Sequence[int]) -> None:
        """Take over the published weights, of the pieces those in `kept`; the lowest parts are fixed."""
        weights = given.weights
        self.we.weight.data = weights["emb.word"].view(-1, SIZE)[list(kept)].clone()
        self.pe.weight.data = weights["emb.pos"].view(-1, SIZE)[:POSITIONS].clone()
        self.te.data = weights["emb.type"].view(-1, SIZE)[0].clone()
        self.n.weight.data, self.n.bias.data = weights["emb.ln.w"].clone(), weights["emb.ln.b"].clone()
        names = {"o": "ao", "n1": "aln", "i": "fi", "f": "fo", "n2": "oln"}
        for number, layer in enumerate(self.ls):
            for part, end in (("weight", "w"), ("bias", "b")):
                three = [weights[f"l{number}.{name}.{end}"] for name in "qkv"]
                getattr(layer.qkv, part).data = torch.cat(three).view(getattr(layer.qkv, part).shape).clone()
                for own, theirs in names.items():
                    now = getattr(getattr(layer, own), part)
                    now.data = weights[f"l{number}.{theirs}.{end}"].view(now.shape).clone()
        for part in (self.we, self.pe, self.n, *self.ls[:FIXED]):
            part.requires_grad_(False)
        self.te.requires_grad_(False)

    def forward(self, batch: Batch) -> torch.Tensor:
        mask = (batch.owners[:, :, None] == batch.owners[:, None, :])[:, None]
        hidden = torch.zeros(mask.shape).masked_fill(~mask, -1e4)
        with torch.no_grad():
            rows = self.n(self.we(batch.pieces) + self.pe(batch.places) + self.te)
            for layer in self.ls[:FIXED]:
                rows = layer(rows, hidden)
        rows = functional.dropout(rows, DROP, self.training) + self.old * batch.old[:, :, None]
        for layer in self.ls[FIXED:]:
            rows = layer(rows, hidden)
        first = rows.flatten(0, 1)[batch.firsts]
        scores: torch.Tensor = self.out(functional.dropout(first, DROP, self.training))
        return scores


class Batches:
    """Draws languages by the root of how much text they have, and shows all units of one before any again."""

    def __init__(self, units: Sequence[Unit], seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._units: dict[str, list[Unit]] = defaultdict(list)
        for number, unit in enumerate(units):
            if len(unit.pieces) <= ROW and not (unit.old and number % OLD):
                self._units[unit.lang].append(unit)
        sizes = {lang: sum(len(unit.pieces) for unit in found) for lang, found in self._units.items()}
        for lang, size in sizes.items():
            print(f"{lang}: {len(self._units[lang])} units, {size:,} pieces", flush=True)
        chances = np.array([size**TEMPERATURE for size in sizes.values()])
        # Of a language that is drawn one unit is shown: how long those are must not count.
        chances /= [sizes[lang] / len(self._units[lang]) for lang in sizes]
        self._langs, self._chances = list(sizes), chances / chances.sum()
        self._left: dict[str, list[int]] = {lang: [] for lang in sizes}

    def draw(self) -> list[Unit]:
        """Units that fit into the rows of a step, row by row."""
        found: list[Unit] = []
        for _ in range(ROWS):
            size = misses = 0
            while misses < MISSES:
                lang = self._langs[self._random.choice(len(self._langs), p=self._chances)]
                unit = self._next(lang)
                if size + len(unit.pieces) > ROW:
                    self._back(lang)
                    misses += 1
                else:
                    found.append(unit)
                    size += len(unit.pieces)
        return found

    def _next(self, lang: str) -> Unit:
        if not self._left[lang]:
            self._left[lang] = self._random.permutation(len(self._units[lang])).tolist()
        self._last = self._left[lang].pop()
        return self._units[lang][self._last]

    def _back(self, lang: str) -> None:
        self._left[lang].insert(0, self._last)


def packed(units: Sequence[Unit]) -> Batch:
    """The units in as few rows as their order allows."""
    rows: list[list[Unit]] = []
    size = ROW
    for unit in units:
        if size + len(unit.pieces) > ROW:
            rows.append([])
            size = 0
        rows[-1].append(unit)
        size += len(unit.pieces)
    shape = len(rows), ROW
    pieces, places, owners = (np.zeros(shape, np.int64) for _ in range(3))
    old, firsts = np.zeros(shape, np.float32), []
    for number, row in enumerate(rows):
        begin = 0
        for owner, unit in enumerate(row, 1):
            part = slice(begin, begin + len(unit.pieces))
            pieces[number, part], owners[number, part], old[number, part] = unit.pieces, owner, unit.old
            places[number, part] = np.arange(len(unit.pieces))
            firsts.append(number * ROW + begin + unit.firsts.astype(np.int64))
            begin = part.stop
    return Batch(*(torch.from_numpy(part) for part in (pieces, places, owners, old, np.concatenate(firsts))))


def train(net: Multilingual, units: Sequence[Unit], pieces: float, work: Path) -> None:
    """Train until so many pieces were shown. The weights are kept every few minutes and at the end."""
    head = [*net.out.parameters(), net.old]
    layers = [weight for weight in net.ls.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": layers, "weight_decay": 0.01}, {"params": head, "weight_decay": 0.0}], betas=(0.9, 0.98), fused=True
    )
    batches, began, kept, seen, step, losses = Batches(units, SEED), time.time(), time.time(), 0, 0, [0.0]
    net.train()
    while seen < pieces:
        rate = min(1.0, seen / pieces / WARM + 0.01) * max(0.01, 1 - seen / pieces)
        for group, full in zip(optimiser.param_groups, RATES, strict=True):
            group["lr"] = full * rate
        given = batches.draw()
        loss = _loss(net(packed(given)), given)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*layers, *head], 1.0)
        optimiser.step()
        losses.append(loss.item())
        seen, step = seen + sum(len(unit.pieces) for unit in given), step + 1
        if step % 25 == 0:
            print(f"{seen:,} pieces, loss {np.mean(losses[-25:]):.4f}, {time.time() - began:.0f} s", flush=True)
        if time.time() - kept > 600:
            kept = time.time()
            torch.save(net.state_dict(), work / f"weights_{seen}.pt")
    torch.save(net.state_dict(), work / "weights.pt")


def _loss(scores: torch.Tensor, units: Sequence[Unit]) -> torch.Tensor:
    """What is labelled is one label; where MISC was not marked, a word outside names may be MISC or nothing."""
    logs = torch.log_softmax(scores, -1)
    wanted = torch.from_numpy(np.concatenate([_wanted(unit) for unit in units]))
    either = torch.from_numpy(
        np.concatenate([(unit.labels == NO_NAME_OR_MISC) & (unit.soft is None) for unit in units])
    )
    total = (logs * wanted).sum() + torch.logsumexp(logs[either][:, MISC], -1).sum()
    return -total / len(logs)


def _wanted(unit: Unit) -> Floats:
    """See `teacher.wanted_of`."""
    share = 1.0 if unit.soft is None else LINKED
    return teacher.wanted_of(unit.labels, unit.soft) * np.float32(share)
