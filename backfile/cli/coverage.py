"""Command that counts over time: coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from archive import UsageError
from backfile.cli.columns import clipped, columns, padded
from backfile.cli.outputs import save, save_bytes, written
from backfile.cli.render import emit, safe
from backfile.cli.terminal import Terminal, csv_option, json_option, pass_terminal
from backfile.cli.words import QueryCommand
from backfile.desk import Coverage, CoverageLine, CoveragePoint, Step, coverage_png, coverage_svg, sheet
from backfile.views.counting import CoverageRow

_BAR = "█"
_BAR_WIDTH = 30
_NAME = 24  # columns of the terminal that a query takes above its counts


@click.command(cls=QueryCommand)
@click.argument("queries", nargs=-1, required=True, metavar="QUERY…")
@click.option(
    "--by", "step", type=click.Choice([step.value for step in Step]), default=Step.MONTH.value, show_default=True,
    help="How long each stretch of time is.",
)  # fmt: skip
@click.option("--share", is_flag=True, help="As parts of all that the archive has of then.")
@click.option("--site", "by_site", is_flag=True, help="Apart for each of the sites that have most of them.")
@click.option("--sites", type=click.IntRange(1), default=6, show_default=True, help="How many, with --site.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file: .csv, .svg or .png."
)
@csv_option
@json_option
@pass_terminal
def coverage(
    terminal: Terminal,
    queries: tuple[str, ...],
    step: str,
    share: bool,
    by_site: bool,
    sites: int,
    output: Path | None,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Count the articles of each QUERY week by week, month by month or year by year.

    Each argument is one query, so quote those of several words: backfile coverage 'person:Venn' 'topic:FPSA strike'.
    Stretches without an article count zero; articles without a date of publication are in none.
    """
    if output is not None and output.suffix.lower() not in (".csv", ".svg", ".png"):
        raise UsageError(f"a name that ends with .csv, .svg or .png says what {output.name} is to be")
    with terminal.working() as (desk, progress):
        found = desk.coverage(queries, Step(step), sites=sites if by_site else 0, progress=progress)
    if output is not None:
        _save(terminal, found, output, share=share)
    if as_json:
        for row in CoverageRow.all_of(found):
            emit(row)
    elif as_csv:
        written(_sheet(found, share=share))
    elif output is None:
        _show(terminal, found, share=share)


def _save(terminal: Terminal, found: Coverage, output: Path, *, share: bool) -> None:
    match output.suffix.lower():
        case ".svg":
            save(terminal, output, [coverage_svg(found, share=share)])
        case ".png":
            save_bytes(terminal, output, [coverage_png(found, share=share)])
        case _:
            save(terminal, output, _sheet(found, share=share))


def _sheet(found: Coverage, *, share: bool) -> Iterator[str]:
    """A row for each stretch, a column for each line."""
    rows = (
        [line[0].start, *(_value(point, share=share) for point in line)]
        for line in zip(*(line.points for line in found.lines), strict=True)
    )
    return sheet(["from", *map(_name, found.lines)], rows)


def _value(point: CoveragePoint, *, share: bool) -> float | None:
    return point.share if share else point.count


def _name(line: CoverageLine) -> str:
    return f"{line.site}: {line.query}" if line.site else line.query


def _show(terminal: Terminal, found: Coverage, *, share: bool) -> None:
    """One line with bars; several beside each other as far as they fit, else one below the other."""
    names = [clipped(safe(_name(line)), _NAME) for line in found.lines]
    widths = [
        max(columns(name), *(len(_said(point, share=share)) for point in line.points), 1)
        for name, line in zip(names, found.lines, strict=True)
    ]
    if len(found.lines) > 1 and 12 + sum(width + 2 for width in widths) <= terminal.screen.width:
        _show_beside(found, names, widths, share=share)
    else:
        for line in found.lines:
            click.secho(safe(_name(line)), bold=True)
            _show_bars(line.points, share=share)
            click.echo()
    for line in found.lines:
        if line.undated:
            terminal.screen.say(f"{safe(_name(line))}: {line.undated} without a date of publication are in none.")


def _show_beside(found: Coverage, names: Sequence[str], widths: Sequence[int], *, share: bool) -> None:
    """`widths`: columns of the screen for each line, in which numbers and names stand to the right."""
    head = (" " * (width - columns(name)) + name for name, width in zip(names, widths, strict=True))
    click.secho("  ".join([padded("from", 10), *head]), bold=True)
    for points in zip(*(line.points for line in found.lines), strict=True):
        cells = (f"{_said(point, share=share):>{width}}" for point, width in zip(points, widths, strict=True))
        click.echo("  ".join([points[0].start.isoformat(), *cells]))


def _show_bars(points: Sequence[CoveragePoint], *, share: bool) -> None:
    most = max((_value(point, share=share) or 0.0 for point in points), default=0.0)
    width = max((len(_said(point, share=share)) for point in points), default=0)
    for point in points:
        value = _value(point, share=share) or 0.0
        bar = _BAR * max(1, round(_BAR_WIDTH * value / most)) if value else ""
        click.echo(f"{point.start.isoformat()}  {_said(point, share=share):>{width}} {bar}".rstrip())
    if not points:
        click.echo("(none)")


def _said(point: CoveragePoint, *, share: bool) -> str:
    if not share:
        return str(point.count)
    return "-" if point.share is None else f"{100 * point.share:.1f} %"
