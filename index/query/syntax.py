"""A query cut into tokens, and the tree of them. Pure.

Any text can be cut, and parse.py mends the tokens (operators without an operand, parentheses without a partner) before
they are put together, so every query has a tree:

    group  = clause clause …            side by side: all of them
    clause = unit OR unit …             OR binds closer
    unit   = NOT unit | FIELD atom | EXACT atom | MUST unit | atom
    atom   = ( group ) | ( ) | WORD | QUOTED

The first token of each says which it is, so no table is needed, and none has to be made or read at the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import TypeAlias

from archive import frozen
from index.fields import by_name
from index.patterns import later

At: TypeAlias = tuple[int, int]


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    QUOTED = auto()
    FIELD = auto()  # person:
    EXACT = auto()  # person:=
    MUST = auto()  # +
    OR = auto()
    AND = auto()
    NOT = auto()
    OPEN = auto()
    CLOSE = auto()


# What the pattern takes alike: quotes (« » and 「 」 are of other kinds), what keyboards of East Asia have wide, the
# blanks within a number, the letters of Hebrew. A set beyond Latin 1 takes long to compile.
_ALIKE = str.maketrans(
    "“”„＂»「」『』（）－ＡＤＮＯＲＴ\u2009\u202f", '""""«\1\1\1\1()-ADNORT\u00a0\u00a0'
) | dict.fromkeys(range(ord("א"), ord("ת") + 1), "ª")
# Hebrew sets a quote before the last letter of an acronym, which is part of the word; at most a suffix follows.
_GERSHAYIM = r'(?<=ª)"(?=ª{1,2}(?!ª))'
_TEXT_OF = "|".join(
    rf"{mark}((?:\\[{mark}\\]|[^{mark}]{within})*)(?:{mark}|\Z)"
    for mark, within in (('"', f"|{_GERSHAYIM}"), ("«", ""), ("\1", ""))
)
# Within straight quotes others stand in pairs, as texts have them: "Tom “Red” Vasquez". They are letters of that text.
_STRAIGHT = later(r'(?<![^\s(:=+!-])"(?:\\.|[^"\\])*"', re.DOTALL)
_INNER = later(r'(?<=[\s"(])[“„]([^“”„"\\]*)[”“](?=[\s",.;:)!?])')
_QUOTED = later(rf"(?:{_TEXT_OF})(?:~(?P<within>[0-9]+))?")
# Endings that German sets to nouns for people of any sex, Finnish and Swedish to acronyms.
_ENDING = later(
    "(?:in|innen|n|r|s|e|en|er|ar|are|aren|t|a|ä|ta|tä|ssa|ssä|sta|stä|lle|lla|llä|lta|ltä|ksi|na|nä|hun|hin|iin|ien)"
    r"[.,;?!…]*"
)
_WIDE_COLON = later(r'(?<![^\s()"«\1&|!+-])([^\W\d_]\w*)：')
# An operator stands between blanks, parentheses or quotes; "-" touches what it negates: "a -b", but not "a-b".
_BOUND = r'\s()"«\1'
_JOINING = r"&&|\|\|"
_APART, _END = rf"(?<![^{_BOUND}&|])", rf"(?=[{_BOUND}]|{_JOINING}|\Z)"
_NAME = rf"(?<![^{_BOUND}&|!+-])[^\W\d_]\w*"
_GROUPED = r"\d{1,3}(?:\u00a0\d{3})+(?:[.,]\d+)?"
# What other engines write so, and leaf.py tells or reads: [a TO b], /an expression/.
_OTHERS = (
    r"[\[{][^\[\]{}]{1,60}\sTO\s[^\[\]{}]{1,60}[\]}]" rf"|(?:{_APART}|(?<=:))/[^\s/](?:\\.|[^/\\]){{0,200}}/{_END}"
)
_CUT = re.compile(
    rf"(?P<EXACT>{_NAME}:=(?=[^\s)=])(?!{_JOINING}))"  # "person:=" asks for one value as a facet shows it
    rf"|(?P<FIELD>{_NAME}:(?!//|{_JOINING})(?=[^\s)]))"
    rf"|(?P<NOT>{_APART}(?:NOT{_END}|-(?=[^\s)])|!(?=[^\s)!=?.])))"
    rf"|(?P<AND>{_APART}AND{_END}|&&)|(?P<OR>{_APART}OR{_END}|\|\|)|(?P<MUST>{_APART}\+(?=[^\s)\d+&|]))"
    # A quote that is never closed goes on to the end, \" is a quote within; "~2" behind one is its own where nothing
    # touches it.
    rf"|(?P<QUOTED>(?:{_TEXT_OF})(?:~[0-9]+{_END})?)"
    # An address may have parentheses in it, in pairs. Initials are one word: J. K. So is a number in groups: 1 200,50.
    rf"|(?P<WORD>{_OTHERS}|\\?(?:(?i:https?://(?:[^{_BOUND}]|\([^{_BOUND}]*\))+)"
    rf"|[^\W\d_]\.(?: [^\W\d_]\.)+{_END}|{_GROUPED}{_END}|(?:(?!{_JOINING})[^{_BOUND}]|{_GERSHAYIM})+))"
    r"|(?P<OPEN>\()|(?P<CLOSE>\))"
)


