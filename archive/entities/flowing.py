"""Text whose lines were cut to a width (newswire, mail, saved text files), read as it flows (pure)."""

from __future__ import annotations

import re
from itertools import pairwise

_NARROW, _WIDE = 40, 100  # characters of a width that people and programs cut lines to
_PARAGRAPHS = 0.1  # share of longer lines from which on lines are paragraphs
_FULL = 0.6  # share of breaks before which the next word had no room; 0.75 to 1 where a width cut the lines
_LONGER = 8  # of so many lines one may be longer than the rest: a heading, an address
_LEAST = 2  # such breaks: one may be chance
_WORD = 30  # characters of a word; a longer run has no blanks between its words
_ITEM = re.compile(r"[\s>|*•·–—-]|\(?\w{1,3}[.)]\s")
_COLUMNS = re.compile(r"\S(?: {2}|\t)")
_ENDED = re.compile(r"[.!?:;…][\"”’»')\]]*\s*\Z")


def flowing(text: str) -> str:
    """`text`, as long as it is, with blanks in the place of line ends that a width alone has made.

    Lines were cut to a width where nearly each of them is so long that the first word of the next one had no room.
    There a line ends a paragraph if its sentence ends and the next word had room; so does one before a blank or
    indented line or an item of a list, and rows of a table stay as they are.
    """
    lines = text.split("\n")
    short = sorted((len(line) for line in lines if len(line) <= _WIDE), reverse=True)
    width = short[len(short) // _LONGER] if short else 0
    if len(lines) <= _LEAST or width < _NARROW or len(lines) - len(short) > _PARAGRAPHS * len(lines):
        return text
    full, within, open_, others, end = list[int](), 0, list[int](), 0, -1
    for line, after in pairwise(lines):
        end += len(line) + 1
        if not line.strip() or not after.strip() or _ITEM.match(after) or _COLUMNS.search(line):
            continue
        word = len(after.split(None, 1)[0])
        goes_on = _ENDED.search(line) is None
        if len(line) <= _WIDE and word <= _WORD and width < len(line.rstrip()) + 1 + word:
            full.append(end)
            within += goes_on
        else:
            others += 1
            if goes_on and (after[0].islower() or (len(line) * 2 >= width and not line.isupper())):
                open_.append(end)
    if len(full) < max(_LEAST, _FULL * (len(full) + others)) or within * 2 < len(full):
        return text
    pieces, begin = list[str](), 0
    for end in sorted(full + open_):
        pieces += (text[begin:end], " ")
        begin = end + 1
    return "".join(pieces) + text[begin:]
