"""Command that lets go: forget."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from archive import UsageError
from backfile.cli.render import emit, fitted, many, safe, size
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.desk import day_begins
from backfile.views.proving import GoingRow, HiddenRow

if TYPE_CHECKING:
    from datetime import datetime

    from archive import Going, Hidden

_ELSE = (
    "With them: your tags and notes on them, notices of them that wait, rows of imports and lists of bad rows that "
    "speak of them, the search index (made anew) and its old generations, SQLite's free pages and log. docs/legal.md "
    "says what remains."
)


@click.command()
@click.argument("refs", nargs=-1, metavar="[ID|URL]…")
@click.option("--query", metavar="QUERY", help="Every article that matches.")
@click.option("--reason", metavar="TEXT", help="Why; it is kept, and shown to whoever asks for it again.")
@click.option("--until", metavar="DATE", help="Do not let go, but hide until this day (or time) begins, in UTC.")
@click.option("--list", "listing", is_flag=True, help="List what is hidden, and until when.")
@click.option("--lift", is_flag=True, help="Show again, from now on, what is hidden.")
@click.option("--dry-run", is_flag=True, help="List what would go, and change nothing.")
@json_option
@pass_terminal
def forget(
    terminal: Terminal,
    refs: tuple[str, ...],
    query: str | None,
    reason: str | None,
    until: str | None,
    listing: bool,
    lift: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Let articles go for good: every version and capture, from every file of the archive's folder.

    A tombstone stays in the place of the records: when, why, how many bytes, digests. Neither an import nor a source
    that is followed brings it back; `add --again` and `import --again` do. docs/legal.md says what is gone and what is
    not. It asks first where it is typed at a terminal.

    With --until nothing goes: the articles are hidden until that day, from everything but `forget --list`.
    """
    if listing or lift:
        _embargoes(terminal, refs, lift=lift, as_json=as_json)
        return
    if bool(refs) == (query is not None):
        raise UsageError("name articles, or those of a --query")
    if reason is None:
        raise UsageError("say why, with --reason TEXT")
    end = day_begins(until) if until is not None else None
    with terminal.working() as (desk, progress):
        ids = list(desk.ids(query, progress=progress)) if query is not None else list(map(desk.named_or_hidden, refs))
        going = desk.would_forget(ids)
        if going and not dry_run and end is not None:
            _show(desk.hide([one.id for one in going], end, reason), as_json=as_json)
            terminal.screen.say(
                f"{many(len(going), 'article is', 'articles are')} hidden until {end:%Y-%m-%d %H:%M} UTC."
            )
            return
        if not dry_run and going:
            _confirm(going)
            desk.forget([one.id for one in going], reason, progress)
    _show_going(terminal, going, end, forgotten=not dry_run, as_json=as_json)


def _show_going(
    terminal: Terminal, going: Sequence[Going], until: datetime | None, *, forgotten: bool, as_json: bool
) -> None:
    said = "gone" if forgotten else f"would be hidden until {until:%Y-%m-%d %H:%M} UTC" if until else "would go"
    for one in going:
        if as_json:
            emit(GoingRow.of(one, forgotten=forgotten))
        else:
            click.echo(_line(one))
    pages, shown = sum(one.size for one in going), sum(one.resource_bytes for one in going)
    resources = f" and {size(shown)} of what they are shown with" if shown else ""
    terminal.screen.say(f"{many(len(going), 'article')} {said}, {size(pages)} of pages{resources}.")
    if going and not forgotten and until is None:
        terminal.screen.say(_ELSE)


def _embargoes(terminal: Terminal, refs: Sequence[str], *, lift: bool, as_json: bool) -> None:
    """Lists what is hidden, or shows these again."""
    if lift != bool(refs):
        raise UsageError("--lift needs articles: name those that are to be shown; --list names none")
    with terminal.working() as (desk, _):
        if lift:
            ids = list(map(desk.named_or_hidden, refs))
            desk.lift(ids)
            terminal.screen.say(f"{many(len(ids), 'article is', 'articles are')} shown again.")
        else:
            _show(desk.hidden(), as_json=as_json)


def _show(hidden: Sequence[Hidden], *, as_json: bool) -> None:
    for one in hidden:
        if as_json:
            emit(HiddenRow.of(one))
        else:
            click.echo(fitted(f"{one.id}  ", safe(one.title or one.url)))
            click.echo(fitted("      ", f"until {one.until:%Y-%m-%d %H:%M} UTC: {safe(one.reason)}"))


def _confirm(going: Sequence[Going]) -> None:
    """Asks a person, and nobody else: a script said what it meant."""
    if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
        for one in going:
            click.echo(_line(one))
        click.confirm(f"Forget {many(len(going), 'article')} for good?", abort=True)


def _line(one: Going) -> str:
    lines = [
        f"{one.id}  {safe(one.title or one.url)}",
        f"      {many(one.versions, 'version')}, {many(one.captures, 'capture')}, {size(one.size)}",
    ]
    if one.resources:
        shown = f"{many(one.resources, 'image or other file', 'images and other files')}, {size(one.resource_bytes)}"
        lines.append(f"      {shown}, that no other page is shown with")
    if one.names:
        lines.append(f"      named nowhere else: {safe(', '.join(one.names))}")
    if one.same_bytes:
        lines.append(
            f"      the same bytes stay as those of {', '.join(one.same_bytes)}: forget these, too, if they are to go"
        )
    if one.cited_by:
        lines.append(f"      cited by {', '.join(one.cited_by)}, which keep their own words about it")
    return "\n".join(lines)
