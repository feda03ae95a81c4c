"""The served pages in a real browser: nothing archived runs, loads or leads out; everybody can use them.

axe-core and the W3C's validator, which wants Java, are looked for in .venv/node_modules (npm install --prefix .venv
axe-core@4 vnu-jar@26); without them those tests say so.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from browsers import BROWSER
from commands import Command
from newsroom import Newsroom
from website import Website, serving

ROOT = Path(__file__).parents[1]
AXE = ROOT / ".venv" / "node_modules" / "axe-core" / "axe.min.js"
VALIDATOR = ROOT / ".venv" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TEXT = (
    "The harbour board of Whitby voted on Tuesday to spend twelve million pounds on the pier, said Alice Marlow. " * 3
)
ARABIC = "صوّت مجلس ميناء الإسكندرية يوم الثلاثاء على إنفاق اثني عشر مليون جنيه على الرصيف الذي ضربته العواصف. " * 4
CITES = '<p>The board had <a href="https://paper.example/pier">voted on the pier</a> on the same evening, in June, '
CITES += 'says <a href="https://survey.example/report">the report on what the storms of the winter have done</a>.</p>'
LOOKS = ["light", "dark", "narrow", "rtl"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here"),
]


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """The live web: an address, and a list of every connection that anybody opened to it."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def accept() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.settimeout(2)
                with connection:
                    try:
                        seen.append(connection.recv(200).decode("latin-1"))
                    except OSError:
                        seen.append("")

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", seen
        over.set()


def hostile(live: str) -> str:
    """Every way of embedding that loads or runs something, as a story."""
    page = (Path(__file__).parent / "resources" / "embedding.html").read_text(encoding="utf-8")
    return page.replace("LIVE", live).replace("TEXT", TEXT)


