"""Names in scripts that write no spaces between words, or glue particles to names: a network over single signs.

What it sees of a sign are the signs around it, their classes, the lists its runs stand in, and the piece of a
multilingual model's vocabulary that covers it. Sign by sign is how it was trained; nothing cuts words.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from archive.entities.convolution import (
    EDGE,
    Convolution,
    Floats,
    language_marks,
    lines,
    no_names,
    stream_places,
    taking_turns,
)
from archive.entities.decode import TokenSpan
from archive.entities.features import LISTS, START, Ints
from archive.entities.foreign_words import LONGEST_PIECE
from archive.entities.gazetteer import Gazetteer, load_gazetteer
from archive.entities.tokens import Tokens, blocks
from archive.entities.vectors import AT_ONCE, UNIT, Table

MODEL_FILE, LISTS_FILE = "names_signs.npz", "signs_names.txt.gz"
SPACED = frozenset({"ko", "th"})  # languages in which a blank tells something
BLANK = " "
_SENTENCE_ENDS = frozenset("。！？!?…")
_CLOSING = frozenset('」』）)"”’》')
_GIVEN = 2  # signs of a given name
# Chinese surnames that the lists lack, and that are seldom words of their own.
_SURNAMES = frozenset(
    "习習邬鄔荀卞闵閔晏冉栾欒厉厲翟宓蔺藺佟佘鞠缪繆郜瞿覃阎閻闫尤褚窦竇岑芮靳邢裴霍苗宫宮宁寧甄邱骆駱樊邹鄒喻谭譚廖贺賀倪"
)
_DAY = re.compile("(?:(?:周|週|星期|礼拜|禮拜)[一二三四五六日天末]|[月火水木金土日]曜日?|[월화수목금토일]요일)$")
_REACH = 2  # signs before and after one that its attributes look at
# Attributes: (number, places of the signs, or of their classes, that it joins).
_OF_SIGNS = (
    (1, (0,)),
    (2, (-1, 0)),
    (3, (0, 1)),
    (4, (-1, 0, 1)),
    (5, (-2, -1, 0)),
    (6, (0, 1, 2)),
    (7, (-1,)),
    (8, (1,)),
)
_OF_CLASSES = ((9, (-1, 0, 1)), (10, (-2, -1, 0, 1, 2)))
_IN_PIECE = 11  # where in its piece the sign stands, and how long the piece is
_PRIME = np.uint64(0x9E3779B97F4A7C15)
IN_SIGNS = frozenset(range(1, 6))  # classes (`sign_class`) of the scripts that are read sign by sign
_CLASSES = {"CJK": 1, "HIRAGANA": 2, "KATAKANA": 3, "KATAKANA-HIRAGANA": 3, "HANGUL": 4, "THAI": 5}

Keys = npt.NDArray[np.uint32]


@lru_cache(maxsize=2**14)
def sign_class(sign: str) -> int:
    """1 Han, 2 Hiragana, 3 Katakana, 4 Hangul, 5 Thai, 6 capital, 7 other letter, 8 digit, 9 blank, 10 any other."""
    if not sign.strip():
        return 9
    if sign.isdigit():
        return 8
    found = _CLASSES.get(unicodedata.name(sign, "?").split()[0], 0)
    return found or (6 if sign.isupper() else 7 if sign.isalpha() else 10)


def divide(text: str) -> Tokens:
    """Every sign but white space as a token; sentences end at lines and at strong signs."""
    words, starts, sentences = list[str](), list[int](), list[int]()
    opens = True
    for place, sign in enumerate(text):
        if sign == "\n":
            opens = True
        if sign.isspace():
            continue
        if opens and not (words and sign in _CLOSING and text[place - 1] != "\n"):
            sentences.append(len(words))
            opens = False
        words.append(sign)
        starts.append(place)
        opens = opens or sign in _SENTENCE_ENDS
    return Tokens(words, starts, sentences)


def blanks(tokens: Tokens, lang: str) -> list[bool]:
    """Before which signs a blank stands that tells something."""
    if lang not in SPACED:
        return [False] * len(tokens.starts)
    starts = tokens.starts
    return [index > 0 and start != starts[index - 1] + 1 for index, start in enumerate(starts)]


def keys(signs: Sequence[str], gaps: Sequence[bool], within: Ints) -> Keys:
    """The attributes of each sign as numbers, a row each.

    `gaps` is what `blanks` says, `within` what `covered` does.
    """
    padded: list[str] = [BLANK] * _REACH
    own = []
    for sign, blank in zip(signs, gaps, strict=True):
        if blank:
            padded.append(BLANK)
        own.append(len(padded))
        padded.append(sign)
    padded += [BLANK] * _REACH
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    classes = np.array([sign_class(sign) for sign in padded], np.uint64)
    places = np.array(own, np.intp)
    columns = [_hashed(number, [codes[places + step] for step in steps]) for number, steps in _OF_SIGNS]
    columns += [_hashed(number, [classes[places + step] for step in steps]) for number, steps in _OF_CLASSES]
    columns.append(_hashed(_IN_PIECE, [within.astype(np.uint64)]))
    return np.stack(columns, axis=1)


def _hashed(number: int, parts: Sequence[npt.NDArray[np.uint64]]) -> Keys:
    found = np.full(len(parts[0]), number, np.uint64)
    for part in parts:
        found = (found ^ part) * _PRIME
        found ^= found >> np.uint64(29)
    return (found >> np.uint64(16)).astype(np.uint32)


def covered(text: Sequence[str], starts: Sequence[int], vocabulary: dict[str, int]) -> tuple[Ints, Ints]:
    """For each sign the number of the piece that covers it (-1 for none), and its place in a piece of which length.

    The second is 8 times the length plus the place, each at most 7; 0 without a piece. Pieces reach over no gap.
    """
    found = np.full(len(text), -1, np.intp)
    within = np.zeros(len(text), np.intp)
    bounds = [0, *[i for i in range(1, len(text)) if starts[i] != starts[i - 1] + 1], len(text)]
    for begin, last in itertools.pairwise(bounds):
        run = "".join(text[begin:last])
        start, size = 0, len(run)
        while start < size:
            for end in range(min(size, start + LONGEST_PIECE // 2), start, -1):
                number = vocabulary.get(run[start:end])
                if number is not None:
                    found[begin + start : begin + end] = number
                    within[begin + start : begin + end] = 8 * min(end - start, 7) + np.minimum(
                        np.arange(end - start), 7
                    )
                    start = end
                    break
            else:
                start += 1
    return found, within


def sign_places(tokens: Tokens, gazetteer: Gazetteer) -> tuple[Ints, Ints]:
    """(token index, feature) pairs, as features.place_features has them: starts of sentences, runs that are listed."""
    places, features = [*tokens.sentences], [START] * len(tokens.sentences)
    count = len(gazetteer.lists)
    for start, end, mask in gazetteer.phrases(tokens.words, range(len(tokens.words))):
        for bit in range(count):
            if mask >> bit & 1:
                places += range(start, end)
                features += [LISTS + bit, *[LISTS + count + bit] * (end - start - 1)]
    return np.asarray(places, np.intp), np.asarray(features, np.intp)


def with_surnames(
    signs: Sequence[str], names: Sequence[TokenSpan], is_surname: Callable[[str], bool]
) -> list[TokenSpan]:
    """Chinese names of people with the surname that stands before one or two signs of a given name."""
    taken = {index for name in names for index in range(name.start, name.end)}
    found = []
    for name in names:
        before = name.start - 1
        given = name.type == "PER" and name.end - name.start <= _GIVEN and not is_surname(signs[name.start])
        if given and before >= 0 and before not in taken and is_surname(signs[before]):
            name = replace(name, start=before)
        found.append(name)
    return found


def without_days(signs: Sequence[str], names: Sequence[TokenSpan]) -> list[TokenSpan]:
    """The names without the day of the week that is written behind them at once: "特朗普周二". A day alone is none."""
    found = []
    for name in names:
        day = _DAY.search("".join(signs[name.start : name.end]))
        if day is None:
            found.append(name)
        elif day.start():
            found.append(replace(name, end=name.start + day.start()))
    return found


class SignNetwork:
    """As network.Network, over single signs (`divide`)."""

    def __init__(self, folder: Path) -> None:
        self._gazetteer = load_gazetteer(folder, LISTS_FILE)
        with np.load(folder / MODEL_FILE) as arrays:
            self._convolution = Convolution(arrays)
            self.labels, self.languages = self._convolution.labels, language_marks(arrays)
            self._read(arrays)

    def _read(self, arrays: Any) -> None:
        self._keys: Keys = arrays["keys"]
        self._attributes = Table(arrays, "attribute_vectors")
        self._pieces = {piece: row for row, piece in enumerate(lines(arrays["pieces"]))}
        self._piece_vectors = Table(arrays, "piece_vectors")
        self._projection = np.rint(arrays["projection"].astype(np.float32) / UNIT)
        self._bias = arrays["projection_bias"].astype(np.float32)
        self._mark = arrays["mark"].astype(np.float32)

    def is_surname(self, signs: str) -> bool:
        """Whether a sign may be a Chinese surname, or several a Japanese one."""
        return signs in _SURNAMES or bool(self._gazetteer.mask(" ".join(signs)) & self._gazetteer.bits(["MLAST"]))

    def probabilities(self, tokens: Tokens, lang: str = "") -> Floats:
        """For each sign the probability of each label."""
        found = no_names(self.labels, len(tokens.words))
        begin = 0
        for block in blocks(tokens, AT_ONCE):
            found[begin : begin + len(block.words)] = self._block(block, lang)
            begin += len(block.words)
        return found

    def _block(self, tokens: Tokens, lang: str) -> Floats:
        pieces, within = covered(tokens.words, tokens.starts, self._pieces)
        own, size = stream_places(tokens)
        places, features = sign_places(tokens, self._gazetteer)
        given = np.zeros((size, self._convolution.place_count), np.float32)
        given[own[places], features] = 1
        vectors = np.concatenate(
            [self._mark[None], self._vectors(keys(tokens.words, blanks(tokens, lang), within), pieces)]
        )
        parts = np.zeros((len(vectors) + 1, self._convolution.window.shape[1]), np.float32)
        stream = np.full(size, len(vectors))
        stream[EDGE : size - EDGE] = 0
        stream[own] = np.arange(1, len(vectors))
        with taking_turns():
            np.matmul(vectors, self._convolution.window, out=parts[:-1])
            return self._convolution.scored(parts, stream, given, own, self.languages.get(lang))

    def _vectors(self, attributes: Keys, pieces: Ints) -> Floats:
        """The vector of each sign. Every sum is in the order of the attributes: it depends on its sign alone."""
        rows = np.minimum(np.searchsorted(self._keys, attributes), len(self._keys) - 1)
        known = self._keys[rows] == attributes
        found = np.tile(self._bias, (len(attributes), 1))
        for column in range(attributes.shape[1]):
            here = np.flatnonzero(known[:, column])
            found[here] += self._attributes.rows(rows[here, column] + 1)  # row 0 is the mark's
        cut = np.flatnonzero(pieces >= 0)
        if len(cut):
            numbers = self._piece_vectors.numbers[pieces[cut]].astype(np.float32)
            steps = self._piece_vectors.steps[pieces[cut], None] * np.float32(UNIT)
            found[cut] += (numbers @ self._projection) * steps
        np.maximum(found, 0, out=found)
        return found
