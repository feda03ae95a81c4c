"""What can be handed to `open_archive`: who asks for pages, and who finds names, by every verb that needs one."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

import pytest
from captures import exchange

from archive import (
    Archive,
    ArchiveSettings,
    Entry,
    Fetched,
    Fetching,
    FetchSettings,
    Kind,
    NoticeKind,
    Opening,
    Outcome,
    Paces,
    Recogniser,
    Request,
    SettingsError,
    Span,
    create_archive,
    extract,
    open_archive,
    recognise,
)

STORY, PAPER, FEED = "https://daily.example/bridge", "https://council.example/paper", "https://daily.example/feed"
TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Zorblax of the seventh bureau said that it "
    "would be built again before the winter, and that the work would cost twelve million crowns. Nobody spoke against."
)


def story(title: str, *links: str) -> str:
    cited = "".join(f'<p>The <a href="{link}">council\'s paper</a> says more about it.</p>' for link in links)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{TEXT}</p>{cited}</body></html>"


def rss(*urls: str) -> str:
    items = "".join(f"<item><title>T</title><link>{url}</link></item>" for url in urls)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Daily</title>{items}</channel></rss>'


class Shelf:
    """A fetcher over pages in memory, with the one method that it needs."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        self.pages = dict(pages)
        self.asked: list[Request] = []

    def fetch(self, request: Request) -> Fetched:
        self.asked.append(request)
        page = self.pages.get(request.url)
        if page is None:
            return Fetched(request, (), Outcome.FAILED, "not on the shelf", request.url)
        kind = (("Content-Type", "application/rss+xml" if page.startswith("<?xml") else "text/html; charset=utf-8"),)
        return Fetched(
            request, (exchange(request.url, page.encode(), headers=kind),), Outcome.OK, "returned 200", request.url
        )

    def urls(self) -> list[str]:
        return [request.url for request in self.asked]


@dataclass
class Marker:
    """Finds one name, and notes in which process it was asked."""

    notes: str
    name: str = "marker"

    def spans(self, text: str, lang: str) -> list[Span]:
        with Path(self.notes).open("a", encoding="utf-8") as out:
            out.write(f"{os.getpid()}\n")
        at = text.find("Zorblax")
        return [Span(Kind.PERSON, at, at + len("Zorblax"))] if at >= 0 else []

    def processes(self) -> set[int]:
        return set(map(int, Path(self.notes).read_text(encoding="utf-8").split()))


@dataclass
class Rooted(Marker):
    """One that cannot leave its process."""

    lock: Lock = field(default_factory=Lock)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_archive(tmp_path / "archive").close()
    return tmp_path / "archive"


@contextmanager
def over(folder: Path, fetcher: Fetching | None, recogniser: Recogniser | None = None) -> Iterator[Archive]:
    """The archive without any pause between two pages."""
    settings = ArchiveSettings(fetch=FetchSettings(delay=0))
    with open_archive(folder, settings, fetcher=fetcher, recogniser=recogniser) as archive:
        yield archive


def people(entry: Entry) -> set[tuple[str, str]]:
    return {(mention.text, mention.recogniser) for mention in entry.reading.mentions if mention.kind is Kind.PERSON}


def test_a_fetcher_brings_pages_and_their_sources(folder: Path) -> None:
    shelf = Shelf({STORY: story("The bridge", PAPER), PAPER: story("The paper")})
    with over(folder, shelf) as archive:
        added = list(archive.add([STORY]))
        assert [(page.url, page.outcome, page.title) for page in added] == [
            (STORY, Outcome.OK, "The bridge"),
            (PAPER, Outcome.OK, "The paper"),
        ]
        assert [request.by_hand for request in shelf.asked] == [True, False]
        entry = archive.find(STORY)
        assert archive.payload(archive.captures(entry.id)[0].id) == shelf.pages[STORY].encode()
        assert list(archive.verify()) == []


def test_the_sources_of_a_saved_page_come_from_the_fetcher(folder: Path) -> None:
    shelf = Shelf({PAPER: story("The paper")})
    with over(folder, shelf) as archive:
        added = list(archive.add_page(story("The bridge", PAPER).encode(), STORY))
        assert [page.title for page in added] == ["The bridge", "The paper"]
        assert shelf.urls() == [PAPER]


def test_links_of_an_import_come_from_the_fetcher(folder: Path, tmp_path: Path) -> None:
    shelf = Shelf({STORY: story("The bridge"), PAPER: story("The paper")})
    listed = tmp_path / "links.txt"
    listed.write_text(f"{STORY}\n{PAPER}\n", encoding="utf-8")
    with over(folder, shelf) as archive:
        assert {item.url: item.outcome for item in archive.import_files([listed])} == {
            STORY: Outcome.OK,
            PAPER: Outcome.OK,
        }
        assert sorted(shelf.urls()) == sorted([STORY, PAPER])


def test_watches_ask_the_fetcher_for_feeds_and_stories(folder: Path) -> None:
    shelf = Shelf({FEED: rss(PAPER), PAPER: story("The paper")})
    with over(folder, shelf) as archive:
        assert archive.watches.add(FEED).target == FEED
        assert [notice.url for notice in archive.watches.run()] == [PAPER]
        shelf.pages |= {FEED: rss(PAPER, STORY), STORY: story("The bridge")}
        later = datetime.now(UTC) + timedelta(days=1)
        assert [(notice.kind, notice.url) for notice in archive.watches.run(later)] == [(NoticeKind.NEW, STORY)]


