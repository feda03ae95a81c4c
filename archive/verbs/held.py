"""The folder of an archive, its catalog and its vault, as they are held open: what every verb stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archive.config import ArchiveSettings
from archive.entities.rulebook import RuleBook
from archive.errors import NotFoundError, UsageError
from archive.model import LONGEST_TAG, Entry
from archive.storage.places import catalog_of
from archive.wiring import Wiring

if TYPE_CHECKING:
    from archive.entities import Recogniser
    from archive.seams import Fetching
    from archive.storage import Catalog
    from archive.storage.vault import Vault

Progress = Callable[[int, int | None], None]  # done, of how many (None: nobody knows)


class Held:
    """One archive. Reading is safe from any thread, and beside a writer."""

    def __init__(
        self,
        folder: Path,
        settings: ArchiveSettings,
        *,
        fetcher: Fetching | None = None,
        recogniser: Recogniser | None = None,
        told: Callable[[str], None] | None = None,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.told = told
        self._wiring = Wiring(folder, settings, fetcher, recogniser, told)
        self._open: Catalog | None = None
        self._vault: Vault | None = None
        self._rules = RuleBook(folder, self._follow_rules)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files; using the archive opens them again."""
        if self._open is not None:
            self._open.close()
            self._open = None

    @property
    def catalog_place(self) -> str:
        """Where the catalog lies: a file of the folder, or the address of a database without who connects."""
        return str(catalog_of(self.folder))

    @property
    def has_catalog(self) -> bool:
        """Whether there is one; else `rebuild` makes it, as in a new folder for a bucket that is filled."""
        from archive.storage.catalog.database import is_there

        return is_there(catalog_of(self.folder))

    @property
    def vault(self) -> Vault:
        """Where the WARC files and their manifest lie. UsageError where that cannot be reached as things are set."""
        if self._vault is None:
            self._vault = self._wiring.vault
        return self._vault

    @property
    def _catalog(self) -> Catalog:
        if self._open is None:
            from archive.storage import Catalog

            self._open = Catalog(catalog_of(self.folder))
        return self._open

    def _follow_rules(self) -> None:
        """What other folders of the archive have made of the rules is in force here, too."""
        if self.settings.store.captures and self._wiring.team is not None:
            from archive.storage.bucket.rules import follow_rules

            follow_rules(self.folder, self._catalog.rules())

    def _check_shown(self, *ids: str) -> None:
        """NotFoundError where one of the entries is under embargo."""
        for one in self._catalog.hidden(ids).values():
            raise NotFoundError(
                f"{one.id} is under embargo until {one.until:%Y-%m-%d}: `backfile forget --list` says why"
            )

    def _shown(self, entries: Sequence[Entry]) -> list[Entry]:
        """With the names of the archive, as the user's rules want them."""
        return list(map(self._rules.apply, self._catalog.named(entries)))


def checked(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags that a person gives. UsageError for one that is too long to be any."""
    given = tuple(tags)
    for tag in given:
        if len(tag) > LONGEST_TAG:
            raise UsageError(f"a tag has {LONGEST_TAG} characters at most, and this one {len(tag)}: {tag[:40]}…")
    return given
