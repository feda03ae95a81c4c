"""`backfile import` as a job: what becomes of items, what a second run does, what merges, what is rejected."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from newsroom import Newsroom

from archive import (
    Archive,
    ArchiveSettings,
    FormatError,
    Imported,
    JobState,
    LinkSettings,
    Method,
    Outcome,
    create_archive,
)

TEXT = (
    "The harbour board voted on Tuesday to spend twelve million pounds on the northern pier, which storms have "
    "battered for three winters. Marisol Venn, who chairs the board, said that work would begin in the spring."
)
Opened = Callable[[], Archive]


def story(title: str, more: str = "") -> str:
    body = f"<article><h1>{title}</h1><p>{TEXT} {title}. {more}</p></article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.fixture
def opened(tmp_path: Path, newsroom: Newsroom) -> Iterator[Opened]:
    """A new archive that reaches the newsroom; each call opens it anew, as another process would."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    open_ones: list[Archive] = []

    def open_it() -> Archive:
        settings = ArchiveSettings(fetch=newsroom.settings(), links=LinkSettings(depth=0))
        open_ones.append(Archive(folder, settings))
        return open_ones[-1]

    yield open_it
    for archive in open_ones:
        archive.close()


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def states(imported: list[Imported]) -> dict[str, JobState]:
    return {item.url: item.state for item in imported}


