"""What a page is shown with is found in its markup and styles, however they are written; nothing is run."""

from __future__ import annotations

import pytest

from archive.extraction import Page, extract
from archive.model import ResourceKind, Resources
from archive.resources.finding import resources_of, resources_of_style
from archive.resources.markup import End, Tag, Text, tokens
from archive.resources.styles import addresses, decoded, rewritten

PAGE = "https://paper.example/news/story.html"
AT = "https://paper.example/news/"
IMAGE, STYLE, FONT, SCRIPT = ResourceKind.IMAGE, ResourceKind.STYLE, ResourceKind.FONT, ResourceKind.SCRIPT


@pytest.mark.parametrize(
    ("css", "found"),
    [
        pytest.param("a{background:url(x.png)}", [("x.png", IMAGE)], id="bare"),
        pytest.param("a{background:URL( 'x y.png' )}", [("x y.png", IMAGE)], id="quoted"),
        pytest.param(r"a{background:u\72l(x.png)}", [("x.png", IMAGE)], id="an escape in the name"),
        pytest.param(r"a{background:\75 \72 \6c (x.png)}", [("x.png", IMAGE)], id="nothing but escapes"),
        pytest.param(r"a{background:url(\2f x\).png)}", [("/x).png", IMAGE)], id="escapes in the address"),
        pytest.param("a{/* url(no.png) */background:url(x.png)}", [("x.png", IMAGE)], id="not in comments"),
        pytest.param('a{content:"url(no.png)"}', [], id="not in strings"),
        pytest.param("<!--url(x.png)", [("x.png", IMAGE)], id="behind the beginning of a comment of markup"),
        pytest.param("@import 'a.css' screen; @import url(b.css);", [("a.css", STYLE), ("b.css", STYLE)], id="imports"),
        pytest.param(r"@\69mport 'a.css';", [("a.css", STYLE)], id="an import with an escape"),
        pytest.param("@import url('a.css') layer(x) supports(a: b);", [("a.css", STYLE)], id="with conditions"),
        pytest.param("@namespace url(http://www.w3.org/2000/svg);a{}", [], id="a namespace is no address"),
        pytest.param(
            "@font-face{font-family:A;src:url(a.eot);src:url(a.woff) format('woff'),url(a.woff2) format('woff2')}",
            [("a.eot", FONT), ("a.woff2", FONT)], id="fonts",
        ),
        pytest.param("@media print{@font-face{src:url(a.ttf)}b{background:url(x.png)}}",
                     [("a.ttf", FONT), ("x.png", IMAGE)], id="within a condition"),
        pytest.param("a{background:image-set('x.png' 1x, url(y.png) 2x)}", [("x.png", IMAGE), ("y.png", IMAGE)],
                     id="sets"),
        pytest.param(":root{--logo:url(x.svg)}", [("x.svg", IMAGE)], id="a property of one's own"),
        pytest.param("a{background:url(x.png", [("x.png", IMAGE)], id="never closed"),
        pytest.param('a{background:url("x.png', [("x.png", IMAGE)], id="a string never closed"),
        pytest.param("a{b:[url(x.png", [("x.png", IMAGE)], id="in a bracket"),
    ],
)  # fmt: skip
def test_addresses_in_styles(css: str, found: list[tuple[str, ResourceKind]]) -> None:
    assert [(one.url, one.kind) for one in addresses(css)] == found
    # What was put in the place of each is all that is left of them.
    put = rewritten(css, lambda _url, _kind: "data:,new")
    assert {one.url for one in addresses(put)} <= {"data:,new"}
    assert all(f"{url}" not in put or url == "" for url, _ in found)


@pytest.mark.parametrize(
    "css",
    [
        "a{color:red}",
        "@media (width > 3px){a::before{content:'\\201C'}}",
        "/* \\ */a>b~c+d{margin:-1px .5em!important}",
    ],
)
def test_a_style_without_addresses_stays_as_it_is(css: str) -> None:
    assert rewritten(css, lambda _url, _kind: "never") == css


