"""Commands that look after the folder: status, verify, rebuild, reindex; and what a person adds: tag, note."""

from __future__ import annotations

import click

from backfile.cli.importing import job_facts, job_of, show_job
from backfile.cli.main import Desk, cli, pass_desk
from backfile.cli.render import emit, safe, size

FOUND_PROBLEMS = 9  # exit code of `verify` when there is something to mend


@cli.command()
@click.option("--job", type=int, metavar="NUMBER", help="How far this import is instead, and what failed in it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_desk
def status(desk: Desk, job: int | None, as_json: bool) -> None:
    """Show what the archive holds, and whether the index is up to date."""
    if job is not None:
        if as_json:
            emit(job_facts(job_of(desk, job)))
        else:
            show_job(desk, job, as_json=False)
        return
    facts = desk.archive.counts()
    lag = desk.index.lag()
    if as_json:
        emit({"folder": str(desk.folder), "archive": facts, "index_lag": lag})
        return
    click.echo(f"Archive     {desk.folder}")
    click.echo(f"Articles    {facts.articles}, {facts.versions} versions of them")
    click.echo(f"Captures    {facts.captures} in {facts.warc_files} WARC files, {size(facts.warc_bytes)}")
    for outcome, count in sorted(facts.outcomes.items(), key=lambda item: -item[1]):
        click.echo(f"            {count:6}  {outcome}")
    click.echo(
        "Index       up to date" if lag == 0 else f"Index       {lag} changes behind; the next search takes them in"
    )


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each problem.")
@pass_desk
def verify(desk: Desk, as_json: bool) -> None:
    """Read everything that is stored and name whatever is not as it was written.

    Checks every digest and the structure of warc/, the catalog against warc/, and the index against the catalog.
    """
    count = 0
    with desk.screen.progress("verifying") as progress:
        for problem in (*desk.archive.verify(progress.reach), *desk.index.check()):
            count += 1
            if as_json:
                emit(problem)
            else:
                click.echo(f"{problem.layer}: {safe(problem.where)}: {safe(problem.what)}. {safe(problem.remedy)}")
    if count:
        click.get_current_context().exit(FOUND_PROBLEMS)
    desk.screen.say("Everything is as it was written.")


@cli.command()
@pass_desk
def rebuild(desk: Desk) -> None:
    """Make catalog.sqlite anew from warc/ alone, then the index."""
    with desk.screen.progress("rebuilding") as progress:
        count = desk.archive.rebuild(progress.reach)
    with desk.screen.progress("indexing") as progress:
        desk.index.rebuild(progress.reach)
    desk.screen.say(f"Rebuilt from {count} captures.")


@cli.command()
@pass_desk
def reindex(desk: Desk) -> None:
    """Make the search index anew from the catalog, aside, and swap it in when it is whole."""
    with desk.screen.progress("indexing") as progress:
        desk.index.rebuild(progress.reach)
    desk.screen.say("The index is new.")


@cli.command()
@click.argument("ref", metavar="ID|URL")
@click.argument("tags", nargs=-1, metavar="TAG…")
@click.option("--remove", is_flag=True, help="Take the tags away instead.")
@pass_desk
def tag(desk: Desk, ref: str, tags: tuple[str, ...], remove: bool) -> None:
    """Put tags on an article, or show the ones it has."""
    entry = desk.archive.find(ref)
    kept = set(entry.tags) - set(tags) if remove else set(entry.tags) | set(tags)
    if tags:
        desk.archive.set_tags(entry.id, sorted(kept))
        desk.index.update()
    click.echo("\n".join(sorted(kept)) or "no tags")


@cli.command()
@click.argument("ref", metavar="ID|URL")
@click.argument("text", required=False)
@pass_desk
def note(desk: Desk, ref: str, text: str | None) -> None:
    """Write a note on an article ("" removes it), or show the one it has."""
    entry = desk.archive.find(ref)
    if text is not None:
        desk.archive.set_note(entry.id, text)
        desk.index.update()
    click.echo(safe(text if text is not None else entry.note, lines=True) or "no note")
