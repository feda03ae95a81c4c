"""Reading every stored byte, and holding warc/ and the catalog against each other; names in verify_names.py.

Only tells; repairs nothing. Reads beside a running writer (what it has not committed yet is left out). Memory holds one
record, and one number per capture of one WARC file. Records with broken bytes cost no more than themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from archive.errors import ArchiveError, DamagedError, StorageError
from archive.model import Capture, Problem
from archive.storage.catalog.reading import Catalog
from archive.storage.manifest import FOLDER
from archive.storage.manifest import check as check_chain
from archive.storage.places import CATALOG, FORGETTING, WARC, catalog_of
from archive.storage.turns import is_writing
from archive.storage.vault import FolderVault, Vault
from archive.storage.warc.journal import is_journal, stored_from
from archive.storage.warc.reader import Damage, Record, RecordReader, check_digests
from archive.storage.warc.records import JournalRecord, Place, decode_journal

Progress = Callable[[int, int | None], None]  # bytes read so far, of how many
_RESTORE = "restore this file from a copy; everything else stays readable"
_REBUILD = "`backfile rebuild` makes the catalog anew from warc/"
_DELETE = "delete this object from the bucket"
_WRITE = "the next command that writes takes care of it"
_MOST_NAMES = 100  # told one by one
_REMEMBERED = 100_000  # originals of revisits not looked at twice


def verify(folder: Path, progress: Progress | None = None, vault: Vault | None = None) -> Iterator[Problem]:
    """Every problem found in warc/, the manifest and the catalog of the archive in `folder`; none: all is as written.

    `vault`: where its WARC files lie, if not in the folder. Raises StorageError when the system refuses to read.
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
        yield from check.files(vault.lengths(), {} if writing else before, manifest.look)
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
        return None, {}, [str(error)]


class _Manifest:
    """What is wrong with the chain, and what of the stored files is not as it says. Needs no catalog."""

    def __init__(self, vault: Vault) -> None:
        self._chain = vault.manifest.chain()
        self._reader = vault.reader
        self._wrong = [Problem("manifest", f"{FOLDER}/{where}", what, _RESTORE) for where, what in self._chain.wrong]
        self._left = dict.fromkeys(self._chain.files)

    def look(self, name: str, size: int | None) -> None:
        """At one file, while it is at hand."""
        if name in self._left:
            del self._left[name]
            found = check_chain(self._chain, name, size, self._reader.sha256)
            self._wrong += [Problem("manifest", f"{WARC}/{name}", what, _RESTORE) for what in found]

    def problems(self, sizes: dict[str, int]) -> Iterator[Problem]:
        """All of them, once what was not looked at has been."""
        for name in self._reader.in_order(list(self._left)):
            self.look(name, sizes.get(name))
        yield from self._wrong


def _names(folder: Path) -> Iterator[Problem]:
    """What is wrong with the table of names, the first of it where there is much: rebuilding mends all of it."""
    from archive.storage.catalog.verify_names import wrong_names

    found = wrong_names(catalog_of(folder))
    for name, what in islice(found, _MOST_NAMES):
        yield Problem("catalog", f"{CATALOG}, {name}", what, _REBUILD)
    if next(found, None):
        yield Problem("catalog", CATALOG, f"more than {_MOST_NAMES} things are wrong with names", _REBUILD)


@dataclass(slots=True)
class _Group:
    """The records since the last journal entry: what the next one may speak of."""

    offsets: dict[str, int] = field(default_factory=dict)  # record id → offset


