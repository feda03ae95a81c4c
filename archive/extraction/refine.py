"""What extraction lets through and readers do not count as the story: dropped by where it stands in the raw tree. Pure.

Dropped are the headline itself, captions, links to other stories, and text of menus and boxes that is not most of the
article (class names lie, too). What cannot be found in the tree is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict

from archive.extraction.blocks import Blocks, Run, key
from archive.extraction.targets import absolute, site_of

_POINTERS = re.compile(
    r"^\W*(?:lesen sie (?:auch|hier|dazu|mehr)|lesetipp|auch interessant|mehr zum thema|mehr dazu|zum artikel|zum thema"
    r"|das könnte sie auch|read (?:more|also|next)\b|also read|see also|more on this|recommended"
    r"|related (?:articles?|stories|content)|don'?t miss|sign up (?:for|to)|subscribe (?:to|now)"
    r"|(?:lire|à lire) (?:aussi|également)|sur le même sujet|lea también|lee también|te puede interesar|más información"
    r"|leggi anche|leia (?:também|mais)|les også|läs (?:också|mer)|lees ook|baca juga|читайте также"
    r"|czytaj (?:też|także)|(?:anzeige|advertisement|publicidad|publicité|newsletter)$)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"^\W*(?:©|\(c\)|copyright\b)|all rights reserved\W*$", re.IGNORECASE)
_LABEL = re.compile(r"[^:]{1,40}:\s*$")  # "Warning: …", "Related: …"
_SHORT = 200  # characters; no longer line is taken for a pointer or a notice
_HEADER_LINES = 6


def refined(text: str, blocks: Blocks, title: str) -> str:
    """`text` without the lines that are not the story; `text` itself if little would be left."""
    lines = text.split("\n")
    runs: defaultdict[str, list[Run]] = defaultdict(list)
    for run in blocks.runs:
        if run.text:
            runs[run.letters].append(run)
    keys = [key(line) for line in lines]
    places = [runs.get(letters, []) for letters in keys]
    large = _large_zones(lines, places)
    wanted = key(title)
    kept = [
        line
        for number, (line, letters, place) in enumerate(zip(lines, keys, places, strict=True))
        if not _is_title(letters, wanted, number)
        and not (number == 0 and len(line) < _SHORT and _is_headline(place))
        and not _is_notice(line)
        and not _is_aside(place, large, blocks.base)
    ]
    joined = "\n".join(kept)
    return joined if 2 * len(joined) > len(text) else text


def _large_zones(lines: list[str], places: list[list[Run]]) -> set[object]:
    """The elements named like a menu or box that nevertheless hold a good part of the article."""
    sizes: defaultdict[object, int] = defaultdict(int)
    for line, place in zip(lines, places, strict=True):
        for zone in {run.zone for run in place if run.zone is not None}:
            sizes[zone] += len(line)
    total = sum(map(len, lines))
    return {zone for zone, size in sizes.items() if 4 * size > total}


def _is_title(letters: str, wanted: str, number: int) -> bool:
    """Whether a line is the headline, in the article's header also with a kicker before it; both as `key` has them."""
    if not wanted:
        return False
    return letters == wanted or (number < _HEADER_LINES and letters.endswith(wanted) and len(letters) < 2 * len(wanted))


def _is_headline(place: list[Run]) -> bool:
    """Whether a line stands in the page as a headline: what a page calls itself is not always what its h1 says."""
    return any(outer.tag == "h1" for run in place for outer in (run.element, *run.element.iterancestors()))


def _is_notice(line: str) -> bool:
    return len(line) < _SHORT and bool(_POINTERS.match(line) or _RIGHTS.search(line))


def _is_aside(place: list[Run], large: set[object], base: str) -> bool:
    """Whether everywhere that a line stands in the page is beside the story."""
    return bool(place) and all(
        run.caption or (run.zone is not None and run.zone not in large) or _is_other_story(run, base) for run in place
    )


def _is_other_story(run: Run, base: str) -> bool:
    """Whether a run is only a link to a page of the same site, long enough to be a headline; a label may precede it."""
    text = run.text.strip()
    if run.anchors and (label := _LABEL.match(run.text[: run.anchors[0].start])):
        text = run.text[label.end() :].strip()
    linked = sum(anchor.end - anchor.start for anchor in run.anchors)
    if len(text.split()) < 4 or 10 * linked < 9 * len(text):
        return False
    targets = [absolute(anchor.href, base) for anchor in run.anchors]
    return all(target is not None and site_of(target) == site_of(base) for target in targets)
