"""The command line: what it prints, its exit codes, and that it can be stopped at any time."""

from __future__ import annotations

import gzip
import json
import re
import signal
import time
from pathlib import Path

import pytest
from commands import Command, Ran
from newsroom import Newsroom

from archive import open_archive

TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)
FAILED_PAGE = "https://gone.example/x"


def story(title: str, text: str = TEXT, link: str = "") -> str:
    cited = f'<p>The <a href="{link}">paper of the council</a> says more.</p>' if link else ""
    body = f"<article><h1>{title}</h1><p>{text}</p>{cited}</article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    """An archive with two stories, of which one cites a page that is gone."""
    newsroom_server.reset()
    newsroom_server.add("https://paper.example/bridge", story("A bridge for Lindholm", link=FAILED_PAGE))
    newsroom_server.add("https://paper.example/ferry", story("The ferry stays", TEXT.replace("bridge", "ferry")))
    command = Command(tmp_path_factory.mktemp("cli") / "archive", newsroom_server)
    assert command("add", "https://paper.example/bridge", "https://paper.example/ferry").code == 0
    return command


@pytest.fixture
def backfile(tmp_path: Path, newsroom: Newsroom) -> Command:
    return Command(tmp_path / "archive", newsroom)


def test_init_says_what_comes_next_and_never_overwrites(backfile: Command) -> None:
    again = backfile("init", ".")
    assert again.code == 2
    assert "already" in again.err


def test_a_command_outside_an_archive_says_what_to_do(backfile: Command, tmp_path: Path) -> None:
    ran = backfile("--dir", str(tmp_path), "status")
    assert ran.code == 3
    assert "backfile init" in ran.err


def test_a_wrong_setting_names_file_and_key(backfile: Command) -> None:
    (backfile.folder / "backfile.toml").write_text("[fetch]\ndelays = 3\n")
    ran = backfile("add", "https://paper.example/x")
    assert ran.code == 4
    assert "backfile.toml: fetch.delays: unknown key" in ran.err


def test_add_reads_any_text_on_standard_input(backfile: Command, newsroom: Newsroom) -> None:
    newsroom.add("https://paper.example/1", story("One"))
    newsroom.add("https://paper.example/2", story("Two"))
    text = "See https://paper.example/1, and (https://paper.example/2).\nNothing here.\n"
    ran = backfile("add", "-", "--json", stdin=text)
    assert {row["title"] for row in ran.rows} == {"One", "Two"}


def test_add_takes_a_bare_host_for_an_address(backfile: Command, newsroom: Newsroom) -> None:
    newsroom.add("https://paper.example/1", story("One"))
    assert backfile("add", "paper.example/1", "--json").rows[0]["url"] == "https://paper.example/1"


def test_add_html_finds_the_address_in_the_page(backfile: Command, tmp_path: Path) -> None:
    page = tmp_path / "saved.html"
    page.write_text(
        f"<!-- Page saved with SingleFile \n url: https://wall.example/story \n-->{story('Behind the wall')}"
    )
    (row,) = backfile("add", "--html", str(page), "--json").rows
    assert (row["url"], row["title"], row["outcome"]) == ("https://wall.example/story", "Behind the wall", "ok")
    page.write_text(story("No address"))
    ran = backfile("add", "--html", str(page))
    assert ran.code == 2
    assert "--url" in ran.err


def test_add_without_a_url_is_a_usage_error(backfile: Command) -> None:
    assert backfile("add").code == 2


def test_search_prints_title_site_date_and_snippet(filled: Command) -> None:
    ran = filled("search", "twelve", "--facet", "person")
    assert ran.code == 0
    assert "A bridge for Lindholm" in ran.out
    assert "*twelve*" in ran.out
    assert "Ada Brandt" in ran.out
    assert "█" in ran.out


def test_search_without_hits_says_which_clause_has_none(filled: Command) -> None:
    ran = filled("search", "bridge person:Nobody")
    assert ran.code == 0
    assert "person:Nobody" in ran.out
    assert re.search(r"^ +1  bridge ", ran.out, re.MULTILINE)
    assert re.search(r"^ +0  person:Nobody ", ran.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("persn:Krasner", 11, "person"),
        ("date:2025-13", 11, "^"),
        ("is:chnged", 11, "changed"),
        ("(" * 10_000, 11, "4,000"),
    ],
)
def test_a_query_that_cannot_be_read_shows_where(filled: Command, query: str, code: int, said: str) -> None:
    ran = filled("search", query)
    assert ran.code == code
    assert said in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ["Lindholm", "-ferry"],
        ["-ferry", "Lindholm"],
        ["-help", "-ferry", "Lindholm", "--limit", "5"],
        ["Lindholm", "--", "-ferry"],
    ],
    ids=["behind", "before", "like an option", "behind two minuses"],
)
def test_a_word_with_a_minus_excludes_wherever_it_stands(filled: Command, words: list[str]) -> None:
    """It begins like an option, and is none."""
    ran = filled("search", "--json", *words)
    assert [row["title"] for row in ran.rows] == ["A bridge for Lindholm"], ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["export", "-f", "csv"],
            "There is no option -f: `--help` lists those there are, NOT f to leave out the word.",
        ),
        (["search", "oil", "-limit", "5"], "There is no option -limit: write --limit for the option, NOT limit to"),
        (["facets", "-facet", "person"], "There is no option -facet: write --facet for the option"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_option_that_there_is_not_is_no_word_that_excludes(filled: Command, words: list[str], said: str) -> None:
    ran = filled(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_options_are_still_options(filled: Command, tmp_path: Path) -> None:
    assert filled("search", "bridge", "-h").out.startswith("Usage:")
    assert "No such option" in filled("search", "bridge", "--ferry").err
    assert filled("search", "bridge", "--sort", "-x").code == 2
    assert filled("export", "bridge", "-ferry", "--format", "ris", "-o", str(tmp_path / "out.ris")).code == 0
    assert (tmp_path / "out.ris").read_text().count("TY  -") == 1


def test_explain_says_the_query_back_with_counts(filled: Command) -> None:
    ran = filled("search", "bridge OR ferry", "--explain")
    assert "Asked for" in ran.out
    assert "bridge" in ran.out


def test_json_lines_have_what_scripts_rely_on(filled: Command) -> None:
    (row,) = filled("search", "title:bridge", "--json").rows
    assert {"id", "url", "title", "site", "date", "score", "snippet"} <= row.keys()
    (facet,) = filled("facets", "--facet", "site", "--json").rows
    assert facet == {"field": "site", "value": "paper.example", "count": 2}
    (link,) = filled("links", "https://paper.example/bridge", "--json").rows
    assert link["url"] == FAILED_PAGE
    assert link["outcome"] == "not found"
    shown = json.loads(filled("show", "https://paper.example/bridge", "--json").out)
    assert shown["article"]["title"] == "A bridge for Lindholm"


def test_pages_of_results_go_on_where_the_last_one_ended(filled: Command) -> None:
    first = filled("search", "--limit", "1")
    cursor = first.err.split("--cursor ")[1].split()[0]
    second = filled("search", "--limit", "1", "--cursor", cursor, "--json")
    assert str(second.rows[0]["title"]) not in first.out


def test_failed_captures_are_found_by_what_they_are(filled: Command) -> None:
    (row,) = filled("search", "is:failed", "--json").rows
    assert row["url"] == FAILED_PAGE
    assert filled("search", "is:gone", "--json").ids == {row["id"]}


def test_show_gives_text_page_and_everything(filled: Command) -> None:
    ref = "https://paper.example/bridge"
    assert TEXT.split(".")[0] in filled("show", ref, "--text").out
    assert filled("show", ref, "--html").out.startswith("<html>")
    assert "Sources" in filled("show", ref).out
    (row,) = filled("search", "title:bridge", "--json").rows
    assert filled("show", str(row["id"])[:5], "--text").code == 0
    missing = filled("show", "zzzzzz")
    assert (missing.code, "nothing is archived" in missing.err) == (3, True)


@pytest.mark.slow
def test_tags_and_notes_are_searched_and_survive_a_rebuild(filled: Command) -> None:
    assert filled("tag", "https://paper.example/ferry", "to check").out == "to check\n"
    filled("note", "https://paper.example/ferry", "call the harbour master")
    found = filled("search", 'tag:"to check" note:harbour', "--json").ids
    assert len(found) == 1
    assert filled("rebuild").code == 0
    assert filled("search", 'tag:"to check" note:harbour', "--json").ids == found
    filled("tag", "https://paper.example/ferry", "--remove", "to check")
    assert filled("search", 'tag:"to check"', "--json").ids == set()


@pytest.mark.slow
def test_versions_and_diff_show_what_changed(backfile: Command, newsroom: Newsroom) -> None:
    url = newsroom.add("https://paper.example/1", story("One"))
    backfile("add", url)
    newsroom.add(url, story("One", TEXT.replace("twelve", "fifteen")))
    backfile("add", url, "--again")
    assert [row["number"] for row in backfile("versions", url, "--json").rows] == [1, 2]
    shown = backfile("diff", url).out
    assert "[-twelve-]{+fifteen+}" in shown
    assert "version 1, seen 20" in shown
    for said in (shown, backfile("versions", url).out):
        assert "the page names neither another time of modification nor a correction" in said
    assert backfile("diff", url, "0", "1").code == 3, "there is no version 0"
    other = newsroom.add("https://paper.example/2", story("Two"))
    backfile("add", other)
    assert "nothing to compare" in backfile("diff", other).err
    assert {"op": "added", "text": "fifteen"} in backfile("diff", url, "1", "2", "--json").rows
    assert backfile("search", "is:changed", "--json").ids


def test_verify_is_silent_about_what_is_well_and_names_what_is_not(backfile: Command, newsroom: Newsroom) -> None:
    backfile("add", newsroom.add("https://paper.example/1", story("One")))
    assert backfile("verify").code == 0
    (warc,) = (backfile.folder / "warc").glob("*.warc.gz")
    data = bytearray(warc.read_bytes())
    data[len(data) // 2] ^= 1
    warc.write_bytes(data)
    ran = backfile("verify", "--json")
    assert ran.code == 9
    assert any(warc.name in str(row["where"]) for row in ran.rows)


@pytest.mark.slow
def test_a_lost_index_is_noticed_and_made_again(backfile: Command, newsroom: Newsroom) -> None:
    backfile("add", newsroom.add("https://paper.example/1", story("One")))
    before = backfile("search", "bridge", "--json").out
    for file in sorted((backfile.folder / "index").rglob("*")):
        if file.is_file() and file.stat().st_size > 200:
            file.write_bytes(file.read_bytes()[:100])
    damaged = backfile("search", "bridge")
    assert damaged.code == 13
    assert "backfile reindex" in damaged.err
    assert backfile("reindex").code == 0
    assert backfile("search", "bridge", "--json").out == before


def test_nothing_archived_can_command_the_terminal(backfile: Command, newsroom: Newsroom) -> None:
    url = newsroom.add("https://paper.example/1", story("Red \x1b[31mred\u202e evil\x07"))
    out = backfile("add", url).out + backfile("search", "bridge").out + backfile("show", url).out
    assert not set(out) & {"\x1b", "\u202e", "\x07"}


def test_status_counts_what_there_is(filled: Command) -> None:
    status = json.loads(filled("status", "--json").out)
    assert status["archive"]["articles"] == 2
    assert status["index_lag"] == 0
    assert "2" in filled("status").out


def interrupted(backfile: Command, newsroom: Newsroom) -> tuple[Ran, list[str]]:
    """`add` of ten slow pages, stopped by Ctrl-C after the first was reported."""
    urls = [f"https://slow{n}.example/story" for n in range(10)]
    for n, url in enumerate(urls):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        newsroom.raw(url, [head, 0.2 if n < 3 else 15.0, story(f"Story {n}").encode()])
    running = backfile.start("add", *urls, "--json")
    assert running.stdout is not None
    first = running.stdout.readline()
    running.send_signal(signal.SIGINT)
    asked = time.monotonic()
    out, err = running.communicate(timeout=20)
    assert time.monotonic() - asked < 10, "it stops at once, whatever it waits for"
    return Ran(running.returncode, first + out, err), urls


@pytest.mark.slow
def test_ctrl_c_loses_nothing_and_the_same_command_goes_on(backfile: Command, newsroom: Newsroom) -> None:
    ran, urls = interrupted(backfile, newsroom)
    assert ran.code == 130
    assert "the same command goes on" in ran.err
    done = {row["url"] for row in ran.rows if row["outcome"] == "ok"}  # on a busy machine one may have timed out
    newsroom.reset()
    for n, url in enumerate(urls):
        newsroom.add(url, story(f"Story {n}"))
    again = backfile("add", *urls, "--json")
    assert {row["url"] for row in again.rows} == set(urls)
    asked = {seen.url for seen in newsroom.requests}
    assert not asked & done, "what was reported is not asked for again"
    assert backfile("verify").code == 0


@pytest.mark.slow
def test_rules_for_names_take_effect_with_the_next_search(backfile: Command, newsroom: Newsroom) -> None:
    backfile("add", newsroom.add("https://paper.example/1", story("One")))
    assert backfile("facets", "--facet", "person", "--json").rows[0]["value"] == "Ada Brandt"
    rules = backfile.folder / "rules.toml"
    rules.write_text('[[same]]\nkind = "person"\nnames = ["Ada B. Brandt", "Ada Brandt"]\n')
    assert backfile("facets", "--facet", "person", "--json").rows[0]["value"] == "Ada B. Brandt"
    assert backfile("search", 'person:"Ada Brandt"', "--json").ids, "the name as written still finds it"
    assert "Ada B. Brandt" in backfile("entities", "rules", "--check").out, "no story has this spelling"
    rules.write_text("[[same]]\nnames = 3\n")
    assert backfile("search", "bridge").code == 4
    rules.unlink()
    assert backfile("facets", "--facet", "person", "--json").rows[0]["value"] == "Ada Brandt"


def test_what_an_interrupted_command_left_out_of_the_index_is_found(backfile: Command, newsroom: Newsroom) -> None:
    """D15: stored, but the index was never told."""
    backfile("add", newsroom.add("https://paper.example/1", story("One")))
    with open_archive(backfile.folder) as archive:
        list(archive.add([newsroom.add("https://paper.example/2", story("Two"))]))
    assert len(backfile("search", "bridge", "--json").rows) == 2


def test_extract_reads_files_without_an_archive(backfile: Command, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(story("A page", link="https://cited.example/x"))
    (tmp_path / "packed.html.gz").write_bytes(gzip.compress(page.read_bytes()))
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"file": "packed.html.gz", "url": "https://a.example/x"}\n{"file": "missing.html"}\n')
    shown = backfile("extract", str(page), "--url", "https://a.example/x").out
    assert "A page" in shown
    assert TEXT.strip() in shown
    ran = backfile("extract", "--batch", str(rows))
    first, second = ran.rows
    assert ran.code == 8, "one could not be read"
    assert first.keys() == second.keys()
    assert {
        "file",
        "url",
        "title",
        "authors",
        "date",
        "modified",
        "site",
        "lang",
        "body",
        "links",
        "rules",
    } <= first.keys()
    assert (first["title"], second["outcome"]) == ("A page", "failed")


def test_what_extract_cannot_read_is_said_and_the_rest_goes_on(backfile: Command, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(story("A page"))
    (tmp_path / "bad.html.gz").write_bytes(b"no gzip")
    (tmp_path / "cut.html.gz").write_bytes(gzip.compress(bytes(9_000) + story("x").encode())[:-12])
    (tmp_path / "bomb.html.gz").write_bytes(gzip.compress(b"<p>" * 20_000_000))
    rows = tmp_path / "rows.jsonl"
    files = [{"file": name} for name in ("bad.html.gz", "cut.html.gz", "bomb.html.gz", "page.html")]
    bad = ["{}", "no JSON", "[1]", '{"file": 7}', '{"file": "page.html", "url": 7}', ""]
    rows.write_text("\n".join([*bad, *map(json.dumps, files)]) + "\n")
    ran = backfile("extract", "--batch", str(rows))
    assert [row["outcome"] for row in ran.rows] == ["failed"] * 8 + ["ok"]
    assert ran.rows[1]["file"] == f"{rows}, line 2"
    assert "larger than" in str(ran.rows[-2]["detail"])
    assert (ran.code, "8 could not be read" in ran.err) == (8, True)
    assert backfile("extract").code == 2, "nothing to read"


def test_what_entities_cannot_read_is_said_and_the_rest_goes_on(backfile: Command, tmp_path: Path) -> None:
    names = ("page.html", "bad.txt.gz", "good.txt")
    for name, content in zip(names, (story("A page"), "no gzip", "Mayor Ada Brandt spoke."), strict=True):
        (tmp_path / name).write_text(content)
    ran = backfile("entities", *(str(tmp_path / name) for name in names), "--json")
    assert [row["text"] for row in ran.rows] == ["Ada Brandt"]
    assert ran.code == 8
    assert "this is a page" in ran.err
    batch = tmp_path / "rows.jsonl"
    batch.write_text('{"id": 1}\nnot JSON\n{"text": "x", "date": 7}\n{"text": "Mayor Ada Brandt spoke."}\n')
    ran = backfile("entities", "--batch", str(batch))
    assert ([row["text"] for row in ran.rows], ran.code) == (["Ada Brandt"], 8)


def test_entities_finds_the_language_of_each_text(backfile: Command, tmp_path: Path) -> None:
    german, chinese = tmp_path / "de.txt", tmp_path / "zh.txt"
    german.write_text("Die Ministerin Annegret Quandt sprach am Montag in Rostock über die Werft und ihre Zukunft.")
    chinese.write_text("国务院总理李强星期一在上海考察，会见了小米公司创始人雷军。")
    rows = backfile("entities", str(german), str(chinese), "--json").rows
    found = {(row["kind"], row["text"]) for row in rows}
    assert {("person", "Annegret Quandt"), ("place", "Rostock"), ("person", "李强"), ("person", "雷军")} <= found


def test_entities_reads_files_without_an_archive(backfile: Command, tmp_path: Path) -> None:
    text = tmp_path / "story.txt"
    text.write_text("Mayor Ada Brandt met Jan Kubrick of the World Health Organization (WHO) in Oslo on Friday.")
    rows = backfile("entities", str(text), "--date", "2025-01-31", "--json").rows
    assert {"id", "kind", "text", "start", "end", "canonical", "confidence"} <= rows[0].keys()
    assert ("date", "Friday", "2025-01-31") in {(row["kind"], row["text"], row["canonical"]) for row in rows}
    assert ("org", "WHO", "World Health Organization") in {(row["kind"], row["text"], row["canonical"]) for row in rows}
    batch = tmp_path / "rows.jsonl"
    batch.write_text(json.dumps({"id": "x", "text": text.read_text(), "date": "2025-01-31"}) + "\n")
    assert [row["text"] for row in backfile("entities", "--batch", str(batch)).rows] == [row["text"] for row in rows]
