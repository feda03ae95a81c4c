"""The raw tree as a list of runs of text, and which of them stand in the extracted text. Pure.

A run is the text between two block boundaries with the anchors in it. The runs found in the extracted text, and the
smallest element that holds nearly all of them, say where in the page the article is.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from archive.extraction.facts import label_of
from archive.extraction.links.targets import absolute, tweet_id, tweet_url

if TYPE_CHECKING:
    from lxml.html import HtmlElement

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong"
    " sub sup time tt u var wbr".split()
)
_SILENT = frozenset("script style template svg noscript select textarea button head math canvas".split())
_FURNITURE = frozenset("nav footer form".split())
# A class on these says nothing of what stands around; one on the body is of the page's layout ("mobile-menu-one").
_TEXT = frozenset("p h1 h2 h3 h4 h5 h6 pre".split())
_NO_ZONE = _TEXT | {"html", "body", "main"}
# What embeds are never made of: their attributes are not looked at.
_PLAIN = (
    INLINE
    | _TEXT
    | frozenset("br img li ul ol td tr th table tbody thead hr picture source input label option dt dd main".split())
)
_FRAMES = {
    **dict.fromkeys(("iframe", "embed", "amp-iframe", "frame"), ("src", "data-src", "data-lazy-src", "data-url")),
    "object": ("data",),
    "blockquote": ("data-instgrm-permalink", "cite"),
}
# Elements of AMP that hold no address but a number.
_AMP = {
    "amp-youtube": ("data-videoid", "https://www.youtube.com/watch?v={}"),
    "amp-vimeo": ("data-videoid", "https://vimeo.com/{}"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/{}/"),
    "amp-dailymotion": ("data-videoid", "https://www.dailymotion.com/video/{}"),
    "amp-soundcloud": ("data-trackid", "https://api.soundcloud.com/tracks/{}"),
}
# Attributes in which pages (and the consent layers before their embeds) keep the address of what will stand there.
_EMBED_DATA = frozenset(
    "data-tweet-id data-tweetid data-tweet data-embed-url data-url data-href data-src data-permalink data-embed-src"
    " data-iframe-src data-video-url data-instgrm-permalink data-embed data-content-url data-html data-oembed-url"
    " data-twitter-id data-source data-src-url data-service-url data-embed-code data-post-url data-link".split()
)
_EMBED_HOST = re.compile(
    r"https?://(?:[\w-]+\.)*(?:twitter\.com|x\.com|instagram\.com|facebook\.com|youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com"
    r"|tiktok\.com|bsky\.app|threads\.net|t\.me|reddit\.com|soundcloud\.com|spotify\.com|dailymotion\.com|twitch\.tv"
    r"|datawrapper\.de|dwcdn\.net|infogram\.com|flourish\.studio|documentcloud\.org|scribd\.com|giphy\.com|linkedin\.com"
    r"|truthsocial\.com|rumble\.com|t\.co)/[^\s\"'<>\\&]+",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?:twitter|x)\.com/(?:#!/)?\w{1,20}/status(?:es)?/\d+", re.IGNORECASE)
_ZONE = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navigation|menu|breadcrumbs?|footer|related|similar|recommend\w*|teasers?|promo\w*|newsletter|sharing"
    r"|share|social-?(?:share|bar|links|media-links|icons)|sidebar|comments?|comment-?list|replies|disqus|most-?(?:read|popular|viewed)|trending|outbrain"
    r"|taboola|author-?(?:bio|box|card|info)|tags?|tag-?list|topics?|read-?(?:more|next|also)|more-?(?:on|from|stories|news)|mehr"
    r"|also-?read|cookie\w*|consent|subscribe\w*|subscription|signup|sign-up|advert\w*|ad|ads|banner|toolbar|pagination"
    r"|inline-?related|see-?also|popular|latest|category|categories|copyright|widget-?area|masthead)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Boxes that may well hold more than a short story does.
_BESIDE = re.compile(
    r"comment|disqus|cookie|consent|relat|recommend|outbrain|taboola|trending|newsletter|subscri|sign-?up|teaser|promo",
    re.IGNORECASE,
)
_GAP = re.compile(r"[\W_]+")
_ASCII = bytes(range(0x80))
_ASCII_GAPS = bytes(code for code in _ASCII if not chr(code).isalnum())
_LOWER = _ASCII.lower() + bytes(range(0x80, 0x100))
_PARAGRAPH = 80  # letters
_LAYERS = 4  # elements around each other that are named like boxes and are of the layout
# Letters of a run that cannot stand in the article by chance: some five words. On the 221 pages of the shared corpora
# 8 changes nothing, and 60 costs 0.01 of body F1 and no link (bench/thresholds.py).
_SURE = 25


@dataclass(slots=True)
class Anchor:
    """A link in a run: where its text stands there, the address as written, and in which kind of place."""

    start: int
    end: int
    href: str
    rel: str


@dataclass(slots=True)
class Run:
    """Text between two block boundaries. `frames` are the addresses of embeds that stand at this place."""

    element: HtmlElement
    text: str = ""
    letters: str = ""  # `key` of the text
    anchors: list[Anchor] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    zone: HtmlElement | None = None  # the outermost menu, footer or box of other stories around it
    quoted: bool = False  # within an embedded post
    caption: bool = False
    matched: bool = False

    @property
    def linked(self) -> float:
        """Share of its text that is links."""
        return sum(anchor.end - anchor.start for anchor in self.anchors) / max(1, len(self.text.strip()))


@dataclass(frozen=True, slots=True)
class Blocks:
    """All runs of a page in order, and for each block element which of them it spans. `base`: of relative addresses."""

    base: str
    runs: list[Run]
    spans: dict[HtmlElement, tuple[int, int]]

    def body(self, text: str) -> list[Run]:
        """The runs of the article's body, in order, those in `text` marked as matched; [] where nothing matches."""
        _match(self.runs, text)
        matched = [index for index, run in enumerate(self.runs) if run.matched]
        if not matched:
            return []
        first, last = _range(self.runs, matched, self.spans)
        return self.runs[first : last + 1]


