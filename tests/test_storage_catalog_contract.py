"""What every make of the rows of a catalog answers (`view.Rows`, `writing.Files`): the same checks over each of them.

test_storage_faults.py puts faults into each make, one at a time: these checks catch every one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from captures import START, article, exchange, facts, failed, fetched, later
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from plain_rows import PlainNames, PlainRows

from archive import urls
from archive.cataloguing import Cataloguing
from archive.errors import NotFoundError
from archive.model import Capture, Change, Fetched, Hop, HopKind, Method, Outcome, Reading, Version
from archive.reading import Read
from archive.storage import Act, ActKind, Place, Stored
from archive.storage.catalog import rows as values
from archive.storage.catalog.database import connect
from archive.storage.catalog.decide import CaptureRow, Decided, EntryRow, Facts, LastNumbers, VersionRow
from archive.storage.catalog.dialect import BEGIN_WRITING, Db
from archive.storage.catalog.forget import ForgottenTable
from archive.storage.catalog.jobs import JobTable
from archive.storage.catalog.tables import Tables
from archive.storage.catalog.watches import WatchTable
from archive.storage.catalog.writing import CatalogWriter
from archive.storage.places import server_of
from archive.storage.warc.packing import pack_fetched
from archive.storage.warc.records import Body

A, B, SHORT = "https://paper.example/a", "https://paper.example/b", "https://sho.rt/x"
FILE, OTHER = "one.warc.gz", "two.warc.gz"
DIGEST = "sha256:" + "ab" * 32


@dataclass(frozen=True, slots=True)
class Make:
    """One make of the rows, and what else it shows: its change log, short links, and stretches of WARC files."""

    rows: Any  # view.Rows and writing.Files
    changes: Callable[[], list[Change]]
    short_links: Callable[[], dict[str, tuple[str, str, str]]]
    stretches: Callable[[], list[tuple[str, int, int, bytes]]]


@cache
def empty() -> bytes:
    """A catalog without rows, made once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.sqlite"
        connect(path, write=True).close()
        return path.read_bytes()


@contextmanager
def on_sqlite(folder: Path, tables: type[Tables] = Tables) -> Iterator[Make]:
    (folder / "catalog.sqlite").write_bytes(empty())
    db = connect(folder / "catalog.sqlite", write=True)
    db.execute("BEGIN")
    try:
        yield made_of(db, tables)
    finally:
        db.close()


@contextmanager
def on_postgresql(address: str) -> Iterator[Make]:
    """In a schema of its own, and a transaction that is given up: nothing of it stays."""
    db = connect(server_of(f"{address}?schema=contract"), write=True)
    db.execute(BEGIN_WRITING)
    try:
        yield made_of(db, Tables)
    finally:
        db.close()


def made_of(db: Db, tables: type[Tables]) -> Make:
    return Make(
        tables(db, {}),
        lambda: [Change(seq, id_, bool(gone)) for seq, id_, gone in db.execute("SELECT * FROM changes ORDER BY seq")],
        lambda: {row[0]: tuple(row[1:]) for row in db.execute("SELECT key, short, long, at FROM short_links")},
        lambda: db.execute(
            "SELECT name, start, stop, sha256 FROM stretches JOIN warc_files ON num = file ORDER BY name, start"
        ).fetchall(),
    )


@contextmanager
def plain(_: Path, kind: type[PlainRows] = PlainRows) -> Iterator[Make]:
    rows = kind()
    yield Make(
        rows,
        lambda: sorted(rows.changes.values(), key=lambda change: change.seq),
        lambda: rows.short_links,
        lambda: sorted(rows.stretches),
    )


MAKES: dict[str, Callable[[Path], AbstractContextManager[Make]]] = {"sqlite": on_sqlite, "plain": plain}


# -- what is put in ----------------------------------------------------------------------------------------------------


def entry(num: int, key: str, **more: Any) -> EntryRow:
    at = values.time_text(START)
    row = EntryRow(num, urls.entry_id(key), key, key, key, "ok", "returned 200", "text/html", 1, at, at)
    return replace(row, **more)


