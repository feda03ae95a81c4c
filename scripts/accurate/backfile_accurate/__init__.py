"""The model of Backfile's accurate recogniser; MODEL_CARD.md describes it. Backfile itself reads it."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where names.onnx and vocabulary.txt are."""
