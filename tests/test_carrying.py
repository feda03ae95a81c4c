"""What is known of pages goes with a package: images and styles come back, edits by hand, names, links and versions."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from newsroom import Newsroom
from test_resources import ALL, CDN, PARAGRAPH, PNG, SECOND, STORY, opened, page, resources

from archive import (
    Archive,
    ExportFormat,
    ExportStamp,
    Outcome,
    Resource,
    Resources,
    create_archive,
    export_entries,
    open_archive,
)
from archive.storage.verify import verify

STAMP = ExportStamp("", datetime(2025, 1, 31, tzinfo=UTC), "log")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Iterator[Archive]:
    """Two stories with all that they are shown with, the second one's mostly held from the first; one is edited."""
    newsroom = newsroom_server
    newsroom.reset()
    newsroom.add(STORY, page("The pier", f"<p>See <a href={SECOND}>the quay</a>, says Ada Brandt of Lindholm.</p>"))
    newsroom.add(SECOND, page("The quay"))
    for name in ("small", "pier", "foot"):
        newsroom.add(f"https://paper.example/{name}.png", PNG + name.encode(), type="image/png")
    newsroom.add("https://paper.example/a.js", "x()" * 100, type="text/javascript")
    newsroom.add(f"{CDN}/a.css", "@import 'b.css';" + "a{color:red}" * 30, type="text/css")
    newsroom.add(f"{CDN}/b.css", "@font-face{src:url(f.woff2)}" + "b{background:url(back.png)}" * 20, type="text/css")
    newsroom.add(f"{CDN}/f.woff2", b"wOF2" * 100, type="font/woff2")
    newsroom.add(f"{CDN}/back.png", PNG + b"back", type="image/png")
    with opened(tmp_path_factory.mktemp("carrying") / "archive", newsroom) as archive:
        assert [one.outcome for one in archive.add([STORY, SECOND])] == [Outcome.OK, Outcome.OK]
        archive.edit(archive.find(STORY).id, title="The pier, mended", authors=["Bo Ek", "Ada Brandt"])
        archive.edit(archive.find(STORY).id, site="")
        yield archive


def exported(archive: Archive, form: ExportFormat, target: Path) -> Path:
    done = export_entries(archive, [entry.id for entry in archive.entries()], form, STAMP, target)
    assert done.problems == ()
    return target


def again(package: Path, folder: Path) -> Archive:
    """A new archive of what a package holds."""
    create_archive(folder).close()
    archive = open_archive(folder)
    assert not [one for one in archive.import_files([package], fetch=False) if one.lost]
    return archive


def facts(one: Resource) -> tuple[object, ...]:
    return one.kind, one.outcome, one.media_type, one.digest, one.size, one.instead_of, one.final_url, one.status


@pytest.mark.parametrize("form", [ExportFormat.WARC, ExportFormat.WACZ])
def test_images_and_styles_come_back(made: Archive, form: ExportFormat, tmp_path: Path) -> None:
    with again(exported(made, form, tmp_path / f"out.{form}"), tmp_path / "again") as archive:
        for url in (STORY, SECOND):
            found, before = resources(archive, url), resources(made, url)
            assert set(found) == ALL
            assert {name: facts(one) for name, one in found.items()} == {n: facts(one) for n, one in before.items()}
            captures = archive.find(url).capture_id, made.find(url).capture_id
            assert archive.self_contained(captures[0]) == made.self_contained(captures[1])
        assert archive.counts().entries == 2
    assert list(verify(tmp_path / "again")) == []
    with open_archive(tmp_path / "again") as archive:
        archive.rebuild()
        assert set(resources(archive, SECOND)) == ALL


def test_an_image_comes_back_that_repeats_another_one_and_is_pointed_to(newsroom: Newsroom, tmp_path: Path) -> None:
    """The same bytes at two places, and a later capture that did not ask again."""
    urls = [f"https://{host}.example/story" for host in ("one", "two")]
    for url in urls:
        newsroom.add(url, f"<title>A</title><article><h1>A</h1><img src=/a.png>{PARAGRAPH * 3}</article>")
        newsroom.add(url.replace("story", "a.png"), PNG * 2, type="image/png")
    with opened(tmp_path / "archive", newsroom, resources=Resources.IMAGES) as archive:
        for url in urls:
            list(archive.add([url]))
        newsroom.add(urls[1], f"<title>B</title><article><h1>B</h1><img src=/a.png>{PARAGRAPH * 4}</article>")
        list(archive.add(urls[1:], again=True))
        package = exported(archive, ExportFormat.WACZ, tmp_path / "out.wacz")
    with again(package, tmp_path / "again") as archive:
        captures = archive.captures(archive.find(urls[1]).id)
        assert [[one.size for one in archive.resources(each.id)] for each in captures] == [[len(PNG) * 2]] * 2
    assert list(verify(tmp_path / "again")) == []


@pytest.mark.parametrize("form", [ExportFormat.WARC, ExportFormat.WACZ])
def test_edits_come_back(made: Archive, form: ExportFormat, tmp_path: Path) -> None:
    """With when they were made, and by whom; importing twice changes nothing."""
    package = exported(made, form, tmp_path / f"out.{form}")
    with again(package, tmp_path / "again") as archive:
        before, now = made.find(STORY), archive.find(STORY)
        assert now.edits == before.edits
        assert now.article is not None
        assert (now.article.title, now.article.authors, now.article.site) == (
            "The pier, mended", ("Bo Ek", "Ada Brandt"), "",
        )  # fmt: skip
        list(archive.import_files([package], fetch=False, again=True))
        assert archive.find(STORY).edits == before.edits
        archive.undo_edit(now.id, all=True)
        assert archive.find(STORY).edits == ()


