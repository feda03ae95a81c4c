"""rules.toml of an archive in a bucket: kept there with a number for each time it changed, and taken over from there.

    rules/00000003.toml    what the rules were the third time somebody wrote with them
    rules.version          in the folder: the number of those that rules.toml there was like when last compared

Who edits rules.toml makes the next number; whoever did not, gets what others made of it meanwhile.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from archive.errors import StorageError
from archive.folder import shared_as_folder
from archive.storage.objects import Objects

RULES = "rules.toml"
SEEN = "rules.version"
_KEPT = "rules/"


def share_rules(folder: Path, objects: Objects) -> None:
    """Brings rules.toml in `folder` and the rules among `objects` together. StorageError."""
    kept, path, seen = list(objects.sizes(_KEPT)), folder / RULES, _seen(folder)
    try:
        ours = path.read_bytes() if path.exists() else b""
        if ours != _data(objects, kept, seen):
            number = len(kept) + 1
            if not objects.put(f"{_KEPT}{number:08d}.toml", ours):
                raise StorageError(f"{objects.where(_KEPT)}: somebody else keeps rules just now: try again")
            _write(folder / SEEN, str(number).encode())
        elif len(kept) > seen:
            _write(path, _data(objects, kept, len(kept)))
            _write(folder / SEEN, str(len(kept)).encode())
    except OSError as error:
        raise StorageError(f"{path}: cannot be shared: {error.strerror or error}") from error


def _data(objects: Objects, kept: list[str], number: int) -> bytes:
    return objects.read(kept[number - 1]) if 0 < number <= len(kept) else b""


def _seen(folder: Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        return int((folder / SEEN).read_text(encoding="ascii"))
    return 0


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with open(fresh, "wb", opener=shared_as_folder) as file:
        file.write(data)
    fresh.replace(path)
