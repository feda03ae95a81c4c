"""What a proof says, collected from the catalog, the WARC files and the manifest as they are now."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from importlib.metadata import version as version_of
from io import BytesIO
from pathlib import Path
from typing import Protocol

from archive.config import ArchiveSettings
from archive.errors import DamagedError, UsageError
from archive.exporting import references, text
from archive.exporting.selection import Selection, Stamp
from archive.history.which import Shown
from archive.model import Capture, Certificate, Entry, Hop, Memento, Package
from archive.stamping.steps import StepStamp, stamps
from archive.storage import Catalog, Damage, Place, Record
from archive.storage.manifest import Chain, digest_of
from archive.storage.places import catalog_of
from archive.storage.vault import Vault
from archive.storage.warc.journal import Journaled, entries
from archive.storage.warc.reader import check_digests
from archive.storage.warc.records import decode_journal

FORMAT = 1


@dataclass(frozen=True, slots=True)
class ProvedRecord:
    """One WARC record: where it stands (`length` bytes from `offset` of `file`), and the digests that it bears."""

    id: str
    kind: str
    file: str
    offset: int
    length: int
    date: str
    url: str
    ip_address: str
    block_digest: str
    payload_digest: str
    refers_to: str  # id of the record that holds the payload, where this one repeats it
    truncated: str
    problem: str  # what is wrong with it now; "" where its digests hold


@dataclass(frozen=True, slots=True)
class ProvedHop:
    """One request on the way and its answer."""

    url: str
    kind: str
    status: int | None
    location: str | None
    address: str | None
    tls_verified: bool | None
    certificate: Certificate | None
    record_id: str | None
    payload_digest: str | None


@dataclass(frozen=True, slots=True)
class ProvedStamp:
    """A time stamp (RFC 3161) of a step of the manifest: all that was stored until then was there at that time."""

    step: int
    step_digest: str
    stamp: StepStamp
    reply: str  # of the authority, in base64


@dataclass(frozen=True, slots=True)
class Citations:
    """The page as it is cited: in words, and as reference managers read it."""

    text: str
    ris: str
    bibtex: str
    csl: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that a proof says; its JSON is this, key by key."""

    format: int
    made: datetime
    software: str
    archive: str  # id of its change log
    id: str
    url: str
    final_url: str
    title: str
    authors: tuple[str, ...]
    site: str
    published_on: date | None
    version: int
    versions: int
    first_seen: datetime
    last_seen: datetime
    changes: tuple[str, ...]
    text_digest: str
    text: str
    rules: Mapping[str, str]  # by the name of a field, the rule that read it
    capture: str
    asked_for: str
    asked_at: datetime
    method: str
    login: bool  # cookies of an account were sent
    memento: Memento | None  # it is the copy of another archive
    outcome: str
    detail: str
    media_type: str | None
    payload_digest: str | None  # of the decoded body
    payload_bytes: int
    hops: tuple[ProvedHop, ...]
    records: tuple[ProvedRecord, ...]
    manifest_steps: tuple[int, ...]  # that cover these records
    manifest_digest: str | None  # of the last step of the chain
    package: Package | None  # the signed package that it was imported from
    package_problem: str  # what is wrong now with the signature of that; "" where it holds
    stamps: tuple[ProvedStamp, ...]  # the first step from those on whose time somebody else vouches for
    problems: tuple[str, ...]  # what does not hold now
    citations: Citations

    @property
    def name(self) -> str:
        """What its files are called."""
        return self.id if self.version == self.versions else f"{self.id}-v{self.version}"


@dataclass(frozen=True, slots=True)
class Proved:
    """A proof that was written, and where. `problems` are those of the proof."""

    id: str
    version: int
    title: str
    capture: str
    html: str
    json: str
    problems: tuple[str, ...]


class Provable(Protocol):
    """What is asked of an archive; `Archive` gives it."""

    @property
    def folder(self) -> Path: ...

    @property
    def settings(self) -> ArchiveSettings: ...

    @property
    def vault(self) -> Vault: ...

    def log_id(self) -> str: ...


