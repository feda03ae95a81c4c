"""What a page says about itself, collected from the raw tree in one go: meta elements, JSON-LD, headings, times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.extraction.decode import clean_text
from archive.extraction.jsonld import Found, read_jsonld
from archive.extraction.links.targets import absolute, split
from archive.urls import identity

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST = 2_000  # characters of one meta value
_HUMP = re.compile("(?<=[a-z])(?=[A-Z][a-z])")
# Where sites whose classes are made by programs say what an element is.
_NAMING = frozenset(
    "class id data-testid data-test-id data-test data-qa data-cy data-e2e data-component data-component-name"
    " data-module"
    " data-block data-gu-name data-name data-element data-widget-type data-hook".split()
)


@dataclass(frozen=True, slots=True)
class Facts:
    """`meta` maps lower-case names (name, property, itemprop, http-equiv) to their values in order."""

    tree: HtmlElement
    url: str
    canonical: str
    meta: dict[str, list[str]]
    found: Found
    title: str
    headings: tuple[HtmlElement, ...]  # the h1 elements

    def first(self, *names: str) -> tuple[str, str]:
        """The first value that one of the meta names has, and that name; ("", "") if none has."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value, name
        return "", ""


def collect(tree: HtmlElement, url: str) -> Facts:
    """The facts of the page at `url`."""
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = element.get("content") or element.get("value")
        if not content:
            continue
        value = clean_text(" ".join(content[:_LONGEST].split()))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(attribute)
            if name:
                meta.setdefault(name.strip().lower(), []).append(value)
    canonical = _canonical(tree, url, meta)
    same = _same_page(url, canonical)
    scripts = [
        element.text
        for element in tree.iter("script")
        if element.text and "ld+json" in (element.get("type") or "").lower()
    ]
    titles = (element for element in tree.iter("title") if element.getparent().tag != "svg")
    return Facts(
        tree,
        url,
        canonical,
        meta,
        read_jsonld(scripts, same),
        next((inner_text(element) for element in titles), ""),
        tuple(tree.iter("h1")),
    )


def label_of(element: HtmlElement) -> str:
    """What a page calls an element: its class, its id, and the names that tests and scripts know it by; words that
    are written together with capitals apart ("NewsletterTeaser" is "Newsletter-Teaser")."""
    label = " ".join(value for name, value in element.items() if name in _NAMING)[:300]
    return label if label.islower() else _HUMP.sub("-", label)


def inner_text(element: HtmlElement) -> str:
    """The text of an element on one line, without scripts and styles."""
    return clean_text(" ".join("".join(_texts(element)).split()))


def pieces_of(element: HtmlElement) -> Iterator[str]:
    """The pieces of text in an element, one for each run between tags, without scripts and styles."""
    if element.tag in ("script", "style", "template", "noscript", "svg", "button"):
        return
    if element.text and element.text.strip():
        yield element.text
    for child in element:
        if isinstance(child.tag, str):
            yield from pieces_of(child)
        if child.tail and child.tail.strip():
            yield child.tail


def _texts(element: HtmlElement) -> Iterable[str]:
    if element.tag in ("script", "style", "template", "noscript", "svg"):
        return
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str):
            if child.tag == "br" or child.tag in ("div", "p", "li"):
                yield " "
            yield from _texts(child)
        if child.tail:
            yield child.tail


def _canonical(tree: HtmlElement, url: str, meta: dict[str, list[str]]) -> str:
    """The address that the page calls its own, if it is not just the front page of a site."""
    candidates = [
        element.get("href")
        for element in tree.iter("link")
        if "canonical" in (element.get("rel") or "").lower().split()
    ]
    for candidate in [*candidates, *meta.get("og:url", [])]:
        found = absolute(candidate, url) if candidate else None
        if found and (split(found).path.strip("/") or split(found).query or not split(url).path.strip("/")):
            return found
    return ""


def _same_page(url: str, canonical: str) -> Callable[[str], bool]:
    keys = {_key(address) for address in (url, canonical) if address}

    def same(address: str) -> bool:
        found = absolute(address, url)
        return found is not None and _key(found) in keys

    return same


def _key(url: str) -> str:
    parts = split(identity(url))
    return f"{parts.netloc}{parts.path}".removeprefix("www.").rstrip("/").lower()
