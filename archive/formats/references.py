"""References as their managers write them: RIS and EndNote's tagged lines, EndNote's XML.

(CSL-JSON is read as JSON records.) A record without an address is at that of its DOI, or at the first that is written
in it anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from archive.formats.fields import ENDNOTE, NBIB, RIS, Fields
from archive.formats.item import Item, Origin, Reject, clipped
from archive.formats.opening import ImportFile
from archive.formats.records import address, any_address, to_item
from archive.formats.xmls import Element, elements
from archive.urls import veiled

_MAX_LINES = 5_000  # of one record
_SEVERAL = re.compile(r"[\s;,|]+(?=https?://)")  # what stands between addresses in one line
_DOI = re.compile(r"(?:doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


class _Tags(NamedTuple):
    """How lines are tagged: the tag that begins a record, the one that ends it, and those that come several times.

    Of those `by_line` each further line is a value of its own, of others it goes on with the one before.
    """

    fields: Fields
    line: re.Pattern[str]
    begin: str
    end: str
    many: frozenset[str]
    by_line: frozenset[str] = frozenset()


_RIS = _Tags(RIS, re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*))?$"), "ty", "er", frozenset({"au", "a1", "kw"}))
# Its records end where the next one begins. https://support.clarivate.com/Endnote/s/article/EndNote-import-format
_ENDNOTE = _Tags(
    ENDNOTE, re.compile(r"%([0-9A-Z@!#$&()*+^\[\]<>?~=-])(?: (.*))?$"), "0", "", frozenset({"a", "k"}), frozenset({"k"})
)
# PubMed's, as its citation managers' files are: https://www.nlm.nih.gov/bsd/mms/medlineelements.html
_NBIB = _Tags(NBIB, re.compile(r"([A-Z]{2,4}) *- (.*)$"), "pmid", "", frozenset({"fau", "ot", "mh", "aid", "lid"}))


def read_nbib(source: ImportFile) -> Iterator[Item | Reject]:
    """The references of a file of PubMed (.nbib)."""
    return _tagged(source, _NBIB)


def read_ris(source: ImportFile) -> Iterator[Item | Reject]:
    """The references of a RIS file."""
    return _tagged(source, _RIS)


def read_endnote(source: ImportFile) -> Iterator[Item | Reject]:
    """The references of a tagged file of EndNote (.enw)."""
    return _tagged(source, _ENDNOTE)


def read_endnote_xml(source: ImportFile) -> Iterator[Item | Reject]:
    """The references of an XML export of EndNote."""
    for record in elements(source, frozenset({"record"})):
        values = dict(_values(record))
        yield reference(ENDNOTE, values, source.origin(record.line, record.value("rec-number")[:200]), record.text)


def _tagged(source: ImportFile, tags: _Tags) -> Iterator[Item | Reject]:
    record = _Record(1)
    for line in source.lines():
        tagged = tags.line.match(line.text)
        tag = tagged[1].lower() if tagged else ""
        if tag == tags.begin and record.values:  # the one before was not closed
            yield record.reference(source, tags)
        if tag == tags.begin or not record.values:
            record = _Record(line.number)
        record.take(line.text, tagged, tags)
        if tag and tag == tags.end and record.values:
            yield record.reference(source, tags)
            record = _Record(line.number + 1)
    if record.values:
        yield record.reference(source, tags)


class _Record:
    """The lines of one record: values by their tags in lower case, and the lines as they came."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.values: dict[str, list[str]] = {}
        self.raw: list[str] = []
        self._last = ""

    def take(self, text: str, tagged: re.Match[str] | None, tags: _Tags) -> None:
        """A line of it."""
        if len(self.raw) >= _MAX_LINES or not (self.values or tagged):
            return
        self.raw.append(text)
        if tagged:
            self._last = tagged[1].lower()
            self.values.setdefault(self._last, []).append((tagged[2] or "").strip())
        elif text.strip() and self._last in tags.by_line:
            self.values[self._last].append(text.strip())
        elif text.strip() and self.values.get(self._last) and self._last not in tags.fields.url:
            self.values[self._last][-1] += f" {text.strip()}"  # a value that goes on

    def reference(self, source: ImportFile, tags: _Tags) -> Item | Reject:
        """What it is."""
        flat: dict[str, object] = {}
        more: list[str] = []
        for name, values in self.values.items():
            if name in tags.fields.url:
                values = [one for value in values for one in _SEVERAL.split(value)]
                more += values[1:] if name == tags.fields.url[0] else []
            notes = name in tags.fields.note
            flat[name] = values if name in tags.many else "\n".join(values) if notes else values[0]
        found = reference(tags.fields, flat, source.origin(self.line), "\n".join(self.raw))
        if isinstance(found, Item) and more:
            told = (
                veiled(f"the reference has one more address, which was left out: {url}") for url in dict.fromkeys(more)
            )
            return replace(found, remarks=(*found.remarks, *told))
        return found


