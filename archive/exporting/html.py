"""Export as one HTML page that needs nothing else: no scripts, no pictures, nothing is loaded when it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import BinaryIO

from archive.exporting import text
from archive.exporting.paragraphs import Paragraph, Pieces, article_paragraphs
from archive.exporting.selection import Selection, Stamp
from archive.model import Article, Entry, Kind
from archive.structure import MarkKind

_STYLE = (
    "body{font:1.05rem/1.55 Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;"
    "background:#fff}h1,h2{line-height:1.2}article{border-top:1px solid #ccc;padding:1rem 0;overflow-wrap:anywhere}"
    "p.by,dl,footer,header p{font:.9rem/1.45 sans-serif;color:#555}dt{font-weight:bold;float:left;margin-right:.5em}"
    "dd{margin:0}figure{margin:.5rem 0;font:.9rem/1.45 sans-serif;color:#555}table{border-collapse:collapse}"
    "td{border:1px solid #ccc;padding:.2em .5em;vertical-align:top}a{color:#0b5394}"
    "@media(prefers-color-scheme:dark){body{background:#161616;color:#ddd}"
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
    yield f'<article id="{escape(text.identity(entry))}" dir="auto"{spoken}>\n<h2>{escape(text.title(entry))}</h2>\n'
    yield f'<p class="by">{_byline(entry)}</p>\n'
    yield from _body(article) if article else ()
    yield "<dl>\n" + "".join(_facts(entry)) + "</dl>\n</article>\n"


def _body(article: Article) -> Iterator[str]:
    """The text with the page's own headings, lists, quotes and tables; items lie as deep as their lists did."""
    opened: list[str] = []  # the elements that are open: blockquote, ul, ol, li, table
    for part in article_paragraphs(article):
        wanted = _around(part, opened)
        keep = next((n for n, (a, b) in enumerate(zip(opened, wanted, strict=False)) if a != b), None)
        keep = min(len(opened), len(wanted)) if keep is None else keep
        if part.kind is MarkKind.ITEM and part.begins:
            keep = min(keep, len(wanted) - 1)  # an item of its own
        yield _closed(opened[keep:]) + "".join(f'<{tag} dir="auto">' for tag in wanted[keep:])
        opened = wanted
        yield _element(part)
    yield _closed(opened)


def _closed(tags: list[str]) -> str:
    return "".join(f"</{tag}>\n" for tag in reversed(tags))


def _around(part: Paragraph, opened: list[str]) -> list[str]:
    """The elements that a part stands in; lists around its own are those that are open."""
    around = ["blockquote"] if part.quoted else []
    if part.kind is MarkKind.ROW:
        around.append("table")
    if part.kind is MarkKind.ITEM:
        for level in range(max(1, part.level), 0, -1):
            held = opened[len(around)] if len(opened) > len(around) else ""
            own = "ol" if part.ordered else "ul"
            around += [held if level > 1 and held in ("ul", "ol") else own, "li"]
    return around


def _element(part: Paragraph) -> str:
    words = _pieces(part.pieces)
    if part.kind is MarkKind.HEADING:
        level = min(6, max(3, part.level + 1))  # under the headline, which is an h2
        return f'<h{level} dir="auto">{words}</h{level}>\n'
    if part.kind is MarkKind.ITEM:
        return words if part.begins else f'<p dir="auto">{words}</p>\n'
    if part.kind is MarkKind.ROW:
        return "<tr>" + "".join(f'<td dir="auto">{_pieces(cell)}</td>' for cell in part.cells) + "</tr>\n"
    if part.kind is MarkKind.CAPTION:
        image = f" ({link(part.image)})" if part.image else ""
        return f'<figure><figcaption dir="auto">{words}{image}</figcaption></figure>\n'
    return f'<p dir="auto">{words}</p>\n'


def _pieces(pieces: Pieces) -> str:
    return "".join(
        f'<a href="{escape(url)}" rel="noreferrer">{escape(shown)}</a>' if url else escape(shown)
        for shown, url in pieces
    ).strip()


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
        "Publisher's keywords": text.keywords(entry),
        "Suggested topics": text.suggested_topics(entry),
        "Tags": text.unique(entry.tags),
        "Note": text.unique([entry.note]),
    }
    for label, values in lists.items():
        if values:
            yield f"<dt>{label}</dt><dd>{', '.join(f'<bdi>{escape(value)}</bdi>' for value in values)}</dd>\n"
    for source in text.sources(entry):
        url = source.final_url or source.link.url
        yield f"<dt>Source</dt><dd>{link(url, source.title or source.link.text)}</dd>\n"
    yield f"<dt>Captured</dt><dd>{entry.last_captured:%Y-%m-%d}: {escape(text.line(entry.detail))}</dd>\n"
