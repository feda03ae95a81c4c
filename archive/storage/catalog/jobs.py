"""Long work over many items: what was to be done, what became of each item, so that it goes on where it stopped.

An item's new state is part of the transaction that stores its result: both are there after a crash, or neither.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from archive.errors import NotFoundError
from archive.model import Method
from archive.storage.catalog import rows


class JobState(StrEnum):
    """Where an item of a job stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"  # tried, and worth another try
    REJECTED = "rejected"  # cannot be read, or asks for what cannot be


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work. `source` (a path, a query) identifies it, `settings` is JSON, `counts` is complete."""

    number: int
    kind: str
    source: str
    settings: str
    begun: datetime
    ended: datetime | None
    counts: Mapping[JobState, int]


@dataclass(frozen=True, slots=True)
class JobItem:
    """One item, `n` counting from 1 in the order of the source. `item` is JSON, `entry` the id it became."""

    n: int
    state: JobState
    item: str
    detail: str = ""
    entry: str | None = None


class JobTable:
    """The jobs, seen from inside one transaction (`CatalogWriter.jobs`) or one snapshot (`Catalog.jobs`)."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def begin(self, kind: str, source: str, settings: str) -> int:
        """A new job without items; returns its number."""
        number = self._db.execute(
            "INSERT INTO jobs (kind, source, settings, begun) VALUES (?,?,?,?)",
            (kind, rows.text(source), rows.text(settings), rows.time_text(datetime.now(UTC))),
        ).lastrowid
        assert number is not None
        return number

    def add(self, job: int, items: Iterable[str]) -> int:
        """Appends items (JSON each), waiting; returns how many the job has now."""
        last = int(self._db.execute("SELECT coalesce(max(n), 0) FROM job_items WHERE job = ?", (job,)).fetchone()[0])
        numbered = ((job, n, JobState.WAITING.value, rows.text(item)) for n, item in enumerate(items, last + 1))
        return (
            last
            + self._db.executemany("INSERT INTO job_items (job, n, state, item) VALUES (?,?,?,?)", numbered).rowcount
        )

    def settle(self, job: int, n: int, state: JobState, detail: str = "", entry: str | None = None) -> None:
        """What became of item `n`; NotFoundError when the job has no such item."""
        done = self._db.execute(
            "UPDATE job_items SET state = ?, detail = ?, entry = ? WHERE job = ? AND n = ?",
            (state.value, rows.text(detail), entry, job, n),
        ).rowcount
        if not done:
            raise NotFoundError(f"job {job} has no item {n}")

    def put(
        self,
        job: int,
        key: str,
        item: str,
        state: JobState = JobState.WAITING,
        detail: str = "",
        entry: str | None = None,
    ) -> int:
        """Appends one item under a key that no other item of the job has; returns its number."""
        self._db.execute(
            "INSERT INTO job_items (job, n, key, state, item, detail, entry) "
            "VALUES (?1, (SELECT coalesce(max(n), 0) + 1 FROM job_items WHERE job = ?1), ?2, ?3, ?4, ?5, ?6)",
            (job, rows.text(key), state.value, rows.text(item), rows.text(detail), entry),
        )
        return int(self._db.execute("SELECT max(n) FROM job_items WHERE job = ?", (job,)).fetchone()[0])

    def known(self, job: int, key: str) -> JobItem | None:
        """The item that was put under `key`."""
        found = self._db.execute(
            "SELECT n, state, item, detail, entry FROM job_items WHERE job = ? AND key = ?", (job, rows.text(key))
        ).fetchone()
        return JobItem(found[0], JobState(found[1]), *found[2:]) if found else None

    def captured(self, key: str, at: datetime, digest: str) -> str | None:
        """The entry that has this very capture: of the URL with `key`, at that moment, with that payload."""
        found = self._db.execute(
            "SELECT e.id FROM captures c JOIN entries e ON e.num = c.entry WHERE c.key = ? AND at = ? AND digest = ?",
            (rows.text(key), rows.time_text(at), digest),
        ).fetchone()
        return str(found[0]) if found else None

    def amend(self, job: int, n: int, item: str) -> None:
        """Replaces the JSON of item `n`."""
        self._db.execute("UPDATE job_items SET item = ? WHERE job = ? AND n = ?", (rows.text(item), job, n))

    def note(self, job: int, settings: str) -> None:
        """Replaces the settings of a job."""
        self._db.execute("UPDATE jobs SET settings = ? WHERE num = ?", (rows.text(settings), job))

    def end(self, job: int) -> None:
        """Nothing is left to do."""
        self._db.execute("UPDATE jobs SET ended = ? WHERE num = ?", (rows.time_text(datetime.now(UTC)), job))

    def retry(self, job: int) -> int:
        """Failed items wait again, and the job is open again; returns how many."""
        self._db.execute("UPDATE jobs SET ended = NULL WHERE num = ?", (job,))
        return self._db.execute(
            "UPDATE job_items SET state = 'waiting', detail = '' WHERE job = ? AND state = 'failed'", (job,)
        ).rowcount

    def all(self) -> list[Job]:
        """Every job, newest first."""
        found = self._db.execute(
            "SELECT num, kind, source, settings, begun, ended FROM jobs ORDER BY num DESC"
        ).fetchall()
        return [self._job(row) for row in found]

    def open(self, kind: str, source: str) -> Job | None:
        """The newest job of this kind on this source that has not ended."""
        found = self._db.execute(
            "SELECT num, kind, source, settings, begun, ended FROM jobs "
            "WHERE kind = ? AND source = ? AND ended IS NULL ORDER BY num DESC LIMIT 1",
            (kind, rows.text(source)),
        ).fetchone()
        return self._job(found) if found else None

    def latest(self, kind: str, source: str) -> Job | None:
        """The newest job of this kind on this source, ended or not."""
        found = self._db.execute(
            "SELECT num, kind, source, settings, begun, ended FROM jobs WHERE kind = ? AND source = ? "
            "ORDER BY num DESC LIMIT 1",
            (kind, rows.text(source)),
        ).fetchone()
        return self._job(found) if found else None

    def reopen(self, job: int) -> None:
        """There is more to do after all."""
        self._db.execute("UPDATE jobs SET ended = NULL WHERE num = ?", (job,))

    def items(self, job: int, state: JobState, after: int = 0, limit: int = 1000) -> Iterator[JobItem]:
        """Items in one state, in order, from the one behind `after` on, at most `limit`."""
        found = self._db.execute(
            "SELECT n, item, detail, entry FROM job_items WHERE job = ? AND state = ? AND n > ? ORDER BY n LIMIT ?",
            (job, state.value, after, limit),
        ).fetchall()
        return (JobItem(n, state, item, detail, entry) for n, item, detail, entry in found)

    def unfollowed(
        self, job: int, method: Method, after: int = 0, limit: int = 500, *, unasked: bool = False
    ) -> list[tuple[int, str]]:
        """Number and entry of done items, from the one behind `after` on, whose text came by `method` and has links.

        `unasked`: only those with a link that was never asked for.
        """
        which = " AND NOT EXISTS (SELECT 1 FROM captures o WHERE o.key = l.key)" if unasked else ""
        return self._db.execute(
            "SELECT i.n, e.id FROM job_items i JOIN entries e ON e.id = i.entry JOIN captures c ON c.id = e.capture "  # noqa: S608 -- constants
            "WHERE i.job = ? AND i.state = 'done' AND i.n > ? AND c.method = ? "
            f"AND EXISTS (SELECT 1 FROM links l WHERE l.entry = e.num{which}) ORDER BY i.n LIMIT ?",
            (job, after, method.value, limit),
        ).fetchall()

    def _job(self, row: tuple[int, str, str, str, str, str | None]) -> Job:
        number, kind, source, settings, begun, ended = row
        found = self._db.execute("SELECT state, count(*) FROM job_items WHERE job = ? GROUP BY state", (number,))
        counts = {JobState(state): int(count) for state, count in found}
        over = datetime.fromisoformat(ended) if ended else None
        every = {state: counts.get(state, 0) for state in JobState}
        return Job(number, kind, source, settings, datetime.fromisoformat(begun), over, every)
