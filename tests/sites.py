"""An archive as it is served, without a server: pages asked for by calling what would answer them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from starlette.routing import compile_path

from backfile.desk import Desk
from backfile.desk.settings import WebSettings
from backfile.desk.tokens import Tokens
from backfile.web import params
from backfile.web.calls import Answer, Call, Moved, Sent
from backfile.web.jobs import Runner
from backfile.web.openapi import description
from backfile.web.route import Handler, Route
from backfile.web.routes import ROUTES
from backfile.web.sessions import Sessions
from backfile.web.site import Origins, Site


def as_served(desk: Desk) -> Site:
    """Nobody works on its jobs."""
    origins = Origins("http://127.0.0.1:1", "http://localhost:2", frozenset(), frozenset())
    tokens = Tokens(desk.folder)
    return Site(desk, origins, WebSettings(), tokens, Sessions(tokens), Runner(desk), description)


def shown(site: Site, address: str) -> str:
    """The page at an address, of one moment."""
    with site.desk.snapshot():
        answer = _answer(site, "GET", address, dict(parse_qsl(urlsplit(address).query)))
    assert isinstance(answer, Sent), answer
    return answer.body.decode()


def posted(site: Site, path: str, fields: Mapping[str, str]) -> str:
    """Where the form leads."""
    answer = _answer(site, "POST", path, fields)
    assert isinstance(answer, Moved)
    return answer.to


def _answer(site: Site, method: str, address: str, given: Mapping[str, str]) -> Answer:
    route, parts = _route(method, urlsplit(address).path)
    asked: Any = params.read(route.params, given.items(), lax=True)
    return cast(Handler, route.handler)(site, Call(method, address, parts, asked, {}))


def _route(method: str, path: str) -> tuple[Route, dict[str, str]]:
    for route in ROUTES:
        pattern, _, _ = compile_path(route.path)
        if route.method == method and (found := pattern.match(path)):
            return route, found.groupdict()
    raise LookupError(path)
