"""The sources an article cites: links of its body, with role, anchor text and the sentence around them. Pure.

The body in the raw tree is where the extracted text stands (see extraction.blocks), so links that text extraction drops
(tweets, players, anchors without text) are found, and menus, related-stories boxes and footers are not. Left out: the
page itself, anything but http and https. What is no source (links/worth.py) or may not be fetched is marked so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from archive.extraction.blocks import Blocks, Run
from archive.extraction.decode import clean_text
from archive.extraction.links.hrefs import read_href, unwrapped
from archive.extraction.links.targets import is_noise, is_share_button, is_short, tweet_id, tweet_url
from archive.extraction.links.worth import unfollowed
from archive.model import Link, Role
from archive.urls import identity, scan_urls

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+(?=[\"'“„«‘(\[]*[^\W\d_a-zß-öø-ÿ]|[\"'“„«‘(\[]*\d)|(?<=[。！？])|\n")
_CREDIT = re.compile(
    r"\b(?:photos?|fotos?|bild(?:er)?|credits?|quelle|source|via|image|picture|getty|cc[ -]by)\b", re.IGNORECASE
)
_VIA = re.compile(r"\s*\(?via\s+@", re.IGNORECASE)
_CARD = re.compile(
    r"(?:^|[\s_-])(?:bookmark-card|wp-block-embed|mixtape\w*|onebox|oembed|(?:link|url)-?(?:preview|card)|embed-?card)(?:$"
    r"|[\s_-])",
    re.IGNORECASE,
)
_CARD_LEVELS = 4
_LONGEST = 300  # characters of context on either side
_MOST = 2_000  # links of one article


def find_links(blocks: Blocks, text: str, url: str, *, itself: tuple[str, ...] = ()) -> tuple[Link, ...]:
    """The body links of the page at `url` whose extracted text is `text`, in order, each address once.

    `blocks` are those of its raw tree; `itself`: further addresses of the page (its canonical one).
    """
    found = [link for run in blocks.body(text) for link in _of_run(run, blocks.base, url)]
    found += _in_text(text, url)
    return _distinct(_placed(found, text), (url, *itself))


def text_links(text: str, url: str) -> tuple[Link, ...]:
    """The addresses written out in a plain text."""
    return _distinct(_in_text(text, url), (url,))


def sentence_at(text: str, start: int, end: int) -> str:
    """The sentence of `text` that holds the characters [start, end)."""
    first, last = max(0, start - _LONGEST), min(len(text), end + _LONGEST)
    low = max((match.end() for match in _SENTENCE.finditer(text, first, start)), default=first)
    after = _SENTENCE.search(text, end, last)
    return " ".join(text[low : after.start() + 1 if after else last].split())


def _of_run(run: Run, base: str, url: str) -> Iterator[Link]:
    yield from _anchored(run, base, url)
    if (run.matched or run.quoted) and "/" in run.text:
        for target, start, end in scan_urls(run.text):
            if not any(anchor.start < end and start < anchor.end for anchor in run.anchors):
                role = Role.EMBEDDED if run.quoted else _bare_role(run.text, end)
                yield _link(target, role, "", _context(run.text, start, end), url)
    yield from _frames(run)


def _anchored(run: Run, base: str, url: str) -> Iterator[Link]:
    """The anchors of a run of the body; those of other runs only where they are posts or stand in a sentence."""
    text = run.text
    prose = len(text.strip()) - sum(anchor.end - anchor.start for anchor in run.anchors)
    in_body = run.matched or (prose > 40 and run.zone is None)
    for anchor in run.anchors:
        found = read_href(anchor.href, base)
        if found is None:
            continue
        target = unwrapped(found.url)
        post = run.quoted or tweet_id(target) is not None
        if in_body or post or is_short(target) or _is_card(run):
            words = clean_text(" ".join(text[anchor.start : anchor.end].split()))
            role = _role(run, post, anchor.start)
            context = _context(text, anchor.start, anchor.end)
            yield _link(target, role, words, context, url, found.refused, "" if post else anchor.rel)


def _is_card(run: Run) -> bool:
    """Whether a run stands in a card that shows another page within the story, as editors make of an address."""
    around = (run.element, *islice(run.element.iterancestors(), _CARD_LEVELS))
    return run.zone is None and any(_CARD.search(one.get("class") or "") for one in around)


def _link(target: str, role: Role, words: str, context: str, url: str, refused: str = "", rel: str = "") -> Link:
    """A link of the page at `url`, with the reason why it is not followed; an embedded post always is, if it may be."""
    reason = refused or unfollowed(target, url, rel, words)
    if role is Role.EMBEDDED and not refused and not is_share_button(target):
        reason = ""
    return Link(target, role, words, context, unfollowed=str(reason))


def _frames(run: Run) -> Iterator[Link]:
    for frame in run.frames:
        if is_noise(frame) or is_share_button(frame):
            continue
        post = tweet_id(frame)
        target = tweet_url(post) if post and "platform." in frame else unwrapped(frame)
        yield Link(target, Role.EMBEDDED, "", _context(run.text, 0, 0))


def _context(text: str, start: int, end: int) -> str:
    return clean_text(sentence_at(text, start, end))


def _role(run: Run, post: bool, start: int) -> Role:
    if post:
        return Role.EMBEDDED
    before = run.text[max(0, start - 40) : start]
    return (
        Role.CREDITED
        if (run.caption and _CREDIT.search(run.text)) or re.search(r"\bvia\s*$", before, re.I)
        else Role.CITED
    )


def _bare_role(text: str, end: int) -> Role:
    return Role.CREDITED if _VIA.match(text, end) else Role.CITED


def _in_text(text: str, url: str) -> list[Link]:
    return [
        replace(_link(unwrapped(target), _bare_role(text, end), "", sentence_at(text, start, end), url), start=start)
        for target, start, end in scan_urls(text)
    ]


def _placed(links: list[Link], text: str) -> list[Link]:
    """The links with their offsets in `text`, where their sentence (or their anchor's words in order) stands there."""
    placed, cursor = [], 0
    for link in links:
        start = link.start if link.start is not None else _offset(link, text, cursor)
        if start is not None and link.start is None:
            cursor = start
        placed.append(replace(link, start=start))
    return placed


def _offset(link: Link, text: str, cursor: int) -> int | None:
    shown = link.text or link.url
    if not link.context or shown not in link.context:
        return None
    for begin in (cursor, 0):
        at = text.find(link.context, max(0, begin - len(link.context)))
        if at >= 0:
            inside = link.context.find(shown, max(0, begin - at) if begin > at else 0)
            return at + (inside if inside >= 0 else link.context.find(shown))
    return None


def _distinct(links: list[Link], itself: tuple[str, ...]) -> tuple[Link, ...]:
    """Each address once, at its first place; one that a post embeds stays embedded, one with a place keeps it.

    One that is a source at any of its places is followed.
    """
    seen = {identity(url) for url in itself if url}
    kept: dict[str, Link] = {}
    taken = {link.start for link in links if link.text}
    for link in links:
        name = identity(link.url)
        if name in seen or (not link.text and link.start is not None and link.start in taken):
            continue  # the page itself, or an address that is only the words of an anchor
        first = kept.get(name)
        if first is None:
            kept[name] = link
        elif first.unfollowed and not link.unfollowed:
            kept[name] = replace(link, role=first.role)
        elif not first.text and (link.text or first.start is None):
            kept[name] = replace(first, text=link.text, context=link.context or first.context, start=link.start)
    return tuple(islice(kept.values(), _MOST))
