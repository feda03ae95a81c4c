"""Which page is asked for next: hosts in turn, none waits for another, none is asked too often or too much at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Newsroom
from test_archive_add import story

from archive import Added, Archive, ArchiveSettings, LinkSettings, Outcome, create_archive
from archive.fetch.turns import Feed
from archive.seams import Opening

Opened = Callable[..., Archive]


@pytest.fixture
def opened(tmp_path: Path, newsroom: Newsroom) -> Iterator[Opened]:
    """An archive that reaches the newsroom; keywords change its [fetch]."""
    create_archive(tmp_path / "archive").close()
    archives: list[Archive] = []

    def make(**fetch: object) -> Archive:
        settings = ArchiveSettings(fetch=newsroom.settings(**fetch), links=LinkSettings(depth=0))
        archives.append(Archive(tmp_path / "archive", settings))
        return archives[-1]

    yield make
    for archive in archives:
        archive.close()


def refusing(
    *, times: int, retry_after: str | None, title: str = "Later", status: int = 429
) -> Callable[[], list[bytes]]:
    """A page that says so many times that it is asked too much, then answers."""
    left = [times]

    def answer() -> list[bytes]:
        left[0] -= 1
        if left[0] >= 0:
            header = f"Retry-After: {retry_after}\r\n" if retry_after is not None else ""
            return [f"HTTP/1.1 {status} Slow down\r\n{header}Content-Length: 0\r\n\r\n".encode()]
        body = story(title).encode()
        return [f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode(), body]

    return answer


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_a_pause_gets_it_and_is_asked_again(
    status: int, newsroom: Newsroom, opened: Opened
) -> None:
    """The page comes after the pause, while other hosts are asked; one capture is kept of it: the one that counts."""
    busy = "https://busy.example/1"
    newsroom.raw(busy, refusing(times=2, retry_after="1", status=status))
    others = [newsroom.add(f"https://h{n}.example/", story(f"Other {n}")) for n in range(5)]
    archive = opened()
    added = list(archive.add([busy, *others]))
    assert {page.url: page.outcome for page in added} == dict.fromkeys([busy, *others], Outcome.OK)
    assert added[-1].url == busy, "nobody waits for it"
    assert len(archive.captures(added[-1].id)) == 1
    times = [seen.at for seen in newsroom.requests if seen.url == busy]
    assert [round((b - a).total_seconds()) for a, b in pairwise(times)] == [1, 1]
    assert list(archive.verify()) == []


@pytest.mark.parametrize(
    ("retry_after", "asked"),
    [pytest.param("0", 3, id="at once, but not for ever"), pytest.param("3600", 1, id="longer than anybody waits")],
)
def test_one_that_goes_on_refusing_is_told_as_blocked(
    retry_after: str, asked: int, newsroom: Newsroom, opened: Opened
) -> None:
    busy = newsroom.raw("https://busy.example/1", refusing(times=99, retry_after=retry_after))
    (added,) = opened().add([busy])
    assert (added.outcome, newsroom.hits(busy)) == (Outcome.BLOCKED, asked)


@pytest.mark.parametrize(
    ("retry_after", "most"),
    [
        pytest.param("0", 24, id="at once"),
        pytest.param("1", 8, id="again and again"),
        pytest.param("3600", 2, id="for an hour"),
    ],
)
def test_a_host_that_refuses_everything_is_given_up(
    retry_after: str, most: int, newsroom: Newsroom, opened: Opened
) -> None:
    """Its many pages are not asked for three times each, and not waited for one after the other."""
    urls = [newsroom.raw(f"https://busy.example/{n}", refusing(times=99, retry_after=retry_after)) for n in range(20)]
    added = list(opened().add(urls))
    assert [page.outcome for page in added] == [Outcome.BLOCKED] * len(urls)
    assert sum(newsroom.hits(url) for url in urls) <= most


def test_a_slow_host_holds_up_nobody(newsroom: Newsroom, opened: Opened) -> None:
    """Pages of others come while a slow one answers, and those that one has still to ask do not keep all threads."""
    body = story("Slow").encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    slow = [newsroom.raw(f"https://slow.example/{n}", [3.0, head, body]) for n in range(3)]
    quick = [newsroom.add(f"https://h{n}.example/{m}", story(f"{n} {m}")) for n in range(6) for m in range(3)]
    archive = opened(concurrency=3, per_host=2)
    list(archive.add([newsroom.add("https://first.example/", story("First"))]))  # what reads pages is loaded with one
    urls = [page.url for page in archive.add([*slow, *quick])]
    assert set(urls[: len(quick) - 1]) <= set(quick), urls


def test_pages_of_one_host_are_asked_at_its_pace_whoever_cites_them(newsroom: Newsroom, opened: Opened) -> None:
    sources = [newsroom.add(f"https://s.example/{n}", story(f"Source {n}")) for n in range(4)]
    for n in range(4):
        newsroom.add(f"https://a{n}.example/", story(f"Story {n}", sources[n]))
    archive = opened(delay=0.2)
    archive.settings = replace(archive.settings, links=LinkSettings(depth=1))
    assert len(list(archive.add([f"https://a{n}.example/" for n in range(4)]))) == 8
    times = [seen.at for seen in newsroom.requests if seen.url in sources]
    assert all((later - earlier).total_seconds() > 0.15 for earlier, later in pairwise(times))


def test_a_page_is_reported_before_its_sources(newsroom: Newsroom, opened: Opened) -> None:
    sources = [newsroom.add(f"https://s{n}.example/", story(f"Source {n}")) for n in range(12)]
    newsroom.add("https://a.example/", story("Story", *sources))
    archive = opened()
    archive.settings = replace(archive.settings, links=LinkSettings(depth=1))
    added: list[Added] = list(archive.add(["https://a.example/"]))
    assert [page.depth for page in added] == [0] + [1] * 12


# -- the feed alone ----------------------------------------------------------------------------------------------------

_LISTS = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 1000)), max_size=40)


@given(_LISTS, st.integers(1, 3), st.sampled_from([0.0, 0.5, 2.0]), st.integers(1, 4))
def test_every_item_comes_once_at_the_pace_of_its_host(
    given_items: list[tuple[str, int]], at_once: int, apart: float, hands: int
) -> None:
    """Whatever the list: all of it, in its order within a host, never more at once nor sooner than the host allows."""
    feed: Feed[tuple[str, int]] = Feed(lambda _: Opening(0.0, at_once, apart))
    for item in given_items:
        feed.put(item[0], item)
    now = 0.0
    running: list[tuple[str, int]] = []
    out = defaultdict(list)
    while len(feed) or running:
        if len(running) < hands and (given_out := feed.next(now) or feed.next(now, beside=True)):
            running.append(given_out)
            out[given_out[0]].append((now, given_out))
            assert Counter(host for host, _ in running)[given_out[0]] <= at_once
        elif running:
            feed.over(running.pop(0)[0])
            now += 0.25
        else:
            pause = feed.pause(now)
            assert pause is not None, "something waits that would never come"
            now += pause
    for host, taken in out.items():
        assert [item for _, item in taken] == [item for item in given_items if item[0] == host]
        assert all(later - earlier >= apart for (earlier, _), (later, _) in pairwise(taken))
    assert sum(map(len, out.values())) == len(given_items)


def test_hosts_take_turns_and_a_resting_one_is_passed_over() -> None:
    rests = {"b": 10.0}
    feed: Feed[str] = Feed(lambda host: Opening(rests.get(host, 0.0), 9))
    for item in ("a1", "a2", "a3", "b1", "c1"):
        feed.put(item[0], item)
    feed.rest("d", "d1", 5.0)
    taken = [feed.next(1.0, beside=True) for _ in range(5)]
    assert taken == ["a1", "c1", "a2", "a3", None]
    assert feed.pause(1.0) == 4.0
    assert feed.next(5.0) == "d1"
    assert feed.pause(5.0) == 6.0
    rests.clear()
    assert feed.next(11.0) == "b1"
    assert len(feed) == 0