def test_styles_are_read_in_their_charset() -> None:
    assert decoded(b'@charset "iso-8859-1";a{content:"\xe9"}', None).endswith('"é"}')
    assert decoded("a{content:'é'}".encode(), None) == "a{content:'é'}"
    assert decoded(b"\xef\xbb\xbfa{}", "latin-1") == "a{}"
    assert decoded(b"a{}", "no such charset") == "a{}"


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        pytest.param("<img src=a.png>", [("a.png", IMAGE)], id="image"),
        pytest.param("<IMG\nSRC = 'a b.png'/>", [("a%20b.png", IMAGE)], id="image as others write it"),
        pytest.param('<img src="data:image/gif;base64,R0" data-src="a.png">', [("a.png", IMAGE)], id="waiting"),
        pytest.param('<img src=s.png srcset="s.png 300w, m.png 1200w, l.png 4000w">',
                     [("m.png", IMAGE), ("s.png", IMAGE), ("l.png", IMAGE)], id="best size first"),
        pytest.param('<img srcset="a.png?x=1,2 1x, b.png 2x">',
                     [("b.png", IMAGE), ("a.png?x=1,2", IMAGE)], id="densities"),
        pytest.param('<picture><source srcset="w.webp 900w"><img src=a.jpg></picture><img src=b.jpg>',
                     [("w.webp", IMAGE), ("b.jpg", IMAGE), ("a.jpg", IMAGE)], id="picture"),
        pytest.param("<link rel='preload stylesheet' href=a.css><link rel=icon href=i.ico>",
                     [("a.css", STYLE), ("i.ico", IMAGE)], id="links"),
        pytest.param("<link rel='alternate stylesheet' href=a.css><link rel=canonical href=x>", [], id="other links"),
        pytest.param("<link rel=preload as=font href=a.woff2><link rel=preload as=fetch href=x>", [("a.woff2", FONT)],
                     id="preloads"),
        pytest.param("<script src=a.js></script><script type='application/ld+json' src=b></script>", [("a.js", SCRIPT)],
                     id="scripts"),
        pytest.param("<style>@import 'a.css';b{background:url(x.png)}</style>", [("a.css", STYLE), ("x.png", IMAGE)],
                     id="styles"),
        pytest.param("<p style='background:url(&quot;x.png&quot;)'>", [("x.png", IMAGE)], id="style of one element"),
        pytest.param("<div data-bg='x.png'></div><div data-background-image='url(y.png)'>",
                     [("x.png", IMAGE), ("y.png", IMAGE)], id="backgrounds that wait"),
        pytest.param("<video poster=p.jpg><body background=b.gif><input type=image src=c.png>",
                     [("p.jpg", IMAGE), ("b.gif", IMAGE), ("c.png", IMAGE)], id="elsewhere"),
        pytest.param("<svg><image xlink:href=a.png></svg>", [("a.png", IMAGE)], id="in drawings"),
        pytest.param("<noscript><img src=a.png></noscript>", [("a.png", IMAGE)], id="without scripts"),
        pytest.param("<!-- <img src=a.png> --><script>'<img src=b.png>'</script><textarea><img src=c.png></textarea>",
                     [], id="not in comments, scripts and fields"),
        pytest.param("<base href=/x/><img src=a.png>", [("https://paper.example/x/a.png", IMAGE)], id="base"),
        pytest.param("<img src='javascript:x'><img src='#x'><img src=''><img src='file:///etc/passwd'>", [],
                     id="what is not fetched"),
        pytest.param("<img src=a.png><img src=a.png#x>", [("a.png", IMAGE)], id="once"),
    ],
)  # fmt: skip
def test_resources_of_a_page(markup: str, found: list[tuple[str, ResourceKind]]) -> None:
    links = [(link.url.removeprefix(AT), link.kind) for link in resources_of(markup, PAGE)]
    assert links == sorted(found, key=lambda one: [STYLE, IMAGE, FONT, SCRIPT].index(one[1]))


