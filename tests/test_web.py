"""The web door as others rely on it: pages and API of a served archive, asked over HTTP."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from commands import Command
from newsroom import Newsroom
from sites import as_served
from sites import shown as page_at
from website import Website, serving, without_tags

from backfile.desk import open_desk
from backfile.web.pages import facets
from backfile.web.routes import ROUTES

PIER = "https://paper.example/pier"
BODY = (
    "<p>The harbour board voted on Tuesday to spend twelve million pounds on the pier in Whitby, which storms have "
    "battered for years. Chairwoman Alice Marlow said that the Northern Ports Authority would pay for half of it.</p>"
    "<h2>What comes next</h2><p>Divers will look at every pile, said Peter Quill of the Whitby Harbour Trust.</p>"
    "<ul><li>first the piles</li><li>then the deck</li></ul><blockquote><p>“We are late,” Marlow said.</p></blockquote>"
    "<table><tr><td>piles</td><td>212</td></tr><tr><td>planks</td><td>9,400</td></tr></table>"
    '<p>The survey is <a href="https://survey.example/report">online</a>, and so are '
    '<a href="/minutes">the minutes</a>.</p>'
)
SHIP = (
    "<p>The ferry Kestrel left Whitby on Friday with 212 people on board, the company said. Peter Quill of the Whitby "
    "Harbour Trust called it a good day, and Alice Marlow of the Northern Ports Authority bought the first ticket.</p>"
    "<p>It will sail to Bergen in Norway twice a week from April on, and more often in summer.</p>"
)


class Inline(HTMLParser):
    """Finds what a strict policy forbids: scripts and styles in the page itself, handlers, styles of elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (tag == "script" and "src" not in given) or tag == "style":
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style" or (name in ("href", "src") and "script:" in (value or "")):
                self.found.append(f"{tag} {name}")


def inline(markup: str) -> list[str]:
    seen = Inline()
    seen.feed(markup)
    return seen.found


def page(title: str, body: str, day: str, keywords: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{title}</title>"
        f'<meta property="article:published_time" content="{day}T08:00:00Z">'
        f'<meta name="keywords" content="{keywords}"></head>'
        f"<body><article><h1>{title}</h1>{body}{body}</article></body></html>"
    )


@dataclass(frozen=True)
class Filled:
    """An archive with five stories, one of them in two versions; ids by the last part of the address."""

    site: Website
    command: Command
    newsroom: Newsroom
    ids: dict[str, str]