def capture(
    seq: int, num: int, key: str, hours: float = 0, outcome: Outcome = Outcome.OK, *, chain: tuple[str, ...] = (),
    placed: float | None = None, name: str = "", bodies: tuple[Body, ...] = (), digest: str = DIGEST,
) -> CaptureRow:  # fmt: skip
    at = later(hours)
    hops = tuple(Hop(url, HopKind.START, 200, None, "record") for url in chain or (key,))
    what = Capture(
        name or f"capture {seq}", key, key, (chain or (key,))[-1], at, outcome, f"said {seq}", Method.FETCH, hops, 200,
        "text/html", None, digest, 10, None,
    )  # fmt: skip
    stored = Stored(what, FILE, seq * 100, seq * 100 + 50, seq * 100 + 90, Place(OTHER, seq), bodies)
    return CaptureRow(seq, num, values.time_text(at if placed is None else later(placed)), stored)


def version(num: int, entry: int, number: int, title: str = "A title") -> VersionRow:
    return VersionRow(num, entry, Version(
        number, f"capture {num}", START, later(num), title, f"digest {num}", frozenset({"added", "links"}),
        ("gone", "too"),
    ))  # fmt: skip


def wrote(make: Make, **decided: Any) -> None:
    make.rows.write(Decided(**decided))


def told(found: Facts) -> dict[str, Any]:
    """Facts without the order of what has none."""
    return {
        "entries": {row.num: row for row in found.entries},
        "aliases": set(found.aliases),
        "latest": dict(found.latest),
        "placed": dict(found.placed),
        "versions": list(found.versions),
        "articles": dict(found.articles),
        "links": list(found.links),
        "tags": set(found.tags),
    }


# -- the contract ------------------------------------------------------------------------------------------------------


def numbers_go_on_where_they_were(make: Make) -> None:
    assert make.rows.last_numbers() == LastNumbers()
    wrote(make, entries=[entry(7, A), entry(3, B)], captures=[capture(9, 7, A), capture(4, 7, A)],
          versions=[version(5, 7, 1), version(2, 3, 1)], articles={5: b"five", 2: b"two"})  # fmt: skip
    assert make.rows.last_numbers() == LastNumbers(7, 9, 5)


def an_entry_is_found_by_its_key_an_alias_and_its_id(make: Make) -> None:
    """Also by its own key where that leads to another one; with all keys that lead to it; others are left out."""
    wrote(make, entries=[entry(1, A), entry(2, B)], aliases=[(A, 2), (B, 2), (SHORT, 1)])
    assert told(make.rows.facts([SHORT], []))["entries"] == {1: entry(1, A)}
    assert told(make.rows.facts([], [entry(2, B).id]))["entries"] == {2: entry(2, B)}
    both = told(make.rows.facts([A], []))
    assert both["entries"] == {1: entry(1, A), 2: entry(2, B)}
    assert both["aliases"] == {(A, 2), (B, 2), (SHORT, 1)}
    assert told(make.rows.facts(["https://nowhere.example/"], ["aaaaaaaaaaaa"])) == told(Facts())


def every_column_of_an_entry_comes_back_as_it_was_written_last(make: Make) -> None:
    first = entry(1, A, depth=2, title="One", version=1, changes="added", capture="c", note="a note")
    second = replace(
        first, url=SHORT, final_url=B, outcome="gone", detail="said so", media_type="text/plain", depth=0,
        first_captured=values.time_text(later(-1)), last_captured=values.time_text(later(1)), title="Zwei – ʼn’ 二",
        version=2, changes="added\nlinks", capture="d", note="",
    )  # fmt: skip
    for row in (first, second):
        wrote(make, entries=[row])
        assert told(make.rows.facts([A], []))["entries"] == {1: row}


def the_latest_capture_is_the_one_placed_last(make: Make) -> None:
    """By when it is placed, then by its number; of the keys asked for alone. Its chain comes with it."""
    wrote(make, entries=[entry(1, A)], aliases=[(A, 1), (B, 1)], captures=[
        capture(1, 1, A, 5), capture(2, 1, A, 1), capture(3, 1, B, 2, Outcome.GONE, chain=(B, A)), capture(4, 1, A, 5),
        capture(5, 1, A, -9, placed=-9),
    ])  # fmt: skip
    found = told(make.rows.facts([A], []))
    assert {key: (latest.detail, latest.placed) for key, latest in found["latest"].items()} == {
        A: ("said 4", values.time_text(later(5)))
    }
    latest = told(make.rows.facts([B], []))["latest"][B]
    assert (latest.outcome, latest.final_url, latest.chain) == ("gone", A, (B, A))


