"""The text of an RTF document, paragraph by paragraph: what databases export is plain enough to need no more. Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

# A control word with its number, a byte, a control symbol, a brace, or text.
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]{1,4096})|[\r\n]+", re.DOTALL
)
# Groups whose text is none of the document's.
_OTHER = frozenset(
    b"fonttbl colortbl stylesheet info pict header headerl headerr headerf footer footerl footerr footerf fldinst "
    b"object objdata themedata datastore listtable listoverridetable rsidtbl generator xmlnstbl latentstyles "
    b"colorschememapping filetbl revtbl bkmkstart bkmkend".split()
)
_ENDS = frozenset((b"par", b"row", b"sect", b"page"))
_SIGNS = {
    b"tab": "\t", b"cell": "\t", b"line": "\n", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"-": "", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
_LONGEST = 2**22  # characters of one paragraph
_DEEPEST = 1_000  # groups
_AHEAD = 64  # bytes that the longest token needs


def paragraphs(chunks: Iterable[bytes]) -> Iterator[str]:
    """The paragraphs; a row of a table is one, with tabs between its cells."""
    reader, rest = _Reader(), b""
    for chunk in chunks:
        data, rest = rest + chunk, b""
        for found in _TOKEN.finditer(data):
            if found.start() > len(data) - _AHEAD:
                rest = data[found.start() :]
                break
            yield from reader.take(found)
    for found in _TOKEN.finditer(rest):
        yield from reader.take(found)
    yield from reader.end()


class _Reader:
    """What is open at a place of the document."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0
        self._bytes = bytearray()  # of text, not decoded yet
        self._codec = "cp1252"
        self._is_text = [True]  # of each open group
        self._skips = [1]  # characters that stand for a \u to older programs, of each open group
        self._skip = 0

    def take(self, token: re.Match[bytes]) -> Iterator[str]:
        """A token; the paragraph that ends with it."""
        word, number, byte, symbol, brace, text = token.groups()
        if word is not None:
            return self._word(word, int(number) if number else None)
        if brace == b"{" and len(self._is_text) < _DEEPEST:
            self._is_text.append(self._is_text[-1])
            self._skips.append(self._skips[-1])
        elif brace == b"}" and len(self._is_text) > 1:
            self._is_text.pop()
            self._skips.pop()
            self._skip = 0
        elif symbol == b"*":
            self._is_text[-1] = False
        elif byte is not None:
            self._raw(bytes([int(byte, 16)]))
        elif symbol is not None:
            self._put(_SYMBOLS.get(symbol, ""))
        elif text is not None:
            self._raw(text)
        return iter(())

    def _word(self, word: bytes, number: int | None) -> Iterator[str]:
        if word in _OTHER:
            self._is_text[-1] = False
        elif word == b"ansicpg" and number:
            self._codec = _codec(number)
        elif word == b"uc" and number is not None:
            self._skips[-1] = min(max(number, 0), 8)
        elif word == b"u" and number is not None:
            self._unicode(number)
        elif word in _SIGNS:
            self._put(_SIGNS[word])
        elif word in _ENDS and self._is_text[-1]:
            yield from self.end()

    def _unicode(self, number: int) -> None:
        code = number % 0x10000
        self._put(chr(code))
        self._skip = self._skips[-1]

    def _raw(self, data: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        if self._is_text[-1] and self._size < _LONGEST:
            self._bytes += data
            self._size += len(data)

    def _decode(self) -> None:
        if self._bytes:
            self._parts.append(self._bytes.decode(self._codec, "replace"))
            self._bytes.clear()

    def _put(self, sign: str) -> None:
        if self._is_text[-1] and self._size < _LONGEST:
            self._decode()
            self._parts.append(sign)
            self._size += 1

    def end(self) -> Iterator[str]:
        """The paragraph so far."""
        self._decode()
        # Signs outside the first plane come as two halves.
        text = "".join(self._parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self._parts.clear()
        self._size = 0
        yield text.strip(" ")


def _codec(page: int) -> str:
    name = {65001: "utf-8", 10000: "mac-roman"}.get(page, f"cp{page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
