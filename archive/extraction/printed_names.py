"""Names of authors as a page prints them: in elements called a byline, behind "By", as links to pages of authors. Pure.

A line counts only if it is made of names: words of a sentence in it, or a place among menus and forms, make it none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from archive.extraction import byline_words as tables
from archive.extraction.facts import inner_text, label_of
from archive.extraction.outline import Outline
from archive.extraction.people import distinct, is_person, letters, names_in, opening

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|author-?names?|article-?authors?|post-?author|entry-?author|p-author"
    r"|h-card|vcard|fn"
    r"|autor(?:en|es|e|i|ius)?|auteurs?|signature|writers?|reporters?|contributors?|firma|skribent|penulis|yazar"
    r"|szerzok?|avtor|toimittajat?|forfatter|kirjoittaja|tac-?gia)(?:$"
    r"|[\s_-])|byline|author-?(?:name|list)",
    re.IGNORECASE,
)
_NOT_BYLINE = re.compile(
    r"(?:^|[\s_-]|author|byline)(?:bio|avatar|image|img|photo|comments?|related|description|desc|follow|social"
    r"|share|about|more|teaser|card|recommend\w*"
    r"|title|role|job|posts|email|twitter|credit|caption|copyright|source|box|info-?box)(?:$|[\s_-])|comment"
    r"|recommend|teaser",
    re.IGNORECASE,
)
_CARD = re.compile(r"\b(?:h-|v)card\b")  # of a person, as microformats mark them
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|in|as)?|auteurs?|by|byline|contributors?|columnists?|journalists?|reporters?"
    r"|writers?|verfasser|redakteure?"
    r"|staff|editors?|firmas?|penulis|skribent|yazar(?:lar)?|avtor|toimittajat?|kirjailija|contribut(?:eu|o)rs?"
    r"|opinionists?|bloggers?|szerzok?|autori|autorzy|avtorji|forfatter|autoriai|autors|sintaktes|tac-gia)/[^/?#]",
    re.IGNORECASE,
)
# Pages of people: authors, or those whom the story is about.
_PEOPLE_PAGE = re.compile(r"/(?:people|person|profil(?:e|es|s)?|users?|team|members?)/[^/?#]", re.IGNORECASE)
_BLOCKS = frozenset("div p li ul ol section header footer article aside h1 h2 h3 h4 td tr table figure address".split())
_SILENT = frozenset("script style svg button time template noscript form".split())
_JOINS = re.compile(r"^(?:,|&|and\b|und\b|et\b|y\b|e\b|og\b|och\b|en\b|i\b|oraz\b|и\b)", re.IGNORECASE)
_HANGUL = re.compile("[\uac00-\ud7a3]{2,4}(?:\\s|$)")
# A name in Korean that is signed with what its owner does, and nothing else.
_SIGNED = re.compile(
    "[\uac00-\ud7a3]{2,4}\\s?(?:[\uac00-\ud7a3]{2,6}\\s)?[\uac00-\ud7a3]{0,4}(?:기자|특파원|논설위원)(?:\\s+\\S+@\\S+)?"
)
_SET_APART = re.compile(r"[:：՝・=＝／/]")
# A name in a script without capitals: a few words that are all there is.
_UNCASED = re.compile(
    r"(?:[\u0590-\u07ff\u0900-\u109f\u1780-\u17ff]+\s+){1,3}[\u0590-\u07ff\u0900-\u109f\u1780-\u17ff]+\Z"
    r"|[\u3040-\u30ff\u3400-\u9fff]{2,8}\Z"
)
_COLON = re.compile(r"[:：]|[记記]者|作者")
_LABELS = re.compile(r"(?<=\s)(?:[^\W\d_][\w.]{1,20}\s?[:：]|(?:记者|記者|作者)[:：\s])")
_NEXT_LABEL = re.compile(r"\s\S+[:：]")
_LONGEST = 200  # characters of a byline, its roles and places included
_LINE = 120  # … of a line that only begins with "By"
_MOST = 12  # authors of one story
_PROSE = 5  # words without a capital that a byline can have beside its names: "special to", "for the"


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A piece of text between two tags, and the address that it links to."""

    text: str
    href: str = ""

    @property
    def is_author_link(self) -> bool:
        return bool(_AUTHOR_PAGE.search(self.href) or _PEOPLE_PAGE.search(self.href))


