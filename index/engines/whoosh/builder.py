"""Documents → the arrays of one segment, in memory.

Texts are cut many at a time (see cutting.py); all that is per posting is done by numpy when the segment is written: a
stable sort of the tokens by term gives the postings of all terms at once, documents and positions in order. Documents
are put in the order of their dates: those of a time stand side by side, and a search in it reads little else.

Names of the arrays (f: a field; "x.ends" and "x.starts" go with an x of strings and ragged rows, see arrays.py):

    words/f/terms      the terms of f, sorted. In texts the term "" marks the place between two values of a document
    words/f/docs …     their postings, see lists.py
    words/f/stems      the keys of the terms (see index/stemming.py), sorted, and .terms: per key, the numbers of its
                       terms (texts only)
    words/f/lengths    per document, how many tokens or strings it has
    words/title+text/… the two together, by stem: see combined.py
    facets/f/values    the values of f as people see them, sorted; facets/f/hashes: 64 bits of BLAKE2b of each
    facets/f/docs      per document, the numbers of its values
    facets/f/words     what a value can be completed from: its terms and itself, folded; .values: per word, the values
    days/f/first       per document, the first days of its intervals; days/f/last: the last days, if they are others
    cards/ids          of each document; cards/marks: 16 bits of each
    cards/texts        url, title and site of each document as one string (see `joined`); .common: see Compressed
    cards/dates, cards/captured   per document: date.toordinal() or 0; microseconds since 1970
    cards/by_id        the documents in the order of their ids
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from index.analysis import cut
from index.engines.whoosh import combining
from index.engines.whoosh.arrays import ENCODING, ERRORS, ArrayWriter, Compressed, Ragged, Strings
from index.engines.whoosh.cards import BOUNDARY, EPOCH, MICROSECOND, joined, mark
from index.engines.whoosh.combined import TEXT, TITLE
from index.engines.whoosh.cutting import Cutter, cutter
from index.engines.whoosh.listing import Kept, ListsWriter
from index.engines.whoosh.packing import Array, Ints, spread, starts_of
from index.engines.whoosh.sets import distinct, in_order
from index.engines.whoosh.spoken import ENGLISH, Spoken
from index.engines.whoosh.vocabulary import Keys, Vocabulary, places_of
from index.fields import Card, Document, stemmed
from index.folding import fold

_NO = np.zeros((2, 0), np.int64)
_TOGETHER = 500_000  # characters of texts that are cut at once


class Builder:
    """Collects documents; `write` writes them. `tokens` tells how much there is in memory, but for the latest texts."""

    def __init__(self) -> None:
        self.documents = 0
        self.tokens = 0
        self._cutter = cutter()
        self._texts: dict[str, _Texts] = {}
        self._terms: dict[str, _Words] = {}
        self._facets: dict[str, _Words] = {}
        self._days: dict[str, _Days] = {}
        self._cards = _Cards()
        self._speeches = Vocabulary()
        self._spoken = array("H")
        self._waiting = 0  # characters that are not cut yet

    def add(self, document: Document) -> None:
        number = self.documents
        for name, values in document.texts.items():
            texts = self._texts.get(name) or self._texts.setdefault(name, _Texts(self._cutter))
            self._waiting += texts.add(number, values)
        for kept, given in ((self._terms, document.terms), (self._facets, document.facets)):
            self._add_whole(number, kept, given)
        for name, days in document.days.items():
            (self._days.get(name) or self._days.setdefault(name, _Days())).add(number, days)
        self._cards.add(document.card)
        self._spoken.append(self._speeches[document.speech(TEXT)])
        self.documents += 1
        if self._waiting >= _TOGETHER:
            self._cut()

    def _cut(self) -> None:
        self.tokens += sum(texts.cut() for texts in self._texts.values())
        self._waiting = 0

    @staticmethod
    def _add_whole(number: int, kept: dict[str, _Words], given: Mapping[str, Sequence[str]]) -> None:
        for name, values in given.items():
            words = kept.get(name) or kept.setdefault(name, _Words(Vocabulary()))
            vocabulary = words.vocabulary
            words.add(number, [vocabulary[value] for value in dict.fromkeys(values)])

    def write(self, writer: ArrayWriter) -> None:
        self._cut()
        turn = self._cards.in_order()
        order = np.empty(len(turn), np.int64)
        order[turn] = np.arange(len(turn))
        spoken = Spoken.make(list(self._speeches), np.array(self._spoken, np.int64)[turn])
        written = {
            name: texts.words.write_words(
                writer, name, order, spoken if name in stemmed() else ENGLISH, keys=self._cutter.keys
            )
            for name, texts in sorted(self._texts.items())
        }
        if sources := {name: written[name] for name in (TITLE, TEXT) if name in written}:
            combining.write(writer, sources, len(order), spoken, self._cutter.keys)
        for name, words in sorted(self._terms.items()):
            words.write_words(writer, name, order, ENGLISH)
        for name, words in sorted(self._facets.items()):
            words.write_facet(writer, name, order)
        for name, days in sorted(self._days.items()):
            days.write(writer, name, order)
        self._cards.write(writer, turn)
        writer.finish(documents=self.documents)


class _Words:
    """What the documents have in one field, as numbers of a vocabulary; of texts one that all of them share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._numbers = array("I")
        self._docs = array("I")
        self._sizes = array("I")

    def add(self, doc: int, numbers: list[int]) -> None:
        if numbers:
            self._numbers.extend(numbers)
            self._docs.append(doc)
            self._sizes.append(len(numbers))

    def add_all(self, numbers: Ints, docs: Ints, sizes: Ints) -> None:
        """As `add`, for documents one after the other."""
        for kept, given in ((self._numbers, numbers), (self._docs, docs), (self._sizes, sizes)):
            kept.frombytes(given.astype(np.uint32).tobytes())

    def write_words(
        self, writer: ArrayWriter, name: str, order: Ints, spoken: Spoken, *, keys: Keys | None = None
    ) -> combining.Source:
        """`keys`: those of texts, which alone have stems and positions."""
        documents, spots = len(order), keys is not None
        present = np.zeros(len(self.vocabulary), bool)
        present[np.array(self._numbers, np.int64)] = True
        numbers = self.vocabulary.ordered(np.flatnonzero(present))
        strings, places = self.vocabulary.encoded(numbers), places_of(numbers, len(self.vocabulary))
        has_boundary = strings[:1] == [b""]
        sizes = np.array(self._sizes, np.int64)
        owners = order[np.array(self._docs, np.int64)] if len(sizes) else np.zeros(0, np.int64)
        terms, docs, where = self._by_term(places, owners, sizes)
        new = np.ones(len(terms), bool)  # a posting begins where the term or the document is another
        new[1:] = (terms[1:] != terms[:-1]) | (docs[1:] != docs[:-1])
        begin = np.flatnonzero(new)
        counts = np.diff(begin, append=len(terms))
        base = f"words/{name}"
        Strings.write(writer, f"{base}/terms", strings)
        lists = ListsWriter(documents, spots=spots, counts=spots, spools=[Kept() for _ in range(6)])
        lists.put(np.bincount(terms[begin], minlength=len(strings)), docs[begin], counts, where)
        lists.write(writer, base)
        lengths = np.zeros(documents, np.int64)
        lengths[owners] = sizes
        if keys:
            used = terms_of(spoken, terms[begin], docs[begin])
            keyed = [(own, keys.of(numbers[own], speech)) for speech, own in used.items()]
            write_stems(writer, name, keys.vocabulary, keyed)
            if has_boundary:
                lengths -= np.bincount(docs[terms == 0], minlength=documents)  # boundaries are no tokens
        writer.pack(f"{base}/lengths", lengths)
        return combining.Source(numbers, has_boundary, terms[begin], docs[begin], counts, lengths)

    def _by_term(self, places: Ints, owners: Ints, sizes: Ints) -> Sequence[Ints]:
        """Every token's term, document and position, in the order of terms, then of documents, then of positions."""
        terms = places[np.array(self._numbers, np.int64)] if self._numbers else np.zeros(0, np.int64)
        where = np.arange(len(terms)) - np.repeat(starts_of(sizes)[:-1], sizes)
        return in_order(terms, np.repeat(owners, sizes), where)

    def write_facet(self, writer: ArrayWriter, name: str, order: Ints) -> None:
        strings, places = self.vocabulary.sort()
        numbers = places[np.array(self._numbers, np.int64)] if self._numbers else np.zeros(0, np.int64)
        owners, given = order[np.array(self._docs, np.int64)], np.array(self._sizes, np.int64)
        turn = np.argsort(owners)
        sizes = np.zeros(len(order), np.int64)
        sizes[owners] = given
        write_values(writer, name, strings)
        numbers = numbers[spread(starts_of(given)[:-1][turn], given[turn])]
        Ragged.write(writer, f"facets/{name}/docs", numbers, sizes)


