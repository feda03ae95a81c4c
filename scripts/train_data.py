"""Corpora for the recogniser's training: JSON Lines with marked names → our tokens and labels; lists → the gazetteer.

A corpus is a file FOLDER/train/NAME.jsonl.gz; each line has doc_id, text (tokens joined by blanks), tokens,
spans [{type, start, end}] in tokens, and types_annotated. Everything is divided anew by `tokens.tokenize`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.entities.gazetteer import save_gazetteer
from archive.entities.tokens import tokenize

TYPES = ("PER", "LOC", "ORG", "MISC")
LABELS = ["O", *(f"{part}-{kind}" for kind in TYPES for part in "BILU")]
LABEL = {label: number for number, label in enumerate(LABELS)}
MISC = [LABEL["O"], *(LABEL[f"{part}-MISC"] for part in "BILU")]
NO_NAME_OR_MISC = -2  # the label of a word outside names in a corpus that does not mark MISC
GOLD = (
    "redocred",
    "gum_open",
    "uner_ewt_dev",
    "uner_ewt_test",
    "wnut17_train",
    "wnut17_dev",
    "btc",
    "crossner",
    "re3d_open",
)
# Before a person's name, and no part of it: what the shipped network was taught.
HONORIFICS = frozenset(
    "mr mr. mrs mrs. ms ms. miss dr dr. prof. sen. sens. rep. reps. gov. gen. lt. col. maj. capt. sgt. cpl. rev. "
    "president vice prime minister premier pm senator representative governor mayor councilman councilwoman "
    "congressman congresswoman judge justice sheriff secretary chancellor ambassador professor sir dame lord lady "
    "baron count king queen prince princess emperor empress tsar sultan sheikh pope saint st. father brother sister "
    "imam rabbi ayatollah chief captain commander admiral inspector detective officer sergeant lieutenant colonel "
    "general special envoy elder director chairman chairwoman commissioner speaker spokesman spokeswoman coach manager "
    "deputy attorney minister archbishop cardinal bishop reverend mullah".split()
)
TAUGHT = ("voa_teacher",)  # texts that machines labelled: these labels and the teacher's answers are mixed


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words as we divide them and the names in them, (type, start, end) in words. `misc`: MISC was marked too."""

    words: list[str]
    spans: list[tuple[str, int, int]]
    breaks: list[int]
    misc: bool


@dataclass(frozen=True, slots=True)
class Document:
    """Sentences that belong together; a corpus without documents has one per sentence."""

    name: str
    corpus: str
    sentences: list[Sentence]


def read_rows(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def offsets(words: Sequence[str]) -> list[tuple[int, int]]:
    """Character [start, end) of each word in the text that joins them by blanks."""
    found, place = [], 0
    for word in words:
        found.append((place, place + len(word)))
        place += len(word) + 1
    return found


def sentence(row: dict[str, Any]) -> Sentence:
    """A row in our tokens. A name's edge inside one of our tokens is widened to that token."""
    chars = offsets(row["tokens"])
    cut = tokenize(" ".join(row["tokens"]))
    ends = [start + len(word) for start, word in zip(cut.starts, cut.words, strict=True)]
    spans = []
    for span in row["spans"]:
        if span["type"] in TYPES:
            first, last = chars[span["start"]][0], chars[span["end"] - 1][1]
            inside = [i for i, (a, b) in enumerate(zip(cut.starts, ends, strict=True)) if b > first and a < last]
            spans.append((span["type"], inside[0], inside[-1] + 1))
    return Sentence(cut.words, sorted(spans, key=lambda span: span[1]), cut.sentences, "MISC" in row["types_annotated"])


def read_corpus(file: Path) -> list[Document]:
    """The documents of one corpus, in its order."""
    documents: list[Document] = []
    name = file.name.partition(".")[0]
    for row in read_rows(file):
        if not row["tokens"]:
            continue
        key = row["doc_id"] or row["id"]
        if not documents or documents[-1].name != key:
            documents.append(Document(key, name, []))
        documents[-1].sentences.append(sentence(row))
    return documents


def read_corpora(folder: Path, names: Sequence[str]) -> list[Document]:
    """The documents of several corpora of FOLDER/train."""
    return [document for name in names for document in read_corpus(folder / "train" / f"{name}.jsonl.gz")]


def neighbours(documents: Sequence[Document], count: int = 8) -> list[Document]:
    """Lone sentences that follow each other in their source, `count` at a time as one document."""
    parts = [documents[begin : begin + count] for begin in range(0, len(documents), count)]
    return [
        Document(part[0].name, part[0].corpus, [given for document in part for given in document.sentences])
        for part in parts
    ]


def build_gazetteer(lists_file: Path, folder: Path) -> None:
    """Write data/gazetteer.txt.gz from {phrase: [list, …]}."""
    with gzip.open(lists_file, "rt", encoding="utf-8") as stream:
        given: dict[str, list[str]] = json.load(stream)
    phrases: dict[str, set[str]] = {}
    for phrase, names in given.items():
        phrases.setdefault(" ".join(tokenize(phrase).words), set()).update(names)
    lists = sorted({name for names in phrases.values() for name in names})
    save_gazetteer(folder, lists, {phrase: sorted(names) for phrase, names in phrases.items() if phrase})


def names(given: Sentence, corpus: str) -> list[tuple[str, int, int]]:
    """The names of a sentence by one rule for all: no titles before people, none by machine without a capital."""
    kept = []
    for kind, start, end in given.spans:
        first = start
        while kind == "PER" and first < end and given.words[first].lower() in HONORIFICS:
            first += 1
        machine = corpus in TAUGHT
        if first < end and not (machine and "".join(given.words[first:end]).islower()):
            kept.append((kind, first, end))
    return kept


def label(given: Sentence, corpus: str) -> list[int]:
    """One label number per word."""
    outside = LABEL["O"] if given.misc else NO_NAME_OR_MISC
    found = [outside] * len(given.words)
    for kind, start, end in names(given, corpus):
        found[start:end] = spelled(kind, end - start)
    return found


def spelled(kind: str, size: int) -> list[int]:
    """The label numbers of the words of a name."""
    parts = "U" if size == 1 else "B" + "I" * (size - 2) + "L"
    return [LABEL[f"{part}-{kind}"] for part in parts]


def recased(given: Sentence, upper: bool) -> Sentence:
    """The sentence as a headline: all in capitals, or longer words with a first capital."""
    words = [word.upper() if upper else word[0].upper() + word[1:] if len(word) > 3 else word for word in given.words]
    return Sentence(words, given.spans, given.breaks, given.misc)
