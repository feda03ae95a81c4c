"""Several segments → one, without their deleted documents.

Postings go by in blocks of consecutive terms, so that memory does not grow with the segments; within a block the
pieces of all segments are joined by one sort by term and document. Documents stand in the order of their dates again.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.engines.whoosh.arrays import ENCODING, ERRORS, ArrayWriter, Ragged, Strings, kept, narrow
from index.engines.whoosh.builder import terms_of, write_cards, write_days, write_stems, write_values
from index.engines.whoosh.combined import FIELD, TEXT, TITLE
from index.engines.whoosh.combining import OFTEN, bounds
from index.engines.whoosh.listing import ListsWriter
from index.engines.whoosh.lists import sizes_between
from index.engines.whoosh.packing import Array, Ints, spread, starts_of
from index.engines.whoosh.segment import SegmentData, Words
from index.engines.whoosh.sets import in_order
from index.engines.whoosh.spoken import ENGLISH, Spoken
from index.engines.whoosh.vocabulary import Vocabulary
from index.fields import stemmed
from index.stemming import key

BLOCK = 500_000  # tokens whose postings are in memory at once: few enough to stay near the processor
SPOOL = 2**22  # bytes of an array that is being put together before it goes to a file


@dataclass(frozen=True)
class Merging:
    """A segment to be merged: `living`: its documents that are not deleted; `renumbered`: their new numbers."""

    data: SegmentData
    living: Ints
    renumbered: Ints

    @cached_property
    def numbers(self) -> Ints:
        """The new number of each document, -1 for the dead."""
        numbers = np.full(self.data.documents, -1, np.int64)
        numbers[self.living] = self.renumbered
        return numbers

    @property
    def is_whole(self) -> bool:
        return len(self.living) == self.data.documents


def merge(parts: Sequence[tuple[SegmentData, Array]], scratch: Path, writer: ArrayWriter) -> int:
    """Write (segment, dead documents) pairs as one; how many documents it has. `scratch`: where to put large arrays."""
    living = [np.flatnonzero(~dead) for _, dead in parts]
    documents = sum(map(len, living))
    dates = np.concatenate([data.dates[docs] for (data, _), docs in zip(parts, living, strict=True)])
    turn = np.argsort(dates, kind="stable")  # equal dates as they came
    order = np.empty(documents, np.int64)
    order[turn] = np.arange(documents)
    numbers = np.split(order, starts_of(np.array(list(map(len, living))))[1:-1])
    sources = [Merging(data, docs, new) for (data, _), docs, new in zip(parts, living, numbers, strict=True)]
    done = _Done({}, [], [])
    spoken = Spoken.joined(((each.data.spoken, each.living, each.renumbered) for each in sources), documents)
    for name in _fields(sources, "words"):  # in which the field of title and text comes behind both
        _words(sources, name, writer, spoken if name in stemmed() else ENGLISH, scratch, done, documents)
    for name in _fields(sources, "facets"):
        _facet(sources, name, writer, turn)
    for name in _fields(sources, "days"):
        _days(sources, name, writer, turn)
    _cards(sources, writer, turn)
    writer.finish(documents=documents)
    return documents


def _fields(sources: Sequence[Merging], kind: str) -> list[str]:
    return sorted({name for source in sources for name in source.data.fields(kind)})


def _union(lists: Sequence[list[bytes]]) -> tuple[list[bytes], list[Ints]]:
    """All strings, sorted, and for each list the places of its strings among them."""
    union = sorted(set().union(*lists))
    place = dict(zip(union, range(len(union)), strict=True))
    return union, [np.array(list(map(place.__getitem__, strings)), np.int64) for strings in lists]


class _Piece(NamedTuple):
    """Some terms' postings in one segment, filtered and renumbered."""

    terms: Ints  # of each posting
    docs: Ints
    counts: Array
    spots: Array


class Spooled:
    """A Spool (see lists.py) on disk, once it is large."""

    def __init__(self, scratch: Path) -> None:
        self._file = tempfile.SpooledTemporaryFile(SPOOL, dir=str(scratch))  # noqa: SIM115 - see `close`

    def put(self, values: Array) -> None:
        self._file.write(values.data)

    def written(self, writer: ArrayWriter, name: str) -> None:
        writer.stream(name, np.dtype(np.uint8), self.chunks())

    def chunks(self) -> Iterator[Array]:
        self._file.seek(0)
        while data := self._file.read(SPOOL):
            yield np.frombuffer(data, np.uint8)

    def close(self) -> None:
        self._file.close()


