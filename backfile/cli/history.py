"""Commands about what a page said when: versions, diff."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

import click

from archive import SILENT_EDIT, Capture, ChangeKind, LinkPiece, Op, Piece, Version
from backfile.cli.columns import wrapped
from backfile.cli.refs import Refs, ref_argument
from backfile.cli.render import Screen, emit, fitted, minute, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.desk import Comparison
from backfile.views.reading import CaptureRow, LinkPieceRow, PieceRow, VersionRow

_STYLES = {Op.KEPT: {}, Op.ADDED: {"fg": "green", "bold": True}, Op.REMOVED: {"fg": "red", "strikethrough": True}}
_MARKS = {Op.KEPT: ("", ""), Op.ADDED: ("{+", "+}"), Op.REMOVED: ("[-", "-]")}
_OFF, _RESET = "\x01", "\x1b[0m"
_SIGNED = {Op.KEPT: ("", ""), Op.ADDED: ("\x00", _OFF), Op.REMOVED: ("\x02", _OFF)}  # while lines are made: of no width
_ON = {_SIGNED[op][0]: click.style("", **_STYLES[op], reset=False) for op in (Op.ADDED, Op.REMOVED)}  # type: ignore[arg-type]
_SIGNS = {Op.KEPT: " ", Op.ADDED: "+", Op.REMOVED: "-"}
_AROUND = 160  # characters of a page's source that are shown before and after what differs


@click.command()
@ref_argument
@click.option("--captures", is_flag=True, help="List every capture of it instead, by whose ids a text can be named.")
@json_option
@pass_terminal
def versions(terminal: Terminal, ref: str, captures: bool, as_json: bool) -> None:
    """List the texts a page has carried, since when (in UTC), and what changed from one to the next.

    `-` reads ids, URLs or rows of `--json` from standard input, one a line.
    """
    refs = Refs(ref)
    for entry in refs.entries(terminal.desk, headed=not as_json):
        if captures:
            _list_captures(terminal.desk.captures(entry.id), as_json)
            continue
        before: Version | None = None
        for version in terminal.desk.versions(entry.id):
            if as_json:
                emit(VersionRow.of(version, entry.id))
            else:
                _show_version(version, before)
            before = version
    refs.end()


@click.command()
@click.argument("ref", metavar="ID|URL")
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--links", "what", flag_value="links", help="What became of the links in it instead.")
@click.option("--raw", "what", flag_value="raw", help="How the page itself differs instead, as it was served.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each piece of text, or link.")
@click.option("--html", "as_html", is_flag=True, help="One web page that needs nothing else.")
@pass_terminal
def diff(
    terminal: Terminal, ref: str, old: str | None, new: str | None, what: str | None, as_json: bool, as_html: bool
) -> None:
    """Show, word by word, how version OLD of a page became version NEW (default: the last two).

    Each is the number of a version, a day or minute at which it stood (2025-01-31), or the id of a capture.
    """
    if as_html and what:
        raise click.UsageError("--html shows the texts: leave --links and --raw out")
    desk = terminal.desk
    found = desk.compare(ref, old, new)
    if as_html:
        click.echo(found.page().encode("utf-8", "replace"), nl=False)
    elif what == "links":
        _show_links(found, desk.compare_links(found), as_json=as_json)
    elif what == "raw":
        _show_pieces(terminal, found, desk.compare_pages(found), as_json=as_json, whole=False)
    elif not as_json and found.old == found.new:
        terminal.screen.say(f"Only version {found.old.number} of it: there is nothing to compare.")
    else:
        _show_pieces(terminal, found, found.difference.pieces, as_json=as_json, whole=True)


def _show_version(version: Version, before: Version | None) -> None:
    changes = ", ".join(sorted(version.changes)) or "first seen"
    click.echo(fitted(f"{version.number:3}  {minute(version.first_seen)}  ", f"{safe(version.title)}  ({changes})"))
    if ChangeKind.HEADLINE in version.changes and before:
        click.echo(fitted("     ", f"headline before: {safe(before.title)}"))
    if ChangeKind.CORRECTION in version.changes:
        click.echo("     correction: the text names one that it did not name before")
    if ChangeKind.SILENT in version.changes:
        click.echo(fitted("     ", f"silent edit: {SILENT_EDIT}"))


def _list_captures(captures: Sequence[Capture], as_json: bool) -> None:
    for capture in captures:
        if as_json:
            emit(CaptureRow.of(capture))
        else:
            said = f"{capture.outcome.value}, {safe(capture.detail)}"
            click.echo(fitted(f"{capture.id}  {minute(capture.at)}  ", said))


def _compared(found: Comparison) -> str:
    return " → ".join(
        f"version {version.number}, seen {minute(version.first_seen)}" for version in (found.old, found.new)
    )


def _show_links(found: Comparison, pieces: Iterable[LinkPiece], *, as_json: bool) -> None:
    if not as_json:
        click.secho(_compared(found), dim=True)
    for piece in pieces:
        if as_json:
            emit(LinkPieceRow.of(piece))
        elif piece.op is not Op.KEPT:
            said = f"  “{safe(piece.link.text)}”" if piece.link.text else ""
            click.secho(f"{_SIGNS[piece.op]} {safe(piece.link.url)}{said}", fg=_STYLES[piece.op].get("fg"))


def _show_pieces(terminal: Terminal, found: Comparison, pieces: Iterable[Piece], *, as_json: bool, whole: bool) -> None:
    """Every piece; where not `whole`, of what stayed only what stands beside a change."""
    if as_json:
        for piece in pieces:
            emit(PieceRow.of(piece))
        return
    said = f"; {found.difference}" if whole else ", as it was served"
    click.secho(fitted("", f"{_compared(found)}{said}"), dim=True)
    click.echo(shown_pieces(terminal.screen, pieces if whole else map(_shortened, pieces), wrap=whole))


def shown_pieces(screen: Screen, pieces: Iterable[Piece], *, wrap: bool = True) -> str:
    """A text beside another one, word by word: in colours, or in the marks that wdiff uses.

    On a terminal its lines are broken to fit, unless not to `wrap`.
    """
    signs = _SIGNED if screen.colour else _MARKS
    text = "".join(f"{signs[one.op][0]}{safe(one.text, lines=True)}{signs[one.op][1]}" for one in pieces)
    lines: Iterable[str] = text.split("\n")
    if wrap and sys.stdout.isatty():
        lines = [part for line in lines for part in list(wrapped(line, screen.width)) or [""]]
    return "\n".join(_coloured(lines) if screen.colour else lines)


def _coloured(lines: Iterable[str]) -> Iterator[str]:
    """Colours for the signs of _SIGNED, ended with each line and begun again on the next."""
    begun = ""
    for line in lines:
        shown = begun + line
        begun = max(_ON, key=shown.rfind) if max(map(shown.rfind, _ON)) > shown.rfind(_OFF) else ""
        for sign, style in _ON.items():
            shown = shown.replace(sign, style)
        yield shown.replace(_OFF, _RESET) + (_RESET if begun else "")


def _shortened(piece: Piece) -> Piece:
    text = piece.text
    if piece.op is not Op.KEPT or len(text) <= 2 * _AROUND:
        return piece
    return Piece(
        Op.KEPT, f"{text[:_AROUND]}\n … {len(text) - 2 * _AROUND} characters are the same …\n{text[-_AROUND:]}"
    )
