"""The pure parts of the web door: queries one step away, texts with marks, pages made harmless, who is let in."""

from __future__ import annotations

import re
import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from website import without_tags

from archive import (
    Article,
    Caption,
    Counts,
    Kind,
    Mark,
    MarkKind,
    Mention,
    NotFoundError,
    SettingsError,
    Structure,
    Team,
    UsageError,
)
from backfile.desk import Narrowed, Status, exactly
from backfile.desk.settings import WebSettings
from backfile.desk.tokens import Scope, Tokens
from backfile.web import asked, charts, leading, params, problems, serving, urls
from backfile.web.guard import comes_from_elsewhere, is_ours
from backfile.web.marks import blocks, highlighted, layout, named
from backfile.web.pages import about, bringing, searching
from backfile.web.problems import Refusal
from backfile.web.rendering import Frame, environment, render
from backfile.web.route import UPLOADS
from backfile.web.routes import ROUTES
from backfile.web.sessions import Sessions
from index import And, Everything, parse_query, split_query

# -- queries -----------------------------------------------------------------------------------------------------------

VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split()) or "x"
)
FIELDS = st.sampled_from(["person", "place", "org", "topic", "tag"])
TYPED = st.sampled_from(
    ["", "raid", "a OR b", "a OR", "(a", '"a b', "-ferry", "person:Venn", "NOT a", "a AND", "* -b", "date:2025-01",
     "a (b OR c) -d"]
)  # fmt: skip


def state(query: str) -> tuple[object, ...]:
    """What a query means to a page: the rest, what is chosen, what is left out."""
    apart = split_query(parse_query(query))
    sets = [{field: set(held) for field, held in one.items()} for one in (apart.chosen, apart.excluded)]
    parts = apart.rest.parts if isinstance(apart.rest, And) else (apart.rest,)
    return (tuple(part for part in parts if not isinstance(part, Everything)), *sets)


@given(TYPED, st.lists(st.tuples(FIELDS, VALUES, st.sampled_from(["choose", "exclude"])), max_size=5))
def test_the_panel_and_the_text_say_the_same(typed: str, clicks: list[tuple[str, str, str]]) -> None:
    """Whatever is clicked one after the other: the text that comes of it is read as just that."""
    query, chosen, excluded = typed, dict[str, set[str]](), dict[str, set[str]]()
    rest = state(typed)[0]
    for field, value, what in clicks:
        now = Narrowed.of(query, {})
        if what == "choose":
            query = now.choosing(field, [value])
            chosen[field] = {value}
            excluded[field] = excluded.get(field, set()) - {value}
        else:
            query = now.excluding(field, [value])
            excluded[field] = excluded.get(field, set()) | {value}
            chosen[field] = chosen.get(field, set()) - {value}
    kept = [{field: held for field, held in one.items() if held} for one in (chosen, excluded)]
    assert state(query) == (rest, *kept)


@given(TYPED, FIELDS, VALUES)
def test_what_is_chosen_can_be_taken_back(typed: str, field: str, value: str) -> None:
    before = Narrowed.of(typed, {})
    for query in (before.choosing(field, [value]), before.excluding(field, [value])):
        assert state(Narrowed.of(query, {}).admitting(field, value)) == state(typed)
    written = f"{before.whole} {exactly(field, [value])}"
    assert state(written) == state(before.choosing(field, [value]))


@given(TYPED)
def test_each_part_can_be_left_out(typed: str) -> None:
    for part, without in Narrowed.of(typed, {}).clauses():
        parse_query(part)
        parse_query(without)


def test_the_parts_are_written_as_they_are_counted() -> None:
    """Alternatives of words in brackets, those of a value in its own."""
    parts = [part for part, _ in Narrowed.of('(a OR b) org:=("C" OR "D")', {}).clauses()]
    assert parts == ["(a OR b)", 'org:=("C" OR "D")']


