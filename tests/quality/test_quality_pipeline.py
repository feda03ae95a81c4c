"""Real pages of the shared corpus, served under their real host names, through the whole pipeline.

Says that the spine holds on what publishers really serve; how well pages are read is test_quality_pages.py's.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from newsroom import Newsroom

from archive import ArchiveSettings, Outcome, create_archive, open_archive
from index import open_index

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpora" / "pages"
EVERY = 4  # of 221 pages: enough publishers, and a minute saved

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpora are not beside the checkout"),
]


def test_real_pages_are_archived_read_and_found(newsroom: Newsroom, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (CORPUS / "truth.jsonl").read_text(encoding="utf-8").split("\n") if line]
    rows = [row for row in rows if (row["url"] or "").startswith("http")][::EVERY]
    for row in rows:
        page = gzip.decompress((CORPUS / "html" / row["file"]).read_bytes())
        newsroom.add(row["url"], page, type="text/html; charset=utf-8" if row["encoding"] == "utf-8" else "text/html")
    create_archive(tmp_path / "archive").close()
    settings = ArchiveSettings(fetch=newsroom.settings())
    with open_archive(tmp_path / "archive", settings) as archive, open_index(archive, archive.folder) as index:
        added = list(archive.add((row["url"] for row in rows), depth=0))
        index.update()
        assert len(added) == len({row["url"] for row in rows})
        unread = {page.url: page.detail for page in added if page.outcome not in (Outcome.OK, Outcome.PAYWALL)}
        assert len(unread) <= len(added) // 20, unread
        assert list(archive.verify()) == []
        assert list(index.check()) == []
        found = index.search("", limit=0, facets=["lang", "site"])
        assert found.total >= len(added) - len(unread) - 1
        assert found.facets[0].distinct >= 8, "languages"
