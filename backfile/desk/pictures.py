"""Coverage as a picture: one SVG file that needs nothing else, readable on light and dark ground and without colours.

A single line is drawn as bars, several as lines with a mark of their own each. Presentation attributes alone: no style
sheet, no script, so that a page with a strict policy may have it inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from math import ceil, floor, log10

from backfile.desk.coverage import Coverage, CoverageLine, CoveragePoint, Step

_WIDTH, _HEIGHT = 960, 360  # of the drawing area with its axes; the legend stands below
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 40, 40  # margins
_ROW = 22  # of the legend
_LABELS = 9  # of the time axis, at the most
_TICKS = 5
# Colours that people of every kind of colour vision tell apart: Okabe and Ito, "Color Universal Design", 2008.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_DASHES = ("", "8 4", "2 3", "12 3 2 3", "5 5", "1 4")
_LOOKS = 'font-family="sans-serif" font-size="13" fill="currentColor"'
# What XML cannot hold.
_NO_TEXT = dict.fromkeys([*range(32), *range(127, 160), 0xFFFE, 0xFFFF], " ") | dict.fromkeys(
    range(0xD800, 0xE000), "\ufffd"
)


def coverage_svg(coverage: Coverage, *, share: bool = False) -> str:
    """The picture: numbers of articles, or their share of all that the archive has of then."""
    lines = coverage.lines
    tall = _HEIGHT + _ROW * len(lines)
    title = _title(coverage, share=share)
    most = max((_value(point, share=share) for line in lines for point in line.points), default=0.0)
    top = _rounded(most)
    drawn = _bars(lines[0], top, share=share) if len(lines) == 1 else _all_lines(lines, top, share=share)
    box = f'viewBox="0 0 {_WIDTH} {tall}" width="{_WIDTH}" height="{tall}"'
    told = 'role="img" aria-labelledby="title description"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} {told} {_LOOKS}>',
        f'<title id="title">{_text(title)}</title>',
        f'<desc id="description">{_text(_description(coverage))}</desc>',
        f'<text x="{_LEFT}" y="22" font-size="15" font-weight="bold">{_text(title)}</text>',
        *_axes(coverage, top, share=share),
        *drawn,
        *_legend(lines),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _title(coverage: Coverage, *, share: bool) -> str:
    what = "Share of all articles" if share else "Articles"
    return f"{what} by {coverage.step.value}"


def _description(coverage: Coverage) -> str:
    """What the picture shows, for whoever does not see it."""
    said = []
    for line in coverage.lines:
        best = max(line.points, key=lambda point: point.count, default=None)
        peak = f", most ({best.count}) in the {coverage.step.value} of {best.start.isoformat()}" if best else ""
        said.append(f"{_name(line)}: {line.total} articles{peak}.")
    return " ".join(said)


def _axes(coverage: Coverage, top: float, *, share: bool) -> Iterator[str]:
    for tick in range(_TICKS + 1):
        value = top * tick / _TICKS
        y = _y(value, top)
        yield f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="currentColor" stroke-opacity=".2"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_amount(value, share=share)}</text>'
    starts = [point.start for point in coverage.lines[0].points] if coverage.lines else []
    every = ceil(len(starts) / _LABELS) or 1
    for number in range(0, len(starts), every):
        x = _x(number, len(starts))
        label = _label(starts[number], coverage.step)
        yield f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{label}</text>'


def _bars(line: CoverageLine, top: float, *, share: bool) -> Iterator[str]:
    count = len(line.points)
    width = max(0.5, 0.8 * (_WIDTH - _LEFT - _RIGHT) / max(1, count))
    for number, point in enumerate(line.points):
        value = _value(point, share=share)
        if value:
            y = _y(value, top)
            yield (
                f'<rect x="{_x(number, count) - width / 2:.1f}" y="{y:.1f}" width="{width:.1f}" '
                f'height="{_HEIGHT - _BOTTOM - y:.1f}" fill="{_COLOURS[0]}">{_said(point, share=share)}</rect>'
            )


def _all_lines(lines: Sequence[CoverageLine], top: float, *, share: bool) -> Iterator[str]:
    for number, line in enumerate(lines):
        places = [
            (_x(place, len(line.points)), _y(_value(point, share=share), top), point)
            for place, point in enumerate(line.points)
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
        yield f'<polyline points="{path}" fill="none" {_stroke(number)}/>'
        yield from (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{_colour(number)}">{_said(point, share=share)}</circle>'
            for x, y, point in places
            if point.count
        )


def _legend(lines: Sequence[CoverageLine]) -> Iterator[str]:
    for number, line in enumerate(lines):
        y = _HEIGHT + _ROW * number + 8
        undated = f", and {line.undated} without a date" if line.undated else ""
        stroke = f'stroke="{_COLOURS[0]}" stroke-width="8"' if len(lines) == 1 else _stroke(number)
        yield f'<path d="M{_LEFT} {y}h32" {stroke}/>'
        yield f'<text x="{_LEFT + 42}" y="{y + 4}">{_text(f"{_name(line)}: {line.total}{undated}")}</text>'


def _stroke(number: int) -> str:
    dash = _DASHES[(number + number // len(_COLOURS)) % len(_DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'stroke="{_colour(number)}" stroke-width="2"{dashed}'


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _said(point: CoveragePoint, *, share: bool) -> str:
    """What a reader is told who points at it."""
    of = f", {100 * point.share:.2g} %" if share and point.share is not None else ""
    return f"<title>{point.start.isoformat()}: {point.count}{of}</title>"


def _name(line: CoverageLine) -> str:
    query = line.query or "all articles"
    return f"{line.site}: {query}" if line.site else query


def _value(point: CoveragePoint, *, share: bool) -> float:
    return (point.share or 0.0) if share else float(point.count)


def _x(number: int, count: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (number + 0.5) / max(1, count)


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _rounded(most: float) -> float:
    """The top of the axis: 1, 2 or 5 times a power of ten for each tick, so that labels are round."""
    if most <= 0:
        return float(_TICKS)
    unit = 10.0 ** floor(log10(most / _TICKS))
    step = next(unit * times for times in (1, 2, 5, 10) if unit * times * _TICKS >= most * (1 - 1e-9))
    return _TICKS * step


def _amount(value: float, *, share: bool) -> str:
    return f"{100 * value:.3g} %" if share else f"{value:,.6g}"


def _label(start: date, step: Step) -> str:
    return start.isoformat()[: {Step.WEEK: 10, Step.MONTH: 7, Step.YEAR: 4}[step]]


def without_what_xml_cannot_hold(text: str) -> str:
    """`text` with blanks for control characters, and a sign for halves of characters."""
    return text.translate(_NO_TEXT)


def _text(text: str) -> str:
    return escape(without_what_xml_cannot_hold(text))
