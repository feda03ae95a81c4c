"""What a handler gets and gives: one request read into its parameters, and answers of the few kinds that there are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import Send

from backfile.desk.tokens import Token
from backfile.web.problems import Refusal

P = TypeVar("P")
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Call(Generic[P]):
    """One request. `path` are the parts of the address that vary, `params` what it asks for, `body` what was sent."""

    method: str
    address: str  # path and query, as they were sent
    path: Mapping[str, str]
    params: P
    headers: Mapping[str, str]
    body: bytes = b""
    token: Token | None = None
    client: str = ""

    def number(self, name: str) -> int:
        """A part of the address that is a number from 1 on; Refusal where it is none."""
        text = self.path[name]
        if not (text.isascii() and text.isdecimal() and len(text) <= 12 and int(text) > 0):
            raise Refusal("not-found", f"{name} must be a number, not {text[:40]!r}")
        return int(text)


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer to be sent: text, JSON, a page."""

    body: bytes
    type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """As the server wants it."""
        return Response(self.body, self.status, dict(self.headers), media_type=self.type)


class CutOffError(Exception):
    """What is made while it is sent cannot be made whole."""


class _Stream(StreamingResponse):
    """Its end is sent when all of it was: whoever reads an answer that was cut off sees that it is not whole."""

    async def stream_response(self, send: Send) -> None:
        with suppress(CutOffError):
            await super().stream_response(send)


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer that is made while it is sent. CutOffError from its parts breaks the connection off."""

    parts: Iterator[bytes] | AsyncIterator[bytes]
    type: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """As the server wants it."""
        return _Stream(self.parts, headers=dict(self.headers), media_type=self.type)


@dataclass(frozen=True, slots=True)
class Moved:
    """The answer is elsewhere: 303 after a change, 308 for another writing of the same address."""

    to: str
    status: int = 303
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """As the server wants it."""
        return RedirectResponse(self.to, self.status, dict(self.headers))


Answer = Sent | Streamed | Moved


def as_json(value: object, status: int = 200, **headers: str) -> Sent:
    """`value` (dataclasses, lists of them) as JSON in the words of the command line."""
    return Sent(encode(value), JSON, status, {name.replace("_", "-"): text for name, text in headers.items()})


def encode(value: object) -> bytes:
    """JSON in UTF-8; half characters of hostile pages, which UTF-8 cannot hold, become U+FFFD. Sets are sorted."""
    try:
        return msgspec.json.encode(value, order="deterministic")
    except UnicodeEncodeError:
        return msgspec.json.encode(_whole(msgspec.to_builtins(value, order="deterministic")))


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return value
