"""The archive: one folder, its WARC files and catalog, and every verb on them.

Reading never locks. Each verb that writes holds the writer lock for as long as it runs and, before anything else,
catalogues what an interrupted writer had stored but not yet entered. What fetches and reads pages is loaded only by the
verbs that need it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from archive.config import ArchiveSettings, StoreSettings, read_settings
from archive.folder import find_folder, make_folder
from archive.verbs.bringing import Bringing
from archive.verbs.noting import Noting
from archive.verbs.upkeep import Upkeep

if TYPE_CHECKING:
    from archive.entities import Recogniser
    from archive.seams import Fetching


def open_archive(
    folder: Path | str | None = None,
    settings: ArchiveSettings | None = None,
    *,
    fetcher: Fetching | None = None,
    recogniser: Recogniser | None = None,
    told: Callable[[str], None] | None = None,
) -> Archive:
    """The archive in `folder` (default: found as the command finds it), with the settings of its backfile.toml.

    A `fetcher` handed in asks for every page, feed and sitemap in the place of our own client; it stays open. A
    `recogniser` handed in finds the names in the place of the one that the settings name. Batches are read in worker
    processes, to which it is pickled; where it cannot be, reading stays in this process, and a warning in the log of
    `archive.reading` says so. `told` hears, where the catalog is on a server, whom a verb waits for that is to write.

    Raises NotFoundError when there is no archive, SettingsError for bad settings. Close it, or use it in a `with`.
    """
    place = find_folder(Path(folder) if folder is not None else None)
    return Archive(place, settings or read_settings(place), fetcher=fetcher, recogniser=recogniser, told=told)


def create_archive(folder: Path | str, settings: Mapping[str, Mapping[str, str]] | None = None) -> Archive:
    """A new archive in `folder`, with `settings` by section in its backfile.toml.

    Where `captures` of the section `store` names a bucket with an archive in it, that is taken as it is, and `rebuild`
    makes its catalog, unless that is where `store.catalog` says: then the folder is a further one of that archive.
    UsageError when there is an archive in `folder` already, or another one's catalog at that address: nothing is ever
    overwritten; UsageError and StorageError where a bucket or a server will not do.
    """
    from archive.storage import open_store
    from archive.storage.opening import refuse_taken
    from archive.storage.vault import vault_of
    from archive.wiring import LOCK_WAIT

    store, filled = (settings or {}).get("store", {}), False
    vault = None
    if captures := store.get("captures"):
        vault = vault_of(Path(folder), StoreSettings(captures=captures))
        vault.check()
        filled = bool(vault.lengths())
    if catalog := store.get("catalog"):
        refuse_taken(catalog, vault)
    make_folder(Path(folder), settings)
    archive = open_archive(folder)
    if not filled:
        open_store(archive.folder, archive.settings.store, wait=LOCK_WAIT).close()
    return archive


class Archive(Bringing, Noting, Upkeep):
    """Everything that is kept, and the verbs on it. Reading is safe from any thread, and beside a writer."""
