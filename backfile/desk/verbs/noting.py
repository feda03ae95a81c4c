"""The verbs by which a person adds to what was read: tags, notes, edits, saved searches, rules of names."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from backfile.desk.verbs.halves import Halves
from index import parse_query

if TYPE_CHECKING:
    from archive import Correction, Entity, Entry, Kind, SavedSearch, Suggestion
    from backfile.desk.marking import Marked
    from backfile.desk.results import Saved


class Noting(Halves):
    """Keeps what people say of articles, and has the index follow."""

    def tag(self, ref: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> tuple[str, ...]:
        """Put tags on an article and take others away; returns those that it then has, sorted."""
        (done,) = self.tag_all([ref], add, remove)
        return _sure(done).tags

    def tag_all(self, refs: Iterable[str], add: Iterable[str] = (), remove: Iterable[str] = ()) -> Generator[Marked]:
        """As `tag`, for what many ids and URLs mean, which are taken as they come; yields each once that is safe.

        One that means nothing comes with its error. The index follows once, at the end.
        """
        from backfile.desk.marking import marked

        return marked(self.archive, self.index, refs, add=tuple(add), remove=tuple(remove))

    def note(self, ref: str, text: str | None = None) -> str:
        """Write a note on an article ("" removes it; None leaves it as it is); returns the one that it then has."""
        (done,) = self.note_all([ref], text)
        return _sure(done).note

    def note_all(self, refs: Iterable[str], text: str | None = None) -> Generator[Marked]:
        """As `note`, for what many ids and URLs mean; as `tag_all`."""
        from backfile.desk.marking import marked

        return marked(self.archive, self.index, refs, note=text)

    def edit(
        self,
        ref: str,
        *,
        title: str | None = None,
        authors: Iterable[str] | None = None,
        published_on: date | str | None = None,
        site: str | None = None,
    ) -> Entry:
        """Say what the title, authors, day or site of an article is, as `Archive.edit`; returns it as it then is."""
        found = self.find(ref).id
        entry = self.archive.edit(found, title=title, authors=authors, published_on=published_on, site=site)
        self.index.update()
        return entry

    def undo_edit(self, ref: str, *, all: bool = False) -> Entry:  # noqa: A002
        """Take back the latest edit of an article, or all of them, as `Archive.undo_edit`; returns it as it then is."""
        entry = self.archive.undo_edit(self.find(ref).id, all=all)
        self.index.update()
        return entry

    def corrections(self) -> list[Correction]:
        """The rules of rules.toml that take names for one, or for none."""
        return self.archive.corrections.all()

    def take_for_one(self, names: Sequence[str], kind: Kind) -> Correction:
        """Take names for one, counted under the first, by a line of rules.toml. The index follows with its next update.

        UsageError for less than two names, and for a contradiction with other rules.
        """
        return self.archive.corrections.same(names, kind, _today())

    def take_for_none(self, name: str, kind: Kind) -> Correction:
        """Take a name for none, by a line of rules.toml. The index follows with its next update. UsageError."""
        return self.archive.corrections.hide(name, kind, _today())

    def take_back(self, lines: str) -> Correction:
        """Take the rule with these lines out of rules.toml. NotFoundError, UsageError for a short form."""
        return self.archive.corrections.take_back(lines)

    def save(self, name: str, query: str) -> Saved:
        """Give a query a name, by which `saved:NAME` stands for it in others. QueryError, UsageError for the name."""
        from backfile.desk.results import Saved

        self.index.parse(query)
        known = {one.name: one.query for one in self.searches()}
        parse_query(f'saved:"{name}"', known | {name.lower(): query})  # it may not be saved in terms of itself
        search = self.archive.searches.add(name, query)
        return Saved(search, search.name in known)

    def forget_search(self, name: str) -> SavedSearch:
        """Forget the search of that name. NotFoundError when there is none."""
        return self.archive.searches.remove(name)

    def names(self, kind: Kind | None = None, limit: int = -1) -> list[Entity]:
        """What the archive takes for one thing under all its names, most stories first; a negative `limit`: all."""
        return self.archive.names(kind, limit)

    def suggest_names(self, limit: int = 50) -> list[Suggestion]:
        """Names that may be one thing, likeliest first, for a person to decide."""
        return self.archive.suggest_names(limit)

    def check_rules(self) -> list[str]:
        """Remarks on rules of rules.toml that touch no name in the archive. SettingsError for a bad file."""
        return self.archive.check_rules()


def _sure(done: Marked) -> Marked:
    if done.error is not None:
        raise done.error
    return done


def _today() -> str:
    return f"written on a page, {datetime.now(UTC):%Y-%m-%d}"
