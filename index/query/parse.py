"""Text to tree. Every text has one but for sure mistakes: an unknown field, flag or date, or too much of it.

    text ─ cut ─▶ tokens ─ mended, counted ─▶ tree ─ built ─▶ nodes

Bounded before anything is analysed: MAX_LENGTH characters, MAX_DEPTH levels, MAX_CLAUSES words and phrases besides bare
words that stand side by side (of these there may be as many as fit: a pasted paragraph). Punctuation that stands
alone between words ("…", "--", "&") is left out; any other part without a letter, digit or emoji in it (€, "...",
person:€) is a mistake, and so is a query in which nothing else is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from index.errors import QueryError, as_text
from index.fields import DEFAULT, FIELDS, Field, Shape, by_name
from index.patterns import later
from index.plan import grain_of
from index.query.leaf import SINGLE_QUOTES, LeafReader, is_address, is_pasted, without, wordless
from index.query.nodes import (
    QUOTES,
    And,
    Everything,
    Exact,
    Node,
    Not,
    Or,
    Word,
    leaves,
    moved,
)
from index.query.syntax import Kind, Token, Tree, cut, tree

MAX_LENGTH = 4000  # characters
MAX_DEPTH = 40  # parentheses and negations within each other
MAX_CLAUSES = 200  # words in groups and fields, phrases and the like
MAX_SAVED = 5  # saved searches within each other
_MENDED = 6  # mistakes of one query that a suggestion mends

SAVED = "saved:"

_QUOTE = later(rf"(?<!\\)[{QUOTES}]")

_NO_SEARCHES: Mapping[str, str] = MappingProxyType({})
_FEWER = f"at most {MAX_CLAUSES} words and phrases"


def parse(text: str, searches: Mapping[str, str] = _NO_SEARCHES) -> Node:
    """The tree of `text`, which may be empty. QueryError says where it is wrong and what would be right.

    `searches` are the queries that `saved:name` stands for, by name in lower case; the tree has them in its place.
    parse(str(node)) == node for every node that parse returned, as long as that text is within the limits too.
    """
    text = as_text(text)
    try:
        return _parsed(text, searches, 0) if SAVED in text.lower() else _alone(text)
    except QueryError as error:
        error.suggestion = _readable(error.suggestion, searches)
        raise


def _readable(suggestion: str, searches: Mapping[str, str]) -> str:
    """A suggestion with its own mistakes mended, too; "" where one of them cannot be."""
    for _ in range(_MENDED):
        if not suggestion:
            break
        try:
            _parsed(suggestion, searches, 0)
        except QueryError as error:
            suggestion = error.suggestion
        else:
            return suggestion
    return ""


@lru_cache(maxsize=64)  # a page asks for its own query several times
def _alone(text: str) -> Node:
    """Of a text without saved searches."""
    return _parsed(text, _NO_SEARCHES, 0)


def _parsed(text: str, searches: Mapping[str, str], depth: int) -> Node:
    """`depth`: of saved searches around this text."""
    if len(text) > MAX_LENGTH:
        message = f"the query is too long: {len(text):,} characters"
        over = len(text) - MAX_LENGTH
        raise QueryError(
            message, query=text, position=MAX_LENGTH, length=over, expected=f"at most {MAX_LENGTH:,} characters"
        )
    stream = list(cut(text))
    _check_quotes(text, stream)
    tokens = _without_idle_operators(_balanced(_fielded(text, stream)))
    _check_size(text, tokens)
    node = _Builder(text, searches, depth).node(tree(tokens), None)
    if node is None:
        if text.strip():
            start = len(text) - len(text.lstrip())
            raise wordless(text, (start, len(text.rstrip())))
        node = Everything((0, len(text)))
    if sum(1 for part in _bounded(node) for _ in leaves(part)) > MAX_CLAUSES:  # with those of saved searches
        raise QueryError("the query has too many terms", query=text, position=0, expected=_FEWER)
    return node


def _check_quotes(text: str, stream: Sequence[Token]) -> None:
    """QueryError for a text in quotes that has quotes in it: "says "no" to it"."""
    for token, behind in pairwise(stream):
        if token.kind is not Kind.QUOTED or behind.kind is not Kind.WORD or behind.at[0] != token.at[1]:
            continue
        start, end = token.at
        last = max(text.rfind(mark) for mark in QUOTES)
        if token.text[-2:-1].isspace() and last > end and not is_pasted(text):
            within = _QUOTE.sub(r"\\\g<0>", text[start + 1 : last])
            raise QueryError(
                "a quote within quotes has a backslash before it",
                query=text,
                position=end - 1,
                expected=r'"say \"hi\""',
                suggestion=f'{text[:start]}"{within}"{text[last + 1 :]}',
            )


def _fielded(text: str, found: list[Token]) -> list[Token]:
    """The name of a field and a colon speak of what follows, also behind a blank: "person: Venn".

    QueryError where nothing follows. In a text from elsewhere they are what writers set before a list.
    """
    if is_pasted(text):
        return found
    for place, token in enumerate(found):
        before = found[place - 1].kind if place else None
        if token.kind is not Kind.WORD or not names_field(token.text, within=before in (Kind.FIELD, Kind.EXACT)):
            continue
        behind = found[place + 1] if place + 1 < len(found) else None
        if behind is None or behind.kind not in (Kind.WORD, Kind.QUOTED, Kind.OPEN) or names_field(behind.text):
            start, end = token.at
            raise QueryError(
                f"there is nothing behind {token.text}",
                query=text,
                position=start,
                length=end - start,
                expected=f'what to look for in it ({token.text}word, {token.text}"some words"), or quotes around it',
                suggestion=without(text, token.at),
            )
        found[place] = Token(Kind.FIELD, token.text, token.at)
    return found


def names_field(text: str, *, within: bool = False) -> bool:
    """Whether a word with a colon behind it is the name of a field; `within`: it is asked of another, and is none."""
    name = text[:-1].lower()
    if text[-1] not in ":：":
        return False
    if within:
        return False
    if name in by_name() or text.lower() == SAVED:
        return True
    from index.query.elsewhere import is_elsewhere

    return is_elsewhere(name)


def _bounded(node: Node) -> tuple[Node, ...]:
    """The parts that are no bare word side by side with others."""
    parts = node.parts if isinstance(node, And) else (node,)
    return tuple(part for part in parts if not isinstance(part, Word) or part.field)


def _balanced(stream: Iterable[Token]) -> list[Token]:
    """Parentheses in pairs: one that closes nothing is dropped, one left open is closed at the end."""
    kept: list[Token] = []
    open_ = 0
    for token in stream:
        if token.kind is Kind.CLOSE and not open_:
            continue
        open_ += _step(token)
        kept.append(token)
    if open_:
        kept += [Token(Kind.CLOSE, ")", kept[-1].at)] * open_
    return kept


def _step(token: Token) -> int:
    """How many levels of parentheses it goes down."""
    return (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)


def _without_idle_operators(tokens: list[Token]) -> list[Token]:
    """OR only between two operands, NOT and + only before one, AND nowhere: standing side by side says the same."""
    starts = {Kind.WORD, Kind.QUOTED, Kind.FIELD, Kind.EXACT, Kind.OPEN, Kind.NOT, Kind.MUST}
    ahead: list[Token] = []
    for token in reversed(tokens):
        idle = token.kind in (Kind.OR, Kind.NOT, Kind.MUST) and not (ahead and ahead[-1].kind in starts)
        if not idle and token.kind is not Kind.AND:
            ahead.append(token)
    kept: list[Token] = []
    for token in reversed(ahead):
        if token.kind is not Kind.OR or (kept and kept[-1].kind in (Kind.WORD, Kind.QUOTED, Kind.CLOSE)):
            kept.append(token)
    return kept


def _check_size(text: str, tokens: list[Token]) -> None:
    clauses = list(_clauses(tokens))
    if len(clauses) > MAX_CLAUSES:
        position = clauses[MAX_CLAUSES].at[0]
        raise QueryError("the query has too many terms", query=text, position=position, expected=_FEWER)
    for token, depth in zip(tokens, _depths(tokens), strict=True):
        if depth > MAX_DEPTH:
            limit = f"at most {MAX_DEPTH} parentheses and negations within each other"
            raise QueryError("the query is too deep", query=text, position=token.at[0], expected=limit)


def _clauses(tokens: list[Token]) -> Iterator[Token]:
    """Words and phrases but for bare words side by side."""
    binding = (Kind.FIELD, Kind.EXACT, Kind.NOT, Kind.OR, Kind.MUST)
    depth = 0
    for place, token in enumerate(tokens):
        depth += _step(token)
        before = tokens[place - 1].kind if place else None
        after = tokens[place + 1].kind if place + 1 < len(tokens) else None
        bare = token.kind is Kind.WORD and not depth and before not in binding and after is not Kind.OR
        if token.kind in (Kind.WORD, Kind.QUOTED) and not bare:
            yield token


def _depths(tokens: list[Token]) -> Iterator[int]:
    """For each token, in how many parentheses and negations it stands."""
    levels: list[int] = []  # of each parenthesis: itself, and the negations right before it
    waiting = 0  # negations whose operand has not begun
    for token in tokens:
        if token.kind is Kind.NOT:
            waiting += 1
        elif token.kind is Kind.OPEN:
            levels.append(waiting + 1)
        elif token.kind is Kind.CLOSE:
            levels.pop()
        if token.kind in (Kind.OPEN, Kind.WORD, Kind.QUOTED):
            waiting = 0
        yield sum(levels) + waiting


class _Builder:
    """The nodes of one query. `field` is that of the innermost `field:` around; None means that nothing was asked."""

    def __init__(self, text: str, searches: Mapping[str, str], depth: int) -> None:
        self._text = text
        self._searches = searches
        self._depth = depth
        self._read = LeafReader(text)

    def node(self, of: Tree, field: Field | None) -> Node | None:
        match of:
            case Tree("group" | "nested"):
                return self._all([self.node(part, field) for part in of.parts])
            case Tree("clause"):
                parts = _kept(self.node(part, field) for part in of.parts)
                return parts[0] if len(parts) == 1 else Or(parts) if parts else None
            case Tree("negation", _, (operand,)):
                return self._negation(operand, field)
            case Tree("fielded", Token() as name, (atom,)):
                if name.text.lower() == SAVED:
                    return self._saved(atom)
                found = self.node(atom, self._read.field(name, ":"))
                if found is None:
                    raise wordless(self._text, of.at)
                return found
            case Tree("exact", Token() as name, (atom,)):
                return self._exact(name, atom)
            case Tree("must", _, (operand,)):  # what is asked of a field holds, however the rest is written
                return self.node(operand, field or (None if is_address(operand.head) else DEFAULT))
            case Tree(head=Token() as token):
                return self._read.leaf(token, field or DEFAULT, named=field is not None)
        raise AssertionError(of)

    @staticmethod
    def _all(found: list[Node | None]) -> Node | None:
        parts = _kept(found)
        return parts[0] if len(parts) == 1 else And(parts) if parts else None

    def _negation(self, operand: Tree, field: Field | None) -> Node | None:
        if part := self.node(operand, field):
            return Not(part)
        words = [token.text for token in operand.tokens()]
        if words and all(set(word) <= {"-"} for word in words):
            return None  # two hyphens for a dash
        start, end = operand.at
        raise wordless(self._text, (max(start - 1, 0), end) if words else (0, len(self._text)))

    def _exact(self, name: Token, atom: Tree) -> Exact:
        """One value of a facet, or any of several, as the facet shows them."""
        field = self._read.field(name, ":=")
        at = name.at[0], max(name.at[1], atom.at[1])
        if not field.facet:
            known = ", ".join(each.name for each in FIELDS if each.facet)
            raise QueryError(
                f"{field.name} has no values that are counted",
                query=self._text,
                position=at[0],
                length=len(name.text),
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

    def _values(self, of: Tree) -> Iterator[str]:
        """The values in an atom; parentheses may hold some with OR between them, and nothing else."""
        match of:
            case Tree("bare", Token(_, text, at)):
                if text[0] in SINGLE_QUOTES:
                    self._read.check(text, DEFAULT, at)
                yield text
            case Tree("quoted", Token() as token):
                yield self._read.unquoted(token)[0]
            case Tree("nested" | "clause") | Tree("group", _, (_,)):
                for part in of.parts:
                    yield from self._values(part)
            case _:
                start, end = of.at
                raise QueryError(
                    "only OR may stand between exact values",
                    query=self._text,
                    position=start,
                    length=max(end - start, 1),
                    expected='("one value" OR "another")',
                )

    def _saved(self, atom: Tree) -> Node:
        """What was saved under the name in `atom`."""
        token = atom.head
        if token is None:
            raise QueryError("one saved search at a time", query=self._text, position=0, expected=f"{SAVED}name")
        start, end = at = token.at
        name = self._read.unquoted(token)[0] if token.kind is Kind.QUOTED else token.text

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
            raise refusal(
                f"no search is saved as “{name}”", known, self._read.nearest(name.lower(), self._searches, at)
            )
        if self._depth == MAX_SAVED:
            raise refusal(f"“{name}” is saved in terms of too many others, or of itself")
        try:
            return moved(_parsed(query, self._searches, self._depth + 1), at)
        except QueryError as error:
            raise refusal(f"in the saved search “{name}”: {error.message}") from error


def _kept(nodes: Iterable[Node | None]) -> tuple[Node, ...]:
    return tuple(node for node in nodes if node is not None)
