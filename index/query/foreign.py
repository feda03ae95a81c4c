"""Signs that other engines give a meaning and this language does not, told with what to write instead. Pure.

To read them as words would be to answer another question in silence. What stands in quotes, and addresses, may hold
any of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from index.errors import DateError
from index.fields import DEFAULT, Field, Shape, by_name
from index.patterns import later
from index.query.leaf import CONNECTING, OPERATORS

_RANGE = later(r"([\[{])\s*(.+?)\s+TO\s+(.+?)\s*([\]}])", re.DOTALL)
_ANY_DAY = date(2000, 2, 29)
_WORDS = (Shape.TEXT, Shape.NAME)
_QUOTES = "quotes around it, where the sign is part of what you look for"


class Told(NamedTuple):
    """What is said of a part of a query; `instead`: what to write in its place, "" where that is not plain; `whole`:
    the query, where more of it is to be written otherwise."""

    message: str
    expected: str
    instead: str = ""
    whole: str = ""


class Part(NamedTuple):
    """A part of a query without quotes, and what stands before and after it."""

    before: str
    text: str
    after: str

    @property
    def behind(self) -> str:
        """The character before it."""
        return self.before[-1:]


def as_range(text: str) -> str:
    """ "[A TO B]" of dates as the language writes it, A..B; anything else as it is."""
    found = _RANGE.fullmatch(text)
    if not found or found[1] + found[4] != "[]":
        return text
    begin, end = (side.strip('"') for side in found.group(2, 3))
    return f"{'' if begin == '*' else begin}..{'' if end == '*' else end}"


def told(part: Part, field: Field) -> Told | None:
    """What is wrong with a part that is asked of `field`, or None."""
    text = part.text
    if said := _beside_a_field(part, field) or _behind_quotes(part):
        return said
    if found := _RANGE.fullmatch(text):
        return _of_range(text, found, field)
    if text in ("!=", "<>") and field is not DEFAULT:
        return Told("what is left out has its sign before the field", f"-{field.name}:word")
    if text[0] in "<>" and field.shape in _WORDS and field is not DEFAULT:
        return _no_order()
    if field.shape in (Shape.KEYWORD, Shape.URL):
        within = "*" in text.rstrip("*")
        return (
            Told("a * counts only at the end", f"the beginning and a *, or {_QUOTES}", f'"{text}"') if within else None
        )
    if field.shape not in _WORDS:
        return None
    if said := _between_words(part):
        return said
    if found := _EXPRESSION.fullmatch(text):
        instead = found[1] if found[1].isalnum() else ""
        return Told("regular expressions are not read", f"words, beginnings of words (immigra*), or {_QUOTES}", instead)
    return _sign_of(text)


def has_meaning(text: str, *, named: bool) -> bool:
    """Whether a sign in a word may be told, whatever stands around it; `named`: the word is asked of a field."""
    if text in ("!=", "<>") or "|" in text or (named and "*" in text):
        return True
    if any(pattern.fullmatch(text) for pattern in (_RANGE, _EXPRESSION, _NEAR, _NUMBERS, _BEGUN)):
        return True
    return bool(_sign_of(text))


def _sign_of(text: str) -> Told | None:
    """What is wrong with the signs in a word, whatever stands around it."""
    if _ADDRESS.search(text) or _OF_ANY_SEX.fullmatch(text):
        return None
    return next((said for pattern, say in _SIGNS if (found := pattern.fullmatch(text)) and (said := say(found))), None)


def told_within(part: Part) -> Told | None:
    """What is wrong with a part that stands in quotes: a star for any word; or None."""
    stars = len(_STAR.findall(part.text))
    if not stars or not any(map(str.isalnum, part.text)):
        return None
    rest = " ".join(_STAR.sub(" ", part.text).split())
    near = f'"{rest}"~{stars}'
    return Told("a * stands for no word within quotes", '"two words"~1: at most so many others between them', near)


def _of_range(text: str, found: re.Match[str], field: Field) -> Told | None:
    if field.shape is Shape.DATE:
        if as_range(text) != text:
            return None
        signs = (">" if found[1] == "{" else ">=", "<" if found[4] == "}" else "<=")
        edges = [sign + edge for sign, edge in zip(signs, found.group(2, 3), strict=True) if edge != "*"]
        return Told(
            "both ends of a range belong to it",
            "A..B with both ends, or > and < without",
            f" {field.name}:".join(edges),
        )
    return _no_dates(as_range(text), field.name == "text")


def _no_order() -> Told:
    return Told("only dates have an order", f"date:>2025-01, or {_QUOTES}")


def _no_dates(between: str, bare: bool) -> Told:
    """Of a range that no date is asked by; `bare`: that no field is named."""
    from index.query import dates

    try:
        dates.read(between, _ANY_DAY)
    except DateError:
        bare = False
    return Told("only dates have ranges", f"date:2025-01..2025-03, or {_QUOTES}", f"date:{between}" if bare else "")


def _beside_a_field(part: Part, field: Field) -> Told | None:
    """Of what stands between the name of a field and what is asked of it, or before the latter."""
    before, text, after = part
    if part.behind == "+" and (
        (text[1:2].isalpha() and text[0] in "-!") or (text == "NOT" and any(map(str.isalnum, after)))
    ):
        return Told("+ and - exclude each other", "+word, or -word")
    if (found := _NAMED.search(before)) and found[1].lower() in by_name():
        name, rest = f"{before[: found.start()]}-{found[1]}:", f"{text[1:]}{after}"
        if found[1].lower() == DEFAULT.name:  # what a "+" asks of the text is printed so
            return None
        denied = text == "NOT" and any(map(str.isalnum, after))
        if denied or (text[0] in "-!" and text[1:2].isalpha()):
            whole = name + (after.lstrip() if denied else rest)
            return Told("what is left out has its sign before the field", f"-{found[1]}:word", "", whole)
        if text in ("!=", "<>"):
            return Told(
                "what is left out has its sign before the field", f"-{found[1]}:word", "", name + after.lstrip()
            )
        if text == "=" and part.behind in _COLONS:
            return Told(
                "an exact value stands right behind the =", f'{found[1]}:="…"', "", f"{before}={after.lstrip()}"
            )
        if text[0] in "<>" and field.shape in _WORDS:
            return _no_order()
        if not _RANGE.fullmatch(text) and (grouped := _BRACES.match(f"{text}{after}")):
            return Told("a group stands in parentheses", f"{found[1]}:(…)", "", f"{before}({grouped[1]}){grouped[2]}")
        if quoted := _SINGLE.match(f"{text}{after}"):
            return Told("quotes are double ones", '"two words"', "", f'{before}"{quoted[1]}"{quoted[2]}')
        return None
    if (sign := _SIGN.match(text)) and (found := _NAME_APART.search(before)) and found[1].lower() in by_name():
        field = by_name()[found[1].lower()]
        value = f"{text[sign.end() :]}{after}".lstrip()
        minus = "-" if sign[0] in ("!=", "<>") else ""
        order = sign[0] if sign[0][0] in "<>" and not minus else "=" if sign[0] == ":=" else ""
        if order[:1] in ("<", ">") and field.shape is not Shape.DATE:
            return None
        whole = f"{before[: found.start()]}{minus}{field.name}:{order}{value}"
        return Told("a field, a colon and what is asked of it stand together", f"{field.name}:…", "", whole)
    return None


def _behind_quotes(part: Part) -> Told | None:
    """Of what was meant to belong to quotes before it, or to a group."""
    before, text, after = part
    stuck = part.behind in _CLOSING
    if text.strip("*") == "" and stuck:
        return Told("a * counts only at the end of a word", "the words alone, or the beginning of one without quotes")
    if text == "," and stuck and after.lstrip()[:1] in ('"', "“", "«") and _OF_A_FIELD.search(before):
        whole = f"{before} OR {after.lstrip()}"
        return Told("a comma joins nothing: OR stands between alternatives", '("a" OR "b")', "", whole)
    if text == ".." and stuck and (found := _TWO_DATES.fullmatch(f"{before}..\0{after}")):
        whole = f"{found[1]}{found[2]}..{found[3]}{found[4]}"
        return Told("a range has both dates in it without quotes between", "date:2025-01-15..2025-01-31", "", whole)
    if not (stuck or _CLOSED.search(before)) or _EXACTLY.search(before):
        return None
    if found := _OF_GROUP.fullmatch(text):
        if found["near"] is None and found["weight"]:
            return _weighted("")
        number = found["near"] or ""
        plain = f"~{number}" if number.isdigit() else ""
        whole = f"{before.rstrip()}{plain}{after}" if plain or found["weight"] else ""
        return Told(
            "a ~ behind quotes has a whole number", '"two words"~5: at most five others between them', "", whole
        )
    return None


def _between_words(part: Part) -> Told | None:
    """Of operators of other engines: what joins the words beside it, or has a group behind it."""
    before, text, after = part
    if after[:1] == "(" and (said := _function(part)):
        return said
    if found := _NEAR.fullmatch(text):
        number = _LAST_WORD.search(before)
        joins = (
            part.behind not in _COLONS and number and not number[1].isdigit() and any(map(str.isalnum, after))
        )  # "24 /7" is none
        return _near(part, found[1] or found[2] or found[3]) if joins or not text.startswith("/") else None
    if _NUMBERS.fullmatch(text):
        return _no_dates(text, True)
    if "|" in text:
        return _alternatives(part)
    next_one = _FIRST_WORD.match(_FIELD_NAME.sub("", after))
    if _BEGUN.fullmatch(text) and next_one and (next_one[1].islower() or next_one[1] in OPERATORS):
        return Told("a ! is punctuation", f"the beginning of a word and a *, or {_QUOTES}", text.rstrip("!") + "*")
    around = _FIELD_NAME.sub("", before), _FIELD_NAME.sub("", after)
    joins = all(any(map(str.isalnum, side)) for side in around)
    return _in_capitals(part) if joins and any(map(str.islower, "".join(around))) else None


def _alternatives(part: Part) -> Told | None:
    sides = part.text.split("|")
    if part.text != "|" and not all(side and side[0].isalnum() and side[-1].isalnum() for side in sides):
        return None
    a_few = len(f"{part.before}{part.after}".split()) <= _FEW
    any_of = " OR ".join(sides)
    if part.text == "|":
        instead = "OR" if a_few else ""
    else:
        instead = any_of if (part.behind, part.after[:1]) == ("(", ")") else f"({any_of})"
    whole = "" if instead else f"{part.before.rstrip()} {part.after.lstrip()}"
    return Told("a | joins nothing: OR stands between alternatives", f"a OR b, or {_QUOTES}", instead, whole)


def _in_capitals(part: Part) -> Told | None:
    """Of a word in capitals among words that are not."""
    word = part.text.rstrip("0123456789")
    if word in _NEARBY and word in CONNECTING:
        return _near(part, part.text[len(word) :])
    if part.text == "XOR":
        return Told("there is no operator XOR", "(a OR b) -(a b)")
    if part.text == "ANDNOT":
        return Told("AND and NOT are two words", "a AND NOT b", "NOT")
    if part.text == "BUT" and part.after.split()[:1] == ["NOT"]:
        return Told("NOT stands alone", "a NOT b", "", f"{part.before.rstrip()} {part.after.lstrip()}")
    return None


def _near(part: Part, number: str) -> Told:
    """Of what asks for words `number` words from each other, or within a sentence (s) or a paragraph (p)."""
    number = str(int(number[:6])) if number.isdigit() else _LASTING.get(number[:1].lower(), "5")
    left, right = _LAST.search(part.before), _FIRST.match(part.after)
    whole = ""
    if left and right and not {left[1].upper(), right[1].upper()} & {*OPERATORS}:
        whole = f'{part.before[: left.start(1)]}"{left[1]} {right[1]}"~{number}{part.after[right.end(1) :]}'
    return Told(
        "words near each other stand in quotes",
        f'"two words"~{number}: at most so many others between them',
        "",
        whole,
    )


def _function(part: Part) -> Told | None:
    """Of a name with parentheses right behind it."""
    before, text, after = part
    name = text.rstrip("0123456789").upper()
    if _ONE_LETTER.match(after):  # "title(s)"
        return None
    if name in _NEARBY:
        found = _IN_PARENTHESES.match(after)
        return _near(Part(before, text, after[found.end() :]), found[1]) if found else _near(Part("", text, ""), "")
    if name in _COUNTING:
        return Told(f"nothing is asked by {text}(…)", "the words alone", "", f"{before}{after}")
    field = by_name().get(text.lower()) or by_name().get(_PLACES.get(text.lower(), ""))
    if field:
        return Told("a field and what is asked of it have a colon between them", f"{field.name}:(…)", f"{field.name}:")
    return None


def _weighted(word: str) -> Told:
    return Told("no word weighs more than another by a ^", f"the words alone, or {_QUOTES}", word)


def _assigned(name: str, sign: str, value: str) -> Told | None:
    field = by_name().get(name.lower())
    if not field:
        return None
    minus = "-" if sign in ("!=", "<>") else ""
    return Told(
        "a field and what is asked of it have a colon between them",
        f"{minus}{field.name}:…, or {_QUOTES}",
        f"{minus}{name}:{value}",
    )


def _of_letters(sign: str, before: str, after: str) -> Told | None:
    """Of a "?" or "#" between letters; where a sentence begins behind it ("Why?Because") it is punctuation."""
    if not (after.islower() or after.isdigit() or (before[-1:].isupper() and after.isupper())):
        return None
    instead = f"{before}*" if before else ""
    return Told(
        f"a {sign} stands for no letter", f"its beginning with a *, word~ for words like it, or {_QUOTES}", instead
    )


_COUNTING = frozenset({"ATLEAST", "ATL", "ALLCAPS", "CAPS", "NOCAPS", "PLURAL", "SINGULAR"})
_PLACES = {
    **dict.fromkeys(("headline", "hlead", "heading", "intitle", "allintitle", "ti"), "title"),
    **dict.fromkeys(("lead", "body", "intext", "allintext", "abstract"), "text"),
    **dict.fromkeys(("au", "byline"), "author"),
    **dict.fromkeys(("publication", "pub"), "site"),
}
_NEARBY = frozenset({"NEAR", "ONEAR", "ADJ", "AROUND", "WITHIN"})
_LASTING = {"s": "15", "p": "50"}  # about so many words has a sentence, and a paragraph
_FEW = 4  # words of a query with a "|" in it that is no headline
_COLONS = (":", "：")
_CLOSING = ('"', "”", "»", ")")
_NAMED = later(r"(?<![^\s()\"“”«»])[+!-]*(\w+)[:：]=?\s*\Z")
_SIGN = later(r":=|[:：]|[<>]=|!=|<>|==|[=<>]")
# Punctuation that stands alone is left out of a query, and so it is here.
_NAME_APART = later(r"(?<![\w:])(\w+)(?![:：\w])(?:[^\w\"“”«»]|(?<!\w)(?:AND|OR|NOT)(?!\w))*\Z")
_SINGLE = later(r"['‘’`´](\w[^'‘’`´\"]*\s[^\"]*?\w)['’`´](?!\w)(.*)", re.DOTALL)
_BRACES = later(r"[{\[]([^{}\[\]()\"“”«»]*[^\s()\"“”«»])[}\]](.*)", re.DOTALL)
_OF_A_FIELD = later(r"(?<![\w:])\w+[:：]=?\(?[^():]*\Z")
_TWO_DATES = later(r'(.*[:：])\s*"([^"]+)"\.\.\0"([^"]+)"(.*)', re.DOTALL)
# What stands before and behind a part is told by words and quotes alone: a query that is printed has no parentheses
# that change nothing, and no punctuation between words.
_CLOSED = later(r"[\"”“»«][^\w\"“”«»]*\Z")
_EXACTLY = later(r":=\(?[^\"]*\"[^\"]*\"\W*\Z")
_LAST_WORD = later(r"(\w+)\W*\Z")
_FIRST_WORD = later(r"\W*(\w+)")
_FIELD_NAME = later(r"(?<![^\s:：()\"“”«»+!-])\w+[:：]=?")
_STAR = later(r"(?<!\S)\*+(?!\S)")
_LAST = later(r"(?<![^\s(])(\w+)\s(?:[^\w\s()]*\s)*\Z")
_FIRST = later(r"\s(?:[^\w\s()]*\s)*(\w+)(?![^\s)])")
_ONE_LETTER = later(r"\([^\W\d]?\)")
_IN_PARENTHESES = later(r"\((\d{1,6})\)")
_NEAR = later(
    r"(?:near|onear|w|n|pre|adj|within|around)/(\d+|s(?:ent(?:ence)?)?|p(?:ara(?:graph)?)?)|/[+-]?(\d+|[sp])|(?:near|adj)(\d+)",
    re.IGNORECASE,
)
_NUMBERS = later(r"[$£€]?\d[\d,.-]*\.\.[$£€]?\d[\d,.-]*")
_BEGUN = later(r"[^\W\d_A-Z]{2,}!+")
# An address without its beginning, too: a ? in it begins its parameters, a # a part of its page.
_ADDRESS = later(r"https?://|/.*[?#]|[?#].*[=/]|^[\w-]+(?:\.[\w-]+)+/")
_OF_ANY_SEX = later(r"[^\W\d_]{2,}\*in(?:nen)?[.,;?!]*")  # Lehrer*innen
_EXPRESSION = later(r"/(.+)/")
_OF_GROUP = later(r"(?:~(?P<near>\d*\.?\d*))?(?P<weight>\^\d*\.?\d+)?(?<=.)")
_LETTER = r"[^\W\d_]"
_SIGNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Told | None]], ...] = (
    (later(rf"(.*{_LETTER}.*|)\^\d*\.?\d+"), lambda found: _weighted(found[1])),
    (
        later(rf"(.*{_LETTER})~\d*\.\d+"),
        lambda found: Told(
            "how alike words are is told in letters",
            "~, ~1 or ~2 behind the word: so many letters may differ",
            f"{found[1]}~",
        ),
    ),
    (
        later(rf"\*+([^*]*{_LETTER}.*?)\**"),
        lambda found: Told(
            "a * counts only at the end of a word", f"the word, its beginning with a *, or {_QUOTES}", found[1]
        ),
    ),
    (
        later(rf"((?:.*\w)?{_LETTER})\*+{_LETTER}.*|(.*\w)\*+{_LETTER}.*"),
        lambda found: Told(
            "a * counts only at the end of a word",
            f"its beginning with a *, word~ for words like it, or {_QUOTES}",
            f"{found[1] or found[2]}*",
        ),
    ),
    (later(r"((?:.*[^\W_])?)\?+([^\W_]).*"), lambda found: _of_letters("?", found[1], found[2])),
    (later(rf"((?:.*[^\W_])?{_LETTER})#+({_LETTER}).*"), lambda found: _of_letters("#", found[1], found[2])),
    (later(r"(\w+)(==?|!=|<>)(.*)"), lambda found: _assigned(found[1], found[2], found[3])),
    (
        later(r"_exists_:(\w+)"),
        lambda found: Told("that a field has any value is asked by a *", "person:*", f"{found[1]}:*"),
    ),
)
