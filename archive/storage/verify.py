"""Reading every stored byte, and holding warc/ and the catalog against each other; names in verify_names.py.

Only tells; repairs nothing. Reads beside a running writer (what it has not committed yet is left out). Memory holds one
record of each process, and a few words on each capture of a stretch of a file. Records with broken bytes cost no more
than themselves.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import chain, groupby, islice
from pathlib import Path

from archive.errors import ArchiveError, DamagedError, StorageError
from archive.model import Problem
from archive.storage.catalog.reading import Catalog
from archive.storage.manifest import FOLDER
from archive.storage.manifest import check as check_chain
from archive.storage.places import CATALOG, FORGETTING, WARC, catalog_of
from archive.storage.turns import is_writing
from archive.storage.vault import FolderVault, Vault
from archive.storage.verify_apart import WORTH, Apart
from archive.storage.verify_bytes import (
    Digest,
    Elsewhere,
    Event,
    Journaled,
    ReadTo,
    Revisit,
    Stretch,
    Wrong,
    look,
    place_of,
)
from archive.storage.warc.reader import Damage, RecordReader
from archive.storage.warc.records import Place

Progress = Callable[[int, int | None], None]  # bytes read so far, of how many
_RESTORE = "restore this file from a copy; everything else stays readable"
_REBUILD = "`backfile rebuild` makes the catalog anew from warc/"
_DELETE = "delete this object from the bucket"
_WRITE = "the next command that writes takes care of it"
_MOST_NAMES = 100  # told one by one
_REMEMBERED = 100_000  # originals of revisits not looked at twice
_STRETCH = 16 * 2**20  # bytes that are looked at together: a few hundred captures

_Written = list[tuple[int, int, bytes]]  # start, end and SHA-256 of what each commit added to a file
_Rows = dict[int, tuple[str, str | None]]  # id and digest of each capture of a file, by where its journal entry stands


def verify(
    folder: Path, progress: Progress | None = None, vault: Vault | None = None, processes: int | None = None
) -> Iterator[Problem]:
    """Every problem found in warc/, the manifest and the catalog of the archive in `folder`; none: all is as written.

    `vault`: where its WARC files lie, if not in the folder. `processes`: how many read them (default: one per core,
    where there is much to read). Raises StorageError when the system refuses to read.
    """
    vault = vault or FolderVault(folder)
    if (folder / FORGETTING).exists():
        yield Problem("warc", FORGETTING, "letting go was interrupted, and the rest is still to be done", _WRITE)
    manifest = _Manifest(vault)  # before anything else: files only grow meanwhile
    # A writer may come and go meanwhile: what stood in a file before the catalog was read, and nobody was writing, must
    # be in the catalog. All that is read of the catalog is of one moment.
    before = vault.lengths()
    writing = is_writing(folder)
    with ExitStack() as held:
        catalog, committed, damage = _as_of_now(folder, held)
        for what in damage:
            yield Problem("catalog", CATALOG, what, _REBUILD)
        if catalog is not None and not damage:
            yield from _names(folder)
        check = _Check(vault.reader, catalog, committed, progress or (lambda _done, _all: None))
        yield from check.files(vault.lengths(), {} if writing else before, manifest, processes)
    yield from manifest.problems(vault.lengths())
    if not (folder / FORGETTING).exists():
        for name in vault.left():
            yield Problem("warc", name, "it was written anew without what was forgotten, and is still there", _DELETE)


def _as_of_now(folder: Path, held: ExitStack) -> tuple[Catalog | None, dict[str, int], list[str]]:
    """A snapshot of the catalog, what is committed of each file, and what is wrong with it; None where it is no use."""
    catalog: Catalog = held.enter_context(Catalog(catalog_of(folder)))
    try:
        held.enter_context(catalog.snapshot())
        return catalog, catalog.committed(), list(catalog.damage())
    except StorageError:
        raise
    except ArchiveError as error:  # nothing can be held against it
        return None, {}, [error.what if isinstance(error, DamagedError) else str(error)]


class _Manifest:
    """What is wrong with the chain, and what of the stored files is not as it says. Needs no catalog."""

    def __init__(self, vault: Vault) -> None:
        self._chain = vault.manifest.chain()
        self._reader = vault.reader
        self._wrong = [Problem("manifest", f"{FOLDER}/{where}", what, _RESTORE) for where, what in self._chain.wrong]
        self._left = dict.fromkeys(self._chain.files)

    def ranges(self, name: str) -> set[tuple[int, int]]:
        """The bytes of a file whose digests it has."""
        return {(one.start, one.length) for _, one in self._chain.files.get(name, ())}

    def look(self, name: str, size: int | None, sha256: Callable[[str, int, int], bytes]) -> None:
        """At one file, while it is at hand."""
        if name in self._left:
            del self._left[name]
            found = check_chain(self._chain, name, size, sha256)
            self._wrong += [Problem("manifest", f"{WARC}/{name}", what, _RESTORE) for what in found]

    def problems(self, sizes: dict[str, int]) -> Iterator[Problem]:
        """All of them, once what was not looked at has been."""
        for name in self._reader.in_order(list(self._left)):
            self.look(name, sizes.get(name), self._reader.sha256)
        yield from self._wrong


def _names(folder: Path) -> Iterator[Problem]:
    """What is wrong with the table of names, the first of it where there is much: rebuilding mends all of it."""
    from archive.storage.catalog.verify_names import wrong_names

    found = wrong_names(catalog_of(folder))
    try:
        for name, what in islice(found, _MOST_NAMES):
            yield Problem("catalog", f"{CATALOG}, {name}", what, _REBUILD)
        if next(found, None):
            yield Problem("catalog", CATALOG, f"more than {_MOST_NAMES} things are wrong with names", _REBUILD)
    except DamagedError as error:  # a catalog of an earlier version where nothing can be written
        yield Problem("catalog", CATALOG, error.what, _REBUILD)


class _Check:
    def __init__(
        self, reader: RecordReader, catalog: Catalog | None, committed: dict[str, int], progress: Progress
    ) -> None:
        self._reader = reader
        self._catalog = catalog
        self._committed = committed
        self._progress = progress
        self._originals: set[tuple[Place, str]] = set()  # record and id known to be where they are said to be
        self._written: dict[str, _Written | None] = {}  # of files that are being looked at
        self._done = 0
        self._total = 0

    def files(
        self, sizes: dict[str, int], before: dict[str, int], manifest: _Manifest, processes: int | None
    ) -> Iterator[Problem]:
        """All files, as long as they are; `before`: as long as they were before the catalog was read, where nobody was
        writing then. `manifest` is shown each.
        """
        # Without a catalog every byte there is has to stand for itself.
        known = self._committed if self._catalog else sizes
        names = [name for name in sizes if name in known or name in before]
        lengths = {name: min(sizes[name], known.get(name, 0)) for name in names}
        self._total = sum(lengths.values())
        for name in sorted(known.keys() - sizes.keys()):
            yield Problem("warc", f"{WARC}/{name}", "the file is missing", _RESTORE)
        with ExitStack() as held:
            stretches = self._stretches(lengths, manifest)
            looked = self._looked(stretches, processes, held)
            for name, group in groupby(looked, lambda one: one[0].name):
                size, length = sizes[name], known.get(name, 0)
                if size < length:
                    what = f"{length - size} bytes are missing at its end"
                    yield Problem("warc", f"{WARC}/{name}", what, _RESTORE)
                elif before.get(name, 0) > length:
                    yield from self._tail(name, length)
                file = _File(name, self._catalog.journal_of(name) if self._catalog else {}, self._written.pop(name))
                yield from self._file(file, chain.from_iterable(events for _, events in group), lengths[name])
                if not file.told:
                    yield from file.stretches(length)
                manifest.look(name, size, file.sha256(self._reader))

    def _stretches(self, lengths: dict[str, int], manifest: _Manifest) -> Iterator[Stretch]:
        """Of all files, one after the other, each of some size."""
        for name in self._reader.in_order(lengths):
            written = self._written[name] = self._catalog.stretches(name) if self._catalog else None
            ranges = {(start, stop) for start, stop, _ in written or ()} | manifest.ranges(name)
            yield from _cut(name, lengths[name], [stop for _, stop, _ in written or ()], sorted(ranges))

    def _looked(
        self, stretches: Iterator[Stretch], processes: int | None, held: ExitStack
    ) -> Iterator[tuple[Stretch, Iterable[Event]]]:
        """What there is to know of each, in their order; in processes of their own where there is much of it."""
        if processes is None:
            processes = (os.cpu_count() or 1) if self._total > WORTH else 1
        if processes > 1:
            with suppress(OSError):
                apart = held.enter_context(Apart(processes))
                return apart.looked((self._reader, one) for one in stretches)
        return ((one, look(self._reader, one)) for one in stretches)

    def _tail(self, name: str, start: int) -> Iterator[Problem]:
        """What stands beyond the catalogued length. A new file's own head alone is nothing to speak of."""
        try:
            found = next(
                (x for x in self._reader.scan(name, start) if isinstance(x, Damage) or x.kind != "warcinfo"), None
            )
        except DamagedError:
            return  # the file went away since it was listed
        if found is not None:
            yield Problem("warc", place_of(name, start), "stored, but not yet catalogued", _WRITE)

    def _file(self, file: _File, events: Iterable[Event], length: int) -> Iterator[Problem]:
        for event in events:
            if isinstance(event, ReadTo):
                self._progress(self._done + event.end, self._total)
            elif isinstance(event, Digest):
                file.digests[event.start, event.stop] = event.sha256
            else:
                for problem in self._of(event, file.rows):
                    file.told = True
                    yield problem
        self._done += length
        for offset, row in sorted(item for item in file.rows.items() if item[0] < length):
            file.told = True
            what = f"capture {row[0]} is catalogued, but there is no journal record of it"
            yield Problem("warc", place_of(file.name, offset), what, _RESTORE)

    def _of(self, event: Wrong | Journaled | Elsewhere | Revisit, rows: _Rows) -> Iterator[Problem]:
        """What is wrong with what there is to know."""
        match event:
            case Wrong():
                yield Problem("warc", event.where, event.what, _RESTORE)
            case Elsewhere() if not self._is_at(event.place, event.record_id):
                what = f"{event.what}, record {event.record_id}, is not there"
                yield Problem("warc", event.where, what, _RESTORE)
            case Revisit() if not self._is_held(event.digest):
                what = f"the payload it refers to, {event.digest}, is not there"
                yield Problem("warc", event.where, what, _RESTORE)
            case Journaled():
                row = rows.pop(event.offset, None)
                if self._catalog and row != (event.capture, event.digest):
                    yield Problem("catalog", event.where, _difference(event, row), _REBUILD)

    def _is_held(self, digest: str) -> bool:
        """Whether the payload that a revisit refers to is in the store, as far as a catalog knows."""
        if self._catalog is None:
            return True
        try:
            body = self._catalog.body(digest)
        except ValueError:
            return False
        return body is not None and self._is_at(body.place, body.record_id)

    def _is_at(self, place: Place, record_id: str) -> bool:
        if (place, record_id) in self._originals:
            return True
        try:
            there = self._reader.read(place).id == record_id
        except DamagedError:
            return False
        if there and len(self._originals) < _REMEMBERED:
            self._originals.add((place, record_id))
        return there


