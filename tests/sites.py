"""An archive as it is served, without a server: pages asked for by calling what would answer them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import anyio
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


def asked(
    app: Any,
    origin: str,
    address: str,
    headers: Mapping[str, str] | None = None,
    *,
    body: bytes = b"",
    method: str = "GET",
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a request, as the application sends them. EOFError for an answer that is cut off."""
    place = urlsplit(address)
    given = {"host": urlsplit(origin).netloc, "content-length": str(len(body)), **(headers or {})}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": place.path, "raw_path": place.path.encode(), "query_string": place.query.encode(), "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 9), "server": ("127.0.0.1", 1),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []
    coming = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if not coming:
            await anyio.sleep_forever()
        return coming.pop()

    async def send(message: dict[str, Any]) -> None:
        sent.append(dict(message))

    anyio.run(app, scope, receive, send)
    if sent[-1].get("more_body"):
        raise EOFError(address)
    answered = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], answered, b"".join(one.get("body", b"") for one in sent[1:])


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
