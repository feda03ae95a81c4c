"""Writing the catalog: one transaction with everything a batch changes, and one change-log row per entry it touched.

Decides nothing about content (same, noise or new is the caller's); keeps identity in order: which entry a URL belongs
to, and what other entries show differently because of it. What becomes of each row is decided in decide.py, seen in
view.py, and written when the batch ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from archive import urls
from archive.errors import NotFoundError
from archive.model import Article, Capture, Edit, Reading, Version
from archive.storage.acts import ActKind
from archive.storage.catalog import decide, editing, rows
from archive.storage.catalog.decide import Cited, EntryRow, Lead, VersionRow
from archive.storage.catalog.forget import ForgottenTable
from archive.storage.catalog.jobs import JobTable
from archive.storage.catalog.tags import without
from archive.storage.catalog.view import Rows, View
from archive.storage.catalog.watches import WatchTable
from archive.storage.warc.records import Act, Body, Stored

Text = tuple[Version, Article]


@dataclass(frozen=True, slots=True)
class Around:
    """The texts that an entry carried before and after a capture; `after` None: the capture is the newest.

    They are one and the same version where the page was seen with that text on both sides.
    """

    before: Text | None = None
    after: Text | None = None


class Names(Protocol):
    """What the names in the texts come to over the archive (names.NameTable)."""

    def put(self, num: int, reading: Reading, site: str) -> None:
        """What entry `num`, a text of `site`, mentions from now on."""

    def forget(self, num: int) -> None:
        """Entry `num` mentions nothing any more."""

    def finish(self) -> None:
        """Writes it, settles what the names stand for, and logs who shows other names; the entries are written."""


class Files(Protocol):
    """How far each WARC file is catalogued, and where its payloads are."""

    def committed(self, names: Collection[str]) -> Mapping[str, int]:
        """How far files are catalogued; those that nothing is known of are left out."""

    def commit_lengths(self, lengths: Mapping[str, int], stretches: Iterable[tuple[str, int, int, bytes]]) -> None:
        """How far they are from now on, and digests of what was added: file, start, stop, SHA-256."""

    def body(self, digest: str) -> Body | None:
        """The stored payload with this WARC digest ("sha256:…")."""

    def keep_bodies(self, bodies: Iterable[Body]) -> None:
        """Payloads that stay as those of other captures than the ones that stored them."""


class CatalogWriter:
    """The inside of one transaction; get it from `Catalog.write()` or `Store.rows`, use it in one thread.

    `jobs` and `watches` are their tables in the same transaction; they do not see what the others have not written yet.
    """

    def __init__(self, rows: Rows, files: Files, names: Names, jobs: JobTable, watches: WatchTable,
        forgotten: ForgottenTable,
    ) -> None:  # fmt: skip
        self._rows = rows
        self._files = files
        self._names = names
        self._view = View(rows)
        self.jobs = jobs
        self.watches = watches
        self.forgotten = forgotten
        self._changed: dict[str, bool] = {}  # entry id → deleted?
        self._touched: set[str] = set()  # keys: whoever links to one shows something else
        self._cited: dict[int, Cited] = {}
        self.catalogued: set[str] = set()  # ids of the captures put here
        self.applied: dict[int, Act] = {}  # acts done here, by their identity

    # -- what is about to come -------------------------------------------------------------------------------------

    def expect(self, keys: Iterable[str] = (), captures: Collection[str] = ()) -> None:
        """Reads at once what is held on the URLs, and the captures, that are about to be put. Only ever saves time."""
        self._view.need(map(rows.text, keys))
        self._view.expect(captures)

    def is_new(self, capture_id: str) -> None:
        """The capture was stored just now."""
        self._view.is_new(capture_id)

    # -- captures and entries ------------------------------------------------------------------------------------

    def put_capture(self, stored: Stored, entry_key: str, aliases: Iterable[str] = ()) -> str:
        """Catalogues a capture under the entry with `entry_key` (made if need be) and says the entry's id.

        `entry_key`: the key of the final URL when the chain ended in content, else that of the URL asked for.
        `aliases`: keys of all hops. When the capture has content, each leads to this entry from now on, and an entry
        without any text that had one of them as its own is merged into this one (and logged as deleted). Without
        content it goes to the entry that `entry_key` led to before, if there is one, and moves no alias.
        Cataloguing the same capture twice changes nothing.
        """
        capture, view = stored.capture, self._view
        self.catalogued.add(capture.id)
        known = view.holder(capture.id)
        if known is not None:
            return known
        keys = [rows.text(key) for key in dict.fromkeys((entry_key, capture.key, *aliases))]
        view.need(keys)
        entry = self._entry_for(capture, keys[0])
        latest = view.latest(rows.text(capture.key))
        placed = decide.placed(capture, view.placed(entry.num), latest.placed if latest else "")
        if decide.shows_otherwise(latest, decide.as_latest(capture, placed)):
            self._touched.add(rows.text(capture.key))
        view.put_capture(stored, entry, placed)
        if capture.outcome.has_content:
            for key in keys:
                self._lead(key, entry.num, placed)
        return entry.id

    def has(self, entry_id: str) -> bool:
        """Whether there is such an entry, as this transaction leaves it."""
        return self._view.by_id(entry_id) is not None

    def around(self, entry_id: str, capture: Capture) -> Around:
        """The texts that the entry carried before and after `capture`, as this transaction leaves them."""
        entry = self._view.by_id(entry_id)
        if entry is None:
            return Around()
        before, after = decide.around(self._view.versions(entry.num), capture)
        first = self._text(before)
        return Around(first, first if after is before else self._text(after))

    def put_version(
        self, entry_id: str, version: Version, article: Article, reading: Reading, link_keys: Sequence[str]
    ) -> None:
        """Makes `version` the current text of the entry. `link_keys`: the key of each of `article.links`, in order.

        A version with a number that is there already is replaced (as when it was read again by a better reader).
        """
        entry, view = self._entry(entry_id), self._view
        version = decide.as_stored(version)
        before = next((row for row in view.versions(entry.num) if row.version.number == version.number), None)
        row = VersionRow(before.num if before else view.new_version(), entry.num, version)
        if before:
            row = replace(row, version=decide.read_again(before.version, version))
        view.put_versions(entry.num, [row], {row.num: rows.squeeze(article)})
        shown = decide.with_edits(entry, version.title, rows.edits(entry.edits))
        view.put_entry(decide.showing(shown, version, view.versions(entry.num)))
        self._put_links(entry.num, tuple(map(rows.text, link_keys)), retitled=entry.title != shown.title)
        self._names.put(entry.num, reading, rows.text(article.site))
        self._changed[entry_id] = False

    def insert_version(
        self, entry_id: str, around: Around, version: Version, article: Article, behind: Version
    ) -> None:
        """Stores a text older than the current one. `behind`: the version after it, as it differs from the new one."""
        entry, view = self._entry(entry_id), self._view
        assert around.after is not None
        held = view.versions(entry.num)
        apart = None
        if around.before is around.after:
            whole = next(row for row in held if row.version.number == behind.number)
            apart = view.split(whole, version)
        changed, second = decide.inserted(held, version.number, decide.as_stored(behind), apart)
        new = [VersionRow(view.new_version(), entry.num, decide.as_stored(version))]
        articles = {new[0].num: rows.squeeze(article)}
        if second is not None:
            new.append(VersionRow(view.new_version(), entry.num, second))
            articles[new[1].num] = rows.squeeze(around.after[1])
        view.put_versions(entry.num, [*changed, *new], articles)
        versions = view.versions(entry.num)
        view.put_entry(decide.showing(self._entry(entry_id), versions[-1].version, versions))
        self._changed[entry_id] = False

    def touch_version(self, entry_id: str, number: int, capture: Capture) -> None:
        """`capture` shows the text of a version that is there."""
        entry = self._entry(entry_id)
        for row in self._view.versions(entry.num):
            if row.version.number == number:
                self._view.put_versions(entry.num, [replace(row, version=decide.seen(row.version, capture))], {})
        self._changed[entry_id] = False

    def delete_entry(self, entry_id: str) -> bool:
        """Takes the entry out (its captures' rows and bytes stay). False when there is none."""
        entry = self._view.by_id(entry_id)
        if entry is None:
            return False
        self._touched.update(self._view.keys_of(entry.num))
        self._put_links(entry.num, (), retitled=False)
        self._names.forget(entry.num)
        self._view.remove(entry)
        self._changed[entry_id] = True
        return True

    # -- acts of a person ----------------------------------------------------------------------------------------

    def apply(self, act: Act) -> bool:
        """Does what a journaled act says; False when its entry is not there (any more). Doing it twice is harmless."""
        self.applied[id(act)] = act
        if act.kind is ActKind.SHORT_LINK:
            self.put_short_link(act.subject, act.values[0], act.at)
            return True
        if act.kind in (ActKind.WATCH, ActKind.UNWATCH, ActKind.SEARCH):
            return self.watches.apply(act)
        if act.kind is ActKind.FORGET:
            self.delete_entry(act.subject)
            self._files.keep_bodies(act.bodies)
            return self.forgotten.put(act)
        if act.kind is ActKind.DELETE:
            return self.delete_entry(act.subject)
        if act.kind in (ActKind.HIDE, ActKind.SHOW):
            return self._embargo(act)
        if act.kind in (ActKind.EDIT, ActKind.UNEDIT):
            return self._edit(act)
        return self._mark(act)

    def _embargo(self, act: Act) -> bool:
        """Hides an entry, or shows it again. False when there is no such entry."""
        if act.kind is ActKind.HIDE and self._view.by_id(act.subject) is not None:
            self.forgotten.hide(act)
        elif act.kind is ActKind.SHOW:
            self.forgotten.show(act.subject)
        return self._shows_otherwise(act.subject)

    def _shows_otherwise(self, entry_id: str) -> bool:
        """The entry is shown, or not, and so are whoever cites it and whatever it cites. False when there is none."""
        entry = self._view.by_id(entry_id)
        if entry is None:
            return False
        self._put_links(entry.num, tuple(self._view.links(entry.num)), retitled=True)
        self._changed[entry_id] = False
        return True

    def _mark(self, act: Act) -> bool:
        """Tags and notes."""
        if act.kind is ActKind.TAGS:
            return self.set_tags(act.subject, act.values)
        if act.kind in (ActKind.TAG, ActKind.UNTAG):
            return self.change_tags(act.subject, act.values, remove=act.kind is ActKind.UNTAG)
        return self.set_note(act.subject, act.values[0] if act.values else "")

    def marks(self, entry_id: str) -> tuple[frozenset[str], str]:
        """The tags and the note of an entry, as this transaction leaves them; none where there is no such entry."""
        entry = self._view.by_id(entry_id)
        return (self._view.tags(entry.num), entry.note) if entry else (frozenset(), "")

    def set_tags(self, entry_id: str, tags: Iterable[str]) -> bool:
        """The entry has exactly these tags from now on. False when there is no such entry."""
        entry = self._view.by_id(entry_id)
        if entry is None:
            return False
        self._view.put_tags(entry.num, self._view.as_used(map(rows.text, tags)))
        self._changed[entry_id] = False
        return True

    def change_tags(self, entry_id: str, tags: Iterable[str], *, remove: bool = False) -> bool:
        """The entry has, or with `remove` has no longer, these tags. False when there is no such entry."""
        has, change = self.marks(entry_id)[0], list(map(rows.text, tags))
        return self.set_tags(entry_id, without(has, change) if remove else [*sorted(has), *change])

    def set_note(self, entry_id: str, note: str) -> bool:
        """Sets, or with "" removes, the entry's note. False when there is no such entry."""
        entry = self._view.by_id(entry_id)
        if entry is None:
            return False
        self._view.put_entry(replace(entry, note=rows.text(note)))
        self._changed[entry_id] = False
        return True

    def _edit(self, act: Act) -> bool:
        """Lays an edit over what was read of an entry, or takes some back. False when there is no such entry."""
        entry = self._view.by_id(act.subject)
        if entry is None:
            return False
        edits = rows.edits(entry.edits)
        if act.kind is ActKind.EDIT:
            edits = editing.with_edit(edits, Edit(act.at, act.by, editing.read(act.values)))
        else:
            edits = editing.without(edits, act.values)
        versions = (row.version for row in self._view.versions(entry.num))
        title = next((version.title for version in versions if version.number == entry.version), "")
        shown = decide.with_edits(entry, title, edits)
        self._view.put_entry(shown)
        if shown.title != entry.title:
            self._put_links(entry.num, tuple(self._view.links(entry.num)), retitled=True)
        self._changed[entry.id] = False
        return True

    def put_short_link(self, short: str, long: str, at: datetime) -> None:
        """Keeps for good that `short` stood for `long`."""
        key = urls.key(short)
        self._view.put_short_link(key, rows.text(short), rows.text(long), rows.time_text(at))
        self._touched.add(key)

    # -- for Store -----------------------------------------------------------------------------------------------

    def body(self, digest: str) -> Body | None:
        """The stored payload with this WARC digest ("sha256:…"), as of the last batch that was written."""
        return self._files.body(digest)

    def put_committed(self, lengths: Mapping[str, int], sha256: Callable[[str, int, int], bytes]) -> None:
        """Notes how far each WARC file is catalogued; `sha256(file, start, stop)` is the digest of those bytes."""
        known = self._files.committed(lengths)
        longer = {name: length for name, length in lengths.items() if length > known.get(name, 0)}
        stretches = [
            (name, start, length, sha256(name, start, length))
            for name, length in longer.items()
            for start in [known.get(name, 0)]
        ]
        self._files.commit_lengths(longer, stretches)

    def finish(self) -> None:
        """Writes all of it, settles names, and appends the change log; the last act of a transaction."""
        self._view.flush()
        self._names.finish()
        self._log()

    # -- inside --------------------------------------------------------------------------------------------------

    def _entry(self, entry_id: str) -> EntryRow:
        entry = self._view.by_id(entry_id)
        if entry is None:
            raise NotFoundError(f"there is no entry {entry_id}")
        return entry

    def _text(self, row: VersionRow | None) -> Text | None:
        return (row.version, rows.article(self._view.article(row.num))) if row else None

    def _entry_for(self, capture: Capture, key: str) -> EntryRow:
        """The entry a capture belongs to, brought up to date with it, or a new one."""
        before = self._view.owner(key) if capture.outcome.has_content else self._view.led_to(key)
        if before is None:
            entry = self._view.new_entry(key, capture)
            self._changed[entry.id] = False
            self._lead(key, entry.num, rows.time_text(capture.at))
            return entry
        older = decide.is_older(capture, self._view.placed(before.num))
        entry = decide.captured_again(before, capture, older=older)
        self._view.put_entry(entry)
        self._changed[entry.id] = False
        if decide.entry_shows_otherwise(before, capture, older=older):
            self._touch_citing(entry.num)
        return entry

    def _lead(self, key: str, num: int, placed: str) -> None:
        """Lets `key` lead to entry `num`, unless it is the own key of another entry that has a text, or leads to
        another one since after `placed`.
        """
        view, holder = self._view, self._view.led_to(key)
        latest = view.latest(key)
        became = decide.lead(key, num, holder, since=latest.placed if latest else "", placed=placed)
        if became in (Lead.THERE, Lead.STAYS):
            return
        if became is Lead.TAKEN and holder:
            self._touch_citing(holder.num)
            self._changed[holder.id] = False  # those who cite `key` cite it no longer
        if became is Lead.MERGED and holder:
            view.merge(holder, view.entry(num))
            self.forgotten.is_now(holder.id, view.entry(num).id)
            self._changed[holder.id] = True
        elif became is not Lead.OWNED:
            view.lead(key, num)
        self._touch_citing(num)

    def _touch_citing(self, num: int) -> None:
        """Entries that cite this one show something else now."""
        self._touched.update(self._view.keys_of(num))

    def _put_links(self, num: int, keys: tuple[str, ...], *, retitled: bool) -> None:
        """What the entry links to. `retitled`: others show its title, those that cite it and those that it cites."""
        before = tuple(self._view.links(num))
        cited = self._cited.setdefault(num, Cited(before))
        cited.after, cited.all = keys, cited.all or retitled
        if before != keys:
            self._view.put_links(num, keys)
        if retitled:
            self._touch_citing(num)

    def _log(self) -> None:
        """The change log: the entries that were changed, and those that show something else of them."""
        shown = self._rows.citing(self._touched) if self._touched else set()
        keys = {key for cited in self._cited.values() for key in (*cited.before, *cited.after)}
        led = self._rows.led_to(keys) if keys else {}
        for num, cited in self._cited.items():
            shown |= {entry_id for other, entry_id in cited.shown(led) if other != num}
        self._rows.log(self._changed | {each: self._changed.get(each, False) for each in sorted(shown)})
