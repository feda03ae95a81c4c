"""An index on OpenSearch: where it stands and who may replace it, what a crash leaves, and a network that fails."""

from __future__ import annotations

import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import server_opensearch
from engine_makes import search_settings
from faulty_proxy import Proxy, proxied
from index_stories import BY_ID, STORIES, TODAY, FakeArchive, retold, story

from archive import Entry
from index import Index, IndexDamagedError, IndexStorageError, SearchSettings, Sort, TooBroadError, open_index
from index.engines import Batch
from index.engines.opensearch.server import Server
from index.engines.opensearch.writing import write
from index.fields import document
from index.query.nodes import And, Node, Not, Or, Phrase, Prefix, Word

pytestmark = pytest.mark.servers

WIRE = (
    "The port authority of Sillmouth said on Tuesday that it would close the north pier for six weeks while divers "
    "look at its foundations. Ships of more than 4,000 tonnes are to use the outer basin, the harbour master said. "
    "The pier was built in 1911 and was last mended in 1974, after a storm that cost the lives of three men."
)


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> SearchSettings:
    return search_settings(request, "opensearch", batch=7)


@pytest.fixture
def server(opensearch: str) -> Iterator[Server]:
    with closing(Server(opensearch)) as asked:
        yield asked


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders of archives."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    return one, two


@pytest.fixture
def proxy(opensearch: str) -> Iterator[Proxy]:
    with proxied(opensearch) as between:
        yield between


def found(index: Index, query: str | Node) -> set[str]:
    return {hit.id for hit in index.search(query, limit=100, today=TODAY, strict=True).hits}


def standing(server: Server, settings: SearchSettings) -> list[str]:
    """The indices of an archive, those under its name with a star."""
    rows: dict[str, Any] = server.ask("GET", f"/{settings.index}*/_alias")
    return sorted(name + "*" * (settings.index in facts["aliases"]) for name, facts in rows.items())


# -- where it stands -----------------------------------------------------------------------------------------------


def test_a_reindex_puts_another_index_under_the_name_and_removes_the_old_one(
    server: Server, settings: SearchSettings, tmp_path: Path
) -> None:
    with open_index(FakeArchive(STORIES), tmp_path, settings) as index:
        index.update()
        (first,) = standing(server, settings)
        index.rebuild()
        (second,) = standing(server, settings)
        assert first.endswith("*")
        assert second.endswith("*")
        assert first != second
        assert found(index, "bread") == {"bakery"}
        assert index.place == f"{settings.url}/{settings.index}"


