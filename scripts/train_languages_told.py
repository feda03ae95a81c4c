"""Sentences of news in eleven languages, written for this project (train_languages_told.txt), with names set in.

They say what news says of companies, clubs, parties and media; the names are drawn, and most of them nobody bears.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from train_data import LABEL, spelled
from train_languages_data import Marked, divided
from train_languages_renamed import ForeignNames

FILE = Path(__file__).with_name("train_languages_told.txt")
TIMES = 40  # that each line is shown, with other names each time
_SLOT = re.compile(r"\{([a-z])(\d?)\}")
_TYPES = {"o": "ORG", "a": "ORG", "c": "ORG", "p": "PER", "l": "PER", "t": "LOC", "m": "MISC"}


def sentences(names_of: Callable[[str], ForeignNames], times: int = TIMES) -> Iterator[Marked]:
    """Each line of the file `times` times."""
    lines = [line for line in FILE.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    for number in range(times):
        lang = ""
        for place, line in enumerate(lines):
            if line[0] == "=":
                lang = line[1:]
            else:
                yield _filled(line, lang, names_of(lang), f"{FILE.stem} {number}.{place}")


def _filled(line: str, lang: str, draw: ForeignNames, document: str) -> Marked:
    text, marks, end = "", list[tuple[str, int, int]](), 0
    known: dict[str, str] = {}
    for slot in _SLOT.finditer(line):
        kind, number = slot[1], slot[2]
        name = known.get(kind + number) if number else None
        if name is None and kind == "l" and number:
            name = known.get(f"p{number}", "").rpartition(" ")[2] or None
        if name is None:
            name = draw.one(kind)
        if number:
            known[kind + number] = name
        text += line[end : slot.start()]
        marks.append((_TYPES[kind], len(text), len(text) + len(name)))
        text += name
        end = slot.end()
    text += line[end:]
    tokens = divided(text, lang)
    labels = [LABEL["O"]] * len(tokens.words)
    edges = [(start, start + len(word)) for start, word in zip(tokens.starts, tokens.words, strict=True)]
    for kind, first, last in marks:
        inside = [number for number, (begin, stop) in enumerate(edges) if begin < last and stop > first]
        labels[inside[0] : inside[-1] + 1] = spelled(kind, len(inside))
    return Marked(lang, "gold", document, tokens, labels)
