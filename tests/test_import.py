"""`backfile import` as a job: what becomes of items, what a second run does, what merges, what is rejected."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from newsroom import Newsroom

from archive import Archive, ArchiveSettings, Imported, JobState, LinkSettings, Method, Outcome, create_archive

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