@pytest.fixture(scope="module")
def site(
    newsroom_server: Newsroom, listener: tuple[str, list[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Website, dict[str, str]]]:
    newsroom = newsroom_server
    newsroom.reset()
    command = Command(tmp_path_factory.mktemp("browser") / "archive", newsroom)
    story = "<!DOCTYPE html><html lang={}><title>{}</title><body><article><h1>{}</h1>{}</article></body></html>"
    list_ = "<h2>Next</h2><ul><li>piles</li></ul><table><tr><td>a</td><td>b</td></tr></table>"
    pages = {
        "pier": story.format("en", "A pier for Whitby", "A pier for Whitby", f"<p>{TEXT}</p>{list_}<p>{TEXT}</p>"),
        "ferry": story.format("en", "A ferry", "A ferry", f"<p>{TEXT.replace('pier', 'ferry')}</p>{CITES}"),
        "arabic": story.format(
            "ar",
            "رصيف جديد",
            "رصيف جديد",
            f'<p class="byline">بقلم <a rel="author" href="/l">ليلى حداد</a></p><p>{ARABIC}</p><p>{ARABIC}</p>',
        ),
        "hostile": hostile(listener[0]),
    }
    for name, page in pages.items():
        newsroom.add(f"https://paper.example/{name}", page)
    assert command("add", *(f"https://paper.example/{name}" for name in pages), "--depth", "0").code == 0
    newsroom.add("https://paper.example/pier", pages["pier"].replace("twelve", "nineteen"))
    assert command("add", "https://paper.example/pier", "--again", "--depth", "0").code == 0
    ids = {str(row["url"]).rpartition("/")[2]: str(row["id"]) for row in command("search", "--json").rows}
    assert set(ids) == set(pages)
    with serving(command.folder) as served:
        assert served.post_form("/saved", {"name": "pier", "q": "pier"}).status == 303
        yield served, ids


@contextmanager
def opened(
    browser: Any, url: str, *, width: int = 1280, look: str = "light", **more: Any
) -> Iterator[tuple[Any, list[str]]]:
    """A page, and whatever went wrong on it: errors of script and refusals of the policy."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=look, **more)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(url, wait_until="load")
    yield page, wrong
    context.close()


def addresses(site: Website, ids: dict[str, str]) -> list[str]:
    pier = f"/article/{ids['pier']}"
    capture = site.get(f"/api/v1{pier.replace('article', 'articles')}").json["capture_id"]
    return [
        "/", "/search?q=Whitby", "/search?q=Whitby+zeppelin", "/search?q=nofield:x", "/search?view=table",
        "/search?q=person:%3D%22Alice+Marlow%22", "/facets/person", f"{pier}?q=Whitby", f"{pier}/sources",
        f"{pier}/versions", f"{pier}/diff/1..2", f"{pier}/diff/1..2?view=side", f"{pier}/evidence", f"{pier}/similar",
        f"/article/{ids['arabic']}", f"/article/{ids['ferry']}/sources",
        f"/page/{capture}", "/add", "/jobs", "/saved", "/watch", "/changes", "/status",
        "/help/query", "/help/keys", "/help/problems", "/api", "/login", "/rules",

        "/name/person/Alice%20Marlow", "/site/paper.example",
        "/coverage?q=Whitby&q=pier&share=true", "/together?q=Whitby", "/map?q=Whitby",
        "/nowhere", "/out?u=https://paper.example/x",
    ]  # fmt: skip


def test_an_archived_page_opens_no_connection_and_runs_nothing(
    chromium: Any,
    site: tuple[Website, dict[str, str]],
    listener: tuple[str, list[str]],
) -> None:
    """In its frame and by itself: every way of embedding, frames too; and its link leads to our page about it."""
    served, ids = site
    live, seen = listener
    capture = served.get(f"/api/v1/articles/{ids['hostile']}").json["capture_id"]
    seen.clear()
    content = served.content_origin(capture)
    with opened(chromium, f"{served.origin}/page/{capture}") as (page, _):
        page.wait_for_timeout(1500)
        frame = page.frames[1]
        assert "harbour board of Whitby" in frame.inner_text("body")
        assert page.url == f"{served.origin}/page/{capture}", "it did not lead the page away"
        assert frame.title() != "ran"
        link = frame.get_attribute("#out", "href") or ""
        assert link.startswith(f"{served.origin}/out?u=")
    with opened(chromium, f"{content}/{capture}/") as (page, _):
        page.wait_for_timeout(1000)
        assert page.title() == "Hostile"
        assert page.context.cookies() == []
    assert seen == [], "no connection to the live web"
    with suppress(Exception), opened(chromium, f"{live}/check"):  # nobody answers there
        pass
    assert len(seen) >= 1, "the check itself: a connection would be seen"


def test_a_page_of_another_port_can_change_nothing(chromium: Any, site: tuple[Website, dict[str, str]]) -> None:
    """What the browser says of where a request comes from is enough."""
    served, _ = site
    with opened(chromium, served.origin) as (page, _):
        sent = "{method: 'POST', body: new URLSearchParams({name: 'x', q: 'a'})}"
        own = page.evaluate(f"async (url) => (await fetch(url, {sent})).status", f"{served.origin}/saved")
        assert own == 200  # after the way back
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        threading.Thread(target=_serve_once, args=(other,), daemon=True).start()
        with opened(chromium, f"http://127.0.0.1:{port}/") as (page, _):
            body = "new URLSearchParams({name: 'evil', q: 'a'})"
            evil = f"(url) => fetch(url, {{method: 'POST', mode: 'no-cors', body: {body}}}).catch(() => 0)"
            page.evaluate(evil, f"{served.origin}/saved")
    names = [row["name"] for row in served.get("/api/v1/saved").json["items"]]
    assert "evil" not in names
    assert "x" in names


def _serve_once(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\nConnection: close\r\n\r\nother"
        )


@pytest.mark.parametrize("look", LOOKS)
def test_everybody_can_use_every_page(chromium: Any, site: tuple[Website, dict[str, str]], look: str) -> None:
    """axe-core finds nothing against WCAG 2.2 AA, and nothing scrolls sideways."""
    if not AXE.is_file():
        pytest.skip("axe-core is not here: npm install --prefix .venv axe-core@4")
    served, ids = site
    found: dict[str, list[str]] = {}
    context = chromium.new_context(
        viewport={"width": 320 if look == "narrow" else 1280, "height": 900},
        color_scheme="dark" if look == "dark" else "light",
        bypass_csp=True,  # so that axe may be put into the page
    )  # fmt: skip
    page = context.new_page()
    for path in addresses(served, ids):
        page.goto(served.origin + path, wait_until="load")
        if look == "rtl":
            page.evaluate("document.documentElement.dir = 'rtl'")
        page.add_script_tag(path=str(AXE))
        result = page.evaluate(
            "(rules) => axe.run(document, {runOnly: {type: 'tag', values: rules}, iframes: false})", RULES
        )
        wrong = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in result["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append("it scrolls sideways")
        if wrong:
            found[path] = wrong
    context.close()
    assert found == {}


@pytest.mark.skipif(not (VALIDATOR.is_file() and shutil.which("java")), reason="vnu-jar or Java is not here")
def test_every_page_is_valid_html(site: tuple[Website, dict[str, str]], tmp_path: Path) -> None:
    """By the checker that the standard's own people use; warnings count, too. No two pages have one title."""
    served, ids = site
    paths = addresses(served, ids)
    texts = [served.get(path).text for path in paths]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.html").write_text(text, encoding="utf-8")
    files = [str(tmp_path / f"{number}.html") for number in range(len(paths))]
    ran = subprocess.run(["java", "-jar", VALIDATOR, "--format", "json", *files], capture_output=True, check=False)
    found = [
        (paths[int(Path(one["url"]).stem)], one["message"], one.get("extract", "")[:80])
        for one in json.loads(ran.stderr)["messages"]
    ]
    assert found == []
    titles = [re.search(r"<title>([^<]*)</title>", text)[1] for text in texts]  # type: ignore[index]
    assert [path for path, title in zip(paths, titles, strict=True) if titles.count(title) > 1] == []


def test_no_page_has_an_error_of_script_or_policy(chromium: Any, site: tuple[Website, dict[str, str]]) -> None:
    served, ids = site
    found = {}
    for path in addresses(served, ids):
        with opened(chromium, served.origin + path) as (page, wrong):
            said = [one for one in wrong if "Failed to load resource" not in one]  # pages that are errors themselves
            if said:
                found[path] = said
            assert page.title(), path
    assert found == {}


def test_the_keyboard_reaches_everything(chromium: Any, site: tuple[Website, dict[str, str]]) -> None:
    """The keys do what the help page says, the focus is to be seen, and names are completed without a mouse."""
    served, ids = site
    with opened(chromium, f"{served.origin}/search?q=Whitby") as (page, wrong):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert page.evaluate("document.querySelectorAll('.hits > li.at').length") == 1
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.press("End")
        page.keyboard.type(" person:mar")
        page.wait_for_selector("#completions li")
        page.keyboard.press("ArrowDown")
        assert page.get_attribute("#q", "aria-activedescendant") == "c0"
        page.keyboard.press("Enter")
        assert page.input_value("#q") == 'Whitby person:="Alice Marlow" '
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=Whitby+person%3A%3D%22Alice+Marlow%22")
        page.keyboard.press("Tab")
        width = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert width != "none"
        assert wrong == []
    with opened(chromium, f"{served.origin}/article/{ids['pier']}?q=Whitby") as (page, wrong):
        page.keyboard.press("n")
        assert page.evaluate("document.querySelectorAll('.text .at').length") == 1
        page.click(".text .name.person")
        assert "Alice Marlow" in page.inner_text(".popover")
        page.keyboard.press("Escape")
        assert page.query_selector(".popover") is None
        page.keyboard.press("v")
        page.wait_for_url("**/versions")
        assert wrong == []


def test_a_mark_comes_after_another_and_the_first_after_the_last(
    chromium: Any, site: tuple[Website, dict[str, str]]
) -> None:
    """`n` goes round all marks, those of the words that were looked for, else those of the names; `p` goes back."""
    served, ids = site
    at = "[...document.querySelectorAll(MARKS)].findIndex((one) => one.classList.contains('at'))"
    for query, marks in (("?q=Whitby", ".text mark"), ("", ".text .name[id]")):
        with opened(chromium, f"{served.origin}/article/{ids['pier']}{query}") as (page, wrong):
            count = page.evaluate(f"document.querySelectorAll('{marks}').length")
            assert count > 2
            where = at.replace("MARKS", f"'{marks}'")
            places = []
            for _ in range(count + 1):
                page.keyboard.press("n")
                places.append(page.evaluate(where))
            assert places == [*range(count), 0]
            page.keyboard.press("p")
            assert page.evaluate(where) == count - 1
            assert page.evaluate("document.querySelectorAll('.text .at').length") == 1
            assert wrong == []


@pytest.mark.parametrize("look", ["small", "rtl"])
def test_nothing_scrolls_sideways_however_large_it_is_shown(
    chromium: Any, site: tuple[Website, dict[str, str]], look: str
) -> None:
    """At four times the size on a screen 1280 pixels wide: that leaves 320 by 225 of CSS, four of the screen each."""
    served, ids = site
    context = chromium.new_context(viewport={"width": 320, "height": 225}, device_scale_factor=4)
    page = context.new_page()
    wide = []
    for path in addresses(served, ids):
        page.goto(served.origin + path, wait_until="load")
        if look == "rtl":
            page.evaluate("document.documentElement.dir = 'rtl'")
        assert page.evaluate("innerWidth * devicePixelRatio") == 1280
        page.evaluate("scrollTo(9999, 0)")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth || scrollX !== 0"):
            wide.append(path)
    context.close()
    assert wide == []


def test_marks_carry_no_characters(chromium: Any, site: tuple[Website, dict[str, str]]) -> None:
    """What is copied from the page is the text."""
    served, ids = site
    with opened(chromium, f"{served.origin}/article/{ids['pier']}?q=Whitby") as (page, _):
        shown = page.evaluate("document.querySelector('#text').textContent")
    assert shown == served.get(f"/api/v1/articles/{ids['pier']}/text").text


@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_stays_small_and_does_not_jump(chromium: Any, site: tuple[Website, dict[str, str]], width: int) -> None:
    """Requests, bytes as packed, and shifts of the layout on a first visit to the search page, by a slow line."""
    served, _ = site
    with opened(chromium, "about:blank", width=width) as (page, _):
        page.route(re.compile(r"/static/page"), lambda route: (page.wait_for_timeout(400), route.continue_()))
        sizes: list[int] = []
        page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
        page.add_init_script(
            "window.shifts = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) "
            "window.shifts += one.value; }).observe({type: 'layout-shift', buffered: true})"
        )
        page.goto(f"{served.origin}/search?q=Whitby", wait_until="networkidle")
        assert page.evaluate("window.shifts") < 0.01
    assert len(sizes) <= 4
    assert sum(sizes) <= 30_000


def test_a_printed_search_has_its_bars_and_no_navigation(chromium: Any, site: tuple[Website, dict[str, str]]) -> None:
    served, _ = site
    with opened(chromium, f"{served.origin}/name/person/Alice%20Marlow") as (page, _):
        page.emulate_media(media="print")
        assert not page.is_visible("header.bar")
        assert page.is_visible("h1")
        drawn = """() => {
            const chart = document.createElement("figure");
            chart.className = "chart";
            const bar = chart.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg"))
                .appendChild(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
            bar.setAttribute("class", "bar");
            document.querySelector("main").append(chart);
            return getComputedStyle(bar).display;
        }"""
        assert page.evaluate(drawn) != "none"


def test_a_box_to_tick_stands_beside_its_words(chromium: Any, site: tuple[Website, dict[str, str]]) -> None:
    served, _ = site
    with opened(chromium, f"{served.origin}/add") as (page, _):
        for label in page.query_selector_all("main label:has(input[type=checkbox])"):
            box, words = label.query_selector("input").bounding_box(), label.bounding_box()
            assert box["x"] - words["x"] < 10
            assert words["height"] < 60


def test_what_became_of_a_source_is_seen_on_a_phone(chromium: Any, site: tuple[Website, dict[str, str]]) -> None:
    served, ids = site
    with opened(chromium, f"{served.origin}/article/{ids['ferry']}/sources", width=390) as (page, _):
        boxes = [one.bounding_box() for one in page.query_selector_all(".links td:last-child a, .links .outcome")]
        assert len(boxes) == 2
        assert all(box["x"] + box["width"] <= 390 for box in boxes)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_picture_of_the_sources_is_all_to_be_seen(
    chromium: Any, site: tuple[Website, dict[str, str]], width: int
) -> None:
    """One of two, as there is room; each name in it stands within the page, and below what stands above it."""
    served, ids = site
    with opened(chromium, f"{served.origin}/article/{ids['ferry']}/sources", width=width) as (page, _):
        shown = [one for one in page.query_selector_all("main svg") if one.is_visible()]
        assert len(shown) == 1
        boxes = [one.bounding_box() for one in shown[0].query_selector_all("text, circle")]
        assert len(boxes) == 4  # the article and its source
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)


