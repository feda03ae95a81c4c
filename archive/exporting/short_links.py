"""What short links stood for, as CSV or JSON Lines: shorteners die, and what they led to is then known here alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC
from typing import BinaryIO

import msgspec

from archive.exporting.cells import guarded
from archive.storage import ShortLink
from archive.storage.warc.records import scrub

_COLUMNS = ("short", "long", "when")


def write_csv(links: Iterable[ShortLink], out: BinaryIO) -> None:
    """UTF-8 with a byte order mark, as `csvs` writes it."""
    wrapped = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        wrapped.write("\ufeff")
        rows = csv.writer(wrapped)
        rows.writerow(_COLUMNS)
        for link in links:
            rows.writerow(map(guarded, _values(link)))
    finally:
        wrapped.detach()


def write_jsonl(links: Iterable[ShortLink], out: BinaryIO) -> None:
    """One object a line. Half characters become U+FFFD."""
    encoder = msgspec.json.Encoder()
    for link in links:
        row = dict(zip(_COLUMNS, _values(link), strict=True))
        try:
            line = encoder.encode(row)
        except UnicodeEncodeError:
            line = encoder.encode(scrub(row))
        out.write(line + b"\n")


def _values(link: ShortLink) -> tuple[str, str, str]:
    return link.short, link.long, link.at.astimezone(UTC).isoformat(timespec="seconds")
