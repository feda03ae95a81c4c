"""A page comes with its images, styles, fonts and scripts: in the same files, behind the same gate, within limits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom

from archive import Archive, MarkKind, Outcome, Resource, Resources, Which, create_archive, open_archive
from archive.config import ArchiveSettings, LinkSettings
from archive.storage import Catalog, Record, WarcReader
from archive.storage.places import CATALOG, WARC

STORY = "https://paper.example/pier"
SECOND = "https://paper.example/quay"
CDN = "https://static.example"
PARAGRAPH = (
    "<p>The harbour board voted on Tuesday to spend twelve million pounds on the pier, storms have battered it.</p>"
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


def page(title: str, more: str = "") -> str:
    return (
        f"<html><head><title>{title}</title><link rel=stylesheet href={CDN}/a.css><script src=/a.js></script></head>"
        f"<body><article><h1>{title}</h1><figure><img src=/small.png srcset='/small.png 300w, /pier.png 1200w'>"
        f"<figcaption>The pier in March.</figcaption></figure>{PARAGRAPH * 3}{more}</article>"
        f"<footer><img src=/foot.png></footer></body></html>"
    )


@pytest.fixture
def paper(newsroom: Newsroom) -> Newsroom:
    """A story and a second one, with a style sheet that imports another, which names a font and a picture."""
    newsroom.add(STORY, page("The pier"))
    newsroom.add(SECOND, page("The quay"))
    for name in ("small", "pier", "foot"):
        newsroom.add(f"https://paper.example/{name}.png", PNG + name.encode(), type="image/png")
    newsroom.add("https://paper.example/a.js", "x()" * 100, type="text/javascript")
    newsroom.add(f"{CDN}/a.css", "@import 'b.css';" + "a{color:red}" * 30, type="text/css")
    newsroom.add(f"{CDN}/b.css", "@font-face{src:url(f.woff2)}" + "b{background:url(back.png)}" * 20, type="text/css")
    newsroom.add(f"{CDN}/f.woff2", b"wOF2" * 100, type="font/woff2")
    newsroom.add(f"{CDN}/back.png", PNG + b"back", type="image/png")
    return newsroom


@pytest.fixture
def archive(tmp_path: Path, newsroom: Newsroom) -> Iterator[Archive]:
    with opened(tmp_path / "archive", newsroom) as found:
        yield found


def opened(folder: Path, newsroom: Newsroom, **fetch: object) -> Archive:
    if not folder.exists():
        create_archive(folder).close()
    settings = newsroom.settings(**{"resources": Resources.PAGE, **fetch})
    return open_archive(folder, ArchiveSettings(fetch=settings, links=LinkSettings(depth=0)))


def resources(archive: Archive, url: str) -> dict[str, Resource]:
    found = archive.resources(archive.find(url).capture_id)
    return {one.url.removeprefix("https://"): one for one in found}


def paths(newsroom: Newsroom) -> list[str]:
    return [seen.url.removeprefix("https://") for seen in newsroom.requests if not seen.url.endswith("/robots.txt")]


ALL = {
    "paper.example/pier.png", "paper.example/small.png", "paper.example/foot.png", "paper.example/a.js",
    "static.example/a.css", "static.example/b.css", "static.example/f.woff2", "static.example/back.png",
}  # fmt: skip


def test_a_page_comes_with_all_that_it_names(archive: Archive, paper: Newsroom) -> None:
    (added,) = archive.add([STORY])
    assert added.outcome is Outcome.OK
    found = resources(archive, STORY)
    assert set(found) == ALL
    assert {one.outcome for one in found.values()} == {Outcome.OK}
    assert found["paper.example/pier.png"].media_type == "image/png"
    assert found["paper.example/pier.png"].instead_of == "https://paper.example/small.png"
    assert archive.counts().entries == 1, "no resource is an article"
    assert list(archive.verify()) == []
    assert not any("referer" in seen.headers or "cookie" in seen.headers for seen in paper.requests)


def test_images_are_those_of_the_article(tmp_path: Path, paper: Newsroom) -> None:
    with opened(tmp_path / "archive", paper, resources=Resources.IMAGES) as archive:
        list(archive.add([STORY]))
        assert set(resources(archive, STORY)) == {"paper.example/pier.png"}
        entry = archive.get(archive.find(STORY).id)
        assert entry is not None
        assert entry.article is not None
        article = entry.article
        assert [mark.url for mark in article.structure.marks if mark.kind is MarkKind.CAPTION] + [
            caption.image for caption in article.structure.captions
        ] == ["https://paper.example/pier.png"], "a caption names the image that is stored"
        list(archive.add([SECOND], resources=Resources.NONE))
        assert resources(archive, SECOND) == {}
    assert paths(paper) == ["paper.example/pier", "paper.example/pier.png", "paper.example/quay"]


def test_what_was_had_a_short_while_ago_is_not_asked_for_again(archive: Archive, paper: Newsroom) -> None:
    list(archive.add([STORY]))
    list(archive.add([SECOND]))
    assert {path: paths(paper).count(path) for path in ALL} == dict.fromkeys(ALL, 1)
    found = resources(archive, SECOND)
    assert set(found) == ALL
    assert all(one.detail.startswith("held since") and not one.hops and one.size for one in found.values())
    assert list(archive.verify()) == []


def test_the_same_bytes_are_stored_once(tmp_path: Path, paper: Newsroom) -> None:
    with opened(tmp_path / "archive", paper, fresh_for=0.0) as archive:
        list(archive.add([STORY]))
        list(archive.add([STORY]))
        found = resources(archive, STORY)
        assert archive.captures(archive.find(STORY).id)[-1].id
        kinds = [record.kind for record in records(archive) if uri(record) == f"{CDN}/f.woff2"]
        assert kinds == ["request", "response", "request", "revisit"]
        assert set(found) == ALL
        assert list(archive.verify()) == []


def records(archive: Archive) -> list[Record]:
    reader = WarcReader(archive.folder / WARC)
    names = sorted(path.name for path in (archive.folder / WARC).glob("*.warc.gz"))
    return [record for name in names for record in reader.scan(name) if isinstance(record, Record)]


def uri(record: Record) -> str | None:
    return record.field("warc-target-uri")


def stored(archive: Archive) -> dict[str, list[tuple[Resource, bytes | None]]]:
    """Every resource of every capture, with its bytes."""
    reader = WarcReader(archive.folder / WARC)
    with Catalog(archive.folder / CATALOG) as catalog:
        return {
            capture.id: [
                (one.resource, reader.payload(one.place) if one.place else None)
                for one in catalog.resources(capture.id)
            ]
            for entry in archive.entries()
            for capture in archive.captures(entry.id)
        }


def test_a_rebuild_brings_them_back(archive: Archive, paper: Newsroom) -> None:
    paper.add("https://paper.example/foot.png", "", status=404)
    list(archive.add([STORY, SECOND]))
    before = stored(archive)
    assert sorted(map(len, before.values())) == [8, 8]
    archive.rebuild()
    assert stored(archive) == before
    assert list(archive.verify()) == []


def test_each_says_what_became_of_it(archive: Archive, paper: Newsroom) -> None:
    paper.add("https://paper.example/foot.png", "", status=404)
    paper.redirect("https://paper.example/a.js", f"{CDN}/moved.js")
    paper.add(f"{CDN}/moved.js", "y()" * 100, type="text/javascript")
    paper.dead("static.example")
    list(archive.add([STORY]))
    found = resources(archive, STORY)
    assert found["paper.example/foot.png"].outcome is Outcome.NOT_FOUND
    assert found["static.example/a.css"].outcome is Outcome.FAILED
    moved = found["paper.example/a.js"]
    assert (moved.outcome, len(moved.hops), moved.final_url) == (Outcome.FAILED, 2, f"{CDN}/moved.js")
    assert found["paper.example/pier.png"].outcome is Outcome.OK
    assert archive.find(STORY).article is not None


@pytest.mark.parametrize(
    ("setting", "outcome", "why"),
    [
        ({"resources_per_page": 2}, Outcome.TOO_LARGE, "more resources than are asked for"),
        ({"max_resources": 1}, Outcome.TOO_LARGE, "larger than the limit for all of them"),
        ({"resources_timeout": 0.0}, Outcome.TOO_LARGE, "the time for the resources"),
        ({"max_resource": 500}, Outcome.TOO_LARGE, "500"),
    ],
)
def test_limits_are_kept_and_told(
    tmp_path: Path, paper: Newsroom, setting: dict[str, object], outcome: Outcome, why: str
) -> None:
    with opened(tmp_path / "archive", paper, **setting) as archive:
        list(archive.add([STORY]))
        left_out = [one for one in resources(archive, STORY).values() if one.outcome is not Outcome.OK]
        assert left_out
        assert {one.outcome for one in left_out} == {outcome}
        assert any(why in one.detail for one in left_out)
        assert archive.find(STORY).article is not None


@pytest.mark.parametrize("host", ["10.0.0.1", "[::1]", "169.254.169.254", "0x0a000001"])
def test_the_gate_is_the_same(archive: Archive, newsroom: Newsroom, host: str) -> None:
    """Whatever led there: S17 of the facts on trust."""
    private = f"http://{host}/x.png"
    newsroom.add(STORY, page("The pier", f"<img src='{private}'><img src=/away.png>"))
    newsroom.redirect("https://paper.example/away.png", f"{private}?redirected")
    newsroom.add(f"{CDN}/a.css", f"a{{background:url({private}?style)}}", type="text/css")
    list(archive.add([STORY]))
    refused = {one.url: one for one in resources(archive, STORY).values() if one.outcome is Outcome.REFUSED}
    assert len(refused) == 3
    assert sum(len(one.hops) for one in refused.values()) == 1, "only the redirect was asked for"


def test_four_at_once_within_one_turn(tmp_path: Path, newsroom: Newsroom) -> None:
    """Twelve images of one host, each held until four are there; the pause between turns would take far longer."""
    images = [f"https://paper.example/{n}.png" for n in range(12)]
    newsroom.add(STORY, page("The pier", "".join(f"<img src={url}>" for url in images)))
    lock, gate = threading.Lock(), threading.Barrier(4)
    now = most = 0

    def answer() -> Iterator[bytes | float]:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        gate.wait(20)
        with lock:
            now -= 1
        yield b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n\r\n" + PNG

    for url in images:
        newsroom.raw(url, answer)
    with opened(tmp_path / "archive", newsroom, resources=Resources.IMAGES, per_host=1, delay=3600.0) as archive:
        list(archive.add([STORY]))
        found = resources(archive, STORY)
    assert most == 4
    assert sum(one.outcome is Outcome.OK for one in found.values()) == 12


def test_a_host_that_has_had_enough_is_left_alone(tmp_path: Path, newsroom: Newsroom) -> None:
    images = [f"https://busy.example/{n}.png" for n in range(40)]
    newsroom.add(STORY, page("The pier", "".join(f"<img src={url}>" for url in images)))
    for url in images:
        newsroom.add(url, "", status=429, headers={"Retry-After": "60"})
    with opened(tmp_path / "archive", newsroom, resources=Resources.IMAGES) as archive:
        list(archive.add([STORY]))
        found = resources(archive, STORY)
    assert sum(seen.url.startswith("https://busy.example/") for seen in newsroom.requests) <= 4
    assert {one.outcome for url, one in found.items() if url.startswith("busy")} == {Outcome.BLOCKED}


def test_robots_are_asked_for_what_cited_pages_show(tmp_path: Path, newsroom: Newsroom) -> None:
    cited = "https://other.example/report"
    newsroom.add(STORY, page("The pier", f'<p>As <a href="{cited}">the report of the harbour board</a> says.</p>'))
    newsroom.add(cited, page("The report").replace("/pier.png", "https://closed.example/x.png"))
    newsroom.robots("https://closed.example", "User-agent: *\nDisallow: /")
    newsroom.add("https://closed.example/x.png", PNG, type="image/png")
    with opened(tmp_path / "archive", newsroom, resources=Resources.IMAGES) as archive:
        list(archive.add([STORY], depth=1))
        found = resources(archive, cited)
    assert found["closed.example/x.png"].outcome is Outcome.ROBOTS
    assert newsroom.hits("https://closed.example/x.png") == 0


def test_what_a_page_is_shown_with_can_be_had_later(tmp_path: Path, newsroom: Newsroom) -> None:
    """Also where the page was captured a moment ago, and its server would say that it has not changed."""
    headers = {"ETag": '"1"'}
    newsroom.add(STORY, page("The pier"), headers=headers)
    newsroom.add("https://paper.example/pier.png", PNG, type="image/png")
    with opened(tmp_path / "archive", newsroom, resources=Resources.NONE) as archive:
        list(archive.add([STORY]))
        list(archive.add([STORY], resources=Resources.IMAGES))
        assert set(resources(archive, STORY)) == set()
        assert len(archive.resources(archive.captures(archive.find(STORY).id)[-1].id)) == 1
        list(archive.add([STORY], resources=Resources.IMAGES))
        assert newsroom.hits(STORY) == 2
    assert not any("if-none-match" in seen.headers for seen in newsroom.requests)


def test_more_of_it_can_be_had_later_and_is_what_is_shown(tmp_path: Path, paper: Newsroom) -> None:
    """Also where images were had a moment ago, and the text is the same: the page is shown by the capture with most."""
    with opened(tmp_path / "archive", paper, resources=Resources.IMAGES) as archive:
        list(archive.add([STORY]))
        list(archive.add([STORY], resources=Resources.IMAGES))
        assert paper.hits(STORY) == 1
        (again,) = archive.add([STORY], resources=Resources.PAGE)
        assert (again.outcome, paper.hits(STORY)) == (Outcome.UNCHANGED, 2)
        (_, second) = (one.id for one in archive.captures(again.id))
        list(archive.add([STORY], resources=Resources.PAGE))
        assert paper.hits(STORY) == 2, "all of it was asked for"
        list(archive.add([STORY], again=True, resources=Resources.NONE))
        assert archive.find(STORY).capture_id != second == archive.fullest_capture(archive.find(STORY))
        paper.add(STORY, page("The pier", "<p>Nobody had thought that the harbour board would build a bridge.</p>" * 3))
        (new,) = archive.add([STORY], again=True, resources=Resources.NONE)
        assert new.new_version
        assert archive.fullest_capture(archive.as_it_was(STORY, Which(version=1))) == second
        assert archive.fullest_capture(archive.find(STORY)) == archive.captures(new.id)[-1].id


def test_a_saved_page_gets_its_resources(archive: Archive, paper: Newsroom) -> None:
    (added,) = archive.add_page(page("The pier").encode(), STORY)
    assert added.outcome is Outcome.OK
    assert set(resources(archive, STORY)) == ALL
    assert paper.hits(STORY) == 0
    assert list(archive.verify()) == []


@pytest.mark.parametrize("wanted", [Resources.PAGE, Resources.IMAGES, Resources.NONE])
def test_a_saved_page_keeps_what_lies_beside_it(tmp_path: Path, paper: Newsroom, wanted: Resources) -> None:
    """Only what is not there is asked for, also what the styles there name; nothing where no resources are wanted."""
    files = tmp_path / "Pier_files"
    files.mkdir()
    (files / "a.css").write_text("@import 'b.css'; b{background:url(https://static.example/back.png)}")
    (files / "b.css").write_text("i{background:url(in.png)}")
    (files / "in.png").write_bytes(PNG + b"in")
    (files / "pier one.png").write_bytes(PNG + b"one")
    saved = tmp_path / "Pier.html"
    saved.write_text(
        "<html><head><title>The pier</title><link rel=stylesheet href=Pier_files/a.css></head><body><article>"
        "<h1>The pier</h1><img src='./Pier_files/pier%20one.png' alt='The pier'>"
        f"<img src=/small.png alt='The quay'>{PARAGRAPH * 3}</article></body></html>"
    )
    here = {f"paper.example/Pier_files/{name}" for name in ("a.css", "b.css", "in.png", "pier%20one.png")}
    asked = {
        Resources.PAGE: {"paper.example/small.png", "static.example/back.png"},
        Resources.IMAGES: {"paper.example/small.png"}, Resources.NONE: set[str](),
    }[wanted]  # fmt: skip
    with opened(tmp_path / "archive", paper, resources=wanted) as archive:
        (added,) = archive.add_page(saved.read_bytes(), STORY, file=saved)
        assert added.outcome is Outcome.OK
        found = resources(archive, STORY)
        assert set(found) == here | asked
        assert {one.outcome for one in found.values()} == {Outcome.OK}
        assert {name for name, one in found.items() if one.detail == "saved with the page"} == here
        assert list(archive.verify()) == []
    assert set(paths(paper)) == asked


def test_the_command_looks_beside_a_saved_page(tmp_path: Path, paper: Newsroom) -> None:
    (tmp_path / "Pier_files").mkdir()
    (tmp_path / "Pier_files" / "in.png").write_bytes(PNG)
    (tmp_path / "Pier.html").write_text(f"<article><h1>The pier</h1><img src=Pier_files/in.png>{PARAGRAPH * 3}")
    command = Command(tmp_path / "archive", paper)
    assert command("add", "--html", "../Pier.html", "--url", STORY, "--resources", "none").code == 0
    assert [row["outcome"] for row in command("links", STORY, "--resources", "--json").rows] == ["ok"]
    assert paper.requests == []


@pytest.mark.slow
def test_a_run_killed_among_resources_goes_on(paper: Newsroom, tmp_path: Path) -> None:
    """The page stands with all of its resources, or it is not there."""
    asked, gate = threading.Event(), threading.Event()

    def answer() -> Iterator[bytes | float]:
        asked.set()
        gate.wait(60)
        yield b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n\r\n" + PNG

    paper.raw("https://paper.example/foot.png", answer)
    command = Command(tmp_path / "archive", paper)
    with command.start("add", STORY, "--depth", "0", "--resources", "page") as running:
        assert asked.wait(60)
        running.kill()
        running.communicate()
    gate.set()
    assert command("verify").code == 0
    assert command("show", STORY).code != 0
    assert command("add", STORY, "--depth", "0", "--resources", "page").code == 0
    rows = command("links", STORY, "--resources", "--json").rows
    assert {row["outcome"] for row in rows} == {"ok"}
    assert len(rows) == len(ALL)
    assert command("verify").code == 0


def test_a_damaged_resource_is_named_and_costs_no_more_than_itself(archive: Archive, paper: Newsroom) -> None:
    list(archive.add([STORY]))
    (record,) = [one for one in records(archive) if uri(one) == f"{CDN}/f.woff2" and one.kind == "response"]
    place = record.place
    file = archive.folder / WARC / place.file
    data = bytearray(file.read_bytes())
    data[place.offset + 40] ^= 0xFF
    file.write_bytes(data)
    assert any("f.woff2" in problem.what or "f.woff2" in problem.where for problem in archive.verify())
    archive.close()
    archive.rebuild()
    found = resources(archive, STORY)
    assert set(found) == ALL
    held = {one.url: body for one, body in next(iter(stored(archive).values()))}
    assert held[f"{CDN}/f.woff2"] is None
    assert held[f"{CDN}/back.png"] == PNG + b"back"
