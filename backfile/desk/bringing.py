"""What comes in: addresses as people write them, saved pages, files; and an import that is found soon.

What is known of a job stands in the archive. Here is only what joins it to the index, and what needs no archive.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import BinaryIO
from uuid import uuid4

from archive import ArchiveError, Imported, Item, Origin, Reject, find_urls, read_items, url_key
from backfile.desk.progress import Clock
from index import Index, IndexBusyError, IndexStorageError, SearchError

__all__ = ["Found", "Indexing", "as_address", "find_urls", "indexed_while_imported", "preview", "saved_from", "spool"]

_BARE = re.compile(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(/|$)", re.IGNORECASE)
_ORIGIN = re.compile(
    rb"""(?ix) (?: \burl:\s* | saved\ from\ url=\(\d+\) | <link[^>]+rel=["']?canonical["']?[^>]+href=["']? )  (https?://[^\s"'<>]+)"""
)
_HEAD = 200_000  # bytes of a saved page in which the programs that save pages name its address
_CHUNK = 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds that could be imported. `duplicate`: the same page came before; `content`: more than a link.

    `remarks`: what its row would be taken in without.
    """

    url: str
    title: str
    tags: tuple[str, ...]
    origin: Origin
    content: bool
    duplicate: bool
    remarks: tuple[str, ...]


def as_address(text: str) -> str:
    """`text` as an address: as browsers do, a bare host and path are taken for one on https."""
    return f"https://{text}" if _BARE.match(text) else text


def saved_from(html: bytes) -> str | None:
    """The address in the header comment of SingleFile or a browser's "save as", else the canonical link, if any."""
    found = _ORIGIN.search(html[:_HEAD])
    return found.group(1).decode("latin-1") if found else None


def preview(paths: Iterable[Path], format: str | None = None) -> Iterator[Found | Reject]:  # noqa: A002 - the word for it
    """What an import of these files would find, and the rows that it would reject; stores nothing, asks no network.

    Duplicates are known by a table on disk, so that any number of rows may come. Raises FormatError.
    """
    with closing(sqlite3.connect("")) as seen:  # a database of its own, in a temporary file
        seen.execute("CREATE TABLE seen (key BLOB PRIMARY KEY) WITHOUT ROWID")
        for found in read_items(paths, format):
            yield found if isinstance(found, Reject) else _looked_at(found, seen)


def _looked_at(item: Item, seen: sqlite3.Connection) -> Found:
    key = sha256(url_key(item.url).encode()).digest()
    new = seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (key,)).rowcount
    return Found(item.url, item.title, item.tags, item.origin, item.has_content, not new, item.remarks)


def spool(stream: BinaryIO, folder: Path) -> Path:
    """A file in `folder` with all that `stream` gives, named for its content: the same again is the same import."""
    part = folder / f".stdin-{uuid4().hex[:8]}.part"
    state = sha256()
    try:
        part.touch(mode=folder.stat().st_mode & 0o666)  # for those who may read the archive
        with part.open("wb") as out:
            while chunk := stream.read(_CHUNK):
                state.update(chunk)
                out.write(chunk)
        spooled = folder / f"stdin-{state.hexdigest()[:16]}"
        if not spooled.exists():
            part.replace(spooled)
    finally:
        part.unlink(missing_ok=True)
    return spooled


def indexed_while_imported(imported: Generator[Imported], index: Index) -> Generator[Imported]:
    """`imported`, with the index kept up to date meanwhile and at the end, also where the end is Ctrl-C."""
    indexing = Indexing(index)
    try:
        with closing(imported):
            for item in imported:
                yield item
                indexing.now_and_then()
    except ArchiveError:
        with suppress(SearchError):  # what ended the import is told, not what comes of it
            index.update()
        raise
    except BaseException:
        index.update()
        raise
    index.update()


class Indexing:
    """Updates of the index while an import runs, for a tenth of its time at most, so that what came is found soon."""

    EVERY = 30.0  # seconds: soon enough for whoever searches meanwhile, and rare enough to cost next to nothing

    def __init__(self, index: Index, clock: Clock = monotonic) -> None:
        self._index = index
        self._clock = clock
        self._due = clock() + self.EVERY

    def now_and_then(self) -> None:
        """Update if it is time. A search server that does not answer now is asked the next time."""
        began = self._clock()
        if began >= self._due:
            try:
                self._index.update()
            except IndexBusyError:
                pass  # another process updates it: as good
            except IndexStorageError as error:
                if not error.passes:
                    raise
            ended = self._clock()
            self._due = ended + max(self.EVERY, 9 * (ended - began))
