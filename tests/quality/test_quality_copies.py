"""Floors for what is taken for a copy, on pairs of stories of Reuters-21578 that were judged by reading them.

News wires are the hard case: most of their stories are reports of a kind, which differ from last week's in names and
numbers alone, and what is sent again is often rewritten. copies.tsv says how its 198 pairs were drawn and judged.

Of the other pairs in which half of the shorter text's runs of four words stand in the longer one (1,624 of texts of 25
words or more), 728 were taken for copies. By the samples of them: precision .96 (43 of 45), recall .84 (of 826 copies,
estimated from 8 of 55 among the 896 that were passed over: rewritten takes, and corrected numbers in the shortest).
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from index.copies.alike import Reading, are_copies
from index.copies.sketch import bands_of, words_of

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpora" / "reuters" / "reuters21578.jsonl.gz"
PAIRS = Path(__file__).with_name("copies.tsv")
# Sample and judgement → of so many pairs, how many are found to be copies.
EXPECTED = {
    ("tuned", "copy"): (43, 35),
    ("tuned", "other"): (55, 0),
    ("found", "copy"): (43, 43),
    ("found", "other"): (2, 2),
    ("passed", "copy"): (8, 0),
    ("passed", "other"): (47, 0),
}

pytestmark = [pytest.mark.quality, pytest.mark.skipif(not CORPUS.exists(), reason="needs ../shared/corpora")]


def test_pairs_are_judged_as_readers_judge_them() -> None:
    pairs = [line.split("\t") for line in PAIRS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    wanted = {id_ for one, other, *_ in pairs for id_ in (one, other)}
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        texts = {row["id"]: row["body"] or "" for row in map(json.loads, lines) if row["id"] in wanted}
    pairs_of, found = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one, other, judged, sample in pairs:
        pairs_of[sample, judged] += 1
        found[sample, judged] += is_found(texts[one], texts[other])
    measured = {kind: (count, found[kind]) for kind, count in pairs_of.items()}
    assert {kind: count for kind, (count, _) in measured.items()} == {kind: n for kind, (n, _) in EXPECTED.items()}
    for (sample, judged), (_, least) in EXPECTED.items():
        got = measured[sample, judged][1]
        assert got >= least if judged == "copy" else got <= least, (sample, judged, got, least)


def is_found(one: str, other: str) -> bool:
    """Whether the index would take them for copies: they meet, and are alike."""
    meet = set(bands_of(words_of(one))) & set(bands_of(words_of(other)))
    return bool(meet) and are_copies(Reading.of(one), Reading.of(other))
