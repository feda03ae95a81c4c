"""One POST to an address that a person set, through the same gate as every fetch. Redirects are not followed."""

from __future__ import annotations

import h11

from archive.config import FetchSettings
from archive.fetch.addresses import Lookup
from archive.fetch.connect import Connector
from archive.fetch.wire import Deadline, Limits, Reply, exchange
from archive.urls import Url

_MAX_REPLY = 2**20  # bytes; nobody reads more than the status of it


def post(
    url: Url, body: bytes, headers: list[tuple[str, str]], settings: FetchSettings, lookup: Lookup | None = None
) -> Reply:
    """Send `body` to `url` within `settings.timeout` seconds. Raises NoConnectionError; the reply may hold a fault."""
    connector = Connector(settings, lookup)
    deadline = Deadline.after(settings.timeout)
    connection = connector.open(url, deadline)
    try:
        own = [("Host", url.authority), ("User-Agent", settings.user_agent), ("Content-Length", str(len(body)))]
        request = h11.Request(method="POST", target=url.target, headers=[*own, *headers, ("Connection", "close")])
        parts = [connection.protocol.send(event) for event in (request, h11.Data(data=body), h11.EndOfMessage())]
        sent = b"".join(part for part in parts if part)
        limits = Limits(min(settings.first_byte_timeout, settings.timeout), settings.max_headers, _MAX_REPLY)
        return exchange(connection, sent, limits, deadline)
    finally:
        connection.close()
