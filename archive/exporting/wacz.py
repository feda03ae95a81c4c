"""Export as WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/), which ReplayWeb.page opens.

archive/data.warc.gz (stored), indexes/index.cdxj, pages/pages.jsonl with the text for searching, backfile/*.jsonl with
names, links and versions (beside.py), datapackage.json with the SHA-256 of each, datapackage-digest.json with that of
datapackage.json.
"""

from __future__ import annotations

import json
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO

from archive.config import ArchiveSettings
from archive.exporting import text, warc
from archive.exporting.beside import Beside
from archive.exporting.scratch import Scratch
from archive.exporting.selection import Selection, Stamp
from archive.model import Capture, Entry
from archive.storage.vault import Vault
from archive.storage.warc.writer import SOFTWARE

_WARC = "data.warc.gz"
_CHUNK = 2**20
_HEADER = {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}


def write(selection: Selection, out: BinaryIO, folder: Path, vault: Vault, sign: ArchiveSettings | None = None) -> None:
    """One .wacz, signed with these settings. Damaged records are left out and named in `selection.problems`."""
    with (
        Scratch() as scratch, Beside() as beside, tempfile.TemporaryFile() as pages,
        zipfile.ZipFile(out, "w") as package,
    ):  # fmt: skip
        pages.write(_json(_HEADER))
        for entry in selection.entries():
            if warc.want(selection, entry, scratch):
                beside.add(entry, selection.versions(entry.id))
            pages.write(_json(_page(entry, selection.archive.captures(entry.id))))
        writer = _Package(package, selection.stamp)
        with writer.member(f"archive/{_WARC}", zipfile.ZIP_STORED) as member:
            warc.copy(selection, scratch, folder, vault, member, _WARC)
        writer.add("indexes/index.cdxj", (line.encode() for line in scratch.indexed()))
        pages.seek(0)
        writer.add("pages/pages.jsonl", iter(lambda: pages.read(_CHUNK), b""))
        for path, chunks in beside.members():
            writer.add(path, chunks)
        signing = Signing(folder, sign, selection.remarks) if sign else None
        writer.finish(selection.count, signing)


def _page(entry: Entry, captures: Iterable[Capture]) -> dict[str, object]:
    """The capture that the text was read from, as replay finds it: the address that answered, and when."""
    shown = next((one for one in captures if one.id == entry.capture_id), None)
    at = (shown.at if shown else entry.last_captured).astimezone(UTC)
    body = text.clean(entry.article.text) if entry.article else ""
    return {
        "id": text.identity(entry),
        "url": shown.hops[-1].url if shown and shown.hops else entry.final_url or entry.url,
        "ts": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "title": text.title(entry),
        "text": body,
    }


def _left_out(stamp: Stamp) -> str:
    return f" {stamp.hidden} articles of it are under embargo and left out." if stamp.hidden else ""


@dataclass(frozen=True, slots=True)
class Signing:
    """With whose key a package is signed, and who stamps the time of it. What is odd goes to `remarks`."""

    folder: Path
    settings: ArchiveSettings
    remarks: list[str]


class _Sink:
    """A member that is being written, hashed as it goes."""

    def __init__(self, member: IO[bytes]) -> None:
        self._member = member
        self._hash = sha256()
        self.size = 0

    def write(self, data: bytes, /) -> int:
        self._hash.update(data)
        self.size += len(data)
        return self._member.write(data)

    @property
    def digest(self) -> str:
        return "sha256:" + self._hash.hexdigest()


class _Package:
    """The zip file, and what datapackage.json will say of its members."""

    def __init__(self, package: zipfile.ZipFile, stamp: Stamp) -> None:
        self._package = package
        self._stamp = stamp
        self._resources: list[dict[str, object]] = []

    @contextmanager
    def member(self, path: str, compression: int) -> Iterator[_Sink]:
        info = zipfile.ZipInfo(path, self._stamp.at.astimezone(UTC).timetuple()[:6])
        # The time once more, in UTC, stands in the zip's directory too. Without anything there ReplayWeb.page takes it
        # that nothing stands in the member's own header either, where the place for large sizes is.
        info.extra = struct.pack("<HHBL", 0x5455, 5, 1, int(self._stamp.at.timestamp()) & 0xFFFFFFFF)
        info.compress_type = compression
        info.external_attr = 0o644 << 16
        with self._package.open(info, "w", force_zip64=True) as file:
            sink = _Sink(file)
            yield sink
        resource = {"name": Path(path).name, "path": path, "hash": sink.digest, "bytes": sink.size}
        self._resources.append(resource)

    def add(self, path: str, chunks: Iterable[bytes]) -> str:
        """A compressed member; returns its digest."""
        with self.member(path, zipfile.ZIP_DEFLATED) as sink:
            for chunk in chunks:
                sink.write(chunk)
        return sink.digest

    def finish(self, count: int, sign: Signing | None) -> None:
        stamp = self._stamp
        described = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": f"Backfile: {text.line(stamp.asked)}",
            "description": f"{count} articles, exported {stamp.time} from the archive {stamp.log}.{_left_out(stamp)}",
            "created": stamp.time,
            "modified": stamp.time,
            "software": SOFTWARE,
            "query": stamp.query,
            "archiveLog": stamp.log,
            "resources": self._resources,
        }
        digest = self.add("datapackage.json", [_json(described)])
        named: dict[str, object] = {"path": "datapackage.json", "hash": digest}
        if sign is not None:
            from archive.exporting.signing import signed

            done = signed(sign.folder, digest, stamp.at.astimezone(UTC), SOFTWARE, sign.settings)
            named["signedData"] = done.data
            sign.remarks.extend(done.remarks)
        self.add("datapackage-digest.json", [_json(named)])


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
