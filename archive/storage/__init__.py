"""What is kept and how: WARC files as the truth, a catalog for looking things up, and the promises between them.

`open_store` is the way in for writing, `Catalog` and `WarcReader` for reading, the module `verify` for checking.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from archive.storage import posix  # noqa: F401 - to be told at once where there are no locks
from archive.storage.acts import ActKind
from archive.storage.places import CATALOG, WARC

if TYPE_CHECKING:
    from archive.storage.catalog.jobs import Job, JobItem, JobKind, JobState, JobTable
    from archive.storage.catalog.links import PendingLink, ShortLink
    from archive.storage.catalog.names import NameCount
    from archive.storage.catalog.reading import Catalog, Counts
    from archive.storage.catalog.watches import SavedSearch, Story, Watch, WatchKind, WatchState, WatchTable
    from archive.storage.catalog.writing import CatalogWriter
    from archive.storage.lock import WriterLock
    from archive.storage.opening import open_store
    from archive.storage.store import Store
    from archive.storage.warc.packing import Brought, Facts, Saved
    from archive.storage.warc.reader import Damage, Record, WarcReader
    from archive.storage.warc.records import Act, HandedIn, Place, PutObject, Stored, StoredResource
    from archive.storage.warc.repair import Repaired, Torn

# Each name is loaded when it is asked for: a search needs the catalog, and of that what reads entries.
_LATER = {
    name: module
    for module, names in {
        "catalog.jobs": "Job JobItem JobKind JobState JobTable",
        "catalog.links": "PendingLink ShortLink",
        "catalog.names": "NameCount",
        "catalog.reading": "Catalog Counts",
        "catalog.watches": "SavedSearch Story Watch WatchKind WatchState WatchTable",
        "catalog.writing": "CatalogWriter",
        "lock": "WriterLock",
        "opening": "open_store",
        "store": "Store",
        "warc.packing": "Brought Facts Saved",
        "warc.reader": "Damage Record WarcReader",
        "warc.records": "Act HandedIn Place PutObject Stored StoredResource",
        "warc.repair": "Repaired Torn",
    }.items()
    for name in names.split()
}


def __getattr__(name: str) -> object:
    if name in _LATER:
        return getattr(import_module(f"archive.storage.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "CATALOG",
    "WARC",
    "Act",
    "ActKind",
    "Brought",
    "Catalog",
    "CatalogWriter",
    "Counts",
    "Damage",
    "Facts",
    "HandedIn",
    "Job",
    "JobItem",
    "JobKind",
    "JobState",
    "JobTable",
    "NameCount",
    "PendingLink",
    "Place",
    "PutObject",
    "Record",
    "Repaired",
    "Saved",
    "SavedSearch",
    "ShortLink",
    "Store",
    "Stored",
    "StoredResource",
    "Story",
    "Torn",
    "WarcReader",
    "Watch",
    "WatchKind",
    "WatchState",
    "WatchTable",
    "WriterLock",
    "open_store",
]
