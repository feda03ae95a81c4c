"""Marked text once more with other names in it, so that a network learns what is said of a name and not the name.

Companies of plain words, people of rare last names and small towns are what the corpora have too few of. Each name that
is drawn gets one new name throughout its document: "Rival Boeing said …" becomes "Rival Hungry Bear said …".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from train_data import LABEL, Document, Sentence, names, spelled

from archive.entities.features import Lexicon
from archive.entities.known_organisations import organisations
from archive.entities.organisations import companies_listed
from archive.entities.tokens import tokenize

Soft = npt.NDArray[np.float16]
_SHARE = {"ORG": 0.75, "PER": 0.4, "LOC": 0.25}  # of the names of each kind that are renamed
ENDINGS = (
    "Labs Capital Group Energy Therapeutics Technologies Partners Media Foods Systems Health Pharma Motors Airlines "
    "Bank Logistics Studios Records Pictures Ventures Insurance Financial Holdings Power Space Robotics Software "
    "Networks Research Advisors Securities Resources Industries Entertainment Global Brands Retail Travel Games"
).split()
_NAME = re.compile(r"[A-Z][a-z]+")
_ORDER = 3  # letters that make the next one likely in a coined name
_COINED = (4, 9)  # letters
_LONGEST = 20  # signs of what is coined, with marks
_PLAIN, _SEEN = 8, (5, 9)  # tenths in lower case and binary magnitude of words that a company may be called by
_SURE = 0.8  # probability of its kind from which the teacher, too, takes a name for one
_KEPT = 0.95  # probability of the label of a name that is set in


class Names:
    """Draws names that no text has, of each kind."""

    def __init__(self, lexicon: Lexicon, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        lists = lexicon.gazetteer
        by_list: dict[str, list[str]] = defaultdict(list)
        for phrase, mask in lists.masks.items():
            for name in lists.names(mask):
                by_list[name].append(phrase)
        self._lasts = [word.capitalize() for word in by_list["LAST"] if word.isalpha()]
        self._firsts = [word.capitalize() for word in by_list["FIRST"] if word.isalpha()]
        self._towns = [phrase.title() for phrase in by_list["CITY"] if phrase.replace(" ", "").isalpha()]
        self._companies = sorted({*companies_listed(), *organisations("*", "en")})
        self._plain = sorted(
            word.capitalize()
            for word, code in lexicon.background.items()
            if code >> 4 >= _PLAIN and _SEEN[0] <= code & 15 <= _SEEN[1] and word.isalpha() and 3 < len(word) < 10
        )
        coiner = Coiner(self._random)
        self._coin_company = coiner.of([name for name in self._companies if _NAME.fullmatch(name)])
        self._coin_last, self._coin_town = coiner.of(self._lasts), coiner.of(self._towns)
        self._ways: list[tuple[float, Callable[[], str]]] = [
            (0.20, lambda: self._one(self._companies)),
            (0.14, lambda: self._one(self._plain)),
            (0.10, self._pair),
            (0.14, lambda: self._one(self._lasts)),
            (0.06, lambda: f"{self._one(self._lasts)} {self._one(self._lasts)}"),
            (0.14, self._coin_company),
            (0.08, lambda: f"{self._stem()} {self._one(ENDINGS)}"),
            (0.08, lambda: letters(self._random)),
            (0.03, lambda: self._coin_company()[:5] + self._one(self._plain)),
            (0.03, lambda: self._one(self._towns)),
        ]

    def organisation(self, old: str) -> str:
        """A company's name; letters for letters."""
        if old.isupper() and old.isalpha():
            return letters(self._random)
        way = self._random.choice(len(self._ways), p=[share for share, _ in self._ways])
        return self._ways[way][1]()

    def person(self, old: str) -> str:
        """A name of as many words, two at most."""
        last = self._one(self._lasts) if self._random.random() < 0.7 else self._coin_last()
        return last if " " not in old else f"{self._one(self._firsts)} {last}"

    def place(self, _old: str) -> str:
        """A town."""
        return self._one(self._towns) if self._random.random() < 0.6 else self._coin_town()

    def work(self) -> str:
        """A product, a ship or a work."""
        return self._one((self._coin_company(), self._one(self._plain), self._pair()))

    def chance(self, share: float) -> bool:
        """True in `share` of all calls."""
        return bool(self._random.random() < share)

    def _one(self, of: Sequence[str]) -> str:
        return of[int(self._random.integers(len(of)))]

    def _pair(self) -> str:
        return f"{self._one(self._plain)} {self._one(self._plain)}"

    def _stem(self) -> str:
        return self._one((self._one(self._plain), self._one(self._lasts), self._coin_company()))


