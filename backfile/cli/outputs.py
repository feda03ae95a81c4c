"""Text that a command writes: to standard output, or into a file that appears when it is whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from backfile.cli.terminal import Terminal
from backfile.desk import write_bytes, write_lines


def written(lines: Iterable[str]) -> None:
    """Each to standard output, as it is."""
    for line in lines:
        click.echo(line, nl=False)


def save(terminal: Terminal, target: Path, lines: Iterable[str]) -> None:
    """All of it into the file `target`, in the place of one of that name. UsageError, StorageError."""
    write_lines(target, lines)
    terminal.screen.say(f"Written to {target}.")


def save_bytes(terminal: Terminal, target: Path, pieces: Iterable[bytes]) -> None:
    """The same of what is no text. UsageError, StorageError."""
    write_bytes(target, pieces)
    terminal.screen.say(f"Written to {target}.")
