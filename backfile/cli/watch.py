"""Commands that keep watch: watch add, list, remove, run, query."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain

import click

from archive import ArchiveError, Notice, NoticeKind, UsageError, Watch, WatchKind
from backfile.cli.main import Desk, cli, pass_desk
from backfile.cli.render import emit, minute, safe
from backfile.cli.words import QueryCommand
from index import QueryError, Sort

NEWS = 17  # exit code of `watch query` and `watch run --exit-code` when there is something new
_NAP = 60.0  # seconds that --forever sleeps at most: queries have no time of their own
_SIGNS = {NoticeKind.NEW: "new", NoticeKind.CHANGED: "changed", NoticeKind.MATCH: "match", NoticeKind.FAILED: "failed"}


class _Group(click.Group):
    """`watch QUERY --new-since DATE` is short for `watch query QUERY --new-since DATE`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        short = args[0] not in self.commands and any(argument.startswith("--new-since") for argument in args)
        return super().resolve_command(ctx, ["query", *args] if short else args)


@cli.group(cls=_Group, context_settings={"ignore_unknown_options": True})
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
@pass_desk
def add(desk: Desk, target: tuple[str, ...], kind: str | None) -> None:
    """Watch feeds, sitemaps, pages, or a query: backfile watch add person:Krasner topic:ICE

    Of a site's front page the feed that it names is watched. What matches a query already is not reported. Several URLs
    are watched each; all else is one query.
    """
    code = 0
    for text, known_as in _targets(target, WatchKind(kind) if kind else None):
        try:
            is_query = known_as is WatchKind.QUERY
            added = _watch_query(desk, text) if is_query else desk.archive.watches.add(text, known_as)
        except ArchiveError as error:  # the others can be watched all the same
            click.echo(f"backfile: {error}", err=True)
            code = error.exit_code
        else:
            click.echo(f"Watching the {added.kind.value} {safe(added.target)}")
    click.get_current_context().exit(code)


def _targets(given: tuple[str, ...], kind: WatchKind | None) -> Iterator[tuple[str, WatchKind | None]]:
    """What is to be watched, and as what: addresses each, the words of a query together."""
    words = []
    for one in given:
        if kind is WatchKind.QUERY or (kind is None and not one.lower().startswith(("http://", "https://"))):
            words.append(one)
        else:
            yield one, kind
    if words:
        yield " ".join(words), WatchKind.QUERY


@watch.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_desk
def list_(desk: Desk, as_json: bool) -> None:
    """List what is watched, when it is due, and what was observed last."""
    counts = desk.archive.watches.counts()
    for one in desk.archive.watches.all():
        pages = counts.get(one.id, 0)
        if as_json:
            emit({
                "id": one.id, "kind": one.kind, "target": one.target, "added": one.added, "due": one.due,
                "looked": one.state.looked, "pages": pages, "failures": one.state.failures, "detail": one.state.detail,
            })  # fmt: skip
        else:
            looked = minute(one.state.looked) if one.state.looked else "not yet"
            detail = f", {safe(one.state.detail)}" if one.state.detail else ""
            click.echo(f"{one.id}  {one.kind.value:8}{safe(one.target)}  ({pages} pages, looked at {looked}{detail})")


@watch.command(cls=QueryCommand)
@click.argument("target", nargs=-1, required=True, metavar="ID|URL|QUERY")
@pass_desk
def remove(desk: Desk, target: tuple[str, ...]) -> None:
    """Watch it no longer. What it brought in stays."""
    removed = desk.archive.watches.remove(" ".join(target))
    click.echo(f"No longer watching the {removed.kind.value} {safe(removed.target)}")


