"""Where a story in another language than English was written, and the agency that sent it: "OULU (STT). Oulun …".

A dateline opens the text or a line. Its town is in capitals, or an agency in brackets stands behind it; the network
often takes it for something else, for want of a sentence around it.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive.entities.decode import TokenSpan
from archive.entities.gazetteer import Gazetteer
from archive.entities.known_organisations import LISTED
from archive.entities.name_words import words_of
from archive.entities.tokens import Tokens

_PLACES = ("BIGCITY", "CITY", "MCITY", "COUNTRY", "MCOUNTRY", "ADMIN", "MREGION")
_TOWN = 4  # words of a town
_AGENCY = 3  # words in brackets
_DASHES = frozenset({"-", "–", "—", "--"})
_SMALL = 3  # letters of a small word in a town's name: "Vila do Conde"
_DOTTED_I = str.maketrans("Iİ", "ıi")


def datelined(tokens: Tokens, names: Sequence[TokenSpan], lang: str, gazetteer: Gazetteer) -> list[TokenSpan]:
    """The names, with the towns and agencies of datelines in the place of whatever was seen there."""
    words, found = tokens.words, list[TokenSpan]()
    signed = not words_of("agency").isdisjoint(words)
    for start in tokens.sentences:
        if signed or (words[start].isupper() and len(words[start]) > 1):
            found += _dateline(tokens, start, lang, gazetteer)
    if not found:
        return list(names)
    taken = {index for name in found for index in range(name.start, name.end)}
    kept = [name for name in names if taken.isdisjoint(range(name.start, name.end))]
    return sorted([*kept, *found], key=lambda name: name.start)


def _dateline(tokens: Tokens, start: int, lang: str, gazetteer: Gazetteer) -> list[TokenSpan]:
    words, end = tokens.words, _town(tokens, start)
    after = words[end] if start < end < len(words) else ""
    if after == "(":
        close = next((at for at in range(end + 2, end + 2 + _AGENCY) if words[at : at + 1] == [")"]), 0)
        ends = words[close + 1] if 0 < close < len(words) - 1 else ""
        if ends not in _DASHES and ends not in (".", ":"):
            return []
        agencies = words_of("agency")
        signed = next((at for at in range(end + 1, close) if words[at] in agencies), 0)
        listed = _is_place(words[start:end], lang, gazetteer)
        if not (signed or (listed and words[start].isupper())):
            return []
        town = TokenSpan("LOC", start, end, LISTED)
        return [town, TokenSpan("ORG", signed, signed + 1, LISTED)] if signed else [town]
    line = after in _DASHES or (after in (".", ",") and end + 1 < len(words) and _goes_on(words, end))
    shouted = words[start].isupper() and all(word.isupper() for word in words[start:end] if len(word) > _SMALL)
    if line and shouted and len(words[start]) > 2 and _is_place(words[start:end], lang, gazetteer):
        return [TokenSpan("LOC", start, end, LISTED)]
    return []


def _town(tokens: Tokens, start: int) -> int:
    """Where the words of a town end: those with capitals, a small word or a hyphen between two of them."""
    words, at, end = tokens.words, start, start
    while at < len(words) and at - start < _TOWN:
        if words[at][0].isupper():
            end = at + 1
        elif at == start or not (_is_hyphen(tokens, at) or (words[at].isalpha() and len(words[at]) <= _SMALL)):
            break
        at += 1
    return end


def _is_hyphen(tokens: Tokens, at: int) -> bool:
    return tokens.words[at] == "-" and tokens.starts[at - 1] + len(tokens.words[at - 1]) == tokens.starts[at]


def _goes_on(words: Sequence[str], end: int) -> bool:
    """Whether a day stands behind a comma, and a sentence behind a full stop."""
    after = words[end + 1]
    return after[0].isdigit() if words[end] == "," else not after[0].islower()


def _is_place(words: Sequence[str], lang: str, gazetteer: Gazetteer) -> bool:
    name = " ".join(words)
    low = (name.translate(_DOTTED_I) if lang == "tr" else name).lower()
    return bool(gazetteer.mask(low) & gazetteer.bits(_PLACES))
