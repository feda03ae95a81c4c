"""Rules over a whole article, after the model has read it: titles, datelines, acronyms, surnames.

Each rule takes names and gives names, sorted and not overlapping, and is kept because it helps on news text that the
model was not trained on (see bench/recogniser.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from archive.entities.decode import TokenSpan
from archive.entities.features import Lexicon
from archive.entities.movements import MOVEMENTS
from archive.entities.places import names_of_peoples
from archive.entities.tokens import Tokens

HONORIFICS = frozenset(
    "mr mr. mrs mrs. ms ms. miss dr dr. prof. sen. sens. rep. reps. gov. gen. lt. col. maj. capt. sgt. cpl. rev. "
    "president vice prime minister premier pm senator representative governor mayor councilman councilwoman "
    "congressman congresswoman judge justice sheriff secretary chancellor ambassador professor sir dame lord lady "
    "baron count king queen prince princess emperor empress tsar sultan sheikh pope saint st. father brother sister "
    "imam rabbi ayatollah chief captain commander admiral inspector detective officer sergeant lieutenant colonel "
    "general special envoy elder director chairman chairwoman commissioner speaker spokesman spokeswoman coach manager "
    "deputy attorney minister archbishop cardinal bishop reverend mullah".split()
)
# Capitalised, but neither a person nor a place nor an organisation: members of a party, creed or camp.
MEMBERS = frozenset(
    "democrat democrats republican republicans nazi nazis communist communists socialist socialists liberal liberals "
    "conservative conservatives muslim muslims christian christians jew jews catholic catholics protestant protestants "
    "sunni sunnis shiite shiites hindu hindus buddhist buddhists democratic islamist islamists".split()
)
_DASHES = frozenset({"-", "--", "–", "—"})
_AGENCIES = frozenset({"AP", "Reuters", "AFP", "UPI", "CNN", "dpa", "IANS", "PTI", "Xinhua", "VOA"})
_PLACE_LISTS = ("ADMIN", "BIGCITY", "CITY", "COUNTRY", "STATE", "REGION")
_OFFICES = frozenset(
    (area, office)
    for area in ("District", "City", "State", "County")
    for office in (
        "Attorney Attorneys Councilman Councilwoman Councilmember Solicitor Controller Senator Representative "
        "Commissioner Judge Executive Sen. Rep."
    ).split()
)
# What a country's law is called: such a name tells of the country too.
_LAWS = frozenset("Constitution Congress Code Penal Criminal Supreme".split())
_MOVEMENTS = {tuple(name.split()) for names in MOVEMENTS.items() for name in names if name}
_MOVEMENTS_BEGIN = frozenset(run[0] for run in _MOVEMENTS)
# Confidence of a name that a list and its place vouch for: a judgement. No rule compares it, so no score moves with it;
# it is what a mention shows.
_LISTED = 0.9
# Tokens within which a dateline ends: "SAN FRANCISCO , Calif. ( AP ) -" has eight. Of the five English sets only
# conll03_testa has datelines: at 3 it loses 0.08 of strict F1, at 20 nothing is gained.
_DATELINE = 8


def repair(tokens: Tokens, names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """The names of one article after all rules."""
    words = tokens.words
    kept = [trimmed for name in names if (trimmed := trim(words, name)) is not None]
    kept = offices(words, kept, lexicon)
    kept = lawgivers(words, kept, lexicon)
    kept = datelines(tokens, kept, lexicon)
    kept = movements(words, kept)
    kept = acronyms(words, kept)
    return surnames(words, kept)


def trim(words: Sequence[str], name: TokenSpan) -> TokenSpan | None:
    """A name without what is no part of it: titles before a person, small words at the end of an organisation or a
    place ("Tulcea county"), a member before a preposition ("Republican on City Council"), a possessive ending. None
    where that leaves no name, or only that of a people ("South Korean")."""
    start, end = name.start, name.end
    while end > start and words[end - 1].lower() in ("'s", "’s", "'", "’"):
        end -= 1
    small = name.type in ("ORG", "LOC") and not words[start].islower()
    while small and end - start > 1 and words[end - 1].islower():
        end -= 1
    while name.type == "PER" and start < end and words[start].lower() in HONORIFICS:
        start += 1
    if end - start > 2 and words[start].lower() in MEMBERS and words[start + 1].islower():
        start += 2
    of_party = name.type == "PER" and end - start > 1 and words[start] in ("D", "R", "I") and words[start + 1] == "-"
    if start == end or of_party or (end - start == 1 and words[start].lower() in MEMBERS):
        return None
    if name.type in ("LOC", "ORG") and " ".join(words[start:end]) in names_of_peoples():
        return None
    return name if (start, end) == (name.start, name.end) else replace(name, start=start, end=end)


def offices(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """ "Philadelphia District Attorney": the place, without the word that belongs to the office."""
    kept: list[TokenSpan] = []
    for name in names:
        office = name.end < len(words) and (words[name.end - 1], words[name.end]) in _OFFICES
        if office and name.type in ("LOC", "ORG"):
            if name.end - name.start > 1:
                phrase = " ".join(words[name.start : name.end - 1]).lower()
                known = set(lexicon.gazetteer.names(lexicon.gazetteer.mask(phrase))) & set(_PLACE_LISTS)
                kept.append(replace(name, end=name.end - 1, type="LOC" if known else name.type))
        else:
            kept.append(name)
    return kept


def lawgivers(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """ "U.S. Constitution" is no name of ours, but the country in it is a place."""
    kept: list[TokenSpan] = []
    for name in names:
        law = name.type == "MISC" and name.end - name.start > 1 and words[name.start + 1] in _LAWS
        if law and "COUNTRY" in lexicon.gazetteer.names(lexicon.gazetteer.mask(words[name.start].lower())):
            kept.append(TokenSpan("LOC", name.start, name.start + 1, _LISTED))
        else:
            kept.append(name)
    return kept


def movements(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """Movements by name, whatever the model took them for."""
    if _MOVEMENTS_BEGIN.isdisjoint(words):
        return list(names)
    found = [
        TokenSpan("ORG", index, index + count, _LISTED)
        for index, word in enumerate(words)
        if word in _MOVEMENTS_BEGIN
        for count in (2, 3)
        if tuple(words[index : index + count]) in _MOVEMENTS
    ]
    return _merge(found, names) if found else list(names)


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
        phrase = " ".join(words[begin:last]).lower()
        mask = lexicon.gazetteer.mask(phrase)
        agency = any(words[i] in _AGENCIES for i in range(last, stop))
        if agency or set(lexicon.gazetteer.names(mask)) & set(_PLACE_LISTS):
            found.append(TokenSpan("LOC", begin, last, _LISTED))
    return _merge(found, names)


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


def _merge(strong: Iterable[TokenSpan], weak: Iterable[TokenSpan]) -> list[TokenSpan]:
    """All of `strong`, and of `weak` what does not overlap them; sorted."""
    kept = list(strong)
    taken = {index for name in kept for index in range(name.start, name.end)}
    kept += [name for name in weak if taken.isdisjoint(range(name.start, name.end))]
    return sorted(kept, key=lambda name: name.start)
