"""Which articles a command is about: the one that is named, or one a line from standard input (`-`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from archive import Entry, UsageError
from backfile.cli.render import safe

if TYPE_CHECKING:
    from backfile.desk import Desk

STDIN = "-"
ref_argument = click.argument("ref", metavar="ID|URL|-")


class Refs:
    """The ids and URLs that were asked for; of a list, one that means nothing is told, and the rest goes on."""

    def __init__(self, ref: str) -> None:
        self.are_many = ref == STDIN
        self._ref = ref
        self._code = 0

    def __iter__(self) -> Iterator[str]:
        if not self.are_many:
            yield self._ref
            return
        yield from filter(None, map(str.strip, sys.stdin))

    def entries(self, desk: Desk, *, headed: bool) -> Iterator[Entry]:
        """What they mean, each with a line that names it where it is one of a list and `headed`."""
        for one in self:
            try:
                entry = desk.find(one)
            except UsageError as error:
                self.tell(error)
                continue
            if self.are_many and headed:
                click.secho(f"{entry.id}  {safe(entry.url)}", bold=True)
            yield entry

    def tell(self, error: UsageError) -> None:
        """Say what is wrong with one of a list. The error of the only one is the command's own, and raised."""
        if not self.are_many:
            raise error
        click.echo(f"backfile: {safe(str(error))}", err=True)
        self._code = max(self._code, error.exit_code)  # so that a missing entry outweighs an ambiguous one

    def end(self) -> None:
        """End the command: with the code of the error, if there was one."""
        if self._code:
            raise click.exceptions.Exit(self._code)
