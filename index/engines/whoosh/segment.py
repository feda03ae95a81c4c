"""A segment's arrays as what they mean: words with their postings, facet values, days, cards."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.engines.whoosh.arrays import (
    ENCODING,
    ERRORS,
    ArrayFile,
    BadFileError,
    Compressed,
    Ragged,
    Strings,
    kept,
    narrow,
)
from index.engines.whoosh.cards import BOUNDARY, EPOCH, MICROSECOND, mark, parted
from index.engines.whoosh.combined import FIELD, TEXT
from index.engines.whoosh.lists import Lists
from index.engines.whoosh.packing import BLOCK, Array, Ints
from index.engines.whoosh.postings import Postings, added, rowed
from index.engines.whoosh.recent import RECENT
from index.engines.whoosh.sets import distinct
from index.engines.whoosh.spoken import Spoken
from index.fields import Card
from index.plan import Grain
from index.stemming import speech

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.engines.whoosh.facets import Facet

LOOKED_UP = 1000  # stems whose terms are remembered
FEW = 4  # terms that are read one by one


class Words:
    """The terms of one field and where they are."""

    def __init__(self, file: ArrayFile, name: str, whole: Lists | None = None) -> None:
        """`whole`: the lists of title and text together."""
        base = f"words/{name}"
        self.terms = Strings(file, f"{base}/terms")
        self._file, self._base = file, base
        self.lists = Lists(file, base, file.facts["documents"], whole)
        self.is_text, self.is_counted = self.lists.has_spots, self.lists.has_counts
        self._measure = 0.0, np.zeros(0, np.float32)
        self._looked_up: dict[str, tuple[Ints, int]] = {}
        self._found: dict[str, int] = {}
        if self.is_text:
            self._stems = Strings(file, f"{base}/stems")
            self._stem_terms = Ragged(file, f"{base}/stems.terms")

    @cached_property
    def lengths(self) -> Array:
        """Per document, how many tokens or strings it has."""
        return self._file.get(f"{self._base}/lengths")

    @cached_property
    def total(self) -> int:
        """How many tokens the field has in all documents."""
        return int(self.lengths.sum(dtype=np.int64))

    def span(self, prefix: str) -> tuple[int, int]:
        """The terms that begin with `prefix`, from … to."""
        first, after = self.terms.span(prefix)
        if first == 0 and after and self.terms[0] == BOUNDARY:
            first = 1
        return first, after

    def find(self, term: str) -> int:
        """The number of a term, -1 if it is not there."""
        number = self._found.get(term)
        if number is None:
            if len(self._found) >= LOOKED_UP:
                self._found.clear()
            number = self._found[term] = self.terms.find(term) if term else -1
        return number

    def with_stem(self, stem: str) -> Ints:
        """The terms with this stem."""
        return self._look_up(stem)[0]

    def frequency(self, stem: str) -> int:
        """How many documents have each of the terms with this stem, added up."""
        return self._look_up(stem)[1]

    def _look_up(self, stem: str) -> tuple[Ints, int]:
        if (known := self._looked_up.get(stem)) is not None:
            return known
        number = self._stems.find(stem) if self.is_text and stem != BOUNDARY else -1
        terms = self._stem_terms.row(number).astype(np.int64) if number >= 0 else np.zeros(0, np.int64)
        found = terms, int(self.lists.sizes_of(terms).sum())
        if len(self._looked_up) >= LOOKED_UP:
            self._looked_up.clear()
        self._looked_up[stem] = found
        return found

    def postings(self, number: int) -> tuple[Ints, Array]:
        """Of the term with this number: documents in order, and how often each has it."""
        return self.lists.postings(number)

    def of(self, numbers: Ints, first: int, after: int) -> Postings:
        """Of all these terms together, in the documents first … after - 1, counted from `first`."""
        if len(numbers) <= FEW:
            return added(after - first, [self.lists.row(number, first, after) for number in numbers.tolist()])
        row = np.zeros(self.lists.documents + BLOCK, np.float32)
        self.lists.tally(np.sort(numbers), row)
        return rowed(row[first:after])

    def measure(self, average: float, b: float) -> NDArray[np.float32]:
        """Per document, what one match counts by its length, given the average length in the index (see index.plan)."""
        known, measure = self._measure
        if known != average:
            measure = (1 / (1 - b + b / average * self.lengths.astype(np.float64))).astype(np.float32)
            self._measure = average, measure
        return measure

    def positions(self, number: int) -> tuple[Ints, Ints]:
        """Of the term with this number: each token's document and position, in order."""
        docs, counts = self.postings(number)
        return np.repeat(docs, counts), self.lists.spots(number).astype(np.int64)