class _Texts:
    """One field of texts: values that wait to be cut, and the words of those before."""

    def __init__(self, by: Cutter) -> None:
        self.words = _Words(by.vocabulary)
        self._cutter = by
        self._values: list[str] = []
        self._docs: list[int] = []  # of each value

    def add(self, doc: int, values: Sequence[str]) -> int:
        """Returns how many characters they have."""
        self._values += values
        self._docs += [doc] * len(values)
        return sum(map(len, values))

    def cut(self) -> int:
        """Returns how many tokens there were, with the boundaries between values: places of them are positions."""
        numbers, sizes = self._cutter.cut(self._values)
        filled = np.flatnonzero(sizes)
        docs, sizes = np.array(self._docs, np.int64)[filled], sizes[filled]
        self._values, self._docs = [], []
        first = np.append(True, docs[1:] != docs[:-1])[: len(docs)]  # of its document
        others = np.flatnonzero(~first)
        if len(others):
            numbers = np.insert(numbers, starts_of(sizes)[others], self._cutter.vocabulary[BOUNDARY])
            sizes[others] += 1
        begin = np.flatnonzero(first)
        if len(begin):
            self.words.add_all(numbers, docs[begin], np.add.reduceat(sizes, begin))
        return len(numbers)


def terms_of(spoken: Spoken, terms: Ints, docs: Ints) -> dict[str, Ints]:
    """The terms of some postings, in order of the terms, that are in documents of each speech."""
    return {speech: distinct(terms[own]) for speech, own in spoken.postings(docs).items()}


