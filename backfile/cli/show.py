"""Commands that show what is held on a page: show, links."""

from __future__ import annotations

import sys

import click

from backfile.cli.render import emit, safe
from backfile.cli.tables import link_lines, show_entry
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.views.reading import EntryRow, LinkRow


@click.command()
@click.argument("ref", metavar="ID|URL")
@click.option("--text", "form", flag_value="text", help="The text alone.")
@click.option("--html", "form", flag_value="html", help="The page as it was served, byte for byte.")
@click.option("--json", "form", flag_value="json", help="Everything that is held on it, as one JSON object.")
@pass_terminal
def show(terminal: Terminal, ref: str, form: str | None) -> None:
    """Show an article: what it says, who and what is in it, the sources it cites."""
    if form == "html":
        sys.stdout.buffer.write(terminal.desk.page(ref))
        return
    entry = terminal.desk.find(ref)
    if form == "json":
        emit(EntryRow.of(entry))
    elif form == "text":
        click.echo(safe(entry.article.text if entry.article else "", lines=True))
    else:
        show_entry(terminal.screen, entry)


@click.command()
@click.argument("ref", metavar="ID|URL")
@json_option
@pass_terminal
def links(terminal: Terminal, ref: str, as_json: bool) -> None:
    """List the sources an article cites, hop by hop, and what became of each."""
    sources = terminal.desk.find(ref).sources
    for source in sources:
        if as_json:
            emit(LinkRow.of(source))
        else:
            click.echo(link_lines(source))
    if not sources and not as_json:
        terminal.screen.say("It cites no sources.")
