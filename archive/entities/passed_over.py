"""Companies, agencies and media that the network passed over, or took for people or towns, by what is said of them.

"Caldera dropped 17 %", "Windsurf, the coding start-up", "strategist at Truist": what one place tells holds wherever the
article has the name. English alone; see repair.py.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archive.entities import titles
from archive.entities.body_cues import Around, ends_as_bodies_do
from archive.entities.decode import TokenSpan
from archive.entities.features import Lexicon
from archive.entities.known_organisations import LISTED
from archive.entities.organisations import MAKERS, is_in, is_place, merged
from archive.entities.peoples import names_of_peoples
from archive.entities.tokens import Tokens

_LONGEST = 3  # words of a name that is looked for
_LEAST, _MOST = 3, 6  # letters of an acronym; of a lone word at least
_TITLED = 6  # tenths of a sentence's words and signs with a capital, from which it says nothing about names
_COMMON = 5  # tenths of a word's uses in lower case, from which it is no name where it opens a sentence
_FREQUENT = 9  # binary magnitude of how often a word was seen, from which it leads to a name more often than it is part
_SURE = 0.6  # score from which a body lends its kind to what stands beside it, and a work is one
_HARDLY = 0.4  # score up to which a place is doubted
_NEVER = frozenset({"ADMIN", "BIGCITY", "COUNTRY", "STATE", "REGION", "POLITICIAN"})
_PEOPLE = frozenset({"FIRST", "FIRST2", "LAST", "POLITICIAN"})
_CALENDAR = frozenset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday Christmas Easter Ramadan".split()
)
# Before what a people is called.
_OF_PEOPLES = frozenset("Native Indigenous African Asian Arab Black White Hispanic Latin".split())
# Acronyms that are nobody's: measures, offices, illnesses, things.
_NO_BODIES = frozenset(
    "CEO CFO COO CTO AG PM MP MEP MLA GDP GNP CPI PMI IPO VAT GST ETF NGO DNA RNA HIV AIDS COVID MRI ICU PPE PCR "
    "SARS MERS ADHD PTSD SUV GPS USB PDF LED LCD LNG CCTV DVD VIP MVP ERA RBI EST EDT GMT BST PST LGBT LGBTQ FAQ "
    "ATM PIN SIM URL API GPU CPU TARP THC LSD RSVP SOS WWI WWII USA UAE DRC DJIA FTSE LLM GPT NFT DEI ESG SWAT "
    "UFO IED POW".split()
)
_VILLAGES = frozenset({"village", "town", "district", "county"})
_AND = frozenset({"and", "or", "&"})
_JOINTS = _AND | {","}
_JOINED = 2  # words between two names of a row, at most
_BODIES = 2  # in a row that makes bodies of the others


class _Run(NamedTuple):
    """Words with capitals in a row at [start, end), and what they were taken for and how surely, "" for nothing.

    `of_person`, `then_person`: a full name stands a word before, a word behind.
    `beside`: joined to a body.
    """

    start: int
    end: int
    kind: str
    score: float
    of_person: bool
    then_person: bool
    beside: bool


def passed_over(tokens: Tokens, names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """The names of one article, with those organisations that the words around one of their mentions tell."""
    words = tokens.words
    opening = set(tokens.sentences)
    names = [
        name for name in names if not _is_nobodys(words, name) and not (name.start in opening and _is_noun(words, name))
    ]
    runs = list(_runs(tokens, names, lexicon))
    told = {
        tuple(words[run.start : run.end])
        for run in (*(run for run in runs if _is_told(words, run, lexicon)), *_in_rows(words, runs, names))
        if _may_be(words, run, lexicon)
    }
    if told:
        called = (name for name in names if name.start and tuple(words[name.start : name.end]) in told)
        told -= {tuple(words[n.start : n.end]) for n in called if titles.leading(words[n.start - 1 : n.start])}
    return merged(_everywhere(words, names, told), names) if told else list(names)


def _is_nobodys(words: Sequence[str], name: TokenSpan) -> bool:
    """Letters that stand for an office, an illness or a thing, or a people ("Native Alaskan"), taken for a body."""
    run = words[name.start : name.end]
    people = len(run) > 1 and run[0] in _OF_PEOPLES and run[-1] in names_of_peoples()
    return name.type == "ORG" and (people or (len(run) == 1 and run[0] in _NO_BODIES))


def _is_noun(words: Sequence[str], name: TokenSpan) -> bool:
    """Whether what opens a sentence is but the noun that it is elsewhere in the story: "Biotech firm to move"."""
    doubted = name.type == "ORG" and name.end - name.start == 1 and name.score < _SURE
    return doubted and words[name.start].istitle() and words[name.start].lower() in words


def _everywhere(words: Sequence[str], names: Sequence[TokenSpan], told: set[tuple[str, ...]]) -> Iterator[TokenSpan]:
    """Where what is told stands, and is no part of a longer name."""
    by_index = {index: name for name in names for index in range(name.start, name.end)}
    firsts = {run[0] for run in told}
    for index in [index for index, word in enumerate(words) if word in firsts]:
        size = next((size for size in range(_LONGEST, 0, -1) if tuple(words[index : index + size]) in told), 0)
        inside = {by_index[at] for at in range(index, index + size) if at in by_index}
        whole = all(index <= name.start and name.end <= index + size and name.type != "ORG" for name in inside)
        if size and whole:
            yield TokenSpan("ORG", index, index + size, max([LISTED, *(name.score for name in inside)]))


def _runs(tokens: Tokens, names: Sequence[TokenSpan], lexicon: Lexicon) -> Iterator[_Run]:
    """What may be the name of a body: capitals that are no name yet, or that of a person or a place of one word."""
    words = tokens.words
    full = [name for name in names if name.type == "PER" and name.end - name.start > 1]
    begins = {name.start: name for name in names}
    starts, ends = {name.start for name in full}, {name.end for name in full}
    somebodys = {name for name in full if name.start - 1 in ends and words[name.start - 1] == "of"}
    people = {word for name in full if name not in somebodys for word in words[name.start : name.end]}
    fixed = {
        index
        for name in names
        if name.type == "ORG" or (name.end - name.start > 1 and name.type != "MISC" and name not in somebodys)
        for index in range(name.start, name.end)
    }
    sure = [name for name in names if name.type == "ORG" and name.score > _SURE]
    joined = {name.start - 1 for name in sure} | {name.end for name in sure}
    for start, end in _capitals(tokens, fixed, lexicon):
        if people.isdisjoint(words[start:end]):
            lone = begins.get(start)
            beside = any(at in joined and words[at] in _AND for at in (start - 1, end) if 0 <= at < len(words))
            kind, score = (lone.type, lone.score) if lone else ("", 0.0)
            yield _Run(start, end, kind, score, start - 1 in ends, end + 1 in starts, beside)


def _capitals(tokens: Tokens, fixed: set[int], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """[start, end) of words with capitals in a row. None of them is `fixed`, nor a word behind or before them.

    Titles have none, nor have words that may owe their capital to the sentence they open, and short ones.
    """
    words, at = tokens.words, 0
    capitals = [index for index, word in enumerate(words) if word[0].isupper()]
    for begin, end in tokens.bounds():
        first, at = at, bisect_left(capitals, end, at)
        if (at - first) * 10 >= _TITLED * (end - begin) or first == at:
            continue
        free = begin
        if capitals[first : first + 2] == [begin, begin + 1] and _leads(words[begin], lexicon):
            free += 1  # "At Anthropic", "Rival Anysphere"
        for index in capitals[first:at]:
            if index < free:
                continue
            free = index + 1
            while free < end and words[free][0].isupper():
                free += 1
            if free - index == 1 and _is_sentences(words[index], lexicon, opens=index == begin):
                continue
            if free - index <= _LONGEST and fixed.isdisjoint(range(index, free)):
                yield index, free


def _may_be(words: Sequence[str], of: _Run, lexicon: Lexicon) -> bool:
    run, start = words[of.start : of.end], of.start
    if not (_CALENDAR | _NO_BODIES).isdisjoint(run) or " ".join(run) in names_of_peoples():
        return False
    office = titles.leading(run) or (start and titles.leading(words[start - 1 : start]))
    return not office and not is_in(_NEVER, run, lexicon)


def _is_common(word: str, lexicon: Lexicon) -> bool:
    return lexicon.lower_tenths(word) >= _COMMON


def _is_sentences(word: str, lexicon: Lexicon, *, opens: bool) -> bool:
    """Whether a word may owe its capital to the sentence that it `opens`, or is a short one."""
    return len(word) < _LEAST or (opens and not word.isupper() and _is_common(word, lexicon))


def _leads(word: str, lexicon: Lexicon) -> bool:
    """Whether the first word of a sentence is none of a name behind it: a frequent one, or what a body is called."""
    known = lexicon.background.get(word.lower(), 0)
    return known >> 4 >= _COMMON and (known & 15 >= _FREQUENT or word.lower() in MAKERS)


def _is_acronym(run: Sequence[str]) -> bool:
    return len(run) == 1 and _LEAST <= len(run[0]) <= _MOST and run[0].isalpha() and run[0].isupper()


def _is_told(words: Sequence[str], run: _Run, lexicon: Lexicon) -> bool:
    """Whether the words around a run say that it is a body."""
    around, name = Around(words, run.start, run.end), words[run.start : run.end]
    moved = around.moved()
    if moved is not None:
        return moved
    if run.kind == "LOC" and is_place(name, lexicon):
        return False
    if around.plays() and not is_in(_PEOPLE, name[:1], lexicon):
        return True
    if around.does_as_bodies_do() or _is_somebodys(around, run, name, lexicon):
        return True
    if run.kind == "LOC":
        return (around.speaks() and run.score < _SURE) or (around.hears(name[0]) and not is_in(_PEOPLE, name, lexicon))
    if (around.hears(name[0]) or around.is_no_person()) and not is_in(_PEOPLE, name, lexicon):
        return True
    if around.is_read() and not is_place(name, lexicon) and not is_in(_PEOPLE, name, lexicon):
        return True
    if _is_acronym(name) and (run.beside or around.is_initialled()):
        return True
    unsure = run.kind == "" or (run.kind == "MISC" and run.score < _SURE)
    return unsure and (ends_as_bodies_do(name) or (len(name) == 1 and around.is_called()))


def _is_somebodys(around: Around, run: _Run, name: Sequence[str], lexicon: Lexicon) -> bool:
    """ "Ben Thompson of Stratechery", "At Anthropic, Mike Krieger"."""
    if run.of_person and around.near == "of":
        placed = run.kind == "LOC" and (run.score > _HARDLY or around.after[0] in _VILLAGES)
        return not placed and not _is_common(name[0], lexicon)
    return run.then_person and run.kind != "LOC" and (around.near, around.after[0]) == ("At", ",")


def _in_rows(words: Sequence[str], runs: Sequence[_Run], names: Sequence[TokenSpan]) -> Iterator[_Run]:
    """Those in a row with two bodies and nothing else: "Spotify, Deezer, Epic Games and Match Group"."""
    covered = {index for run in runs for index in range(run.start, run.end)}
    others = [name for name in names if covered.isdisjoint(range(name.start, name.end))]
    if sum(name.type == "ORG" for name in others) < _BODIES:
        return
    row: list[_Run | TokenSpan] = []
    items: list[_Run | TokenSpan] = [*runs, *others]
    for item in sorted(items, key=lambda item: item.start):
        if row and not _is_joined(words, row[-1].end, item.start):
            yield from _bodies_of(row)
            row = []
        row.append(item)
    yield from _bodies_of(row)


def _is_joined(words: Sequence[str], end: int, start: int) -> bool:
    return 0 < start - end <= _JOINED and _JOINTS.issuperset(words[end:start])


def _bodies_of(row: Sequence[_Run | TokenSpan]) -> Iterator[_Run]:
    known = [one.type for one in row if isinstance(one, TokenSpan)]
    if len(known) >= _BODIES and set(known) == {"ORG"}:
        for run in row:
            if isinstance(run, _Run) and run.kind != "LOC" and (run.kind != "PER" or run.end - run.start == 1):
                yield run
