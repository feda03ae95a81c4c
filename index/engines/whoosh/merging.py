"""Several segments → one, without their deleted documents.

Postings go by in blocks of consecutive terms, so that memory does not grow with the segments; within a block the
pieces of all segments are joined by one stable sort by term, and documents stay in order because segments do.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from index.engines.whoosh.arrays import (
    Array,
    ArrayWriter,
    Ints,
    Ragged,
    Strings,
    kept,
    narrow,
    smallest,
    spread,
    starts_of,
)
from index.engines.whoosh.builder import write_id_order, write_stems, write_values
from index.engines.whoosh.segment import SegmentData, Words

BLOCK = 2_000_000  # tokens whose postings are in memory at once
SPOOL = 2**22  # bytes of an array that is being put together before it goes to a file


@dataclass(frozen=True)
class Source:
    """A segment to be merged: `dead`: True for each document to leave out; `base`: the number of its first document."""

    data: SegmentData
    dead: Array
    base: int

    @cached_property
    def living(self) -> Ints:
        return np.flatnonzero(~self.dead)

    @cached_property
    def renumbered(self) -> Ints:
        """The new number of each document, -1 for the dead."""
        numbers = np.full(len(self.dead), -1, np.int64)
        numbers[self.living] = np.arange(len(self.living)) + self.base
        return numbers


def merge(parts: Sequence[tuple[SegmentData, Array]], scratch: Path, writer: ArrayWriter) -> int:
    """Write (segment, dead documents) pairs as one; how many documents it has. `scratch`: where to put large arrays."""
    sources: list[Source] = []
    documents = 0
    for data, dead in parts:
        sources.append(Source(data, dead, documents))
        documents += len(sources[-1].living)
    for name in _fields(sources, "words"):
        _words(sources, name, writer, documents, scratch)
    for name in _fields(sources, "facets"):
        _facet(sources, name, writer)
    for name in _fields(sources, "days"):
        _days(sources, name, writer)
    _cards(sources, writer)
    writer.finish(documents=documents)
    return documents


def _fields(sources: Sequence[Source], kind: str) -> list[str]:
    return sorted({name for source in sources for name in source.data.fields(kind)})


def _union(lists: Sequence[list[bytes]]) -> tuple[list[bytes], list[Ints]]:
    """All strings, sorted, and for each list the places of its strings among them."""
    union = sorted(set().union(*lists))
    place = {string: number for number, string in enumerate(union)}
    return union, [np.fromiter((place[s] for s in strings), np.int64, len(strings)) for strings in lists]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some terms' postings in one segment, filtered and renumbered."""

    terms: Ints  # of each posting
    docs: Ints
    counts: Ints
    spots: Array


class _Spool:
    """An array on its way: it grows here and is then copied into the segment's file."""

    def __init__(self, largest: int, scratch: Path) -> None:
        self._dtype = smallest(largest)
        self._file = tempfile.SpooledTemporaryFile(SPOOL, dir=str(scratch))  # noqa: SIM115 - see `close`

    def put(self, values: Array) -> None:
        self._file.write(values.astype(self._dtype).data.cast("B") if len(values) else b"")

    def write(self, writer: ArrayWriter, name: str) -> None:
        self._file.seek(0)
        writer.stream(name, self._dtype, self._chunks())

    def _chunks(self) -> Iterator[Array]:
        while data := self._file.read(SPOOL):
            yield np.frombuffer(data, self._dtype)

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True, slots=True)
class _Having:
    """A segment that has the field; `places`: where its terms are among the terms of all."""

    source: Source
    words: Words
    places: Ints


def _words(sources: Sequence[Source], name: str, writer: ArrayWriter, documents: int, scratch: Path) -> None:
    found = [(source, words) for source in sources if (words := source.data.words(name))]
    terms, places = _union([words.terms.raws() for _, words in found])
    having = [_Having(source, words, place) for (source, words), place in zip(found, places, strict=True)]
    with ExitStack() as stack:
        spools = [stack.enter_context(closing(spool)) for spool in _spools(having, documents, scratch)]
        _postings(having, name, terms, writer, spools)
    lengths = np.zeros(documents, np.int64)
    for each in having:
        living = each.source.living
        lengths[each.source.renumbered[living]] = each.words.lengths[living]
    writer.add(f"words/{name}/lengths", narrow(lengths))


def _spools(having: Sequence[_Having], documents: int, scratch: Path) -> list[_Spool]:
    """For documents, counts and spots; the largest numbers are known from the parts."""
    text = [each.words for each in having if each.words.is_text]
    counts = max((np.iinfo(words.counts.dtype).max for words in text), default=0)
    spots = max((np.iinfo(words.spots.values.dtype).max for words in text), default=0)
    return [_Spool(largest, scratch) for largest in (max(documents - 1, 0), counts, spots)]


