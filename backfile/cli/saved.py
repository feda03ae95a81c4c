"""Commands for saved searches: saved add, list, remove."""

from __future__ import annotations

import click

from backfile.cli.render import emit, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.cli.words import QueryCommand
from backfile.views.keeping import SavedRow, SearchRow


@click.group()
def saved() -> None:
    """Give queries names, to be asked as saved:NAME."""


@saved.command(cls=QueryCommand)
@click.argument("name")
@click.argument("query", nargs=-1, required=True)
@json_option
@pass_terminal
def add(terminal: Terminal, name: str, query: tuple[str, ...], as_json: bool) -> None:
    """Save QUERY under NAME: backfile saved add raids 'person:Krasner topic:ICE'

    In any query saved:NAME then stands for it, whatever it is by then: backfile search saved:raids date:2025-01. A name
    that is taken is given to the new query.
    """
    done = terminal.desk.save(name, " ".join(query))
    if as_json:
        emit(SavedRow.done(done))
        return
    said = "Saved anew" if done.anew else "Saved"
    click.echo(f"{said}: saved:{done.search.name} is {safe(done.search.query)}")


@saved.command("list")
@json_option
@pass_terminal
def list_(terminal: Terminal, as_json: bool) -> None:
    """List the saved searches."""
    found = terminal.desk.searches()
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        if as_json:
            emit(SearchRow.of(one))
        else:
            click.echo(f"{one.name:{width}}  {safe(one.query)}")
    if not found and not as_json:
        terminal.screen.say("No search is saved: `backfile saved add NAME QUERY` saves one.")


@saved.command()
@click.argument("name")
@json_option
@pass_terminal
def remove(terminal: Terminal, name: str, as_json: bool) -> None:
    """Forget a saved search."""
    forgotten = terminal.desk.forget_search(name)
    if as_json:
        emit(SearchRow.of(forgotten))
    else:
        click.echo(f"Forgotten: {safe(forgotten.name)}")
