"""Which encoding unlabelled bytes are in. Pure; looks at a bounded part of the text between the tags.

A candidate is scored by how ordinary its text would be: the share of characters that are common in the languages
written in that encoding. What fits nothing is windows-1252, as in browsers.
"""

from __future__ import annotations

import re

_SAMPLE = 60_000  # bytes of text looked at
_MARKUP = re.compile(rb"<(?:script|style)\b.*?</(?:script|style)\s*>|<[^>]{0,2000}>", re.DOTALL | re.IGNORECASE)
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]|\x1b\([JI]")
_KANA = re.compile("[\u3041-\u309f\u30a1-\u30fc]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_RARE = re.compile("[\ufffd\ue000-\uf8ff\u3400-\u4dbf\uf900-\ufaff\u0080-\u009f]")
# Frequent characters of written Chinese, simplified and traditional, and the punctuation of both.
_HANZI = frozenset(
    "的一是不了在人有我他这中大来上个国和也子时道说出会三要于下得可你年生自行方后多着面小前么"
    "所经十进些从动两长去天过家学对地以成作为到心发用法高民新市部月日公政府报記者表示"
    "這個來說時為們會國對過後學發還動開關經現長門問題與從無當應體點實報導記華萬區請處議員"
    "，。、：；「」『』？！《》“”（）　"
)
# Letters beyond ASCII that each single-byte encoding's languages use all the time.
_LETTERS = {
    "cp1252": "àâäåæçèéêëìíîïñòóôöøùúûüßÀÂÄÅÆÇÈÉÊÖØÜÑ‘’“”–—…«»¿¡€£°·•©®™ ",
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ«»—–„“” ",
    "koi8-r": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ",
    "cp1250": "áäčďéěíľĺňóôöőřšťúůüűýžąćęłńśźżÁČĎÉŁÓŘŠŚŤÚŽŻ„”“’–… ",
    "cp1253": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ«»’–",
    "cp1254": "çğıöşüâîûÇĞİÖŞÜ‘’“”–…",
    "cp1255": "אבגדהוזחטיךכלםמןנסעףפץצקרשת–“”",
    "cp1256": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىپچژگ،؟",
    "cp874": "กขคงจฉชซญฎฏฐณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะัาำิีึืุูเแโใไ็่้๊๋์",
}


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
    return max(_LETTERS, key=lambda codec: _single_byte(sample, codec))


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
        common = len(_HANGUL.findall(text)) / len(foreign)
    else:
        common = sum(char in _HANZI for char in foreign) / len(foreign) * 2.0
    return common - 2 * strange


def _single_byte(sample: bytes, codec: str) -> float:
    """How well the high bytes read as letters of the codec's languages; ties go to the first, windows-1252."""
    high = sample.decode(codec, "replace")
    letters = frozenset(_LETTERS[codec])
    foreign = [char for char in high if char > "\x7f"]
    if not foreign:
        return 0.0
    score = sum(char in letters for char in foreign) / len(foreign)
    # In Latin scripts high letters are rare between ASCII ones, in the others they stand in runs.
    runs = len(re.findall(r"[^\x00-\x7f]{3,}", high)) / len(foreign)
    latin = codec in ("cp1252", "cp1250", "cp1254")
    return score - (runs if latin else 0.0) - (0.3 if not latin and runs < 0.05 else 0.0)