@pytest.fixture(scope="module")
def filled(newsroom_server: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    newsroom = newsroom_server
    newsroom.reset()
    command = Command(tmp_path_factory.mktemp("web") / "archive", newsroom)
    newsroom.add("https://survey.example/report", page("A survey of the piles", SHIP, "2024-11-02"))
    newsroom.add("https://paper.example/minutes", "gone", status=404)
    for name, title, body, day in (
        ("pier", "Board votes for the pier", BODY, "2025-01-14"),
        ("ferry", "Ferry Kestrel sails again", SHIP, "2025-02-07"),
        ("hostile", "<img src=x onerror=alert(1)> &amp; “quotes”".replace("<", "&lt;"), SHIP, "2025-02-08"),
    ):
        newsroom.add(f"https://paper.example/{name}", page(title, body, day, "Harbour works" if name == "pier" else ""))
        assert command("add", f"https://paper.example/{name}").code == 0
    newsroom.add(
        PIER, page("Board votes against the pier", BODY.replace("twelve", "nineteen"), "2025-01-14", "Harbour works")
    )
    assert command("add", PIER, "--again", "--depth", "0").code == 0
    ids = {str(row["url"]).rpartition("/")[2]: str(row["id"]) for row in command("search", "--json").rows}
    with serving(command.folder) as site:
        yield Filled(site, command, newsroom, ids)


def test_search_gives_total_hits_facets_and_next(filled: Filled) -> None:
    """In the words of the command line."""
    answer = filled.site.get("/api/v1/search?q=Whitby&facet=person&limit=2")
    assert answer.status == 200
    found = answer.json
    assert set(found) >= {"total", "hits", "facets", "next", "cursor"}
    assert (found["total"], len(found["hits"])) == (4, 2)
    ran = filled.command("search", "Whitby", "--facet", "person", "--json", "--meta", "--limit", "2").rows
    assert found["facets"] == ran[0]["facets"]
    assert found["hits"] == ran[1:]
    assert answer.headers["link"] == f'<{found["next"]}>; rel="next"'
    rest = filled.site.get(found["next"]).json
    assert {hit["id"] for hit in (*found["hits"], *rest["hits"])} == set(filled.ids.values())
    assert rest["next"] is None


@pytest.mark.parametrize("query", ["persn:Marlow", "date:2025-13", "is:nothing", "person:(a", "x" * 2001, "€"])
def test_a_query_that_cannot_be_read_is_a_problem_with_its_place(filled: Filled, query: str) -> None:
    ran = filled.command("search", query)
    answer = filled.site.get(f"/api/v1/search?q={quote(query)}")
    shown = filled.site.get(f"/search?q={quote(query)}")
    if not ran.code:
        assert (answer.status, shown.status) == (200, 200)
        return
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    told = answer.json
    assert told["status"] == 400
    assert isinstance(told["position"], int)
    caret = ran.err.splitlines()[2]
    assert shown.status == 400
    assert caret in without_tags(shown.text).splitlines(), "the page draws the caret where the command does"
    assert f"at character {told['position'] + 1}." in shown.text


def test_nothing_found_tells_what_each_part_finds(filled: Filled) -> None:
    shown = without_tags(filled.site.get("/search?q=Whitby+zeppelin").text)
    assert "Nothing matches all of it." in shown
    assert re.search(r"These lack some of the words.*without zeppelin", shown, re.DOTALL)
    assert re.search(r"zeppelin.*0", shown, re.DOTALL)
    assert "without" in shown


def test_a_long_question_shows_the_best_answers_first_and_says_how_many_have_all_of_it(filled: Filled) -> None:
    whole = "why did the board of Whitby vote against the pier"
    found = filled.site.get(f"/api/v1/search?q={quote(whole)}").json
    shown = without_tags(filled.site.get(f"/search?q={quote(whole)}").text)
    count = len(found["hits"])
    assert found["total"]
    assert any(hit["lacks"] for hit in found["hits"])
    assert f"1–{count}, best first; {found['total']} have all of it" in shown
    assert "These lack some of the words" not in shown


def test_every_link_of_the_panel_gives_what_it_counts(filled: Filled) -> None:
    """Choosing, leaving out and taking back, from three searches; the text is the whole state."""
    checked = 0
    for query in ("", "Whitby", 'person:="Alice Marlow" -place:="Norway"'):
        shown = filled.site.get(f"/search?q={quote(query)}" if query else "/search")
        total = int(re.search(r'<h1 class="count">(\d+)', shown.text)[1])  # type: ignore[index]
        for row in re.findall(r'<li class="(on|off|)"><label.*?</li>', shown.text):
            assert row in ("on", "off", "")
        rows = re.findall(
            r'<a class="value" href="([^"]+)" dir="auto">.*?</a> <span class="n">(\d+)</span> '
            r'<a class="minus" href="([^"]+)"',
            shown.text,
        )
        for value, count, minus in rows[::3]:
            chosen = filled.site.get(value.replace("&amp;", "&"))
            assert f'<h1 class="count">{count} article' in chosen.text, value
            assert filled.site.get(minus.replace("&amp;", "&")).status == 200
            checked += 1
        for off in re.findall(r'<a class="minus" href="([^"]+)" title="not chosen any more"', shown.text):
            assert filled.site.get(off.replace("&amp;", "&")).status == 200
        assert total >= 1
    assert checked > 20


def test_boxes_that_are_ticked_become_words_of_the_query(filled: Filled) -> None:
    moved = filled.site.get("/search?q=Whitby&any.person=Alice+Marlow&any.person=Peter+Quill&none.place=Norway&sort=")
    assert moved.status == 308
    query = parse_qs(urlsplit(moved.headers["location"]).query)["q"]
    assert query == ['Whitby person:=("Alice Marlow" OR "Peter Quill") -place:="Norway"']
    shown = filled.site.get(moved.headers["location"])
    assert shown.status == 200
    assert shown.text.count(" checked>") == 3


def test_the_text_of_an_article_is_what_show_prints(filled: Filled) -> None:
    """Stripping the tags gives the archive's text, and every name is marked or listed."""
    for name, id_ in filled.ids.items():
        shown = filled.site.get(f"/article/{id_}?q=Whitby+person:Quill").text
        inner = re.search(r'<div class="text" id="text">(.*?)</div>\n</article>', shown, re.DOTALL)
        assert inner, name
        text = re.sub(r"<p [^>]*data-beside[^>]*>.*?</p>", "", inner[1], flags=re.DOTALL)
        assert without_tags(text) == filled.command("show", id_, "--text").out.removesuffix("\n"), name
        rows = filled.site.get(f"/api/v1/articles/{id_}/mentions").json["items"]
        for row in rows:
            assert row["canonical"] in without_tags(shown)
    assert "<mark>Whitby</mark>" in shown


def test_a_time_in_a_question_leads_to_what_was_published_then(filled: Filled) -> None:
    shown = unescape(filled.site.get("/search?q=who+left+Whitby+in+February+2025?").text)
    said = "date:2025-02 who left Whitby?"
    link = re.search(rf'Published then: <a href="([^"]*)" dir="auto">{re.escape(said)}</a>', shown)
    assert link
    there = unescape(filled.site.get(link[1]).text)
    assert "Ferry Kestrel sails again" in there
    assert "Published then" not in there
    assert filled.site.get("/api/v1/search?q=who+left+Whitby+in+February+2025?").json["dated"] == said


def test_the_publisher_s_keywords_are_told_from_suggestions(filled: Filled) -> None:
    """On the page and in the terminal, each under a heading of its own."""
    id_ = filled.ids["pier"]
    (row,) = filled.command("show", id_, "--json").rows
    topics = row["reading"]["topics"]  # type: ignore[index]
    said, suggested = ([t["name"] for t in topics if t.get("suggested", False) is one] for one in (False, True))
    assert said == ["Harbour works"]
    assert suggested
    shown = unescape(filled.site.get(f"/article/{id_}").text)
    for heading, names in (("Publisher's keywords", said), ("Suggested topics", suggested)):
        listed = re.search(rf'<h3>{heading}</h3><ul class="inline">(.*?)</ul>', shown, re.DOTALL)
        assert listed
        assert re.findall(r"<li><a [^>]*>([^<]*)</a></li>", listed[1]) == names
        assert f"\n{heading}: {names[0]}" in filled.command("show", id_).out


def test_pages_of_a_facet_have_each_value_once(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as the index counts, in its order, whether the page reads them all or those up to its end."""
    told = filled.site.get("/api/v1/facets/person?limit=100").json
    names = [row["value"] for row in told["values"]]
    assert len(names) == 3
    with open_desk(filled.command.folder, keeps_up=False) as desk:
        site = as_served(desk)
        monkeypatch.setattr(facets, "PAGE", 2)
        for more in ("", "&find=a"):
            wanted = [name for name in names if not more or "a" in name.casefold()]
            seen: list[str] = []
            address = f"/facets/person?q={more}"
            while address:
                page = page_at(site, address)
                assert f"of {len(wanted)}</p>" in page
                seen += re.findall(r'<tr><td dir="auto"><a [^>]*>([^<]*)</a>', page)
                following = re.search(r'<a rel="next" href="([^"]*)"', page)
                address = unescape(following[1]) if following else ""
            assert seen == wanted


def test_a_printed_article_says_which_text_it_is(filled: Filled) -> None:
    """The digest of the version that is shown, an earlier one's as well."""
    versions = filled.site.get(f"/api/v1/articles/{filled.ids['pier']}/versions").json["items"]
    for row in versions:
        shown = filled.site.get(f"/article/{filled.ids['pier']}/v/{row['number']}").text
        printed = shown.partition('<div class="printed">')[2]
        assert f"version {row['number']} of 2 · text {row['text_digest']}" in without_tags(printed)
    assert len({row["text_digest"] for row in versions}) == 2


def test_structure_is_kept(filled: Filled) -> None:
    shown = filled.site.get(f"/article/{filled.ids['pier']}").text
    assert re.search(r"<h2 [^>]*>What comes next</h2>", shown)
    assert re.search(r"<ul><li [^>]*>first the piles\n</li><li [^>]*>then the deck", shown)
    assert "<blockquote>" in shown
    assert re.search(r"<table><tbody><tr [^>]*><td [^>]*>piles<span class=\"sep\"> \| </span></td><td", shown)


def test_what_is_archived_cannot_become_markup(filled: Filled) -> None:
    for path in ("/", "/search", f"/article/{filled.ids['hostile']}", "/search.atom", "/search?view=table"):
        shown = filled.site.get(path).text
        assert "<img src=x" not in shown
        assert "&lt;img src=x" in shown or "&amp;lt;img" in shown, path


def test_versions_and_their_difference(filled: Filled) -> None:
    id_ = filled.ids["pier"]
    assert f"/article/{id_}/diff/1..2" in filled.site.get(f"/article/{id_}/versions").links()
    shown = filled.site.get(f"/article/{id_}/diff/1..2").text
    assert re.search(r"<del>twelve</del>\s?<ins>nineteen", shown) or "<ins>nineteen</ins>" in shown
    assert filled.site.get(f"/article/{id_}/diff/1..9").status == 404
    assert "twelve" in without_tags(filled.site.get(f"/article/{id_}/v/1").text)
    told = filled.site.get(f"/api/v1/articles/{id_}/diff/1..2").json
    assert "headline" in told["changes"]


def kind_of(path: str) -> str:
    """What kind of page an address is of."""
    plain = re.sub(r"[a-z0-9]{12}\b|[0-9a-f-]{36}|\d+", "ID", path.partition("?")[0])
    return re.sub(r"^/(name|site|facets|captures)/.*", r"/\1/…", plain)


def test_every_page_can_be_reached_and_no_link_is_dead(filled: Filled) -> None:
    """A crawler without script, from the front page on, a few of each kind; each has one heading, and a title."""
    waiting, seen, kinds = ["/"], set[str](), Counter[str]()
    while waiting:
        path = waiting.pop(0).partition("#")[0]
        kind = kind_of(path)
        if path in seen or kinds[kind] >= 5 or path.startswith(("/export", "/api/v1/captures")):
            continue
        seen.add(path)
        kinds[kind] += 1
        answer = filled.site.get(path)
        assert answer.status in (200, 303, 307, 308), (path, answer.status)
        if answer.status != 200:
            waiting.append(answer.headers["location"])
        elif answer.headers["content-type"].startswith("text/html"):
            assert re.search(r"<title>[^<]+</title>", answer.text), path
            assert answer.text.count("<h1") == 1, path
            waiting += answer.links()
    assert {"/", "/search", "/article/ID", "/article/ID/versions", "/add", "/jobs", "/help/query", "/api", "/name/…",
            "/site/…", "/coverage", "/together", "/facets/…", "/article/ID/diff/ID..ID"} <= set(kinds)  # fmt: skip


def test_an_answer_that_has_not_changed_is_not_sent_again(filled: Filled) -> None:
    id_ = filled.ids["ferry"]
    for path in ("/search?q=Whitby", "/api/v1/search?q=Whitby", f"/article/{id_}", "/search.atom?q=Whitby"):
        etag = filled.site.get(path).headers["etag"]
        assert filled.site.get(path, if_none_match=etag).status == 304
    held = filled.site.get(f"/api/v1/articles/{id_}/tags")
    done = filled.site.post_json(f"/api/v1/articles/{id_}/tags", {"add": ["to check"]}, if_match=held.headers["etag"])
    assert (done.status, done.json["tags"]) == (200, ["to check"])
    assert filled.site.get(path, if_none_match=etag).status == 200
    stale = filled.site.post_json(f"/api/v1/articles/{id_}/tags", {"add": ["x"]}, if_match=held.headers["etag"])
    assert (stale.status, stale.headers["content-type"]) == (412, "application/problem+json")
    assert filled.command("tag", id_).out == "to check\n"
    assert filled.site.get('/api/v1/search?q=tag:="to+check"').json["total"] == 1


def test_forms_change_what_they_say(filled: Filled) -> None:
    id_ = filled.ids["ferry"]
    done = filled.site.post_form(f"/article/{id_}/note", {"note": "call\r\nback"})
    assert (done.status, done.headers["location"]) == (303, f"/article/{id_}#marks")
    assert filled.command("note", id_).out == "call\nback\n"
    assert filled.site.post_form("/saved", {"name": "whitby", "q": "Whitby"}).status == 303
    assert "saved%3Awhitby" in filled.site.get("/saved").text
    assert filled.site.get("/search?q=saved:whitby").status == 200
    assert filled.site.post_form("/saved/forget", {"name": "whitby"}).status == 303


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/search?q=caf%E9", b""),
        ("GET", "/api/v1/search?q=caf%E9", b""),
        ("POST", "/article/ID/note", b"note=caf%E9"),
        ("POST", "/article/ID/note", b"note=caf\xe9"),
        ("POST", "/article/ID/tags", b"add=%FF"),
        ("POST", "/saved", b"name=x%80&q=Whitby"),
    ],
)
def test_bytes_that_are_no_text_are_refused(filled: Filled, method: str, path: str, body: bytes) -> None:
    """They were kept as `?` in a tag or note, and looked for as that."""
    path = path.replace("ID", filled.ids["ferry"])
    before = filled.command("show", filled.ids["ferry"], "--json").out
    headers = {"content_type": "application/x-www-form-urlencoded", "origin": filled.site.origin}
    answer = filled.site.ask(method, path, body, **headers)
    assert (answer.status, "not text in UTF-8" in answer.text) == (400, True)
    assert filled.command("show", filled.ids["ferry"], "--json").out == before


