"""Export as Parquet, for data frames and DuckDB: typed columns, lists as lists, the stamp in the file's metadata."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

from archive.errors import UsageError
from archive.exporting.columns import COLUMNS
from archive.exporting.selection import Selection

_ROWS = 500  # in memory at once, and in one row group


def write(selection: Selection, out: BinaryIO) -> None:
    """Raises UsageError when pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise UsageError("Parquet needs pyarrow: pip install 'backfile[parquet]'") from error

    stamp = selection.stamp
    types = {
        str: pa.string(), int: pa.int64(), date: pa.date32(), datetime: pa.timestamp("us", tz="UTC"),
        list: pa.list_(pa.string()),
    }  # fmt: skip
    schema = pa.schema(
        [pa.field(column.name, types[column.kind]) for column in COLUMNS],
        metadata={"backfile.query": stamp.query, "backfile.time": stamp.time, "backfile.log": stamp.log},
    )
    entries = selection.entries()
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while batch := list(islice(entries, _ROWS)):
            columns = {column.name: [column.value(entry, stamp) for entry in batch] for column in COLUMNS}
            writer.write_table(pa.Table.from_pydict(columns, schema=schema))
