"""A stored capture and what was read in it → catalog rows: which entry, which version, which links.

Adding, recovering after a crash and rebuilding all come through here, so that the catalog says the same whichever way
it was made. One object serves one transaction: captures in it may follow one another on the same page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from archive.model import Article, Capture, Method, Outcome, Version
from archive.reading import Read
from archive.storage.catalog.writing import Around, CatalogWriter, Text
from archive.storage.warc.records import Stored
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

    def expect(self, urls: Iterable[str], captures: Collection[str] = ()) -> None:
        """Captures that pass through these URLs, and those with these ids, are about to be put.

        What is held on them is read at once instead of one by one; nothing else depends on it.
        """
        self._writer.expect(map(identity, urls), captures)

    def put(self, stored: Stored, read: Read | None) -> Catalogued:
        """Catalogue one capture. `read` is None where there was nothing to read."""
        capture = _judged(stored.capture, read)
        key = identity(capture.final_url) if capture.outcome.has_content else capture.key
        around = self._writer.around(entry_id(key), capture)
        article = read.article if read else None
        shown, changes = _compared(around, article) if article else (around.before, None)
        if article and changes is None and capture.outcome is Outcome.OK:
            capture = replace(capture, outcome=Outcome.UNCHANGED, detail="the text is the same as before")
        aliases = [identity(hop.url) for hop in capture.hops] if capture.outcome.has_content else []
        entry = self._writer.put_capture(replace(stored, capture=capture), key, aliases)
        self._keep_short_link(capture)
        if read and article and changes is not None:
            version = _version(around.before, capture, article, changes)
            if around.after is None:
                links = [identity(link.url) for link in article.links]
                self._writer.put_version(entry, version, article, read.reading, links)
            else:
                self._writer.insert_version(entry, around, version, article, _behind(around.after, article))
            return Catalogued(entry, capture, article.title, new_version=True)
        if shown and capture.outcome.has_content:
            self._writer.touch_version(entry, shown[0].number, capture)
        return Catalogued(entry, capture, shown[1].title if shown else "", new_version=False)

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


def _compared(around: Around, article: Article) -> tuple[Text | None, frozenset[str] | None]:
    """The version that carries the text of `article`, or what it changed where it is a version of its own."""
    comparison = compare(around.before[1] if around.before else None, article)
    if comparison.decision is not Decision.NEW:
        return around.before, None
    if around.after and compare(article, around.after[1]).decision is not Decision.NEW:
        return around.after, None
    return None, comparison.changes


def _version(before: Text | None, capture: Capture, article: Article, changes: frozenset[str]) -> Version:
    number = before[0].number + 1 if before else 1
    dropped = tuple(removed(before[1], article)) if before else ()
    return Version(number, capture.id, capture.at, capture.at, article.title, text_digest(article), changes, dropped)


def _behind(after: Text, article: Article) -> Version:
    """A version as it differs from `article`, which turned out to be the one before it."""
    return replace(after[0], changes=compare(article, after[1]).changes, removed=tuple(removed(article, after[1])))