def test_a_job_is_begun_once_and_done(filled: Filled) -> None:
    """Adding by the API: 202 and a place; the same key is the same job; what it brings is found."""
    url = "https://paper.example/lighthouse"
    filled.newsroom.add(url, page("A lighthouse for Whitby", SHIP.replace("ferry", "lighthouse"), "2025-03-01"))
    asked = {"kind": "add", "urls": [url, "no address"], "depth": 0, "tags": ["by web"]}
    first = filled.site.post_json("/api/v1/jobs", asked, idempotency_key="k1")
    again = filled.site.post_json("/api/v1/jobs", asked, idempotency_key="k1")
    assert (first.status, again.status) == (202, 202)
    assert first.headers["location"] == again.headers["location"]
    place = first.headers["location"]
    until = time.monotonic() + 90
    while filled.site.get(place).json["ended"] is None and time.monotonic() < until:
        time.sleep(0.2)
    job = filled.site.get(place).json
    assert (job["counts"]["done"], job["counts"]["rejected"]) == (1, 1)
    assert filled.site.get('/api/v1/search?q=tag:="by+web"').json["total"] == 1
    shown = filled.site.get(f"/jobs/{job['number']}").text
    assert url in shown
    events = filled.site.get(f"/jobs/{job['number']}/events")
    assert events.headers["content-type"].startswith("text/event-stream")
    assert events.text.rstrip().endswith("event: done\ndata: {}")