class PrintedNames:
    """The persons whom one page names as its authors where readers see them."""

    def __init__(self, tree: HtmlElement, outline: Outline, langs: tuple[str, ...] = ()) -> None:
        self._tree = tree
        self._outline = outline
        self._langs = langs

    def guests(self) -> tuple[str, ...]:
        """Those whom the page calls the writer of a guest's post."""
        for element in self._outline.near:
            text = (element.text or "").strip()
            found = tables.GUEST.search(text) if element.text else None
            if found is None or len(inner_text(element)) > 3 * _LONGEST:
                continue
            rest = text[found.end() :]
            names = self._names(re.split(r"[.!?]\s|[.!?]$|,|\s[–—]\s", rest)[0]) if rest else []
            linked = [name for child in element.iterfind(".//a") for name in self._names(inner_text(child)[:80])][:1]
            persons = self._persons(names or linked)
            if persons:
                return persons
        return ()

    def in_bylines(self, *, near: bool) -> tuple[str, ...]:
        """Those of the first element whose class says that it is the byline, `near` the headline or anywhere."""
        for element in self._outline.near if near else self._outline.all():
            label = label_of(element)
            if not label or not _BYLINE.search(label) or _NOT_BYLINE.search(_CARD.sub(" ", label)):
                continue
            names = self._of_blocks(_blocks(element))
            if names:
                return distinct([*names, *self._beside(element, label)])
        return ()

    def by_the_headline(self) -> tuple[str, ...]:
        """Links to pages of authors, or a line "By …", near the headline."""
        links: list[str] = []
        for element in self._outline.near:
            if element.tag == "a":
                links += self._linked(element)
            elif not links and self._begins_with_by(element):
                text = inner_text(element)
                names = self._of_blocks(_blocks(element)) if len(text) <= _LINE else ()
                if names:
                    return names
            elif not links and (names := self._labelled(element)):
                return names
        return distinct(links)[:_MOST]

    def _labelled(self, element: HtmlElement) -> tuple[str, ...]:
        """Those behind a label within a line: "6 May 2025  Source: The Quay  Author: Ann Reed"."""
        text = inner_text(element) if _COLON.search(element.text or "") or len(element) else ""
        if not text or len(text) > _LINE:
            return ()
        for label in _LABELS.finditer(text):
            found = tables.BY.match(text[label.start() :])
            rest = text[label.start() + found.end() :] if found is not None else ""
            if rest:
                return self._persons(self._names(_NEXT_LABEL.split(rest)[0]))
        return ()

    def _beside(self, element: HtmlElement, label: str) -> Iterator[str]:
        """The authors in the bylines that stand next to one of the same class."""
        for other in element.itersiblings():
            if isinstance(other.tag, str) and label_of(other) == label:
                yield from self._of_blocks(_blocks(other))

    def _linked(self, element: HtmlElement) -> tuple[str, ...]:
        href = element.get("href") or ""
        sure = bool(_AUTHOR_PAGE.search(href))
        if not sure and not _PEOPLE_PAGE.search(href):
            return ()
        block = _block_of(element)
        blocks = _blocks(block)
        names = self._persons(self._names(inner_text(element)[:80]))
        if not names or (len(inner_text(block)) > _LONGEST and _prose(inner_text(block)) > _PROSE):
            return ()
        marked = any(
            tables.MARK.match(leaf.text) or tables.LINE.match(leaf.text) for leaves in blocks for leaf in leaves
        )
        return names if sure or marked else ()

    def _of_blocks(self, blocks: list[list[_Leaf]]) -> tuple[str, ...]:
        """The persons in the block that begins with "By"; else in all blocks."""
        if not 0 < sum(len(leaf.text) for leaves in blocks for leaf in leaves) <= _LONGEST:
            return ()
        at = next((number for number, leaves in enumerate(blocks) if self._is_marked(leaves)), None)
        if at is not None and len(blocks[at]) == 1 and tables.MARK.match(blocks[at][0].text) and blocks[at + 1 :]:
            at += 1  # "Author:" in a cell of its own
        marked = None if at is None else blocks[at]
        found = [name for leaves in ([marked] if marked is not None else blocks) for name in self._of_leaves(leaves)]
        return distinct(found)[:_MOST]

    def _of_leaves(self, leaves: list[_Leaf]) -> tuple[str, ...]:
        if _prose(" ".join(leaf.text for leaf in leaves)) > _PROSE:
            return ()
        linked = any(leaf.is_author_link and any(map(is_person, self._names(leaf.text))) for leaf in leaves)
        wanted = [leaf for leaf in leaves if not linked or leaf.is_author_link or _JOINS.match(leaf.text)]
        by_leaf = self._persons(name for leaf in wanted for name in self._names(leaf.text)) or _as_linked(wanted)
        return by_leaf or self._persons(self._names(" ".join(leaf.text for leaf in leaves)))

    def _is_marked(self, leaves: list[_Leaf]) -> bool:
        return self._says_by(leaves[0].text)

    def _begins_with_by(self, element: HtmlElement) -> bool:
        text = (element.text or "").strip()
        if not text and len(element) and isinstance(element[0].tag, str):
            text = (element[0].text or "").strip() or (element[0].tail or "").strip()
        return self._says_by(text)

    def _says_by(self, text: str) -> bool:
        """Whether a text is "By", or begins so before a name."""
        if tables.MARK.match(text) or _by_a_name(text):
            return True
        return any(lang in tables.BY_IN for lang in self._langs) and opening(text, self._langs) > 0

    def _names(self, text: str) -> list[str]:
        return names_in(text, langs=self._langs)

    def _persons(self, names: Iterator[str] | list[str]) -> tuple[str, ...]:
        return distinct(name for name in names if is_person(name) and letters(name) not in self._menus)

    @cached_property
    def _menus(self) -> frozenset[str]:
        """What the links in menus, forms and footers say, but for links to pages of authors."""
        return frozenset(
            letters(inner_text(anchor)[:80])
            for anchor in self._tree.iter("a")
            if self._outline.is_aside(anchor) and not _Leaf("", anchor.get("href") or "").is_author_link
        )


