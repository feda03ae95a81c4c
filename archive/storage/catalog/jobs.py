"""Long work over many items: what was to be done, what became of each item, so that it goes on where it stopped.

Whatever brings pages in is one kind of job with its items: `add`, an import, a run of the watches. An item's new state
is part of the transaction that stores its result, or of a later one: a page that was stored just before a crash is
found in the catalog. How many items are in which state stands in the job's own row, kept by whoever writes items.

A job is claimed by whoever works on it. A claim names its holder, and ends with it: it counts for as long as that one
is there (who holds the writer lock has a token, and the system frees the lock when its process dies).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from archive.model import Method
from archive.storage.catalog import rows
from archive.storage.catalog.dialect import AMONG, LISTED, Db, insert, listed, numbered

_JOB = "num, kind, source, settings, begun, ended, claim, waiting, done, failed, rejected"


class JobKind(StrEnum):
    """What a job is about."""

    ADD = "add"
    IMPORT = "import"
    WATCH = "watch"


class JobState(StrEnum):
    """Where an item of a job stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"  # tried, and worth another try
    REJECTED = "rejected"  # cannot be read, or asks for what cannot be


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work. `source` (paths, a URL) identifies it, `settings` is JSON, `counts` is complete.

    `claim` is the token of whoever works on it, or did: `running` says whether that one is there.
    """

    number: int
    kind: JobKind
    source: str
    settings: str
    begun: datetime
    ended: datetime | None
    counts: Mapping[JobState, int]
    claim: str = ""
    running: bool = False


@dataclass(frozen=True, slots=True)
class JobItem:
    """One item, `n` counting from 1 in the order of the source. `item` is JSON, `entry` the id it became."""

    n: int
    state: JobState
    item: str
    detail: str = ""
    entry: str | None = None


Keyed = tuple[str, JobItem]  # an item under the key that no other item of its job has


class JobTable:
    """The jobs, seen from inside one transaction (`CatalogWriter.jobs`) or one snapshot (`Catalog.jobs`)."""

    def __init__(self, db: Db) -> None:
        self._db = db

    # -- jobs ------------------------------------------------------------------------------------------------------

    def begin(self, kind: JobKind, source: str, settings: str, claim: str = "") -> int:
        """A new job without items; returns its number."""
        (number,) = self._db.execute(
            f"{insert('jobs', 'kind, source, settings, begun, claim')} RETURNING num",
            (kind.value, rows.text(source), rows.text(settings), rows.time_text(datetime.now(UTC)), claim),
        ).fetchone()
        return int(number)

    def claim(self, job: int, holder: str) -> None:
        """`holder` works on the job from now on, and it is open."""
        self._db.execute("UPDATE jobs SET claim = ?, ended = NULL WHERE num = ?", (holder, job))

    def note(self, job: int, settings: str) -> None:
        """Replaces the settings of a job."""
        self._db.execute("UPDATE jobs SET settings = ? WHERE num = ?", (rows.text(settings), job))

    def end(self, job: int) -> None:
        """Nothing is left to do."""
        self._db.execute(
            "UPDATE jobs SET ended = ?, claim = '' WHERE num = ?", (rows.time_text(datetime.now(UTC)), job)
        )

    def forget(self, kind: JobKind, but: int) -> None:
        """Takes out the jobs of a kind that have ended, but the newest `but`."""
        self._db.execute(
            "DELETE FROM jobs WHERE kind = ? AND ended IS NOT NULL AND num NOT IN "
            "(SELECT num FROM jobs WHERE kind = ? ORDER BY num DESC LIMIT ?)",
            (kind.value, kind.value, but),
        )

    def all(self, *kinds: JobKind) -> list[Job]:
        """Every job (of these kinds), newest first."""
        found = self._db.execute(
            f"SELECT {_JOB} FROM jobs WHERE kind {AMONG} ORDER BY num DESC",  # noqa: S608 -- constant
            (listed(kind.value for kind in kinds or JobKind),),
        )
        return list(map(_job, found))

    def get(self, number: int) -> Job | None:
        """The job of that number."""
        found = self._db.execute(f"SELECT {_JOB} FROM jobs WHERE num = ?", (number,)).fetchone()  # noqa: S608 -- constant
        return _job(found) if found else None

    def latest(self, kind: JobKind, source: str) -> Job | None:
        """The newest job of this kind on this source, ended or not."""
        found = self._db.execute(
            f"SELECT {_JOB} FROM jobs WHERE kind = ? AND source = ? ORDER BY num DESC LIMIT 1",  # noqa: S608 -- constant
            (kind.value, rows.text(source)),
        ).fetchone()
        return _job(found) if found else None

    # -- items -----------------------------------------------------------------------------------------------------

    def put(self, job: int, items: Sequence[Keyed]) -> None:
        """Appends items under keys that no other item of the job has; their `n` goes on from `last`."""
        self._db.executemany(
            "INSERT INTO job_items (job, n, key, state, item, detail, entry) VALUES (?,?,?,?,?,?,?)",
            [
                (job, one.n, rows.text(key), one.state.value, rows.text(one.item), rows.text(one.detail), one.entry)
                for key, one in items
            ],
        )
        self._count(job, Counter(one.state for _, one in items))

    def last(self, job: int) -> int:
        """The number of the newest item, 0 where there is none."""
        return int(self._db.execute("SELECT coalesce(max(n), 0) FROM job_items WHERE job = ?", (job,)).fetchone()[0])

    def settle(self, job: int, items: Iterable[JobItem]) -> None:
        """What became of items that waited: state, detail and entry. Those that wait no longer stay as they are."""
        by_state: dict[JobState, list[JobItem]] = {}
        for one in items:
            by_state.setdefault(one.state, []).append(one)
        for state, some in by_state.items():
            moved = self._db.executemany(
                "UPDATE job_items SET state = ?, detail = ?, entry = ? WHERE job = ? AND n = ? AND state = 'waiting'",
                [(state.value, rows.text(one.detail), one.entry, job, one.n) for one in some],
            ).rowcount
            self._count(job, {JobState.WAITING: -moved, state: moved})

    def amend(self, job: int, items: Iterable[JobItem]) -> None:
        """Replaces the JSON of items."""
        self._db.executemany(
            "UPDATE job_items SET item = ? WHERE job = ? AND n = ?",
            [(rows.text(one.item), job, one.n) for one in items],
        )

    def retry(self, job: int) -> int:
        """Failed items wait again; returns how many."""
        moved = self._db.execute(
            "UPDATE job_items SET state = 'waiting', detail = '' WHERE job = ? AND state = 'failed'", (job,)
        ).rowcount
        self._count(job, {JobState.FAILED: -moved, JobState.WAITING: moved})
        return moved

    def known(self, job: int, keys: Iterable[str]) -> dict[str, JobItem]:
        """The items that were put under some of these keys."""
        found = self._db.execute(
            f"SELECT key, n, state, item, detail, entry FROM job_items WHERE job = ? AND key {AMONG}",  # noqa: S608 -- constant
            (job, listed(map(rows.text, keys))),
        )
        return {key: JobItem(n, JobState(state), *rest) for key, n, state, *rest in found}

    def items(self, job: int, state: JobState, after: int = 0, limit: int = 1000) -> Iterator[JobItem]:
        """Items in one state, in order, from the one behind `after` on, at most `limit`."""
        found = self._db.execute(
            "SELECT n, item, detail, entry FROM job_items WHERE job = ? AND state = ? AND n > ? ORDER BY n LIMIT ?",
            (job, state.value, after, limit),
        ).fetchall()
        return (JobItem(n, state, item, detail, entry) for n, item, detail, entry in found)

    # -- what an import asks of the archive ------------------------------------------------------------------------

    def captured(self, wanted: Iterable[tuple[str, datetime, str]]) -> dict[tuple[str, datetime, str], str]:
        """The entries that have these very captures: of the URL with a key, at a moment, with a payload's digest."""
        asked = list(dict.fromkeys(wanted))
        found = self._db.execute(
            f"SELECT j.place, e.id FROM {numbered(3)} j "  # noqa: S608 -- constant
            "JOIN captures c ON c.key = j.a0 AND c.at = j.a1 AND c.digest = j.a2 JOIN entries e ON e.num = c.entry",
            (listed((rows.text(key), rows.time_text(at), digest) for key, at, digest in asked),),
        )
        return {asked[index]: entry for index, entry in found}

    def entries(self, keys: Iterable[str]) -> dict[str, tuple[str, bool, str]]:
        """The entries that URLs with these keys lead to, whether each has a text, and the digest of what it was read
        from where an import brought that without an answer of a server; else ""."""
        found = self._db.execute(
            "SELECT a.key, e.id, e.version > 0, CASE WHEN c.method = ? AND c.status IS NULL THEN c.digest END "  # noqa: S608 -- constant
            f"FROM {LISTED} JOIN aliases a ON a.key = value JOIN entries e ON e.num = a.entry "
            "LEFT JOIN captures c ON c.id = e.capture",
            (Method.IMPORT.value, listed(map(rows.text, keys))),
        )
        return {key: (entry, bool(has_text), digest or "") for key, entry, has_text, digest in found}

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

    # -- inside ----------------------------------------------------------------------------------------------------

    def _count(self, job: int, more: Mapping[JobState, int]) -> None:
        self._db.execute(
            "UPDATE jobs SET waiting = waiting + ?, done = done + ?, failed = failed + ?, rejected = rejected + ? "
            "WHERE num = ?",
            (*(more.get(state, 0) for state in JobState), job),
        )


def _job(row: tuple[int, str, str, str, str, str | None, str, int, int, int, int]) -> Job:
    number, kind, source, settings, begun, ended, claim, *counts = row
    return Job(
        number, JobKind(kind), source, settings, datetime.fromisoformat(begun),
        datetime.fromisoformat(ended) if ended else None, dict(zip(JobState, counts, strict=True)), claim,
    )  # fmt: skip
