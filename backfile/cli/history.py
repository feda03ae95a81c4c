"""Commands about what a page said when: versions, diff."""

from __future__ import annotations

import click

from archive import Op, Piece, diff_page, diff_texts
from backfile.cli.main import Desk, cli, pass_desk
from backfile.cli.render import day, emit, safe

_STYLES = {Op.KEPT: {}, Op.ADDED: {"fg": "green", "bold": True}, Op.REMOVED: {"fg": "red", "strikethrough": True}}
_MARKS = {Op.KEPT: ("", ""), Op.ADDED: ("{+", "+}"), Op.REMOVED: ("[-", "-]")}


@cli.command()
@click.argument("ref", metavar="ID|URL")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_desk
def versions(desk: Desk, ref: str, as_json: bool) -> None:
    """List the texts a page has carried, and what changed from one to the next."""
    entry = desk.archive.find(ref)
    for version in desk.archive.versions(entry.id):
        if as_json:
            emit(version)
        else:
            changes = ", ".join(sorted(version.changes)) or "first seen"
            click.echo(f"{version.number:3}  {day(version.first_seen)}  {safe(version.title)}  ({changes})")


@cli.command()
@click.argument("ref", metavar="ID|URL")
@click.argument("old", type=int, required=False)
@click.argument("new", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each piece of text.")
@click.option("--html", "as_html", is_flag=True, help="One web page that needs nothing else.")
@pass_desk
def diff(desk: Desk, ref: str, old: int | None, new: int | None, as_json: bool, as_html: bool) -> None:
    """Show, word by word, how version OLD of a page became version NEW (default: the last two)."""
    entry = desk.archive.find(ref)
    new = new or (old + 1 if old else entry.versions)
    old = old or max(1, new - 1)
    before, after = desk.archive.article(entry.id, old), desk.archive.article(entry.id, new)
    pieces = diff_texts(f"{before.title}\n\n{before.text}", f"{after.title}\n\n{after.text}")
    if as_html:
        numbered = {version.number: version for version in desk.archive.versions(entry.id)}
        click.echo(diff_page(entry, numbered[old], numbered[new], pieces).encode("utf-8", "replace"), nl=False)
        return
    for piece in pieces:
        if as_json:
            emit(piece)
        else:
            click.echo(_shown(piece, colour=desk.screen.colour), nl=False)
    if not as_json:
        click.echo()


def _shown(piece: Piece, *, colour: bool) -> str:
    """Colours on a terminal; elsewhere the marks that wdiff uses."""
    text = safe(piece.text, lines=True)
    if colour:
        return click.style(text, **_STYLES[piece.op])  # type: ignore[arg-type]
    before, after = _MARKS[piece.op]
    return f"{before}{text}{after}"
