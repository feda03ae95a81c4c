"""Adding pages with their sources: waves, limits, what is asked for again, and what is kept of a failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsroom import Newsroom

from archive import (
    Added,
    Archive,
    ArchiveSettings,
    Article,
    LinkSettings,
    LockedError,
    NotFoundError,
    Outcome,
    Problem,
    Reading,
    UsageError,
    create_archive,
    open_archive,
)

TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)
Opened = Callable[..., Archive]


def story(title: str, *links: str, text: str = TEXT) -> str:
    cited = "".join(
        f'<p>The <a href="{link}">council\'s paper number {n}</a> says more about it.</p>'
        for n, link in enumerate(links)
    )
    body = f"<article><h1>{title}</h1><p>{text}</p>{cited}</article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.fixture
def opened(tmp_path: Path, newsroom: Newsroom) -> Iterator[Opened]:
    """An archive that reaches the newsroom; keywords change its [links]."""
    create_archive(tmp_path / "archive").close()
    archives: list[Archive] = []

    def make(fetch: dict[str, object] | None = None, **links: object) -> Archive:
        settings = ArchiveSettings(
            fetch=newsroom.settings(**(fetch or {})),
            links=replace(LinkSettings(), **links),  # type: ignore[arg-type]
        )
        archives.append(open_archive(tmp_path / "archive", settings))
        return archives[-1]

    yield make
    for archive in archives:
        archive.close()


def outcomes(added: list[Added]) -> dict[str, Outcome]:
    return {page.url: page.outcome for page in added}


def test_a_source_is_archived_one_step_deep(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add("https://a.example/story", story("Story", "https://b.example/source"))
    newsroom.add("https://b.example/source", story("Source", "https://c.example/far"))
    newsroom.add("https://c.example/far", story("Far"))
    archive = opened()
    added = list(archive.add(["https://a.example/story"]))
    assert [(page.url, page.depth) for page in added] == [
        ("https://a.example/story", 0),
        ("https://b.example/source", 1),
    ]
    entry = archive.find("https://b.example/source")
    assert [citation.id for citation in entry.cited_by] == [added[0].id]
    assert newsroom.hits("https://c.example/far") == 0


def test_depth_zero_and_two_are_obeyed(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add("https://a.example/story", story("Story", "https://b.example/source"))
    newsroom.add("https://b.example/source", story("Source", "https://c.example/far"))
    newsroom.add("https://c.example/far", story("Far"))
    archive = opened()
    assert len(list(archive.add(["https://a.example/story"], depth=0))) == 1
    assert len(list(archive.add(["https://a.example/story"], depth=2, again=True))) == 3


def test_pages_that_cite_themselves_and_each_other_end(newsroom: Newsroom, opened: Opened) -> None:
    vote, plan = "https://a.example/news/council-votes-on-bridge", "https://a.example/news/plan-for-the-bridge"
    newsroom.add(vote, story("Vote", vote, plan))
    newsroom.add(plan, story("Plan", vote))
    added = list(opened().add([vote], depth=5))
    assert [page.url for page in added] == [vote, plan]


def test_formats_are_capped_per_article_and_per_run(newsroom: Newsroom, opened: Opened) -> None:
    links = [f"https://s.example/{n}" for n in range(8)]
    for n in range(8):
        newsroom.add(links[n], story(f"Source {n}"))
    newsroom.add("https://a.example/1", story("One", *links))
    newsroom.add("https://a.example/2", story("Two", *reversed(links)))
    archive = opened(per_article=3, per_run=4)
    added = list(archive.add(["https://a.example/1", "https://a.example/2"]))
    assert sum(page.depth == 1 for page in added) == 4
    entry = archive.find("https://a.example/1")
    assert sum(source.outcome is None for source in entry.sources) >= 4, "the others stay listed, not asked for"


def test_skipped_hosts_are_not_followed(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add("https://a.example/1", story("One", "https://www.skip.example/x"))
    assert len(list(opened(skip_hosts=("skip.example",)).add(["https://a.example/1"]))) == 1


@pytest.mark.parametrize("host", ["www.skip.example", "Skip.Example", "example"])
def test_a_host_to_skip_is_meant_however_it_is_written_with_all_below_it(
    newsroom: Newsroom, opened: Opened, host: str
) -> None:
    """`www.facebook.com` skipped nothing, in silence."""
    newsroom.add("https://a.test/1", story("One", "https://www.skip.example/x"))
    assert len(list(opened(skip_hosts=(host,)).add(["https://a.test/1"]))) == 1


def test_failures_are_reported_stored_and_wait_for_their_turn(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add("https://a.example/1", story("One", "https://gone.example/x", "https://dead.example/y"))
    newsroom.dead("dead.example")
    archive = opened()
    added = outcomes(list(archive.add(["https://a.example/1"])))
    assert added["https://gone.example/x"] is Outcome.NOT_FOUND
    assert not added["https://dead.example/y"].has_content
    assert archive.find("https://dead.example/y").article is None
    list(archive.add(["https://a.example/1"], again=True))
    assert newsroom.hits("https://gone.example/x") == 1, "a source that failed a moment ago is left alone"


@pytest.mark.parametrize("target", ["http://10.0.0.7/admin", "http://169.254.169.254/latest/", "http://[fd00::1]/"])
def test_s17_private_addresses_in_links_and_seeds_are_refused(target: str, newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add("https://a.example/1", story("One", target))
    archive = opened()
    assert outcomes(list(archive.add(["https://a.example/1"])))[target] is Outcome.REFUSED
    assert outcomes(list(archive.add([target], again=True)))[target] is Outcome.REFUSED


@pytest.mark.parametrize("end", ["dead", "loop", "private"])
def test_s21_a_short_link_that_leads_nowhere_does_not_hurt_its_story(
    end: str, newsroom: Newsroom, opened: Opened
) -> None:
    short = "https://t.co/XRawnqNPLg"
    newsroom.add("https://a.example/1", story("One", text=f"{TEXT}</p><p>{short} via @paper</p><p>{TEXT}"))
    if end != "dead":
        newsroom.redirect(short, short if end == "loop" else "http://10.1.2.3/")
    archive = opened()
    first, second = archive.add(["https://a.example/1"])
    assert (first.outcome, second.url) == (Outcome.OK, short)
    (source,) = archive.find(first.id).sources
    expected = {"dead": Outcome.NOT_FOUND, "loop": Outcome.REDIRECTS, "private": Outcome.REFUSED}[end]
    assert (source.link.url, source.outcome) == (short, expected)
    assert source.detail


def test_a_short_link_that_resolves_later_becomes_the_source(newsroom: Newsroom, opened: Opened) -> None:
    short, target = "https://t.co/later", "https://b.example/source"
    newsroom.add("https://a.example/1", story("One", short))
    newsroom.dead("t.co")
    archive = opened()
    story_id = next(page.id for page in list(archive.add(["https://a.example/1"])))
    failed = archive.find(short).id
    newsroom.reset()
    newsroom.redirect(short, target)
    newsroom.add(target, story("Source"))
    list(archive.add([short], again=True))
    (source,) = archive.find(story_id).sources
    assert (source.outcome, source.final_url, source.chain) == (Outcome.OK, target, (short, target))
    assert archive.find(short).id == archive.find(target).id == source.id
    assert archive.get(failed) is None, "the failed entry became the article it leads to"


def test_the_same_call_leaves_fresh_pages_alone_and_again_asks(newsroom: Newsroom, opened: Opened) -> None:
    url = newsroom.add("https://a.example/1", story("One"))
    archive = opened()
    list(archive.add([url]))
    (second,) = archive.add([url])
    assert (second.outcome, newsroom.hits(url)) == (Outcome.UNCHANGED, 1)
    (third,) = archive.add([url], again=True)
    assert (third.outcome, third.new_version, newsroom.hits(url)) == (Outcome.UNCHANGED, False, 2)
    assert len(archive.captures(third.id)) == 2


def test_a_changed_page_is_a_new_version(newsroom: Newsroom, opened: Opened) -> None:
    url = newsroom.add("https://a.example/1", story("One"))
    archive = opened()
    list(archive.add([url]))
    newsroom.add(url, story("One", text=TEXT.replace("twelve million", "fifteen million")))
    (added,) = archive.add([url], again=True)
    assert added.new_version
    assert [version.number for version in archive.versions(added.id)] == [1, 2]
    assert "twelve" in archive.article(added.id, 1).text
    assert "fifteen" in archive.article(added.id, 2).text


def test_conditional_requests_spare_the_server(newsroom: Newsroom, opened: Opened) -> None:
    url = newsroom.add("https://a.example/1", story("One"), headers={"ETag": '"v1"'})
    archive = opened()
    list(archive.add([url]))
    newsroom.raw(url, [b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'])
    (added,) = archive.add([url], again=True)
    assert newsroom.requests[-1].headers["if-none-match"] == '"v1"'
    assert added.outcome is Outcome.UNCHANGED
    assert archive.find(url).article is not None


def test_a_page_that_went_away_keeps_its_article(newsroom: Newsroom, opened: Opened) -> None:
    url = newsroom.add("https://a.example/1", story("One"))
    archive = opened()
    list(archive.add([url]))
    newsroom.add(url, "gone", status=410)
    (added,) = archive.add([url], again=True)
    entry = archive.find(url)
    assert (added.outcome, entry.outcome) == (Outcome.GONE, Outcome.GONE)
    assert entry.article is not None
    assert entry.article.title == "One"


def test_what_is_no_url_is_reported_and_the_rest_goes_on(newsroom: Newsroom, opened: Opened) -> None:
    url = newsroom.add("https://a.example/1", story("One"))
    added = list(opened().add(["no url", url, r"http://a.example\@b.example/", "ftp://a.example/x"]))
    assert {page.url: bool(page.id) for page in added} == {
        url: True, "no url": False, r"http://a.example\@b.example/": False, "ftp://a.example/x": False,
    }  # fmt: skip


def test_a_saved_page_is_archived_with_its_sources(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add("https://b.example/source", story("Source"))
    html = story("Behind the wall", "https://b.example/source").encode()
    archive = opened()
    page, source = archive.add_page(html, "https://wall.example/story")
    assert (page.outcome, page.title, source.cited_by) == (Outcome.OK, "Behind the wall", page.id)
    assert archive.payload(archive.find(page.id).capture_id) == html
    with pytest.raises(UsageError):
        list(archive.add_page(html, "file:///etc/passwd"))


def everything(archive: Archive) -> list[object]:
    return [
        (e.id, e.key, e.url, e.final_url, e.outcome, e.article, e.reading, e.versions, e.changes, e.depth, e.sources,
         e.cited_by, e.tags, e.note, archive.versions(e.id))
        for e in archive.entries()
    ]  # fmt: skip


def test_the_catalog_is_rebuilt_from_the_captures_alone(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add("https://a.example/1", story("One", "https://sho.rt/x", "https://gone.example/"))
    newsroom.redirect("https://sho.rt/x", "https://b.example/source")
    newsroom.add("https://b.example/source", story("Source"))
    archive = opened()
    first, *_ = archive.add(["https://a.example/1"])
    newsroom.add("https://a.example/1", story("One, again", "https://sho.rt/x"))
    list(archive.add(["https://a.example/1"], again=True))
    archive.set_tags(first.id, ["to check", "bridge"])
    archive.set_note(first.id, "call back")
    before, log = everything(archive), archive.log_id()
    (archive.folder / "catalog.sqlite").unlink()
    archive.close()
    archive.rebuild()
    for now, was in zip(everything(archive), before, strict=True):
        assert now == was
    assert archive.log_id() != log
    assert list(archive.verify()) == []


def test_d15_what_was_stored_but_not_catalogued_is_found_at_the_next_start(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add("https://a.example/1", story("One"))
    newsroom.add("https://a.example/2", story("Two"))
    archive = opened()
    list(archive.add(["https://a.example/1"]))
    saved = {name: (archive.folder / name).read_bytes() for name in ("catalog.sqlite",)}
    list(archive.add(["https://a.example/2"]))
    archive.close()
    for leftover in archive.folder.glob("catalog.sqlite-*"):
        leftover.unlink()
    (archive.folder / "catalog.sqlite").write_bytes(saved["catalog.sqlite"])
    assert len(archive.entries()) == 1
    list(archive.add(["https://a.example/1"]))
    assert archive.find("https://a.example/2").article is not None
    assert list(archive.verify()) == []


def test_d16_one_flipped_byte_is_named(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add("https://a.example/1", story("One"))
    archive = opened()
    list(archive.add(["https://a.example/1"]))
    (warc,) = (archive.folder / "warc").glob("*.warc.gz")
    data = bytearray(warc.read_bytes())
    data[len(data) // 2] ^= 0x10
    warc.write_bytes(data)
    problems: list[Problem] = list(archive.verify())
    assert problems
    assert all(warc.name in problem.where or problem.layer == "catalog" for problem in problems)


def test_d19_an_archive_is_never_made_over_another(opened: Opened, tmp_path: Path) -> None:
    opened()
    with pytest.raises(UsageError, match="already"):
        create_archive(tmp_path / "archive")


def test_a_second_writer_is_told_who_writes(
    newsroom: Newsroom, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.wiring.LOCK_WAIT", 0.1)
    newsroom.add("https://a.example/1", story("One", "https://b.example/x"))
    newsroom.add("https://b.example/x", story("X"))
    archive = opened()
    running = archive.add(["https://a.example/1"])
    page = next(running)
    assert archive.find(page.id).article is not None, "readers are not blocked"
    with pytest.raises(LockedError, match="process"):
        list(opened().add(["https://b.example/x"]))
    list(running)


def test_an_unknown_reference_says_what_to_name(opened: Opened) -> None:
    with pytest.raises(NotFoundError, match="id"):
        opened().find("nothing")


def test_a_failed_source_is_tried_again_when_its_time_has_come(
    newsroom: Newsroom, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, target = "https://t.co/later", "https://b.example/source"
    newsroom.add("https://a.example/1", story("One", short))
    newsroom.dead("t.co")
    archive = opened()
    list(archive.add(["https://a.example/1"]))
    newsroom.reset()
    newsroom.redirect(short, target)
    newsroom.add(target, story("Source"))
    newsroom.add("https://a.example/2", story("Two"))
    assert [page.url for page in archive.add(["https://a.example/2"])] == ["https://a.example/2"]
    monkeypatch.setattr("archive.pipeline.RETRY_AFTER", timedelta(0))
    assert [page.final_url for page in archive.add([])] == [target]
    assert archive.find("https://a.example/1").sources[0].outcome is Outcome.OK


def test_retry_asks_at_once(newsroom: Newsroom, opened: Opened) -> None:
    newsroom.add("https://a.example/1", story("One", "https://b.example/source"))
    newsroom.dead("b.example")
    archive = opened()
    list(archive.add(["https://a.example/1"]))
    newsroom.reset()
    newsroom.add("https://b.example/source", story("Source"))
    assert [page.outcome for page in archive.retry()] == [Outcome.OK]
    assert list(archive.retry()) == []


def test_a_page_that_breaks_its_reader_is_kept_and_the_rest_goes_on(
    newsroom: Newsroom, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.add("https://a.example/bad", story("Bad"))
    newsroom.add("https://a.example/good", story("Good"))

    def understand(article: Article, recogniser: object) -> Reading:
        if article.title == "Bad":
            raise RecursionError("too deep")
        return Reading()

    monkeypatch.setattr("archive.entities.understand", understand)
    archive = opened()
    added = {page.url: page for page in archive.add(["https://a.example/bad", "https://a.example/good"])}
    assert added["https://a.example/good"].outcome is Outcome.OK
    assert added["https://a.example/bad"].outcome is Outcome.NO_TEXT
    assert "too deep" in added["https://a.example/bad"].detail
    monkeypatch.undo()
    archive.rebuild()
    assert archive.find("https://a.example/bad").article is not None
