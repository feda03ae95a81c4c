"""The catalog: which entry a URL belongs to, what it cites and who cites it, and a log of what changed."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from captures import (
    START,
    article,
    exchange,
    facts,
    failed,
    fetched,
    later,
    moved,
    new_folder,
    opened,
    page,
    put,
    put_text,
    reading,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import urls
from archive.errors import NotFoundError, UsageError
from archive.model import (
    Entry,
    Geo,
    HopKind,
    Interval,
    Kind,
    Mention,
    Outcome,
    Part,
    Reading,
    Topic,
    Version,
)
from archive.storage import Act, ActKind, Catalog, JobItem, JobKind, JobState, Store, Stored
from archive.storage.catalog.database import SCHEMA
from archive.storage.places import catalog_of
from archive.storage.verify import verify

STORY = "https://paper.example/story"
SOURCE = "https://source.example/report"
SHORT = "https://t.co/XRawnqNPLg"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(new_folder(tmp_path / "archive")) as store:
        yield store


def entry(store: Store, url: str) -> Entry:
    (found,) = store.catalog.resolve(url)
    got = store.catalog.get(found)
    assert got is not None
    return got


def add(store: Store, url: str, *links: str, title: str = "A title", text: str = "Text.") -> str:
    """One page with a text, committed."""
    with store.batch() as rows:
        stored, entry_id = put(store, page(url))
        put_text(rows, entry_id, stored, article(url, links, title, text), reading("Larry Krasner", topics=["ICE"]))
    return entry_id


def changed(store: Store, since: int) -> dict[str, bool]:
    return {change.id: change.deleted for change in store.catalog.changes(since)}


def test_an_entry_is_all_that_is_held_on_a_url(store: Store) -> None:
    entry_id = add(store, STORY, SOURCE)
    got = entry(store, STORY)
    assert got.id == entry_id == urls.entry_id(urls.key(STORY))
    assert got.article == article(STORY, [SOURCE], text="Text.")
    assert got.reading == reading("Larry Krasner", topics=["ICE"])
    assert (got.outcome, got.versions, got.media_type) == (Outcome.OK, 1, "text/html")
    assert (got.first_captured, got.last_captured) == (START, START)
    assert got.capture_id == store.catalog.captures(entry_id)[0].id
    (source,) = got.sources
    assert (source.link, source.key, source.outcome, source.id) == (got.article.links[0], urls.key(SOURCE), None, None)


def test_a_short_link_leads_to_the_article_it_stood_for(store: Store) -> None:
    """The entry belongs to the final URL; every hop, and the beginning of its id, leads to it."""
    story = add(store, STORY, SHORT)
    with store.batch() as rows:
        stored, target = put(store, moved(SHORT, SOURCE), depth=1)
        put_text(rows, target, stored, article(SOURCE, title="The report"))
    assert target == urls.entry_id(urls.key(SOURCE))
    for text in (SHORT, SOURCE, target, target[:6]):
        assert store.catalog.resolve(text) == [target]
    (source,) = entry(store, STORY).sources
    assert (source.id, source.title, source.outcome) == (target, "The report", Outcome.OK)
    assert (source.final_url, source.chain) == (SOURCE, (SHORT, SOURCE))
    assert [citation.id for citation in entry(store, SOURCE).cited_by] == [story]
    assert store.catalog.resolve("https://nowhere.example/") == []


def test_short_links_are_read_page_by_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, each once, in the order of their addresses, also where a page ends between them."""
    monkeypatch.setattr("archive.storage.catalog.links._PAGE", 2)
    shorts = [f"https://t.co/{name}" for name in "edcba"]
    with store.batch():
        for short in shorts:
            store.act(Act(ActKind.SHORT_LINK, short, (STORY,), START))
    assert [link.short for link in store.catalog.short_links()] == sorted(shorts)


def test_a_link_that_failed_and_later_resolves(store: Store) -> None:
    """The entry of the failure goes, reported as deleted; what was said on it stays with the article."""
    story = add(store, STORY, SHORT)
    with store.batch():
        _, old = put(store, failed(SHORT, Outcome.TIMED_OUT), depth=1)
        store.act(Act(ActKind.TAGS, old, ("look",), START))
        store.act(Act(ActKind.NOTE, old, ("try again",), START))
    assert entry(store, STORY).sources[0].outcome is Outcome.TIMED_OUT
    assert [pending.url for pending in store.catalog.pending_links()] == [SHORT]
    before = store.catalog.last_seq()
    with store.batch() as rows:
        stored, new = put(store, moved(SHORT, SOURCE), depth=1)
        put_text(rows, new, stored, article(SOURCE))
    assert changed(store, before) == {old: True, new: False, story: False}
    assert store.catalog.get(old) is None
    got = entry(store, SHORT)
    assert (got.id, got.tags, got.note) == (new, ("look",), "try again")
    assert [capture.outcome for capture in store.catalog.captures(new)] == [Outcome.TIMED_OUT, Outcome.OK]
    assert list(store.catalog.pending_links()) == []


