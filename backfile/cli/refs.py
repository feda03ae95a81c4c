"""Which articles a command is about: the one that is named, or one a line from standard input (`-`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from archive import Entry, UsageError, Which
from backfile.cli.render import safe
from backfile.cli.terminal import typed
from backfile.desk import moment

if TYPE_CHECKING:
    from backfile.desk import Desk

STDIN = "-"
ref_argument = click.argument("ref", metavar="ID|URL|-")
at_option = click.option(
    "--at",
    metavar="DATE",
    help="As it stood at the end of that day, month, or minute (UTC): 2025-01-31, 2025-01-31T10:00.",
)


def which_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that name one of the texts that a page has carried: `which` of the arguments."""
    of_version = click.option("--version", type=click.IntRange(1), metavar="N", help="The Nth version of it.")
    of_capture = click.option("--capture", metavar="CAPTURE", default="", help="What that capture of it showed.")
    return of_version(at_option(of_capture(command)))


def which(version: int | None, at: str | None, capture: str = "") -> Which:
    """What those options say. UsageError for several of them, and for no date."""
    return Which(version, moment(at) if at else None, capture)


class Refs:
    """The ids and URLs that were asked for; of a list, one that means nothing is told, and the rest goes on."""

    def __init__(self, ref: str) -> None:
        self.are_many = ref == STDIN
        self.last = ""  # the one that was given out last, as it was written
        self._ref = ref
        self._code = 0

    def __iter__(self) -> Iterator[str]:
        if not self.are_many:
            yield self._ref
            return
        for number, line in enumerate(map(str.strip, typed_lines()), 1):
            if line.startswith("{"):
                try:
                    yield _id_in(line, number)
                except UsageError as error:
                    self.tell(error)
            elif line:
                yield line

    def entries(self, desk: Desk, *, headed: bool, as_it_was: Which | None = None) -> Iterator[Entry]:
        """What they mean, each with a line that names it where it is one of a list and `headed`.

        `as_it_was`: with the text that they had, without what is understood in an older one.
        """
        for one in self:
            self.last = one
            try:
                entry = desk.as_it_was(one, as_it_was, names=False) if as_it_was else desk.find(one)
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


def typed_lines() -> Iterator[str]:
    """The lines of standard input: those that are no UTF-8 are in Windows' encoding of western languages."""
    for line in typed():
        try:
            yield line.decode().removeprefix("\ufeff")
        except UnicodeDecodeError:
            yield line.decode("cp1252", "replace")


def _id_in(line: str, number: int) -> str:
    """The id in a line that `--json` has written. UsageError where there is none."""
    import json

    try:
        row: object = json.loads(line)
    except ValueError:
        row = None
    found = row.get("id") if isinstance(row, dict) else None
    if not isinstance(found, str) or not found:
        raise UsageError(f"line {number} of standard input is no JSON object with the id of an article: {line[:80]}")
    return found
