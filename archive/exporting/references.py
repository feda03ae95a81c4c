"""Export as references: RIS, CSL-JSON and BibTeX, as reference managers read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date
from typing import BinaryIO

from archive.exporting import text
from archive.exporting.selection import Selection, Stamp
from archive.extraction.people import name_parts
from archive.model import Entry

_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_TEX_SPECIAL = re.compile(r"[\\{}%#&$_~^]")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _source(stamp: Stamp) -> str:
    return f"Backfile archive {stamp.log}, exported {stamp.time}, query: {text.line(stamp.asked)}"


def _authors(entry: Entry) -> list[str]:
    return text.unique(entry.article.authors) if entry.article else []


def _keywords(entry: Entry) -> list[str]:
    """The user's tags, then the publisher's keywords: reference managers cannot tell a suggestion from either."""
    return text.unique([*entry.tags, *text.keywords(entry)])


def _told(entry: Entry, key: str) -> str:
    """What the page says of itself under `key` (site, lang, description), in one line."""
    return text.line(str(getattr(entry.article, key))) if entry.article else ""


# -- RIS ----------------------------------------------------------------------------------------------------------


def write_ris(selection: Selection, out: BinaryIO) -> None:
    """One record each (TY NEWS); `DP` says where it comes from."""
    for entry in selection.entries():
        lines = [f"{tag}  - {value}\r\n" for tag, value in _ris(entry, selection.stamp) if value]
        out.write("".join([*lines, "ER  - \r\n\r\n"]).encode("utf-8", "replace"))


def _ris(entry: Entry, stamp: Stamp) -> Iterator[tuple[str, str]]:
    day = text.day(entry)
    yield "TY", "NEWS"
    yield "ID", text.identity(entry)
    yield "TI", text.title(entry)
    yield from (("AU", ", ".join(filter(None, name_parts(name)))) for name in _authors(entry))
    yield "T2", _told(entry, "site")
    yield "PY", f"{day:%Y}" if day else ""
    yield "DA", f"{day:%Y/%m/%d}/" if day else ""
    yield "Y2", f"{entry.last_captured.astimezone(UTC):%Y/%m/%d}/"
    yield "UR", text.address(entry.final_url or entry.url)
    yield "LA", _told(entry, "lang")
    yield "AB", _told(entry, "description")
    yield from (("KW", word) for word in _keywords(entry))
    yield "N1", text.line(entry.note)
    yield "DP", _source(stamp)


# -- CSL-JSON -----------------------------------------------------------------------------------------------------


def write_csl(selection: Selection, out: BinaryIO) -> None:
    """A JSON array; `source` says where an item comes from."""
    out.write(b"[")
    for number, entry in enumerate(selection.entries()):
        item = {key: value for key, value in _csl(entry, selection.stamp).items() if value}
        out.write((",\n" if number else "\n").encode() + json.dumps(item, ensure_ascii=False).encode("utf-8"))
    out.write(b"\n]\n")


def _csl(entry: Entry, stamp: Stamp) -> dict[str, object]:
    day = text.day(entry)
    return {
        "id": text.identity(entry),
        "type": "article-newspaper",
        "title": text.title(entry),
        "author": [_csl_name(name) for name in _authors(entry)],
        "container-title": _told(entry, "site"),
        "issued": _parts(day) if day else None,
        "accessed": _parts(entry.last_captured.astimezone(UTC).date()),
        "URL": text.address(entry.final_url or entry.url),
        "language": _told(entry, "lang"),
        "abstract": _told(entry, "description"),
        "keyword": ", ".join(_keywords(entry)),
        "note": text.line(entry.note),
        "source": _source(stamp),
    }


def _csl_name(name: str) -> dict[str, str]:
    family, given, suffix = name_parts(name)
    parts = {"family": family, "given": given, "suffix": suffix} if given else {"literal": name}
    return {key: part for key, part in parts.items() if part}


def _parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


# -- BibTeX -------------------------------------------------------------------------------------------------------


def write_bibtex(selection: Selection, out: BinaryIO) -> None:
    """One @misc each, which old and new styles know; the stamp is a comment at the top."""
    out.write(f"@comment{{{_tex(_source(selection.stamp))}}}\n".encode("utf-8", "replace"))
    for entry in selection.entries():
        fields = "".join(f"  {name} = {value},\n" for name, value in _bibtex(entry) if value)
        out.write(f"\n@misc{{backfile:{text.identity(entry)},\n{fields}}}\n".encode("utf-8", "replace"))


def _bibtex(entry: Entry) -> Iterator[tuple[str, str]]:
    day = text.day(entry)
    yield "title", f"{{{{{_tex(text.title(entry))}}}}}"  # doubled: styles keep the case
    yield "author", _braced(" and ".join(map(_bibtex_name, _authors(entry))))
    yield "howpublished", _braced(_tex(_told(entry, "site")))
    yield "year", _braced(f"{day:%Y}" if day else "")
    yield "month", _MONTHS[day.month - 1] if day else ""
    yield "date", _braced(day.isoformat() if day else "")
    yield "url", _braced(text.address(entry.final_url or entry.url))
    yield "urldate", _braced(f"{entry.last_captured.astimezone(UTC):%Y-%m-%d}")
    yield "language", _braced(_tex(_told(entry, "lang")))
    yield "abstract", _braced(_tex(_told(entry, "description")))
    yield "keywords", _braced(_tex(", ".join(_keywords(entry))))
    yield "note", _braced(_tex(text.line(entry.note)))


def _bibtex_name(name: str) -> str:
    """Family, Suffix, Given; in braces what BibTeX must not take apart."""
    family, given, suffix = name_parts(name)
    if not given or " and " in name:
        return f"{{{_tex(name)}}}"
    return ", ".join(_tex(part) for part in (family, suffix, given) if part)


def _braced(value: str) -> str:
    return f"{{{value}}}" if value else ""


def _tex(value: str) -> str:
    return _TEX_SPECIAL.sub(lambda found: _TEX[found[0]], value)
