"""One row of the table of routes: method, address, who may, what it takes, what it gives."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backfile.desk.tokens import Scope
from backfile.web.calls import Answer, Call
from backfile.web.params import Nothing
from backfile.web.site import Site
from backfile.web.urls import API

Handler = Callable[[Site, Call[Any]], Answer]
Tidy = Callable[[str, list[tuple[str, str]]], str]
Upload = Callable[[Site, Call[Any], AsyncIterator[bytes]], Awaitable[Answer]]


class Kind(StrEnum):
    """For whom an answer is made, and so what an error looks like."""

    PAGE = "page"
    API = "api"
    FEED = "feed"
    STATIC = "static"


@dataclass(frozen=True, slots=True)
class Route:
    """One row. `scope` None: anybody who reaches the site. `gives`: of the API, the type of its JSON; None: no JSON.

    `kept`: the answer follows from the address and the state of the archive alone, so that it has an ETag. `body`: the
    type of the JSON that is sent. `type`: of an answer that is no JSON. `status`: of an answer that went well. `tidy`:
    gives a better writing of the address, "" where there is none. `uploads`: the handler is an Upload, which is given
    the body as it comes. `raises`: the problems that it may end with.
    """

    method: str
    path: str
    scope: Scope | None
    handler: Handler | Upload
    params: type = Nothing
    kind: Kind = Kind.PAGE
    says: str = ""
    gives: Any = None
    kept: bool = False
    body: type | None = None
    type: str = "application/json"
    status: int = 200
    tidy: Tidy | None = None
    uploads: bool = False
    raises: tuple[str, ...] = ()


UPLOADS = ("/imports", f"{API}/imports")  # the addresses that are sent whole files


def page(path: str, handler: Handler, params: type = Nothing, *, kept: bool = False, tidy: Tidy | None = None) -> Route:
    """A page that is read."""
    return Route("GET", path, Scope.READ, handler, params, kept=kept, tidy=tidy)
