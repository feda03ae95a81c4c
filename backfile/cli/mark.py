"""Commands for what a person adds to an article: tag, note."""

from __future__ import annotations

import click

from backfile.cli.render import safe
from backfile.cli.terminal import Terminal, pass_terminal


@click.command()
@click.argument("ref", metavar="ID|URL")
@click.argument("tags", nargs=-1, metavar="TAG…")
@click.option("--remove", is_flag=True, help="Take the tags away instead.")
@pass_terminal
def tag(terminal: Terminal, ref: str, tags: tuple[str, ...], remove: bool) -> None:
    """Put tags on an article, or show the ones it has."""
    kept = terminal.desk.tag(ref, remove=tags) if remove else terminal.desk.tag(ref, tags)
    click.echo("\n".join(map(safe, kept)) or "no tags")


@click.command()
@click.argument("ref", metavar="ID|URL")
@click.argument("text", required=False)
@pass_terminal
def note(terminal: Terminal, ref: str, text: str | None) -> None:
    """Write a note on an article ("" removes it), or show the one it has."""
    click.echo(safe(terminal.desk.note(ref, text), lines=True) or "no note")