def test_a_link_that_worked_and_later_fails_keeps_its_article(store: Store) -> None:
    """The failure is the latest thing known of the entry; text, address and short link stay."""
    add(store, STORY, SHORT)
    with store.batch() as rows:
        stored, target = put(store, moved(SHORT, SOURCE), depth=1)
        put_text(rows, target, stored, article(SOURCE, title="The report"))
        rows.put_short_link(SHORT, SOURCE, START)
    with store.batch():
        _, same = put(store, failed(SHORT, Outcome.GONE), depth=1)
    got = entry(store, SHORT)
    assert same == got.id == target
    assert (got.outcome, got.final_url, got.versions) == (Outcome.GONE, SOURCE, 1)
    (source,) = entry(store, STORY).sources
    assert (source.outcome, source.id, source.final_url) == (Outcome.GONE, target, SOURCE)


def test_an_article_is_not_taken_over_by_what_its_url_redirects_to_now(store: Store) -> None:
    """A story whose URL leads to the home page today keeps its own entry."""
    story = add(store, STORY)
    with store.batch() as rows:
        stored, home = put(store, moved(STORY, "https://paper.example/"))
        put_text(rows, home, stored, article("https://paper.example/", title="Home"))
    assert home != story
    assert entry(store, STORY).id == story
    assert entry(store, "https://paper.example/").id == home


def test_a_redirect_with_content_of_its_own_later(store: Store) -> None:
    """A URL that only passed on before becomes an entry when it has something to show."""
    with store.batch() as rows:
        stored, target = put(store, moved(SHORT, SOURCE))
        put_text(rows, target, stored, article(SOURCE))
    own = add(store, SHORT)
    assert own == urls.entry_id(urls.key(SHORT))
    assert entry(store, SHORT).id == own
    assert entry(store, SOURCE).id == target


def test_versions_and_their_texts(store: Store) -> None:
    """Each text is kept; the current one is shown; changes add up."""
    entry_id = add(store, STORY, text="First.")
    with store.batch() as rows:
        stored, _ = put(store, page(STORY, b"second " * 60, at=later(2)))
        version = Version(2, stored.capture.id, later(2), later(2), "Second", "d2", frozenset({"headline", "body"}))
        rows.put_version(entry_id, version, article(STORY, title="Second", text="Second."), reading("Ana Díaz"), [])
        assert rows.around(entry_id, stored.capture).before == (version, article(STORY, title="Second", text="Second."))
    with store.batch() as rows:
        stored, _ = put(store, page(STORY, b"second " * 60, at=later(3)))
        rows.touch_version(entry_id, 2, stored.capture)
    got = entry(store, STORY)
    assert got.article is not None
    assert (got.article.text, got.versions, got.changes) == ("Second.", 2, frozenset({"headline", "body"}))
    assert (got.first_captured, got.last_captured) == (START, later(3))
    first, second = store.catalog.versions(entry_id)
    assert (first.number, second.number, second.last_seen) == (1, 2, later(3))
    assert store.catalog.article_at(entry_id, 1).text == "First."
    assert [name.canonical for name in store.catalog.names("person")] == ["Ana Díaz"]
    with pytest.raises(NotFoundError):
        store.catalog.article_at(entry_id, 3)


def test_two_captures_of_one_page_in_one_transaction(store: Store) -> None:
    """The second sees what the first did, before anything is committed."""
    with store.batch() as rows:
        for n in (1, 2):
            stored, entry_id = put(store, page(STORY, b"%d " % n * 200, at=later(n)))
            put_text(rows, entry_id, stored, article(STORY, text=f"Text {n}."))
    assert [version.number for version in store.catalog.versions(entry_id)] == [1, 2]


