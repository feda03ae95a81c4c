"""Tables of two facets as a person reads them, and as a spreadsheet does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from backfile.cli.columns import clipped, columns, padded
from backfile.cli.render import Screen, safe
from index import FacetTable

_GAP = "  "
_ROW_NAME = 32  # columns of the terminal that the name of a row may take
_COLUMN_NAME = 14


def show_table(screen: Screen, table: FacetTable) -> None:
    """As many columns as there is room for; how many more there are is said."""
    rows, others = table.crossed.rows.values, table.crossed.columns.values
    names = [clipped(safe(value), _ROW_NAME) for value, _ in rows]
    width = max(map(columns, (*names, table.name)), default=0)
    heads = [clipped(safe(value), _COLUMN_NAME) for value, _ in others]
    shown = _fitting(heads, screen.width - width - len(_GAP) - len("articles"))
    heads = ["articles", *heads[:shown]]
    click.secho(_GAP.join([padded(table.name, width), *heads]), bold=True)
    cells = {(row, column): count for row, column, count in table.crossed.cells}
    for row, (name, (_, total)) in enumerate(zip(names, rows, strict=True)):
        counts = [str(total), *(str(cells.get((row, column), "·")) for column in range(shown))]
        aligned = (f"{' ' * (columns(head) - len(count))}{count}" for head, count in zip(heads, counts, strict=True))
        click.echo(_GAP.join([padded(name, width), *aligned]))
    if not rows:
        click.echo("(none)")
    _say_rest(table, shown)
    click.echo()


def _say_rest(table: FacetTable, shown: int) -> None:
    crossed = table.crossed
    more_rows = crossed.rows.distinct - len(crossed.rows.values)
    more_columns = crossed.columns.distinct - min(shown, len(crossed.columns.values))
    if more_rows:
        click.echo(f"… {more_rows} more of {table.name}")
    if more_columns:
        click.echo(f"… {more_columns} more of {table.by} (--csv has as many as --limit says)")


def _fitting(heads: Sequence[str], room: int) -> int:
    """How many of the columns fit; one at the least."""
    for number, head in enumerate(heads):
        room -= len(_GAP) + columns(head)
        if room < 0:
            return max(1, number)
    return len(heads)


def table_sheet(table: FacetTable) -> Iterator[Sequence[str | int]]:
    """A row for each value of the one facet and a column for each of the other, zeros included; first the header."""
    others = table.crossed.columns.values
    yield [table.name, "articles", *(value for value, _ in others)]
    cells = {(row, column): count for row, column, count in table.crossed.cells}
    for row, (value, total) in enumerate(table.crossed.rows.values):
        yield [value, total, *(cells.get((row, column), 0) for column in range(len(others)))]