def _postings(
    having: Sequence[_Having],
    name: str,
    terms: Sequence[bytes],
    writer: ArrayWriter,
    spools: Sequence[_Spool],
) -> None:
    docs, counts, spots = spools
    postings, tokens = np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64)
    for first, after in _blocks(having, len(terms)):
        block = _joined([_piece(each, first, after) for each in having])
        docs.put(block.docs)
        counts.put(block.counts)
        spots.put(block.spots)
        postings[first:after] = np.bincount(block.terms - first, minlength=after - first)
        tokens[first:after] = np.bincount(block.terms - first, block.counts, minlength=after - first)
    used = np.flatnonzero(postings)
    strings = [terms[number] for number in used.tolist()]
    base = f"words/{name}"
    Strings.write(writer, f"{base}/terms", strings)
    docs.write(writer, f"{base}/docs")
    writer.add(f"{base}/docs.starts", narrow(starts_of(postings[used])))
    if any(each.words.is_text for each in having):
        counts.write(writer, f"{base}/counts")
        spots.write(writer, f"{base}/spots")
        writer.add(f"{base}/spots.starts", narrow(starts_of(tokens[used])))
        write_stems(writer, name, strings)


def _blocks(having: Sequence[_Having], terms: int) -> Iterator[tuple[int, int]]:
    """Runs of terms with about BLOCK tokens together (or one heavy term alone)."""
    weights = np.zeros(terms, np.int64)
    for each in having:
        weights[each.places] += (each.words.spots if each.words.is_text else each.words.docs).sizes()
    total = np.cumsum(weights)
    first = 0
    while first < terms:
        done = int(total[first - 1]) if first else 0
        after = max(first + 1, int(np.searchsorted(total, done + BLOCK, "right")))
        yield first, after
        first = after


def _piece(having: _Having, first: int, after: int) -> _Piece:
    source, words, places = having.source, having.words, having.places
    a, b = np.searchsorted(places, (first, after))
    sizes = words.docs.sizes()[a:b]
    here = slice(int(words.docs.starts[a]), int(words.docs.starts[b]))
    terms = np.repeat(places[a:b], sizes)
    docs = source.renumbered[words.docs.values[here]]
    counts = words.counts[here].astype(np.int64) if words.is_text else np.ones(len(docs), np.int64)
    spots = words.spots.values[int(words.spots.starts[a]) : int(words.spots.starts[b])] if words.is_text else counts[:0]
    if source.dead.any():
        keep = docs >= 0
        spots = spots[np.repeat(keep, counts)] if words.is_text else spots
        terms, docs, counts = kept(terms, keep), kept(docs, keep), kept(counts, keep)
    return _Piece(terms, docs, counts, spots)


def _joined(pieces: Sequence[_Piece]) -> _Piece:
    terms = np.concatenate([piece.terms for piece in pieces])
    order = np.argsort(terms, kind="stable")
    counts = np.concatenate([piece.counts for piece in pieces])
    spots = np.concatenate([piece.spots for piece in pieces])
    if len(spots):
        spots = spots[spread(starts_of(counts)[:-1][order], counts[order])]
    return _Piece(terms[order], np.concatenate([piece.docs for piece in pieces])[order], counts[order], spots)


def _facet(sources: Sequence[Source], name: str, writer: ArrayWriter) -> None:
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
    found = np.concatenate(numbers)
    used = np.zeros(len(values), bool)
    used[found] = True
    left = [values[number] for number in np.flatnonzero(used).tolist()]
    write_values(writer, name, left)
    Ragged.write(writer, f"facets/{name}/docs", narrow((np.cumsum(used) - 1)[found]), np.concatenate(sizes))


def _days(sources: Sequence[Source], name: str, writer: ArrayWriter) -> None:
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
    Ragged.write(writer, f"days/{name}/first", np.concatenate(first), np.concatenate(sizes))
    writer.add(f"days/{name}/last", np.concatenate(last))


def _cards(sources: Sequence[Source], writer: ArrayWriter) -> None:
    texts: list[bytes] = []
    for source in sources:
        raws = source.data.card_texts()
        texts += raws if not source.dead.any() else [raws[n * 4 + i] for n in source.living.tolist() for i in range(4)]
    Strings.write(writer, "cards/texts", texts)
    for name in ("cards/dates", "cards/captured"):
        writer.add(name, np.concatenate([source.data.file.get(name)[source.living] for source in sources]))
    write_id_order(writer, texts[::4])
