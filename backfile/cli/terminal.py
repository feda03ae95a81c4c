"""What a command works at: the terminal that it was typed at, and the desk of the archive folder, once it needs one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from backfile.cli.render import Screen

if TYPE_CHECKING:
    from backfile.desk import Desk, Progress


class Terminal:
    """The screen, and the desk, which is opened on first use."""

    def __init__(self, folder: Path | None, *, quiet: bool, by: str = "") -> None:
        self.folder = folder  # as it was named, if it was
        self._by = by
        self._desk: Desk | None = None
        self.screen = Screen(quiet=quiet)

    @property
    def desk(self) -> Desk:
        """The desk of the archive that was named, or is found from here."""
        if self._desk is None:
            from backfile.desk import open_desk

            self._desk = open_desk(self.folder, told=self.screen.say, by=self._by)
        return self._desk

    @contextmanager
    def working(self) -> Iterator[tuple[Desk, Progress]]:
        """The desk, and what shows how far it has come: for each part of the work a bar or lines of its own."""
        with self.screen.stages() as progress:
            yield self.desk, progress

    def close(self) -> None:
        """Let go of files."""
        if self._desk is not None:
            self._desk.close()


def typed() -> BinaryIO:
    """Standard input. UsageError where there is none: whoever started the command closed it."""
    if sys.stdin is None:
        raise click.UsageError("there is no standard input to read: it is closed")
    return sys.stdin.buffer


pass_terminal = click.make_pass_decorator(Terminal)
tag_option = click.option(
    "--tag", "tags", metavar="TAG", multiple=True, help="Put this tag on what is asked for, not on sources; repeatable."
)
note_option = click.option("--note", metavar="TEXT", default="", help="Write this note on it, below one that it has.")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="As CSV, for spreadsheets.")
