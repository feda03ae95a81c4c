"""A page in one file holds what is held of it as data, and nothing that asks, runs or sends."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path

import pytest
from commands import Command
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Newsroom
from sites import as_served, shown

from archive import Resources, Which, create_archive
from archive.resources import neutral
from archive.resources.markup import Tag, Text, tokens
from archive.resources.neutral import Body, self_contained
from archive.resources.styles import addresses
from backfile.desk import open_desk

PAGE = "https://paper.example/news/story.html"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
HELD = {
    "https://paper.example/news/a.png": Body(PNG, "image/png"),
    "https://paper.example/a.css": Body(b"@import 'b.css';p{background:url(news/a.png)}", "text/css"),
    "https://paper.example/b.css": Body(b"@font-face{src:url(f.woff2)}i{background:url(gone.png)}", "text/css"),
    "https://paper.example/f.woff2": Body(b"wOF2font", "application/octet-stream"),
    "https://paper.example/loop.css": Body(b"@import 'loop.css';a{color:red}", "text/css"),
    "https://paper.example/page.html": Body(b"<script>x</script>", "image/png"),
}


def made(markup: str) -> str:
    return self_contained(markup, PAGE, HELD.get)


def body(markup: str) -> str:
    """What follows the head that every file has."""
    return made(markup).partition("\n")[2]


def inner(data: str) -> str:
    """What stands in a `data:` address, and in those within it."""
    assert data.startswith("data:text/css;charset=utf-8;base64,")
    return b64decode(data.partition(",")[2]).decode()


IMAGE = "data:image/png;base64,iVBORw0KGgpwaWN0dXJl"


@pytest.mark.parametrize(
    ("markup", "written"),
    [
        pytest.param("<p class=x id='y' onclick=z() data-a=1>a &lt; b</p>",
                     '<p class="x" id="y" data-a="1">a &lt; b</p>', id="plain"),
        pytest.param("<img src=a.png alt='a \"b\"' onerror=x>", f'<img alt="a &quot;b&quot;" src="{IMAGE}">',
                     id="image"),
        pytest.param("<img data-src=a.png src='data:image/gif;base64,R0'>", f'<img data-src="a.png" src="{IMAGE}">',
                     id="an image that waits"),
        pytest.param("<img src=gone.png srcset='a.png 900w'>", f'<img src="{IMAGE}">', id="the size that is held"),
        pytest.param("<picture><source srcset=a.png><img src=gone.png></picture>",
                     f'<picture><img src="{IMAGE}"></picture>', id="picture"),
        pytest.param("<img src=gone.png alt=Gone>", '<img alt="Gone">', id="an image that is not held"),
        pytest.param("<img src=/page.html>", "<img>", id="an image that is a page"),
        pytest.param("<noscript><img src=a.png></noscript>", f'<img src="{IMAGE}">', id="what scripts would replace"),
        pytest.param("<img data-src=a.png><noscript><img src=a.png></noscript>",
                     f'<img data-src="a.png" src="{IMAGE}">', id="once"),
        pytest.param("<script>x</script><p>y", "<p>y", id="script"),
        pytest.param("<iframe src=x>z</iframe><object data=x>o</object><embed src=x><p>y", "o<p>y", id="frames"),
        pytest.param("<meta http-equiv=refresh content='0;url=x'><base href=/x/><link rel=preload href=x as=fetch>", "",
                     id="head"),
        pytest.param("<form action=x method=post><input type=submit formaction=y><button>b</button></form>",
                     '<form><input type="button"><button type="button">b</button></form>', id="forms"),
        pytest.param("<a href=/b ping=/c>d</a>",
                     '<a href="https://paper.example/b" rel="noreferrer noopener nofollow">d</a>', id="links"),
        pytest.param("<a href=javascript:x>d</a><a href=' jAvAscript:x'>e</a>", "<a>d</a><a>e</a>", id="no links"),
        pytest.param("<a href=#x>d</a><a href=story.html#y>e</a>", '<a href="#x">d</a><a href="#y">e</a>', id="within"),
        pytest.param("<p style='color:red;background:url(a.png)'>",
                     f'<p style="color:red;background:url(&quot;{IMAGE}&quot;)">', id="style"),
        pytest.param("<p style='background:url(//spy.example/x)'>", '<p style="background:url(&quot;data:,&quot;)">',
                     id="a style that asks"),
        pytest.param("<svg viewBox='0 0 1 1'><use href=#a /><use href=x.svg#a /><image href=a.png />"
                     "<animate attributeName=href><path fill='url(#g)' d=M0></svg>",
                     f'<svg viewbox="0 0 1 1"><use href="#a"><use><image href="{IMAGE}">'
                     '<path fill="url(&quot;#g&quot;)" d="M0"></svg>', id="drawings"),
        pytest.param("<template><img src=a.png></template>b", "b", id="templates"),
        pytest.param("<textarea></textarea><title>&lt;/title><script>x</script></title>",
                     "<textarea></textarea><title>&lt;/title&gt;&lt;script&gt;x&lt;/script&gt;</title>", id="titles"),
        pytest.param("<xmp><script>x</script></xmp>", "<pre>&lt;script&gt;x&lt;/script&gt;</pre>", id="old elements"),
        pytest.param("<video src=x poster=a.png><source src=y><track src=z></video>",
                     f'<video poster="{IMAGE}"></video>', id="video"),
        pytest.param("<body background=a.png onload=x>", f'<body background="{IMAGE}">', id="background"),
    ],
)  # fmt: skip
def test_what_is_written_of_a_page(markup: str, written: str) -> None:
    assert body(markup) == written


def test_styles_stand_in_it_with_all_that_they_name() -> None:
    found = re.findall(r'<link rel="stylesheet"( media="print")? href="([^"]+)">', made(
        "<link rel=stylesheet href=/a.css><style media=print>b{color:red}</style>"
        "<link rel=preload as=style href=/a.css onload=\"this.rel='stylesheet'\"><link rel=stylesheet href=/gone.css>"
    ))  # fmt: skip
    assert [media for media, _ in found] == ["", ' media="print"', ""]
    assert inner(found[1][1]) == "b{color:red}"
    css = inner(found[0][1])
    assert css.endswith(f'p{{background:url("{IMAGE}")}}')
    imported = inner(addresses(css)[0].url)
    assert imported == '@font-face{src:url("data:font/woff2;base64,d09GMmZvbnQ=")}i{background:url("data:,")}'


def test_styles_that_import_themselves_come_to_an_end() -> None:
    assert len(made("<link rel=stylesheet href=/loop.css>")) < 20_000


def test_a_style_in_a_drawing_stands_behind_it() -> None:
    assert re.search(r'</svg><link rel="stylesheet" href="data:', made("<svg><style>a{}</style><path d=M0></svg>"))


def test_a_file_has_an_end_however_often_a_page_shows_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neutral, "MOST", 1000)
    assert made("<img src=a.png>" * 1000).count(IMAGE) == 1000 // len(IMAGE)


def test_each_file_says_what_it_may_do_and_where_it_is_from() -> None:
    found = self_contained("<!doctype html><html lang=en><head><title>x", PAGE, HELD.get, facts={"archived-from": PAGE})
    assert found.startswith('<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"')
    assert f'<meta name="archived-from" content="{PAGE}">' in found
    assert "default-src 'none'" in found


PIECES = st.sampled_from(
    "< > / = ' \" a img src svg style script math title textarea noscript template iframe base href srcset on error"
    " url( ) javascript: data: http://spy.example/ <!-- --> <![CDATA[ ]]> </ /> &lt; &#60; \\ @import ; { } <style>"
    " </style> <svg> </svg> <math> <mtext> <img <script> </script> <title> </title> <noscript> </noscript> <select>"
    " <table> <template> </template> <p <a \n \0 <!doctype <annotation-xml style=' onerror=x src=//spy.example/x".split(
        " "
    )
)
_SAFE = re.compile(r"(?:data:|#|https?://)")


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60))
def test_nothing_that_asks_is_ever_written(markup: str) -> None:
    found = made(markup)
    for token in tokens(found):
        if isinstance(token, Text):
            assert token.within in ("", "title", "textarea")
        if not isinstance(token, Tag):
            continue
        assert token.name not in neutral._LEFT_OUT - {"meta"}
        for name, value in token.attributes.items():
            assert not name.startswith("on")
            assert name not in (
                "srcset",
                "action",
                "formaction",
                "ping",
                "srcdoc",
                "data",
                "manifest",
                "http-equiv",
            ) or (token.name == "meta")
            if name in ("src", "poster", "background"):
                assert value.startswith("data:")
            if name == "href":
                assert _SAFE.match(value) if token.name in ("a", "area") else value.startswith(("data:", "#"))
            if name == "style":
                assert all(one.url.startswith(("data:", "#")) for one in addresses(f"a{{{value}}}"))


def test_the_page_with_most_of_it_is_shown(newsroom: Newsroom, tmp_path: Path) -> None:
    """And that of a version, or of the very capture that is named."""
    create_archive(tmp_path / "archive").close()
    (tmp_path / "archive" / "backfile.toml").write_text(newsroom.toml())
    url, text = "https://paper.example/pier", "<p>The harbour board voted to spend twelve million pounds on it.</p>" * 4
    pages = [f"<title>{t}</title><link rel=stylesheet href=/s.css><h1>{t}</h1>{text}" for t in ("Pier", "Bridge")]
    newsroom.add(url, pages[0])
    newsroom.add("https://paper.example/s.css", "h1 {color: teal}", type="text/css")
    with open_desk(tmp_path / "archive") as desk:
        for wanted in (Resources.NONE, Resources.PAGE, Resources.NONE):
            list(desk.add([url], depth=0, resources=wanted, again=True))
        captures = [one.id for one in desk.captures(url)]
        assert f"/page/{captures[1]}" in shown(as_served(desk), f"/article/{desk.find(url).id}")
        newsroom.add(url, pages[1])
        list(desk.add([url], depth=0, resources=Resources.NONE, again=True))
        asked = [(url, Which(version=1)), (url, Which()), *((one, Which()) for one in captures)]
        asked += [(url, Which(capture=captures[2]))]
        styled = [b"data:text/css" in desk.self_contained(*one) for one in asked]
        assert styled == [True, False, False, True, False, False]
        assert [len(desk.resources(*one)) for one in asked] == list(map(int, styled))


@pytest.mark.slow
def test_the_command_gives_it(newsroom: Newsroom, tmp_path: Path) -> None:
    text = "<p>The harbour board voted on Tuesday to spend twelve million pounds on the pier.</p>" * 4
    newsroom.add(
        "https://paper.example/pier", f"<title>Pier</title><h1>Pier</h1><img src=/a.png>{text}<script>x</script>"
    )
    newsroom.add("https://paper.example/a.png", PNG, type="image/png")
    newsroom.add("https://paper.example/a.pdf", b"%PDF-1.4 x", type="application/pdf")
    command = Command(tmp_path / "archive", newsroom)
    assert command("add", "https://paper.example/pier", "--depth", "0", "--resources", "page").code == 0
    ran = command("show", "https://paper.example/pier", "--html", "--self-contained")
    assert ran.code == 0
    assert IMAGE in ran.out
    assert "<script" not in ran.out
    assert "archived-at" in ran.out
    ran = command("show", "https://paper.example/pier", "--self-contained")
    assert ran.code == 2
    assert "--html" in ran.err
    assert "a.png" in command("links", "https://paper.example/pier", "--resources").out
    assert command("links", "https://paper.example/pier", "--resources", "--json").rows[0]["outcome"] == "ok"
    command("add", "https://paper.example/a.pdf")
    ran = command("show", "https://paper.example/a.pdf", "--html", "--self-contained")
    assert (ran.code, ran.out) != (0, "")
