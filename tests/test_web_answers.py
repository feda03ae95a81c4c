"""What stands around an answer: whether it is whole, whether it is news, and that one question twice is one job."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from sites import as_served, asked

from archive import ArchiveSettings, EntitySettings, Item, Job, LinkSettings, Origin, create_archive
from backfile.desk import open_desk
from backfile.web.app import own_app
from backfile.web.site import Origins, Site

OWN = "http://127.0.0.1:1"
STORIES = 60
SETTINGS = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="none"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of stories, to be copied."""
    folder = tmp_path_factory.mktemp("answers") / "archive"
    create_archive(folder).close()
    items = [
        Item(f"https://paper.example/{n}", Origin("list", "x"), title=f"Boat {n}", text=f"Boat {n} of Whitby. " * 40)
        for n in range(STORIES)
    ]
    items.append(
        Item(
            "https://quotes.example/", Origin("list", "x"), title="“We cut a corner”: an apology", text="Sorry. " * 60,
            published=datetime(2025, 4, 16, 20, 20, tzinfo=UTC),
        )
    )  # fmt: skip
    with open_desk(folder, SETTINGS) as desk:
        list(desk.archive.import_items(items, name="x", fetch=False))
        desk.catch_up()
    return folder


@pytest.fixture
def site(filled: Path, tmp_path: Path) -> Iterator[Site]:
    folder = shutil.copytree(filled, tmp_path / "archive")
    with open_desk(folder, SETTINGS) as desk:
        hosts = frozenset({urlsplit(OWN).netloc})
        yield replace(as_served(desk), origins=Origins(OWN, "", hosts, frozenset()))


def get(site: Site, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return asked(own_app(site), OWN, address, headers)


def sent(site: Site, address: str, value: object, **headers: str) -> tuple[int, dict[str, str], Any]:
    body = json.dumps(value).encode()
    given = {"content-type": "application/json", **headers}
    status, told, answer = asked(own_app(site), OWN, address, given, body=body, method="POST")
    return status, told, json.loads(answer)


# -- exports -----------------------------------------------------------------------------------------------------------


def test_an_export_that_lacks_something_is_cut_off(site: Site) -> None:
    """Whoever reads it sees that it is not whole: its end is never sent."""
    whole = get(site, "/api/v1/export?q=&format=warc")[2]
    (file,) = (site.desk.folder / "warc").glob("*.warc.gz")
    held = bytearray(file.read_bytes())
    assert len(whole) > 1000
    place = len(held) // 2
    held[place : place + 40] = bytes(40)
    file.chmod(0o600)
    file.write_bytes(held)
    with pytest.raises(EOFError):
        get(site, "/api/v1/export?q=&format=warc")
    rows = list(csv.reader(io.StringIO(get(site, "/api/v1/export?q=&format=csv")[2].decode("utf-8-sig"))))
    assert len(rows) == 2 + STORIES, "what does not read the damage is whole"


def test_a_long_export_has_every_article_once_in_its_order(site: Site) -> None:
    ids = list(site.desk.ids("boat"))
    lines = get(site, f"/api/v1/export?q=boat&sort={quote('id')}&format=jsonl")[2].splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids
    assert len(ids) == STORIES


# -- what is said ------------------------------------------------------------------------------------------------------


def test_a_citation_and_a_time_are_written_as_people_write_them(site: Site) -> None:
    """Quotation marks within others, the zone of a time that the page gave, and a version that there is not."""
    entry = site.desk.find("https://quotes.example/")
    text = get(site, f"/article/{entry.id}/evidence")[2].decode()
    assert "“‘We cut a corner’: an apology”" in text
    assert "2025-04-16 20:20 UTC" in text
    for address in (f"/api/v1/articles/{entry.id}/diff/1..2", f"/article/{entry.id}/diff/1..2"):
        status, _, told = get(site, address)
        assert status == 404
        assert "this page has no version 2: its newest is 1" in told.decode()


# -- ETags -------------------------------------------------------------------------------------------------------------


def test_what_is_known_of_an_article_has_a_tag_of_its_own(site: Site) -> None:
    """Another one whenever anything is; to change its tags, that of the tags and note in it is enough."""
    entry = site.desk.find("https://paper.example/1")
    address = f"/api/v1/articles/{entry.id}"
    _, headers, _ = get(site, address)
    status, again, body = get(site, address, if_none_match=f'"x", {headers["etag"]}')
    assert (status, body, again["etag"]) == (304, b"", headers["etag"])
    site.desk.edit(entry.id, title="A ship")
    status, edited, _ = get(site, address, if_none_match=headers["etag"])
    assert status == 200
    assert edited["etag"] != headers["etag"]
    before = headers["etag"]
    assert sent(site, f"{address}/tags", {"add": ["a"]}, if_match=before)[0] == 200, "nobody has changed the tags"
    assert sent(site, f"{address}/tags", {"add": ["b"]}, if_match=before)[0] == 412
    tags = get(site, f"{address}/tags")[1]["etag"]
    assert get(site, f"{address}/tags", if_none_match=tags)[0] == 304
    assert sent(site, f"{address}/tags", {"add": ["b"]}, if_match=tags, if_none_match=tags)[0] == 200


# -- jobs --------------------------------------------------------------------------------------------------------------


def test_a_key_is_that_of_what_was_asked_for_with_it(site: Site) -> None:
    """The same again is the same job; with another address nothing is passed over in silence."""
    ask = {"kind": "add", "urls": ["https://paper.example/later"], "tags": ["a"]}
    status, headers, first = sent(site, "/api/v1/jobs", ask, idempotency_key="k")
    assert (status, headers["location"]) == (202, f"/api/v1/jobs/{first['number']}")
    assert sent(site, "/api/v1/jobs", ask, idempotency_key="k")[2] == first
    for other in ({**ask, "urls": ["https://paper.example/other"]}, {**ask, "tags": []}, {**ask, "depth": 2}):
        status, _, told = sent(site, "/api/v1/jobs", other, idempotency_key="k")
        assert (status, told["type"]) == (400, "/help/problems#usage")
        assert f"job {first['number']}, which asks for something else" in told["detail"]
    assert sent(site, "/api/v1/jobs", ask, idempotency_key="l")[2]["number"] != first["number"]


def test_a_key_is_that_of_one_job_however_many_ask_at_once(site: Site) -> None:
    found: list[Job] = []

    def ask() -> None:
        found.append(site.desk.plan_add(["https://paper.example/later"], key="k"))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({job.number for job in found}) == 1


def test_a_job_is_followed_where_the_api_has_it(site: Site) -> None:
    number = sent(site, "/api/v1/jobs", {"kind": "add", "urls": ["no address"]})[2]["number"]
    status, headers, body = get(site, f"/api/v1/jobs/{number}/events")
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
    assert body.endswith(b"event: done\ndata: {}\n\n")
    assert get(site, "/api/v1/jobs/99/events")[0] == 404
