"""A list of names held against the archive: who is in it, since when, and what is new since the list was last checked.

    NAMES.csv ─read_names─▶ ListedName | UnreadName ─check─▶ Checked ─▶ rows | CSV | page

What the last run found is kept in checks/ of the archive's folder: ids of articles, nothing of what they say.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import uuid4

from archive import StorageError, columns_of_people, divided
from index import QueryError

if TYPE_CHECKING:
    from archive import Archive
    from backfile.desk.progress import Stage
    from index import Candidate, Index, Passage

CHECKS = "checks"  # the folder
STREAM = "standard input"  # in the place of a file's name
_SHOWN = 200  # characters of a row that is no name
_WORD = re.compile(r"\w+")
_SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name of a list, with other names and the id that whoever made the list gave it; `line` of its file."""

    name: str
    aliases: tuple[str, ...] = ()
    id: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class UnreadName:
    """A row of a list that is no name, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the archive has of a name; see index.Found. `before`: its articles at the last check, None at the first.

    `new`: ids of those that were not among them; `gone`: how many of them are not there any more.
    """

    listed: ListedName
    articles: int
    first: date | None
    last: date | None
    sites: tuple[str, ...]
    aliases: tuple[str, ...]
    passages: tuple[Passage, ...]
    fuzzy: tuple[Candidate, ...]
    before: int | None = None
    new: tuple[str, ...] = ()
    gone: int = 0

    @property
    def is_news(self) -> bool:
        """Whether anything is other than at the last check; at the first one nothing is."""
        return bool(self.new or self.gone)


# -- lists -------------------------------------------------------------------------------------------------------------


def read_names(source: Path | BinaryIO) -> Iterator[ListedName | UnreadName]:
    """The names of a file or stream: one a line, or CSV whose header has a column `name` (or one for first and one for
    last names), and maybe `aliases` and `id`.

    Several aliases in a cell have semicolons between them. Raises StorageError for a file that cannot be read, and for
    a table of which no column is called so.
    """
    path = source if isinstance(source, Path) else STREAM
    try:
        text = _decoded(source.read_bytes() if isinstance(source, Path) else source.read())
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}") from error
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    head = lines[first] if lines else ""
    for separator in _SEPARATORS:
        names = columns_of_people(_cells(head, separator))
        if not {"name", "last", "first"}.isdisjoint(names):
            yield from _rows(lines, separator, names, first + 1)
            return
        if _is_table(lines[first:], separator):
            columns = " | ".join(cell.strip() for cell in _cells(head, separator))
            raise StorageError(f"{path} is a table, and none of its columns is called name: {columns}")
    yield from _lines(lines)


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def _is_table(lines: Sequence[str], separator: str) -> bool:
    """Whether each of several lines has as many cells as the others; one comma may stand in each of many names."""
    counts = {len(_cells(line, separator)) for line in lines if line.strip()}
    return len(lines) > 1 and len(counts) == 1 and counts.pop() > (2 if separator == "," else 1)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # what spreadsheets on Windows write where they are not told otherwise
        return data.decode("cp1252", "replace")


def _lines(lines: Sequence[str]) -> Iterator[ListedName]:
    for number, line in enumerate(lines, 1):
        name = line.strip()
        if len(name) > 1 and name[0] == name[-1] == '"':
            name = name[1:-1].replace('""', '"')
        if name and not name.startswith("#"):
            yield _listed(name, (), "", number)


def _rows(lines: Sequence[str], separator: str, names: Sequence[str], start: int) -> Iterator[ListedName | UnreadName]:
    """The rows from the line at `start` on. A quote that is opened and not closed spoils its own row alone."""
    while start < len(lines):
        reader = csv.reader((f"{lines[at]}\n" for at in range(start, len(lines))), delimiter=separator)
        try:
            cells = next(reader)
        except csv.Error as error:
            yield UnreadName(start + 1, lines[start][:_SHOWN], f"no row of CSV: {error}")
            start += 1
            continue
        if len(cells) > len(names) == 1:  # a list of names below a heading: "Venn, Marisol"
            cells = [lines[start]]
        row = {key: cell.strip() for key, cell in zip(names, cells, strict=False) if key}
        name = _whole(row)
        if "\n" in name and (separator in name or name.count("\n") > 1):  # it goes on into other rows
            yield UnreadName(start + 1, lines[start][:_SHOWN], "a quote is opened in it and not closed")
            start += 1
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            yield UnreadName(start + 1, lines[start][:_SHOWN], "it has more cells than the table has columns")
        elif name:
            aliases = (alias.strip() for alias in divided(row.get("aliases", "").replace(";", "; ")))
            yield _listed(name, tuple(filter(None, aliases)), row.get("id", ""), start + 1)
        elif any(cell.strip() for cell in cells):
            yield UnreadName(start + 1, separator.join(cells)[:_SHOWN], "there is no name in it")
        start += reader.line_num