@watch.command()
@click.option("--forever", is_flag=True, help="Go on until stopped, looking at everything when it is due.")
@click.option("--exit-code", "tells", is_flag=True, help=f"End with {NEWS} when there was something new.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each thing noticed.")
@pass_desk
def run(desk: Desk, forever: bool, tells: bool, as_json: bool) -> None:
    """Look at everything that is due, once, and say what is new, what changed and what matches a query.

    For cron or a systemd timer; docs/watching.md has units to copy, and how to be told by e-mail or webhook.
    """
    if forever and tells:
        raise UsageError("--forever never ends by itself, so it has no --exit-code")
    while True:
        news = False
        for notice in chain(_noticed(desk), desk.archive.watches.deliver(desk.folder)):
            news = news or notice.kind is not NoticeKind.FAILED
            _say(notice, as_json)
        atom = desk.archive.settings.watch.atom
        if atom:
            desk.archive.watches.write_atom(desk.folder / atom, desk.archive.log_id())
        if not forever:
            break
        time.sleep(_nap(desk))
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
@pass_desk
def query(desk: Desk, query: tuple[str, ...], since: str, as_json: bool) -> None:
    """Say what matches QUERY and is new; `query` may be left out.

    Ends with 17 when there is anything, with 0 when there is not. `--new-since last` keeps watch over the query, as
    `watch add` does: what matches at the first time is no news; later on, `watch run` and this tell each article once.
    """
    text = " ".join(query)
    news = False
    for notice in _untold(desk, text) if since == "last" else _captured_since(desk, text, since):
        news = True
        _say(notice, as_json)
    if news:
        click.get_current_context().exit(NEWS)


def _untold(desk: Desk, text: str) -> Iterator[Notice]:
    """What matches a query and was never told; nothing at the first time, when it begins to be watched."""
    known = (one for one in desk.archive.watches.all() if one.kind is WatchKind.QUERY and one.target == text)
    if one := next(known, None):
        yield from _matches(desk, one)
        return
    _watch_query(desk, text)
    desk.screen.say("Watching this query from now on: what matches it already is not told.")


def _captured_since(desk: Desk, text: str, since: str) -> Iterator[Notice]:
    asked = desk.index.parse(text)
    desk.index.parse(f'captured:">={since}"')  # so that an error speaks of the date alone
    first_captured = f'({asked}) captured:">={since}" -captured:"<{since}"'
    yield from _notices(desk, text, desk.current_index.ids(first_captured, sort=Sort.CAPTURED))


def _notices(desk: Desk, query: str, ids: Iterable[str]) -> Iterator[Notice]:
    """That these match, but for what has gone from the archive since the index was asked."""
    now = datetime.now(UTC)
    for id_ in ids:
        if entry := desk.archive.get(id_):
            title = entry.article.title if entry.article else ""
            yield Notice(NoticeKind.MATCH, query, now, entry.id, entry.final_url, title)


def _watch_query(desk: Desk, text: str) -> Watch:
    """Watch a query from now on; QueryError when it is none."""
    desk.index.parse(text)
    added = desk.archive.watches.add(text, WatchKind.QUERY)
    desk.archive.watches.seen(added, desk.current_index.ids(added.target, sort=Sort.CAPTURED), report=False)
    return added


def _noticed(desk: Desk) -> Iterator[Notice]:
    """What the lists and pages show, then what matches the queries with that taken in."""
    watches = desk.archive.watches
    yield from watches.run()
    for one in watches.all():
        if one.kind is WatchKind.QUERY:
            try:
                yield from _matches(desk, one)
            except QueryError as error:  # a saved search in it is gone, or it takes too long: the others go on
                yield Notice(NoticeKind.FAILED, one.target, datetime.now(UTC), title=one.target, detail=str(error))


def _matches(desk: Desk, one: Watch) -> Iterator[Notice]:
    """New matches of a stored query; a query that was never looked at has none."""
    # All of them, not only the latest: an import brings what was captured long ago, and a tag may make a match.
    ids = desk.archive.watches.unseen(one, desk.current_index.ids(one.target, sort=Sort.CAPTURED))
    said: list[Notice] = []
    if one.state.looked is not None:
        for notice in _notices(desk, one.target, ids):
            said.append(notice)
            yield notice
    if ids or one.state.looked is None:
        desk.archive.watches.seen(one, ids, report=one.state.looked is not None, notices=said)


def _say(notice: Notice, as_json: bool) -> None:
    if as_json:
        emit(notice)
        return
    what = safe(notice.title or notice.url or notice.watch)
    why = ", ".join(notice.changes) or (notice.detail if notice.kind is NoticeKind.FAILED else "")
    click.echo(f"{_SIGNS[notice.kind]:8}{notice.id or '-':12}  {what}" + (f"  ({safe(why)})" if why else ""))


def _nap(desk: Desk) -> float:
    """Seconds to the next look."""
    due = desk.archive.watches.next_due()
    wait = (due - datetime.now(UTC)).total_seconds() if due else _NAP
    return max(1.0, min(wait, _NAP))
