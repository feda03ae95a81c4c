"""Floors for questions as people ask them, over 21,578 stories of Reuters; questions.tsv has them and the answers.

Sixty-one questions, the first thirty-seven of them sentences, were written from what one remembers of
1987, before any story was looked at. For each, the eight best of five systems were put together in the order of their
ids: our former formula (Whoosh's idf, title and text added up), the present one with and without expansion, tantivy
and stock Whoosh (both any word, stemmed, over title and body). One reader judged each of the some 830 stories by title
and opening, without knowing which system found it: relevant is what tells something that was asked for. Five more
questions, to which no story in the pool was an answer, were left out. What no system had among its best eight counts
as not relevant. The ids are the corpus' own.

measured                          MAP (sentences, the rest)    nDCG@10
any of the words, by the formula  .791 (.794, .787)            .833
… expanded where long             .800 (.809, .786)            .842
as typed                          .764 (.809, .693)            .816
… with exact hits always first    .735 (.789, .652)            .791
tantivy, any of the words         .785 (.808, .750)            .829
stock Whoosh, any of the words    .784 (.802, .755)            .834
our former formula, any           .789 (.788, .791)            .827

As typed, short questions have their exact hits first, and a list of words with five of those has no others, so that
what mentions all words in passing comes before what is about most of them: that is what it costs to hold lists of words
to all of them. Long ones, and those alone, stand by their scores.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from index_stories import story

from archive import Entry
from index import SearchSettings
from index.asking import Question, loosened, question
from index.engines import Batch, opener
from index.fields import document
from index.results import Place
from index.searching import expanded, page

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpora" / "reuters" / "reuters21578.jsonl.gz"
DIGEST = "5a7c3a1a5760ad413c564b85e550cf2e79b44587172391b6516c69c442633d1c"
QUESTIONS = Path(__file__).with_name("questions.tsv")
DEPTH = 1000
BY_FORMULA = {"MAP": 0.795, "nDCG@10": 0.835}
AS_TYPED = {"MAP": 0.76, "nDCG@10": 0.81}

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not CORPUS.is_file(), reason="the shared corpora are not beside the checkout"),
]


class Stories:
    """All stories in the default engine."""

    def __init__(self, folder: Path) -> None:
        data = gzip.decompress(CORPUS.read_bytes())
        assert hashlib.sha256(data).hexdigest() == DIGEST, "another corpus: judge again, then pin"
        rows = map(json.loads, data.decode().splitlines())
        self.entries = {str(row["id"]): story(str(row["id"]), row["title"] or "", row["body"] or "") for row in rows}
        self.engine = opener("whoosh")(folder, SearchSettings())
        self.engine.apply(Batch([document(entry) for entry in self.entries.values()], (), 1))

    def by_formula(self, text: str) -> list[str]:
        """Any of the words."""
        asked = expanded(self._question(text), self.engine.run, self._get_many)
        return [row.card.id for row in self.engine.run(loosened(asked, DEPTH, exact=True)).rows]

    def as_typed(self, text: str) -> list[str]:
        found = page(self._question(text), DEPTH, Place(), self.engine.run, self._get_many, strict=False)
        return [row.card.id for row in found.rows]

    def _get_many(self, ids: Iterable[str]) -> dict[str, Entry]:
        return {id_: self.entries[id_] for id_ in ids}

    @staticmethod
    def _question(text: str) -> Question:
        return question(text, SearchSettings(), today=date(1987, 12, 31))


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Stories:
    return Stories(tmp_path_factory.mktemp("reuters"))


def judged() -> dict[str, frozenset[str]]:
    rows = [line.split("\t") for line in QUESTIONS.read_text(encoding="utf-8").splitlines()[1:]]
    return {asked: frozenset(relevant.split()) for asked, relevant in rows}


def scores(rank: Callable[[str], Sequence[str]]) -> Mapping[str, float]:
    precisions, gains = [], []
    for asked, relevant in judged().items():
        places = [place for place, id_ in enumerate(rank(asked), 1) if id_ in relevant]
        precisions.append(sum(number / place for number, place in enumerate(places, 1)) / len(relevant))
        ideal = sum(1 / math.log2(place + 1) for place in range(1, min(10, len(relevant)) + 1))
        gains.append(sum(1 / math.log2(place + 1) for place in places if place <= 10) / ideal)
    return {"MAP": sum(precisions) / len(precisions), "nDCG@10": sum(gains) / len(gains)}


def test_any_of_the_words_ranked_by_the_formula(stories: Stories) -> None:
    found = scores(stories.by_formula)
    assert {name: found[name] for name, floor in BY_FORMULA.items() if found[name] < floor} == {}


def test_questions_as_they_are_typed(stories: Stories) -> None:
    found = scores(stories.as_typed)
    assert {name: found[name] for name, floor in AS_TYPED.items() if found[name] < floor} == {}
