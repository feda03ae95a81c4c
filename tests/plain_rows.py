"""The rows of a catalog in plain Python: what any make of `view.Rows` must do, with nothing in it but dictionaries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from archive.errors import NotFoundError
from archive.model import Change, Reading
from archive.storage.catalog import rows
from archive.storage.catalog.decide import (
    CaptureRow,
    Decided,
    EntryRow,
    Facts,
    LastNumbers,
    Latest,
    VersionRow,
    as_latest,
)
from archive.storage.catalog.tags import tag_key
from archive.storage.warc.records import Body


class PlainRows:
    """See `archive.storage.catalog.view.Rows` and `writing.Files`."""

    def __init__(self) -> None:
        self.entries: dict[int, EntryRow] = {}
        self.captures: dict[str, CaptureRow] = {}  # `entry` 0: without one
        self.aliases: dict[str, int] = {}
        self.versions: dict[int, VersionRow] = {}
        self.articles: dict[int, bytes] = {}
        self.links: dict[int, tuple[str, ...]] = {}
        self.tags: dict[int, frozenset[str]] = {}
        self.short_links: dict[str, tuple[str, str, str]] = {}
        self.bodies: dict[str, Body] = {}
        self.lengths: dict[str, int] = {}
        self.stretches: list[tuple[str, int, int, bytes]] = []
        self.changes: dict[str, Change] = {}
        self._seq = 0

    def last_numbers(self) -> LastNumbers:
        captures = (row.seq for row in self.captures.values())
        return LastNumbers(max(self.entries, default=0), max(captures, default=0), max(self.versions, default=0))

    def facts(self, keys: Collection[str], ids: Collection[str]) -> Facts:
        led = {key: self.aliases[key] for key in keys if key in self.aliases}
        nums = {row.num for row in self.entries.values() if row.key in keys or row.id in ids or row.num in led.values()}
        versions = [row for row in self.versions.values() if row.entry in nums]
        current = {(num, self.entries[num].version) for num in nums}
        return Facts(
            [self.entries[num] for num in nums],
            [(key, num) for key, num in self.aliases.items() if key in led or num in nums],
            [(key, latest) for key in keys if (latest := self._latest(key))],
            [(num, max(placed)) for num in nums if (placed := [row.placed for row in self._captures_of(num)])],
            sorted(versions, key=lambda row: (row.entry, row.version.number)),
            [(row.num, self.articles[row.num]) for row in versions if (row.entry, row.version.number) in current],
            [(num, key) for num in nums for key in self.links.get(num, ())],
            [(num, tag) for num in nums for tag in self.tags.get(num, ())],
        )

    def known(self, capture_ids: Collection[str]) -> dict[str, str]:
        found = {each: self.captures[each].entry for each in capture_ids if each in self.captures}
        return {each: self.entries[num].id for each, num in found.items() if num}

    def article(self, version: int) -> bytes:
        if version not in self.articles:
            raise NotFoundError(f"there is no version of number {version}")
        return self.articles[version]

    def shown_beside(
        self, entry: int, capture_id: str, at: datetime
    ) -> tuple[datetime | None, tuple[str, datetime] | None]:
        shown = [
            row
            for row in self._captures_of(entry)
            if row.stored.capture.id != capture_id and row.stored.capture.outcome.has_content
        ]
        before = [row.stored.capture for row in shown if row.placed <= rows.time_text(at)]
        after = [row.stored.capture for row in shown if row.placed > rows.time_text(at)]
        return (before[-1].at if before else None), ((after[0].id, after[0].at) if after else None)

    def citing(self, keys: Collection[str]) -> set[str]:
        return {self.entries[num].id for num, links in self.links.items() if set(links) & set(keys)}

    def led_to(self, keys: Collection[str]) -> dict[str, tuple[int, str]]:
        return {key: (self.aliases[key], self.entries[self.aliases[key]].id) for key in keys if key in self.aliases}

    def tag_forms(self, keys: Collection[str]) -> dict[str, str]:
        used = {tag_key(tag): tag for tags in self.tags.values() for tag in tags}
        return {key: used[key] for key in keys if key in used}

    def write(self, decided: Decided) -> None:
        self.entries |= {row.num: row for row in decided.entries}
        for row in decided.captures:
            self.captures[row.stored.capture.id] = row
            for body in row.stored.bodies:
                self.bodies.setdefault(body.digest, body)
        self.aliases |= dict(decided.aliases)
        self.versions |= {row.num: row for row in decided.versions}
        self.articles |= decided.articles
        self.links |= decided.links
        self.tags |= decided.tags
        self.short_links |= {key: (short, long, at) for key, short, long, at in decided.short_links}
        for old, new in decided.merged:
            self._hand_over(old, new)
        for num in decided.removed:
            self._remove(num)

    def log(self, changed: Mapping[str, bool]) -> None:
        for entry_id, deleted in changed.items():
            self._seq += 1
            self.changes[entry_id] = Change(self._seq, entry_id, deleted)

    def committed(self, names: Collection[str]) -> dict[str, int]:
        return {name: self.lengths[name] for name in names if name in self.lengths}

    def commit_lengths(self, lengths: Mapping[str, int], stretches: Iterable[tuple[str, int, int, bytes]]) -> None:
        self.lengths |= lengths
        self.stretches += stretches

    def body(self, digest: str) -> Body | None:
        return self.bodies.get(digest)

    def keep_bodies(self, bodies: Iterable[Body]) -> None:
        self.bodies |= {body.digest: body for body in bodies}

    # -- inside --------------------------------------------------------------------------------------------------

    def _captures_of(self, num: int) -> list[CaptureRow]:
        found = [row for row in self.captures.values() if row.entry == num]
        return sorted(found, key=lambda row: (row.placed, row.seq))

    def _latest(self, key: str) -> Latest | None:
        found = [row for row in self.captures.values() if row.stored.capture.key == key]
        last = max(found, key=lambda row: (row.placed, row.seq), default=None)
        return as_latest(last.stored.capture, last.placed) if last else None

    def _hand_over(self, old: int, new: int) -> None:
        for capture_id, row in self.captures.items():
            if row.entry == old:
                self.captures[capture_id] = replace(row, entry=new)

    def _remove(self, num: int) -> None:
        del self.entries[num]
        self._hand_over(num, 0)
        self.aliases = {key: held for key, held in self.aliases.items() if held != num}
        for version in [each for each, row in self.versions.items() if row.entry == num]:
            del self.versions[version], self.articles[version]
        self.links.pop(num, None)
        self.tags.pop(num, None)


class PlainNames:
    """What each entry mentions (writing.Names), uncounted."""

    def __init__(self) -> None:
        self.told: dict[int, tuple[str, Reading]] = {}

    def put(self, num: int, reading: Reading, site: str) -> None:
        self.told[num] = site, reading

    def forget(self, num: int) -> None:
        self.told.pop(num, None)

    def finish(self) -> None: ...
