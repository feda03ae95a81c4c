"""A floor for places rolled up to countries, on Reuters-21578: never lowered in silence.

Its stories carry the countries that an editor thought they were about. Ours are those that `countries` finds by lists
(cities, divisions, peoples, exchanges), or the United States, Reuters' home market in this collection, where a story
names none. Every tenth story with a label; micro-averaged F1 over (story, country).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from archive.entities import places
from archive.entities.countries import countries

FILE = Path(__file__).parents[2].parent / "shared" / "corpora" / "reuters" / "reuters21578.jsonl.gz"
DIGEST = "5a7c3a1a5760ad413c564b85e550cf2e79b44587172391b6516c69c442633d1c"
FLOOR = 0.86
HOME = "US"
LABELS = {
    "usa": "US",
    "uk": "GB",
    "west-germany": "DE",
    "ussr": "SU",
    "uae": "AE",
    "zaire": "CD",
    "burma": "MM",
    "kampuchea": "KH",
    "yemen-arab-republic": "YE",
    "yemen-demo-republic": "YE",
    "us-virgin-islands": "VI",
    "congo": "CG",
}

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not FILE.is_file(), reason="the shared corpora are not beside the checkout"),
]


def code(label: str) -> str:
    if label in LABELS:
        return LABELS[label]
    (country,) = {p.country for p in places.load().find(label.replace("-", " ")) if p.kind == "country"}
    return country


def stories() -> list[dict[str, Any]]:
    data = gzip.decompress(FILE.read_bytes())
    assert hashlib.sha256(data).hexdigest() == DIGEST, "another corpus: measure again, then pin"
    return [row for row in map(json.loads, data.decode().splitlines()) if row["places"]][::10]


def test_stories_are_about_the_countries_that_editors_saw() -> None:
    right = ours = theirs = 0
    for story in stories():
        wanted = {code(label) for label in story["places"]}
        found = set(countries(story["title"], story["body"]) or [HOME])
        right, ours, theirs = right + len(wanted & found), ours + len(found), theirs + len(wanted)
    assert 2 * right / (ours + theirs) >= FLOOR
