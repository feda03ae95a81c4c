"""A page that is gone is looked for in other archives, where that is wanted; what comes says what it is."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsroom import Newsroom

from archive import Archive, Method, Outcome, Which, create_archive, open_archive
from archive.config import ArchiveSettings, LinkSettings
from archive.proving import prove_one
from archive.storage.warc.records import member, new_id

STORY = "https://paper.example/pier"
REPORT = "https://council.example/report"
TEXT = "<p>The harbour board voted on Tuesday to spend twelve million pounds on the pier.</p>" * 4
OLD, NEW = datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"
GATE = "https://archive.example/web/"


def report(words: str) -> str:
    article = f"<article><h1>Report</h1><p>{words}</p>{TEXT}</article>"
    return f"<html><head><title>Report</title></head><body>{article}</body></html>"


def story(newsroom: Newsroom, day: str = "2019-04-01") -> None:
    newsroom.add(
        STORY,
        f'<html><head><title>Pier</title><meta property="article:published_time" content="{day}T09:00:00Z"></head>'
        f'<body><article><h1>Pier</h1>{TEXT}<p>As the <a href="{REPORT}">report of the council</a> says.</p>'
        "</article></body></html>",
    )


def memento(newsroom: Newsroom, at: datetime, words: str, **headers: str) -> str:
    """A copy in the archive, as it got it and as it shows it; says the address of the latter."""
    stamp = f"{at:%Y%m%d%H%M%S}"
    said = {"Memento-Datetime": at.strftime(HTTP_DATE), **headers}
    newsroom.add(f"{GATE}{stamp}id_/{REPORT}", report(words), headers=said)
    return newsroom.add(f"{GATE}{stamp}/{REPORT}", f"<div>Banner</div>{report(words)}", headers=said)


@pytest.fixture
def archive(tmp_path: Path, newsroom: Newsroom) -> Iterator[Archive]:
    with opened(tmp_path / "archive", newsroom) as found:
        yield found


def opened(folder: Path, newsroom: Newsroom, **fetch: object) -> Archive:
    if not folder.exists():
        create_archive(folder).close()
    settings = newsroom.settings(**{"rescue": True, "archives": (GATE,), **fetch})
    return open_archive(folder, ArchiveSettings(fetch=settings, links=LinkSettings(depth=1)))


def test_a_cited_page_that_is_gone_comes_from_an_archive(archive: Archive, newsroom: Newsroom) -> None:
    story(newsroom)
    shown = memento(newsroom, OLD, "The pier was sound.")
    newsroom.redirect(f"{GATE}{REPORT}", shown)
    added = {page.url: page for page in archive.add([STORY])}
    assert added[REPORT].outcome is Outcome.OK
    assert added[REPORT].detail == "from an archive: archive.example, as it was on 2019-03-04"
    entry = archive.find(REPORT)
    assert entry.article is not None
    assert "The pier was sound." in entry.article.text
    assert "Banner" not in entry.article.text
    assert entry.memento is not None
    assert (entry.memento.archive, entry.memento.at) == ("archive.example", OLD)
    assert entry.memento.url == f"{GATE}20190304050607id_/{REPORT}"
    first, second = archive.captures(entry.id)
    assert (first.outcome, first.method, first.memento) == (Outcome.NOT_FOUND, Method.FETCH, None)
    assert (second.method, second.final_url, second.memento) == (Method.MEMENTO, REPORT, entry.memento)
    # The day of the story that cites it is asked for.
    (asked,) = [seen for seen in newsroom.requests if seen.url == f"{GATE}{REPORT}"]
    assert asked.headers["accept-datetime"] == "Mon, 01 Apr 2019 12:00:00 GMT"
    (source,) = archive.find(STORY).sources
    assert (source.id, source.outcome) == (entry.id, Outcome.OK)
    assert list(archive.verify()) == []
    prove_one(archive, REPORT, Which(), archive.folder.parent / "proof.html")
    page = (archive.folder.parent / "proof.html").read_text()
    for said in ("the copy of another archive", "archive.example", "2019-03-04 05:06:07 UTC", "4 March 2019"):
        assert said in page
    archive.rebuild()
    assert archive.find(REPORT).memento == entry.memento


def test_nobody_is_asked_unless_that_is_wanted(tmp_path: Path, newsroom: Newsroom) -> None:
    story(newsroom)
    newsroom.redirect(f"{GATE}{REPORT}", memento(newsroom, OLD, "The pier was sound."))
    with opened(tmp_path / "archive", newsroom, rescue=False) as archive:
        list(archive.add([STORY]))
        assert not [seen for seen in newsroom.requests if "archive.example" in seen.url]
        # Asked for later, what was gone by then is looked for; what is there is never looked for.
        list(archive.add([REPORT], rescue=True))
        assert archive.find(REPORT).article is not None
        newsroom.add(REPORT, report("It is back."))
        list(archive.add([REPORT], rescue=True, again=True))
        entry = archive.find(REPORT)
        assert entry.memento is None
        assert [version.number for version in archive.versions(entry.id)] == [1, 2]


def test_where_the_nearest_copy_is_no_use_the_time_map_names_others(archive: Archive, newsroom: Newsroom) -> None:
    story(newsroom, day="2024-01-02")
    memento(newsroom, OLD, "The pier was sound.")
    dead = f"{GATE}20240101000000/{REPORT}"
    newsroom.add(
        f"{GATE}{REPORT}", "<frameset>",
        headers={
            "Link": f'<{dead}>; rel="memento"; datetime="{NEW.strftime(HTTP_DATE)}", '
            f'<{GATE}timemap/link/{REPORT}>; rel="timemap"; type="application/link-format"'
        },
    )  # fmt: skip
    newsroom.add(
        f"{GATE}timemap/link/{REPORT}",
        f'<{REPORT}>; rel="original",\n<{GATE}20190304050607/{REPORT}>; rel="first memento"; '
        f'datetime="{OLD.strftime(HTTP_DATE)}",\n<{dead}>; rel="memento"; datetime="{NEW.strftime(HTTP_DATE)}"',
        type="application/link-format",
    )
    list(archive.add([STORY]))
    entry = archive.find(REPORT)
    assert entry.memento is not None
    assert entry.memento.at == OLD


def test_what_does_not_say_that_it_is_a_copy_is_none(archive: Archive, newsroom: Newsroom) -> None:
    story(newsroom)
    newsroom.add(f"{GATE}{REPORT}", report("A page of the archive that says: not here."))
    list(archive.add([STORY]))
    entry = archive.find(REPORT)
    assert (entry.article, entry.outcome) == (None, Outcome.NOT_FOUND)


def test_archives_pass_the_same_gate(archive: Archive, newsroom: Newsroom) -> None:
    story(newsroom)
    link = f'<http://10.0.0.1/20190101000000/{REPORT}>; rel="memento"; datetime="{OLD.strftime(HTTP_DATE)}"'
    newsroom.add(f"{GATE}{REPORT}", "", headers={"Link": link})
    list(archive.add([STORY]))
    assert archive.find(REPORT).article is None


# -- a real one --------------------------------------------------------------------------------------------------------

PYWB = Path(os.environ.get("BACKFILE_PYWB") or Path(__file__).parents[1] / ".cache/pywb") / "bin"


def _record(at: datetime, words: str) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + report(words).encode()
    fields = [("WARC-Target-URI", REPORT), ("Content-Type", "application/http;msgtype=response")]
    return member("response", new_id(), at.strftime("%Y-%m-%dT%H:%M:%SZ"), fields, block)


@pytest.fixture
def pywb(tmp_path: Path) -> Iterator[str]:
    """The TimeGates of a pywb that has two copies of the report."""
    if not (PYWB / "wayback").exists():
        pytest.skip(
            "pywb is not here: `python3 -m venv .cache/pywb && .cache/pywb/bin/pip install pywb 'setuptools<81'`"
        )
    folder = tmp_path / "pywb"
    folder.mkdir()
    copies = [_record(OLD, "The pier was sound."), _record(NEW, "The pier is closed.")]
    (folder / "copies.warc.gz").write_bytes(b"".join(copies))
    for arguments in (["init", "copies"], ["add", "copies", "copies.warc.gz"]):
        subprocess.run([PYWB / "wb-manager", *arguments], cwd=folder, check=True, capture_output=True, timeout=120)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(PYWB / "wayback"), "-b", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(600):
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).close()
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/copies/"
        server.terminate()
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("day", "at", "words"), [("2019-04-01", OLD, "The pier was sound."), ("2024-02-01", NEW, "The pier is closed.")]
)
def test_pywb_gives_the_copy_near_the_day_of_the_story(
    tmp_path: Path, newsroom: Newsroom, pywb: str, day: str, at: datetime, words: str
) -> None:
    story(newsroom, day)
    with opened(tmp_path / "archive", newsroom, archives=(pywb,)) as archive:
        list(archive.add([STORY]))
        entry = archive.find(REPORT)
        assert entry.memento is not None
        assert entry.memento.at == at
        assert entry.article is not None
        assert words in entry.article.text
        body = archive.payload(entry.capture_id)
    assert body == report(words).encode(), "byte for byte as the archive got it, without its banner and its links"
