"""Commands that ask: search, facets."""

from __future__ import annotations

import click

from backfile.cli.render import emit
from backfile.cli.tables import explained, show_facets, show_results
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.cli.words import QueryCommand
from backfile.desk import facet_names
from backfile.views.asking import HitRow, facet_row
from index import Sort

_significant = click.option(
    "--significant", is_flag=True, help="Of the facets, the values more frequent here than in the whole archive."
)
_SORTS = click.Choice([sort.value for sort in Sort])
_FACETS = click.Choice(facet_names())


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option(
    "--facet",
    "facets",
    type=_FACETS,
    multiple=True,
    metavar="FIELD",
    help="Count the values of this field; repeatable.",
)
@click.option("--sort", type=_SORTS, default=Sort.RELEVANCE.value, show_default=True, help="Order of the hits.")
@click.option(
    "--limit", type=click.IntRange(0), default=10, show_default=True, help="How many hits; 0 for the counts alone."
)
@click.option("--cursor", help="Go on behind the last hit of an earlier page.")
@click.option("--explain", is_flag=True, help="Say the query in words, with the count of each clause.")
@_significant
@json_option
@pass_terminal
def search(
    terminal: Terminal,
    query: tuple[str, ...],
    facets: tuple[str, ...],
    sort: str,
    limit: int,
    cursor: str | None,
    explain: bool,
    significant: bool,
    as_json: bool,
) -> None:
    """Find articles: backfile search person:Krasner topic:ICE

    All words and fields of the query must match. docs/query.md has the whole language.
    """
    with terminal.working() as (desk, progress):
        found = desk.search(
            " ".join(query), facets=() if as_json else facets, sort=Sort(sort), limit=limit, cursor=cursor,
            explain=explain, significant=significant, progress=progress,
        )  # fmt: skip
    if as_json:
        for hit in found.hits:
            emit(HitRow.of(hit))
        if explain:
            terminal.screen.say(explained(found))
        if facets:
            terminal.screen.say("Facets as JSON: backfile facets --json")
    else:
        show_results(terminal.screen, found, explain=explain)
    if found.cursor:
        terminal.screen.say(f"More: the same command with --cursor {found.cursor}")


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option(
    "--facet", "names", type=_FACETS, multiple=True, required=True, metavar="FIELD", help="The field; repeatable."
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many values of each.")
@_significant
@json_option
@pass_terminal
def facets(
    terminal: Terminal, query: tuple[str, ...], names: tuple[str, ...], limit: int, significant: bool, as_json: bool
) -> None:
    """Count the people, places, topics … in the articles that match QUERY (nothing: in all of them)."""
    with terminal.working() as (desk, progress):
        found = desk.facets(" ".join(query), names, values=limit, significant=significant, progress=progress)
    if not as_json:
        show_facets(terminal.screen, found)
        return
    for facet in found:
        for value in facet.values:
            emit(facet_row(facet.name, value, significant=significant))
