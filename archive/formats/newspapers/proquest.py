"""ProQuest, text: papers between rules of underscores, each a list of labels with the text under "Full text:"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.formats.item import Item, Reject, clipped
from archive.formats.newspapers.documents import lines_of
from archive.formats.newspapers.paper import Paper, item_of, joined, parted
from archive.formats.opening import ImportFile, Line

_RULE = re.compile(r"[ \t]*_{20,}[ \t]*")
_NUMBERED = re.compile(r"[ \t]*Document \d+ of \d+[ \t]*", re.IGNORECASE)
_LABELS = (
    "Title", "Alternate title", "Author", "Publication info", "Publication title", "Publication date",
    "Publication year", "Publication subject", "Publication type", "Abstract", "Full text", "Links", "Subject",
    "Business indexing term", "Location", "People", "Company / organization", "Identifier / keyword", "Classification",
    "Volume", "Issue", "Pages", "First page", "Number of pages", "Section", "Column", "Credit", "Illustration",
    "Year", "Edition", "Publisher", "Place of publication", "Country of publication", "ISSN", "e-ISSN", "ISBN",
    "Source type", "Source",
    "Language of publication", "Language", "Document type", "Document feature", "ProQuest document ID",
    "Document URL", "ProQuest document link", "URL", "Accession number", "Copyright", "Last updated", "Database",
    "Dateline", "Supplement", "Narrow subject", "Broad subject", "Start page", "DOI", "Notes", "Product name", "NAICS",
    "Ethnicity", "Correspondence author", "Author affiliation", "Online publication date", "Publication history",
    "Correction",
)  # fmt: skip
_LABEL = re.compile(
    rf"[ \t]*({'|'.join(map(re.escape, sorted(_LABELS, key=len, reverse=True)))})[ \t]*:[ \t\u00a0]*(.*)", re.IGNORECASE
)
# Labels that no text ends with, but what is said of a paper.
_SURE = frozenset(("publication title", "proquest document id", "document url", "publication date", "source type"))
_OF_TEXT = ("Credit", "Illustration", "Correction")
_SAID = (
    "Section", "Pages", "First page", "Column", "Edition", "Supplement", "Dateline", "Place of publication",
    "Document type", "Subject", "Business indexing term", "Location", "People", "Company / organization",
    "Identifier / keyword",
)  # fmt: skip
_ID = re.compile(r"\d{5,20}")
_FULL_STOP = re.compile(r"(?<=\w\w\w)\.\s*\Z")
_IN_ADDRESS = re.compile(r"/docview/(\d{5,20})")
_CUT_OFF = "its end is missing: what there is of it was taken in"


def read(source: ImportFile) -> Iterator[Item | Reject]:
    """The papers; the report and the list of contents before them are none."""
    for part, end in parted(lines_of(source), _RULE):
        sure = {label for line in part if (label := _labelled(line.text)[0]) in _SURE or label == "full text"}
        if sure:
            yield _of(source, part, is_last=end is None)


def _labelled(text: str) -> tuple[str, str]:
    found = _LABEL.match(text)
    return (found[1].lower(), found[2].strip()) if found else ("", "")


def _of(source: ImportFile, part: list[Line], *, is_last: bool) -> Item | Reject:
    start = next((at for at, line in enumerate(part) if _labelled(line.text)[0] == "full text"), None)
    tail = _tail(part, 0 if start is None else start + 1)
    head = part[: tail if start is None else start]
    said = _said(part[tail:])
    ahead = _said(head)
    values = {**ahead, **said}
    abstract = values.get("abstract", "")
    text = "" if start is None else joined([_labelled(part[start].text)[1], *part[start + 1 : tail]])
    if not text and not abstract:
        return _citation(source, part, values)
    printed = [f"{label}: {values[label.lower()]}" for label in _OF_TEXT if values.get(label.lower())]
    info = values.get("publication info", "")
    site, _, place = values.get("publication title", "").partition(";")
    paper = Paper(
        part[0].number, title=said.get("title") or _title(head), site=site or info.partition(";")[0],
        byline=_FULL_STOP.sub("", values.get("author", "")), day=values.get("publication date") or info,
        lang=values.get("language of publication") or values.get("language", ""),
        text="\n\n".join(filter(None, (text or abstract, *printed))),
    )  # fmt: skip
    paper.number, paper.url = _identity(values)
    paper.facts = [(label, values[label.lower()]) for label in _SAID if values.get(label.lower())]
    if place.strip():
        paper.facts.append(("Place", place.strip()))
    if not text:
        paper.remarks.append("the export has no full text of it: its abstract was taken in")
    elif abstract.rstrip(" .…") not in " ".join(text.split()):
        paper.facts.append(("Abstract", abstract))
    if not said and is_last:
        paper.remarks.append(_CUT_OFF)
    return item_of(source, "proquest", paper)


def _citation(source: ImportFile, part: list[Line], values: dict[str, str]) -> Reject:
    title = values.get("title") or _title(part)
    why = f"the export has no full text of it, only its citation: {title[:200]}"
    return Reject(source.origin(part[0].number, _identity(values)[0]), why, clipped(joined(part)))


def _identity(values: dict[str, str]) -> tuple[str, str]:
    """The paper's number, and its address: without what says whose account asked for it."""
    links = " ".join(values.get(name, "") for name in ("document url", "proquest document link"))
    number = _ID.search(values.get("proquest document id", "")) or _IN_ADDRESS.search(links)
    if number is None:
        return values.get("accession number", ""), ""
    own = number[number.lastindex or 0]
    return own, f"https://www.proquest.com/docview/{own}"


def _title(head: list[Line]) -> str:
    """The first line that is no label."""
    for line in head:
        text = line.text.strip()
        if text and not _NUMBERED.fullmatch(text) and not text.startswith("http"):
            label, value = _labelled(text)
            if not label or label == "title":
                return value or text
            return ""
    return ""


def _tail(part: list[Line], start: int) -> int:
    """Where the labels begin that stand behind the text: back from one that no text has."""
    sure = next((at for at in range(len(part) - 1, start - 1, -1) if _labelled(part[at].text)[0] in _SURE), None)
    if sure is None:
        return len(part)
    at = sure
    while at > start and (not part[at - 1].text.strip() or _is_said(part[at - 1].text)):
        at -= 1
    return at


def _is_said(text: str) -> bool:
    label = _labelled(text)[0]
    return bool(label) and label not in ("full text", "abstract", "links")


def _said(lines: list[Line]) -> dict[str, str]:
    """Values by their labels; lines without one go on with the one before."""
    values: dict[str, str] = {}
    last = ""
    for line in lines:
        label, value = _labelled(line.text)
        if label:
            values.setdefault(label, value)
            last = label
        elif last and line.text.strip():
            values[last] = f"{values[last]} {line.text.strip()}".strip()
    return values
