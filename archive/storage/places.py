"""Where the parts of an archive lie: what they are called in its folder, and a catalog on a server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from archive.frozen import frozen

WARC = "warc"
CATALOG = "catalog.sqlite"
FORGETTING = "forgetting.json"  # what was decided to be let go, until it is gone
REINDEX = "reindex.wanted"  # the index holds something that was let go: it is to be made anew
FRESH = "catalog.sqlite.new"  # a catalog that is being made anew
SCHEMA = "backfile"  # of a catalog on a server, unless its address names another
_SCHEMES = ("postgresql", "postgres")


@frozen
class Server:
    """A catalog on PostgreSQL: a schema of its own in a database. `address` is as libpq takes it."""

    address: str
    schema: str = SCHEMA

    def __str__(self) -> str:
        """As it is told to people: without who connects."""
        parts = urlsplit(self.address)
        query = "" if self.schema == SCHEMA else f"schema={self.schema}"
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))

    @property
    def fresh(self) -> Server:
        """Where a catalog is made anew beside it."""
        return replace(self, schema=f"{self.schema}_new")

    @property
    def team(self) -> Server:
        """Where what is no part of the catalog lies, which a rebuild leaves alone: leases, paces, the queue."""
        return replace(self, schema=f"{self.schema}_team")


Where = Path | Server


def server_of(address: str) -> Server:
    """The catalog that an address of settings means: `postgresql://user@host/database?schema=name`.

    ValueError says what is wrong with it; a password is, as settings are no place for it.
    """
    parts = urlsplit(address)
    if parts.scheme not in _SCHEMES or not (parts.netloc or parts.path.strip("/")):
        raise ValueError("must be the address of a database: postgresql://user@host/database")
    query = dict(parse_qsl(parts.query))
    if ":" in parts.netloc.rpartition("@")[0] or "password" in query:
        raise ValueError("must have no password in it: put that into the environment, as PGPASSWORD")
    schema = query.pop("schema", SCHEMA)
    if not (schema.isascii() and schema.isidentifier() and schema == schema.lower() and len(schema) <= 40):
        raise ValueError(f"names the schema {schema!r}: small letters, digits and _ only, 40 at most")
    return Server(urlunsplit(parts._replace(query=urlencode(query))), schema)


def catalog_of(folder: Path) -> Where:
    """Where the catalog of the archive in a folder lies, by its settings. SettingsError."""
    from archive.config import SETTINGS_FILE, StoreSettings, read_section
    from archive.errors import SettingsError

    address = read_section(folder, "store", StoreSettings).catalog
    if not address:
        return folder / CATALOG
    try:
        return server_of(address)
    except ValueError as error:
        raise SettingsError(str(error), file=str(folder / SETTINGS_FILE), key="store.catalog") from None


def fresh_of(where: Where) -> Where:
    """Where a catalog is made anew beside the one there."""
    return where.with_name(FRESH) if isinstance(where, Path) else where.fresh
