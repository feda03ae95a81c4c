"""Commands that ask: search, facets, show, links."""

from __future__ import annotations

import sys

import click

from archive import Source
from backfile.cli.main import Desk, cli, pass_desk
from backfile.cli.render import emit, safe
from backfile.cli.tables import explained, link_lines, show_entry, show_facets, show_results
from backfile.cli.words import QueryCommand
from index import Hit, Sort, facet_names

_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
_significant = click.option(
    "--significant", is_flag=True, help="Of the facets, the values more frequent here than in the whole archive."
)
_SORTS = click.Choice([sort.value for sort in Sort])
_FACETS = click.Choice(facet_names())


@cli.command(cls=QueryCommand)
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
@_json
@pass_desk
def search(
    desk: Desk,
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
    text = " ".join(query)
    found = desk.current_index.search(
        text, facets=() if as_json else facets, sort=Sort(sort), limit=limit, cursor=cursor, explain_clauses=explain,
        significant=significant,
    )  # fmt: skip
    if as_json:
        for hit in found.hits:
            emit(hit_row(hit))
        if explain:
            desk.screen.say(explained(found))
        if facets:
            desk.screen.say("Facets as JSON: backfile facets --json")
    else:
        show_results(desk.screen, found, explain=explain)
    if found.cursor:
        desk.screen.say(f"More: the same command with --cursor {found.cursor}")


@cli.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option(
    "--facet", "names", type=_FACETS, multiple=True, required=True, metavar="FIELD", help="The field; repeatable."
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many values of each.")
@_significant
@_json
@pass_desk
def facets(
    desk: Desk, query: tuple[str, ...], names: tuple[str, ...], limit: int, significant: bool, as_json: bool
) -> None:
    """Count the people, places, topics … in the articles that match QUERY (nothing: in all of them)."""
    found = desk.current_index.facets(" ".join(query), names, values=limit, significant=significant)
    if not as_json:
        show_facets(desk.screen, found)
        return
    for facet in found:
        for value in facet.values:
            row = {"field": facet.name, "value": value.value, "count": value.count}
            emit(row | {"background": value.background, "score": value.score} if significant else row)


@cli.command()
@click.argument("ref", metavar="ID|URL")
@click.option("--text", "form", flag_value="text", help="The text alone.")
@click.option("--html", "form", flag_value="html", help="The page as it was served, byte for byte.")
@click.option("--json", "form", flag_value="json", help="Everything that is held on it, as one JSON object.")
@pass_desk
def show(desk: Desk, ref: str, form: str | None) -> None:
    """Show an article: what it says, who and what is in it, the sources it cites."""
    entry = desk.archive.find(ref)
    if form == "json":
        emit(entry)
    elif form == "html":
        sys.stdout.buffer.write(desk.archive.payload(entry.capture_id))
    elif form == "text":
        click.echo(safe(entry.article.text if entry.article else "", lines=True))
    else:
        show_entry(desk.screen, entry)


@cli.command()
@click.argument("ref", metavar="ID|URL")
@_json
@pass_desk
def links(desk: Desk, ref: str, as_json: bool) -> None:
    """List the sources an article cites, hop by hop, and what became of each."""
    entry = desk.archive.find(ref)
    for source in entry.sources:
        if as_json:
            emit(_link(source))
        else:
            click.echo(link_lines(source))
    if not entry.sources and not as_json:
        desk.screen.say("It cites no sources.")


def hit_row(hit: Hit) -> dict[str, object]:
    """A hit as `--json` prints it."""
    return {
        "id": hit.id, "url": hit.url, "title": hit.title, "site": hit.site, "date": hit.date,
        "score": round(hit.score, 4), "snippet": hit.snippet.text,
    }  # fmt: skip


def _link(source: Source) -> dict[str, object]:
    return {
        "url": source.link.url, "final_url": source.final_url, "chain": source.chain, "role": source.link.role,
        "text": source.link.text, "context": source.link.context, "outcome": source.outcome, "detail": source.detail,
        "id": source.id,
    }  # fmt: skip
