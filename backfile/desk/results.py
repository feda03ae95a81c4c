"""What the desk answers where neither half has a word for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from archive import frozen

if TYPE_CHECKING:
    from archive import Counts, Difference, Entry, SavedSearch, Team, Version


@frozen
class Status:
    """What an archive holds, and how many changes of it the index does not know yet: all, where it cannot be asked.

    `index_at`: a folder, or an address. `index_problem` says why it cannot be asked, "" where it can. `catalog`: where
    that lies. `captures_at`: the folder of its WARC files, or the address of a bucket.
    `unread`: articles by language, as the index counts them, of languages in which no names are found.
    `team`: who works for an archive whose catalog is on a server, None for another one.
    """

    folder: Path
    archive: Counts
    index_lag: int
    index_at: str = ""
    index_problem: str = ""
    catalog: str = ""
    captures_at: str = ""
    unread: Mapping[str, int] = field(default_factory=dict)
    team: Team | None = None


@frozen
class Saved:
    """A query that was given a name; `anew`: another one had it before."""

    search: SavedSearch
    anew: bool


@frozen
class Comparison:
    """Two versions of an entry, and how `new` differs. They are the same one where there is but one.

    `captures` are those that were named, else those that showed the two first.
    """

    entry: Entry
    old: Version
    new: Version
    difference: Difference
    captures: tuple[str, str]

    def page(self) -> str:
        """It as one web page that needs nothing else."""
        from archive import diff_page

        return diff_page(self.entry, self.old, self.new, self.difference)
