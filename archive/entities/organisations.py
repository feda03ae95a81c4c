"""Organisations by the company they keep: rules over a whole article, after the model has read it (see repair.py).

A club is known by the last word of its name, a company by its first; "shares of Moncler" and lists tell what the model
took for a person; the last word of a name tells a school or a ministry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from archive.entities import titles
from archive.entities.decode import TokenSpan
from archive.entities.features import Lexicon
from archive.entities.peoples import names_of_peoples

PLACE_LISTS = frozenset({"ADMIN", "BIGCITY", "CITY", "COUNTRY", "STATE", "REGION"})
# Words that make an organisation of what stands before or after them.
BODIES = frozenset(
    "Office Group Party Magazine Bank Holdings Services Systems Industries Partners Insurance Schools Studios "
    "Motors Enterprises Officials Police Council Airlines Airways Airport Times News Post Securities "
    "Resources Technologies Solutions Hotels Railways Labs Foods Games Records Pictures Scouts Sciences "
    "States Nations Affairs Works Awards".split()
)
# How the name of a company ends.
_LEGAL = frozenset(
    "Inc Inc. Corp Corp. Co Co. Ltd Ltd. Plc plc PLC LLC LLP AG SA S.A. SpA NV N.V. SE GmbH AB ASA Oyj Bhd "
    "Group Holdings Corporation Company Limited Incorporated Industries Partners Pharmaceuticals Motors "
    "Technologies".split()
)
# What a company is called before its name, what it has, and what of it is bought.
MAKERS = frozenset(
    "drugmaker carmaker automaker chipmaker planemaker shipbuilder retailer airline brewer distiller insurer "
    "lender startup start-up chain conglomerate broadcaster newspaper magazine tabloid daily weekly website "
    "portal app platform manufacturer operator supplier subsidiary utility bookmaker broker brokerage "
    "steelmaker miner label winemaker publisher publishers company firm group bank giant band club agency "
    "network charity nonprofit union monopoly studio developer housebuilder grocer bakery consultancy "
    "contractor unit brand brands builder rival".split()
)
_SHARES = frozenset("shares stock shareholders stockholders shareholder investors bonds stores subsidiaries".split())
_OWNED = frozenset(
    "shares stock shareholders stores customers subsidiary subsidiaries profits revenue revenues sales "
    "earnings products factory factories website headquarters shareholder bonds fleet turnover".split()
)
_STAFF = frozenset(
    "employees workers customers executives executive shareholders stores plants factory factories subsidiary "
    "headquarters analyst analysts economist strategist banker partner products phones cars branch outlet "
    "engineers general chief CEO CFO".split()
)
_AT = frozenset(
    "analyst analysts economist economists strategist strategists traders executives executive partner "
    "partners banker bankers employee employees researcher researchers workers manager director engineer "
    "engineers".split()
)
_BOUGHT = frozenset("stake acquisition takeover merger bid subsidiary unit division arm parent owner".split())
# What a company or another body is in an apposition: "Elliott, the New York hedge fund".
_KINDS = frozenset(
    "group fund bank chain union company firm agency airline newspaper charity party movement publisher "
    "retailer maker manufacturer broadcaster insurer lender start-up startup drugmaker carmaker chipmaker "
    "brewer supplier label band organisation organization nonprofit watchdog think-tank consultancy utility "
    "studio brand platform".split()
)
_APPOSED = 3  # words at least: a comma, an article and a noun
_STOPS = frozenset(", . who which that of in for by with founded owned based ; ) ( to at from and".split())
_OWN = 2  # tenths of a word's uses in lower case, below which it is a name of its own
# Who is called so, besides those with offices in titles.py.
_CALLED = frozenset("Boss Chief Devil Duke Duchess Master Messiah Pontiff Prophet Rock Saviour Shah Virgin".split())
_SURE = 0.6  # score from which an organisation lends its kind to whom it is named with
_NOUN = 5  # tenths of a word's uses in lower case, from which it is a common noun
_DOUBTED = 0.5  # score up to which a place in capitals is doubted
_WITHIN = frozenset({"in", "at", "near"})
_COMMON = 9  # tenths of a word's uses that are in lower case, from which it is no club's name alone
# The last word of an organisation's name, whatever stands before it.
_BODY = frozenset(
    "Hospital School College University Institute Academy Society Association Company Authority Agency "
    "Ministry Commission Corporation Council Committee Party Foundation Department Water Telecom Electric".split()
)
# How bodies are called that have their own language's name in English text; no place and nobody is called so.
_BODY_FIRST = frozenset(
    "Banco Banca Banque Fundación Fundacion Fundação Fundacao Fondazione Fondation Grupo Gruppo Groupe "
    "Universidad Universidade Université Universite Università Universität Instituto Istituto Institut Ministerio "
    "Ministério Ministère Ministero Asociación Associação Associazione Confederación Federación Federação Federazione "
    "Sindicato Partido Partito Parti Partij Partei Movimiento Movimento Mouvement Fratelli Alianza Unión "
    "Stiftung".split()
)
_PEOPLES = frozenset("Nation Tribe Tribes Band Pueblo".split())  # behind the name of a people
_OWNER, _OWNERS = frozenset({"'s", "’s"}), frozenset({"'", "’"})  # behind one that owns, and behind several
_OWNING = _OWNER | _OWNERS
# Words behind a possessive that say that nothing is owned, and so that it belongs to the name: "Macy's said".
NOTHING_OWNED = "and or said says has had will would was were which became left cut raised".split()
_NOT_OWNED = frozenset([*".,;", *NOTHING_OWNED])
_JOINTS = frozenset({"and", "or", ",", "&"})
_OWNED_BODIES = frozenset(
    "Office Association Union Department Hospital Court Club Forum Federation Council Society Bureau "
    "Institute League Party Committee Alliance Centre Center Ministry Commission Agency Guild College School "
    "University Academy Trust Fund".split()
)
_FIRSTS = frozenset("The A An In On At But And For From That".split())
_PAIRS = frozenset(
    (word, last)
    for words, last in (
        ("School Irrigation Water Fire Utility Transit Library Park Hospital Health Conservation", "District"),
        ("District High Supreme Circuit Superior Crown County Appeals Bankruptcy Municipal Family Probate", "Court"),
    )
    for word in words.split()
)
_OTHERS = PLACE_LISTS | {"FIRST", "FIRST2", "LAST", "POLITICIAN"}
# Confidence of a name that a list and its place vouch for: a judgement. No rule compares it, so no score moves with it;
# it is what a mention shows.
LISTED = 0.9


def clubs(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """The Sooners, in a story of the Oklahoma Sooners: a club is known by the last word of its name."""
    last: dict[str, float] = {}
    for name in names:
        if name.type == "ORG" and name.end - name.start > 1 and words[name.end - 1].endswith("s"):
            word = words[name.end - 1]
            rare = lexicon.lower_tenths(word) < _COMMON
            barred = word in BODIES or word in names_of_peoples()
            if rare and not barred and is_place(words[name.start : name.end - 1], lexicon):
                last[word] = max(name.score, last.get(word, 0.0))
    return _called(words, names, last)


def companies(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """Pfizer, in a story of Pfizer Inc.: a company is known by its first word, where that means nothing else."""
    people = _people(words, names)
    first: dict[str, float] = {}
    for name in names:
        word = words[name.start]
        if name.type == "ORG" and name.end - name.start > 1 and words[name.end - 1] in _LEGAL and word not in people:
            own = lexicon.lower_tenths(word) < _OWN and word not in names_of_peoples()
            if own and len(word) > 2 and word.isalpha() and not is_place([word], lexicon):
                first[word] = max(name.score, first.get(word, 0.0))
    return _called(words, names, first)


def traded(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """Companies and media by the company they keep: "shares of Moncler", "carmaker Renault", "IKEA" in a sentence that
    does not shout. What one mention tells holds for all of the article."""

    def told(name: TokenSpan) -> bool:
        kept = name.type in ("PER", "LOC") and not is_place([words[name.start]], lexicon)
        return kept and (_is_traded(words, name) or (name.type == "PER" and _is_business(words, name)))

    return _called(words, names, _lone(words, names, told))


def joined(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """Who stands in a row with organisations is one: "UBS and Jefferies", "Moderna, Pfizer or Roche"."""
    ends = {name.end: name for name in names}
    begins = {name.start: name for name in names}

    def told(name: TokenSpan) -> bool:
        if name.type not in ("PER", "LOC") or is_in(_OTHERS - {"LAST"}, [words[name.start]], lexicon):
            return False
        if name.start and titles.leading(words[name.start - 1 : name.start]):
            return False
        before = ends.get(name.start - 1) if name.start and words[name.start - 1] in _JOINTS else None
        after = begins.get(name.end + 1) if words[name.end : name.end + 1] and words[name.end] in _JOINTS else None
        if before is not None and name.type == "LOC":
            return False  # "Bank of Weifang and Taian"
        return any(
            other is not None and other.type == "ORG" and other.score > _SURE for other in (before, after)
        ) and all(other is None or other.type == "ORG" for other in (before, after))

    return _called(words, names, _lone(words, names, told))


def possessed(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """ "Perry County Sheriff's Office", "Nurses and Midwives' Association": one name, where the owner is no name."""
    found = []
    for index, word in enumerate(words[:-1]):
        if not index or word not in _OWNING or words[index + 1] not in _OWNED_BODIES:
            continue
        owner = words[index - 1]
        noun = word in _OWNERS or lexicon.lower_tenths(owner) >= _NOUN
        if not owner[0].isupper() or not noun:
            continue
        start = index - 1
        while start and (
            words[start - 1][0].isupper() and words[start - 1].isalpha() and words[start - 1] not in _FIRSTS
        ):
            start -= 1
        if start > 1 and words[start - 1] == "and" and words[start - 2][0].isupper() and words[start - 2].endswith("s"):
            start -= 2
        found.append(TokenSpan("ORG", start, index + 2, LISTED))
    longer = [name for name in names if name.type == "ORG" and name.end - name.start > 2]
    found = [new for new in found if not any(old.start <= new.start and new.end < old.end for old in longer)]
    return merged(found, names) if found else list(names)


def branded(words: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """Macy's: what is always written with its ending, and has nothing behind it that could be its own."""
    taken = {
        index
        for name in names
        if name.end - name.start > 1 or name.type != "PER"
        for index in range(name.start, name.end)
    }
    plain = {word for word, after in pairwise([*words, ""]) if after not in _OWNER}
    found: dict[int, TokenSpan] = {}
    marked: set[str] = set()
    for index, (word, ending) in enumerate(pairwise(words)):
        if ending in _OWNER and word.istitle() and len(word) > 2 and word not in plain and index not in taken:
            found[index] = TokenSpan("ORG", index, index + 2, LISTED)
            after = words[index + 2] if index + 2 < len(words) else "."
            if after in _NOT_OWNED and words[index - 1 : index] not in (["of"], ["at"]):
                marked.add(word)
    found = {index: name for index, name in found.items() if words[index] in marked}
    if not found:
        return list(names)
    return sorted([*found.values(), *(name for name in names if name.start not in found)], key=lambda name: name.start)


