"""Lines of a CDXJ index: which URL was captured when, and where its record stands (pure).

`com,example)/path?query 20250131120000 {"url": …, "mime": …, "status": …, "digest": …, "length", "offset", "filename"}`
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from archive.storage.warc.http import entity_body, media_type, parse_response
from archive.storage.warc.reader import Record
from archive.storage.warc.records import digest

_PORTS = {"http": 80, "https": 443}
_WWW = re.compile(r"^www\d*\.")


def line(record: Record, offset: int, length: int, filename: str) -> str | None:
    """The line for a record of `length` bytes at `offset` of `filename`; None: it is not indexed."""
    url = record.field("warc-target-uri")
    if record.kind not in ("response", "revisit", "resource") or not url:
        return None
    stamp = re.sub(r"\D", "", record.field("warc-date") or "")[:14]
    facts = {"url": url, **_described(record), "length": str(length), "offset": str(offset), "filename": filename}
    return f"{surt(url)} {stamp} {json.dumps(facts)}\n"


def surt(url: str) -> str:
    """The URL with its host back to front, without what seldom tells pages apart: scheme, www, case, order of query."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.lower()
    if not parts.hostname:
        return url.lower()
    host = ",".join(reversed(_WWW.sub("", parts.hostname).split(".")))
    shown = f":{port}" if port and port != _PORTS.get(parts.scheme) else ""
    path = parts.path.rstrip("/") or "/"
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{host}{shown}){path}{'?' + query if query else ''}".lower().replace(" ", "%20")


def _described(record: Record) -> dict[str, str]:
    if record.kind == "resource":
        served = media_type(record.field("content-type"))[0] or "unk"
        return {"mime": served, "status": "200", "digest": record.field("warc-payload-digest") or digest(record.block)}
    message = parse_response(record.block)
    status = {"status": str(message.status)} if message else {}
    if record.kind == "revisit":
        return {"mime": "warc/revisit", **status, "digest": record.field("warc-payload-digest") or ""}
    kind = media_type(message.header("content-type"))[0] if message else None
    body = entity_body(message) if message else record.block
    return {"mime": kind or "unk", **status, "digest": record.field("warc-payload-digest") or digest(body)}
