"""What becomes of rows is decided from facts alone: the same again changes nothing, imports come in any order."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from captures import START, later
from hypothesis import given
from hypothesis import strategies as st

from archive import urls
from archive.model import Capture, Hop, HopKind, Method, Outcome, Version
from archive.storage.catalog import decide
from archive.storage.catalog.decide import EntryRow, Lead, Split, VersionRow
from archive.storage.catalog.rows import time_text

KEY, OTHER = "https://paper.example/a", "https://paper.example/b"

captures = st.builds(
    lambda hours, outcome, method, depth, kind: Capture(
        f"c{hours}", KEY, KEY, OTHER if outcome is Outcome.OK else KEY, later(hours), outcome, f"at {hours}", method,
        (Hop(KEY, HopKind.START, 200, None, "r"),), 200, kind, None, None, 1, None, depth,
    ),
    st.integers(-50, 50), st.sampled_from([Outcome.OK, Outcome.PAYWALL, Outcome.GONE, Outcome.FAILED]),
    st.sampled_from(Method), st.integers(0, 2), st.sampled_from([None, "", "text/html", "text/plain"]),
)  # fmt: skip
imports = captures.map(lambda capture: replace(capture, method=Method.IMPORT))


def after(entry: EntryRow, placed: str, capture: Capture) -> tuple[EntryRow, str]:
    """The entry after a capture, and when its newest one is placed."""
    older = decide.is_older(capture, placed)
    return decide.captured_again(entry, capture, older=older), max(placed, decide.placed(capture, placed, placed))


def begun(capture: Capture) -> tuple[EntryRow, str]:
    return decide.new_entry(1, KEY, capture), decide.placed(capture, "", "")


@given(captures, captures)
def test_a_capture_again_changes_nothing(first: Capture, second: Capture) -> None:
    once = after(*begun(first), second)
    assert after(*once, second) == once


@given(st.lists(imports, min_size=1, max_size=4, unique_by=lambda capture: capture.at))
def test_the_order_of_imports_is_no_matter_to_what_an_entry_shows(found: list[Capture]) -> None:
    """First and last time, depth, and what the latest capture said."""
    shown = set()
    for order in permutations(found):
        state = begun(order[0])
        for capture in order[1:]:
            state = after(*state, capture)
        entry = state[0]
        shown.add((entry.first_captured, entry.last_captured, entry.depth, entry.outcome, entry.detail, state[1]))
    assert len(shown) == 1


@given(captures, captures)
def test_what_was_fetched_stands_last_and_what_was_imported_at_its_time(first: Capture, second: Capture) -> None:
    _, before = begun(first)
    placed = decide.placed(second, before, "")
    assert placed == time_text(second.at) if second.method is Method.IMPORT else placed >= before


@given(captures, st.booleans())
def test_an_entry_with_a_text_keeps_its_address_unless_the_page_is_shown_again(capture: Capture, older: bool) -> None:
    entry = replace(decide.new_entry(1, KEY, replace(capture, final_url="https://was.example/")), version=1)
    now = decide.captured_again(entry, capture, older=older)
    moves = capture.outcome.has_content and not older
    assert now.final_url == (capture.final_url if moves else "https://was.example/")


@pytest.mark.parametrize(
    ("holder", "since", "lead"),
    [
        pytest.param(None, "", Lead.NEW, id="leads nowhere"),
        pytest.param((1, OTHER, 0), "9", Lead.THERE, id="leads here"),
        pytest.param((2, OTHER, 0), "5", Lead.TAKEN, id="led elsewhere, up to now"),
        pytest.param((2, OTHER, 1), "6", Lead.STAYS, id="leads elsewhere since later"),
        pytest.param((2, KEY, 0), "6", Lead.MERGED, id="own key of an entry without a text"),
        pytest.param((2, KEY, 1), "", Lead.OWNED, id="own key of an entry with a text"),
    ],
)
def test_where_a_key_leads(holder: tuple[int, str, int] | None, since: str, lead: Lead) -> None:
    row = None
    if holder:
        num, key, version = holder
        row = EntryRow(num, urls.entry_id(key), key, key, key, "ok", "", "", 0, "", "", version=version)
    assert decide.lead(KEY, 1, row, since=since, placed="5") is lead


def version(number: int, first: int, last: int, what: str = "") -> VersionRow:
    digest = what or f"text {number}"
    return VersionRow(number * 10, 1, Version(number, f"c{number}", later(first), later(last), "t", digest))


@given(st.integers(-3, 12), st.sampled_from(Method))
def test_a_capture_stands_between_two_versions_or_inside_of_one(hours: int, method: Method) -> None:
    held = [version(1, 0, 2), version(2, 4, 6), version(3, 8, 10)]
    capture = Capture("c", KEY, KEY, KEY, later(hours), Outcome.OK, "", method, (), 200, None, None, None, 1, None)
    before, behind = decide.around(held, capture)
    if method is not Method.IMPORT:
        assert (before, behind) == (held[-1], None)
        return
    assert before is None or before.version.first_seen <= capture.at
    assert behind is None or behind is before or behind.version.first_seen > capture.at
    if before is behind and before is not None:
        assert before.version.first_seen <= capture.at < before.version.last_seen
    numbers = (before.version.number if before else 0, behind.version.number if behind else 4)
    assert numbers[1] - numbers[0] in (0, 1)


def test_a_new_version_moves_those_behind_it_up() -> None:
    held = [version(1, 0, 2), version(2, 4, 6), version(3, 8, 10)]
    behind = replace(held[1].version, changes=frozenset({"links"}))
    changed, second = decide.inserted(held, 2, behind, None)
    assert second is None
    assert [(row.num, row.version.number) for row in changed] == [(20, 3), (30, 4)]
    assert changed[0].version.changes == {"links"}
    assert changed[0].version.first_seen == later(4)


def test_a_new_version_in_the_middle_of_another_makes_two_of_it() -> None:
    held = [version(1, 0, 9), version(2, 10, 12)]
    apart = decide.split(held[0].version, later(3), ("c5", later(5)))
    assert apart == Split(later(3), "c5", later(5))
    changed, second = decide.inserted(held, 2, held[0].version, apart)
    assert [(row.num, row.version.number, row.version.last_seen) for row in changed] == [
        (10, 1, later(3)), (20, 4, later(12)),
    ]  # fmt: skip
    assert second is not None
    assert (second.number, second.capture_id, second.first_seen, second.last_seen) == (3, "c5", later(5), later(9))
    assert decide.split(held[0].version, None, None) == Split(START, "c1", later(9)), "nothing else showed it"


@given(captures)
def test_a_version_seen_again_and_again_is_the_same(capture: Capture) -> None:
    once = decide.seen(version(1, 0, 5).version, capture)
    assert decide.seen(once, capture) == once
    assert once.last_seen >= max(later(5), capture.at)
    assert once.first_seen == (min(START, capture.at) if capture.method is Method.IMPORT else START)


@given(captures, st.integers(-60, 60))
def test_a_link_shows_something_else_only_of_what_is_newer(capture: Capture, hours: int) -> None:
    now = decide.as_latest(capture, time_text(later(hours)))
    assert decide.shows_otherwise(None, now)
    assert not decide.shows_otherwise(now, now)
    other = replace(now, detail="something else")
    assert decide.shows_otherwise(now, other)
    assert not decide.shows_otherwise(now, replace(other, placed=time_text(later(hours - 1))))
