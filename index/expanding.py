"""Words that the best hits of a long question have in common, asked as well. Pure.

RM3 (Abdul-Jaleel et al., UMass at TREC 2004): a word counts by its share of each of the ten best hits, a hit by its
share of their scores; the weightiest words are added, all together with SHARE of the weight of the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter

from index.analysis import cut_in
from index.fields import Document

HITS = 10
WORDS = 20
SHARE = 0.2
_READ = 20_000  # characters of a text
_WEIGHTS = {"title": 2.0, "text": 1.0}


def expansion(
    hits: Sequence[tuple[Document, float]], asked: Mapping[str, float], left_out: AbstractSet[str]
) -> dict[str, float]:
    """Stems and what each weighs beside the weights of `asked`, out of the best hits and their scores.

    `left_out`: terms that say nothing.
    """
    import heapq

    total = sum(score for _, score in hits) or 1.0
    model: dict[str, float] = {}
    for document, score in hits:
        often = _often(document, left_out)
        length = sum(often.values()) or 1.0
        for stem, count in often.items():
            model[stem] = model.get(stem, 0.0) + score / total * count / length
    chosen = heapq.nlargest(WORDS, model.items(), key=itemgetter(1))
    scale = sum(asked.values()) * SHARE / (1 - SHARE) / (sum(share for _, share in chosen) or 1.0)
    return {stem: share * scale for stem, share in chosen}


def _often(document: Document, left_out: AbstractSet[str]) -> dict[str, float]:
    """How often each stem is in the title and the text, as words without a field count them."""
    often: dict[str, float] = {}
    for name, weight in _WEIGHTS.items():
        for value in document.texts.get(name, ()):
            for term, stem in cut_in(value[:_READ], document.speech(name)):
                if len(term) > 1 and not term.isdigit() and term not in left_out:
                    often[stem] = often.get(stem, 0.0) + weight
    return often
