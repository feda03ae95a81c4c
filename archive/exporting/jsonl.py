"""Export as JSON Lines: everything that is held on an entry, as `backfile show --json` prints it, and the stamp."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from archive.exporting.selection import Selection
from archive.storage.warc.records import scrub


def write(selection: Selection, out: BinaryIO) -> None:
    """One object a line; `export` says the query, the time and the log. Half characters become U+FFFD."""
    stamp = {"query": selection.stamp.query, "time": selection.stamp.time, "log": selection.stamp.log}
    encoder = msgspec.json.Encoder()
    for entry in selection.entries():
        row = msgspec.to_builtins(entry, order="deterministic") | {"export": stamp}
        try:
            line = encoder.encode(row)
        except UnicodeEncodeError:
            line = encoder.encode(scrub(row))
        out.write(line + b"\n")
