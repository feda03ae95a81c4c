"""Text → tokens and sentences: the one tokeniser that training, measuring and production share.

A token is a word, an abbreviation with its full stop, a number, a possessive ending or one sign; hyphens always stand
alone, so that "Paris-based" holds the place. Limits: words of scripts without spaces are not divided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Abbreviations whose full stop belongs to them. Those in _TITLES never end a sentence.
_TITLES = (
    "Mr Mrs Ms Dr Prof Sen Sens Rep Reps Gov Govs Gen Lt Col Maj Capt Cmdr Sgt Cpl Pvt Adm Rev Hon Fr St Ste Mt Ft "
    "Pres Atty Supt Insp Det Messrs Mme Mlle Mgr No vs cf Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec"
).split()
_OTHERS = (
    "Jr Sr Inc Corp Co Cos Ltd Bros LLC Ave Blvd Rd Univ Dept Assn Ph Calif Fla Mass Pa Va Wash Conn Ariz Colo Ill "
    "Ore Ga Tenn Minn Mich Wis Neb Nev Okla Kan Md Ky Ala Ark"
).split()
_ABBREVIATIONS = "|".join(sorted(_TITLES + _OTHERS, key=len, reverse=True))

_TOKEN = re.compile(
    rf"""
      [^\W\d_]{{2,}}+(?![\w.'’&@]|://)                  # the common case: a plain word
    | \n\s*                                            # a paragraph's end
    | (?:https?://|www\.)\S+ | [\w.+-]+@[\w-]+\.[\w.]+ | [@#]\w+
    | (?:[^\W\d_]\.){{2,}} | (?:{_ABBREVIATIONS})\.(?!\w) | [A-HJ-Z]\.(?![\w])
    | [A-Z]+&[A-Z]+\b
    | [^\W\d_]+(?=n['’]t\b) | n['’]t\b
    | \d+(?:[.,:/]?\d+)*+(?:st|nd|rd|th|s)?\b
    | \w+(?:['’](?!(?:s|S|ll|re|ve|d|m)\b)\w+)*
    | ['’](?:s|S|ll|re|ve|d|m)\b
    | \.\.+ | --+ | ``|''
    | [^\w\s]
    """,
    re.VERBOSE,
)
_STRONG = frozenset({".", "!", "?", "…", "...", "....", "。"})
_CLOSING = frozenset("\"'”’)]»") | {"''"}
_NEVER_LAST = frozenset(f"{word}." for word in _TITLES)
# A capitalised one of these after an abbreviation begins a new sentence ("… in the U.S. The …").
_STARTERS = frozenset(
    "The A An In On At It He She They We I But And This That These Those There When While After Before If As For From "
    "With His Her Its Their Our Some Many Most Police Officials However Meanwhile".split()
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, the offset of each, and the index of the first token of each sentence (0 first)."""

    words: list[str]
    starts: list[int]
    sentences: list[int]

    def bounds(self) -> list[tuple[int, int]]:
        """Index of the first token of each sentence and of the one after its last."""
        ends = [*self.sentences[1:], len(self.words)]
        return list(zip(self.sentences, ends, strict=True))


def tokenize(text: str) -> Tokens:
    """The tokens of `text` with their offsets; every character that is no white space is in exactly one of them."""
    words: list[str] = []
    starts: list[int] = []
    breaks = {0}
    place = 0
    find = text.find
    for piece in _TOKEN.findall(text):
        place = find(piece, place)
        if piece[0] == "\n":
            breaks.add(len(words))
        else:
            words.append(piece)
            starts.append(place)
        place += len(piece)
    breaks.update(_ends(words))
    return Tokens(words, starts, sorted(index for index in breaks if index < len(words)))


def blocks(tokens: Tokens, size: int) -> Iterator[Tokens]:
    """The tokens in runs of at most `size`, cut between sentences; a longer sentence is cut where the run is full."""
    cuts = set(tokens.sentences)
    begin, count = 0, len(tokens.words)
    while begin < count:
        end = min(begin + size, count)
        if end < count:
            end = next((cut for cut in range(end, begin, -1) if cut in cuts), end)
        inner = [0, *[cut - begin for cut in tokens.sentences if begin < cut < end]]
        yield Tokens(tokens.words[begin:end], tokens.starts[begin:end], inner)
        begin = end


def _ends(words: list[str]) -> list[int]:
    """Indices at which a new sentence begins because the one before has ended."""
    found: list[int] = []
    last = len(words) - 1
    for index, word in enumerate(words):
        if word in _STRONG:
            after = index + 1
            while after <= last and words[after] in _CLOSING:
                after += 1
            if after <= last and not words[after][0].islower():
                found.append(after)
        elif word[-1] == "." and index < last and words[index + 1] in _STARTERS and word not in _NEVER_LAST:
            found.append(index + 1)
    return found