def _whole(row: Mapping[str, str]) -> str:
    """The name in a row, with the first and the last one where other columns have these."""
    name = row.get("name", "")
    words = set(_words(name))
    first, last = (
        "" if words.issuperset(_words(part := row.get(column, ""))) else part for column in ("first", "last")
    )
    return " ".join(filter(None, (first, name, last)))


def _words(name: str) -> list[str]:
    return _WORD.findall(name.casefold())


def _listed(name: str, aliases: tuple[str, ...], id_: str, line: int) -> ListedName:
    """`Venn, Marisol` is Marisol Venn, too."""
    last, _, rest = map(str.strip, name.partition(","))
    turned = (f"{rest} {last}",) if last and rest else ()
    return ListedName(name, tuple(dict.fromkeys((*turned, *aliases))), id_, line)


# -- checking ----------------------------------------------------------------------------------------------------------


def check(
    archive: Archive,
    index: Index,
    source: Path | BinaryIO,
    field_name: str,
    *,
    remember: bool = True,
    at: Stage | None = None,
) -> Iterator[Checked | UnreadName]:
    """Each row of a list, as it stands there; at the end, what was found is kept for the next time (to `remember`)."""
    roster = index.overview.roster(field_name)
    rows = list(read_names(source))
    kept = _Kept.of(archive.folder, source, field_name)
    for number, row in enumerate(rows, 1):
        if isinstance(row, UnreadName):
            yield row
            continue
        try:
            found = roster.look_up(row.name, row.aliases)
        except QueryError as error:
            yield UnreadName(row.line, row.name, str(error))
            continue
        before = kept.known(row) if remember else None
        yield Checked(
            row, found.articles, found.first, found.last, found.sites, found.aliases, found.passages, found.fuzzy,
            None if before is None else len(before),
            () if before is None else tuple(id_ for id_ in found.ids if id_ not in before),
            0 if before is None else len(before.difference(found.ids)),
        )  # fmt: skip
        kept.note(row, found.ids)
        if at:
            at(number, len(rows))
    try:
        if remember:
            kept.save()
    except StorageError as error:  # an archive that may only be read can be checked, too
        yield UnreadName(0, "", f"what was found cannot be kept for the next check: {error}")


@dataclass(slots=True)
class _Kept:
    """What the last check of a list found, and what this one does: ids of articles by name."""

    file: Path
    before: Mapping[str, Sequence[str]]
    now: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, source: Path | BinaryIO, field_name: str) -> _Kept:
        """All streams are one list, in which a name stays that is not in the next of them."""
        list_ = source.resolve() if isinstance(source, Path) else STREAM
        digest = sha256(f"{field_name}\n{list_}".encode("utf-8", "surrogateescape")).hexdigest()[:16]
        file = folder / CHECKS / f"{digest}.json"
        before: object = {}
        with suppress(OSError, ValueError):  # of the first check, or of one whose file was damaged
            before = json.loads(file.read_text(encoding="utf-8"))
        known = before if isinstance(before, dict) else {}
        return cls(file, known, {} if isinstance(source, Path) else dict(known))

    def known(self, row: ListedName) -> set[str] | None:
        """The articles that a name had; None where it was not in the list."""
        found = self.before.get(_key(row))
        return None if found is None else set(found)

    def note(self, row: ListedName, ids: Iterable[str]) -> None:
        self.now[_key(row)] = list(ids)

    def save(self) -> None:
        """In the place of the last one, in one step. StorageError."""
        part = self.file.with_name(f".{self.file.name}.{uuid4().hex[:8]}.part")
        try:
            self.file.parent.mkdir(mode=0o700, exist_ok=True)
            part.touch(mode=self.file.parent.stat().st_mode & 0o666)  # for those who may read the folder
            with part.open("w", encoding="utf-8") as out:
                json.dump(self.now, out)
                out.flush()
                os.fsync(out.fileno())
            part.replace(self.file)
        except OSError as error:
            raise StorageError(f"{self.file}: {error.strerror or error}") from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _key(row: ListedName) -> str:
    """A name that stands in a list twice is told by its id."""
    return sha256(json.dumps([row.name, row.id]).encode()).hexdigest()[:24]
