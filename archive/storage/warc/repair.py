"""After a crash: what stands in warc/ beyond the catalogued length is made whole again before anything is appended.

Whole records always stay, journaled or not, save the journal entry of a capture that lost a part: it never happened.
What goes is stored in warc/torn/ first (the newest few are kept). Nothing before the catalogued length is ever touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.errors import StorageError
from archive.storage.ops import Ops
from archive.storage.warc.journal import is_journal
from archive.storage.warc.reader import Damage, Record, WarcReader
from archive.storage.warc.writer import serial, warc_files

TORN = "torn"
_KEEP = 16  # torn pieces
_PIECE = 2**20  # bytes copied at a time


@dataclass(frozen=True, slots=True)
class Torn:
    """Bytes that were no record and were moved aside, and why."""

    file: str
    offset: int
    size: int
    what: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was done. `resume`: the file to go on with, None to begin a new one. `short`: files that lost bytes."""

    torn: tuple[Torn, ...] = ()
    short: tuple[str, ...] = ()
    resume: str | None = None


def repair(folder: Path, committed: Mapping[str, int] | None, ops: Ops) -> Repaired:
    """Makes the end of every WARC file whole, and syncs what is not catalogued. StorageError when the system refuses.

    With None, where no catalog says what is, every byte is taken to be meant: nothing is cut, no file gone on with.
    """
    torn: list[Torn] = []
    resume = None
    short = [name for name in committed or () if not (folder / name).exists()]
    reader = WarcReader(folder)
    try:
        for name in warc_files(folder):
            size, known = (folder / name).stat().st_size, (committed or {}).get(name, 0)
            if size < known:
                short.append(name)
            elif committed is not None and (size > known or not size):
                torn += _mend(folder, name, known, size, reader, ops)
            goes_on = committed is not None and size >= known and (folder / name).exists() and serial(name)
            resume = name if goes_on else None
        _settle(folder, committed or {}, ops)
        _sweep(folder / TORN)
    except OSError as error:
        raise StorageError(f"{folder}: cannot repair after a crash: {error.strerror}") from error
    return Repaired(tuple(torn), tuple(short), resume)


def _settle(folder: Path, committed: Mapping[str, int], ops: Ops) -> None:
    """What a killed process wrote may stand in the system's memory alone, and is about to count as stored."""
    names = [name for name in warc_files(folder) if (folder / name).stat().st_size > committed.get(name, 0)]
    for name in names:
        fd = ops.open(folder / name)
        try:
            ops.fsync(fd)
        finally:
            ops.close(fd)
    if names:
        ops.fsync_folder(folder)


def _mend(folder: Path, name: str, start: int, size: int, reader: WarcReader, ops: Ops) -> list[Torn]:
    """One file whose bytes from `start` on are not catalogued: its damage goes, its whole records stay, in order."""
    whole, damage = _sorted(reader.scan(name, start, size))
    path = folder / name
    if not damage:
        if not size:
            ops.unlink(path)
        return []
    cut = damage[0].place.offset
    aside = folder / TORN / f"{path.name}-{cut}"
    _copy(path, [(cut, size)], aside, ops)
    if cut == 0 and not whole:
        ops.unlink(path)
    elif whole:
        _rewrite(path, cut, whole, ops)
    else:
        _cut(path, cut, ops)
    return [Torn(name, piece.place.offset, piece.end - piece.place.offset, piece.what) for piece in damage]


def _sorted(found: Iterable[Record | Damage]) -> tuple[list[tuple[int, int]], list[Damage]]:
    """Where the whole records behind the first damage begin and end, and the damage.

    The journal entry of a capture that lost a part is left out: the capture never happened.
    """
    whole: list[tuple[int, int]] = []
    damage: list[Damage] = []
    broken = False  # whether damage took something of the capture that is being read
    for each in found:
        if isinstance(each, Damage):
            damage.append(each)
            broken = True
            continue
        if damage and not (broken and is_journal(each)):
            whole.append((each.place.offset, each.end))
        broken = broken and not is_journal(each)
    return whole, damage


def _cut(path: Path, size: int, ops: Ops) -> None:
    fd = ops.open(path)
    try:
        ops.truncate(fd, size)
        ops.fsync(fd)
    finally:
        ops.close(fd)


def _rewrite(path: Path, cut: int, whole: list[tuple[int, int]], ops: Ops) -> None:
    """The file without its damage, by write, fsync, rename: no whole record is missing at any moment."""
    fresh = path.with_suffix(".mending")
    _copy(path, [(0, cut), *whole], fresh, ops)
    ops.rename(fresh, path)
    ops.fsync_folder(path.parent)


def _copy(source: Path, ranges: list[tuple[int, int]], target: Path, ops: Ops) -> None:
    """Stretches of `source`, one behind the other, durably as the file `target`."""
    target.parent.mkdir(exist_ok=True)
    target.unlink(missing_ok=True)
    fd = ops.create(target)
    try:
        offset = 0
        with source.open("rb") as file:
            for start, end in ranges:
                file.seek(start)
                while start < end and (piece := file.read(min(_PIECE, end - start))):
                    ops.write(fd, piece, offset)
                    offset += len(piece)
                    start += len(piece)
        ops.fsync(fd)
    finally:
        ops.close(fd)
    ops.fsync_folder(target.parent)


def _sweep(folder: Path) -> None:
    """Keeps the newest torn pieces, so that a machine that crashes daily does not fill its disk with them."""
    if folder.is_dir():
        pieces = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for path in pieces[:-_KEEP]:
            path.unlink(missing_ok=True)
