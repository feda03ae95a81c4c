"""Rules over a whole article, after the model has read it: titles, datelines, acronyms, surnames.

Each rule takes names and gives names, sorted and not overlapping, and is kept because it helps on news text that the
model was not trained on (see bench/recogniser.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from archive.entities import titles
from archive.entities.beside import beside
from archive.entities.decode import TokenSpan
from archive.entities.features import Lexicon
from archive.entities.firms import firms
from archive.entities.known_organisations import AGENCIES, apart, known, unsigned
from archive.entities.leagues import team_nicknames
from archive.entities.movements import MOVEMENTS
from archive.entities.organisations import (
    BODIES,
    LISTED,
    bodies,
    branded,
    clubs,
    companies,
    is_in,
    is_place,
    joined,
    listed,
    merged,
    papers,
    possessed,
    traded,
)
from archive.entities.passed_over import passed_over
from archive.entities.peoples import names_of_peoples
from archive.entities.places import fold
from archive.entities.sides import racing, sides
from archive.entities.tokens import Tokens
from archive.entities.told_apart import persons

# Capitalised, but neither a person nor a place nor an organisation: members of a party, creed or camp.
MEMBERS = frozenset(
    "democrat democrats republican republicans nazi nazis communist communists socialist socialists liberal liberals "
    "conservative conservatives muslim muslims christian christians jew jews catholic catholics protestant protestants "
    "pentecostal pentecostals evangelical evangelicals lutheran lutherans methodist methodists baptist baptists "
    "anglican anglicans mormon mormons sunni sunnis shiite shiites hindu hindus buddhist buddhists democratic islamist "
    "islamists".split()
)
_DASHES = frozenset({"-", "--", "–", "—"})
_OFFICES = frozenset(
    (area, office)
    for area in ("District", "City", "State", "County")
    for office in (
        "Attorney Attorneys Councilman Councilwoman Councilmember Solicitor Controller Senator Representative "
        "Commissioner Judge Executive Sen. Rep."
    ).split()
)
# Abbreviations of the states of the U.S. and the provinces of Canada that are nothing else.
STATES = frozenset(
    "Ala. Alta. Ariz. Ark. Calif. Colo. Conn. Del. Fla. Ga. Ill. Ind. Kan. Ky. La. Md. Mass. Mich. Minn. Miss. Mo. "
    "Mont. Neb. Nev. N.H. N.J. N.M. N.Y. N.C. N.D. Okla. Ont. Ore. Pa. R.I. S.C. S.D. Tenn. Tex. Va. Vt. Wash. W.Va. "
    "Wis. Wyo.".split()
)
# Offices that are surnames too.
_SURNAMES = frozenset("Judge King Pope Bishop Justice Duke Prince Dean Baron Deacon Chief Major Marshal".split())
_LARGE = frozenset({"ADMIN", "BIGCITY", "STATE"})
_PARTISANS = frozenset({"Democrat", "Democrats", "Republican", "Republicans"})
# "5th U.S. Circuit Court of Appeals", "10th Mountain Division"
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_ORDERED = frozenset("Circuit Infantry Airborne Armored Division Brigade Regiment Battalion Squadron".split())
_SHORT = 3  # letters of an acronym, which may be like a last name
_FORENAMES = frozenset({"FIRST", "FIRST2"})
_FULL = 2  # words of a person's name, at most
_HEADLINED = 6  # words of a name that is found in capitals
_OPENING = frozenset({'"', "“", "‘", "``", "("})
_CLOSING = frozenset({'"', "”", "’", "''", ")"})
# What a country's law is called: such a name tells of the country too.
_LAWS = frozenset("Constitution Congress Code Penal Criminal Supreme".split())
_MOVEMENTS = {tuple(name.split()) for names in MOVEMENTS.items() for name in names if name}
_MOVEMENTS_BEGIN = frozenset(run[0] for run in _MOVEMENTS)
# Tokens within which a dateline ends: "SAN FRANCISCO , Calif. ( AP ) -" has eight. Of the five English sets only
# conll03_testa has datelines: at 3 it loses 0.08 of strict F1, at 20 nothing is gained.
_DATELINE = 8


def repair(tokens: Tokens, names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """The names of one article after all rules."""
    words = tokens.words
    kept = [trimmed for name in apart(words, names) if (trimmed := trim(words, name)) is not None]
    kept = offices(words, kept, lexicon)
    kept = partisans(words, kept, lexicon)
    kept = lawgivers(words, kept, lexicon)
    kept = datelines(tokens, kept, lexicon)
    kept = movements(words, kept)
    kept = states(words, kept, lexicon)
    kept = addressed(words, kept, lexicon)
    kept = nicknames(words, kept, lexicon)
    kept = named_for_offices(words, kept)
    kept = acronyms(words, kept)
    kept = clubs(words, kept, lexicon)
    kept = firms(words, kept)
    kept = companies(words, kept, lexicon)
    kept = traded(words, kept, lexicon)
    kept = listed(words, kept, lexicon)
    kept = branded(words, kept)
    kept = joined(words, kept, lexicon)
    kept = papers(words, kept, lexicon)
    kept = possessed(words, kept, lexicon)
    kept = bodies(words, kept, lexicon)
    kept = beside(words, kept, lexicon)
    kept = persons(tokens, kept, lexicon)
    kept = passed_over(tokens, kept, lexicon)
    kept = surnames(words, shouted(words, kept))
    kept = racing(words, sides(tokens, kept, lexicon))
    return unsigned(tokens, known(words, kept))


def trim(words: Sequence[str], name: TokenSpan) -> TokenSpan | None:
    """A name without what is no part of it: titles before a person, small words at the end of an organisation or a
    place ("Tulcea county"), a member before a preposition ("Republican on City Council"), a possessive ending. None
    where that leaves no name, or only that of a people ("South Korean")."""
    start, end = name.start, name.end
    while end > start and words[end - 1].lower() in ("'s", "’s", "'", "’"):
        end -= 1
    if (
        name.type == "ORG"
        and start
        and _ORDINAL.fullmatch(words[start - 1])
        and not _ORDERED.isdisjoint(words[start:end])
    ):
        start -= 1
    if end - start > 1 and words[end - 1].isdigit() and fold(words[end - 2]) in team_nicknames():
        end -= 1  # "Lakers 112, Celtics 108"
    small = name.type in ("ORG", "LOC") and not words[start].islower()
    while small and end - start > 1 and words[end - 1].islower():
        end -= 1
    if name.type == "PER":
        start, end = _untitled(words, start, end)
    if end - start > 2 and words[start].lower() in MEMBERS and words[start + 1].islower():
        start += 2
    of_party = name.type == "PER" and end - start > 1 and words[start] in ("D", "R", "I") and words[start + 1] == "-"
    if start == end or of_party or (end - start == 1 and words[start].lower() in MEMBERS):
        return None
    if name.type in ("LOC", "ORG") and " ".join(words[start:end]) in names_of_peoples():
        return None
    return name if (start, end) == (name.start, name.end) else replace(name, start=start, end=end)


def _untitled(words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Where a person's name begins and ends without titles and trailers."""
    while start < end and words[end - 1].lower() in titles.TRAILERS:
        end -= 1
    return start + _titled(words[start:end]), end


