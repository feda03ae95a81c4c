"""Exports of any query, sent while they are made: memory stays flat however many articles there are.

A writer writes into a pipe in a thread of its own; whoever reads too slowly holds it up, and whoever goes away ends it.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import RawIOBase

from anyio import to_thread

from archive import ArchiveError, ExportFormat, UsageError
from backfile.web.calls import CutOffError, Streamed
from backfile.web.problems import Refusal
from backfile.web.site import Site
from index import SearchError, Sort

_log = logging.getLogger(__name__)
_CHUNK = 64 * 1024  # bytes
_slots = threading.BoundedSemaphore(2)  # exports at once
TYPES: dict[ExportFormat, tuple[str, str]] = {
    ExportFormat.JSONL: ("application/x-ndjson", "jsonl"),
    ExportFormat.CSV: ("text/csv; charset=utf-8", "csv"),
    ExportFormat.HTML: ("application/octet-stream", "html"),  # to be kept: archived text is not shown as a page of ours
    ExportFormat.RIS: ("application/x-research-info-systems", "ris"),
    ExportFormat.CSL: ("application/vnd.citationstyles.csl+json", "json"),
    ExportFormat.BIBTEX: ("application/x-bibtex", "bib"),
    ExportFormat.WARC: ("application/warc", "warc.gz"),
    ExportFormat.WACZ: ("application/wacz", "wacz"),
    ExportFormat.PARQUET: ("application/vnd.apache.parquet", "parquet"),
}


@dataclass(frozen=True, slots=True)
class ExportParams:
    """Of the page's own export links."""

    q: str = ""
    format: ExportFormat = ExportFormat.CSV
    sort: Sort = Sort.OLDEST


def streamed(site: Site, query: str, format: ExportFormat, sort: Sort) -> Streamed:  # noqa: A002 - the word for it
    """The export of a query. QueryError and Refusal now; what fails later, or cannot be exported, cuts it off and
    stands in the log.
    """
    if format not in TYPES:
        raise UsageError(f"{format} makes a folder of files: `backfile export` writes it")
    if not _slots.acquire(blocking=False):
        raise Refusal("busy", "two exports are under way already", Retry_After="10")
    try:
        ids = site.desk.ids(query, sort=sort)  # errors of the query come from here, before anything is sent
        reading, writing = os.pipe()
    except BaseException:
        _slots.release()
        raise
    type_, suffix = TYPES[format]
    whole = threading.Event()

    def write() -> None:
        try:
            with os.fdopen(writing, "wb", buffering=_CHUNK) as out:
                done = site.desk.export(out, query, format, ids=ids)
                out.flush()
                for problem in done.problems:
                    _log.warning("export of %r as %s lacks %s: %s", query, format, problem.where, problem.what)
                if not done.problems:
                    whole.set()
        except BrokenPipeError:
            pass  # whoever asked has gone
        except (ArchiveError, SearchError, OSError) as error:
            _log.warning("export of %r as %s ended early: %s", query, format, error)
        finally:
            _slots.release()

    threading.Thread(target=write, name="backfile-export", daemon=True).start()
    # As a file, which ends with whoever has it: nobody else closes it where the first part is never asked for.
    parts = _read(os.fdopen(reading, "rb", buffering=0), whole)
    return Streamed(parts, type_, {"content-disposition": f'attachment; filename="backfile.{suffix}"'})


async def _read(pipe: RawIOBase, whole: threading.Event) -> AsyncIterator[bytes]:
    with pipe:
        while part := await to_thread.run_sync(pipe.read, _CHUNK, abandon_on_cancel=False):
            yield part
        if not whole.is_set():
            raise CutOffError