def test_words_are_no_addresses() -> None:
    """In prose without any; one that stands alone in its line is told to be none."""
    assert bringing.addresses("See https://a.example/x, thanks\nb.example/y and c.example") == [
        "https://a.example/x", "https://b.example/y", "https://c.example",
    ]  # fmt: skip
    assert bringing.addresses("htp:/a.example") == ["htp:/a.example"]
    with pytest.raises(UsageError, match="no address"):
        bringing.addresses("nothing in here at all?")


def test_where_a_form_is_sent_leads_back_to_it() -> None:
    shown_at = [re.compile(re.sub(r"{[^}]*}", "[^/]+", one.path)) for one in ROUTES if one.method == "GET"]
    for route in (one for one in ROUTES if one.method == "POST" and not one.path.startswith(("/api/", "/logout"))):
        path = re.sub(r"{[^}]*}", "7", route.path)
        back = urls.form_of(path).partition("#")[0]
        assert any(known.fullmatch(back) for known in shown_at), path
        assert back != path or any(known.fullmatch(path) for known in shown_at)


def test_what_was_typed_stays_as_it_was_typed() -> None:
    now = Narrowed.of("Marlow  saved:raids", {"raids": "a OR b"})
    assert now.choosing("person", ["Alice"]) == 'Marlow  saved:raids person:="Alice"'
    assert Narrowed.of('a person:="B"', {}).during("date", "2025") == 'a person:="B" date:2025'


@given(st.text(max_size=20), st.text(min_size=1, max_size=20))
def test_an_address_that_is_written_in_two_parts_is_the_whole_one(query: str, more: str) -> None:
    """What stands behind a query as if it had been written there from the beginning."""
    for to in (urls.search, partial(urls.search, sort="newest", view="table")):
        asked = " ".join(query.split())
        assert urls.behind(to, asked)(more) == to(f"{asked} {more}" if asked else more)


def test_an_address_has_one_form() -> None:
    for given_, tidy in (
        ([("q", "a"), ("sort", "")], "/search?q=a"),
        ([("q", " a  b ")], "/search?q=a+b"),
        ([("q", "a"), ("q", "b")], "/search?q=b"),
        ([("sort", "relevance")], "/search"),
        ([("from", "2025-01-01"), ("to", ""), ("q", "a")], "/search?q=a+date%3A2025-01-01.."),
        ([("q", "a"), ("any.person", 'A "B"')], "/search?q=a+person%3A%3D%22A+%5C%22B%5C%22%22"),
        ([("q", "a")], ""),
        ([], ""),
    ):
        assert searching.tidy("/search", given_) == tidy


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/search?q=a", "/search?q=a"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("", "/"),
        ("/a\n", "/"),
    ],
)
def test_nobody_is_sent_to_another_site(path: str, own: str) -> None:
    assert urls.own_path(path) == own


# -- texts with marks --------------------------------------------------------------------------------------------------


@st.composite
def articles(draw: st.DrawFn) -> tuple[Article, list[Mention], list[tuple[int, int]]]:
    """Any text with any structure, names and hits in it, however they cut across each other."""
    lines = draw(
        st.lists(
            st.text(st.characters(exclude_characters="\n\r\0", exclude_categories=["Cs"]), max_size=20), max_size=8
        )
    )
    text = "\n".join(lines)
    place = st.integers(0, len(text))
    spans = st.lists(st.tuples(place, place).map(lambda pair: (min(pair), max(pair))), max_size=6)
    marks = [
        Mark(draw(st.sampled_from(list(MarkKind))), start, end, draw(st.integers(1, 3)), draw(st.booleans()), "http://a/")
        for start, end in draw(spans)
    ]  # fmt: skip
    mentions = [Mention(draw(st.sampled_from(list(Kind))), text[a:b], a, b, text[a:b] or "x") for a, b in draw(spans)]
    hits = sorted(draw(spans))
    beside = tuple(Caption("beside", at) for at in draw(st.lists(place, max_size=2)))
    return Article("", "", text, structure=Structure(tuple(marks), beside)), mentions, hits


