"""The commands over an index on OpenSearch, as a user types them: what is shown is what the default engine shows."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Command, Ran, run
from counted_stories import STORIES, write
from engine_makes import search_settings
from faulty_proxy import Proxy, proxied
from newsroom import Newsroom
from website import serving

from backfile.desk import open_desk
from backfile.desk.verbs import bringing
from index import IndexStorageError

pytestmark = pytest.mark.servers


@pytest.fixture
def proxy(opensearch: str) -> Iterator[Proxy]:
    with proxied(opensearch) as between:
        yield between


@pytest.fixture
def two(request: pytest.FixtureRequest, proxy: Proxy, newsroom: Newsroom, tmp_path: Path) -> tuple[Command, Command]:
    """Two archives of the same stories, the first on OpenSearch, the second on the default engine."""
    name = search_settings(request, "opensearch").index
    on = Command(tmp_path / "on", newsroom, "--engine", "opensearch", "--search-url", proxy.url, "--index", name)
    off = Command(tmp_path / "off", newsroom)
    write(tmp_path / "stories.jsonl", STORIES)
    for command in (on, off):
        done = command("import", "../stories.jsonl")
        assert done.code == 0, done.err
    return on, off


def same(two: tuple[Command, Command], *arguments: str) -> Ran:
    """What both show, which must be the same."""
    one, other = (command(*arguments) for command in two)
    assert (one.code, one.out) == (other.code, other.out), (one.err, other.err)
    return one


def test_what_it_shows_is_what_the_default_engine_shows(two: tuple[Command, Command], proxy: Proxy) -> None:
    on, _ = two
    place = json.loads(on("status", "--json").out)
    assert place["index_at"].startswith(f"{proxy.url}/t")
    assert (place["index_lag"], place["index_problem"]) == (0, "")
    assert f"up to date, at {place['index_at']}" in on("status").out
    assert len(same(two, "search", "bridge", "--sort", "newest", "--limit", "50", "--json").rows) >= len(STORIES)
    for arguments in (
        ["facets", "bridge", "--facet", "person", "--facet", "date", "--json"],
        ["facets", "", "--facet", "person", "--significant"],
        ["pairs", "--json"],
        ["coverage", "bridge", "--by", "month"],
        ["suggest", "person", "ad", "--json"],
        ["search", "Ada Brandt -Jonas", "--sort", "oldest"],
        ["search", "person:Krosner", "--explain"],
        ["copies", "--help"],
    ):
        assert same(two, *arguments).out
    one, other = (command("export", "bridge") for command in two)
    assert [row["id"] for row in one.rows] == [row["id"] for row in other.rows]
    assert len(one.rows) == len(STORIES)
    assert on("tag", str(same(two, "search", "Marisol", "--json").rows[0]["id"]), "pier").code == 0
    assert len(on("search", "tag:pier", "--json").rows) == 1
    assert on("watch", "add", "person:Venn").code == 0
    assert on("watch", "run").code == 0
    assert on("verify").code == 0
    assert on("reindex").code == 0
    assert on("rebuild").code == 0
    assert len(on("search", "bridge", "--limit", "50", "--json").rows) >= len(STORIES)
    with serving(on.folder) as site:
        assert site.get("/api/v1/search?q=bridge").json["total"] == len(STORIES)


def test_when_it_is_down_pages_are_archived_all_the_same_and_found_later(
    two: tuple[Command, Command], proxy: Proxy
) -> None:
    on, _ = two
    write(on.folder.parent / "more.jsonl", [("The Ledger", "2025-04-01", "Marisol Venn")], first=100)
    proxy.plan = lambda *_: "lose"
    searched = on("search", "bridge")
    assert searched.code == 15
    assert "cannot be reached" in searched.err
    assert "is it running, and is [search] url right?" in searched.err
    status = on("status")
    assert status.code == 0
    assert f"OpenSearch at {proxy.url} cannot be reached" in status.out
    with serving(on.folder) as site:
        answer = site.get("/api/v1/search?q=bridge")
        assert (answer.status, answer.json["title"]) == (503, "The index cannot be asked")
        assert "cannot be reached" in answer.json["detail"]
        assert "cannot be reached" in site.get("/status").text
    brought = on("import", "../more.jsonl")
    assert brought.code == 15, brought.out
    assert "Traceback" not in brought.err
    proxy.plan = lambda *_: ""
    assert len(on("search", "date:2025-04", "--json").rows) == 1


def test_what_catalogues_goes_on_when_it_answers_again(
    two: tuple[Command, Command], proxy: Proxy, newsroom: Newsroom
) -> None:
    """It hangs, then it is out of sorts: the page is archived meanwhile, and found in the end."""
    on, _ = two
    planned(on, newsroom)
    before = proxy.requests
    proxy.plan = lambda number, *_: "hang" if number == before + 1 else "503" if number < before + 7 else ""
    done = on("catalogue", "--until-idle")
    assert done.code == 0, done.err
    assert "does not answer within 10 seconds; asked once; it is tried again in 1 s" in done.err
    assert "answers 503" in done.err
    assert len(on("search", "quayside", "--json").rows) == 1


def test_what_catalogues_does_not_wait_for_it_for_ever(
    two: tuple[Command, Command], proxy: Proxy, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    on, _ = two
    planned(on, newsroom)
    proxy.plan = lambda *_: "lose"
    monkeypatch.setattr(bringing, "_AGAIN", (0.0, 0.1))
    told: list[str] = []
    with open_desk(on.folder) as desk:
        with pytest.raises(IndexStorageError, match="cannot be reached"):
            list(desk.catalogue(told.append, until_idle=True))
        assert [sentence.rpartition("; ")[2] for sentence in told] == [
            "it is tried again in 0 s",
            "it is tried again in 0.1 s",
        ]
        proxy.plan = lambda *_: ""
        assert len(desk.search("quayside").hits) == 1


def planned(command: Command, newsroom: Newsroom) -> None:
    """A page is to be archived by whoever has the time."""
    url = "https://paper.example/quayside"
    newsroom.add(url, f"<title>Quayside</title><article><p>{'The quayside is closed until May. ' * 9}</p></article>")
    with open_desk(command.folder) as desk:
        desk.plan_add([url], depth=0)


def test_one_that_is_killed_while_it_writes_to_the_index_leaves_nothing_out_and_nothing_twice(
    two: tuple[Command, Command], proxy: Proxy
) -> None:
    """At any request: before the documents, between them and the position, while an index is made."""
    on, off = two
    chance = random.Random(16)
    with (on.folder / "backfile.toml").open("a") as file:  # its last section is that of the search
        file.write("batch = 5\n")
    for round_ in range(6):
        name = f"Person Number{chance.randrange(9)}"
        people: list[tuple[str, ...]] = [("Harbor News", f"2025-05-{round_ + 1:02}", name)] * 12
        write(on.folder.parent / "more.jsonl", people, first=1000 + 100 * round_)
        assert off("import", "../more.jsonl").code == 0
        assert on("import", "../more.jsonl", "--json").code == 0 if round_ % 2 else True
        running = on.start("reindex" if round_ % 2 else "import", *([] if round_ % 2 else ["../more.jsonl"]))
        killed_at = proxy.requests + chance.randrange(2, 28)

        def plan(number: int, *_: str, at: int = killed_at, process: subprocess.Popen[str] = running) -> str:
            if number >= at:
                process.kill()
            return "lose" if number == at else ""

        proxy.plan = plan
        running.communicate(timeout=120)
        proxy.plan = lambda *_: ""
        if not round_ % 2:
            assert on("import", "../more.jsonl").code == 0
        assert same(two, "facets", "", "--facet", "person", "--facet", "date.day", "--limit", "all", "--json").out
        one, other = (command("search", "", "--sort", "newest", "--limit", "500", "--json") for command in two)
        assert sorted(str(row["url"]) for row in one.rows) == sorted(str(row["url"]) for row in other.rows)
    assert on("verify").code == 0


def test_an_archive_moves_to_it(two: tuple[Command, Command], proxy: Proxy) -> None:
    """By its settings and a reindex."""
    on, off = two
    section = f'\n[search]\nengine = "opensearch"\nurl = "{proxy.url}"\nindex = "{search_name(on)}x"\n'
    with (off.folder / "backfile.toml").open("a") as file:
        file.write(section)
    assert off("reindex").code == 0
    assert json.loads(off("status", "--json").out)["index_at"].endswith("x")
    assert same(two, "search", "bridge", "--sort", "id", "--json").rows


def search_name(command: Command) -> str:
    at: str = json.loads(command("status", "--json").out)["index_at"]
    return at.rpartition("/")[2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--engine", "opensearch"], "search.url"),
        (["--engine", "opensearch", "--search-url", "nowhere"], "search.url"),
        (["--engine", "opensearch", "--search-url", "http://x:9200", "--index", "A b"], "search.index"),
        (["--engine", "solr"], "there is no engine 'solr'"),
    ],
)
def test_a_new_archive_is_not_made_with_settings_that_cannot_be(
    tmp_path: Path, options: list[str], message: str
) -> None:
    ran = run("init", "new", *options, cwd=tmp_path)
    assert ran.code
    assert message in ran.err
    assert not (tmp_path / "new").exists()
