"""Search results, facets and articles as a person reads them. Plain text with colours; nothing here knows a query."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from archive import Article, Entry, Kind, MarkKind, Method, Source
from backfile.cli.columns import clipped, columns, padded, wrapped
from backfile.cli.render import Screen, day, fitted, many, safe
from index import Facet, FacetValue, Hit, Results, Similar, Snippet

if TYPE_CHECKING:
    from archive import Paragraph
    from backfile.desk import Run

_NO_RUNS: Mapping[str, Run] = MappingProxyType({})

_ON, _OFF = "\x00", "\x01"  # around what is highlighted, while lines are made: they have no width
_BAR = "█"
_BAR_WIDTH = 12
_NAME_WIDTH = 32
_GAP = "   "
_SHOWN_NAMES = 12
_NONE = "No article has all of these words. These have some of them:"
_SOME = "No more articles have all of these words. These have some of them:"
_MIXED = "{} all of these words. The best answers, whether they have all or some of them:"
_SHARED = 6  # names and words that are given as reasons


def show_results(
    screen: Screen, found: Results, rest: Iterable[Hit] = (), *, explain: bool, runs: Mapping[str, Run] = _NO_RUNS
) -> None:
    """The hits with the `rest` of them, then the facets; where there is nothing, which clause found nothing and what
    may have been meant. `runs`, by their ids, are of hits that stand for several articles.
    """
    if explain or not found.total:
        click.echo(explained(found) + "\n")
    _show_hits(screen, chain(found.hits, rest), runs, _lacking(found), mixed=found.mixed)
    if found.total:
        click.secho(fitted("", f"{found.total} found: {safe(found.words)}"), bold=True)
    if found.dated:
        click.echo(f"Published then: {safe(found.dated)}")
    for suggestion in found.suggestions:
        click.echo(f"Did you mean: {safe(suggestion)}")
    if found.facets and found.total:
        click.echo()
        show_facets(screen, found.facets)
    if found.behind:
        screen.say(
            f"The archive is being written: {many(found.behind, 'change is', 'changes are')} not in these results yet."
        )


def _lacking(found: Results) -> str:
    """What is said above hits that lack some words."""
    if not found.total:
        return _NONE
    having = f"{found.total} of all articles {'has' if found.total == 1 else 'have'}"
    return _MIXED.format(having) if found.mixed else _SOME


def _show_hits(screen: Screen, hits: Iterable[Hit], runs: Mapping[str, Run], lacking: str, *, mixed: bool) -> None:
    """`lacking` stands above the first that lacks some words, or where those are `mixed` with others above them all."""
    told = False
    for number, hit in enumerate(hits, 1):
        if not told and (mixed or hit.lacks):
            click.secho(lacking, bold=True)
            click.echo()
            told = True
        _show_hit(screen, number, hit, lacks=hit.lacks, run=runs.get(hit.id))


def explained(found: Results) -> str:
    """The query said back in words, with the count of each clause."""
    lines = [f"Asked for {safe(found.words)}" if found.total else f"Nothing matches: {safe(found.words)}"]
    for clause, after in zip_longest(found.clauses, found.clauses[1:]):
        is_group = after is not None and after.depth > clause.depth  # and said by its parts, which come next
        said = "" if is_group else f"  ({safe(clause.words)})"
        lines.append(f"{clause.count:7}  {'    ' * clause.depth}{safe(clause.query)}{said}")
    return "\n".join(lines)


def _show_hit(
    screen: Screen, number: int, hit: Hit, *, shares: str = "", lacks: Sequence[str] = (), run: Run | None = None
) -> None:
    click.echo(f"{number:2}. ", nl=False)
    click.secho("\n    ".join(wrapped(safe(hit.title or hit.url), screen.width - 4)) or "-", bold=True)
    click.secho(fitted("    ", _beside(safe(hit.site), day(hit.date), hit.id, safe(hit.url))), dim=True)
    if run and run.articles > 1:
        first = "" if run.first == hit.id else f", {run.first} first"
        click.secho(f"    {run.articles} articles on {many(run.sites, 'site')} have this text{first}")
    if hit.snippet.removed:
        click.secho("    no longer there:", dim=True)
    if hit.snippet.image:
        click.secho(f"    under {safe(hit.snippet.image)}:", dim=True)
    for line in _wrapped(hit.snippet, screen.width - 4, screen.colour):
        click.echo(f"    {line}")
    if lacks:
        click.echo(textwrap.indent("\n".join(wrapped(f"lacks {safe(', '.join(lacks))}", screen.width - 4)), "    "))
    if shares:
        click.echo(textwrap.indent("\n".join(wrapped(f"shares {shares}", screen.width - 4)), "    "))
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
    on, off = (_ON, _OFF) if colour else ("*", "*")
    marked: list[str] = []
    end = 0
    for start, stop in snippet.marks:
        marked += [safe(snippet.text[end:start]), on, safe(snippet.text[start:stop]), off]
        end = stop
    marked.append(safe(snippet.text[end:]))
    lines = wrapped("".join(marked), width)
    yield from _coloured(lines) if colour else lines


def _coloured(lines: Iterable[str]) -> Iterator[str]:
    """Colour for what stands between _ON and _OFF, ended with each line and begun again on the next."""
    style = click.style("", fg="yellow", bold=True, reset=False)
    inside = False
    for line in lines:
        shown = f"{_ON}{line}" if inside else line
        inside = shown.rfind(_ON) > shown.rfind(_OFF)
        yield (f"{shown}{_OFF}" if inside else shown).replace(_ON, style).replace(_OFF, "\x1b[0m")


def show_facets(screen: Screen, facets: Sequence[Facet]) -> None:
    """Facets side by side as far as they fit, each value with a bar in proportion to its count."""
    longest = screen.width if len(facets) == 1 else _NAME_WIDTH  # a facet alone has room for whole names
    lists = [list(_facet_lines(facet, screen.width, longest)) for facet in facets]
    widest = max((columns(line) for lines in lists for line in lines), default=0)
    per_row = max(1, (screen.width + len(_GAP)) // (widest + len(_GAP)))
    for start in range(0, len(lists), per_row):
        row = lists[start : start + per_row]
        widths = [max(map(columns, lines)) for lines in row]
        for n, cells in enumerate(zip_longest(*row, fillvalue="")):
            line = _GAP.join(padded(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()
            click.secho(line, bold=n == 0)
        click.echo()


def _facet_lines(facet: Facet, room: int, longest: int) -> Iterator[str]:
    yield f"{facet.name} (about)" if facet.about else facet.name
    weights = [value.count if value.score is None else value.score for value in facet.values]
    most = max(weights, default=0)
    counts = list(map(_counted, facet.values))
    digits = max(map(len, counts), default=0)
    most_room = min(longest, room - digits - _BAR_WIDTH // 2 - 3)
    names = [clipped(safe(value.value), most_room) for value in facet.values]
    width = max(map(columns, names), default=0)
    bars = min(_BAR_WIDTH, room - width - digits - 3)
    for name, count, weight in zip(names, counts, weights, strict=True):
        bar = _BAR * max(1, round(bars * weight / most)) if weight else ""
        yield f"{padded(name, width)}  {count:>{digits}} {bar}"
    if facet.truncated:
        yield f"… {facet.distinct - len(facet.values)} more"
    if not names:
        yield "(none)"


def _counted(value: FacetValue) -> str:
    return str(value.count) if value.background is None else f"{value.count} of {value.background}"


def _remarks(entry: Entry) -> Iterator[str]:
    """What whoever reads it must know of how it came here."""
    if entry.login:
        yield "captured with a login"
    if entry.method is Method.BROWSER:
        yield "as a browser showed it, after its scripts"
    if copy := entry.memento:
        yield f"from an archive: {safe(copy.archive)}, as it was on {day(copy.at)}: {safe(copy.url)}"
    if entry.edits:
        from backfile.views.reading import EditRow

        yield f"by hand: {', '.join(EditRow.of(entry).by_hand)}"
    if language := _unread(entry):
        yield f"no names: none are found in {language}"
    if entry.version < entry.versions:
        yield f"version {entry.version} of {entry.versions}: not what it says now"


def _unread(entry: Entry) -> str:
    """The language of an article in which no names are found, "" where some are."""
    if not entry.article or any(mention.kind is not Kind.DATE for mention in entry.reading.mentions):
        return ""
    from backfile.desk import unread_language

    return unread_language(entry.article.lang) or ""


def show_entry(screen: Screen, entry: Entry) -> None:
    """One article: who, when, where; its text; the names in it; the sources under it."""
    article = entry.article
    click.secho(fitted("", safe(article.title if article else entry.url)), bold=True)
    said = (", ".join(map(safe, article.authors)), safe(article.site), day(article.published_on)) if article else ()
    if article and article.other_title:
        click.secho(fitted("", f"also headed: {safe(article.other_title)}"), dim=True)
    click.secho(fitted("", _beside(*said, safe(entry.final_url))), dim=True)
    came = f"captured {day(entry.last_captured)}: {entry.outcome.value}, {safe(entry.detail)}{_added(entry)}"
    click.secho(fitted("", f"{entry.id} · {came}"), dim=True)
    for remark in _remarks(entry):
        click.secho(fitted("", remark), dim=True)
    _show_text(screen, article)
    click.echo()
    for label, kind in (("People", Kind.PERSON), ("Places", Kind.PLACE), ("Organisations", Kind.ORG)):
        _show_names(screen, label, (m.canonical for m in entry.reading.mentions if m.kind is kind))
    for label, suggested in (("Publisher's keywords", False), ("Suggested topics", True)):
        _show_names(screen, label, (topic.name for topic in entry.reading.topics if topic.suggested is suggested))
    _show_names(screen, "Tags", entry.tags)
    _show_names(screen, "Note", [entry.note] if entry.note else [])
    for heading, lines in (
        ("Sources", [link_lines(source, screen.width) for source in entry.sources if not source.link.unfollowed]),
        ("Cited by", [fitted(f"  {one.id}  ", safe(one.title) or safe(one.url)) for one in entry.cited_by]),
    ):
        if lines:
            click.secho(f"\n{heading}", bold=True)
            click.echo("\n".join(lines))


def _beside(*said: str) -> str:
    return " · ".join(filter(None, said))


def _added(entry: Entry) -> str:
    return f" · added by {safe(entry.added_by)}" if entry.added_by else ""


def _show_text(screen: Screen, article: Article | None) -> None:
    """The text with its headings, lists, quotes and captions set apart; a list and a table without empty lines."""
    from archive import Paragraph

    before: Paragraph | None = None
    for one in Paragraph.of(article) if article else ():
        sign = _sign(one)
        if before is None or one.kind is not before.kind or one.kind not in (MarkKind.ITEM, MarkKind.ROW):
            click.echo()
        for number, line in enumerate(wrapped(safe(one.words.strip()), screen.width - len(sign))):
            shown = f"{sign if number == 0 or one.quoted else ' ' * len(sign)}{line}"
            click.secho(shown, bold=one.kind is MarkKind.HEADING, dim=one.kind is MarkKind.CAPTION)
        before = one


def _sign(one: Paragraph) -> str:
    """What stands before the first line of a paragraph (and, of a quote, before each)."""
    if one.quoted:
        return "  │ "
    if one.kind is MarkKind.ITEM:
        return "  " * one.level + ("• " if one.begins else "  ")
    return "  " if one.kind is MarkKind.CAPTION else ""


def _show_names(screen: Screen, label: str, names: Iterable[str]) -> None:
    unique = list(dict.fromkeys(map(safe, names)))
    if unique:
        more = f" … and {len(unique) - _SHOWN_NAMES} more" if len(unique) > _SHOWN_NAMES else ""
        text = f"{label}: {', '.join(unique[:_SHOWN_NAMES])}{more}"
        first, *rest = wrapped(text, screen.width - 2)
        click.echo("\n  ".join((first, *rest)))


def link_lines(source: Source, width: int) -> str:
    """A cited source: what it is and what became of it, then the chain that led there and the sentence it stands in,
    which is broken to fit `width`; addresses are not, so that they can be copied.
    """
    outcome = source.outcome.value if source.outcome else "not asked for"
    if source.link.unfollowed and source.outcome is None:
        outcome = f"not followed: {safe(source.link.unfollowed)}"
    where = f"{source.id}  " if source.id else ""
    name = safe(source.title) or safe(source.final_url or source.link.url)
    lines = [fitted(f"  {where}", f"{name}  ({source.link.role.value}, {outcome})")]
    chain = source.chain or (source.link.url,)
    lines.append(fitted("      ", " → ".join(map(safe, chain))))
    if source.link.context and source.link.context != source.link.url:
        context = textwrap.shorten(safe(source.link.context), 200, placeholder=" …")
        lines += (f"      {line}" for line in wrapped(f"“{context}”", width - 6))
    return "\n".join(lines)
