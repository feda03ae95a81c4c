"""MiniLM-L6 fine-tuned to mark names: the teacher of the network for English that ships.

It sees what train_teacher_encoding shows it: sentences together with their neighbours, the frequent pieces of the
published vocabulary, and marks for what that vocabulary cannot tell. About half an hour on one core.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional
from train_data import LABELS, MISC, NO_NAME_OR_MISC, Document, label, recased
from train_teacher_encoding import BEGIN, END, UNKNOWN, Encoded, Encoder
from train_vectors import vocabulary, weights

from archive.entities.multilingual import LONGEST
from archive.entities.pieces import pieces
from archive.entities.tokens import Tokens

SIZE, HEADS, INNER, LAYERS = 384, 12, 1536, 6
PIECES = 13_500  # kept of the published vocabulary
POSITIONS = LONGEST + 2
BATCH = 3000  # pieces
SEED = 1
DROP = 0.1
RATE = 1.5e-4
HEADLINES = (0.03, 0.02)  # shares of runs shown in capitals, and in title case
_ALIKE = 1500  # runs among which a batch takes those of like length

Floats = npt.NDArray[np.float32]
Soft = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Unit:
    """A run of sentences, and labels as `train_data.label` gives them."""

    run: Tokens
    labels: npt.NDArray[np.int64]


class Layer(nn.Module):
    """One BERT layer."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.o = nn.Linear(SIZE, 3 * SIZE), nn.Linear(SIZE, SIZE)
        self.i, self.f = nn.Linear(SIZE, INNER), nn.Linear(INNER, SIZE)
        self.n1, self.n2 = nn.LayerNorm(SIZE, 1e-12), nn.LayerNorm(SIZE, 1e-12)

    def forward(self, rows: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        batch, length, _ = rows.shape
        query, key, value = self.qkv(rows).view(batch, length, 3, HEADS, SIZE // HEADS).permute(2, 0, 3, 1, 4)
        scale = (SIZE // HEADS) ** -0.5
        share = torch.softmax((query * scale).matmul(key.transpose(-1, -2)) + hidden, -1)
        mixed = share.to(value.dtype).matmul(value).transpose(1, 2).reshape(batch, length, SIZE)
        rows = self.n1(rows + functional.dropout(self.o(mixed), DROP, self.training))
        inner = self.f(functional.gelu(self.i(rows)))
        result: torch.Tensor = self.n2(rows + functional.dropout(inner, DROP, self.training))
        return result


class Teacher(nn.Module):
    """MiniLM-L6 with marks beside the pieces and a label layer on each word's first piece."""

    def __init__(self, pieces: int, marks: int) -> None:
        super().__init__()
        self.we, self.pe = nn.Embedding(pieces, SIZE), nn.Embedding(POSITIONS, SIZE)
        self.te, self.marks = nn.Parameter(torch.zeros(SIZE)), nn.Linear(marks, SIZE, bias=False)
        self.n, self.out = nn.LayerNorm(SIZE, 1e-12), nn.Linear(SIZE, len(LABELS))
        self.ls = nn.ModuleList([Layer() for _ in range(LAYERS)])
        nn.init.normal_(self.marks.weight, 0, 0.02)
        nn.init.normal_(self.out.weight, 0, 0.02)

    def start_from(self, folder: Path, kept: Sequence[str]) -> None:
        """Take over the published weights, of the pieces those in `kept`."""
        given = {name: torch.from_numpy(array.copy()) for name, array in weights(folder).items()}
        numbers = vocabulary(folder)

        def end(name: str) -> torch.Tensor:
            return next(array for key, array in given.items() if key.endswith(name))

        self.we.weight.data = end("word_embeddings.weight")[[numbers[piece] for piece in kept]]
        self.pe.weight.data = end("position_embeddings.weight")[:POSITIONS]
        self.te.data = end("token_type_embeddings.weight")[0]
        self.n.weight.data, self.n.bias.data = end("embeddings.LayerNorm.weight"), end("embeddings.LayerNorm.bias")
        for number, layer in enumerate(self.ls):
            at = f"layer.{number}."
            names = {"o": "attention.output.dense", "n1": "attention.output.LayerNorm", "i": "intermediate.dense"}
            names |= {"f": "output.dense", "n2": "output.LayerNorm"}
            for part in ("weight", "bias"):
                parts = [end(f"{at}attention.self.{name}.{part}") for name in ("query", "key", "value")]
                getattr(layer.qkv, part).data = torch.cat(parts)
                for own, theirs in names.items():
                    getattr(getattr(layer, own), part).data = end(f"{at}{theirs}.{part}")

    def forward(self, batch: Sequence[Encoded]) -> torch.Tensor:
        numbers, marks = _padded([run.pieces for run in batch]), _padded([run.marks for run in batch])
        marks = functional.dropout(marks, DROP, self.training)
        length = numbers.shape[1]
        rows = self.n(self.we(numbers) + self.pe.weight[:length] + self.te + self.marks(marks))
        rows = functional.dropout(rows, DROP, self.training)
        padding = torch.arange(length) >= torch.tensor([len(run.pieces) for run in batch])[:, None]
        hidden = padding[:, None, None, :].to(torch.bfloat16) * -1e4
        for layer in self.ls:
            rows = layer(rows, hidden)
        firsts = np.concatenate([place * length + run.firsts for place, run in enumerate(batch)])
        first = rows.float().flatten(0, 1)[torch.from_numpy(firsts)]
        scores: torch.Tensor = self.out(functional.dropout(first, DROP, self.training))
        return scores


def teacher(
    gold: Sequence[Document], folder: Path, encoder: Encoder, kept: Sequence[str], work: Path, epochs: float
) -> Teacher:
    """The teacher trained on `gold` from the published model in `folder`, or the one that `work` has already."""
    torch.manual_seed(SEED)
    net = Teacher(len(kept), encoder.mark_count)
    file = work / "teacher.pt"
    if file.exists():
        net.load_state_dict(torch.load(file))
    else:
        net.start_from(folder, kept)
        train(net, units(gold, encoder, np.random.default_rng(SEED)), encoder, epochs, RATE, SEED)
        torch.save(net.state_dict(), file)
    return net


def _padded(rows: Sequence[npt.NDArray[Any]]) -> torch.Tensor:
    """Arrays side by side, filled up with zeros to the length of the longest."""
    return nn.utils.rnn.pad_sequence([torch.from_numpy(row) for row in rows], batch_first=True)


def frequent_pieces(documents: Sequence[Document], folder: Path) -> list[str]:
    """The pieces to keep: marks, single signs (with them every word of Latin letters can be cut), the most used."""
    known = vocabulary(folder)
    words = Counter(word for document in documents for given in document.sentences for word in given.words)
    counts: Counter[str] = Counter()
    by_number = list(known)
    for word, count in words.items():
        for number in pieces(word, known):
            counts[by_number[number]] += count
    single = [piece for piece in known if len(piece.removeprefix("##")) == 1 and ord(piece[-1]) < 0x250]
    kept = dict.fromkeys(["[PAD]", UNKNOWN, BEGIN, END, *single])
    ranked = sorted(counts, key=lambda piece: (-counts[piece], piece))
    kept.update(dict.fromkeys(islice((piece for piece in ranked if piece not in kept), PIECES - len(kept))))
    return list(kept)


def units(documents: Sequence[Document], encoder: Encoder, random: np.random.Generator) -> list[Unit]:
    """The documents in runs, a few shown as headlines."""
    found: list[Unit] = []
    for document in documents:
        shown = []
        for given in document.sentences:
            draw = random.random()
            shown.append(recased(given, upper=draw < HEADLINES[0]) if draw < sum(HEADLINES) else given)
        labels = np.concatenate([label(given, document.corpus) for given in document.sentences])
        place = 0
        for run in encoder.runs(joined([(given.words, given.breaks) for given in shown])):
            part = slice(place, place + len(run.words))
            found.append(Unit(run, labels[part]))
            place = part.stop
    return found


def joined(sentences: Sequence[tuple[list[str], list[int]]]) -> Tokens:
    """Words and breaks of sentences as one text without offsets."""
    words: list[str] = []
    begins: list[int] = []
    for more, breaks in sentences:
        begins += [len(words) + place for place in breaks]
        words += more
    return Tokens(words, [0] * len(words), begins)


def train(net: Teacher, given: Sequence[Unit], encoder: Encoder, epochs: float, rate: float, seed: int) -> None:
    """Train `net` on `given`, the rate rising at first and falling to the end."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    net.train()
    plain = [weight for weight in net.parameters() if weight.dim() <= 1]
    matrices = [weight for weight in net.parameters() if weight.dim() > 1]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=rate)
    sizes = [sum(map(encoder.length, unit.run.words)) for unit in given]
    steps = int(epochs * len(_batches(sizes, random)))
    began, losses = time.time(), []
    for step, numbers in enumerate(islice(_forever(sizes, random), steps)):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / steps)
        loss = _loss(net, [given[number] for number in numbers], encoder)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
        if step % 50 == 49:
            taken = time.time() - began
            print(f"step {step + 1} of {steps}, loss {np.mean(losses[-50:]):.4f}, {taken:.0f} s", flush=True)


def _loss(net: Teacher, given: Sequence[Unit], encoder: Encoder) -> torch.Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        scores = net([encoder.encode(unit.run) for unit in given])
    logs = torch.log_softmax(scores.float(), -1)
    labels = torch.from_numpy(np.concatenate([unit.labels for unit in given]))
    either = labels == NO_NAME_OR_MISC
    wanted = torch.from_numpy(np.concatenate([wanted_of(unit.labels, None) for unit in given]))
    total = -(logs * wanted).sum() - torch.logsumexp(logs[either][:, MISC], -1).sum()
    return total / len(labels)


def wanted_of(labels: npt.NDArray[np.integer[Any]], soft: Soft | None) -> Floats:
    """Wanted probabilities; zeros for words that may be MISC or nothing."""
    if soft is not None:
        return soft.astype(np.float32)
    found = np.zeros((len(labels), len(LABELS)), np.float32)
    known = np.flatnonzero(labels >= 0)
    found[known, labels[known]] = 1
    return found


def _forever(sizes: Sequence[int], random: np.random.Generator) -> Iterator[list[int]]:
    while True:
        yield from _batches(sizes, random)


def _batches(sizes: Sequence[int], random: np.random.Generator | None) -> list[list[int]]:
    """Numbers of runs of like length; in random order, or in order where `random` is None."""
    order = random.permutation(len(sizes)) if random is not None else np.arange(len(sizes))
    found: list[list[int]] = []
    for begin in range(0, len(order), _ALIKE):
        batch: list[int] = []
        for number in sorted(order[begin : begin + _ALIKE].tolist(), key=sizes.__getitem__):
            if batch and (sizes[number] + 2) * (len(batch) + 1) > BATCH:
                found.append(batch)
                batch = []
            batch.append(number)
        found.append(batch)
    return [found[place] for place in random.permutation(len(found))] if random is not None else found


def ask(net: Teacher, documents: Sequence[Document], encoder: Encoder) -> list[Soft]:
    """For each document the probability of each label of each of its words."""
    net.eval()
    runs = [
        (number, run)
        for number, document in enumerate(documents)
        for run in encoder.runs(joined([(given.words, given.breaks) for given in document.sentences]))
    ]
    answers: list[Soft] = [np.zeros((0, len(LABELS)), np.float16)] * len(runs)
    sizes = [sum(map(encoder.length, run.words)) for _, run in runs]
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for numbers in _batches(sizes, None):
            texts = [runs[number][1] for number in numbers]
            shares = torch.softmax(net([encoder.encode(run) for run in texts]).float(), -1).numpy().astype(np.float16)
            ends = np.cumsum([len(run.words) for run in texts])
            for number, part in zip(numbers, np.split(shares, ends[:-1]), strict=True):
                answers[number] = part
    found: list[list[Soft]] = [[] for _ in documents]
    for (number, _), answer in zip(runs, answers, strict=True):
        found[number].append(answer)
    return [np.concatenate(parts) for parts in found]