def an_entry_knows_when_its_newest_capture_is_placed(make: Make) -> None:
    """Under whatever key it was asked for; not by the capture's own clock."""
    wrote(make, entries=[entry(1, A), entry(2, B)], aliases=[(A, 1)],
          captures=[capture(1, 1, A, 3), capture(2, 1, B, -5, placed=7), capture(3, 2, A, 9)])  # fmt: skip
    assert told(make.rows.facts([A], []))["placed"] == {1: values.time_text(later(7))}


def versions_come_in_the_order_of_their_numbers(make: Make) -> None:
    """Also after they have changed places. The text of the current one comes with them, others when asked for."""
    wrote(make, entries=[entry(1, A, version=3), entry(2, B)], aliases=[(A, 1)],
          versions=[version(n, 1, n) for n in (1, 2, 3)], articles={n: b"%d" % n for n in (1, 2, 3)})  # fmt: skip
    found = told(make.rows.facts([A], []))
    assert (found["versions"], found["articles"]) == ([version(n, 1, n) for n in (1, 2, 3)], {3: b"3"})
    moved_on = [version(2, 1, 3, "Second"), version(3, 1, 4), version(4, 1, 2)]
    wrote(make, entries=[entry(1, A, version=4)], versions=moved_on, articles={4: b"4", 2: b"2 again"})
    found = told(make.rows.facts([A], []))
    assert found["versions"] == [version(1, 1, 1), version(4, 1, 2), version(2, 1, 3, "Second"), version(3, 1, 4)]
    assert found["articles"] == {3: b"3"}
    assert [make.rows.article(num) for num in (1, 2, 4)] == [b"1", b"2 again", b"4"]
    with pytest.raises(NotFoundError):
        make.rows.article(99)


def links_and_tags_are_all_that_an_entry_has(make: Make) -> None:
    """Links in their order, the same one twice where it stands there twice; what was before is gone."""
    wrote(make, entries=[entry(1, A, version=1)], aliases=[(A, 1)], versions=[version(1, 1, 1)], articles={1: b"1"},
          links={1: (SHORT, B, SHORT)}, tags={1: frozenset({"b", "a"})})  # fmt: skip
    found = told(make.rows.facts([A], []))
    assert (found["links"], found["tags"]) == ([(1, SHORT), (1, B), (1, SHORT)], {(1, "a"), (1, "b")})
    wrote(make, links={1: (B,)}, tags={1: frozenset({"c"})})
    found = told(make.rows.facts([A], []))
    assert (found["links"], found["tags"]) == ([(1, B)], {(1, "c")})
    wrote(make, links={1: ()}, tags={1: frozenset()})
    assert not told(make.rows.facts([A], []))["links"] + list(told(make.rows.facts([A], []))["tags"])


def tags_in_use_are_known_by_their_keys(make: Make) -> None:
    """As they are written, by what their spellings share; not those that nobody has any more."""
    wrote(
        make, entries=[entry(1, A), entry(2, B)], tags={1: frozenset({"ICE", "Zürich"}), 2: frozenset({"ICE", "old"})}
    )
    assert dict(make.rows.tag_forms(["ice", "zürich", "new"])) == {"ice": "ICE", "zürich": "Zürich"}
    wrote(make, tags={2: frozenset()})
    assert dict(make.rows.tag_forms(["ice", "old"])) == {"ice": "ICE"}
    wrote(make, removed=[1])
    assert dict(make.rows.tag_forms(["ice", "zürich"])) == {}


def captures_are_known_by_their_entry(make: Make) -> None:
    wrote(make, entries=[entry(1, A), entry(2, B)], captures=[capture(1, 1, A), capture(2, 2, B, 1)])
    assert make.rows.known(["capture 1", "capture 2", "capture 3"]) == {
        "capture 1": entry(1, A).id, "capture 2": entry(2, B).id,
    }  # fmt: skip


