"""Names out of bylines. Pure: what is a name, a role, a separator, an agency, an account."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.extraction.decode import clean_text

_BY = re.compile(
    r"^\s*(?:(?i:(?:written|story|text|words|reported|posted|report|analysis|opinion|interview|article|published|created"
    r"|reviewed)\s+by|by|von(?!\s+de[rnms]?\b)|par|por|door|text|texte|texto|autor(?:in|en|es)?|auteur|authors?"
    r"|propos recueillis par|a cura di|oleh|tekst|автор|от)|d[eia]|af|av|od)(?:\s*:\s*|\s+)"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|https?://\S+|@\w+")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_SPLIT = re.compile(
    r"\s*(?:;|\||\n|•|·|、|／|\s/\s|\s+(?:and|und|et|y|e|og|och|en|ja|oraz|i|dan|ve|и|та|with|mit|avec|con)\s+|\s*&\s*)\s*",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*,\s*")
_ROLE = re.compile(
    r"\b(?:reporter|correspondent|editor|editors|redakteur\w*|korrespondent\w*|journalist\w*|writer|columnist|contributor|producer|"
    r"photographer|fotograf\w*|staff|chief|senior|deputy|director|analyst|professor|autor(?:in)?|redacci[oó]n|redazione|chefredak\w*|"
    r"volont[äa]r\w*|leiter\w*|ressort\w*|bureau|desk|updated|published|correspondant\w*|envoy[ée]\w*|corrispondente|inviato|"
    r"politics|business|sports?|freier|freie|mitarbeiter\w*|redaktion\w*|newsroom|team|newsdesk|posted|published|guest)\b",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|m\.?d|ph\.?d|esq|mba|dds|rn|cfp|cfa)\.?$", re.IGNORECASE)
_CASELESS = re.compile("[\u0590-\u0dff\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7a3]")
_PARTICLES = frozenset(
    "de del della di da do dos das du la le les van von der den dem zu zum zur ten ter te af av al el bin ben ibn y e i"
    " und and of the d'".split()
)
# Words for the trade behind a name, as Korean bylines have them.
_TRADE = re.compile(r"\s*(?:기자|특파원|선임기자|논설위원|記者|记者)\s*$")
_ACCOUNT = re.compile(
    r"^(?:admin(?:istrator)?|root|webmaster|editor|user\d*|guest|test|wordpress|author|none|null|undefined|n/?a|unknown|anonymous)$",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b\d{1,2}[.:/]\d{1,2}|\b(?:19|20)\d\d\b|\b\d+\s+(?:min|hours?|days?)\b", re.IGNORECASE)


def names_in(value: str, *, split_commas: bool = True) -> list[str]:
    """The names in one author string: split, without "By", roles, addresses and brackets; [] for what is no name."""
    text = clean_text(" ".join(value.split()))
    text = _MAIL.sub(" ", text)
    text = " ".join(_BRACKETS.sub(" ", text).split())
    names: list[str] = []
    for part in _SPLIT.split(text):
        pieces = _COMMA.split(part) if split_commas else [part]
        for piece in pieces:
            name = _cleaned(piece)
            if _SUFFIX.match(name) and names:
                names[-1] = f"{names[-1]}, {name}" if split_commas else f"{names[-1]} {name}"
            elif is_name(name) and not (len(pieces) > 1 and _ROLE.search(name)):
                names.append(name)
    return list(dict.fromkeys(names))


def is_name(name: str) -> bool:
    """Whether a string can be the name of a person, an agency or a desk."""
    if not name or len(name) > 80 or len(name.split()) > 8 or _ACCOUNT.match(name) or _DATE.search(name):
        return False
    return any(char.isalpha() for char in name) and "http" not in name and "<" not in name


def is_person(name: str) -> bool:
    """Whether a name looks like that of a person: two to five capitalised words, none of them a role.

    In scripts without capitals, a short word of two or more letters will do.
    """
    words = name.split()
    if len(words) > 5 or _ROLE.search(name) or any(char.isdigit() for char in name):
        return False
    if _CASELESS.search(name):
        return 2 <= len(name.replace(" ", "")) <= 12
    proper = [word for word in words if word.lower() not in _PARTICLES]
    return len(words) >= 2 and len(proper) >= 1 and all(word[0].isupper() or not word[0].isalpha() for word in proper)


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Names once each, by letters alone, the better-written spelling kept."""
    kept: dict[str, str] = {}
    for name in names:
        letters = re.sub(r"\W", "", name.casefold())
        if letters and (letters not in kept or (kept[letters].isupper() and not name.isupper())):
            kept[letters] = name
    return tuple(kept.values())


def _cleaned(piece: str) -> str:
    previous = None
    while previous != piece:
        previous = piece
        piece = _TRADE.sub("", _BY.sub("", piece)).strip(" \t,.:;-–—|/*")
    return piece