def _titled(words: Sequence[str]) -> int:
    """How many words of a person's name are titles, none where what follows is no name: "Countess of Lennox"."""
    count = titles.leading(words)
    return 0 if count < len(words) and words[count] == "of" else count


def offices(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """ "Philadelphia District Attorney": the place, without the word that belongs to the office."""
    kept: list[TokenSpan] = []
    for name in names:
        office = name.end < len(words) and (words[name.end - 1], words[name.end]) in _OFFICES
        if office and name.type in ("LOC", "ORG"):
            if words[name.end - 1] == "County":
                kept.append(replace(name, type="LOC"))
            elif name.end - name.start > 1:
                known = is_place(words[name.start : name.end - 1], lexicon)
                kept.append(replace(name, end=name.end - 1, type="LOC" if known else name.type))
        else:
            kept.append(name)
    return kept


def partisans(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """ "Ohio Republican", "Republican Ottawa County": the place alone."""
    kept: list[TokenSpan] = []
    for name in names:
        first, last = words[name.start] in _PARTISANS, words[name.end - 1] in _PARTISANS
        if name.type in ("ORG", "LOC") and name.end - name.start > 1 and first != last:
            start, end = name.start + first, name.end - last
            if is_in(_LARGE, words[start:end], lexicon) or words[end - 1] == "County":
                name = TokenSpan("LOC", start, end, name.score)
        kept.append(name)
    return kept


def lawgivers(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """ "U.S. Constitution" is no name of ours, but the country in it is a place."""
    kept: list[TokenSpan] = []
    for name in names:
        law = name.type == "MISC" and name.end - name.start > 1 and words[name.start + 1] in _LAWS
        if law and "COUNTRY" in lexicon.gazetteer.names(lexicon.gazetteer.mask(words[name.start].lower())):
            kept.append(TokenSpan("LOC", name.start, name.start + 1, LISTED))
        else:
            kept.append(name)
    return kept


def movements(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """Movements by name, whatever the model took them for."""
    if _MOVEMENTS_BEGIN.isdisjoint(words):
        return list(names)
    found = [
        TokenSpan("ORG", index, index + count, LISTED)
        for index, word in enumerate(words)
        if word in _MOVEMENTS_BEGIN
        for count in (2, 3)
        if tuple(words[index : index + count]) in _MOVEMENTS
    ]
    return merged(found, names) if found else list(names)


def states(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """ "Norman, Okla.": both are places, whatever the model took them for, or if it passed over the town."""
    if STATES.isdisjoint(words):
        return list(names)
    longer = [name for name in names if name.end - name.start > 1 and name.type != "LOC"]
    inner = {index for name in longer for index in range(name.start, name.end)}
    found = [
        TokenSpan("LOC", index, index + 1, LISTED)
        for index, word in enumerate(words)
        if word in STATES and (index not in inner or words[index - 1] == ",")
    ]
    by_end = {name.end: name for name in names}
    for state in [state for state in found if state.start > 1 and words[state.start - 1] == ","]:
        end = state.start - 1
        town = by_end.get(end)
        if town is None:
            begins = [begin for begin in range(max(end - 3, 0), end) if is_place(words[begin:end], lexicon)]
            found += [TokenSpan("LOC", begins[0], end, LISTED)] if begins and words[begins[0]][0].isupper() else []
        elif town.type != "LOC" and (town.end - town.start == 1 or is_place(words[town.start : town.end], lexicon)):
            found.append(replace(town, type="LOC"))
    return merged(found, names)


def addressed(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """ "AG Bondi" taken for an organisation: who has an office in short before the name is a person."""
    kept = []
    for name in names:
        rest = words[name.start + 1 : name.end]
        short = name.type != "PER" and 0 < len(rest) < 3 and titles.is_short(words, name.start)
        named = all(word[0].isupper() and not word.isupper() and word not in BODIES for word in rest)
        if short and named and not is_place(rest, lexicon):
            name = replace(name, type="PER", start=name.start + 1)
        kept.append(name)
    return kept


def nicknames(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """'William "Bill" Burns' is one name."""
    if _OPENING.isdisjoint(words):
        return list(names)
    people = {index: name for name in names if name.type == "PER" for index in range(name.start, name.end)}
    found = []
    for index in [index for index, word in enumerate(words) if word in _OPENING]:
        close = next((at for at in range(index + 2, min(index + 5, len(words) - 1)) if words[at] in _CLOSING), None)
        first, last = people.get(index - 1), people.get(close + 1) if close else None
        if close is None or last is None or not words[index + 1][0].isupper():
            continue
        if first is not None or is_in(_FORENAMES, words[index - 1 : index], lexicon):
            begin = min(first.start, index - 1) if first else index - 1
            found.append(TokenSpan("PER", begin, max(last.end, close + 2), last.score))
    return merged(found, names) if found else list(names)


def named_for_offices(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """ "Aaron Judge": the office that a first name is followed by, and no name after it, is the surname."""
    if _SURNAMES.isdisjoint(words):
        return list(names)
    kept = []
    for name in names:
        after = words[name.end : name.end + 2]
        lone = name.type == "PER" and name.end - name.start == 1 and len(after) == 2 and after[0] in _SURNAMES
        kept.append(replace(name, end=name.end + 1) if lone and not after[1][0].isupper() else name)
    return kept


def datelines(tokens: Tokens, names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """ "PHILADELPHIA (AP) —", "KABUL, Afghanistan —" at the head of a sentence name places."""
    words, found = tokens.words, list[TokenSpan]()
    for begin, end in tokens.bounds():
        if not words[begin].isupper() or len(words[begin]) < 3:
            continue
        stop = next((i for i in range(begin + 1, min(begin + _DATELINE, end)) if words[i] in _DASHES), None)
        if stop is None:
            continue
        last = begin
        while last < stop and words[last].isupper() and words[last].isalpha():
            last += 1
        told = any(words[i] in AGENCIES for i in range(last, stop))
        told = told or (words[last] == "," and words[last + 1] in STATES)
        if told or is_place(words[begin:last], lexicon):
            found.append(TokenSpan("LOC", begin, last, LISTED))
    return merged(found, names)


def acronyms(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """ "Environmental Protection Agency (EPA)": what is known of the one holds for the other, here and further on."""
    by_end = {name.end: name for name in names}
    types: dict[str, TokenSpan] = {}
    for index in [index for index, word in enumerate(words[:-2]) if word == "("]:
        short = words[index + 1]
        if words[index + 2] == ")" and short.isupper() and 2 <= len(short) <= 8:
            long = by_end.get(index) or (by_end.get(index - 1) if words[index - 1].islower() else None)
            if long is not None and long.type in ("ORG", "LOC") and _spells(short, words[long.start : long.end]):
                types[short] = long
    for index in [index for index, word in enumerate(words[:-2]) if word == "or" and words[index - 1] == ","]:
        short, other = words[index + 1], by_end.get(index - 1)
        said = other is not None and "".join(word[0] for word in words[other.start : other.end]) == short
        if other is not None and said and other.end - other.start > _FULL:
            types[short] = by_end[other.end] = replace(other, type="ORG")
            names = [by_end[name.end] for name in names]
    if not types:
        return list(names)
    kept = [name for name in names if not (name.end - name.start == 1 and words[name.start] in types)]
    taken = {index for name in kept for index in range(name.start, name.end)}
    found = [
        TokenSpan(types[word].type, index, index + 1, types[word].score)
        for index, word in enumerate(words)
        if word in types and index not in taken
    ]
    return sorted([*kept, *found], key=lambda name: name.start)


def shouted(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """ "MULVANEY:", "GOV. HOLBROOK VETOES BILL": a last name of the article all in capitals is that person."""
    people = {
        word: name.score
        for name in names
        if name.type == "PER" and name.end - name.start > 1 and len(word := words[name.end - 1].upper()) > _SHORT
    }
    taken = {index for name in names if name.end - name.start > 1 for index in range(name.start, name.end)}
    found = [
        TokenSpan("PER", index, index + 1, people[word])
        for index, word in enumerate(words)
        if word in people and index not in taken
    ]
    found += _headlined(words, names)
    return merged(found, names) if found else list(names)


def _headlined(words: Sequence[str], names: Sequence[TokenSpan]) -> Iterator[TokenSpan]:
    """ "DHS TO CLOSE CAMP EAST MONTANA": names of several words that the article has in small letters, too."""
    known = {
        tuple(word.upper() for word in words[name.start : name.end]): name
        for name in names
        if name.end - name.start > 1 and name.type != "MISC" and not words[name.start].isupper()
    }
    firsts = {run[0] for run in known}
    free = 0
    for index in [index for index, word in enumerate(words) if word in firsts and len(word) > 1]:
        for size in range(_HEADLINED, 1, -1):
            name = known.get(tuple(words[index : index + size]))
            if name is not None and index >= free:
                free = index + size
                yield replace(name, start=index, end=free)
                break


def surnames(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """A lone word that ends a full name of this article is that person, unless it more often is something else."""
    last: dict[str, float] = {}
    for name in names:
        if name.type == "PER" and name.end - name.start > 1 and len(words[name.end - 1]) > 2:
            last[words[name.end - 1]] = max(name.score, last.get(words[name.end - 1], 0.0))
    if not last:
        return list(names)
    others = Counter(words[name.start] for name in names if name.type != "PER" and name.end - name.start == 1)
    sure = {word: score for word, score in last.items() if others[word] < 2}
    settled = [
        replace(name, type="PER")
        if name.end - name.start == 1 and name.type != "PER" and words[name.start] in sure
        else name
        for name in names
    ]
    taken = {index for name in settled for index in range(name.start, name.end)}
    found = [
        TokenSpan("PER", index, index + 1, sure[word])
        for index, word in enumerate(words)
        if word in sure and index not in taken and word[0].isupper()
    ]
    return sorted([*settled, *found], key=lambda name: name.start)


def _spells(short: str, words: Sequence[str]) -> bool:
    """Whether initials of `words` in a row spell `short`, small words counting or not."""
    initials = "".join(word[0] for word in words).upper()
    capitals = "".join(word[0] for word in words if word[0].isupper())
    return short in initials or short in capitals or (len(capitals) > 1 and short.startswith(capitals[:2]))
