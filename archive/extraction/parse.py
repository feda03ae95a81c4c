"""Markup to tree, and the judgement whether a page may be read in this process at all.

libxml2 parses any input fast but drops what is nested deeper than 256 elements (and takes quadratic time for many
attributes on one element), and extraction is slow on trees far larger than pages are. Such pages are `Suspicious`:
their place is a child process with a deadline, which flattens the nesting before it parses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import dropwhile
from typing import TYPE_CHECKING, cast

from lxml import etree, html

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LARGE = 3_000_000  # characters; the largest pages of news sites stay under this
_SMALL = 600_000  # below this even one tag with nothing but attributes is parsed in some seconds
_ASSIGNMENTS = 8_000  # equals signs, of which ordinary pages have fewer
_ATTRIBUTES = 2_000  # on one tag
_ELEMENTS = 15_000
_TABLES = 400
_DEPTH = 200  # what `flatten` keeps; libxml2's own limit is 256

_TAG = re.compile(
    r"""<(?i:script|style)\b.*?(?:</(?i:script|style)|\Z)|<(/?)([a-zA-Z][^\s>/]*+)((?:[^>=]++|=\s*+"[^"]*+(?:"|\Z)|=\s*+'[^']*+(?:'|\Z)|=)*+)(?:>|\Z)""",
    re.DOTALL,
)
_LONG_TAG = re.compile(
    r"""<(?i:script|style)\b.*?(?:</(?i:script|style)|\Z)|<[a-zA-Z](?:[^>=]++|=\s*+"[^"]*+(?:"|\Z)|=\s*+'[^']*+(?:'|\Z)|=)*+(?:>|\Z)""",
    re.DOTALL,
)
# Their end tags may be left out; none of them stands directly within itself.
_IMPLIED = frozenset("p li td th tr tbody thead tfoot dt dd option optgroup rt rp html head body".split())
_SECTIONS = frozenset("article aside figure footer header main nav section".split())  # none stands in a head
_CODE = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# lxml.html's own lookup calls into Python for each element that anyone touches, only to tell forms from the rest.
_CLASSES = etree.ElementDefaultClassLookup(element=html.HtmlElement)
_HTML_TAG = re.compile(r"(<html\b[^>]*?)\s*/>", re.IGNORECASE)
_SIGNS = frozenset(("", "#", "##", "¶", "§", "🔗", "∞", "⚓", "link"))
_DOCTYPE = re.compile(r"^\s*<! ?doctype[^>]*>", re.IGNORECASE)


class Suspicious(Exception):  # noqa: N818 - a verdict on the page, not a failure
    """The page must not be read here; `str()` says why."""


def parse(markup: str, *, guarded: bool = False) -> HtmlElement | None:
    """The tree of a page, without comments; None where there is nothing to parse.

    Raises Suspicious for what could hold up the caller, unless `guarded` (there is a deadline): then deep nesting
    is flattened and long attribute lists are cut, and only nesting that still is too deep is refused.
    """
    if guarded:
        markup = flatten(markup)
    else:
        _check_markup(markup)
    tree, deep = _parsed(markup)
    if deep:
        raise Suspicious("nested too deep")
    if not guarded and tree is not None:
        _check_tree(tree)
    return tree


def _parsed(markup: str) -> tuple[HtmlElement | None, bool]:
    head, rest = _DOCTYPE.sub("", markup[:4096], count=1), markup[4096:]
    head = _HTML_TAG.sub(r"\1>", head, count=1)
    parser = html.HTMLParser(collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = html.document_fromstring((head + rest).encode("utf-8", "replace"), parser=parser)
    except (ValueError, html.etree.LxmlError):
        return None, False  # lxml: "Document is empty", or nothing that could be an element
    deep = any("depth" in entry.message for entry in parser.error_log)
    _with_body(tree)
    return tree, deep


def _with_body(tree: HtmlElement) -> None:
    """Where the tag of the body is left out, as HTML allows, libxml2 leaves <article> and the like in the head."""
    head, body = tree.find("head"), tree.find("body")
    stray = [] if head is None else list(dropwhile(lambda each: each.tag not in _SECTIONS, head))
    if stray:
        if body is None:
            body = html.HtmlElement()
            body.tag = "body"
            tree.append(body)
        body[:0] = stray


def _check_markup(markup: str) -> None:
    if len(markup) > _LARGE:
        raise Suspicious(f"{len(markup)} characters")
    if len(markup) > _SMALL or markup.count("=") > _ASSIGNMENTS:
        for tag in _LONG_TAG.finditer(markup):
            if (
                tag.end() - tag.start() > 4 * _ATTRIBUTES
                and not _CODE.match(tag[0])
                and _attributes(tag[0]) > _ATTRIBUTES
            ):
                raise Suspicious("too many attributes on one element")


def _attributes(tag: str) -> int:
    """About how many attributes a tag has: the words outside its quoted values."""
    return len(re.sub(r"""\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*)""", "", tag).split())


def _check_tree(tree: HtmlElement) -> None:
    elements = _count(tree, "count(//*)")
    if elements > _ELEMENTS:
        raise Suspicious(f"{elements} elements")
    if _count(tree, "count(//table)") > _TABLES:
        raise Suspicious("too many tables")


def without_code(tree: HtmlElement) -> None:
    """Empty the scripts of `tree`, in place; JSON-LD, which extraction looks at, stays."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            script.text = None


def without_handles(tree: HtmlElement) -> None:
    """Take out of `tree`, in place, what its headings are edited and linked by: "[edit]" of wikis, "¶", "#"."""
    for element in _HANDLES(tree):
        if element.tag != "a" or "".join(map(str, element.itertext())).strip() in _SIGNS:
            element.drop_tree()


def query(expression: str) -> Callable[[HtmlElement], list[HtmlElement]]:
    """A compiled XPath that selects elements."""
    return cast("Callable[[HtmlElement], list[HtmlElement]]", etree.XPath(expression))


_HANDLES = query(
    "//*[contains(@class, 'mw-editsection') and not(ancestor::*[contains(@class, 'mw-editsection')])]"
    " | //*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]//a[starts-with(@href, '#')]"
)


def _count(tree: HtmlElement, expression: str) -> int:
    return int(cast("float", tree.xpath(expression)))


def flatten(markup: str) -> str:
    """`markup` without the tags nested deeper than 200 (their text stays) and without surplus attributes. Linear."""
    out: list[str] = []
    nesting = _Nesting()
    position = 0
    for tag in _TAG.finditer(markup):
        name = (tag[2] or "").lower()
        if not name or name in _VOID:
            continue
        level = nesting.level(name, tag)
        if level > _DEPTH and name != "p":
            out += (markup[position : tag.start()], " ")
            position = tag.end()
        elif tag.end() - tag.start() > 4 * _ATTRIBUTES and _attributes(tag[0]) > _ATTRIBUTES:
            out += (markup[position : tag.start()], f"<{tag[1]}{tag[2]}>")
            position = tag.end()
    out.append(markup[position:])
    return "".join(out)


class _Nesting:
    """How deep the tags so far are nested."""

    def __init__(self) -> None:
        self._opened: Counter[str] = Counter()
        self._depth = 0

    def level(self, name: str, tag: re.Match[str]) -> int:
        """The level of a tag: an opening one's own, a closing one's that of what it closes."""
        if name in _IMPLIED or tag[3].endswith("/"):
            return self._depth
        if not tag[1]:
            self._opened[name] += 1
            self._depth += 1
            return self._depth
        level = self._depth
        if self._opened[name]:
            self._opened[name] -= 1
            self._depth -= 1
        return level
