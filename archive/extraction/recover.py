"""What extraction leaves out and readers do count as the story: found by where it stands in the raw tree. Pure.

Two things: the lead between the headline and the body (known by what the page calls its description, or by its class),
and paragraphs and subheadings that are built just like the ones that were extracted, in the same article.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.extraction.blocks import INLINE, Blocks, Run, key
from archive.extraction.decode import clean_text
from archive.extraction.refine import is_sentence

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|intro|teaser|standfirst|stand-first|sub-?title|sub-?heading|sub-?headline|dek|deck|excerpt"
    r"|summary|description|abstract|epigraph|vorspann|untertitel|chapo|chapeau|entradilla|bajada|sommario|occhiello"
    r"|ingress|manchet|synopsis|perex)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Boxes within a story that are part of it.
_CALLOUT = re.compile(r"(?:^|[._\s-])(?:callout|(?:info|fact|note)-?box)(?:$|[_\s-])", re.IGNORECASE)
_HEADINGS = frozenset("h2 h3 h4".split())
_TEXT_TAGS = frozenset("p h2 h3 h4 h5 blockquote".split())
# Judgements, with room on both sides on the 221 pages of the shared corpora (bench/thresholds.py; body F1 96.77).
_SHORTEST_LEAD = 30  # letters: at 60 short leads are lost (96.75), at 10 nothing changes
_SHORTEST = 25  # letters of a recovered paragraph
_SHORTEST_SENTENCE = 8
_SHORTEST_HEADING = 3
_ECHO = 40  # letters that lead and description share at their beginning: 15 or 100 change nothing
_BEFORE = 60  # runs between headline and body, so that work is bounded: 15 or 300 change nothing


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a block is built: its own tag, and tag and class of what holds it."""

    tag: str
    holder: str
    around: str


def recovered(text: str, blocks: Blocks, title: str, descriptions: tuple[str, ...]) -> str:
    """`text` with its lead and its missing paragraphs, each where it stands in the page."""
    if not text:
        return text
    blocks.body(text)  # marks what is in the text
    runs = blocks.runs
    sure = [index for index, run in enumerate(runs) if run.matched and len(run.letters) >= _SHORTEST]
    if not sure:
        return text
    added = _siblings(runs, sure)
    wanted = key(title)
    first = next((index for index in sure if not (wanted and runs[index].letters.endswith(wanted))), sure[0])
    lead = _lead(runs, first, wanted, descriptions)
    if lead is not None and runs[lead].letters not in key(text):
        runs[lead].zone = None  # whatever its box is called
        added = [lead, *(index for index in added if index != lead)]
    return _inserted(text, runs, added) if added else text


def _lead(runs: list[Run], first: int, wanted: str, descriptions: tuple[str, ...]) -> int | None:
    """The run between headline (whose `key` is `wanted`) and body that is the story's lead."""
    heading = max((n for n, run in enumerate(runs[:first]) if wanted and run.letters.endswith(wanted)), default=None)
    if heading is None or first - heading > _BEFORE:
        return None
    echoes = [letters[:_ECHO] for letters in map(key, descriptions) if len(letters) >= _SHORTEST_LEAD]
    labelled = None
    for index in range(heading + 1, first):
        run = runs[index]
        letters = run.letters
        if len(letters) < _SHORTEST_LEAD or run.caption or run.linked > 0.5:
            continue
        if any(echo in letters for echo in echoes):
            return index
        if labelled is None and _is_labelled(run.element) and (run.zone is None or _is_alone(runs, index)):
            labelled = index
    return labelled


def _is_alone(runs: list[Run], index: int) -> bool:
    """Whether a run is all that its box holds, and no link: a lead, though its class is that of other stories."""
    beside = (runs[near].zone for near in (index - 1, index + 1) if 0 <= near < len(runs))
    return not runs[index].anchors and runs[index].zone not in beside


