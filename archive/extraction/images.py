"""The images that an article shows: from its headline on to the end of its text or of its element. Pure.

Those in menus and boxes, and what is too small to be looked at, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from archive.extraction.blocks import Blocks, is_zone
from archive.model import ResourceLink

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_IMAGES = ("img", "amp-img")
_BESIDE = frozenset("nav footer aside form".split())
_TINY = 40  # pixels: icons, and dots that count readers


def images_of(blocks: Blocks, text: str) -> tuple[ResourceLink, ...]:
    """The best address of each image of the article with this text."""
    from archive.resources.finding import pictures

    body = blocks.body(text)
    if not body:
        return ()
    first, last = body[0].element, body[-1].element
    holders = frozenset(first.iterancestors())
    shown = [image for image in _between(first, last) if not _is_beside(image, holders)]
    return tuple(pictures(((_attributes(image), _sources(image)) for image in shown), blocks.base))


def best_address(image: HtmlElement, base: str) -> str:
    """The address by which an image is stored where images are: the best of its sizes; "" where it has none."""
    from archive.resources.finding import picture

    found = picture(_attributes(image), base, _sources(image))
    return found.urls[0] if found else ""


def _between(first: HtmlElement, last: HtmlElement) -> Iterator[HtmlElement]:
    """The images from the headline before `first` on to the end of `last`; around them, all of the same <article>."""
    before: list[HtmlElement] = []
    end: HtmlElement | None = None  # what the images stand in once the text has come to its end
    begun = headed = False
    for element in first.getroottree().getroot().iter():
        if end is not None and not _within(element, end):
            return
        if element is first:
            begun = True
            yield from (image for image in before if headed or _article_of(image) is not None)
        if element is last:
            end = next(last.iterancestors("article"), last)
        if element.tag == "h1" and not begun:
            before, headed = [image for image in before if _article_of(image) is not None], True
        elif element.tag in _IMAGES:
            if begun:
                yield element
            else:
                before.append(element)


def _within(element: HtmlElement, outer: HtmlElement) -> bool:
    return element is outer or any(each is outer for each in element.iterancestors())


def _article_of(element: HtmlElement) -> HtmlElement | None:
    return next(element.iterancestors("article", "main"), None)


def _is_beside(image: HtmlElement, holders: frozenset[HtmlElement]) -> bool:
    """Whether an image is tiny, or in a menu or box that is none of the elements that hold the article."""
    if any(value.isdigit() and int(value) <= _TINY for name in ("width", "height") if (value := image.get(name) or "")):
        return True
    around = (outer for outer in image.iterancestors() if outer not in holders)
    return any(
        outer.tag in _BESIDE or is_zone(f"{outer.get('class') or ''} {outer.get('id') or ''}"[:300]) for outer in around
    )


def _attributes(element: HtmlElement) -> Mapping[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def _sources(image: HtmlElement) -> list[Mapping[str, str]]:
    """Those of its <picture>; as they are never closed, the parser may put the image within them."""
    holder = next(image.iterancestors("picture"), None)
    return [] if holder is None else [_attributes(source) for source in holder.iter("source")]
