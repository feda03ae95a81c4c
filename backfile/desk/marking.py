"""Tags and notes on many articles: read as they come, written some hundred to a commit, indexed once at the end."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from archive import Archive, Entry, UsageError
from index import Index

_GROUP = 200  # articles that are marked by one commit: between two of them others may write


@dataclass(frozen=True, slots=True)
class Marked:
    """An article with the tags and the note that it has now; or, with `error`, what was asked for and means none."""

    ref: str
    id: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    error: UsageError | None = None


def marked(
    archive: Archive,
    index: Index,
    refs: Iterable[str],
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    note: str | None = None,
) -> Generator[Marked]:
    """Mark what the ids and URLs mean as `Archive.change_marks` does; yields each once that is safe."""
    if not all(map(str.strip, (*add, *remove))):
        raise UsageError("a tag has at least one character that is no blank")
    changes, done = bool(add or remove or note is not None), False
    left = iter(refs)
    try:
        while some := list(islice(left, _GROUP)):
            found = [(ref, _id(archive, ref)) for ref in some]
            if changes:
                archive.change_marks(
                    (one for _, one in found if isinstance(one, str)), add=add, remove=remove, note=note
                )
                done = True
            for ref, one in found:
                yield _now(ref, archive.find(one)) if isinstance(one, str) else Marked(ref, error=one)
    finally:
        if done:
            index.update()


def _id(archive: Archive, ref: str) -> str | UsageError:
    try:
        return archive.find(ref).id
    except UsageError as error:
        return error


def _now(ref: str, entry: Entry) -> Marked:
    return Marked(ref, entry.id, tuple(sorted(entry.tags)), entry.note)
