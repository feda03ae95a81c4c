"""Command that looks before something is handed out: audit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive import UsageError
from backfile.cli.refs import STDIN
from backfile.cli.render import emit, many, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.cli.watch import NEWS
from backfile.cli.words import QueryCommand
from backfile.desk import audit_file
from backfile.views.auditing import FindingRow

if TYPE_CHECKING:
    from archive import Audit, Finding

_PACKAGES = frozenset({".wacz", ".warc", ".gz", ".zip"})
_SHOWN = 100  # characters of an address


@click.command(cls=QueryCommand)
@click.argument("what", nargs=-1, type=click.UNPROCESSED, metavar="[QUERY|FILE]")
@click.option("--exit-code", "tells", is_flag=True, help=f"End with {NEWS} when there is anything.")
@json_option
@pass_terminal
def audit(terminal: Terminal, what: tuple[str, ...], tells: bool, as_json: bool) -> None:
    """List what a package tells of persons and secrets, before it is handed out: backfile audit case.wacz

    FILE is a WARC or WACZ, also one of others, and needs no archive. QUERY (nothing: everything) stands for the package
    that `export` would make of it. Cookies, login headers, sessions, keys and accounts in addresses, IP addresses, the
    names of users, notes and tags are listed by host, never with their values. What stands in the pages themselves
    is not looked at.
    """
    if STDIN in what:
        raise UsageError("name a query or a file")
    path = Path(what[0]) if len(what) == 1 else None
    if path is not None and (path.is_file() or path.suffix.lower() in _PACKAGES):
        found = audit_file(path)  # also one that is not there: who misspells its name is not told that all is well
    else:
        with terminal.working() as (desk, progress):
            found = desk.audit(" ".join(what), progress=progress)
    _show(terminal, found, as_json=as_json)
    if tells and found.findings:
        click.get_current_context().exit(NEWS)


def _show(terminal: Terminal, found: Audit, *, as_json: bool) -> None:
    for one in found.findings:
        if as_json:
            emit(FindingRow.of(one))
        else:
            click.echo(_line(one))
    unread = f"; {found.unread} could not be read, and may hold more" if found.unread else ""
    terminal.screen.say(f"{many(len(found.findings), 'thing')} in {many(found.records, 'record')}{unread}.")


def _line(one: Finding) -> str:
    url = safe(one.url)
    shown = url if len(url) <= _SHOWN else f"{url[:_SHOWN]}…"
    where = f"  {safe(one.host)}" if one.host else ""
    return f"{one.kind:28} {safe(one.name)}{where}  {one.count}×  {shown}"
