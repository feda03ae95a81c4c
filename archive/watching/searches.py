"""Queries that a person gave a name: journaled in warc/, as all that a person did. What they mean is not known here."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.errors import NotFoundError, UsageError
from archive.storage import Act, ActKind, Catalog, SavedSearch

if TYPE_CHECKING:
    from archive.keeper import Keeper
    from archive.reading import Reader
    from archive.storage import Store

MAX_NAME = 64  # characters
_NAME = re.compile(r"[^\W_][\w.-]*")

Storing = Callable[[], AbstractContextManager["tuple[Store, Keeper, Reader]"]]  # for a short act


class Searches:
    """The saved searches of an archive; `Archive.searches` gives it."""

    def __init__(self, storing: Storing, catalog: Callable[[], Catalog]) -> None:
        self._storing = storing
        self._catalog = catalog

    def all(self) -> list[SavedSearch]:
        """Every saved search, by name."""
        with self._catalog().watches() as table:
            return table.searches()

    def add(self, name: str, query: str) -> SavedSearch:
        """Save `query` under `name`, in place of what was saved under it. UsageError for what is no name."""
        if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
            raise UsageError(f"{name!r} is no name for a search: letters, digits, and . _ - between them")
        saved = SavedSearch(name.lower(), query, datetime.now(UTC))
        with self._storing() as (_, keeper, _):
            keeper.act(Act(ActKind.SEARCH, saved.name, (saved.query,), saved.added))
        return saved

    def remove(self, name: str) -> SavedSearch:
        """Forget the search saved under `name`. NotFoundError when there is none."""
        saved = next((one for one in self.all() if one.name == name.lower()), None)
        if saved is None:
            raise NotFoundError(f"no search is saved as {name!r}; `backfile saved list` shows what is")
        with self._storing() as (_, keeper, _):
            keeper.act(Act(ActKind.SEARCH, saved.name, (), datetime.now(UTC)))
        return saved
