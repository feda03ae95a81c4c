"""Moving an archive from its folder to a bucket, and a database: everything is read back and compared.

    source held against writers ─▶ each WARC file put, read back ─▶ steps of the manifest ─▶ catalog, row by row
      ─▶ rules

The source stays as it is. A kill leaves a part of it there; the same command goes on with that, and nothing there is
ever overwritten. Offsets and names of files stay, so that records go on pointing at each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.config import read_settings
from archive.entities.rulebook import RULES
from archive.errors import StorageError, UsageError
from archive.storage import WARC, Catalog
from archive.storage.bucket.vault import BucketVault
from archive.storage.catalog.comparing import different_rows
from archive.storage.catalog.swap import put_in_place, remove_catalog, snapshot
from archive.storage.catalog.transfer import transfer
from archive.storage.manifest import Manifest
from archive.storage.opening import keep_rules
from archive.storage.places import FORGETTING, catalog_of, fresh_of
from archive.storage.turns import Turn
from archive.storage.vault import FolderVault, vault_of

Progress = Callable[[int, int | None], None]  # bytes moved so far, of how many


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, and where to: files and bytes of WARC, how many of these bytes this call put, rows."""

    folder: str
    captures_at: str
    files: int
    size: int
    put: int
    rows: int


def move(source: Path, target: Path, progress: Progress | None = None, *, wait: float = 0.0) -> Moved:
    """Moves the archive in `source` to where `target`, a new archive, keeps things.

    UsageError where `target` is none for it, or holds something else; LockedError; StorageError also where what was put
    does not read back as it was.
    """
    to = vault_of(target, read_settings(target).store)
    if not isinstance(to, BucketVault):
        raise UsageError(f"{target} keeps its captures in its folder: make it with `backfile init --captures s3://…`")
    if read_settings(source).store.captures:
        raise UsageError(f"{source} keeps its captures in a bucket already: `backfile copy` brings them to a folder")
    with closing(Turn(source / WARC, wait=wait)), closing(Turn(target / WARC, wait=wait)):
        return _Moving(source, target, to, progress or (lambda _done, _all: None)).run()


class _Moving:
    def __init__(self, source: Path, target: Path, to: BucketVault, progress: Progress) -> None:
        self._source = source
        self._target = target
        self._from = FolderVault(source)
        self._to = to
        self._progress = progress

    def run(self) -> Moved:
        committed = self._committed()
        self._to.check()
        self._refuse_others(committed)
        put = self._files(committed)
        self._steps(committed)
        rows = self._catalog()
        self._rules()
        return Moved(str(self._target), self._to.where, len(committed), sum(committed.values()), put, rows)

    def _committed(self) -> dict[str, int]:
        """The WARC files with their lengths. UsageError where something has to be done first."""
        with Catalog(catalog_of(self._source)) as catalog:
            committed = {name: length for name, length in catalog.committed().items() if length}
        there = self._from.lengths()
        beyond = any(length > committed.get(name, 0) for name, length in there.items())
        if beyond or (self._source / FORGETTING).exists():
            raise UsageError(f"a command was interrupted in {self._source}: any that writes there sees to that first")
        for name, length in committed.items():
            if there.get(name, 0) < length:
                raise StorageError(f"{self._source / WARC / name}: bytes are missing at its end: run `backfile verify`")
        return {name: committed[name] for name in there if name in committed}

    def _refuse_others(self, committed: Mapping[str, int]) -> None:
        """UsageError where there is something that is not of this archive."""
        for name, length in self._to.lengths().items():
            if committed.get(name) != length:
                raise UsageError(f"{self._to.where} holds another archive ({name}): name an empty place")
        numbers = self._from.manifest.numbers()
        for number in self._to.manifest.numbers():
            if number not in numbers or self._to.manifest.data(number) != self._from.manifest.data(number):
                raise UsageError(f"{self._to.where} holds another archive (step {number} of its manifest)")

    def _files(self, committed: Mapping[str, int]) -> int:
        """Puts what is not there, and reads all of it back; the bytes that were put."""
        there, total = self._to.lengths(), sum(committed.values())
        done = put = 0
        for name, length in committed.items():
            if name not in there:
                with self._from.reader.open(name) as file:
                    data = file.read(length)
                if not self._to.objects.put(f"{WARC}/{name}", data):
                    raise StorageError(f"{self._to.objects.where(name)}: somebody else writes there")
                put += length
            if self._to.reader.sha256(name, 0, length) != self._from.reader.sha256(name, 0, length):
                raise StorageError(f"{self._to.objects.where(f'{WARC}/{name}')}: does not read back as it was")
            done += length
            self._progress(done, total)
        return put

    def _steps(self, committed: Mapping[str, int]) -> None:
        source = Manifest(self._source)
        source.extend(committed, self._from.reader.sha256)
        for number in source.numbers():
            self._to.manifest.take(number, source.data(number))
            if (stamp := source.stamp(number)) is not None:
                self._to.manifest.put_stamp(number, stamp)

    def _catalog(self) -> int:
        """The catalog, compared with that of the source; how many rows it has."""
        ours, theirs = catalog_of(self._source), catalog_of(self._target)
        fresh = fresh_of(theirs)
        remove_catalog(fresh)
        if isinstance(theirs, Path):
            assert isinstance(fresh, Path)
            snapshot(ours, fresh)
            put_in_place(theirs, fresh)
        else:
            from archive.storage.catalog import swap_server

            assert not isinstance(fresh, Path)
            transfer(ours, fresh)
            swap_server.replace(theirs, fresh, keep=False)
        rows, different = different_rows(ours, theirs)
        if different:
            raise StorageError(f"{theirs}: has other rows in {', '.join(different)}: move it again")
        return rows

    def _rules(self) -> None:
        rules = self._source / RULES
        if rules.exists() and not (self._target / RULES).exists():
            (self._target / RULES).write_bytes(rules.read_bytes())
        where = catalog_of(self._target)
        with closing(Catalog(where, write=True)) as catalog:
            keep_rules(catalog, where, self._to)
