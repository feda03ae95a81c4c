"""GENIOS and wiso, text: headline and text, and labels ("Quelle:", "Ressort:", "Dokumentnummer:") beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.formats.item import Item, Reject, clipped
from archive.formats.newspapers.documents import lines_of
from archive.formats.newspapers.paper import Paper, blocks_of, day_in, flat, is_rights, item_of, joined
from archive.formats.newspapers.signs import SOURCE
from archive.formats.opening import ImportFile, Line
from archive.urls import find_urls

_SOURCE = re.compile(SOURCE)
_END = re.compile(r"[ \t]*(?:©|\(c\)) ?GBI-Genios.*", re.IGNORECASE)
_LABEL = re.compile(
    r"[ \t]*(Quelle|Ressort|Rubrik|Ausgabe|Autor|Autoren|Autorin|Dokumentnummer|Dauerhafte Adresse des Dokuments|Seite"
    r"|Datum|Erscheinungsdatum|ISSN|Schlagw[oö]rter|Schlagwort|Personen|Firmen|Branche|Ort|Region|Land|Sprache|Titel"
    r"|Untertitel|Jahrgang|Alle Rechte vorbehalten|Erschienen|Nr|Heft|Serie|Dokumenttyp|Textart)[ \t]*:[ \t\u00a0]*(.*)"
)
_SAID = (
    "Ressort", "Rubrik", "Ausgabe", "Seite", "Serie", "Schlagwörter", "Schlagwort", "Personen", "Firmen",
    "Branche", "Ort", "Region", "Land",
)  # fmt: skip
_FROM = re.compile(r"""["„“]?(?P<site>.+?)["“”]?(?:,)?\s+(?:vom|VOM|v\.|den)?\s*(?=\d{1,2}\.)(?P<rest>.*)""", re.DOTALL)
_PAGE = re.compile(r"\b(?:S\.|Seite:?|SEITE:?)\s*([A-Z]{0,3}\d{1,4}(?:[-–,]\s?\d{1,4})?)")
_CONTENTS = re.compile(r"[ \t]*(?:Inhaltsverzeichnis|Dokumente|\d{1,4}\. .*?[ .]{3,}\d{1,4})[ \t]*")
_NO_SOURCE = "no article: no line says which newspaper it is from (Quelle)"


def read(source: ImportFile) -> Iterator[Item | Reject]:
    """The papers. One ends with the provider's name, or, where that is missing, before the headline of the next."""
    part: list[Line] = []
    for line in lines_of(source):
        if _END.fullmatch(line.text):
            yield from _of(source, part)
            part = []
        elif not _CONTENTS.fullmatch(line.text):
            part.append(line)
    yield from _of(source, part)


def _of(source: ImportFile, part: list[Line]) -> Iterator[Item | Reject]:
    source_at = next((at for at, line in enumerate(part) if _SOURCE.match(line.text)), None)
    if source_at is None:
        if there := blocks_of(part):
            yield Reject(source.origin(there[0][0].number), _NO_SOURCE, clipped(joined(part)), lost=True)
        return
    begin = source_at
    while begin and (not part[begin - 1].text.strip() or _LABEL.fullmatch(part[begin - 1].text)):
        begin -= 1
    said, end = _said(part, begin)
    text = [*part[:begin], Line(part[begin].number, ""), *_without_foot(part[end:], said)]
    blocks = blocks_of(text)
    if not blocks:
        yield Reject(source.origin(part[source_at].number), "an article without text", clipped(joined(part)))
        return
    first, *others = blocks
    titled = said.get("Titel", "")
    paper = Paper(
        first[0].number, title=titled or flat(first),
        byline=next((said[name] for name in ("Autor", "Autoren", "Autorin") if said.get(name)), ""),
        number=said.get("Dokumentnummer", ""), lang=said.get("Sprache", "") or "Deutsch",
        text="\n\n".join(joined(block) for block in (blocks if titled else others)),
    )  # fmt: skip
    if address := next(iter(find_urls(said.get("Dauerhafte Adresse des Dokuments", ""))), ""):
        paper.url = address
    _take_source(paper, said)
    paper.facts += [(label, said[label]) for label in _SAID if said.get(label)]
    yield item_of(source, "genios", paper)


def _without_foot(lines: list[Line], said: dict[str, str]) -> list[Line]:
    """Lines without the labels and rights at their end; what the labels say is put into `said`."""
    for at in range(len(lines) - 1, -1, -1):
        if found := _LABEL.fullmatch(lines[at].text):
            said.setdefault(found[1], found[2].strip())
        elif lines[at].text.strip() and not is_rights(lines[at].text):
            return lines[: at + 1]
    return []


def _said(part: list[Line], begin: int) -> tuple[dict[str, str], int]:
    """What the labels say that stand together, and where they end; one alone in its line has its value below."""
    said: dict[str, str] = {}
    below, end = "", begin
    for at in range(begin, len(part)):
        text = part[at].text
        if found := _LABEL.fullmatch(text):
            said.setdefault(found[1], found[2].strip())
            below = "" if found[2].strip() else found[1]
        elif text.strip() and below:
            said[below], below = text.strip(), ""
        elif text.strip() and not is_rights(text):
            return said, at
        end = at + 1
    return said, end


def _take_source(paper: Paper, said: dict[str, str]) -> None:
    """Newspaper, day and page, which one line says."""
    written = said["Quelle"]
    found = _FROM.fullmatch(written)
    paper.site = (found["site"] if found else written).strip(' ,"„“”')
    paper.day = next((said[name] for name in ("Datum", "Erscheinungsdatum", "Erschienen") if said.get(name)), "")
    if day_in(written):
        paper.day = found["rest"] if found else written
    if page := _PAGE.search(written):
        paper.facts.append(("Seite", page[1]))
