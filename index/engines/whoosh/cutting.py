"""Texts → the numbers of their terms, many texts at once.

A text is divided at white space, and each different piece is cut into terms once (`Pieces`). Where there are many texts
their pieces are found by numpy: the bytes of a short one are two numbers, and a table holds what such numbers gave
lately, so that only what is not there costs a look-up of its own. Both ways give the same.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain

import numpy as np

from index.analysis import MAX_TERM, cut, spanning
from index.engines.whoosh.arrays import ENCODING, ERRORS
from index.engines.whoosh.packing import Array, Ints
from index.engines.whoosh.vocabulary import Keys, Vocabulary

KNOWN = 300_000  # different pieces of text whose terms are remembered from batch to batch: some 40 MB
MANY = 20_000  # characters of texts from which on numpy finds their pieces
_BEFORE, _AFTER = b"(\"<['", b",.;:!?)\">]'"  # punctuation that is no part of a word before or after it
_WITHIN = re.compile(b"[.,'`_]")  # ASCII that a token may have within it, or that is a letter to others
_PLAIN = re.compile("[a-z0-9]+")
# Signs that str.split divides at and bytes.split does not, and those of them that a token may have within it: there
# they stand as bytes that are in no text.
_WIDE = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_INSIDE = ((b" ", b"\xff"), (b"\xc2\xa0", b"\xfe"), (b"\xe2\x80\x89", b"\xfd"), (b"\xe2\x80\xaf", b"\xfc"))
_BLANKS = bytes.maketrans(b"\t\n\v\f\r\x1c\x1d\x1e\x1f", b" " * 9)
_SHORT = 15  # bytes of a piece that are two numbers: of 8, and of 7 and how many there are
_SLOTS = 18  # bits
_MIXED = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F), (0xD6E8FEB86659FD93, 0xA0761D6478BD642F)
_MASKS = np.array([2 ** (8 * size) - 1 for size in range(9)], np.uint64)


class Pieces(dict[bytes, int]):
    """What stands between white space, by its bytes: the number of its term, or -1 - which of `several` it gives."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.several: list[tuple[int, ...]] = []
        self._vocabulary = vocabulary
        self._long: list[bytes] = []

    def __missing__(self, piece: bytes) -> int:
        word = piece.lstrip(_BEFORE).rstrip(_AFTER)
        if word.isascii() and not _WITHIN.search(word):  # most of a text in English: `cut` would come to the same
            terms = [term[:MAX_TERM] for term in _PLAIN.findall(word.lower().decode("ascii"))]
        else:
            terms = [term for term, _ in cut(_text_of(piece))]
        numbers = tuple([self._vocabulary[term] for term in terms])
        code = numbers[0] if len(numbers) == 1 else ~len(self.several)
        if code < 0:
            self.several.append(numbers)
        self[piece] = code
        if len(piece) > MAX_TERM:
            self._long.append(piece)
        return code

    def forget_long(self) -> None:
        """What is hardly met again: sentences in scripts without spaces, addresses."""
        for piece in self._long:
            if (code := self.pop(piece)) < 0:
                self.several[~code] = ()
        self._long.clear()


