"""Commands that look after the folder: status, verify, rebuild, reindex."""

from __future__ import annotations

import click

from archive import UsageError
from backfile.cli.jobs import show_job
from backfile.cli.render import emit, fitted, many, row, safe, size
from backfile.cli.terminal import Terminal, pass_terminal
from backfile.desk import Status, day_begins
from backfile.views.bringing import JobRow
from backfile.views.keeping import ProblemRow, StatusRow

FOUND_PROBLEMS = 9  # exit code of `verify` when there is something to mend
_status_option = click.option("--json", "as_json", is_flag=True, help="One JSON object, as `status` prints it.")


@click.command()
@click.option("--job", type=int, metavar="NUMBER", help="How far this import is instead, and what failed in it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_terminal
def status(terminal: Terminal, job: int | None, as_json: bool) -> None:
    """Show what the archive holds, and whether the index is up to date."""
    if job is None and as_json:
        emit(StatusRow.of(terminal.desk.status()))
    elif job is None:
        _show(terminal.desk.status())
    elif as_json:
        emit(JobRow.of(terminal.desk.job(job)))
    else:
        show_job(terminal, job)


def _show(status: Status) -> None:
    facts = status.archive
    click.echo(f"Archive     {status.folder}")
    if "://" in status.catalog:
        click.echo(f"Catalog     {status.catalog}")
    click.echo(f"Articles    {facts.articles:,}, {many(facts.versions, 'version')} of them")
    at = f", at {status.captures_at}" if status.captures_at.startswith("s3://") else ""
    click.echo(f"Captures    {facts.captures:,} in {many(facts.warc_files, 'WARC file')}, {size(facts.warc_bytes)}{at}")
    click.echo(f"Pages       {facts.entries:,}, by what the latest capture of each showed")
    for outcome, count in sorted(facts.outcomes.items(), key=lambda item: -item[1]):
        click.echo(f"            {count:6,}  {outcome}")
    behind = f"{many(status.index_lag, 'change')} behind; the next search takes them in"
    at = f", at {status.index_at}" if "://" in status.index_at else ""
    click.echo(f"Index       {status.index_problem or (behind if status.index_lag else 'up to date') + at}")
    if status.team:
        team = status.team
        waiting, taken = many(team.waiting, "page waits", "pages wait"), many(team.claimed, "is taken", "are taken")
        at_work = f"{team.workers} at work; {waiting} for them, {taken}"
        click.echo(f"Workers     {at_work}\nWriting     {safe(team.writer) or 'nobody'}")
    if status.unread:
        from backfile.desk import unread_language

        languages = ", ".join(f"{unread_language(lang)}: {count}" for lang, count in status.unread.items())
        click.echo(fitted("No names    ", f"are found in some languages; articles in {languages}"))


@click.command()
@click.option("--sample", metavar="SHARE", help="Read only this share of the bytes, chosen by chance: 1%.")
@click.option("--since", metavar="DATE", help="Read only what was stored since the beginning of that day (UTC).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each problem.")
@pass_terminal
def verify(terminal: Terminal, sample: str | None, since: str | None, as_json: bool) -> None:
    """Read everything that is stored and name whatever is not as it was written.

    Checks every digest and the structure of warc/, warc/ against the chained manifest, the catalog against warc/, and
    the index against the catalog. Of a part, the bytes alone and whether all files are there.
    """
    count = 0
    share = _share(sample) if sample else None
    with terminal.working() as (desk, progress):
        for problem in desk.verify(progress, share=share, since=day_begins(since) if since else None):
            count += 1
            if as_json:
                emit(ProblemRow.of(problem))
            else:
                row(fitted("", f"{problem.layer}: {safe(problem.where)}: {safe(problem.what)}. {safe(problem.remedy)}"))
    if count:
        click.get_current_context().exit(FOUND_PROBLEMS)
    some = sample or since
    terminal.screen.say("What was read is as it was written." if some else "Everything is as it was written.")


def _share(text: str) -> float:
    """`1%` or `0.01` as 0.01. UsageError for what is no share."""
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise UsageError(f"{text!r} is no share: write 1% or 0.01")
    return share


@click.command()
@_status_option
@pass_terminal
def rebuild(terminal: Terminal, as_json: bool) -> None:
    """Make the catalog anew from warc/ alone, then the index."""
    with terminal.working() as (desk, progress):
        count = desk.rebuild(progress)
    if as_json:
        emit(StatusRow.of(terminal.desk.status()))
    else:
        terminal.screen.say(f"Rebuilt from {many(count, 'capture')}.")


@click.command()
@_status_option
@pass_terminal
def reindex(terminal: Terminal, as_json: bool) -> None:
    """Make the search index anew from the catalog, aside, and swap it in when it is whole."""
    with terminal.working() as (desk, progress):
        desk.reindex(progress)
    if as_json:
        emit(StatusRow.of(terminal.desk.status()))
    else:
        terminal.screen.say("The index is new.")
