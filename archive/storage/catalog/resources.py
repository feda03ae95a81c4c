"""Where the resources of pages are: those of one capture, and the latest one of an address."""

from __future__ import annotations

from datetime import datetime

from archive.storage.catalog import rows
from archive.storage.catalog.dialect import Db
from archive.storage.warc.records import Place, StoredResource

_RESOURCE = (
    "r.resource, r.record_id, f.name, r.content_offset "
    "FROM resources r LEFT JOIN warc_files f ON f.num = r.content_file"
)


def resources(db: Db, capture_id: str) -> list[StoredResource]:
    """See `Catalog.resources`."""
    sql = f"SELECT {_RESOURCE} JOIN captures c ON c.seq = r.capture WHERE c.id = ? ORDER BY n"
    return list(map(_stored, db.execute(sql, (capture_id,))))


def has_resources(db: Db, key: str) -> bool:
    """See `Catalog.has_resources`."""
    sql = "SELECT 1 FROM captures c JOIN resources r ON r.capture = c.seq WHERE c.key = ? LIMIT 1"
    return db.execute(sql, (rows.text(key),)).fetchone() is not None


def held_resource(db: Db, url: str, since: datetime) -> StoredResource | None:
    """See `Catalog.held_resource`."""
    sql = f"SELECT {_RESOURCE} WHERE r.url = ? AND r.at >= ? AND r.content_file IS NOT NULL ORDER BY r.at DESC LIMIT 1"
    row = db.execute(sql, (rows.text(url), rows.time_text(since))).fetchone()
    return _stored(row) if row else None


def _stored(row: tuple[str, str, str | None, int]) -> StoredResource:
    resource, record_id, name, offset = row
    return StoredResource(rows.resource(resource), record_id, Place(name, offset) if name else None)