def read_blocks(tree: HtmlElement, url: str) -> Blocks:
    """The runs of the page at `url`."""
    declared = tree.find(".//base[@href]")
    base = (absolute(declared.get("href"), url) or url) if declared is not None else url
    body = tree.find("body")
    open_: frozenset[HtmlElement] = frozenset()
    while True:
        walker = _Walker(base, open_)
        walker.visit(body if body is not None else tree, _Place())
        walker.close()
        layout = _layout(walker.runs)
        if layout is None or len(open_) >= _LAYERS:
            return Blocks(base, walker.runs, walker.spans)
        open_ |= {layout}


def _layout(runs: list[Run]) -> HtmlElement | None:
    """The element named like a menu or box that holds most paragraphs of the page, and so is of its layout."""
    sizes: Counter[HtmlElement | None] = Counter()
    for run in runs:
        if len(run.letters) >= _PARAGRAPH and not run.caption and run.linked < 0.5:
            sizes[run.zone] += len(run.letters)
    for zone, size in sizes.most_common(1):
        if zone is not None and 2 * size > sizes.total() and (not _BESIDE.search(label_of(zone)) or _holds_h1(zone)):
            return zone
    return None


def _holds_h1(element: HtmlElement) -> bool:
    return element.find(".//h1") is not None


@dataclass(frozen=True, slots=True)
class _Place:
    zone: HtmlElement | None = None
    quoted: bool = False
    caption: bool = False


class _Walker:
    """Collects runs in document order, and for each block element the runs that it spans."""

    def __init__(self, base: str, layout: frozenset[HtmlElement]) -> None:
        self.base = base
        self._layout = layout  # elements that are no menu and no box, whatever they are called
        self.runs: list[Run] = []
        self.spans: dict[HtmlElement, tuple[int, int]] = {}
        self._run: Run | None = None
        self._parts: list[str] = []
        self._length = 0

    def visit(self, element: HtmlElement, place: _Place) -> None:
        tag = element.tag
        if tag in _SILENT:
            if tag == "noscript":
                self._frames_within(element, place)
            return
        if tag in _FURNITURE and not _holds_story(element):
            return
        if tag in INLINE:
            self._inner(element, tag, place)
            return
        self.close()
        start = len(self.runs)
        self._inner(element, tag, self._place(element, tag, place))
        self.close()
        self.spans[element] = (start, len(self.runs))

    def _inner(self, element: HtmlElement, tag: str, place: _Place) -> None:
        if tag not in _PLAIN:
            self._frame(element, tag, place)
        if tag == "a" and element.get("href"):
            self._anchor(element, place)
        else:
            self._content(element, place)

    def _content(self, element: HtmlElement, place: _Place) -> None:
        text = element.text
        if text:
            self._add(element, text, place)
        for child in element:
            if isinstance(child.tag, str):
                self.visit(child, place)
            tail = child.tail
            if tail:
                self._add(element, tail, place)

    def _anchor(self, element: HtmlElement, place: _Place) -> None:
        """An anchor stands in the run around it; if it holds blocks, all their runs are its text."""
        href, rel = element.get("href") or "", element.get("rel") or ""
        run, begin, first = self._current(element, place), self._length, len(self.runs)
        self._content(element, place)
        if run is self._run:
            run.anchors.append(Anchor(begin, self._length, href, rel))
            return
        for other in self.runs[first:]:
            other.anchors.append(Anchor(begin if other is run else 0, len(other.text), href, rel))

    def close(self) -> None:
        if self._run is not None:
            self._run.text = "".join(self._parts)
            self._run.letters = key(self._run.text)
            self.runs.append(self._run)
            self._run, self._parts, self._length = None, [], 0

    def _current(self, element: HtmlElement, place: _Place) -> Run:
        if self._run is None:
            self._run = Run(element, zone=place.zone, quoted=place.quoted, caption=place.caption)
        return self._run

    def _add(self, element: HtmlElement, text: str, place: _Place) -> None:
        if self._run is None and text.isspace():
            return
        self._current(element, place)
        self._parts.append(text)
        self._length += len(text)

    def _place(self, element: HtmlElement, tag: str, place: _Place) -> _Place:
        label = label_of(element)
        zone = place.zone
        if zone is None and tag not in _NO_ZONE and label and is_zone(label) and element not in self._layout:
            zone = element
        quoted = place.quoted or (tag == "blockquote" and _is_post(element, label))
        caption = place.caption or tag == "figcaption" or "caption" in label or "credit" in label
        if zone is place.zone and (quoted, caption) == (place.quoted, place.caption):
            return place
        return _Place(zone, quoted, caption)

    def _frame(self, element: HtmlElement, tag: str, place: _Place) -> None:
        names = _FRAMES.get(tag)
        found = [element.get(name) for name in names if element.get(name)][:1] if names else []
        if tag in _AMP and (number := element.get(_AMP[tag][0])):
            found = [_AMP[tag][1].format(number)]
        if not found:
            found = _in_data(element)
        for value in found:
            url = absolute(value, self.base) if value else None
            if url:
                self._current(element, place).frames.append(url)

    def _frames_within(self, element: HtmlElement, place: _Place) -> None:
        for frame in element.iter("iframe"):
            self._frame(frame, "iframe", place)