def what_goes_takes_all_but_its_captures(make: Make) -> None:
    """A capture without an entry may be put again: under its new number and entry."""
    wrote(make, entries=[entry(1, A, version=1), entry(2, B)], aliases=[(A, 1), (SHORT, 1), (B, 2)],
          captures=[capture(1, 1, A), capture(2, 2, B)], versions=[version(1, 1, 1)], articles={1: b"1"},
          links={1: (B,)}, tags={1: frozenset("a")})  # fmt: skip
    wrote(make, removed=[1])
    assert told(make.rows.facts([SHORT], [entry(1, A).id])) == told(Facts())
    assert told(make.rows.facts([A], []))["latest"][A].detail == "said 1"
    assert (make.rows.known(["capture 1"]), make.rows.citing([B]), make.rows.led_to([A, SHORT])) == ({}, set(), {})
    wrote(make, entries=[entry(3, A)], captures=[capture(5, 3, A, name="capture 1")], aliases=[(A, 3)])
    assert make.rows.known(["capture 1"]) == {"capture 1": entry(3, A).id}
    assert make.rows.last_numbers().capture == 5
    found = told(make.rows.facts([A], []))
    assert (found["versions"], found["links"], found["tags"]) == ([], [], set())


def an_entry_that_turned_out_to_be_another_hands_its_captures_over(make: Make) -> None:
    """In the batch that made it, too."""
    wrote(make, entries=[entry(1, A), entry(2, B)], aliases=[(A, 2), (B, 2)],
          captures=[capture(1, 1, A, 4), capture(2, 2, B)], merged=[(1, 2)], removed=[1])  # fmt: skip
    assert make.rows.known(["capture 1", "capture 2"]) == dict.fromkeys(["capture 1", "capture 2"], entry(2, B).id)
    found = told(make.rows.facts([A], []))
    assert (list(found["entries"]), found["placed"]) == ([2], {2: values.time_text(later(4))})


def what_showed_a_page_before_and_after_a_time(make: Make) -> None:
    """At that time counts as before; what showed nothing is passed over, and so is the capture that asks."""
    wrote(make, entries=[entry(1, A), entry(2, B)], captures=[
        capture(1, 1, A, 1), capture(2, 1, A, 3), capture(3, 1, A, 4), capture(4, 1, A, 6, Outcome.FAILED),
        capture(5, 1, A, 7, Outcome.PAYWALL), capture(6, 1, A, 9), capture(7, 2, B, 3.5), capture(8, 2, B, 5),
    ])  # fmt: skip
    assert make.rows.shown_beside(1, "capture 3", later(4)) == (later(3), ("capture 5", later(7)))
    assert make.rows.shown_beside(1, "none", later(4)) == (later(4), ("capture 5", later(7)))
    assert make.rows.shown_beside(1, "none", later(0)) == (None, ("capture 1", later(1)))
    assert make.rows.shown_beside(1, "none", later(10)) == (later(9), None)


def who_cites_a_key_and_where_keys_lead(make: Make) -> None:
    wrote(make, entries=[entry(1, A), entry(2, B), entry(3, SHORT)], aliases=[(A, 1), (B, 2), (SHORT, 2)],
          links={1: (B, SHORT), 3: (A,)})  # fmt: skip
    assert make.rows.citing([B]) == {entry(1, A).id}
    assert make.rows.citing([A, SHORT]) == {entry(1, A).id, entry(3, SHORT).id}
    assert make.rows.citing(["https://nowhere.example/"]) == set()
    leads = make.rows.led_to([A, SHORT, "https://nowhere.example/"])
    assert leads == {A: (1, entry(1, A).id), SHORT: (2, entry(2, B).id)}
    wrote(make, aliases=[(SHORT, 1)])
    assert make.rows.led_to([SHORT]) == {SHORT: (1, entry(1, A).id)}


def a_payload_stays_where_it_was_first_stored(make: Make) -> None:
    first = Body(DIGEST, "record 1", A, "2025-01-31T12:00:00Z", Place(FILE, 10))
    again = Body(DIGEST, "record 2", B, "2025-02-01T12:00:00Z", Place(OTHER, 20))
    wrote(make, entries=[entry(1, A)], captures=[capture(1, 1, A, bodies=(first,)), capture(2, 1, A, bodies=(again,))])
    assert make.rows.body(DIGEST) == first
    assert make.rows.body("sha256:" + "00" * 32) is None


