"""An import killed at random moments goes on where it was: each item ends in one state, nothing is stored twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from newsroom import Newsroom
from test_import import page, story, warc_of

from archive import Archive, ArchiveSettings, JobState, LinkSettings, create_archive, read_settings
from archive.pipeline import GROUP

HOSTS, PAGES = 40, 10
DELAY = 0.1  # seconds between two requests to one host
CONCURRENCY = 16
TEXT = "The harbour board voted on Tuesday to spend twelve million pounds on the pier, which storms have battered. " * 3
IMPORT = """
import sys
from pathlib import Path
from archive import open_archive
with open_archive(sys.argv[1]) as archive:
    for item in archive.import_files([Path(sys.argv[2])], depth=int(sys.argv[3]) if sys.argv[3:] else None):
        pass
"""


def url(host: int, page: int) -> str:
    return f"http://h{host}.example/{page}"


@pytest.fixture
def listed(tmp_path: Path, newsroom: Newsroom) -> tuple[Path, Path]:
    """An archive, and a table of pages of many hosts, a third of them bad in some way; some rows stand twice."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    settings = newsroom.toml().replace("delay = 0.0", f"delay = {DELAY}\nconcurrency = {CONCURRENCY}\nper_host = 1")
    (folder / "backfile.toml").write_text(settings + "\n[links]\ndepth = 0\n")
    rows = ["url,tags"]
    for host in range(HOSTS):
        for number in range(PAGES):
            place = url(host, number)
            rows.append(f"{place},t{host}")
            _serve(newsroom, place, (host + number) % 6)
    rows += [f"{url(host, 0)},twice" for host in range(0, HOSTS, 4)]
    rows += ["no address,x"] * 2 + ["ftp://h1.example/,x"]
    table = tmp_path / "links.csv"
    table.write_text("\n".join(rows))
    return folder, table


def _serve(newsroom: Newsroom, place: str, kind: int) -> None:
    title = place.removeprefix("http://")
    good = f"<html><title>{title}</title><body><article><h1>{title}</h1><p>{TEXT} {title}</p></article></body></html>"
    if kind == 0:
        newsroom.add(place, "Nothing here", status=404)
    elif kind == 1:
        newsroom.raw(place, [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\n<p>cut"])
    else:
        newsroom.add(place, good)


@pytest.mark.slow
@pytest.mark.parametrize("kill", [2, pytest.param(6, marks=pytest.mark.kills)])
def test_killed_at_random(newsroom: Newsroom, listed: tuple[Path, Path], kill: int) -> None:
    folder, table = listed
    chance = random.Random(7)
    kills = 0
    while not run(newsroom, folder, table, (chance.randint(5, 45), chance.uniform(0, 0.05)) if kills < kill else None):
        kills += 1
    assert kills == kill, "the import was over before it was killed often enough"
    with Archive(folder, read_settings(folder)) as archive:
        (job,) = archive.jobs()
        assert job.ended is not None
        total = HOSTS * PAGES
        bad = sum((host + page) % 6 in (0, 1) for host in range(HOSTS) for page in range(PAGES))
        assert {state: count for state, count in job.counts.items() if count} == {
            JobState.DONE: total - bad, JobState.FAILED: bad, JobState.REJECTED: 3
        }  # fmt: skip
        for host in range(HOSTS):
            times = []
            for page in range(PAGES):
                entry = archive.find(url(host, page))
                captures = archive.captures(entry.id)
                assert len(captures) == 1, (entry.url, [capture.at for capture in captures])
                times.append(captures[0].at)
                expected = {f"t{host}"} | ({"twice"} if page == 0 and host % 4 == 0 else set())
                assert set(entry.tags) == expected
            # By our own clock: when a busy machine lets the server see a request says nothing of when it was made.
            gaps = [later - earlier for earlier, later in pairwise(sorted(times))]
            assert min(gaps) >= timedelta(seconds=DELAY * 0.9)
        assert list(archive.verify()) == []
        rejects = [json.loads(line) for line in archive.rejects_file(job.number).read_text().splitlines()]
        assert [row["line"] for row in rejects] == [total + 12, total + 13, total + 14]
    asked = Counter(seen.url for seen in newsroom.requests)
    again = sum(count - 1 for count in asked.values())
    # What is under way, and a group that is not yet full: neither is safe before its commit.
    assert again <= kills * (CONCURRENCY + GROUP - 1), "only what was on its way when it was killed may be asked again"


def run(newsroom: Newsroom, folder: Path, table: Path, kill_after: tuple[int, float] | None, *more: str) -> bool:
    """One run of the import, killed so many requests and then seconds after its start; whether it came to its end."""
    before = len(newsroom.requests)
    with subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(folder), str(table), *more], start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    ) as running:  # fmt: skip
        if kill_after is not None:
            requests, seconds = kill_after
            while len(newsroom.requests) - before < requests and running.poll() is None:
                time.sleep(0.002)
            time.sleep(seconds)
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
        running.communicate(timeout=120)
    assert running.returncode in (0, -signal.SIGKILL)
    return running.returncode == 0


