"""What was decided to be let go, on disk before anything goes: ids, places and digests, and not a word more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from archive.errors import DamagedError, StorageError
from archive.folder import shared_as_folder
from archive.storage.ops import Ops
from archive.storage.places import FORGETTING
from archive.storage.warc.records import Body
from archive.storage.warc.tombstones import Region

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A WARC file that is to lose some regions. `sha256` is its digest before."""

    sha256: str
    length: int
    regions: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class Intent:
    """Entries to be let go, with everything that is needed to do so."""

    format: int
    at: datetime
    reason: str
    entries: tuple[str, ...]
    captures: tuple[str, ...]
    files: Mapping[str, Rewriting]
    bodies: tuple[Body, ...]  # payloads that stay, as those of other captures
    digests: tuple[str, ...]  # of those that go
    pages: tuple[str, ...]  # digests of the pages that go, decoded


def written(folder: Path) -> Intent | None:
    """What is left to do; None where there is nothing. DamagedError where it cannot be read."""
    try:
        return msgspec.json.decode((folder / FORGETTING).read_bytes(), type=Intent)
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise DamagedError(f"says not what is to be let go ({error})", file=str(folder / FORGETTING)) from error


def write(folder: Path, intent: Intent, ops: Ops) -> None:
    """Durably, in one step. StorageError: nothing was decided."""
    path = folder / FORGETTING
    fresh = path.with_suffix(".new")
    try:
        with open(fresh, "wb", opener=shared_as_folder) as file:
            file.write(msgspec.json.encode(intent))
            file.flush()
            ops.fsync(file.fileno())
        ops.rename(fresh, path)
        ops.fsync_folder(folder)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {error.strerror or error}") from error


def done(folder: Path, ops: Ops) -> None:
    """Nothing is left to do."""
    ops.unlink(folder / FORGETTING)
    ops.fsync_folder(folder)