class _Done(NamedTuple):
    """What the field of title and text needs of both, which are written before it."""

    lengths: dict[str, Ints]
    keys: list[bytes]  # of the terms of the text; none where there are several speeches, and so several keys
    within: list[bool]  # which of them have no lists of their own


@dataclass(frozen=True, slots=True)
class _Having:
    """A segment that has the field; `places`: where its terms are among the terms of all."""

    source: Merging
    words: Words
    places: Ints


def _words(
    sources: Sequence[Merging],
    name: str,
    writer: ArrayWriter,
    spoken: Spoken,
    scratch: Path,
    done: _Done,
    documents: int,
) -> None:
    """Write one field."""
    found = [(source, words) for source in sources if (words := source.data.words(name))]
    terms, places = _union([words.terms.raws() for _, words in found])
    having = [_Having(source, words, place) for (source, words), place in zip(found, places, strict=True)]
    spots, counts = any(each.words.is_text for each in having), any(each.words.is_counted for each in having)
    with ExitStack() as stack:
        spools = [stack.enter_context(closing(spool)) for spool in (Spooled(scratch) for _ in range(6))]
        worth = bounds(done.lengths) if name == FIELD else None
        lists = ListsWriter(documents, spots=spots, counts=counts, spools=spools, worth=worth)
        strings = _postings(having, name, terms, writer, lists, spoken, done)
    if name == FIELD:
        _put_keys(writer, done, strings)
        return
    own = np.zeros(documents, np.int64)
    for each in having:
        own[each.source.renumbered] = each.words.lengths[each.source.living]
    writer.pack(f"words/{name}/lengths", own)
    if name in (TITLE, TEXT):
        done.lengths[name] = own


def _put_keys(writer: ArrayWriter, done: _Done, strings: Sequence[bytes]) -> None:
    """The numbers of the keys of the text's terms; `strings`: those keys."""
    if done.keys:
        places = {b"": 0, **dict(zip(strings, range(1, len(strings) + 1), strict=True))}
        writer.add(f"words/{TEXT}/keys", narrow(np.array([places[key] for key in done.keys], np.int64)))
        writer.add(f"words/{TEXT}/within", np.array(done.within, np.uint8))


def _postings(
    having: Sequence[_Having],
    name: str,
    terms: Sequence[bytes],
    writer: ArrayWriter,
    lists: ListsWriter,
    spoken: Spoken,
    done: _Done,
) -> list[bytes]:
    """Write the lists; the terms that there are."""
    postings = np.zeros(len(terms), np.int64)
    keys = _keys(terms, spoken) if name == TEXT and lists.is_large else [b""] * len(terms)
    forms = Counter(keys)
    within = np.array([own != b"" and forms[own] == 1 for own in keys], bool)
    uncounted = set()
    used: dict[str, list[Ints]] = {speech: [] for speech in spoken.speeches}
    for first, after in _blocks(having, len(terms)):
        block = _joined([_piece(each, first, after) for each in having], first)
        postings[first:after] = np.bincount(block.terms, minlength=after - first)
        sizes = postings[first:after]
        if len(more := block.terms[block.counts > OFTEN]):  # than is counted in the list of a key
            within[more + first] = False
            uncounted |= {keys[number] for number in (more + first).tolist()}
        lists.put(sizes[sizes > 0], block.docs, block.counts, block.spots, within[first:after][sizes > 0])
        for speech, own in terms_of(spoken, block.terms, block.docs).items():
            used[speech].append(own + first)
    strings = [terms[number] for number in np.flatnonzero(postings).tolist()]
    base = f"words/{name}"
    Strings.write(writer, f"{base}/terms", strings)
    lists.write(writer, base)
    if any(keys):
        there = [keys[number] for number in np.flatnonzero(postings).tolist()]
        done.keys.extend(b"" if own in uncounted else own for own in there)
        done.within.extend(within[postings > 0].tolist())
    if any(each.words.is_text for each in having):
        places = np.cumsum(postings > 0) - 1
        keyed = Vocabulary()
        stems = []
        for speech, parts in used.items():
            numbers = places[np.concatenate([places[:0], *parts])]
            found = [keyed[key(strings[number].decode(ENCODING, ERRORS), speech)] for number in numbers.tolist()]
            stems.append((numbers, np.array(found, np.int64)))
        write_stems(writer, name, keyed, stems)
    return strings


def _keys(terms: Sequence[bytes], spoken: Spoken) -> list[bytes]:
    """Those of terms, b"" for all where there are several speeches, and for BOUNDARY."""
    if spoken.of is not None:
        return [b""] * len(terms)
    return [key(term.decode(ENCODING, ERRORS), spoken.speeches[0]).encode(ENCODING, ERRORS) for term in terms]


