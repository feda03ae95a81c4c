"""Command that shows the articles with one text: copies."""

from __future__ import annotations

import click

from archive import Op
from backfile.cli.history import shown_pieces
from backfile.cli.render import emit, fitted, many, minute, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.desk import Carrier
from backfile.views.copying import CopyRow


@click.command()
@click.argument("ref", metavar="ID|URL")
@click.option("--diff", "with_words", is_flag=True, help="Show each word by word beside the first one.")
@json_option
@pass_terminal
def copies(terminal: Terminal, ref: str, with_words: bool, as_json: bool) -> None:
    """List the articles with the same text as this one, the first one first, and what each of them changed."""
    with terminal.working() as (desk, progress):
        found = desk.copies(ref, progress)
    if as_json:
        for one in found:
            emit(CopyRow.of(one))
    elif not found:
        terminal.screen.say("No other article in the archive has its text.")
    else:
        sites = len({one.site for one in found})
        click.secho(f"{len(found)} articles on {many(sites, 'site')} have this text:", bold=True)
        for one in found:
            _show(terminal, one, with_words=with_words)


def _show(terminal: Terminal, one: Carrier, *, with_words: bool) -> None:
    click.echo(fitted(f"{minute(one.at)}  {one.id}  ", f"{safe(one.site)}: {safe(one.title or one.url)}"))
    if one.difference is None:
        click.echo("    first")
        return
    more, less = one.words(Op.ADDED), one.words(Op.REMOVED)
    click.echo(f"    {many(more, 'word')} more, {less} fewer; {one.difference}")
    if with_words:
        click.echo(shown_pieces(terminal.screen, one.difference.pieces) + "\n")
