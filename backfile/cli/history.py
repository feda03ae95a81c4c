"""Commands about what a page said when: versions, diff."""

from __future__ import annotations

import click

from archive import SILENT_EDIT, ChangeKind, Op, Piece, Version
from backfile.cli.refs import Refs, ref_argument
from backfile.cli.render import emit, minute, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.desk import Comparison
from backfile.views.reading import PieceRow, VersionRow

_STYLES = {Op.KEPT: {}, Op.ADDED: {"fg": "green", "bold": True}, Op.REMOVED: {"fg": "red", "strikethrough": True}}
_MARKS = {Op.KEPT: ("", ""), Op.ADDED: ("{+", "+}"), Op.REMOVED: ("[-", "-]")}


@click.command()
@ref_argument
@json_option
@pass_terminal
def versions(terminal: Terminal, ref: str, as_json: bool) -> None:
    """List the texts a page has carried, since when (in UTC), and what changed from one to the next.

    `-` reads ids or URLs from standard input, one a line.
    """
    refs = Refs(ref)
    for entry in refs.entries(terminal.desk, headed=not as_json):
        for version in terminal.desk.versions(entry.id):
            if as_json:
                emit(VersionRow.of(version, entry.id))
            else:
                _show_version(version)
    refs.end()


@click.command()
@click.argument("ref", metavar="ID|URL")
@click.argument("old", type=int, required=False)
@click.argument("new", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each piece of text.")
@click.option("--html", "as_html", is_flag=True, help="One web page that needs nothing else.")
@pass_terminal
def diff(terminal: Terminal, ref: str, old: int | None, new: int | None, as_json: bool, as_html: bool) -> None:
    """Show, word by word, how version OLD of a page became version NEW (default: the last two)."""
    found = terminal.desk.compare(ref, old, new)
    if as_html:
        click.echo(found.page().encode("utf-8", "replace"), nl=False)
    elif as_json:
        for piece in found.difference.pieces:
            emit(PieceRow.of(piece))
    elif found.old == found.new:
        terminal.screen.say(f"Only version {found.old.number} of it: there is nothing to compare.")
    else:
        _show_difference(found, colour=terminal.screen.colour)


def _show_version(version: Version) -> None:
    changes = ", ".join(sorted(version.changes)) or "first seen"
    click.echo(f"{version.number:3}  {minute(version.first_seen)}  {safe(version.title)}  ({changes})")
    if ChangeKind.SILENT in version.changes:
        click.echo(f"     {SILENT_EDIT}")


def _show_difference(found: Comparison, *, colour: bool) -> None:
    seen = " → ".join(
        f"version {version.number}, seen {minute(version.first_seen)}" for version in (found.old, found.new)
    )
    click.secho(f"{seen}; {found.difference}", dim=True)
    click.echo("".join(_shown(piece, colour=colour) for piece in found.difference.pieces))


def _shown(piece: Piece, *, colour: bool) -> str:
    """Colours on a terminal; elsewhere the marks that wdiff uses."""
    text = safe(piece.text, lines=True)
    if colour:
        return click.style(text, **_STYLES[piece.op])  # type: ignore[arg-type]
    before, after = _MARKS[piece.op]
    return f"{before}{text}{after}"
