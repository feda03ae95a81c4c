"""rules.toml of an archive in a bucket: kept there with a number for each time it changed, and taken over from there.

    rules/00000003.toml    what the rules were the third time somebody wrote with them
    rules.version          in the folder: the number of those that rules.toml there was like when last compared, and
                           their digest

Who edits rules.toml makes the next number; whoever did not, gets what others made of it meanwhile. Where the catalog
stands on a server, it has the newest ones, too, so that whoever reads follows without asking the bucket.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from archive.entities.rulebook import RULES
from archive.errors import StorageError
from archive.folder import shared_as_folder
from archive.logs import logger
from archive.storage.objects import Objects

SEEN = "rules.version"
_KEPT = "rules/"
_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class KeptRules:
    """The rules of an archive as they were the `number`th time that they changed; 0: there never were any."""

    number: int = 0
    data: bytes = b""


def share_rules(folder: Path, objects: Objects) -> KeptRules:
    """Brings rules.toml in `folder` and the rules among `objects` together; what they are now. StorageError."""
    kept, path, seen = list(objects.sizes(_KEPT)), folder / RULES, _seen(folder)
    try:
        ours = path.read_bytes() if path.exists() else b""
        if ours != _data(objects, kept, seen):
            if len(kept) > seen:
                _log.warning("%s takes the place of what another folder made of the rules: %s", path, kept[-1])
            number = len(kept) + 1
            if not objects.put(f"{_KEPT}{number:08d}.toml", ours):
                raise StorageError(f"{objects.where(_KEPT)}: somebody else keeps rules just now: try again")
            _write(folder / SEEN, _said(number, ours))
            return KeptRules(number, ours)
        newest = KeptRules(len(kept), ours if len(kept) == seen else _data(objects, kept, len(kept)))
        if newest.number > seen:
            _take_over(folder, newest)
    except OSError as error:
        raise StorageError(f"{path}: cannot be shared: {error.strerror or error}") from error
    return newest


def follow_rules(folder: Path, newest: KeptRules) -> None:
    """Brings rules.toml in `folder` up to date, unless somebody has edited it there since: the next writer shares it.

    In a folder that may not be written to it stays as it is.
    """
    path = folder / RULES
    with contextlib.suppress(OSError):
        number = _seen(folder)
        if newest.number <= number:
            return
        ours = path.read_bytes() if path.exists() else b""
        if (folder / SEEN).read_bytes() == _said(number, ours) if number else not ours:
            _take_over(folder, newest)


def _take_over(folder: Path, newest: KeptRules) -> None:
    _write(folder / RULES, newest.data)
    _write(folder / SEEN, _said(newest.number, newest.data))


def _data(objects: Objects, kept: list[str], number: int) -> bytes:
    return objects.read(kept[number - 1]) if 0 < number <= len(kept) else b""


def _said(number: int, data: bytes) -> bytes:
    return f"{number} {sha256(data).hexdigest()}".encode()


def _seen(folder: Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        return int((folder / SEEN).read_text(encoding="ascii").partition(" ")[0])
    return 0


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with open(fresh, "wb", opener=shared_as_folder) as file:
        file.write(data)
    fresh.replace(path)
