"""Commands that lead on: similar, suggest."""

from __future__ import annotations

import click

from backfile.cli.render import emit, safe
from backfile.cli.tables import show_similar
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.views.asking import FacetRow, SimilarRow

_limit = click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="How many at the most.")


@click.command()
@click.argument("ref", metavar="ID|URL")
@_limit
@json_option
@pass_terminal
def similar(terminal: Terminal, ref: str, limit: int, as_json: bool) -> None:
    """Find articles like this one, and say which names and words they share with it."""
    with terminal.working() as (desk, progress):
        found = desk.similar(ref, limit, progress)
    if as_json:
        for one in found:
            emit(SimilarRow.alike(one))
    elif found:
        show_similar(terminal.screen, found)
    else:
        terminal.screen.say("Nothing in the archive is like it.")


@click.command()
@click.argument("field", metavar="FIELD")
@click.argument("start", nargs=-1, metavar="PREFIX")
@_limit
@json_option
@pass_terminal
def suggest(terminal: Terminal, field: str, start: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Complete a name: backfile suggest person kras

    Any part of the name, or of another name for the same, will do. FIELD is any that can be counted as a facet, except
    dates. Without PREFIX the most frequent values are listed.
    """
    with terminal.working() as (desk, progress):
        found = desk.suggest(field, " ".join(start), limit, progress)
    digits = max((len(str(count)) for _, count in found), default=0)
    for value, count in found:
        if as_json:
            emit(FacetRow(field, value, count))
        else:
            click.echo(f"{count:{digits}}  {safe(value)}")
    if not found and not as_json:
        terminal.screen.say("No name in the archive begins so.")