def test_an_export_is_what_the_command_exports(filled: Filled) -> None:
    answer = filled.site.get("/api/v1/export?q=Whitby&format=jsonl")
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert {row["id"] for row in rows if "id" in row} == filled.command("search", "Whitby", "--json").ids
    assert "attachment" in answer.headers["content-disposition"]
    assert filled.site.get("/api/v1/export?q=Whitby&format=markdown").status == 400


def test_an_export_that_is_cut_off_holds_nothing_up(filled: Filled) -> None:
    """Two may run at once; whoever goes away before or after the first bytes makes room for the next one."""
    place = urlsplit(filled.site.origin)
    for number in range(20):
        with socket.create_connection(("127.0.0.1", place.port or 0), timeout=60) as line:
            head = f"GET /api/v1/export?q=&format=warc HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n"
            line.sendall(head.encode())
            assert number % 4 or line.recv(16).startswith(b"HTTP/1.1 ")
    deadline = time.monotonic() + 60
    while (status := filled.site.get("/api/v1/export?q=&format=csv").status) == 503:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert status == 200


def test_queries_are_compared_over_time(filled: Filled) -> None:
    rows = filled.site.get("/coverage.csv?q=Whitby&q=Kestrel&by=month").text.lstrip("\ufeff").splitlines()
    assert rows[0] == "start,Whitby,Kestrel"
    counts = [list(map(int, row.split(",")[1:])) for row in rows[1:]]
    assert sum(row[0] for row in counts) == filled.site.get("/api/v1/search?q=Whitby+date:*").json["total"]
    assert filled.site.get("/coverage?" + "&".join(f"q={n}" for n in range(7))).status == 400


