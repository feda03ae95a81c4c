"""Who reported a story, as agencies say it at its end: "(Reporting by Jane Doe; Editing by John Roe)". Pure."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from archive.extraction.facts import inner_text
from archive.extraction.people import distinct, is_person, names_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# What a reporter or writer did, before the name; and who had another part, whom the next one is.
_DID = (
    r"(?:reporting|writing|reported|written)(?:\s+and\s+(?:reporting|writing|reported|written))?\s+by"
    r"|(?:bericht(?:et)?|geschrieben|verfasst)\s+von|(?:reporte|reportaje|escrito)\s+(?:de|por)"
    r"|(?:reportage|rédigé|récit)\s+(?:de|par)|reportagem\s+(?:de|por)|(?:scritto|servizio)\s+(?:da|di)"
)
_BEGINS = re.compile(rf"(?:^|[(\[])\s*(?=(?:additional\s+)?(?:{_DID})\s+\w)", re.IGNORECASE)
_DONE = re.compile(rf"\s*(?:and\s+)?(?:{_DID})\s+", re.IGNORECASE)
_CLAUSES = re.compile(
    r"\s*;\s*|(?<=\w\w)\.\s+|,\s+(?=(?:geschrieben|redigiert|bearbeitet|version|édité|rédigé|editad[oa]|editing|edited"
    r"|writing|written|edição|edición|traduzid[oa]|additional)\b)",
    re.IGNORECASE,
)
_LONGEST = 600  # characters of a credit
_MOST = 3  # credits that are looked at, from the end


def credited(tree: HtmlElement, langs: tuple[str, ...]) -> tuple[str, ...]:
    """Those who reported and wrote, in the last credit of a page; whoever edited or helped is none of them."""
    holders: deque[HtmlElement] = deque(maxlen=_MOST)
    for element in tree.iter():
        if isinstance(element.tag, str):
            if _BEGINS.search(element.text or ""):
                holders.append(element)
            elif _BEGINS.search(element.tail or "") and element.getparent() not in holders:
                holders.append(element.getparent())
    texts = (inner_text(holder) for holder in reversed(holders))
    return next(filter(None, (_named(text, langs) for text in texts)), ())


def _named(text: str, langs: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the last credit in a text."""
    last = next(reversed(list(_BEGINS.finditer(text))), None)
    return _names(re.split(r"[)\]]", text[last.end() :], maxsplit=1)[0], langs) if last else ()


def _names(credit: str, langs: tuple[str, ...]) -> tuple[str, ...]:
    if len(credit) > _LONGEST:
        return ()
    clauses = ((_DONE.match(clause), clause) for clause in _CLAUSES.split(credit))
    named = (name for done, clause in clauses if done for name in names_in(clause[done.end() :], langs=langs))
    return distinct(name for name in named if is_person(name))
