"""What is kept and how: WARC files as the truth, a catalog for looking things up, and the promises between them.

`open_store` is the way in for writing, `Catalog` and `WarcReader` for reading, the module `verify` for checking.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from archive.storage.catalog.jobs import Job, JobItem, JobKind, JobState, JobTable
from archive.storage.catalog.links import PendingLink, ShortLink
from archive.storage.catalog.names import NameCount
from archive.storage.catalog.reading import Catalog, Counts
from archive.storage.catalog.watches import SavedSearch, Story, Watch, WatchKind, WatchState, WatchTable
from archive.storage.lock import WriterLock
from archive.storage.places import CATALOG, WARC
from archive.storage.warc.reader import Damage, Record, WarcReader
from archive.storage.warc.records import Act, ActKind, HandedIn, Place, PutObject, Stored, StoredResource

if TYPE_CHECKING:
    from archive.storage.catalog.writing import CatalogWriter
    from archive.storage.opening import open_store
    from archive.storage.store import Store
    from archive.storage.warc.packing import Brought, Facts, Saved
    from archive.storage.warc.repair import Repaired, Torn

# What writes is loaded when it is asked for: a search needs none of it.
_LATER = {
    "Brought": "warc.packing", "CatalogWriter": "catalog.writing", "Facts": "warc.packing", "Repaired": "warc.repair",
    "Saved": "warc.packing", "Store": "store", "Torn": "warc.repair", "open_store": "opening",
}  # fmt: skip


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
