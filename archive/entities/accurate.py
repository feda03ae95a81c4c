"""The accurate recogniser: a MiniLM-L6 in eight bits, from the distribution backfile-accurate, run by onnxruntime.

One run of sentences at a time, on one core: an answer depends on nothing else that was read before or beside it.
Agreement, repair and other languages are the default recogniser's.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from archive.entities.default import DefaultRecogniser, Labeller
from archive.entities.encoding import Encoder
from archive.entities.features import Lexicon
from archive.entities.tokens import Tokens
from archive.errors import UsageError

MODEL_FILE, VOCABULARY_FILE = "names.onnx", "vocabulary.txt"
_LIBRARIES = ("onnxruntime", "backfile_accurate")
_ERRORS = 3  # onnxruntime's level of messages: its warnings are about its own optimisations

Floats = npt.NDArray[np.float32]


class AccurateRecogniser(DefaultRecogniser):
    """Needs `pip install 'backfile[accurate]'`; promises what the default one does, also to several threads."""

    name = "accurate"

    def _load(self, lexicon: Lexicon) -> Labeller:
        runtime, data = (_library(name) for name in _LIBRARIES)
        return Transformer(Path(data.FOLDER), lexicon, runtime)


class Transformer:
    """Probabilities of the labels of every word. `labels` are O and B-, I-, L-, U- of each type."""

    def __init__(self, folder: Path, lexicon: Lexicon, runtime: ModuleType) -> None:
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS
        self._session = runtime.InferenceSession(str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"])
        about: dict[str, Any] = self._session.get_modelmeta().custom_metadata_map
        if about["lists"].split() != list(lexicon.gazetteer.lists):
            raise UsageError("backfile-accurate and backfile do not fit each other: pip install --upgrade both")
        self.labels: list[str] = about["labels"].split()
        pieces = (folder / VOCABULARY_FILE).read_text(encoding="utf-8").split("\n")
        self._encoder = Encoder({piece: number for number, piece in enumerate(pieces)}, lexicon.gazetteer)

    def probabilities(self, tokens: Tokens) -> Floats:
        """For each token the probability of each label."""
        if not tokens.words:
            return np.zeros((0, len(self.labels)), np.float32)
        return np.concatenate([self._run(run) for run in self._encoder.runs(tokens)])

    def _run(self, run: Tokens) -> Floats:
        given = self._encoder.encode(run)
        inputs = {"pieces": given.pieces, "marks": given.marks, "firsts": given.firsts}
        found: Floats = self._session.run(None, inputs)[0]
        return found


def _library(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UsageError(
            f"the recogniser 'accurate' needs the package {name.replace('_', '-')}: pip install 'backfile[accurate]' "
            "(in a checkout: pip install ./scripts/accurate)"
        ) from error
