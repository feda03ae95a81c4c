"""What an index is filled from: batches out of an archive's change log, or out of everything it holds.

The archive is asked through the Followed Protocol alone. A change names an entry, not what became of it; the entry is
read as it is now, so that reading a change twice does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from archive import Change, Entry
from index.engines import Batch
from index.fields import Document, document

if TYPE_CHECKING:
    from archive import Searches

_MAX_TEXT = 32 * 2**20  # characters of text in one batch
_AT_A_TIME = 20  # entries that are asked for together


class Followed(Protocol):
    """What is asked of an archive."""

    def changes(self, since: int, limit: int) -> Sequence[Change]:
        """The next changes after position `since`, oldest first; none at the end."""

    def last_change(self) -> int:
        """The position of the latest change, 0 when there is none."""

    def get(self, id: str) -> Entry | None:  # noqa: A002 - the archive's own word
        """The entry as it is now."""

    def get_many(self, ids: Iterable[str]) -> Mapping[str, Entry]:
        """Those of the entries that there are, by id."""

    def entries(self, after: str = "", limit: int = ...) -> Sequence[Entry]:
        """Entries in order of their ids, from the first one above `after`; none at the end."""


@runtime_checkable
class NamesItsLog(Protocol):
    """A followed archive whose change log may begin anew (when the catalog is rebuilt), and then has another name."""

    def log_id(self) -> str: ...


@runtime_checkable
class KeepsSearches(Protocol):
    """A followed archive in which queries are kept under names."""

    @property
    def searches(self) -> Searches: ...


@runtime_checkable
class SpellsTags(Protocol):
    """A followed archive in which tags that differ by case are one."""

    def tag_forms(self, tags: Iterable[str]) -> Mapping[str, str]:
        """How each of these tags is spelled there; those that nothing is tagged with are left out."""


@runtime_checkable
class ShowsHits(Protocol):
    """A followed archive that has less work with entries of which only a page of hits is made."""

    def glances(self, ids: Iterable[str], *, named: bool) -> Mapping[str, Entry]:
        """As `get_many`, without what became of links, and unless they are `named` without names and topics."""


def glances_of(source: Followed, *, named: bool) -> Callable[[Iterable[str]], Mapping[str, Entry]]:
    """How entries are read for a page of hits; `named`: with the names and topics that their texts have."""
    return partial(source.glances, named=named) if isinstance(source, ShowsHits) else source.get_many


def forms_of(source: Followed, tags: Iterable[str]) -> Mapping[str, str]:
    """How tags are spelled; as they are where the source has no spelling of its own."""
    return source.tag_forms(tags) if isinstance(source, SpellsTags) else {}


def searches_of(source: Followed) -> Mapping[str, str]:
    """The saved queries by name, in lower case; none when the source keeps none."""
    return {one.name: one.query for one in source.searches.all()} if isinstance(source, KeepsSearches) else {}


def log_of(source: Followed) -> str:
    """The name of the change log, "" when the source has only one in its life."""
    return source.log_id() if isinstance(source, NamesItsLog) else ""


def changed(source: Followed, since: int, size: int) -> Iterator[Batch]:
    """Everything after position `since`, in batches of at most `size` changes."""
    while changes := source.changes(since, size):
        first: dict[str, int] = {}
        for change in changes:
            first.setdefault(change.id, change.seq)
        found: dict[str, Document | None] = {}
        room = _MAX_TEXT
        for id_, entry in some_at_a_time(source, list(first)):
            if room < 0:
                since = first[id_] - 1
                break
            found[id_] = made = document(entry) if entry else None
            room -= _weight(made)
        else:
            since = changes[-1].seq
        kept = [made for made in found.values() if made]
        yield Batch(kept, [id_ for id_, made in found.items() if made is None], since)


def some_at_a_time(source: Followed, ids: Sequence[str]) -> Iterator[tuple[str, Entry | None]]:
    """Each of the ids with its entry, None where there is none any more.

    Entries are asked for some at a time: in an archive of a team each question crosses the network, and all of them
    together may be large.
    """
    for begin in range(0, len(ids), _AT_A_TIME):
        some = ids[begin : begin + _AT_A_TIME]
        entries = source.get_many(some)
        yield from ((id_, entries.get(id_)) for id_ in some)


def everything(source: Followed, position: int, size: int) -> Iterator[Batch]:
    """All entries, in batches that each carry `position`."""
    after = ""
    waiting: list[Document] = []
    room = _MAX_TEXT
    while entries := source.entries(after, size):
        for entry in entries:
            waiting.append(document(entry))
            room -= _weight(waiting[-1])
            if len(waiting) >= size or room < 0:
                yield Batch(waiting, (), position)
                waiting, room = [], _MAX_TEXT
        after = entries[-1].id
    yield Batch(waiting, (), position)


def ids(source: Followed, size: int) -> Iterator[str]:
    """The ids of all entries."""
    after = ""
    while entries := source.entries(after, size):
        yield from (entry.id for entry in entries)
        after = entries[-1].id


def pending(source: Followed, since: int, size: int) -> set[str]:
    """The ids that changed after position `since`."""
    found: set[str] = set()
    while changes := source.changes(since, size):
        found.update(change.id for change in changes)
        since = changes[-1].seq
    return found


def _weight(made: Document | None) -> int:
    return sum(map(len, made.texts.get("text", ()))) if made else 0
