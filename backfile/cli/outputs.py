"""Text that a command writes: to standard output, or into a file that appears when it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

import click

from archive import StorageError
from backfile.cli.terminal import Terminal
from backfile.desk import SHEET_MARK, check_output


def written(lines: Iterable[str]) -> None:
    """Each to standard output, as it is."""
    for line in lines:
        click.echo(line, nl=False)


def save(terminal: Terminal, target: Path, lines: Iterable[str]) -> None:
    """All of it into the file `target`, in the place of one of that name. UsageError, StorageError."""
    check_output(target)
    part = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")
    try:
        with part.open("w", encoding="utf-8", errors="replace", newline="") as file:
            if target.suffix.lower() == ".csv":
                file.write(SHEET_MARK)
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise StorageError(f"{target}: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    terminal.screen.say(f"Written to {target}.")