def _as_linked(leaves: list[_Leaf]) -> tuple[str, ...]:
    """Names of two words in small letters that are what the addresses of their authors' pages end in."""
    found = [(name, leaf.href) for leaf in leaves if _AUTHOR_PAGE.search(leaf.href) for name in names_in(leaf.text)]
    return distinct(
        name for name, href in found if " " in name and letters(name) == letters(href.rstrip("/").rsplit("/", 1)[-1])
    )


def _by_a_name(text: str) -> bool:
    """Whether a text begins with "By" and a capital or a script without: not "By clicking Submit, you agree"."""
    found = tables.LINE.match(text)
    if found is not None and not found[1].islower():
        return True
    mark = tables.BY.match(text)
    if mark is None:
        return bool(_SIGNED.fullmatch(text))
    rest = text[mark.end() :]
    plainly = len(mark[0].split()) > 1 or _SET_APART.search(mark[0])
    return bool(plainly and (rest[:1].isupper() or _UNCASED.match(rest))) or bool(_HANGUL.match(rest))


def _prose(text: str) -> int:
    """How many words of a text are neither capitalised nor usual in bylines."""
    words = re.findall(r"[^\W\d_]{2,}", tables.BY.sub("", tables.ROLE.sub("", text)))
    return sum(word.islower() and word not in tables.PARTICLES and not _JOINS.match(word) for word in words)


def _block_of(element: HtmlElement) -> HtmlElement:
    node = element
    while node.tag not in _BLOCKS and node.getparent() is not None:
        node = node.getparent()
    return node


def _blocks(element: HtmlElement) -> list[list[_Leaf]]:
    """The pieces of text in an element, a list for each block in it."""
    blocks: list[list[_Leaf]] = [[]]
    for leaf in _leaves(element, ""):
        if leaf is None:
            blocks.append([])
        elif leaf.href and blocks[-1] and blocks[-1][-1].href == leaf.href:  # first and last name within one link
            blocks[-1][-1] = _Leaf(f"{blocks[-1][-1].text} {leaf.text}", leaf.href)
        else:
            blocks[-1].append(leaf)
    return [leaves for leaves in blocks if leaves]


def _leaves(element: HtmlElement, href: str) -> Iterator[_Leaf | None]:
    """Pieces of text in order, with None where a block begins or ends."""
    if element.tag in _SILENT:
        return
    edge: list[_Leaf | None] = [None] if element.tag in _BLOCKS or element.tag == "br" else []
    href = element.get("href") or href
    yield from (*edge, *_leaf(element.text, href))
    for child in element:
        yield from _leaves(child, href) if isinstance(child.tag, str) else ()
        yield from _leaf(child.tail, href)
    yield from edge


def _leaf(text: str | None, href: str) -> tuple[_Leaf, ...]:
    line = " ".join((text or "").split())
    return (_Leaf(line, href),) if line else ()