def test_a_failed_source_is_asked_for_again_through_the_fetcher(folder: Path) -> None:
    shelf = Shelf({STORY: story("The bridge", PAPER)})
    with over(folder, shelf) as archive:
        assert [page.outcome for page in archive.add([STORY])] == [Outcome.OK, Outcome.FAILED]
        shelf.pages[PAPER] = story("The paper")
        assert [(page.url, page.title) for page in archive.retry()] == [(PAPER, "The paper")]


def test_a_fetcher_with_a_pace_of_its_own_is_asked_for_it(folder: Path) -> None:
    class Slow(Shelf):
        def host(self, url: str) -> str:
            return "one-for-all"

        def opening(self, host: str) -> Opening:
            hosts.append(host)
            return Opening(at_once=1)

    hosts: list[str] = []
    slow = Slow({STORY: story("The bridge"), PAPER: story("The paper")})
    assert isinstance(slow, Paces)
    with over(folder, slow) as archive:
        assert len(list(archive.add([STORY, PAPER], depth=0))) == 2
    assert set(hosts) == {"one-for-all"}


def test_a_recogniser_finds_the_names(folder: Path, tmp_path: Path) -> None:
    marker = Marker(str(tmp_path / "notes"))
    with over(folder, Shelf({STORY: story("The bridge")}), marker) as archive:
        list(archive.add([STORY]))
        assert people(archive.find(STORY)) == {("Zorblax", "marker")}
    assert marker.processes() == {os.getpid()}


def test_a_recogniser_is_taken_to_worker_processes(folder: Path, tmp_path: Path) -> None:
    """A rebuild reads in workers from its first page on."""
    with over(folder, Shelf({STORY: story("The bridge")})) as archive:
        list(archive.add([STORY]))
    marker = Marker(str(tmp_path / "notes"))
    with over(folder, None, marker) as archive:
        assert archive.rebuild() == 1
        assert people(archive.find(STORY)) == {("Zorblax", "marker")}
    assert marker.processes()
    assert os.getpid() not in marker.processes()


def test_a_recogniser_that_cannot_leave_reads_here_and_the_log_says_so(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rooted = Rooted(str(tmp_path / "notes"))
    with over(folder, Shelf({STORY: story("The bridge")}), rooted) as archive, caplog.at_level(logging.WARNING):
        list(archive.add([STORY]))
        archive.rebuild()
        assert people(archive.find(STORY)) == {("Zorblax", "marker")}
    assert rooted.processes() == {os.getpid()}
    [said] = [record.getMessage() for record in caplog.records if record.name == "archive.reading"]
    assert "reading stays in this process" in said
    assert "in a module that can be imported" in said


def test_a_recogniser_that_workers_cannot_import_reads_here(folder: Path, tmp_path: Path) -> None:
    """A class typed at the prompt can be pickled, but no other process knows it."""
    with over(folder, Shelf({STORY: story("The bridge")})) as archive:
        list(archive.add([STORY]))
    program = """
import logging, sys
from archive import Kind, Span, open_archive
class Typed:
    name = "typed"
    def spans(self, text, lang):
        at = text.find("Zorblax")
        return [Span(Kind.PERSON, at, at + 7)] if at >= 0 else []
logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format="%(message)s")
with open_archive(sys.argv[1], recogniser=Typed()) as archive:
    archive.rebuild()
    print(*(mention.text for entry in archive.entries() for mention in entry.reading.mentions))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, timeout=120, check=True
    )
    assert "Typed" in done.stdout.splitlines()[0]
    assert done.stdout.splitlines()[-1] == "Zorblax"


def test_a_text_is_read_by_a_recogniser_of_ones_own(tmp_path: Path) -> None:
    marker = Marker(str(tmp_path / "notes"))
    assert [mention.text for mention in recognise(TEXT, recogniser=marker).mentions if mention.recogniser] == [
        "Zorblax"
    ]
    assert extract(story("The bridge").encode())[1] is Outcome.OK


def test_what_is_wired_half_is_undone(folder: Path) -> None:
    settings = ArchiveSettings(fetch=replace(FetchSettings(), user_agent="über"))
    with open_archive(folder, settings) as archive, pytest.raises(SettingsError, match="printable ASCII"):
        list(archive.add([STORY]))
    with over(folder, Shelf({STORY: story("The bridge")})) as archive:  # nobody holds the lock
        assert [page.outcome for page in archive.add([STORY])] == [Outcome.OK]


def test_parts_are_put_together_in_one_place() -> None:
    """A second place would be one that nobody can hand anything to."""
    root = Path(__file__).parents[1]
    makers = {
        str(path.relative_to(root))
        for folder in ("archive", "backfile", "index")
        for path in (root / folder).rglob("*.py")
        if re.search(r"(?<![\w.])Fetcher\(", path.read_text(encoding="utf-8"))
    }
    assert makers == {"archive/wiring.py"}
