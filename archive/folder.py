"""Finding and making the archive's folder."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from archive.config import SETTINGS_FILE
from archive.errors import NotFoundError, SettingsError, StorageError, UsageError

# What an archive is made of: nothing that somebody asks for is ever written in the place of it.
_OURS = (
    "warc", "manifest", "index", "catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", "catalog.sqlite.new",
    "forgetting.json", "signing-key.pem", "rules.toml", "checks", SETTINGS_FILE,
)  # fmt: skip
_OF_IMPORTS = re.compile(r"rejects-\d+\.jsonl|stdin-[0-9a-f]{16}")
_SETTINGS_TEXT = """\
# Settings of this archive. Everything has a default: docs/settings.md lists them all; unknown keys are errors.

[fetch]
# delay = 0.5                  # seconds between two requests to one host
# user_agent = "..."           # say who you are; publishers may ask

[links]
# depth = 1                    # 0: the story alone; 1: and the sources it cites
"""


def find_folder(given: Path | None = None, start: Path | None = None) -> Path:
    """The archive folder: `given`, else $BACKFILE_DIR, else the nearest backfile.toml upwards from `start` (here).

    Raises NotFoundError with what to do when there is none.
    """
    named = given or (Path(value) if (value := os.environ.get("BACKFILE_DIR")) else None)
    if named is not None:
        if not (named / SETTINGS_FILE).is_file():
            advice = f"make one with `backfile init {named}`"
            raise NotFoundError(f"{named} is not an archive: it has no {SETTINGS_FILE}; {advice}")
        return named
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise NotFoundError(
        f"there is no archive here: no {SETTINGS_FILE} in {here} or above it. Make one with `backfile init`, "
        "or name one with --dir or $BACKFILE_DIR"
    )


def make_folder(folder: Path, settings: Mapping[str, Mapping[str, str]] | None = None) -> None:
    """A new, empty archive folder, with `settings` by section. UsageError when there is one: it stays as it is."""
    if (folder / SETTINGS_FILE).exists() or (folder / "warc").exists() or (folder / "catalog.sqlite").exists():
        raise UsageError(f"{folder} holds an archive already; nothing was changed")
    import json

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)  # what is archived is the archivist's alone, until they say otherwise
        (folder / "warc").mkdir(mode=0o700)
        with open(folder / SETTINGS_FILE, "x", encoding="utf-8", opener=shared_as_folder) as file:
            file.write(_SETTINGS_TEXT)
            for section, values in (settings or {}).items():
                lines = (f"{key} = {json.dumps(value)}\n" for key, value in values.items())  # as TOML writes it, too
                file.write(f"\n[{section}]\n{''.join(lines)}")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(f"{folder}: cannot make an archive here: {error.strerror}") from error


def shared_as_folder(path: str, flags: int) -> int:
    """An opener for `open`: a new file may be read and written by those who may read and write its folder."""
    return os.open(path, flags | os.O_CLOEXEC, Path(path).parent.stat().st_mode & 0o666)


def real(path: Path) -> Path:
    """Where a path leads, by whatever links; links that lead to each other lead nowhere else."""
    return Path(os.path.realpath(path))


def check_output(target: Path, folder: Path | None = None) -> None:
    """UsageError when writing `target` would replace what an archive is made of, that in `folder` or any around it.

    StorageError for a name that no file can have.
    """
    try:
        place = real(target)
        around = [parent for parent in place.parents if (parent / SETTINGS_FILE).is_file()]
        for archive in {real(folder), *around} if folder else around:
            ours = [archive / name for name in _OURS]
            if _lies_in(place, ours) or (place.parent == archive and _OF_IMPORTS.fullmatch(place.name)):
                raise UsageError(f"{target} is part of the archive in {archive}: write to another place")
    except OSError as error:
        raise StorageError(f"{target}: cannot be written: {error.strerror}") from error


def check_atom(named: str, folder: Path) -> None:
    """SettingsError where the Atom feed would be written outside of the archive's folder, or over what is ours."""
    path = Path(named)
    if path.is_absolute() or ".." in path.parts:
        message = f"must be a file in the archive's folder, not {named!r}"
        raise SettingsError(message, file=SETTINGS_FILE, key="watch.atom")
    try:
        if path.parts:
            check_output(folder / path, folder)
    except (UsageError, StorageError) as error:
        raise SettingsError(str(error), file=SETTINGS_FILE, key="watch.atom") from error


def _lies_in(place: Path, ours: list[Path]) -> bool:
    """Whether a path is one of ours or inside of one, by whatever name: links, letter case."""
    for path in (place, *place.parents):
        for own in ours:
            if path == own or (path.exists() and own.exists() and path.samefile(own)):
                return True
    return False