class Coiner:
    """Coins names that look like given ones."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random

    def of(self, given: Sequence[str]) -> Callable[[], str]:
        """What coins names like these, of one word."""
        follow: dict[str, Counter[str]] = defaultdict(Counter)
        for name in given:
            marked = f"{'^' * _ORDER}{name.lower()}$"
            for at in range(_ORDER, len(marked)):
                follow[marked[at - _ORDER : at]][marked[at]] += 1
        shares = {
            before: (list(after), np.array(list(after.values())) / after.total()) for before, after in follow.items()
        }

        def coin() -> str:
            while True:
                made = "^" * _ORDER
                while not made.endswith("$") and len(made) < _LONGEST:
                    signs, weights = shares[made[-_ORDER:]]
                    made += signs[self._random.choice(len(signs), p=weights)]
                name = made.strip("^$").capitalize()
                if _COINED[0] <= len(name) <= _COINED[1] and name.isalpha():
                    return name

        return coin


def letters(random: np.random.Generator) -> str:
    """Three to five capitals."""
    return "".join(random.choice(list("ABCDEFGHIKLMNOPRSTUVW"), random.integers(3, 6)))


def renamed(document: Document, soft: Sequence[Soft] | None, draw: Names) -> tuple[Document, list[Soft] | None] | None:
    """The document with other names in it, and the teacher's answers for them; None where no name was drawn."""
    new = _new_names(document, soft, draw)
    if not new:
        return None
    sentences, answers = list[Sentence](), list[Soft]()
    for number, given in enumerate(document.sentences):
        told = soft[number] if soft is not None else None
        sentence, rows = _with_names(given, names(given, document.corpus), told, new)
        sentences.append(sentence)
        answers += [] if rows is None else [rows]
    return Document(document.name, document.corpus, sentences), answers if soft is not None else None


def _new_names(document: Document, soft: Sequence[Soft] | None, draw: Names) -> dict[tuple[str, str], list[str]]:
    """(kind, name) → the words of the new name, of those that are renamed."""
    kinds: dict[str, set[str]] = defaultdict(set)
    barred: set[str] = set()
    for number, given in enumerate(document.sentences):
        for kind, start, end in names(given, document.corpus):
            run = given.words[start:end]
            name = " ".join(run)
            kinds[name].add(kind)
            before = given.words[start - 1].lower() if start else ""
            plain = all(word[0].isupper() and word.isalpha() for word in run) and len(run) < 3
            doubted = soft is not None and not _is_sure(soft[number][start:end], kind)
            if kind not in _SHARE or not plain or doubted or (kind == "ORG" and before == "the"):
                barred.add(name)
    makers = {"ORG": draw.organisation, "PER": draw.person, "LOC": draw.place}
    lone = [(name, next(iter(found))) for name, found in kinds.items() if len(found) == 1 and name not in barred]
    return {(kind, name): tokenize(makers[kind](name)).words for name, kind in lone if draw.chance(_SHARE[kind])}


def _is_sure(rows: Soft, kind: str) -> bool:
    columns = [LABEL[f"{part}-{kind}"] for part in "BILU"]
    return bool(rows[:, columns].sum(axis=1).min() > _SURE)


def _with_names(
    given: Sentence, found: Sequence[tuple[str, int, int]], soft: Soft | None, new: Mapping[tuple[str, str], list[str]]
) -> tuple[Sentence, Soft | None]:
    words, spans, rows = list[str](), list[tuple[str, int, int]](), list[Soft]()
    begins = {start: (kind, end) for kind, start, end in found}
    moved = [0] * (len(given.words) + 1)
    at = 0
    while at < len(given.words):
        kind, end = begins.get(at, ("", at + 1))
        run = new.get((kind, " ".join(given.words[at:end])))
        if run is not None:
            moved[at:end] = [len(words)] * (end - at)
            rows += [] if soft is None else [_rows(kind, len(run))]
        else:
            run = given.words[at:end]
            moved[at:end] = range(len(words), len(words) + end - at)
            rows += [] if soft is None else [soft[at:end]]
        if kind:
            spans.append((kind, len(words), len(words) + len(run)))
        words += run
        at = end
    breaks = [moved[place] for place in given.breaks]
    return Sentence(words, spans, breaks, given.misc), np.concatenate(rows) if rows else None


def _rows(kind: str, size: int) -> Soft:
    rows = np.zeros((size, len(LABEL)), np.float16)
    rows[:, LABEL["O"]] = 1 - _KEPT
    rows[np.arange(size), spelled(kind, size)] = _KEPT
    return rows
