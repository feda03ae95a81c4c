"""Reading files without an archive: saved pages into articles, texts into names and dates; many at once by workers.

What cannot be read is an answer like the others, with the reason, and the rest goes on.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from archive import Article, Audit, CheckedPackage, FetchSettings, FormatError, Mention, Outcome, extract, recognise

_MOST = FetchSettings().max_decoded  # bytes of one file, unpacked: a page from the web may have no more
_MARKUP = ("<!doctype html", "<html", "<?xml", "%pdf-")
_FEW = 24  # files below which starting workers costs more than it gains
_STDIN = "-"  # stands for the name of a stream
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class PageFile:
    """A saved page or PDF (.gz too) to read, as `name`. Its bytes are at `path`; `encoding` is what somebody knows."""

    name: str
    path: Path
    url: str = ""
    encoding: str | None = None
    second_opinion: bool = False


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text to read. `published`: the day that dates such as "Friday" in it start from; `lang`: "" where it is to be
    found in the text."""

    name: str
    text: str
    published: date | None = None
    lang: str = ""
    recogniser: str = "default"


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What reading a page gave. `outcome` is "failed" where its bytes cannot be had; then the article is empty."""

    name: str
    url: str
    outcome: Outcome
    detail: str
    article: Article


@dataclass(frozen=True, slots=True)
class ReadText:
    """The names and dates in a text, in its order; offsets count its characters."""

    name: str
    mentions: tuple[Mention, ...]


def read_pages(pages: Iterable[PageFile | Unread]) -> Iterator[ReadPage]:
    """What each page says, in their order; many of them are read by worker processes."""
    yield from _mapped(
        _page_read, pages, lambda page, how: _page_read(Unread(page.name, f"it could not be read: {how}"))
    )


def read_texts(texts: Iterable[TextFile | Unread]) -> Iterator[ReadText | Unread]:
    """What each text names, in their order; many of them are read by worker processes."""
    yield from _mapped(
        _text_read, texts, lambda text, how: Unread(text.name, f"{text.name}: it could not be read: {how}")
    )


def pages_in(
    batch: Path | BinaryIO, root: Path | None = None, *, second_opinion: bool = False
) -> Iterator[PageFile | Unread]:
    """The pages that JSON Lines name (`file`, and if known `url` and `encoding`).

    Files lie in `root`; without one beside the batch, or where we are. FormatError where the batch cannot be read.
    """
    beside = batch.parent if isinstance(batch, Path) else Path()
    for where, row in _rows(batch):
        if isinstance(row, Unread):
            yield row
            continue
        file, url, encoding = row.get("file"), row.get("url") or "", row.get("encoding")
        if not isinstance(file, str) or not isinstance(url, str) or not isinstance(encoding, str | None):
            yield Unread(where, "file must be there, and file, url and encoding be strings")
            continue
        places = [root / file] if root else [beside / file, Path(file)]
        path = next((place for place in places if place.is_file()), places[0])
        yield PageFile(file, path, url, encoding, second_opinion)


def texts_of(paths: Iterable[Path], like: TextFile) -> Iterator[TextFile | Unread]:
    """The texts of files (.gz too), otherwise as `like`; markup is not taken for a text."""
    for path in paths:
        try:
            text = _bytes(path).decode("utf-8-sig", "replace")
        except FormatError as error:
            yield Unread(path.name, str(error))
            continue
        if text[:100].lstrip().lower().startswith(_MARKUP):
            reason = f"{path}: this is a page, no text: `backfile extract --json` gives its body"
            yield Unread(path.name, reason)
        else:
            yield replace(like, name=path.name, text=text)


def texts_in(batch: Path | BinaryIO, like: TextFile) -> Iterator[TextFile | Unread]:
    """The texts of JSON Lines (`text`, and if known `id`, `date`, `lang`); what a row does not say is as in `like`."""
    for number, (where, row) in _numbered(batch):
        if isinstance(row, Unread):
            yield replace(row, reason=f"{where}: {row.reason}")
        elif not isinstance(row.get("text"), str):
            yield Unread(where, f"{where}: the row has no text")
        else:
            yield _text_of(row, number, where, like)


def _text_of(row: Mapping[str, Any], number: int, where: str, like: TextFile) -> TextFile | Unread:
    try:
        published = date.fromisoformat(row["date"][:10]) if row.get("date") else like.published
    except (TypeError, ValueError):
        return Unread(where, f"{where}: the date is not YYYY-MM-DD: {row['date']!r}")
    return replace(
        like,
        name=str(row.get("id", number)),
        text=row["text"],
        published=published,
        lang=str(row.get("lang") or like.lang),
    )


def _page_read(page: PageFile | Unread) -> ReadPage:
    if isinstance(page, Unread):
        return ReadPage(page.name, "", Outcome.FAILED, page.reason, Article("", "", ""))
    found: Article | None
    try:
        payload = _bytes(page.path)
    except FormatError as error:
        found, outcome, detail = None, Outcome.FAILED, str(error)
    else:
        found, outcome, detail = extract(payload, page.url, charset=page.encoding, second_opinion=page.second_opinion)
    return ReadPage(page.name, page.url, outcome, detail, found or Article(page.url, "", ""))


def _text_read(text: TextFile | Unread) -> ReadText | Unread:
    if isinstance(text, Unread):
        return text
    reading = recognise(text.text, published=text.published, lang=text.lang, recogniser=text.recogniser)
    return ReadText(text.name, reading.mentions)


def _bytes(path: Path) -> bytes:
    """The file's bytes, unpacked if it is a .gz. Raises FormatError where they cannot be read, or are too many."""
    with _legible(path), _opened(path) as file:
        data = file.read(_MOST + 1)
    if len(data) > _MOST:
        raise FormatError(f"larger than {_MOST / 1e6:g} MB", file=str(path))
    return data


