"""Files that are handed in, and jobs that are interrupted: nothing is lost, and nothing is left behind."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sites import as_served, shown

from archive import (
    ArchiveSettings,
    EntitySettings,
    FetchSettings,
    FormatError,
    JobState,
    LinkSettings,
    StorageError,
    UsageError,
    create_archive,
)
from backfile.desk import Desk, open_desk
from backfile.desk.planned import UPLOADS, Spool, clear_parts
from backfile.web import uploads
from backfile.web.calls import Call, Moved, Sent
from backfile.web.multipart import Form, FormError, boundary_of
from backfile.web.params import Nothing
from backfile.web.problems import Refusal
from backfile.web.site import Site

TEXT = "The harbour board of Whitby voted to spend twelve million pounds on the pier, said Alice Marlow. " * 4
PAGE = (
    "<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://paper.example/pier \n"
    " saved date: Tue Jan 14 2025 10:00:00 GMT+0000\n--><title>A pier</title><article><h1>A pier</h1>"
    f"<p>{TEXT}</p><p>{TEXT}</p></article></html>"
).encode()
BOUNDARY = b"----WebKitFormBoundary7MA4YWxkTrZu0gW"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An empty archive as it is served, without a server; nobody works on its jobs."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="default"))
    with open_desk(folder, settings, keeps_up=False) as desk:
        yield as_served(desk)


def form(body: bytes = PAGE, name: str = "pier.html", **fields: str) -> bytes:
    """A form as browsers send it."""
    parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/html\r\n\r\n'
    parts.insert(len(parts) // 2, head.encode() + body)
    return b"".join(b"--" + BOUNDARY + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + BOUNDARY + b"--\r\n"


def sent(site: Site, body: bytes, type_: str = "") -> Any:
    """What the form's handler answers."""
    headers = {"content-type": type_ or f"multipart/form-data; boundary={BOUNDARY.decode()}"}
    return anyio.run(uploads.from_form, site, Call("POST", "/imports", {}, Nothing(), headers), cut(body, 1000))


async def cut(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def left(desk: Desk) -> list[str]:
    """The files that were handed in and are still there."""
    return sorted(path.name for path in (desk.folder / UPLOADS).iterdir())


def test_a_file_is_imported_with_its_tags_and_goes(site: Site) -> None:
    answer = sent(site, form(tags="harbour, to read", note="from the form", depth="0"))
    assert isinstance(answer, Moved)
    (held,) = left(site.desk)
    assert held.endswith("-pier.html")
    ((job, how),) = site.desk.planned()
    assert answer.to == f"/jobs/{job.number}"
    assert (how.tags, how.note) == (("harbour", "to read"), "from the form")
    page = shown(site, answer.to)
    assert "Waiting for its turn." in page
    assert "pier.html" in page
    assert str(site.desk.folder) not in page
    assert [one.state for one in site.desk.go_on(job.number) if not hasattr(one, "depth")] == [JobState.DONE]
    (hit,) = site.desk.search('tag:="to read"').hits
    assert site.desk.find(hit.id).note == "from the form"
    assert site.desk.planned() == []
    assert left(site.desk) == []
    assert "ended" in shown(site, "/jobs")


def test_the_api_takes_the_file_itself(site: Site) -> None:
    asked = uploads.ImportParams("../../etc/pier.html", 0, ("harbour",), "")
    call = Call("POST", "/api/v1/imports", {}, asked, {"content-type": "application/octet-stream"})
    answer = anyio.run(uploads.begin_import, site, call, cut(PAGE, 7))
    assert isinstance(answer, Sent)
    assert (answer.status, answer.headers["location"]) == (202, "/api/v1/jobs/1")
    assert [name.partition("-")[2] for name in left(site.desk)] == ["pier.html"], "no path, whatever it is called"
    list(site.desk.go_on(1))
    assert site.desk.search("tag:=harbour").total == 1
    assert ">pier.html</span>" in shown(site, "/jobs/1"), "as it was called"
    assert "import: pier.html<" in shown(site, "/jobs")


def test_a_browser_shows_what_is_linked_to_where_that_is_asked_for(tmp_path: Path) -> None:
    """By the form and by the API; where there is none, nothing is kept of what came."""
    pytest.importorskip("playwright")
    folder = tmp_path / "archive"
    create_archive(folder).close()
    asked = uploads.ImportParams("pier.html", browser=True)
    call = Call("POST", "/api/v1/imports", {}, asked, {"content-type": "application/octet-stream"})
    with open_desk(folder, ArchiveSettings(fetch=FetchSettings(browser_path=sys.executable)), keeps_up=False) as desk:
        assert isinstance(sent(as_served(desk), form(browser="true")), Moved)
        assert isinstance(anyio.run(uploads.begin_import, as_served(desk), call, cut(PAGE, 7)), Sent)
        sent(as_served(desk), form())
        assert [how.browser for _, how in desk.planned()] == [True, True, False]
        held = left(desk)
    with open_desk(folder, ArchiveSettings(fetch=FetchSettings(browser_path=str(tmp_path))), keeps_up=False) as desk:
        with pytest.raises(UsageError, match="browser_path"):
            sent(as_served(desk), form(PAGE + b"<!-- another -->", browser="true"))
        assert left(desk) == held


@pytest.mark.parametrize(
    ("body", "type_", "kind"),
    [
        pytest.param(form(b""), "", "request", id="nothing in it"),
        pytest.param(form()[:-40], "", "request", id="cut off"),
        pytest.param(b"file=x", "application/x-www-form-urlencoded", "media-type", id="another form"),
        pytest.param(form(note="x" * 100_001), "", "request", id="a long field"),
        pytest.param(form(note="caf\xe9").replace(b"\xc3\xa9", b"\xe9"), "", "request", id="a field that is no UTF-8"),
        pytest.param(b"--" + BOUNDARY + b"\r\nX: " + b"y" * 9_000, "", "request", id="long headers"),
        pytest.param(b"--" + BOUNDARY + b"\r\nX: y\r\n\r\nz\r\n--" + BOUNDARY + b"--", "", "request", id="no name"),
    ],
)
def test_what_is_no_file_is_refused(site: Site, body: bytes, type_: str, kind: str) -> None:
    with pytest.raises(Refusal) as refused:
        sent(site, body, type_)
    assert refused.value.kind == kind
    assert not (site.desk.folder / UPLOADS).exists() or left(site.desk) == []
    assert site.desk.planned() == []


def test_a_file_of_no_format_leaves_nothing(site: Site) -> None:
    with pytest.raises(FormatError):
        sent(site, form(b"\x00\x01\x02" * 400, "x.bin"))
    assert left(site.desk) == []


def test_two_files_come_in_at_once_and_no_third(site: Site) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(2):
            held.enter_context(uploads._Receiving(site))
        with pytest.raises(Refusal) as refused:
            sent(site, form())
        assert refused.value.kind == "busy"
    assert isinstance(sent(site, form()), Moved)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=300),
    st.dictionaries(st.sampled_from(["note", "tags"]), st.text(max_size=30)),
    st.integers(1, 200),
)
def test_a_form_is_read_however_it_is_cut(body: bytes, fields: dict[str, str], step: int) -> None:
    """The file comes out byte for byte."""
    fields = {name: value.replace("\r", "").replace("\n", "") for name, value in fields.items()}
    whole = form(body, "x.bin", **fields)
    read, got = Form(BOUNDARY), b""
    for start in range(0, len(whole), step):
        got += read.read(whole[start : start + step])
    read.end()
    assert (got, read.name) == (body, "x.bin")
    assert read.fields == {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}


