"""How wide text is on a terminal, and text made to fit: characters of East Asia take two columns, marks none. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_NO_WIDTH = {"Mn", "Me", "Cf", "Cc"}
_CLOSES = frozenset("、。，．」』）】〉》！？：；")  # no line of Chinese or Japanese begins with these


def columns(text: str) -> int:
    """The columns that `text`, which is one line, takes."""
    return len(text) if text.isascii() and text.isprintable() else sum(map(_width, text))


def padded(text: str, width: int) -> str:
    """`text` with blanks behind it, up to `width` columns."""
    return text + " " * (width - columns(text))


def clipped(text: str, width: int) -> str:
    """`text`, or as much of its beginning as has room beside an ellipsis in `width` columns."""
    if columns(text) <= width:
        return text
    kept, used = 0, 1
    while used + _width(text[kept]) <= width:
        used += _width(text[kept])
        kept += 1
    return f"{text[:kept].rstrip()}…"


def wrapped(text: str, width: int, *, whole: bool = False) -> Iterator[str]:
    """`text` in lines of at most `width` columns, broken at blanks; too long words, and wide ones, break anywhere.

    With `whole`, a word that is too long has a line of its own, so that an address can be copied.
    """
    line = ""
    for word in text.split():
        if line and columns(line) + 1 + columns(word) <= width:
            line = f"{line} {word}"
        elif (whole or columns(word) <= width) and not _is_wide(word):
            if line:
                yield line
            line = word
        else:
            *full, line = _filled(f"{line} " if line else "", word, width)
            yield from full
    if line:
        yield line


def _filled(line: str, word: str, width: int) -> Iterator[str]:
    """`word` behind `line`, broken wherever a line is full, but not before what closes; the last one has room left."""
    used = columns(line)
    for char in word:
        if line and used + _width(char) > width:
            kept = len(line) - (char in _CLOSES and len(line.rstrip()) > 1 and _width(line[-1]) > 0)
            yield line[:kept].rstrip()
            line = line[kept:]
            used = columns(line)
        line, used = line + char, used + _width(char)
    yield line


def _is_wide(word: str) -> bool:
    return not word.isascii() and any(_width(char) == 2 for char in word)


@lru_cache(maxsize=4096)
def _width(char: str) -> int:
    if unicodedata.category(char) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
