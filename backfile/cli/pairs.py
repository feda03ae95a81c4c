"""Command that says who is named with whom: pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from backfile.cli.ask import FACETS
from backfile.cli.columns import clipped, columns, padded
from backfile.cli.outputs import written
from backfile.cli.render import day, emit, safe, terminal_width
from backfile.cli.terminal import Terminal, csv_option, json_option, pass_terminal
from backfile.cli.words import QueryCommand
from backfile.desk import Cell, Pairs, sheet
from backfile.views.counting import PairRow
from index import ValueOrder

_ORDERS = [ValueOrder.COUNT.value, ValueOrder.SIGNIFICANCE.value]
_NAME = 26  # columns of the terminal that each of two names may take
_COUNTS, _SINCE = 33, 25  # … and that numbers, and days, take beside them


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option("--facet", "name", type=FACETS, default="person", show_default=True, metavar="FIELD", help="Whose pairs.")
@click.option("--by", type=FACETS, default=None, metavar="FIELD", help="The other half of each. Default: the same.")
@click.option(
    "--order", type=click.Choice(_ORDERS), default=_ORDERS[0], show_default=True,
    help="Most articles first, or what is least likely to be chance.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many pairs.")
@csv_option
@json_option
@pass_terminal
def pairs(
    terminal: Terminal,
    query: tuple[str, ...],
    name: str,
    by: str | None,
    order: str,
    limit: int,
    as_csv: bool,
    as_json: bool,
) -> None:
    """List who is named with whom in the articles that match QUERY (nothing: in all of them).

    Each pair with the articles and the sentences that have both, how far beyond chance that is, and since when.
    """
    with terminal.working() as (desk, progress):
        found = desk.pairs(
            " ".join(query), name, by or name, order=ValueOrder(order), limit=limit, progress=progress
        )  # fmt: skip
    if as_json:
        for row in PairRow.all_of(found):
            emit(row)
    elif as_csv:
        written(_sheet(found))
    else:
        _show(found)


def _sheet(found: Pairs) -> Iterator[str]:
    rows: Iterator[Sequence[Cell]] = (
        (one.value, one.other, one.articles, one.sentences, one.score, one.first, one.last) for one in found.found
    )
    return sheet((found.name, found.by, "articles", "sentences", "score", "first", "last"), rows)


def _show(found: Pairs) -> None:
    """As a table; where it has no room beside the names, each pair's days stand below it."""
    width = terminal_width(2 * _NAME + _COUNTS + _SINCE)
    most = max(8, min(_NAME, (width - _COUNTS) // 2))
    names = [(clipped(safe(one.value), most), clipped(safe(one.other), most)) for one in found.found]
    names.insert(0, (found.name, found.by))
    widths = [max(columns(pair[side]) for pair in names) for side in (0, 1)]
    before = "  " if sum(widths) + _COUNTS + _SINCE <= width else "\n    "
    (name, by), *names = names
    head = f"articles  sentences     score{before}first – last"
    click.secho(f"{padded(name, widths[0])}  {padded(by, widths[1])}  {head}", bold=True)
    for (value, other), one in zip(names, found.found, strict=True):
        said = "-" if one.sentences is None else one.sentences
        since = day(one.first) if one.first == one.last else f"{day(one.first)} – {day(one.last)}"
        counts = f"{one.articles:>8}  {said:>9}  {one.score:8.1f}{before}{since}"
        click.echo(f"{padded(value, widths[0])}  {padded(other, widths[1])}  {counts}")
    if found.distinct > len(found.found):
        click.echo(f"… {found.distinct - len(found.found)} more")
    if not found.found:
        click.echo("(none)")
