"""The newsroom that newcomers try Backfile on: whole, invented throughout, and served as the real web would be."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from sample_newsroom.pages import Newsroom, load
from sample_newsroom.server import Running, serve

from archive import Archive, Outcome, create_archive, open_archive
from index import Index, open_index

FRAME_LINKS = re.compile(r"https://(?:chirp\.example/|[^/]+/img/|ogp\.me/ns|schema\.org)")


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return load()


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serve() as running:
        yield running


def ask(running: Running, url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request to the newsroom, by the port of its scheme, with the certificate checked."""
    parts = urlsplit(url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=str(running.ca_bundle))
        tcp = socket.create_connection(("127.0.0.1", running.https_port), timeout=10)
        connection = http.client.HTTPConnection(parts.netloc)
        connection.sock = context.wrap_socket(tcp, server_hostname=parts.hostname)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", running.http_port, timeout=10)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("GET", path, headers={"Host": parts.netloc, **headers})
        response = connection.getresponse()
        return response.status, {key.lower(): value for key, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def links(newsroom: Newsroom) -> dict[str, set[str]]:
    """The URLs in the body of each story, by the story's URL: anchors, frames, and bare ones in the text."""
    found = {}
    for story in newsroom.stories:
        soup = BeautifulSoup(story.body, "lxml")
        urls = {urljoin(story.url, str(tag.get("href") or tag.get("src"))) for tag in soup.find_all(["a", "iframe"])}
        found[story.url] = urls | set(re.findall(r"https?://[^\s<>]+", soup.get_text(" ")))
    return found


def test_it_is_about_two_dozen_stories_of_seven_outlets_in_three_languages(newsroom: Newsroom) -> None:
    assert len(newsroom.stories) == 24
    assert len({story.outlet.name for story in newsroom.stories}) == 7
    assert {story.outlet.lang for story in newsroom.stories} == {"en", "de", "es"}
    words = {story.file: len(BeautifulSoup(story.body, "lxml").get_text(" ").split()) for story in newsroom.stories}
    assert {file for file, count in words.items() if not 280 <= count <= 900} == {"meridian-costs"}  # the paywalled one


def test_every_host_is_invented(newsroom: Newsroom) -> None:
    """No page names a host that could exist: all end in .example, which is reserved for this."""
    hosts = {urlsplit(url).hostname or "" for page in links(newsroom).values() for url in page}
    assert {host for host in hosts | newsroom.hosts if not host.endswith(".example")} == set()
    for story in newsroom.stories:
        page = newsroom.answer(story.url).body.decode(story.encoding)
        named = {url for url in re.findall(r"https?://[^\s\"'<>?]+", page) if not FRAME_LINKS.match(url)}
        assert {url for url in named if not (urlsplit(url).hostname or "").endswith(".example")} == set()


def test_what_stories_cite_is_there_or_missing_on_purpose(newsroom: Newsroom) -> None:
    cited = {url for page in links(newsroom).values() for url in page}
    missing = {url for url in cited if newsroom.answer(url).status == 404}
    assert missing == {"https://www.sillmouth.example/council/2025-03-11/minutes"}
    assert newsroom.answer("https://www.sillmouth.example/water-board/millrace-report-2024").status == 410


def test_every_story_can_be_reached_from_the_front_stories(newsroom: Newsroom) -> None:
    """The front stories and the sources they cite, one step away, are the whole newsroom."""
    page_links = links(newsroom)
    reached = {story.url for story in newsroom.stories if story.front}
    for url in list(reached):
        reached |= {end(newsroom, link) for link in page_links[url]}
    assert {story.url for story in newsroom.stories} - reached == set()


def end(newsroom: Newsroom, url: str) -> str:
    for _ in range(4):
        answer = newsroom.answer(url)
        quiet = re.search(rb'content="0; ?(?:url|URL)=([^"]+)"', answer.body)
        url = answer.location or (quiet.group(1).decode() if quiet else url)
    return url.partition("?")[0]


@pytest.mark.parametrize(
    ("url", "status", "media_type"),
    [
        pytest.param("https://www.sillmouthledger.example/2025/03/14/venn-docks-fpsa", 200, "text/html", id="story"),
        pytest.param("https://www.sillmouthledger.example/", 200, "text/html", id="front page"),
        pytest.param("https://www.sillmouthledger.example/feed.xml", 200, "application/rss+xml", id="feed"),
        pytest.param("https://sho.rt.example/Ab3", 301, "text/html", id="short link"),
        pytest.param("https://lnk.example/harbor-memo", 200, "text/html", id="meta refresh"),
        pytest.param("https://tt.example/9fKq2", 200, "text/html", id="script redirect"),
        pytest.param("https://sho.rt.example/Loop1", 302, "text/html", id="loop"),
        pytest.param("https://www.fpsa.example/press/2025-03-04-clear-berth.pdf", 200, "application/pdf", id="PDF"),
        pytest.param("https://www.estuarytrust.example/data/soundings-2025-03.csv", 200, "text/csv", id="table"),
        pytest.param("https://www.sillmouth.example/council/2025-03-11/minutes", 404, "text/html", id="not found"),
        pytest.param(
            "http://clarelandpublicradio.example/2025/04/11/court-order-explained", 404, "text/html", id="http"
        ),
        pytest.param("https://records.clareland.example/robots.txt", 200, "text/plain", id="robots"),
    ],
)
def test_it_is_served(running: Running, url: str, status: int, media_type: str) -> None:
    got, headers, body = ask(running, url)
    assert got == status
    assert headers["content-type"].partition(";")[0] == media_type
    assert body


def test_a_page_that_has_not_changed_is_not_sent_again(running: Running) -> None:
    url = running.urls[0]
    _, headers, _ = ask(running, url)
    again, _, body = ask(running, url, **{"If-None-Match": headers["etag"]})
    assert (again, body) == (304, b"")


def test_one_page_is_labelled_with_the_wrong_charset(running: Running) -> None:
    _, headers, body = ask(running, "https://www.nordhafener-zeitung.example/lokales/warnstreik-nordpier-a1203.html")
    assert "utf-8" in headers["content-type"]
    assert "Überlein" in body.decode("cp1252")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_it_closes_cleanly_while_clients_hold_connections() -> None:
    before = set(threading.enumerate())
    with serve() as running:
        ports = (running.http_port, running.https_port)
        idle = [socket.create_connection(("127.0.0.1", port), timeout=10) for port in ports]
        ask(running, running.urls[0])
    for connection in idle:
        connection.close()
    assert set(threading.enumerate()) <= before


def test_the_press_release_is_a_pdf_with_its_text(newsroom: Newsroom) -> None:
    import pypdfium2

    answer = newsroom.answer("https://www.fpsa.example/press/2025-03-04-clear-berth.pdf")
    document = pypdfium2.PdfDocument(answer.body)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "Federal Port Security Administration (FPSA)" in text
    assert "Delphine Marrow" in text


@pytest.fixture(scope="module")
def folder(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the front stories and the sources they cite, searchable."""
    folder = tmp_path_factory.mktemp("newsroom") / "archive"
    create_archive(folder).close()
    (folder / "backfile.toml").write_text(running.settings(), encoding="utf-8")
    with open_archive(folder) as archive, open_index(archive, folder) as index:
        for _ in archive.add(running.urls):
            pass
        index.update()
    return folder


@pytest.fixture
def archive(folder: Path) -> Iterator[Archive]:
    with open_archive(folder) as archive:
        yield archive


@pytest.fixture
def index(archive: Archive, folder: Path) -> Iterator[Index]:
    with open_index(archive, folder) as index:
        yield index


def files(newsroom: Newsroom, archive: Archive, ids: list[str]) -> set[str]:
    """The names of the stories that the entries `ids` are, "?" for one that is none."""
    by_url = {story.url: story.file for story in newsroom.stories}
    entries = [archive.get(one) for one in ids]
    return {by_url.get(entry.final_url.partition("?")[0], "?") if entry else "?" for entry in entries}


def test_every_story_is_archived_as_its_outlet_published_it(newsroom: Newsroom, archive: Archive) -> None:
    """Title, author, time, site and language of all stories, three languages and a wrong charset label included."""
    wrong = []
    for story in newsroom.stories:
        article = archive.find(story.url).article
        assert article is not None, story.file
        got = (article.title, article.authors, article.published, article.site, article.lang)
        if got != (story.title, (story.author,), story.published, story.outlet.title, story.outlet.lang):
            wrong.append((story.file, got))
    assert wrong == []


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        pytest.param("https://www.sillmouth.example/council/2025-03-11/minutes", Outcome.NOT_FOUND, id="not found"),
        pytest.param("https://www.sillmouth.example/water-board/millrace-report-2024", Outcome.GONE, id="gone"),
        pytest.param("https://records.clareland.example/filings/25-cv-0417", Outcome.ROBOTS, id="robots"),
        pytest.param("https://www.harborbusiness.example/2025/meridian-pier-14-costs", Outcome.PAYWALL, id="paywall"),
        pytest.param("https://www.estuarytrust.example/data/soundings-2025-03.csv", Outcome.NOT_TEXT, id="not text"),
        pytest.param("https://www.fpsa.example/press/2025-03-04-clear-berth.pdf", Outcome.OK, id="PDF"),
    ],
)
def test_each_source_has_the_outcome_that_was_observed(archive: Archive, url: str, outcome: Outcome) -> None:
    assert archive.find(url).outcome is outcome


def test_what_robots_txt_closes_is_not_asked_for(running: Running, folder: Path) -> None:
    assert "https://records.clareland.example/robots.txt" in running.asked
    assert "https://records.clareland.example/filings/25-cv-0417" not in running.asked


@pytest.mark.parametrize(
    ("short", "story"),
    [
        pytest.param("https://sho.rt.example/Ab3", "pier-14-raid", id="301"),
        pytest.param("https://sho.rt.example/Tq7", "court-order-explained", id="301 and 302 to https"),
        pytest.param("https://lnk.example/harbor-memo", "harbor-memo", id="meta refresh"),
    ],
)
def test_short_links_lead_to_their_story(newsroom: Newsroom, archive: Archive, short: str, story: str) -> None:
    """The mapping is kept: the short address names the article it led to."""
    assert files(newsroom, archive, [archive.find(short).id]) == {story}


def test_links_one_step_further_are_followed_when_asked_to(running: Running, tmp_path: Path) -> None:
    """With depth 2 the script redirect is followed, and the two short links that point at each other come to an end."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    (folder / "backfile.toml").write_text(running.settings(), encoding="utf-8")
    with open_archive(folder) as archive:
        raid = "https://www.channel9sillmouth.example/news/local/pier-14-warehouse-nine-detained"
        aground = "https://www.channel9sillmouth.example/news/local/kestrel-ferry-aground"
        pages = {page.url: page for page in archive.add([raid, aground], depth=2)}
    assert pages["https://sho.rt.example/Loop1"].outcome is Outcome.REDIRECTS
    assert pages["https://tt.example/9fKq2"].title == "District attorney tells federal port agents: not at our gates"


@pytest.mark.parametrize(
    ("query", "stories"),
    [
        pytest.param(
            'person:"Anders Venn" -person:"Marisol Venn"',
            {"kestrel-aground", "werft-kranich"},
            id="one of two namesakes",
        ),
        pytest.param("link:fpsa.example", {"venn-docks", "pier-14-raid"}, id="who cites a source"),
        pytest.param("lang:de Überlein", {"streik-nordpier"}, id="in spite of its charset label"),
        pytest.param("merluza lang:es", {"flota-merluza", "retirada-merluza"}, id="Spanish"),
        pytest.param("date:2025-03-20", {"okonjo-challenge"}, id="by day"),
        pytest.param('"one would not accept it from a vending machine" is:pdf', {"?"}, id="words of a PDF"),
        pytest.param("is:paywall", {"meridian-costs"}, id="paywall"),
    ],
)
def test_it_answers_as_a_reader_would(
    newsroom: Newsroom, archive: Archive, index: Index, query: str, stories: set[str]
) -> None:
    assert files(newsroom, archive, [hit.id for hit in index.search(query, limit=50).hits]) == stories


def test_a_person_and_a_topic_find_the_leading_story(newsroom: Newsroom, archive: Archive, index: Index) -> None:
    """The question of the tour, with facets that tell something."""
    found = index.search("person:Venn topic:FPSA", facets=["person", "org"], limit=50)
    assert "venn-docks" in files(newsroom, archive, [hit.id for hit in found.hits])
    people, orgs = ({value.value: value.count for value in facet.values} for facet in found.facets)
    assert max(people, key=people.__getitem__) == "Marisol Venn"
    assert {"Ruth Okonjo", "Leland Strake", "Ines Calloway"} <= people.keys()
    assert "Federal Port Security Administration" in orgs


def test_nothing_is_out_of_order_afterwards(archive: Archive, index: Index) -> None:
    assert [*archive.verify(), *index.check()] == []
