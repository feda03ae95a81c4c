"""The article as the densest part of the page: an extractor of our own on the runs of blocks.py. Pure.

It takes the element whose paragraphs carry most text that is not links, and all text blocks in it that are not beside
the story. It sees the page differently from trafilatura, and so serves as its rescue and as one voice among others.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from archive.extraction.blocks import INLINE, Blocks, Run
from archive.extraction.decode import clean_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TEXT_TAGS = frozenset("p li h2 h3 h4 h5 h6 blockquote pre td dd dt div section article".split())
_PROSE = 40  # characters outside of links that make a run a paragraph
_SHARE = 0.25  # of a paragraph's weight that reaches the element around its own


def densest_text(blocks: Blocks, *, anywhere: bool = False) -> str:
    """The text of the densest element, a line for each block; "" where no paragraph is found.

    `anywhere`: also in what is named like a menu or box (pages with unclosed tags have the article in one).
    """
    weights: defaultdict[HtmlElement, float] = defaultdict(float)
    for run in blocks.runs:
        prose = _prose(run)
        if prose < _PROSE or run.caption or (run.zone is not None and not anywhere):
            continue
        share = 1.0
        element = _block(run.element).getparent()
        for _ in range(3):
            if element is None or element.tag == "html":
                break
            weights[element] += share * prose
            share *= 0.8 if element.tag in ("div", "section", "article") else _SHARE
            element = element.getparent()
    if not weights:
        return ""
    best = max(weights, key=lambda element: weights[element])
    low, high = blocks.spans.get(best, (0, 0))
    lines = [
        " ".join(clean_text(run.text).split()) for run in blocks.runs[low:high] if _is_story(run, anywhere=anywhere)
    ]
    return "\n".join(line for line in lines if line)


def _prose(run: Run) -> int:
    return len(run.text.strip()) - sum(anchor.end - anchor.start for anchor in run.anchors)


def _is_story(run: Run, *, anywhere: bool) -> bool:
    if (run.zone is not None and not anywhere) or run.caption or _block(run.element).tag not in _TEXT_TAGS:
        return False
    text = run.text.strip()
    return bool(text) and 2 * _prose(run) >= len(text)


def _block(element: HtmlElement) -> HtmlElement:
    while element.tag in INLINE and element.getparent() is not None:
        element = element.getparent()
    return element
