"""Who wrote it: names from JSON-LD, meta elements, microdata, rel=author and the byline, in this order. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archive.extract.facts import Facts, inner_text
from archive.extract.jsonld import text_of, types
from archive.extract.people import distinct, is_person, names_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META = (
    "author parsely-author sailthru.author dc.creator dcterms.creator dc.contributor.author byl citation_author"
    " article:author_name article:author og:article:author cxenseparse:author cse-author mediator_author bylines"
    " authors creator"
).split()
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|author-?names?|article-?authors?|post-?author|entry-?author|p-author"
    r"|autor(?:en|es)?|auteur|signature|writer|reporter|contributor)(?:$|[\s_-])|byline|authorname",
    re.IGNORECASE,
)
_NOT_BYLINE = re.compile(
    r"bio|avatar|image|photo|comment|related|description|follow|social|share|about|more", re.IGNORECASE
)


def read_authors(facts: Facts, sites: list[str]) -> tuple[tuple[str, ...], str]:
    """The authors and the rule that gave them; ((), "") where nobody is named.

    A source that names a person wins over earlier ones that name only organisations; the publisher is not an author
    beside persons.
    """
    fallback: tuple[tuple[str, ...], str] = ((), "")
    for names, rule in _sources(facts):
        found = distinct(names)
        if not found:
            continue
        own = {_letters(site) for site in sites}
        others = tuple(name for name in found if _letters(name) not in own)
        if any(is_person(name) for name in others):
            return others, rule
        if not fallback[0]:
            fallback = (others or found, rule)
    return fallback


def _sources(facts: Facts) -> Iterator[tuple[list[str], str]]:
    yield _from_node(facts), "json-ld author"
    for name in _META:
        values = facts.meta.get(name, [])
        if values:
            yield [found for value in values for found in names_in(value)], f"meta {name}"
    yield from _labelled(facts)
    yield _microdata(facts.tree), "microdata author"
    yield _rel_author(facts.tree), "rel=author"
    yield _byline(facts.tree), "byline"


def _from_node(facts: Facts) -> list[str]:
    """Persons before organisations, as the article's node types them."""
    persons: list[str] = []
    others: list[str] = []
    article = facts.found.article
    value = article.get("author") or article.get("creator")
    items = value if isinstance(value, list) else [value]
    for item in items[:50]:
        node = facts.found.resolve(item)
        if isinstance(node, dict):
            names = node.get("name")
            listed = names if isinstance(names, list) else [names]
            found = [name for text in listed for name in names_in(text_of(text))]
            (others if "organization" in types(node) else persons).extend(found)
        elif isinstance(node, str):
            persons += names_in(node)
    return persons + others


def _labelled(facts: Facts) -> Iterator[tuple[list[str], str]]:
    """twitter:label1 = "Written by" with twitter:data1 = the name, as WordPress plugins write it."""
    for number in ("1", "2"):
        label, _ = facts.first(f"twitter:label{number}")
        if (
            re.search(r"written|author|von|verfasst|[ée]crit|escrit|autor|by\b", label, re.IGNORECASE)
            and "time" not in label.lower()
        ):
            yield names_in(facts.first(f"twitter:data{number}")[0]), "meta twitter:data"


def _microdata(tree: HtmlElement) -> list[str]:
    found: list[str] = []
    for element in tree.iterfind(".//*[@itemprop]"):
        if "author" not in (element.get("itemprop") or "").lower().split() or element.tag == "meta":
            continue
        name = next((inner for inner in element.iterfind(".//*[@itemprop='name']")), None)
        holder = element if name is None else name
        found += names_in(holder.get("content") or inner_text(holder)[:200])
    return found[:10]


def _rel_author(tree: HtmlElement) -> list[str]:
    found = [name for anchor in tree.iterfind(".//a[@rel='author']") for name in names_in(inner_text(anchor)[:120])]
    return found[:8]


def _byline(tree: HtmlElement) -> list[str]:
    """The first element whose class says that it is the byline and whose text holds names of persons."""
    for element in tree.iterfind(".//*[@class]"):
        label = element.get("class")
        if not _BYLINE.search(label) or _NOT_BYLINE.search(label):
            continue
        text = inner_text(element)
        if not 3 < len(text) < 150:
            continue
        anchors = [
            name for anchor in element.iter("a") for name in names_in(inner_text(anchor)[:80]) if is_person(name)
        ]
        names = anchors or [name for name in names_in(text) if is_person(name)]
        if names:
            return names
    return []


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text.casefold())
