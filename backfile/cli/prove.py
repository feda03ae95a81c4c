"""Commands that hand out what can be held against others: prove, stamp."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive import StorageError, UsageError
from backfile.cli.keep import FOUND_PROBLEMS
from backfile.cli.refs import which, which_options
from backfile.cli.render import emit, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.views.proving import ProvedRow, StepStampRow

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

    The page says what `verify` says now, and how to cite the article; a file in JSON beside it holds the same. Where
    the settings name a server that stamps times, the last step of the manifest is stamped first.
    """
    if (ref is None) == (query is None):
        raise UsageError("name one article, or those of a --query")
    wanted = which(version, at, capture)
    if terminal.desk.stamps_times():
        _stamp_first(terminal)
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


@click.command()
@json_option
@pass_terminal
def stamp(terminal: Terminal, as_json: bool) -> None:
    """Have the time of all that is stored stamped by a server that the settings name ([proof] timestamps).

    What is stamped (RFC 3161) is the last step of the manifest, which holds the digests of everything before it.
    `prove` shows the stamp, `verify` checks it. Nothing but a digest leaves this machine.
    """
    done = terminal.desk.stamp()
    _remarks(done.remarks)
    if as_json and done.stamp:
        emit(StepStampRow.of(done.stamp))
    elif done.stamp:
        trusted = "" if done.stamp.trusted else ", whose root is not known here"
        had = "Stamped" if done.asked else "Was stamped before:"
        by = safe(done.stamp.authority) or "nobody who can be read"
        terminal.screen.say(f"{had} {done.stamp.at or done.stamp.problem} by {by}{trusted}: {done.stamp.file}.")
    if done.stamp is None or done.stamp.problem:
        click.get_current_context().exit(FOUND_PROBLEMS)


def _stamp_first(terminal: Terminal) -> None:
    """A proof is worth having without a stamp, too: what stands in the way is told."""
    try:
        _remarks(terminal.desk.stamp().remarks)
    except (UsageError, StorageError) as error:
        _remarks((str(error),))


def _remarks(said: Sequence[str]) -> None:
    for one in said:
        click.echo(f"time stamp: {safe(one)}", err=True)


def _report(terminal: Terminal, one: Proved, *, as_json: bool) -> None:
    if as_json:
        emit(ProvedRow.of(one))
        return
    terminal.screen.say(f"{one.id}  {safe(one.title)}: {one.html}, {one.json}")
    for problem in one.problems:
        click.echo(f"does not hold: {safe(problem)}", err=True)
