"""A checked list as one web page that needs nothing else: no script, nothing loaded, every passage with its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from backfile.desk.checking import Checked

if TYPE_CHECKING:
    from index import Passage

_HEADS = ("Name", "Id", "Articles", "New", "First", "Last", "Sites")
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
:root { color-scheme: light dark; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: .3rem .6rem; text-align: left; vertical-align: top; }
td.number { font-variant-numeric: tabular-nums; text-align: right; }
h2 { margin-top: 2rem; }
small { opacity: .75; }
"""


def check_page(name: str, checked: Iterable[Checked]) -> Iterator[str]:
    """The page in pieces: first a table of all names, then what was found of each."""
    rows = list(checked)
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
        f"<title>{_text(name)}</title><style>{_STYLE}</style></head><body>\n<h1>{_text(name)}</h1>\n"
    )
    found = sum(1 for row in rows if row.articles)
    yield f"<p>{found} of {len(rows)} names are in the archive.</p>\n<table><thead><tr>"
    yield "".join(
        f'<th scope="col">{head}</th>' for head in ("Name", "Id", "Articles", "New", "First", "Last", "Sites")
    )
    yield "</tr></thead><tbody>\n"
    for number, row in enumerate(rows):
        yield _row(number, row)
    yield "</tbody></table>\n"
    for number, row in enumerate(rows):
        if row.articles or row.fuzzy:
            yield from _section(number, row)
    yield "</body></html>\n"


def _row(number: int, row: Checked) -> str:
    name = _text(row.listed.name)
    if row.articles or row.fuzzy:
        name = f'<a href="#n{number}">{name}</a>'
    new = "" if row.before is None else str(len(row.new))
    cells = (
        f'<th scope="row">{name}</th><td>{_text(row.listed.id)}</td><td class="number">{row.articles}</td>'
        f'<td class="number">{new}</td><td>{_day(row.first)}</td><td>{_day(row.last)}</td><td>{len(row.sites)}</td>'
    )
    return f"<tr>{cells}</tr>\n"


def _section(number: int, row: Checked) -> Iterator[str]:
    yield f'<section id="n{number}"><h2>{_text(row.listed.name)}</h2>\n'
    if row.aliases:
        yield f"<p>Also as {_text(', '.join(row.aliases))}.</p>\n"
    if row.fuzzy:
        said = ", ".join(f"{one.name} ({one.articles})" for one in row.fuzzy)
        yield f"<p>Not counted, but like it: {_text(said)}.</p>\n"
    if row.sites:
        yield f"<p>On {_text(', '.join(row.sites))}.</p>\n"
    yield from map(_passage, row.passages)
    yield "</section>\n"


def _passage(one: Passage) -> str:
    where = " · ".join(filter(None, (_text(one.site), _day(one.date), _text(one.id))))
    title = _text(one.title or one.url)
    linked = f'<a href="{escape(one.url)}" rel="noreferrer">{title}</a>' if one.url.startswith("http") else title
    return f"<p>{linked}<br><small>{where}</small></p><blockquote>{_text(one.text)}</blockquote>\n"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _text(text: str) -> str:
    """Without what a page may not hold: halves of characters, NUL."""
    return escape(text.encode("utf-8", "replace").decode().replace("\0", "\ufffd"))
