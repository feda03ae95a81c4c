"""Which encoding a file is in: by its mark, by what it or its server declares, by how ordinary its text would be. Pure.

Nothing declared is believed against the bytes: what is UTF-8 is read as UTF-8, and a label of UTF-8 that the bytes
contradict counts for nothing. A few bytes that are no UTF-8 are read as Windows-1252 each, and cost nothing else.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from archive.extraction.detect import detect
from archive.extraction.labels import codec_of

_MARKS = (
    (codecs.BOM_UTF8, None),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""\A\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][\w.:-]{1,40})"""
    rb"""|<meta[^>]{0,500}?charset\s*=\s*["']?\s*([A-Za-z][\w.:+-]{1,40})""",
    re.IGNORECASE,
)
_DECLARES = 2**12  # bytes in which a file says what it is in
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ASCII = bytes(range(0x80))
_MULTI_BYTE = frozenset({"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "iso2022_jp"})
_CHANCE = 8  # so many sequences of UTF-8 are no chance in two-byte text; in text of single bytes one is none
_BAD_BYTES = "backfile.windows-1252"


def encoding(head: bytes, label: str | None = None) -> str | None:
    """The codec of a file that begins with `head`; None for UTF-8, and for what is to be read byte by byte as above.

    `label`: the charset that whoever sent the file said it has.
    """
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    if b"\0" in head[:_DECLARES]:
        return _without_mark(head)
    named = [codec for codec in (codec_of(label), codec_of(_declared(head))) if codec and not codec.startswith("utf-")]
    for codec in sorted(named, key=lambda codec: codec == "cp1252"):  # what servers say of what they do not know
        if not _is_utf8(head, codec) and _fits(head, codec):
            return None if codec == "cp1252" else codec
    found = None if _mostly_utf8(head) else detect(head)
    return None if found in ("cp1252", "utf-8") else found


def decoded(chunks: Iterable[bytes], codec: str | None) -> Iterator[str]:
    """The text of a file, without a byte order mark."""
    decoder = codecs.getincrementaldecoder(codec or "utf-8")("replace" if codec else _BAD_BYTES)
    first = True
    for chunk in chunks:
        text = decoder.decode(chunk)
        if first and text:
            text, first = text.removeprefix("\ufeff"), False
        if text:
            yield text
    if rest := decoder.decode(b"", final=True):
        yield rest


def _without_mark(head: bytes) -> str | None:
    """UTF-16 by where the zeros are; None for what has zeros elsewhere, and is no text."""
    if len(head) >= 4 and head[0] and head[2] and not head[1] and not head[3]:
        return "utf-16-le"
    if len(head) >= 4 and head[1] and head[3] and not head[0] and not head[2]:
        return "utf-16-be"
    return None


def _declared(head: bytes) -> str | None:
    """What XML or HTML says of itself."""
    if head.lstrip()[:1] != b"<":
        return None
    found = _DECLARED.search(head[:_DECLARES])
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def _is_utf8(head: bytes, codec: str) -> bool:
    """Whether what is labelled otherwise is UTF-8 all the same."""
    least = _CHANCE if codec in _MULTI_BYTE else 1
    return not head.isascii() and len(_SEQUENCE.findall(head)) >= least and _rest(head) <= 3  # one may be cut off


def _fits(head: bytes, codec: str) -> bool:
    """Whether the bytes can be in that encoding, but for a few."""
    text = head.decode(codec, "replace")
    return text.count("\ufffd") * 20 <= len(head.translate(None, _ASCII))


def _mostly_utf8(head: bytes) -> bool:
    """Whether a few bytes are wrong in what is UTF-8."""
    return len(_SEQUENCE.findall(head)) > _rest(head)


def _rest(head: bytes) -> int:
    """How many bytes beyond ASCII are no UTF-8."""
    return len(_SEQUENCE.sub(b"", head).translate(None, _ASCII))


def _bad_bytes(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_BAD_BYTES, _bad_bytes)
