"""Command that says how far imports are: jobs. Also what other commands show of an import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from archive import Imported, Job, JobKind, JobState
from backfile.cli.render import emit, fitted, minute, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.views.bringing import ImportedRow, JobRow

_UNDONE = (JobState.FAILED, JobState.REJECTED)


@click.command()
@click.argument("number", type=int, required=False)
@click.option(
    "--state", type=click.Choice([state.value for state in JobState]), help="With NUMBER: its items in this state."
)
@click.option(
    "--kind",
    type=click.Choice([*(kind.value for kind in JobKind), "all"]),
    default=JobKind.IMPORT.value,
    show_default=True,
    help="Which jobs: what brought pages in.",
)
@click.option("--remarks", is_flag=True, help="With NUMBER: its items that were taken in without something, and what.")
@json_option
@pass_terminal
def jobs(terminal: Terminal, number: int | None, state: str | None, kind: str, remarks: bool, as_json: bool) -> None:
    """List the imports and how far they are; with NUMBER, one of them, and its items that failed or were rejected."""
    kinds = JobKind if kind == "all" else (JobKind(kind),)
    states = (JobState(state),) if state else tuple(JobState) if remarks else _UNDONE
    if number is None:
        found = list(terminal.desk.jobs(*kinds))
        for job in found:
            if as_json:
                emit(JobRow.of(job))
            else:
                click.echo(_headline(job))
        if not found and not as_json:
            terminal.screen.say("There is no such job: `backfile import FILE` begins one.")
    elif as_json:
        terminal.desk.job(number)  # there is one
        for item in _items(terminal, number, states, remarks=remarks):
            emit(ImportedRow.of(item))
    else:
        show_job(terminal, number, states, remarks=remarks)


def _items(terminal: Terminal, number: int, states: Iterable[JobState], *, remarks: bool) -> Iterator[Imported]:
    """The items of an import in some states; with `remarks` only those with any."""
    return (item for item in terminal.desk.job_items(number, states) if item.remarks or not remarks)


def show_job(terminal: Terminal, number: int, states: Iterable[JobState] = _UNDONE, *, remarks: bool = False) -> None:
    """An import, and its items in some states; with `remarks` only those with any."""
    job = terminal.desk.job(number)
    click.echo(_headline(job))
    for item in _items(terminal, number, states, remarks=remarks):
        what = safe(item.url or place(item))
        told = safe("; ".join(filter(None, (item.detail, *item.remarks))))
        click.echo(fitted(f"{item.n:7}  {item.state.value:8}  {item.id or '-':12}  ", f"{what}  {told}".rstrip()))
    if job.counts[JobState.REJECTED]:
        say_rejects(terminal, job)


def say_rejects(terminal: Terminal, job: Job) -> None:
    """Where the bad rows of an import are."""
    terminal.screen.say(f"Rows that could not be read are in {terminal.desk.rejects_file(job.number)}")


def counts(job: Job) -> str:
    """How many items of an import are in each state, in words."""
    return ", ".join(f"{job.counts[state]} {state.value}" for state in JobState if job.counts[state]) or "empty"


def place(item: Imported) -> str:
    """Where an item stands in its file, as people look for it."""
    return f"{Path(item.file).name}, line {item.line}" if item.line else Path(item.file).name


def _headline(job: Job) -> str:
    running = ", running" if job.running else ""
    return f"{job.number:4}  {minute(job.begun)}  {counts(job)}{running}  {safe(job.source)}"
