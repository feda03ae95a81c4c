"""What stands beside a name in English news and says what it names: storms, ages, where people live, who heads a place
or a body and speaks for it, judges, and companies in a row of clients.

"Hurricane Laura" is nobody, "Ames, 31, of Ronks" is from a place, "Siaya Governor James Orengo" governs one, "Nespresso
head Philipp Navratil" heads a company. What one place tells of a word holds wherever the article has it alone. See
repair.py.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from archive.entities.decode import TokenSpan
from archive.entities.features import Lexicon
from archive.entities.organisations import LISTED, is_in, is_place, merged

_STORMS = frozenset("Hurricane Hurricanes Typhoon Typhoons Cyclone Cyclones Storm Storms".split())
_THERE = frozenset("in near from around outside".split())
_JOINTS = frozenset({"and", "or", ","})
_AGE = re.compile(r"\d{1,3}")
_CLOSING = frozenset({",", "."})
_OWNER = frozenset({"'s", "’s"})
_FROM = frozenset({"of", "from"})
_LIVING = 3  # words of the name of a place, at most
# Offices that a place has, and heads that a body has, between its name and that of a person.
_OF_PLACES = frozenset(
    "Governor Gov. Mayor MP Senator Sen. Congressman Congresswoman Councillor Sheriff MLA MCA TD".split()
)
_OF_BODIES = frozenset(
    "head boss chief president chairman chairwoman chairperson founder co-founder director CEO".split()
)
_THEIR = frozenset({"its", "their"})
_ARMS = frozenset("arm unit division subsidiary brand business label".split())
# Parties as councils and parliaments write them in brackets behind a member, and words of a seat.
_PARTIES = frozenset({"Con", "Lab", "Lab/Co-op", "LD", "Lib Dem", "Ind", "Green", "SNP", "DUP", "PC", "Reform", "SDLP"})
_SEAT = 9
_CALLED = frozenset({"FIRST", "FIRST2", "POLITICIAN"})
_PEOPLE = _CALLED | {"LAST"}
# "Before: CLAY, GIBBONS, and McKEAGUE, Circuit Judges."
_BENCH = frozenset("Judge Judges Justice Justices".split())
_COURTS = frozenset("Circuit District Chief Senior Associate Presiding Appellate".split())
_CAPITALS = re.compile(r"(?:Mc|Mac|De|Du|Van|O['’])?[A-Z][A-Z'’-]{2,}")
# "raised $100 million from Iconiq, Sequoia and Madrona", "counts Notion, Brex and Figma as clients"
_MONEY = frozenset({"million", "billion"})
_COUNTS = frozenset("count counts counted counting".split())
_CLIENTS = frozenset(
    "clients customers backers investors lenders creditors bondholders shareholders underwriters sponsors rivals "
    "competitors companies firms banks brands retailers advertisers airlines publishers broadcasters".split()
)
_NAMED = frozenset({"include", "includes", "including"})
_NAMING = 3  # words before that in which it stands what is named: "lenders that includes"
_LARGE = frozenset({"ADMIN", "BIGCITY", "COUNTRY", "STATE"})
_BEFORE_ROWS = frozenset({"from", *_COUNTS, *_NAMED})
_OIL = "Brent"  # is sold by its place, and called as people are
_SOLD = frozenset("crude futures barrel oil $ benchmark".split())
_SALE = 4  # words behind it that are looked at


def beside(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """The names of one article, each as what the words beside it say that it is."""
    full = [name for name in names if name.type == "PER" and name.end - name.start > 1]
    people = {word for name in full for word in words[name.start : name.end]}
    storms = set(_storms(words))
    nobody = {words[at] for at in (*storms, *_sold(words))} - people
    kept = [
        name
        for name in names
        if not (name.start in storms or (_is_any(words, name, nobody) and _is_nobody(words, name)))
    ]
    kept = [_aged(words, name, lexicon) for name in _seated(words, kept)]
    kept = merged([*_judges(words), *_homes(words, kept)], kept)
    told = dict.fromkeys(_rows(words, kept, lexicon), "ORG") | dict(_headed(words, kept, lexicon))
    named = told.keys() - people
    return [replace(name, type=told[words[name.start]]) if _is_any(words, name, named) else name for name in kept]


def _is_any(words: Sequence[str], name: TokenSpan, known: Collection[str]) -> bool:
    """Whether a person or a place is one of these words alone."""
    return bool(known) and name.type in ("PER", "LOC") and name.end - name.start == 1 and words[name.start] in known


def _is_nobody(words: Sequence[str], name: TokenSpan) -> bool:
    """Whether what bears a storm's name is not the town that it may be called by, too: "in Florence"."""
    return name.type == "PER" or words[max(name.start - 1, 0)] not in _THERE


def _row(words: Sequence[str], at: int) -> list[int]:
    """Where single words with capitals stand from `at` on, in a row with "and" or commas between them."""
    found = []
    while at < len(words) and words[at][0].isupper() and (at + 1 == len(words) or not words[at + 1][0].isupper()):
        found.append(at)
        at += 1
        joint = at
        while at < len(words) and at < joint + 2 and words[at] in _JOINTS:
            at += 1
        if at == joint:
            break
    return found


def _storms(words: Sequence[str]) -> Iterator[int]:
    """ "Hurricanes Laura and Delta"; but "the Hurricanes, Sebastian Aho" are a team."""
    for at in [at for at, word in enumerate(words[:-1]) if word in _STORMS] if not _STORMS.isdisjoint(words) else ():
        row = _row(words, at + 1)
        yield from row if words[at].endswith("s") else row[:1]