def test_d17_order_is_by_number_when_the_clock_goes_back(store: Store) -> None:
    """D17: what was stored last is the latest, whatever its clock said; 2038 and the summer hour are times like any."""
    times = [later(0), later(-100_000), later(24 * 365 * 14), later(-1)]
    with store.batch() as rows:
        for n, at in enumerate(times):
            stored, entry_id = put(store, page(STORY, b"%d " % n * 200, at=at))
            put_text(rows, entry_id, stored, article(STORY, text=f"Text {n}."))
    assert [version.first_seen for version in store.catalog.versions(entry_id)] == times
    assert [capture.at for capture in store.catalog.captures(entry_id)] == times
    got = entry(store, STORY)
    assert got.article is not None
    assert (got.article.text, got.last_captured) == ("Text 3.", times[-1])


def test_the_log_tells_of_what_an_entry_shows_of_others(store: Store) -> None:
    """A new source changes the story that cites it; a story changes the sources that it cites, or no longer cites."""
    story = add(store, STORY, SOURCE)
    seq = store.catalog.last_seq()
    source = add(store, SOURCE)
    assert set(changed(store, seq)) == {story, source}
    seq = store.catalog.last_seq()
    other = add(store, "https://paper.example/other", SOURCE)
    assert set(changed(store, seq)) == {other, source}
    seq = store.catalog.last_seq()
    with store.batch() as rows:
        stored, _ = put(store, page(STORY, b"new " * 100))
        put_text(rows, story, stored, article(STORY, text="Without links."))
    assert set(changed(store, seq)) == {story, source}
    seq = store.catalog.last_seq()
    with store.batch():
        put(store, page(SOURCE))
    assert set(changed(store, seq)) == {source}, "seen again just as it was: nothing shows differently elsewhere"


def test_the_log_has_the_newest_change_of_each_entry(store: Store) -> None:
    first, second = add(store, STORY), add(store, SOURCE)
    with store.batch():
        store.act(Act(ActKind.TAGS, first, ("a", "a", "b"), START))
    log = store.catalog.changes(0)
    assert [change.id for change in log] == [second, first]
    assert [change.seq for change in log] == sorted(change.seq for change in log)
    assert store.catalog.changes(log[-1].seq) == []
    assert store.catalog.changes(0, limit=1) == log[:1]
    with store.batch():
        store.act(Act(ActKind.DELETE, first, (), START))
    assert changed(store, log[-1].seq) == {first: True}
    assert entry(store, SOURCE).id == second


def test_deleting_takes_an_entry_out_and_leaves_its_bytes(store: Store) -> None:
    story, source = add(store, STORY, SOURCE), add(store, SOURCE)
    capture = store.catalog.captures(story)[0]
    with store.batch():
        assert store.act(Act(ActKind.DELETE, story, (), START))
        assert not store.act(Act(ActKind.DELETE, story, (), START))
    assert store.catalog.get(story) is None
    assert entry(store, SOURCE).cited_by == ()
    assert store.catalog.capture(capture.id) == capture
    assert [name.entries for name in store.catalog.names("person")] == [1]
    with pytest.raises(NotFoundError):
        store.catalog.versions(story)
    again = add(store, STORY, SOURCE)
    assert again == story
    assert [citation.id for citation in entry(store, SOURCE).cited_by] == [story]
    assert source == entry(store, SOURCE).id


def test_names_are_counted_over_the_archive(store: Store) -> None:
    for n in range(3):
        add(store, f"{STORY}/{n}")
    with store.batch() as rows:
        stored, entry_id = put(store, page(SOURCE))
        put_text(rows, entry_id, stored, article(SOURCE), reading("Larry Krasner", "Larry Krasner", "Ana Díaz"))
    assert [(n.canonical, n.entries, n.times) for n in store.catalog.names("person")] == [
        ("Larry Krasner", 4, 5),
        ("Ana Díaz", 1, 1),
    ]
    assert [n.canonical for n in store.catalog.names("person", prefix="Ana")] == ["Ana Díaz"]
    assert [(n.canonical, n.entries) for n in store.catalog.names("topic")] == [("ICE", 3)]