@lru_cache(maxsize=4096)
def is_zone(label: str) -> bool:
    """Whether a class and id are those of a menu, a footer or a box of other stories. Pages repeat theirs a lot."""
    return bool(_ZONE.search(label))


def _holds_story(element: HtmlElement) -> bool:
    """Whether a form, menu or footer holds a headline: whole pages stand in one form, or in a menu never closed."""
    return element.find(".//h1") is not None or element.find(".//article") is not None


def _in_data(element: HtmlElement) -> list[str]:
    found: list[str] = []
    for name, value in element.items():
        if name not in _EMBED_DATA or not value:
            continue
        if ("tweet" in name or "twitter" in name) and value.isdigit():
            found.append(tweet_url(value))
            continue
        found += _EMBED_HOST.findall(value[:20_000])[:3]
    return found


def _is_post(element: HtmlElement, label: str) -> bool:
    """Whether a blockquote is an embedded post of a social network."""
    label = label.lower()
    if any(word in label for word in ("twitter", "tweet", "instagram-media", "tiktok", "bluesky", "mastodon")):
        return True
    return any(
        tweet_id(anchor.get("href") or "") for anchor in element.iter("a") if "/status" in (anchor.get("href") or "")
    )


def key(text: str) -> str:
    """Letters and digits alone: what survives every way of laying text out."""
    # Every line of every page comes by here, some more than once. Bytes lose their gaps many times faster than text.
    if text.isascii():
        return text.encode().translate(_LOWER, _ASCII_GAPS).decode()
    plain = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass").translate(None, _ASCII_GAPS)
    return _GAP.sub("", plain.decode("utf-8", "surrogatepass")).casefold()


def _match(runs: list[Run], text: str) -> None:
    keys = [key(line) for line in text.split("\n")]
    lines, whole = frozenset(keys), "".join(keys)
    for run in runs:
        letters = run.letters
        if len(letters) >= _SURE:
            run.matched = letters in lines or letters in whole or (len(letters) > 80 and _mostly(letters, whole))
        elif letters:
            run.matched = letters in lines and run.zone is None


def _mostly(letters: str, whole: str) -> bool:
    """Whether three stretches of a long run stand in the text: extraction joins, cuts and corrects a little."""
    third = len(letters) // 3
    return sum(letters[start : start + 30] in whole for start in (0, third, 2 * third)) >= 2


def _range(runs: list[Run], matched: list[int], spans: dict[HtmlElement, tuple[int, int]]) -> tuple[int, int]:
    """First and last run of the smallest element with nine tenths of the matched text, near the matched ones."""
    weights: dict[HtmlElement, int] = {}
    total = 0
    sure = [index for index in matched if len(runs[index].text) >= _SURE] or matched
    for index in sure:
        weight = len(runs[index].text)
        total += weight
        # From the parent on: one long paragraph may be nine tenths of a story, and is not all of it.
        element = runs[index].element.getparent()
        while element is not None:
            if element in spans:
                weights[element] = weights.get(element, 0) + weight
            element = element.getparent()
    holders = [element for element, weight in weights.items() if weight >= 0.9 * total]
    if not holders:
        return matched[0], matched[-1]
    low, high = min((spans[element] for element in holders), key=lambda span: span[1] - span[0])
    inside = [index for index in sure if low <= index < high]
    return max(low, inside[0] - 10), min(high - 1, inside[-1] + 10)
