"""Which encoding unlabelled bytes are in. Pure; looks at a bounded part of the text between the tags.

A candidate is scored by how ordinary its text would be: how frequent its characters are in the best of the languages
that are written in that encoding. What fits nothing is windows-1252, as in browsers.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from math import exp, log

from archive.extraction.letters import LANGUAGES, LATIN, SIGNS

_SAMPLE = 60_000  # bytes of text looked at
_MARKUP = re.compile(rb"<(?:script|style)\b.*?</(?:script|style)\s*>|<[^>]{0,2000}>", re.DOTALL | re.IGNORECASE)
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]|\x1b\([JI]")
_KANA = re.compile("[\u3041-\u309f\u30a1-\u30fc]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HANJA = re.compile("[\u4e00-\u9fff]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_RARE = re.compile("[\ufffd\ue000-\uf8ff\u3400-\u4dbf\uf900-\ufaff\u0080-\u009f]")
# Frequent characters of written Chinese, simplified and traditional, and the punctuation of both.
_HANZI = frozenset(
    "的一是不了在人有我他这中大来上个国和也子时道说出会三要于下得可你年生自行方后多着面小前么"
    "所经十进些从动两长去天过家学对地以成作为到心发用法高民新市部月日公政府报記者表示"
    "這個來說時為們會國對過後學發還動開關經現長門問題與從無當應體點實報導記華萬區請處議員"
    "，。、：；「」『』？！《》“”（）　"
)
_STEEP = 4.0  # the last letter of a language is as frequent as the first divided by e to this
_OF_LETTERS = 0.8  # share of its letters among the characters beyond ASCII of a text; the rest are signs
_OF_SIGN = 0.02  # share of each sign that all languages have
_OF_OTHERS = 0.002  # of a letter of another language in the same encoding, as in names
_OF_STRANGE = 0.0002  # of any other character
_OF_NONE = 1e-6  # of what is none
_PRIOR = 2.0  # of windows-1252, as a logarithm: most bytes without a label are in it
_ODD = 3.0  # what a pair of letters costs that no language writes, as a logarithm


def detect(payload: bytes) -> str:
    """The Python codec that `payload` is most likely in."""
    sure = _by_form(payload)
    if sure:
        return sure
    sample = _MARKUP.sub(b" ", payload[: 8 * _SAMPLE])[:_SAMPLE]
    if sample.isascii():
        sample = payload[:_SAMPLE]
    scores = {codec: _multi_byte(sample, codec) for codec in ("cp932", "euc_jp", "euc_kr", "big5hkscs", "gb18030")}
    best = max(scores, key=lambda codec: scores[codec])
    if scores[best] > 0.35:
        return "cp949" if best == "euc_kr" else best
    return max(LANGUAGES, key=lambda codec: _single_byte(sample, codec))


def _by_form(payload: bytes) -> str | None:
    """The codec of bytes that are in one by their very form, None where many are possible."""
    if _ISO_2022_JP.search(payload[:_SAMPLE]) and payload.isascii():
        return "iso2022_jp"
    if payload.isascii() and b"\x00" not in payload[:1000]:
        return "utf-8"
    wide = _utf16(payload[:1000])
    if wide:
        return wide
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(payload) - error.start < 4 and error.reason == "unexpected end of data":
            return "utf-8"
        return None
    return "utf-8"


def _utf16(head: bytes) -> str | None:
    evens, odds = head[0::2].count(0), head[1::2].count(0)
    if odds > len(head) // 6 and evens * 8 < odds:
        return "utf-16-le"
    if evens > len(head) // 6 and odds * 8 < evens:
        return "utf-16-be"
    return None


def _multi_byte(sample: bytes, codec: str) -> float:
    """Share of ordinary characters among the non-ASCII ones; below zero where the bytes do not fit the codec."""
    text = sample.decode(codec, "replace")
    foreign = [char for char in text if char > "\x7f"]
    broken = text.count("\ufffd")
    if len(foreign) < 2 or broken * 20 > len(foreign):
        return -1.0
    strange = (len(_RARE.findall(text)) + len(_HALF_KANA.findall(text))) / len(foreign)
    if codec in ("cp932", "euc_jp"):
        common = len(_KANA.findall(text)) / len(foreign) * 1.3
    elif codec == "euc_kr":  # scored without its extension, whose rare syllables fit other encodings' bytes
        common = (len(_HANGUL.findall(text)) - len(_HANJA.findall(text))) / len(foreign)  # rare among syllables
    else:
        common = sum(char in _HANZI for char in foreign) / len(foreign) * 2.0
    return common - 2 * strange


def _single_byte(sample: bytes, codec: str) -> float:
    """How well the high bytes read as letters of the best of the codec's languages; ties go to the first, windows-1252.

    The mean of the logarithms of how frequent each character is, less what no language writes.
    """
    text = sample.decode(codec, "replace")
    counts = Counter(_small(char) for char in text if char > "\x7f")
    total = counts.total()
    if not total:
        return 0.0
    if codec not in LATIN and not _word(codec).search(text):
        return log(_OF_NONE)  # a letter here and there is no text in another script
    # A lone C1 control is what Python leaves undefined in windows-1252 and browsers do not: no codec gains by it.
    scores = (
        sum(count * shares.get(char, _other(char)) for char, count in counts.items()) for shares in _shares(codec)
    )
    prior = _PRIOR if codec == "cp1252" else 0.0
    return (max(scores) + prior - _ODD * len(_odd(codec).findall(text))) / total


def _small(char: str) -> str:
    small = char.lower()
    return small if len(small) == 1 else char


def _other(char: str) -> float:
    return log(_OF_NONE if char == "\ufffd" or "\x80" <= char <= "\x9f" else _OF_STRANGE)


@cache
def _shares(codec: str) -> list[dict[str, float]]:
    """For each language of a codec, how frequent its characters are, as logarithms."""
    languages = LANGUAGES[codec].values()
    others = dict.fromkeys("".join(languages), log(_OF_OTHERS)) | dict.fromkeys(SIGNS, log(_OF_SIGN))
    return [others | _by_place(letters) for letters in languages]


def _by_place(letters: str) -> dict[str, float]:
    weights = [exp(-_STEEP * place / len(letters)) for place in range(len(letters))]
    return {letter: log(_OF_LETTERS * weight / sum(weights)) for letter, weight in zip(letters, weights, strict=True)}


@cache
def _odd(codec: str) -> re.Pattern[str]:
    """What no language in that encoding writes: a capital behind a small letter; and beside ASCII, other scripts.

    Of Latin scripts, four letters beyond ASCII in a row.
    """
    small = "".join(sorted({char for letters in LANGUAGES[codec].values() for char in letters if char.isalpha()}))
    large = "".join(sorted({_capital(char) for char in small} - set(small)))
    cases = [f"[{small}](?=[A-Z{large}])", f"[a-z](?=[{large}])"] if large else []
    every = f"[{small}{large}]"
    scripts = [f"{every}{{4,}}"] if codec in LATIN else [f"[A-Za-z](?={every})", f"{every}(?=[A-Za-z])"]
    return re.compile("|".join([*cases, *scripts]))


@cache
def _word(codec: str) -> re.Pattern[str]:
    """Two letters of a codec's languages side by side."""
    letters = {char for letters in LANGUAGES[codec].values() for char in letters}
    return re.compile(f"[{''.join(sorted(letters | set(map(_capital, letters))))}]{{2}}")


def _capital(char: str) -> str:
    large = char.upper()
    return large if len(large) == 1 else char
