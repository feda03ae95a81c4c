"""Documents → the arrays of one segment, in memory.

Each token costs one dictionary look-up here; all that is per posting is done by numpy when the segment is written: a
stable sort of the tokens by term gives the postings of all terms at once, documents and positions in order.

Names of the arrays (f: a field; "x.ends" and "x.starts" go with an x of strings and ragged rows, see arrays.py):

    words/f/terms      the terms of f, sorted. In texts the term "" marks the place between two values of a document
    words/f/docs       per term, the documents that have it
    words/f/counts     beside docs: how often (texts only)
    words/f/spots      per posting, the positions (texts only); where a posting starts follows from counts
    words/f/spots.starts   per term, where its positions start
    words/f/stems      the stems of the terms, sorted, and .terms: per stem, the numbers of its terms (texts only)
    words/f/lengths    per document, how many tokens or strings it has
    facets/f/values    the values of f as people see them, sorted; facets/f/hashes: 64 bits of BLAKE2b of each
    facets/f/docs      per document, the numbers of its values
    facets/f/words     what a value can be completed from: its terms and itself, folded; .values: per word, the values
    days/f/first       per document, the first days of its intervals; days/f/last: beside it, the last days
    cards/texts        four strings a document: id, url, title, site
    cards/dates, cards/captured   per document: date.toordinal() or 0; microseconds since 1970
    cards/by_id        the documents in the order of their ids
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

import numpy as np

from index.analysis import MAX_TERM, cut, fold, stem
from index.engines.whoosh.arrays import ENCODING, ERRORS, Array, ArrayWriter, Ints, Ragged, Strings, narrow, starts_of
from index.fields import Card, Document

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_BEFORE, _AFTER = '("<[', ',.;:!?)">]'  # punctuation that is no part of a word before or after it
BOUNDARY = ""  # the term between two values of one document


class Vocabulary(dict[str, int]):
    """Numbers strings in the order in which they come."""

    def __missing__(self, string: str) -> int:
        self[string] = number = len(self)
        return number

    def sort(self) -> tuple[list[bytes], Ints]:
        """The strings encoded and sorted, and for each number the place of its string among them."""
        ordered = sorted(self)  # by code point, which is also the order of the encoded strings
        places = np.empty(len(ordered), np.int64)
        places[np.fromiter((self[string] for string in ordered), np.int64, len(ordered))] = np.arange(len(ordered))
        return [string.encode(ENCODING, ERRORS) for string in ordered], places


class Builder:
    """Collects documents; `write` writes them. `tokens` tells how much there is in memory."""

    def __init__(self) -> None:
        self.documents = 0
        self.tokens = 0
        self._texts: dict[str, _Words] = {}
        self._terms: dict[str, _Words] = {}
        self._facets: dict[str, _Words] = {}
        self._days: dict[str, _Days] = {}
        self._cards = _Cards()

    def add(self, document: Document) -> None:
        number = self.documents
        for name, values in document.texts.items():
            words = self._texts.get(name) or self._texts.setdefault(name, _Words())
            words.add(number, words.chunks.cut(values))
        for kept, given in ((self._terms, document.terms), (self._facets, document.facets)):
            self._add_whole(number, kept, given)
        for name, days in document.days.items():
            (self._days.get(name) or self._days.setdefault(name, _Days())).add(number, days)
        self._cards.add(document.card)
        self.tokens += sum(len(words.last) for words in self._texts.values())
        self.documents += 1

    @staticmethod
    def _add_whole(number: int, kept: dict[str, _Words], given: Mapping[str, Sequence[str]]) -> None:
        for name, values in given.items():
            words = kept.get(name) or kept.setdefault(name, _Words())
            vocabulary = words.vocabulary
            words.add(number, [vocabulary[value] for value in dict.fromkeys(values)])

    def write(self, writer: ArrayWriter) -> None:
        for name, words in sorted(self._texts.items()):
            words.write_words(writer, name, self.documents, spots=True)
        for name, words in sorted(self._terms.items()):
            words.write_words(writer, name, self.documents, spots=False)
        for name, words in sorted(self._facets.items()):
            words.write_facet(writer, name, self.documents)
        for name, days in sorted(self._days.items()):
            days.write(writer, name, self.documents)
        self._cards.write(writer)
        writer.finish(documents=self.documents)


class Chunks(dict[str, tuple[int, ...]]):
    """The terms of a stretch of text without white space, by their numbers: no token reaches over white space."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, chunk: str) -> tuple[int, ...]:
        word = chunk.lstrip(_BEFORE).rstrip(_AFTER)
        if word.isascii() and word.isalpha():  # nearly all of a text in English, and `cut` would come to the same
            numbers: tuple[int, ...] = (self._vocabulary[word.lower()[:MAX_TERM]],)
        else:
            numbers = tuple([self._vocabulary[term] for term, _ in cut(chunk)])
        if len(chunk) <= MAX_TERM:
            self[chunk] = numbers
        return numbers

    def cut(self, values: Sequence[str]) -> list[int]:
        """Terms of all values, so that the place in the list is the position; and the boundaries between values."""
        found: list[int] = []
        for value in values:
            numbers = list(chain.from_iterable(map(self.__getitem__, value.split())))
            if found and numbers:
                found.append(self._vocabulary[BOUNDARY])
            found += numbers
        return found