@given(articles())
def test_the_text_is_the_text_whatever_stands_in_it(
    drawn: tuple[Article, list[Mention], list[tuple[int, int]]],
) -> None:
    """Stripping the tags gives it back, character by character; and every element that begins ends."""
    article, mentions, hits = drawn
    names = named(mentions)
    laid = layout(blocks(article, names, hits))
    template = environment().from_string('{% import "text.html" as t with context %}{{ t.text(laid) }}')
    shown = template.render(laid=laid, mentions=names, name_of={one.number: 0 for one in names})
    plain = re.sub(r"<p [^>]*data-beside[^>]*>beside</p>", "", shown)
    assert without_tags(plain) == article.text
    stack: list[str] = []
    for closes, tag in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", shown):
        if not closes:
            stack.append(tag)
        else:
            assert stack.pop() == tag
    assert stack == []


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
def test_a_short_text_loses_nothing(text: str, spans: list[tuple[int, int]]) -> None:
    assert "".join(piece.text for piece in highlighted(text, spans)) == text


def test_mentions_are_counted_in_their_order() -> None:
    text = "Venn met Quill; Venn left"
    found = named([Mention(Kind.PERSON, "Venn", 16, 20, "Venn"), Mention(Kind.PERSON, "Venn", 0, 4, "Venn"),
                   Mention(Kind.PERSON, "Quill", 9, 14, "Quill"), Mention(Kind.ORG, "enn", 1, 4, "x")])  # fmt: skip
    assert [(one.start, one.nth, one.of) for one in found] == [(0, 1, 2), (9, 1, 1), (16, 2, 2)]
    assert text[found[1].start : found[1].end] == "Quill"


# -- archived pages ----------------------------------------------------------------------------------------------------


def test_links_of_an_archived_page_lead_to_ours() -> None:
    page = (
        "<!DOCTYPE html><html><body>é <a href='/story?a=b#c' ping='https://a.example/'>story</a> "
        "<a href='#here'>here</a> <a href='javascript:alert(1)'>run</a> <a href='mailto:a@b.example'>write</a>"
        "<area href='//other.example/'></body>"
    )
    shown = leading.led(page.encode(), "https://live.example/a/b", "http://127.0.0.1:1").decode()
    assert "é" in shown
    assert re.findall(r' href="([^"]+)"', shown) == [
        "http://127.0.0.1:1/out?u=https%3A%2F%2Flive.example%2Fstory%3Fa%3Db%23c",
        "#here",
        "http://127.0.0.1:1/out?u=https%3A%2F%2Fother.example%2F",
    ]


@given(st.binary(max_size=200))
def test_any_bytes_become_a_page(body: bytes) -> None:
    assert leading.led(body, "https://a.example/", "http://127.0.0.1:1").startswith(b"<!DOCTYPE html>")


# -- who is let in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "headers", "may"),
    [
        ("GET", {"sec-fetch-site": "cross-site"}, True),
        ("POST", {"sec-fetch-site": "same-origin", "origin": "http://us"}, True),
        ("POST", {"sec-fetch-site": "none"}, True),
        ("POST", {}, True),
        ("POST", {"origin": "http://us"}, True),
        ("POST", {"sec-fetch-site": "same-site", "origin": "http://us"}, False),
        ("DELETE", {"sec-fetch-site": "cross-site"}, False),
        ("POST", {"sec-fetch-site": "same-origin", "origin": "null"}, False),
        ("POST", {"sec-fetch-site": "\0"}, False),
        ("PUT", {"origin": "http://us.evil"}, False),
    ],
)
def test_where_a_change_comes_from(method: str, headers: dict[str, str], may: bool) -> None:
    assert (comes_from_elsewhere(method, headers, "http://us") == "") is may


