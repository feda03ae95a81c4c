"""The accurate recogniser: transformers in eight bits, from the distribution backfile-accurate, run by onnxruntime.

One reads English, one all other languages with spaces, one those of which single signs are read. What the latter two
say is mixed with what the default recogniser's networks say. Agreement and the rules are the default recogniser's.

One run of sentences at a time, on one core: an answer depends on nothing else that was read before or beside it.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from archive.entities.default import DefaultRecogniser, ForeignLabeller, Labeller
from archive.entities.encoding import Encoder
from archive.entities.features import Lexicon
from archive.entities.languages import Reader
from archive.entities.multilingual import PieceEncoder
from archive.entities.sign_pieces import SignEncoder
from archive.entities.tokens import Tokens
from archive.errors import UsageError

MODEL_FILE, VOCABULARY_FILE = "names.onnx", "vocabulary.txt"
MULTILINGUAL_FILE, PIECES_FILE = "multilingual.onnx", "multilingual.txt"
SIGNS_FILE, SIGN_PIECES_FILE = "signs.onnx", "signs.txt"
# Of a transformer in the mix, chosen of 0.5 to 1 for both; the rest is the default network's.
SHARE = 0.65
_LIBRARIES = ("onnxruntime", "backfile_accurate")
_ERRORS = 3  # onnxruntime's level of messages: its warnings are about its own optimisations
_MISFIT = "backfile-accurate and backfile do not fit each other: pip install --upgrade both"

Floats = npt.NDArray[np.float32]


class AccurateRecogniser(DefaultRecogniser):
    """Needs `pip install 'backfile[accurate]'`; promises what the default one does, also to several threads."""

    name = "accurate"

    def _load(self, lexicon: Lexicon) -> Labeller:
        self._runtime, data = (_library(name) for name in _LIBRARIES)
        self._folder = Path(data.FOLDER)
        return Transformer(self._folder, lexicon, self._runtime)

    def _load_foreign(self, reader: Reader) -> ForeignLabeller:
        network = super()._load_foreign(reader)
        mixed = MixedWords if reader is Reader.WORDS else MixedSigns
        return mixed(self._folder, network, self._runtime)


class Transformer:
    """Probabilities of the labels of every word. `labels` are O and B-, I-, L-, U- of each type."""

    def __init__(self, folder: Path, lexicon: Lexicon, runtime: ModuleType) -> None:
        self._session, about = _session(folder / MODEL_FILE, runtime)
        if about["lists"].split() != list(lexicon.gazetteer.lists):
            raise UsageError(_MISFIT)
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


class Mixed:
    """What a transformer and another network say on average."""

    _model: ClassVar[str]
    _pieces: ClassVar[str]
    _encoder_of: ClassVar[type[PieceEncoder | SignEncoder]]

    def __init__(self, folder: Path, network: ForeignLabeller, runtime: ModuleType) -> None:
        self._session, about = _session(folder / self._model, runtime)
        self._network, self.labels, self.languages = network, network.labels, network.languages
        if about["labels"].split() != network.labels:
            raise UsageError(_MISFIT)
        lines = (folder / self._pieces).read_text(encoding="utf-8").split("\n")
        rows = [line.split("\t") for line in lines]
        self._encoder = self._encoder_of([piece for piece, _ in rows], [float(score) for _, score in rows])

    def probabilities(self, tokens: Tokens, lang: str) -> Floats:
        """For each token the probability of each label."""
        other = self._network.probabilities(tokens, lang)
        if not tokens.words:
            return other
        own = np.concatenate([self._run(run) for run in self._encoder.runs(tokens)])
        found: Floats = own * np.float32(SHARE) + other * np.float32(1 - SHARE)
        return found

    def _run(self, run: Tokens) -> Floats:
        given = self._encoder.encode(run)
        found: Floats = self._session.run(None, {"pieces": given.pieces, "firsts": given.firsts})[0]
        return found


class MixedWords(Mixed):
    """In any language with spaces."""

    _model, _pieces, _encoder_of = MULTILINGUAL_FILE, PIECES_FILE, PieceEncoder


class MixedSigns(Mixed):
    """In languages of which single signs are read."""

    _model, _pieces, _encoder_of = SIGNS_FILE, SIGN_PIECES_FILE, SignEncoder


def _session(file: Path, runtime: ModuleType) -> tuple[Any, dict[str, str]]:
    """The network in a file, for one core, and what the file says of it."""
    if not file.exists():
        raise UsageError(_MISFIT)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS
    session = runtime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    about: dict[str, str] = session.get_modelmeta().custom_metadata_map
    return session, about


def _library(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UsageError(
            f"the recogniser 'accurate' needs the package {name.replace('_', '-')}: pip install 'backfile[accurate]' "
            "(in a checkout: pip install ./scripts/accurate)"
        ) from error
