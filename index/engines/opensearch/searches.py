"""Searches sent to one index, several in one request, and what comes of them: whole, or an error that says why not."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from typing import Any

from index.engines.opensearch.queries import Query
from index.engines.opensearch.server import READING, Json, Server, as_json, kind_and_reason, too_long
from index.errors import IndexStorageError
from index.plan import Overrun

LARGEST_PAGE = 10_000  # hits, and buckets of one page
_BUSY_TRIES = len(READING)
_LATE = 5.0  # seconds beyond the question's own limit that its answer may take on the way


class Searches:
    """Asks the index `name`, within the `seconds` of one question, which run from now."""

    def __init__(self, server: Server, name: str, folder: str, seconds: float) -> None:
        self._server = server
        self._name = name
        self._folder = folder
        self._seconds = seconds
        self._until = time.monotonic() + seconds

    def one(self, body: Json) -> Json:
        """The answer to one search."""
        return self.many([body])[0]

    def many(self, bodies: Sequence[Json]) -> list[Json]:
        """The answers to searches, in their order. Overrun, IndexDamagedError for an index that is gone."""
        if not bodies:
            return []
        for pause in (*READING, None):
            left = self.left()
            limited = [{**body, "timeout": f"{max(1, round(left * 1000))}ms"} for body in bodies]
            said = self._ask("POST", f"/{self._name}/_msearch", lines=list(_lines(limited)))
            busy = ""
            for answer in said["responses"]:
                busy = busy or self._refused(answer)
            if not busy:
                return list(said["responses"])
            if pause is None:
                raise IndexStorageError(f"OpenSearch at {self._server.url} cannot answer now: {busy}", passes=True)
            time.sleep(pause)
        raise AssertionError

    def counts(self, queries: Sequence[Query]) -> list[int]:
        """How many documents each query finds."""
        bodies = [{"query": {"bool": {"filter": [query]}}, "size": 0, "track_total_hits": True} for query in queries]
        return [total(answer) for answer in self.many(bodies)]

    def stream(self, body: Json) -> Iterator[list[Json]]:
        """All hits of a search that has a sort, page by page, of the moment at which this was called."""
        opened = self._ask("POST", f"/{self._name}/_search/point_in_time?keep_alive=5m")
        return self._pages(body, str(opened["pit_id"]))

    def left(self) -> float:
        """The seconds that the question still has. Overrun."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise too_long(self._seconds)
        return left

    def _pages(self, body: Json, point: str) -> Iterator[list[Json]]:
        held = {"id": point, "keep_alive": "5m"}
        page = {**body, "pit": held, "size": LARGEST_PAGE // 2, "track_total_hits": False}
        try:
            while True:
                path = "/_search?allow_partial_search_results=false"
                hits = self._ask("POST", path, page, seconds=self._seconds + _LATE)["hits"]["hits"]
                if not hits:
                    return
                yield hits
                page["search_after"] = hits[-1]["sort"]
        finally:
            self._server.ask("DELETE", "/_search/point_in_time", {"pit_id": [point]}, absent=True)

    def _ask(self, method: str, path: str, body: Json | None = None, **facts: Any) -> Json:
        answer = self._server.ask(method, path, body, **{"seconds": self._seconds + _LATE, "absent": True, **facts})
        if not answer:
            raise self._server.gone(self._name, self._folder)
        return answer

    def _refused(self, answer: Json) -> str:
        """Why an answer is none though another may come; "" for one that is whole."""
        if answer.get("timed_out"):
            raise too_long(self._seconds)
        if "error" not in answer:
            return ""
        kind, reason = kind_and_reason(answer["error"])
        if "Time exceeded" in str(answer["error"]):
            raise too_long(self._seconds)
        if answer.get("status") in (429, 503):
            return reason or kind
        if kind == "index_not_found_exception":
            raise self._server.gone(self._name, self._folder)
        if "clause" in kind or "maxClauseCount" in reason:
            raise Overrun("it has more parts than OpenSearch takes in one question (1,024)")
        raise self._server.refused(int(answer.get("status", 500)), kind, reason)


def total(answer: Json) -> int:
    """How many documents an answer found."""
    return int(answer["hits"]["total"]["value"])


def _lines(bodies: Sequence[Json]) -> Iterator[bytes]:
    for body in bodies:
        question = as_json({name: part for name, part in body.items() if name not in ("timeout", "search_after")})
        # The same question goes to the same copies of the shards: pages of one list then agree to the last digit.
        copies = hashlib.sha256(question).hexdigest()[:12]
        head = {"preference": copies, "search_type": "dfs_query_then_fetch", "allow_partial_search_results": False}
        if not body.get("size"):
            head["search_type"] = "query_then_fetch"
        yield as_json(head) + b"\n" + as_json(body) + b"\n"
