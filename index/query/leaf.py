"""One token of a query, with the field it asks, to a leaf of the tree; and the mistakes that a token can be. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date

from index.analysis import query_terms
from index.errors import DateError, QueryError
from index.fields import FIELDS, FLAGS, Field, Shape, by_name
from index.patterns import later
from index.query.nodes import AS_IT_STANDS, QUOTES, At, Everything, Fuzzy, Has, Leaf, Phrase, Prefix, When, Word
from index.query.syntax import Kind, Token, within_quotes

MAX_EDITS = 2
_PASTED = 40  # words of a query that is a text from elsewhere, in which such signs are typography
MAX_WITHIN = 100  # words between the words of "…"~N

_FUZZY = later(r"(.*[^~])~([0-9]*)", re.DOTALL)
_ESCAPED = later(rf"\\([{QUOTES}«»「」『』\\*])")
# All but a fixed blank between the groups of a number.
_SPACE = later(r"(?:[^\S\u00a0\u2009\u202f]|(?<!\d)\s|\s(?!\d))+")
_HOST = later(r"https?://(?:[^/?#@]*@)?([^/?#]*).*", re.IGNORECASE | re.DOTALL)
_IN_A_TEXT = later(r"<?(https?://.*?)[>,.;:!?…]*", re.IGNORECASE)
_NAME = later(r"-?\w+[:：]\s*\Z")
_NAMED = later(r"(?<![\w:])(\w+):(?=\S)")
_ADDRESS = later("https?://", re.IGNORECASE)
OPERATORS = ("OR", "AND", "NOT")
CONNECTING = frozenset({"NEAR", "ONEAR", "ADJ", "XOR", "BUT", "ANDNOT"})  # what other engines have between words
# One of these is in what `foreign` tells, or begins it, or ends it.
_FOREIGN, _FOREIGN_START, _FOREIGN_END = frozenset("*?^~/[{_=#|<"), frozenset("-!:：<>.,'‘’`´"), "!"
SINGLE_QUOTES = "'‘’`´"
_NEXT = later(r"\s*([^\s()]+)\s*")
_NEXT_WORD = later(r"(?<=.)\s+[^\s()\"]+")
_GOES_ON = later(r"[\s(]+(?:to|until|till|through|bis|[-–—])\s", re.IGNORECASE)
_WORDS = (Shape.TEXT, Shape.NAME, Shape.KEYWORD, Shape.URL)
_SIGNS_OF_OTHERS = later(r"[\[{/].*[\s()\"“”„＂«»「」『』（）]", re.DOTALL)
_MARKED = later(rf"\{AS_IT_STANDS}(?=\**[^*])", re.DOTALL)
_DATE_WORDS, _DATE_LENGTH = 7, 60  # of a date that nobody put in quotes
_ANY_DAY = date(2000, 2, 29)  # relative dates are only checked here; they are read when the query is asked


class LeafReader:
    """Reads the tokens of one query."""

    def __init__(self, text: str) -> None:
        self._text = text

    def field(self, token: Token, sign: str) -> Field:
        """The field that the token, which ends in `sign`, speaks of. QueryError when there is none of that name."""
        name = token.text.removesuffix(sign).removesuffix("：")
        if field := by_name().get(name.lower()):
            return field
        start, end = token.at
        from index.query import elsewhere

        if set_apart := elsewhere.APART.get(name.lower()):
            asked = _NEXT.match(self._text, end)
            raise QueryError(
                f"there is no field “{name}”",
                query=self._text,
                position=start,
                length=len(name),
                expected=f"{set_apart} beside the query",
                suggestion=f"{self._text[:start]}{self._text[asked.end() if asked else end :]}".strip(),
            )
        there = self._elsewhere(name.lower(), end) if sign == ":" else ""
        raise QueryError(
            f"there is no field “{name}”",
            query=self._text,
            position=start,
            length=len(name),
            expected=f"a field ({', '.join(field.name for field in FIELDS)}) or quotes around words with a colon",
            suggestion=self._had(name, start, end)
            or (f"{self._text[:start]}{there}{self._otherwise(end, name)}" if there else "")
            or self.nearest(name.lower(), by_name(), (start, end - len(sign)), likeness=0.7),
        )

    def _had(self, name: str, start: int, end: int) -> str:
        """The query with any value of a field, where it says "has:tags"; else ""."""
        asked = _NEXT.match(self._text, end) if name.lower() == "has" else None
        field = by_name().get(asked[1].lower()) if asked else None
        return f"{self._text[:start]}{field.name}:*{self._text[asked.end(1) :]}" if asked and field else ""

    def _otherwise(self, start: int, name: str) -> str:
        """The query from there on, behind the `name` of a field of other engines, with our fields for all such."""
        rest = self._text[start:].strip()
        if name.lower().startswith("allin") and " " in rest and not set(rest) & set("():" + QUOTES):
            return f"({rest})"  # which is of all words behind it

        def ours(found: re.Match[str]) -> str:
            name = found[1].lower()
            return found[0] if name in by_name() else self._elsewhere(name, start + found.end()) or found[0]

        return _NAMED.sub(ours, self._text[start:].lstrip())

    def _elsewhere(self, name: str, end: int) -> str:
        """What other engines' and other languages' fields are here; `end`: where that of the query ends."""
        from index.query.elsewhere import FIELDS_THERE

        there = FIELDS_THERE.get(name, "")
        if not there:
            from archive import field_meant

            field = by_name().get(field_meant(name))
            return f"{field.name}:" if field else ""
        if not there.startswith("date") or name.endswith("_than") or _is_date(self._text[end:].split(" ")[0]):
            return there
        return "author:" if name == "from" else ""  # as posts and mail have it

    def nearest(self, wrong: str, known: Iterable[str], at: At, *, likeness: float = 0.6) -> str:
        """The query with `wrong` at `at` replaced by what it most resembles, or ""."""
        from difflib import get_close_matches

        near = get_close_matches(wrong, [name for name in known if name[0] == wrong[:1]], n=1, cutoff=likeness)
        return f"{self._text[: at[0]]}{near[0]}{self._text[at[1] :]}" if near else ""

    def leaf(self, token: Token, field: Field, *, named: bool) -> Leaf | None:
        """What the token asks of `field`, which the query may have `named`; None for punctuation that stands alone."""
        at = token.at
        name = field.name if named else ""
        quoted = token.kind is Kind.QUOTED
        as_it_stands = not quoted and field.shape in _WORDS and _MARKED.match(token.text) is not None
        within = None
        if quoted:
            text, within = self.unquoted(token)
        elif as_it_stands:
            text = token.text.removeprefix(AS_IT_STANDS)
        else:
            text = as_a_word(token.text, named=named)
        if field.name == "site" and _ADDRESS.match(text):
            text = _HOST.sub(r"\1", text)
        if not as_it_stands and self._may_be_foreign(text, field, at, quoted=quoted):
            self.check(within_quotes(token)[0] if quoted else text, field, at, quoted=quoted)
        if not quoted and _SIGNS_OF_OTHERS.match(text) and field.shape in _WORDS:
            quoted, text = True, _SPACE.sub(" ", text).strip()  # a range or an expression in a text from elsewhere
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
            raise wordless(self._text, at)
        return leaf

    def unquoted(self, token: Token) -> tuple[str, int | None]:
        """What stands in the quotes, and N of "…"~N."""
        inside, match = within_quotes(token)
        digits = match["within"]
        within = None if digits is None else int(digits[:6])
        if within is not None and within > MAX_WITHIN:
            place = token.at[0] + match.start("within")
            limit = f"at most {MAX_WITHIN} words between the words in quotes"
            raise QueryError("too far apart", query=self._text, position=place, length=len(digits), expected=limit)
        return _SPACE.sub(" ", _ESCAPED.sub(r"\1", inside)).strip(), within

    def _may_be_foreign(self, text: str, field: Field, at: At, *, quoted: bool) -> bool:
        if quoted:
            return "*" in text
        return (
            not _FOREIGN.isdisjoint(text.rstrip("*"))
            or text[0] in _FOREIGN_START
            or text[-1] in _FOREIGN_END
            or (text[-1].isdigit() and text[0].isalpha())  # near3
            or (".." in text and field.shape is not Shape.DATE)
            or text in CONNECTING
            or text in OPERATORS
            or self._text[at[1] : at[1] + 1] == "("
            or (text[0] == "*" and at[0] > 0)
        )

    def check(self, text: str, field: Field, at: At, *, quoted: bool = False) -> None:
        """QueryError for what other engines read as more than words, and this language does not."""
        if is_pasted(self._text):
            return
        from index.query import foreign

        start, end = at
        part = foreign.Part(self._text[:start], text, self._text[end:])
        if quoted:
            told = foreign.told_within(part) if field.shape in (Shape.TEXT, Shape.NAME) else None
        else:
            told = foreign.told(part, field)
        if told is None:
            return
        meant = told.whole or (f"{part.before}{told.instead}{part.after}" if told.instead else "")
        raise QueryError(
            told.message,
            query=self._text,
            position=start,
            length=end - start,
            expected=told.expected,
            suggestion=meant,
        )

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
        from index.query import dates

        if text.startswith("["):
            from index.query import foreign

            text = foreign.as_range(text)
        try:
            dates.read(text, _ANY_DAY)
        except DateError as error:
            from index.query import said

            if whole := said.of_values(text, field.name):
                before = self._text[: at[0]]
                named = _NAME.search(before)
                if named and named[0].startswith("-"):
                    whole = whole.removeprefix("-") if whole.startswith("-") else f"-{whole}"
                whole = f"{before[: named.start() if named else len(before)]}{whole}"
                raise self._no_date(str(error), at, "", at[1], whole) from None
            meant, end = (error.suggestion, at[1]) if error.suggestion else self._longer_date(text, at[1])
            meant, end = (meant, end) if meant else self._longer_date(text, at[1], said.meant)
            raise self._no_date(str(error), at, meant, end) from None
        if ".." not in text and _GOES_ON.match(self._text, at[1]):
            meant, end = self._longer_date(text, at[1])
            if meant:
                raise self._no_date("a range of dates has two points between them", at, meant, end)
        return When(" ".join(text.split()), field.name, at)

    def _longer_date(self, text: str, end: int, read: Callable[[str], str] | None = None) -> tuple[str, int]:
        """A date that goes on behind `end`, as it (or a range of two) is to be written, and its end; "" if none.

        `read` finds what was meant by a date of other engines and languages, which may end at `end`, too.
        """
        ends = [found.end() for found in _NEXT_WORD.finditer(self._text, end, end + _DATE_LENGTH)][:_DATE_WORDS]
        for after in (*reversed(ends), *([end] if read else [])):
            if meant := (read or _as_date)(f"{text}{self._text[end:after]}"):
                return meant, after
        return "", end

    def _no_date(self, message: str, at: At, meant: str, end: int, whole: str = "") -> QueryError:
        from index.query import dates

        quoted = f'"{meant}"' if " " in meant else meant
        return QueryError(
            message,
            query=self._text,
            position=at[0],
            length=at[1] - at[0],
            expected=dates.EXPECTED,
            suggestion=f"{whole or self._text[: at[0]]}{quoted}{self._text[end:]}" if meant or whole else "",
        )

    def _flag(self, text: str, field: Field, at: At) -> Word:
        flag = text.lower()
        if flag in FLAGS:
            return Word(flag, field.name, at)
        from index.query.elsewhere import FLAGS_THERE

        meant = FLAGS_THERE.get(flag, "")
        raise QueryError(
            f"nothing is known as “{text[:40]}”",
            query=self._text,
            position=at[0],
            length=at[1] - at[0],
            expected=f"one of {', '.join(FLAGS)}",
            suggestion=f"{self._text[: at[0]]}{meant}{self._text[at[1] :]}" if meant else self.nearest(flag, FLAGS, at),
        )


def _as_date(text: str) -> str:
    """A date as it is, or as it is to be written; "" for anything else."""
    from index.query import dates

    try:
        dates.read(text, _ANY_DAY)
    except DateError as error:
        return error.suggestion
    return text


def _is_date(text: str) -> bool:
    from index.query import dates

    try:
        dates.read(text, _ANY_DAY)
    except DateError:
        return False
    return True


def is_pasted(text: str) -> bool:
    """Whether a query is a text from elsewhere: its signs are those of a text, then."""
    return len(text) > 2 * _PASTED and len(text.split()) > _PASTED


def is_address(token: Token | None) -> bool:
    """Whether the token is an address."""
    return token is not None and bool(_ADDRESS.match(token.text))


def _whole(text: str, name: str, at: At, *, quoted: bool) -> Leaf | None:
    """A value of a field whose values match whole, or its beginning."""
    if quoted:
        return Phrase(text, name, None, at) if text else None
    stripped = text.rstrip("*")
    return Word(text, name, at) if stripped == text else Prefix(stripped, name, at)


def as_a_word(word: str, *, named: bool) -> str:
    """A word without what a sentence sets around it; `named`: it is asked of a field."""
    return _unasked(word if named else _bare_address(word))


def _bare_address(word: str) -> str:
    """An address without the signs that a text sets around it; anything else as it is."""
    found = _IN_A_TEXT.fullmatch(word) if "://" in word else None
    return found[1] if found else word


def _unasked(word: str) -> str:
    """Without the question mark of a sentence that ends with this word; an operator's name needs it to be a word."""
    bare = word.rstrip("?？")
    return word if not bare or bare in OPERATORS or _is_punctuation(bare) else bare


