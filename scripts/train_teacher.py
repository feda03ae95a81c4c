"""The teacher: MiniLM-L6 fine-tuned on the corpora that people marked, then asked about texts that nobody marked.

Its vocabulary is uncased, so each word's case is fed as an embedding of its own. Documents give context: sentences that
belong together are shown together. About half an hour on one core.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional
from train_data import LABELS, MISC, NO_NAME_OR_MISC, Document, label, recased
from train_vectors import vocabulary, weights

from archive.entities.pieces import pieces

SIZE, HEADS, INNER, LAYERS = 384, 12, 1536, 6
BEGIN, END, UNKNOWN = 101, 102, 100  # [CLS], [SEP], [UNK] in the vocabulary
CONTEXT = 130  # pieces of sentences shown together
BATCH = 3000  # pieces
RATE = 1.5e-4
_LONGEST = 500  # pieces; words beyond get the last piece's answer

Rows = list[tuple[list[str], list[int]]]


class Layer(nn.Module):
    """One BERT layer."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.o = nn.Linear(SIZE, 3 * SIZE), nn.Linear(SIZE, SIZE)
        self.i, self.f = nn.Linear(SIZE, INNER), nn.Linear(INNER, SIZE)
        self.n1, self.n2 = nn.LayerNorm(SIZE, 1e-12), nn.LayerNorm(SIZE, 1e-12)

    def forward(self, rows: torch.Tensor, hidden: torch.Tensor, drop: float) -> torch.Tensor:
        batch, length, _ = rows.shape
        query, key, value = self.qkv(rows).view(batch, length, 3, HEADS, SIZE // HEADS).permute(2, 0, 3, 1, 4)
        scale = (SIZE // HEADS) ** -0.5
        share = torch.softmax((query * scale).matmul(key.transpose(-1, -2)) + hidden, -1)
        mixed = share.to(value.dtype).matmul(value).transpose(1, 2).reshape(batch, length, SIZE)
        rows = self.n1(rows + functional.dropout(self.o(mixed), drop, self.training))
        inner = self.f(functional.gelu(self.i(rows)))
        result: torch.Tensor = self.n2(rows + functional.dropout(inner, drop, self.training))
        return result


class Teacher(nn.Module):
    """MiniLM-L6 with case embeddings and a label layer on each word's first piece."""

    def __init__(self) -> None:
        super().__init__()
        self.we, self.pe = nn.Embedding(30_522, SIZE), nn.Embedding(512, SIZE)
        self.te, self.case = nn.Parameter(torch.zeros(SIZE)), nn.Embedding(8, SIZE)
        self.n, self.out = nn.LayerNorm(SIZE, 1e-12), nn.Linear(SIZE, len(LABELS))
        self.ls = nn.ModuleList([Layer() for _ in range(LAYERS)])
        nn.init.normal_(self.case.weight, 0, 0.02)
        nn.init.normal_(self.out.weight, 0, 0.02)

    def start_from(self, folder: Path) -> None:
        """Take over the published weights."""
        given = {name: torch.from_numpy(array.copy()) for name, array in weights(folder).items()}

        def end(name: str) -> torch.Tensor:
            return next(array for key, array in given.items() if key.endswith(name))

        self.we.weight.data, self.pe.weight.data = end("word_embeddings.weight"), end("position_embeddings.weight")
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

    def forward(self, batch: Batch) -> torch.Tensor:
        drop = 0.1
        rows = self.we(batch.pieces) + self.pe.weight[: batch.pieces.shape[1]] + self.te + self.case(batch.cases)
        rows = functional.dropout(self.n(rows), drop, self.training)
        hidden = (~batch.mask)[:, None, None, :].to(torch.bfloat16) * -1e4
        for layer in self.ls:
            rows = layer(rows, hidden, drop)
        first = rows.float()[batch.owner, batch.first]
        scores: torch.Tensor = self.out(functional.dropout(first, drop, self.training))
        return scores


class Batch:
    """Texts as padded rows of pieces; `owner` and `first` say where each word's first piece is."""

    def __init__(self, texts: Sequence[Sequence[str]], cutter: Cutter) -> None:
        cut = [cutter.row(words) for words in texts]
        length = max(len(row) for row, _, _ in cut)
        self.pieces = torch.zeros(len(cut), length, dtype=torch.long)
        self.cases = torch.zeros(len(cut), length, dtype=torch.long)
        self.mask = torch.zeros(len(cut), length, dtype=torch.bool)
        for number, (row, case, _) in enumerate(cut):
            self.pieces[number, : len(row)] = torch.tensor(row)
            self.cases[number, : len(row)] = torch.tensor(case)
            self.mask[number, : len(row)] = True
        self.owner = torch.tensor([number for number, (_, _, first) in enumerate(cut) for _ in first])
        self.first = torch.tensor([place for _, _, first in cut for place in first])


class Cutter:
    """Words → pieces, remembered."""

    def __init__(self, known: dict[str, int]) -> None:
        self._known = known
        self._seen: dict[str, list[int]] = {}

    def pieces(self, word: str) -> list[int]:
        if word not in self._seen:
            self._seen[word] = (pieces(word, self._known) or [UNKNOWN])[:8]
        return self._seen[word]

    def length(self, words: Sequence[str]) -> int:
        return sum(len(self.pieces(word)) for word in words)

    def row(self, words: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
        row, case, first = [BEGIN], [0], []
        for word in words:
            cut = self.pieces(word)
            if len(row) + len(cut) > _LONGEST:
                first.append(len(row) - 1)
                continue
            first.append(len(row))
            row += cut
            case += [_case(word)] * len(cut)
        return [*row, END], [*case, 0], first


def _case(word: str) -> int:
    if word.islower():
        return 1
    if word.isupper():
        return 2 if len(word) > 1 else 3
    if word[0].isupper():
        return 4 if word[1:].islower() else 5
    if word[0].isdigit():
        return 6
    return 7 if any(sign.isupper() for sign in word) else 0


def train(documents: Sequence[Document], folder: Path, epochs: float, seed: int) -> Teacher:
    """The teacher, trained on `documents`; `folder` has the published model."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    cutter = Cutter(vocabulary(folder))
    rows = _rows(documents, cutter, random)
    net = Teacher()
    net.start_from(folder)
    plain = [weight for weight in net.parameters() if weight.dim() <= 1]
    matrices = [weight for weight in net.parameters() if weight.dim() > 1]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=RATE)
    steps = int(epochs * sum(1 for _ in _batches(rows, cutter, random)))
    began, step, losses = time.time(), 0, []
    while step < steps:
        for numbers in _batches(rows, cutter, random):
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / steps)
            loss = _loss(net, [rows[number] for number in numbers], cutter)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            step += 1
            losses.append(loss.item())
            if step % 100 == 0:
                print(
                    f"step {step} of {steps}, loss {np.mean(losses[-100:]):.4f}, {time.time() - began:.0f} s",
                    flush=True,
                )
            if step >= steps:
                break
    return net


def _loss(net: Teacher, rows: Rows, cutter: Cutter) -> torch.Tensor:
    batch = Batch([words for words, _ in rows], cutter)
    labels = torch.tensor([number for _, numbers in rows for number in numbers])
    with torch.autocast("cpu", torch.bfloat16):
        scores = net(batch)
    logs = torch.log_softmax(scores.float(), -1)
    either = labels == NO_NAME_OR_MISC
    sure = -logs[~either].gather(1, labels[~either][:, None]).sum()
    return (sure - torch.logsumexp(logs[either][:, MISC], -1).sum()) / len(labels)


def _rows(documents: Sequence[Document], cutter: Cutter, random: np.random.Generator) -> Rows:
    """Sentences of a document together, up to CONTEXT pieces; a few shown as headlines."""
    rows: Rows = []
    for document in documents:
        words: list[str] = []
        labels: list[int] = []
        for given in document.sentences:
            draw = random.random()
            shown = recased(given, upper=draw < 0.03).words if draw < 0.05 else given.words
            if words and cutter.length(words) + cutter.length(shown) > CONTEXT:
                rows.append((words, labels))
                words, labels = [], []
            words, labels = words + shown, labels + label(given, document.corpus)
        rows.append((words, labels))
    return rows


def _batches(rows: Rows, cutter: Cutter, random: np.random.Generator | None) -> Iterator[list[int]]:
    """Numbers of rows of like length; in random order, or in order where `random` is None."""
    order = random.permutation(len(rows)) if random is not None else np.arange(len(rows))
    found: list[list[int]] = []
    for begin in range(0, len(order), 1500):
        group = sorted(order[begin : begin + 1500].tolist(), key=lambda number: cutter.length(rows[number][0]))
        batch: list[int] = []
        for number in group:
            if batch and (cutter.length(rows[number][0]) + 2) * (len(batch) + 1) > BATCH:
                found.append(batch)
                batch = []
            batch.append(number)
        found.append(batch)
    for place in random.permutation(len(found)) if random is not None else range(len(found)):
        yield found[place]


def ask(net: Teacher, documents: Sequence[Document], folder: Path) -> list[list[npt.NDArray[np.float16]]]:
    """For each sentence of each document the probability of each label of each word; sentences are shown alone."""
    net.eval()
    cutter = Cutter(vocabulary(folder))
    flat: Rows = [(given.words, []) for document in documents for given in document.sentences]
    answers: list[npt.NDArray[np.float16] | None] = [None] * len(flat)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for numbers in _batches(flat, cutter, None):
            texts = [flat[number][0] for number in numbers]
            shares = torch.softmax(net(Batch(texts, cutter)).float(), -1).numpy().astype(np.float16)
            ends = np.cumsum([len(words) for words in texts])
            for number, part in zip(numbers, np.split(shares, ends[:-1]), strict=True):
                answers[number] = part
    found = iter([answer for answer in answers if answer is not None])
    return [[next(found) for _ in document.sentences] for document in documents]
