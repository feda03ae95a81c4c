"""Archived bytes, on a site of their own: read by people, run by nobody.

Every way to show what somebody else wrote goes through `archived`. A page is the one file that the archive makes of it,
in which nothing runs, asks or sends, and, because what made it is not the browser that shows it, is sealed by the
headers of the site as well (guard.content_headers). Images are sent as they are; all else is handed out as a file.
"""

from __future__ import annotations

from archive import NotFoundError
from backfile.web.calls import Sent
from backfile.web.leading import led
from backfile.web.rendering import HTML
from backfile.web.site import Site

_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"})
_PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})


def archived(site: Site, capture: str) -> Sent:
    """What a capture holds, fit to be shown. NotFoundError."""
    one = site.desk.capture(capture)
    kind = one.media_type or ""
    if not one.size:
        raise NotFoundError("this capture holds nothing")
    if kind in _PAGES:
        return Sent(led(site.desk.sealed(one.id), one.final_url, site.origins.own), HTML)
    body = site.desk.payload(one.id)
    if kind in _PICTURES:
        return Sent(body, kind)
    return Sent(body, "application/octet-stream", 200, {"content-disposition": f'attachment; filename="{one.id}.bin"'})
