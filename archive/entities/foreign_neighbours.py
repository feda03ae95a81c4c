"""Rules for single other languages than English, by the words beside a name and in it (data/names_words.tsv).

"la jueza Alaya" is a person, "el Sevilla" a club, "Jose'yi" the end of a Turkish name. They are kept in the languages
in which they help over the sets with spaces (bench/recogniser.py) or, at no loss there, over the marked news of
tests/quality/names: together 0.7 points of facet F1 on the Turkish set, 1.3 on the Romanian, 0.3 on the Italian ones;
bodies alone 1.3 on Wikipedia in French, 0.2 in Dutch, and in news that they were not made by 0.4, 1.5 and 4.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from archive.entities import titles
from archive.entities.decode import TokenSpan
from archive.entities.foreign import countries
from archive.entities.foreign_cues import Cues
from archive.entities.gazetteer import Gazetteer
from archive.entities.known_organisations import LISTED
from archive.entities.name_words import words_of
from archive.entities.repair import acronyms
from archive.entities.small_words import calendar, small
from archive.entities.tokens import Tokens

_ROMANCE = frozenset("es it fr pt ro ca gl".split())
_TOWNS = ("BIGCITY", "CITY", "MCITY")
_LANDS = ("COUNTRY", "MCOUNTRY", "MREGION", "STATE", "REGION")
_FIRST = ("FIRST", "FIRST2", "MFIRST")
# Articles that stand before a club, and before hardly any town.
_CLUB = {"es": frozenset({"el", "al", "del"}), "it": frozenset({"il", "al", "del", "dal", "col", "sul", "nel"})}
# Small words that a person's name may begin with.
_PARTICLES = frozenset("de del della di da do dos das du des d la le lo les l el al van von den san santa e i".split())
COMPOUNDS = frozenset("de nl sv da no nb nn fi hu".split())  # languages that join a name to a noun by a hyphen
_HYPHENS = frozenset("-–")
_ENDING = 4  # letters of the longest ending that a hyphen joins to a name
_VON, _DER = (["von"], ["van"]), (["der"], ["den"], ["de"])
_GERMANIC = frozenset("de nl af lb".split())
_OF = frozenset("de del della dello du des do da".split())  # before the party or country of a person
_JOINTS = 2  # small words between two words of a body: "Comisión de los Derechos"
_ACTING = 0.5  # the most that a name has which a Spanish verb in the past ("Viajó") opens
_HARDLY = 0.5  # at more than this, corpora mark as many of these nouns as they do not
_SHORT = 4  # letters of words that are no adjective or noun of a body
_OFFICES = frozenset("es it fr ro".split())  # languages in which no organisation begins with an office
_CAPITAL_ENDS = frozenset("es pt gl ca".split())  # those in which names end with a capital
_LOWER = frozenset({"fr"})  # languages that write all but the first word of a body in lower case


def divided(words: Sequence[str], name: TokenSpan, lang: str) -> Iterator[TokenSpan]:
    """In Turkish a name ends with the apostrophe before its case: "Escamillo'nun Jose'yi" is two."""
    if lang != "tr":
        yield name
        return
    start = name.start
    for index in range(name.start, name.end - 1):
        stem, sign, ending = words[index].replace("’", "'").partition("'")
        if sign and len(stem) > 1 and ending.islower():
            yield replace(name, start=start, end=index + 1)
            start = index + 1
    yield replace(name, start=start)


def trimmed(
    words: Sequence[str], name: TokenSpan, lang: str, opens: bool, common: Callable[[str, str], bool]
) -> TokenSpan:
    """ "Según Hurtado" and "El Tribunal Supremo" where a sentence opens, "della Fitp": without the small word, and
    "Salió de Francia" without the verb. `common` words are no names.
    """
    if lang not in _ROMANCE or name.end - name.start == 1:
        return name
    start, person, first = name.start, name.type == "PER", words[name.start]
    low = first.lower()
    opened = opens and person and low not in _PARTICLES and (low in small(lang) or common(low, lang))
    opened |= opens and low in small(lang) and words[start + 1] in words_of("body", lang)
    acts = opens and lang == "es" and name.score < _ACTING and low.endswith("ó") and words[start + 1] in small(lang)
    opened |= acts
    kept = _PARTICLES if person and lang != "it" and not opened else frozenset()
    start += opened
    while start < name.end and words[start] in small(lang) and words[start] not in kept:
        start += 1
    if start in (name.start, name.end) or not words[start][0].isupper():
        return name
    country = acts and " ".join(words[start : name.end]) in countries(lang)
    return replace(name, start=start, type="LOC" if country else name.type)


def ended(words: Sequence[str], name: TokenSpan, lang: str) -> TokenSpan:
    """ "Donald Trump Más" where the next line begins, "el INE del": without the small word behind, and "Universidad de
    Lima hallaron" without the verb. The party of "Jorge Maury del PAN" is no part of his name.
    """
    if lang not in _ROMANCE or name.type == "MISC":
        return name
    end = name.end
    while end - name.start > 1 and _is_behind(words, end - 1, lang, alone=end - name.start == 2):
        end -= 1
    if lang in _CAPITAL_ENDS and any(word[0].isupper() for word in words[name.start : end]):
        while words[end - 1].isalpha() and words[end - 1].islower():
            end -= 1
    if name.type == "PER" and not words[name.start].isupper():
        of = (at for at in range(name.start + 1, end - 1) if words[at] in _OF and _is_acronym(words[at + 1]))
        end = next(of, end)
    return replace(name, end=end) if end < name.end else name


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _is_behind(words: Sequence[str], at: int, lang: str, *, alone: bool) -> bool:
    """Whether a word is but a small one; with a capital it is where two others are left, and it is no month."""
    word, low = words[at], words[at].lower()
    if low not in small(lang) or words[at - 1] in _HYPHENS | _OF:
        return False
    return word == low or (not alone and word.istitle() and low not in _PARTICLES | calendar(lang))


def apart(tokens: Tokens, name: TokenSpan, lang: str) -> bool:
    """Whether a name is no part of a longer word: an "Ajax-trainer" is no organisation, "EU-ban" is in one still."""
    words, starts, end = tokens.words, tokens.starts, name.end
    if lang not in COMPOUNDS or end + 1 >= len(words) or words[end] not in _HYPHENS:
        return True
    joined = starts[end] == starts[end - 1] + len(words[end - 1]) and starts[end + 1] == starts[end] + 1
    noun = lang == "de" or (words[end + 1].islower() and len(words[end + 1]) > _ENDING)
    return not (joined and noun and words[end + 1][0].isalpha())


def bodies(words: Sequence[str], names: Sequence[TokenSpan], lang: str, cues: Cues) -> list[TokenSpan]:
    """ "Instituto Nacional de Estadística" is one organisation; and what its acronym stands for, that is."""
    if not (words_of("body", lang) or words_of("stem", lang)):
        return list(names)
    people = {name.start for name in names if name.type == "PER" and name.end - name.start > 1}
    runs = list(_runs(words, lang, people, cues.get("body", ())))
    at = {index: name for name in names for index in range(name.start, name.end)} if runs else {}
    gone, found = set[TokenSpan](), list[TokenSpan]()
    for start, end in runs:
        inside = {at[index] for index in range(start, end) if index in at}
        whole = at.get(start)
        if whole is not None and whole.start == start and whole.end >= end:
            inside, end = {whole}, whole.end
        if any(name.start < start or name.end > end or name.type == "MISC" for name in inside):
            continue
        gone |= inside
        found.append(TokenSpan("ORG", start, end, max([LISTED, *(name.score for name in inside)])))
    kept = [name for name in names if name not in gone]
    return acronyms(words, sorted([*kept, *found], key=lambda name: name.start))


def _runs(words: Sequence[str], lang: str, people: Collection[int], heads: Sequence[int]) -> Iterator[tuple[int, int]]:
    """From the word that makes a body of them as far as words with capitals follow, a few joints between them, and no
    person but the one that it is named after ("im. Kornela Makuszyńskiego").

    Where the first word has endings, adjectives stand before it, too: "Główna Komisja Wyborcza". In French, adjectives
    and what follows a joint are in lower case: "Office fédéral de l'agriculture".
    """
    stems = words_of("stem", lang)
    joints, endings = words_of("joint", lang), tuple(words_of("adjective", lang))
    free = 0
    for head in heads:
        if head < free:
            continue
        start, end = head, head + 1
        while stems and start > free and words[start - 1][0].isupper() and _ends(words[start - 1], endings):
            start -= 1
        at = end
        while at < len(words) and at - end <= _JOINTS and (at not in people or words[at - 1] == "."):
            word = words[at]
            described = not stems and _ends(word, endings) if at == end else lang in _LOWER and _is_noun(word, lang)
            if word[0].isupper() or described:
                end = at + 1
            elif word in joints:
                if end == head + 1 and word in words_of("at", lang):
                    break  # "Prokuratura w Suwałkach": where it is, and no part of its name
            elif word != "." or words[at - 1] not in joints:
                break
            at += 1
        free = end
        if end > start + 1:
            yield start, end


def _ends(word: str, endings: tuple[str, ...]) -> bool:
    return len(word) > _SHORT and word.endswith(endings)


def _is_noun(word: str, lang: str) -> bool:
    return len(word) > _SHORT and word.islower() and word not in small(lang)


def whole(words: Sequence[str], names: Sequence[TokenSpan], lang: str) -> Iterator[TokenSpan]:
    """ "Von der Leyen" where a sentence opens: with the small words, where they are no small words of the language."""
    free = 0
    for name in names:
        before = [word.lower() for word in words[max(name.start - 2, free) : name.start]]
        size = 0
        if name.type == "PER" and lang not in _GERMANIC:
            size = 2 if before[:1] in _VON and before[1:] in _DER else int(before[-1:] in _VON)
        yield replace(name, start=name.start - size) if size else name
        free = name.end


def told(words: Sequence[str], name: TokenSpan, lang: str, gazetteer: Gazetteer) -> TokenSpan:
    """Who is called by an office or a trade is a person, and what has the article of a club is none of the towns."""
    before, phrase = words[name.start - 1] if name.start else "", " ".join(words[name.start : name.end])
    if phrase in countries(lang):
        return name
    if name.type in ("LOC", "ORG") and before in _callings(lang) and not words[name.start].isupper():
        return replace(name, type="PER")
    if name.type in ("LOC", "PER") and before.lower() in _CLUB.get(lang, ()):
        known = gazetteer.mask(phrase.lower())
        no_town = _LANDS if name.type == "LOC" else (*_LANDS, *_FIRST)
        if known & gazetteer.bits(_TOWNS) and not known & gazetteer.bits(no_town):
            return replace(name, type="ORG")
    return name


def is_noun(words: Sequence[str], name: TokenSpan, lang: str) -> bool:
    """Whether what was taken for a place or a person, or hardly for an organisation, is but a noun: "el Gobierno"."""
    doubted = name.type in ("PER", "LOC") or name.score < _HARDLY
    return doubted and name.end - name.start == 1 and words[name.start] in words_of("common", lang)


def is_office(words: Sequence[str], name: TokenSpan, lang: str) -> bool:
    """Whether what was taken for an organisation is somebody of one: "Secretario de Organización de Morena"."""
    of_one = name.type == "ORG" and name.end - name.start > 1 and lang in _OFFICES
    return of_one and titles.leading(words[name.start : name.end], lang) > 0


def _callings(lang: str) -> frozenset[str]:
    """What people are called right before their names; nothing where places stand there, too ("президент России")."""
    trades = words_of("person", lang)
    return trades and trades | titles.offices(lang)
