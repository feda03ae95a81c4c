"""What went wrong, as RFC 9457 has it: one kind of object for every error that an answer may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from archive import ArchiveError, DamagedError, FormatError, LockedError, NotFoundError, StorageError, UsageError
from backfile.web import urls
from index import CursorError, IndexBusyError, IndexStorageError, QueryError, SearchError, TooBroadError

TYPE = "application/problem+json"
# What each kind means: the help page lists them, and the OpenAPI description.
KINDS: dict[str, tuple[int, str, str]] = {
    "query": (400, "The query cannot be read", "Position and length say which characters are meant."),
    "too-broad": (422, "The query asks for too much", "A word in it stands for too many, or it takes too long."),
    "cursor": (400, "The cursor is none of this search", "Begin again without one."),
    "parameter": (400, "A parameter is wrong", "The detail names it and what it may be."),
    "request": (400, "The request cannot be read", "The body is not what the description of the API says."),
    "usage": (400, "That makes no sense as it stands", "The detail says why."),
    "host": (400, "This is not the address of this archive", "It answers to the name that it is served under, alone."),
    "unknown-token": (401, "A token is needed", "Send it as Authorization: Bearer …; `backfile token add` makes one."),
    "scope": (403, "The token does not allow that", "It needs the scope that the detail names."),
    "cross-site": (403, "The request came from another site", "Only pages of this archive may change it."),
    "not-found": (404, "There is nothing here", "No such page, article, capture, job or name."),
    "method": (405, "That cannot be done with this address", "The header Allow says what can."),
    "locked": (409, "Another process is writing", "Try again later; `holder` says who it is."),
    "changed": (412, "It has changed meanwhile", "Read it again: what If-Match names is no longer so."),
    "too-large": (413, "That is too much at once", "The detail says how much may be sent."),
    "media-type": (415, "The body is of another kind", "The API takes application/json."),
    "busy": (503, "Too much is asked at once", "Try again after the seconds that Retry-After says."),
    "no-index": (
        503,
        "The index cannot be asked",
        "Its server does not answer, or its disk refuses: the detail says which.",
    ),
    "damaged": (500, "What is stored is damaged", "`backfile verify` names what, and what mends it."),
    "disk": (507, "The disk refused", "It is full, read-only, or gives errors."),
    "fault": (500, "A fault of this program", "The log of the server has what happened."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as JSON."""

    type: Annotated[str, "address of the page that says what it means"]
    title: Annotated[str, "what it is, in a few words"]
    status: Annotated[int, "the status of the answer"]
    detail: Annotated[str, "what happened, and what to do"]
    instance: Annotated[str, "the path that was asked for"] = ""
    position: Annotated[int | None, "of the query: the offset in characters that the error speaks of"] = None
    length: Annotated[int | None, "of the query: how many characters are meant"] = None
    expected: Annotated[str | None, "what would have been right there"] = None
    suggestions: Annotated[tuple[str, ...] | None, "queries that may have been meant"] = None
    holder: Annotated[str | None, "of the lock: who has it"] = None


class Refusal(Exception):  # noqa: N818 - it is an answer, not a mistake
    """Ends the making of an answer with a problem of one of KINDS."""

    def __init__(self, kind: str, detail: str = "", **headers: str) -> None:
        self.kind = kind
        self.detail = detail or KINDS[kind][2]
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(self.detail)


def problem(kind: str, detail: str = "", **more: object) -> Problem:
    """A problem of one of KINDS."""
    status, title, meaning = KINDS[kind]
    return msgspec.convert(
        {"type": urls.problem(kind), "title": title, "status": status, "detail": detail or meaning, **more}, Problem
    )


_BY_ERROR: tuple[tuple[type[Exception], str], ...] = (
    (TooBroadError, "too-broad"),
    (QueryError, "query"),
    (CursorError, "cursor"),
    (IndexBusyError, "busy"),
    (NotFoundError, "not-found"),
    (LockedError, "locked"),
    (UsageError, "usage"),
    (FormatError, "usage"),
    (StorageError, "disk"),
    (DamagedError, "damaged"),
    (IndexStorageError, "no-index"),
    (SearchError, "damaged"),
    (ArchiveError, "damaged"),
)


def of(error: Exception) -> Problem | None:
    """What an error of the archive or the search, or a refusal of ours, is; None for a fault of the program."""
    if isinstance(error, Refusal):
        return problem(error.kind, error.detail)
    kind = next((kind for known, kind in _BY_ERROR if isinstance(error, known)), None)
    if kind is None:
        return None
    if isinstance(error, QueryError):
        return problem(
            kind, str(error), position=error.position, length=error.length, expected=error.expected,
            suggestions=(error.suggestion,) if error.suggestion else (),
        )  # fmt: skip
    if isinstance(error, LockedError):
        return problem(kind, f"{error}: try again when it is done", holder=error.holder)
    return problem(kind, str(error))


def encoded(found: Problem) -> bytes:
    """As JSON, without the keys that say nothing here."""
    return msgspec.json.encode({key: value for key, value in msgspec.to_builtins(found).items() if value is not None})
