"""The body from a page's data, where its markup shows none or little of it. Pure, bounded.

JSON-LD often carries the whole text as articleBody; pages drawn by a script (Next.js and its like) carry it in a JSON
script, as one long string or a list of paragraphs.
"""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from archive.extraction.body import as_paragraphs
from archive.extraction.facts import Facts

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]{0,2000}>")
_INLINE = frozenset("a abbr b em i strong span sub sup u small mark q cite code font time".split())
_LINK = re.compile(
    r"\[([^\[\]]{1,500})\]\(https?://[^\s()]{1,2000}(?:\([^\s()]{0,200}\)[^\s()]{0,500})?\)(?:\{:[^{}]{1,200}\})?"
)
_CLASSES = re.compile(r"\{: ?[.#][^{}]{1,100}\}")
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,2})(?=\S)([^*\n]{1,300})(?<=\S)\1(?!\w)")
_WORDS = re.compile(r"\w\W+\w+\W+\w")
_NOT_TEXT = re.compile(r"^(?:https?:|data:|[{\[]|[\w./-]+$)|function\s*\(|=>|\{\{")
_SCRIPT = re.compile(r"<script\b([^>]{0,1000})>(.*?)</script", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(r"""\btype\s*=\s*["']?([\w/+.-]+)""", re.IGNORECASE)
_MOST_SCRIPTS = 200
_STATE = re.compile(r"[=(]\s*(?=[{\[][\s\"{\[])")
_MOST_STATES = 40
_LARGEST = 5_000_000  # characters of one script
_MOST_VALUES = 50_000
_LONG = 60  # characters; shorter strings are labels


def body_of_jsonld(facts: Facts) -> str:
    """articleBody of the page's own node as paragraphs, or ""."""
    value = facts.found.article.get("articleBody")
    if isinstance(value, list):
        value = "\n".join(item for item in value if isinstance(item, str))
    return from_markup(value) if isinstance(value, str) else ""


def body_of_scripts(markup: str) -> str:
    """The longest text in the page's data scripts: all strings that stand under the same names; "" if none is text."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for script in islice(_SCRIPT.finditer(markup), _MOST_SCRIPTS):
        if script.end() - script.start() < _LARGEST:
            kind = _TYPE.search(script[1])
            for value in _values(script[2], kind[1].lower() if kind else ""):
                _collect(value, found)
    if not found:
        return ""
    best = max(found, key=lambda path: sum(map(len, found[path])))
    return from_markup("\n".join(dict.fromkeys(found[best])))


def _values(text: str, kind: str) -> Iterator[object]:
    """The JSON in a script: the whole of it, or what it assigns or passes on (window.STATE = {…}, push({…}))."""
    decoder = json.JSONDecoder(strict=False)
    if "json" in kind:
        starts: Iterable[int] = [len(text) - len(text.lstrip())]
    elif kind in ("", "text/javascript", "application/javascript", "module"):
        starts = [match.end() for match in islice(_STATE.finditer(text), _MOST_STATES)]
    else:
        return
    end = 0
    for start in starts:
        if start >= end:
            try:
                value, end = decoder.raw_decode(text, start)
            except (ValueError, RecursionError):
                continue
            yield value


def from_markup(value: str) -> str:
    """A string that may be text, HTML or text with Markdown's links, as paragraphs."""
    if "&lt;" in value or "&amp;" in value:
        value = html.unescape(value)
    plain = _TAG.sub(lambda tag: "" if tag[2].lower() in _INLINE else "\n", value)
    if "](" in plain:
        plain = _EMPHASIS.sub(r"\2", _CLASSES.sub("", _LINK.sub(r"\1", plain)))
    return as_paragraphs(html.unescape(plain))


def _collect(value: object, found: defaultdict[str, list[str]]) -> None:
    """The strings of a JSON value that read as text, by the names on the way to them (places in lists left out)."""
    stack: list[tuple[object, str, int]] = [(value, "", 0)]
    for _ in range(_MOST_VALUES):
        if not stack:
            return
        item, path, depth = stack.pop()
        if isinstance(item, str):
            if len(item) >= _LONG and _WORDS.search(item) and not _NOT_TEXT.search(item[:500]):
                found[path].append(item)
        elif depth < 40 and isinstance(item, dict):
            stack += [(child, f"{path}.{name}", depth + 1) for name, child in reversed(list(item.items()))]
        elif depth < 40 and isinstance(item, list):
            stack += [(child, path, depth + 1) for child in reversed(item)]
