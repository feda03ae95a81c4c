"""What becomes of what a watch has shown: the decisions as tables, and laws that hold for any facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Added, NoticeKind, Outcome, Version, Watch, WatchKind
from archive.storage import Story, WatchState
from archive.watching import decide

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
FEED = Watch("feed", WatchKind.FEED, "https://a.example/feed", LONG_AGO, NOW, WatchState(looked=NOW))
PAGE = Watch("page", WatchKind.PAGE, "https://a.example/1", LONG_AGO, NOW)
QUERY = Watch("query", WatchKind.QUERY, "topic:ICE", LONG_AGO, NOW)
WATCHES = {watch.id: watch for watch in (FEED, PAGE, QUERY)}


def story(watch: str = "feed", told: int = 0) -> Story:
    return Story(watch, "i1", "https://a.example/1", LONG_AGO, NOW, told)


def added(outcome: Outcome = Outcome.OK) -> Added:
    return Added("i1", "https://a.example/1", "https://a.example/one", outcome, "said", "One", 0, None)


def versions(count: int) -> list[Version]:
    kinds = [frozenset[str](), frozenset({"headline"}), frozenset({"numbers"})]
    return [Version(n + 1, "c", NOW, NOW, f"T{n + 1}", "d", kinds[n % 3], ()) for n in range(count)]


@pytest.mark.parametrize(
    ("told", "held", "kind", "changes"),
    [
        (0, 1, NoticeKind.NEW, ()),
        (0, 3, NoticeKind.NEW, ()),
        (1, 1, None, ()),
        (1, 2, NoticeKind.CHANGED, ("headline",)),
        (1, 3, NoticeKind.CHANGED, ("headline", "numbers")),
        (0, 0, None, ()),
        (2, 1, None, ()),  # a rebuilt archive may know fewer: nothing to tell
    ],
)
def test_a_story_is_told_where_it_has_versions_that_were_not(
    told: int, held: int, kind: NoticeKind | None, changes: tuple[str, ...]
) -> None:
    shown = decide.of_capture([story(told=told)], WATCHES, added(), versions(held), NOW, follow=True)
    assert (shown.notice and shown.notice.kind) == kind
    if shown.notice:
        assert (shown.notice.title, shown.notice.url) == (f"T{held}", "https://a.example/one")
        assert shown.notice.changes == changes
    assert shown.stories[0].told == max(told, held)


@pytest.mark.parametrize(
    ("watch", "follow", "told", "outcome", "again"),
    [
        ("page", False, 0, Outcome.NOT_FOUND, True),
        ("feed", True, 0, Outcome.OK, True),
        ("feed", False, 0, Outcome.OK, False),
        ("feed", False, 1, Outcome.OK, False),
        ("feed", True, 0, Outcome.REFUSED, False),
        ("feed", True, 1, Outcome.NOT_FOUND, True),
        ("feed", False, 0, Outcome.FAILED, True),  # it may pass
    ],
)
def test_what_is_looked_at_again(watch: str, follow: bool, told: int, outcome: Outcome, again: bool) -> None:
    shown = decide.of_capture([story(watch, told)], WATCHES, added(outcome), versions(told), NOW, follow=follow)
    due = shown.stories[0].due
    assert (due is not None and due > NOW) == again


def test_of_several_watches_the_first_tells_and_each_remembers() -> None:
    shown = decide.of_capture([story("page"), story("feed")], WATCHES, added(), versions(1), NOW, follow=True)
    assert shown.notice is not None
    assert shown.notice.watch == PAGE.target
    assert [one.told for one in shown.stories] == [1, 1]


URLS = {f"i{n}": f"https://a.example/{n}" for n in range(4)}


@pytest.mark.parametrize(
    ("first", "recent", "due"),
    [
        (True, {"https://a.example/2"}, {"i2"}),  # at the first look only news is captured
        (False, set(), {"i1", "i2"}),
        (False, {"https://a.example/2"}, {"i1", "i2"}),
    ],
)
def test_what_a_list_shows_for_the_first_time(first: bool, recent: set[str], due: set[str]) -> None:
    watch = replace(FEED, state=WatchState(looked=None if first else LONG_AGO))
    look = decide.Look(watch, WatchState(), URLS, frozenset(recent))
    listed = decide.of_look(look, ["i1", "i2"], {"i1": 3}, NOW)
    assert {one.item for one in listed.stories if one.due == NOW} == due
    assert {one.item: one.told for one in listed.stories} == {"i1": 3, "i2": 0}
    assert listed.watch.state.looked == NOW
    assert listed.notice is None


def test_a_list_that_failed_is_told_and_asked_later() -> None:
    listed = decide.of_look(decide.Look(FEED, WatchState(), failed=True, detail="gone"), [], {}, NOW)
    assert listed.notice is not None
    assert (listed.notice.kind, listed.notice.detail) == (NoticeKind.FAILED, "gone")
    assert listed.watch.state.failures == 1
    assert listed.watch.due > NOW


@given(
    told=st.lists(st.integers(0, 5), min_size=1, max_size=4), held=st.integers(0, 6),
    outcome=st.sampled_from(Outcome), follow=st.booleans(), data=st.data(),
)  # fmt: skip
def test_laws_of_a_capture(told: list[int], held: int, outcome: Outcome, follow: bool, data: st.DataObject) -> None:
    """Nothing is told twice, nothing untold is left, no story is lost, and a second look at the same says nothing."""
    stories = [
        replace(story(data.draw(st.sampled_from(["feed", "page"])), n), item=f"i{i}") for i, n in enumerate(told)
    ]
    shown = decide.of_capture(stories, WATCHES, added(outcome), versions(held), NOW, follow=follow)
    assert [one.item for one in shown.stories] == [one.item for one in stories]
    assert all(after.told >= max(before.told, held) for before, after in zip(stories, shown.stories, strict=True))
    assert (shown.notice is not None) == any(held > n for n in told)
    assert all(one.due is None or one.due > NOW for one in shown.stories)
    again = decide.of_capture(shown.stories, WATCHES, added(outcome), versions(held), NOW, follow=follow)
    assert again.notice is None


@given(unseen=st.lists(st.sampled_from(sorted(URLS)), unique=True), first=st.booleans(), failed=st.booleans())
def test_laws_of_a_look(unseen: list[str], first: bool, failed: bool) -> None:
    """Each unseen page is one story, and the watch is due again, later than now and within a month or so."""
    watch = replace(FEED, state=WatchState(looked=None if first else LONG_AGO))
    listed = decide.of_look(decide.Look(watch, WatchState(), URLS, frozenset(), failed), unseen, {}, NOW)
    assert [one.item for one in listed.stories] == unseen
    assert all((one.due == NOW) != first for one in listed.stories)
    assert NOW < listed.watch.due <= NOW + timedelta(days=1)


@given(unseen=st.lists(st.text(max_size=3)), report=st.booleans())
def test_laws_of_matches(unseen: list[str], report: bool) -> None:
    """What matches is kept as shown, never looked at by itself, and the watch was looked at now."""
    stories, watch = decide.of_matches(QUERY, unseen, NOW, report=report)
    assert [(one.item, one.due, one.told) for one in stories] == [(item, None, int(report)) for item in unseen]
    assert watch.state.looked == NOW
