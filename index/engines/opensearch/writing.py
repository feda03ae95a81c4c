"""A batch of documents on its way into an index: in requests of a few megabytes, each document by its version."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from index.engines import Batch
from index.engines.opensearch import layout
from index.engines.opensearch.placing import Place
from index.engines.opensearch.server import WRITING, Server, as_json, kind_and_reason
from index.errors import IndexStorageError

_BYTES = 4 * 2**20  # of one request
_SECONDS = 120.0  # for one request
_DONE = frozenset({200, 201, 404, 409})  # 404: removed already; 409: a later version is there
_BUSY = frozenset({429, 503})

Line = tuple[str, bytes]  # id, what is sent about it


def write(server: Server, place: Place, batch: Batch, folder: Path) -> None:
    """Writes a batch and shows it to readers. IndexStorageError; IndexDamagedError where the index is gone."""
    for lines in _requests(_lines(batch)):
        _send(server, place, lines, folder)
    if not server.ask("POST", f"/{place.name}/_refresh", seconds=_SECONDS, patient=True, absent=True):
        raise server.gone(place.name, folder)


def _lines(batch: Batch) -> Iterator[Line]:
    # A batch that fills an index may bring a document again at the same position: the later one holds.
    version = {"version": batch.position, "version_type": "external_gte"}
    for id_ in batch.deleted:
        yield id_, as_json({"delete": {"_id": id_, **version}}) + b"\n"
    for document in batch.documents:
        head = as_json({"index": {"_id": document.id, **version}})
        yield document.id, b"%b\n%b\n" % (head, as_json(layout.source(document)))


def _requests(lines: Iterable[Line]) -> Iterator[list[Line]]:
    found: list[Line] = []
    size = 0
    for line in lines:
        found.append(line)
        size += len(line[1])
        if size >= _BYTES:
            yield found
            found, size = [], 0
    if found:
        yield found


def _send(server: Server, place: Place, lines: list[Line], folder: Path) -> None:
    """One request; what the server was too busy for is sent again."""
    path = f"/{place.entrance}/_bulk?require_alias=true&filter_path=items.*.status,items.*.error"
    why = ""
    for pause in (*WRITING, None):
        answer = server.ask("POST", path, lines=[line for _, line in lines], seconds=_SECONDS, patient=True)
        refused = list(_refused(server, place, lines, answer.get("items", []), folder))
        if not refused:
            return
        if pause is None:
            break
        lines, why = [line for line, _ in refused], refused[-1][1]
        time.sleep(pause)
    raise IndexStorageError(f"OpenSearch at {server.url} is too busy to take documents: {why}", passes=True)


def _refused(
    server: Server, place: Place, lines: list[Line], items: list[Any], folder: Path
) -> Iterator[tuple[Line, str]]:
    """The lines that the server was too busy for, each with its words. What it refuses for good is raised."""
    for line, item in zip(lines, items, strict=True):
        (said,) = item.values()
        kind, reason = kind_and_reason(said.get("error"))
        if kind == "index_not_found_exception":
            raise server.gone(place.name, folder)
        if said["status"] in _BUSY:
            yield line, reason
        elif said["status"] not in _DONE:
            raise server.refused(said["status"], kind, f"{line[0]}: {reason}")
