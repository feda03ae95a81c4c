"""Batches on their way to an engine: groups of copies are settled first, then each document says which it is in.

A batch also brings the documents of articles that came earlier and whose group has changed. Groups are the connected
parts of "is a copy of", whatever the order in which texts come: an index that grew and a new one have the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import lru_cache
from itertools import chain

from archive import Entry
from index.copies.alike import Reading, are_copies
from index.copies.sketch import Hashes, bands_of, digest_of, words_of
from index.copies.table import CopyTable, Member, Text
from index.engines import Batch
from index.fields import Document, document
from index.follow import Followed, some_at_a_time
from index.settling import COPIES, term_of
from index.values import site

FLAG = "copy"
_READINGS = 256  # texts that are remembered: those of a batch are compared with each other above all
_TRIED = 6  # members of one group that a text is compared with, those most like it first
_SETTLED_ANEW = 200  # members of a group that is taken apart when one goes: larger ones stay as they are


def marked(batches: Iterable[Batch], table: CopyTable, source: Followed, position: int) -> Iterator[Batch]:
    """The batches for an engine that stands at `position`, which `table` has come to as well, or beyond."""
    late = table.stale(position)
    for batch in batches:
        with table.commit(batch.position):
            settling = _Settling(table, source)
            settling.take(batch)
            changed = settling.changed | set(late)
            table.make_stale(changed, batch.position)
        late = []
        yield _with_groups(batch, changed, table, source)


def _with_groups(batch: Batch, changed: Iterable[str], table: CopyTable, source: Followed) -> Batch:
    here = {one.id for one in batch.documents} | set(batch.deleted)
    more = source.get_many(ids := sorted(set(changed) - here))
    documents = [*batch.documents, *(document(more[id_]) for id_ in ids if id_ in more)]
    known = table.known([one.id for one in documents])
    names = {text.group for text in known.values() if text.group}
    groups = {name: table.group(name) for name in names}  # once for each: one group may have most of a batch
    return replace(
        batch,
        documents=[
            _marked(one, text.group, is_copy=groups[text.group].first.id != one.id)
            if (text := known.get(one.id)) and text.group
            else one
            for one in documents
        ],
    )


def _marked(one: Document, group: str, *, is_copy: bool) -> Document:
    terms = {**one.terms, COPIES: (term_of(group),)}
    facets = {**one.facets, COPIES: (group,)}
    if is_copy:
        terms["is"] = facets["is"] = tuple(dict.fromkeys((*one.terms.get("is", ()), FLAG)))
    return replace(one, terms=terms, facets=facets)


class _Settling:
    """One batch. `changed` are the entries whose group, or whose place in it, is another one than before."""

    def __init__(self, table: CopyTable, source: Followed) -> None:
        self._table = table
        self._source = source
        self._texts: dict[str, str] = {}  # of this batch
        self._reading = lru_cache(maxsize=_READINGS)(self._read)
        self._before: dict[str, tuple[str, ...]] = {}  # the members of each group that was touched, as they stood
        self.changed: set[str] = set()

    def take(self, batch: Batch) -> None:
        """Take in what it brings and takes away."""
        texts = {one.id: _text(one) for one in batch.documents}
        known = self._table.known([*texts, *batch.deleted])
        new = {id_: words for id_, text in texts.items() if not self._is_known(words := words_of(text), known.get(id_))}
        # The others may have come out at another time, as their pages say now.
        self._table.tell(self._members([id_ for id_ in texts if id_ not in new and known[id_].group]))
        gone = [id_ for id_ in (*batch.deleted, *new) if id_ in known]
        fresh = {id_: (digest_of(words), bands_of(words)) for id_, words in new.items() if len(words)}
        self._texts = {id_: texts[id_] for id_ in fresh}
        left = {group for id_ in gone if (group := known[id_].group)}
        for group in left:
            self._touch(group)
        self._table.drop(gone)
        bands = self._handed_on({known[id_].digest for id_ in gone})
        again = self._taken_apart(left, set(gone))
        bands += self._added(fresh)
        self._join(self._table.near(bands))
        self._rejoin(again)
        self._note()

    def _is_known(self, words: Hashes, text: Text | None) -> bool:
        """Whether an article has the words that it had."""
        if text is None or text.digest != digest_of(words):
            return False
        if text.group:
            self._touch(text.group)
        return True

    def _added(self, fresh: Mapping[str, tuple[bytes, Sequence[int]]]) -> list[tuple[int, int]]:
        """The bands of new texts, of which those with the same words as another one have none, and are in its group."""
        twins = {digest: text.id for digest, text in self._table.twins([one for one, _ in fresh.values()]).items()}
        same = {id_: twin for id_, (digest, _) in fresh.items() if (twin := twins.setdefault(digest, id_)) != id_}
        rows = [(id_, digest, () if id_ in same else keys) for id_, (digest, keys) in fresh.items()]
        numbers = self._table.add(rows)
        for one, twin in same.items():
            self._unite(one, twin, self._groups((one, twin)))
        return [(band, num) for num, (_, _, keys) in zip(numbers, rows, strict=True) for band in keys]

    def _handed_on(self, digests: Iterable[bytes]) -> list[tuple[int, int]]:
        """Bands of texts that went, for another one with the same words; one that is about to change does not count."""
        bands = []
        for digest in sorted(digests):
            for text in self._table.with_digest(digest):
                entry = self._source.get(text.id)
                words = words_of(entry.article.text if entry and entry.article else "")
                if digest_of(words) == digest:
                    bands += [(band, text.num) for band in bands_of(words)]
                    break
        self._table.band(bands)
        return bands

    # -- joining ---------------------------------------------------------------------------------------------------

    def _join(self, near: Sequence[tuple[int, int]]) -> None:
        """Each text with the groups of those before it that it is a copy of; `near` has those most like it first."""
        rows = dict(self._table.by_number(sorted(set(chain.from_iterable(near)))))
        tried: dict[tuple[str, str], int] = {}
        for num, other in near:
            if num not in rows or other not in rows:
                continue  # of a text that is not there any more
            one, two = rows[num], rows[other]
            groups = self._groups((one.id, two.id))
            mine, theirs = groups[one.id] or one.id, groups[two.id] or two.id
            pair = (one.id, theirs)
            if mine == theirs or tried.get(pair, 0) >= _TRIED:
                continue
            tried[pair] = tried.get(pair, 0) + 1
            if are_copies(self._reading(one.id), self._reading(two.id)):
                self._unite(one.id, two.id, groups)

    def _groups(self, ids: Sequence[str]) -> dict[str, str | None]:
        return {id_: text.group for id_, text in self._table.known(ids).items()}

    def _unite(self, one: str, other: str, groups: Mapping[str, str | None]) -> None:
        names = [group for id_ in (one, other) if (group := groups[id_])]
        name = min(*names, one, other) if names else min(one, other)
        for group in (name, *names):
            self._touch(group)
        for group in names:
            if group != name:
                self._table.rename(group, name)
        self._table.put_in((one, other), name)

    def _read(self, id_: str) -> Reading:
        if id_ in self._texts:
            return Reading.of(self._texts[id_])
        entry = self._source.get(id_)
        return Reading.of(entry.article.text if entry and entry.article else "")

    # -- leaving ---------------------------------------------------------------------------------------------------

    def _taken_apart(self, groups: Iterable[str], gone: set[str]) -> list[list[str]]:
        """Groups that lost a member, as lists of their members, each of which is in none for now."""
        parts = []
        for group in groups:
            rest = [id_ for id_ in self._before[group] if id_ not in gone]
            if len(rest) <= _SETTLED_ANEW:
                self._table.take_out(rest)
                parts.append(rest)
            elif group not in rest:
                self._touch(min(rest))
                self._table.rename(group, min(rest))
        return parts

    def _rejoin(self, parts: Iterable[list[str]]) -> None:
        """What is left of groups, compared anew, each with each."""
        for rest in parts:
            for place, one in enumerate(rest):
                for other in rest[:place]:
                    groups = self._groups((one, other))
                    apart = len(groups) == 2 and (groups[one] is None or groups[one] != groups[other])
                    if apart and are_copies(self._reading(one), self._reading(other)):
                        self._unite(one, other, groups)

    # -- what changed ----------------------------------------------------------------------------------------------

    def _touch(self, group: str) -> None:
        """Remember a group as it was before this batch."""
        if group not in self._before:
            self._before[group] = tuple(member.id for member in self._table.group(group).members)

    def _note(self) -> None:
        """Learn when the members of touched groups came out, and who of them is marked otherwise than before."""
        was: dict[str, tuple[str, bool]] = {}
        for group, members in self._before.items():
            was |= {id_: (group, place > 0) for place, id_ in enumerate(members)}
        touched = set(self._before) | {text.group or "" for text in self._table.known(list(was)).values()}
        now: dict[str, tuple[str, bool]] = {}
        for group in sorted(touched - {""}):
            self._table.tell(self._members(self._table.untold(group)))
            members_now = self._table.group(group).members
            now |= {member.id: (group, place > 0) for place, member in enumerate(members_now)}
        self.changed |= {id_ for id_ in was.keys() | now.keys() if was.get(id_) != now.get(id_)}

    def _members(self, ids: Sequence[str]) -> Iterator[Member]:
        for id_, entry in some_at_a_time(self._source, ids):
            yield Member(id_, _moment(entry), site(entry)) if entry else Member(id_, 0, "")


def _text(one: Document) -> str:
    """The body, as the index has it."""
    return one.texts.get("text", ("",))[0]


def _moment(entry: Entry) -> int:
    """When an article came out: as its page says, at the end of that day where it names the day alone; else when it was
    first captured.
    """
    article = entry.article
    if article and article.published:
        return int(article.published.timestamp())
    if article and article.published_on:
        return int(datetime.combine(article.published_on, time.max, UTC).timestamp())
    return int(entry.first_captured.timestamp())
