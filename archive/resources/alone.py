"""A capture as one file: its page, and what is held of what it is shown with."""

from __future__ import annotations

from datetime import UTC
from html import escape

from archive.errors import DamagedError, NotFoundError, UsageError
from archive.extraction.decode import decode
from archive.model import Capture
from archive.resources.neutral import Body, self_contained
from archive.storage import Catalog, Place, StoredResource
from archive.storage.warc.reader import RecordReader

_HTML = frozenset(("text/html", "application/xhtml+xml"))


def alone(capture: Capture, catalog: Catalog, reader: RecordReader) -> bytes:
    """The page of a capture as a file in UTF-8 that asks nobody for anything.

    NotFoundError where the capture shows nothing, UsageError where that is no page and no text.
    """
    place = catalog.content(capture.id)
    if place is None:
        raise NotFoundError(f"capture {capture.id} has no content")
    markup = decode(reader.payload(place), capture.charset)
    kind = capture.media_type or "text/html"
    if kind == "text/plain":
        markup = f"<pre>{escape(markup, quote=False)}</pre>"
    elif kind not in _HTML:
        raise UsageError(f"it is {kind}, which is one file already: `show ID --html` gives it as it was served")
    facts = {
        "archived-from": capture.final_url,
        "archived-at": capture.at.astimezone(UTC).isoformat(timespec="seconds"),
    }
    held = _Held(catalog.resources(capture.id), reader)
    return self_contained(markup, capture.final_url, held, facts=facts).encode("utf-8", "replace")


class _Held:
    """The resources of one capture, by every address that the page may have for them."""

    def __init__(self, resources: list[StoredResource], reader: RecordReader) -> None:
        self._reader = reader
        self._places: dict[str, tuple[StoredResource, Place]] = {}
        for one in resources:
            if one.place is not None:
                self._places[one.resource.url] = one, one.place
        for one, place in list(self._places.values()):
            if one.resource.instead_of:
                self._places.setdefault(one.resource.instead_of, (one, place))

    def __call__(self, url: str) -> Body | None:
        found = self._places.get(url)
        if found is None:
            return None
        try:
            payload = self._reader.payload(found[1])
        except DamagedError:
            return None  # `verify` names the record; the rest of the page is shown
        return Body(payload, found[0].resource.media_type, found[0].resource.charset)
