"""What an import brings has a time of its own: whatever comes first, the versions stand in the order of time."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from captures import START, article, exchange, failed, fetched, later, moved, new_folder, opened, page
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.cataloguing import Catalogued, Cataloguing
from archive.model import Article, Entry, Fetched, Method, Outcome, Reading, Version
from archive.reading import Read
from archive.storage import Facts, Store
from archive.urls import identity
from archive.versions import compare

STORY = "https://paper.example/story"
TEXTS = {
    "A": "The board voted on Tuesday to mend the pier before winter.",
    "B": "The board voted on Tuesday to close the pier for good.",
    "C": "A court has stopped the board from closing the pier.",
}
Sighting = tuple[int, str]  # hours after START, and a text, or "-" where the page could not be had


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_import_does_not_matter(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.sampled_from("AABBC-"), min_size=1, max_size=8))
    sightings = list(enumerate(texts))
    shuffled = data.draw(st.permutations(sightings))
    with tempfile.TemporaryDirectory() as folder, opened(new_folder(Path(folder))) as store:
        imported(store, shuffled)
        runs = [list(run) for _, run in groupby((x for x in sightings if x[1] != "-"), key=lambda x: x[1])]
        entry, versions = held(store)
        assert [(v.first_seen, v.last_seen) for v in versions] == [(later(r[0][0]), later(r[-1][0])) for r in runs]
        for n, (before, after) in enumerate(zip(["", *(r[0][1] for r in runs)], [r[0][1] for r in runs], strict=False)):
            assert store.catalog.article_at(entry.id, n + 1).text == TEXTS[after]
            assert versions[n].changes == changed(before, after)
            assert versions[n].capture_id in {capture.id for capture in store.catalog.captures(entry.id)}
            assert bool(versions[n].removed) == bool(before)
        assert entry.versions == len(runs)
        assert entry.changes == frozenset().union(*(version.changes for version in versions))
        assert (entry.article.text if entry.article else None) == (TEXTS[runs[-1][0][1]] if runs else None)
        assert (entry.first_captured, entry.last_captured) == (START, later(len(texts) - 1))
        assert entry.outcome.has_content == (texts[-1] != "-")
        assert [capture.at for capture in store.catalog.captures(entry.id)] == [later(n) for n, _ in sightings]


def test_what_is_fetched_is_the_latest(tmp_path: Path) -> None:
    """Also after an import from the future, as a wrong clock gives it."""
    with opened(new_folder(tmp_path / "archive")) as store:
        imported(store, [(1000, "A")])
        put(store, page(STORY, at=START), "B", Method.FETCH)
        imported(store, [(-5, "C")])
        entry, versions = held(store)
        assert [version.title for version in versions] == ["C", "A", "B"]
        assert entry.article is not None
        assert (entry.article.text, entry.last_captured) == (TEXTS["B"], START)
        assert (entry.first_captured, entry.capture_id) == (later(-5), versions[-1].capture_id)


def test_an_older_short_link_takes_nothing_over(tmp_path: Path) -> None:
    """Where a short link leads is what it led to last, whichever capture came first."""
    short, first, second = "https://sho.rt/x", "https://paper.example/first", "https://paper.example/second"
    with opened(new_folder(tmp_path / "archive")) as store:
        put(store, moved(short, second), "B", Method.FETCH)
        old = fetched(
            exchange(short, b"", status=301, location=first, headers=(("Location", first),), at=later(-9)),
            exchange(first, at=later(-9)),
        )
        put(store, old, "A", Method.IMPORT)
        (found,) = store.catalog.resolve(short)
        entry = store.catalog.get(found)
        assert entry is not None
        assert entry.key == identity(second)


def test_an_older_failure_is_not_tried_again(tmp_path: Path) -> None:
    """What a cited source gave last counts, whichever capture came into the archive first."""
    with opened(new_folder(tmp_path / "archive")) as store:
        put(store, page(STORY), "A", Method.FETCH, depth=1)
        put(store, failed(STORY, at=later(-9)), "-", Method.IMPORT, depth=1)
        assert list(store.catalog.pending_links()) == []
        put(store, failed(STORY, at=later(1)), "-", Method.FETCH, depth=1)
        assert [link.url for link in store.catalog.pending_links()] == [STORY]


def imported(store: Store, sightings: Sequence[Sighting]) -> None:
    for hour, text in sightings:
        at = later(hour)
        put(store, failed(STORY, at=at) if text == "-" else page(STORY, at=at), text, Method.IMPORT)


def put(store: Store, what: Fetched, text: str, method: Method, depth: int = 0) -> Catalogued:
    read = Read(what_is(text), Reading(), Outcome.OK, "", "text/html") if text in TEXTS else None
    with store.batch() as rows:
        stored = store.append(what, Facts(identity(what.request.url), method, depth=depth))
        return Cataloguing(rows).put(stored, read)


def held(store: Store) -> tuple[Entry, list[Version]]:
    (found,) = store.catalog.resolve(STORY)
    entry = store.catalog.get(found)
    assert entry is not None
    return entry, store.catalog.versions(found)


def changed(before: str, after: str) -> frozenset[str]:
    if not before:
        return frozenset()
    return compare(what_is(before), what_is(after)).changes


def what_is(text: str) -> Article:
    return article(STORY, title=text, text=TEXTS[text])