def test_what_a_reindex_left_half_made_goes_with_the_next_one(
    server: Server, settings: SearchSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = FakeArchive(STORIES)
    with open_index(archive, tmp_path, settings) as index:
        index.update()
        with monkeypatch.context() as broken:
            broken.setattr(archive, "entries", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                index.rebuild()
        assert len(standing(server, settings)) == 2
        assert found(index, "bread") == {"bakery"}, "the old one goes on"
        index.rebuild()
        assert len(standing(server, settings)) == 1


def test_another_folder_of_the_archive_follows_what_is_there(
    server: Server, settings: SearchSettings, folders: tuple[Path, Path]
) -> None:
    archive = FakeArchive(STORIES)
    with open_index(archive, folders[0], settings) as one, open_index(archive, folders[1], settings) as two:
        one.update()
        names = standing(server, settings)
        assert found(two, "bread") == {"bakery"}
        assert standing(server, settings) == names, "nothing was made anew"
        archive.put(retold(BY_ID["bakery"], "Now about zebras."))
        one.update()
        archive.put(retold(BY_ID["budget"], "Zebras here, too."))
        two.update()
        assert found(one, "zebra") == found(two, "zebras") == {"bakery", "budget"}
        assert one.lag() == two.lag() == 0
        for number in (1, 2):  # copies by turns, seen by each folder before it has followed so far
            archive.put(story(f"copy{number}", "A wire", WIRE, published=f"2025-03-0{number}"))
            (one, two)[number - 1].update()
            archive.put(story(f"more{number}", "A wire", f"{WIRE} And more.", published=f"2025-04-0{number}"))
        for index in (one, two, one):
            index.update()
        copies = {"copy2", "more1", "more2"}
        assert found(one, "is:copy") == found(two, "is:copy") == copies
        assert found(two, "copyof:copy1") == copies
        one.rebuild()
        assert found(one, "is:copy") == copies
        assert found(two, "zebra") == {"bakery", "budget"}, "it follows to the new one"
        assert two.copies.counts() == one.copies.counts()
        assert len(standing(server, settings)) == 1


def test_another_archive_does_not_take_the_name(
    server: Server, settings: SearchSettings, folders: tuple[Path, Path]
) -> None:
    other = FakeArchive(STORIES[:3], log="another")
    with open_index(FakeArchive(STORIES), folders[0], settings) as one:
        one.update()
        refused = pytest.raises(IndexStorageError, match=r"was made for another archive, .*one.* another name")
        with open_index(other, folders[1], settings) as two, refused:
            two.update()
        assert one.size() == len(STORIES)


def test_an_index_of_strangers_is_not_touched(server: Server, settings: SearchSettings, tmp_path: Path) -> None:
    server.ask("PUT", f"/{settings.index}", {})
    refused = pytest.raises(IndexStorageError, match=f"has an index {settings.index} that no archive made; give")
    with open_index(FakeArchive(STORIES), tmp_path, settings) as index, refused:
        index.update()
    assert server.ask("GET", f"/{settings.index}/_count")["count"] == 0


def test_an_index_that_somebody_deleted_is_made_anew(server: Server, settings: SearchSettings, tmp_path: Path) -> None:
    told: list[str] = []
    with open_index(FakeArchive(STORIES), tmp_path, settings, told=told.append) as index:
        index.update()
        server.ask("DELETE", f"/{standing(server, settings)[0].rstrip('*')}")
        assert found(index, "bread") == {"bakery"}
        assert len(told) == 1
        assert "is gone from" in told[0]


def test_documents_for_an_index_that_is_gone_make_none(
    server: Server, settings: SearchSettings, tmp_path: Path
) -> None:
    archive = FakeArchive(STORIES)
    with open_index(archive, tmp_path, settings) as index:
        index.update()
        with index._opened.engine() as engine:
            server.ask("DELETE", f"/{standing(server, settings)[0].rstrip('*')}")
            batch = Batch([document(BY_ID["bakery"])], (), 5)
            with pytest.raises(IndexDamagedError, match="is gone"):
                write(engine._server, engine._place, batch, tmp_path)  # type: ignore[attr-defined]
    assert standing(server, settings) == []


# -- a network that fails ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["503", "500", "429", "lose", "slow"])
def test_requests_that_fail_now_and_then_change_nothing(
    settings: SearchSettings, proxy: Proxy, folders: tuple[Path, Path], fault: str
) -> None:
    """Every third one, while the index is filled, brought on and asked: as the oracle says it."""
    archive, plain = FakeArchive(STORIES[:20]), FakeArchive(STORIES[:20])
    proxy.plan = lambda number, *_: fault if number % 3 == 0 else ""
    with (
        open_index(archive, folders[0], replace(settings, url=proxy.url)) as index,
        open_index(plain, folders[1], SearchSettings(engine="memory")) as oracle,
    ):
        index.update()
        for source in (archive, plain):
            source.remove("budget")
            for entry in STORIES[20:]:
                source.put(entry)
        index.update()
        oracle.update()
        for query in ("raid", "Krasner OR bread", "", "date:2025"):
            asked: dict[str, Any] = {"facets": ["person", "date"], "sort": Sort.ID, "limit": 100, "today": TODAY}
            one, other = index.search(query, **asked), oracle.search(query, **asked)
            assert [hit.id for hit in one.hits] == [hit.id for hit in other.hits]
            assert one.facets == other.facets
        assert list(index.ids()) == list(oracle.ids())
    assert proxy.requests > 30


def test_what_a_batch_left_behind_when_it_was_cut_off_is_written_again(
    settings: SearchSettings, proxy: Proxy, tmp_path: Path
) -> None:
    """The documents are there, the position is not: so the same changes come once more, and nothing is there twice."""
    archive = FakeArchive(STORIES[:10])
    with open_index(archive, tmp_path, replace(settings, url=proxy.url)) as index:
        index.update()
        for entry in STORIES[10:]:
            archive.put(entry)
        archive.remove(STORIES[0].id)
        with index._opened.engine() as engine:
            engine._server._writing = (0.0,)  # type: ignore[attr-defined]
        proxy.plan = lambda _, method, path: "503" if method == "PUT" and path.endswith("/_mapping") else ""
        with pytest.raises(IndexStorageError, match="answers 503"):
            index.update()
        assert index.lag() == len(STORIES) - 10 + 1
        proxy.plan = lambda *_: ""
        index.update()
        assert index.lag() == 0
        assert set(index.ids("is:failed OR -is:failed")) == {entry.id for entry in STORIES[1:]}
        assert index.size() == len(STORIES) - 1


def test_one_that_hangs_holds_nobody_longer_than_a_question_may_take(
    settings: SearchSettings, proxy: Proxy, tmp_path: Path
) -> None:
    with open_index(FakeArchive(STORIES), tmp_path, replace(settings, url=proxy.url, seconds=0.5)) as index:
        index.update()
        proxy.plan = lambda _, __, path: "hang" if "_msearch" in path else ""
        begun = time.monotonic()
        with pytest.raises((IndexStorageError, TooBroadError), match=r"does not answer within|longer than"):
            index.search("bread")
        assert time.monotonic() - begun < 30


def test_one_that_is_down_is_named(settings: SearchSettings, proxy: Proxy, tmp_path: Path) -> None:
    with open_index(FakeArchive(STORIES), tmp_path, replace(settings, url=proxy.url)) as index:
        index.update()
        proxy.plan = lambda *_: "lose"
        with pytest.raises(IndexStorageError, match=r"cannot be reached .*is it running"):
            index.search("bread")
        proxy.plan = lambda *_: ""
        assert found(index, "bread") == {"bakery"}


def test_a_question_of_too_many_parts_is_refused_in_words(settings: SearchSettings, tmp_path: Path) -> None:
    with open_index(FakeArchive(STORIES), tmp_path, settings) as index:
        index.update()
        with pytest.raises(TooBroadError, match=r"more parts than OpenSearch takes"):
            index.search(And((Word("raid"), *(Not(Word(f"w{n}")) for n in range(600)))))
        assert found(index, Or((*(Word(f"w{n}") for n in range(2000)), Word("bread")))) == {"bakery"}
        assert found(index, Or(tuple(map(Prefix, "abcdefghijklmnopqrstuvwxyz")))) >= {"raid", "bakery"}
        assert found(index, Or((*(Phrase(f"on w{n}") for n in range(250)), Phrase("car wash")))) >= {"nbc"}


# -- several nodes -------------------------------------------------------------------------------------------------


COUNT = 1_500
QUERIES = ["w1", "w3 w7", '"w1 w2"', '"w1 w5"~6', "w11*", "w123~1", "person:p7", "date:2025-01", "-w1 OR w2", "w1 -w2"]
FACETS = ["person", "place", "date", "site"]


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, Path]]:
    """Two nodes, and the folder of the second one."""
    if lacks := server_opensearch.missing():
        pytest.skip(lacks)
    folder = Path(tempfile.mkdtemp(prefix="backfile-servers-"))
    folder.chmod(0o755)
    try:
        yield server_opensearch.start(folder, nodes=2)["BACKFILE_OPENSEARCH_URL"], folder / "n2"
    finally:
        server_opensearch.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def many() -> list[Entry]:
    """Texts of words, names and days that follow Zipf's law, as those of newspapers do."""
    chance = random.Random(16)
    words = [f"w{n}" for n in range(1, 1200)]
    weights = [1 / n for n in range(1, 1200)]
    entries = []
    for number in range(COUNT):
        text = " ".join(chance.choices(words, weights, k=chance.randrange(20, 160)))
        people = dict.fromkeys((f"P{n} Q{n}" for n in chance.choices(range(1, 900), weights[:899], k=4)), ())
        places = dict.fromkeys((f"City {n}" for n in chance.choices(range(1, 900), weights[:899], k=2)), ())
        day = f"2025-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        site = f"Site {chance.choices(range(1, 40), weights[:39])[0]}"
        title = " ".join(chance.choices(words, weights, k=6))
        entries.append(story(f"e{number:05}", title, text, published=day, site=site, people=people, places=places))
    return entries


