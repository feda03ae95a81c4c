"""The desk: archive and index joined, without a screen; asked from several threads; its work by several processes."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import write_cli_docs
from newsroom import Newsroom

from archive import ArchiveSettings, Outcome, SettingsError, UsageError
from backfile.desk import PageFile, Unread, create_desk, open_desk, read_pages, saved_from, spool
from backfile.desk.settings import WebSettings
from backfile.desk.workers import mapped
from index import SearchSettings

TEXT = "Mayor Ada Brandt said on Tuesday that the bridge to Lindholm will be rebuilt within twelve months. " * 3


def page(title: str, text: str = TEXT) -> str:
    return f"<html><head><title>{title}</title></head><body><article><p>{text}</p></article></body></html>"


@pytest.fixture
def folder(tmp_path: Path, newsroom: Newsroom) -> Path:
    """A new archive that reaches the newsroom."""
    place = tmp_path / "archive"
    create_desk(place).close()
    (place / "backfile.toml").write_text(newsroom.toml())
    return place


def test_what_is_brought_in_is_found(folder: Path, newsroom: Newsroom, tmp_path: Path) -> None:
    """By whichever way it came, and without a word of the index."""
    saved = f"<!-- url: https://wall.example/3 -->{page('Three')}"
    table = tmp_path / "links.csv"
    table.write_text(f"url\n{newsroom.add('https://paper.example/2', page('Two'))}\n")
    with open_desk(folder) as desk:
        assert [one.title for one in desk.add([newsroom.add("https://paper.example/1", page("One"))])] == ["One"]
        assert desk.status().index_lag == 0
        assert [one.title for one in desk.import_files([table], concurrency=2)] == ["Two"]
        assert [one.url for one in desk.add_page(saved.encode())] == ["https://wall.example/3"]
        assert {hit.title for hit in desk.search("bridge").hits} == {"One", "Two", "Three"}
        assert desk.tag("https://paper.example/1", ["b", "a"]) == ("a", "b")
        assert desk.tag("https://paper.example/1", remove=["b"]) == ("a",)
        assert desk.search("tag:a").total == 1
        with pytest.raises(UsageError, match="saved from"):
            desk.add_page(page("No address").encode())


SECTIONS = [*write_cli_docs.sections(ArchiveSettings()), ("search", SearchSettings()), ("web", WebSettings())]
NUMBERS = [
    pytest.param(name, field.name, id=f"{name}.{field.name}")
    for name, section in SECTIONS
    for field in dataclasses.fields(section)  # type: ignore[arg-type]
    if type(getattr(section, field.name)) in (int, float)
]


@pytest.mark.parametrize("number", [-1, -0.5, 10**30, 1e300])
@pytest.mark.parametrize(("section", "key"), NUMBERS)
def test_no_setting_takes_a_number_that_cannot_be(tmp_path: Path, section: str, key: str, number: float) -> None:
    """Some were told by the one command that they mattered to, some by none, which then waited for ever."""
    (tmp_path / "backfile.toml").write_text(f"[{section}]\n{key} = {number}\n")
    create_desk(tmp_path / "archive").close()
    (tmp_path / "backfile.toml").replace(tmp_path / "archive/backfile.toml")
    with pytest.raises(SettingsError, match=rf"{section}.{key}: must be"):
        open_desk(tmp_path / "archive")


BAD_TEXTS = [
    ("fetch.user_agent", '"reader\\n2"', "a line of printable ASCII"),
    ("fetch.browser", '["https://www.example.org/"]', "the name of a host"),
    ("fetch.browser", '[""]', "the name of a host"),
    ("fetch.archives", '["web.archive.org/web/"]', "an address with its scheme"),
    ("fetch.allow_addresses", '["127.0.0.1/99"]', "a network"),
    ("fetch.cookies", '{ "https://www.example.org" = "cookies.txt" }', "the name of a host"),
    ("fetch.connect_to", '{ "www.example.org" = "127.0.0.1:8443" }', "a host and a port"),
    ('fetch.connect_to."www.example.org:443"', '{ "www.example.org:443" = "http://127.0.0.1" }', "a host and a port"),
    ("links.skip_hosts", '["example.org/ads"]', "the name of a host"),
    ("entities.recogniser", '"spacy"', "default, accurate, none, spacy:MODEL"),
    ("store.operator", '"Ann\\u0000Reed"', "one line"),
    ("store.added_by", '"Ann\\nReed"', "one line"),
    ("store.captures", '"https://bucket.s3.amazonaws.com/"', "the address of a bucket"),
    ("watch.atom", '"/tmp/feed.atom"', "a file in the archive's folder"),
    ("watch.atom", '"../feed.atom"', "a file in the archive's folder"),
    ("watch.atom", '"catalog.sqlite"', "is part of the archive"),
    ("watch.email.host", '"smtp://mail.example.org:587"', "the name of a host"),
    ("watch.email.sender", '"Ann Reed"', "the address of a mailbox"),
    ("watch.email.to", '["ann.example.org"]', "the address of a mailbox"),
    ("watch.webhook.url", '"hooks.example.org/T0/secret"', "an address with its scheme"),
    ("watch.webhook.token_env", '"s3cret!"', "the name of an environment variable"),
    ("proof.timestamps", '["freetsa.org/tsr"]', "an address with its scheme"),
    ("web.host", '"http://127.0.0.1"', "an address to listen on"),
    ("web.host", '"127.0.0.1:8437"', "an address to listen on"),
    ("web.public_url", '"archive.example.org"', "a scheme, a host"),
    ("web.public_url", '"https://archive.example.org/news"', "a scheme, a host"),
    ("web.content_url", '"https://pages.example.net:99999"', "a scheme, a host"),
]


def settings_of(folder: Path, setting: str, value: str) -> None:
    section, _, key = setting.split('."')[0].rpartition(".")
    (folder / "backfile.toml").write_text(f"[{section}]\n{key} = {value}\n")


@pytest.mark.parametrize(("setting", "value", "expected"), BAD_TEXTS, ids=[" ".join(one[:2]) for one in BAD_TEXTS])
def test_no_setting_takes_a_text_that_cannot_be(folder: Path, setting: str, value: str, expected: str) -> None:
    """They were told by the one command that they mattered to: by `watch run` at night, by `serve`."""
    settings_of(folder, setting, value)
    with pytest.raises(SettingsError) as caught:
        open_desk(folder)
    assert f"{setting}: must be {expected}" in str(caught.value) or expected in str(caught.value)
    assert setting in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "secret" not in str(caught.value)


GOOD_TEXTS = [
    ("fetch.browser", '["*"]'),
    ("fetch.browser", '["www.example.org", "bücher.example", "xn--bcher-kva.example", "a_b.example."]'),
    ("fetch.archives", '["http://127.0.0.1:8080/web/", "https://[::1]:8443/all/?x=1"]'),
    ("fetch.allow_addresses", '["127.0.0.0/8", "10.1.2.3", "fc00::/7"]'),
    ("fetch.connect_to", '{ "*:443" = "127.0.0.1:8443", "www.example.org:80" = "[::1]:8080" }'),
    ("links.skip_hosts", '["ads.example.org", "localhost"]'),
    ("entities.recogniser", '"spacy:en_core_web_sm"'),
    ("watch.atom", '"public/feed.atom"'),
    ("watch.email.sender", '"Ann Reed <ann@example.org>"'),
    ("watch.webhook.token_env", '"BACKFILE_TOKEN"'),
    ("web.host", '"::1"'),
    ("web.host", '"archive.local"'),
    ("web.public_url", '"https://archive.example.org:8443/"'),
]


@pytest.mark.parametrize(("setting", "value"), GOOD_TEXTS, ids=[" ".join(one) for one in GOOD_TEXTS])
def test_a_setting_takes_a_text_that_can_be(folder: Path, setting: str, value: str) -> None:
    settings_of(folder, setting, value)
    open_desk(folder).close()
    settings_of(folder, setting.split('."')[0], {"[": "[]", "{": "{}"}.get(value[0], '""'))
    open_desk(folder).close()


def test_progress_names_each_part_of_the_work(folder: Path, newsroom: Newsroom) -> None:
    told: list[tuple[str, int]] = []
    with open_desk(folder) as desk:
        list(desk.add([newsroom.add("https://paper.example/1", page("One"))]))
        assert desk.rebuild(lambda what, done, _total=None: told.append((what, done))) == 1
    assert told == [("rebuilding", 0), ("rebuilding", 1), ("indexing", 0), ("indexing", 1)]


def test_many_threads_ask_one_desk(folder: Path, newsroom: Newsroom) -> None:
    """Each gets what a lone one gets, from the first question on, when the index is still to be made."""
    urls = [newsroom.add(f"https://paper.example/{n}", page(f"Story {n}")) for n in range(4)]
    with open_desk(folder) as desk:
        list(desk.archive.add(urls))  # and nothing was indexed
    with open_desk(folder) as desk, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: (desk.search("bridge").total, desk.find(urls[n % 4]).url), range(40)))
    assert [url for _, url in found] == [urls[n % 4] for n in range(40)]
    assert {total for total, _ in found[8:]} == {4}


def test_the_same_stream_is_the_same_file(tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in "ab")
    for file in (first, second):
        file.write_bytes(b"https://paper.example/1\n")
    names = set()
    for file in (first, second):
        with file.open("rb") as stream:
            names.add(spool(stream, tmp_path).name)
    assert len(names) == 1
    assert len(list(tmp_path.iterdir())) == 3, "and nothing else is left"


@pytest.mark.parametrize(
    ("html", "address"),
    [
        (b"<!-- Page saved with SingleFile\n url: https://a.example/x \n-->", "https://a.example/x"),
        (b"<!-- saved from url=(0019)https://a.example/y -->", "https://a.example/y"),
        (b'<link rel="canonical" href="https://a.example/z">', "https://a.example/z"),
        (b"<p>nothing</p>", None),
    ],
    ids=["SingleFile", "a browser", "canonical", "none"],
)
def test_a_saved_page_says_where_it_is_from(html: bytes, address: str | None) -> None:
    assert saved_from(html) == address


# -- work by several processes -----------------------------------------------------------------------------------------


def doubled(number: int) -> int:
    """Work for `mapped`: some of it kills its process, some of it fails."""
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 17:
        raise ValueError("seventeen")
    return number * 2


def lost(number: int, how: str) -> int:
    assert "signal 9" in how
    return -number


def test_work_comes_back_in_order_and_an_item_that_kills_costs_no_other() -> None:
    assert list(mapped(doubled, range(17), lost, processes=2)) == [-n if n == 13 else n * 2 for n in range(17)]


def test_what_work_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="seventeen"):
        list(mapped(doubled, [16, 17, 18], lost, processes=2))


def test_who_asks_no_further_leaves_no_process_behind() -> None:
    found = mapped(doubled, iter(range(10_000_000)), lost, processes=2)
    assert [next(found) for _ in range(3)] == [0, 2, 4]
    found.close()  # type: ignore[attr-defined]
    running = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, check=False)
    assert b"backfile.desk.worker" not in running.stdout


def test_many_pages_are_read_by_a_script_without_a_guard(tmp_path: Path) -> None:
    """Nothing of the script is run twice, and what cannot be read stands in its place."""
    for number in range(40):
        (tmp_path / f"{number}.html").write_text(page(f"Page {number}"))
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from backfile.desk import PageFile, read_pages\n"
        "print('once')\n"
        "files = [PageFile(str(n), Path(f'{n}.html')) for n in range(41)]\n"
        "for page in read_pages(files):\n"
        "    print(page.name, page.outcome, page.article.title)\n"
    )
    done = subprocess.run([sys.executable, script.name], cwd=tmp_path, capture_output=True, text=True, check=True)
    first, *rest, last = done.stdout.splitlines()
    assert (first, last) == ("once", "40 failed ")
    assert rest == [f"{n} ok Page {n}" for n in range(40)]


def test_a_row_that_names_no_page_is_an_answer_like_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page("A page"))
    found = list(read_pages([Unread("rows, line 1", "not JSON"), PageFile("a", tmp_path / "a.html")]))
    assert [(one.outcome, one.article.title) for one in found] == [(Outcome.FAILED, ""), (Outcome.OK, "A page")]
