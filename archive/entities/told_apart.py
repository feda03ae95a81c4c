"""People told apart from what stands beside them and from what bears names like theirs, in English; see repair.py.

"Objector Neville Rose" and "Hope Duke of Flint" are a person each, "J.D. Vance" is one and "Phnom Penh" is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from archive.entities import titles
from archive.entities.acronyms import is_clipped
from archive.entities.decode import TokenSpan
from archive.entities.features import Lexicon
from archive.entities.known_organisations import named_alone
from archive.entities.organisations import BODIES, companies_listed, is_in, is_place
from archive.entities.peoples import names_of_peoples
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
_NOT_SURE = 0.65  # … one that ends as a person of the article does …
_UNSURE = 0.5  # … and one that is called as people are
_FULL = 2  # words of a person's name
_OFFICE = 3  # words and signs of an office that are looked at
# Capitals that stand for their governments. Some are surnames too: of nobody, where the story has no such full name.
_GOVERNMENTS = frozenset(
    "Ankara Athens Baghdad Beijing Berlin Bonn Brussels Budapest Cairo Canberra Damascus Delhi Havana Islamabad "
    "Jerusalem Kiev Kyiv London Madrid Moscow Ottawa Paris Pyongyang Riyadh Rome Seoul Tehran Tokyo Vienna Warsaw "
    "Washington".split()
)
_OWNER = frozenset({"'s", "’s"})
_SPEAKS = frozenset("said says told wrote writes added tweeted argued argues warned explained recalled".split())
_PLACED = 0.6  # score up to which a place that no list has may be a person
_FOR_PEOPLE = frozenset({"for", "with", "by", "'s", "’s"})
# What a place is, behind its name: "Bangkok's Don Muang airport".
_OF_LAND = frozenset(
    "airport river province district region square street station stadium park island islands village town city county "
    "valley lake mountain mountains forest port market prison camp neighborhood neighbourhood suburb area "
    "bridge".split()
)
_WITHIN = frozenset({"in", "In", "near"})
_BEYOND = frozenset({"through", "past", "behind"})
_APART = frozenset('. ; : ) "'.split())  # what ends, where a person may begin
_DEPARTMENTS = frozenset("Department Ministry Bureau Office Embassy Consulate".split())
_SEATS = frozenset({"TD", "MP", "MSP", "MLA", "MEP"})
_NOBODY = [["God"], ["Centre"]]
_PARTICLES = frozenset("do da dos das di du del della von van zu y".split())
_PLATFORM = "X."  # at the end of a sentence
_LETTERS = 3  # of an acronym that may be a person's


def persons(tokens: Tokens, names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """The names of one article, with people that begin and end where they do, and those that are none left out."""
    words, firsts = tokens.words, set(tokens.sentences)
    names = [name for name in names if not _is_no_name(words, name)]
    kept = [part for name in names for part in _without_place(words, _behind_platform(words, name), lexicon)]
    kept = [_bare(words, name, lexicon) if name.start in firsts else name for name in _particled(words, kept)]
    kept = [_retyped(words, name, lexicon) for name in kept if not _is_clipped(words, name, lexicon)]
    kept = _governments(words, _residents(words, kept, lexicon))
    return _in_short(words, _alike(words, list(_whole(words, kept, lexicon)), lexicon))


def _is_no_name(words: Sequence[str], name: TokenSpan) -> bool:
    """ "God", and "State for Transport" of a secretary."""
    run = words[name.start : name.end]
    return [*run] in _NOBODY or (name.type == "ORG" and run[:2] == ["State", "for"] and words[name.start - 1] == "of")


def _behind_platform(words: Sequence[str], name: TokenSpan) -> TokenSpan:
    """ "He wrote on X. Ann Reed replied": X is no initial of hers."""
    platform = name.end - name.start > _FULL and words[max(name.start - 1, 0) : name.start + 1] == ["on", _PLATFORM]
    return replace(name, start=name.start + 1) if platform else name


def _without_place(words: Sequence[str], name: TokenSpan, lexicon: Lexicon) -> Iterator[TokenSpan]:
    """ "Hope Duke of Flint", "Synergy Marine Group of Singapore", "Department of Labor in Albany": who, and where;
    "Holt and Wells" behind another place: two."""
    run = words[name.start : name.end]
    both = name.type == "LOC" and words[name.start - 1] == "," and run[1:2] == ["and"] and len(run) > _FULL
    if both and not is_place(run, lexicon) and all(lexicon.lower_tenths(run[at]) < _OWN for at in (0, 2)):
        yield replace(name, end=name.start + 1)
        yield replace(name, start=name.start + 2)
        return
    seat = next((at for at in range(name.start + _FULL, name.end - 1) if words[at] == "in"), 0)
    office = name.type == "ORG" and words[name.start] in _DEPARTMENTS  # not the "… and Cooperation in Europe"
    if office and seat and is_place(words[seat + 1 : name.end], lexicon):
        yield replace(name, end=seat)
        yield replace(name, start=seat + 1, type="LOC")
        return
    at = next((at for at in range(name.start + _FULL, name.end - 1) if words[at] == "of"), 0)
    person = name.type == "PER" and at and titles.leading(words[name.start : at]) == 0
    company = name.type == "ORG" and at and words[at - 1] in _FIRMS
    if (person or company) and is_place(words[at + 1 : name.end], lexicon):
        yield replace(name, end=at)
        yield replace(name, start=at + 1, type="LOC")
    else:
        yield name


def _particled(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """ "André Corrêa do Lago", of whom two names were seen."""
    kept: list[TokenSpan] = []
    for name in names:
        joint = bool(kept) and kept[-1].end == name.start - 1 and words[name.start - 1] in _PARTICLES
        if joint and kept[-1].type == name.type == "PER" and name.end - name.start == 1:
            before = kept.pop()
            name = replace(name, start=before.start, score=max(before.score, name.score))
        kept.append(name)
    return kept


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
    if name.type == "LOC" and _is_persons(words, name, lexicon):
        return replace(name, type="PER")
    if name.type == "LOC" and name.score < _DOUBTED and _is_initialled(run, lexicon):
        return replace(name, type="ORG")
    if name.type == "LOC" and run[-1] in _SEATS and len(run) > 1:
        return replace(name, end=name.end - 1)  # "Galway West TD"
    if (
        name.type == "PER"
        and len(run) == 1
        and run[0][0].islower()
        and run[0].isalpha()
        and run[0][1:] != run[0][1:].lower()
    ):
        return replace(name, type="ORG")  # "dzBB"
    if name.type == "ORG" and len(run) == _FULL and run[1] not in BODIES and " ".join(run) not in companies_listed():
        called = is_in(_SURNAMES, run[1:], lexicon)
        initials = _INITIALS.fullmatch(run[0]) is not None and name.score < _DOUBTED
        if _LETTERS_ALONE.fullmatch(run[0]) and lexicon.lower_tenths(run[1]) < _OWN and not is_place(run[1:], lexicon):
            initials = name.score < _UNSURE  # "JK Rowling", but "UN Women", "AC Milan"
        own = all(word.istitle() and lexicon.lower_tenths(word) < _OWN for word in run)
        sent = words[name.start - 1] in _OWNER and name.end < len(words) and words[name.end] in _SPEAKS
        if own and sent and name.score < _DOUBTED and not is_place(run[1:], lexicon):
            return replace(name, type="PER")  # "Redbridge's Kos Samaras said"
        full = own and name.score < _UNSURE and is_in(_FORENAMES, run[:1], lexicon) and not is_place(run[:1], lexicon)
        if called and (initials or full):
            return replace(name, type="PER")
    return name


def _is_initialled(run: Sequence[str], lexicon: Lexicon) -> bool:
    """ "IMANI Africa", "MTN Ghana": letters, and the place they are in."""
    short = len(run) > 1 and len(run[0]) >= _LETTERS and run[0].isalpha() and run[0].isupper()
    return short and not run[-1].isupper() and not is_place(run[:1], lexicon) and not is_place(run, lexicon)


def _is_persons(words: Sequence[str], name: TokenSpan, lexicon: Lexicon) -> bool:
    """ "A plan for Elon Musk", "Rep. Pulong Duterte": what no list of places has, and stands where people do."""
    run, near = words[name.start : name.end], words[name.start - 1] if name.start else "."
    parts = [word for word in run if word != "-"]
    if len(parts) - run.count("-") != _FULL or name.score > _PLACED or not all(word.istitle() for word in parts):
        return False
    called = is_in(_FORENAMES, run[:1], lexicon)
    own = called or lexicon.lower_tenths(run[0]) < _OWN
    if not own or lexicon.lower_tenths(run[-1]) >= _OWN or run[-1] in names_of_peoples():
        return False
    if any(is_place(part, lexicon) for part in (run, run[:1], *([] if called and "-" not in run else [run[-1:]]))):
        return False
    after = words[name.end] if name.end < len(words) else ""
    if after in _OF_LAND:
        return False
    if near in _FOR_PEOPLE or titles.leading([near, *run]) == 1 or (called and near in _BEYOND):
        return True
    return near in _APART and (called or after == "(" or after in _SPEAKS)


def _is_clipped(words: Sequence[str], name: TokenSpan, lexicon: Lexicon) -> bool:
    """ "Shr", "Mths": what has no vowel and is nobody's name abbreviates a word."""
    word = words[name.start]
    lone = name.type in ("PER", "ORG") and name.end - name.start == 1 and word.istitle() and is_clipped(word)
    return lone and not is_in(_FORENAMES | _SURNAMES, [word], lexicon)


