"""What a source holds, in groups that are stored together: what makes two rows the same, and what is stored of each.

Pure but for the reading that a group's pages are given to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from archive.formats import Item, Reject
from archive.importing import converting
from archive.importing.decide import is_teaser
from archive.model import Fetched
from archive.pipeline import page_of as page_of_fetched
from archive.reading import Read, Reader
from archive.storage import Saved
from archive.storage.warc.records import digest
from archive.urls import identity

GROUP = 64  # items committed together
GROUP_BYTES = 2**24  # or as many as have this much content


@dataclass(slots=True)
class Ready:
    """An item on its way into the archive; `read` is what its content says, once that is known."""

    found: Item | Reject
    digest: str  # of the bytes that are stored of it, "" where there are none
    key: str
    stored_as: Saved | Fetched | None = None
    read: Future[Read] | None = None

    @property
    def has_content(self) -> bool:
        """Whether there is something in it to read."""
        return isinstance(self.found, Item) and self.found.has_content and not self.found.leans

    @property
    def leans(self) -> bool:
        """Whether it marks or repeats what must be in the archive first."""
        return isinstance(self.found, Item) and self.found.leans

    @property
    def size(self) -> int:
        item = self.found
        if isinstance(item, Reject):
            return 0
        own = len(item.payload) + len(item.text) + len(item.html) + sum(len(x.received) for x in item.exchanges)
        return own + sum(brought.size for brought in item.resources)

    @property
    def capture(self) -> tuple[str, datetime, str] | None:
        """Key, moment and digest of the capture that it is; None where it is none, or at no known time."""
        found, what = self.found, self.stored_as
        if what is None or isinstance(found, Reject):
            return None
        if isinstance(what, Saved):
            return (identity(found.url), what.at, self.digest) if found.captured else None
        return identity(found.url), what.exchanges[0].started, self.digest

    def begin(self, reader: Reader) -> None:
        """Settle what is stored of it, and have that read."""
        assert isinstance(self.found, Item)
        if self.found.exchanges:
            self.stored_as = converting.fetched(self.found)
            shown = self.found.shown
            page = converting.page_of(shown) if shown else page_of_fetched(self.stored_as)
        else:
            self.stored_as = converting.saved(self.found, datetime.now(UTC))
            self.digest = self.digest or digest(self.stored_as.payload)  # of a page made of a text
            page = converting.page_of(self.stored_as)
        self.read = reader.submit(page) if page else None


def grouped(found: Iterable[Item | Reject]) -> Iterator[list[Ready]]:
    """What a source holds, in groups; what leans on others stands in a later one than they."""
    group: list[Ready] = []
    size = 0
    for each in found:
        content = content_digest(each)
        ready = Ready(each, content, key_of(each, content))
        if ready.leans and group and not group[-1].leans:
            yield group
            group, size = [], 0
        group.append(ready)
        size += ready.size
        if len(group) >= GROUP or size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def content_digest(found: Item | Reject) -> str:
    """Of the bytes that came with an item, also of an answer without any; "" where nothing came."""
    if isinstance(found, Reject) or not (found.exchanges or found.payload):
        return ""
    if found.shown is not None:
        return digest(found.shown.payload)
    return digest(found.exchanges[-1].payload if found.exchanges else found.payload)


def key_of(found: Item | Reject, content: str) -> str:
    """What makes a row of a source the same as another: its page; with a text, its page and that; with other content,
    its page, time and that.

    `content` is the row's `content_digest`.
    """
    if isinstance(found, Reject):
        return f"reject {found.origin.file} {found.origin.line} {_digest(found.reason, found.raw)}"
    if found.only_marks:
        marks = _digest(*found.tags, found.note, *map(str, (*found.short_links, *found.edits)))
        return f"marks {identity(found.url)} {marks}"
    if not found.exchanges and not found.payload:
        is_text = bool(found.text) and not found.html and not is_teaser(found)
        return f"{identity(found.url)} {_digest(found.text)}" if is_text else identity(found.url)
    at = found.captured.isoformat() if found.captured else ""
    if found.exchanges and not found.exchanges[-1].payload:
        content = digest(found.exchanges[-1].received)
    return f"{identity(found.url)} {at} {content}"


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
