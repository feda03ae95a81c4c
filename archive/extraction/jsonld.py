"""JSON-LD as it really is on pages: read leniently and within bounds, and the node that describes this page. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

Node: TypeAlias = dict[str, Any]

_LARGEST = 3_000_000  # characters of one script element
_MOST_NODES = 3_000
_MOST_BLOCKS = 40
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MISSING_COMMA = re.compile(r"([}\]\"])(\s*\n\s*)(?=[{\"])")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])|\\u(?![0-9a-fA-F]{4})')
_COMMENT = re.compile(r"^\s*//.*$|/\*.*?\*/", re.MULTILINE | re.DOTALL)
_STRING = re.compile(
    r'"(@type|headline|name|datePublished|dateModified|dateCreated|articleSection|inLanguage|isAccessibleForFree)"'
    r'\s*:\s*"((?:[^"\\\n]|\\.){1,600})"(?=\s*(?:[,}\]]|\Z))'
)

# How likely a node of a type is the article itself; what is missing here is none.
_TYPES = {
    **dict.fromkeys(("newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle"), 10),
    **dict.fromkeys(("backgroundnewsarticle", "reviewnewsarticle", "askpublicnewsarticle", "liveblogposting"), 10),
    **dict.fromkeys(("article", "blogposting", "report", "satiricalarticle", "advertisercontentarticle"), 9),
    **dict.fromkeys(("techarticle", "scholarlyarticle", "medicalscholarlyarticle", "socialmediaposting"), 8),
    **dict.fromkeys(("discussionforumposting", "review", "claimreview", "interview", "recipe", "howto"), 6),
    **dict.fromkeys(("creativework", "podcastepisode", "radioepisode", "episode", "videoobject", "audioobject"), 3),
    **dict.fromkeys(("webpage", "itempage", "medicalwebpage", "faqpage", "qapage", "imagegallery", "mediagallery"), 2),
}
# Below these keys stand other stories, or parts of this one.
_ASIDE = frozenset(
    "itemlistelement haspart relatedlink isrelatedto mentions about citation isbasedon comment review reviews"
    " liveblogupdate video image associatedmedia hasvideo subjectof breadcrumb potentialaction".split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """All nodes of a page. `article` describes the page itself ({} if none does); `page` is its WebPage node."""

    nodes: tuple[Node, ...]
    article: Node
    page: Node
    by_id: dict[str, Node]

    def resolve(self, value: object) -> object:
        """A reference {"@id": …} as the node it names; everything else as it is."""
        if isinstance(value, dict) and "@id" in value and "name" not in value:
            return self.by_id.get(str(value["@id"]), value)
        return value


def read_jsonld(scripts: list[str], is_this_page: Callable[[str], bool]) -> Found:
    """The nodes in `scripts` (the texts of the ld+json elements). `is_this_page` says whether a URL is the page's."""
    nodes: list[tuple[Node, bool]] = []
    for script in scripts[:_MOST_BLOCKS]:
        for value in _values(script):
            nodes += _nodes(value, _MOST_NODES - len(nodes))
    by_id: dict[str, Node] = {}
    for node, _ in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > 1:
            by_id.setdefault(name, node)
    ranked = sorted(
        ((_rank(node, aside, is_this_page), -index) for index, (node, aside) in enumerate(nodes)), reverse=True
    )
    article = nodes[-ranked[0][1]][0] if ranked and ranked[0][0] >= 5 else {}
    page = next((node for node, aside in nodes if "webpage" in types(node) and not aside), {})
    return Found(tuple(node for node, _ in nodes), article, page, by_id)