@pytest.mark.parametrize(
    ("header", "boundary"),
    [
        ("multipart/form-data; boundary=----abc", b"----abc"),
        ('Multipart/Form-Data; charset=utf-8; boundary="a b"', b"a b"),
        ("multipart/form-data", None), ("multipart/mixed; boundary=x", None), ("", None),
    ],
)  # fmt: skip
def test_the_boundary_is_in_the_header(header: str, boundary: bytes | None) -> None:
    if boundary is None:
        with pytest.raises(FormError):
            boundary_of(header)
    else:
        assert boundary_of(header) == boundary


def test_an_interrupted_job_is_shown_and_its_marks_are_given_later(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the last page and its tags: the job has ended, and is left all the same."""
    sent(site, form(tags="harbour", depth="0"))
    with monkeypatch.context() as patch:
        patch.setattr(site.desk.archive, "mark", _killed)
        with contextlib.suppress(KeyboardInterrupt):
            list(site.desk.go_on(1))
    assert site.desk.job(1).ended
    assert [job.number for job, _ in site.desk.planned()] == [1]
    assert site.desk.search("tag:=harbour").total == 0
    list(site.desk.go_on(1))
    assert site.desk.planned() == []
    assert site.desk.search("tag:=harbour").total == 1
    assert left(site.desk) == []


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_was_on_its_way_in_is_cleared_away(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.write(b"half of it")
    assert list((tmp_path / UPLOADS).iterdir())
    clear_parts(tmp_path)
    assert list((tmp_path / UPLOADS).iterdir()) == []
    with pytest.raises(StorageError):
        spool.keep("x")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("links.csv", "links.csv"), ("..", ""), ("/etc/passwd", "passwd"), ("C:\\x\\My Links.csv", "My-Links.csv"),
        ("a\0b\n.txt", "a-b-.txt"), ("ü" * 300, ""), ("x" * 300 + ".warc.gz", "x" * 52 + ".warc.gz"),
    ],
)  # fmt: skip
def test_of_a_name_only_what_is_harmless_stays(tmp_path: Path, name: str, kept: str) -> None:
    spool = Spool(tmp_path)
    spool.write(b"x")
    path = spool.keep(name)
    assert path.parent == tmp_path / UPLOADS
    assert path.name.partition("-")[2] == kept
