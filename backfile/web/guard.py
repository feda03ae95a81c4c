"""Who is let in, before any route is looked at: the name we are called by, where a change comes from, how much is sent.

Decisions are pure functions over headers; `Guard` is the ASGI middleware around each of the two sites that applies
them and puts the same headers on every answer, whatever it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from backfile.web import problems
from backfile.web.problems import Problem, Refusal, problem
from backfile.web.site import Origins

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
NONE = "'none'"
BODY_LIMIT = 2**20  # bytes of a body, but for uploads


def policy(content: str) -> str:
    """The Content-Security-Policy of our own pages: nothing inline, nothing from elsewhere, frames of `content`."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"frame-src {content or NONE}; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def own_headers(origins: Origins) -> dict[str, str]:
    """What every answer of ours says, whatever it is."""
    return {
        "content-security-policy": policy(origins.content),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",  # with none at all, browsers call the origin of our own forms null
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
        "x-frame-options": "DENY",
    }


def content_headers(origins: Origins) -> dict[str, str]:
    """What every answer with archived bytes says, whatever they are: nothing in them runs, loads or sends."""
    return {
        "content-security-policy": (
            "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; font-src data:; "
            "media-src data:; style-src 'unsafe-inline'; "
            f"form-action 'none'; base-uri 'none'; frame-ancestors {origins.own}"
        ),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "cross-origin",
        "x-dns-prefetch-control": "off",
        "x-robots-tag": "noindex, nofollow",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cache-control": "private, max-age=3600",
    }


def is_ours(host: str, hosts: frozenset[str]) -> bool:
    """Whether the header Host names us: no other name, no other port, no dot behind it."""
    return host.lower() in hosts


def comes_from_elsewhere(method: str, headers: Mapping[str, str], own: str) -> str:
    """Why a request that would change something is refused, "" where it may. No token in a form is needed for this.

    Browsers say where a request comes from and no page can make them say otherwise. Only `same-origin`, and `none`
    (typed or clicked by the person), are let in: `same-site` is another port of this machine, which anybody may serve.
    Where a browser is too old to say it, Origin must be our own. What says neither is no browser.
    """
    if method in SAFE:
        return ""
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is not None:
        if site in ("same-origin", "none") and origin in (None, own):
            return ""
        return f"it came from another site ({site if site in ('cross-site', 'same-site') else 'another origin'})"
    if origin is not None and origin != own:
        return "it came from another origin"
    return ""


class Guard:
    """Around one site. `body_limits` are those of paths that take more than others."""

    def __init__(
        self, app: App, hosts: frozenset[str], headers: Mapping[str, str], own: str,
        alias: frozenset[str] = frozenset(), body_limits: Mapping[str, int] | None = None,
    ) -> None:  # fmt: skip
        self._app = app
        self._hosts = hosts
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._own = own
        self._alias = alias
        self._limits = body_limits or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = read_headers(scope)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in self._headers if one[0] not in given)]
            await send(message)

        if is_ours(headers.get("host", ""), self._alias) and scope["method"] in SAFE:
            await _move(self._own + _path(scope), told)
            return
        refused = self._refused(scope, headers)
        if refused is not None:
            await answer(refused, told)
            return
        limit = self._limits.get(scope["path"], BODY_LIMIT)
        await self._app(scope, _limited(receive, limit), told)

    def _refused(self, scope: Scope, headers: Mapping[str, str]) -> Problem | None:
        if not is_ours(headers.get("host", ""), self._hosts):
            return problem("host")
        if why := comes_from_elsewhere(scope["method"], headers, self._own):
            return problem("cross-site", f"{why}: only pages of this archive may change it")
        limit = self._limits.get(scope["path"], BODY_LIMIT)
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdecimal() or int(length) > limit:
            return problem("too-large", f"at most {limit:,} bytes can be sent here")
        return None


def read_headers(scope: Scope) -> dict[str, str]:
    """The headers by name in lower case; of one that is given twice, nothing: it can mean two things."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        found[key] = "\0" if key in found and key in ("host", "origin", "sec-fetch-site") else value.decode("latin-1")
    return found


async def answer(found: Problem, send: Send) -> None:
    """A problem, where no page can be made."""
    body = problems.encoded(found)
    headers = [(b"content-type", problems.TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": found.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _move(target: str, send: Send) -> None:
    headers = [(b"location", target.encode("latin-1", "replace")), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _path(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    return (raw + (b"?" + query if query else b"")).decode("latin-1")


def _limited(receive: Receive, limit: int) -> Receive:
    """What comes in, up to so many bytes; Refusal beyond."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise Refusal("too-large", f"at most {limit:,} bytes can be sent here")
        return message

    return counted
