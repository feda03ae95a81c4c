"""Captures in a bucket, catalog on PostgreSQL, index on OpenSearch: the whole way, as a user types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from buckets import serving
from commands import Ran, run
from newsroom import Newsroom

from archive import entry_id
from archive.urls import key

pytestmark = pytest.mark.servers
TOPICS = ("ferry", "bridge", "library", "harbour", "marzipan", "orchestra")


class Archive:
    """A folder of settings alone, and the commands in it."""

    def __init__(self, folder: Path, newsroom: Newsroom, *services: str) -> None:
        self.folder = folder
        made = run("init", str(folder), *services, cwd=folder.parent)
        assert made.code == 0, made.err
        settings = folder / "backfile.toml"
        settings.write_text(f"{newsroom.toml()}\n{settings.read_text().replace('[fetch]', '# [fetch]')}")

    def __call__(self, *arguments: str, stdin: str = "") -> Ran:
        return run(*arguments, cwd=self.folder, stdin=stdin)

    def good(self, *arguments: str, stdin: str = "") -> Ran:
        """A command that ends with 0."""
        ran = self(*arguments, stdin=stdin)
        assert ran.code == 0, (arguments, ran.out, ran.err)
        return ran

    def found(self, query: str) -> set[str]:
        """The addresses of what matches."""
        return {str(row["url"]) for row in self.good("search", query, "--limit", "50", "--json").rows if "url" in row}


@pytest.fixture
def services(
    postgresql: str, opensearch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, ...]]:
    """What `init` is told."""
    name = f"t{uuid4().hex}"
    with serving(tmp_path / "buckets") as bucket:
        for variable, value in bucket.env.items():
            monkeypatch.setenv(variable, value)
        yield (
            "--captures", bucket.address(name), "--catalog", f"{postgresql}?schema={name}",
            "--engine", "opensearch", "--search-url", opensearch, "--index", name,
        )  # fmt: skip


def pages(newsroom: Newsroom) -> list[str]:
    urls = [f"https://{topic}.example/story" for topic in TOPICS]
    for topic, url in zip(TOPICS, urls, strict=True):
        text = f"<p>Mayor Cherelle Parker spoke of the {topic} in Philadelphia. Larry Krasner did not answer.</p>" * 5
        newsroom.add(url, f"<title>The {topic}</title><article><h1>The {topic}</h1>{text}</article>")
    return urls


def test_an_archive_on_three_services_is_worked_with_as_ever(
    newsroom: Newsroom, services: tuple[str, ...], tmp_path: Path
) -> None:
    urls = pages(newsroom)
    one = Archive(tmp_path / "one", newsroom, *services)
    assert len(one.good("import", "-", "--json", stdin="\n".join(urls[:4])).rows) == 4
    assert one.found("Krasner") == set(urls[:4])
    assert "Cherelle Parker" in one.good("show", urls[1]).out
    one.good("tag", urls[0], "kept")
    assert one.found("tag:kept") == {urls[0]}

    two = Archive(tmp_path / "two", newsroom, *services)  # another door to the same archive
    assert two.found("Krasner") == set(urls[:4])
    two.good("add", *urls[4:])
    two.good("work", "--until-idle")
    two.good("catalogue", "--until-idle")
    assert one.found("Krasner") == two.found("Krasner") == set(urls)

    one.good("forget", urls[1], "--reason", "asked to")
    assert two.found("bridge") == set()
    assert two.found("Krasner") == set(urls) - {urls[1]}
    assert two("show", urls[1]).code == 3
    assert one.good("verify").out == two.good("verify").out

    one.good("rebuild")  # in the folder that made the index: it alone may put another in its place
    assert one.found("Krasner") == two.found("Krasner") == set(urls) - {urls[1]}
    assert entry_id(key(urls[0])) in one.good("search", "tag:kept", "--json").out
    status = json.loads(one.good("status", "--json").out)
    assert status["captures_at"] == services[1]
    assert status["catalog"].startswith("postgresql://127.0.0.1")
    assert status["index_at"].startswith(services[7])
    assert (status["index_lag"], status["index_problem"], status["writer"]) == (0, "", "")
    assert status["archive"]["articles"] == 5
    assert {path.name for path in (tmp_path / "one").glob("**/*.gz")} == set()
    assert not (tmp_path / "one" / "catalog.sqlite").exists()