def test_a_warc_alone_makes_an_archive_with_the_edits(made: Archive, tmp_path: Path) -> None:
    package = exported(made, ExportFormat.WARC, tmp_path / "out.warc.gz")
    create_archive(tmp_path / "again").close()
    (tmp_path / "again" / "warc" / "backfile-00001-20250131120000.warc.gz").write_bytes(package.read_bytes())
    with open_archive(tmp_path / "again") as archive:
        archive.rebuild()
        assert archive.find(STORY).edits == made.find(STORY).edits


def test_a_package_says_what_is_known(made: Archive, tmp_path: Path) -> None:
    package = exported(made, ExportFormat.WACZ, tmp_path / "out.wacz")
    rows: dict[str, list[dict[str, object]]] = {}
    with zipfile.ZipFile(package) as members:
        for name in ("entities", "links", "versions"):
            rows[name] = list(map(json.loads, members.read(f"backfile/{name}.jsonl").splitlines()))
            assert len({tuple(row) for row in rows[name]}) == 1, "every line has the same keys"
        listed = {one["path"] for one in json.loads(members.read("datapackage.json"))["resources"]}
    assert listed >= {f"backfile/{name}.jsonl" for name in rows}
    story, second = made.find(STORY), made.find(SECOND)
    names = {(row["kind"], row["name"]) for row in rows["entities"] if row["article"] == story.id}
    assert names >= {(one.kind.value, one.canonical) for one in story.reading.mentions}
    assert ("person", "Ada Brandt") in names
    (link,) = (row for row in rows["links"] if row["url"] == SECOND)
    assert (link["article"], link["leads_to"], link["text"]) == (story.id, second.id, "the quay")
    assert {(row["article"], row["number"], row["capture"]) for row in rows["versions"]} == {
        (one.id, 1, made.versions(one.id)[0].capture_id) for one in (story, second)
    }


def test_a_page_that_a_browser_saved_keeps_its_folder(tmp_path: Path) -> None:
    """Styles of styles, too; nothing outside the folder, and what is not there is not missed."""
    (tmp_path / "secret.png").write_bytes(PNG)
    saved = tmp_path / "saved"
    files = saved / "Pier_files"
    files.mkdir(parents=True)
    (files / "pier one.png").write_bytes(PNG + b"pier")
    (files / "a.css").write_text("@import 'b.css'; b{background:url(back.png)}")
    (files / "b.css").write_text("i{background:url(https://paper.example/far.png)}")
    (files / "back.png").write_bytes(PNG + b"back")
    markup = (
        "<!-- saved from url=(0030)https://paper.example/2025/pier -->\n<html><head><title>The pier</title>"
        "<link rel=stylesheet href='./Pier_files/a.css'></head><body><article><h1>The pier</h1>"
        "<img src='./Pier_files/pier%20one.png'><img src='../secret.png'><img src='Pier_files/none.png'>"
        f"{PARAGRAPH * 3}</article></body></html>"
    )
    (saved / "Pier.html").write_text(markup)
    with again(saved / "Pier.html", tmp_path / "archive") as archive:
        url = "https://paper.example/2025/pier"
        found = resources(archive, url)
        base = "paper.example/2025/Pier_files"
        assert set(found) == {f"{base}/a.css", f"{base}/b.css", f"{base}/back.png", f"{base}/pier%20one.png"}
        assert {one.detail for one in found.values()} == {"saved with the page"}
        shown = archive.self_contained(archive.find(url).capture_id).decode()
        assert "data:image/png" in shown
        assert "data:text/css" in shown
        assert archive.payload(archive.find(url).capture_id) == markup.encode()
        package = exported(archive, ExportFormat.WACZ, tmp_path / "out.wacz")
    assert list(verify(tmp_path / "archive")) == []
    with again(package, tmp_path / "again") as archive:
        assert set(resources(archive, url)) == set(found)
        assert archive.self_contained(archive.find(url).capture_id).decode() == shown


def test_mhtml_keeps_its_parts(tmp_path: Path) -> None:
    url = "https://paper.example/pier"
    message = EmailMessage()
    message["Snapshot-Content-Location"] = url
    message["Subject"] = "The pier"
    markup = (
        f"<html><head><title>The pier</title><link rel=stylesheet href='cid:css-1@mhtml.blink'></head><body><article>"
        f"<h1>The pier</h1><img src='https://paper.example/pier.png'>{PARAGRAPH * 3}</article></body></html>"
    )
    message.set_content(markup, subtype="html", cte="quoted-printable")
    message.add_related("a{color:red}", subtype="css", cid="<x>")
    message.add_related(PNG, "image", "png", cid="<y>")
    html, css, png = message.iter_parts()
    for part, location in ((html, url), (css, "cid:css-1@mhtml.blink"), (png, "https://paper.example/pier.png")):
        part["Content-Location"] = location
    (tmp_path / "pier.mhtml").write_bytes(message.as_bytes())
    with again(tmp_path / "pier.mhtml", tmp_path / "archive") as archive:
        found = resources(archive, url)
        assert {(one.kind.value, one.size) for one in found.values()} == {("image", len(PNG)), ("style", 13)}
        shown = archive.self_contained(archive.find(url).capture_id).decode()
        assert "data:image/png" in shown
        assert "data:text/css" in shown
    assert list(verify(tmp_path / "archive")) == []
