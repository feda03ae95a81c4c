"""Commands that count over all articles of a query: facets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import click

from archive import UsageError
from backfile.cli.ask import FACETS, Limit, significant_option
from backfile.cli.crosstabs import show_table, table_sheet
from backfile.cli.outputs import written
from backfile.cli.render import emit
from backfile.cli.tables import show_facets
from backfile.cli.terminal import Terminal, csv_option, json_option, pass_terminal
from backfile.cli.words import QueryCommand
from backfile.desk import sheet
from backfile.views.asking import FacetRow, facet_row
from backfile.views.counting import CrossRow
from index import Facet, FacetPage, ValueOrder


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option(
    "--facet", "names", type=FACETS, multiple=True, required=True, metavar="FIELD", help="The field; repeatable."
)
@click.option("--by", type=FACETS, metavar="FIELD", help="Count it against this other field, as a table.")
@click.option("--find", default="", metavar="WORDS", help="Only values in which a word begins with each of these.")
@click.option(
    "--order",
    type=click.Choice([order.value for order in ValueOrder]),
    help="Order of the values. Default: count; of dates the latest first.",
)
@click.option(
    "--limit", type=Limit(1), default=50, show_default=True, metavar="NUMBER|all", help="How many values of each."
)
@click.option("--offset", type=click.IntRange(0), default=0, help="How many values to pass over before the first.")
@click.option("--none", "with_none", is_flag=True, help="Count the articles without any value, too.")
@significant_option
@csv_option
@json_option
@pass_terminal
def facets(
    terminal: Terminal,
    query: tuple[str, ...],
    names: tuple[str, ...],
    by: str | None,
    find: str,
    order: str | None,
    limit: int | None,
    offset: int,
    with_none: bool,
    significant: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Count the people, places, topics … in the articles that match QUERY (nothing: in all of them).

    With --by, how many articles have both: backfile facets --facet person --by site
    """
    asked = " ".join(query)
    if by is not None:
        if find or order or offset or with_none or significant:
            raise UsageError("--by takes neither --find, --order, --offset, --none nor --significant")
        _cross(terminal, asked, names, by, limit, as_csv=as_csv, as_json=as_json)
        return
    sorted_by = ValueOrder.SIGNIFICANCE if significant else ValueOrder(order) if order else None
    with terminal.working() as (desk, progress):
        pages = [
            desk.facet_page(asked, name, find=find, order=sorted_by, offset=offset, limit=limit, progress=progress)
            for name in names
        ]
    by_significance = sorted_by is ValueOrder.SIGNIFICANCE
    if as_json:
        _emit(pages, with_none=with_none, significant=by_significance)
    elif as_csv:
        _print(chain.from_iterable(_rows(page, with_none, by_significance) for page in pages), by_significance)
    else:
        _show(terminal, pages, with_none=with_none)


def _emit(pages: Iterable[FacetPage], *, with_none: bool, significant: bool) -> None:
    for page in pages:
        for value in page.values:
            emit(facet_row(page.name, value, significant=significant))
        if with_none:
            emit(FacetRow(page.name, None, page.none))


def _rows(page: FacetPage, with_none: bool, significant: bool) -> Iterator[Sequence[str | float | None]]:
    for value in page.values:
        scored = [value.background, value.score] if significant else []
        yield [page.name, value.value, value.count, *scored]
    if with_none:
        yield [page.name, None, page.none, *([None, None] if significant else [])]


def _print(rows: Iterator[Sequence[str | float | None]], significant: bool) -> None:
    header = ["field", "value", "count", *(["background", "score"] if significant else [])]
    written(sheet(header, rows))


def _show(terminal: Terminal, pages: Sequence[FacetPage], *, with_none: bool) -> None:
    show_facets(terminal.screen, [Facet(page.name, page.field, page.values, _left(page)) for page in pages])
    for page in pages:
        if with_none:
            click.echo(f"{page.none} {'article has' if page.none == 1 else 'articles have'} no {page.name}")


def _left(page: FacetPage) -> int:
    """The values shown and those behind them."""
    return page.distinct - page.offset


def _cross(
    terminal: Terminal, query: str, names: Sequence[str], by: str, limit: int | None, *, as_csv: bool, as_json: bool
) -> None:
    with terminal.working() as (desk, progress):
        tables = [
            desk.facet_table(query, name, by, limit=limit, by_limit=limit, progress=progress) for name in names
        ]  # fmt: skip
    for table in tables:
        if as_json:
            for row in CrossRow.all_of(table):
                emit(row)
        elif as_csv:
            header, *rows = table_sheet(table)
            written(sheet(list(map(str, header)), rows))
        else:
            show_table(terminal.screen, table)