def _is_punctuation(text: str) -> bool:
    """Whether `text` is what writers set between words, as in “raids — and arrests”; € and + are no punctuation."""
    return all(unicodedata.category(char)[0] in "PMC" for char in text)


def wordless(text: str, at: At) -> QueryError:
    """A part of a query that asks for nothing: to leave it out in silence would be to answer another question."""
    start, end = at
    return QueryError(
        f"there is no word in {text[start:end][:40]}",
        query=text,
        position=start,
        length=max(end - start, 1),
        expected="a letter, a digit or an emoji",
        suggestion=without(text, at),
    )


def without(text: str, at: At) -> str:
    """The query without a part that asks for nothing, if what is left is words; else ""."""
    start, end = at
    before, after = text[:start].rstrip("- ").split(), text[end:].split()
    while before and before[-1] in OPERATORS:  # nothing is left for it to join
        before.pop()
    while not before and after and after[0] in ("OR", "AND"):
        after.pop(0)
    rest = " ".join(before + after)
    return rest if rest and _is_query(rest) else ""


def _is_query(text: str) -> bool:
    """Whether `text` is words alone, so that it may be suggested."""
    words = text.split()
    if not query_terms(text):
        return False
    return not set(text) & set("():" + QUOTES) and all(query_terms(word) or _is_punctuation(word) for word in words)
