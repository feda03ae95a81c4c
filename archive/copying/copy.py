"""Copying an archive while others write to it; the copy is an archive, and is restored by opening it.

    steps of the manifest ─▶ snapshot of the catalog ─▶ WARC files as far as that knows them ─▶ settings and lists
      ─▶ was anything forgotten meanwhile? once more from the beginning ─▶ manifest ─▶ the snapshot becomes the catalog

WARC files only grow, so that what the snapshot knows of is there; only what is new is copied. A file that was written
anew because something was forgotten is copied anew, and the index of the copy, which can be made again, goes. A kill
leaves the copy of last time, with more bytes than its catalog knows; the same command goes on with them.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.config import SETTINGS_FILE
from archive.errors import ArchiveError, StorageError, UsageError
from archive.folder import make_folder, real
from archive.storage import CATALOG, WARC, Catalog
from archive.storage.catalog.swap import put_in_place, remove_catalog, snapshot
from archive.storage.manifest import Manifest
from archive.storage.ops import Ops
from archive.storage.places import FORGETTING, FRESH, catalog_of
from archive.storage.turns import Turn
from archive.storage.vault import FolderVault, Vault
from archive.storage.warc.shelf import lengths

Progress = Callable[[int, int | None], None]  # bytes copied so far, of how many
_LISTS = ("rules.toml", SETTINGS_FILE, "rejects-*.jsonl", "stdin-*")
_PIECE = 2**20
_TRIES = 3  # from the beginning, because something was forgotten meanwhile
_ELSEWHERE = re.compile(r"\s*(catalog|captures)\s*=")  # no other section has keys of these names
_ANEW = ".copying"  # the suffix of a file that is being copied anew


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: bytes of WARC files, how many of these there are in all, and whether forgetting came over."""

    folder: str
    copied: int
    files: int
    forgot: bool


@dataclass(slots=True)
class _Work:
    """One try: what the source had when it began."""

    steps: list[int]
    committed: dict[str, int] = field(default_factory=dict)
    anew: set[str] = field(default_factory=set)


def copy(
    source: Path,
    target: Path,
    progress: Progress | None = None,
    *,
    wait: float = 0.0,
    ops: Ops | None = None,
    vault: Vault | None = None,
) -> Copied:
    """Makes `target` a copy of the archive in `source`, or brings it up to date.

    `vault`: where its WARC files lie, if not in the folder; in the copy they always do.
    UsageError where `target` is something else, LockedError where another one writes to it, StorageError.
    """
    around = {real(target), *real(target).parents}
    if real(source) in around or real(target) in real(source).parents:
        raise UsageError(f"{target} is the archive, or lies in it, or the archive in it: name another folder")
    if not (target / WARC).is_dir():
        _begin(target)
    turn = Turn(target / WARC, wait=wait)
    try:
        told = progress or (lambda _done, _all: None)
        return _Copying(source, vault or FolderVault(source), target, told, ops or Ops()).run()
    except OSError as error:
        raise StorageError(f"{error.filename or target}: {error.strerror or error}") from error
    finally:
        turn.close()


def _begin(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} is there, and no copy of this archive: name a new folder, or an empty one")
    make_folder(target)
    (target / SETTINGS_FILE).unlink()  # that of the source comes last: before, this is no archive


