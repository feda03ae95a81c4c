"""Archived bytes, on a site of their own: read by people, run by nobody.

Every way to show what somebody else wrote goes through `archived`. HTML is made harmless here (neutral.py) and, because
what reads it is not the browser that shows it, is sealed by the headers of the site as well (guard.content_headers).
Images and plain text are sent as they are; all else is handed out as a file.
"""

from __future__ import annotations

from archive import Capture, NotFoundError
from backfile.web import neutral
from backfile.web.calls import Sent
from backfile.web.rendering import HTML
from backfile.web.site import Site

_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"})
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_LARGEST = 8 * 2**20  # bytes of a page that is made harmless while somebody waits


def archived(site: Site, capture: str) -> Sent:
    """What a capture holds, fit to be shown. NotFoundError."""
    one = site.desk.capture(capture)
    body = site.desk.payload(one.id)
    if not body:
        raise NotFoundError("this capture holds nothing")
    kind = one.media_type or ""
    if kind in _PAGES and len(body) <= _LARGEST:
        return Sent(neutral.page(body, one.final_url, one.charset, site.origins.own), HTML)
    if kind in _PICTURES:
        return Sent(body, kind)
    if kind == "text/plain":
        return Sent(body.decode(_charset(one), "replace").encode(), "text/plain; charset=utf-8")
    return Sent(body, "application/octet-stream", 200, {"content-disposition": f'attachment; filename="{one.id}.bin"'})


def _charset(one: Capture) -> str:
    try:
        b"".decode(one.charset or "utf-8")
    except (LookupError, ValueError):
        return "utf-8"
    return one.charset or "utf-8"