class _Check:
    def __init__(
        self, reader: RecordReader, catalog: Catalog | None, committed: dict[str, int], progress: Progress
    ) -> None:
        self._reader = reader
        self._catalog = catalog
        self._committed = committed
        self._progress = progress
        self._originals: set[tuple[Place, str]] = set()  # record and id known to be where a revisit says
        self._done = 0
        self._total = 0

    def files(
        self, sizes: dict[str, int], before: dict[str, int], then: Callable[[str, int], None]
    ) -> Iterator[Problem]:
        """All files, as long as they are; `before`: as long as they were before the catalog was read, where nobody was
        writing then. `then` is told of each that has just been read, and of its length.
        """
        # Without a catalog every byte there is has to stand for itself.
        known = self._committed if self._catalog else sizes
        names = [name for name in sizes if name in known or name in before]
        self._total = sum(min(sizes[name], known.get(name, 0)) for name in names)
        for name in sorted(known.keys() - sizes.keys()):
            yield Problem("warc", f"{WARC}/{name}", "the file is missing", _RESTORE)
        for name in self._reader.in_order(names):
            length = known.get(name, 0)
            if sizes[name] < length:
                what = f"{length - sizes[name]} bytes are missing at its end"
                yield Problem("warc", f"{WARC}/{name}", what, _RESTORE)
            elif before.get(name, 0) > length:
                yield from self._tail(name, length)
            told = []
            for problem in self._file(name, min(sizes[name], length)):
                told.append(problem)
                yield problem
            if not told:
                yield from self._stretches(name, length)
            then(name, sizes[name])

    def _tail(self, name: str, start: int) -> Iterator[Problem]:
        """What stands beyond the catalogued length. A new file's own head alone is nothing to speak of."""
        try:
            found = next(
                (x for x in self._reader.scan(name, start) if isinstance(x, Damage) or x.kind != "warcinfo"), None
            )
        except DamagedError:
            return  # the file went away since it was listed
        if found is not None:
            yield Problem("warc", _where(name, start), "stored, but not yet catalogued", _WRITE)

    def _file(self, name: str, length: int) -> Iterator[Problem]:
        rows = self._catalog.journal_of(name) if self._catalog else {}
        group = _Group()
        for found in self._reader.scan(name, 0, length):
            self._progress(self._done + found.end, self._total)
            if isinstance(found, Damage):
                yield Problem(
                    "warc",
                    _where(name, found.place.offset),
                    f"{found.end - found.place.offset} bytes: {found.what}",
                    _RESTORE,
                )
                continue
            wrong = check_digests(found)
            if wrong:
                yield Problem("warc", _of(found), wrong, _RESTORE)
            if not is_journal(found):
                group.offsets[found.id] = found.place.offset
                yield from self._revisit(found)
                continue
            yield from self._journal(found, group, rows)
            group = _Group()
        self._done += length
        for offset, row in sorted(item for item in rows.items() if item[0] < length):
            what = f"capture {row[0]} is catalogued, but there is no journal record of it"
            yield Problem("warc", _where(name, offset), what, _RESTORE)

    def _stretches(self, name: str, length: int) -> Iterator[Problem]:
        """Bits that no record shows (gzip's own) must be as they were, too."""
        position = 0
        for start, stop, sha256 in self._catalog.stretches(name) if self._catalog else ():
            if start != position or self._reader.sha256(name, start, stop) != sha256:
                what = (
                    f"the bytes up to {stop} are not those that were written, though each record still reads the same"
                )
                yield Problem("warc", _where(name, start), what, _RESTORE)
            position = stop
        if self._catalog and position != length:
            what = f"the catalog has digests up to byte {position}, not {length}"
            yield Problem("catalog", f"{WARC}/{name}", what, _REBUILD)

    def _journal(self, record: Record, group: _Group, rows: dict[int, tuple[str, str | None]]) -> Iterator[Problem]:
        try:
            journal = decode_journal(record.block)
        except ValueError as error:
            yield Problem("warc", _of(record), f"journal record: {error}", _RESTORE)
            return
        if journal.capture is None:
            return
        hops = chain(journal.capture.hops, *(note.resource.hops for note in journal.resources))
        missing = [hop.url for hop in hops if hop.record_id and hop.record_id not in group.offsets]
        for url in missing:
            yield Problem("warc", _of(record), f"the response of {url} is not there", _RESTORE)
        if not missing:
            yield from self._content(record, journal, group)
        row = rows.pop(record.place.offset, None)
        if self._catalog and row != (journal.capture.id, journal.capture.digest):
            yield Problem("catalog", _of(record), _difference(journal.capture, row), _REBUILD)

    def _content(self, record: Record, journal: JournalRecord, group: _Group) -> Iterator[Problem]:
        """The payloads of the page and its resources must be where the journal entry says."""
        stored = stored_from(record, journal, 0)
        said = [(one.record_id, one.place, f"its resource {one.resource.url}") for one in stored.resources]
        if journal.content is not None:
            said.insert(0, (journal.content.record_id, stored.content, "its payload"))
        for record_id, place, what in said:
            # Stored before, by another capture, unless it is one of its own.
            if place and group.offsets.get(record_id) != place.offset and not self._is_at(place, record_id):
                yield Problem("warc", _of(record), f"{what}, record {record_id}, is not there", _RESTORE)

    def _revisit(self, record: Record) -> Iterator[Problem]:
        """What a revisit refers to must be in the store, under the digest that it names."""
        if record.kind != "revisit" or self._catalog is None:
            return
        digest = record.field("warc-payload-digest") or ""
        try:
            body = self._catalog.body(digest)
        except ValueError:
            body = None
        if body is None or not self._is_at(body.place, body.record_id):
            yield Problem("warc", _of(record), f"the payload it refers to, {digest}, is not there", _RESTORE)

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


def _difference(capture: Capture, row: tuple[str, str | None] | None) -> str:
    if row is None:
        return f"capture {capture.id} of {capture.url} is stored, but not catalogued"
    if row[0] != capture.id:
        return f"catalogued as capture {row[0]}, stored as {capture.id}"
    return f"capture {capture.id} is catalogued with digest {row[1]}, stored with {capture.digest}"


def _where(name: str, offset: int) -> str:
    return f"{WARC}/{name} at byte {offset}"


def _of(record: Record) -> str:
    uri = record.field("warc-target-uri")
    about = f"{record.kind} record {record.id}" + (f" of {uri}" if uri else "")
    return f"{_where(record.place.file, record.place.offset)} ({about})"
