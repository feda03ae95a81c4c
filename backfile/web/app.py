"""The ASGI applications: each route of the table behind one and the same gate, and errors made pages or problems.

    Guard (host, origin, size) ─▶ route ─▶ who may ─▶ parameters ─▶ unchanged? 304 ─▶ handler in a thread ─▶ answer

Nothing is reached but through `_endpoint`, so no route can be without its scope.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, cast

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Routed

from archive import ArchiveError
from backfile.desk.tokens import Scope, Token
from backfile.web import params, problems
from backfile.web.calls import Answer, Call, Moved, Sent
from backfile.web.front import FRONT
from backfile.web.guard import SAFE, App, Guard, Receive, Send, content_headers, own_headers, read_headers
from backfile.web.guard import Scope as Place
from backfile.web.problems import Problem, Refusal, problem
from backfile.web.route import UPLOADS, Handler, Kind, Route, Upload
from backfile.web.sessions import COOKIE
from backfile.web.site import Site

_log = logging.getLogger(__name__)
_AT_ONCE = 4  # answers of a kind that are worked out at the same time
_WAITING = 64  # and that wait for their turn: whoever comes then is told to come later
_SMALLEST = 1000  # bytes from which an answer is packed
_LEVEL = 5  # of gzip
RETRY = "2"  # seconds
_BUILD = secrets.token_hex(4)  # of this process: another version may draw the same otherwise


def own_app(site: Site) -> Guard:
    """The site itself: pages, API, feeds."""
    gate = _Gate(site)
    app = gate.app(FRONT)
    app.router.default = _Rest(gate)
    origins = site.origins
    limits = dict.fromkeys(UPLOADS, site.settings.upload_limit)
    return Guard(app, origins.hosts, own_headers(origins), origins.own, origins.alias, limits)


class _Rest:
    """What the routes of a first visit have no answer for: all routes, loaded when they are needed."""

    def __init__(self, gate: _Gate) -> None:
        self._gate = gate
        self._app: App | None = None

    async def __call__(self, scope: Place, receive: Receive, send: Send) -> None:
        if self._app is None:
            self._app = await to_thread.run_sync(self._made)
        await self._app(scope, receive, send)

    def _made(self) -> App:
        from backfile.web.routes import ROUTES

        return self._gate.app(ROUTES)


def content_app(site: Site) -> Guard:
    """The other site, on another host: archived pages, and nothing else."""

    async def archived(request: Request) -> Response:
        answer = await to_thread.run_sync(_archived, site, request.path_params["capture"])
        return answer.response()

    async def nothing(_: Request, error: Exception) -> Response:
        found = problems.of(error) or problem("not-found")
        return Response(found.detail, found.status, media_type="text/plain; charset=utf-8")

    app = Starlette(
        routes=[Routed("/{capture}/", archived, methods=["GET"])],
        exception_handlers={HTTPException: nothing, ArchiveError: nothing, Exception: nothing},
    )
    app.router.redirect_slashes = False
    origins = site.origins
    return Guard(app, origins.content_hosts, content_headers(origins), origins.content)


def _archived(site: Site, capture: str) -> Sent:
    from backfile.web import content

    return content.archived(site, capture)


class _Turns:
    """So many at once, and so many that wait. Changes have turns of their own: while another process writes they wait
    long for its lock, and nothing that is only read waits for them.
    """

    def __init__(self) -> None:
        self._limiter = CapacityLimiter(_AT_ONCE)
        self._waiting = 0

    async def run(self, answer: Callable[[Route, Call[Any]], Answer], route: Route, call: Call[Any]) -> Answer:
        """What `answer` gives, from a thread. Refusal where too many wait."""
        if self._waiting >= _WAITING:
            raise Refusal("busy", Retry_After=RETRY)
        self._waiting += 1
        try:
            return await to_thread.run_sync(answer, route, call, limiter=self._limiter)
        finally:
            self._waiting -= 1


class _Gate:
    """What stands before every handler."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._reading, self._writing = _Turns(), _Turns()

    def app(self, routes: Iterable[Route]) -> Starlette:
        """The application of these routes."""
        made = Starlette(
            routes=[Routed(route.path, self.endpoint(route), methods=[route.method]) for route in routes],
            exception_handlers={HTTPException: self.refused, Refusal: self.refused, Exception: self.failed},
        )
        made.router.redirect_slashes = False
        return made

    def endpoint(self, route: Route) -> Callable[[Request], Awaitable[Response]]:
        """The one way to a handler."""

        async def asked(request: Request) -> Response:
            begun = perf_counter()
            try:
                response = await self._answered(route, request)
            except (Refusal, HTTPException) as error:
                return self._told(route.kind, request, error)
            except Exception as error:
                if (found := problems.of(error)) is None:
                    raise
                return self._problem(route.kind, request, found, error)
            response.headers["server-timing"] = f"all;dur={(perf_counter() - begun) * 1000:.1f}"
            return response

        return asked

    async def _answered(self, route: Route, request: Request) -> Response:
        headers = read_headers(request.scope)
        token = self._let_in(route, request, headers)
        given = params.pairs(request.scope["query_string"])
        body = await request.body() if request.method not in SAFE and not route.uploads else b""
        address = request.scope["path"]
        if query := request.scope["query_string"].decode("latin-1"):
            address += f"?{query}"
        call: Call[Any] = Call(
            request.method, address, request.path_params, params.Nothing(), headers, body, token,
            request.client.host if request.client else "",
        )  # fmt: skip
        if route.tidy and (better := route.tidy(request.scope["path"], given)):
            return Moved(better, 308).response()
        call = replace(call, params=self._params(route, given, call))
        known = [one.strip() for one in headers.get("if-none-match", "").split(",") if call.method in SAFE]
        etag = self._etag(route, call) if route.kept else ""
        if etag and etag in known:
            return _unchanged(etag)
        if route.uploads:
            answer = await cast(Upload, route.handler)(self._site, call, request.stream())
        else:
            answer = await self._in_turn(route, call)
        if isinstance(answer, Sent) and (tag := answer.headers.get("etag")) and tag in known:
            return _unchanged(tag)
        return self._finished(answer, headers, etag)

    def _params(self, route: Route, given: list[tuple[str, str]], call: Call[Any]) -> Any:
        if route.kind is Kind.API or route.uploads or call.method in SAFE:
            return params.read(route.params, given, lax=route.kind is not Kind.API)
        if call.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
            raise Refusal("media-type", "a form is sent as application/x-www-form-urlencoded")
        return params.read(route.params, params.pairs(call.body), lax=True)

    async def _in_turn(self, route: Route, call: Call[Any]) -> Answer:
        turns = self._reading if call.method in SAFE else self._writing
        return await turns.run(self._answer, route, call)

    def _answer(self, route: Route, call: Call[Any]) -> Answer:
        """What is only read is all of one moment."""
        with self._site.desk.snapshot() if call.method in SAFE else nullcontext():
            return cast(Handler, route.handler)(self._site, call)

    # -- who may ---------------------------------------------------------------------------------------------------

    def _let_in(self, route: Route, request: Request, headers: Mapping[str, str]) -> Token | None:
        """The token that was shown, where one is needed or was sent. Refusal for none, and for one that is no use."""
        if route.scope is None:
            return None
        shown, way = self._shown(route, request, headers)
        token = self._known(shown, way) if shown else None
        if token is None:
            if self._site.closed:
                raise Refusal("unknown-token", WWW_Authenticate="Bearer")
            return None
        if not token.allows(Scope.FEED if way == "key" else route.scope):
            raise Refusal("scope", f"this needs the scope {route.scope}")
        if way == "key" and token.query != request.query_params.get("q", ""):
            raise Refusal("scope", "this key is for the feed of another query")
        return token

    def _known(self, shown: str, way: str) -> Token | None:
        if way == "cookie":
            return self._site.sessions.token(shown)
        token = self._site.tokens.known(shown)
        if token is None:
            raise Refusal("unknown-token", "this token is not known here, or has expired", WWW_Authenticate="Bearer")
        return token

    @staticmethod
    def _shown(route: Route, request: Request, headers: Mapping[str, str]) -> tuple[str, str]:
        kind, _, secret = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return secret.strip(), "bearer"
        if route.kind is Kind.FEED and (key := request.query_params.get("key")):
            return key, "key"
        return request.cookies.get(COOKIE, ""), "cookie"

    # -- what is sent ----------------------------------------------------------------------------------------------

    def _etag(self, route: Route, call: Call[Any]) -> str:
        today = datetime.now(UTC).date()
        asked = f"{_BUILD} {route.path} {call.address} {self._site.desk.state()} {today} {self._site.origins.own}"
        return f'W/"{hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:32]}"'

    @staticmethod
    def _finished(answer: Answer, headers: Mapping[str, str], etag: str) -> Response:
        if isinstance(answer, Sent):
            answer = _packed(answer, headers)
        response = answer.response()
        if etag and response.status_code == 200:
            response.headers["etag"] = etag
        response.headers.setdefault("cache-control", "private, no-cache")
        return response

    # -- errors ----------------------------------------------------------------------------------------------------

    async def refused(self, request: Request, error: Exception) -> Response:
        """What no route is there for."""
        return self._told(_kind_of(request.scope["path"]), request, error)

    async def failed(self, request: Request, error: Exception) -> Response:
        """A fault of ours: told without its inside, which is in the log."""
        _log.error("%s %s", request.method, request.scope["path"], exc_info=error)
        return self._problem(_kind_of(request.scope["path"]), request, problem("fault"), None)

    def _told(self, kind: Kind, request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            name = {404: "not-found", 405: "method"}.get(error.status_code, "request")
            detail = "" if error.status_code in (404, 405) else error.detail
            return self._problem(kind, request, problem(name, detail), None, error.headers or {})
        assert isinstance(error, Refusal)
        return self._problem(kind, request, problem(error.kind, error.detail), error, error.headers)

    def _problem(
        self, kind: Kind, request: Request, found: Problem, error: Exception | None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:  # fmt: skip
        found = replace(found, instance=request.scope["path"])
        if kind is Kind.PAGE:
            from backfile.web.pages import errors

            if found.status == 401:
                return Moved(errors.to_login(request)).response()
            q, back = request.query_params.get("q", ""), errors.to_form(request, found.status)
            sent = errors.page(self._site, found, error, q, back)
        else:
            sent = Sent(problems.encoded(found), problems.TYPE, found.status)
        response = sent.response()
        if found.status == 503:
            response.headers["retry-after"] = RETRY
        for name, value in (headers or {}).items():
            response.headers[name] = value
        response.headers["cache-control"] = "no-store"
        return response


def _kind_of(path: str) -> Kind:
    return Kind.API if path.startswith("/api/") else Kind.PAGE


def _unchanged(etag: str) -> Response:
    """What the browser has is what it asks for."""
    return Response(status_code=304, headers={"etag": etag, "cache-control": "private, no-cache"})


def _packed(answer: Sent, headers: Mapping[str, str]) -> Sent:
    """In gzip, where whoever asks reads it and it is worth it."""
    if len(answer.body) < _SMALLEST or "content-encoding" in answer.headers or answer.type.startswith("image/png"):
        return answer
    varies = {**answer.headers, "vary": "accept-encoding"}
    if "gzip" not in headers.get("accept-encoding", ""):
        return replace(answer, headers=varies)
    body = gzip.compress(answer.body, _LEVEL, mtime=0)
    return replace(answer, body=body, headers={**varies, "content-encoding": "gzip"})
