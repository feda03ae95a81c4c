"""The parser of the query language, from tables worked out beforehand: making them takes longer than a search.

grammar.tables is what lark saves of grammar.lark (scripts/write_grammar.py writes it), headed by what it was made of.
Where another lark is installed than made it, the parser is made from the grammar itself, which costs 50 ms.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported by the first query: `backfile --help` asks none
    from lark import Lark

GRAMMAR, TABLES = "grammar.lark", "grammar.tables"


@cache
def parser() -> Lark:
    """The lexer and LALR(1) parser of the query language."""
    from lark import Lark

    found = files(__package__).joinpath(TABLES)
    head, _, tables = (found.read_bytes() if found.is_file() else b"").partition(b"\n")
    return Lark.load(BytesIO(tables)) if head == made_of() else from_grammar()


def from_grammar() -> Lark:
    """The same, worked out anew."""
    from lark import Lark

    return Lark.open_from_package(__package__, GRAMMAR, parser="lalr", lexer="basic")


def saved() -> bytes:
    """What grammar.tables holds."""
    tables = BytesIO()
    from_grammar().save(tables)
    return made_of() + b"\n" + tables.getvalue()


def made_of() -> bytes:
    """The version of lark and the digest of the grammar."""
    import lark

    grammar = files(__package__).joinpath(GRAMMAR).read_bytes()
    return f"lark {lark.__version__} {sha256(grammar).hexdigest()}".encode()
