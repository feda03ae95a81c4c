"""Command that asks: search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from backfile.cli.render import emit
from backfile.cli.tables import explained, show_results
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.cli.words import QueryCommand
from backfile.desk import Desk, facet_names
from index import Hit, Results, Sort

if TYPE_CHECKING:
    from backfile.desk import Run

significant_option = click.option(
    "--significant", is_flag=True, help="Of the facets, the values more frequent here than in the whole archive."
)
_PAGE = 1000  # hits that are held at once when all are asked for: some two megabytes
_SORTS = click.Choice([sort.value for sort in Sort])
FACETS = click.Choice(facet_names())


class Limit(click.IntRange):
    """A number from `least` on; `all` is None."""

    def __init__(self, least: int) -> None:
        super().__init__(least)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return None if value == "all" else super().convert(value, param, ctx)


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option(
    "--facet",
    "facets",
    type=FACETS,
    multiple=True,
    metavar="FIELD",
    help="Count the values of this field; repeatable.",
)
@click.option("--sort", type=_SORTS, default=Sort.RELEVANCE.value, show_default=True, help="Order of the hits.")
@click.option(
    "--limit",
    type=Limit(0),
    default=10,
    show_default=True,
    metavar="NUMBER|all",
    help="How many hits; 0 for the counts alone.",
)
@click.option("--cursor", help="Go on behind the last hit of an earlier page.")
@click.option("--explain", is_flag=True, help="Say the query in words, with the count of each clause.")
@click.option("--strict", is_flag=True, help="Only articles that match all of it, however few.")
@click.option("--group", is_flag=True, help="One hit for each text, with how many articles and sites have it.")
@click.option("--meta", is_flag=True, help="With --json: before the hits one object with their number and the facets.")
@significant_option
@json_option
@pass_terminal
def search(
    terminal: Terminal,
    query: tuple[str, ...],
    facets: tuple[str, ...],
    sort: str,
    limit: int | None,
    cursor: str | None,
    explain: bool,
    strict: bool,
    group: bool,
    meta: bool,
    significant: bool,
    as_json: bool,
) -> None:
    """Find articles: backfile search person:Krasner topic:ICE

    All words and fields of the query must match. Where fewer than five articles have all the words, and behind those
    of a sentence, come others that have some of them, each with the words it lacks; a question of seven words and more
    is answered by the best of either. A question that begins with "who" or "where" gets the people or places of the
    articles found as well. docs/query.md has the whole language.
    """
    if meta and not as_json:
        raise click.UsageError("--meta is an object more of --json.")
    asked = _Asked(" ".join(query), Sort(sort), strict=strict, runs={} if group else None)
    with terminal.working() as (desk, progress):
        found = asked.page(
            desk, _PAGE if limit is None else limit, cursor, facets=facets if meta or not as_json else (),
            explain=explain, significant=significant, answering=meta or not as_json, progress=progress,
        )  # fmt: skip
    rest = _rest(desk, asked, found.cursor) if limit is None else iter(())
    if as_json:
        if meta:
            shown = found if limit is not None else replace(found, cursor=None)
            from backfile.views.asking import MetaRow

            emit(MetaRow.of(shown, significant=significant))
        _print_hits(chain(found.hits, rest), asked.runs)
        if explain:
            terminal.screen.say(explained(found))
        if facets and not meta:
            terminal.screen.say("Facets as JSON: --meta, or backfile facets --json")
    else:
        show_results(terminal.screen, found, rest, explain=explain, runs=asked.runs or {})
        if not found.total and not terminal.desk.search("", limit=0).total:
            terminal.screen.say("The archive is empty: backfile add URL, or backfile import FILE")
    if found.cursor and limit is not None:
        terminal.screen.say(f"More: the same command with --cursor {found.cursor}")


def _print_hits(hits: Iterable[Hit], runs: Mapping[str, Run] | None) -> None:
    from backfile.views.asking import HitRow, RunRow

    for hit in hits:
        emit(HitRow.of(hit) if runs is None else RunRow.standing(hit, runs.get(hit.id)))


class _Asked:
    """A search, page by page; with `runs`, to which each page adds its own, one hit for each text."""

    def __init__(self, query: str, sort: Sort, *, strict: bool, runs: dict[str, Run] | None) -> None:
        self.query, self.sort, self.strict, self.runs = query, sort, strict, runs

    def page(self, desk: Desk, limit: int, cursor: str | None, **facts: Any) -> Results:
        if self.runs is None:
            return desk.search(self.query, sort=self.sort, strict=self.strict, limit=limit, cursor=cursor, **facts)
        found = desk.grouped(self.query, sort=self.sort, strict=self.strict, limit=limit, cursor=cursor, **facts)
        self.runs.update(found.runs)
        return found.results


def _rest(desk: Desk, asked: _Asked, cursor: str | None) -> Iterator[Hit]:
    """The hits behind `cursor`, however many, a page of them at a time."""
    while cursor:
        found = asked.page(desk, _PAGE, cursor)
        yield from found.hits
        cursor = found.cursor
