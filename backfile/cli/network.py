"""Command that writes networks: network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TypeVar

import click

from archive import UsageError
from backfile.cli.ask import FACETS
from backfile.cli.outputs import save
from backfile.cli.render import emit
from backfile.cli.terminal import Terminal, pass_terminal
from backfile.cli.words import QueryCommand
from backfile.desk import Network, edge_sheet, graphml, write_lines
from backfile.views.keeping import NetworkRow
from index import ValueOrder

_ORDERS = [ValueOrder.COUNT.value, ValueOrder.SIGNIFICANCE.value]
_KINDS = (".graphml", ".csv")
One = TypeVar("One")


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), required=True,
    help="The file to write: .graphml, or .csv for the edges alone.",
)  # fmt: skip
@click.option("--citations", is_flag=True, help="Which article cites which page, instead of who is named with whom.")
@click.option("--facet", "name", type=FACETS, default="person", show_default=True, metavar="FIELD", help="Whose pairs.")
@click.option("--by", type=FACETS, default=None, metavar="FIELD", help="The other half of each. Default: the same.")
@click.option(
    "--order", type=click.Choice(_ORDERS), default=_ORDERS[0], show_default=True, help="Which pairs come first."
)
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="How many pairs.")
@click.option("--json", "as_json", is_flag=True, help="Say what was written as one JSON object.")
@pass_terminal
def network(
    terminal: Terminal,
    query: tuple[str, ...],
    output: Path,
    citations: bool,
    name: str,
    by: str | None,
    order: str,
    limit: int,
    as_json: bool,
) -> None:
    """Write who is named with whom in the articles that match QUERY, or who cites whom, as a network.

    GraphML is what Gephi, Cytoscape and NetworkX read. With --citations the nodes are the articles that match, the
    pages that they cite and the articles that cite them.
    """
    if output.suffix.lower() not in _KINDS:
        raise UsageError(f"a name that ends with .graphml or .csv says what {output.name} is to be")
    asked = " ".join(query)
    with terminal.working() as (desk, progress):
        if citations:
            with desk.citations(asked, progress) as found:
                _save(terminal, output, found.network(), as_json)
        else:
            pairs = desk.network(asked, name, by or name, order=ValueOrder(order), limit=limit, progress=progress)
            _save(terminal, output, pairs, as_json)


def _save(terminal: Terminal, output: Path, found: Network, as_json: bool) -> None:
    nodes, edges = count(), count()
    found = replace(found, nodes=_counted(found.nodes, nodes), edges=_counted(found.edges, edges))
    lines = graphml(found) if output.suffix.lower() == ".graphml" else edge_sheet(found)
    if as_json:
        write_lines(output, lines)
        emit(NetworkRow(next(nodes), next(edges), str(output)))
    else:
        save(terminal, output, lines)


def _counted(ones: Iterable[One], counter: Iterator[int]) -> Iterator[One]:
    """As many numbers are taken from `counter` as there are of `ones`."""
    for one in ones:
        next(counter)
        yield one