def test_what_a_style_names_is_relative_to_the_style() -> None:
    links = resources_of_style("a{background:url(../x.png)}", "https://cdn.example/css/a.css")
    assert [link.url for link in links] == ["https://cdn.example/x.png"]


@pytest.mark.parametrize(
    ("markup", "cut"),
    [
        pytest.param("a<b", [Text("a"), ], id="the page ends in a tag"),
        pytest.param("1 < 2 &lt; 3", [Text("1 "), Text("<"), Text(" 2 < 3")], id="a sign"),
        pytest.param("<a title='>' b=1 b=2>", [Tag("a", {"title": ">", "b": "1"})], id="attributes"),
        pytest.param("<a href='?a=1&copy=2&amp;b'>", [Tag("a", {"href": "?a=1&copy=2&b"})], id="references"),
        pytest.param("<!--><b>", [Tag("b", {})], id="an empty comment"),
        pytest.param("<!-- <b> --!><i>", [Tag("i", {})], id="a comment's other end"),
        pytest.param("<script><b></SCRIPT ></b>", [Tag("script", {}), Text("<b>", "script"), End("script"), End("b")],
                     id="scripts"),
        pytest.param("<title>a &amp; <b></title>", [Tag("title", {}), Text("a & <b>", "title"), End("title")],
                     id="titles"),
        pytest.param("</ x><?php ?><b/>", [Tag("b", {})], id="comments that are none"),
    ],
)  # fmt: skip
def test_markup_is_cut_as_browsers_cut_it(markup: str, cut: list[object]) -> None:
    assert list(tokens(markup)) == cut


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "<a b='", "<a b=\"'", "&", "<script>", "<a" + " b" * 50, "</", "<a =", "<a b=  "]
)
def test_hostile_markup_takes_no_longer_than_its_length(piece: str) -> None:
    from time import process_time

    def cost(times: int) -> float:
        started = process_time()
        resources_of(piece * times, PAGE)
        return process_time() - started

    few = max(min(cost(500) for _ in range(3)), 2e-4)
    assert min(cost(4_000) for _ in range(3)) < 30 * few  # eight times as much; what is quadratic takes 64 times


@pytest.mark.parametrize("piece", ["url(", "@import ", "\\", "'", "/*", "a{", "url('", "(", "\\6", "image-set('"])
def test_hostile_styles_take_no_longer_than_their_length(piece: str) -> None:
    from time import process_time

    def cost(times: int) -> float:
        started = process_time()
        addresses(piece * times)
        return process_time() - started

    few = max(min(cost(500) for _ in range(3)), 2e-4)
    assert min(cost(4_000) for _ in range(3)) < 30 * few


PARAGRAPH = (
    "<p>The harbour board voted on Tuesday to spend twelve million pounds on the pier, storms have battered it.</p>"
)


def test_the_images_of_an_article_are_those_that_it_shows() -> None:
    markup = f"""<html><body><header><a href=/><img src=logo.png></a></header>
        <nav><img src=menu.png></nav>
        <main><article><img src=above.jpg><h1>The pier</h1>
        <figure><img src=lead.jpg data-srcset="lead-2.jpg 1200w"><figcaption>The pier in March.</figcaption></figure>
        {PARAGRAPH}<img src=dot.gif width=1 height=1><p><img src=inline.jpg></p>{PARAGRAPH}
        <div class="related-stories"><img src=other.jpg></div>
        {PARAGRAPH}</article></main>
        <aside><img src=advert.jpg></aside><footer><img src=foot.png></footer></body></html>"""
    found = extract(Page(PAGE, markup.encode(), resources=Resources.IMAGES))
    assert [link.url.removeprefix(AT) for link in found.resources] == ["above.jpg", "lead-2.jpg", "inline.jpg"]
    assert found.resources[1].instead_of == f"{AT}lead.jpg"
    assert extract(Page(PAGE, markup.encode())).resources == ()
