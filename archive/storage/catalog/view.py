"""What one transaction sees: the facts that it read, changed by what it has decided; and what it still has to write.

Facts are read for many keys at once (`need`), and one by one only where nobody knew beforehand. Nothing is written
before `flush`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from archive import urls
from archive.model import Capture, Version
from archive.storage.catalog import decide
from archive.storage.catalog.decide import CaptureRow, Decided, EntryRow, Facts, LastNumbers, Latest, Split, VersionRow
from archive.storage.catalog.rows import text
from archive.storage.catalog.tags import cleaned, tag_key
from archive.storage.warc.records import Stored


class Rows(Protocol):
    """What a transaction asks of the rows: the facts of a batch in few questions, and its decisions written at once.

    Tables on SQLite are one make (tables.Tables). Whoever makes another holds it against the contract in the tests.
    """

    def last_numbers(self) -> LastNumbers:
        """The highest numbers in use."""

    def facts(self, keys: Collection[str], ids: Collection[str]) -> Facts:
        """What is held on keys, and on entries by their ids."""

    def known(self, capture_ids: Collection[str]) -> Mapping[str, str]:
        """Those of the captures that are there under an entry, with its id."""

    def article(self, version: int) -> bytes:
        """The stored text of a version, by VersionRow.num."""

    def shown_beside(
        self, entry: int, capture_id: str, at: datetime
    ) -> tuple[datetime | None, tuple[str, datetime] | None]:
        """The captures that showed the page of an entry next before (or at) and next after a time, leaving one out.

        When the one before it was; id and time of the one after it.
        """

    def citing(self, keys: Collection[str]) -> set[str]:
        """Ids of the entries whose current text links to one of the keys."""

    def led_to(self, keys: Collection[str]) -> Mapping[str, tuple[int, str]]:
        """Number and id of the entry that each key leads to, where it leads to one."""

    def tag_forms(self, keys: Collection[str]) -> Mapping[str, str]:
        """How the tags that are in use are written, by what their spellings share (`tags.tag_key`)."""

    def write(self, decided: Decided) -> None:
        """All that was decided. Whatever an entry has goes with it, but for its captures, which then have no entry."""

    def log(self, changed: Mapping[str, bool]) -> None:
        """The newest change of each entry, under new numbers in this order; True where it was deleted."""


class View:
    """The inside of one transaction of `rows`. Everything goes by the numbers of entries and by keys."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._numbers: dict[str, int] = {}  # the highest in use, by what they number
        self._keys: set[str] = set()  # asked for
        self._entries: dict[int, EntryRow] = {}
        self._own: dict[str, int] = {}  # by key
        self._ids: dict[str, int | None] = {}  # None: there is none
        self._led: dict[str, int | None] = {}  # where keys lead; None: nowhere
        self._keys_of: dict[int, set[str]] = defaultdict(set)
        self._latest: dict[str, Latest] = {}
        self._placed: dict[int, str] = {}
        self._versions: dict[int, list[VersionRow]] = defaultdict(list)
        self._articles: dict[int, bytes] = {}
        self._links: dict[int, tuple[str, ...]] = {}
        self._tags: dict[int, frozenset[str]] = {}
        self._forms: dict[str, str] = {}  # by their keys, how tags are written
        self._ended: set[str] = set()  # keys of tags that an entry lost: perhaps nobody has them any more
        self._captures: dict[str, str | None] = {}  # by id, with the id of their entry; None: not catalogued
        self._gone: set[int] = set()
        self._gone_keys: set[str] = set()
        self._decided = Decided()
        self._changed: set[int] = set()  # entries to write
        self._moved: set[str] = set()  # keys to write
        self._retold: dict[int, VersionRow] = {}  # versions to write

    # -- reading -----------------------------------------------------------------------------------------------------

    def need(self, keys: Iterable[str] = (), ids: Iterable[str] = ()) -> None:
        """Reads what is held on keys and on entries, where that is not known yet."""
        new_keys = set(keys) - self._keys
        new_ids = {each for each in ids if each not in self._ids}
        if not new_keys and not new_ids:
            return
        facts = self._rows.facts(new_keys, new_ids)
        self._keys |= new_keys
        self._take(facts)
        for each in new_ids:
            self._ids.setdefault(each, None)
        for key in new_keys:
            self._led.setdefault(key, None)
            self._ids.setdefault(urls.entry_id(key), None)

    def by_id(self, entry_id: str) -> EntryRow | None:
        """The entry with that id."""
        self.need(ids=(entry_id,))
        num = self._ids[entry_id]
        return None if num is None else self._entries[num]

    def entry(self, num: int) -> EntryRow:
        """An entry that was read."""
        return self._entries[num]

    def owner(self, key: str) -> EntryRow | None:
        """The entry with that key."""
        self.need((key,))
        return self._entries.get(self._own.get(key, 0))

    def led_to(self, key: str) -> EntryRow | None:
        """The entry that a key leads to."""
        self.need((key,))
        return self._entries.get(self._led[key] or 0)

    def latest(self, key: str) -> Latest | None:
        """What the latest capture of the URL with that key showed."""
        self.need((key,))
        return self._latest.get(key)

    def placed(self, num: int) -> str:
        """When the newest capture of an entry is placed; "" where it has none."""
        return self._placed.get(num, "")

    def keys_of(self, num: int) -> Collection[str]:
        """The keys that lead to an entry."""
        return self._keys_of[num]

    def versions(self, num: int) -> Sequence[VersionRow]:
        """The versions of an entry, by number."""
        return self._versions[num]

    def article(self, version: int) -> bytes:
        """The stored text of a version."""
        if version not in self._articles:
            self._articles[version] = self._rows.article(version)
        return self._articles[version]

    def links(self, num: int) -> Sequence[str]:
        """The keys that the current text of an entry links to."""
        return self._links.get(num, ())

    def tags(self, num: int) -> frozenset[str]:
        """What a person marked an entry with."""
        return self._tags.get(num, frozenset())

    def as_used(self, tags: Iterable[str]) -> frozenset[str]:
        """The tags as they are written already where they are in use, each once; the others as given."""
        wanted: dict[str, str] = {}
        for tag in map(cleaned, tags):
            if key := tag_key(tag):
                wanted.setdefault(key, tag)
        if not self._ended.isdisjoint(wanted):
            self.flush()
        if unknown := wanted.keys() - self._forms.keys():
            self._forms |= {key: wanted[key] for key in unknown} | dict(self._rows.tag_forms(unknown))
        return frozenset(self._forms[key] for key in wanted)

    def holder(self, capture_id: str) -> str | None:
        """Id of the entry of a capture; None where the capture is not catalogued."""
        self.expect((capture_id,))
        return self._captures[capture_id]

    def expect(self, capture_ids: Collection[str]) -> None:
        """Reads which of the captures are catalogued, where that is not known yet."""
        unknown = [each for each in capture_ids if each not in self._captures]
        if unknown:
            self._captures |= dict.fromkeys(unknown)
            self._captures |= self._rows.known(unknown)

    def is_new(self, capture_id: str) -> None:
        """The capture was stored just now: nobody has catalogued it."""
        self._captures.setdefault(capture_id, None)

    def split(self, whole: VersionRow, new: Version) -> Split:
        """Where a new version, whose capture is put already, divides another one of the same entry."""
        self.flush()
        return decide.split(whole.version, *self._rows.shown_beside(whole.entry, new.capture_id, new.first_seen))

    # -- deciding ----------------------------------------------------------------------------------------------------

    def new_entry(self, key: str, capture: Capture) -> EntryRow:
        """The entry that a capture begins."""
        if key in self._gone_keys:
            self.flush()  # what had this key must be gone before
        entry = decide.new_entry(self._next("entry"), key, capture)
        self.put_entry(entry)
        return entry

    def put_entry(self, entry: EntryRow) -> None:
        """The entry is this from now on."""
        self._entries[entry.num] = entry
        self._own[entry.key] = self._ids[entry.id] = entry.num
        self._changed.add(entry.num)

    def lead(self, key: str, num: int) -> None:
        """The key leads to the entry from now on."""
        self._keys_of[self._led.get(key) or 0].discard(key)
        self._keys_of[num].add(key)
        self._led[key] = num
        self._moved.add(key)

    def put_capture(self, stored: Stored, entry: EntryRow, placed: str) -> None:
        """A capture of the entry, placed then."""
        capture = stored.capture
        self._decided.captures.append(CaptureRow(self._next("capture"), entry.num, placed, stored))
        self._captures[capture.id] = entry.id
        self._placed[entry.num] = max(placed, self.placed(entry.num))
        key, before = text(capture.key), self.latest(text(capture.key))
        if before is None or placed >= before.placed:
            self._latest[key] = decide.as_latest(capture, placed)

    def new_version(self) -> int:
        """A number for a row of versions."""
        return self._next("version")

    def put_versions(self, num: int, rows: Iterable[VersionRow], articles: Mapping[int, bytes]) -> None:
        """These versions of an entry are so from now on. `articles`: the stored texts of those with a new one."""
        now = {row.num: row for row in self._versions[num]} | {row.num: row for row in rows}
        self._retold |= {row.num: row for row in rows}
        self._versions[num] = sorted(now.values(), key=lambda row: row.version.number)
        self._articles |= articles
        self._decided.articles |= articles

    def put_links(self, num: int, keys: tuple[str, ...]) -> None:
        """All that the current text of an entry links to."""
        self._links[num] = self._decided.links[num] = keys

    def put_tags(self, num: int, tags: frozenset[str]) -> None:
        """All that an entry is marked with, written `as_used`."""
        self._ended.update(map(tag_key, self.tags(num) - tags))
        self._tags[num] = self._decided.tags[num] = tags

    def put_short_link(self, key: str, short: str, long: str, at: str) -> None:
        """What a short link stood for."""
        self._decided.short_links.append((key, short, long, at))

    def merge(self, old: EntryRow, entry: EntryRow) -> None:
        """Entry `old` turned out to be `entry`."""
        for key in list(self._keys_of[old.num]):
            self.lead(key, entry.num)
        self._decided.merged.append((old.num, entry.num))
        self._placed[entry.num] = max(self.placed(old.num), self.placed(entry.num))
        self._captures = {each: entry.id if held == old.id else held for each, held in self._captures.items()}
        if tags := self.tags(old.num) - self.tags(entry.num):
            self.put_tags(entry.num, tags | self.tags(entry.num))
        self.put_entry(decide.merged(entry, old))
        self.remove(old)

    def remove(self, entry: EntryRow) -> None:
        """The entry goes, with all that it has but its captures."""
        num = entry.num
        self._read_numbers()  # while it still counts: what comes after it must not be taken for it
        if num in self._changed:
            self._decided.entries.append(entry)  # its captures refer to it until it goes
            self._changed.discard(num)
        for key in self._keys_of.pop(num, ()):
            self._led[key] = None
            self._moved.discard(key)
        del self._entries[num], self._own[entry.key]
        self._ids[entry.id] = None
        self._ended.update(map(tag_key, self.tags(num)))
        self._captures = {each: None if held == entry.id else held for each, held in self._captures.items()}
        self._gone.add(num)
        self._gone_keys.add(entry.key)
        self._decided.removed.append(num)

    def flush(self) -> None:
        """Writes what was decided since the last time."""
        decided = self._decided
        decided.entries += [self._entries[num] for num in sorted(self._changed)]
        decided.aliases = [(key, num) for key in sorted(self._moved) if (num := self._led[key])]
        decided.versions = [self._retold[num] for num in sorted(self._retold)]
        self._rows.write(decided)
        self._decided = Decided()
        for key in self._ended:
            self._forms.pop(key, None)
        for each in (self._ended, self._changed, self._moved, self._retold, self._gone_keys):
            each.clear()

    # -- inside --------------------------------------------------------------------------------------------------

    def _next(self, what: str) -> int:
        """The next number of an entry, a capture or a version: one process writes, so none is given twice."""
        self._read_numbers()
        self._numbers[what] += 1
        return self._numbers[what]

    def _read_numbers(self) -> None:
        if not self._numbers:
            last = self._rows.last_numbers()
            self._numbers = {"entry": last.entry, "capture": last.capture, "version": last.version}

    def _take(self, facts: Facts) -> None:
        """Facts that were read just now; where something was decided on them before, that counts."""
        rows = {row.num: row for row in facts.entries if row.num not in self._entries and row.num not in self._gone}
        self._entries |= rows
        self._own |= {row.key: row.num for row in rows.values()}
        self._ids |= {row.id: row.num for row in rows.values()}
        for key, num in facts.aliases:
            if num not in self._gone and self._led.setdefault(key, num) == num:
                self._keys_of[num].add(key)
        self._latest = dict(facts.latest) | self._latest
        self._placed = dict(facts.placed) | self._placed
        self._articles = dict(facts.articles) | self._articles
        for version in facts.versions:
            if version.entry in rows:
                self._versions[version.entry].append(version)
        self._links |= _gathered(facts.links, rows)
        self._tags |= {num: frozenset(tags) for num, tags in _gathered(facts.tags, rows).items()}


def _gathered(pairs: Iterable[tuple[int, str]], wanted: Collection[int]) -> dict[int, tuple[str, ...]]:
    """What belongs to each of the wanted numbers, in the order given."""
    found: dict[int, list[str]] = defaultdict(list)
    for num, value in pairs:
        if num in wanted:
            found[num].append(value)
    return {num: tuple(values) for num, values in found.items()}
