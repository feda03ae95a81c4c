"""Who may use the web door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from backfile.desk.tokens import Scope, Token
from backfile.views.row import Same


@dataclass(frozen=True, slots=True)
class TokenRow(Same[Token]):
    """A token of the web door, without what it is."""

    name: Annotated[str, "whose it is, or what for"]
    scopes: Annotated[frozenset[Scope], "what it allows: `read`, `add`, `edit`, `feed`"]
    added: Annotated[datetime, "when it was made"]
    expires: Annotated[datetime | None, "when it is good for nothing"]
    query: Annotated[str, "of a feed key: the query whose feed it opens"]


@dataclass(frozen=True, slots=True)
class MadeTokenRow(TokenRow):
    """A token that was just made."""

    token: Annotated[str, "what it is: shown this once"]

    @classmethod
    def made(cls, one: Token, secret: str) -> Self:
        """The row of a new token."""
        return cls(one.name, one.scopes, one.added, one.expires, one.query, secret)
