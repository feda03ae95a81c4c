"""The models of Backfile's accurate recogniser; MODEL_CARD.md describes them. Backfile itself reads them."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where the networks and their vocabularies are."""
