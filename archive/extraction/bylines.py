"""Who wrote it: JSON-LD, meta elements, microdata, rel=author and the printed byline, in this order. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.extraction import byline_words as tables
from archive.extraction.capitals import as_names_are
from archive.extraction.credits import credited
from archive.extraction.facts import Facts, inner_text, pieces_of
from archive.extraction.jsonld import Node, text_of, types
from archive.extraction.outline import Outline
from archive.extraction.parse import query
from archive.extraction.people import EAST, distinct, is_person, letters, names_in
from archive.extraction.printed_names import PrintedNames

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META = (
    "author parsely-author sailthru.author dc.creator dcterms.creator dc.contributor.author byl citation_author"
    " citation_authors"
    " article:author_name article:author og:article:author article:byline cxenseparse:author cse-author mediator_author"
    " bylines dable:author authors creator"
).split()
# Where names are written as libraries write them.
_INVERTED = frozenset("citation_author citation_authors dc.contributor.author".split())
_PROPERTIES = query("//*[contains(@itemprop, 'author')]")
_FORMATTED = query("//*[contains(concat(' ', normalize-space(@class), ' '), ' fn ')]")
_REL_AUTHOR = query("//a[@rel='author']")
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|kommentare?|respond|disqus_thread)(?:$|[\s_-])", re.IGNORECASE
)
_TECHNICAL = frozenset("developer admin administrator webmaster cms system api bot import".split())
_MOST = 50  # authors that JSON-LD may list


@dataclass(frozen=True, slots=True)
class Claim:
    """The authors that one place names. `typed`: the page itself says that they are persons, or a desk that signs so;
    `far`: it may belong to something else than the story. `bodies`: the page says that all of them are organisations.
    """

    names: tuple[str, ...]
    rule: str
    typed: bool = False
    far: bool = False
    bodies: bool = False


def read_authors(
    facts: Facts, sites: list[str], outline: Outline, langs: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], str]:
    """The authors and the rule that gave them; ((), "") where nobody is named.

    A claim that names a person wins over earlier ones that name only bodies; the publisher, and accounts of its
    editing system, are not authors beside persons. The guest writer whom the page announces comes before all.
    Persons in capitals are written as names are, unless the page marks the name as the one that its owner has formatted
    (`fn` of the microformats).
    """
    names, rule = _chosen(facts, sites, outline, langs)
    if any(name.isupper() for name in names):
        page = " ".join(" ".join(map(str, facts.tree.itertext())).split())
        formatted = {inner_text(element) for element in _FORMATTED(facts.tree)}
        names = distinct(
            as_names_are(name, langs, page) if is_person(name) and name not in formatted else name for name in names
        )
    return names, rule


def _chosen(facts: Facts, sites: list[str], outline: Outline, langs: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    own = {letters(site) for site in sites}
    fallback: tuple[tuple[str, ...], str] = ((), "")
    placeholder: tuple[tuple[str, ...], str] = ((), "")
    signed = (
        False  # by a desk or an agency, as the page's own data say: then only what stands by the headline is closer
    )
    printed = PrintedNames(facts.tree, outline, langs)
    for claim in _claims(facts, printed, langs):
        names = tuple(name for name in claim.names if not _is_account(name))
        others = tuple(name for name in names if letters(name) not in own)
        if claim.far and signed:
            continue
        signed = signed or (claim.typed and bool(others))
        persons = [] if claim.bodies else [name for name in others if is_person(name)]
        if persons and all(letters(name) in tables.PLACEHOLDERS for name in persons):
            placeholder = placeholder if placeholder[0] else (others, claim.rule)
        elif persons:
            named = Claim(_without_departments(others), claim.rule, claim.typed)
            of_one_post = "liveblogposting" in types(facts.found.article)  # what is printed first is the last post's
            return (named.names, named.rule) if of_one_post else _unless_printed(named, printed)
        elif names and (not fallback[0] or _is_better(claim, fallback[0], own)):
            fallback = (others or names, claim.rule)
    return placeholder if placeholder[0] else fallback


def _unless_printed(claim: Claim, printed: PrintedNames) -> tuple[tuple[str, ...], str]:
    """A claim, but for one that the byline contradicts or completes: an account of the site wrote it, the blog is the
    one's who is named, and the story its guest's, or only the first of several is named."""
    stated = claim.rule == "json-ld author" or claim.rule.startswith("meta")
    shown = printed.in_bylines(near=True) if stated else ()
    doubted = not claim.typed or (claim.rule == "json-ld author" and len(claim.names) == 1)
    ours, theirs = set(map(letters, claim.names)), set(map(letters, shown))
    completed = ours < theirs and not any(EAST.search(name) for name in shown)  # where places stand beside names
    if shown and (completed or (doubted and not ours & theirs)):
        return shown, "byline"
    return claim.names, claim.rule


def _is_better(claim: Claim, names: tuple[str, ...], own: set[str]) -> bool:
    """Whether a claim without persons says more than an earlier one that names only the site."""
    return claim.typed and all(letters(name) in own for name in names)


def _claims(facts: Facts, printed: PrintedNames, langs: tuple[str, ...]) -> Iterator[Claim]:
    yield Claim(printed.guests(), "guest post")
    yield from _from_node(facts, langs)
    for name in _META:
        values = facts.meta.get(name, [])
        if values:
            inverted = name in _INVERTED
            yield Claim(
                distinct(found for value in values for found in names_in(value, inverted=inverted, langs=langs)),
                f"meta {name}",
            )
    yield Claim(distinct(_of_cards(facts, langs)), "meta twitter:data")
    yield Claim(distinct(_microdata(facts.tree, langs)), "microdata author")
    yield Claim(distinct(_rel_author(facts.tree, langs)), "rel=author")
    yield Claim(printed.in_bylines(near=True), "byline")
    yield Claim(printed.by_the_headline(), "header of the article")
    yield Claim(printed.alone(), "name below the headline", far=True)
    yield Claim(printed.in_bylines(near=False), "byline", far=True)
    yield Claim(credited(facts.tree, langs), "credit of an agency", far=True)
    yield Claim(printed.below(), "name below the story", far=True)
    yield Claim(printed.accounts(), "account", far=True)


def _from_node(facts: Facts, langs: tuple[str, ...]) -> Iterator[Claim]:
    """Persons before organisations, as the article's node types them."""
    article = facts.found.article
    persons: list[str] = []
    others: list[str] = []
    bodies: list[str] = []
    for item in _flat(article.get("author") or article.get("creator")):
        node = facts.found.resolve(item)
        if isinstance(node, dict):
            is_body = bool(types(node)) and "person" not in types(node)
            (bodies if is_body else persons).extend(_names_of(node, langs))
        elif isinstance(node, str):
            others += names_in(node, langs=langs)
    listed = facts.meta.get("article:author", [])
    named = distinct(persons + others + bodies)
    more = distinct(name for text in listed for name in names_in(text, langs=langs)) if len(listed) > 1 else ()
    if named and set(named) < set(more):
        yield Claim(more, "meta article:author", typed=True)
    only_bodies = not persons and not others
    yield Claim(named, "json-ld author", typed=bool(named), bodies=only_bodies and set(named) <= set(bodies))


