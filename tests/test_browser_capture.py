"""A page that is empty without scripts is captured as a browser shows it, and nothing passes by the gate."""

from __future__ import annotations

import gzip
import http.client
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from newsroom import Newsroom
from website import serving

from archive import (
    Added,
    Archive,
    ArchiveSettings,
    EntitySettings,
    ExportFormat,
    ExportStamp,
    JobKind,
    LinkSettings,
    Outcome,
    Resource,
    Resources,
    UsageError,
    create_archive,
    export_entries,
    open_archive,
)
from archive.browser.proxy import Recorder, listening
from archive.browser.showing import check
from archive.model import Method, ResourceKind
from archive.storage.verify import verify
from backfile.desk import open_desk

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
STORY = "https://paper.example/app"
TEXT = "The harbour board of Lindholm voted on Tuesday to spend twelve million pounds on the pier, which storms hit. "
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
SHELL = "<html><head><title>Loading</title></head><body><div id=app></div><script src=/app.js></script></body></html>"
SCRIPT = """
fetch("/data.json").then(answer => answer.json()).then(story => {
  document.title = story.title;
  document.getElementById("app").innerHTML =
    "<article><h1>" + story.title + "</h1><img src=/pier.png><p>" + story.text + "</p></article>";
});
for (const where of ["http://169.254.169.254/latest", "https://10.0.0.1/x"])
  fetch(where, {mode: "no-cors"}).catch(() => 0);
new WebSocket("wss://paper.example/socket").onerror = () => 0;
"""


def need_browser() -> None:
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"))):
        pytest.skip("there is no Chromium here")
    pytest.importorskip("playwright")


@pytest.fixture
def paper(newsroom: Newsroom) -> Newsroom:
    newsroom.add(STORY, SHELL)
    newsroom.add("https://paper.example/app.js", SCRIPT, type="text/javascript")
    newsroom.add(
        "https://paper.example/data.json",
        f'{{"title": "The pier stays", "text": "{TEXT * 3}"}}',
        type="application/json",
    )
    newsroom.add("https://paper.example/pier.png", PNG, type="image/png")
    return newsroom


@pytest.fixture
def archive(tmp_path: Path, newsroom: Newsroom) -> Iterator[Archive]:
    with opened(tmp_path / "archive", newsroom) as found:
        yield found


def opened(folder: Path, newsroom: Newsroom, **fetch: object) -> Archive:
    create_archive(folder).close()
    settings = newsroom.settings(**{"resources": Resources.NONE, **fetch})
    return open_archive(
        folder, ArchiveSettings(fetch=settings, links=LinkSettings(depth=0), entities=EntitySettings("none"))
    )


def resources(archive: Archive, url: str) -> dict[str, Resource]:
    return {one.url: one for one in archive.resources(archive.find(url).capture_id)}


@pytest.mark.browser
def test_a_page_is_kept_as_a_browser_shows_it(archive: Archive, paper: Newsroom, tmp_path: Path) -> None:
    """With a picture and every answer; what leads to private networks is refused and told. It survives a rebuild and
    goes to other archives.
    """
    need_browser()
    (added,) = archive.add([STORY], browser=True)
    assert (added.outcome, added.title) == (Outcome.OK, "The pier stays")
    found = archive.find(STORY)
    assert found.method is Method.BROWSER
    assert found.article is not None
    assert "twelve million pounds" in found.article.text
    (capture,) = archive.captures(found.id)
    assert (capture.method, capture.charset, len(capture.hops)) == (Method.BROWSER, "utf-8", 1)
    assert b"The pier stays" in archive.payload(capture.id)
    came = resources(archive, STORY)
    kinds = {url.removeprefix("https://paper.example"): (one.kind, one.outcome) for url, one in came.items()}
    assert kinds["/app"] == (ResourceKind.DOCUMENT, Outcome.OK)
    assert kinds["/app.js"] == (ResourceKind.SCRIPT, Outcome.OK)
    assert kinds["/data.json"] == (ResourceKind.DATA, Outcome.OK)
    assert kinds["/pier.png"] == (ResourceKind.IMAGE, Outcome.OK)
    hosts = {urlsplit(url).hostname for url in came if not url.startswith("urn:")}
    assert hosts <= {"paper.example", "169.254.169.254", "10.0.0.1"}, "nothing that the browser asks for itself"
    picture = came[f"urn:view:{STORY}"]
    assert (picture.kind, picture.media_type) == (ResourceKind.SCREENSHOT, "image/png")
    assert kinds["http://169.254.169.254/latest"][1] is Outcome.REFUSED
    assert kinds["https://10.0.0.1/x"][1] is Outcome.REFUSED
    assert b"data:image/png" in archive.self_contained(capture.id)
    assert list(archive.verify()) == []
    package = tmp_path / "out.wacz"
    stamp = ExportStamp("", found.first_captured, archive.log_id())
    assert export_entries(archive, [found.id], ExportFormat.WACZ, stamp, package).problems == ()
    archive.rebuild()
    assert archive.find(STORY).article == found.article
    assert set(resources(archive, STORY)) == set(came)
    create_archive(tmp_path / "again").close()
    with open_archive(tmp_path / "again") as again:
        assert not [one for one in again.import_files([package], fetch=False) if one.lost]
        other = again.find(STORY)
        assert (other.method, other.article) == (Method.BROWSER, found.article)
        assert set(resources(again, STORY)) == set(came)
    assert list(verify(tmp_path / "again")) == []