def test_many_entries_are_read_as_each_alone(store: Store) -> None:
    """With links that cross, a page that cites itself, one without an article, and two versions of one."""
    ids = [add(store, f"{STORY}/{n}", f"{STORY}/{n + 1}", f"{STORY}/{n}", SOURCE) for n in range(4)]
    with store.batch() as rows:
        stored, again = put(store, page(f"{STORY}/1", b"<p>another</p>", later(2)))
        put_text(rows, again, stored, article(f"{STORY}/1", text="quite another text"), reading("Ana Díaz"))
        store.act(Act(ActKind.TAG, ids[2], ("harbour", "pier"), later(3)))
    with store.batch():
        ids.append(put(store, failed(SOURCE, Outcome.NOT_FOUND))[1])
    each = [store.catalog.get(id_) for id_ in ids]
    assert store.catalog.get_many([*reversed(ids), "aaaaaaaaaaaa"]) == each
    assert [entry.versions for entry in each if entry] == [1, 2, 1, 1, 0]
    assert [len(entry.sources) for entry in each if entry] == [3, 0, 3, 3, 0]
    assert store.catalog.get_many([]) == []
    bare = [replace(entry, sources=(), reading=Reading()) for entry in each if entry]
    assert store.catalog.get_many(ids, sources=False, reading=False) == bare
    assert any(entry.reading.mentions for entry in each if entry)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at what Linux tells of open files")
def test_threads_that_have_ended_hold_no_file_open(store: Store, tmp_path: Path) -> None:
    add(store, STORY)
    for _ in range(20):
        thread = threading.Thread(target=store.catalog.resolve, args=(STORY,))
        thread.start()
        thread.join()
    catalog = os.path.realpath(tmp_path / "archive" / "catalog.sqlite")
    assert 1 <= sum(os.path.realpath(one) == catalog for one in Path("/proc/self/fd").iterdir()) <= 4


def test_entries_are_streamed_in_order(store: Store) -> None:
    ids = [add(store, f"{STORY}/{n}") for n in range(5)]
    assert [one.id for one in store.catalog.entries()] == ids
    assert [one.id for one in store.catalog.entries(after=ids[1], limit=2)] == ids[2:4]
    with pytest.raises(NotFoundError):
        list(store.catalog.entries(after="aaaaaaaaaaaa"))


def test_counts(store: Store) -> None:
    add(store, STORY)
    with store.batch():
        put(store, failed(SOURCE, Outcome.NOT_FOUND))
        put(store, failed(SOURCE, Outcome.TIMED_OUT))
    counts = store.catalog.counts()
    assert (counts.entries, counts.articles, counts.versions, counts.captures) == (2, 1, 1, 3)
    assert counts.outcomes == {Outcome.OK: 1, Outcome.TIMED_OUT: 1}
    assert counts.tries == {Outcome.OK: 1, Outcome.NOT_FOUND: 1, Outcome.TIMED_OUT: 1}
    assert counts.warc_files == 1
    assert counts.warc_bytes == sum(store.catalog.committed().values()) > 0


def test_cataloguing_twice_changes_nothing(store: Store) -> None:
    """A capture that is already there, as after a crash in the middle, is not entered again."""
    with store.batch() as rows:
        stored, entry_id = put(store, page(STORY))
    with store.batch() as rows:
        assert rows.put_capture(stored, stored.capture.key) == entry_id
    assert store.catalog.counts().captures == 1