def merged(strong: Iterable[TokenSpan], weak: Iterable[TokenSpan]) -> list[TokenSpan]:
    """All of `strong`, and of `weak` what does not overlap them; sorted."""
    kept = list(strong)
    taken = {index for name in kept for index in range(name.start, name.end)}
    kept += [name for name in weak if taken.isdisjoint(range(name.start, name.end))]
    return sorted(kept, key=lambda name: name.start)


def _is_traded(words: Sequence[str], name: TokenSpan) -> bool:
    """Whether the name is what it is called before it, or has what a company has."""
    earlier, near = _two_before(words, name)
    after, later = [*(word.lower() for word in words[name.end : name.end + 2]), "", ""][:2]
    if near in MAKERS or (near in ("of", "in") and earlier in _SHARES):
        return True
    return after in _SHARES or (after in _OWNER and later in _OWNED)


def _two_before(words: Sequence[str], name: TokenSpan) -> list[str]:
    """The two words before a name, in lower case; "" where there is none."""
    return ["", "", *(word.lower() for word in words[max(0, name.start - 2) : name.start])][-2:]


def _is_business(words: Sequence[str], name: TokenSpan) -> bool:
    """Whether the words around what may be a person say that it is a body: "analysts at", "acquisition of"."""
    earlier, near = _two_before(words, name)
    after = [*words[name.end : name.end + 8], "", ""]
    if near in ("of", "in", "with", "for", "by") and earlier in _BOUGHT:
        return True
    if (earlier, near) == ("-", "based") or (near == "at" and earlier in _AT):
        return True
    return after[0] in _STAFF or _is_body(after)


