"""Command that holds a list of names against the archive: check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from textwrap import indent

import click

from archive import UsageError
from backfile.cli.columns import wrapped
from backfile.cli.outputs import save, written
from backfile.cli.render import aside, day, emit, fitted, many, row, safe
from backfile.cli.terminal import Terminal, csv_option, json_option, pass_terminal, typed
from backfile.cli.watch import NEWS
from backfile.desk import STREAM, Cell, Checked, UnreadName, check_page, sheet
from backfile.views.checking import CheckRow

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
_STDIN = Path("-")
_HEADER = (
    "name", "id", "articles", "first", "last", "sites", "aliases", "fuzzy", "before", "new", "gone",
    "passage 1", "url 1", "passage 2", "url 2", "passage 3", "url 3",
)  # fmt: skip


@click.command()
@click.argument("names", type=_FILE, metavar="NAMES")
@click.option(
    "--field", default="person", show_default=True, metavar="FIELD", help="Where to look: person, place, org, text …"
)
@click.option("--new", "only_new", is_flag=True, help="Only the names of which something is new since the last check.")
@click.option("--exit-code", "tells", is_flag=True, help=f"End with {NEWS} when there is any such name.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file: .csv, or .html."
)
@csv_option
@json_option
@pass_terminal
def check(
    terminal: Terminal,
    names: Path,
    field: str,
    only_new: bool,
    tells: bool,
    output: Path | None,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Look for each name of a list: backfile check NAMES.csv

    One name a line, or CSV with a column `name` and, if you have them, `aliases` (semicolons between them) and `id`. A
    name is found as person:"…" finds it; what is merely like it is named and not counted. A row that is no name is
    told, and the rest goes on. The next check of the same file says what is new since this one.

    `-` reads standard input, which is one list, whatever comes through it.
    """
    if output is not None and output.suffix.lower() not in (".csv", ".html", ".htm"):
        raise UsageError(f"a name that ends with .csv or .html says what {output.name} is to be")
    called = STREAM if names == _STDIN else str(names)
    found: list[Checked] = []
    shown = _emit if as_json else _pass_over if as_csv or output is not None else partial(_show, terminal.screen.width)
    with terminal.working() as (desk, progress):
        for one in desk.check(typed() if names == _STDIN else names, field=field, progress=progress):
            if isinstance(one, UnreadName):
                of_row = f"{called}:{one.line}: {safe(one.text)}: " if one.line else ""
                row(f"{of_row}{safe(one.reason)}", err=True)
            elif one.is_news or not only_new:
                shown(one)
                if as_csv or output is not None or tells:
                    found.append(one)
    _hand_out(terminal, found, called, output, as_csv=as_csv)
    if tells and any(one.is_news for one in found):
        click.get_current_context().exit(NEWS)


def _hand_out(terminal: Terminal, found: Sequence[Checked], called: str, output: Path | None, *, as_csv: bool) -> None:
    if output is not None:
        save(terminal, output, _written(output, called, found))
    if as_csv:
        written(_sheet(found))


def _written(output: Path, called: str, found: Sequence[Checked]) -> Iterator[str]:
    return _sheet(found) if output.suffix.lower() == ".csv" else check_page(Path(called).name, found)


def _emit(one: Checked) -> None:
    emit(CheckRow.of(one))


def _pass_over(one: Checked) -> None:
    """It is written when all are there."""


def _sheet(found: Sequence[Checked]) -> Iterator[str]:
    return sheet(_HEADER, map(_cells, found))


def _cells(one: Checked) -> Sequence[Cell]:
    passages: list[Cell] = [cell for passage in one.passages for cell in (passage.text, passage.url)]
    return [
        one.listed.name, one.listed.id, one.articles, one.first, one.last, one.sites, one.aliases,
        [f"{like.name} ({like.articles})" for like in one.fuzzy], one.before,
        None if one.before is None else len(one.new), None if one.before is None else one.gone, *passages,
    ]  # fmt: skip


def _show(width: int, one: Checked) -> None:
    with aside():
        since = f", {day(one.first)} to {day(one.last)}" if one.first else ""
        sites = f", {many(len(one.sites), 'site')}" if one.sites else ""
        new = f", {len(one.new)} new" if one.new else ""
        gone = f", {one.gone} gone" if one.gone else ""
        named = f"{safe(one.listed.name)}" + (f" ({safe(one.listed.id)})" if one.listed.id else "")
        click.secho(f"{one.articles:6}  {named}", bold=one.articles > 0, nl=False)
        click.echo(f"{since}{sites}{new}{gone}")
        if one.aliases:
            click.echo(indent("\n".join(wrapped(f"also as {safe(', '.join(one.aliases))}", width - 8)), " " * 8))
        for passage in one.passages:
            said = f"{passage.id} · {day(passage.date)} · {safe(passage.text)}"
            click.echo(indent("\n".join(wrapped(said, width - 8)), " " * 8))
        for like in one.fuzzy:
            click.echo(fitted("        ", f"not counted, but like it: {safe(like.name)} ({like.articles})"))
