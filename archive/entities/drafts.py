"""A name as a recogniser marked it, made tidy: without titles, possessives and quotes; what is two names divided."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from archive.entities import places, titles
from archive.entities.known_organisations import named_alone
from archive.entities.organisations import NOTHING_OWNED
from archive.entities.people import PARTICLES
from archive.model import Geo, Kind, Part

_EDGE = " \t\r\n\xa0,;:\"“”„‘’«»‹›「」『』'`()[]<>*_–—-|/\\"
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_NOTHING_OWNED = re.compile(rf"\s*(?:[.,;]|$|(?:{'|'.join(NOTHING_OWNED)})\b)")
AGENCY = re.compile(
    r"U\.?S\.?\s+(?=.*\b(?:Department|Court|Agency|Service|Services|Bureau|Office|Commission|Administration|Enforcement|"
    r"Army|Navy|Air Force|Marine Corps|Marines|Coast Guard|Attorney|Congress|Senate|House|Embassy|Treasury|Patrol|"
    r"Protection|Survey|Census|Trade Representative|Capitol|Border)\b)"
)


@dataclass(frozen=True, slots=True)
class DraftMention:
    """A name as a recogniser marked it, made tidy, with the text around it; `canonical` and `geo` once settled."""

    kind: Kind
    text: str
    part: Part
    start: int
    end: int
    confidence: float
    before: str = ""
    after: str = ""
    canonical: str = ""
    geo: Geo | None = None


def tidy(
    kind: Kind, text: str, start: int, end: int, part: Part, confidence: float, lang: str = "en"
) -> DraftMention | None:
    """The name at [start, end) without quotes, possessive and titles; None where nothing of it is left."""
    end = start + len(text[start:end].rstrip(_EDGE))
    match = _POSSESSIVE.search(text, start, end)
    own = kind is Kind.ORG and (_NOTHING_OWNED.match(text, end) or text[start:end].replace("’", "'") in named_alone())
    if match and not own:
        end = match.start()
    start = end - len(text[start:end].lstrip(_EDGE))
    if text.count("«", start, end) > text.count("»", start, end) and text.startswith("»", end):
        end += 1  # "РИА «Новости»"
    if text.count("(", start, end) > text.count(")", start, end) and text.startswith(")", end):
        end += 1  # "CPI(M)"
    if text[start : start + 4].lower() == "the " and kind is not Kind.PERSON:
        start += 4
    if text.startswith(" Attorney", end) and text.endswith(" District", start, end):
        kind, end = Kind.PLACE, end - len(" District")  # "Philadelphia District Attorney Larry Krasner"
    if kind is Kind.PERSON:
        start, end = _person(text, start, end, lang)
    if end - start < 2 or not any(c.isalpha() for c in text[start:end]):
        return None
    before, after = text[max(0, start - 60) : start], text[end : end + 40]
    return DraftMention(kind, text[start:end], part, start, end, confidence, before, after)


def _person(text: str, start: int, end: int, lang: str) -> tuple[int, int]:
    """Where a person's name stands in [start, end), offices, peoples and what stood behind it left out."""
    words = [(match.start(), match.end()) for match in _RUN.finditer(text, start, end)]
    while len(words) > 1 and text[words[-1][0] : words[-1][1]].lower() in titles.TRAILERS:
        words.pop()
        end = start + len(text[start : words[-1][1]].rstrip(_EDGE))
    if len(words) < 2:
        return start, end
    plain = [text[first:last] for first, last in words]
    count = max(titles.leading(plain, lang), _begun(text, start, plain, lang))
    count += titles.of_a_people(plain[count:])
    if 0 < count < len(words):
        start = end - len(text[words[count][0] : end].lstrip(_EDGE))
    if text[start:end].split()[0].lower() in PARTICLES:  # "der Leyen" after "von"
        while (match := _BEFORE.search(text, max(0, start - 8), start)) and match["word"] in PARTICLES:
            start = match.start("word")
    return start, end


def _begun(text: str, start: int, words: list[str], lang: str) -> int:
    """How many words of a name end an office that begins before it: "Def" where "Sec Def Hegseth" is cut there."""
    line = text[max(0, start - 40) : start].rpartition("\n")[2]
    before = line.split()[-2:] if line[-1:].isspace() else []
    sizes = (titles.leading([*before[-count:], *words], lang) - count for count in range(1, len(before) + 1))
    return max(sizes, default=0)


_RUN = re.compile(r"\S+")
_BEFORE = re.compile(r"\b(?P<word>[a-z]{2,4})[ \xa0]$")
_OF_COUNTRY = re.compile(r"(?P<country>U\.S\.|US|U\.K\.|UK|EU)\s+(?=[A-Z])")
_LAW = re.compile(r"\b(?:Constitution|Act|Amendment|Bill of Rights|Code|Treaty)$")
_OF_PLACE = re.compile(
    r"(?P<person>\S+(?:\s\S+)+?)\s(?:of|from|aus|du|de|d[’']|di|do|da|van|af|av)\s(?:the\s)?(?P<place>\S.*)"
)


def divided(name: DraftMention) -> list[DraftMention]:
    """The country and the agency in "U.S. Immigration and Customs Enforcement", the person and the country in
    "Bashar al-Assad of Syria"; a law is no organisation."""
    if name.kind is Kind.PERSON:
        return _of_a_country(name)
    if name.kind is not Kind.ORG:
        return [name]
    match = _OF_COUNTRY.match(name.text)
    law = _LAW.search(name.text) is not None
    if match is None or not (law or AGENCY.match(name.text)):
        return [] if law else [name]
    country = _piece(name, Kind.PLACE, 0, match.end("country"))
    return [country] if law else [country, _piece(name, name.kind, match.end(), len(name.text))]


def _of_a_country(name: DraftMention) -> list[DraftMention]:
    if name.text.count(" ") < 2:
        return [name]
    match = _OF_PLACE.fullmatch(name.text)
    if match is not None and any(p.kind == "country" for p in places.load().find(match["place"])):
        person = _piece(name, Kind.PERSON, 0, match.end("person"))
        return [person, _piece(name, Kind.PLACE, *match.span("place"))]
    words = list(_RUN.finditer(name.text))
    plain = [word.group() for word in words]
    for at in range(1, len(words) - 1):  # "Philadelphia DA Krasner"
        if titles.is_short(plain, at) and places.load().find(name.text[: words[at - 1].end()]):
            start = words[at + 1].start()
            return [_piece(name, Kind.PLACE, 0, words[at - 1].end()), _piece(name, name.kind, start, len(name.text))]
    return [name]


def _piece(name: DraftMention, kind: Kind, start: int, end: int) -> DraftMention:
    """What stands at [start, end) of a name, as a name of its own."""
    text = name.text
    return replace(
        name, kind=kind, text=text[start:end], start=name.start + start, end=name.start + end,
        before=name.before + text[:start], after=text[end:] + name.after,
    )  # fmt: skip