def _is_labelled(element: HtmlElement) -> bool:
    """Whether the class of an element, or of the two around it, says that it is a lead."""
    for _ in range(3):
        if element is None or element.tag in ("body", "article", "main"):
            return False
        if _LEAD.search(element.get("class") or ""):
            return True
        element = element.getparent()
    return False


def _siblings(runs: list[Run], sure: list[int]) -> list[int]:
    """Unmatched runs built like the matched ones, in the article that holds these."""
    shapes = Counter(_shape(runs[index]) for index in sure)
    usual = {shape for shape, count in shapes.items() if shape.tag == "p" and count >= 2}
    holders = {(shape.holder, shape.around) for shape in usual}
    parents = {_block(runs[index].element).getparent() for index in sure if _shape(runs[index]) in usual}
    found = []
    for index, run in enumerate(runs):
        if run.matched or run.zone is not None or run.caption or not sure[0] <= index:
            continue
        if run.quoted:
            if index < sure[-1] and len(run.letters) >= _SHORTEST:
                found.append(index)
            continue
        block = _block(run.element)
        shape = _shape(run)
        beside = block.getparent() in parents
        alike = beside or ("." in shape.holder and (shape.holder, shape.around) in holders)
        callout = index < sure[-1] and _CALLOUT.search(f"{shape.holder} {_label(block)}")
        tag = "p" if callout else shape.tag
        wrapped = tag in _HEADINGS and sure[0] < index < sure[-1] and _is_among(runs, index)
        if (callout or alike or wrapped) and tag in _TEXT_TAGS and _is_worth(run, tag, beside=beside):
            found.append(index)
    total = sum(len(runs[index].text) for index in sure)
    return found if sum(len(runs[index].text) for index in found) < 3 * total else []


def _is_among(runs: list[Run], index: int) -> bool:
    """Whether a heading, in a wrapper of its own, has paragraphs of the story on either side, itself in no list."""
    before, behind = runs[index - 1], runs[index + 1]
    return all(run.matched and len(run.letters) >= _SHORTEST and run.linked < 0.5 for run in (before, behind))


def _is_worth(run: Run, tag: str, *, beside: bool) -> bool:
    """Whether a run is one of the story's. `beside`: it stands in the very element that the paragraphs stand in."""
    letters = len(run.letters)
    if tag not in ("p", "blockquote"):
        to_itself = all(anchor.href.startswith("#") for anchor in run.anchors)
        return letters >= _SHORTEST_HEADING and (run.linked < 0.5 or to_itself)
    if letters >= _SHORTEST:
        return run.linked < 0.5
    return beside and letters >= _SHORTEST_SENTENCE and is_sentence(run)


def _block(element: HtmlElement) -> HtmlElement:
    while element.tag in INLINE and element.getparent() is not None:
        element = element.getparent()
    return element


def _shape(run: Run) -> _Shape:
    block = _block(run.element)
    holder = block.getparent()
    around = holder.getparent() if holder is not None else None
    return _Shape(block.tag, _label(holder), _label(around))


def _label(element: HtmlElement | None) -> str:
    if element is None:
        return ""
    name = (element.get("class") or "").strip()
    return f"{element.tag}.{name}" if name else str(element.tag)


def _inserted(text: str, runs: list[Run], added: list[int]) -> str:
    """`text` with the runs `added` as lines of their own, each after the line that stands before it in the page."""
    lines = text.split("\n")
    places: dict[str, int] = {}
    for number, line in enumerate(lines):
        places.setdefault(key(line), number)
    after: dict[int, list[str]] = {}
    last = -1
    wanted = set(added)
    for index, run in enumerate(runs):
        if index in wanted:
            after.setdefault(last, []).append(" ".join(clean_text(run.text).split()))
        elif run.matched:
            last = max(last, places.get(run.letters, last))
    out = list(after.get(-1, []))
    for number, line in enumerate(lines):
        out += [line, *after.get(number, [])]
    return "\n".join(out)
