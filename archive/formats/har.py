"""HAR files, the network log of a browser (http://www.softwareishard.com/blog/har-12-spec/): the pages that it showed.

A page whose body is in the log is a capture of its moment, with the redirects that led to it; it is read as a record of
a WARC file with such a response is. A page without one is an address. What was loaded into pages (frames, data, styles,
pictures) is counted, not taken.

A log holds what signs its user in. So nothing of a request is kept, of a response only the headers in `_KEPT`, and of
what is rejected only the address.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping

from archive.formats.item import Item, Reject
from archive.formats.json_values import Bad, Value, array_values
from archive.formats.moments import instant, lost_dates
from archive.formats.opening import ImportFile
from archive.formats.records import address, plain
from archive.formats.warc_records import ForeignRecord
from archive.formats.warcs import PAGES, Reading
from archive.storage.warc.http import media_type

_ENTRIES = re.compile(r'"entries"\s*:\s*\[')
# What tells what a body is and how old. Codings and lengths are those of the bytes on the wire, which a log has not.
_KEPT = frozenset(
    "age cache-control content-disposition content-language content-location date expires last-modified link"
    " memento-datetime refresh retry-after server vary x-robots-tag".split()
)
_MAX_HEADER = 8_192  # characters


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The pages in a network log, as they were shown or else as addresses."""
    log = _Log(source)
    for found in array_values(source, _ENTRIES):
        yield from log.entry(found)
    yield from log.reading.rest()


class _Log:
    """What is remembered of the entries so far."""

    def __init__(self, source: ImportFile) -> None:
        self.reading = Reading(source)
        self._source = source
        self._shown: set[str] = set()  # ids of the pages whose document has come

    def entry(self, found: Value | Bad) -> Iterator[Item | Reject]:
        """What one exchange of the log is."""
        entry = found.value if isinstance(found, Value) else None
        request, response = (_object(entry, name) for name in ("request", "response"))
        url = plain(request.get("url"))
        if not isinstance(entry, Mapping) or not url:
            yield Reject(
                self._source.origin(found.number), "an entry without the address that was asked for", lost=True
            )
        elif not self._is_page(entry, request, response, url):
            kind, _ = media_type(plain(_object(response, "content").get("mimeType")))
            self.reading.left_out[kind or "of no type"] += 1
        else:
            yield from self._page(found.number, entry, response, url)

    def _is_page(
        self, entry: Mapping[str, object], request: Mapping[str, object], response: Mapping[str, object], url: str
    ) -> bool:
        """Whether it is what the browser showed, or a redirect to that, and not something in a page."""
        if plain(request.get("method")).upper() not in ("GET", "") or not url.lower().startswith(("http:", "https:")):
            return False
        kind, _ = media_type(
            plain(_object(response, "content").get("mimeType")) or _headers(response).get("content-type")
        )
        goes_on = bool(_location(response))
        if not goes_on and kind is not None and kind not in PAGES and kind != "x-unknown":
            return False
        asked_as = _headers(request).get("sec-fetch-dest") or plain(entry.get("_resourceType"))
        if asked_as and asked_as != "document":
            return False
        page = plain(entry.get("pageref"))
        is_first = not page or page not in self._shown
        if not goes_on:
            self._shown.add(page)
        return is_first or "sec-fetch-dest" in _headers(request)  # which tells a frame from a page

    def _page(
        self, number: int, entry: Mapping[str, object], response: Mapping[str, object], url: str
    ) -> Iterator[Item | Reject]:
        started = plain(entry.get("startedDateTime"))
        status, location = response.get("status"), _location(response)
        try:
            url = address(url)
            body, charset = self._body(_object(response, "content"))
        except ValueError as error:
            yield Reject(self._source.origin(number), str(error), url, lost=True)
            return
        at, origin, remarks = instant(started), self._source.origin(number), lost_dates(("startedDateTime", started))
        if not body and not location:
            yield Item(url, origin, added=at, remarks=remarks)
        elif not isinstance(status, int) or not 200 <= status < 600:
            yield Reject(origin, f"its status is {status!r}", url, lost=True)
        elif status == 304 or at is None:  # an earlier answer was shown, whose head is not here; or nobody knows when
            kind, _ = media_type(plain(_object(response, "content").get("mimeType")))
            yield Item(url, origin, payload=body, media_type=kind or "", charset=charset, captured=at, remarks=remarks)
        else:
            fields = {
                "warc-type": "response", "warc-target-uri": url, "warc-date": started,
                "warc-ip-address": plain(entry.get("serverIPAddress")).strip("[]"),
                "warc-truncated": "length" if _is_cut(response, body) else "",
            }  # fmt: skip
            block = _message(response, status, location, charset) + (b"" if location else body)
            yield from self.reading.record(ForeignRecord(number, fields, block))

    def _body(self, content: Mapping[str, object]) -> tuple[bytes, str | None]:
        """The body without codings, and the charset where it is text that somebody has decoded. ValueError."""
        text, file = content.get("text"), plain(content.get("_file"))
        if isinstance(text, str) and content.get("encoding") == "base64":
            try:
                return base64.b64decode("".join(text.split()), validate=True), None
            except binascii.Error as error:
                raise ValueError(f"its body is not the base64 that it says it is: {error}") from error
        if isinstance(text, str):
            return text.encode("utf-8", "replace"), "utf-8"
        return (self._source.beside(file) or b"" if file else b""), None  # how Playwright writes them


def _message(response: Mapping[str, object], status: int, location: str, charset: str | None) -> bytes:
    """The head of a response, of what may be kept of it."""
    given = _headers(response)
    kind = given.get("content-type") or plain(_object(response, "content").get("mimeType"))
    if charset:
        kind = f"{media_type(kind)[0] or 'text/html'}; charset={charset}"
    kept = {
        "content-type": kind, "location": location, **{name: given[name] for name in given if name in _KEPT}
    }  # fmt: skip
    lines = [f"HTTP/1.1 {status} {plain(response.get('statusText'))}".rstrip()]
    lines += [f"{name.title()}: {value}" for name, value in kept.items() if value]
    return "".join(" ".join(line[:_MAX_HEADER].split()) + "\r\n" for line in [*lines, ""]).encode("utf-8", "replace")


def _headers(message: Mapping[str, object]) -> dict[str, str]:
    """Headers by their names in lower case; of several with one name the first."""
    found: dict[str, str] = {}
    listed = message.get("headers")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, Mapping):
            found.setdefault(plain(one.get("name")).lower(), plain(one.get("value")))
    return found


def _location(response: Mapping[str, object]) -> str:
    """Where a response redirects to, "" for one that does not."""
    status = response.get("status")
    if not isinstance(status, int) or not 300 <= status < 400:
        return ""
    return plain(response.get("redirectURL")) or _headers(response).get("location", "")


def _is_cut(response: Mapping[str, object], body: bytes) -> bool:
    """Whether the log has less of the body than it says there was. (Text was counted in other bytes.)"""
    content = _object(response, "content")
    size = content.get("size")
    return content.get("encoding") == "base64" and isinstance(size, int) and len(body) < size


def _object(holder: object, name: str) -> Mapping[str, object]:
    inner = holder.get(name) if isinstance(holder, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}
