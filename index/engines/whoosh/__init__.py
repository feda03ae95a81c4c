"""The default engine: a Whoosh index whose segments are arrays.

    loading ─ writer ─ builder, merging ─ listing ─▶ segments (arrays.py), table of contents (toc.py); by storage.py
    reader ─ snapshot ◀─ matching, scoring, counting ◀─ lists (packing.py) over the arrays

The index is Whoosh's: its storage and lock, its tables of contents and segments, a codec by which its own readers and
searchers work on it. What is done per posting is done by numpy.
"""

from index.engines.whoosh.engine import WhooshEngine, open_engine

__all__ = ["WhooshEngine", "open_engine"]