class _Copying:
    def __init__(self, source: Path, vault: Vault, target: Path, progress: Progress, ops: Ops) -> None:
        self._source = source
        self._vault = vault
        self._target = target
        self._progress = progress
        self._ops = ops
        self._manifest = vault.manifest
        self._held = Manifest(target, ops)
        self._copied = 0

    def run(self) -> Copied:
        for _ in range(_TRIES):
            work = _Work(self._manifest.numbers())
            if (self._source / FORGETTING).exists():
                continue
            fresh = self._target / FRESH
            remove_catalog(fresh)
            snapshot(catalog_of(self._source), fresh)
            with Catalog(fresh) as catalog:
                work.committed = {name: length for name, length in catalog.committed().items() if length}
            work.anew = self._anew(work)
            self._refuse_others(work)
            self._files(work)
            if not self._forgot_since(work):
                return self._finish(work, fresh)
        raise StorageError("something is being forgotten just now: try again when that has ended")

    # -- what is to be copied --------------------------------------------------------------------------------------

    def _anew(self, work: _Work) -> set[str]:
        """The files that were written anew since the copy was made."""
        held = self._held.numbers()
        last = held[-1] if held else 0
        return {name for number in work.steps if number > last for name in self._manifest.step(number).forgotten}

    def _forgot_since(self, work: _Work) -> bool:
        if (self._source / FORGETTING).exists():
            return True
        new = set(self._manifest.numbers()) - set(work.steps)
        return any(self._manifest.step(number).forgotten for number in new)

    def _refuse_others(self, work: _Work) -> None:
        """UsageError where the target holds what the source never did."""
        for number in self._held.numbers()[-1:]:
            if number not in work.steps or self._held.data(number) != self._manifest.data(number):
                raise UsageError(f"{self._target} is no copy of this archive: their manifests differ at step {number}")
        with contextlib.suppress(ArchiveError), Catalog(self._target / CATALOG) as catalog:
            for name, length in catalog.committed().items():
                if length > work.committed.get(name, 0):
                    raise UsageError(f"{self._target} holds more than this archive ({name}): it was written to")

    # -- copying ---------------------------------------------------------------------------------------------------

    def _files(self, work: _Work) -> None:
        there = lengths(self._target / WARC)
        known = self._known()
        total = sum(
            length - (0 if name in work.anew else known.get(name, 0)) for name, length in work.committed.items()
        )
        done = 0
        for name, length in work.committed.items():
            start = 0 if name in work.anew else known.get(name, 0)
            if name in work.anew:
                self._copy_anew(name, length, done, total)
            elif there.get(name) != length or start < length:
                self._copy_more(name, start, length, done, total)
            done += length - start
        for folder in {(self._target / WARC / name).parent for name in work.committed} | {self._target / WARC}:
            self._ops.fsync_folder(folder)

    def _known(self) -> Mapping[str, int]:
        """How much of each file the copy's own catalog vouches for."""
        with contextlib.suppress(ArchiveError), Catalog(self._target / CATALOG) as catalog:
            return catalog.committed()
        return {}

    def _copy_more(self, name: str, start: int, length: int, done: int, total: int) -> None:
        """Bytes from `start` on; those that are there already, and the same, stay."""
        target = self._target / WARC / name
        self._make(target.parent)
        fd = self._ops.open(target) if target.exists() else self._ops.create(target)
        try:
            with self._vault.reader.open(name) as source, target.open("rb") as there:
                source.seek(start)
                there.seek(start)
                at = start
                while at < length:
                    piece = source.read(min(_PIECE, length - at))
                    if not piece:
                        raise StorageError(
                            f"{name} ends at byte {at}, and the catalog has {length}: run `backfile verify`"
                        )
                    if there.read(len(piece)) != piece:
                        self._ops.write(fd, piece, at)
                        self._copied += len(piece)
                        there.seek(at + len(piece))
                    at += len(piece)
                    self._progress(done + at - start, total)
            self._ops.truncate(fd, length)
            self._ops.fsync(fd)
        finally:
            self._ops.close(fd)

    def _make(self, folder: Path) -> None:
        """The folder of a day, where files came from a bucket."""
        if not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir(mode=folder.parent.stat().st_mode & 0o777)
            self._ops.fsync_folder(folder.parent)

    def _copy_anew(self, name: str, length: int, done: int, total: int) -> None:
        target = self._target / WARC / name
        aside = target.with_suffix(_ANEW)
        aside.unlink(missing_ok=True)
        fd = self._ops.create(aside)
        try:
            with self._vault.reader.open(name) as source:
                at = 0
                while at < length and (piece := source.read(min(_PIECE, length - at))):
                    self._ops.write(fd, piece, at)
                    at += len(piece)
                    self._progress(done + at, total)
            self._ops.fsync(fd)
        finally:
            self._ops.close(fd)
        self._copied += length
        self._ops.rename(aside, target)

    # -- the end ---------------------------------------------------------------------------------------------------

    def _finish(self, work: _Work, fresh: Path) -> Copied:
        if work.anew:
            shutil.rmtree(self._target / "index", ignore_errors=True)
            shutil.rmtree(self._target / WARC / "torn", ignore_errors=True)
        self._lists()
        put_in_place(self._target / CATALOG, fresh)
        for number in work.steps:
            self._held.take(number, self._manifest.data(number))
            if (stamp := self._manifest.stamp(number)) is not None:
                self._held.put_stamp(number, stamp)
        self._ops.fsync_folder(self._target)
        return Copied(str(self._target), self._copied, len(work.committed), bool(work.anew))

    def _lists(self) -> None:
        """Settings, rules, and what imports left: as they are in the source, each in one step."""
        wanted = {path.name for pattern in _LISTS for path in self._source.glob(pattern) if path.is_file()}
        for pattern in _LISTS:
            for path in self._target.glob(pattern):
                if path.name not in wanted:
                    path.unlink()
        for name in sorted(wanted):
            data = (self._source / name).read_bytes()
            if name == SETTINGS_FILE:
                data = _of_folder(data)
            path = self._target / name
            if path.exists() and path.read_bytes() == data:
                continue
            aside = path.with_name(f".{name}{_ANEW}")
            aside.unlink(missing_ok=True)
            fd = self._ops.create(aside)
            try:
                self._ops.write(fd, data, 0)
                self._ops.fsync(fd)
            finally:
                self._ops.close(fd)
            self._ops.rename(aside, path)


def _of_folder(settings: bytes) -> bytes:
    """Settings of an archive all of which lies in its folder, wherever its parts lay before."""
    lines = settings.decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not _ELSEWHERE.match(line)).encode()
