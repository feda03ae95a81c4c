"""Pages that we write, in a real browser: they open without an error, ask the network for nothing and run nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from newsroom import Newsroom

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
STORY = "https://paper.example/pier"
# What would run, load or leave the page if any of it were taken for markup. As text it is shown.
HOSTILE = (
    "<script>console.error('ran')</script> <img src=https://spy.example/x.png onerror=alert(1)> "
    "<iframe src=https://spy.example/></iframe> <meta http-equiv=refresh content=0;url=https://spy.example/>"
)
TEXT = "The harbour board voted on Tuesday to spend twelve million pounds on the pier, which storms have battered. " * 3

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here"),
]


@dataclass
class Seen:
    """What a browser did with a page: what it said of errors, what else it asked for, what it showed."""

    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    title: str = ""
    text: str = ""

    def asks(self, dialog: Any) -> None:
        """A dialog came up (an alert, a question): an error, and it would wait for ever."""
        self.errors.append(dialog.message)
        dialog.dismiss()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with driver.sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
        browser = playwright.chromium.launch(executable_path=BROWSER, args=sandbox)
        yield browser
        browser.close()


def opened(chromium: Any, file: Path) -> Seen:
    """Opens a file as a reader does who clicks on it, and waits until nothing moves any more."""
    seen = Seen()
    page = chromium.new_page()
    page.on("console", lambda said: seen.errors.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("dialog", seen.asks)
    page.on("request", lambda request: seen.asked.append(request.url))
    page.goto(file.as_uri(), wait_until="networkidle")
    seen.title, seen.text = page.title(), page.inner_text("body")
    page.close()
    seen.asked.remove(file.as_uri())
    return seen


@pytest.fixture(scope="module")
def pages(newsroom_server: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An export and a diff as HTML, of a page whose headline and text speak of markup."""
    newsroom_server.reset()
    command = Command(tmp_path_factory.mktemp("browser") / "archive", newsroom_server)
    shown = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")
    for state in ("was", "is"):
        body = f"<p>{TEXT}</p><p>The pier {state} closed. {shown} {state}</p><p>{TEXT}</p>"
        newsroom_server.add(STORY, f"<title>Pier {state} {shown}</title><article><h1>Pier {state}</h1>{body}</article>")
        assert command("add", STORY, "--depth", "0").code == 0
    export, diff = command.folder / "export.html", command.folder / "diff.html"
    assert command("export", "pier", "-o", str(export)).code == 0
    ran = command("diff", STORY, "--html")
    assert ran.code == 0, ran.err
    diff.write_text(ran.out, encoding="utf-8")
    return export, diff


@pytest.mark.parametrize("number", [pytest.param(0, id="export"), pytest.param(1, id="diff")])
def test_a_page_of_ours_loads_nothing_and_runs_nothing(chromium: Any, pages: tuple[Path, Path], number: int) -> None:
    seen = opened(chromium, pages[number])
    assert (seen.errors, seen.asked) == ([], [])
    assert seen.title
    assert "twelve million pounds" in seen.text
    assert "<script>console.error('ran')</script>" in seen.text, "shown as it was written, not taken for markup"


def test_the_browser_tells_what_a_page_does(chromium: Any, tmp_path: Path) -> None:
    """The check itself: the same markup, not escaped, is seen to run and to ask."""
    page = tmp_path / "hostile.html"
    page.write_text("<script>console.error('ran')</script><img src=http://127.0.0.1:1/x.png>", encoding="utf-8")
    seen = opened(chromium, page)
    assert "ran" in seen.errors
    assert seen.asked == ["http://127.0.0.1:1/x.png"]
