"""Names in languages that the model was not trained on: only what it is sure of, and what stands in lists.

Most European languages mark names by capitals as English does, so the network reads them too, with less certainty. What
it says is kept where it is sure and the capitals agree; countries and large cities are added from lists. German
capitalises every noun and is held to more. Everything found carries a lower confidence; scripts without capitals give
nothing. The aim is to miss names rather than to invent them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from archive.entities.decode import Name
from archive.entities.gazetteer import Gazetteer
from archive.entities.tokens import Tokens, tokenize

TRUST = 0.7  # what the network's certainty is worth here
FROM_LIST = 0.5  # confidence of a name that only a list knows
_LEAST = 0.65  # score from which the network is believed
_LEAST_WHERE_NOUNS_HAVE_CAPITALS = 0.88
_NOUNS_HAVE_CAPITALS = frozenset({"de", "lb"})
_LINKS = frozenset(
    "de del della dello di da do dos das du des la le les los las el al bin ibn ben van von der den zu zur y e et und "
    "of the och og i på af av d' l' - ’ '".split()
)
# Before these a large city's name is no common word.
_PREPOSITIONS = frozenset(
    "in aus nach bei en à a de desde hacia vers depuis da di em para til fra i från till te naar uit".split()
)
_CITY = "BIGCITY"
_UNIONS = frozenset({"EU", "UN"})
_NO_PLACES = frozenset({"EZ", "QO", "XA", "XB", "ZZ"})


def foreign(tokens: Tokens, names: Sequence[Name], gazetteer: Gazetteer, lang: str) -> list[Name]:
    """Of the names that the network found in a text in `lang`, and of the lists, what can be relied on. Sorted."""
    words, firsts = tokens.words, frozenset(tokens.sentences)
    inside = {word for index, word in enumerate(words) if index not in firsts and word[0].isupper()}
    sure = list(_countries(words, countries(lang)))
    taken = {index for name in sure for index in range(name.start, name.end)}
    for name in (_without_noun(words, name, gazetteer) for name in names):
        run = words[name.start : name.end]
        lone_first = len(run) == 1 and name.start in firsts and run[0] not in inside
        if lone_first or name.score < _least(run, lang, gazetteer) or not _looks_like_a_name(run):
            continue
        if taken.isdisjoint(range(name.start, name.end)):
            sure.append(replace(name, score=name.score * TRUST))
            taken.update(range(name.start, name.end))
    for index in range(1, len(words)):
        placed = words[index][0].isupper() and words[index - 1].lower() in _PREPOSITIONS
        if placed and index not in taken and _CITY in gazetteer.names(gazetteer.mask(words[index].lower())):
            sure.append(Name("LOC", index, index + 1, FROM_LIST))
    return sorted(sure, key=lambda name: name.start)


@lru_cache(maxsize=16)
def countries(lang: str) -> dict[str, str]:
    """The names of countries and of unions of them in a language → LOC or ORG; empty for an unknown language."""
    try:
        territories = Locale.parse(lang).territories
    except (UnknownLocaleError, ValueError):
        return {}
    found: dict[str, str] = {}
    for code, given in territories.items():
        name = str(given)
        if len(code) == 2 and code.isalpha() and code not in _NO_PLACES and name[0].isupper() and "(" not in name:
            found[" ".join(tokenize(name).words)] = "ORG" if code in _UNIONS else "LOC"
    return found


def _countries(words: Sequence[str], known: Mapping[str, str]) -> Iterator[Name]:
    longest = max((name.count(" ") + 1 for name in known), default=0)
    free = 0
    for index, word in enumerate(words):
        if index < free or not word[0].isupper():
            continue
        for end in range(min(index + longest, len(words)), index, -1):
            kind = known.get(" ".join(words[index:end]))
            if kind is not None:
                yield Name(kind, index, end, FROM_LIST + 0.2)
                free = end
                break


def _least(run: Sequence[str], lang: str, gazetteer: Gazetteer) -> float:
    """The score from which the network is believed on these words."""
    acronym = len(run) == 1 and run[0].isupper()
    forename = len(run) > 1 and "FIRST" in gazetteer.names(gazetteer.mask(run[0].lower()))
    if lang in _NOUNS_HAVE_CAPITALS and not acronym and not forename:
        return _LEAST_WHERE_NOUNS_HAVE_CAPITALS
    return _LEAST


def _without_noun(words: Sequence[str], name: Name, gazetteer: Gazetteer) -> Name:
    """ "Kenner Thomas Jäger" without the noun before the first name."""
    if name.type == "PER" and name.end - name.start > 2:
        here, after = (gazetteer.names(gazetteer.mask(words[name.start + step].lower())) for step in (0, 1))
        if not here and "FIRST" in after:
            return replace(name, start=name.start + 1)
    return name


def _looks_like_a_name(run: Sequence[str]) -> bool:
    return run[0][0].isupper() and run[-1][0].isupper() and all(w[0].isupper() or w.lower() in _LINKS for w in run)
