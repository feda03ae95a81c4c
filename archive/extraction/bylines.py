"""Who wrote it: names from JSON-LD, meta elements, microdata, rel=author and the byline, in this order. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.extraction.facts import Facts, inner_text
from archive.extraction.jsonld import text_of, types
from archive.extraction.parse import query
from archive.extraction.people import distinct, is_person, names_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META = (
    "author parsely-author sailthru.author dc.creator dcterms.creator dc.contributor.author byl citation_author"
    " article:author_name article:author og:article:author article:byline cxenseparse:author cse-author mediator_author"
    " bylines dable:author authors creator"
).split()
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|author-?names?|article-?authors?|post-?author|entry-?author|p-author"
    r"|autor(?:en|es)?|auteur|signature|writer|reporter|contributor)(?:$|[\s_-])|byline|author-?(?:name|list)",
    re.IGNORECASE,
)
_NOT_BYLINE = re.compile(
    r"bio|avatar|image|photo|comment|related|description|follow|social|share|about|more|teaser|card|recommend",
    re.IGNORECASE,
)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|by|people|person|staff|editors?|profil(?:e|es|s)?|contributors?|columnists?"
    r"|journalists?|reporters?|writers?|user|verfasser|redakteure?|firmas?|penulis|skribent|byline)/[^/?#]",
    re.IGNORECASE,
)
_MARK = re.compile(r"^(?:by|von|por|par|di|av|af|door|oleh|written by|text|texto|tekst)\s*:?$", re.IGNORECASE)
_LINE = re.compile(r"^(?:By|BY|Von|VON|Por|Par|Di|Av|Af|Door|Oleh)\s+\S")
_PROPERTIES = query("//*[contains(@itemprop, 'author')]")
_REL_AUTHOR = query("//a[@rel='author']")
_CLASSED = query(
    "//*[contains(@class, 'uthor') or contains(@class, 'yline') or contains(@class, 'by-line')"
    " or contains(@class, 'uto')"
    " or contains(@class, 'auteur') or contains(@class, 'ignature') or contains(@class, 'riter')"
    " or contains(@class, 'eporter') or contains(@class, 'ontributor')]"
)
_TECHNICAL = frozenset("developer admin administrator webmaster cms system api bot import".split())
_BLOCKS = frozenset("div p li ul ol section header footer article aside h1 h2 h3 h4 td tr table time figure".split())


@dataclass(frozen=True, slots=True)
class _Signed:
    """Names one place gives. `typed`: the page itself says that they are persons, or a desk that signs as such."""

    names: tuple[str, ...]
    rule: str
    typed: bool = False


def read_authors(facts: Facts, sites: list[str]) -> tuple[tuple[str, ...], str]:
    """The authors and the rule that gave them; ((), "") where nobody is named.

    A source that names a person wins over earlier ones that name only organisations; the publisher, and accounts of its
    editing system, are not authors beside persons.
    """
    own = {_letters(site) for site in sites}
    fallback: tuple[tuple[str, ...], str] = ((), "")
    for source in _sources(facts):
        names = tuple(name for name in source.names if not _is_account(name))
        others = tuple(name for name in names if _letters(name) not in own)
        if others and (source.typed or any(map(is_person, others))):
            return _without_departments(others), source.rule
        if names and not fallback[0]:
            fallback = (others or names, source.rule)
    return fallback


def _sources(facts: Facts) -> Iterator[_Signed]:
    yield from _from_node(facts)
    for name in _META:
        values = facts.meta.get(name, [])
        if values:
            yield _Signed(distinct(found for value in values for found in names_in(value)), f"meta {name}")
    yield _Signed(distinct(_microdata(facts.tree)), "microdata author")
    yield _Signed(distinct(_rel_author(facts.tree)), "rel=author")
    yield _Signed(distinct(_byline(facts.tree)), "byline")
    yield _Signed(distinct(_near_heading(facts)), "header of the article")


def _from_node(facts: Facts) -> Iterator[_Signed]:
    """Persons before organisations, as the article's node types them."""
    persons: list[str] = []
    others: list[str] = []
    article = facts.found.article
    value = article.get("author") or article.get("creator")
    for item in (value if isinstance(value, list) else [value])[:50]:
        node = facts.found.resolve(item)
        if isinstance(node, dict):
            names = node.get("name")
            kinds = types(node)
            found = [
                name for text in (names if isinstance(names, list) else [names]) for name in names_in(text_of(text))
            ]
            (persons if "person" in kinds or not kinds else others).extend(found)
        elif isinstance(node, str):
            others += names_in(node)
    listed = facts.meta.get("article:author", [])
    named = distinct(persons + others)
    more = distinct(name for text in listed for name in names_in(text)) if len(listed) > 1 else ()
    if named and set(named) < set(more):
        yield _Signed(more, "meta article:author", typed=True)
    yield _Signed(named, "json-ld author", typed=bool(named))


