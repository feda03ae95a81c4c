"""Opening the door: sockets, the two sites on them, what runs beside, and the server until it is told to end."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from archive import ArchiveError, StorageError, UsageError
from backfile.desk import Desk, open_desk
from backfile.desk.planned import clear_parts
from backfile.desk.settings import WebSettings, read_web_settings
from backfile.desk.tokens import Tokens
from backfile.web.app import content_app, own_app
from backfile.web.guard import App, Receive, Scope, Send
from backfile.web.jobs import Runner
from backfile.web.sessions import Sessions
from backfile.web.site import Origins, Site
from index import SearchError

_log = logging.getLogger(__name__)
_KEEP_UP = 2.0  # seconds between two looks for what the index does not know yet
_GRACE = 5.0  # seconds that answers under way have when the server is told to end


@dataclass(frozen=True, slots=True)
class Options:
    """What the command says, in place of the settings: None where it says nothing. `tokens`: on loopback too."""

    host: str | None = None
    port: int | None = None
    public_url: str | None = None
    content_url: str | None = None
    tokens: bool = False


def serve(folder: Path | None, options: Options, told: Callable[[str], None]) -> None:
    """Serves the archive until SIGINT or SIGTERM. `told` is given a line or two for the person who started it.

    Raises NotFoundError, SettingsError, UsageError (an address that needs tokens), StorageError (a port that is taken).
    """
    with open_desk(folder, told=told, keeps_up=False) as desk:
        settings = _settings(read_web_settings(desk.folder), options)
        tokens = Tokens(desk.folder)
        closed = check(settings, tokens, wants_tokens=options.tokens)
        with closing(_listening(settings.host, settings.port)) as own:
            port = own.getsockname()[1]
            content_port = settings.content_port or (port + 1 if settings.port else 0)
            with closing(_listening_beside(settings.host, content_port)) as content:
                origins = origins_of(settings, port, content.getsockname()[1])
                _serve(desk, settings, origins, tokens, [own, content], told, closed=closed)


def check(settings: WebSettings, tokens: Tokens, *, wants_tokens: bool = False) -> bool:
    """Whether nobody may do anything without a token; UsageError where the site may not be opened like this."""
    if is_loopback(settings.host) and not settings.public_url:
        if wants_tokens and not tokens.good():
            raise UsageError("there is no token yet: `backfile token add NAME --scope read` makes one")
        return wants_tokens
    if not settings.public_url.startswith("https://"):
        raise UsageError(
            f"{settings.host} can be reached by others: name the address that they use, behind a proxy that speaks "
            "TLS (--public-url https://…), or leave --host away to serve this machine alone"
        )
    if not tokens.good():
        raise UsageError(
            "others can reach it, and there is no token: `backfile token add NAME --scope read` makes one for each"
        )
    if settings.content_url and urlsplit(settings.content_url).hostname == urlsplit(settings.public_url).hostname:
        raise UsageError("archived pages need another host name than the archive itself: --content-url https://…")
    return True


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own, which nobody else can reach."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def origins_of(settings: WebSettings, port: int, content_port: int) -> Origins:
    """Under which addresses the two sites answer. Their hosts differ in name: another port alone is one site."""
    if settings.public_url:
        own = _origin(settings.public_url)
        content = _origin(settings.content_url) if settings.content_url else ""
        return Origins(
            own, content, frozenset({urlsplit(own).netloc}), frozenset(filter(None, {urlsplit(content).netloc}))
        )
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    name = f"[{host}]" if ":" in host else host
    own, content = f"http://{name}:{port}", f"http://localhost:{content_port}"
    hosts = {f"{name}:{port}"} | ({name} if port == 80 else set())
    return Origins(
        own, content, frozenset(hosts), frozenset({f"localhost:{content_port}"}), frozenset({f"localhost:{port}"})
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if not parts.netloc or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise UsageError(f"{url} must be a scheme, a host and perhaps a port: https://archive.example.org")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _settings(found: WebSettings, options: Options) -> WebSettings:
    given = {
        "host": options.host,
        "port": options.port,
        "public_url": options.public_url,
        "content_url": options.content_url,
    }
    return replace(found, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        door = socket.create_server((host, port), family=family, backlog=256)
    except (OSError, OverflowError) as error:
        raise StorageError(f"cannot listen on {host} port {port}: {error}; --port takes another one") from error
    # Whoever comes in has this from the door: else the end of each answer waits 40 ms for its beginning's receipt.
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door


def _listening_beside(host: str, port: int) -> socket.socket:
    """For the archived pages; where the next port is taken, any that is free."""
    try:
        return _listening(host, port)
    except StorageError:
        return _listening(host, 0)


def _serve(
    desk: Desk, settings: WebSettings, origins: Origins, tokens: Tokens, sockets: list[socket.socket],
    told: Callable[[str], None], *, closed: bool,
) -> None:  # fmt: skip
    desk.status()  # what cannot be read is told before anybody asks
    clear_parts(desk.folder)
    runner = Runner(desk)
    site = Site(desk, origins, settings, tokens, Sessions(tokens), runner, _description, closed)
    over = threading.Event()
    keeping_up = threading.Thread(target=_keep_up, args=(desk, over), name="backfile-keep-up", daemon=True)
    app = _ByPort(own_app(site), content_app(site), sockets[1].getsockname()[1])
    config = uvicorn.Config(
        app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False, server_header=False,
        proxy_headers=False, limit_concurrency=256, timeout_keep_alive=15, timeout_graceful_shutdown=int(_GRACE),
        h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip
    server = _Server(config)
    keeping_up.start()
    runner.start()
    told(f"Backfile is at {origins.own}" + ("; Ctrl-C ends it." if not closed else "; whoever comes needs a token."))
    try:
        asyncio.run(server.serve(sockets=sockets))
    finally:
        over.set()
        runner.close()
        keeping_up.join(timeout=_GRACE)


def _description() -> dict[str, Any]:
    from backfile.web.openapi import description  # with all routes, which a first visit does not need

    return description()


def _keep_up(desk: Desk, over: threading.Event) -> None:
    """Lets the index take in what other processes have added."""
    while not over.wait(0):
        try:
            desk.catch_up()
        except (ArchiveError, SearchError) as error:  # the answers say how far behind they are
            _log.warning("the index cannot be brought up to date: %s", error)
        over.wait(_KEEP_UP)


class _ByPort:
    """The site that a connection came in at."""

    def __init__(self, own: App, content: App, content_port: int) -> None:
        self._own = own
        self._content = content
        self._content_port = content_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        server = scope.get("server") or (None, None)
        app = self._content if server[1] == self._content_port else self._own
        await app(scope, receive, send)


class _Server(uvicorn.Server):
    """Ends at SIGINT and SIGTERM with exit code 0: it has done what it was asked to."""

    def handle_exit(self, sig: int, frame: object) -> None:  # noqa: ARG002 - uvicorn's own
        self.should_exit = True
        if sig == signal.SIGINT and self.should_exit:
            self.force_exit = self.force_exit or self._told_before
        self._told_before = True

    _told_before = False