def _flat(value: object) -> list[object]:
    """The authors in a property, however deep the lists that they stand in."""
    if not isinstance(value, list):
        return [value]
    return [inner for item in value[:_MOST] for inner in (_flat(item) if isinstance(item, list) else [item])][:_MOST]


def _names_of(node: Node, langs: tuple[str, ...]) -> Iterable[str]:
    names = node.get("name")
    if not names and (node.get("givenName") or node.get("familyName")):
        names = f"{text_of(node.get('givenName'))} {text_of(node.get('familyName'))}"
    return [
        name
        for text in (names if isinstance(names, list) else [names])
        for name in names_in(text_of(text), langs=langs)
    ]


def _of_cards(facts: Facts, langs: tuple[str, ...]) -> list[str]:
    """What a card for social networks says behind a label such as "Written by"."""
    for number in ("1", "2"):
        label, name = facts.first(f"twitter:label{number}")[0], facts.first(f"twitter:data{number}")[0]
        found = tables.BY.match(f"{label.strip(' :')}: ") if label else None
        if found is not None and found.end() > len(label.strip(" :")):
            return names_in(name, langs=langs)
    return []


def _microdata(tree: HtmlElement, langs: tuple[str, ...]) -> list[str]:
    """The authors of the first described thing that has any."""
    found: list[str] = []
    scope = None
    for element in _PROPERTIES(tree):
        if "author" not in (element.get("itemprop") or "").lower().split() or element.tag == "meta":
            continue
        if _is_commented(element):
            continue
        around = next((outer for outer in element.iterancestors() if outer.get("itemscope") is not None), None)
        if found and around is not scope:
            break
        scope = around
        name = next(iter(element.iterfind(".//*[@itemprop='name']")), None)
        holder = element if name is None else name
        found += names_in(holder.get("content") or " ".join(" ".join(pieces_of(holder)).split())[:200], langs=langs)
    return found[:10]


def _rel_author(tree: HtmlElement, langs: tuple[str, ...]) -> list[str]:
    """The anchors with rel=author in the place where the first of them stands."""
    anchors = [anchor for anchor in _REL_AUTHOR(tree) if not _is_commented(anchor)][:10]
    if not anchors:
        return []
    place = anchors[0].getparent().getparent()
    near = [anchor for anchor in anchors if place is None or place in anchor.iterancestors()]
    return [name for anchor in near for name in names_in(inner_text(anchor)[:120], langs=langs)]


def _is_commented(element: HtmlElement) -> bool:
    """Whether an element stands among the comments: they have authors of their own."""
    return any(
        _COMMENTS.search(f"{outer.get('class')} {outer.get('id')}")
        for outer in element.iterancestors("div", "ol", "ul", "section")
    )


def _without_departments(names: tuple[str, ...]) -> tuple[str, ...]:
    """`names` without what is too long to be a name, where persons are among them."""
    return tuple(name for name in names if len(name.split()) <= 5 or is_person(name))


def _is_account(name: str) -> bool:
    """Whether a name is that of a login: "example.org developer", "webmaster"."""
    words = name.casefold().split()
    return len(words) <= 3 and bool(_TECHNICAL & set(words)) and name != name.title()