def test_each_row_ends_in_one_state(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    """Found, missing and unreadable rows are told apart; the bad row is listed with file, line, reason and row."""
    good = newsroom.add("https://a.example/1", story("One"))
    table = write(
        tmp_path, "links.csv",
        f"url,title,tags\n{good},One,harbour\nhttps://a.example/gone,Two,\nno address here,Three,\n",
    )  # fmt: skip
    archive = opened()
    imported = list(archive.import_files([table]))
    assert states(imported) == {
        good: JobState.DONE, "https://a.example/gone": JobState.FAILED, "": JobState.REJECTED
    }  # fmt: skip
    entry = archive.find(good)
    assert entry.article is not None
    assert entry.tags == ("harbour",)
    (row,) = map(json.loads, archive.rejects_file(1).read_text().splitlines())
    assert (row["file"], row["line"], row["row"]) == (str(table), 4, "no address here,Three,")
    assert "begin with http" in row["reason"]
    (job,) = archive.jobs()
    assert job.ended is not None
    assert {state: count for state, count in job.counts.items() if count} == {
        JobState.DONE: 1, JobState.FAILED: 1, JobState.REJECTED: 1
    }  # fmt: skip


def test_the_same_command_does_nothing_twice(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    urls = [newsroom.add(f"https://a.example/{n}", story(f"Story {n}")) for n in range(3)]
    listed = write(tmp_path, "list.txt", "\n".join(urls))
    assert len(list(opened().import_files([listed]))) == 3
    archive = opened()
    assert list(archive.import_files([listed])) == []
    assert [newsroom.hits(url) for url in urls] == [1, 1, 1]
    assert len(archive.jobs()) == 1


def test_a_list_that_grew_goes_on_with_what_is_new(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    first, second = (newsroom.add(f"https://a.example/{n}", story(f"Story {n}")) for n in range(2))
    listed = write(tmp_path, "list.txt", first)
    list(opened().import_files([listed]))
    write(tmp_path, "list.txt", f"{first}\n{second}\n")
    (imported,) = opened().import_files([listed])
    assert (imported.url, imported.job) == (second, 1)
    assert newsroom.hits(first) == 1


def test_again_is_a_new_job(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    url = newsroom.add("https://a.example/1", story("One"))
    listed = write(tmp_path, "list.txt", url)
    list(opened().import_files([listed]))
    (imported,) = opened().import_files([listed], again=True)
    assert (imported.job, imported.outcome, newsroom.hits(url)) == (2, Outcome.UNCHANGED, 2)


@pytest.mark.slow
def test_retry_failed_tries_what_failed_and_nothing_else(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    good = newsroom.add("https://a.example/1", story("One"))
    late = newsroom.add("https://b.example/2", "", status=503)
    listed = write(tmp_path, "list.txt", f"{good}\n{late}\n")
    list(opened().import_files([listed]))
    newsroom.add(late, story("Two"))
    (imported,) = opened().import_files([listed], retry_failed=True)
    assert (imported.url, imported.state) == (late, JobState.DONE)
    assert newsroom.hits(good) == 1


def test_without_fetching_links_wait(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    url = newsroom.add("https://a.example/1", story("One"))
    listed = write(tmp_path, "list.txt", url)
    archive = opened()
    assert list(archive.import_files([listed], fetch=False)) == []
    assert archive.jobs()[0].counts[JobState.WAITING] == 1
    assert newsroom.requests == []
    (imported,) = opened().import_files([listed])
    assert imported.state is JobState.DONE


def test_duplicates_merge(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    """Tags are joined, both notes kept, folders become tags; a rebuild keeps all of it."""
    url = newsroom.add("https://a.example/1", story("One"))
    bookmarks = write(
        tmp_path, "b.html",
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><H3>News</H3>\n<DL><p>\n"
        f'<DT><A HREF="{url}?utm_source=x" TAGS="harbour">One</A>\n<DD>First note\n</DL>\n'
        f'<DT><A HREF="{url}" TAGS="pier" TOREAD="1">One again</A>\n<DD>Second note\n</DL>\n',
    )  # fmt: skip
    newsroom.add(f"{url}?utm_source=x", story("One"))
    archive = opened()
    (imported,) = archive.import_files([bookmarks])
    for _ in range(2):
        entry = archive.find(url)
        assert entry.tags == ("News", "harbour", "pier", "unread")
        assert entry.note == "First note\n\nSecond note"
        archive.rebuild()
    assert imported.title == "One"


def test_a_duplicate_in_a_later_run_adds_to_the_entry(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    url = newsroom.add("https://a.example/1", story("One"))
    table = write(tmp_path, "links.csv", f"url,tags\n{url},a\n")
    list(opened().import_files([table]))
    write(tmp_path, "links.csv", f"url,tags\n{url},a\n{url},b\n")
    archive = opened()
    assert list(archive.import_files([table])) == []
    assert archive.find(url).tags == ("a", "b")
    assert newsroom.hits(url) == 1


def test_text_that_a_source_carries_is_archived_without_the_network(
    newsroom: Newsroom, opened: Opened, tmp_path: Path
) -> None:
    """An article in an export becomes a record of its own, with its title, authors and date, and survives a rebuild."""
    export = write(tmp_path, "wallabag.json", json.dumps([{
        "is_archived": 0, "is_starred": 1, "tags": ["pier"], "is_public": False, "id": 7, "title": "The northern pier",
        "url": "https://gone.example/pier", "given_url": "https://gone.example/pier?utm_source=app",
        "content": f"<p>{TEXT}</p><p>The <a href='https://sources.example/minutes'>minutes</a> said so.</p>",
        "created_at": "2025-02-01T08:00:00+00:00", "published_at": "2025-01-31T10:00:00+00:00",
        "published_by": ["Ann Reed"], "language": "en", "domain_name": "gone.example",
    }]))  # fmt: skip
    archive = opened()
    (imported,) = archive.import_files([export])
    assert (imported.state, imported.outcome) == (JobState.DONE, Outcome.OK)
    for _ in range(2):
        entry = archive.find("https://gone.example/pier")
        assert entry.article is not None
        assert entry.article.title == "The northern pier"
        assert "twelve million pounds" in entry.article.text
        assert entry.article.authors == ("Ann Reed",)
        assert str(entry.article.published_on) == "2025-01-31"
        assert [link.url for link in entry.article.links] == ["https://sources.example/minutes"]
        assert entry.tags == ("pier", "starred", "unread")
        (capture,) = archive.captures(entry.id)
        assert (capture.method, capture.at.isoformat()[:10]) == (Method.IMPORT, "2025-02-01")
        archive.rebuild()
    assert newsroom.requests == []


def test_too_little_text_is_asked_for_instead(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    url = newsroom.add("https://a.example/1", story("One"))
    export = write(tmp_path, "x.jsonl", json.dumps({"url": url, "text": "A teaser."}) + "\n")
    archive = opened()
    (imported,) = archive.import_files([export])
    assert imported.state is JobState.DONE
    assert "twelve million" in archive.find(url).article.text  # type: ignore[union-attr]
    assert newsroom.hits(url) == 1


def warc_of(*pages: tuple[str, bytes], at: str = "2024-05-06T07:08:09Z") -> bytes:
    parts = []
    for url, block in pages:
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {at}\r\n"
            "WARC-Record-ID: <urn:x:1>\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        parts.append(gzip.compress(head.encode() + block + b"\r\n\r\n"))
    return b"".join(parts)


def page(title: str, more: str = "") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + story(title, more).encode()


def test_a_warc_keeps_its_bytes_and_its_times(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    """Chains included; sources are not followed; a rebuild says the same; a second run stores nothing."""
    moved = b"HTTP/1.1 301 Moved\r\nLocation: https://a.example/1\r\n\r\n"
    gone = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nNothing."
    link = '<a href="https://s.example/source">the source</a>'
    path = tmp_path / "x.warc.gz"
    path.write_bytes(warc_of(
        ("https://t.co/abc", moved), ("https://a.example/1", page("One", link)), ("https://a.example/2", page("Two")),
        ("https://a.example/gone", gone),
    ))  # fmt: skip
    archive = opened()
    imported = list(archive.import_files([path]))
    assert [(item.outcome, item.state) for item in imported] == [
        (Outcome.OK, JobState.DONE), (Outcome.OK, JobState.DONE), (Outcome.NOT_FOUND, JobState.FAILED)
    ]  # fmt: skip
    for _ in range(2):
        entry = archive.find("https://t.co/abc")
        assert entry.final_url == "https://a.example/1"
        assert [source.link.url for source in entry.sources] == ["https://s.example/source"]
        (capture,) = archive.captures(entry.id)
        assert (capture.method, capture.at.isoformat()) == (Method.IMPORT, "2024-05-06T07:08:09+00:00")
        assert archive.payload(capture.id) == story("One", link).encode()
        archive.rebuild()
    assert list(opened().import_files([path])) == []
    assert len(archive.captures(entry.id)) == 1
    assert newsroom.requests == []
    assert list(archive.verify()) == []


def test_two_captures_of_a_page_are_two_versions(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    url = "https://a.example/1"
    path = tmp_path / "x.warc.gz"
    changed = page("One").replace(b"twelve million", b"fifteen million")
    path.write_bytes(warc_of((url, page("One"))) + warc_of((url, changed), at="2024-06-06T07:08:09Z"))
    archive = opened()
    assert len(list(archive.import_files([path]))) == 2
    assert len(archive.versions(archive.find(url).id)) == 2


def test_depth_follows_the_sources_of_imported_pages(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    source = newsroom.add("https://s.example/source", story("Source"))
    path = tmp_path / "x.warc.gz"
    path.write_bytes(warc_of(("https://a.example/1", page("One", f'<a href="{source}">the source</a>'))))
    archive = opened()
    list(archive.import_files([path], depth=1))
    assert newsroom.hits(source) == 1
    assert archive.find("https://a.example/1").sources[0].id == archive.find(source).id


def test_short_links_of_an_x_archive_are_kept(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    """What t.co stood for is known from then on, without asking it, also after a rebuild."""
    target = newsroom.add("https://a.example/1", story("One"))
    entities = {"urls": [{"url": "https://t.co/abc", "expanded_url": target, "display_url": "a.example"}]}
    tweet = {
        "id_str": "1",
        "created_at": "Fri Jan 31 10:00:00 +0000 2025",
        "full_text": "https://t.co/abc",
        "entities": entities,
    }
    path = write(tmp_path, "tweets.js", f"window.YTD.tweets.part0 = {json.dumps([{'tweet': tweet}])}")
    archive = opened()
    (imported,) = archive.import_files([path])
    assert imported.state is JobState.DONE
    archive.rebuild()
    assert archive.counts().short_links == 1
    assert all("t.co" not in seen.url for seen in newsroom.requests)


def test_a_saved_page_beside_others(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.html").write_text(
        f"<!-- Saved from https://a.example/1 at 2024-05-06T07:08:09Z using monolith v2 -->{story('One')}"
    )
    (pages / "b.html").write_text(story("Nameless"))
    archive = opened()
    done, rejected = sorted(archive.import_files([pages]), key=lambda item: item.state.value)
    assert (done.url, done.outcome, done.line) == ("https://a.example/1", Outcome.OK, None)
    assert rejected.state is JobState.REJECTED
    assert "which address" in rejected.detail


def test_a_private_address_in_a_list_is_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    """Imports go through the same gate as `add`."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    hidden = f"http://127.0.0.1:{newsroom.port('http')}/"
    listed = write(tmp_path, "list.txt", f"{hidden}\nhttp://169.254.169.254/latest/meta-data\nhttp://[::1]/x\n")
    with Archive(folder, ArchiveSettings()) as archive:
        assert {item.outcome for item in archive.import_files([listed])} == {Outcome.REFUSED}
    assert newsroom.requests == []


def test_rows_of_several_files_are_one_job(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    first, second = (newsroom.add(f"https://a.example/{n}", story(f"Story {n}")) for n in range(2))
    files = [write(tmp_path, "a.txt", first), write(tmp_path, "b.csv", f"url,tags\n{second},x\n{first},y\n")]
    archive = opened()
    assert {item.job for item in archive.import_files(files)} == {1}
    assert archive.find(first).tags == ("y",)


def test_what_failed_is_told_with_its_reason(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    listed = write(tmp_path, "list.txt", "https://a.example/gone\n")
    archive = opened()
    list(archive.import_files([listed]))
    (failed,) = archive.job_items(1, JobState.FAILED)
    assert (failed.url, failed.line) == ("https://a.example/gone", 1)
    assert failed.detail.startswith("not found: returned 404")


def test_a_missing_file_makes_no_job(opened: Opened, tmp_path: Path) -> None:
    archive = opened()
    with pytest.raises(FormatError):
        list(archive.import_files([tmp_path / "missing.txt"]))
    assert archive.jobs() == []


def test_rejects_are_written_as_they_come(newsroom: Newsroom, opened: Opened, tmp_path: Path) -> None:
    """The list is there while the import runs, and what an earlier run listed stays in it."""
    good = newsroom.add("https://a.example/1", story("One"))
    table = write(tmp_path, "links.csv", f"url,title\nno address,One\n{good},Two\n")
    archive = opened()
    running = archive.import_files([table])
    assert next(running).state is JobState.REJECTED
    listed = archive.rejects_file(1)
    assert [json.loads(line)["line"] for line in listed.read_text().splitlines()] == [2]
    assert newsroom.hits(good) == 0, "the import was over before"
    running.close()
    write(tmp_path, "links.csv", f"url,title\nno address,One\n{good},Two\nnor here,Three\n")
    list(archive.import_files([table]))
    assert [json.loads(line)["line"] for line in listed.read_text().splitlines()] == [2, 4]
    assert [path.name for path in archive.folder.glob("rejects-*")] == ["rejects-1.jsonl"]


@pytest.mark.parametrize("many", [60])
def test_an_import_needs_few_statements_an_article(
    many: int, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known of a group is read at once, and what was decided is written at once: a catalog may be far away."""
    from archive.storage.catalog.database import Connection

    given = tmp_path / "x.warc.gz"
    given.write_bytes(warc_of(*((f"https://a.example/{n}", page(f"Story {n}")) for n in range(many))))
    asked: list[str] = []
    archive = opened()

    def counted(name: str) -> None:
        real = getattr(Connection, name)

        def ask(self: Connection, sql: str, *more: object) -> object:
            asked.append(sql)
            return real(self, sql, *more)

        monkeypatch.setattr(Connection, name, ask)

    for name in ("execute", "executemany"):
        counted(name)
    assert len(list(archive.import_files([given]))) == many
    assert len(asked) / many <= 6, len(asked)  # 2.3 where this was written; 94 when each row asked for itself
