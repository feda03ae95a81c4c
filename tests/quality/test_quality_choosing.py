"""The panel of facets on news text: what a value counts is what choosing it finds, and taking it back undoes it.

Of 3,000 stories of Reuters-21578 the hundred most frequent values of each facet, from three searches.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from choosing import checked

from archive import ArchiveSettings, EntitySettings, Item, LinkSettings, Origin, create_archive
from backfile.desk import Desk, open_desk

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpora" / "reuters" / "reuters21578.jsonl.gz"
STORIES = 3000
MOST = 100

pytestmark = [pytest.mark.quality, pytest.mark.skipif(not CORPUS.exists(), reason="needs ../shared/corpora")]


def items() -> Iterator[Item]:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for row in islice(map(json.loads, lines), STORIES):
            address = f"https://reuters.example/{row['id']}"
            tags = tuple(row["topics"])
            yield Item(address, Origin("list", "reuters"), title=row["title"], text=row["body"] or "", tags=tags)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("choosing") / "archive"
    create_archive(folder).close()
    settings = ArchiveSettings(links=LinkSettings(depth=0), entities=EntitySettings(recogniser="default"))
    with open_desk(folder, settings) as desk:
        list(desk.archive.import_items(items(), name="reuters", fetch=False))
        desk.catch_up()
        yield desk


@pytest.mark.parametrize("query", ["", "oil price", 'place:="Japan" -org:="Reuters"'])
def test_every_value_finds_what_it_counts_and_is_taken_back(desk: Desk, query: str) -> None:
    done = checked(desk, query, MOST)
    assert done.values > 200
    assert done.wrong == []
