"""What scripts lean on: all hits, ids from standard input, one object before the hits, exit codes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import IO

import pytest
from commands import EXECUTABLE, Command
from newsroom import Newsroom

from archive import create_archive

GONE = "https://gone.example/x"
TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)


def url(number: int) -> str:
    return f"https://paper.example/{number}"


def story(title: str, link: str = "") -> str:
    cited = f'<p>The <a href="{link}">paper of the council</a> says more.</p>' if link else ""
    return f"<html><head><title>{title}</title></head><body><article><p>{TEXT}</p>{cited}</article></body></html>"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    """An archive with twelve stories, of which the first cites a page that is gone."""
    newsroom_server.reset()
    command = Command(tmp_path_factory.mktemp("scripts") / "archive", newsroom_server)
    urls = [newsroom_server.add(url(n), story(f"Story {n}", link=GONE if n == 1 else "")) for n in range(1, 13)]
    ran = command("add", *urls)
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == "12 asked for: 12 archived; 1 source: 0 archived."
    return command


@pytest.fixture
def backfile(tmp_path: Path, newsroom: Newsroom) -> Command:
    return Command(tmp_path / "archive", newsroom)


def test_all_hits_are_asked_for_by_a_word(filled: Command) -> None:
    assert len(filled("search", "bridge", "--json").rows) == 10
    assert len(filled("search", "bridge", "--json", "--limit", "all").ids) == 12
    shown = filled("search", "bridge", "--limit", "all")
    assert "12. " in shown.out
    assert "--cursor" not in shown.err
    assert filled("search", "bridge", "--limit", "some").code == 2


def test_hits_go_on_over_pages_without_one_lost_or_twice(filled: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from backfile.cli import ask
    from backfile.cli.main import cli

    monkeypatch.setattr(ask, "_PAGE", 5)
    monkeypatch.chdir(filled.folder)
    ran = CliRunner().invoke(cli, ["search", "bridge", "--json", "--meta", "--limit", "all", "--sort", "id"])
    lines = ran.stdout.splitlines()
    assert '"total":12' in lines[0]
    assert '"cursor":null' in lines[0]
    assert len(lines) == len(set(lines)) == 13


def test_one_object_before_the_hits_tells_their_number_and_the_facets(filled: Command) -> None:
    ran = filled("search", "bridge", "--json", "--meta", "--facet", "person", "--limit", "2")
    meta, *hits = ran.rows
    assert (meta["total"], meta["behind"], len(hits)) == (12, 0, 2)
    assert meta["facets"] == filled("facets", "bridge", "--facet", "person", "--json").rows
    more = filled("search", "bridge", "--json", "--limit", "2", "--cursor", str(meta["cursor"]))
    assert not more.ids & {hit["id"] for hit in hits}
    assert filled("search", "bridge", "--meta").code == 2


REFS = f"{url(1)}\n\nhttps://nowhere.example/\n  {url(2)}  \n"


@pytest.mark.parametrize(
    "command", [["show"], ["show", "--text"], ["tag"], ["note"], ["links"], ["versions"], ["export"]], ids=" ".join
)
def test_ids_come_from_standard_input_and_a_bad_one_is_told(filled: Command, command: list[str]) -> None:
    ran = filled(command[0], "-", *command[1:], stdin=REFS)
    assert ran.code == 3
    assert "nowhere.example" in ran.err
    good = filled(command[0], "-", *command[1:], stdin=f"{url(1)}\n{url(2)}\n")
    assert good.code == 0, good.err
    if command != ["export"]:  # which says in each row when it was written
        assert good.out == ran.out
    assert len(good.out.splitlines()) == len(ran.out.splitlines())
    assert len(good.out.splitlines()) >= 2
    assert filled(command[0], "-", *command[1:], stdin="").code == 0


def test_what_json_prints_can_be_read_again(filled: Command) -> None:
    """So that no other program is needed between the two: search --json … | tag - …"""
    found = filled("search", "url:paper.example", "--json", "--limit", "all")
    ids = [row["id"] for row in found.rows]
    assert [row["id"] for row in filled("show", "-", "--json", stdin=found.out).rows] == ids
    ran = filled("show", "-", "--json", stdin='{"total":2}\n{"id":\n' + found.out)
    assert ran.code == 2
    assert "line 1 of standard input" in ran.err
    assert "line 2 of standard input" in ran.err
    assert [row["id"] for row in ran.rows] == ids, "the rest goes on"


@pytest.mark.slow
def test_rows_of_many_articles_say_whose_they_are(filled: Command) -> None:
    ids = [row["id"] for row in filled("search", "url:paper.example", "--json", "--limit", "all").rows]
    stdin = "".join(f"{id_}\n" for id_ in ids)
    assert [row["page"] for row in filled("versions", "-", "--json", stdin=stdin).rows] == ids
    assert len(filled("links", "-", "--json", stdin=stdin).rows) == 1
    assert [row["id"] for row in filled("show", "-", "--json", stdin=stdin).rows] == ids
    assert [row["id"] for row in filled("export", "-", stdin=stdin + stdin).rows] == ids, "each once, in their order"
    marked = filled("tag", "-", "harbour", "--json", stdin=stdin)
    assert [(row["id"], row["tags"]) for row in marked.rows] == [(id_, ["harbour"]) for id_ in ids]
    assert filled("search", "tag:harbour", "--json", "--limit", "all").ids == set(ids)
    assert filled("note", "-", "ask again", "--json", stdin=stdin).ids == set(ids)
    assert filled("show", "-", "--html", stdin=stdin).code == 2


@pytest.mark.slow
def test_add_ends_with_19_when_nothing_that_was_named_came(backfile: Command, newsroom: Newsroom) -> None:
    ran = backfile("add", GONE, "https://gone.example/y")
    assert ran.code == 19
    assert ran.err.splitlines()[-1] == "2 asked for: 0 archived, 2 not."
    assert backfile("add", GONE, "--json").code == 19
    newsroom.add(url(1), story("One", link=GONE))
    ran = backfile("add", url(1), GONE)
    assert ran.code == 0, "one of the two came"
    assert ran.err.splitlines()[-1].startswith("2 asked for: 1 archived, 1 not")


@pytest.mark.parametrize("command", [["add", "-"], ["import", "-"]], ids=" ".join)
def test_addresses_in_a_text_that_are_not_asked_for_are_told(
    backfile: Command, newsroom: Newsroom, command: list[str]
) -> None:
    """None is passed over in silence, and no password of theirs is said."""
    newsroom.add(url(1), story("One"))
    ran = backfile(*command, stdin=f"see https://ann:hunter2@paper.example/9, {url(1)} and http://a..b.example/x\n")
    told = ran.out + ran.err
    assert "user names in a URL are not accepted" in told
    assert "'a..b.example' is not a host name" in told
    assert "One" in told or url(1) in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("jobs", "backfile import"), ("saved list", "backfile saved add"), ("watch list", "backfile watch add"),
        ("token list", "backfile token add"),
    ],
)  # fmt: skip
def test_a_list_of_nothing_says_so_and_how_it_gets_longer(backfile: Command, command: str, said: str) -> None:
    ran = backfile(*command.split())
    assert (ran.code, ran.out) == (0, "")
    assert said in ran.err
    assert backfile(*command.split(), "--json").err == ""


def test_a_source_that_fails_is_no_failure_of_add(backfile: Command, newsroom: Newsroom) -> None:
    newsroom.add(url(1), story("One", link=GONE))
    ran = backfile("add", url(1))
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == "1 asked for: 1 archived; 1 source: 0 archived."


def test_the_desk_leaves_out_what_is_excluded(filled: Command) -> None:
    from backfile.desk import open_desk

    with open_desk(filled.folder) as desk:
        desk.tag(url(3), ["alone"])
        alone = desk.find(url(3)).id
        without = {"tag": ["alone"]}
        assert list(desk.ids("tag:alone", exclude=without)) == []
        assert alone not in set(desk.ids(exclude=without))
        assert desk.search("bridge", exclude=without).total == 11
        (facet,) = desk.facets("bridge", ["site"], exclude=without)
        assert [value.count for value in facet.values] == [11]


@pytest.mark.slow
def test_what_is_added_by_name_is_tagged_and_its_sources_are_not(backfile: Command, newsroom: Newsroom) -> None:
    source = newsroom.add("https://council.example/paper", story("The paper"))
    newsroom.add(url(1), story("One", link=source))
    marks = ["--tag", "harbour", "--tag", "bridges", "--note", "from Ada"]
    assert backfile("add", url(1), *marks).code == 0
    (named,) = backfile("show", url(1), "--json").rows
    assert (named["tags"], named["note"]) == (["bridges", "harbour"], "from Ada")
    (cited,) = backfile("show", source, "--json").rows
    assert (cited["tags"], cited["note"]) == ([], "")
    assert backfile("search", "tag:harbour", "--json").ids == {named["id"]}
    backfile("add", url(1), *marks)
    backfile("add", url(1), "--tag", "winter", "--note", "ask again")
    assert backfile("rebuild").code == 0
    (named,) = backfile("show", url(1), "--json").rows
    assert named["tags"] == ["bridges", "harbour", "winter"]
    assert named["note"] == "from Ada\n\nask again", "none is lost, none is there twice"


def test_what_is_imported_is_tagged_also_what_an_earlier_run_brought(
    backfile: Command, newsroom: Newsroom, tmp_path: Path
) -> None:
    source = newsroom.add("https://council.example/paper", story("The paper"))
    newsroom.add(url(1), story("One", link=source))
    (tmp_path / "links.csv").write_text(f"url,tags\n{url(1)},mine\n{GONE},\n")
    assert backfile("import", "../links.csv").code == 0
    assert backfile("import", "../links.csv", "--tag", "harbour", "--note", "from a list").code == 0
    rows = {row["url"]: row for row in backfile("show", "-", "--json", stdin=f"{url(1)}\n{GONE}\n{source}\n").rows}
    assert rows[url(1)]["tags"] == ["harbour", "mine"]
    assert rows[GONE]["tags"] == ["harbour"], "it was asked for, though it is gone"
    assert rows[source]["tags"] == []
    assert rows[url(1)]["note"] == "from a list"
    assert len(backfile("search", "tag:harbour", "--json").ids) >= 1


@pytest.mark.slow
def test_results_say_what_is_new_changed_unchanged_and_not_asked_again(
    backfile: Command, newsroom: Newsroom, tmp_path: Path
) -> None:
    """Of `add` and `import`, in words and in JSON."""
    for number in (1, 2, 3):
        newsroom.add(url(number), story(f"Story {number}"))
    assert [row["news"] for row in backfile("add", url(1), "--json").rows] == ["new"]
    ran = backfile("add", url(1), url(2), GONE)
    assert ran.err.splitlines()[-1] == "3 asked for: 2 archived (1 new, 1 not asked again), 1 not."
    assert "Story 1 — not asked again: captured" in ran.out
    newsroom.add(url(2), story("Story 2").replace("twelve", "fifteen"))
    ran = backfile("add", url(1), url(2), url(3), "--again")
    assert ran.err.splitlines()[-1] == "3 asked for: 3 archived (1 new, 1 changed, 1 unchanged)."
    assert "Story 2 — changed" in ran.out
    assert "Story 1 — unchanged" in ran.out
    (tmp_path / "links.csv").write_text(f"url\n{url(1)}\n{GONE}\n")
    assert [row["news"] for row in backfile("import", "../links.csv", "--json").rows] == ["not asked again", "nothing"]
    newsroom.add(url(4), story("Story 4"))
    (tmp_path / "more.csv").write_text(f"url\n{url(1)}\n{url(4)}\n")
    ran = backfile("import", "../more.csv")
    assert "This run: 1 unchanged, 1 ok (1 new, 1 not asked again)." in ran.err or (
        "This run: 1 ok, 1 unchanged (1 new, 1 not asked again)." in ran.err
    )


def _bare(folder: Path, *arguments: str, out: int | IO[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [EXECUTABLE, "--dir", str(folder), *arguments], stdout=out, stderr=subprocess.PIPE, encoding="latin-1",
        timeout=60, check=False, env={**os.environ, **environment},
    )  # fmt: skip


def test_a_terminal_without_the_letters_gets_them_written_out(tmp_path: Path) -> None:
    """What was archived is told, not lost in an error over a sign that Latin-1 does not have."""
    create_archive(tmp_path / "archive").close()
    ran = _bare(tmp_path / "archive", "add", "nonsense", out=subprocess.PIPE, PYTHONIOENCODING="latin-1")
    assert (ran.returncode, ran.stdout.partition("nonsense")[0]) == (19, "\\u2717   ")
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["show", "export"])
def test_output_to_a_full_disk_is_said_in_a_line(filled: Command, command: str) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = _bare(filled.folder, command, *([url(1)] if command == "show" else []), out=full)
    assert ran.returncode == 7
    assert "cannot be written: No space left on device" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_misspelt_command_is_told_what_was_meant(filled: Command) -> None:
    assert "Did you mean search or serve?" in filled("serch", "x").err
