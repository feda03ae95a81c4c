"""The accurate recogniser: transformers in eight bits, from the distribution backfile-accurate, run by onnxruntime.

One reads all languages with spaces, one those of which single signs are read. What they say is mixed with what the
default recogniser's networks say. Agreement and the rules are the default recogniser's.

One run of sentences at a time, on one core: an answer depends on nothing else that was read before or beside it.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np

from archive.entities.convolution import Floats
from archive.entities.default import DefaultRecogniser, Labeller
from archive.entities.features import Lexicon
from archive.entities.languages import Reader
from archive.entities.multilingual import PieceEncoder
from archive.entities.sign_pieces import SignEncoder
from archive.entities.tokens import Tokens
from archive.errors import UsageError

MULTILINGUAL, SIGNS = "multilingual", "signs"  # the files of a transformer: this with .onnx, its pieces with .txt
# Of a transformer in the mix, chosen of 0.5 to 1 for all; the rest is the default network's.
SHARE = 0.65
_LIBRARIES = ("onnxruntime", "backfile_accurate")
_ERRORS = 3  # onnxruntime's level of messages: its warnings are about its own optimisations
_MISFIT = "backfile-accurate and backfile do not fit each other: pip install --upgrade both"


class AccurateRecogniser(DefaultRecogniser):
    """Needs `pip install 'backfile[accurate]'`; promises what the default one does, also to several threads."""

    name = "accurate"

    def _load(self, lexicon: Lexicon) -> Labeller:
        self._runtime, data = (_library(name) for name in _LIBRARIES)
        self._folder = Path(data.FOLDER)
        self._words = Transformer(self._folder, MULTILINGUAL, PieceEncoder, self._runtime)
        return Mixed(self._words, super()._load(lexicon))

    def _load_foreign(self, reader: Reader) -> Labeller:
        words = reader is Reader.WORDS
        transformer = self._words if words else Transformer(self._folder, SIGNS, SignEncoder, self._runtime)
        return Mixed(transformer, super()._load_foreign(reader))


class Transformer:
    """Probabilities of the labels of every word, in any language that it reads."""

    def __init__(
        self, folder: Path, name: str, encoder_of: type[PieceEncoder | SignEncoder], runtime: ModuleType
    ) -> None:
        """UsageError where the folder is of a version that has no such network."""
        model = folder / f"{name}.onnx"
        if not model.exists():
            raise UsageError(_MISFIT)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS
        self._session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self.labels: list[str] = self._session.get_modelmeta().custom_metadata_map["labels"].split()
        rows = [line.split("\t") for line in (folder / f"{name}.txt").read_text(encoding="utf-8").split("\n")]
        self._encoder = encoder_of([piece for piece, _ in rows], [float(score) for _, score in rows])

    def probabilities(self, tokens: Tokens) -> Floats:
        """For each of one token or more the probability of each label."""
        return np.concatenate([self._run(run) for run in self._encoder.runs(tokens)])

    def _run(self, run: Tokens) -> Floats:
        given = self._encoder.encode(run)
        found: Floats = self._session.run(None, {"pieces": given.pieces, "firsts": given.firsts})[0]
        return found


class Mixed:
    """What a transformer and a network of the default recogniser say on average."""

    def __init__(self, transformer: Transformer, network: Labeller) -> None:
        """UsageError where they have other labels."""
        if transformer.labels != network.labels:
            raise UsageError(_MISFIT)
        self._transformer, self._network = transformer, network
        self.labels, self.languages = network.labels, network.languages

    def probabilities(self, tokens: Tokens, lang: str = "") -> Floats:
        """For each token the probability of each label."""
        other = self._network.probabilities(tokens, lang)
        if not tokens.words:
            return other
        found: Floats = self._transformer.probabilities(tokens) * np.float32(SHARE) + other * np.float32(1 - SHARE)
        return found


def _library(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UsageError(
            f"the recogniser 'accurate' needs the package {name.replace('_', '-')}: pip install 'backfile[accurate]' "
            "(in a checkout: pip install ./scripts/accurate)"
        ) from error
