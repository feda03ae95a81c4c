"""People told apart from what stands beside them and from what bears names like theirs, in English; see repair.py.

"Objector Neville Rose" and "Hope Duke of Flint" are a person each, "J.D. Vance" is one and "Phnom Penh" is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from archive.entities import titles
from archive.entities.decode import TokenSpan
from archive.entities.features import Lexicon
from archive.entities.organisations import BODIES, companies_listed, is_in, is_place
from archive.entities.tokens import Tokens

_FORENAMES = frozenset({"FIRST", "FIRST2"})
_SURNAMES = frozenset({"LAST", "POLITICIAN"})
_TOWNS = frozenset({"ADMIN", "BIGCITY", "CITY", "COUNTRY", "STATE"})
_INITIALS = re.compile(r"(?:[A-Z]\.){1,3}")
_LETTERS_ALONE = re.compile(r"[A-Z]{2}")
_COMMON = 8  # tenths of a word's uses in lower case, from which it is no first name
_TRADE = re.compile(r"(?:[eo]r|ist|ian|ant|ee|man|woman)$")
_SHORT = 3
_FIRMS = frozenset("Inc Inc. Corp Corp. Co Co. Ltd Ltd. Plc plc PLC LLC Group Holdings Industries".split())
_OWN = 2  # tenths of a word's uses in lower case, below which it is a name
_DOUBTED = 0.8  # score up to which a body with initials is doubted …
_UNSURE = 0.5  # … and one that is called as people are
_FULL = 2  # words of a person's name
_OFFICE = 3  # words and signs of an office that are looked at
_PLATFORM = "X."  # at the end of a sentence
_LETTERS = 3  # of an acronym that may be a person's


def persons(tokens: Tokens, names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """The names of one article, with people that begin and end where they do, and those that are none left out."""
    words, firsts = tokens.words, set(tokens.sentences)
    kept = [part for name in names for part in _without_place(words, _behind_platform(words, name), lexicon)]
    kept = [_bare(words, name, lexicon) if name.start in firsts else name for name in kept]
    kept = [_retyped(words, name, lexicon) for name in kept]
    return _in_short(words, _alike(words, list(_whole(words, kept, lexicon))))


def _behind_platform(words: Sequence[str], name: TokenSpan) -> TokenSpan:
    """ "He wrote on X. Ann Reed replied": X is no initial of hers."""
    platform = name.end - name.start > _FULL and words[max(name.start - 1, 0) : name.start + 1] == ["on", _PLATFORM]
    return replace(name, start=name.start + 1) if platform else name


def _without_place(words: Sequence[str], name: TokenSpan, lexicon: Lexicon) -> Iterator[TokenSpan]:
    """ "Hope Duke of Flint", "Synergy Marine Group of Singapore": who, and where from."""
    at = next((at for at in range(name.start + _FULL, name.end - 1) if words[at] == "of"), 0)
    person = name.type == "PER" and at and titles.leading(words[name.start : at]) == 0
    company = name.type == "ORG" and at and words[at - 1] in _FIRMS
    if (person or company) and is_place(words[at + 1 : name.end], lexicon):
        yield replace(name, end=at)
        yield replace(name, start=at + 1, type="LOC")
    else:
        yield name


def _bare(words: Sequence[str], name: TokenSpan, lexicon: Lexicon) -> TokenSpan:
    """A sentence's "Objector Neville Rose" without what he is: a word that is no name before a first name."""
    if name.type != "PER" or name.end - name.start <= _FULL:
        return name
    first, second = words[name.start : name.start + 2]
    common = lexicon.lower_tenths(first) >= _COMMON
    trade = _TRADE.search(first) is not None and not is_in(_FORENAMES | _SURNAMES, [first], lexicon)
    noun = (common or trade) and first.istitle() and len(first) > _SHORT
    return replace(name, start=name.start + 1) if noun and is_in(_FORENAMES, [second], lexicon) else name


