"""The verbs that read: an article, a version, a capture, and what differs between two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from archive import Which
from backfile.desk.verbs.halves import Halves

if TYPE_CHECKING:
    from archive import Article, Capture, Entry, LinkPiece, Piece, Resource, Shown, Version
    from backfile.desk.results import Comparison


class Reading(Halves):
    """Reads what is kept."""

    def as_it_was(self, ref: str, which: Which, *, names: bool = True) -> Entry:
        """The entry that `ref` means with the text that it had, as `Archive.as_it_was` gives it."""
        return self.archive.as_it_was(ref, which, names=names)

    def named(self, ref: str) -> str:
        """The id of the entry that `ref` means, or of the capture where it is the id of one. NotFoundError."""
        from archive import is_capture_id

        entry = self.find(ref)
        return self.archive.version(entry.id, Which(capture=ref)).capture_id if is_capture_id(ref) else entry.id

    def named_or_hidden(self, ref: str) -> str:
        """The id of the entry that `ref` means, also where it is under embargo. NotFoundError, UsageError."""
        return self.archive.named_or_hidden(ref)

    def page(self, ref: str, which: Which | None = None) -> bytes:
        """The page that the article of `ref` (as it was) was read from, as it was served, byte for byte."""
        return self.archive.payload(self.archive.as_it_was(ref, which or Which(), names=False).capture_id)

    def capture(self, id: str) -> Capture:  # noqa: A002 - the word for it
        """One capture. NotFoundError when there is none of that id."""
        return self.archive.capture(id)

    def payload(self, capture: str) -> bytes:
        """What a capture holds, as it was served, byte for byte. NotFoundError when it holds nothing."""
        return self.archive.payload(capture)

    def sealed(self, capture: str) -> bytes:
        """The page of a capture as one file that is safe to open and to serve: `Archive.self_contained`."""
        return self.archive.self_contained(capture)

    def version(self, ref: str, number: int) -> Article:
        """The article as version `number` (from 1) of the page had it. NotFoundError."""
        return self.archive.article(self.find(ref).id, number)

    def self_contained(self, ref: str, which: Which | None = None) -> bytes:
        """The same page as one file that is safe to open and to serve: `Archive.self_contained`.

        Of the captures of that text, unless one is named, the one with most of what the page is shown with.
        """
        return self.archive.self_contained(self._fullest(ref, which or Which()))

    def resources(self, ref: str, which: Which | None = None) -> list[Resource]:
        """What that page is shown with, and what became of it."""
        return self.archive.resources(self._fullest(ref, which or Which()))

    def fullest(self, entry: Entry) -> str:
        """The capture that shows an article's text with most of what its page is shown with; "" where there is none."""
        return self.archive.fullest_capture(entry)

    def _fullest(self, ref: str, which: Which) -> str:
        from archive import is_capture_id

        entry = self.archive.as_it_was(ref, which, names=False)
        return entry.capture_id if which.capture or is_capture_id(ref) else self.fullest(entry)

    def each(self, ids: Iterable[str]) -> Iterator[Entry]:
        """All that is held on each of these entries, in their order, however many: a few are read at a time."""
        return self.archive.each(ids)

    def snapshot(self) -> AbstractContextManager[None]:
        """Whatever this thread reads of the archive inside is of one moment. Not for hours."""
        return self.archive.snapshot()

    def versions(self, page: str | Entry) -> list[Version]:
        """The texts that the page has carried, oldest first."""
        return self.archive.versions(self._id(page))

    def captures(self, page: str | Entry) -> list[Capture]:
        """Every capture of the page, oldest first."""
        return self.archive.captures(self._id(page))

    def compare(self, ref: str, old: int | str | None = None, new: int | str | None = None) -> Comparison:
        """How version `new` of a page differs from version `old` (default: the last two). NotFoundError.

        Each is a number, a day or moment at which that version stood (`moment`), or the id of a capture.
        """
        from archive import difference
        from backfile.desk.results import Comparison

        entry = self.find(ref)
        first = self._version(entry, old) if old is not None else None
        if new is not None:
            second = self._version(entry, new)
        else:
            last = entry.version if first is None else min(first.version.number + 1, entry.version)
            second = self._version(entry, last)
        if first is None:
            first = self._version(entry, max(1, second.version.number - 1))
        texts = (self.archive.article(entry.id, one.version.number) for one in (first, second))
        captures = first.capture_id, second.capture_id
        return Comparison(entry, first.version, second.version, difference(*texts), captures)

    def compare_links(self, found: Comparison) -> list[LinkPiece]:
        """What became of the links from one version to the other."""
        from archive import link_pieces

        return link_pieces(*(self.archive.article(found.entry.id, one.number) for one in (found.old, found.new)))

    def compare_pages(self, found: Comparison) -> list[Piece]:
        """How the page itself differs, as it was served."""
        from archive import raw_pieces

        return raw_pieces(*map(self.archive.payload, found.captures))

    def _version(self, entry: Entry, named: int | str) -> Shown:
        from archive import is_capture_id, moment

        text = str(named)
        if text.lstrip("-").isdigit() and len(text) < len("2025"):
            which = Which(version=int(text))
        elif is_capture_id(text):
            which = Which(capture=text)
        else:
            which = Which(at=moment(text))
        return self.archive.version(entry.id, which)
