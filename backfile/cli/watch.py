"""Commands that keep watch: watch add, list, remove, run, query."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping

import click

from archive import ArchiveError, Job, JobState, Notice, NoticeKind, UsageError, WatchKind
from backfile.cli.render import emit, fitted, many, minute, row, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.cli.words import QueryCommand
from backfile.desk import Watched
from backfile.views.keeping import NoticeRow, TargetRow, WatchRow

NEWS = 17  # exit code of `watch query` and `watch run --exit-code` when there is something new
_SIGNS = {NoticeKind.NEW: "new", NoticeKind.CHANGED: "changed", NoticeKind.MATCH: "match", NoticeKind.FAILED: "failed"}


class _Group(click.Group):
    """`watch QUERY --new-since DATE` is short for `watch query QUERY --new-since DATE`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        short = args[0] not in self.commands and any(argument.startswith("--new-since") for argument in args)
        return super().resolve_command(ctx, ["query", *args] if short else args)


@click.group(cls=_Group, context_settings={"ignore_unknown_options": True})
def watch() -> None:
    """Keep watch over feeds, sitemaps, pages and queries."""


@watch.command(cls=QueryCommand)
@click.argument("target", nargs=-1, required=True, metavar="URL…|QUERY")
@click.option(
    "--as",
    "kind",
    type=click.Choice([kind.value for kind in WatchKind]),
    help="What it is. Default: a URL is asked for and looked at; anything else is a query.",
)
@json_option
@pass_terminal
def add(terminal: Terminal, target: tuple[str, ...], kind: str | None, as_json: bool) -> None:
    """Watch feeds, sitemaps, pages, or a query: backfile watch add person:Krasner topic:ICE

    Of a site's front page the feed that it names is watched. What matches a query already is not reported. Several URLs
    are watched each; all else is one query.
    """
    code = 0
    with terminal.working() as (desk, progress):
        for added in desk.watching.add_all(target, WatchKind(kind) if kind else None, progress):
            if isinstance(added, ArchiveError):
                row(f"backfile: {safe(str(added))}", err=True)
                code = added.exit_code
            elif as_json:
                emit(TargetRow.of(added))
            else:
                row(f"Watching the {added.kind.value} {safe(added.target)}")
    click.get_current_context().exit(code)


@watch.command("list")
@json_option
@pass_terminal
def list_(terminal: Terminal, as_json: bool) -> None:
    """List what is watched, when it is due, and what was observed last."""
    found = list(terminal.desk.watching.all())
    for watched in found:
        if as_json:
            emit(WatchRow.of(watched))
        else:
            click.echo(_line(watched))
    if not found and not as_json:
        terminal.screen.say("Nothing is watched: `backfile watch add URL|QUERY` begins.")


@watch.command(cls=QueryCommand)
@click.argument("target", nargs=-1, required=True, metavar="ID|URL|QUERY")
@json_option
@pass_terminal
def remove(terminal: Terminal, target: tuple[str, ...], as_json: bool) -> None:
    """Watch it no longer. What it brought in stays."""
    removed = terminal.desk.watching.remove(" ".join(target))
    if as_json:
        emit(TargetRow.of(removed))
    else:
        click.echo(f"No longer watching the {removed.kind.value} {safe(removed.target)}")


@watch.command()
@click.option("--forever", is_flag=True, help="Go on until stopped, looking at everything when it is due.")
@click.option("--exit-code", "tells", is_flag=True, help=f"End with {NEWS} when there was something new.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each thing noticed.")
@pass_terminal
def run(terminal: Terminal, forever: bool, tells: bool, as_json: bool) -> None:
    """Look at everything that is due, once, and say what is new, what changed and what matches a query.

    For cron or a systemd timer; docs/watching.md has units to copy, and how to be told by e-mail or webhook.
    """
    if forever and tells:
        raise UsageError("--forever never ends by itself, so it has no --exit-code")
    while True:
        said: Counter[NoticeKind] = Counter()
        before = terminal.desk.watching.last_run()
        with terminal.working() as (desk, progress):
            for notice in desk.watching.look(progress):
                said[notice.kind] += 1
                _say(notice, as_json)
        news = said.total() > said[NoticeKind.FAILED]
        after = terminal.desk.watching.last_run()
        if not as_json and not forever:
            is_new = after is not None and (before is None or before.number != after.number)
            terminal.screen.say(_looked(said, after if is_new else None))
        if not forever:
            break
        time.sleep(terminal.desk.watching.nap())
    if tells and news:
        click.get_current_context().exit(NEWS)


@watch.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True, metavar="QUERY")
@click.option(
    "--new-since",
    "since",
    required=True,
    metavar="DATE|last",
    help="The day (in UTC) from which on an article was first captured, or what was not told before.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each article.")
@pass_terminal
def query(terminal: Terminal, query: tuple[str, ...], since: str, as_json: bool) -> None:
    """Say what matches QUERY and is new; `query` may be left out.

    Ends with 17 when there is anything, with 0 when there is not. `--new-since last` keeps watch over the query, as
    `watch add` does: what matches at the first time is no news; later on, `watch run` and this tell each article once.
    """
    text = " ".join(query)
    news = False
    with terminal.working() as (desk, progress):
        watching = desk.watching
        told = watching.untold(text, progress) if since == "last" else watching.captured_since(text, since, progress)
        for notice in told or ():
            news = True
            _say(notice, as_json)
    if told is None:
        terminal.screen.say("Watching this query from now on: what matches it already is not told.")
    if news:
        click.get_current_context().exit(NEWS)


def _looked(said: Mapping[NoticeKind, int], run: Job | None) -> str:
    """`Looked at 12 pages: 1 new, 2 changed, 8 unchanged, 1 not to be had.`"""
    if run is None:
        return "No page was due."
    counts = {"new": said[NoticeKind.NEW], "changed": said[NoticeKind.CHANGED]}
    counts["unchanged"] = max(0, run.counts[JobState.DONE] - sum(counts.values()))
    counts["not to be had"] = run.counts[JobState.FAILED]
    pages = sum(run.counts.values())
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return f"Looked at {many(pages, 'page')}: {told or 'nothing'}."


def _line(watched: Watched) -> str:
    one, state = watched.watch, watched.watch.state
    looked = minute(state.looked) if state.looked else "not yet"
    detail = f", {safe(state.detail)}" if state.detail else ""
    return (
        f"{one.id}  {one.kind.value:8}{safe(one.target)}  ({many(watched.pages, 'page')}, looked at {looked}{detail})"
    )


def _say(notice: Notice, as_json: bool) -> None:
    if as_json:
        emit(NoticeRow.of(notice))
        return
    what = safe(notice.title or notice.url or notice.watch)
    why = ", ".join(notice.changes) or (notice.detail if notice.kind is NoticeKind.FAILED else "")
    row(fitted(f"{_SIGNS[notice.kind]:8}{notice.id or '-':12}  ", what + (f"  ({safe(why)})" if why else "")))
