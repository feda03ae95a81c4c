"""Letting go of articles: what would go (`looking`), and how it goes from every file of the archive (`letting_go`).

What was decided is written down first, without a word of what is to go. Whoever is killed after that is followed by the
next writer, who does the rest: every step can be done twice.
"""

from pathlib import Path

from archive.storage.places import FORGETTING


def is_pending(folder: Path) -> bool:
    """Whether somebody was interrupted while letting go."""
    return (folder / FORGETTING).exists()
