"""The verbs by which a person adds to what was read: tags, notes, edits, searches, watches, rules of names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING

from archive.errors import NotFoundError, UsageError
from archive.model import Entry, Kind
from archive.storage.acts import ActKind
from archive.verbs.held import checked
from archive.verbs.reading import Reading

if TYPE_CHECKING:
    from archive.entities.correcting import Corrections
    from archive.entities.known import Entity, Suggestion
    from archive.storage import Act
    from archive.watching.searches import Searches
    from archive.watching.watches import Watches

_MARKED = 200  # entries that are marked by one commit: between two of them others may write


class Noting(Reading):
    """Keeps what people say of articles."""

    def set_tags(self, id: str, tags: Iterable[str]) -> None:  # noqa: A002
        """The entry has exactly these tags from now on. NotFoundError when there is no such entry; UsageError for a tag
        of more than 200 characters."""
        self._act(ActKind.TAGS, id, checked(tags))

    def add_tags(self, id: str, tags: Iterable[str]) -> None:  # noqa: A002
        """As `set_tags`, beside the tags that it has."""
        self._act(ActKind.TAG, id, checked(tags))

    def remove_tags(self, id: str, tags: Iterable[str]) -> None:  # noqa: A002
        """The entry has these tags no longer. NotFoundError when there is no such entry."""
        self._act(ActKind.UNTAG, id, tuple(tags))

    def tag_forms(self, tags: Iterable[str]) -> dict[str, str]:
        """How each of these tags is written here, where any entry has it: those that differ by case are one."""
        from archive.storage.catalog.tags import tag_key

        keys = {tag: tag_key(tag) for tag in tags}
        forms = self._catalog.tag_forms(set(keys.values()))
        return {tag: forms[key] for tag, key in keys.items() if key in forms}

    def set_note(self, id: str, note: str) -> None:  # noqa: A002
        """The entry has this note from now on; "" removes it. NotFoundError when there is no such entry."""
        self._act(ActKind.NOTE, id, (note,) if note else ())

    def mark(self, ids: Iterable[str], tags: Iterable[str] = (), note: str = "") -> None:
        """These entries have the tags and the note from now on, beside the tags and below the note that they have.

        Ids of no entry are passed over.
        """
        tags = checked(tags)
        self._act_on(ids, lambda entry: _marks(entry, tags, note))

    def change_marks(
        self, ids: Iterable[str], *, add: Iterable[str] = (), remove: Iterable[str] = (), note: str | None = None
    ) -> None:
        """These entries have the tags `add` from now on, `remove` no longer, and the note ("": none, None: as before).

        Ids of no entry are passed over.
        """
        add, remove = checked(add), tuple(remove)
        self._act_on(ids, lambda entry: _changed_marks(entry, add, remove, note))

    def edit(
        self,
        id: str,  # noqa: A002
        *,
        title: str | None = None,
        authors: Iterable[str] | None = None,
        published_on: date | str | None = None,
        site: str | None = None,
    ) -> Entry:
        """The article has this title, these authors, this day (`2025-01-31`), this site, whatever its page says.

        "" (of authors: none) says that there is none, None leaves a field as it is. It holds for later captures, too,
        makes no version, and can be taken back. Returns the entry as it is then. NotFoundError; UsageError for a day
        that is none, where nothing is said, and where there is no article.
        """
        from archive.storage.catalog import editing

        fields = editing.said(title, authors, published_on, site)
        if not fields:
            raise UsageError("say what the article's title, authors, date or site is")
        entry = self.get(id)
        if entry is not None and entry.article is None:
            raise UsageError(f"{id} has no article that could be edited: {entry.outcome.value}")
        self._act(ActKind.EDIT, id, editing.journaled(fields))
        return self.find(id)

    def undo_edit(self, id: str, *, all: bool = False) -> Entry:  # noqa: A002
        """Take back the latest edit of an article, or all of them. UsageError where there is none; NotFoundError."""
        entry = self.find(id)
        if not entry.edits:
            raise UsageError(f"{id} has no edit that could be taken back")
        back = entry.edits if all else entry.edits[-1:]
        self._act(ActKind.UNEDIT, id, tuple(edit.at.isoformat() for edit in back))
        return self.find(id)

    def check_rules(self) -> list[str]:
        """Remarks on rules that touch no name in the archive. SettingsError for a rules.toml that cannot be read."""
        from archive.entities import rules

        found = self._rules.rules()
        names = ((kind, name.canonical) for kind in Kind for name in self._catalog.names(kind.value, limit=-1))
        return rules.check(found, names) if found else []

    def names(self, kind: Kind | None = None, limit: int = -1) -> list[Entity]:
        """What the archive takes for one thing under all its names, most stories first; before rules.toml.

        A negative `limit`: all. Dates are no names.
        """
        return self._catalog.entities(kind.value if kind else "", limit)

    def suggest_names(self, limit: int = 50) -> list[Suggestion]:
        """Names in the archive that may be one thing, likeliest first; nothing is merged by it."""
        from archive.entities import merging, rules

        return merging.suggest(rules.apply_to_names(self.names(), self._rules.rules()), limit)

    @property
    def watches(self) -> Watches:
        """What is watched: feeds, sitemaps, pages and queries."""
        from archive.watching.watches import Watches

        return Watches(self._wiring, lambda: self._catalog)

    @property
    def corrections(self) -> Corrections:
        """The rules of rules.toml that take names for one, or for none."""
        from archive.entities.correcting import Corrections

        self._follow_rules()
        return Corrections(self.folder, self._wiring.ruling)

    @property
    def searches(self) -> Searches:
        """The queries that were given a name."""
        from archive.watching.searches import Searches

        return Searches(lambda: self._wiring.storing(short=True), lambda: self._catalog)

    def _act_on(self, ids: Iterable[str], acts_of: Callable[[Entry], Iterable[Act]]) -> None:
        """What is to be done for each entry, some hundred entries to a commit."""
        left = iter(ids)
        while some := list(islice(left, _MARKED)):
            entries = filter(None, map(self.get, some))
            if acts := [act for entry in entries for act in acts_of(entry)]:
                with self._wiring.storing(short=True) as (_, keeper, _):
                    keeper.act(*acts)

    def _act(self, kind: ActKind, subject: str, values: tuple[str, ...]) -> None:
        from archive.storage import Act

        if self.get(subject) is None:
            raise NotFoundError(f"there is no entry {subject}")
        with self._wiring.storing(short=True) as (_, keeper, _):
            keeper.act(Act(kind, subject, values, datetime.now(UTC)))


def _marks(entry: Entry, tags: tuple[str, ...], note: str) -> Iterator[Act]:
    """What is to be done for an entry to have these tags and this note as well."""
    from archive.storage import Act
    from archive.storage.catalog.tags import without

    now = datetime.now(UTC)
    if without(tags, entry.tags):
        yield Act(ActKind.TAG, entry.id, tags, now)
    if note and note not in entry.note.split("\n\n"):
        yield Act(ActKind.NOTE, entry.id, (f"{entry.note}\n\n{note}" if entry.note else note,), now)


def _changed_marks(entry: Entry, add: tuple[str, ...], remove: tuple[str, ...], note: str | None) -> Iterator[Act]:
    """What is to be done for an entry to have the tags `add`, `remove` no longer, and the note."""
    from archive.storage import Act
    from archive.storage.catalog.tags import without

    now = datetime.now(UTC)
    if without(add, entry.tags):
        yield Act(ActKind.TAG, entry.id, add, now)
    if len(without((*entry.tags, *add), remove)) < len(entry.tags) + len(without(add, entry.tags)):
        yield Act(ActKind.UNTAG, entry.id, remove, now)
    if note is not None and note != entry.note:
        yield Act(ActKind.NOTE, entry.id, (note,) if note else (), now)