def test_a_name_is_ours_or_not() -> None:
    hosts = frozenset({"127.0.0.1:8437"})
    assert is_ours("127.0.0.1:8437", hosts)
    assert not any(is_ours(host, hosts) for host in ("127.0.0.1", "127.0.0.1:8437.", "evil:8437", "", "\0"))


def test_tokens_are_kept_as_digests(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    assert tokens.all() == ()
    token, secret = tokens.make('news "room"\\', frozenset({Scope.ADD}))
    assert secret not in tokens.file.read_text()
    assert tokens.file.stat().st_mode & 0o077 == 0
    assert Tokens(tmp_path).known(secret) == token
    assert tokens.known(secret + "x") is None
    assert token.allows(Scope.READ)
    assert not token.allows(Scope.EDIT)
    with pytest.raises(UsageError):
        tokens.make('news "room"\\', frozenset({Scope.READ}))
    with pytest.raises(UsageError):
        tokens.make("none", frozenset())
    _, old = tokens.make("old", frozenset({Scope.READ}), expires=datetime.now(UTC) - timedelta(days=1))
    assert tokens.known(old) is None
    tokens.remove('news "room"\\')
    assert tokens.known(secret) is None
    with pytest.raises(NotFoundError):
        tokens.remove("nobody")
    tokens.file.write_text("[[token]]\nname = 1")
    with pytest.raises(SettingsError):
        Tokens(tmp_path).all()


def test_a_session_ends_with_its_token_and_its_time(tmp_path: Path) -> None:
    now = 0.0
    tokens = Tokens(tmp_path)
    token, _ = tokens.make("a", frozenset({Scope.READ}))
    sessions = Sessions(tokens, lambda: now)
    key = sessions.begin(token)
    assert sessions.token(key) == token
    assert sessions.token("guess") is None
    now = 13 * 3600.0
    assert sessions.token(key) is None
    key = sessions.begin(token)
    tokens.remove("a")
    assert sessions.token(key) is None
    assert [sessions.may_try("here") for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (WebSettings(host="0.0.0.0"), "--public-url"),
        (WebSettings(host="10.0.0.5", public_url="http://archive.example"), "TLS"),
        (WebSettings(public_url="https://archive.example"), "token"),
    ],
)
def test_the_door_stays_shut(tmp_path: Path, settings: WebSettings, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        serving.check(settings, Tokens(tmp_path))
    tokens = Tokens(tmp_path)
    tokens.make("a", frozenset({Scope.READ}))
    with pytest.raises(UsageError, match="host name"):
        serving.check(WebSettings(public_url="https://a.example", content_url="https://a.example:8443"), tokens)
    assert serving.check(WebSettings(public_url="https://a.example"), tokens) is True


def test_the_two_sites_have_different_hosts() -> None:
    origins = serving.origins_of(WebSettings(), 8437, 8438)
    assert (origins.own, origins.content) == ("http://127.0.0.1:8437", "http://localhost:8438")
    outside = WebSettings(public_url="https://a.example/", content_url="https://b.example")
    assert serving.origins_of(outside, 1, 2).hosts == {"a.example"}
    with pytest.raises(UsageError):
        serving.origins_of(WebSettings(public_url="https://a.example/path"), 1, 2)


# -- parts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_end_of_an_answer_waits_for_nobody(host: str) -> None:
    """Headers and body go one after the other: held back till the first is acknowledged, an answer takes 40 ms more."""
    with closing(serving._listening(host, 0)) as door, socket.create_connection(door.getsockname()[:2]):
        accepted, _ = door.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_parameters_are_read_or_refused() -> None:
    kind = searching.SearchParams
    assert params.read(kind, [("q", "a"), ("start", "3")]).start == 3
    for bad in ([("start", "x")], [("nope", "1")], [("q", "a"), ("q", "b")], [("start", "-1")]):
        with pytest.raises(Refusal):
            params.read(kind, bad)
    assert params.read(kind, [("nope", "1"), ("start", "")], lax=True).start == 0


def test_what_may_be_chosen_is_said() -> None:
    """Where a parameter, or a key of what is sent, is one of few words."""
    with pytest.raises(Refusal, match="sort: it may be relevance, newest, oldest, captured, id, not 'best'"):
        params.read(asked.SearchParams, [("sort", "best")])
    with pytest.raises(Refusal, match=r"kind\[1\]: it may be add, import, watch, not 'x'"):
        params.read(asked.JobsParams, [("kind", "add"), ("kind", "x")])
    with pytest.raises(Refusal, match="kind: it may be add, not 'move'"):
        params.read_json(asked.AddJob, b'{"kind": "move", "urls": ["https://a.example/"]}')


def test_bars_fill_the_time_between() -> None:
    assert charts.filled({"2024-11": 2, "2025-02": 1}, "month") == [
        ("2024-11", 2), ("2024-12", 0), ("2025-01", 0), ("2025-02", 1),
    ]  # fmt: skip
    assert charts.filled({"2024-02-28": 1, "2024-03-01": 1}, "day")[1] == ("2024-02-29", 0)
    assert len(charts.filled({"0001": 1, "9999": 1}, "year")) == 2
    drawn = charts.chart([charts.Bar("a", 1000), charts.Bar("b", 1), charts.Bar("c", 0)])
    assert [bar.height for bar in drawn.bars] == [64, 2, 0]


def test_every_kind_of_problem_has_its_meaning() -> None:
    for kind, (status, title, meaning) in problems.KINDS.items():
        assert problems.problem(kind).status == status
        assert title
        assert meaning


@given(st.text())
def test_what_stands_in_a_feed_is_xml(text: str) -> None:
    from backfile.web import feeds

    ET.fromstring(f"<a b={feeds._attribute(text)}>{feeds._text(text)}</a>")


def test_the_status_page_tells_what_the_command_tells(tmp_path: Path) -> None:
    """Of a folder alone nothing about servers; of a team its figures, and where everything lies."""
    counts = Counts(3, 3, 3, 4, {}, {}, 900, 500, 1, 0, 4)

    def page(status: Status) -> str:
        return render("status.html", Frame("Status"), about.status_page(status, ())).body.decode()

    alone = page(Status(tmp_path, counts, 0, str(tmp_path / "index"), catalog=str(tmp_path / "catalog.sqlite")))
    assert not re.search("<dt>(Catalog|Workers|Writing|No names)|, at <code>", alone)
    assert "up to date" in alone
    team = Team(workers=2, waiting=1, claimed=1, writer="process 7 on a<b")
    shared = page(
        Status(tmp_path, counts, 0, "https://a.example", "", "postgresql://b.example/x", "s3://pages", {"ka": 2}, team)
    )
    for part in (
        "<dt>Catalog</dt><dd><code>postgresql://b.example/x</code>", "at <code>s3://pages</code>",
        "up to date, at <code>https://a.example</code>", "2 at work; 1 page waits for them, 1 is taken",
        "<dt>Writing</dt><dd>process 7 on a&lt;b</dd>", "Georgian (ka): 2",
    ):  # fmt: skip
        assert part in shared, part


def test_whole_files_are_let_in_where_they_are_taken() -> None:
    assert {route.path for route in ROUTES if route.uploads} == set(UPLOADS)


def test_templates_have_nothing_inline() -> None:
    """No script, style or handler in a template, nothing marked as safe, and addresses come from one module."""
    folder = Path(leading.__file__).parent / "templates"
    for file in folder.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|Markup|<style|\sstyle=|\son[a-z]+=|<script(?! type=\"module\" src=)", text), (
            file.name
        )
    script = (folder.parent / "static" / "page.js").read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|DOMParser", script
    )
    assert len(script.encode()) <= 10 * 1024
    assert len((folder.parent / "static" / "style.css").read_bytes()) <= 16 * 1024