def test_more_months_than_can_be_seen_are_drawn_as_years(newsroom_server: Newsroom, tmp_path: Path) -> None:
    command = Command(tmp_path / "archive", newsroom_server)
    rows = [
        {"url": f"https://paper.example/{day}", "title": "The harbour", "date": day, "text": f"The harbour on {day}."}
        for day in ("1990-03-05", "2024-06-07")
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert command("import", "--no-fetch", str(tmp_path / "rows.jsonl")).code == 0
    with serving(command.folder) as site:
        drawn = site.get("/coverage?q=harbour").text
        asked = site.get("/coverage?q=harbour&by=month").text
    assert 'value="year" selected' in drawn
    assert 'value="month" selected' in asked
    assert (">1990<" in drawn, ">1990-03<" in asked) == (True, True)


def test_a_name_has_a_page(filled: Filled) -> None:
    shown = without_tags(filled.site.get("/name/person/Alice%20Marlow").text)
    assert "Marlow" in shown
    assert "Take them for one" in shown
    assert filled.site.get("/name/person/Nobody%20Here").status == 404


def test_beside_a_name_stand_those_of_its_kind_in_the_same_articles(filled: Filled) -> None:
    """Counted there, not in all articles, and behind each are the articles that have both."""
    markup = filled.site.get("/name/place/Bergen").text
    both = 'place:="Bergen" place:="Whitby"'
    count = filled.site.get(f"/api/v1/search?{urlencode({'q': both})}").json["total"]
    assert count < filled.site.get(f"/api/v1/search?{urlencode({'q': 'place:=Whitby'})}").json["total"]
    assert f'href="/search?{urlencode({"q": both})}"' in markup
    assert f"Whitby {count} " in without_tags(markup)


def test_an_outlet_has_a_page(filled: Filled) -> None:
    assert filled.site.get("/site/paper.example").status == 200


def test_an_article_is_mended_by_hand_and_as_it_was_again(filled: Filled) -> None:
    id_ = filled.ids["report"]
    form = {"title": "The survey", "authors": "Ann Quill; Bo Marlow", "published": "2024-11-03", "site": "Survey"}
    assert filled.site.post_form(f"/article/{id_}/edit", form).status == 303
    held = filled.site.get(f"/api/v1/articles/{id_}").json["article"]
    assert (held["title"], held["authors"], held["published_on"]) == (
        "The survey", ["Ann Quill", "Bo Marlow"], "2024-11-03",
    )  # fmt: skip
    assert filled.site.post_form(f"/article/{id_}/edit", {"undo": "1"}).status == 303
    refused = filled.site.post_form(f"/article/{id_}/edit", {"published": "yesterday"})
    assert (refused.status, f"/article/{id_}#marks" in refused.links()) == (400, True)
    assert f"/article/{id_}#marks" in filled.site.get(f"/article/{id_}/edit").links(), "where the address is typed"
    assert filled.site.get(f"/api/v1/articles/{id_}").json["article"]["title"] == "A survey of the piles"


def test_what_can_be_proved_is_handed_out(filled: Filled) -> None:
    id_ = filled.ids["pier"]
    sheet = filled.site.get(f"/article/{id_}/proof")
    assert sheet.headers["content-disposition"].startswith("attachment")
    told = filled.site.get(f"/article/{id_}/proof?form=json").text
    digest = filled.site.get(f"/api/v1/articles/{id_}/captures").json["items"][-1]["digest"].partition(":")[2]
    assert digest in told or digest.upper() in told
    lines = filled.site.get(f"/timemap/link/{PIER}").text.splitlines()
    assert [re.search(r'rel="([^"]+)"', line)[1] for line in lines] == [  # type: ignore[index]
        "original", "self", "first memento", "last memento",
    ]  # fmt: skip


def test_a_list_of_names_is_looked_up(filled: Filled) -> None:
    done = filled.site.post_form("/check", {"names": "Alice Marlow\r\nNobody Here\r\n", "field": "person"})
    rows = re.findall(r"<tr><td class=\"long\" dir=\"auto\">(.*?)</td><td class=\"n\">(?:<a[^>]*>)?(\d+)", done.text)
    assert rows == [
        ("Alice Marlow", str(filled.site.get("/api/v1/search?q=person:Marlow").json["total"])),
        ("Nobody Here", "0"),
    ]
    assert not (filled.command.folder / "checks").exists(), "nothing is kept of it"


@pytest.mark.slow
def test_a_job_goes_on_after_the_server_was_killed(tmp_path: Path, newsroom: Newsroom) -> None:
    """What was written down is done by the next server, once."""
    command = Command(tmp_path / "archive", newsroom)
    names = [f"https://paper.example/{n}" for n in range(3)]
    for url in names:
        newsroom.add(url, page(f"Story {url[-1]}", SHIP, "2025-01-01"))
    with serving(command.folder) as site:
        job = site.post_json("/api/v1/jobs", {"kind": "add", "urls": names, "depth": 0, "tags": ["kept"]})
        assert job.status == 202
        site.process.kill()
    with serving(command.folder) as site:
        until = time.monotonic() + 120
        while site.get(job.headers["location"]).json["ended"] is None and time.monotonic() < until:
            time.sleep(0.3)
        assert site.get(job.headers["location"]).json["counts"]["done"] == 3
    assert {newsroom.hits(url) for url in names} == {1}
    assert len(command("search", "Kestrel", "--json").rows) == 3


# -- who is let in -----------------------------------------------------------------------------------------------------


def test_what_is_due_is_looked_at_by_a_click(filled: Filled) -> None:
    site = filled.site
    assert site.post_form("/watch", {"target": "https://paper.example/ferry", "kind": "page"}).status == 303
    assert site.post_form("/watch/look", {}).headers["location"] == "/watch"
    deadline = time.monotonic() + 60
    while "The last look" not in (page := site.get("/watch").text):
        assert "did not come to its end" not in page
        assert time.monotonic() < deadline, page
        time.sleep(0.2)
    assert re.search(r"\d+ seen, \d+ failed", page), page[page.index("<h1>") : page.index("</main>")]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "localhost.:{port}", "127.0.0.1:{port}.", "[::1]:{port}"]
)
def test_another_name_is_refused(filled: Filled, host: str) -> None:
    port = str(urlsplit(filled.site.origin).port)
    assert filled.site.get("/", host=host.replace("{port}", port)).status == 400
    assert filled.site.ask("GET", "/", host="").status == 400