def write_stems(writer: ArrayWriter, name: str, keys: Vocabulary, used: Sequence[tuple[Ints, Ints]]) -> None:
    """The keys of terms, each with the numbers of its terms; `used`: terms, and the numbers of their keys."""
    terms, found = (np.concatenate([np.zeros(0, np.int64), *each]) for each in zip(*used, strict=True)) if used else _NO
    strings, places = keys.sort(distinct(np.sort(found)))
    of_term = places[found]
    Strings.write(writer, f"words/{name}/stems", strings)
    order = np.argsort(of_term, kind="stable")
    Ragged.write(writer, f"words/{name}/stems.terms", terms[order], np.bincount(of_term, minlength=len(strings)))


def write_values(writer: ArrayWriter, name: str, values: Sequence[bytes]) -> None:
    """The values of a facet, and the words that lead to them."""
    Strings.write(writer, f"facets/{name}/values", values)
    writer.add(f"facets/{name}/hashes", hashes(values))
    vocabulary = Vocabulary()
    pairs = [
        (vocabulary[word], number)
        for number, value in enumerate(value.decode(ENCODING, ERRORS) for value in values)
        for word in {fold(value), *(term for term, _ in cut(value))}
    ]
    words, places = vocabulary.sort()
    ordered = np.array(pairs, np.int64).reshape(-1, 2)
    of_word = places[ordered[:, 0]] if len(pairs) else ordered[:, 0]
    Strings.write(writer, f"facets/{name}/words", words)
    order = np.argsort(of_word, kind="stable")
    sizes = np.bincount(of_word, minlength=len(words))
    Ragged.write(writer, f"facets/{name}/words.values", ordered[order, 1], sizes)


def hashes(strings: Iterable[bytes]) -> Array:
    """64 bits of each string, the same in every segment."""
    digest = hashlib.blake2b
    return np.frombuffer(b"".join(digest(string, digest_size=8).digest() for string in strings), "<u8")


class _Days:
    def __init__(self) -> None:
        self._first = array("i")
        self._last = array("i")
        self._docs = array("I")

    def add(self, doc: int, days: Sequence[tuple[int, int]]) -> None:
        for first, last in days:
            self._first.append(first)
            self._last.append(last)
            self._docs.append(doc)

    def write(self, writer: ArrayWriter, name: str, order: Ints) -> None:
        owners = order[np.array(self._docs, np.int64)]
        turn = np.argsort(owners, kind="stable")
        first, last = np.array(self._first, "<i4")[turn], np.array(self._last, "<i4")[turn]
        write_days(writer, name, first, last, np.bincount(owners, minlength=len(order)))


def write_days(writer: ArrayWriter, name: str, first: Array, last: Array, sizes: Ints) -> None:
    Ragged.write(writer, f"days/{name}/first", first, sizes)
    if not np.array_equal(first, last):
        writer.pack(f"days/{name}/last", last)


class _Cards:
    def __init__(self) -> None:
        self._ids: list[bytes] = []
        self._texts: list[bytes] = []
        self._dates = array("i")
        self._captured = array("q")

    def add(self, card: Card) -> None:
        self._ids.append(card.id.encode(ENCODING, ERRORS))
        self._texts.append(joined([text.encode(ENCODING, ERRORS) for text in (card.url, card.title, card.site)]))
        self._dates.append(card.date.toordinal() if card.date else 0)
        self._captured.append((card.captured - EPOCH) // MICROSECOND)

    def in_order(self) -> Ints:
        """The documents by date, equal ones as they came."""
        return np.argsort(np.array(self._dates, np.int64), kind="stable")

    def write(self, writer: ArrayWriter, turn: Ints) -> None:
        places = turn.tolist()
        dates, captured = np.array(self._dates, "<i4")[turn], np.array(self._captured, "<i8")[turn]
        write_cards(writer, [self._ids[n] for n in places], lambda n: self._texts[places[n]], dates, captured)


def write_cards(
    writer: ArrayWriter, ids: Sequence[bytes], text: Callable[[int], bytes], dates: Array, captured: Array
) -> None:
    Strings.write(writer, "cards/ids", ids)
    Compressed.write(writer, "cards/texts", len(ids), text)
    writer.pack("cards/dates", dates)
    writer.pack("cards/captured", captured)
    writer.add("cards/marks", np.fromiter(map(mark, ids), "<u2", len(ids)))
    write_id_order(writer, ids)


def write_id_order(writer: ArrayWriter, ids: Sequence[bytes]) -> None:
    order = sorted(range(len(ids)), key=ids.__getitem__)
    writer.pack("cards/by_id", np.array(order, np.int64))
