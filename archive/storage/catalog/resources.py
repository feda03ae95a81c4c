"""Where the resources of pages are: those of one capture, the latest one of an address, and who has most of them."""

from __future__ import annotations

from datetime import datetime

from archive.history.which import fullest
from archive.model import Outcome, Resource, ResourceKind, Resources
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


def gathered(db: Db, key: str) -> Resources:
    """See `Catalog.gathered`."""
    sql = "SELECT resource FROM captures c JOIN resources r ON r.capture = c.seq WHERE c.key = ?"
    kinds = {rows.resource(row[0]).kind for row in db.execute(sql, (rows.text(key),))}
    return Resources.NONE if not kinds else Resources.IMAGES if kinds == {ResourceKind.IMAGE} else Resources.PAGE


def resources_alone(db: Db, entry_id: str) -> list[Resource]:
    """See `Catalog.resources_alone`."""
    sql = (
        "SELECT min(r.resource) FROM resources r JOIN captures c ON c.seq = r.capture "
        "WHERE c.entry = (SELECT num FROM entries WHERE id = ?) AND r.content_file IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM resources o JOIN captures oc ON oc.seq = o.capture "
        "WHERE o.url = r.url AND o.content_file IS NOT NULL AND oc.entry <> c.entry) "
        "GROUP BY r.content_file, r.content_offset"
    )
    return [rows.resource(row[0]) for row in db.execute(sql, (entry_id,))]


def fullest_capture(db: Db, capture_id: str) -> str:
    """See `Catalog.fullest_capture`."""
    sql = (
        "SELECT c.id, outcome, v.number, (SELECT count(content_file) FROM resources WHERE capture = c.seq) "
        "FROM captures c LEFT JOIN versions v ON v.entry = c.entry AND v.capture = c.id "
        "WHERE c.entry = (SELECT entry FROM captures WHERE id = ?) ORDER BY c.placed, c.seq"
    )
    found = [(id_, Outcome(how).has_content, v, held) for id_, how, v, held in db.execute(sql, (capture_id,))]
    return fullest(found, capture_id)


def held_resource(db: Db, url: str, since: datetime) -> StoredResource | None:
    """See `Catalog.held_resource`."""
    sql = f"SELECT {_RESOURCE} WHERE r.url = ? AND r.at >= ? AND r.content_file IS NOT NULL ORDER BY r.at DESC LIMIT 1"
    row = db.execute(sql, (rows.text(url), rows.time_text(since))).fetchone()
    return _stored(row) if row else None


def _stored(row: tuple[str, str, str | None, int]) -> StoredResource:
    resource, record_id, name, offset = row
    return StoredResource(rows.resource(resource), record_id, Place(name, offset) if name else None)