class Cutter:
    """Cuts batch after batch: most pieces of a text were in one of the batches before, too."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.keys = Keys(self.vocabulary)
        self._pieces = Pieces(self.vocabulary)
        self._table: _Table | None = None

    def cut(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """The numbers of the terms of all texts, one text after the other, and how many each has."""
        divided = list(map(_divisible, texts))
        if sum(map(len, divided)) < MANY:
            codes, sizes = self._one_by_one(divided)
        else:
            self._table = self._table or _Table()
            codes, sizes = self._table.codes(divided, self._pieces)
        found = self._spread(codes, sizes)
        self._pieces.forget_long()
        return found

    def _one_by_one(self, divided: Iterable[bytes]) -> tuple[Ints, Ints]:
        pieces = [text.translate(_BLANKS).split() for text in divided]
        codes = list(map(self._pieces.__getitem__, chain.from_iterable(pieces)))
        return np.array(codes, np.int64), np.array(list(map(len, pieces)), np.int64)

    def _spread(self, codes: Ints, sizes: Ints) -> tuple[Ints, Ints]:
        """Codes as the terms that they stand for."""
        many = np.flatnonzero(codes < 0)
        if not len(many):
            return codes, sizes
        several = self._pieces.several
        found = [several[~code] for code in codes[many].tolist()]
        widths = np.ones(len(codes), np.int64)
        widths[many] = list(map(len, found))
        ends = np.append(0, np.cumsum(widths))
        numbers = np.repeat(codes, widths)
        numbers[np.flatnonzero(numbers < 0)] = list(chain.from_iterable(found))
        edges = np.append(0, np.cumsum(sizes))
        return numbers, np.diff(ends[edges])

    @property
    def is_full(self) -> bool:
        return max(len(self._pieces), len(self._pieces.several)) > KNOWN


class _Table:
    """What short pieces gave that were met lately, each in one of two places."""

    def __init__(self) -> None:
        size = 1 << _SLOTS
        self._first, self._second = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
        self._codes = np.zeros(size, np.int64)

    def codes(self, divided: Sequence[bytes], pieces: Pieces) -> tuple[Ints, Ints]:
        """The codes of the pieces of all texts, one text after the other, and how many each has."""
        data = b" ".join((b"", *divided, b" " * 16))
        starts, ends = _edges(np.frombuffer(data, np.uint8))
        texts = np.cumsum(np.fromiter(map(len, divided), np.int64, len(divided)) + 1)
        sizes = np.diff(starts.searchsorted(texts), prepend=0)
        first, second = _numbers(data, starts, ends - starts)
        place = _place(first, second, 0)
        codes = self._codes[place]
        left = np.flatnonzero((self._first[place] != first) | (self._second[place] != second))
        first, second = first[left], second[left]
        other = _place(first, second, 1)
        codes[left] = self._codes[other]
        missing = np.flatnonzero((self._first[other] != first) | (self._second[other] != second))
        if len(missing):
            left = left[missing]
            bounds = zip(starts[left].tolist(), ends[left].tolist(), strict=True)
            codes[left] = found = np.array([pieces[data[start:end]] for start, end in bounds], np.int64)
            self._put(place[left], other[missing], first[missing], second[missing], found)
        return codes, sizes

    def _put(self, places: Ints, others: Ints, first: Array, second: Array, codes: Ints) -> None:
        """Take in the short ones, where nothing stands in the first place; else they push out what is in the second."""
        short = np.flatnonzero(second >> np.uint64(56) <= _SHORT)
        taken = self._second[places[short]] > 0
        slots = np.where(taken, others[short], places[short])
        self._first[slots], self._second[slots], self._codes[slots] = first[short], second[short], codes[short]


def _edges(raw: Array) -> tuple[Ints, Ints]:
    """Where the pieces begin and end in bytes that begin and end with a blank."""
    space = _spaces()[raw]
    edges = np.flatnonzero(space[1:] != space[:-1]) + 1
    return edges[0::2], edges[1::2]


@cache
def _spaces() -> Array:
    spaces = np.zeros(256, bool)
    spaces[[9, 10, 11, 12, 13, 28, 29, 30, 31, 32]] = True
    return spaces


def _numbers(data: bytes, starts: Ints, sizes: Ints) -> tuple[Array, Array]:
    """The first 8 bytes of each piece, and the next 7 with its size; other pieces have others, if they are short."""
    words = np.ndarray((len(data) - 7,), "<u8", data, 0, (1,))
    first = words[starts] & _MASKS[np.minimum(sizes, 8)]
    second = words[starts + 8] & _MASKS[np.clip(sizes - 8, 0, 7)]
    second |= np.minimum(sizes, 255).astype(np.uint64) << np.uint64(56)
    return first, second


def _place(first: Array, second: Array, which: int) -> Ints:
    """The first or second place of pieces in the table."""
    one, two = map(np.uint64, _MIXED[which])
    mixed: Array = first * one + second * two
    mixed ^= mixed >> np.uint64(32)
    mixed *= one
    mixed >>= np.uint64(64 - _SLOTS)
    return mixed.view(np.int64)


def _divisible(text: str) -> bytes:
    """A text that may be divided at white space of ASCII."""
    spans = spanning(text)
    if not spans:
        return _encoded(text)
    parts: list[bytes] = []
    done = 0
    for start, end in spans:
        parts.append(_encoded(text[done:start]))
        token = text[start:end].encode(ENCODING, ERRORS)
        for blank, sign in _INSIDE:
            token = token.replace(blank, sign)
        parts.append(token)
        done = end
    return b"".join((*parts, _encoded(text[done:])))


def _encoded(text: str) -> bytes:
    if not text.isascii():
        text = _WIDE.sub(" ", text)
    return text.encode(ENCODING, ERRORS)


def _text_of(piece: bytes) -> str:
    """A piece as it stands in its text."""
    try:
        return piece.decode(ENCODING, ERRORS)
    except UnicodeDecodeError:
        for blank, sign in _INSIDE:
            piece = piece.replace(sign, blank)
        return piece.decode(ENCODING, ERRORS)


class _Kept(threading.local):
    def __init__(self) -> None:
        self.cutter = Cutter()


_KEPT = _Kept()


def cutter() -> Cutter:
    """The one of this thread, begun anew where it has become large."""
    if _KEPT.cutter.is_full:
        _KEPT.cutter = Cutter()
    return _KEPT.cutter
