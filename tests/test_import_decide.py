"""What becomes of an imported row: the decision as a table, and laws that hold for any facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Capture, Exchange, HopKind, Item, JobState, Method, Origin, Outcome, Reject
from archive.importing import decide
from archive.importing.decide import Facts, Fate
from archive.importing.rows import Row, decoded, encoded, of_item, of_reject, tags_of
from archive.jobs import decide as jobs
from archive.storage import JobItem

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
ORIGIN = Origin("csv", "links.csv", 2)
URL = "https://a.example/1"
LINK = Item(URL, ORIGIN, title="One", tags=("a",))
TEXT = replace(LINK, text="What happened on Tuesday, and what the board had to say of it. " * 20)
TEASER = replace(LINK, text="What happened.")
PAGE = replace(LINK, payload=b"<p>What happened.</p>", captured=NOW)
SERVED = Exchange(URL, HopKind.START, NOW, b"", b"HTTP/1.1 200 OK\r\n\r\nx", None, 200, (), b"x", None, None, None)
WIRE = replace(LINK, exchanges=(SERVED,), captured=NOW)
MARKS = replace(LINK, only_marks=True)
NO_MARKS = replace(MARKS, tags=(), short_links=(("https://t.co/x", URL),))
BAD = Reject(ORIGIN, "the row has no address", "x,y")
KNOWN = JobItem(7, JobState.DONE, encoded(of_item(LINK)), "", "e1")


@pytest.mark.parametrize(
    ("facts", "fate", "detail", "entry"),
    [
        (Facts(BAD), Fate.REJECT, "the row has no address", None),
        (Facts(LINK), Fate.WAIT, "", None),
        (Facts(LINK, entry="e1", has_text=True), Fate.WAIT, "", None),  # a link is asked for, whatever is held
        (Facts(TEXT, storable=True), Fate.STORE, "", None),
        (Facts(TEASER, storable=True), Fate.WAIT, "", None),
        (Facts(TEASER, storable=True, fetch=False), Fate.STORE, "", None),
        (Facts(TEXT, storable=True, unreadable=True), Fate.WAIT, "", None),
        (Facts(TEXT, storable=True, unreadable=True, fetch=False), Fate.STORE, "", None),
        (Facts(TEXT, entry="e1", has_text=True, storable=True), Fate.HAVE, decide.HAS_TEXT, "e1"),
        (Facts(TEXT, entry="e1", storable=True), Fate.STORE, "", None),  # what is held has no text
        (Facts(PAGE, storable=True), Fate.STORE, "", None),
        (Facts(TEXT, entry="e1", has_text=True, storable=True, is_changed=True), Fate.STORE, "", None),
        (Facts(PAGE, entry="e1", has_text=True, storable=True), Fate.STORE, "", None),  # another capture
        (Facts(PAGE, captured="e2", storable=True), Fate.HAVE, decide.HAS_CAPTURE, "e2"),
        (Facts(PAGE, storable=True, unreadable=True), Fate.STORE, "", None),  # bytes are kept, read or not
        (Facts(WIRE, captured="e2", storable=True), Fate.HAVE, decide.HAS_CAPTURE, "e2"),
        (Facts(WIRE, storable=True), Fate.STORE, "", None),
        (Facts(MARKS, entry="e1"), Fate.MARK, "", "e1"),
        (Facts(MARKS), Fate.REJECT, decide.NO_ENTRY, None),
        (Facts(NO_MARKS), Fate.NOTHING, "", None),
        (Facts(NO_MARKS, entry="e1"), Fate.MARK, "", "e1"),
        (Facts(LINK, KNOWN), Fate.NOTHING, "", None),
        (Facts(replace(LINK, tags=("b",)), KNOWN), Fate.MERGE, "", "e1"),
        (Facts(replace(LINK, tags=("b",)), replace(KNOWN, state=JobState.REJECTED)), Fate.NOTHING, "", None),
        (Facts(BAD, replace(KNOWN, item=encoded(of_reject(BAD)))), Fate.NOTHING, "", None),
    ],
    ids=lambda value: value.value if isinstance(value, Fate) else None,
)
def test_what_becomes_of_a_row(facts: Facts, fate: Fate, detail: str, entry: str | None) -> None:
    decision = decide.of_row(facts)
    assert (decision.fate, decision.detail, decision.entry) == (fate, detail, entry)


def test_short_links_are_kept_whatever_the_fate_but_once() -> None:
    assert decide.of_row(Facts(NO_MARKS)).short_links == NO_MARKS.short_links
    assert decide.of_row(Facts(NO_MARKS, KNOWN)).short_links == ()


@pytest.mark.parametrize(
    ("tags", "note", "row", "more", "noted"),
    [
        ((), "", Row(tags=("a",)), {"a"}, None),
        (("a",), "", Row(tags=("a", "b"), folder=("News/Local",)), {"b", "News/Local"}, None),
        ((), "", Row(starred=True, read=False), {"starred", "unread"}, None),
        ((), "mine", Row(note="theirs"), set(), "mine\n\ntheirs"),
        ((), "theirs and more", Row(note="theirs"), set(), None),
        ((), "", Row(note="theirs"), set(), "theirs"),
        (("a",), "mine", Row(), set(), None),
    ],
)
def test_marks_are_added_to_what_is_there(
    tags: tuple[str, ...], note: str, row: Row, more: set[str], noted: str | None
) -> None:
    assert decide.marks(frozenset(tags), note, row) == (frozenset(more), noted)


def test_what_was_asked_for_by_a_run_that_was_killed() -> None:
    item = JobItem(1, JobState.WAITING, "{}")
    capture = Capture(
        "c", URL, URL, URL, NOW, Outcome.OK, "", Method.FETCH, (), 200, None, None, None, 0, None, 0, None, None, None
    )
    assert jobs.was_asked(item, capture, NOW)
    assert not jobs.was_asked(item, capture, NOW + timedelta(seconds=1))
    assert not jobs.was_asked(replace(item, entry="e1"), capture, NOW)  # it failed, and is tried again
    assert not jobs.was_asked(item, replace(capture, method=Method.IMPORT), NOW)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_item_is_done_where_the_page_is_there_as_what_it_is(outcome: Outcome) -> None:
    done = outcome.has_content or outcome is Outcome.NOT_TEXT
    assert jobs.state_of(outcome) is (JobState.DONE if done else JobState.FAILED)
    assert jobs.told(outcome, "why") == ("" if outcome is Outcome.OK else f"{outcome.value}: why")


_FOUND = st.sampled_from([BAD, LINK, TEXT, TEASER, PAGE, WIRE, MARKS, NO_MARKS])
_ENTRY = st.sampled_from([None, "e1"])
_ROWS = st.builds(
    Row, title=st.text(max_size=3), tags=st.lists(st.sampled_from("abc"), max_size=3).map(tuple),
    note=st.sampled_from(["", "x", "y", "x\n\ny"]), starred=st.booleans(), read=st.sampled_from([None, True, False]),
)  # fmt: skip


@given(
    found=_FOUND, entry=_ENTRY, has_text=st.booleans(), captured=_ENTRY, storable=st.booleans(),
    unreadable=st.booleans(), fetch=st.booleans(),
)  # fmt: skip
def test_laws_of_a_new_row(
    found: Item | Reject, entry: str | None, has_text: bool, captured: str | None, storable: bool, unreadable: bool,
    fetch: bool,
) -> None:  # fmt: skip
    """Every row ends somewhere; only what can be stored is; what is marked is there; a rejection says why."""
    decision = decide.of_row(Facts(found, None, entry, has_text, captured, storable, unreadable, fetch))
    if decision.fate is Fate.STORE:
        assert storable
        assert captured is None
        assert isinstance(found, Item)
        assert not found.only_marks
    if decision.fate in (Fate.MARK, Fate.HAVE):
        assert decision.entry in (entry, captured)
        assert decision.entry is not None
    if decision.fate is Fate.REJECT:
        assert decision.detail
    if decision.fate is Fate.NOTHING:
        assert isinstance(found, Item)
        assert not tags_of(of_item(found))
        assert not found.note
    assert decision.fate is not Fate.MERGE


@given(first=_ROWS, second=_ROWS)
def test_a_row_that_comes_a_third_time_says_nothing_new(first: Row, second: Row) -> None:
    """Merging is done once: what was merged and comes again changes nothing."""
    item = Item(URL, ORIGIN, title=second.title, tags=second.tags, note=second.note, starred=second.starred,
                read=second.read)  # fmt: skip
    decision = decide.of_row(Facts(item, JobItem(1, JobState.WAITING, encoded(first))))
    if decision.fate is Fate.MERGE:
        assert tags_of(decision.row) >= tags_of(replace(first, read=decision.row.read)) - {"unread"}
        again = decide.of_row(Facts(item, JobItem(1, JobState.WAITING, encoded(decision.row))))
        assert again.fate is Fate.NOTHING


@given(tags=st.frozensets(st.sampled_from("abc")), note=st.sampled_from(["", "x", "mine"]), row=_ROWS)
def test_laws_of_marks(tags: frozenset[str], note: str, row: Row) -> None:
    """Nothing is taken away, and marks that were put on once are not put on again."""
    more, noted = decide.marks(tags, note, row)
    assert not more & tags
    now = note if noted is None else noted
    assert note in now
    assert row.note in now
    assert decide.marks(tags | more, now, row) == (frozenset(), None)


@given(row=_ROWS)
def test_a_row_is_kept_as_it_is(row: Row) -> None:
    assert decoded(encoded(row)) == row
