"""Copies: which texts are taken for one, what the index says of them, and that no order of events changes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from engine_makes import ENGINES, SettingsMade, search_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_stories import STORIES, TODAY, FakeArchive, retold, story

from archive import Entry
from index import Index, IndexDamagedError, SearchSettings, open_index
from index.copies.alike import Reading, are_copies
from index.copies.table import CopyTable

WIRE = (
    "The port authority of Sillmouth said on Tuesday that it would close the north pier for six weeks while divers "
    "look at its foundations. Ships of more than 4,000 tonnes are to use the outer basin, the harbour master said. "
    "The pier was built in 1911 and was last mended in 1974, after a storm that cost the lives of three men. "
    "Fishermen said that they had not been asked, and that the outer basin has no ice. The council meets on Thursday. "
)
OTHER = (
    "A bakery on the market square sells rye bread again after forty years. Its owner baked the first loaves on Monday "
    "at four in the morning, and people queued around the corner until all of it was gone by nine. The oven is the old "
    "one, which a mason from the next valley has mended without asking for more than a loaf a week for a year. "
)
MORE = (
    "A spokesman for the fishermen's union called the decision hasty, and asked for a hearing before the summer. " * 2
)
CUT = WIRE[: WIRE.index("Fishermen")]


def at(id_: str, text: str, hour: int, site: str = "") -> Entry:
    """A story of that hour."""
    made = story(id_, f"A story {id_}", text, site=site or f"{id_}.example")
    assert made.article is not None
    moment = datetime(2025, 3, 4, 6, tzinfo=UTC) + timedelta(hours=hour)
    return replace(made, article=replace(made.article, published=moment, published_on=moment.date()))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> SettingsMade:
    return partial(search_settings, request, request.param)


@pytest.fixture
def archive() -> FakeArchive:
    return FakeArchive([at("late", WIRE + MORE, 5), at("wire", WIRE, 1), at("cut", CUT, 3), at("rye", OTHER, 0)])


@pytest.fixture
def index(archive: FakeArchive, engine: SettingsMade, tmp_path: Path) -> Iterator[Index]:
    with open_index(archive, tmp_path, engine(batch=2)) as opened:
        opened.update()
        yield opened


def found(index: Index, query: str) -> set[str]:
    return {hit.id for hit in index.search(query, limit=100, today=TODAY).hits}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(WIRE, WIRE.upper(), True, id="in other letters"),
        pytest.param(WIRE, WIRE + MORE, True, id="with a paragraph more"),
        pytest.param(WIRE, CUT, True, id="cut short"),
        pytest.param(WIRE, WIRE.replace("three men", "three sailors").replace("mended", "repaired"), True, id="edited"),
        pytest.param(WIRE, WIRE.replace("1974", "1975"), True, id="a number corrected"),
        pytest.param(WIRE, OTHER, False, id="another story"),
        pytest.param(WIRE, CUT[:150] + OTHER * 4, False, id="a quotation"),
        pytest.param("Not found. " * 8, "Not found. " * 8, False, id="too short to tell"),
        pytest.param(
            "The Federal Reserve entered the market to arrange 1.5 billion dollars of customer repurchase agreements, "
            "a spokesman said. Dealers said federal funds were trading at 6 1/16 percent when it began in March.",
            "The Federal Reserve entered the market to arrange 2 billion dollars of customer repurchase agreements, "
            "a spokeswoman said. Dealers said federal funds were trading at 6 1/8 percent when it began in April.",
            False,
            id="the next report of its kind",
        ),
    ],
)
def test_what_is_a_copy(one: str, other: str, expected: bool) -> None:
    assert are_copies(Reading.of(one), Reading.of(other)) is expected
    assert are_copies(Reading.of(other), Reading.of(one)) is expected


def test_copies_are_asked_by_the_article_and_by_what_is_known_of_them(index: Index) -> None:
    """Whoever was first is no copy, whatever came into the archive first; an article is no copy of itself."""
    assert found(index, "is:copy") == {"late", "cut"}
    assert found(index, "-is:copy") == {"wire", "rye"}
    for id_ in ("wire", "late", "cut"):
        assert found(index, f"copyof:{id_}") == {"wire", "late", "cut"} - {id_}
    assert found(index, "copyof:rye") == found(index, "copyof:nobody") == set()
    assert found(index, "copyof:wire site:cut.example") == {"cut"}
    assert found(index, "-copyof:wire") == {"wire", "rye"}
    (facet,) = index.facets("", ["is"])
    assert {value.value: value.count for value in facet.values} == {"copy": 2}
    assert index.search("copyof:wire", explain_clauses=True).clauses[0].count == 2
    assert set(index.ids("copyof:late")) == {"wire", "cut"}
    table = index.overview.table("copyof:wire", "site", "is").crossed
    assert [value for value, _ in table.rows.values] == ["cut.example", "late.example"]


def test_a_group_says_who_was_first_and_which_sites_ran_it(index: Index) -> None:
    group = index.copies.group_of("cut")
    assert group is not None
    assert [member.id for member in group.members] == ["wire", "cut", "late"]
    assert group.first.id == "wire"
    assert group.sites == ("wire.example", "cut.example", "late.example")
    assert index.copies.group_of("rye") is None
    assert index.copies.counts() == (2, 1)


def test_what_comes_goes_and_changes_is_followed(index: Index, archive: FakeArchive) -> None:
    archive.put(at("older", WIRE, 0))
    index.update()
    assert found(index, "is:copy") == {"late", "cut", "wire"}
    archive.put(retold(at("late", "", 5), OTHER))
    index.update()
    assert found(index, "copyof:wire") == {"older", "cut"}
    assert found(index, "copyof:rye") == {"late"}
    archive.remove("older")
    archive.remove("cut")
    index.update()
    assert found(index, "copyof:wire") == set()
    assert found(index, "is:copy") == {"late"}
    archive.put(at("cut", CUT, 9))
    index.update()
    assert found(index, "copyof:wire") == {"cut"}


def test_a_lost_table_of_copies_makes_the_index_anew(index: Index, archive: FakeArchive) -> None:
    """One on a server stays, and is given all of it again."""
    anew = index.settings.engine != "opensearch"
    (table,) = index.folder.glob("*.copies")
    table.unlink()
    archive.put(at("older", WIRE, 0))
    assert index.update().rebuilt is anew
    assert found(index, "is:copy") == {"late", "cut", "wire"}
    (table,) = index.folder.glob("*.copies")
    table.write_bytes(b"no database" * 100)
    with pytest.raises(IndexDamagedError):
        index.search("copyof:wire")
    archive.put(at("oldest", WIRE, -1))
    assert index.update().rebuilt is anew
    assert found(index, "is:copy") == {"late", "cut", "wire", "older"}
    assert len(list(index.folder.glob("*.copies*"))) == 1, "those of old generations are gone"


def test_what_an_engine_did_not_get_before_a_crash_it_gets_the_next_time(archive: FakeArchive, tmp_path: Path) -> None:
    """The groups are settled before the engine has the batch: what it must have anew is not forgotten."""
    from index.engines.whoosh.engine import WhooshEngine

    with open_index(archive, tmp_path, SearchSettings(batch=2)) as index:
        index.update()
    archive.put(at("older", WIRE, 0))

    def crash(_: object, batches: Iterable[object]) -> Iterator[object]:
        list(batches)  # what is asked for before it is in
        raise KeyboardInterrupt

    with open_index(archive, tmp_path, SearchSettings(batch=2)) as index, pytest.MonkeyPatch.context() as patch:
        position = index.lag()
        patch.setattr(WhooshEngine, "load", crash)
        with pytest.raises(KeyboardInterrupt):
            index.update()
        assert index.lag() == position
    with open_index(archive, tmp_path, SearchSettings(batch=2)) as index:
        index.update()
        assert found(index, "is:copy") == {"late", "cut", "wire"}


TEXTS = [WIRE, WIRE + MORE, CUT, OTHER, OTHER + MORE, "Too short.", ""]
events = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.none() | st.tuples(st.sampled_from(TEXTS), st.integers(0, 9))),
    min_size=1,
    max_size=14,
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=events, batch=st.integers(1, 4), every=st.integers(1, 5))
def test_groups_are_the_connected_parts_whatever_the_order(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, tuple[str, int] | None]], batch: int, every: int
) -> None:
    """An index that followed every event says what a new one says, and both what comparing all with all does."""
    archive = FakeArchive([])
    now: dict[str, tuple[str, int]] = {}
    folder = tmp_path_factory.mktemp("events")
    with open_index(archive, folder, SearchSettings(engine="memory", batch=batch)) as index:
        for number, (id_, facts) in enumerate(events):
            if facts is None:
                if id_ in now:
                    archive.remove(id_)
                    del now[id_]
            else:
                archive.put(at(id_, *facts))
                now[id_] = facts
            if number % every == 0:
                index.update()
        index.update()
        grown = {id_: found(index, f"copyof:{id_}") for id_ in now}, found(index, "is:copy")
        index.rebuild()
        assert grown == ({id_: found(index, f"copyof:{id_}") for id_ in now}, found(index, "is:copy"))
    copies: dict[str, set[str]] = {id_: {id_} for id_ in now}
    for one in now:
        for other in now:
            if are_copies(Reading.of(now[one][0]), Reading.of(now[other][0])):
                together = copies[one] | copies[other]
                for id_ in together:
                    copies[id_] = together
    assert grown[0] == {id_: copies[id_] - {id_} for id_ in now}
    first = {min(group, key=lambda id_: (now[id_][1], id_)) for group in copies.values()}
    assert grown[1] == set(now) - first


def test_an_article_that_was_alone_for_a_while_has_its_new_time(archive: FakeArchive, index: Index) -> None:
    archive.remove("cut")
    archive.remove("late")
    index.update()
    archive.put(at("wire", WIRE, 9))
    index.update()
    archive.put(at("late", WIRE + MORE, 5))
    index.update()
    assert found(index, "is:copy") == {"wire"}


def test_stories_of_all_kinds_can_be_followed(engine: SettingsMade, tmp_path: Path) -> None:
    with open_index(FakeArchive(STORIES), tmp_path, engine()) as index:
        index.update()
        assert list(index.check()) == []


def test_forms_that_were_filled_in_are_not_compared_each_with_each(tmp_path: Path) -> None:
    """Weather reports, notices of courts: with all pairs of 10,000 such texts an update would not come to its end."""
    table = CopyTable(tmp_path / "copies", write=True)
    numbers = table.add([(f"form{n}", n.to_bytes(8), (7,)) for n in range(400)])
    later = table.add([("later", b"l" * 8, (7, 9)), ("latest", b"m" * 8, (7, 9))])
    pairs = table.near([(7, number) for number in (*numbers, *later)] + [(9, number) for number in later])
    assert len(pairs) < 402 * 60
    assert {one for one, _ in pairs} == {*numbers, *later}
    assert (later[1], later[0]) in pairs, "what else they have in common still counts"
    table.close()


def test_every_edition_of_a_story_that_very_many_ran_is_found(tmp_path: Path) -> None:
    editions = [
        at(f"e{n:03}", f"{WIRE} The paper of town {n} adds that its readers know more of it.", n) for n in range(130)
    ]
    with open_index(FakeArchive(editions), tmp_path, SearchSettings(engine="memory", batch=30)) as index:
        index.update()
        assert index.copies.counts() == (129, 1)
