"""Embargoes: articles that are shown to nobody until a day, and are all there. A rebuild keeps them: they are acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import LockedError, NotFoundError, UsageError
from archive.frozen import frozen
from archive.storage.acts import ActKind
from archive.storage.places import catalog_of

if TYPE_CHECKING:
    from archive.keeper import Keeper
    from archive.reading import Reader
    from archive.storage import Catalog, Store

Storing = Callable[[], AbstractContextManager["tuple[Store, Keeper, Reader]"]]  # for a short act


@frozen
class Hidden:
    """An article under embargo: since when, why, and until when."""

    id: str
    url: str
    title: str
    at: datetime
    reason: str
    until: datetime


class Embargoes:
    """Those of one archive; `Archive.embargoes` gives it. `atom`: the file of notices, where there is one."""

    def __init__(
        self, folder: Path, storing: Storing, catalog: Callable[[], Catalog], atom: Path | None = None
    ) -> None:
        self._folder = folder
        self._storing = storing
        self._catalog = catalog
        self._atom = atom

    def all(self) -> list[Hidden]:
        """What is hidden now, the one that comes back first before."""
        catalog, found = self._catalog(), []
        with catalog.snapshot():
            for one in catalog.hidden().values():
                entry = catalog.get(one.id)
                if entry is not None and one.until is not None:
                    title = entry.article.title if entry.article else ""
                    found.append(Hidden(one.id, entry.url, title, one.at, one.reason, one.until))
        return found

    def hide(self, ids: Iterable[str], until: datetime, reason: str) -> None:
        """Show these entries to nobody until then. UsageError for a time that is past; NotFoundError.

        What was noticed of them and waits to be sent is dropped. Who is hidden already is so until then, instead.
        """
        now = datetime.now(UTC)
        if until <= now:
            raise UsageError(f"{until:%Y-%m-%d %H:%M} is past: an embargo ends on a day to come")
        ids = self._there(ids)
        with self._storing() as (_, keeper, _):
            _act(keeper, ActKind.HIDE, ids, reason, until.astimezone(UTC).isoformat(), at=now)
            self._unsaid(ids)

    def lift(self, ids: Iterable[str]) -> None:
        """Show these entries from now on. NotFoundError where one is not hidden."""
        ids, hidden = self._there(ids), self._catalog().hidden()
        if none := next((one for one in ids if one not in hidden), None):
            raise NotFoundError(f"{none} is under no embargo")
        with self._storing() as (_, keeper, _):
            _act(keeper, ActKind.SHOW, ids, at=datetime.now(UTC))

    def end(self) -> bool:
        """Log what is to be shown again as changed, where its day has come; whether anything was.

        Nothing happens while somebody else writes for long: the next call does it.
        """
        over = self._catalog().embargoes_over()
        if not over:
            return False
        try:
            with self._storing() as (_, keeper, _):
                _act(keeper, ActKind.SHOW, over, at=datetime.now(UTC))
        except LockedError:
            return False
        return True

    def _there(self, ids: Iterable[str]) -> list[str]:
        found = list(dict.fromkeys(ids))
        if none := next((one for one in found if self._catalog().get(one) is None), None):
            raise NotFoundError(f"there is no entry {none}")
        return found

    def _unsaid(self, ids: Iterable[str]) -> None:
        from archive.storage.catalog.forget import unsaid

        unsaid(catalog_of(self._folder), ids)
        if self._atom is not None:
            self._atom.unlink(missing_ok=True)


def _act(keeper: Keeper, kind: ActKind, ids: Iterable[str], *values: str, at: datetime) -> None:
    from archive.storage import Act

    keeper.act(*(Act(kind, one, values, at) for one in ids))