@frozen
class Token:
    """`text` as it stands at `at` in the query."""

    kind: Kind
    text: str
    at: At
    plain: str = ""  # as the pattern took it


@frozen
class Tree:
    """Tokens put together: `name` is that of a rule above, "nested", "negation", "fielded", "exact", "bare", "quoted".

    `head`: the token that a field or a value begins with.
    """

    name: str
    head: Token | None = None
    parts: tuple[Tree, ...] = ()

    @property
    def at(self) -> At:
        """From its first word to the end of its last one; (0, 0) where there is none."""
        places = [token.at for token in self.tokens()]
        return (min(start for start, _ in places), max(end for _, end in places)) if places else (0, 0)

    def tokens(self) -> Iterator[Token]:
        """Its tokens, without operators and parentheses."""
        if self.head:
            yield self.head
        for part in self.parts:
            yield from part.tokens()


def cut(text: str) -> Iterator[Token]:
    """The tokens of `text`, in order; what is left out between them is white space."""
    name: Token | None = None  # of a field, maybe
    for match in _matches(text):
        token = Token(Kind[match.lastgroup or ""], text[slice(*match.span())], match.span(), match[0])
        if name and token.kind is Kind.WORD and _ENDING.fullmatch(token.text):
            token = Token(Kind.WORD, name.text + token.text, (name.at[0], token.at[1]))
        elif name:
            yield name
        name = token if token.kind is Kind.FIELD and _has_endings(token.text) else None
        if not name:
            yield token
    if name:
        yield name


def _matches(text: str) -> Iterator[re.Match[str]]:
    """What the pattern finds, in order; other quotes in pairs within straight ones are letters of that text."""
    plain = _alike(text)
    found = _CUT.search(plain)
    while found:
        outer = _STRAIGHT.match(text, found.start()) if found.lastgroup == "QUOTED" and not text.isascii() else None
        if outer and _INNER.search(outer[0]):
            inner = _alike(_INNER.sub(lambda pair: f"\2{pair[1]}\2", outer[0]))
            found = _CUT.match(f"{plain[: outer.start()]}{inner}{plain[outer.end() :]}", outer.start()) or found
        yield found
        found = _CUT.search(plain, found.end())


def _has_endings(name: str) -> bool:
    """Whether a name with a colon may be a word to which an ending is set: Lehrer:innen, EU:n."""
    return name[0].isupper() and name[:-1].lower() not in by_name()


def within_quotes(token: Token) -> tuple[str, re.Match[str]]:
    """What stands between the quotes of a token, still with its backslashes, and the match with N of "…"~N."""
    match = _QUOTED.fullmatch(token.plain)
    if match is None:
        raise AssertionError(token)
    start, end = next(match.span(group) for group in (1, 2, 3) if match[group] is not None)
    return token.text[start:end], match


def _alike(text: str) -> str:
    """`text` as the pattern takes it, of the same length. A wide colon stands in headlines too: behind the name of a
    field alone it is one of the language."""
    if text.isascii():
        return text
    plain = text.translate(_ALIKE)
    return _WIDE_COLON.sub(_colon, plain) if "：" in plain else plain


def _colon(found: re.Match[str]) -> str:
    return f"{found[1]}:" if found[1].lower() in by_name() else found[0]


def tree(tokens: Sequence[Token]) -> Tree:
    """The tree of tokens without AND, in which each operator has its operands and each parenthesis its partner."""
    return _Reader(tokens).group()


class _Reader:
    """Reads from left to right; as deep as the query is."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def group(self) -> Tree:
        clauses = []
        while self._sees() not in (None, Kind.CLOSE):
            clauses.append(self._clause())
        return Tree("group", None, tuple(clauses))

    def _clause(self) -> Tree:
        units = [self._unit()]
        while self._sees() is Kind.OR:
            self._take()
            units.append(self._unit())
        return Tree("clause", None, tuple(units))

    def _unit(self) -> Tree:
        if self._sees() is Kind.NOT:
            self._take()
            return Tree("negation", None, (self._unit(),))
        if self._sees() is Kind.MUST:
            return Tree("must", self._take(), (self._unit(),))
        if self._sees() in (Kind.FIELD, Kind.EXACT):
            name = self._take()
            return Tree("exact" if name.kind is Kind.EXACT else "fielded", name, (self._atom(),))
        return self._atom()

    def _atom(self) -> Tree:
        token = self._take()
        if token.kind is not Kind.OPEN:
            return Tree("quoted" if token.kind is Kind.QUOTED else "bare", token)
        inside = self.group()
        self._take()
        return Tree("nested", None, (inside,) if inside.parts else ())

    def _sees(self) -> Kind | None:
        return self._tokens[self._next].kind if self._next < len(self._tokens) else None

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]