class _Words:
    """What the documents have in one field, as numbers of a vocabulary."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.chunks = Chunks(self.vocabulary)
        self.last: list[int] = []
        self._numbers = array("I")
        self._docs = array("I")
        self._sizes = array("I")

    def add(self, doc: int, numbers: list[int]) -> None:
        self.last = numbers
        if numbers:
            self._numbers.extend(numbers)
            self._docs.append(doc)
            self._sizes.append(len(numbers))

    def write_words(self, writer: ArrayWriter, name: str, documents: int, *, spots: bool) -> None:
        strings, places = self.vocabulary.sort()
        sizes = np.array(self._sizes, np.int64)
        terms, docs, where = self._by_term(places, sizes)
        new = np.ones(len(terms), bool)  # a posting begins where the term or the document is another
        new[1:] = (terms[1:] != terms[:-1]) | (docs[1:] != docs[:-1])
        begin = np.flatnonzero(new)
        counts = np.diff(begin, append=len(terms))
        postings = np.bincount(terms[begin], minlength=len(strings))
        base = f"words/{name}"
        Strings.write(writer, f"{base}/terms", strings)
        Ragged.write(writer, f"{base}/docs", narrow(docs[begin]), postings)
        lengths = np.zeros(documents, np.int64)
        lengths[np.array(self._docs, np.int64)] = sizes
        if spots:
            writer.add(f"{base}/counts", narrow(counts))
            Ragged.write(writer, f"{base}/spots", narrow(where), np.bincount(terms, minlength=len(strings)))
            write_stems(writer, name, strings)
            if strings and not strings[0]:
                lengths -= np.bincount(docs[terms == 0], minlength=documents)  # boundaries are no tokens
        writer.add(f"{base}/lengths", narrow(lengths))

    def _by_term(self, places: Ints, sizes: Ints) -> tuple[Ints, Ints, Ints]:
        """Every token's term, document and position, in the order of terms, then of documents, then of positions."""
        terms = places[np.array(self._numbers, np.int64)] if self._numbers else np.zeros(0, np.int64)
        key = np.sort((terms << 32) | np.arange(len(terms)))
        token = key & 0xFFFFFFFF
        docs = np.repeat(np.array(self._docs, np.int64), sizes)[token]
        begin = np.repeat(starts_of(sizes)[:-1], sizes)[token]
        return key >> 32, docs, token - begin

    def write_facet(self, writer: ArrayWriter, name: str, documents: int) -> None:
        strings, places = self.vocabulary.sort()
        numbers = places[np.array(self._numbers, np.int64)] if self._numbers else np.zeros(0, np.int64)
        sizes = np.zeros(documents, np.int64)
        sizes[np.array(self._docs, np.int64)] = np.array(self._sizes, np.int64)
        write_values(writer, name, strings)
        Ragged.write(writer, f"facets/{name}/docs", narrow(numbers), sizes)


def write_stems(writer: ArrayWriter, name: str, terms: Sequence[bytes]) -> None:
    """The stems of these terms, each with the numbers of its terms."""
    vocabulary = Vocabulary()
    numbers = np.fromiter((vocabulary[stem(term.decode(ENCODING, ERRORS))] for term in terms), np.int64, len(terms))
    stems, places = vocabulary.sort()
    of_term = places[numbers] if len(terms) else numbers
    Strings.write(writer, f"words/{name}/stems", stems)
    order = np.argsort(of_term, kind="stable")
    Ragged.write(writer, f"words/{name}/stems.terms", narrow(order), np.bincount(of_term, minlength=len(stems)))


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
    Ragged.write(writer, f"facets/{name}/words.values", narrow(ordered[order, 1]), sizes)


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

    def write(self, writer: ArrayWriter, name: str, documents: int) -> None:
        sizes = np.bincount(np.array(self._docs, np.int64), minlength=documents)
        Ragged.write(writer, f"days/{name}/first", np.array(self._first, "<i4"), sizes)
        writer.add(f"days/{name}/last", np.array(self._last, "<i4"))


class _Cards:
    def __init__(self) -> None:
        self._texts: list[bytes] = []
        self._dates = array("i")
        self._captured = array("q")

    def add(self, card: Card) -> None:
        self._texts += [text.encode(ENCODING, ERRORS) for text in (card.id, card.url, card.title, card.site)]
        self._dates.append(card.date.toordinal() if card.date else 0)
        self._captured.append((card.captured - EPOCH) // MICROSECOND)

    def write(self, writer: ArrayWriter) -> None:
        Strings.write(writer, "cards/texts", self._texts)
        writer.add("cards/dates", np.array(self._dates, "<i4"))
        writer.add("cards/captured", np.array(self._captured, "<i8"))
        write_id_order(writer, self._texts[::4])


def write_id_order(writer: ArrayWriter, ids: Sequence[bytes]) -> None:
    order = sorted(range(len(ids)), key=ids.__getitem__)
    writer.add("cards/by_id", narrow(np.array(order, np.int64)))
