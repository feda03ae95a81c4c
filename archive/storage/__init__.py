"""What is kept and how: WARC files as the truth, a catalog for looking things up, and the promises between them.

`open_store` is the way in for writing, `Catalog` and `WarcReader` for reading, `verify` for checking.
"""

from archive.storage.catalog import Catalog, Counts
from archive.storage.catalog_jobs import Job, JobItem, JobState, JobTable
from archive.storage.catalog_links import PendingLink, ShortLink
from archive.storage.catalog_names import NameCount
from archive.storage.catalog_watches import SavedSearch, Story, Watch, WatchKind, WatchState, WatchTable
from archive.storage.catalog_write import CatalogWriter
from archive.storage.lock import WriterLock
from archive.storage.packing import Facts, Saved
from archive.storage.records import Act, ActKind, Place, Stored
from archive.storage.repair import Repaired, Torn
from archive.storage.store import CATALOG, WARC, Store, open_store
from archive.storage.verify import verify
from archive.storage.warc_reader import Damage, Record, WarcReader

__all__ = [
    "CATALOG",
    "WARC",
    "Act",
    "ActKind",
    "Catalog",
    "CatalogWriter",
    "Counts",
    "Damage",
    "Facts",
    "Job",
    "JobItem",
    "JobState",
    "JobTable",
    "NameCount",
    "PendingLink",
    "Place",
    "Record",
    "Repaired",
    "Saved",
    "SavedSearch",
    "ShortLink",
    "Store",
    "Stored",
    "Story",
    "Torn",
    "WarcReader",
    "Watch",
    "WatchKind",
    "WatchState",
    "WatchTable",
    "WriterLock",
    "open_store",
    "verify",
]