def _values(record: Element) -> Iterator[tuple[str, object]]:
    """The parts of EndNote's XML by the tags that they have in its lines."""
    yield "t", _inner(record, "titles", "title")
    yield "a", [one.text.strip() for one in _parts(record, "contributors", "authors")]
    yield "j", _inner(record, "titles", "secondary-title") or _inner(record, "periodical", "full-title")
    yield "i", record.value("publisher")
    yield "d", _inner(record, "dates", "year")
    yield "8", " ".join(_inner(record, "dates", "pub-dates").split())
    yield "[", record.value("access-date")
    yield "k", [one.text.strip() for one in _parts(record, "keywords")]
    yield "z", record.value("notes", "research-notes")
    yield "g", record.value("language")
    yield "m", record.value("accession-num")
    yield "r", record.value("electronic-resource-num")
    kinds = ("web-urls", "related-urls", "text-urls", "pdf-urls")
    addresses = [one.text.strip() for kind in kinds for one in _parts(record, "urls", kind)]
    yield "u", next((one for one in addresses if one.startswith("http")), "")


def _parts(record: Element, *names: str) -> list[Element]:
    """The elements within, down a path of names."""
    found: Element | None = record
    for name in names:
        found = found.child(name) if found else None
    return found.children if found else []


def _inner(record: Element, outer: str, name: str) -> str:
    holder = record.child(outer)
    return holder.value(name) if holder else ""


def reference(fields: Fields, values: Mapping[str, object], origin: Origin, raw: str) -> Item | Reject:
    """The item that a reference is, at its address or that of its DOI; a Reject where it has neither."""
    given = dict(values)
    day, year = str(given.get("8") or ""), str(given.get("d") or "")
    if fields is ENDNOTE and day and not _YEAR.search(day):  # "January 31", its year in a field of its own
        given["8"] = f"{day} {year}"
    try:
        if not any(str(given.get(name, "")).startswith("http") for name in fields.url):
            given[fields.url[0]] = _address(fields, given)
        return to_item(fields, given, origin)
    except ValueError as error:
        return Reject(origin, str(error), clipped(raw))


def _address(fields: Fields, given: Mapping[str, object]) -> str:
    """That of the DOI (https://www.doi.org/the-identifier/resources/factsheets), else the first in the record."""
    for name in ("do", "r", "doi", "aid", "lid"):
        values = given.get(name) or ""
        for value in values if isinstance(values, list) else [values]:
            if found := _DOI.fullmatch(str(value).removesuffix("[doi]").strip()):
                return f"https://doi.org/{found[1]}"
    if pubmed := str(given.get("pmid") or ""):
        return f"https://pubmed.ncbi.nlm.nih.gov/{pubmed}/"
    for name in fields.url:
        with suppress(ValueError):  # it is there without its scheme
            return address(str(given.get(name) or ""))
    return any_address(
        value for values in given.values() for value in (values if isinstance(values, list) else [values])
    )