@pytest.mark.browser
def test_hosts_of_the_settings_are_shown_and_no_others(tmp_path: Path, paper: Newsroom) -> None:
    need_browser()
    other = paper.add("https://other.example/story", f"<title>Plain</title><article><p>{TEXT * 3}</p></article>")
    with opened(tmp_path / "archive", paper, browser=("www.paper.example",)) as archive:
        outcomes = {one.url: one.outcome for one in archive.add([STORY, other])}
        assert outcomes == {STORY: Outcome.OK, other: Outcome.OK}
        assert archive.find(STORY).method is Method.BROWSER
        assert archive.find(other).method is Method.FETCH


@pytest.mark.browser
def test_what_a_browser_cannot_show_is_kept_as_it_was_served(tmp_path: Path, paper: Newsroom) -> None:
    """A page that is never done in the time that it has; why is told."""
    need_browser()
    paper.add(STORY, f"<title>Plain</title><article><p>{TEXT * 3}</p></article><script>for(;;);</script>")
    with opened(tmp_path / "archive", paper, browser_timeout=4.0) as archive:
        (added,) = archive.add([STORY], browser=True)
        assert added.outcome is Outcome.OK
        assert "the browser did not show it" in added.detail
        assert archive.find(STORY).method is Method.FETCH


@pytest.mark.browser
def test_what_was_let_go_does_not_come_back_by_a_script(archive: Archive, paper: Newsroom) -> None:
    """A page that leads there once its scripts run is refused, and nothing of it is stored."""
    need_browser()
    gone = paper.add("https://paper.example/gone", f"<title>Gone</title><article><p>{TEXT * 3}</p></article>")
    list(archive.add([gone]))
    archive.forget([archive.find(gone).id], "asked to")
    lead = "<script>location.replace('/gone')</script>"
    paper.add(STORY, f"<title>Door</title><article><p>{TEXT * 2}</p></article>{lead}")
    (added,) = archive.add([STORY], browser=True)
    assert added.outcome is Outcome.REFUSED
    assert "was forgotten" in added.detail
    held = b"".join(gzip.decompress(path.read_bytes()) for path in archive.folder.glob("warc/*.gz"))
    assert b"<title>Gone" not in held
    assert b"<title>Door" not in held


def test_without_a_browser_it_says_what_to_write(tmp_path: Path, newsroom: Newsroom) -> None:
    settings = replace(newsroom.settings(), browser_path=str(tmp_path / "none"))
    with pytest.raises(UsageError, match=r"\[fetch\] browser_path"):
        check(settings)


@pytest.mark.browser
def test_what_is_imported_or_planned_is_shown_by_a_browser(archive: Archive, paper: Newsroom, tmp_path: Path) -> None:
    need_browser()
    paper.add("https://paper.example/later", SHELL)
    (tmp_path / "links.txt").write_text(STORY)
    assert [one.outcome for one in archive.import_files([tmp_path / "links.txt"], browser=True)] == [Outcome.OK]
    job = archive.plan_add(["https://paper.example/later"], browser=True)
    assert [one.title for one in archive.go_on(job.number) if isinstance(one, Added)] == ["The pier stays"]
    paper.add("https://paper.example/listed", SHELL)
    (tmp_path / "more.txt").write_text("https://paper.example/listed")
    job = archive.plan_import(tmp_path / "more.txt", browser=True)
    assert [one.outcome for one in archive.go_on(job.number)] == [Outcome.OK]
    urls = (STORY, "https://paper.example/later", "https://paper.example/listed")
    assert {archive.find(one).method for one in urls} == {Method.BROWSER}


