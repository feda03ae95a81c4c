"""Time stamps of the steps of the manifest: `manifest/00000042.tsr` is the reply for the bytes of `00000042.json`.

Each step holds the digest of the one before, so a stamp of one vouches for all that was stored until then. Anybody can
check it: `openssl ts -verify -data 00000042.json -in 00000042.tsr -CAfile root.pem`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.config import ArchiveSettings
from archive.errors import StorageError, UsageError
from archive.model import Problem
from archive.storage.manifest import FOLDER, Manifest


@dataclass(frozen=True, slots=True)
class StepStamp:
    """The time stamp of a step; `problem` and `trusted` as those of a TimeStamp. `at` is in ISO 8601."""

    step: int
    file: str
    at: str
    authority: str
    serial: str
    policy: str
    trusted: bool
    problem: str


@dataclass(frozen=True, slots=True)
class Stamping:
    """What came of asking for the last step. `stamp` None: there is none; `remarks` say why, and what is odd."""

    step: int
    stamp: StepStamp | None
    asked: bool
    remarks: tuple[str, ...]


def stamp_last(manifest: Manifest, settings: ArchiveSettings) -> Stamping:
    """Have the last step stamped, unless it is. UsageError without a server in the settings, or without any step."""
    from archive.stamping.asking import ask

    numbers = manifest.numbers()
    if not numbers:
        raise UsageError("nothing is stored yet that could be stamped")
    last = numbers[-1]
    if manifest.stamp(last) is not None:
        return Stamping(last, _read(manifest, last, settings), asked=False, remarks=())
    if not settings.proof.timestamps:
        raise UsageError("no server is named that stamps times: write some into backfile.toml, [proof] timestamps")
    reply, _, why = ask(manifest.data(last), settings)
    if reply is None:
        return Stamping(last, None, asked=True, remarks=tuple(why))
    manifest.put_stamp(last, reply)
    return Stamping(last, _read(manifest, last, settings), asked=True, remarks=tuple(why))


def stamps(manifest: Manifest, settings: ArchiveSettings, since: int = 0) -> Iterator[StepStamp]:
    """The stamps of the steps from number `since` on; without the extra `sign` each has that as its problem."""
    for number in manifest.stamped():
        if number >= since:
            yield _read(manifest, number, settings)


def problems(manifest: Manifest, settings: ArchiveSettings) -> Iterator[Problem]:
    """What is wrong with any of them, as `verify` says it."""
    for one in stamps(manifest, settings):
        if one.problem:
            yield Problem("manifest", one.file, f"the time stamp: {one.problem}", "backfile stamp, after removing it")


def _read(manifest: Manifest, number: int, settings: ArchiveSettings) -> StepStamp:
    file = f"{FOLDER}/{number:08d}.tsr"
    try:
        from archive.stamping.tokens import read, roots_of
    except UsageError as error:
        return StepStamp(number, file, "", "", "", "", trusted=False, problem=f"was not checked: {error}")
    reply = manifest.stamp(number) or b""
    try:
        data = manifest.data(number)
        said = read(reply, data, roots_of(settings.proof.timestamp_roots))
    except (ValueError, StorageError) as error:
        return StepStamp(number, file, "", "", "", "", trusted=False, problem=f"cannot be read: {error}")
    at = said.at.isoformat().replace("+00:00", "Z")
    return StepStamp(number, file, at, said.authority, said.serial, said.policy, said.trusted, said.problem)
