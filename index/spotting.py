"""Finds the few words of a text that a query speaks of, analysing hardly more than those. Pure.

A text cut at white space has the tokens of its pieces (but for that within a number or initials), and a piece with a
wanted word in it shows how that word begins: analysis changes case, takes out marks inside of words and cuts off what
stands before an apostrophe or ends a word, but the first two letters of plain ASCII words stay (stemming.beginnings
knows the exceptions). So one search by a regular expression finds the pieces that are worth a look: those where a word
begins as a wanted one does, and all with a character beyond ASCII, unless that is mere punctuation. Texts with many of
those are analysed whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from index.analysis import BLANK, Finder, Token, cut, tokens
from index.patterns import later

_BEYOND = r"(?<=[^\x00-\x7f])(?<![–—‘’“”…])"
_WITHIN = rf"(?:[.,'’]|\.?[ {BLANK}])?"  # what may stand between the first two characters: O'Neil, U.S., 1,200, J. K.
# To the next white space that stands in no token: those between the groups of a number and between initials do.
_REST = later(rf"\S*(?:(?:(?<=\d)[{BLANK}](?=\d)|(?<=[^\W\d_]\.)[ {BLANK}](?=[^\W\d_]\.))\S*)*")
_INITIALS = later(rf"[^\W\d_]\.[ {BLANK}][^\W\d_]\.")
_FOREIGN = later(r"[^\x00-\x7f–—‘’“”…]")
_SAMPLE = 1000  # characters at the beginning of a text
_MANY = 10  # such characters in them


class Spotter:
    """Finds the tokens whose term and stem are `wanted`, in one text after another."""

    def __init__(
        self, starts: Iterable[str], wanted: Callable[[str, str], bool], *, exact: bool, speech: str = ""
    ) -> None:
        """`starts`: how the words begin that can be wanted. `speech`: of the texts (see stemming.py).

        Unless `exact`, all tokens that stand between two of the found ones may count as one in their positions, which
        still tell neighbours.
        """
        self._look = _pattern({start for start in starts if start and start.isascii()})
        self._finder = Finder(wanted, speech)
        self._exact = exact

    def find(self, text: str) -> list[Token]:
        if not text.isascii() and len(_FOREIGN.findall(text, 0, _SAMPLE)) > _MANY:
            return self._finder.find(text)
        found: list[Token] = []
        position = last = done = 0
        while match := self._look.search(text, done):
            at = match.start()
            start = _beginning(text, done, at)
            while start > done + 2 and text[start - 2] == "." and _INITIALS.match(text, start - 3):
                start = _beginning(text, done, start - 1)
            rest = _REST.match(text, match.end())
            assert rest
            done = rest.end()
            if seen := self._finder.find(piece := text[start:done]):
                position += self._between(text[last:start])
                found += [
                    Token(term, stem, position + place, start + begin, start + end)
                    for term, stem, place, begin, end in seen
                ]
                position += len(cut(piece))
                last = done
        return found

    def _between(self, gap: str) -> int:
        if self._exact:
            return len(cut(gap))
        return int(any(char.isascii() and char.isalnum() for char in gap) or any(True for _ in tokens(gap)))


def _beginning(text: str, least: int, at: int) -> int:
    """Where the piece begins that has `at` in it, not before `least`."""
    return max(text.rfind(" ", least, at) + 1, text.rfind("\n", least, at) + 1, least)


def _pattern(starts: set[str]) -> re.Pattern[str]:
    """Matches where a word begins so, and a character beyond ASCII that is no mere punctuation.

    It opens with a class of characters, by which Python's `re` skips the rest quickly; said as what is not in it, for
    wide ranges take milliseconds to compile.
    """
    firsts = {start[0] for start in starts}
    others = "".join(char for char in map(chr, range(128)) if char.lower() not in firsts)
    ways = [rf"(?<={_either(start[0])})(?<![A-Za-z0-9].){_second(start[1:])}" for start in sorted(starts)]
    return re.compile(rf"[^{re.escape(others)}](?:{'|'.join([*ways, _BEYOND])})", re.DOTALL)


def _second(character: str) -> str:
    return _WITHIN + _either(character) if character else ""


def _either(character: str) -> str:
    """The character in both cases."""
    return f"[{re.escape(character.lower() + character.upper())}]"