class Prover:
    """Collects proofs; the manifest is read once for all of them."""

    def __init__(self, archive: Provable) -> None:
        self._archive = archive
        self._reader = archive.vault.reader
        self._manifest = archive.vault.manifest
        self._chain: Chain = self._manifest.chain()

    def proof(self, entry: Entry, shown: Shown) -> Proof:
        """What can be said of the text that `entry` has, which is that of `shown`."""
        article, version = entry.article, shown.version
        with Catalog(catalog_of(self._archive.folder)) as catalog, catalog.snapshot():
            capture = catalog.capture(shown.capture_id)
            journal = catalog.journal(capture.id)
            records, problems = self._records(catalog, journal, capture)
            package = self._package(journal)
            problems += self._bytes(catalog, journal)
        wrong = _of_package(package)
        if package and (wrong or package.problems):
            problems.append(f"the package {package.file} that it came in: {wrong or '; '.join(package.problems)}")
        steps = self._steps(journal)
        stamps = self._stamps(steps)
        problems += [f"{one.stamp.file}: the time stamp: {one.stamp.problem}" for one in stamps if one.stamp.problem]
        if not steps:
            problems.append("the manifest does not cover these records yet: the next command that writes sees to it")
        now = datetime.now(UTC)
        return Proof(
            format=FORMAT, made=now, software=f"backfile {version_of('backfile')}", archive=self._archive.log_id(),
            id=entry.id, url=entry.url, final_url=entry.final_url, title=article.title if article else "",
            authors=article.authors if article else (), site=article.site if article else "",
            published_on=article.published_on if article else None, version=version.number, versions=entry.versions,
            first_seen=version.first_seen, last_seen=version.last_seen, changes=tuple(sorted(version.changes)),
            text_digest=version.text_digest, text=article.text if article else "",
            rules=dict(article.rules) if article else {}, capture=capture.id, asked_for=capture.url,
            asked_at=capture.at, method=capture.method.value, login=capture.login, memento=capture.memento,
            outcome=capture.outcome.value, detail=capture.detail, media_type=capture.media_type,
            payload_digest=capture.digest, payload_bytes=capture.size,
            hops=tuple(map(_hop, capture.hops)), records=tuple(records), manifest_steps=steps,
            manifest_digest=self._chain.digest, package=package, package_problem=wrong, stamps=stamps,
            problems=(*problems, *(f"manifest/{where}: {what}" for where, what in self._chain.wrong)),
            citations=_citations(self._archive, entry, capture, now),
        )  # fmt: skip

    def _records(self, catalog: Catalog, journal: Place, capture: Capture) -> tuple[list[ProvedRecord], list[str]]:
        """Every record of a capture, and of the payload that it repeats; what is wrong with them."""
        found, problems = [], []
        for record in self._stored(catalog, journal):
            if isinstance(record, Damage):
                problems.append(f"{record.place.file} at byte {record.place.offset}: {record.what}")
            else:
                found.append(_record(record))
        known = {record.id for record in found}
        content = catalog.content(capture.id)
        if content is not None:
            try:
                original = _record(self._reader.read(content))
            except DamagedError as error:
                problems.append(str(error))
            else:
                if original.id not in known:
                    found.append(original)
        problems += [f"record {record.id}: {record.problem}" for record in found if record.problem]
        return found, problems

    def _package(self, journal: Place) -> Package | None:
        """The package that a capture was imported from, as its journal record has it."""
        try:
            capture = decode_journal(self._reader.read(journal).block).capture
        except (DamagedError, ValueError):
            return None  # what is wrong with the record is told with all the others
        return capture.package if capture else None

    def _stored(self, catalog: Catalog, journal: Place) -> Iterator[Record | Damage]:
        """The records that were stored with a capture, its journal record last."""
        start = next((a for a, b, _ in catalog.stretches(journal.file) if a <= journal.offset < b), 0)
        for item in entries(self._reader, journal.file, start):
            if item.end <= journal.offset if isinstance(item, Journaled) else item.end <= start:
                continue
            if isinstance(item, Journaled):
                yield from self._reader.scan(journal.file, item.start, item.end)
            else:
                yield item
            if item.end > journal.offset:
                return

    def _bytes(self, catalog: Catalog, journal: Place) -> list[str]:
        """Whether the stretch of the file that a commit added is, byte for byte, as it was."""
        for start, stop, sha256 in catalog.stretches(journal.file):
            if start <= journal.offset < stop and self._reader.sha256(journal.file, start, stop) != sha256:
                return [f"{journal.file}: bytes {start} to {stop} are not those that were written"]
        return []

    def _steps(self, journal: Place) -> tuple[int, ...]:
        return self._chain.steps(journal.file, journal.offset)

    def _stamps(self, steps: tuple[int, ...]) -> tuple[ProvedStamp, ...]:
        """The first stamp that covers these steps and holds, and those before it that do not."""
        since, found = min(steps, default=0), []
        for one in self._all_stamps if steps else ():
            if one.step >= since:
                found.append(one)
                if not one.stamp.problem:
                    break
        return tuple(found)

    @cached_property
    def _all_stamps(self) -> tuple[ProvedStamp, ...]:
        return tuple(
            ProvedStamp(
                one.step, digest_of(self._manifest.data(one.step)), one,
                b64encode(self._manifest.stamp(one.step) or b"").decode(),
            )
            for one in stamps(self._manifest, self._archive.settings)
        )  # fmt: skip


