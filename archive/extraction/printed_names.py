"""Names of authors as a page prints them: in elements called a byline, behind "By", as links to pages of authors. Pure.

A line counts only if it is made of names: words of a sentence in it, or a place among menus and forms, make it none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from archive.extraction import byline_words as tables
from archive.extraction.facts import inner_text, label_of, pieces_of
from archive.extraction.outline import Outline
from archive.extraction.people import distinct, is_name, is_person, letters, names_in, opening, readable
from archive.extraction.plain_names import alone, below, in_small_letters
from archive.extraction.spelled import days_in, of_languages

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
_ACCOUNT = re.compile(r"(?:^|[\s_-])(?:fn|user-?name|author)(?:$|[\s_-])")
_ACCOUNT_LENGTH = 30  # characters
# Beside a name, within a byline: where its owner is and what they are.
_BESIDE_NAMES = re.compile(r"(?:^|[\s_-])(?:location|place|city|town|dateline|role|job|bio)(?:$|[\s_-])", re.IGNORECASE)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|in|as)?|auteurs?|by|byline|contributors?|columnists?|journalists?|reporters?"
    r"|writers?|verfasser|redakteure?"
    r"|staff|editors?|firmas?|penulis|skribent|yazar(?:lar)?|avtor|toimittajat?|kirjailija|contribut(?:eu|o)rs?"
    r"|opinionists?|bloggers?|szerzok?|autori|autorzy|avtorji|forfatter|autoriai|autors|sintaktes|tac-gia)/[^/?#]",
    re.IGNORECASE,
)
# Pages of people: authors, or those whom the story is about.
_PEOPLE_PAGE = re.compile(r"/(?:(?:people|person|profil(?:e|es|s)?|users?|team|members?)/|@)[^/?#]", re.IGNORECASE)
_BLOCKS = frozenset("div p li ul ol section header footer article aside h1 h2 h3 h4 td tr table figure address".split())
_SILENT = frozenset("script style svg button time template noscript form".split())
_JOINS = re.compile(r"^(?:,|&|and\b|und\b|et\b|y\b|e\b|og\b|och\b|en\b|i\b|oraz\b|и\b)", re.IGNORECASE)
_HANGUL = re.compile("[\uac00-\ud7a3]{2,4}(?:\\s|$)")
# A name in Korean that is signed with what its owner does, and nothing else.
_SIGNED = re.compile(
    "(?:[\\[(][^\\[\\]()]{2,20}[\\])]\\s?)?(?:[\uac00-\ud7a3]{2,4}[·,]\\s?)*[\uac00-\ud7a3]{2,4}\\s?(?:[\uac00-\ud7a3]{2,6}\\s)?[\uac00-\ud7a3]{0,4}(?:기자|특파원|논설위원)(?:\\s+\\S+@\\S+)?"
)
_SET_APART = re.compile(r"[:：՝・=＝／/｜|]|(?:记者|記者|通讯员|通訊員)\s*$")
# A name in a script without capitals: a few words that are all there is.
_UNCASED = re.compile(
    r"(?:[\u0590-\u07ff\u0900-\u109f\u1780-\u17ff]+\s+){1,3}[\u0590-\u07ff\u0900-\u109f\u1780-\u17ff]+\Z"
    r"|[\u3040-\u30ff\u3400-\u9fff]{2,8}\Z"
    # … or Chinese names in a row, with where they write from or who else had a part behind them.
    r"|[\u3400-\u9fff]{2,4}(?:[、，\s]\s?[\u3400-\u9fff]{2,4})*(?:\s*[／/]\S{2,8}|\s+\S{1,5}[:：]\S+)?\Z"
)
_COLON = re.compile(r"[:：]|[记記]者|作者")
_LABELS = re.compile(r"(?<=\s)(?:[^\W\d_][\w.]{1,20}\s?[:：]|(?:记者|記者|作者)[:：\s])")
_NEXT_LABEL = re.compile(r"\s\S+[:：]")
_LONGEST = 200  # characters of a byline, its roles and places included
_LINE = 120  # … of a line that only begins with "By"
_DATED, _LEAST = 80, 12  # characters of a line of names and a day
_PARAGRAPH = 60  # characters of a paragraph
_PARTS = re.compile(r"\s*[|,•·]\s*|\s+[-–—/]\s+|\s+(?:and|und|et|y|e|og|och|en|i|и|ve)\s+|\s*&\s*")
_STORY, _BEHIND_STORY = 200, 4  # characters of a paragraph of the story, and paragraphs behind the last of these
_WITH_OFFICE = 2  # a name and what it is
_JOURNALIST = re.compile(
    r"(?:[\w’'-]+\s){0,3}(?:staff|writer|reporter|correspondent|editor|columnist|contributor|journalist\w*|journaliste"
    r"|redakteur\w*|redaktor\w*|korrespondent\w*|kolumnist\w*|periodista|redactora?|corresponsal|giornalista|inviat[oa]"
    r"|verslaggever|redacteur|correspondent[eo]?|envoyée? spéciale?|repórter|jornalista|журналист\w*|корреспондент\w*)"
    r"(?:\s(?:at|for|of|in|à|en|de|bei|aus|für|van|di|da)\s[^.!?]{2,30})?",
    re.IGNORECASE,
)
_PIECES = 8  # of text between tags that such a line has at most
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
        """Links to pages of authors, or a line "By …", or one of names and a day, near the headline."""
        links: list[str] = []
        read = 0  # paragraphs: behind a standfirst and more stand teasers of other stories, with their days
        for element in self._outline.near:
            read += element.tag == "p" and len(element.text or "") > _PARAGRAPH
            if element.tag == "a":
                links += self._linked(element)
            elif not links and self._begins_with_by(element):
                text = inner_text(element)
                names = self._of_blocks(_blocks(element)) if len(text) <= _LINE else ()
                if names:
                    return names
            elif not links and (names := self._labelled(element) or (self._in_a_line(element) if read < 2 else ())):
                return names
        return distinct(links)[:_MOST]

    def alone(self) -> tuple[str, ...]:
        """Those whom a line below the headline names that has nothing else in it."""
        return alone(self._outline.behind, self._tree, self._langs)

    def below(self) -> tuple[str, ...]:
        """Those whom the end of the story names."""
        paragraphs = [one for one in self._tree.iter("p") if inner_text(one) and not self._outline.is_aside(one)]
        last = max((at for at, one in enumerate(paragraphs) if len(inner_text(one)) > _STORY), default=-1)
        return below(paragraphs[max(last, 0) : last + _BEHIND_STORY], self._tree, self._langs)

    def accounts(self) -> tuple[str, ...]:
        """The account that a page says has posted the story, be it no name of a person: "Posted by ann_r"."""
        for element in self._outline.all():
            if not _ACCOUNT.search(label_of(element)):
                continue
            text = _before(element) or _before(element.getparent())  # "by <strong><a>ann_r</a></strong>"
            name = inner_text(element)
            if tables.MARK.match(text.rsplit("\n", 1)[-1].strip()) and 0 < len(name) <= _ACCOUNT_LENGTH:
                return (name,) if len(name.split()) <= 2 and is_name(name) else ()
        return ()

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

    def _dated(self, element: HtmlElement) -> tuple[str, ...]:
        """Those of a line that is nothing but names and a day ("Ann Reed | May 6, 2025"), or a name and what it is
        that a journalist is ("Ann Reed, staff writer")."""
        pieces = [" ".join(piece.split()) for piece in islice(pieces_of(element), _PIECES)]
        text = " | ".join(pieces)
        if not _LEAST < len(text) <= _DATED:
            return ()
        if any(not _Leaf("", anchor.get("href") or "").is_author_link for anchor in element.iter("a")):
            return ()  # a teaser
        parts = [part for part in _PARTS.split(readable(text, self._langs)) if letters(part)]
        if not parts or len(parts) > _PIECES:
            return ()
        if days_in(text, of_languages(self._langs)):
            return self._named_in(parts)
        names = self._persons(self._names(parts[0])) if len(parts) == _WITH_OFFICE else ()
        return names if _JOURNALIST.fullmatch(parts[-1]) and letters(parts[0]) == letters("".join(names)) else ()

    def _in_a_line(self, element: HtmlElement) -> tuple[str, ...]:
        return self._dated(element) or self._small(element)

    def _small(self, element: HtmlElement) -> tuple[str, ...]:
        """Those of a line in small letters: "by ann reed | may 6, 2025"."""
        text = inner_text(element) if (element.text or "")[:1].islower() else ""
        line = readable(text, self._langs).split("|")[0] if 0 < len(text) <= _DATED else ""
        return in_small_letters(line, self._langs) if tables.BY.match(line) else ()

    def _named_in(self, parts: list[str]) -> tuple[str, ...]:
        """The names that parts of a line are, where all others are places or words for "by"."""
        found: list[str] = []
        for part in parts:
            if _SIGNED.fullmatch(part):
                found += self._names(part)
                continue
            names = [name for name in self._persons(self._names(part)) if name.lower() != name.upper()]
            is_name = letters("".join(names)) == letters(tables.BY.sub("", part)) and bool(names)
            if any(map(_is_place, names or [part])):
                continue
            if not is_name:
                return ()
            found += names
        return distinct(found)

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
        text = " ".join(leaf.text for leaf in leaves)
        return by_leaf or self._persons(self._names(text)) or in_small_letters(text, self._langs)

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


def _before(element: HtmlElement) -> str:
    """The text right before an element, in what it stands in."""
    previous, holder = element.getprevious(), element.getparent()
    text = previous.tail if previous is not None else holder.text if holder is not None else ""
    return (text or "").strip()


def _is_place(name: str) -> bool:
    """Whether a name is more likely that of a town, as datelines have it: "NEW YORK, May 6, 2025"."""
    words = name.casefold().split()
    if name.isupper() or words[0] in tables.PLACES_BEGIN or words[-1] in tables.PLACES_END:
        return True
    from archive.entities.places import load  # takes a while, and few lines are in doubt

    return bool(load().find(name))


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
    if element.tag in _SILENT or _BESIDE_NAMES.search(label_of(element)):
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
