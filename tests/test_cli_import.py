"""`backfile import` and `backfile jobs` as their users meet them."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom

from archive import FORMATS
from backfile.desk.bringing import Indexing
from index import IndexBusyError

DAYS = ("2025-01-31", "31.31.2025")
TEXT = "The harbour board voted on Tuesday to spend twelve million pounds on the pier, which storms have battered. " * 3


@pytest.fixture
def backfile(tmp_path: Path, newsroom: Newsroom) -> Command:
    return Command(tmp_path / "archive", newsroom)


@pytest.fixture
def url(newsroom: Newsroom) -> str:
    return newsroom.add("https://a.example/pier", f"<title>The pier</title><article><p>{TEXT}</p></article>")


def test_import_says_what_became_of_each_item(backfile: Command, url: str, tmp_path: Path) -> None:
    table = tmp_path / "links.csv"
    table.write_text(f"url,tags\n{url},harbour\nhttps://a.example/gone,\nno address,\n")
    ran = backfile("import", str(table), "--depth", "0")
    assert ran.code == 0, ran.err
    assert "The pier" in ran.out
    assert "! links.csv, line 4:" in ran.out
    assert "not found: returned 404" in ran.out
    assert "Job 1: 1 done, 1 failed, 1 rejected." in ran.err
    assert "rejects-1.jsonl" in ran.err
    assert (backfile.folder / "rejects-1.jsonl").stat().st_mode & 0o077 == backfile.folder.stat().st_mode & 0o066
    assert json.loads((backfile.folder / "rejects-1.jsonl").read_text())["line"] == 4
    assert backfile("search", "tag:harbour", "--json").rows[0]["url"] == url
    again = backfile("import", str(table))
    assert (again.out, again.code) == ("", 0)
    assert "nothing was left to do" in again.err


@pytest.mark.slow
def test_json_events(backfile: Command, url: str, tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text(f"{url}\nhttps://a.example/gone\n")
    ran = backfile("import", str(listed), "--depth", "0", "--json")
    assert {(row["url"], row["state"], row["outcome"], row["line"]) for row in ran.rows} == {
        (url, "done", "ok", 1), ("https://a.example/gone", "failed", "not found", 2)
    }  # fmt: skip
    (job,) = backfile("jobs", "--json").rows
    assert job["counts"] == {"waiting": 0, "done": 1, "failed": 1, "rejected": 0}
    (failed,) = backfile("jobs", "1", "--json").rows
    assert failed["detail"] == "not found: returned 404 (not found)"
    assert backfile("status", "--job", "1", "--json").rows == [job]
    assert backfile("jobs", "7").code == backfile("status", "--job", "7").code == 3


def test_a_job_says_how_far_it_is_and_what_is_left_undone(backfile: Command, tmp_path: Path) -> None:
    table = tmp_path / "links.csv"
    table.write_text("url\nhttps://a.example/gone\nno address\n")
    backfile("import", str(table), "--no-fetch")
    for command in (("jobs", "1"), ("status", "--job", "1")):
        ran = backfile(*command)
        headline, rejected = ran.out.splitlines()
        assert "1 waiting, 1 rejected" in headline
        assert "links.csv, line 3" in rejected
        assert "rejects-1.jsonl" in ran.err
    (waiting,) = backfile("jobs", "1", "--state", "waiting").out.splitlines()[1:]
    assert "https://a.example/gone" in waiting
    assert [row["state"] for row in backfile("jobs", "1", "--json").rows] == ["rejected"]


def test_standard_input_is_a_job_of_its_own(backfile: Command, url: str, newsroom: Newsroom) -> None:
    for _ in range(2):
        ran = backfile("import", "-", "--depth", "0", stdin=f"see {url}\n")
        assert ran.code == 0, ran.err
    assert newsroom.hits(url) == 1
    assert len(backfile("jobs", "--json").rows) == 1


@pytest.mark.slow
def test_no_fetch_then_resume(backfile: Command, url: str, newsroom: Newsroom, tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text(url)
    assert "1 waiting" in backfile("import", str(listed), "--no-fetch").err
    assert newsroom.requests == []
    ran = backfile("import", "--resume", "--depth", "0", "--concurrency", "2")
    assert "Job 1: 1 done." in ran.err
    assert backfile("import", "--resume").code == 0


@pytest.mark.slow
def test_resume_goes_on_with_the_very_jobs(backfile: Command, url: str, tmp_path: Path) -> None:
    """Several files in one job, and a format that was named: the same jobs go on, no new ones begin."""
    for name in "abc":
        (tmp_path / name).write_text(f"{url}?{name}")
    backfile("import", str(tmp_path / "a"), str(tmp_path / "b"), "--no-fetch")
    backfile("import", str(tmp_path / "c"), "--format", "text", "--no-fetch")
    ran = backfile("import", "--resume", "--depth", "0")
    assert "Job 1: 2 failed." in ran.err
    assert "Job 2: 1 failed." in ran.err
    assert len(backfile("jobs", "--json").rows) == 2
    assert "Job 1: 2 failed." in backfile("import", str(tmp_path / "a"), str(tmp_path / "b")).err


def test_dry_run_needs_no_archive_and_no_network(backfile: Command, newsroom: Newsroom, tmp_path: Path) -> None:
    table = tmp_path / "links.csv"
    table.write_text("url\nhttps://a.example/1\nhttps://a.example/1?utm_source=x\nno address\n")
    ran = backfile("import", str(table), "--dry-run")
    assert "2 links, 1 duplicate, 2 as csv, 1 rejected" in " ".join(sorted(ran.out.splitlines()[-1:]))
    assert "line 4" in ran.out
    assert newsroom.requests == []
    assert backfile("jobs").out == ""


def test_a_lost_capture_is_in_the_exit_code(backfile: Command) -> None:
    body = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x"
    (backfile.folder / "one.warc").write_bytes(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\nWARC-Date: 2025-01-31T10:00:00Z\r\n"
        f"WARC-Payload-Digest: sha1:{'A' * 32}\r\nContent-Length: {len(body)}\r\n\r\n{body}\r\n\r\n".encode()
    )
    ran = backfile("import", "one.warc")
    assert ran.code == 18
    assert "does not have the digest" in (backfile.folder / "rejects-1.jsonl").read_text()


def test_one_is_no_plural(backfile: Command) -> None:
    (backfile.folder / "one.jsonl").write_text(json.dumps({"url": "https://a.example/1", "text": TEXT}))
    assert backfile("import", "one.jsonl").code == 0
    said = " ".join(backfile("status").out.split())
    assert "Articles 1, 1 version of them Captures 1 in 1 WARC file," in said
    assert "Rebuilt from 1 capture." in backfile("rebuild").err


def test_a_dry_run_says_how_much_it_does_not_show(backfile: Command) -> None:
    (backfile.folder / "links.csv").write_text("url\n" + "none\n" * 25)
    ran = backfile("import", "links.csv", "--dry-run")
    *shown, more, sums = ran.out.splitlines()
    assert (len(shown), more, sums) == (20, "… and 5 more rejected rows, which --json lists", "25 rejected")
    assert len(backfile("import", "links.csv", "--dry-run", "--json").rows) == 25


WRONG = "published: '31.31.2025' is no date that can be: taken in without it"


def test_a_row_with_a_wrong_date_is_taken_in_and_remarked_on(backfile: Command) -> None:
    """It counts with what was taken in; what is rejected is what is not there."""
    rows = [{"url": f"https://a.example/{n}", "text": TEXT, "published": day} for n, day in enumerate(DAYS)]
    lines = [json.dumps(row) for row in (*rows, {"url": "none"}, {**rows[1], "published": "31.31.2025"})]
    (backfile.folder / "texts.jsonl").write_text("\n".join(lines))
    ran = backfile("import", "texts.jsonl")
    assert ran.code == 0, ran.err
    assert f"· texts.jsonl, line 2: {WRONG}" in ran.out
    assert ran.out.count(WRONG) == 1  # the same row once more says nothing new
    assert "Job 1: 2 done, 1 rejected." in ran.err
    assert "1 remark (·) on rows that were taken in: `backfile jobs 1 --remarks`." in ran.err
    (reject,) = (backfile.folder / "rejects-1.jsonl").read_text().splitlines()
    assert json.loads(reject)["line"] == 3
    (listed,) = backfile("jobs", "1", "--remarks").out.splitlines()[1:]
    assert "https://a.example/1" in listed
    assert listed.endswith(WRONG)
    (row,) = backfile("jobs", "1", "--remarks", "--json").rows
    assert (row["state"], row["remarks"], row["remark"]) == ("done", [WRONG], False)
    (backfile.folder / "texts.jsonl").write_text("\n".join([*lines, ""]))  # the file has changed, its rows have not
    assert WRONG not in backfile("import", "texts.jsonl").out


def test_remarks_are_rows_of_json_and_of_a_dry_run(backfile: Command) -> None:
    (backfile.folder / "links.csv").write_text(f"url,published\nhttps://a.example/1,{DAYS[1]}\n")
    (found,) = backfile("import", "links.csv", "--dry-run", "--json").rows
    assert (found["line"], found["remarks"]) == (2, [WRONG])
    assert backfile("import", "links.csv", "--dry-run").out.splitlines() == [
        f"· links.csv, line 2: {WRONG}",
        "1 link, 1 as csv",
    ]
    (told,) = backfile("import", "links.csv", "--no-fetch", "--json").rows
    assert (told["remark"], told["n"], told["line"], told["detail"]) == (True, 1, 2, WRONG)
    assert (told["url"], told["state"]) == ("https://a.example/1", "done")


def test_files_of_a_folder_that_are_passed_over_are_named(backfile: Command) -> None:
    """But for what pages are shown with."""
    folder = backfile.folder / "mixed"
    (folder / "below").mkdir(parents=True)
    (folder / "links.csv").write_text("url\nhttps://paper.example/a\n")
    (folder / "style.css").write_text("a { color: red }")
    (folder / "i.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (folder / "below" / "data.bin").write_bytes(bytes(range(256)))
    (folder / "cut.jsonl").write_text("not json{")
    said = "2 files are of no format that is known, and passed over: below/data.bin, cut.jsonl"
    assert said in backfile("import", "mixed", "--no-fetch").out
    assert said in backfile("import", "mixed", "--dry-run").out
    assert "passed over" not in backfile("import", "mixed/links.csv", "--dry-run").out


def test_list_formats(backfile: Command) -> None:
    out = backfile("import", "--list-formats").out
    assert [line.split()[0] for line in out.splitlines()] == [known.name for known in FORMATS]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["missing.csv"], 8, id="no such file"),
        pytest.param([], 2, id="nothing named"),
        pytest.param(["--format", "nonsense", "backfile.toml"], 2, id="no such format"),
    ],
)
def test_mistakes_are_told(backfile: Command, arguments: list[str], code: int) -> None:
    ran = backfile("import", *arguments)
    assert ran.code == code
    assert "Traceback" not in ran.err


def test_ctrl_c_leaves_what_came_in_the_index(backfile: Command, newsroom: Newsroom, tmp_path: Path) -> None:
    """An import that is stopped says how to go on; what it has taken in is found."""
    urls = [
        newsroom.add(f"https://a.example/{n}", f"<title>{n}</title><article><p>{TEXT}{n}</p></article>")
        for n in range(40)
    ]
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join(urls))
    settings = backfile.folder / "backfile.toml"
    settings.write_text(settings.read_text().replace("delay = 0.0", "delay = 0.3"))
    with backfile.start("import", str(listed), "--depth", "0") as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert "goes on from here" in err, err
    status = backfile("status", "--json").rows[0]
    assert status["index_lag"] == 0
    assert 0 < status["archive"]["articles"] < len(urls)  # type: ignore[index]


def test_the_index_is_updated_now_and_then_and_never_for_long() -> None:
    """Every half a minute; less often where an update takes long, and not at all while another command does it."""
    clock = [0.0]
    updates: list[float] = []

    class Index:
        def update(self) -> None:
            updates.append(clock[0])
            clock[0] += 10.0
            if len(updates) == 2:
                raise IndexBusyError("updated by somebody else", holder="them")

    indexing = Indexing(Index(), clock=lambda: clock[0])  # type: ignore[arg-type]
    while clock[0] < 300.0:
        indexing.now_and_then()
        clock[0] += 1.0
    assert updates == [30.0, 130.0, 230.0]
