"""Command that mends what was read wrongly: edit."""

from __future__ import annotations

import click

from archive import Entry
from backfile.cli.render import day, emit, minute, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.views.reading import EditRow


@click.command()
@click.argument("ref", metavar="ID|URL")
@click.option("--title", metavar="TEXT", help="Its headline.")
@click.option("--author", "authors", metavar="NAME", multiple=True, help="Who wrote it; repeatable, all of them.")
@click.option("--date", "published_on", metavar="YYYY-MM-DD", help="The day of its publication.")
@click.option("--site", metavar="NAME", help="Who published it.")
@click.option("--undo", is_flag=True, help="Take back the latest edit; again, the one before it.")
@click.option("--all", "every", is_flag=True, help="With --undo: take back all of them.")
@json_option
@pass_terminal
def edit(
    terminal: Terminal,
    ref: str,
    title: str | None,
    authors: tuple[str, ...],
    published_on: str | None,
    site: str | None,
    undo: bool,
    every: bool,
    as_json: bool,
) -> None:
    """Say what an article's title, authors, date or site is, where it was read wrongly.

    It holds whatever its page says, now and in later captures; "" says that there is none. Without an option: show what
    was edited.
    """
    says = not (title is None and not authors and published_on is None and site is None)
    if (undo and says) or (every and not undo):
        raise click.UsageError("--undo takes edits back, and --all goes with it: edit in a command of its own.")
    desk = terminal.desk
    if undo:
        entry = desk.undo_edit(ref, all=every)
    elif says:
        entry = desk.edit(ref, title=title, authors=authors or None, published_on=published_on, site=site)
    else:
        entry = desk.find(ref)
    if as_json:
        emit(EditRow.of(entry))
    else:
        _show(entry)


def _show(entry: Entry) -> None:
    """Each field as it is now, and all edits."""
    now = EditRow.of(entry)
    values = {"title": now.title, "authors": ", ".join(now.authors), "date": day(now.date), "site": now.site}
    for name, value in values.items():
        click.echo(f"{name:8} {safe(value) or '-'}{'  (by hand)' if name in now.by_hand else ''}")
    for one in entry.edits:
        said = "; ".join(f"{name} {', '.join(values) or '-'}" for name, values in one.fields.items())
        click.echo(f"edited {minute(one.at)}{f' by {safe(one.by)}' if one.by else ''}: {safe(said)}")