def _numbered(batch: Path | BinaryIO) -> Iterator[tuple[int, tuple[str, dict[str, Any] | Unread]]]:
    """The rows of JSON Lines by the number of their line, each with its place in words."""
    name = str(batch) if isinstance(batch, Path) else _STDIN
    with _legible(name), _opened(batch) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                where = f"{name}, line {number}"
                yield number, (where, _row(line, where))


def _rows(batch: Path | BinaryIO) -> Iterator[tuple[str, dict[str, Any] | Unread]]:
    return (row for _, row in _numbered(batch))


class _legible(AbstractContextManager[None]):  # noqa: N801 - reads as a function
    """What the system or the packing of a file refuses, as FormatError."""

    def __init__(self, file: Path | str) -> None:
        self._file = str(file)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError | EOFError | zlib.error):
            raise FormatError(f"cannot be read: {error}", file=self._file) from error


def _opened(source: Path | BinaryIO) -> AbstractContextManager[BinaryIO]:
    if not isinstance(source, Path):
        return nullcontext(source)
    if source.suffix == ".gz":
        return cast("BinaryIO", gzip.open(source))
    return source.open("rb")


def _row(line: bytes, where: str) -> dict[str, Any] | Unread:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Unread(where, f"not JSON: {error}")
    return row if isinstance(row, dict) else Unread(where, "not a JSON object")


def _mapped(work: Callable[[T], R], items: Iterable[T], lost: Callable[[T, str], R]) -> Iterator[R]:
    """`map(work, items)` in order, in worker processes where there are enough items."""
    rest = iter(items)
    first = list(islice(rest, _FEW))
    if len(first) < _FEW or os.cpu_count() == 1:
        yield from map(work, chain(first, rest))
        return
    from backfile.desk.workers import mapped

    yield from mapped(work, chain(first, rest), lost)


def audit_file(path: Path) -> Audit:
    """What a WARC or WACZ tells of persons and secrets. FormatError, StorageError."""
    from archive import audit_file as audit

    return audit(path)


def check_package(path: Path, roots: str = "") -> CheckedPackage:
    """What a WACZ package is worth: every digest, the signature, the time stamp. FormatError, StorageError.

    `roots`: a PEM file of authorities whose time stamps are trusted beside the usual ones.
    """
    from archive import check_package as check

    return check(path, roots)


def unread_language(lang: str) -> str:
    """What to call a language in which the recognisers that ship find no names; "" where they do."""
    from archive import unread_language as unread

    return unread(lang)