class Days:
    """The intervals of days of one field."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        first = Ragged(file, f"days/{name}/first")
        self.first = first.values
        self.last = file.get(f"days/{name}/last") if f"days/{name}/last" in file else self.first
        self.sizes = first.sizes()
        self._buckets: dict[Grain, tuple[Ints, Ints]] = {}
        self._numbered: dict[Grain, tuple[Ints, Ints, Array]] = {}

    @cached_property
    def owners(self) -> Ints:
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @cached_property
    def is_ordered(self) -> bool:
        """Whether all intervals are single days in order, as those are that the documents are ordered by."""
        return self.last is self.first and bool((self.first[1:] >= self.first[:-1]).all())

    @cached_property
    def has_each_one(self) -> bool:
        """Whether every document has exactly one interval."""
        return bool((self.sizes == 1).all())

    @cached_property
    def is_one_day(self) -> bool:
        """Whether every document has one day at the most, and no longer interval."""
        return self.last is self.first and bool((self.sizes <= 1).all())

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The documents, from … to, outside which no interval shares a day with first … last."""
        if not self.is_ordered:
            return 0, len(self.sizes)
        begin, end = self._sharing(first, last)
        return (int(self.owners[begin]), int(self.owners[end - 1]) + 1) if begin < end else (0, 0)

    def _sharing(self, first: int, last: int) -> tuple[int, int]:
        """Of intervals in order, those that share a day with first … last."""
        days = self.first.data  # numpy's searchsorted would turn all of them into wider numbers first
        return bisect_left(days, first), bisect_right(days, last)

    def overlapping(self, first: int, last: int) -> Ints:
        """The documents with an interval that shares a day with first … last."""
        if self.is_ordered:
            begin, end = self._sharing(first, last)
            return np.arange(begin, end) if self.has_each_one else distinct(self.owners[begin:end])
        return distinct(kept(self.owners, (self.first <= last) & (self.last >= first)))

    def buckets(self, grain: Grain) -> tuple[Ints, Ints]:
        """(document, bucket) of each year, month or day that holds a whole interval, each pair once."""
        if grain not in self._buckets:
            self._buckets[grain] = self._paired(grain)
        return self._buckets[grain]

    def _paired(self, grain: Grain) -> tuple[Ints, Ints]:
        first, last = bucket_of(self.first, grain), bucket_of(self.last, grain)
        inside = first == last
        pairs = distinct(np.sort((self.owners[inside] << 32) | first[inside]))
        return pairs >> 32, pairs & 0xFFFFFFFF

    def numbered(self, grain: Grain) -> tuple[Ints, Ints, Array]:
        """The documents of `buckets`, the different buckets in order, and for each document's the place among these."""
        if grain not in self._numbered:
            owners, buckets = self._paired(grain)  # which are of no use beside what is kept of them here
            owners = self.owners if len(owners) == len(self.owners) else owners  # one for all grains
            different, places = np.unique(buckets, return_inverse=True)
            self._numbered[grain] = owners, different, narrow(places)
        return self._numbered[grain]


