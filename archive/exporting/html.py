"""Export as one HTML page that needs nothing else: no scripts, no pictures, nothing is loaded when it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import BinaryIO

from archive.exporting import text
from archive.exporting.selection import Selection, Stamp
from archive.model import Entry, Kind

_STYLE = (
    "body{font:1.05rem/1.55 Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;"
    "background:#fff}h1,h2{line-height:1.2}article{border-top:1px solid #ccc;padding:1rem 0;overflow-wrap:anywhere}"
    "p.by,dl,footer,header p{font:.9rem/1.45 sans-serif;color:#555}dt{font-weight:bold;float:left;margin-right:.5em}"
    "dd{margin:0}a{color:#0b5394}@media(prefers-color-scheme:dark){body{background:#161616;color:#ddd}"
    "p.by,dl,footer,header p{color:#aaa}a{color:#8ab4f8}}"
)


def write(selection: Selection, out: BinaryIO) -> None:
    """All text is escaped, and links are to web pages only."""
    for part in _page(selection):
        out.write(part.encode("utf-8", "replace"))


def _page(selection: Selection) -> Iterator[str]:
    stamp = selection.stamp
    yield head(f"Backfile: {text.line(stamp.asked)}")
    yield f"<header><h1>{escape(text.line(stamp.asked))}</h1><p>{_said(stamp)}</p></header>\n<main>\n"
    for entry in selection.entries():
        yield from _article(entry)
    yield f"</main>\n<footer>{selection.count} articles</footer>\n</body>\n</html>\n"


def head(title: str, style: str = "") -> str:
    """The beginning of a page, up to the inside of its body."""
    return (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}{style}</style>\n</head>\n<body>\n"
    )


def _said(stamp: Stamp) -> str:
    return f"Exported {escape(stamp.time)} from the archive {escape(stamp.log)}."


def _article(entry: Entry) -> Iterator[str]:
    article, lang = entry.article, text.line(entry.article.lang) if entry.article else ""
    spoken = f' lang="{escape(lang)}"' if lang else ""
    yield f'<article id="{escape(entry.id)}" dir="auto"{spoken}>\n<h2>{escape(text.title(entry))}</h2>\n'
    yield f'<p class="by">{_byline(entry)}</p>\n'
    for part in text.paragraphs(article.text) if article else ():
        yield f'<p dir="auto">{escape(part)}</p>\n'
    yield "<dl>\n" + "".join(_facts(entry)) + "</dl>\n</article>\n"


def _byline(entry: Entry) -> str:
    day = text.day(entry)
    said = [
        ", ".join(text.unique(entry.article.authors)) if entry.article else "",
        text.line(entry.article.site) if entry.article else "",
        day.isoformat() if day else "",
    ]
    parts = [f"<bdi>{escape(part)}</bdi>" for part in said if part]
    return " · ".join([*parts, link(entry.final_url or entry.url)])


def link(url: str, shown: str = "") -> str:
    """`url` as a link, or as text where it is no web address."""
    name = f"<bdi>{escape(text.line(shown) or text.address(url))}</bdi>"
    return f'<a href="{escape(text.address(url))}" rel="noreferrer">{name}</a>' if text.is_web(url) else name


def _facts(entry: Entry) -> Iterator[str]:
    lists = {
        "People": text.names(entry, Kind.PERSON),
        "Places": text.names(entry, Kind.PLACE),
        "Organisations": text.names(entry, Kind.ORG),
        "Topics": text.topics(entry),
        "Tags": text.unique(entry.tags),
        "Note": text.unique([entry.note]),
    }
    for label, values in lists.items():
        if values:
            yield f"<dt>{label}</dt><dd>{', '.join(f'<bdi>{escape(value)}</bdi>' for value in values)}</dd>\n"
    for source in entry.sources:
        url = source.final_url or source.link.url
        yield f"<dt>Source</dt><dd>{link(url, source.title or source.link.text)}</dd>\n"
    yield f"<dt>Captured</dt><dd>{entry.last_captured:%Y-%m-%d}: {escape(text.line(entry.detail))}</dd>\n"
