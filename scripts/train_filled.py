"""English sentences of news, written for this project (train_filled.txt), with names set in at random."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from train_data import Document, Sentence
from train_renamed import Names

from archive.entities.tokens import tokenize

FILE = Path(__file__).with_name("train_filled.txt")
CORPUS = "filled"
TIMES = 30  # that each line is shown, with other names each time
_SLOT = re.compile(r"\{([a-z])(\d?)\}")
_TYPES = {"o": "ORG", "a": "ORG", "p": "PER", "l": "PER", "t": "LOC", "m": "MISC"}


def documents(draw: Names, times: int = TIMES) -> Iterator[Document]:
    """Each line of the file `times` times."""
    lines = [line for line in FILE.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    for number in range(times):
        for place, line in enumerate(lines):
            yield Document(f"{CORPUS} {number}.{place}", CORPUS, [_filled(line, draw)])


def _filled(line: str, draw: Names) -> Sentence:
    makers = {
        "o": lambda: draw.organisation(""),
        "a": lambda: draw.organisation("A"),
        "p": lambda: draw.person("A B"),
        "l": lambda: draw.person("A"),
        "t": lambda: draw.place(""),
        "m": lambda: draw.work(),
    }
    text, marks, end = "", list[tuple[str, int, int]](), 0
    known: dict[str, str] = {}
    for slot in _SLOT.finditer(line):
        kind, number = slot[1], slot[2]
        name = known.get(kind + number) if number else None
        if name is None and kind == "l":
            name = known.get(f"p{number or 1}", "").rpartition(" ")[2] or None
        if name is None:
            name = makers[kind]()
        if number:
            known[kind + number] = name
        text += line[end : slot.start()]
        marks.append((_TYPES[kind], len(text), len(text) + len(name)))
        text += name
        end = slot.end()
    text += line[end:]
    tokens = tokenize(text)
    spans = []
    for kind, first, last in marks:
        inside = [n for n, start in enumerate(tokens.starts) if first <= start < last]
        spans.append((kind, inside[0], inside[-1] + 1))
    return Sentence(tokens.words, spans, tokens.sentences, misc=True)
