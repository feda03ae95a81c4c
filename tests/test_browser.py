"""Pages that we write, in a real browser: they open without an error, ask the network for nothing and run nothing."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from browsers import BROWSER
from commands import Command
from newsroom import Newsroom

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


# -- one page in one file ----------------------------------------------------------------------------------------------

EMBEDDED = """<!doctype html><html manifest="{spy}/manifest"><head><title>Pier</title>
<meta http-equiv=refresh content="0;url={spy}/refresh"><base href="{spy}/base/">
<link rel=stylesheet href="{spy}/a.css"><link rel=preload as=image href="{spy}/preload.png">
<link rel=prefetch href="{spy}/pre">
<link rel=dns-prefetch href="{spy}"><link rel=preconnect href="{spy}"><link rel=modulepreload href="{spy}/m.js">
<link rel=icon href="{spy}/icon.ico"><link rel=manifest href="{spy}/app.json">
<link rel=prerender href="{spy}/prerender">
<script src="{spy}/a.js"></script><script>fetch("{spy}/fetch"); new Image().src = "{spy}/beacon"</script>
<script type=speculationrules>{{"prefetch":[{{"source":"list","urls":["{spy}/spec"]}}]}}</script>
<style>@import "{spy}/b.css"; @font-face{{font-family:F;src:url({spy}/f.woff2)}}
body{{font-family:F;background:u\\72l({spy}/bg.png)}}
p{{background:image-set("{spy}/set.png" 1x);cursor:url({spy}/c.cur),auto}}
a::before{{content:url({spy}/content.png)}}</style></head>
<body onload="fetch('{spy}/onload')" background="{spy}/body.png">
<article><h1>Pier</h1><p>{text}</p><p style="background:url('{spy}/inline.png')">{text}</p>
<img src="{spy}/a.png" srcset="{spy}/b.png 2x" onerror="fetch('{spy}/onerror')" attributionsrc="{spy}/attr">
<picture><source srcset="{spy}/source.webp"><img src="{spy}/c.png"></picture>
<iframe src="{spy}/frame"></iframe><iframe srcdoc="<img src={spy}/srcdoc.png>"></iframe>
<object data="{spy}/object"></object><embed src="{spy}/embed"><video src="{spy}/v.mp4" poster="{spy}/p.png" autoplay>
</video>
<audio src="{spy}/a.mp3" autoplay></audio><video autoplay><source src="{spy}/s.mp4"><track default src="{spy}/t.vtt">
</video>
<svg><image href="{spy}/svg.png"/><use href="{spy}/use.svg#a"/><script>fetch("{spy}/svgscript")</script>
<style>rect{{fill:url({spy}/fill.svg#a)}}</style><foreignObject><img src="{spy}/foreign.png"></foreignObject>
<animate attributeName=href values="{spy}/anim"/><feImage href="{spy}/fe.png"/></svg>
<math><mtext><table><mglyph><style><img src="{spy}/mxss.png"></style></mglyph></table></mtext></math>
<form action="{spy}/form" id=f><input name=a value=b><input type=image src="{spy}/input.png"></form>
<script>f.submit()</script>
<noscript><img src="{spy}/noscript.png"></noscript><template shadowrootmode=open><img src="{spy}/shadow.png">
</template>
<marquee onstart="fetch('{spy}/marquee')">m</marquee><details open ontoggle="fetch('{spy}/toggle')">d</details>
<input autofocus onfocus="fetch('{spy}/focus')"><a href="{spy}/a" ping="{spy}/ping">link</a><p>{text}</p></article>
</body></html>"""


@pytest.fixture
def spy() -> Iterator[tuple[str, list[str]]]:
    """A server whose address stands everywhere in a page, and the connections that come to it."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            with suppress(OSError):
                while True:
                    connection, peer = listener.accept()
                    came.append(str(peer))
                    connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", came
        listener.shutdown(socket.SHUT_RDWR)


def test_a_page_in_one_file_connects_to_nobody(
    chromium: Any, spy: tuple[str, list[str]], newsroom_server: Newsroom, tmp_path: Path
) -> None:
    address, came = spy
    newsroom_server.reset()
    markup = EMBEDDED.format(spy=address, text=TEXT)
    newsroom_server.add(STORY, markup)
    command = Command(tmp_path / "archive", newsroom_server)
    assert command("add", STORY, "--depth", "0", "--resources", "none").code == 0
    ran = command("show", STORY, "--html", "--self-contained")
    assert ran.code == 0, ran.err
    file = tmp_path / "page.html"
    file.write_text(ran.out, encoding="utf-8")
    came.clear()
    seen = opened(chromium, file)
    told = [error for error in seen.errors if error != "Failed to decode downloaded font: data:,"]
    assert (came, seen.asked, told) == ([], [], [])
    assert "twelve million pounds" in seen.text
    original = tmp_path / "original.html"  # the check itself: the same page as it was
    original.write_text(markup.replace("http-equiv=refresh", ""), encoding="utf-8")
    page = chromium.new_page()
    page.goto(original.as_uri(), wait_until="commit")
    page.wait_for_timeout(500)
    page.close()
    assert came


PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
STYLED = f"""<!doctype html><title>Pier</title><link rel=stylesheet href=/a.css><article><h1>Pier</h1>
<img src=/gone.png srcset="/pier.png 900w"><p>{TEXT}</p><p id=second>{TEXT}</p><div id=box></div></article>"""


def styled(newsroom: Newsroom) -> None:
    newsroom.reset()
    newsroom.add(STORY, STYLED)
    newsroom.add("https://paper.example/pier.png", PIXEL, type="image/png")
    newsroom.add(
        "https://paper.example/a.css", "@import 'b.css'; #second { color: rgb(1, 2, 3) }" + " " * 300, type="text/css"
    )
    newsroom.add(
        "https://paper.example/b.css",
        "#box{width:9px;height:9px;background:url(pier.png)}" + " " * 300,
        type="text/css",
    )


def looks(page: Any) -> tuple[str, float, str]:
    """A colour of the page's style, the width of its image, and the background of a box."""
    found: tuple[str, float, str] = tuple(page.evaluate(
        "() => [getComputedStyle(document.querySelector('#second')).color, document.querySelector('img').naturalWidth,"
        " getComputedStyle(document.querySelector('#box')).backgroundImage.slice(0, 10)]"
    ))  # fmt: skip
    return found


def test_a_page_in_one_file_looks_as_it_did(chromium: Any, newsroom_server: Newsroom, tmp_path: Path) -> None:
    styled(newsroom_server)
    command = Command(tmp_path / "archive", newsroom_server)
    assert command("add", STORY, "--depth", "0", "--resources", "page").code == 0
    file = tmp_path / "page.html"
    file.write_text(command("show", STORY, "--html", "--self-contained").out, encoding="utf-8")
    page = chromium.new_page()
    page.goto(file.as_uri(), wait_until="networkidle")
    assert looks(page) == ("rgb(1, 2, 3)", 1, 'url("data:')
    page.close()


# -- in ReplayWeb.page -------------------------------------------------------------------------------------------------


def test_replay_shows_the_page_styled(chromium: Any, newsroom_server: Newsroom, tmp_path: Path) -> None:
    replay = Path(os.environ.get("BACKFILE_REPLAYWEB") or Path(__file__).parents[1] / ".cache/replaywebpage/package")
    if not (replay / "sw.js").exists():
        pytest.skip("ReplayWeb.page is not here: `npm pack replaywebpage`, unpacked into .cache/replaywebpage")
    styled(newsroom_server)
    command = Command(tmp_path / "archive", newsroom_server)
    assert command("add", STORY, "--depth", "0", "--resources", "page").code == 0
    site = tmp_path / "site"
    (site / "replay").mkdir(parents=True)
    for name in ("ui.js", "sw.js"):
        shutil.copy(replay / name, site / "replay" / name)
    assert command("export", "pier", "-o", str(site / "pier.wacz")).code == 0
    (site / "index.html").write_text(
        "<script src=/replay/ui.js></script><style>replay-web-page{height:600px;display:block}</style>"
        f'<replay-web-page source="/pier.wacz" url="{STORY}" replaybase="/replay/" embed="replayonly">'
        "</replay-web-page>"
    )
    handler = partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = chromium.new_page(viewport={"width": 1000, "height": 700})
        frame = None
        for number in range(600):  # it begins with a service worker, which reads the package first
            if number % 100 == 0:  # one that came up too late for the page is there when it is loaded again
                page.goto(f"http://127.0.0.1:{server.server_port}/")
            frame = next((one for one in page.frames if one.url.endswith(STORY) and one.query_selector("#box")), None)
            if frame is not None:
                break
            page.wait_for_timeout(200)
        assert frame is not None, [one.url for one in page.frames]
        frame.wait_for_load_state("networkidle")
        colour, width, background = looks(frame)
        if shot := os.environ.get("BACKFILE_SCREENSHOT"):
            page.screenshot(path=shot)
        server.shutdown()
    assert (colour, width) == ("rgb(1, 2, 3)", 1)
    assert background.startswith("url(")


class Quiet(SimpleHTTPRequestHandler):
    """A web server that says nothing of what it serves."""

    def log_message(self, *_: object) -> None:
        pass
