"""The life of an index: made, kept up to date, replaced, shared, damaged, and held against the archive."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from engine_makes import ENGINES, SettingsMade, search_settings
from index_stories import BY_ID, STORIES, TODAY, FakeArchive, retold

from archive import Entry, SettingsError
from index import (
    CursorError,
    Index,
    IndexBusyError,
    IndexDamagedError,
    QueryError,
    SearchSettings,
    Sort,
    TooBroadError,
    facet_names,
    open_index,
)
from index.engines import Engine, opener
from index.engines.whoosh import contents

ROOT = Path(__file__).parents[1]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> SettingsMade:
    return partial(search_settings, request, request.param)


@pytest.fixture
def archive() -> FakeArchive:
    return FakeArchive(STORIES)


@pytest.fixture
def index(archive: FakeArchive, tmp_path: Path) -> Iterator[Index]:
    """On the default engine."""
    with open_index(archive, tmp_path, SearchSettings(batch=10, lock_wait=0.2)) as opened:
        yield opened


def found(index: Index, query: str) -> set[str]:
    return {hit.id for hit in index.search(query, limit=100, today=TODAY).hits}


def pointer(index: Index) -> dict[str, object]:
    facts: dict[str, object] = json.loads((index.folder / "current.json").read_text())
    return facts


def point(index: Index, **facts: object) -> None:
    (index.folder / "current.json").write_text(json.dumps({**pointer(index), **facts}))


def generations(index: Index) -> list[str]:
    return sorted(path.name for path in index.folder.iterdir() if path.is_dir())


# -- following the archive -----------------------------------------------------------------------------------------


def test_an_index_that_was_never_made_is_made_by_the_first_search(engine: SettingsMade, tmp_path: Path) -> None:
    with open_index(FakeArchive(STORIES), tmp_path, engine()) as index:
        assert index.size() == 0
        assert index.lag() == len(STORIES)
        assert found(index, "bread") == {"bakery"}
        assert index.lag() == 0


def test_ids_are_those_of_one_commit_whatever_comes_while_they_are_read(engine: SettingsMade, tmp_path: Path) -> None:
    archive = FakeArchive(STORIES)
    with open_index(archive, tmp_path, engine(batch=7)) as index:
        before = [hit.id for hit in index.search("*", limit=100, sort=Sort.ID).hits]
        reading = index.ids("*")
        first = next(reading)
        for number in range(30):
            archive.put(replace(BY_ID["raid"], id=f"{number:03}"))
        for gone in before[1::2]:
            archive.remove(gone)
        index.update()
        index.rebuild()
        assert [first, *reading] == before == sorted(before)
        assert len(set(index.ids())) == len(before) - len(before[1::2]) + 30


def test_a_query_of_ids_that_cannot_be_read_is_refused_at_once(index: Index) -> None:
    with pytest.raises(QueryError):
        index.ids("persn:Krasner")


def test_an_empty_archive_is_searched_without_hits(engine: SettingsMade, tmp_path: Path) -> None:
    with open_index(FakeArchive(), tmp_path, engine()) as index:
        results = index.search("raid", facets=["person"])
        assert (results.total, results.hits, results.cursor) == (0, (), None)
        assert results.facets[0].values == ()
        assert index.update().written == 0


def test_an_update_takes_in_what_is_new_different_and_gone(engine: SettingsMade, tmp_path: Path) -> None:
    archive = FakeArchive(STORIES)
    with open_index(archive, tmp_path, engine(batch=4)) as index:
        index.update()
        archive.put(retold(BY_ID["bakery"], "Now about zebras."))
        archive.remove("budget")
        archive.remove("raid")
        archive.put(replace(BY_ID["raid"], tags=("zebra",)))
        assert index.search("zebra").behind == 4, "a search says how far behind it is"
        assert found(index, "budget") == {"budget"}
        done = index.update()
        assert (done.written, done.removed, done.rebuilt) == (2, 1, False)
        assert found(index, "zebra") == {"bakery"}
        assert found(index, "bread OR budget") == set()
        assert found(index, "tag:zebra") == {"raid"}
        assert index.update().written == 0


def test_an_update_reports_how_many_entries_are_done(index: Index) -> None:
    seen: list[int] = []
    assert index.update(seen.append).written == len(STORIES)
    assert seen[-1] == len(STORIES)
    assert seen == sorted(seen)


def test_an_index_outlives_the_process(archive: FakeArchive, tmp_path: Path) -> None:
    with open_index(archive, tmp_path, SearchSettings()) as first:
        first.update()
    with open_index(archive, tmp_path, SearchSettings()) as second:
        assert second.lag() == 0
        assert found(second, "bread") == {"bakery"}


def test_a_change_log_that_began_anew_makes_a_new_index(engine: SettingsMade, tmp_path: Path) -> None:
    with open_index(FakeArchive(STORIES), tmp_path, engine()) as index:
        index.update()
    rebuilt = FakeArchive([BY_ID["raid"]] * 100, log="second")
    with open_index(rebuilt, tmp_path, engine()) as index:
        assert index.update().rebuilt
        assert found(index, "*") == {"raid"}


def test_a_shorter_change_log_makes_a_new_index_too(index: Index, archive: FakeArchive) -> None:
    index.update()
    del archive.log[3:]
    assert index.lag() == 3
    assert [problem.what for problem in index.check()] == ["it follows a change log that is gone"]
    assert index.update().rebuilt
    assert list(index.check()) == []


class Slow(FakeArchive):
    """Something is archived while everything is read."""

    def entries(self, after: str = "", limit: int = 100) -> list[Entry]:
        if not after:
            self.put(retold(BY_ID["bakery"], "Late zebras."))
            self.remove("budget")
        return super().entries(after, limit)


def test_what_changes_during_a_rebuild_is_in_the_new_index(tmp_path: Path) -> None:
    with open_index(Slow(STORIES), tmp_path, SearchSettings(batch=5)) as index:
        index.rebuild()
        assert found(index, "zebras OR budget") == {"bakery"}
        assert index.lag() == 0


# -- generations ---------------------------------------------------------------------------------------------------


def test_a_rebuild_replaces_the_index_at_once_and_clears_the_old_one_away(index: Index) -> None:
    index.update()
    (before,) = generations(index)
    assert index.rebuild().rebuilt
    (after,) = generations(index)
    assert before != after
    assert found(index, "bread") == {"bakery"}


def test_another_reader_goes_on_through_a_rebuild(index: Index, archive: FakeArchive, tmp_path: Path) -> None:
    index.update()
    with open_index(archive, tmp_path, SearchSettings()) as reader:
        assert found(reader, "bread") == {"bakery"}
        archive.put(retold(BY_ID["bakery"], "zebra"))
        index.rebuild()
        assert found(reader, "bread") == set()
        assert found(reader, "zebra") == {"bakery"}


class Broken(FakeArchive):
    """Cannot be read to the end."""

    def entries(self, after: str = "", limit: int = 100) -> list[Entry]:
        if after:
            raise OSError("the disk is gone")
        return super().entries(after, limit)


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(index: Index, tmp_path: Path) -> None:
    index.update()
    with open_index(Broken(STORIES), tmp_path, SearchSettings(batch=5)) as broken, pytest.raises(OSError, match="disk"):
        broken.rebuild()
    assert found(index, "bread") == {"bakery"}
    index.rebuild()
    assert len(generations(index)) == 1, "what the failed one left is cleared away"


def test_a_reindex_moves_to_the_engine_of_the_settings(archive: FakeArchive, tmp_path: Path) -> None:
    with open_index(archive, tmp_path, SearchSettings(engine="whoosh")) as index:
        index.update()
    with open_index(archive, tmp_path, SearchSettings(engine="memory")) as index:
        assert found(index, "bread") == {"bakery"}
        assert pointer(index)["engine"] == "whoosh", "until then the index stays what it is"
        index.rebuild()
        assert pointer(index)["engine"] == "memory"
        assert found(index, "bread") == {"bakery"}


def test_searches_never_see_half_a_commit_nor_an_error(index: Index, archive: FakeArchive) -> None:
    """Every entry is told anew, over and over, all in one commit; readers see all of one telling or all of the next."""
    ids = ["bakery", "budget", "fair", "dugan", "charges"]
    index.settings = replace(index.settings, batch=len(ids), lock_wait=30)
    everything = FakeArchive([retold(BY_ID[id_], "telling0") for id_ in ids])
    stop = threading.Event()
    wrong: list[object] = []

    def read(reader: Index) -> None:
        while not stop.is_set():
            try:
                result = reader.search("telling*", facets=["lang"], limit=20)
                texts = {hit.snippet.text for hit in result.hits}
                if result.total != len(ids) or not texts:
                    wrong.append(result)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                wrong.append(error)

    folder = index.folder.parent
    settings = SearchSettings(batch=len(ids), lock_wait=30)
    with open_index(everything, folder, settings) as writer, open_index(everything, folder, settings) as other:
        writer.update()
        readers = [threading.Thread(target=read, args=(reader,)) for reader in (writer, other)]
        for thread in readers:
            thread.start()
        for telling in range(25):
            for id_ in ids:
                everything.put(retold(BY_ID[id_], f"telling{telling}"))
            if telling % 8 == 7:
                writer.rebuild()
            else:
                writer.update()
        stop.set()
        for thread in readers:
            thread.join()
    assert wrong == []


# -- one writer ----------------------------------------------------------------------------------------------------

_HOLD = """
import sys
from pathlib import Path
from archive import FolderLock
with FolderLock(Path(sys.argv[1]) / "lock"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(index: Index) -> Iterator[subprocess.Popen[str]]:
    """Another process that writes to the index until it reads a line."""
    index.update()
    command = [sys.executable, "-c", _HOLD, str(index.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_waits_and_then_names_the_first(index: Index, holder: subprocess.Popen[str]) -> None:
    told: list[str] = []
    with pytest.raises(IndexBusyError, match=f"process {holder.pid}") as caught:
        index.update(waiting=told.append)
    assert str(holder.pid) in caught.value.holder
    assert len(told) == 1
    assert str(holder.pid) in told[0]
    assert found(index, "bread") == {"bakery"}, "readers do not wait"


def test_the_lock_of_a_process_that_was_killed_holds_nobody_up(index: Index, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert index.rebuild().rebuilt


# -- damage --------------------------------------------------------------------------------------------------------

OUTDATED = [
    ("another format", lambda index: point(index, format=99), "has format 99"),
    ("another schema", lambda index: point(index, schema="x"), "other fields"),
    ("an unknown engine", lambda index: point(index, engine="solr"), "does not have"),
]
DAMAGE = [
    ("an unreadable pointer", lambda index: (index.folder / "current.json").write_text("{"), "does not say"),
    ("a pointer with nothing in it", lambda index: (index.folder / "current.json").write_text("{}"), "does not say"),
    ("a list for a pointer", lambda index: (index.folder / "current.json").write_text("[1]"), "does not say"),
    ("a path for a folder", lambda index: point(index, folder="../../etc"), "names no folder"),
    ("a number for a folder", lambda index: point(index, folder=7), "names no folder"),
    ("no such folder", lambda index: point(index, folder="g9999"), "is gone"),
]


@pytest.mark.parametrize(("damage", "message"), [row[1:] for row in DAMAGE], ids=[row[0] for row in DAMAGE])
def test_a_damaged_index_is_named_and_can_be_made_anew(index: Index, damage: object, message: str) -> None:
    index.update()
    damage(index)  # type: ignore[operator]
    with pytest.raises(IndexDamagedError, match=message) as caught:
        index.search("bread")
    assert caught.value.folder in str(caught.value)
    assert "backfile reindex" in str(caught.value)
    (problem,) = index.check()
    assert (problem.layer, problem.remedy) == ("index", "backfile reindex")
    index.rebuild()
    assert found(index, "bread") == {"bakery"}
    assert list(index.check()) == []


@pytest.mark.parametrize(
    ("damage", "message"), [row[1:] for row in OUTDATED + DAMAGE], ids=[row[0] for row in OUTDATED + DAMAGE]
)
def test_what_has_just_been_archived_is_indexed_whatever_the_index_was(
    index: Index, archive: FakeArchive, damage: object, message: str
) -> None:
    """`add` ends with an update: that makes an index anew which cannot be used, and says why."""
    index.update()
    damage(index)  # type: ignore[operator]
    archive.put(retold(BY_ID["bakery"], "An article about zebras."))
    updated = index.update()
    assert updated.rebuilt
    assert message in updated.why
    assert found(index, "zebras") == {"bakery"}
    assert list(index.check()) == []
    assert not index.update().why


@pytest.mark.parametrize(("damage", "message"), [row[1:] for row in OUTDATED], ids=[row[0] for row in OUTDATED])
def test_an_index_of_another_version_is_made_anew_by_the_first_search(
    index: Index, archive: FakeArchive, damage: object, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    index.update()
    damage(index)  # type: ignore[operator]
    assert (index.size(), index.lag()) == (0, archive.last_change())
    assert list(index.check()) == []
    assert message in caplog.text
    assert found(index, "bread") == {"bakery"}
    assert index.lag() == 0


def test_an_index_whose_engine_wrote_another_format_is_made_anew(
    index: Index, archive: FakeArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "FORMAT", contents.FORMAT - 1)
    index.update()
    index.close()
    monkeypatch.undo()
    assert (index.size(), index.lag()) == (0, archive.last_change())
    assert found(index, "bread") == {"bakery"}


def test_a_check_names_what_is_missing_and_what_is_too_much(index: Index, archive: FakeArchive) -> None:
    index.update()
    del archive.held["bakery"]
    archive.held["zebra"] = replace(BY_ID["bakery"], id="zebra")
    assert {(problem.where, problem.what) for problem in index.check()} == {
        ("bakery", "the entry is in the index but not in the archive"),
        ("zebra", "the entry is in the archive but not in the index"),
    }


def test_a_check_forgives_what_was_not_yet_taken_in(index: Index, archive: FakeArchive) -> None:
    index.update()
    archive.remove("bakery")
    archive.put(replace(BY_ID["bakery"], id="zebra"))
    assert list(index.check()) == []
    assert index.lag() == 2


def test_a_check_of_no_index(index: Index) -> None:
    (problem,) = index.check()
    assert problem.what == "there is no index yet"


# -- questions that cannot be answered -----------------------------------------------------------------------------


def test_a_cursor_of_another_order_or_of_nobody_is_refused(index: Index) -> None:
    cursor = index.search("*", limit=1).cursor
    assert cursor
    with pytest.raises(CursorError, match="another order"):
        index.search("*", sort=Sort.NEWEST, cursor=cursor)
    for bad in ("x", "…", "W10", "WzEsMiwzXQ", cursor[:-4], "[" * 400):
        with pytest.raises(CursorError):
            index.search("*", cursor=bad)


def test_bytes_that_are_no_text_come_back_as_text(index: Index) -> None:
    results = index.search("Krosner\udcff person:Krosner\udcff")
    "".join(
        [results.query, results.words, *results.suggestions, *(clause.query for clause in results.clauses)]
    ).encode()
    with pytest.raises(QueryError) as caught:
        index.search("*", facets=["\udcff"])
    caught.value.help().encode()


def test_an_unknown_facet_is_refused_with_a_suggestion(index: Index) -> None:
    with pytest.raises(QueryError) as caught:
        index.search("*", facets=["persom"])
    assert caught.value.suggestion == "person"
    for bad in ("text", "person.year", "date.week", ""):
        with pytest.raises(QueryError):
            index.search("*", facets=[bad])
        with pytest.raises(QueryError):
            index.search("*", choose={bad: ["x"]})


def test_every_facet_can_be_counted(index: Index) -> None:
    assert [facet.name for facet in index.facets("*", facet_names())] == facet_names()


def test_days_are_chosen_at_one_grain(index: Index) -> None:
    with pytest.raises(QueryError, match="cannot be chosen"):
        index.search("*", choose={"date": ["2025", "2025-01"]})
    with pytest.raises(QueryError, match="cannot be chosen"):
        index.search("*", choose={"date": ["January"]})


def test_a_relative_date_beyond_the_calendar_is_a_query_error(index: Index) -> None:
    with pytest.raises(QueryError, match="outside the calendar"):
        index.search('date:"3000 years ago"', today=TODAY)


@pytest.mark.parametrize("query", ["*", "w*", "-*", "a* OR b* OR c*", "-(a* b*)"])
def test_q06_broad_queries_are_answered(engine: SettingsMade, tmp_path: Path, query: str) -> None:
    with open_index(FakeArchive(STORIES), tmp_path, engine()) as index:
        index.search(query, facets=["person"])


def test_q06_a_word_that_stands_for_too_many_is_refused_with_its_place(index: Index) -> None:
    index.settings = replace(index.settings, expansion=3)
    with pytest.raises(TooBroadError) as caught:
        index.search("bread OR i*")
    assert (caught.value.position, caught.value.length) == (9, 2)
    assert caught.value.caret().splitlines() == ["bread OR i*", "         ^^"]


def test_the_time_for_one_question_is_bounded(engine: SettingsMade, tmp_path: Path) -> None:
    with open_index(FakeArchive(STORIES), tmp_path, engine(seconds=0)) as index:
        index.update()
        with pytest.raises(TooBroadError, match="seconds"):
            index.search("raid OR ice")


# -- settings and seams --------------------------------------------------------------------------------------------


def test_settings_come_from_the_archives_file(archive: FakeArchive, tmp_path: Path) -> None:
    (tmp_path / "backfile.toml").write_text('[search]\nengine = "memory"\nseconds = 3\n')
    with open_index(archive, tmp_path) as index:
        assert index.settings == SearchSettings(engine="memory", seconds=3)
    (tmp_path / "backfile.toml").write_text('[search]\nengine = "sphinx"\n')
    with pytest.raises(SettingsError, match="sphinx") as caught:
        open_index(archive, tmp_path)
    assert caught.value.key == "search.engine"


@pytest.mark.parametrize("text", ["lock_wait = -1", "batch = 0", "snippet = 0", 'batch = "many"', "colour = 1"])
def test_bad_settings_are_refused(archive: FakeArchive, tmp_path: Path, text: str) -> None:
    (tmp_path / "backfile.toml").write_text(f"[search]\n{text}\n")
    with pytest.raises(SettingsError):
        open_index(archive, tmp_path)


def test_an_empty_folder_is_an_empty_engine(engine: SettingsMade, tmp_path: Path) -> None:
    settings = engine()
    opened: Engine = opener(settings.engine)(tmp_path, settings)
    assert (opened.position(), opened.size(), list(opened.ids())) == (0, 0, [])
    opened.close()
    opened.close()


def test_spellings_come_by_how_near_they_are_whichever_field_has_them(tmp_path: Path) -> None:
    """A headline has words that are less alike than those of a text; a hyphen may stand before digits."""
    story = next(story for story in STORIES if story.article and story.article.lang == "en")
    assert story.article
    article = replace(story.article, title="The market", text="Margaret Venn came to the G-7 meeting.")
    with open_index(FakeArchive([replace(story, article=article)]), tmp_path) as index:
        assert index.search("Margret").suggestions == ("margaret", "market")
        assert index.search("G7").suggestions == ("G-7",)
        assert index.search("Margret G7").suggestions == ("margaret G-7", "market G-7")
