"""Reading a page: once (in this process) ← worker ← workers (many at once, some of which may die) ← reader."""

from archive.reading.once import Read, loaded, named, read
from archive.reading.reader import Reader

__all__ = ["Read", "Reader", "loaded", "named", "read"]