def _microdata(tree: HtmlElement) -> list[str]:
    """The authors of the first described thing that has any."""
    found: list[str] = []
    scope = None
    for element in _PROPERTIES(tree):
        if "author" not in (element.get("itemprop") or "").lower().split() or element.tag == "meta":
            continue
        around = next((outer for outer in element.iterancestors() if outer.get("itemscope") is not None), None)
        if found and around is not scope:
            break
        scope = around
        name = next(iter(element.iterfind(".//*[@itemprop='name']")), None)
        holder = element if name is None else name
        found += names_in(holder.get("content") or " ".join(_leaves(holder))[:200])
    return found[:10]


def _rel_author(tree: HtmlElement) -> list[str]:
    """The anchors with rel=author in the place where the first of them stands."""
    anchors = list(_REL_AUTHOR(tree))[:10]
    if not anchors:
        return []
    place = anchors[0].getparent().getparent()
    near = [anchor for anchor in anchors if place is None or place in anchor.iterancestors()]
    return [name for anchor in near for name in names_in(inner_text(anchor)[:120])]


def _byline(tree: HtmlElement) -> list[str]:
    """The first element whose class says that it is the byline and whose text holds names of persons."""
    for element in _CLASSED(tree):
        label = element.get("class") or ""
        if not _BYLINE.search(label) or _NOT_BYLINE.search(label):
            continue
        groups = _groups(element)
        if not 0 < sum(len(leaf) for group in groups for leaf in group) < 200:
            continue
        names = _names_in_groups(groups)
        if names:
            return names
    return []


def _near_heading(facts: Facts) -> list[str]:
    """Links to pages of authors, or a line "By …", shortly before or after the headline."""
    if not facts.headings:
        return []
    heading = max(facts.headings, key=lambda element: len(inner_text(element)))
    elements = list(facts.tree.iter("h1", "a", "p", "span", "div", "li", "address"))
    place = elements.index(heading)
    links: list[str] = []
    for element in [*elements[place : place + 150], *elements[max(0, place - 30) : place]]:
        if element.tag == "a" and _AUTHOR_PAGE.search(element.get("href") or ""):
            links += [name for name in names_in(inner_text(element)[:80]) if is_person(name)]
        elif links and element.tag != "a":
            continue
        elif not links and _LINE.match((element.text or "").strip() + " x") and len(element) <= 4:
            names = _names_in_groups(_groups(element)) if len(inner_text(element)) < 90 else []
            if names:
                return names
    return links[:6]


def _groups(element: HtmlElement) -> list[list[str]]:
    """The pieces of text in an element, a list for each block in it."""
    groups: list[list[str]] = [[]]

    def walk(node: HtmlElement) -> None:
        if node.tag in ("script", "style", "svg", "button"):
            return
        if node.tag in _BLOCKS and groups[-1]:
            groups.append([])
        if node.text and node.text.strip():
            groups[-1].append(node.text.strip())
        for child in node:
            if isinstance(child.tag, str):
                walk(child)
            if child.tail and child.tail.strip():
                groups[-1].append(child.tail.strip())
        if node.tag in _BLOCKS and groups[-1]:
            groups.append([])

    walk(element)
    return [group for group in groups if group]


def _leaves(element: HtmlElement) -> list[str]:
    return [leaf for group in _groups(element) for leaf in group]


def _names_in_groups(groups: Iterable[list[str]]) -> list[str]:
    """The persons in the block that begins with "By"; else in all blocks."""
    blocks = list(groups)
    marked = next((block for block in blocks if _MARK.match(block[0]) or _LINE.match(block[0])), None)
    chosen = [marked] if marked is not None else blocks
    return [name for block in chosen for leaf in block for name in names_in(leaf) if is_person(name)]


def _without_departments(names: tuple[str, ...]) -> tuple[str, ...]:
    """`names` without what is too long to be a name, where persons are among them."""
    if not any(map(is_person, names)):
        return names
    return tuple(name for name in names if len(name.split()) <= 5)


def _is_account(name: str) -> bool:
    """Whether a name is that of a login: "example.org developer", "webmaster"."""
    words = name.casefold().split()
    return len(words) <= 3 and bool(_TECHNICAL & set(words)) and name != name.title()


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text.casefold())