def _residents(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """ "The National Weather Service in Norman": who is in a listed place is in no person, unless the article has one
    of that name. "In Jedburgh and Kelso": and what stands beside a place there is one."""
    full = [name for name in names if name.type == "PER" and name.end - name.start > 1]
    people = {word for name in full for word in words[name.start : name.end]}
    kept: list[TokenSpan] = []
    for name in names:
        word, near = words[name.start], words[max(name.start - 1, 0)]
        after = words[name.end] if name.end < len(words) else ""
        if name.type in ("PER", "ORG") and name.end - name.start == 1 and word not in people and after not in _OWNER:
            placed = near == "in" and name.type == "PER" and is_place([word], lexicon)
            if placed or (near == "and" and _is_placed(words, name, kept)):
                name = replace(name, type="LOC")
        kept.append(name)
    return kept


def _is_placed(words: Sequence[str], name: TokenSpan, before: Sequence[TokenSpan]) -> bool:
    """Whether a word stands beside a place that something is in, and no list calls it a body."""
    beside = before[-1] if before and before[-1].end == name.start - 1 else None
    doubted = name.score < _DOUBTED and words[name.start] not in named_alone()
    if not doubted or beside is None or beside.type != "LOC":
        return False
    return words[beside.start - 1] in _WITHIN or (words[beside.start - 1] == "between" and name.type == "PER")


def _governments(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """ "Washington wants", "he told Paris": a place, where it is nobody's last name."""
    last = {words[name.end - 1] for name in names if name.type == "PER" and name.end - name.start > 1}
    return [
        replace(name, type="LOC")
        if name.type == "PER"
        and name.end - name.start == 1
        and words[name.start] in _GOVERNMENTS - last
        and not titles.leading(words[max(name.start - 1, 0) : name.start])
        else name
        for name in names
    ]


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
    own = lexicon.lower_tenths(words[at]) == 0 or (words[at] == "May" and after.islower())  # "Elizabeth May backed it"
    return words[at].istitle() and words[at].isalpha() and own and not after[0].isupper()


def _alike(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """ "JK Rowling" beside "J. K. Rowling", "Nyesom Wike" beside "Wike": what ends as a person here does is one."""
    last = {words[name.end - 1] for name in names if name.type == "PER"}
    full = {words[name.end - 1] for name in names if name.type == "PER" and name.end - name.start > 1}

    def is_person(name: TokenSpan) -> bool:
        first, end = words[name.start], words[name.end - 1]
        if name.type not in ("LOC", "ORG") or name.end - name.start != _FULL or end not in last - names_of_peoples():
            return False
        if _INITIALS.fullmatch(first) or _LETTERS_ALONE.fullmatch(first):
            return end in full
        own = all(word.istitle() and lexicon.lower_tenths(word) < _OWN for word in (first, end))
        return own and name.score < _NOT_SURE and not is_place([first], lexicon) and not is_place([first, end], lexicon)

    return [replace(name, type="PER") if is_person(name) else name for name in names]


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
