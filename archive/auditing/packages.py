"""What stands in a whole package: a WARC or WACZ file, or the one that an export of some articles would be."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZipFile

from archive.auditing.findings import Finding, FindingKind, findings
from archive.errors import FormatError, StorageError
from archive.exporting import ExportFormat, Kept, Stamp, export_to
from archive.formats.item import Broken
from archive.formats.opening import ZIP_ERRORS, ImportFile
from archive.formats.registry import recognised
from archive.formats.warc_records import BadRecord, records
from archive.formats.zips import captures_of

_PACKAGE = "datapackage.json"
_MAX_JSON = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found in so many `records`, most often found first; `unread`: records that could not be read."""

    findings: tuple[Finding, ...]
    records: int
    unread: int


def audit_file(path: Path) -> Audit:
    """What stands in a WARC or WACZ file, whoever made it. FormatError where it is neither, StorageError."""
    source = ImportFile(path)
    sums = _Sums()
    try:
        kind = recognised(source)
        if kind == "zip":
            with ZipFile(path) as package:
                sums.put(_asked(package))
                for member in captures_of(source, package):
                    with member.open() as file:
                        sums.read(file)
        elif kind == "warc":
            with source.open() as file:
                sums.read(file)
        else:
            reason = "is neither a WARC file nor a WACZ" if path.exists() else "there is no such file"
            raise FormatError(reason, file=str(path))
    except (Broken, *ZIP_ERRORS) as error:
        raise FormatError(f"cannot be read: {error}", file=str(path)) from error
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror or error}") from error
    return sums.audit()


def audit_entries(
    archive: Kept, ids: Iterable[str], stamp: Stamp, progress: Callable[[int], None] | None = None
) -> Audit:
    """What would stand in a WARC or WACZ of these articles, which is made aside for it. StorageError."""
    sums = _Sums()
    with tempfile.TemporaryFile() as file:
        out = cast("BinaryIO", file)
        export_to(out, archive, ids, ExportFormat.WARC, stamp, progress)
        file.seek(0)
        sums.read(out)
    return sums.audit()


class _Sums:
    """Findings counted by kind, name and host."""

    def __init__(self) -> None:
        self._found: dict[tuple[FindingKind, str, str], Finding] = {}
        self._records = self._unread = 0

    def read(self, file: BinaryIO) -> None:
        for record in records(file):
            if isinstance(record, BadRecord) or record.kind == "too large":
                self._unread += 1
                continue
            self._records += 1
            self.put(findings(record))

    def put(self, found: Iterable[Finding]) -> None:
        for one in found:
            key = one.kind, one.name, one.host
            held = self._found.get(key)
            self._found[key] = replace(held, count=held.count + 1) if held else one

    def audit(self) -> Audit:
        order = list(FindingKind)
        found = sorted(self._found.values(), key=lambda one: (order.index(one.kind), -one.count, one.name, one.host))
        return Audit(tuple(found), self._records, self._unread)


def _asked(package: ZipFile) -> Iterator[Finding]:
    """The query that a package of ours was made for."""
    if _PACKAGE not in package.NameToInfo or package.getinfo(_PACKAGE).file_size > _MAX_JSON:
        return
    try:
        said = json.loads(package.read(_PACKAGE))
    except ValueError:
        return
    if isinstance(said, dict) and said.get("query"):
        yield Finding(FindingKind.QUERY, str(said["query"]), "", _PACKAGE, "")
