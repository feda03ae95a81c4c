"""Commands of a team, whose archive has its catalog on PostgreSQL: work, catalogue."""

from __future__ import annotations

from contextlib import closing

import click

from archive import Added
from backfile.cli.render import emit, row, safe
from backfile.cli.terminal import Terminal, pass_terminal
from backfile.views.bringing import AddedRow, ImportedRow, WorkedRow

_until_idle = click.option("--until-idle", is_flag=True, help="End when nothing waits and nothing is under way.")


@click.command()
@_until_idle
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each page.")
@pass_terminal
def work(terminal: Terminal, until_idle: bool, as_json: bool) -> None:
    """Fetch and read pages for whoever adds to an archive with its catalog on PostgreSQL, or rebuilds it, anywhere.

    Any number may run. Each can be stopped or die at any moment: what it was at is done by another one.
    """
    with closing(terminal.desk.work(until_idle=until_idle)) as worked:
        for one in worked:
            if as_json:
                emit(WorkedRow.of(one))
            else:
                row(f"{'→' if one.came else '·'} {safe(one.url)}  {safe(one.detail)}")


@click.command()
@_until_idle
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each page.")
@pass_terminal
def catalogue(terminal: Terminal, until_idle: bool, as_json: bool) -> None:
    """Do the jobs that were written down for later, one after the other, with the help of everyone who works.

    One at a time writes to an archive: a second one waits, and says for whom.
    """
    with closing(terminal.desk.catalogue(terminal.screen.say, until_idle=until_idle)) as added:
        for one in added:
            if as_json:
                emit(AddedRow.of(one) if isinstance(one, Added) else ImportedRow.of(one))
            else:
                row(f"{one.outcome.value if one.outcome else one.detail:<10} {safe(one.url)}")
