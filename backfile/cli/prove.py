"""Command that hands out what can be held against others: prove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive import UsageError
from backfile.cli.keep import FOUND_PROBLEMS
from backfile.cli.refs import which, which_options
from backfile.cli.render import emit, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.views.proving import ProvedRow

if TYPE_CHECKING:
    from archive import Proved


@click.command()
@click.argument("ref", metavar="[ID|URL]", required=False)
@which_options
@click.option(
    "--query", metavar="QUERY", help="Prove every article that matches, into a folder with a page that lists them."
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="The page (its JSON goes beside it), or with --query the new folder. Default for one page: its id, here.",
)
@json_option
@pass_terminal
def prove(
    terminal: Terminal,
    ref: str | None,
    version: int | None,
    at: str | None,
    capture: str,
    query: str | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Write down what can be proved of an article: who answered what, when, where each byte stands, its digests.

    The page says what `verify` says now, and how to cite the article; a file in JSON beside it holds the same.
    """
    if (ref is None) == (query is None):
        raise UsageError("name one article, or those of a --query")
    wanted = which(version, at, capture)
    if query is None:
        assert ref is not None
        done = [terminal.desk.prove(ref, wanted, output)]
    elif output is None or not wanted.is_current:
        raise UsageError("--query needs a folder (-o), and proves the texts as they are now")
    else:
        with terminal.working() as (desk, progress):
            done = desk.prove_all(query, output, progress)
    for one in done:
        _report(terminal, one, as_json=as_json)
    if any(one.problems for one in done):
        click.get_current_context().exit(FOUND_PROBLEMS)


def _report(terminal: Terminal, one: Proved, *, as_json: bool) -> None:
    if as_json:
        emit(ProvedRow.of(one))
        return
    terminal.screen.say(f"{one.id}  {safe(one.title)}: {one.html}, {one.json}")
    for problem in one.problems:
        click.echo(f"does not hold: {safe(problem)}", err=True)
