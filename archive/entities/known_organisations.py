"""Organisations that news text in a language calls by one name, and that mean one thing (data/names_known.tsv)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from archive.entities.decode import TokenSpan
from archive.entities.languages import listed_as
from archive.entities.organisations import companies_listed
from archive.entities.tables import rows
from archive.entities.tokens import Tokens, tokenize

_FILE = Path(__file__).parent / "data" / "names_known.tsv"
AGENCIES = frozenset({"AP", "Reuters", "AFP", "UPI", "CNN", "dpa", "IANS", "PTI", "Xinhua", "VOA"})
_SIGNING = frozenset({"REUTER", *map(str.upper, AGENCIES)})
LISTED = 0.7  # confidence of what nothing but its name tells
_JOINS = frozenset({"-", "–", "/"})  # what makes one word of two: a "Twitter-Nutzer" is no organisation


def organisations(*languages: str) -> list[str]:
    """Those of these languages, as they are written; "*" are those that are called so in all."""
    return [name for of, names in rows(_FILE) if of in languages for name in names.split("|")]


@cache
def _english() -> dict[str, list[tuple[str, ...]]]:
    """By their first words, longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    pairs = [name for name in companies_listed() if " & " in name]
    for name in (*organisations("*", "en"), *pairs):
        for spelled in {name, name.replace(" & ", " and ")}:
            words = tuple(tokenize(spelled).words)
            found.setdefault(words[0], []).append(words)
    for known in found.values():
        known.sort(key=len, reverse=True)
    return found


@cache
def named_in(lang: str) -> frozenset[str]:
    """Organisations that news in a language calls by this name."""
    return frozenset(organisations("*", listed_as(lang)))


@cache
def named_alone() -> frozenset[str]:
    """Organisations that English news calls by this name, and listed companies."""
    return companies_listed() | named_in("en")


def known(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """The names of an English article, and those organisations that were passed over, taken for something else, or of
    which but a part was seen. What is part of a longer name stays so, and what is one word with another is none."""
    return with_listed(names, _found(words))


def unsigned(tokens: Tokens, names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """The names without the agency that signs the story: it stands alone at its end."""
    last = tokens.sentences[-1]
    signed = names and names[-1].start == last and names[-1].end == len(tokens.words) == last + 1
    return list(names[:-1]) if signed and tokens.words[last].upper() in _SIGNING else list(names)


def apart(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """The names, with "Blue Origin and Dynetics" as two, where it was taken for one name that is nobody's and a list
    knows one half."""
    return [part for name in names for part in _halves(words, name)]


def _halves(words: Sequence[str], name: TokenSpan) -> list[TokenSpan]:
    run = words[name.start : name.end]
    if name.type != "MISC" or "and" not in run[1:-1]:
        return [name]
    at = name.start + run.index("and", 1)
    halves = [TokenSpan("ORG", name.start, at, LISTED), TokenSpan("ORG", at + 1, name.end, LISTED)]
    known = any(" ".join(words[half.start : half.end]) in named_alone() for half in halves)
    return halves if known and words[at + 1][0].isupper() else [name]


def with_listed(names: Sequence[TokenSpan], listed: Iterable[TokenSpan]) -> list[TokenSpan]:
    """The names, and of those that a list knows each that all names there give way to, in their place. Sorted."""
    at = {index: name for name in names for index in range(name.start, name.end)}
    gone: set[TokenSpan] = set()
    more: list[TokenSpan] = []
    for known in listed:
        inside = {at[index] for index in range(known.start, known.end) if index in at}
        if all(_gives_way(name, known) for name in inside):
            gone |= inside
            more.append(known)
    return sorted([*(name for name in names if name not in gone), *more], key=lambda name: name.start)


def _gives_way(name: TokenSpan, known: TokenSpan) -> bool:
    """Whether a name is part of what is known, or an organisation that is known taken for something else."""
    if name.start < known.start or name.end > known.end:
        return False
    return name.end - name.start < known.end - known.start or (
        known.type == "ORG" and name.type in ("PER", "LOC", "MISC")
    )


def is_joined(words: Sequence[str], start: int, end: int) -> bool:
    """Whether what stands at [start, end) is one word with another."""
    return not _JOINS.isdisjoint((*words[max(start - 1, 0) : start], *words[end : end + 1]))


def _found(words: Sequence[str]) -> Iterator[TokenSpan]:
    firsts = _english()
    free = 0
    for index, word in enumerate(words):
        if index < free or word not in firsts:
            continue
        run = next((run for run in firsts[word] if tuple(words[index : index + len(run)]) == run), None)
        if run is not None:
            free = index + len(run)
            if not is_joined(words, index, free):
                yield TokenSpan("ORG", index, free, LISTED)
