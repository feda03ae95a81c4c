"""Nexis and LexisNexis: "1 of 25 DOCUMENTS" with labels in capitals, and "Body" … "End of Document" of Nexis Uni."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.formats.item import Item, Reject, clipped
from archive.formats.newspapers.documents import lines_of
from archive.formats.newspapers.paper import (
    Paper,
    blocks_of,
    day_in,
    flat,
    is_rights,
    item_of,
    joined,
    parted,
    without_rights,
)  # fmt: skip
from archive.formats.newspapers.signs import BODY, END, FIRST
from archive.formats.opening import ImportFile, Line

# What a label means, in the languages that there are labels in.
_LABELS = {
    "byline": "byline autor auteur autores auteurs autore autorin",
    "title": "headline titel titre título",
    "section": "section rubrik rubrique sectie sección sezione",
    "length": "length länge longueur lengte longitud lunghezza",
    "language": "language sprache langue taal idioma lingua",
    "loaded": "load-date update date-chargement date_de_chargement fecha-de-carga fecha_de_carga ladedatum laaddatum",
    "day": "date datum publication-date",
    "highlight": "highlight encart anreißer",
    "dateline": "dateline ort",
    "graphic": "graphic grafik graphique",
    "correction": "correction correction-date",
    "series": "series serie",
    "url": "url link",
    "kind": "publication-type type-publication zeitungstyp type document-type",
    "journal": "journal-code",
    "subject": "subject themen sujet",
    "person": "person people",
    "company": "company ticker organization",
    "industry": "industry",
    "places": "geographic city state country",
    "notes": "notes",
    "acc": "acc-no accession-number",
}
_MEANING = {name.replace("_", " "): meaning for meaning, names in _LABELS.items() for name in names.split()}
_LABEL = re.compile(
    rf"[ \t]{{0,3}}({'|'.join(sorted(_MEANING, key=len, reverse=True))})[ \t]*:[ \t\u00a0]*(.*)", re.IGNORECASE
)
_TAIL = frozenset(
    ("language", "loaded", "graphic", "correction", "kind", "journal", "subject", "person", "company", "industry",
     "places", "acc", "url", "notes")
)  # fmt: skip
_SURE = frozenset(("loaded", "language"))
_MOST_TITLES = 5  # paragraphs before the first label
_OF_TEXT = frozenset(("graphic", "correction", "notes"))  # are printed
_SAID = {
    "section": "Section", "dateline": "Dateline", "series": "Series", "subject": "Subject", "company": "Company",
    "person": "Person", "places": "Place", "industry": "Industry", "edition": "Edition",
}  # fmt: skip
_FIRST, _BODY, _END = re.compile(FIRST), re.compile(BODY), re.compile(END, re.IGNORECASE)
_CLASSES = re.compile(r"[ \t]*(?:Classification|Klassifizierung|Klassifikation|Clasificación)[ \t]*", re.IGNORECASE)
_COVER = re.compile(r"(?:User Name|Date and Time|Job Number|Documents?|Dokumente?) ?[:(]", re.IGNORECASE)
_CUT_OFF = "its end is missing: what there is of it was taken in"
_NO_BODY = "no article: it has no part called Body"


def read(source: ImportFile) -> Iterator[Item | Reject]:
    """The articles of an export, in whichever of the two ways."""
    part: list[Line] = []
    for part, end in parted(lines_of(source), re.compile(f"{FIRST}|{END}", re.IGNORECASE)):
        is_new = end is not None and _END.fullmatch(end.text)
        if not any(line.text.strip() for line in part):
            continue
        if is_new or any(_BODY.fullmatch(line.text) for line in part):
            yield _new(source, part, is_whole=bool(is_new))
        elif _is_old(part):
            yield _old(source, part)
        elif any(_labelled(line.text) for line in part):
            yield Reject(source.origin(part[0].number), _NO_BODY, clipped(joined(part)), lost=True)


def _is_old(part: list[Line]) -> bool:
    return any((found := _LABEL.match(line.text)) and found[1].isupper() for line in part) or any(
        day_in(line.text) for line in part[:12]
    )


def _labelled(text: str) -> tuple[str, str]:
    """What a line is labelled as, and what stands behind the label; ("", "") for a line without one."""
    found = _LABEL.match(text)
    return (_MEANING[found[1].lower()], found[2]) if found else ("", "")


class _Facts:
    """What labels say, the first of a kind first."""

    def __init__(self) -> None:
        self.said: dict[str, list[str]] = {}

    def take(self, meaning: str, value: str) -> None:
        self.said.setdefault(meaning, []).append(value)

    def __getitem__(self, meaning: str) -> str:
        return next(filter(None, self.said.get(meaning, ())), "")

    def listed(self) -> list[tuple[str, str]]:
        return [(label, "; ".join(self.said[meaning])) for meaning, label in _SAID.items() if meaning in self.said]


def _paper(line: int, facts: _Facts, text: str) -> Paper:
    return Paper(
        line, title=facts["title"], byline=facts["byline"], lang=facts["language"], text=text, number=facts["acc"],
        url=facts["url"], day=facts["day"], facts=facts.listed(),
    )  # fmt: skip


def _new(source: ImportFile, part: list[Line], *, is_whole: bool) -> Item | Reject:
    """One of Nexis Uni: title, publication, day, rights, labels, "Body", text, labels."""
    body = next((at for at, line in enumerate(part) if _BODY.fullmatch(line.text)), None)
    if body is None:
        return Reject(source.origin(part[0].number), _NO_BODY, clipped(joined(part)), lost=True)
    facts = _Facts()
    text = _without_classes(part[body + 1 :], facts)
    head = _without_cover([line for line in part[:body] if line.text.strip()])
    begins = next((at for at, line in enumerate(head) if at and _labelled(line.text)[0]), len(head))
    _take_labels(head[begins:], facts)
    plain = [line for line in head[:begins] if not is_rights(line.text)]
    shown = [facts["highlight"], joined(text)]
    paper = _paper(head[0].number if head else part[0].number, facts, "\n\n".join(filter(None, shown)))
    _name(paper, plain, facts)
    if not is_whole:
        paper.remarks.append(_CUT_OFF)
    return item_of(source, "nexis", paper)


def _name(paper: Paper, plain: list[Line], facts: _Facts) -> None:
    """Title, publication and day, which are told by where they stand."""
    at = next((at for at, line in enumerate(plain) if at and day_in(line.text)), None)
    if at is None:
        paper.title = paper.title or (plain[0].text.strip() if plain else "")
        paper.site = flat(plain[1:2])
        _no_day(paper, facts)
        return
    paper.day = plain[at].text.strip()
    paper.site = plain[at - 1].text.strip() if at > 1 else ""
    paper.title = paper.title or flat(plain[: at - 1] if at > 1 else plain[:1])
    if at + 1 < len(plain):
        paper.facts.append(("Edition", flat(plain[at + 1 :])))


def _no_day(paper: Paper, facts: _Facts) -> None:
    """The day of a paper whose head has none; that on which the database got it is another one, and told beside it."""
    paper.day = facts["day"]
    if facts["loaded"]:
        paper.facts.append(("Load-Date", facts["loaded"]))


def _without_classes(lines: list[Line], facts: _Facts) -> list[Line]:
    """The text, without what the database says of it at its end."""
    end = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        text = lines[at].text
        meaning, value = _labelled(text)
        if meaning in _TAIL and meaning not in _OF_TEXT:
            facts.take(meaning, value)
            end = at
        elif _CLASSES.fullmatch(text) and end < len(lines):
            return lines[:at]
        elif text.strip() and not is_rights(text):
            break
    return lines[:end]


def _without_cover(head: list[Line]) -> list[Line]:
    """The lines without the page in front that says what was searched and lists what was found, by number."""
    if not any(_COVER.match(line.text) for line in head[:5]):
        return head
    texts = [line.text for line in head]
    listed = next((at for at, text in enumerate(texts) if text.startswith("1.")), len(texts) - 1)
    title = texts[listed].removeprefix("1.").strip()
    if title in texts[listed + 1 :]:
        return head[texts.index(title, listed + 1) :]
    day = next((at for at, text in enumerate(texts) if at > listed + 1 and day_in(text)), None)
    return head[day - 2 :] if day else head


def _old(source: ImportFile, part: list[Line]) -> Item | Reject:
    """One of LexisNexis: publication, day, title, labels, text, labels, rights."""
    facts = _Facts()
    blocks = blocks_of(without_rights(part))
    at = next((at for at, block in enumerate(blocks[:6]) if any(day_in(line.text) for line in block)), None)
    if at is None:
        at = -1
    named = [line for block in blocks[: at + 1] for line in block]
    rest = blocks[at + 1 :]
    labels = next(
        (at for at, block in enumerate(rest[:_MOST_TITLES]) if _labelled(block[0].text)[0]), min(1, len(rest))
    )
    title, *subtitles = rest[:labels] or [[]]
    rest = rest[labels:]
    while rest and (meaning := _labelled(rest[0][0].text)[0]) and meaning not in ("loaded",):
        _take_labels(rest.pop(0), facts)
    rest = _after_body(rest)
    ends = _tail(rest)
    shown = [*map(joined, subtitles), facts["highlight"], "\n\n".join(map(joined, rest[:ends]))]
    for block in rest[ends:]:
        meaning = _labelled(block[0].text)[0]
        if not meaning or meaning in _OF_TEXT:
            shown.append(joined(block))
        else:
            _take_labels(block, facts)
    paper = _paper(part[0].number, facts, "\n\n".join(filter(None, shown)))
    paper.title = flat(title) or paper.title
    days = [place for place, line in enumerate(named) if day_in(line.text)]
    if days:
        paper.day = named[days[0]].text.strip()
        paper.site = flat(named[: days[0]])
        if later := named[days[0] + 1 :]:
            paper.facts.append(("Edition", flat(later)))
    else:
        _no_day(paper, facts)
    if not facts["loaded"] and not facts["language"] and not any(is_rights(line.text) for line in part):
        paper.remarks.append(_CUT_OFF)
    return item_of(source, "nexis", paper)


def _after_body(blocks: list[list[Line]]) -> list[list[Line]]:
    """The paragraphs without the label "BODY:" before the first."""
    if blocks and (found := re.match(r"[ \t]*(?:BODY|TEXT)[ \t]*:[ \t]*(.*)", blocks[0][0].text)):
        first, *others = blocks[0]
        blocks[0] = [*([first._replace(text=found[1])] if found[1] else []), *others]
    return [block for block in blocks if block]


def _tail(blocks: list[list[Line]]) -> int:
    """Where the labels behind the text begin: with those above one that no text has, else with the first."""
    said = [_tail_label(block[0].text) for block in blocks]
    first = next((at for at, meaning in enumerate(said) if meaning in _SURE), None)
    if first is None:
        return next((at for at, meaning in enumerate(said) if meaning), len(said))
    while first and said[first - 1]:
        first -= 1
    return first


def _tail_label(text: str) -> str:
    found = _LABEL.match(text)
    return _MEANING[found[1].lower()] if found and found[1].isupper() and _MEANING[found[1].lower()] in _TAIL else ""


def _take_labels(block: list[Line], facts: _Facts) -> None:
    """The labels of a paragraph; what stands in lines below one belongs to it."""
    last = ""
    for line in block:
        meaning, value = _labelled(line.text)
        if meaning:
            facts.take(meaning, value.strip())
            last = meaning
        elif last:
            facts.said[last][-1] += f" {line.text.strip()}"
