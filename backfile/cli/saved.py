"""Commands for saved searches: saved add, list, remove."""

from __future__ import annotations

import click

from backfile.cli.main import Desk, cli, pass_desk
from backfile.cli.render import emit, safe
from backfile.cli.words import QueryCommand
from index import parse_query


@cli.group()
def saved() -> None:
    """Give queries names, to be asked as saved:NAME."""


@saved.command(cls=QueryCommand)
@click.argument("name")
@click.argument("query", nargs=-1, required=True)
@pass_desk
def add(desk: Desk, name: str, query: tuple[str, ...]) -> None:
    """Save QUERY under NAME: backfile saved add raids 'person:Krasner topic:ICE'

    In any query saved:NAME then stands for it, whatever it is by then: backfile search saved:raids date:2025-01. A name
    that is taken is given to the new query.
    """
    text = " ".join(query)
    desk.index.parse(text)
    known = {one.name: one.query for one in desk.archive.searches.all()}
    parse_query(f'saved:"{name}"', known | {name.lower(): text})  # it may not be saved in terms of itself
    one = desk.archive.searches.add(name, text)
    click.echo(f"{'Saved anew' if one.name in known else 'Saved'}: saved:{one.name} is {safe(one.query)}")


@saved.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_desk
def list_(desk: Desk, as_json: bool) -> None:
    """List the saved searches."""
    found = desk.archive.searches.all()
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        if as_json:
            emit(one)
        else:
            click.echo(f"{one.name:{width}}  {safe(one.query)}")


@saved.command()
@click.argument("name")
@pass_desk
def remove(desk: Desk, name: str) -> None:
    """Forget a saved search."""
    click.echo(f"Forgotten: {desk.archive.searches.remove(name).name}")
