"""A stored capture and what was read in it → catalog rows: which entry, which version, which links.

Adding, recovering after a crash and rebuilding all come through here, so that the catalog says the same whichever way
it was made. One object serves one transaction: captures in it may follow one another on the same page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from archive.model import Article, Capture, Method, News, Outcome, Stated, Version
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
    news: News


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
        if read and read.article and stored.capture.stated is not None:
            read = replace(read, article=_with_stated(read.article, stored.capture.stated))
        capture = judged(stored.capture, read)
        key = identity(capture.final_url) if capture.outcome.has_content else capture.key
        becomes = decided(capture, read, self._writer.around(entry_id(key), capture))
        capture, known = becomes.capture, self._writer.has(entry_id(key))
        aliases = [identity(hop.url) for hop in capture.hops] if capture.outcome.has_content else []
        if capture is not stored.capture:
            stored = replace(stored, capture=capture)
        entry = self._writer.put_capture(stored, key, aliases)
        self._keep_short_link(capture)
        self._keep_text(entry, becomes, read)
        news = news_of(becomes, known=known)
        return Catalogued(entry, capture, becomes.title, new_version=becomes.version is not None, news=news)

    def _keep_text(self, entry: str, becomes: Decided, read: Read | None) -> None:
        if becomes.version is None:
            if becomes.seen is not None:
                self._writer.touch_version(entry, becomes.seen, becomes.capture)
            return
        assert read is not None
        assert read.article is not None
        if becomes.behind is None:
            links = [identity(link.url) for link in read.article.links]
            self._writer.put_version(entry, becomes.version, read.article, read.reading, links)
        else:
            self._writer.insert_version(entry, becomes.around, becomes.version, read.article, becomes.behind)

    def _keep_short_link(self, capture: Capture) -> None:
        """A chain that left its host is kept for good: the host that knows where it leads may be gone tomorrow."""
        left = site_of(capture.url) != site_of(capture.final_url)
        if capture.method is Method.FETCH and len(capture.hops) > 1 and left:
            self._writer.put_short_link(capture.url, capture.final_url, capture.at)


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of a capture: it shows version number `seen` again, or is `version` of its own, or has no text.

    `capture` has the outcome that follows; `around` is where it stands. `behind` is the version after a new one, as it
    differs from it; None: the new one is the newest. `title` is that of the text it shows.
    """

    capture: Capture
    around: Around
    title: str = ""
    seen: int | None = None
    version: Version | None = None
    behind: Version | None = None


def news_of(becomes: Decided, *, known: bool) -> News:
    """What a capture brought; `known`: the archive had an entry for the page."""
    if becomes.version is not None:
        first = becomes.around.before is None and becomes.behind is None
        return News.NEW if first else News.CHANGED
    if becomes.capture.outcome is Outcome.NOT_TEXT:
        return News.UNCHANGED if known else News.NEW
    return News.UNCHANGED if becomes.capture.outcome.has_content else News.NOTHING


def judged(capture: Capture, read: Read | None) -> Capture:
    """The capture with the outcome that reading its page gave."""
    if read is None:
        return capture
    if read.outcome is not Outcome.OK:
        capture = replace(capture, outcome=read.outcome, detail=read.detail)
    return capture if capture.media_type == read.media_type else replace(capture, media_type=read.media_type)


def decided(capture: Capture, read: Read | None, around: Around) -> Decided:
    """What becomes of a capture that stands between the texts of `around`."""
    article = read.article if read else None
    if article is None:
        return _shown(capture, around, around.before)
    since = compare(around.before[1] if around.before else None, article)
    same = around.before if since.decision is not Decision.NEW else None
    until = compare(article, around.after[1]) if around.after and same is None else None
    if until and until.decision is not Decision.NEW:
        same = around.after
    if same is not None:
        if capture.outcome is Outcome.OK:
            capture = replace(capture, outcome=Outcome.UNCHANGED, detail="the text is the same as before")
        return _shown(capture, around, same)
    version = _version(around.before, capture, article, since.changes)
    behind = None
    if around.after and until:
        dropped = tuple(removed(article, around.after[1]))
        behind = replace(around.after[0], changes=until.changes, removed=dropped)
    return Decided(capture, around, article.title, version=version, behind=behind)


def _shown(capture: Capture, around: Around, text: Text | None) -> Decided:
    """The capture shows a text that is held, if it shows anything."""
    seen = text[0].number if text and capture.outcome.has_content else None
    return Decided(capture, around, text[1].title if text else "", seen)


def _version(before: Text | None, capture: Capture, article: Article, changes: frozenset[str]) -> Version:
    number = before[0].number + 1 if before else 1
    dropped = tuple(removed(before[1], article)) if before else ()
    return Version(number, capture.id, capture.at, capture.at, article.title, text_digest(article), changes, dropped)


def _with_stated(article: Article, stated: Stated) -> Article:
    """The article with the title and the day that the list which named it states, where it has none itself."""
    rules = dict(article.rules)
    if not article.title and stated.title:
        article, rules["title"] = replace(article, title=stated.title), "stated"
    if article.published_on is None and stated.published_on is not None:
        article = replace(article, published=stated.published, published_on=stated.published_on)
        rules["published"] = "stated"
    return replace(article, rules=rules)