def test_localhost_leads_to_the_one_name(filled: Filled) -> None:
    port = urlsplit(filled.site.origin).port
    moved = filled.site.get("/search?q=a", host=f"localhost:{port}")
    assert (moved.status, moved.headers["location"]) == (308, f"{filled.site.origin}/search?q=a")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"sec_fetch_site": "same-site"}, id="another port"),
        pytest.param({"sec_fetch_site": "cross-site"}, id="another host"),
        pytest.param({"sec_fetch_site": "same-origin", "origin": "null"}, id="a sandboxed frame"),
        pytest.param({"origin": "null"}, id="an old browser, sandboxed"),
        pytest.param({"origin": "http://127.0.0.1:1"}, id="an old browser, another port"),
    ],
)
def test_a_change_from_another_site_is_refused(filled: Filled, headers: dict[str, str]) -> None:
    for path in ("/api/v1/jobs", "/add", f"/article/{filled.ids['pier']}/tags", "/saved"):
        assert filled.site.post_json(path, {"kind": "add", "urls": ["https://a.example/"]}, **headers).status == 403


def test_every_answer_says_what_a_browser_may_do_with_it(filled: Filled) -> None:
    """Whatever the route, and for errors too; nothing is inline in any page."""
    values = {
        "id": filled.ids["pier"],
        "field": "person",
        "number": "1",
        "old": "1",
        "new": "2",
        "name": "x",
        "url": PIER,
    }
    for route in (*ROUTES, None):
        path = re.sub(r"\{(\w+)(?::path)?\}", lambda m: values.get(m[1], "x"), route.path) if route else "/nowhere"
        method = route.method if route else "GET"
        if method != "GET" or path.endswith("/events"):
            continue
        answer = filled.site.ask(method, path)
        assert answer.status < 500, path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        is_shown = not answer.headers.get("content-disposition", "").startswith("attachment")
        if is_shown and answer.headers.get("content-type", "").startswith("text/html"):
            assert inline(answer.text) == [], path


@pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.method != "GET"], ids=lambda one: f"{one.method} {one.path}"
)
def test_nothing_is_changed_by_getting_it(filled: Filled, route: object) -> None:
    path = re.sub(r"\{\w+\}", "1", route.path)  # type: ignore[attr-defined]
    others = {one.method for one in ROUTES if one.path == route.path}  # type: ignore[attr-defined]
    if "GET" not in others:
        assert filled.site.get(path).status == 405


@pytest.mark.parametrize(
    "path", ["/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/%00", "/static/", "/static/x.css"]
)
def test_no_other_file_is_reached(filled: Filled, path: str) -> None:
    assert filled.site.get(path).status == 404


def test_archived_bytes_are_shown_on_another_host_alone(filled: Filled) -> None:
    """Not at ours, and nothing else there: no page, no API, no other way."""
    capture = filled.site.get(f"/api/v1/articles/{filled.ids['pier']}").json["capture_id"]
    content = filled.site.content_origin(capture)
    assert urlsplit(content).hostname != urlsplit(filled.site.origin).hostname
    shown = filled.site.ask("GET", f"/{capture}/", at=content)
    assert shown.status == 200
    assert "twelve" in shown.text or "nineteen" in shown.text
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert f"frame-ancestors {filled.site.origin}" in policy
    for path in ("/", "/search", "/api/v1/search", f"/article/{filled.ids['pier']}"):
        assert filled.site.ask("GET", path, at=content).status == 404
    assert filled.site.ask("GET", f"/{capture}/", at=content, host=filled.site.netloc).status == 400
    assert filled.site.get(f"/{capture}/").status == 404
    file = filled.site.get(f"/api/v1/captures/{capture}/payload")
    assert (file.headers["content-type"], file.headers["content-disposition"][:10]) == (
        "application/octet-stream",
        "attachment",
    )