class _File:
    """What is known of one that is being looked at."""

    def __init__(self, name: str, rows: _Rows, written: _Written | None) -> None:
        self.name = name
        self.rows = rows
        self.digests: dict[tuple[int, int], bytes] = {}
        self.told = False  # that something is wrong
        self._written = written

    def stretches(self, length: int) -> Iterator[Problem]:
        """Bits that no record shows (gzip's own) must be as they were, too."""
        if self._written is None:
            return
        position = 0
        for start, stop, sha256 in self._written:
            if start != position or self.digests.get((start, stop)) != sha256:
                what = (
                    f"the bytes up to {stop} are not those that were written, though each record still reads the same"
                )
                yield Problem("warc", place_of(self.name, start), what, _RESTORE)
            position = stop
        if position != length:
            what = f"the catalog has digests up to byte {position}, not {length}"
            yield Problem("catalog", f"{WARC}/{self.name}", what, _REBUILD)

    def sha256(self, reader: RecordReader) -> Callable[[str, int, int], bytes]:
        """As the reader's, which is asked for what is not known."""
        return lambda name, start, stop: self.digests.get((start, stop)) or reader.sha256(name, start, stop)


def _cut(name: str, length: int, ends: Sequence[int], ranges: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    """The first `length` bytes in stretches of some size, each of which ends where a commit did."""
    cuts, start = [], 0
    for stop in ends:
        if stop < length and stop - start >= _STRETCH:
            cuts.append(stop)
            start = stop
    start = 0
    for stop in (*cuts, length):
        inside = tuple(one for one in ranges if start <= one[0] < stop and one[1] <= length)
        yield Stretch(name, start, stop, inside)
        start = stop


def _difference(capture: Journaled, row: tuple[str, str | None] | None) -> str:
    if row is None:
        return f"capture {capture.capture} of {capture.url} is stored, but not catalogued"
    if row[0] != capture.capture:
        return f"catalogued as capture {row[0]}, stored as {capture.capture}"
    return f"capture {capture.capture} is catalogued with digest {row[1]}, stored with {capture.digest}"
