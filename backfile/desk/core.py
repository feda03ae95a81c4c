"""The desk itself: one folder, its archive and its index, and every verb that a door offers.

Reading is safe from several threads. A verb that writes waits for the writer's lock as the archive does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from archive import ArchiveSettings, create_archive, find_folder, open_archive, read_settings
from backfile.desk.settings import read_web_settings
from backfile.desk.verbs.asking import Asking
from backfile.desk.verbs.bringing import Bringing
from backfile.desk.verbs.handing import Handing
from backfile.desk.verbs.noting import Noting
from backfile.desk.verbs.reading import Reading
from backfile.desk.verbs.upkeep import Upkeep
from index import SearchSettings, check_search, open_index

if TYPE_CHECKING:
    from archive import Fetching, Recogniser
    from backfile.desk.watching import Watching


def open_desk(
    folder: Path | str | None = None,
    settings: ArchiveSettings | None = None,
    *,
    fetcher: Fetching | None = None,
    recogniser: Recogniser | None = None,
    told: Callable[[str], None] | None = None,
    by: str = "",
    keeps_up: bool = True,
) -> Desk:
    """The desk of the archive in `folder` (default: found as the command finds it).

    `fetcher` and `recogniser` are those of `open_archive`, `told` is that of both halves. `by`: who adds, tags and
    edits, in the place of the setting and of the user's name on this system. With `keeps_up` every question is asked of
    an index that is up to date; without, somebody calls `catch_up` now and then, and nobody waits.

    Raises NotFoundError when there is no archive, SettingsError for bad settings. Close it, or use it in a `with`.
    """
    folder = find_folder(Path(folder) if folder is not None else None)
    read_web_settings(folder)  # whoever reads the settings says what is wrong with them
    if by:
        settings = settings or read_settings(folder)
        settings = replace(settings, store=replace(settings.store, added_by=by))
    archive = open_archive(folder, settings, fetcher=fetcher, recogniser=recogniser, told=told)
    return Desk(archive, open_index(archive, archive.folder, told=told), fetcher, recogniser, keeps_up=keeps_up)


def create_desk(
    folder: Path | str, *, captures: str = "", catalog: str = "", search: Mapping[str, str] | None = None
) -> Desk:
    """A new archive in `folder`, and its desk. UsageError when there is one already: it is never overwritten.

    `captures`: the address of a bucket for what is archived, `s3://BUCKET/PREFIX`. `catalog`: that of a database for
    its catalog, `postgresql://USER@HOST/DATABASE` (`?schema=NAME` for another schema than `backfile`); UsageError where
    one is there already, StorageError where nobody answers. `search`: what stands in the section of that name of its
    settings, if it is to be searched by another engine. SettingsError where that cannot be.
    """
    if search:
        check_search(SearchSettings(**search), folder)  # type: ignore[arg-type]  # of text alone
    store = {"captures": captures, "catalog": catalog}
    settings = {"store": {name: at for name, at in store.items() if at}, "search": search or {}}
    archive = create_archive(folder, {name: section for name, section in settings.items() if section} or None)
    return Desk(archive, open_index(archive, archive.folder))


class Desk(Bringing, Asking, Reading, Noting, Handing, Upkeep):
    """Every verb on an archive and its index together. `archive` and `index` are the halves, for what is not here."""

    @cached_property
    def watching(self) -> Watching:
        """What is watched: feeds, sitemaps, pages and queries."""
        from backfile.desk.watching import Watching

        return Watching(self)