class SegmentData:
    """One open segment. `number` of a document counts from 0; deleted documents are in here like all others."""

    def __init__(self, path: Path, size: int) -> None:
        """`size`: the bytes that the file must have."""
        self.path = path
        self.file = ArrayFile(path)
        if self.file.size != size:
            raise BadFileError(f"{path} has {self.file.size:,} bytes instead of {size:,}")
        self.documents = self.file.facts["documents"]
        self._words: dict[str, Words | None] = {}
        self._facets: dict[str, Facet | None] = {}
        self._days: dict[str, Days | None] = {}
        self.holders = 0  # snapshots that have it; the last one to let go closes it

    def close(self) -> None:
        """Let go of the file and of all that was read from it. It is not to be asked again."""
        file = self.file
        RECENT.forget(file)
        vars(self).clear()
        file.close()

    @cached_property
    def dates(self) -> Array:
        """Of each document, date.toordinal(), 0 without a date."""
        return self.file.get("cards/dates")

    @cached_property
    def captured(self) -> Array:
        """Of each document, microseconds since 1970."""
        return self.file.get("cards/captured").astype(np.int64, copy=False)

    @cached_property
    def _ids(self) -> Strings:
        return Strings(self.file, "cards/ids")

    @cached_property
    def _texts(self) -> Compressed:
        return Compressed(self.file, "cards/texts")

    @cached_property
    def _marks(self) -> Array:
        return self.file.get("cards/marks")

    @cached_property
    def _by_id(self) -> Array:
        return self.file.get("cards/by_id")

    @cached_property
    def spoken(self) -> Spoken:
        """In which speech each document is."""
        languages = self.words("lang")
        if languages is None or {speech(lang) for lang in languages.terms} == {""}:
            return Spoken()
        known: dict[str, int] = {"": 0}
        of = np.zeros(self.documents, np.int64)
        for number, lang in enumerate(languages.terms):
            of[languages.postings(number)[0]] = known.setdefault(speech(lang), len(known))
        return Spoken.make(list(known), of)

    def words(self, name: str) -> Words | None:
        if name not in self._words:
            whole = self.words(FIELD) if name == TEXT else None
            there = f"words/{name}/terms" in self.file
            self._words[name] = Words(self.file, name, whole.lists if whole else None) if there else None
        return self._words[name]

    def facet(self, name: str) -> Facet | None:
        from index.engines.whoosh.facets import Facet

        if name not in self._facets:
            self._facets[name] = Facet(self.file, name) if f"facets/{name}/values" in self.file else None
        return self._facets[name]

    def days(self, name: str) -> Days | None:
        if name not in self._days:
            self._days[name] = Days(self.file, name) if f"days/{name}/first" in self.file else None
        return self._days[name]

    def fields(self, kind: str) -> list[str]:
        """The fields there are in "words", "facets" or "days"."""
        last = {"words": "/terms", "facets": "/values", "days": "/first"}[kind]
        return [
            name[len(kind) + 1 : -len(last)]
            for name in self.file.names()
            if name.startswith(f"{kind}/") and name.endswith(last)
        ]

    def id(self, number: int) -> str:
        return self._ids[number]

    def ids(self) -> Iterator[str]:
        return map(self.id, range(self.documents))

    def encoded_ids(self) -> list[bytes]:
        """The ids of all documents."""
        return self._ids.raws()

    def card_text(self, number: int) -> bytes:
        """The other texts of a card, as cards.joined puts them."""
        return self._texts[number]

    def card(self, number: int, id_: str = "") -> Card:
        """The card of a document, whose id may be known already."""
        url, title, site = parted(self.card_text(number), 3)
        day = int(self.dates[number])
        return Card(
            id=id_ or self.id(number),
            url=url,
            title=title,
            site=site,
            date=date.fromordinal(day) if day else None,
            captured=EPOCH + int(self.captured[number]) * MICROSECOND,
        )

    def rank(self, id_: str) -> int:
        """How many documents have a smaller id."""
        order = self._by_id.data
        return bisect_left(range(self.documents), id_, key=lambda place: self.id(order[place]))

    def find(self, id_: str) -> list[int]:
        """The documents with this id; more than one if all but one are deleted."""
        found = []
        for place in range(self.rank(id_), self.documents):
            number = int(self._by_id[place])
            if self.id(number) != id_:
                break
            found.append(number)
        return found

    def find_all(self, wanted: Wanted) -> list[int]:
        """The documents with any of these ids."""
        near = np.flatnonzero(wanted.marked[self._marks])
        return [number for number in near.tolist() if self._ids.raw(number) in wanted.ids]

    @cached_property
    def ranks(self) -> Array:
        """The place of each document in the order of ids."""
        ranks = np.empty(self.documents, np.uint32)
        ranks[self._by_id] = np.arange(self.documents)
        return ranks


class Wanted:
    """Ids that are looked for in one segment after another."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = {id_.encode(ENCODING, ERRORS) for id_ in ids}
        self.marked = np.zeros(2**16, bool)  # most documents are out by their mark
        self.marked[np.fromiter(map(mark, self.ids), np.uint16, len(self.ids))] = True


def bucket_of(days: Array, grain: Grain) -> Ints:
    """The number of the year (since 0), of the month (since January of the year 0), or of the day."""
    if grain is Grain.DAY:
        return days.astype(np.int64)
    unix = (days.astype(np.int64) - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    unit = "datetime64[Y]" if grain is Grain.YEAR else "datetime64[M]"
    return unix.astype(unit).astype(np.int64) + (1970 if grain is Grain.YEAR else 1970 * 12)


def bucket_name(bucket: int, grain: Grain) -> str:
    """As the facet shows it: "2025", "2025-01", "2025-01-31"."""
    if grain is Grain.YEAR:
        return f"{bucket:04}"
    if grain is Grain.MONTH:
        return f"{bucket // 12:04}-{bucket % 12 + 1:02}"
    return date.fromordinal(bucket).isoformat()


def bucket_number(name: str, grain: Grain) -> int | None:
    """The bucket that is shown by this name, if there is one."""
    missing = {Grain.YEAR: "-01-01", Grain.MONTH: "-01", Grain.DAY: ""}[grain]
    try:
        day = date.fromisoformat(name + missing).toordinal()
    except ValueError:
        return None
    bucket = int(bucket_of(np.array([day]), grain)[0])
    return bucket if bucket_name(bucket, grain) == name else None
