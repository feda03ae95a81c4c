"""Firms by how their names end: "Drexel Burnham Lambert Inc" is nobody, and "Co" in "Morgan Stanley and Co" no firm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from archive.entities.decode import TokenSpan
from archive.entities.organisations import LISTED

# What the law calls a company, behind its name, and nothing else is called (NV is a state, AG an office).
_FORMS = frozenset("Inc Inc. Corp Corp. Co Co. Ltd Ltd. Plc plc PLC LLC LLP PLLC GmbH SpA Oyj Bhd Incorporated".split())
_BEHIND_COMMA = frozenset("Inc Inc. LLC LLP PLLC Ltd Ltd.".split())
# Who else is in it: "and Co", "and Sons Inc".
_OTHERS = frozenset("Co Co. Company Sons Son Brothers Bros Bros. Partners Associates".split())
_HALF = 2  # words of a name before or behind "&", at most
_AND = frozenset({"and", "&"})
_ENDS = _FORMS | _OTHERS


def firms(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """The names, where what ends as a firm's name does is one organisation, and such an end alone is none."""
    names = _pairs(words, names) if "&" in words else names
    if _ENDS.isdisjoint(words):
        return list(names)
    begun = {name.start: name.end for name in names}
    ends = {begin: end for begin, end in _ends(words) if begun.get(begin + 1, 0) <= end}  # not "and [Sons of Liberty]"
    kept: list[TokenSpan] = []
    for given in names:
        for name in _sentences(words, given):
            behind = bool(kept) and name.start < kept[-1].end  # it has become part of the one before
            if behind or ends.get(name.start, 0) >= name.end:
                continue
            end = ends.get(name.end, name.end)
            is_firm = end > name.end or (end - name.start > 1 and words[end - 1] in _FORMS)
            kept.append(replace(name, type="ORG", end=end, score=max(name.score, LISTED)) if is_firm else name)
    return _partners(words, kept)


def _pairs(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """ "Alvarez & Marsal", "London & Valley Water": one body, of which both halves were taken for names."""
    kept: list[TokenSpan] = []
    for name in names:
        joined = bool(kept) and kept[-1].end == name.start - 1 and words[name.start - 1] == "&"
        short = joined and max(name.end - name.start, kept[-1].end - kept[-1].start) <= _HALF
        if short and "ORG" in (kept[-1].type, name.type):
            before = kept.pop()
            name = TokenSpan("ORG", before.start, name.end, max(before.score, name.score))
        kept.append(name)
    return kept


def _partners(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """ "Greenbaum & Leary PLLC", "Gibson, Dunn & Crutcher LLP": firms with those before the last one."""
    kept: list[TokenSpan] = []
    for name in names:
        start = name.start
        firm = words[name.end - 1] in _FORMS
        if firm and start > 1 and words[start - 1] == "&" and words[start - 2][0].isupper():
            start -= 2
            while kept and kept[-1].end > start:
                start = min(start, kept.pop().start)
        if firm and "&" in words[start : name.end]:
            while kept and kept[-1].type in ("PER", "ORG") and kept[-1].end == start - 1 and words[start - 1] == ",":
                start = kept.pop().start
        kept.append(replace(name, start=start) if start < name.start else name)
    return kept


def _sentences(words: Sequence[str], name: TokenSpan) -> Iterator[TokenSpan]:
    """ "Deere & Co. Morgan Stanley" as two names: the point ends a sentence, too."""
    start = name.start
    for at in range(name.start + 1, name.end - 1):
        after = words[at + 1]
        if words[at] in _FORMS and words[at].endswith(".") and after[0].isupper() and after not in _FORMS:
            yield replace(name, start=start, end=at + 1)
            start = at + 1
    yield replace(name, start=start)


def _ends(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the end of a firm's name begins and where it ends: once with the joint before it, once without."""
    at = 0
    while at < len(words):
        begin = at
        after = words[at + 1] if at + 1 < len(words) else ""
        if (words[at] in _AND and after in _OTHERS) or (words[at] == "," and after in _BEHIND_COMMA):
            at += 2
        joint = at > begin
        while at < len(words) and words[at] in _FORMS:
            at += 1
        if at == begin:
            at += 1
            continue
        yield begin, at
        if joint:
            yield begin + 1, at
