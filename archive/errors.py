"""Every error the archive raises on purpose, with the exit code a command ends with.

    ArchiveError                 1
    ├── UsageError               2   what was asked makes no sense (a bad URL, an unknown id)
    │   ├── NotFoundError        3   no such article, capture or folder
    │   └── SettingsError        4   backfile.toml or rules.toml: names the file and the key
    ├── LockedError              5   another process is writing: names the holder
    ├── DamagedError             6   stored data does not say what it should: names file and position
    ├── StorageError             7   the disk refused: full, read-only, I/O error
    └── FormatError              8   a file given for import cannot be read

A page that could not be fetched is no error: it is a capture with an outcome (see model.Outcome).
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Root of the tree. `str()` is one sentence a person can act on; attributes carry the facts."""

    exit_code = 1


class UsageError(ArchiveError):
    """What was asked makes no sense as it stands."""

    exit_code = 2


class NotFoundError(UsageError):
    """There is no such article, capture or archive folder."""

    exit_code = 3


class SettingsError(UsageError):
    """A settings file is wrong; `file` and `key` say where."""

    exit_code = 4

    def __init__(self, message: str, *, file: str, key: str | None = None) -> None:
        self.file = file
        self.key = key
        super().__init__(f"{file}: {key}: {message}" if key else f"{file}: {message}")


class LockedError(ArchiveError):
    """Another process is writing to this archive; `holder` describes it."""

    exit_code = 5

    def __init__(self, message: str, *, holder: str) -> None:
        self.holder = holder
        super().__init__(message)


class DamagedError(ArchiveError):
    """Stored data is not what was written: `what` is wrong; `file` and `offset` (bytes) say where."""

    exit_code = 6

    def __init__(self, message: str, *, file: str, offset: int | None = None, remedy: str = "") -> None:
        self.file = file
        self.offset = offset
        self.what = message
        where = file if offset is None else f"{file} at byte {offset}"
        super().__init__(f"{where}: {message}{remedy and f'; {remedy}'}")


class StorageError(ArchiveError):
    """The operating system refused to store or read; the cause is chained."""

    exit_code = 7


class FormatError(ArchiveError):
    """A file given to us is not in a form we can read; `file` and `line` say where."""

    exit_code = 8

    def __init__(self, message: str, *, file: str, line: int | None = None) -> None:
        self.file = file
        self.line = line
        where = file if line is None else f"{file}, line {line}"
        super().__init__(f"{where}: {message}")
