"""From a URL to an open connection: `connect_to`, name resolution, the gate, TCP and TLS, all within one deadline.

The address that is connected to is the very one that was vetted; nothing resolves a name a second time. Proxies named
in the environment are never used: behind one, nobody could say which address is asked.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import h11

from archive.config import FetchSettings
from archive.errors import SettingsError
from archive.fetch.addresses import Address, Gate, Lookup, RefusedAddressError, is_address
from archive.fetch.certificates import shown_by
from archive.fetch.wire import Connection, Deadline
from archive.model import Outcome
from archive.urls import Url

_TARGET = re.compile(r"(\*|[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})\Z")
_ONE_ADDRESS = 10.0  # seconds for one of several addresses, so that a dead one does not use up the time of all


class NoConnectionError(Exception):
    """No connection came about; `outcome` and str() say what was observed. `address` was tried last."""

    def __init__(self, outcome: Outcome, detail: str, *, address: str | None = None) -> None:
        self.outcome = outcome
        self.address = address
        super().__init__(detail)


class Connector:
    """Opens connections for one Fetcher. Thread-safe."""

    def __init__(self, settings: FetchSettings, lookup: Lookup | None = None) -> None:
        self._gate = Gate(settings.allow_addresses)
        self._lookup = lookup
        self._max_headers = settings.max_headers
        self._verify = settings.verify_tls
        self._ca_bundle = settings.ca_bundle
        self._routes = _routes(settings.connect_to)
        self._context: ssl.SSLContext | None = None
        self._context_lock = threading.Lock()
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._sockets_lock = threading.Lock()
        self._aborted = False
        if self._ca_bundle:
            self._tls()  # a wrong bundle is a wrong setting: say so before the first page

    def open(self, url: Url, deadline: Deadline) -> Connection:
        """A connection to the server of `url`. Raises NoConnectionError and nothing else."""
        host, port = self._routed(url)
        last = NoConnectionError(Outcome.FAILED, f"{host} has no address")
        addresses = self._vetted(host, port, deadline)
        for number, address in enumerate(addresses, 1):
            try:
                return self._open_one(url, address, port, deadline, alone=number == len(addresses))
            except NoConnectionError as error:
                last = error
        raise last

    def abort(self) -> None:
        """End every connection there is; threads that wait on one go on at once, and no new ones are made."""
        with self._sockets_lock:
            self._aborted = True
            sockets = list(self._sockets)
        for sock in sockets:
            with suppress(OSError):  # closed already
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own, which is not for two threads

    def _watch(self, sock: socket.socket) -> None:
        with self._sockets_lock:
            if self._aborted:
                raise ConnectionAbortedError("stopped")
            self._sockets.add(sock)

    def _routed(self, url: Url) -> tuple[str, int]:
        """Where to connect: the URL's own host and port, unless `connect_to` says otherwise."""
        exact = self._routes.get((url.host, url.port))
        if exact is not None:
            return exact
        local = is_address(url.host) or url.host == "localhost" or url.host.endswith(".localhost")
        return (url.host, url.port) if local else self._routes.get(("*", url.port), (url.host, url.port))

    def _vetted(self, host: str, port: int, deadline: Deadline) -> tuple[Address, ...]:
        try:
            return self._gate.resolve(host, port, timeout=deadline.left(), lookup=self._lookup)
        except RefusedAddressError as error:
            raise NoConnectionError(Outcome.REFUSED, str(error)) from error
        except TimeoutError as error:
            raise NoConnectionError(Outcome.TIMED_OUT, f"{host} could not be resolved in time") from error
        except (OSError, UnicodeError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise NoConnectionError(Outcome.FAILED, f"the name {host} does not resolve ({reason})") from error

    def _open_one(self, url: Url, address: Address, port: int, deadline: Deadline, *, alone: bool) -> Connection:
        peer = f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
        sock = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._watch(sock)
            until = deadline if alone else deadline.no_later_than(_ONE_ADDRESS)
            sock.settimeout(until.left())
            sock.connect((str(address), port))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if url.scheme == "https":
                sock = self._wrap(sock, url, until)
        except BaseException as error:
            sock.close()
            if isinstance(error, (OSError, ValueError)):
                raise _no_connection(error, url, peer) from error
            raise
        verified = self._verify if url.scheme == "https" else None
        protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=self._max_headers)
        shown = shown_by(sock) if isinstance(sock, ssl.SSLSocket) else None
        return Connection(sock, peer, verified, protocol, certificate=shown)

    def _wrap(self, sock: socket.socket, url: Url, until: Deadline) -> ssl.SSLSocket:
        wrapped = self._tls().wrap_socket(sock, server_hostname=url.host, do_handshake_on_connect=False)
        try:
            self._watch(wrapped)
            wrapped.settimeout(until.left())
            wrapped.do_handshake()
        except BaseException:
            wrapped.close()  # wrapping took the descriptor over
            raise
        return wrapped

    def _tls(self) -> ssl.SSLContext:
        with self._context_lock:
            if self._context is None:
                self._context = _tls_context(self._ca_bundle, verify=self._verify)
            return self._context


def _tls_context(ca_bundle: str, *, verify: bool) -> ssl.SSLContext:
    """The system's roots, or `ca_bundle` instead of them; certifi's where the system has none."""
    if ca_bundle:
        try:
            context = ssl.create_default_context(cafile=str(Path(ca_bundle).expanduser()))
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"no certificates can be read from {ca_bundle!r} ({error})", file="backfile.toml", key="fetch.ca_bundle"
            ) from error
    else:
        context = ssl.create_default_context()
        paths = ssl.get_default_verify_paths()
        if not context.cert_store_stats()["x509_ca"] and not paths.capath:
            import certifi

            context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _routes(connect_to: Mapping[str, str]) -> dict[tuple[str, int], tuple[str, int]]:
    """`connect_to` of the settings. "*:443" as a source stands for every name (not address) without an own entry."""
    routes = {}
    for source, target in connect_to.items():
        ends = []
        for text in (source, target):
            match = _TARGET.match(text)
            if match is None or (text is target and match[1] == "*") or not 0 < int(match[2]) < 65536:
                raise SettingsError(
                    f'{text!r} is not "host:port"', file="backfile.toml", key=f'fetch.connect_to."{source}"'
                )
            ends.append((match[1].strip("[]").lower(), int(match[2])))
        routes[ends[0]] = ends[1]
    return routes


def _no_connection(error: OSError | ValueError, url: Url, peer: str) -> NoConnectionError:
    if isinstance(error, TimeoutError):
        return NoConnectionError(Outcome.TIMED_OUT, f"no connection to {url.host} in time", address=peer)
    if isinstance(error, ssl.SSLCertVerificationError):
        detail = f"the certificate of {url.host} is not valid: {error.verify_message}"
    elif isinstance(error, ssl.SSLError):
        detail = f"no TLS connection to {url.host} ({error.reason or error.strerror or 'handshake failed'})"
    elif isinstance(error, ConnectionRefusedError):
        detail = f"{url.host} refused the connection"
    elif isinstance(error, OSError):
        detail = f"no connection to {url.host} ({error.strerror or type(error).__name__})"
    else:
        detail = f"no connection to {url.host} ({error})"
    return NoConnectionError(Outcome.FAILED, detail, address=peer)