def test_a_page_stored_just_before_the_kill_is_not_asked_for_again(newsroom: Newsroom, tmp_path: Path) -> None:
    """The page is in the archive, the table of the job does not know it yet: it is found, not fetched."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    good = newsroom.add("https://a.example/1", f"<title>One</title><article><p>{TEXT}</p></article>")
    missing = "https://a.example/gone"
    listed = tmp_path / "list.txt"
    listed.write_text(f"{good}\n{missing}\n")
    settings = ArchiveSettings(fetch=newsroom.settings(), links=LinkSettings(depth=0))
    with Archive(folder, settings) as archive:
        list(archive.import_files([listed], fetch=False))
        list(archive.add([good, missing], depth=0))
        asked = len(newsroom.requests)
        imported = {item.url: item.state for item in archive.import_files([listed])}
        assert imported == {good: JobState.DONE, missing: JobState.FAILED}
        assert len(newsroom.requests) == asked


def test_interrupted_between_reading_and_fetching(newsroom: Newsroom, tmp_path: Path) -> None:
    """A caller that stops listening in the middle loses nothing: the next call goes on."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    urls = [
        newsroom.add(f"https://h{n % 5}.example/{n}", f"<title>{n}</title><article><p>{TEXT} {n}</p></article>")
        for n in range(20)
    ]
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join(urls))
    settings = ArchiveSettings(fetch=newsroom.settings(), links=LinkSettings(depth=0))
    with Archive(folder, settings) as archive:
        running = archive.import_files([listed])
        first = [next(running)]
        running.close()
        rest = list(archive.import_files([listed]))
        (job,) = archive.jobs()
        assert job.counts[JobState.DONE] == 20
        assert {item.n for item in first} | {item.n for item in rest} <= set(range(1, 21))
        assert all(len(archive.captures(archive.find(url).id)) == 1 for url in urls)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["captures", "links"])
def test_formats_of_pages_stored_before_a_kill_are_followed_by_the_next_run(
    kind: str, newsroom: Newsroom, tmp_path: Path
) -> None:
    """Killed while it follows what imported pages cite: the next run asks for the rest, and for nothing twice."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    (folder / "backfile.toml").write_text(newsroom.toml().replace("delay = 0.0", "delay = 0.05\nper_host = 1"))
    sources = [f"https://s{n % 4}.example/{n}" for n in range(20)]
    for source in sources:
        newsroom.add(source, story(source))
    cited = {
        f"https://p{n}.example/": "".join(f'<a href="{source}">Paper {source}</a> ' for source in sources[n : n + 2])
        for n in range(0, 20, 2)
    }
    if kind == "captures":
        given = tmp_path / "x.warc.gz"
        given.write_bytes(warc_of(*((url, page(url, links)) for url, links in cited.items())))
    else:
        given = tmp_path / "links.txt"
        given.write_text("\n".join(newsroom.add(url, story(url, links)) for url, links in cited.items()))
    kills = 0
    while not run(newsroom, folder, given, (16 if kind == "links" else 8, 0.0) if kills < 2 else None, "1"):
        kills += 1
    assert kills == 2
    with Archive(folder, read_settings(folder)) as archive:
        assert all(archive.find(source).article for source in sources)
        assert all(len(archive.captures(archive.find(source).id)) == 1 for source in sources)
        assert archive.jobs()[0].ended is not None