def test_nothing_of_a_failed_transaction_stays(store: Store) -> None:
    add(store, STORY)
    before = list(store.catalog.entries()), store.catalog.changes(0)

    def fail() -> None:
        with store.batch() as rows:
            stored, entry_id = put(store, page(SOURCE))
            put_text(rows, entry_id, stored, article(SOURCE), reading("Somebody New"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (list(store.catalog.entries()), store.catalog.changes(0)) == before
    source = add(store, SOURCE)
    assert store.catalog.get(source) is not None
    assert [name.canonical for name in store.catalog.names("person")] == ["Larry Krasner"]


def test_half_characters_are_stored(store: Store) -> None:
    """Text that UTF-8 cannot hold does not stop a batch."""
    with store.batch() as rows:
        stored, entry_id = put(store, page(STORY))
        what = article(STORY, title="half \ud83d", text="half \udc00")
        put_text(rows, entry_id, stored, what, reading("Half \udfff"))
        rows.set_note(entry_id, "\ud800")
    got = entry(store, STORY)
    assert got.article is not None
    assert (got.article.title, got.article.text, got.note) == ("half ?", "half ?", "?")
    assert store.catalog.names("person")[0].canonical == "Half ?"


def test_readers_see_the_last_commit_and_never_wait(store: Store, tmp_path: Path) -> None:
    """While a transaction is open, any thread and any process reads what was committed before it."""
    story = add(store, STORY)
    seen: list[object] = []

    def read() -> None:
        with Catalog(catalog_of(tmp_path / "archive")) as other:
            seen.extend(one.id for one in other.entries())
            seen.append(other.last_seq())

    with store.batch():
        put(store, page(SOURCE))
        thread = threading.Thread(target=read)
        thread.start()
        thread.join(10)
        assert seen == [story, 1]
    assert store.catalog.last_seq() == 2


def test_d12_readers_during_commits(store: Store) -> None:
    """D12: readers during many commits see whole entries and no error."""
    errors: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                for one in store.catalog.entries():
                    assert one.article is not None
                    assert one.versions == 1
        except BaseException as error:  # noqa: BLE001 -- whatever it is, the test wants to see it
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(40):
        add(store, f"{STORY}/{n}", SOURCE)
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_catalog_for_reading_cannot_write(store: Store, tmp_path: Path) -> None:
    with Catalog(tmp_path / "archive" / "catalog.sqlite") as other, pytest.raises(UsageError), other.write():
        pass


def test_the_schema_is_recorded(store: Store, tmp_path: Path) -> None:
    """Each step of the schema has its row, and the database says whose it is."""
    with closing(sqlite3.connect(tmp_path / "archive" / "catalog.sqlite")) as db:
        assert [row[0] for row in db.execute("SELECT number FROM migrations")] == list(range(1, SCHEMA + 1))
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_every_value_of_the_model_survives(store: Store) -> None:
    """What goes in comes out equal: times with their offset, sets, geography, intervals."""
    what = replace(
        article(STORY, [SOURCE, SOURCE]),
        published=datetime.fromisoformat("2025-01-31T06:00:00-05:00"),
        published_on=date(2025, 1, 31),
        authors=("A", "B"),
        rules={"title": "json-ld NewsArticle.headline"},
        flags=frozenset({"doubtful"}),
    )
    read = Reading(
        (
            Mention(
                Kind.PLACE, "Philly", 0, 6, "Philadelphia", Part.TITLE, 0.5, "default", geo=Geo("US", "PA", 39.9, -75.1)
            ),
            Mention(
                Kind.DATE, "Friday", 0, 6, "2025-01-31", when=Interval(date(2025, 1, 31), date(2025, 1, 31), "day")
            ),
        ),
        (Topic("immigration", "keyword", 0.5, ("ICE",), suggested=True, code="medtop:1"),),
    )
    with store.batch() as rows:
        stored, entry_id = put(store, page(STORY))
        put_text(rows, entry_id, stored, what, read)
    got = entry(store, STORY)
    assert (got.article, got.reading) == (what, read)
    assert got.article is not None
    assert got.article.published is not None
    assert str(got.article.published) == "2025-01-31 06:00:00-05:00"


def test_captures_come_back_as_they_were(store: Store) -> None:
    first = exchange(SHORT, b"", status=302, location=SOURCE, headers=(("Location", SOURCE),))
    headers = (("Content-Type", "Text/HTML; Charset='latin-1'"), ("ETag", '"x"'), ("Last-Modified", "yesterday"))
    second = replace(exchange(SOURCE, headers=headers, kind=HopKind.META), tls_verified=False)
    with store.batch() as rows:
        what = fetched(first, second, outcome=Outcome.PAYWALL, detail="says: subscribe")
        stored = store.append(what, facts(what, depth=2, cited_by="aaaaaaaaaaaa"))
        rows.put_capture(stored, urls.key(SOURCE))
    got = store.catalog.capture(stored.capture.id)
    assert got == stored.capture
    assert (got.media_type, got.charset, got.etag, got.last_modified) == ("text/html", "latin-1", '"x"', "yesterday")
    assert (got.hops[1].kind, got.hops[1].tls_verified) == (HopKind.META, False)
    assert store.catalog.latest_capture(urls.key(SHORT)) == got
    assert store.catalog.latest_capture(urls.key(STORY)) is None
    with pytest.raises(NotFoundError):
        store.catalog.capture("no such id")


def test_a_job_goes_on_where_it_stopped(store: Store, tmp_path: Path) -> None:
    """An item's state and its result are committed together; a rebuild of the catalog keeps the jobs."""
    with store.batch() as rows:
        job = rows.jobs.begin(JobKind.IMPORT, "links.csv", "{}")
        items = [JobItem(n + 1, JobState.WAITING, f'{{"url": "{STORY}/{n}"}}') for n in range(4)]
        rows.jobs.put(job, [(f"key {one.n}", one) for one in items])
        assert rows.jobs.last(job) == 4
    with store.batch() as rows:
        _, entry_id = put(store, page(f"{STORY}/0"))
        rows.jobs.settle(job, [
            replace(items[0], state=JobState.DONE, entry=entry_id),
            replace(items[1], state=JobState.REJECTED, detail="no URL"),
            replace(items[2], state=JobState.FAILED, detail="timed out"),
        ])  # fmt: skip

    def fail() -> None:
        with store.batch() as rows:
            rows.jobs.settle(job, [replace(items[3], state=JobState.DONE)])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.catalog.jobs() as jobs:
        assert [item.n for item in jobs.items(job, JobState.WAITING)] == [4]
        (done,) = jobs.items(job, JobState.DONE)
        assert (done.entry, done.item) == (entry_id, f'{{"url": "{STORY}/0"}}')
        found = jobs.latest(JobKind.IMPORT, "links.csv")
        assert found is not None
        assert dict(found.counts) == dict.fromkeys(JobState, 1)
        assert jobs.all() == [found]
    with store.batch() as rows:
        assert rows.jobs.retry(job) == 1
        rows.jobs.end(job)
        rows.jobs.settle(job, [replace(items[0], state=JobState.FAILED)])  # it waits no longer
        found = rows.jobs.get(job)
        assert found is not None
        assert {state: count for state, count in found.counts.items() if count} == {
            JobState.WAITING: 2, JobState.DONE: 1, JobState.REJECTED: 1
        }  # fmt: skip
    folder = tmp_path / "archive"
    store.close()
    with opened(folder, fresh=True) as fresh:
        with fresh.batch() as rows:
            for item in fresh.uncatalogued():
                assert isinstance(item, Stored)
                rows.put_capture(item, item.capture.key)
        fresh.adopt()
    with opened(folder) as again, again.catalog.jobs() as jobs:
        assert [item.n for item in jobs.items(job, JobState.WAITING)] == [3, 4]
        assert jobs.all()[0].ended is not None


_URLS = [f"https://p.example/{n}" for n in range(4)]
_STEP = st.one_of(
    st.tuples(st.just("page"), st.sampled_from(_URLS), st.lists(st.sampled_from(_URLS), max_size=3)),
    st.tuples(st.just("move"), st.sampled_from(_URLS), st.sampled_from(_URLS)),
    st.tuples(st.just("fail"), st.sampled_from(_URLS)),
    st.tuples(st.just("delete"), st.sampled_from(_URLS)),
    st.tuples(st.just("tag"), st.sampled_from(_URLS), st.sampled_from("ab")),
    st.tuples(st.just("crash")),
)


def play(store: Store, step: tuple[object, ...]) -> None:
    """One step of a story of the archive, in a transaction of its own."""
    kind, *rest = step
    found = store.catalog.resolve(str(rest[0])) if rest else []
    with store.batch() as rows:
        if kind == "page":
            url, links = str(rest[0]), rest[1]
            assert isinstance(links, list)
            stored, entry_id = put(store, page(url))
            put_text(rows, entry_id, stored, article(url, links, title=f"{url} with {links}"))
        elif kind == "move" and rest[0] != rest[1]:
            put(store, moved(str(rest[0]), str(rest[1])))
        elif kind == "fail":
            put(store, failed(str(rest[0])))
        elif kind == "delete" and found:
            store.act(Act(ActKind.DELETE, found[0], (), START))
        elif kind == "tag" and found:
            store.act(Act(ActKind.TAGS, found[0], (str(rest[1]),), START))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_STEP, max_size=12))
def test_d20_the_log_tells_of_every_difference(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[object, ...]]
) -> None:
    """D20: whatever happens, a follower that re-reads what the log names holds exactly what the catalog shows."""
    folder = new_folder(tmp_path_factory.mktemp("d20") / "archive")
    mirror: dict[str, Entry] = {}
    position = 0
    store = opened(folder)
    for step in steps:
        if step[0] == "crash":
            store.close()
            store = opened(folder)
        play(store, step)
        for change in store.catalog.changes(position):
            position = change.seq
            got = store.catalog.get(change.id)
            assert (got is None) == change.deleted
            if got is None:
                mirror.pop(change.id, None)
            else:
                mirror[change.id] = got
        assert mirror == {one.id: one for one in store.catalog.entries()}
    store.close()
    assert list(verify(folder)) == []
