"""Commands about what a page said when: versions, diff."""

from __future__ import annotations

import click

from archive import SILENT_EDIT, ChangeKind, Op, Piece, diff_page, difference
from backfile.cli.main import Desk, cli, pass_desk
from backfile.cli.render import emit, minute, safe

_STYLES = {Op.KEPT: {}, Op.ADDED: {"fg": "green", "bold": True}, Op.REMOVED: {"fg": "red", "strikethrough": True}}
_MARKS = {Op.KEPT: ("", ""), Op.ADDED: ("{+", "+}"), Op.REMOVED: ("[-", "-]")}


@cli.command()
@click.argument("ref", metavar="ID|URL")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_desk
def versions(desk: Desk, ref: str, as_json: bool) -> None:
    """List the texts a page has carried, since when (in UTC), and what changed from one to the next."""
    entry = desk.archive.find(ref)
    for version in desk.archive.versions(entry.id):
        if as_json:
            emit(version)
            continue
        changes = ", ".join(sorted(version.changes)) or "first seen"
        click.echo(f"{version.number:3}  {minute(version.first_seen)}  {safe(version.title)}  ({changes})")
        if ChangeKind.SILENT in version.changes:
            click.echo(f"     {SILENT_EDIT}")


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
    numbered = {version.number: version for version in desk.archive.versions(entry.id)}
    if new is None:
        new = len(numbered) if old is None else old + 1
    if old is None:
        old = max(1, new - 1)
    found = difference(desk.archive.article(entry.id, old), desk.archive.article(entry.id, new))
    if as_html:
        click.echo(diff_page(entry, numbered[old], numbered[new], found).encode("utf-8", "replace"), nl=False)
        return
    if as_json:
        for piece in found.pieces:
            emit(piece)
        return
    if old == new:
        desk.screen.say(f"Only version {old} of it: there is nothing to compare.")
        return
    seen = " → ".join(f"version {number}, seen {minute(numbered[number].first_seen)}" for number in (old, new))
    click.secho(f"{seen}; {found}", dim=True)
    click.echo("".join(_shown(piece, colour=desk.screen.colour) for piece in found.pieces))


def _shown(piece: Piece, *, colour: bool) -> str:
    """Colours on a terminal; elsewhere the marks that wdiff uses."""
    text = safe(piece.text, lines=True)
    if colour:
        return click.style(text, **_STYLES[piece.op])  # type: ignore[arg-type]
    before, after = _MARKS[piece.op]
    return f"{before}{text}{after}"
