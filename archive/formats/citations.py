"""References in wiki markup: what a template says of the address in it ({{cite web |url=… |title=… |date=…}}). Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from archive.formats.fields import Fields

_MOST = 4_000  # characters of a template
_BEFORE = re.compile(r"\|\s*([^\W\d_][\w -]{0,30}?)\s*=\s*\Z")
_SIGNS = re.compile(r"\{\{|\}\}|\[\[|\]\]|\|")
_URL = frozenset("url online link adresse lien enlace adres ссылка chapter-url article-url".split())
_NO_WORDS = re.compile(r"<!--.*?-->|<ref\b[^<>]*/>|<[^<>]*>|\{\{[^{}]*\}\}|'{2,}", re.DOTALL)
_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
# Parts of a person's name: what they are called, with the number of the person behind.
_FAMILY = "last surname nachname nom apellidos apellido cognome sobrenome último ultimo achternaam nazwisko".split()
_GIVEN = "first given vorname prénom nombre nome primeiro voornaam imię".split()
_NUMBERED = re.compile(r"(?:author|autor|auteur|autore|автор)[ -]?\d{1,2}")

CITED = Fields(
    "text", "references in wiki markup", frozenset(), url=("url",),
    title=("title", "titel", "titre", "título", "titulo", "titolo", "tytuł", "заглавие", "название", "назва", "titul",
           "タイトル", "title2", "標題", "标题"),
    authors=("persons", "author", "authors", "autor", "auteur", "auteurs", "autore", "autoren", "автор", "著者",
             "vauthors"),
    site=("website", "work", "newspaper", "magazine", "journal", "publisher", "werk", "hrsg", "site", "périodique",
          "éditeur", "obra", "publicación", "editorial", "sito", "pubblicazione", "editore", "издание", "издательство",
          "agency"),
    lang=("language", "sprache", "langue", "idioma", "lingua", "язык"),
    published=("date", "datum", "fecha", "data", "дата", "日期", "année", "year", "jahr", "año", "anno", "ano"),
)  # fmt: skip


def said_of(text: str, start: int) -> Mapping[str, str] | None:
    """What the template says, by its names in lower case, that has the address at `start` as that of its work; None
    where it stands in none, or as another (of an archive's copy)."""
    before = _BEFORE.search(text, max(0, start - 60), start)
    if before is None or before[1].lower() not in _URL:
        return None
    begin = _begin(text, start)
    if begin < 0:
        return None
    says: dict[str, str] = {}
    for part in _parts(text, begin)[1:]:
        name, is_said, value = part.partition("=")
        if is_said and (words := _words(value)):
            says.setdefault(name.strip().lower(), words)
    says["persons"] = "; ".join(_persons(says))
    return says


def _begin(text: str, start: int) -> int:
    """Where the template begins that `start` stands in; -1 for nowhere."""
    depth = 0
    for found in reversed([*re.finditer(r"\{\{|\}\}", text[max(0, start - _MOST) : start])]):
        depth += 1 if found[0] == "{{" else -1
        if depth == 1:
            return max(0, start - _MOST) + found.start()
    return -1


def _parts(text: str, begin: int) -> list[str]:
    """What stands between the bars of the template at `begin`."""
    parts: list[str] = []
    depth, position, end = 0, begin + 2, min(len(text), begin + 2 * _MOST)
    for found in _SIGNS.finditer(text, begin, end):
        if found[0] in ("{{", "[["):
            depth += 1
        elif found[0] != "|":
            depth -= 1
        if depth == 0 or (depth == 1 and found[0] == "|"):
            parts.append(text[position : found.start()])
            position = found.end()
        if depth <= 0:
            break
    return parts


def _words(value: str) -> str:
    return " ".join(html.unescape(_NO_WORDS.sub("", _LINK.sub(r"\1", value))).split())


def _persons(says: Mapping[str, str]) -> list[str]:
    """The authors whose names a template has in parts, or one by one."""
    found = []
    for name, family in says.items():
        word = name.rstrip("0123456789")
        number = name[len(word) :]
        if word.rstrip("-") in _FAMILY:
            given = next((says[one + number] for one in _GIVEN if one + number in says), "")
            found.append(f"{given} {family}".strip())
        elif _NUMBERED.fullmatch(name):
            found.append(family)
    return found