def test_two_nodes_with_three_shards_agree_with_the_oracle_within_bounds(
    cluster: tuple[str, Path], folders: tuple[Path, Path]
) -> None:
    """Hits, their order by date, all counts: exact. The first ten by relevance: eight of them, on average.

    Then one node is killed: the next answers are whole.
    """
    url, second = cluster
    entries = many()
    settings = SearchSettings(engine="opensearch", url=url, index="many", shards=3, seconds=60)
    with (
        open_index(FakeArchive(entries), folders[0], settings) as index,
        open_index(FakeArchive(entries), folders[1], SearchSettings(engine="memory", seconds=60)) as oracle,
    ):
        index.update()
        oracle.update()
        with closing(Server(url)) as server:
            assert len(server.ask("GET", "/many/_settings")) == 1
            health = server.ask("GET", "/_cluster/health/many?wait_for_status=green&timeout=60s", seconds=70)
            assert (health["status"], health["active_primary_shards"], health["active_shards"]) == ("green", 3, 6)
        _agree(index, oracle)
        alike = []
        for query in QUERIES:
            tops = [[hit.id for hit in one.search(query, strict=True).hits] for one in (index, oracle)]
            alike.append(len({*tops[0]} & {*tops[1]}) / max(1, len(tops[1])))
        assert sum(alike) / len(alike) >= 0.8, alike
        whole = [hit.id for hit in index.search("w1 OR w2 OR w3", limit=200).hits]
        assert _paged(index, "w1 OR w2 OR w3", 200) == whole, "pages by relevance are those of one list"
        server_opensearch.stop_node(second, signal.SIGKILL)
        _agree(index, oracle)


def _agree(index: Index, oracle: Index) -> None:
    for query in QUERIES:
        asked: dict[str, Any] = {"facets": FACETS, "sort": Sort.NEWEST, "limit": COUNT, "today": TODAY, "strict": True}
        one, other = index.search(query, **asked), oracle.search(query, **asked)
        assert [hit.id for hit in one.hits] == [hit.id for hit in other.hits], query
        assert one.facets == other.facets, query
    (people,) = index.facets("w2", ["person"], significant=True)
    assert people == oracle.facets("w2", ["person"], significant=True)[0]
    assert index.overview.pairs("w4", "person", limit=20) == oracle.overview.pairs("w4", "person", limit=20)


def _paged(index: Index, query: str, limit: int) -> list[str]:
    ids: list[str] = []
    cursor: str | None = None
    while len(ids) < limit:
        page = index.search(query, limit=20, cursor=cursor)
        ids += [hit.id for hit in page.hits]
        cursor = page.cursor
    return ids
