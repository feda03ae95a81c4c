"""Search results, facets and articles as a person reads them. Plain text with colours; nothing here knows a query."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

import click

from archive import Entry, Kind, Source
from backfile.cli.render import Screen, day, safe
from index import Facet, FacetValue, Hit, Results, Similar, Snippet

_BAR = "█"
_BAR_WIDTH = 12
_GAP = "   "
_SHOWN_NAMES = 12
_SHARED = 6  # names and words that are given as reasons


def show_results(screen: Screen, found: Results, *, explain: bool) -> None:
    """The hits, then the facets; where there is nothing, which clause found nothing and what may have been meant."""
    if explain or not found.total:
        click.echo(explained(found) + "\n")
    for number, hit in enumerate(found.hits, 1):
        _show_hit(screen, number, hit)
    if found.total:
        click.secho(f"{found.total} article{'s' * (found.total != 1)}: {safe(found.words)}", bold=True)
    for suggestion in found.suggestions:
        click.echo(f"Did you mean: {safe(suggestion)}")
    if found.facets and found.total:
        click.echo()
        show_facets(screen, found.facets)
    if found.behind:
        screen.say(f"The archive is being written: {found.behind} changes are not in these results yet.")


def explained(found: Results) -> str:
    """The query said back in words, with the count of each clause."""
    lines = [f"Asked for {safe(found.words)}" if found.total else f"Nothing matches: {safe(found.words)}"]
    lines += [f"{clause.count:7}  {safe(clause.query)}  ({safe(clause.words)})" for clause in found.clauses]
    return "\n".join(lines)


def _show_hit(screen: Screen, number: int, hit: Hit, *, shares: str = "") -> None:
    click.echo(f"{number:2}. ", nl=False)
    click.secho(safe(hit.title or hit.url), bold=True)
    click.secho(f"    {safe(hit.site)} · {day(hit.date)} · {hit.id} · {safe(hit.url)}", dim=True)
    for line in _wrapped(hit.snippet, screen.width - 4, screen.colour):
        click.echo(f"    {line}")
    if shares:
        click.echo(textwrap.fill(f"shares {shares}", screen.width, initial_indent="    ", subsequent_indent="    "))
    click.echo()


def show_similar(screen: Screen, found: Sequence[Similar]) -> None:
    """The articles, each with what it shares: names, then words."""
    for number, one in enumerate(found, 1):
        _show_hit(screen, number, one.hit, shares=_shared(one))


def _shared(one: Similar) -> str:
    names = list(dict.fromkeys(name.value for name in one.names))
    groups = (", ".join(map(safe, group[:_SHARED])) for group in (names, one.words))
    return "; ".join(group for group in groups if group)


def _wrapped(snippet: Snippet, width: int, colour: bool) -> Iterator[str]:
    """The snippet in lines of `width`, its marks in colour, or in asterisks where there are no colours."""
    marked: list[str] = []
    end = 0
    for start, stop in snippet.marks:
        marked += [safe(snippet.text[end:start]), "\x00", safe(snippet.text[start:stop]), "\x01"]
        end = stop
    marked.append(safe(snippet.text[end:]))
    on, off = (click.style("", fg="yellow", bold=True, reset=False), "\x1b[0m") if colour else ("*", "*")
    # Wrapped with one-column marks first: escape sequences would count as text.
    for line in textwrap.wrap("".join(marked), width):
        yield line.replace("\x00", on).replace("\x01", off)


def show_facets(screen: Screen, facets: Sequence[Facet]) -> None:
    """Facets side by side as far as they fit, each value with a bar in proportion to its count."""
    columns = [list(_facet_lines(facet)) for facet in facets]
    per_row = max(1, (screen.width + len(_GAP)) // (_column_width(columns) + len(_GAP))) if columns else 1
    for start in range(0, len(columns), per_row):
        row = columns[start : start + per_row]
        widths = [max(map(len, column)) for column in row]
        for n, cells in enumerate(zip_longest(*row, fillvalue="")):
            line = _GAP.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
            click.secho(line, bold=n == 0)
        click.echo()


def _column_width(columns: Iterable[list[str]]) -> int:
    return max(len(line) for column in columns for line in column)


def _facet_lines(facet: Facet) -> Iterator[str]:
    yield facet.name
    weights = [value.count if value.score is None else value.score for value in facet.values]
    most = max(weights, default=0)
    shown = [(safe(value.value)[:32], _counted(value)) for value in facet.values]
    width = max((len(name) for name, _ in shown), default=0)
    digits = max((len(count) for _, count in shown), default=0)
    for (name, count), weight in zip(shown, weights, strict=True):
        bar = _BAR * max(1, round(_BAR_WIDTH * weight / most)) if weight else ""
        yield f"{name:{width}}  {count:>{digits}} {bar}"
    if facet.truncated:
        yield f"… {facet.distinct - len(facet.values)} more"
    if not shown:
        yield "(none)"


def _counted(value: FacetValue) -> str:
    return str(value.count) if value.background is None else f"{value.count} of {value.background}"


def show_entry(screen: Screen, entry: Entry) -> None:
    """One article: who, when, where; its text; the names in it; the sources under it."""
    article = entry.article
    click.secho(safe(article.title if article else entry.url), bold=True)
    by = f"{', '.join(map(safe, article.authors))} · " if article and article.authors else ""
    site = f"{safe(article.site)} · {day(article.published_on)} · " if article else ""
    click.secho(f"{by}{site}{safe(entry.final_url)}", dim=True)
    click.secho(
        f"{entry.id} · captured {day(entry.last_captured)}: {entry.outcome.value}, {safe(entry.detail)}", dim=True
    )
    for paragraph in article.text.splitlines() if article else ():
        click.echo("\n" + textwrap.fill(safe(paragraph), screen.width))
    click.echo()
    for label, kind in (("People", Kind.PERSON), ("Places", Kind.PLACE), ("Organisations", Kind.ORG)):
        _show_names(screen, label, (m.canonical for m in entry.reading.mentions if m.kind is kind))
    _show_names(screen, "Topics", (topic.name for topic in entry.reading.topics))
    _show_names(screen, "Tags", entry.tags)
    _show_names(screen, "Note", [entry.note] if entry.note else [])
    for heading, lines in (
        ("Sources", [link_lines(source) for source in entry.sources]),
        ("Cited by", [f"  {one.id}  {safe(one.title) or safe(one.url)}" for one in entry.cited_by]),
    ):
        if lines:
            click.secho(f"\n{heading}", bold=True)
            click.echo("\n".join(lines))


def _show_names(screen: Screen, label: str, names: Iterable[str]) -> None:
    unique = list(dict.fromkeys(map(safe, names)))
    if unique:
        more = f" … and {len(unique) - _SHOWN_NAMES} more" if len(unique) > _SHOWN_NAMES else ""
        text = f"{label}: {', '.join(unique[:_SHOWN_NAMES])}{more}"
        click.echo(textwrap.fill(text, screen.width, subsequent_indent="  "))


def link_lines(source: Source) -> str:
    """A cited source: what it is and what became of it, then the chain that led there and the sentence it stands in."""
    outcome = source.outcome.value if source.outcome else "not asked for"
    where = f"{source.id}  " if source.id else ""
    name = safe(source.title) or safe(source.final_url or source.link.url)
    lines = [f"  {where}{name}  ({source.link.role.value}, {outcome})"]
    chain = source.chain or (source.link.url,)
    lines.append("      " + " → ".join(map(safe, chain)))
    if source.link.context and source.link.context != source.link.url:
        lines.append(f"      “{textwrap.shorten(safe(source.link.context), 200, placeholder=' …')}”")
    return "\n".join(lines)