# -- others ------------------------------------------------------------------------------------------------------------


def test_it_is_opened_to_nobody_else_without_tokens(tmp_path: Path, newsroom: Newsroom) -> None:
    command = Command(tmp_path / "archive", newsroom)
    refused = command("serve", "--host", "0.0.0.0", "--port", "0")
    assert (refused.code, "--public-url" in refused.err) == (2, True)
    refused = command("serve", "--host", "0.0.0.0", "--port", "0", "--public-url", "https://archive.example")
    assert (refused.code, "backfile token add" in refused.err) == (2, True)


@pytest.mark.slow
def test_a_token_allows_what_it_says_and_no_more(tmp_path: Path, newsroom: Newsroom) -> None:
    command = Command(tmp_path / "archive", newsroom)
    tokens = {
        name: command("token", "add", name, "--scope", name).out.strip() for name in ("read", "add", "edit", "feed")
    }
    assert "bf_" not in (command.folder / "tokens.toml").read_text().replace("bf_…", "")
    listed = command("token", "list", "--json").rows
    assert [row["name"] for row in listed] == list(tokens)
    job = {"kind": "add", "urls": ["https://a.example/"]}
    with serving(command.folder, "--tokens") as site:
        assert site.get("/api/v1/search").status == 401
        assert site.get("/search").headers["location"] == "/login?next=%2Fsearch"
        bearer = {name: {"authorization": f"Bearer {secret}"} for name, secret in tokens.items()}
        assert [site.get("/api/v1/search", **bearer[name]).status for name in tokens] == [200, 200, 200, 403]
        assert [site.post_json("/api/v1/jobs", job, **bearer[name]).status for name in tokens] == [403, 202, 403, 403]
        save = {"name": "a", "query": "b"}
        assert [site.post_json("/api/v1/saved", save, **bearer[name]).status for name in tokens] == [403, 403, 201, 403]
        assert site.get(f"/search.atom?key={tokens['feed']}").status == 200
        assert site.get(f"/search.atom?q=other&key={tokens['feed']}").status == 403
        assert site.get(f"/search?key={tokens['feed']}").status == 303
        for route in ROUTES:
            path = re.sub(r"\{(\w+)(?::path)?\}", "x", route.path)
            answer = site.ask(route.method, path, sec_fetch_site="same-origin")
            assert (answer.status in (401, 303)) is (route.scope is not None) or route.path == "/logout", route.path
        entered = site.post_form("/login", {"token": tokens["read"], "next": "//evil.example/"})
        assert (entered.status, entered.headers["location"]) == (303, "/")
        cookie = entered.headers["set-cookie"].partition(";")[0]
        assert site.get("/search", cookie=cookie).status == 200
        assert command("token", "remove", "read").code == 0
        assert site.get("/api/v1/search", **bearer["read"]).status == 401
        assert site.get("/search", cookie=cookie).status == 303


def test_without_the_extra_one_line_says_how_to_get_it(tmp_path: Path) -> None:
    code = "import sys; sys.modules['starlette'] = None; sys.argv[0] = 'backfile'; from backfile.cli.main import main; "
    code += "main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--dir", str(tmp_path), "serve"], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "pip install 'backfile[web]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
