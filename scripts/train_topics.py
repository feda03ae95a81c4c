"""Distil the word × subject table and the word background of archive/entities/data/subjects.tsv.gz.

    python scripts/train_topics.py PATH/TO/entities      (a folder with train/ and lists/, see its README)

Nobody has labelled openly licensed news with IPTC subjects, so the labels are distant: names and definitions of the
1,300 concepts (CC BY 4.0, IPTC) and the word lists of topic_seeds.tsv speak for the 17 top-level subjects; a text in
which one subject's words clearly lead is taken as one of that subject, the words of these texts are counted, and once
more with the table so won. The text: Voice of
America (public domain) in runs of four sentences, Wikipedia and GUM documents (CC BY-SA, CC BY);
everyday speech to subtract from the Broad Twitter Corpus (CC BY). Only counts are kept.
Deterministic: same input, same table.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OUT = HERE.parent / "archive" / "entities" / "data" / "subjects.tsv.gz"
WORD = re.compile(r"[a-z][a-z'-]*[a-z]")
SHRINK = 6.0  # sightings that pull a word towards saying nothing
SEED_COUNT = 10.0  # a seed word counts as seen in so many texts of its subject, on top of the real ones
DAMPING = 0.5  # power of a subject's size
CLEAR = 1.6  # how far the leading subject of a text must be ahead of the second
COMMON = 2.6  # nats: words more common than this speak for nothing
LEAST = 3  # documents that a word must be in to be kept
MOST = 26_000  # words kept


def words(text: str) -> list[str]:
    return [w.removesuffix("'s") for w in WORD.findall(text.lower().replace("’", "'"))]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def documents(train: Path) -> list[list[str]]:
    """Unlabelled text: documents where the source knows them, else runs of four sentences."""
    found: list[list[str]] = []
    for name in ("voa_teacher", "crossner"):
        sentences = [words(row["text"]) for row in rows(train / f"{name}.jsonl.gz")]
        size = 4 if name == "voa_teacher" else 1
        found += [list(chain.from_iterable(sentences[i : i + size])) for i in range(0, len(sentences), size)]
    for name in ("redocred", "gum_open"):
        texts: dict[str, list[str]] = defaultdict(list)
        for row in rows(train / f"{name}.jsonl.gz"):
            texts[row["doc_id"]] += words(row["text"])
        for text in texts.values():
            found += [text[i : i + 150] for i in range(0, len(text), 150)]
    return [text for text in found if len(text) > 8]


Counts = dict[str, dict[str, float]]


def seeds(concepts: list[dict[str, Any]]) -> Counts:
    """Subject → words that speak for it, and how strongly."""
    found: Counts = {}
    for line in (HERE / "topic_seeds.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, listed = line.split("\t")
            found[code] = defaultdict(float, dict.fromkeys(listed.split(), SEED_COUNT))
    sizes = Counter(concept["root"] for concept in concepts)
    for concept in concepts:
        if not concept["retired"]:
            described = Counter(words(concept["definition"] or "")) + Counter(words(concept["name"]) * 4)
            for word, count in described.items():
                found[concept["root"]][word] += 30 * count / (30 + sizes[concept["root"]])
    return found


Weights = dict[str, dict[str, float]]  # word → subject → weight


def fit(texts: list[list[str]], given: Counts) -> Weights:
    """How much each word speaks for each subject, from the seeds over two rounds of labelled texts."""
    rarity = rarities(texts)
    weights: Weights = defaultdict(dict)
    for code, listed in given.items():
        for word, count in listed.items():
            if count >= 4 and rarity.get(word, 9.0) > COMMON:
                weights[word][code] = 1.0
    for _ in range(2):
        counts: Counts = {code: defaultdict(float, listed) for code, listed in given.items()}
        for text in texts:
            subject = leading(set(text), weights)
            if subject:
                for word in set(text):
                    counts[subject][word] += 1
        weights = weigh(counts, rarity)
    return weights


def rarities(texts: list[list[str]]) -> dict[str, float]:
    """Word → nats of its document frequency, for words in LEAST texts and more."""
    frequency = Counter(word for text in texts for word in set(text))
    return {w: math.log(len(texts) / n) for w, n in frequency.most_common(MOST) if n >= LEAST}


def leading(bag: set[str], weights: Mapping[str, Mapping[str, float]]) -> str | None:
    """The subject that a text clearly belongs to."""
    scores: dict[str, float] = defaultdict(float)
    for word in bag:
        for code, weight in weights.get(word, {}).items():
            scores[code] += weight
    best = sorted(scores.items(), key=lambda item: -item[1])[:2]
    if not best or best[0][1] < 2 or (len(best) > 1 and best[0][1] < CLEAR * best[1][1]):
        return None
    return best[0][0]


def weigh(counts: Counts, rarity: dict[str, float]) -> Weights:
    """Pointwise mutual information of word and subject, shrunk towards 0 for words seen little."""
    totals = {code: sum(n for w, n in c.items() if rarity.get(w, 0) > COMMON) for code, c in counts.items()}
    damped = {code: total**DAMPING for code, total in totals.items()}  # rare subjects are not to win by being rare
    shares = {code: total / sum(damped.values()) for code, total in damped.items()}
    weights: Weights = {}
    for word, rare in rarity.items():
        if rare <= COMMON:
            continue
        seen = {code: c.get(word, 0.0) for code, c in counts.items()}
        whole = sum(seen.values()) + SHRINK
        found = {c: math.log((n + SHRINK * shares[c]) / (whole * shares[c])) for c, n in seen.items()}
        best = sorted(found.items(), key=lambda item: -item[1])[:3]
        weights[word] = {code: weight for code, weight in best if weight > 0.4 and seen[code] > 1}
    return weights


def usual(texts: list[list[str]], weights: Weights, codes: list[str]) -> list[float]:
    """The share of each subject in the scores of everyday text, which is about nothing much: subtracted when read."""
    scores: dict[str, float] = defaultdict(float)
    for text in texts:
        for word in set(text):
            for code, weight in weights.get(word, {}).items():
                scores[code] += weight
    whole = sum(scores.values())
    return [scores[code] / whole for code in codes]


def table(texts: list[list[str]], weights: Weights, number: dict[str, int]) -> list[str]:
    """Lines: word, background rarity in tenths of nats, and the subjects it speaks for with their weights in tenths."""
    return [
        f"{word}\t{round(10 * rare)}\t"
        + " ".join(f"{number[code]}:{round(10 * weight)}" for code, weight in weights.get(word, {}).items())
        for word, rare in sorted(rarities(texts).items())
    ]


def main() -> None:
    folder = Path(sys.argv[1])
    concepts: list[dict[str, Any]] = json.loads(
        gzip.decompress((folder / "lists" / "iptc_mediatopics_2023-10-24.json.gz").read_bytes())
    )
    texts = documents(folder / "train")
    given = seeds(concepts)
    weights = fit(texts, given)
    head = ["# IPTC Media Topics 2023-10-24 (c) IPTC, CC BY 4.0. Word counts: see scripts/train_topics.py"]
    live = [c for c in concepts if not c["retired"]]
    number = {code: i for i, code in enumerate(sorted(given))}
    everyday = [words(row["text"]) for row in rows(folder / "train" / "btc.jsonl.gz")]
    head += ["B\t" + " ".join(f"{share:.4f}" for share in usual(everyday + texts, weights, sorted(given)))]
    head += [f"S\t{c['qcode']}\t{number[c['root']]}\t{c['name']}" for c in live]
    OUT.write_bytes(gzip.compress("\n".join([*head, *table(texts, weights, number)]).encode(), 9, mtime=0))
    print(f"{OUT}: {OUT.stat().st_size} bytes from {len(texts)} texts")


if __name__ == "__main__":
    main()
