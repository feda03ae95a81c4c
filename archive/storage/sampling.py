"""Reading a part of what is stored, as it was when it was written: a share chosen by chance, or what came since a day.

What the whole check holds against each other (catalog, names) is left to that; here every chosen byte is read, and the
files must all be there with the lengths that manifest and catalog know.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.errors import ArchiveError
from archive.model import Problem
from archive.storage.catalog.reading import Catalog
from archive.storage.manifest import FOLDER, Chain
from archive.storage.places import WARC, catalog_of
from archive.storage.vault import FolderVault, Vault
from archive.storage.warc.reader import Damage, RecordReader, check_digests

Progress = Callable[[int, int | None], None]  # bytes read so far, of how many
_RESTORE = "restore this file from a copy; everything else stays readable"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Bytes [start, stop) of a file, with the digest that they must have."""

    name: str
    start: int
    stop: int
    sha256: str


def verify_some(
    folder: Path,
    share: float | None,
    since: datetime | None,
    progress: Progress | None = None,
    vault: Vault | None = None,
) -> Iterator[Problem]:
    """Problems in a `share` (0 to 1) of the stored bytes, of those stored after `since` where that is given.

    Which are read is chosen by chance, anew each time. StorageError when the system refuses to read.
    """
    vault = vault or FolderVault(folder)
    chain = vault.manifest.chain()
    for where, what in chain.wrong:
        yield Problem("manifest", f"{FOLDER}/{where}", what, _RESTORE)
    sizes = vault.lengths()
    for name, held in chain.files.items():
        known = held[-1][1].length
        if sizes.get(name, 0) < known:
            what = f"{known - sizes[name]} bytes are missing at its end" if name in sizes else "the file is missing"
            yield Problem("manifest", f"{WARC}/{name}", what, _RESTORE)
    begun = _begun(vault, since)
    stretches = [one for one in _stretches(folder, chain) if one.stop <= sizes.get(one.name, 0) and _is_new(one, begun)]
    chosen = stretches if share is None else _sample(stretches, share)
    total, done = sum(one.stop - one.start for one in chosen), 0
    for one in chosen:
        yield from _read(vault.reader, one)
        done += one.stop - one.start
        if progress:
            progress(done, total)


def _stretches(folder: Path, chain: Chain) -> list[Chosen]:
    """As the catalog has them, which are the smallest; as the manifest has them where there is no catalog."""
    try:
        with Catalog(catalog_of(folder)) as catalog, catalog.snapshot():
            return [
                Chosen(name, start, stop, f"sha256:{sha256.hex()}")
                for name in catalog.committed()
                for start, stop, sha256 in catalog.stretches(name)
            ]
    except ArchiveError:
        return [Chosen(s.name, s.start, s.length, s.sha256) for held in chain.files.values() for _, s in held]


def _begun(vault: Vault, since: datetime | None) -> dict[str, int]:
    """How long each file was by the manifest before `since`."""
    if since is None:
        return {}
    return {name: held[-1][1].length for name, held in vault.manifest.chain(until=since).files.items() if held}


def _is_new(one: Chosen, begun: dict[str, int]) -> bool:
    return one.stop > begun.get(one.name, 0)


def _sample(stretches: list[Chosen], share: float) -> list[Chosen]:
    """Some of them, chosen by chance, until they have that share of all bytes; at least one."""
    wanted = share * sum(one.stop - one.start for one in stretches)
    chosen: list[Chosen] = []
    for one in random.sample(stretches, len(stretches)):
        if chosen and wanted <= 0:
            break
        chosen.append(one)
        wanted -= one.stop - one.start
    return sorted(chosen, key=lambda one: (one.name, one.start))


def _read(reader: RecordReader, one: Chosen) -> Iterator[Problem]:
    where = f"{WARC}/{one.name} at byte {one.start}"
    if f"sha256:{reader.sha256(one.name, one.start, one.stop).hex()}" != one.sha256:
        yield Problem("warc", where, f"the bytes up to {one.stop} are not those that were written", _RESTORE)
    for record in reader.scan(one.name, one.start, one.stop):
        wrong = record.what if isinstance(record, Damage) else check_digests(record)
        if wrong:
            yield Problem("warc", f"{WARC}/{one.name} at byte {record.place.offset}", wrong, _RESTORE)
