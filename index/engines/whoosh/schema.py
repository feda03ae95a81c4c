"""The fields of index.fields as Whoosh knows them, so that its own readers and searchers can work on our segments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.fields import ID, KEYWORD, STORED, TEXT, Schema
from whoosh.filedb.filestore import ReadOnlyError

from index.analysis import tokens
from index.fields import FIELDS


class TermAnalyzer(Analyzer):
    """index.analysis as a Whoosh analyser: yields the terms, not their stems."""

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        mode: str = "",
        **_: Any,
    ) -> Iterator[Token]:
        token: Any = Token(positions, chars, removestops=False, mode=mode)
        for found in tokens(value):
            token.text = found.term
            token.boost = 1.0
            token.stopped = False
            if keeporiginal:
                token.original = value[found.start : found.end]
            if positions:
                token.pos = found.position
            if chars:
                token.startchar, token.endchar = found.start, found.end
            yield token


@cache
def schema() -> Schema:
    """Texts with positions, whole terms, and the parts of a card as stored fields. Days are not Whoosh's business."""
    fields: dict[str, Any] = {"id": ID(stored=True, unique=True)}
    for field in FIELDS:
        if field.texts:
            fields[field.name] = TEXT(analyzer=TermAnalyzer(), phrase=True)
        elif field.terms:
            fields[field.name] = KEYWORD(commas=True)
    fields |= {f"card_{name}": STORED() for name in ("url", "title", "site", "date", "captured")}
    return _OurSchema(**fields)


class ReadOnlySchema(Schema):
    """The schema as whoever opens the folder with Whoosh finds it.

    Whoosh cleans a schema up only when it is about to write a table of contents, which is the last moment before a
    commit of its own would replace ours.
    """

    def clean(self) -> None:
        raise ReadOnlyError(
            "this index is Backfile's, which alone writes it: open it with Whoosh to read, and let `backfile` update it"
        )


class _OurSchema(Schema):
    """As we write it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _read_only, (vars(self),)


def _read_only(state: dict[str, Any]) -> ReadOnlySchema:
    schema = ReadOnlySchema()
    vars(schema).update(state)
    return schema