def _retyped(words: Sequence[str], name: TokenSpan, lexicon: Lexicon) -> TokenSpan:
    """ "Phnom Penh" is a place, "J.D. Vance" a person."""
    run = words[name.start : name.end]
    if name.type == "PER" and len(run) > 1 and is_in(_TOWNS, run, lexicon):
        return (
            name if is_in(_FORENAMES, run[:1], lexicon) or is_in(_SURNAMES, run, lexicon) else replace(name, type="LOC")
        )
    if name.type == "ORG" and len(run) == _FULL and run[1] not in BODIES and " ".join(run) not in companies_listed():
        called = is_in(_SURNAMES, run[1:], lexicon)
        initials = _INITIALS.fullmatch(run[0]) is not None and name.score < _DOUBTED
        if _LETTERS_ALONE.fullmatch(run[0]) and lexicon.lower_tenths(run[1]) < _OWN and not is_place(run[1:], lexicon):
            initials = name.score < _UNSURE  # "JK Rowling", but "UN Women", "AC Milan"
        own = all(word.istitle() and lexicon.lower_tenths(word) < _OWN for word in run)
        full = own and name.score < _UNSURE and is_in(_FORENAMES, run[:1], lexicon) and not is_place(run[:1], lexicon)
        if called and (initials or full):
            return replace(name, type="PER")
    return name


def _whole(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> Iterator[TokenSpan]:
    """ "Dr. Paul Offit", where the first name alone was seen, or the last."""
    begun = {name.start for name in names}
    ended = {name.end for name in names}
    for given in names:
        name = replace(given, start=given.start - 1) if _begins_before(words, given, ended, lexicon) else given
        lone = name.type == "PER" and name.end - name.start == 1 and name.end < len(words) and name.end not in begun
        if lone and is_in(_FORENAMES, words[name.start : name.end], lexicon) and _is_surname(words, name.end, lexicon):
            yield replace(name, end=name.end + 1)
        else:
            yield name


def _begins_before(words: Sequence[str], name: TokenSpan, ended: Collection[int], lexicon: Lexicon) -> bool:
    """ "Dato' Lim Wei Chong", where but "Wei Chong" was seen: what stands behind an office begins the name."""
    at = name.start - 1
    if name.type != "PER" or at < 1 or name.start in ended or not words[at].istitle() or not words[at].isalpha():
        return False
    if lexicon.lower_tenths(words[at]) >= _OWN or titles.leading(words[at : at + 1]):
        return False
    run = words[at : name.end]
    return any(titles.leading([*words[at - size : at], *run]) == size for size in range(1, min(at, _OFFICE) + 1))


def _is_surname(words: Sequence[str], at: int, lexicon: Lexicon) -> bool:
    after = words[at + 1] if at + 1 < len(words) else "."
    return (
        words[at].istitle() and words[at].isalpha() and lexicon.lower_tenths(words[at]) == 0 and not after[0].isupper()
    )


def _alike(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """ "JK Rowling" beside "J. K. Rowling": initials before a last name of the article are that person's."""
    last = {words[name.end - 1] for name in names if name.type == "PER" and name.end - name.start > 1}
    return [
        replace(name, type="PER")
        if name.type in ("LOC", "ORG")
        and name.end - name.start == _FULL
        and words[name.end - 1] in last
        and (_INITIALS.fullmatch(words[name.start]) or _LETTERS_ALONE.fullmatch(words[name.start]))
        else name
        for name in names
    ]


def _in_short(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """AKD, in a story of Anura Kumara Dissanayake."""
    called = {
        "".join(word[0] for word in words[name.start : name.end])
        for name in names
        if name.type == "PER" and name.end - name.start >= _LETTERS
    }
    called -= _initials_of_bodies(words, names)
    return [
        replace(name, type="PER")
        if name.type == "ORG" and name.end - name.start == 1 and words[name.start] in called
        else name
        for name in names
    ]


def _initials_of_bodies(words: Sequence[str], names: Sequence[TokenSpan]) -> set[str]:
    return {
        "".join(word[0] for word in words[name.start : name.end] if word[0].isupper())
        for name in names
        if name.type != "PER"
    }
