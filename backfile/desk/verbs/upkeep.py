"""The verbs that look after a folder: status, verify, copy, forget, rebuild."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive import DamagedError, Problem, open_archive
from backfile.desk.progress import Progress, stage
from backfile.desk.verbs.halves import Halves
from index import IndexStorageError, open_index

if TYPE_CHECKING:
    from archive import Copied, Counts, Going, Hidden, Moved
    from backfile.desk.results import Status


class Upkeep(Halves):
    """Looks after a folder."""

    @property
    def has_catalog(self) -> bool:
        """Whether there is a catalog, as `Archive.has_catalog` says it."""
        return self.archive.has_catalog

    def counts(self) -> Counts:
        """The archive in numbers, without a look at its index."""
        return self.archive.counts()

    def status(self) -> Status:
        """The folder in numbers, whether its index can be asked or not."""
        from backfile.desk.results import Status

        counts, place, problem = self.archive.counts(), self.index.place, ""
        unread: dict[str, int] = {}
        try:
            lag = self.index.lag()
            unread = self._unread()
        except IndexStorageError as error:
            lag, problem = self.archive.last_change(), str(error)
        captures = self.archive.settings.store.captures or str(self.folder / "warc")
        catalog, team = self.archive.catalog_place, self.archive.team()
        return Status(self.folder, counts, lag, place, problem, catalog, captures, unread, team)

    def unread(self, ids: Iterable[str]) -> list[str]:
        """In which of these articles' languages no names are found, in words, each once."""
        if not self._ships():
            return []
        from archive import unread_language

        found = (self.archive.get(one) for one in ids)
        langs = dict.fromkeys(entry.article.lang for entry in found if entry and entry.article)
        return [language for lang in langs if (language := unread_language(lang))]

    def state(self) -> str:
        """Names what can be asked and read now: another one when anything in archive, index or rules has changed."""
        from hashlib import sha256

        searches = "|".join(f"{one.name}:{one.query}" for one in self.searches())
        known = f"{self.archive.log_id()} {self.archive.last_change()} {self.index.lag()} {searches}"
        return sha256(known.encode("utf-8", "replace")).hexdigest()[:24]

    def verify(
        self, progress: Progress | None = None, *, share: float | None = None, since: datetime | None = None
    ) -> Iterator[Problem]:
        """Read everything that is stored; yields what is not as it was written, first the archive, then the index.

        With `share` or `since` a part of the archive alone, as `Archive.verify` has it.
        """
        is_catalog_wrong = False
        for problem in self.archive.verify(stage(progress, "verifying"), share=share, since=since):
            is_catalog_wrong |= problem.layer == "catalog"
            yield problem
        if share is None and since is None:
            try:
                yield from self.index.check()
            except DamagedError:  # of the catalog, which says what the index should know
                if not is_catalog_wrong:
                    raise

    def copy(self, folder: Path, progress: Progress | None = None) -> Copied:
        """Make `folder` a copy of the archive, or bring one up to date, as `Archive.copy` does; its index follows."""
        done = self.archive.copy(folder, stage(progress, "copying"))
        with closing(open_archive(folder)) as other, closing(open_index(other, other.folder)) as index:
            index.update(stage(progress, "indexing"))
        return done

    def move(self, folder: Path, progress: Progress | None = None) -> Moved:
        """Move the archive to where the new one in `folder` keeps things, as `Archive.move` does; its index follows."""
        done = self.archive.move(folder, stage(progress, "moving"))
        with closing(open_archive(folder)) as other, closing(open_index(other, other.folder)) as index:
            index.update(stage(progress, "indexing"))
        return done

    def would_forget(self, ids: Iterable[str]) -> list[Going]:
        """What would go with these articles. NotFoundError."""
        return self.archive.would_forget(ids)

    def forget(self, ids: Iterable[str], reason: str, progress: Progress | None = None) -> int:
        """Let articles go for good, from the archive and from the index, which is made anew; the bytes that went."""
        gone = self.archive.forget(ids, reason)
        self._forgotten(progress)
        return gone

    def hide(self, ids: Iterable[str], until: datetime, reason: str) -> list[Hidden]:
        """Show these articles to nobody until then, here and in what is handed out. UsageError, NotFoundError."""
        wanted = set(ids)
        self.archive.embargoes.hide(wanted, until, reason)
        self.index.update()
        return [one for one in self.hidden() if one.id in wanted]

    def lift(self, ids: Iterable[str]) -> None:
        """End embargoes before their day. NotFoundError for what is under none."""
        self.archive.embargoes.lift(ids)
        self.index.update()

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make the catalog anew from warc/ alone, then the index; returns the captures read."""
        count = self.archive.rebuild(stage(progress, "rebuilding"))
        self.reindex(progress)
        return count

    def reindex(self, progress: Progress | None = None) -> None:
        """Make the index anew, aside, and swap it in when it is whole."""
        self.index.rebuild(stage(progress, "indexing"))

    def _ships(self) -> bool:
        """Whether names are found by what comes with the package."""
        return self._recogniser is None and self.archive.settings.entities.recogniser in ("default", "accurate")

    def _unread(self) -> dict[str, int]:
        if not self._ships():
            return {}
        from archive import unread_language

        (languages,) = self.index.facets("", ["lang"], values=1000)
        return {value.value: value.count for value in languages.values if unread_language(value.value)}
