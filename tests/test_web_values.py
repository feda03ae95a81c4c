"""What choosing, leaving out and taking back does: for every value of every facet, on the sample newsroom."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from choosing import checked
from sample_newsroom.pages import load
from sites import as_served

from archive import ArchiveSettings, EntitySettings, Item, LinkSettings, Origin, create_archive
from backfile.desk import open_desk
from backfile.web.site import Site

pytestmark = pytest.mark.slow
QUERIES = ("", "board", 'place:="Sillmouth" -is:="cited"', "FPSA OR harbour")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The stories of the newsroom, every third of them tagged."""
    folder = tmp_path_factory.mktemp("values") / "archive"
    create_archive(folder).close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="default"))
    newsroom = load()
    items = (
        Item(
            story.url, Origin("list", "newsroom"), payload=newsroom.answer(story.url).body, media_type="text/html",
            tags=() if n % 3 else ("to check", f"week {n}"),
        )
        for n, story in enumerate(newsroom.stories)
    )  # fmt: skip
    with open_desk(folder, settings) as desk:
        list(desk.archive.import_items(items, name="newsroom", fetch=False))
        desk.catch_up()
        yield as_served(desk)


@pytest.mark.parametrize("query", QUERIES)
def test_every_value_finds_what_it_counts_and_is_taken_back(site: Site, query: str) -> None:
    done = checked(site.desk, query, most=1000)
    assert done.values > 50
    assert done.wrong == []