def _sold(words: Sequence[str]) -> Iterator[int]:
    """ "Brent crude", "Brent settled at $69.14"."""
    for at in [at for at, word in enumerate(words) if word == _OIL]:
        if not _SOLD.isdisjoint(words[at + 1 : at + 1 + _SALE]):
            yield at


def _judges(words: Sequence[str]) -> Iterator[TokenSpan]:
    """ "CLAY, GIBBONS, and McKEAGUE, Circuit Judges", "KETHLEDGE, Circuit Judge": who decides, before what they are."""
    for at in [at for at in range(2, len(words)) if words[at] in _BENCH] if not _BENCH.isdisjoint(words) else ():
        before = at
        while before and words[before - 1] in _COURTS:
            before -= 1
        while 0 < before < at and (words[before - 1] in _JOINTS or _CAPITALS.fullmatch(words[before - 1])):
            before -= 1
            if words[before] not in _JOINTS:
                yield TokenSpan("PER", before, before + 1, LISTED)


def _homes(words: Sequence[str], names: Sequence[TokenSpan]) -> Iterator[TokenSpan]:
    """ ", 31, of Ronks": where a person of that age is from."""
    for at in [at for at, word in enumerate(words) if word in _FROM and at > 2 and words[at - 1] == ","]:
        if words[at - 3] != "," or not _AGE.fullmatch(words[at - 2]):
            continue
        start = end = at + 1
        while end < len(words) and words[end][0].isupper():
            end += 1
        inside = [name for name in names if name.start < end and start < name.end]
        taken = any(name.type in ("ORG", "LOC") or name.end > end or name.start < start for name in inside)
        if start < end <= start + _LIVING and not taken and _OWNER.isdisjoint(words[end : end + 1]):
            yield TokenSpan("LOC", start, end, LISTED)


def _seated(words: Sequence[str], names: Sequence[TokenSpan]) -> Iterator[TokenSpan]:
    """ "(Con, Dulverton and Exmoor)", "(Broadland and Fakenham) (Con)": a seat is places, a party in short no name."""
    parties, seats = set[int](), set[int]()
    for at in [at for at, word in enumerate(words[:-2]) if word == "("]:
        behind = at + 3 if words[at + 1 : at + 3] == ["Lib", "Dem"] else at + 2
        if " ".join(words[at + 1 : behind]) not in _PARTIES or behind >= len(words):
            continue
        parties.update(range(at + 1, behind))
        if words[behind] == "," and ")" in words[behind : behind + _SEAT]:
            seats.update(range(behind, words.index(")", behind)))
        elif words[behind] == words[at - 1] == ")" and "(" in words[max(at - _SEAT, 0) : at]:
            seats.update(range(max(index for index in range(at) if words[index] == "("), at))
    for name in names:
        if name.start not in parties:
            yield replace(name, type="LOC") if name.start in seats else name


def _aged(words: Sequence[str], name: TokenSpan, lexicon: Lexicon) -> TokenSpan:
    """ "Wanda Two Crows, 64, rode it out": a person, whatever the name looks like."""
    behind = [*words[name.end : name.end + 4], "", "", "", ""]
    if name.type == "PER" or name.end - name.start == 1 or behind[0] != "," or behind[2] not in _CLOSING:
        return name
    aged = _AGE.fullmatch(behind[1]) and not behind[3][:1].isupper() and not behind[3][:1].isdigit()
    return replace(name, type="PER") if aged and not is_place(words[name.start : name.end], lexicon) else name


def _headed(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """ "Siaya Governor James Orengo", "Nespresso head Philipp Navratil": a word before an office and its holder."""
    full = {name.start for name in names if name.type == "PER" and name.end - name.start > 1}
    for name in names:
        word, office = words[name.start], words[name.end] if name.end < len(words) else ""
        called = office in _OWNER and name.type == "PER"
        if name.end - name.start > 1 or is_in(_CALLED if called else _PEOPLE, [word], lexicon):
            continue
        if office in _ARMS and words[name.start - 1] in _THEIR and not is_place([word], lexicon):
            yield word, "ORG"  # "its Leucadia arm"
        if name.end + 1 not in full:
            continue
        if office in _OF_PLACES:
            yield word, "LOC"
        elif called:
            yield word, "ORG"  # "Knopf's Jordan Pavlin", "Bernstein's Bruno Monteyne"
        elif office in _OF_BODIES and not is_place([word], lexicon):
            yield word, "ORG"


def _rows(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> Iterator[str]:
    """ "raised $100 million from Iconiq, Sequoia and Madrona", "counts Notion, Brex and Figma as clients"."""
    starts = {name.start for name in names if name.end - name.start > 1}
    for at in [at for at, word in enumerate(words) if word in _BEFORE_ROWS and at]:
        word = words[at]
        if word == "from" and words[at - 1] in _MONEY and "raised" in words[max(at - 5, 0) : at]:
            row = _row(words, at + 1)
        elif word in _COUNTS:
            row = _row(words, at + 1)
            behind = words[row[-1] + 1 : row[-1] + 4] if row else []
            row = row if "as" in behind[:1] and not _CLIENTS.isdisjoint(behind) else []
        elif word in _NAMED and not _CLIENTS.isdisjoint(words[max(at - _NAMING, 0) : at]):
            row = _row(words, at + 1)
        else:
            continue
        for each in row:
            owns = not _OWNER.isdisjoint(words[each + 1 : each + 2])
            if each not in starts and not owns and not is_in(_LARGE, words[each : each + 1], lexicon):
                yield words[each]
