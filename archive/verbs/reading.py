"""The verbs that tell what is held: entries, their versions and captures, changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import TYPE_CHECKING

from archive.errors import NotFoundError, UsageError
from archive.forgetting import without_hidden
from archive.history import CURRENT, Which
from archive.model import Article, Capture, Change, Entry, Resource, Version
from archive.verbs.held import Held

if TYPE_CHECKING:
    from archive.history.past import Past
    from archive.history.which import Shown
    from archive.storage import Counts, ShortLink

_PAGE = 500  # entries read at a time
_AT_A_TIME = 50  # entries that are in memory together while many are read


class Reading(Held):
    """Reads without a lock, from any thread."""

    def get(self, id: str) -> Entry | None:  # noqa: A002 - the word for it
        """All that is held on the entry `id`, None when there is none."""
        return self.get_many([id]).get(id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Entry]:
        """All that is held on entries, by id, as of one moment; ids that there are none of are left out.

        One reading of each table for all of them: much less work than `get` for each. They are all in memory at once.
        """
        with self._catalog.snapshot():
            held = without_hidden(self._catalog.get_many(ids), self._catalog)
            return {entry.id: entry for entry in self._shown(held)}

    def glances(self, ids: Iterable[str], *, named: bool) -> dict[str, Entry]:
        """As `get_many`, without what became of links, and unless they are to be `named` without names and topics.

        A page of hits needs no more, and it is half of the work or less.
        """
        with self._catalog.snapshot():
            held = without_hidden(self._catalog.get_many(ids, sources=False, reading=named), self._catalog)
            return {entry.id: entry for entry in (self._shown(held) if named else held)}

    def each(self, ids: Iterable[str]) -> Iterator[Entry]:
        """All that is held on each of these entries, in their order, however many: a few are read at a time."""
        left = iter(ids)
        while some := list(islice(left, _AT_A_TIME)):
            found = self.get_many(some)
            yield from (found[id_] for id_ in some if id_ in found)

    def snapshot(self) -> AbstractContextManager[None]:
        """Whatever this thread reads inside is of one moment. Not for hours: the writer's log grows meanwhile."""
        return self._catalog.snapshot()

    def find(self, ref: str) -> Entry:
        """The entry that `ref` means: an id, the beginning of one, a URL, or the id of a capture.

        Raises NotFoundError or UsageError.
        """
        found = self._catalog.resolve(ref)
        if len(found) > 1:
            raise UsageError(f"{ref} may mean {', '.join(found)}: write more of it")
        entry = self.get(found[0]) if found else None
        if entry is None:
            from archive.urls import veiled

            self._check_shown(*found)
            raise NotFoundError(f"nothing is archived under {veiled(ref)!r}: name an id (or its beginning) or a URL")
        return entry

    def as_it_was(self, ref: str, which: Which = CURRENT, *, names: bool = True) -> Entry:
        """The entry that `ref` means with the text that it had: by default the capture's where `ref` is the id of one.

        NotFoundError also where it had no such text. Without `names` an older text comes without what is understood in
        it, which takes a moment to find.
        """
        entry = self.find(ref)
        past = self._past
        if which.is_current and self._catalog.captures_named(ref):
            which = Which(capture=ref)
        if which.is_current:
            return entry
        (shown,) = self._shown([past.entry(entry, past.shown(entry, which), names=names)])
        return shown

    def as_they_were(self, id: str) -> Iterator[Entry]:  # noqa: A002
        """The entry `id` with each text that it has carried, oldest first; none when there is no such entry."""
        entry = self.get(id)
        for text in self._past.every(entry) if entry else ():
            yield from self._shown([text])

    def version(self, ref: str, which: Which = CURRENT) -> Shown:
        """Which version of the entry that `ref` means that is, and the capture that showed it. NotFoundError."""
        return self._past.shown(self.find(ref), which)

    def entries(self, after: str = "", limit: int = _PAGE) -> Sequence[Entry]:
        """At most `limit` entries in the order they came, from the one behind the id `after` on."""
        found: list[Entry] = []
        while len(found) < limit:  # what is hidden must not make a short page look like the last one
            some = list(self._catalog.entries(after=after or None, limit=limit - len(found)))
            found += without_hidden(some, self._catalog)
            if not some:
                break
            after = some[-1].id
        return self._shown(found)

    def versions(self, id: str) -> list[Version]:  # noqa: A002
        """The texts that the entry has carried, oldest first."""
        self._check_shown(id)
        return self._catalog.versions(id)

    def article(self, id: str, version: int) -> Article:  # noqa: A002
        """The article as the entry's `version` (from 1) had it."""
        self._check_shown(id)
        return self._catalog.article_at(id, version)

    def captures(self, id: str) -> list[Capture]:  # noqa: A002
        """Every capture of the entry, oldest first."""
        self._check_shown(id)
        return self._catalog.captures(id)

    def capture(self, id: str) -> Capture:  # noqa: A002
        """One capture. NotFoundError when there is none of that id."""
        self._check_capture(id)
        return self._catalog.capture(id)

    def payload(self, capture_id: str) -> bytes:
        """The decoded body of a capture, its digest checked. NotFoundError when it has none."""
        self._check_capture(capture_id)
        place = self._catalog.content(capture_id)
        if place is None:
            raise NotFoundError(f"capture {capture_id} has no content")
        return self.vault.reader.payload(place)

    def resources(self, capture_id: str) -> list[Resource]:
        """What the page of a capture is shown with, and what became of it; [] where nothing was asked for."""
        self._check_capture(capture_id)
        return [one.resource for one in self._catalog.resources(capture_id)]

    def self_contained(self, capture_id: str) -> bytes:
        """The page of a capture as one file in UTF-8; what is held of its images, styles and fonts is in it as `data:`.

        Nothing in it runs, asks or sends: it is safe to open from a disk, and to serve. NotFoundError when the capture
        shows nothing, UsageError when that is no page.
        """
        from archive.resources.alone import alone

        self._check_capture(capture_id)
        return alone(self._catalog.capture(capture_id), self._catalog, self.vault.reader)

    def fullest_capture(self, entry: Entry) -> str:
        """Of the captures that show the text of an entry, the one with most of its page's resources, or the first such.

        "" where nothing shows a text.
        """
        if entry.first_captured == entry.last_captured or not entry.capture_id:
            return entry.capture_id
        return self._catalog.fullest_capture(entry.capture_id)

    def short_links(self) -> Iterator[ShortLink]:
        """What every short link stood for that was ever resolved, in the order of their addresses."""
        return self._catalog.short_links()

    def changes(self, since: int, limit: int = _PAGE) -> list[Change]:
        """What changed after position `since`: the newest change of each entry, oldest first, at most `limit`."""
        return self._catalog.changes(since, limit)

    def last_change(self) -> int:
        """The position of the newest change, 0 in an empty archive."""
        return self._catalog.last_seq()

    def log_id(self) -> str:
        """Names the change log: a rebuilt catalog and other rules for names each have a new one, to be read from 0."""
        self._rules.rules()
        return f"{self._catalog.identity}{self._rules.digest}"

    def counts(self) -> Counts:
        """The archive in numbers."""
        return self._catalog.counts()

    @property
    def _past(self) -> Past:
        from archive.history.past import Past

        return Past(self._catalog, self._wiring.understood)

    def _check_capture(self, id: str) -> None:  # noqa: A002
        """NotFoundError where the entry of a capture is under embargo."""
        if self._catalog.hidden():
            self._check_shown(*(entry for _, entry in self._catalog.captures_named(id)))
