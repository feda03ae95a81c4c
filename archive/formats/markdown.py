"""Markdown notes with front matter (https://jekyllrb.com/docs/front-matter/): what clippers for Obsidian and other
programs save, and our own export. One file is one article, or a link where there is nothing behind the front matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from archive.formats.fields import MARKDOWN, normal_name
from archive.formats.item import Broken, Item, Reject, clipped
from archive.formats.opening import ImportFile
from archive.formats.records import to_item

_FRONT = re.compile(r"-{3}[ \t]*\r?\n(.{0,65536}?)\r?\n(?:-{3}|\.{3})[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_ADDRESS = re.compile(r"""^([\w-]+)[ \t]*:[ \t]*["']?https?://""", re.MULTILINE)
_MOST = 2**23  # bytes of a note
_BRACKETS = 1_000  # in front matter; the reader of YAML looks at all open ones for each word
_OUR_SOURCES = re.compile(r"\n## Sources\n\n(?:- [^\n]*\n)+\Z")  # below the text, in our own export
_WIKI = re.compile(r"\A\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]\Z")  # how Obsidian writes a name that has a note of its own


def is_note(text: str) -> bool:
    """Whether `text` begins with front matter that names an address."""
    front = _FRONT.match(text)
    return front is not None and any(normal_name(name) in MARKDOWN.url for name in _ADDRESS.findall(front[1]))


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The article of a note."""
    text = source.text(_MOST)
    front = _FRONT.match(text)
    if front is None:
        raise Broken("it does not begin with front matter (lines between --- and ---)")
    try:
        facts = _facts(front[1])
        ours = "export_log" in facts
        if ours:
            facts.pop("keywords", None)  # the publisher's, where there are no tags
        item = to_item(MARKDOWN, facts, source.origin(1))
    except ValueError as error:
        yield Reject(source.origin(1), str(error), clipped(front[0]))
        return
    body = text[front.end() :].replace("\r\n", "\n")
    if ours:
        body = _OUR_SOURCES.sub("\n", body)
    authors = tuple(_WIKI.sub(r"\1", name) for name in item.authors)
    yield replace(item, authors=authors, html=_rendered(body) if body.strip() else "")


def _facts(front: str) -> dict[str, object]:
    """Front matter as it stands: all values text, lists or mappings. ValueError where it is no YAML, or a trap."""
    import yaml

    if front.count("[") + front.count("{") > _BRACKETS:
        raise ValueError("its front matter has more brackets than lists need")
    try:
        # An alias repeats a part: a few of them stand for more values than there is memory.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(front)):
            raise ValueError("its front matter refers to parts of itself")
        facts = yaml.load(front, yaml.BaseLoader)  # noqa: S506 - makes nothing but text, lists and mappings
    except yaml.YAMLError as error:
        raise ValueError(f"its front matter is no YAML: {' '.join(str(error).split())[:200]}") from error
    except RecursionError as error:
        raise ValueError("its front matter is nested too deep") from error
    if isinstance(facts, dict):
        return {str(name): value for name, value in facts.items()}
    raise ValueError("its front matter has no names")


def _rendered(body: str) -> str:
    """Markdown as HTML; marks of HTML in it are shown as what they are."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(body))