def files_are_catalogued_so_far(make: Make) -> None:
    make.rows.commit_lengths({FILE: 100, OTHER: 40}, [(FILE, 0, 100, b"x" * 32), (OTHER, 0, 40, b"y" * 32)])
    make.rows.commit_lengths({FILE: 150}, [(FILE, 100, 150, b"z" * 32)])
    assert make.rows.committed([FILE, OTHER, "three"]) == {FILE: 150, OTHER: 40}
    assert make.rows.committed([OTHER]) == {OTHER: 40}
    assert make.stretches() == [
        (FILE, 0, 100, b"x" * 32), (FILE, 100, 150, b"z" * 32), (OTHER, 0, 40, b"y" * 32),
    ]  # fmt: skip


def the_log_has_the_newest_change_of_each_entry(make: Make) -> None:
    make.rows.log({"one": False, "two": False})
    make.rows.log({"three": False, "one": True})
    found = make.changes()
    assert [(change.id, change.deleted) for change in found] == [("two", False), ("three", False), ("one", True)]
    assert [change.seq for change in found] == sorted({change.seq for change in found})
    make.rows.log({"three": False})
    assert make.changes()[-1].seq > found[-1].seq


def a_short_link_stands_for_what_it_stood_for_last(make: Make) -> None:
    wrote(make, short_links=[(SHORT, SHORT, A, "2025"), (SHORT, SHORT, B, "2026")])
    assert make.short_links() == {SHORT: (SHORT, B, "2026")}


CONTRACT = [
    numbers_go_on_where_they_were, an_entry_is_found_by_its_key_an_alias_and_its_id,
    every_column_of_an_entry_comes_back_as_it_was_written_last, the_latest_capture_is_the_one_placed_last,
    an_entry_knows_when_its_newest_capture_is_placed, versions_come_in_the_order_of_their_numbers,
    links_and_tags_are_all_that_an_entry_has, tags_in_use_are_known_by_their_keys,
    captures_are_known_by_their_entry, what_goes_takes_all_but_its_captures,
    an_entry_that_turned_out_to_be_another_hands_its_captures_over, what_showed_a_page_before_and_after_a_time,
    who_cites_a_key_and_where_keys_lead, a_payload_stays_where_it_was_first_stored, files_are_catalogued_so_far,
    the_log_has_the_newest_change_of_each_entry, a_short_link_stands_for_what_it_stood_for_last,
]  # fmt: skip


@pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
@pytest.mark.parametrize("make", MAKES)
def test_contract(make: str, check: Callable[[Make], None], tmp_path: Path) -> None:
    with MAKES[make](tmp_path) as made:
        check(made)


@pytest.mark.servers
@pytest.mark.parametrize("check", CONTRACT, ids=lambda check: check.__name__)
def test_contract_on_postgresql(check: Callable[[Make], None], postgresql: str) -> None:
    with on_postgresql(postgresql) as made:
        check(made)


# -- the same stories over each make -----------------------------------------------------------------------------------

_URLS = [f"https://p.example/{n}" for n in range(4)]
_STEP = st.one_of(
    st.tuples(st.just("page"), st.sampled_from(_URLS), st.sampled_from("ABC"), st.integers(-9, 9), st.booleans()),
    st.tuples(st.just("move"), st.sampled_from(_URLS), st.sampled_from(_URLS), st.integers(-9, 9), st.booleans()),
    st.tuples(st.just("fail"), st.sampled_from(_URLS), st.integers(-9, 9), st.booleans()),
    st.tuples(st.just("delete"), st.sampled_from(_URLS)),
    st.tuples(st.just("tag"), st.sampled_from(_URLS), st.sampled_from("ab")),
)
_PAGE = "page", _URLS[0]


