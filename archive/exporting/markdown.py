"""Export as Markdown: a folder with one file an article, each with YAML front matter, and `_export.md` about the whole.

One file each, because front matter is only defined at the beginning of a file, and because note programs and site
generators take a note to be a file.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from archive.exporting import text
from archive.exporting.paragraphs import Paragraph, Pieces, article_paragraphs
from archive.exporting.selection import Selection, Stamp
from archive.model import Article, Entry, Kind
from archive.structure import MarkKind

_SPECIAL = re.compile(r"([\\`*_\[\]<>&~|${}]|(?<=\{)[%#])")
# What site generators take for their own: {{ … }}, {% … %}, {# … #}. In front matter an escape of YAML keeps the value.
_TEMPLATE = re.compile(r"\{(?=[{%#])")
_ABOUT = "_export.md"
_TIME = "export_time"
_OPENING = re.compile(r"^(\d*)([#+=.)-])")  # of a heading, a list, a line across the page
_LINKED = re.compile(r"[()\s]")


def write(selection: Selection, folder: Path) -> None:
    """Writes into `folder`, which is there. A file's name is the day, words of the headline, and the id."""
    for entry in selection.entries():
        path = folder / f"{_name(entry)}.md"
        path.write_text("".join(_file(entry, selection.stamp)), encoding="utf-8", errors="replace")
    facts = {**_stamped(selection.stamp), "articles": selection.count}
    (folder / _ABOUT).write_text("".join(_front(facts)), encoding="utf-8", errors="replace")


def is_export(folder: Path, stamp: Stamp) -> bool:
    """Whether a folder was written whole for the same query of the same archive, whenever that was."""
    try:
        written = (folder / _ABOUT).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    timeless = {key: value for key, value in _stamped(stamp).items() if key != _TIME}
    return set(_front(timeless)) <= {f"{line}\n" for line in written}


def is_same(folder: Path, other: Path) -> bool:
    """Whether two folders hold the same articles with the same words, whenever each was written."""
    names = sorted(path.name for path in folder.iterdir())
    return names == sorted(path.name for path in other.iterdir()) and all(
        _timeless(folder / name) == _timeless(other / name) for name in names
    )


def _timeless(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().splitlines() if not line.startswith(f"{_TIME}: ".encode())]


def _name(entry: Entry) -> str:
    day = text.day(entry)
    plain = unicodedata.normalize("NFKD", text.title(entry)).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return "-".join(part for part in (day.isoformat() if day else "", words, text.identity(entry)) if part)


def _file(entry: Entry, stamp: Stamp) -> Iterator[str]:
    article = entry.article
    yield from _front(_facts(entry) | _stamped(stamp))
    yield f"\n# {_escaped(text.title(entry))}\n"
    yield from _body(article) if article else ()
    sources = text.sources(entry)
    if sources:
        yield "\n## Sources\n\n"
    for source in sources:
        url = text.address(source.final_url or source.link.url)
        shown = _escaped(text.line(source.title or source.link.text) or url)
        yield f"- [{shown}]({_LINKED.sub(_quoted_byte, url)})\n" if text.is_web(url) else f"- {shown}\n"


def _body(article: Article) -> Iterator[str]:
    """The text with the page's own headings, lists, quotes and tables."""
    before: Paragraph | None = None
    for part in article_paragraphs(article):
        quote = "> " if part.quoted else ""
        joined = before is not None and part.kind is before.kind and part.quoted is before.quoted
        tight = joined and (part.kind is MarkKind.ROW or (part.kind is MarkKind.ITEM and part.begins))
        if not tight:
            yield f"{quote.strip()}\n" if joined and part.quoted else "\n"
        yield "".join(f"{quote}{line}\n" for line in _written(part, first=not tight))
        before = part


def _written(part: Paragraph, *, first: bool) -> Iterator[str]:
    words = _pieces(part.pieces)
    if part.kind is MarkKind.HEADING:
        yield f"{'#' * min(6, max(2, part.level))} {words}"
    elif part.kind is MarkKind.ITEM:
        indent = "   " * max(0, part.level - 1)
        sign = ("1. " if part.ordered else "-  ") if part.begins else "   "
        yield f"{indent}{sign}{words}"
    elif part.kind is MarkKind.ROW:
        yield f"| {' | '.join(map(_pieces, part.cells))} |"
        if first:
            yield f"|{' --- |' * len(part.cells)}"
    elif part.kind is MarkKind.CAPTION:
        yield f"*{words}*" + (f" ([image]({_LINKED.sub(_quoted_byte, part.image)}))" if part.image else "")
    else:
        yield words


def _pieces(pieces: Pieces) -> str:
    written = "".join(
        f"[{_inline(shown)}]({_LINKED.sub(_quoted_byte, url)})" if url else _inline(shown) for shown, url in pieces
    )
    return _OPENING.sub(r"\1\\\2", written.strip())


def _facts(entry: Entry) -> dict[str, object]:
    article, day = entry.article, text.day(entry)
    facts: dict[str, object] = {
        "id": entry.id,
        "version": entry.version,
        "title": text.title(entry),
        "url": text.address(entry.final_url or entry.url),
        "authors": text.unique(article.authors) if article else [],
        "date": day.isoformat() if day else "",
        "site": text.line(article.site) if article else "",
        "lang": text.line(article.lang) if article else "",
        "people": text.names(entry, Kind.PERSON),
        "places": text.names(entry, Kind.PLACE),
        "organisations": text.names(entry, Kind.ORG),
        "topics": text.topics(entry),
        "keywords": text.keywords(entry),
        "suggested_topics": text.suggested_topics(entry),
        "tags": text.unique(entry.tags),
        "note": text.clean(entry.note),
        "captured": entry.last_captured.isoformat(timespec="seconds"),
        "versions": entry.versions,
    }
    return {key: value for key, value in facts.items() if value not in ("", [])}


def _stamped(stamp: Stamp) -> dict[str, object]:
    return {"export_query": stamp.query, _TIME: stamp.time, "export_log": stamp.log}


def _front(facts: dict[str, object]) -> Iterator[str]:
    yield "---\n"
    for key, value in facts.items():
        if isinstance(value, list):
            yield f"{key}:\n" + "".join(f"  - {_scalar(item)}\n" for item in value)
        else:
            yield f"{key}: {_scalar(value)}\n"
    yield "---\n"


def _scalar(value: object) -> str:
    """A YAML scalar: JSON's, with everything escaped that YAML does not take as it is."""
    quoted = json.dumps(value, ensure_ascii=False)
    plain = "".join(char if char.isprintable() else _escape(char) for char in quoted)
    return _TEMPLATE.sub(r"\\u007b", plain)


def _escape(char: str) -> str:
    return f"\\U{ord(char):08x}" if ord(char) > 0xFFFF else f"\\u{ord(char):04x}"


def _escaped(part: str) -> str:
    """One line of text as Markdown that shows it as it is."""
    return _OPENING.sub(r"\1\\\2", _inline(part))


def _inline(part: str) -> str:
    """Text within a line of Markdown."""
    return _SPECIAL.sub(r"\\\1", part)


def _quoted_byte(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"
