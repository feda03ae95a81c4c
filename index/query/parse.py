"""Text to tree. Every text has one but for sure mistakes: an unknown field, flag or date, or too much of it.

    text ─ lexer ─▶ tokens ─ mended, counted ─▶ LALR(1) ─▶ lark tree ─ built ─▶ nodes

Bounded before anything is analysed: MAX_LENGTH characters, MAX_DEPTH levels, MAX_CLAUSES words. Punctuation that stands
alone between words ("…", "--", "&") is left out; any other part without a letter, digit or emoji in it (€, "...",
person:€) is a mistake, and so is a query in which nothing else is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from index.analysis import query_terms
from index.errors import QueryError, as_text
from index.fields import DEFAULT, FIELDS, FLAGS, Field, Shape, by_name
from index.plan import grain_of
from index.query import dates
from index.query.nodes import (
    QUOTES,
    And,
    At,
    Everything,
    Exact,
    Fuzzy,
    Has,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    When,
    Word,
    leaves,
    moved,
)

if TYPE_CHECKING:  # imported by the first query: `backfile --help` asks none
    from lark import Lark, Token, Tree

MAX_LENGTH = 2000  # characters
MAX_DEPTH = 40  # parentheses and negations within each other
MAX_CLAUSES = 200  # words, phrases and the like
MAX_SAVED = 5  # saved searches within each other
MAX_EDITS = 2
MAX_WITHIN = 100  # words between the words of "…"~N

SAVED = "saved:"

_NO_SEARCHES: Mapping[str, str] = MappingProxyType({})
_FEWER = f"at most {MAX_CLAUSES} words and phrases"
_FUZZY = re.compile(r"(.*[^~])~([0-9]*)", re.DOTALL)
_QUOTED = re.compile(rf"[{QUOTES}]((?:\\[{QUOTES}\\]|[^{QUOTES}])*)[{QUOTES}]?(?:~([0-9]+))?", re.DOTALL)
_ESCAPED = re.compile(rf"\\([{QUOTES}\\])")
_ADDRESS = re.compile("https?://", re.IGNORECASE)
_ANY_DAY = date(2000, 2, 29)  # relative dates are only checked here; they are read when the query is asked


def parse(text: str, searches: Mapping[str, str] = _NO_SEARCHES) -> Node:
    """The tree of `text`, which may be empty. QueryError says where it is wrong and what would be right.

    `searches` are the queries that `saved:name` stands for, by name in lower case; the tree has them in its place.
    parse(str(node)) == node for every node that parse returned, as long as that text is within the limits too.
    """
    return _parsed(as_text(text), searches, 0)


def _parsed(text: str, searches: Mapping[str, str], depth: int) -> Node:
    """`depth`: of saved searches around this text."""
    if len(text) > MAX_LENGTH:
        message = f"the query is too long: {len(text):,} characters"
        over = len(text) - MAX_LENGTH
        raise QueryError(
            message, query=text, position=MAX_LENGTH, length=over, expected=f"at most {MAX_LENGTH:,} characters"
        )
    tokens = _without_idle_operators(_balanced(_lark().lex(text)))
    _check_size(text, tokens)
    node = _Builder(text, searches, depth).node(_tree(tokens), None)
    if node is None:
        if text.strip():
            start = len(text) - len(text.lstrip())
            raise _wordless(text, (start, len(text.rstrip())))
        node = Everything((0, len(text)))
    if sum(1 for _ in leaves(node)) > MAX_CLAUSES:  # with those of saved searches
        raise QueryError("the query has too many terms", query=text, position=0, expected=_FEWER)
    return node


@cache
def _lark() -> Lark:
    from lark import Lark

    return Lark.open_from_package(__package__, "grammar.lark", parser="lalr", lexer="basic")


def _tree(tokens: list[Token]) -> Tree[Token]:
    parser = _lark().parse_interactive()
    for token in tokens:
        parser.feed_token(token)
    tree: Tree[Token] = parser.feed_eof()  # type: ignore[no-untyped-call]
    return tree


def _balanced(stream: Iterable[Token]) -> list[Token]:
    """Parentheses in pairs: one that closes nothing is dropped, one left open is closed at the end."""
    kept: list[Token] = []
    open_ = 0
    for token in stream:
        if token.type == "_RPAR" and not open_:
            continue
        open_ += (token.type == "_LPAR") - (token.type == "_RPAR")
        kept.append(token)
    if open_:
        kept += [kept[-1].update("_RPAR", ")")] * open_
    return kept


def _without_idle_operators(tokens: list[Token]) -> list[Token]:
    """OR only between two operands, NOT only before one, AND nowhere: it says what standing side by side says."""
    starts = {"WORD", "QUOTED", "FIELD", "EXACT", "_LPAR", "_NOT"}
    ahead: list[Token] = []
    for token in reversed(tokens):
        idle = token.type in ("_OR", "_NOT") and not (ahead and ahead[-1].type in starts)
        if not idle and token.type != "_AND":
            ahead.append(token)
    kept: list[Token] = []
    for token in reversed(ahead):
        if token.type != "_OR" or (kept and kept[-1].type in ("WORD", "QUOTED", "_RPAR")):
            kept.append(token)
    return kept


def _check_size(text: str, tokens: list[Token]) -> None:
    clauses = depth = waiting = 0  # waiting: negations whose operand has not begun
    levels: list[int] = []
    for token in tokens:
        match token.type:
            case "_NOT":
                waiting += 1
            case "_LPAR":
                levels.append(waiting + 1)
                depth += waiting + 1
                waiting = 0
            case "_RPAR":
                depth -= levels.pop()
            case "WORD" | "QUOTED":
                clauses += 1
                waiting = 0
        if depth + waiting > MAX_DEPTH:
            limit = f"at most {MAX_DEPTH} parentheses and negations within each other"
            raise QueryError("the query is too deep", query=text, position=token.start_pos or 0, expected=limit)
        if clauses > MAX_CLAUSES:
            raise QueryError("the query has too many terms", query=text, position=token.start_pos or 0, expected=_FEWER)


class _Builder:
    """The nodes of one query. `field` is that of the innermost `field:` around; None means that nothing was asked."""

    def __init__(self, text: str, searches: Mapping[str, str], depth: int) -> None:
        self._text = text
        self._searches = searches
        self._depth = depth

    def node(self, tree: Tree[Token], field: Field | None) -> Node | None:
        match tree.data:
            case "start" | "nested" | "group":
                return self._all([self.node(child, field) for child in _trees(tree)])
            case "clause":
                parts = _kept(self.node(child, field) for child in _trees(tree))
                return parts[0] if len(parts) == 1 else Or(parts) if parts else None
            case "negation":
                return self._negation(_trees(tree)[0], field)
            case "fielded":
                name, atom = _as_token(tree.children[0]), _as_tree(tree.children[1])
                if name.lower() == SAVED:
                    return self._saved(atom)
                found = self.node(atom, self._field(name, ":"))
                if found is None:
                    raise _wordless(self._text, (_place(name)[0], _end(tree)))
                return found
            case "exact":
                return self._exact(_as_token(tree.children[0]), _as_tree(tree.children[1]))
            case _:
                return self._leaf(_as_token(tree.children[0]), field or DEFAULT, named=field is not None)

    @staticmethod
    def _all(found: list[Node | None]) -> Node | None:
        parts = _kept(found)
        return parts[0] if len(parts) == 1 else And(parts) if parts else None

    def _negation(self, operand: Tree[Token], field: Field | None) -> Node | None:
        if part := self.node(operand, field):
            return Not(part)
        words = list(operand.scan_values(lambda _: True))
        if words and all(set(word) <= {"-"} for word in words):
            return None  # two hyphens for a dash
        raise _wordless(self._text, (max(_start(operand) - 1, 0), _end(operand)) if words else (0, len(self._text)))

    def _exact(self, name: Token, atom: Tree[Token]) -> Exact:
        """One value of a facet, or any of several, as the facet shows them."""
        field = self._field(name, ":=")
        at = _place(name)[0], _end(atom)
        if not field.facet:
            known = ", ".join(each.name for each in FIELDS if each.facet)
            raise QueryError(
                f"{field.name} has no values that are counted",
                query=self._text,
                position=at[0],
                length=len(name),
                expected=f"{field.name}: without the =, or one of {known}",
            )
        values = tuple(dict.fromkeys(self._values(atom)))
        if not values or not all(values):
            raise QueryError(
                "there is no value in it",
                query=self._text,
                position=at[0],
                length=max(at[1] - at[0], 1),
                expected=f'{field.name}:="a value", or {field.name}:=("one" OR "another")',
            )
        if field.shape is Shape.DATE and grain_of(values) is None:
            raise QueryError(
                f"{field.name} has no such values",
                query=self._text,
                position=at[0],
                length=at[1] - at[0],
                expected="years (2025), months (2025-01) or days (2025-01-31), not mixed",
            )
        return Exact(values, field.name, at)

    def _values(self, tree: Tree[Token]) -> Iterator[str]:
        """The values in an atom; parentheses may hold some with OR between them, and nothing else."""
        match tree.data:
            case "bare":
                yield str(_as_token(tree.children[0]))
            case "quoted":
                yield self._unquoted(_as_token(tree.children[0]))[0]
            case "nested" | "clause":
                for child in _trees(tree):
                    yield from self._values(child)
            case "group" if len(tree.children) == 1:
                yield from self._values(_trees(tree)[0])
            case _:
                at = _start(tree), _end(tree)
                raise QueryError(
                    "only OR may stand between exact values",
                    query=self._text,
                    position=at[0],
                    length=max(at[1] - at[0], 1),
                    expected='("one value" OR "another")',
                )

    def _saved(self, atom: Tree[Token]) -> Node:
        """What was saved under the name in `atom`."""
        if atom.data == "nested":
            raise QueryError("one saved search at a time", query=self._text, position=0, expected=f"{SAVED}name")
        token = _as_token(atom.children[0])
        start, end = at = _place(token)
        name = self._unquoted(token)[0] if token.type == "QUOTED" else str(token)

        def refusal(message: str, expected: str = "", suggestion: str = "") -> QueryError:
            return QueryError(
                message,
                query=self._text,
                position=start,
                length=end - start,
                expected=expected,
                suggestion=suggestion,
            )

        query = self._searches.get(name.lower())
        if query is None:
            known = ", ".join(self._searches) or "nothing is saved yet"
            raise refusal(f"no search is saved as “{name}”", known, self._nearest(name.lower(), self._searches, at))
        if self._depth == MAX_SAVED:
            raise refusal(f"“{name}” is saved in terms of too many others, or of itself")
        try:
            return moved(_parsed(query, self._searches, self._depth + 1), at)
        except QueryError as error:
            raise refusal(f"in the saved search “{name}”: {error.message}") from error

    def _field(self, token: Token, sign: str) -> Field:
        name = token.removesuffix(sign)
        if field := by_name().get(name.lower()):
            return field
        start, end = _place(token)
        raise QueryError(
            f"there is no field “{name}”",
            query=self._text,
            position=start,
            length=len(name),
            expected=f"a field ({', '.join(field.name for field in FIELDS)}) or quotes around words with a colon",
            suggestion=self._nearest(name.lower(), by_name(), (start, end - len(sign))),
        )

    def _nearest(self, wrong: str, known: Iterable[str], at: At) -> str:
        """The query with `wrong` at `at` replaced by what it most resembles, or ""."""
        near = get_close_matches(wrong, list(known), n=1, cutoff=0.6)
        return f"{self._text[: at[0]]}{near[0]}{self._text[at[1] :]}" if near else ""

    def _leaf(self, token: Token, field: Field, *, named: bool) -> Node | None:
        at = _place(token)
        name = field.name if named else ""
        text, within = self._unquoted(token) if token.type == "QUOTED" else (str(token), None)
        quoted = token.type == "QUOTED"
        if not quoted and not text.strip("*"):
            return Has(field.name, at) if named else Everything(at)
        leaf: Leaf | None
        match field.shape:
            case Shape.DATE:
                return self._when(text, field, at)
            case Shape.FLAG:
                return self._flag(text, field, at)
            case Shape.KEYWORD | Shape.URL:
                leaf = _whole(text, name, at, quoted=quoted)
            case _ if quoted:
                leaf = Phrase(text, name, within, at) if query_terms(text) else None
            case _:
                leaf = self._word(text, name, at)
        if leaf is None and (quoted or not _is_punctuation(text)):
            raise _wordless(self._text, at)
        return leaf

    def _unquoted(self, token: Token) -> tuple[str, int | None]:
        match = _QUOTED.fullmatch(token)
        if match is None:
            raise AssertionError(token)
        within = None if match[2] is None else int(match[2][:6])
        if within is not None and within > MAX_WITHIN:
            place = (token.start_pos or 0) + match.start(2)
            limit = f"at most {MAX_WITHIN} words between the words in quotes"
            raise QueryError("too far apart", query=self._text, position=place, length=len(match[2]), expected=limit)
        return " ".join(_ESCAPED.sub(r"\1", match[1]).split()), within

    def _word(self, text: str, name: str, at: At) -> Leaf | None:
        """A bare word in a text or name field, with its `*` or `~`."""
        if text.endswith("*"):
            stripped = text.rstrip("*")
            return Prefix(stripped, name, at) if query_terms(stripped) else None
        fuzzy = None if _ADDRESS.match(text) else _FUZZY.fullmatch(text)
        if fuzzy and query_terms(fuzzy[1]):
            edits = int(fuzzy[2][:6]) if fuzzy[2] else None
            if edits is not None and edits > MAX_EDITS:
                limit = f"~1 or ~{MAX_EDITS}: at most {MAX_EDITS} letters may differ"
                place = at[0] + fuzzy.start(2)
                corrected = f"{self._text[:place]}{MAX_EDITS}{self._text[at[1] :]}"
                raise QueryError(
                    "too fuzzy",
                    query=self._text,
                    position=place,
                    length=len(fuzzy[2]),
                    expected=limit,
                    suggestion=corrected,
                )
            return Fuzzy(fuzzy[1], name, edits, at)
        return Word(text, name, at) if query_terms(text) else None

    def _when(self, text: str, field: Field, at: At) -> When:
        try:
            dates.read(text, _ANY_DAY)
        except dates.DateError as error:
            start, end = at
            meant = f"{self._text[:start]}{error.suggestion}{self._text[end:]}" if error.suggestion else ""
            raise QueryError(
                str(error),
                query=self._text,
                position=start,
                length=end - start,
                expected=dates.EXPECTED,
                suggestion=meant,
            ) from None
        return When(" ".join(text.split()), field.name, at)

    def _flag(self, text: str, field: Field, at: At) -> Word:
        flag = text.lower()
        if flag in FLAGS:
            return Word(flag, field.name, at)
        raise QueryError(
            f"nothing is known as “{text[:40]}”",
            query=self._text,
            position=at[0],
            length=at[1] - at[0],
            expected=f"one of {', '.join(FLAGS)}",
            suggestion=self._nearest(flag, FLAGS, at),
        )


def _whole(text: str, name: str, at: At, *, quoted: bool) -> Leaf | None:
    """A value of a field whose values match whole, or its beginning."""
    if quoted:
        return Phrase(text, name, None, at) if text else None
    stripped = text.rstrip("*")
    return Word(text, name, at) if stripped == text else Prefix(stripped, name, at)


def _is_punctuation(text: str) -> bool:
    """Whether `text` is what writers set between words, as in “raids — and arrests”; € and + are no punctuation."""
    return all(unicodedata.category(char)[0] in "PMC" for char in text)


def _wordless(text: str, at: At) -> QueryError:
    """A part of a query that asks for nothing: to leave it out in silence would be to answer another question."""
    start, end = at
    rest = f"{text[:start].rstrip()} {text[end:].lstrip()}".strip()
    return QueryError(
        f"there is no word in {text[start:end][:40]}",
        query=text,
        position=start,
        length=max(end - start, 1),
        expected="a letter, a digit or an emoji",
        suggestion=rest if rest and _is_query(rest) else "",
    )


def _is_query(text: str) -> bool:
    """Whether `text` is words alone, so that it may be suggested."""
    words = text.split()
    if not query_terms(text):
        return False
    return not set(text) & set("():" + QUOTES) and all(query_terms(word) or _is_punctuation(word) for word in words)


def _kept(nodes: Iterable[Node | None]) -> tuple[Node, ...]:
    return tuple(node for node in nodes if node is not None)


def _place(token: Token) -> At:
    return token.start_pos or 0, token.end_pos or 0


def _start(tree: Tree[Token]) -> int:
    return min((token.start_pos or 0 for token in _tokens(tree)), default=0)


def _end(tree: Tree[Token]) -> int:
    return max((token.end_pos or 0 for token in _tokens(tree)), default=0)


def _tokens(tree: Tree[Token]) -> Iterator[Token]:
    return (_as_token(token) for token in tree.scan_values(lambda _: True))


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [_as_tree(child) for child in tree.children]


def _as_tree(child: Tree[Token] | Token) -> Tree[Token]:
    assert not isinstance(child, str)
    return child


def _as_token(child: Tree[Token] | Token) -> Token:
    assert isinstance(child, str)
    return child