def _is_body(after: Sequence[str]) -> bool:
    """Whether the words behind a name call it a body: ", the New York hedge fund"."""
    if len(after) < _APPOSED or after[0] != "," or after[1] not in ("a", "an", "the", "its", "their"):
        return False
    stop = next((at for at in range(2, len(after)) if after[at] in _STOPS), 0)
    return stop > _APPOSED - 1 and after[stop - 1] in _KINDS


def listed(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """Listed companies taken for people or places, or passed over, where their names mean nothing else."""
    people, known = _people(words, names), companies_listed()
    found: dict[str, float] = {}
    kept = []
    for name in names:
        run = words[name.start : name.end]
        company = name.type in ("PER", "LOC") and " ".join(run) in known and not is_in(_OTHERS, run, lexicon)
        titled = company and name.start > 0 and titles.leading(words[name.start - 1 : name.start]) > 0
        if company and not titled and (people.isdisjoint(run) or len(run) > 1):
            name = replace(name, type="ORG")
        kept.append(name)
    alone = known.intersection(words) - people
    taken = {index for name in kept for index in range(name.start, name.end)} if alone else set()
    for index, word in enumerate(words) if alone else ():
        if word in alone and index not in taken and len(word) > 3:
            rare = lexicon.lower_tenths(word) < _OWN
            if rare and not is_in(_OTHERS, [word], lexicon):
                found[word] = LISTED
    return _called(words, kept, found)


@lru_cache(maxsize=1)
def companies_listed() -> frozenset[str]:
    """Names of listed companies (data/companies.txt)."""
    path = Path(__file__).parent / "data" / "companies.txt"
    return frozenset(path.read_text(encoding="utf-8").splitlines())


def papers(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """The Ledger: nobody is called by a common noun behind "the" but for an office ("the Pope")."""

    def told(name: TokenSpan) -> bool:
        word = words[name.start]
        behind = name.type == "PER" and name.start > 0 and words[name.start - 1].lower() == "the"
        noun = lexicon.lower_tenths(word) >= _NOUN
        return behind and noun and word not in _CALLED and not titles.leading([word])

    return _called(words, names, _lone(words, names, told))


def bodies(words: Sequence[str], names: Sequence[TokenSpan], lexicon: Lexicon) -> list[TokenSpan]:
    """A school, a ministry, a club by the last word of its name; and what alone is in capitals is no person."""
    kept = []
    for name in names:
        size = name.end - name.start
        told = words[name.end - 1] in _BODY or tuple(words[name.end - 2 : name.end]) in _PAIRS
        told = told or words[name.start] in _BODY_FIRST or (name.type == "PER" and words[name.end - 1] in _PEOPLES)
        told = told or (name.type == "PER" and _is_body(words[name.end : name.end + 9]))
        if name.type in ("LOC", "PER") and size > 1 and told:
            name = replace(name, type="ORG")
        elif name.type == "ORG" and words[name.end - 1] == "County" and size > 1 and name.score < _DOUBTED:
            name = replace(name, type="LOC")
        elif _shouts(words, name, lexicon):
            around = words[max(0, name.start - 6) : name.end + 6]
            if words[name.start].isalpha() and sum(word.isupper() for word in around if len(word) > 1) < 3:
                name = replace(name, type="ORG")
        kept.append(name)
    return kept


def _shouts(words: Sequence[str], name: TokenSpan, lexicon: Lexicon) -> bool:
    """Whether a person, or a place that no list knows, is one word in capitals."""
    word = words[name.start]
    lone = name.type in ("PER", "LOC") and name.end - name.start == 1 and len(word) > 2 and word.isupper()
    if not lone or name.type == "PER":
        return lone
    there, after = words[max(name.start - 2, 0) : name.start], [*words[name.end : name.end + 2], "", ""]
    dateline = after[0][:1].isdigit() or (after[0] == "," and not after[1].islower())
    doubted = name.score < _DOUBTED and not dateline and _WITHIN.isdisjoint(there)
    return doubted and not is_place([word], lexicon)


def _lone(words: Sequence[str], names: Sequence[TokenSpan], told: Callable[[TokenSpan], bool]) -> dict[str, float]:
    """Names of one word that are no part of anybody's full name and of which `told` holds, with their best scores."""
    people = _people(words, names)
    found: dict[str, float] = {}
    for name in names:
        word = words[name.start]
        if name.end - name.start == 1 and word not in people and told(name):
            found[word] = max(name.score, found.get(word, 0.0))
    return found


def _called(words: Sequence[str], names: Sequence[TokenSpan], known: Mapping[str, float]) -> list[TokenSpan]:
    """The names, with every lone word of `known` as an organisation of that score."""
    if not known:
        return list(names)
    kept = [
        replace(name, type="ORG") if name.end - name.start == 1 and words[name.start] in known else name
        for name in names
    ]
    taken = {index for name in kept for index in range(name.start, name.end)}
    found = [
        TokenSpan("ORG", index, index + 1, known[word])
        for index, word in enumerate(words)
        if word in known and index not in taken
    ]
    return sorted([*kept, *found], key=lambda name: name.start)


def _people(words: Sequence[str], names: Sequence[TokenSpan]) -> set[str]:
    """The words of the people whose full names stand in the article."""
    full = [name for name in names if name.type == "PER" and name.end - name.start > 1]
    return {word for name in full for word in words[name.start : name.end]}


def is_place(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether a list of places has these words."""
    return is_in(PLACE_LISTS, words, lexicon)


def is_in(lists: frozenset[str], words: Sequence[str], lexicon: Lexicon) -> bool:
    known = lexicon.gazetteer.mask(" ".join(words).lower())
    return known != 0 and not lists.isdisjoint(lexicon.gazetteer.names(known))
