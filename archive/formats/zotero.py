"""Zotero RDF: references with their attachments, notes and collections, which stand beside them and are referred to.

https://www.zotero.org/support/dev/data_formats; what a page's own copy is called (a snapshot) is no reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.formats.fields import ZOTERO
from archive.formats.item import Item, Reject
from archive.formats.opening import ImportFile
from archive.formats.records import unmarked
from archive.formats.references import reference
from archive.formats.xmls import Element, elements

_REFERENCES = frozenset(
    "article book booksection conferenceproceedings data description document image interview journal legislation "
    "letter manuscript memo motionpicture patent recording report software thesis useritem".split()
)
_OTHERS = frozenset({"attachment", "collection"})
_DEEPEST = 20  # collections within collections
_DOI = re.compile(r"\bDOI:?\s+(10\.\d{4,9}/\S+)", re.IGNORECASE)


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The references of a file, each with its notes and the collections that it is in."""
    library = _Library(list(elements(source, _REFERENCES | _OTHERS)))
    for one in library.references:
        yield reference(ZOTERO, library.values(one), source.origin(one.line, _about(one)[:200]), one.text)


class _Library:
    """The parts of a file, by what they are referred to with."""

    def __init__(self, parts: list[Element]) -> None:
        self._by_name = {_about(part): part for part in parts if _about(part)}
        self._holders: dict[str, list[Element]] = {}
        for part in parts:
            if part.name == "collection":
                for held in _all(part, "haspart"):
                    self._holders.setdefault(held.attributes.get("resource", ""), []).append(part)
        self.references = [
            part for part in parts
            if part.name not in _OTHERS and part.name != "memo" and (part.child("itemtype") or part.child("title"))
        ]  # fmt: skip

    def values(self, one: Element) -> dict[str, object]:
        """What is said of a reference, by the names that `ZOTERO` has for it."""
        identifiers = [each.text.strip() for each in _all(one, "identifier")]
        linked = [part for each in _all(one, "link") if (part := self._by_name.get(_resource(each)))]
        copies = [each.text.strip() for part in linked for each in _all(part, "identifier")]
        names = [*identifiers, _about(one), *copies]
        memos = [part for each in _all(one, "isreferencedby") if (part := self._by_name.get(_resource(each)))]
        folders = [self._path(each) for each in self._holders.get(_about(one), [])]
        doi = next((found[1] for name in names if (found := _DOI.search(name))), "")
        return {
            "url": next((name for name in names if name.startswith(("http://", "https://"))), ""),
            "doi": doi, "title": one.value("title"), "author": _people(one), "date": one.value("date"),
            "publication title": _within(one, "ispartof", "title") or _within(one, "publisher", "name"),
            "language": one.value("language"), "date added": one.value("datesubmitted"),
            "folder": next(iter(folders), ""),
            "tags": [*(each.text.strip() for each in _all(one, "subject")), *folders[1:]],
            "notes": "\n\n".join(unmarked(part.value("value") or part.text.strip()) for part in memos),
        }  # fmt: skip

    def _path(self, collection: Element) -> str:
        names: list[str] = []
        at: Element | None = collection
        while at is not None and len(names) < _DEEPEST:
            names.insert(0, at.value("title").replace("/", "-"))
            at = next(iter(self._holders.get(_about(at), [])), None)
        return "/".join(filter(None, names))


def _about(part: Element) -> str:
    return part.attributes.get("about", "")


def _resource(part: Element) -> str:
    return part.attributes.get("resource", "")


def _all(part: Element, name: str) -> list[Element]:
    return [one for one in part.children if one.name == name]


def _within(part: Element, outer: str, name: str) -> str:
    """The text of the first element with that name in one of the children."""
    for one in _all(part, outer):
        if found := _first(one, name):
            return found
    return ""


def _first(part: Element, name: str) -> str:
    return next(
        (text for one in part.children if (text := one.text.strip() if one.name == name else _first(one, name))), ""
    )


def _people(one: Element) -> list[str]:
    """The authors, as "Last, First"."""
    found = []
    for person in _persons(next(iter(_all(one, "authors")), None)):
        family, given = person.value("surname"), person.value("givenname", "givennames", "firstname")
        found.append(", ".join(filter(None, (family, given))) or person.value("name"))
    return [name for name in found if name]


def _persons(part: Element | None) -> Iterator[Element]:
    for one in part.children if part else ():
        if one.name in ("person", "organization"):
            yield one
        else:
            yield from _persons(one)