def _blocks(having: Sequence[_Having], terms: int) -> Iterator[tuple[int, int]]:
    """Runs of terms with about BLOCK tokens together (or one heavy term alone)."""
    weights = np.zeros(terms, np.int64)
    for each in having:
        weights[each.places] += each.words.lists.weights()
    total = np.cumsum(weights)
    first = 0
    while first < terms:
        done = int(total[first - 1]) if first else 0
        after = max(first + 1, int(np.searchsorted(total, done + BLOCK, "right")))
        yield first, after
        first = after


def _piece(having: _Having, first: int, after: int) -> _Piece:
    source, lists, places = having.source, having.words.lists, having.places
    a, b = np.searchsorted(places, (first, after)).tolist()
    terms = np.repeat(places[a:b], sizes_between(lists.starts[a : b + 1]))
    docs, counts, spots = lists.stretch(a, b)
    docs = source.numbers[docs]
    if not source.is_whole:
        keep = docs >= 0
        spots = spots[np.repeat(keep, counts)] if lists.has_spots else spots
        terms, docs, counts = kept(terms, keep), kept(docs, keep), kept(counts, keep)
    return _Piece(terms, docs, counts, spots)


def _joined(pieces: Sequence[_Piece], first: int) -> _Piece:
    """As one, in order; terms are counted from `first`."""
    terms, docs, counts, spots = (np.concatenate(each) for each in zip(*pieces, strict=True))
    terms, docs, order = in_order(terms - first, docs, np.arange(len(terms)))
    ordered = counts[order]
    if len(spots):
        spots = spots[spread(starts_of(counts)[:-1][order], ordered)]
    return _Piece(terms, docs, ordered, spots)


def _facet(sources: Sequence[Merging], name: str, writer: ArrayWriter, turn: Ints) -> None:
    having = [(source, facet) for source in sources if (facet := source.data.facet(name))]
    values, places = _union([facet.values.raws() for _, facet in having])
    place_of = {id(source): place for (source, _), place in zip(having, places, strict=True)}
    numbers, sizes = [], []
    for source in sources:
        facet = source.data.facet(name)
        if facet is None:
            sizes.append(np.zeros(len(source.living), np.int64))
            continue
        where, row_sizes = facet.docs.at(source.living)
        numbers.append(place_of[id(source)][facet.docs.values[where]])
        sizes.append(row_sizes)
    found, row_sizes = _turned(np.concatenate(numbers), np.concatenate(sizes), turn)
    used = np.zeros(len(values), bool)
    used[found] = True
    left = [values[number] for number in np.flatnonzero(used).tolist()]
    write_values(writer, name, left)
    Ragged.write(writer, f"facets/{name}/docs", (np.cumsum(used) - 1)[found], row_sizes)


def _turned(values: Array, sizes: Ints, turn: Ints) -> tuple[Array, Ints]:
    """Rows in another order."""
    begins, sizes = starts_of(sizes)[:-1][turn], sizes[turn]
    return values[spread(begins, sizes)], sizes


def _days(sources: Sequence[Merging], name: str, writer: ArrayWriter, turn: Ints) -> None:
    first, last, sizes = [], [], []
    for source in sources:
        days = source.data.days(name)
        if days is None:
            sizes.append(np.zeros(len(source.living), np.int64))
            continue
        row_sizes = days.sizes[source.living]
        where = spread(starts_of(days.sizes)[source.living], row_sizes)
        first.append(days.first[where])
        last.append(days.last[where])
        sizes.append(row_sizes)
    rows = np.concatenate(sizes)
    ordered, rows_in_order = _turned(np.concatenate(first), rows, turn)
    write_days(writer, name, ordered, _turned(np.concatenate(last), rows, turn)[0], rows_in_order)


def _cards(sources: Sequence[Merging], writer: ArrayWriter, turn: Ints) -> None:
    ids: list[bytes] = []
    for source in sources:
        ids += compress(source.data.encoded_ids(), (source.numbers >= 0).tolist())
    of = np.repeat(np.arange(len(sources)), [len(source.living) for source in sources])[turn]
    numbers = np.concatenate([source.living for source in sources])[turn]
    dates, captured = (
        np.concatenate([source.data.file.get(name)[source.living] for source in sources])[turn]
        for name in ("cards/dates", "cards/captured")
    )

    def text(place: int) -> bytes:
        return sources[int(of[place])].data.card_text(int(numbers[place]))

    write_cards(writer, [ids[n] for n in turn.tolist()], text, dates, captured)
