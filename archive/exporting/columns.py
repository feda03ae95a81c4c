"""THE table of columns: what csv and parquet say of an entry, under which name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from archive.exporting import text
from archive.exporting.selection import Stamp
from archive.model import Entry, Kind

Value: TypeAlias = str | int | date | datetime | list[str] | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind` is the type of all its values, None left aside."""

    name: str
    kind: type[str | int | date | datetime | list[str]]
    value: Callable[[Entry, Stamp], Value]


COLUMNS: tuple[Column, ...] = (
    Column("id", str, lambda e, _: e.id),
    Column("url", str, lambda e, _: text.address(e.url)),
    Column("final_url", str, lambda e, _: text.address(e.final_url)),
    Column("title", str, lambda e, _: text.line(e.article.title) if e.article else ""),
    Column("authors", list, lambda e, _: text.unique(e.article.authors) if e.article else []),
    Column("published", date, lambda e, _: text.day(e)),
    Column("published_at", datetime, lambda e, _: e.article.published if e.article else None),
    Column("modified_at", datetime, lambda e, _: e.article.modified if e.article else None),
    Column("site", str, lambda e, _: text.line(e.article.site) if e.article else ""),
    Column("lang", str, lambda e, _: text.line(e.article.lang) if e.article else ""),
    Column("description", str, lambda e, _: text.line(e.article.description) if e.article else ""),
    Column("text", str, lambda e, _: text.clean(e.article.text) if e.article else ""),
    Column("people", list, lambda e, _: text.names(e, Kind.PERSON)),
    Column("places", list, lambda e, _: text.names(e, Kind.PLACE)),
    Column("organisations", list, lambda e, _: text.names(e, Kind.ORG)),
    Column("topics", list, lambda e, _: text.topics(e)),
    Column("keywords", list, lambda e, _: text.keywords(e)),
    Column("suggested_topics", list, lambda e, _: text.suggested_topics(e)),
    Column("links", list, lambda e, _: [text.address(source.final_url or source.link.url) for source in e.sources]),
    Column("tags", list, lambda e, _: text.unique(e.tags)),
    Column("note", str, lambda e, _: text.clean(e.note)),
    Column("outcome", str, lambda e, _: e.outcome.value),
    Column("detail", str, lambda e, _: text.line(e.detail)),
    Column("version", int, lambda e, _: e.version),
    Column("versions", int, lambda e, _: e.versions),
    Column("changes", list, lambda e, _: sorted(e.changes)),
    Column("first_captured", datetime, lambda e, _: e.first_captured),
    Column("last_captured", datetime, lambda e, _: e.last_captured),
    Column("export_query", str, lambda _, stamp: text.line(stamp.query)),
    Column("export_time", str, lambda _, stamp: stamp.time),
    Column("export_log", str, lambda _, stamp: stamp.log),
)
