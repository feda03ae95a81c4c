"""Notes of Evernote (.enex): clippings at the address that they came from, and a person's own notes as texts.

https://dev.evernote.com/doc/articles/enml.php. Attached files are not taken over.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from archive.formats.item import Item, Reject
from archive.formats.moments import instant
from archive.formats.opening import ImportFile
from archive.formats.records import address, made_address, unmarked
from archive.formats.xmls import Element, elements

_PAGE = 500  # characters of a clipping that is read as a page is; of a shorter one nothing is left out
_PROLOG = re.compile(r"\A\s*(?:<\?xml[^>]{0,500}\?>\s*)?(?:<!DOCTYPE[^>\[]{0,500}>\s*)?")
_LINK = re.compile(
    r"""<a\s[^<>]{0,2000}?href=["'](https?://[^"'<>]+)["'][^<>]{0,2000}>(.*?)</a>""", re.DOTALL | re.IGNORECASE
)
_WORDS = re.compile(r"<[^<>]{0,2000}>")


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The notes of an export."""
    for note in elements(source, frozenset({"note"})):
        yield _item(source, note)


def _item(source: ImportFile, note: Element) -> Item | Reject:
    facts = note.child("note-attributes")
    content = _PROLOG.sub("", note.value("content"))
    title = " ".join(note.value("title").split())
    origin = source.origin(note.line)
    stated = facts.value("source-url") if facts else ""
    words = unmarked(_LINK.sub(_with_address, content))
    is_page = bool(stated) and len(words) >= _PAGE
    if not content or not (stated or words):
        return Reject(origin, "a note without words", title)
    try:
        url = address(stated) if stated else made_address("evernote", f"{title}\n{note.value('created')}\n{words}")
    except ValueError as error:
        return Reject(origin, str(error), title, lost=True)
    attached = sum(one.name == "resource" for one in note.children)
    author = facts.value("author") if facts else ""
    return Item(
        url, origin, title=title, text="" if is_page else words, html=content if is_page else "",
        authors=(author,) if author else (),
        added=instant(note.value("created")),
        tags=tuple(dict.fromkeys(one.text.strip() for one in note.children if one.name == "tag" and one.text.strip())),
        remarks=(f"{attached} attached file{'s were' if attached > 1 else ' was'} left out",) if attached else (),
    )  # fmt: skip


def _with_address(found: re.Match[str]) -> str:
    """The words of a link, and behind them where it leads: in a text it would be lost."""
    url, words = html.unescape(found[1]), html.unescape(_WORDS.sub("", found[2])).strip()
    return html.escape(words if words == url else f"{words} ({url})".strip())