def types(node: Node) -> tuple[str, ...]:
    """The lower-case type names of a node, without their namespace."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return tuple(str(name).rsplit("/", 1)[-1].lower() for name in names if name)


def text_of(value: object) -> str:
    """A property that should be a string: the first string in it."""
    if isinstance(value, str):
        return " ".join(
            html.unescape(html.unescape(value)).split()
        )  # what was escaped for HTML once more than it should
    if isinstance(value, list):
        return next((text for item in value if (text := text_of(item))), "")
    if isinstance(value, dict):
        return text_of(value.get("@value") or value.get("name"))
    return ""


def texts_of(value: object) -> list[str]:
    """A property that may be a string or a list of strings or of named things."""
    items = value if isinstance(value, list) else [value]
    return [text for item in items[:200] if (text := text_of(item))]


def url_of(value: object) -> str:
    """A property that holds an address: a string, or a node with url or @id."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return url_of(value[0]) if value else ""
    if isinstance(value, dict):
        return url_of(value.get("url") or value.get("@id") or "")
    return ""


def _rank(node: Node, aside: bool, is_this_page: Callable[[str], bool]) -> int:
    score = max((_TYPES.get(name, 0) for name in types(node)), default=0)
    if not score:
        return 0
    addresses = [url_of(node.get(name)) for name in ("url", "mainEntityOfPage", "@id")]
    if any(address and is_this_page(address) for address in addresses):
        score += 6
    elif any(address.startswith("http") for address in addresses[:2]):
        score -= 2
    score += bool(node.get("headline")) * 2 + bool(node.get("datePublished")) * 2 + bool(node.get("author"))
    return score - 8 * aside


def _nodes(value: object, limit: int) -> list[tuple[Node, bool]]:
    """All typed or described objects within a JSON value, in order, and whether they stand aside of the page."""
    found: list[tuple[Node, bool]] = []
    stack: list[tuple[object, bool, int]] = [(value, False, 0)]
    while stack and len(found) < limit:
        item, aside, depth = stack.pop()
        if depth > 20:
            continue
        if isinstance(item, list):
            stack += [(child, aside, depth + 1) for child in reversed(item[:500])]
        elif isinstance(item, dict):
            found.append((item, aside))
            stack += [
                (child, aside or name.lower() in _ASIDE, depth + 1)
                for name, child in reversed(list(item.items())[:200])
                if isinstance(child, (dict, list))
            ]
    return found


def _values(script: str) -> Iterator[object]:
    """The JSON values in one script element, after ever bolder repairs."""
    if len(script) > _LARGEST:
        return
    text = _WRAPPING.sub("", _WRAPPING.sub("", script)).strip().rstrip(";").strip()
    if not text:
        return
    for repair in (_as_is, _unescaped, _repaired):
        try:
            yield json.loads(repair(text), strict=False)
        except (ValueError, RecursionError):
            continue
        return
    decoded = list(_one_by_one(_repaired(text)))
    yield from decoded or _strings(text)


def _as_is(text: str) -> str:
    return text


def _unescaped(text: str) -> str:
    return html.unescape(text) if "&quot;" in text or "&#34;" in text else text


def _repaired(text: str) -> str:
    text = _BAD_ESCAPE.sub(r"\\\\", _COMMENT.sub("", text))
    return _MISSING_COMMA.sub(r"\1,\2", _TRAILING_COMMA.sub(r"\1", text)).replace("}{", "},{") if text else text


def _one_by_one(text: str) -> Iterator[object]:
    """Objects that stand one after the other without being a list."""
    decoder = json.JSONDecoder(strict=False)
    position = 0
    for _ in range(_MOST_BLOCKS):
        position = min((at for at in (text.find("{", position), text.find("[", position)) if at >= 0), default=-1)
        if position < 0:
            return
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield value


def _strings(text: str) -> Iterator[Node]:
    """The first whole value of each plain property that can still be told in a broken block."""
    node: Node = {}
    for match in _STRING.finditer(text):
        try:
            node.setdefault(match[1], json.loads(f'"{match[2]}"', strict=False))
        except ValueError:
            node.setdefault(match[1], match[2])
    if node.get("headline") or node.get("datePublished"):
        node.pop("name", None)
        kind = str(node.get("@type", "")).lower()
        yield node if kind in _TYPES else {**node, "@type": "Article"}
