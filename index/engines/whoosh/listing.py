"""Posting lists on their way into a file: the writing side of lists.py, which says what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np

from index.engines.whoosh import lists
from index.engines.whoosh.arrays import ArrayWriter, narrow
from index.engines.whoosh.packing import BLOCK, Array, Ints, bits_of, blocks_of, pack, spread, starts_of
from index.engines.whoosh.patched import WIDTHS

PATCH = 64  # bits that a patch takes


class Spool(Protocol):
    """Bytes on their way into a file (see merging.py); after the last `put` comes `written`, or `chunks`.

    Chunks are of whole blocks of 32 bits a number where all that was put is.
    """

    def put(self, values: Array) -> None: ...

    def written(self, writer: ArrayWriter, name: str) -> None: ...

    def chunks(self) -> Iterator[Array]: ...


class Kept:
    """An array in memory, put together from parts."""

    def __init__(self) -> None:
        self._parts: list[Array] = []

    def put(self, values: Array) -> None:
        self._parts.append(values)

    def joined(self) -> Array:
        return np.concatenate(self._parts) if self._parts else np.zeros(0, np.uint8)

    def written(self, writer: ArrayWriter, name: str) -> None:
        writer.add(name, narrow(self.joined()))

    def chunks(self) -> Iterator[Array]:
        return iter(self._parts)


class FlatWriter:
    """Numbers as they come, all in the one of patched.WIDTHS that takes least room; what is wider is patched."""

    def __init__(self, waiting: Spool) -> None:
        self._waiting = waiting  # whole blocks, as they are until all have come and the width is known
        self._rest = np.zeros(0, np.uint32)
        self._needing = np.zeros(33, np.int64)  # numbers that need so many bits

    def put(self, values: Array) -> None:
        waiting = np.concatenate((self._rest, values.astype(np.uint32)))
        whole = len(waiting) // BLOCK * BLOCK
        self._needing += np.bincount(bits_of(values), minlength=33)
        self._waiting.put(waiting[:whole].view(np.uint8))
        self._rest = waiting[whole:].copy()

    def write(self, writer: ArrayWriter, name: str) -> None:
        self._waiting.put(np.append(self._rest, np.zeros(-len(self._rest) % BLOCK, np.uint32)).view(np.uint8))
        wider = np.cumsum(self._needing[::-1])[::-1]
        width = min(WIDTHS, key=lambda bits: bits * int(wider[0]) + PATCH * int(wider[bits + 1 :][:1].sum()))
        at, high = Kept(), Kept()
        writer.stream(name, np.dtype(np.uint8), self._packed(width, at, high))
        writer.add(f"{name}.width", np.array([width], np.uint8))
        at.written(writer, f"{name}.at")
        high.written(writer, f"{name}.high")

    def _packed(self, width: int, at: Kept, high: Kept) -> Iterator[Array]:
        done = 0
        for chunk in self._waiting.chunks():
            values = chunk.view(np.uint32)
            wide = np.flatnonzero(bits_of(values) > width)
            at.put(wide + done)
            high.put(values[wide] >> width)
            done += len(values)
            yield pack(values.reshape(-1, BLOCK), np.full(len(values) // BLOCK, width, np.uint8))


class PatchedWriter:
    """Lists of numbers, each packed in the one width that takes least room."""

    def __init__(self, units: Spool) -> None:
        self._units = units
        self._widths, self._blocks, self._patches, self._at, self._high = (Kept() for _ in range(5))

    def put(self, values: Array, sizes: Ints) -> None:
        """One list after the other, of these sizes."""
        if not len(sizes):
            return
        bits = bits_of(values)
        own = np.repeat(np.arange(0, 33 * len(sizes), 33), sizes) + bits
        needing = np.bincount(own, minlength=len(sizes) * 33).reshape(-1, 33)
        wider = sizes[:, None] - np.cumsum(needing, axis=1)
        widths = np.argmin(blocks_of(sizes)[:, None] * BLOCK * np.arange(33) + PATCH * wider, axis=1).astype(np.uint8)
        patched = np.flatnonzero(bits > np.repeat(widths, sizes))
        begins = starts_of(sizes)[:-1]
        rows = np.searchsorted(begins, patched, "right") - 1
        self._widths.put(widths)
        self._blocks.put(blocks_of(sizes))
        self._patches.put(np.bincount(rows, minlength=len(sizes)))
        self._at.put(patched - begins[rows])
        self._high.put(values[patched] >> widths[rows])
        self._units.put(pack(padded(values, sizes), np.repeat(widths, blocks_of(sizes))))

    def write(self, writer: ArrayWriter, name: str) -> None:
        self._units.written(writer, name)
        self._widths.written(writer, f"{name}.widths")
        writer.add(f"{name}.starts", narrow(starts_of(self._blocks.joined() * self._widths.joined())))
        writer.add(f"{name}.patches", narrow(starts_of(self._patches.joined())))
        self._at.written(writer, f"{name}.at")
        self._high.written(writer, f"{name}.high")


def padded(values: Array, sizes: Ints) -> Array:
    """Lists, each filled up with zeros to whole blocks: (blocks, BLOCK)."""
    blocks = blocks_of(sizes)
    result = np.zeros(int(blocks.sum()) * BLOCK, np.uint32)
    done = 0
    for begin, size in zip((starts_of(blocks)[:-1] * BLOCK).tolist(), sizes.tolist(), strict=True):
        result[begin : begin + size] = values[done : done + size]
        done += size
    return result.reshape(-1, BLOCK)


def _begins(sizes: Ints) -> Ints:
    """Where the blocks of lists of these sizes begin, if one list follows the other."""
    blocks = blocks_of(sizes)
    return np.repeat(starts_of(sizes)[:-1], blocks) + BLOCK * spread(np.zeros_like(blocks), blocks)


def _apart(values: Array, edges: Ints, others: Ints) -> tuple[Array, Array]:
    """What is of all lists but some, and what is of those, given the edges of all lists and which are the others."""
    if not len(others):
        return values, values[:0]
    parts = np.split(values, np.ravel((edges[others], edges[others + 1]), "F"))
    return np.concatenate(parts[0::2]), np.concatenate(parts[1::2])


Worth = Callable[[Ints, Array], Array]  # documents and how often → what each posting is worth at most, from 0 to 1


class ListsWriter:
    """Takes the lists of one field in the order of their terms. `spool` gives room for what may be large."""

    def __init__(
        self, documents: int, *, spots: bool, counts: bool, spools: Sequence[Spool], worth: Worth | None = None
    ) -> None:
        """`spots`: there are positions, and so counts. `spools`: six. `worth`: bounds are noted for each block."""
        self.documents = documents
        self.is_large = documents > lists.PLAIN
        self._has_spots, self._has_counts = spots, counts
        self._docs, self._counts, self._spots = map(FlatWriter, spools[:3])
        self._long_docs, self._long_counts, self._long_spots = map(PatchedWriter, spools[3:])
        self._terms = 0
        self._sizes, self._tokens, self._long, self._kept = (Kept() for _ in range(4))
        self._even, self._bases, self._best = (Kept() for _ in range(3))
        self._worth = worth

    def put(self, sizes: Ints, docs: Ints, counts: Array, spots: Array, within: Array | None = None) -> None:
        """The next terms: documents per term, and beside each document how often; positions likewise, if any.

        `within`: those whose documents and counts are part of another list, and are not kept here (see lists.py).
        """
        long = np.flatnonzero((sizes >= lists.LONG) & self.is_large)
        self._sizes.put(sizes)
        self._long.put(long + self._terms)
        self._terms += len(sizes)
        edges = starts_of(sizes)
        if self._has_spots:
            self._put_spots(spots, starts_of(counts)[edges], long)
        if within is not None and within.any():
            own = np.flatnonzero(np.repeat(~within, sizes))
            docs, counts, sizes = docs[own], counts[own], np.where(within, 0, sizes)
            edges = starts_of(sizes)
        self._kept.put(sizes[long])
        short_docs, long_docs = _apart(docs, edges, long)
        short_counts, long_counts = _apart(counts, edges, long)
        self._docs.put(short_docs)
        if self._has_counts:
            self._counts.put(short_counts)
        self._put_long(sizes[long], long_docs, long_counts)

    def _put_spots(self, spots: Array, edges: Ints, long: Ints) -> None:
        tokens = np.diff(edges)
        short_spots, long_spots = _apart(spots, edges, long)
        self._tokens.put(tokens)
        self._spots.put(short_spots)
        self._long_spots.put(long_spots, tokens[long])

    def _put_long(self, sizes: Ints, docs: Ints, counts: Array) -> None:
        if not len(sizes):
            return
        even = sizes * lists.EVEN >= self.documents
        edges = starts_of(sizes)
        self._even.put(even.astype(np.uint8))
        uneven, own = _apart(docs, edges, np.flatnonzero(even))[0], sizes[~even]
        after = np.append(0, uneven[:-1] + 1)[: len(uneven)]  # one more than the document before
        after[starts_of(own)[:-1][own > 0]] = 0
        self._long_docs.put(uneven - after, np.where(even, 0, sizes))
        self._bases.put(after[_begins(own)])
        if self._worth:
            self._put_best(self._worth(docs, counts), docs, sizes, even)
        stored = counts - 1
        if even.any():
            parts = np.split(stored, edges[1:-1])
            for place in np.flatnonzero(even).tolist():
                parts[place] = row = np.zeros(self.documents, np.int64)
                row[docs[edges[place] : edges[place + 1]]] = counts[edges[place] : edges[place + 1]]
            stored = np.concatenate(parts)
        self._long_counts.put(stored, np.where(even, self.documents, sizes))

    def _put_best(self, worth: Array, docs: Ints, sizes: Ints, even: Array) -> None:
        edges = starts_of(sizes)
        for full, begin, end in zip(even.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if full:
                best = np.zeros(-(-self.documents // BLOCK))
                np.maximum.at(best, docs[begin:end] // BLOCK, worth[begin:end])
            else:
                best = np.maximum.reduceat(worth[begin:end], np.arange(0, end - begin, BLOCK))
            self._best.put(np.ceil(best * 65535).astype(np.uint16))

    def write(self, writer: ArrayWriter, base: str) -> None:
        sizes, long = self._sizes.joined(), self._long.joined().astype(np.int64)
        self._docs.write(writer, f"{base}/docs")
        writer.pack(f"{base}/docs.starts", starts_of(sizes))
        writer.pack(f"{base}/long", long)
        writer.pack(f"{base}/long.before", starts_of(self._kept.joined()))
        self._even.written(writer, f"{base}/long.even")
        self._long_docs.write(writer, f"{base}/long.docs")
        self._long_counts.write(writer, f"{base}/long.counts")
        even, blocks = self._even.joined().astype(bool), blocks_of(self._kept.joined())
        # Each first question waits for these, so they are not packed.
        writer.add(f"{base}/long.bases", narrow(self._bases.joined()))
        writer.add(f"{base}/long.bases.starts", narrow(starts_of(np.where(even, 0, blocks))))
        if self._worth:
            writer.add(f"{base}/long.best", self._best.joined().astype(np.uint16))
            whole = int(blocks_of(np.array(self.documents)))
            writer.add(f"{base}/long.best.starts", narrow(starts_of(np.where(even, whole, blocks))))
        if self._has_counts:
            self._counts.write(writer, f"{base}/counts")
        if self._has_spots:
            self._spots.write(writer, f"{base}/spots")
            tokens = self._tokens.joined()
            writer.add(f"{base}/spots.starts", narrow(starts_of(tokens)))  # likewise each first phrase
            writer.add(f"{base}/long.tokens", narrow(starts_of(tokens[long])))
            self._long_spots.write(writer, f"{base}/long.spots")
