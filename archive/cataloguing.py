"""A stored capture and what was read in it → catalog rows: which entry, which version, which links.

Adding, recovering after a crash and rebuilding all come through here, so that the catalog says the same whichever way
it was made. One object serves one transaction: captures in it may follow one another on the same page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.model import Article, Capture, Method, Outcome, Version
from archive.reading import Read
from archive.storage.catalog_write import CatalogWriter
from archive.storage.records import Stored
from archive.urls import entry_id, identity, site_of
from archive.versions import Decision, compare, removed, text_digest


@dataclass(frozen=True, slots=True)
class Catalogued:
    """Where a capture ended up; `capture` has the outcome that reading it gave."""

    entry_id: str
    capture: Capture
    title: str
    new_version: bool


class Cataloguing:
    """The inside of one transaction of `writer`."""

    def __init__(self, writer: CatalogWriter) -> None:
        self._writer = writer

    def put(self, stored: Stored, read: Read | None) -> Catalogued:
        """Catalogue one capture. `read` is None where there was nothing to read."""
        capture = _judged(stored.capture, read)
        key = identity(capture.final_url) if capture.outcome.has_content else capture.key
        before = self._writer.current(entry_id(key))
        article = read.article if read else None
        comparison = compare(before[1] if before else None, article) if article else None
        if comparison and comparison.decision is not Decision.NEW and capture.outcome is Outcome.OK:
            capture = replace(capture, outcome=Outcome.UNCHANGED, detail="the text is the same as before")
        aliases = [identity(hop.url) for hop in capture.hops] if capture.outcome.has_content else []
        entry = self._writer.put_capture(replace(stored, capture=capture), key, aliases)
        self._keep_short_link(capture)
        new = comparison is not None and comparison.decision is Decision.NEW
        if read and article and comparison and new:
            version = _version(before, capture, article, comparison.changes)
            self._writer.put_version(entry, version, article, read.reading, [identity(x.url) for x in article.links])
            before = version, article
        elif before and capture.outcome.has_content:
            self._writer.touch_version(entry, capture.at)
        return Catalogued(entry, capture, before[1].title if before else "", new)

    def _keep_short_link(self, capture: Capture) -> None:
        """A chain that left its host is kept for good: the host that knows where it leads may be gone tomorrow."""
        left = site_of(capture.url) != site_of(capture.final_url)
        if capture.method is Method.FETCH and len(capture.hops) > 1 and left:
            self._writer.put_short_link(capture.url, capture.final_url, capture.at)


def _judged(capture: Capture, read: Read | None) -> Capture:
    """The capture with the outcome that reading its page gave."""
    if read is None:
        return capture
    if read.outcome is not Outcome.OK:
        capture = replace(capture, outcome=read.outcome, detail=read.detail)
    return replace(capture, media_type=read.media_type)


def _version(
    before: tuple[Version, Article] | None, capture: Capture, article: Article, changes: frozenset[str]
) -> Version:
    number = before[0].number + 1 if before else 1
    dropped = tuple(removed(before[1], article)) if before else ()
    return Version(number, capture.id, capture.at, capture.at, article.title, text_digest(article), changes, dropped)