def test_a_text_from_right_to_left_is_headed_from_right_to_left(
    chromium: Any, site: tuple[Website, dict[str, str]]
) -> None:
    served, ids = site
    edges = "found => found.map(one => { const range = document.createRange(); range.selectNodeContents(one); "
    edges += "return Math.round(range.getBoundingClientRect().right) })"
    with opened(chromium, f"{served.origin}/article/{ids['arabic']}") as (page, _):
        parts = page.eval_on_selector_all(".story h1, .story .byline, .story .text p:first-child", edges)
        assert len(parts) == 3
        assert len(set(parts)) == 1, parts
    with opened(chromium, f"{served.origin}/search?q=lang%3Aar") as (page, _):
        title, snippet = page.eval_on_selector_all(".hits h3, .hits .snippet", edges)
        assert title == snippet


def test_a_job_shows_how_far_it_is(chromium: Any, site: tuple[Website, dict[str, str]]) -> None:
    """Adding by the form, with script: the page of the job ends by itself."""
    served, _ = site
    with opened(chromium, f"{served.origin}/add") as (page, wrong):
        page.fill("#text", "see https://paper.example/ferry and https://paper.example/nowhere")
        page.select_option("#depth", "0")
        page.fill("#tags", "by form")
        page.click("main button")
        page.wait_for_url(re.compile(r".*/jobs/\d+$"))
        page.wait_for_selector("text=Nothing is left to do.", timeout=60_000)
        assert wrong == []
    assert served.get('/api/v1/search?q=tag:="by+form"').json["total"] == 1


def test_the_page_of_a_stopped_job_stays_as_it_is(chromium: Any, site: tuple[Website, dict[str, str]]) -> None:
    """It is loaded again when something has happened since, and not because nothing does."""
    served, _ = site

    def begun(url: str) -> str:
        number = served.post_json("/api/v1/jobs", {"kind": "add", "urls": [url]}).json["number"]
        return f"/jobs/{number}"

    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun(f"http://127.0.0.1:{silent.getsockname()[1]}/")  # it is at work while the other waits
        place = begun("https://paper.example/ferry")
        assert served.post_form(f"{place}/stop", {}).status == 303
        loaded: list[str] = []
        with opened(chromium, served.origin + place) as (page, wrong):
            page.wait_for_selector("text=It does not go on: it was stopped.")
            page.on("framenavigated", lambda frame: loaded.append(frame.url))
            page.wait_for_timeout(1000)
            assert loaded == []
            silent.close()
            page.click("main form button")
            page.wait_for_selector("text=Nothing is left to do.", timeout=60_000)
            assert wrong == []
