"""Every error that searching raises on purpose, with the exit code a command ends with.

    SearchError                  10
    ├── QueryError               11  the query cannot be read: says where, what was expected, and shows a caret
    │   └── TooBroadError        12  readable, but a word in it stands for too many words, or it took too long
    ├── IndexDamagedError        13  the index is corrupt or of another version; `backfile reindex` makes a new one
    ├── IndexBusyError           14  another process is writing to the index: names the holder
    ├── IndexStorageError        15  the disk refused: full, read-only, I/O error
    └── CursorError              16  the cursor does not belong to this search

Codes 1 to 9 belong to the archive's own errors.
"""

from __future__ import annotations

import errno
import unicodedata

from index.patterns import later

_SURROGATES = later("[\ud800-\udfff]")


class DateError(ValueError):
    """Not a date in a form we read, for whoever reads queries; `suggestion` is what may have been meant, or ""."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        self.suggestion = suggestion
        super().__init__(message)


class SearchError(Exception):
    """Root of the tree. `str()` is one sentence a person can act on; attributes carry the facts."""

    exit_code = 10


class QueryError(SearchError):
    """A query that cannot be read.

    `query` is the text as given, `position` the offset in it (characters) that the message speaks of, `length` how many
    characters are meant, `expected` what would have been accepted there, `suggestion` a corrected query (or "").
    """

    exit_code = 11

    def __init__(
        self, message: str, *, query: str, position: int, length: int = 1, expected: str = "", suggestion: str = ""
    ) -> None:
        self.message = as_text(message)
        self.query = as_text(query)
        self.position = position
        self.length = max(1, length)
        self.expected = expected
        self.suggestion = as_text(suggestion)
        super().__init__(self.message)

    def caret(self, width: int = 76) -> str:
        """Two lines: the query around the fault (at most `width` characters) and carets under it."""
        start = max(0, min(self.position - width // 3, len(self.query) - width))
        shown = "".join(_visible(char) for char in self.query[start : start + width])
        head = shown[: self.position - start]
        marks = max(1, min(self.length, len(shown) - len(head)))
        return f"{shown}\n{' ' * sum(map(_columns, head))}{'^' * marks}"

    def help(self) -> str:
        """The whole message as a terminal or a page shows it."""
        lines = [self.message, self.caret()]
        if self.expected:
            lines.append(f"expected: {self.expected}")
        if self.suggestion:
            lines.append(f"did you mean: {self.suggestion}")
        return "\n".join(lines)


class TooBroadError(QueryError):
    """A clause stands for more words than the settings allow, or the query ran out of its time."""

    exit_code = 12


class IndexDamagedError(SearchError):
    """The index in `folder` cannot be used; it holds nothing that the archive does not, so it can be made anew.

    `reason` is what is wrong with it. `outdated`: it may be whole, but is of another version: of other fields, another
    format, or an engine that is not here. Whoever updates or searches makes it anew then.
    """

    exit_code = 13

    def __init__(self, message: str, *, folder: str, outdated: bool = False) -> None:
        self.folder = folder
        self.reason = message
        self.outdated = outdated
        super().__init__(f"{folder}: {message}; `backfile reindex` makes a new one")


class IndexBusyError(SearchError):
    """Another process is writing to this index; `holder` describes it."""

    exit_code = 14

    def __init__(self, message: str, *, holder: str) -> None:
        self.holder = holder
        super().__init__(message)


class IndexStorageError(SearchError):
    """The operating system or a search server refused to store or read; the cause is chained.

    `read_only`: nothing may be written there, because it is mounted so or belongs to somebody else. `passes`: a server
    did not answer, or was too busy, and may answer another time.
    """

    exit_code = 15

    def __init__(self, message: str, *, read_only: bool = False, passes: bool = False) -> None:
        self.read_only = read_only
        self.passes = passes
        super().__init__(message)

    @property
    def leaves_reading(self) -> bool:
        """Whether what is there can be read all the same: nothing may be written, or there is no room for it."""
        return self.read_only or _has_no_room(self)


def _has_no_room(error: BaseException | None) -> bool:
    """Whether an error, or what it came from, says that the disk is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
            return True
        error = error.__cause__
    return False


class CursorError(SearchError):
    """A cursor that no search made, or one for another order."""

    exit_code = 16


def as_text(given: str) -> str:
    """`given` without lone surrogates, which stand for bytes that are not text and cannot be written anywhere."""
    return given if given.isascii() else _SURROGATES.sub("\ufffd", given)


def _visible(char: str) -> str:
    """`char`, or a blank for what would break the line or move the cursor (controls, marks, lone surrogates)."""
    return " " if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Mn", "Me"} else char


def _columns(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
