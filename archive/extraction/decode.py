"""Bytes to clean text by the rules browsers use, and a little beyond them where labels are known to lie. Pure.

Order: byte order mark; the HTTP label; the label inside the document (wherever it stands); detection. Beyond the
WHATWG standard: text that is valid UTF-8 is read as UTF-8 against a single-byte label, and a UTF-8 label that the
bytes contradict is not believed. Afterwards no character is left that XML or a terminal would choke on.
"""

from __future__ import annotations

import re
import unicodedata

from archive.extraction.detect import detect
from archive.extraction.labels import codec_of, is_replacement

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SINGLE_BYTE = re.compile(r"cp125\d|cp874|cp866|iso8859|koi8|mac", re.ASCII)
_META = re.compile(
    rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.+-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""",
    re.IGNORECASE,
)
_SHIFTS = re.compile(rb"\x1b[$(]|\x0e|~\{")  # into other characters, in ISO-2022-KR and -CN, and in HZ
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")

_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ASCII = bytes(range(0x80))
# The same in UTF-8: those below U+0080, with the line and page breaks that become spaces; those above.
_ASCII_CONTROLS = bytes(code for code in _ASCII if code < 0x20 or code == 0x7F).translate(None, b"\t\n\r")
_WIDE_CONTROLS = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]|\xed[\xa0-\xbf]|\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])")
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]*)|0*([0-9]*));?")
# C1 numbers in references mean windows-1252 (HTML standard, "numeric character reference end state").
_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
# Marks without a width that break words for search, or turn the line around: no text needs them to be read.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def decode(payload: bytes, charset: str | None) -> str:
    """The text of an HTML or plain-text payload, free of control characters and of references to them."""
    text, codec = _decode(payload, charset)
    return clean_markup(text, payload if codec == "utf-8" else None)


def clean_markup(text: str, utf8: bytes | None = None) -> str:
    """`text` without characters, or numeric references to characters, that may not stand in HTML.

    `utf8`: the bytes it was decoded from, where they are UTF-8.
    """
    if _has_controls(text.encode("utf-8", "surrogatepass") if utf8 is None else utf8):
        text = _CONTROLS.sub("", text.replace("\x0c", " ").replace("\x0b", " "))
    return _REFERENCE.sub(_repaired, text) if "&#" in text else text


def _has_controls(utf8: bytes) -> bool:
    """Whether there may be anything for `_CONTROLS` in a text: bytes are sifted many times faster than characters."""
    if len(utf8.translate(None, _ASCII_CONTROLS)) < len(utf8):
        return True
    return not utf8.isascii() and _WIDE_CONTROLS.search(utf8.translate(None, _ASCII)) is not None


def clean_text(text: str) -> str:
    """Text as stored: NFC, no control characters, none of the invisible marks that split words."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROLS.sub("", text)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text).replace("\xa0", " "))


def _repaired(match: re.Match[str]) -> str:
    digits = match[1] if match[1] is not None else match[2]
    if not digits:
        return "" if match[0].endswith("0;") else match[0]
    if len(digits) > 7:
        return ""
    code = int(digits, 16 if match[1] is not None else 10)
    if code in _C1:
        return _C1[code]
    if code > 0x10FFFF or (code not in (9, 10, 13) and _CONTROLS.match(chr(code))):
        return ""
    return match[0]


def _decode(payload: bytes, charset: str | None) -> tuple[str, str]:
    """The text, and the codec that it was read by."""
    for mark, encoding in _BOMS:
        if payload.startswith(mark):
            return payload[len(mark) :].decode(encoding, "replace"), encoding
    for in_document in (False, True):
        codec = codec_of(_meta_label(payload) if in_document else charset)
        if codec is None:
            continue
        if in_document and codec.startswith("utf-16"):
            codec = "utf-8"  # it was read as ASCII, so it cannot be UTF-16 (HTML standard, "prescan")
        found = _as_labelled(payload, codec)
        if found is not None:
            return found
    return _read(payload, detect(payload))


def replacement_label(payload: bytes, charset: str | None) -> tuple[str, bool]:
    """The label of a payload if the standard has browsers show nothing of what is labelled so, else "".

    And whether the bytes are in such an encoding indeed: those that are not can be read whatever they are called.
    """
    label = charset
    if not is_replacement(label):
        label = None if codec_of(label) else _meta_label(payload)
    if label is None or not is_replacement(label):
        return "", False
    return label.strip().lower(), bool(_SHIFTS.search(payload))


def _meta_label(payload: bytes) -> str | None:
    match = _META.search(payload)
    return (match[1] or match[2]).decode("ascii") if match else None


def _as_labelled(payload: bytes, codec: str) -> tuple[str, str] | None:
    """The text and its codec if the label can be believed, else None."""
    if codec == "utf-8":
        try:
            return payload.decode(codec), codec
        except UnicodeDecodeError:
            return _read(payload, codec) if _mostly_utf8(payload) else None
    if _SINGLE_BYTE.match(codec) or codec in ("gb18030", "big5hkscs", "cp932", "cp949", "euc_jp"):
        sequences = 0 if payload.isascii() else len(_UTF8_SEQUENCE.findall(payload[:200_000]))
        if sequences >= (1 if _SINGLE_BYTE.match(codec) else 8):
            try:
                return payload.decode("utf-8"), "utf-8"
            except UnicodeDecodeError:
                pass
    return _read(payload, codec)


def _mostly_utf8(payload: bytes) -> bool:
    """Whether a few bytes are broken in what is UTF-8, rather than the label being wrong."""
    good = _UTF8_SEQUENCE.findall(payload)
    rest = len(payload.translate(None, bytes(range(0x80)))) - sum(map(len, good))
    return len(good) > rest


def _read(payload: bytes, codec: str) -> tuple[str, str]:
    # Python leaves five bytes of windows-1252 undefined; the web's table maps them to C1 controls.
    return payload.decode(codec, "ignore" if codec == "cp1252" else "replace"), codec