class Teller:
    """Steps put into one make, in batches of any size."""

    def __init__(self, make: Make, db: Any) -> None:
        self.make = make
        self._db = db
        self._seq = 0

    def batch(self, steps: list[tuple[Any, ...]]) -> None:
        writer = CatalogWriter(
            self.make.rows, self.make.rows, PlainNames(), JobTable(self._db), WatchTable(self._db),
            ForgottenTable(self._db),
        )  # fmt: skip
        for step in steps:
            self._put(writer, *step)
        writer.finish()

    def _put(self, writer: CatalogWriter, kind: str, url: str, *more: Any) -> None:
        if kind == "tag":
            writer.apply(Act(ActKind.TAGS, urls.entry_id(url), (more[0],), START))
        elif kind == "delete":
            writer.apply(Act(ActKind.DELETE, urls.entry_id(url), (), START))
        elif kind == "fail":
            self._capture(writer, failed(url, at=later(more[0])), None, imported=more[1])
        else:
            target = url if kind == "page" else more[0]
            text = f"Text {more[0]}." if kind == "page" else f"Where {target} is."
            at = later(more[1])
            first = exchange(url, b"", status=301, location=target, headers=(("Location", target),), at=at)
            hops = [] if target == url else [first]
            what = fetched(*hops, exchange(target, text.encode() * 40, at=at))
            read = Read(article(target, [_URLS[0]], text, text), Reading(), Outcome.OK, "", "text/html")
            self._capture(writer, what, read, imported=more[2])

    def _capture(self, writer: CatalogWriter, what: Fetched, read: Read | None, *, imported: bool) -> None:
        self._seq += 1
        told_of = replace(facts(what), method=Method.IMPORT if imported else Method.FETCH)
        _, stored = pack_fetched(what, told_of, START, lambda _: None, Place(FILE, self._seq))
        named = replace(stored, capture=replace(stored.capture, id=f"capture {self._seq}", hops=tuple(
            replace(hop, record_id="record") for hop in stored.capture.hops
        )))  # fmt: skip
        Cataloguing(writer).put(named, read)

    def held(self) -> dict[str, Any]:
        """All that the make holds on the URLs, whatever numbers its rows have."""
        found = told(self.make.rows.facts(_URLS, ()))
        ids = {num: row.id for num, row in found["entries"].items()}
        return {
            "entries": {row.id: replace(row, num=0) for row in found["entries"].values()},
            "aliases": {(key, ids[num]) for key, num in found["aliases"]},
            "latest": found["latest"],
            "placed": {ids[num]: placed for num, placed in found["placed"].items()},
            "versions": [
                (ids[row.entry], row.version)
                for row in sorted(found["versions"], key=lambda r: (ids[r.entry], r.version.number))
            ],
            "texts": {
                (ids[row.entry], row.version.number): self.make.rows.article(row.num) for row in found["versions"]
            },
            "links": sorted((ids[num], key) for num, key in found["links"]),
            "tags": {(ids[num], tag) for num, tag in found["tags"]},
        }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_STEP, max_size=10), st.integers(1, 10))
@example([(*_PAGE, "A", 0, False), (*_PAGE, "B", 0, False), ("delete", _URLS[0]), (*_PAGE, "A", 0, False)], 2)
def test_each_make_tells_the_same_story_in_batches_of_any_size(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]], size: int
) -> None:
    """Rows in SQLite, a step at a time, and rows in plain Python, many at once: what they hold is the same."""
    folder = tmp_path_factory.mktemp("story")
    with on_sqlite(folder) as one, plain(folder) as other:
        tell_both(folder, one, other, steps, size)


@pytest.mark.servers
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_STEP, max_size=10), st.integers(1, 10))
def test_postgresql_tells_the_same_story(
    tmp_path_factory: pytest.TempPathFactory, postgresql: str, steps: list[tuple[Any, ...]], size: int
) -> None:
    folder = tmp_path_factory.mktemp("story")
    with on_sqlite(folder) as one, on_postgresql(postgresql) as other:
        tell_both(folder, one, other, steps, size)


def tell_both(folder: Path, one: Make, other: Make, steps: list[tuple[Any, ...]], size: int) -> None:
    """Tells one the steps each by itself, the other so many at once; holds both against each other."""
    db = connect(folder / "other.sqlite", write=True)
    tellers = Teller(one, db), Teller(other, db)
    for step in steps:
        tellers[0].batch([step])
    for start in range(0, len(steps), size):
        tellers[1].batch(steps[start : start + size])
    db.close()
    assert tellers[0].held() == tellers[1].held()
    assert {c.id: c.deleted for c in one.changes()} == {c.id: c.deleted for c in other.changes()}
