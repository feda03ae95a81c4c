"""Opening an archive for writing: whose turn it is, what a crash left, and which catalog is written."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from archive.config import StoreSettings
from archive.errors import ArchiveError, DamagedError, UsageError
from archive.storage.catalog.database import is_there
from archive.storage.catalog.reading import Catalog
from archive.storage.catalog.swap import remove_catalog
from archive.storage.ops import Ops
from archive.storage.places import Server, Where, catalog_of, fresh_of, server_of
from archive.storage.store import Store
from archive.storage.turns import turn_of
from archive.storage.vault import Vault, vault_of


def open_store(
    folder: Path,
    settings: StoreSettings,
    *,
    wait: float = 0.0,
    fresh: bool = False,
    short: bool = False,
    ops: Ops | None = None,
) -> Store:
    """Opens the archive in `folder` for writing and repairs what a crash left.

    Waits up to `wait` seconds for another writer (LockedError). With `fresh`, begins a new catalog beside the old one.
    With `short`, for a few acts: a long writer lets them in between two of its commits.
    Raises DamagedError when warc/ holds captures but the catalog is missing, UsageError when it is newer than we are.
    """
    vault = vault_of(folder, settings, ops)
    turn = turn_of(folder, wait=wait, short=short)
    catalog: Catalog | None = None
    try:
        path = catalog_of(folder)
        if fresh:
            committed = _committed_before(path)
            path = fresh_of(path)
            remove_catalog(path)
        else:
            _refuse_missing(path, vault)
        catalog = Catalog(path, write=True, lease=turn.lease)
        if not fresh:
            committed = catalog.committed()

        first = vault.shelf(committed)
        keep_rules(catalog, path, vault)
        by = settings.added_by or user_name()
        return Store(folder, turn, catalog, first, vault.shelf, first.repaired, vault.manifest, fresh=fresh, by=by)
    except BaseException:
        if catalog is not None:
            catalog.close()
        if fresh:
            with contextlib.suppress(ArchiveError, OSError):
                remove_catalog(fresh_of(catalog_of(folder)))
        turn.close()
        raise


def keep_rules(catalog: Catalog, where: Where, vault: Vault) -> None:
    """Shares the rules for names with the other folders of the archive; a catalog on a server has them, too.

    StorageError.
    """
    kept = vault.share_rules()
    if kept is not None and isinstance(where, Server) and kept != catalog.rules():
        catalog.keep_rules(kept)


def user_name() -> str:
    """What the system calls whoever runs this; "" where it has no name for them, as in some containers."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return os.environ.get("LOGNAME", "")


def _refuse_missing(path: Where, vault: Vault) -> None:
    if not is_there(path) and vault.lengths():
        raise DamagedError("the catalog is missing; `backfile rebuild` makes it anew", file=str(path))


def refuse_taken(address: str, vault: Vault | None = None) -> None:
    """UsageError where an address of settings is that of no new catalog; StorageError where nobody answers there.

    `vault`: a bucket. Where that has what the catalog knows of, a further folder joins the archive.
    """
    try:
        server = server_of(address)
    except ValueError as error:
        raise UsageError(f"the catalog's address {error}") from None
    if is_there(server) and not (vault and _is_of(server, vault)):
        raise UsageError(
            f"{server} holds the catalog of an archive already: name another schema, as in "
            "postgresql://host/database?schema=newsroom"
        )


def _is_of(server: Server, vault: Vault) -> bool:
    """Whether a catalog is that of what lies in a bucket."""
    with contextlib.closing(Catalog(server)) as catalog:
        return {name for name, length in catalog.committed().items() if length} <= vault.lengths().keys()


def _committed_before(path: Where) -> dict[str, int] | None:
    """What the catalog that is to be replaced knew of warc/; None when it cannot say."""
    try:
        with contextlib.closing(Catalog(path)) as old:
            return old.committed()
    except ArchiveError:
        return None
