"""Our segments as Whoosh reads them: the codec that ArraySegment names.

Whoosh asks its codecs one posting at a time; this one hands it whole lists. The engine itself does not come this way,
it goes to the arrays (matching.py); what comes this way is Whoosh's own API and searcher, for people and for tests.
Writing is done by writer.py alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.base import Codec, FieldCursor, PerDocumentReader, TermsReader
from whoosh.filedb.filestore import ReadOnlyError
from whoosh.formats import Positions
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from index.engines.whoosh.arrays import ENCODING, ERRORS
from index.engines.whoosh.combined import FIELD
from index.engines.whoosh.segment import SegmentData, Words
from index.engines.whoosh.toc import ArraySegment


class ArrayCodec(Codec):
    """Reads what writer.py writes."""

    length_stats = True

    def terms_reader(self, storage: Any, segment: ArraySegment) -> ArrayTerms:
        return ArrayTerms(_open(storage, segment))

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> ArrayDocuments:
        return ArrayDocuments(_open(storage, segment), segment)

    def per_document_writer(self, *_: Any, **__: Any) -> Any:
        raise ReadOnlyError

    def field_writer(self, *_: Any, **__: Any) -> Any:
        raise ReadOnlyError

    def postings_writer(self, *_: Any, **__: Any) -> Any:
        raise ReadOnlyError

    def postings_reader(self, *_: Any, **__: Any) -> Any:
        raise ReadOnlyError  # whole lists come from ArrayTerms.matcher

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:  # noqa: ARG002 - Whoosh's signature
        return ArraySegment(indexname)


def _open(storage: Any, segment: ArraySegment) -> SegmentData:
    return SegmentData(Path(storage.folder) / segment.filename, segment.size)


class ArrayTerms(TermsReader):
    """Terms and postings of one segment. The ids of documents are the terms of a field "id"."""

    def __init__(self, data: SegmentData) -> None:
        self._data = data

    def _words(self, name: str) -> Words:
        words = self._data.words(name)
        if words is None:
            raise KeyError(name)
        return words

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        name, text = term
        if name == "id":
            return bool(self._data.find(_text(text)))
        words = self._data.words(name)
        return words is not None and text != b"" and words.terms.find(_text(text)) >= 0

    def indexed_field_names(self) -> list[str]:
        return ["id", *self._fields()]

    def _fields(self) -> list[str]:
        """All but what is no field of its own."""
        return [name for name in self._data.fields("words") if name != FIELD]

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self._fields():
            yield from self._from(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        return self._from(fieldname, prefix)

    def _from(self, name: str, start: bytes) -> Iterator[tuple[str, bytes]]:
        words = self._data.words(name)
        if words is None:
            return
        first = words.terms.place(_text(start))
        yield from ((name, term) for term in words.terms.raws(first) if term)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self._from(fieldname, prefix))

    def cursor(self, fieldname: str, fieldobj: Any) -> TermCursor:
        return TermCursor(self, fieldname, fieldobj)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        docs, counts, lengths = self._postings(fieldname, text)
        return TermInfo(
            weight=float(counts.sum()),
            df=len(docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(counts.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self._postings(fieldname, text)[1].sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._postings(fieldname, text)[0])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        try:
            docs, counts, _ = self._postings(fieldname, text)
        except KeyError as error:
            raise TermNotFound(f"no term {fieldname}:{text!r}") from error
        weights = counts.astype(float).tolist()
        values = None
        if fieldname != "id" and isinstance(format_, Positions):
            words = self._words(fieldname)
            _, spots = words.positions(words.terms.find(_text(text)))
            rows = np.split(spots, np.cumsum(counts)[:-1])
            values = [format_.encode(row.tolist()) for row in rows]
        return ListMatcher(
            docs.tolist(), weights, values, format_, scorer=scorer, term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )  # fmt: skip

    def _postings(self, name: str, text: bytes) -> tuple[Any, Any, Any]:
        if name == "id":
            found = np.array(sorted(self._data.find(_text(text))), np.int64)
            if not len(found):
                raise KeyError(text)
            return found, np.ones(len(found)), np.ones(len(found))
        words = self._words(name)
        number = words.terms.find(_text(text)) if text else -1
        if number < 0:
            raise KeyError(text)
        docs, counts = words.postings(number)
        return docs, counts, words.lengths[docs]


class TermCursor(FieldCursor):
    """Walks the terms of one field."""

    def __init__(self, reader: ArrayTerms, name: str, field: Any) -> None:
        self._reader, self._name, self._field = reader, name, field
        self.first()

    def first(self) -> Any:
        return self.find(b"")

    def find(self, string: bytes | str) -> Any:
        start = string if isinstance(string, bytes) else self._field.to_bytes(string)
        self._rest = (text for _, text in self._reader.terms_from(self._name, start))
        return self.next()

    def next(self) -> Any:
        self._at = next(self._rest, None)
        return self.text()

    def text(self) -> Any:
        return None if self._at is None else self._field.from_bytes(self._at)

    def term_info(self) -> TermInfo:
        return self._reader.term_info(self._name, self._at or b"")

    def is_valid(self) -> bool:
        return self._at is not None


class ArrayDocuments(PerDocumentReader):
    """Lengths, cards and deletions of one segment."""

    def __init__(self, data: SegmentData, segment: ArraySegment) -> None:
        self._data = data
        self._dead = segment.dead_mask()

    def doc_count(self) -> int:
        return int(len(self._dead) - self._dead.sum())

    def doc_count_all(self) -> int:
        return len(self._dead)

    def has_deletions(self) -> bool:
        return bool(self._dead.any())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self._dead[docnum])

    def deleted_docs(self) -> list[int]:
        return list(map(int, np.flatnonzero(self._dead)))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        words = self._data.words(fieldname)
        return default if words is None else int(words.lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        words = self._data.words(fieldname)
        return 0 if words is None else words.total

    def min_field_length(self, fieldname: str) -> int:
        words = self._data.words(fieldname)
        return 0 if words is None or not len(words.lengths) else int(words.lengths.min())

    def max_field_length(self, fieldname: str) -> int:
        words = self._data.words(fieldname)
        return 0 if words is None or not len(words.lengths) else int(words.lengths.max())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        card = self._data.card(docnum)
        return {
            "id": card.id,
            "card_url": card.url,
            "card_title": card.title,
            "card_site": card.site,
            "card_date": card.date,
            "card_captured": card.captured,
        }


def _text(encoded: bytes | str) -> str:
    return encoded.decode(ENCODING, ERRORS) if isinstance(encoded, bytes) else encoded
