"""Commands that lead on: similar, suggest."""

from __future__ import annotations

import click

from backfile.cli.ask import hit_row
from backfile.cli.main import Desk, cli, pass_desk
from backfile.cli.render import emit, safe
from backfile.cli.tables import show_similar

_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
_limit = click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="How many at the most.")


@cli.command()
@click.argument("ref", metavar="ID|URL")
@_limit
@_json
@pass_desk
def similar(desk: Desk, ref: str, limit: int, as_json: bool) -> None:
    """Find articles like this one, and say which names and words they share with it."""
    found = desk.current_index.similar(desk.archive.find(ref).id, limit)
    if as_json:
        for one in found:
            emit(hit_row(one.hit) | {"names": one.names, "words": one.words})
    elif found:
        show_similar(desk.screen, found)
    else:
        desk.screen.say("Nothing in the archive is like it.")


@cli.command()
@click.argument("field", metavar="FIELD")
@click.argument("start", nargs=-1, metavar="PREFIX")
@_limit
@_json
@pass_desk
def suggest(desk: Desk, field: str, start: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Complete a name: backfile suggest person kras

    Any part of the name, or of another name for the same, will do. FIELD is any that can be counted as a facet, except
    dates. Without PREFIX the most frequent values are listed.
    """
    found = desk.current_index.suggest(field, " ".join(start), limit)
    digits = max((len(str(count)) for _, count in found), default=0)
    for value, count in found:
        if as_json:
            emit({"field": field, "value": value, "count": count})
        else:
            click.echo(f"{count:{digits}}  {safe(value)}")
    if not found and not as_json:
        desk.screen.say("No name in the archive begins so.")