def test_whoever_imports_or_plans_hears_that_there_is_no_browser(tmp_path: Path, newsroom: Newsroom) -> None:
    """Before anything is written down or asked for; a job that was planned elsewhere is left to others."""
    (tmp_path / "links.txt").write_text(STORY)
    with opened(tmp_path / "archive", newsroom, browser_path=sys.executable) as archive:
        pytest.importorskip("playwright")
        number = archive.plan_add([STORY], browser=True).number
        settings = replace(archive.settings, fetch=replace(archive.settings.fetch, browser_path=str(tmp_path / "none")))
    with open_archive(tmp_path / "archive", settings) as archive:
        for ask in (
            lambda: archive.plan_add([STORY], browser=True), lambda: list(archive.go_on(number)),
            lambda: archive.plan_import(tmp_path / "links.txt", browser=True),
            lambda: list(archive.import_files([tmp_path / "links.txt"], browser=True)),
        ):  # fmt: skip
            with pytest.raises(UsageError, match=r"\[fetch\] browser_path"):
                ask()
        assert [job.number for job in archive.jobs(JobKind.ADD, JobKind.IMPORT)] == [number]
    (tmp_path / "archive" / "backfile.toml").write_text(f'[fetch]\nbrowser_path = "{tmp_path}/none"\n')
    told: list[str] = []
    with open_desk(tmp_path / "archive") as desk:
        assert list(desk.catalogue(told.append, until_idle=True)) == []
        assert [job.number for job, _ in desk.planned()] == [number]
    assert [text.partition(":")[0] for text in told] == [f"job {number}"]
    assert newsroom.requests == []


def test_the_form_offers_a_browser_where_there_is_one(tmp_path: Path) -> None:
    create_archive(tmp_path / "archive").close()
    settings = tmp_path / "archive" / "backfile.toml"
    settings.write_text(f'[fetch]\nbrowser_path = "{tmp_path}/none"\n')
    with serving(tmp_path / "archive") as site:
        form = site.get("/add").text
        assert "Here no Chromium or Chrome is found: name it in backfile.toml" in form
        assert 'name="browser"' not in form
        asked = {"kind": "add", "urls": [STORY], "browser": True}
        refused = site.post_json("/api/v1/jobs", asked)
        assert (refused.status, "browser_path" in refused.text) == (400, True)
        assert site.post_form("/add", {"text": STORY, "browser": "true"}).status == 400
        assert site.get("/api/v1/jobs").json["items"] == []
    pytest.importorskip("playwright")
    settings.write_text(f'[fetch]\nbrowser_path = "{sys.executable}"\n')
    with serving(tmp_path / "archive") as site:
        assert site.get("/add").text.count('name="browser" value="true"') == 2, "of the form for a file, too"


# -- the proxy by itself -----------------------------------------------------------------------------------------------


@pytest.fixture
def proxied(newsroom: Newsroom, tmp_path: Path) -> Iterator[tuple[Recorder, int]]:
    from archive.browser.certificates import Certificates

    recorder = Recorder(newsroom.settings(resources_per_page=3))
    with listening(recorder, Certificates(tmp_path)) as port:
        yield recorder, port


def asked(port: int, url: str, method: str = "GET") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, url, headers={"Sec-Fetch-Dest": "image"})
    answer = connection.getresponse()
    try:
        return answer.status, answer.read()
    finally:
        connection.close()


def test_the_gate_holds_for_whatever_the_browser_asks(proxied: tuple[Recorder, int], newsroom: Newsroom) -> None:
    """S03, S08, S10 by the proxy: private, disguised, and odd addresses; beyond the limit nothing is asked."""
    recorder, port = proxied
    newsroom.add("http://paper.example/a.png", PNG, type="image/png")
    assert asked(port, "http://paper.example/a.png") == (200, PNG)
    assert asked(port, "http://10.0.0.1/x")[0] == 403
    assert asked(port, "http://0xa9fea9fe/x")[0] == 403
    assert asked(port, "http://169.254.169.254:80\\@paper.example/")[0] == 403
    assert asked(port, "file:///etc/passwd")[0] == 403
    assert asked(port, "http://paper.example/b.png")[0] == 503, "there is room for three"
    assert [(one.link.kind, one.fetched.outcome) for one in recorder.kept() if one.fetched][:2] == [
        (ResourceKind.IMAGE, Outcome.OK), (ResourceKind.IMAGE, Outcome.REFUSED),
    ]  # fmt: skip


def test_whoever_says_nothing_or_nonsense_is_left(proxied: tuple[Recorder, int], newsroom: Newsroom) -> None:
    _, port = proxied
    for said in (b"", b"\x16\x03\x01 no proxy\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
            sock.sendall(said)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(2**16):
                pass
    newsroom.add("http://paper.example/a.png", PNG, type="image/png")
    assert asked(port, "http://paper.example/a.png")[0] == 200
    assert threading.active_count() < 50