def _of_package(package: Package | None) -> str:
    """What is wrong now with the signature of a package."""
    if package is None:
        return ""
    from archive.exporting.signing import recheck

    try:
        return recheck(package.digest, package.signature)
    except UsageError as error:
        return str(error)


def _record(record: Record) -> ProvedRecord:
    def field(name: str) -> str:
        return record.field(name) or ""

    refers = field("warc-refers-to").strip("<>").removeprefix("urn:uuid:")
    return ProvedRecord(
        record.id, record.kind, record.place.file, record.place.offset, record.end - record.place.offset,
        field("warc-date"), field("warc-target-uri"), field("warc-ip-address"), field("warc-block-digest"),
        field("warc-payload-digest"), refers, field("warc-truncated"), check_digests(record) or "",
    )  # fmt: skip


def _hop(hop: Hop) -> ProvedHop:
    return ProvedHop(
        hop.url, hop.kind.value, hop.status, hop.location, hop.address, hop.tls_verified, hop.certificate,
        hop.record_id, hop.payload_digest,
    )  # fmt: skip


def _citations(archive: Provable, entry: Entry, capture: Capture, now: datetime) -> Citations:
    def written(write: object) -> str:
        out = BytesIO()
        write(Selection(_Alone(entry), [entry.id], Stamp(entry.id, now, archive.log_id())), out)  # type: ignore[operator]
        return out.getvalue().decode("utf-8", "replace")

    return Citations(
        _in_words(entry, capture), written(references.write_ris), written(references.write_bibtex),
        written(references.write_csl),
    )  # fmt: skip


def _in_words(entry: Entry, capture: Capture) -> str:
    article = entry.article
    day = text.day(entry)
    parts = [
        ", ".join(text.unique(article.authors)) if article else "",
        f"“{text.title(entry)}”",
        text.line(article.site) if article else "",
        f"{day:%-d %B %Y}" if day else "",
        text.address(entry.final_url or entry.url),
        f"Copy of {capture.memento.archive}, {capture.memento.at:%-d %B %Y}" if capture.memento else "",
        f"Captured {capture.at.astimezone(UTC):%-d %B %Y, %H:%M:%S} UTC (Backfile capture {capture.id}"
        + (f", payload {capture.digest})" if capture.digest else ")"),
    ]
    return ". ".join(part for part in parts if part) + "."


class _Alone:
    """One entry, as an archive that holds nothing else."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def get(self, id: str) -> Entry | None:  # noqa: A002, ARG002
        return self._entry

    def captures(self, id: str) -> list[Capture]:  # noqa: A002, ARG002
        return []
