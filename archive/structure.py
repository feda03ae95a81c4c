"""What stands in an article's text: links, and what its page made of each line. A part of archive/model.py."""

from __future__ import annotations

from enum import StrEnum

from archive.frozen import frozen


class Role(StrEnum):
    """What a link is to the story."""

    CITED = "cited"
    EMBEDDED = "embedded"  # tweet blockquotes, players, frames
    CREDITED = "credited"  # photo and source credits, "via @handle"


@frozen
class Link:
    """A link in an article's body. `context` is its sentence, `start` its offset in Article.text, if it is there.

    `unfollowed`: why it is not followed as a source ("share button", "shop", not to be fetched …), "" where it is.
    """

    url: str  # absolute, as the page has it
    role: Role
    text: str  # anchor text; "" for a bare URL
    context: str
    start: int | None = None
    unfollowed: str = ""


class MarkKind(StrEnum):
    """What a stretch of an article's text is in its page."""

    HEADING = "heading"
    ITEM = "item"  # of a list, with all that stands in it; a term of a glossary, or what is said of it
    QUOTE = "quote"
    ROW = "row"  # of a table; its cells stand between " | " in the line
    CAPTION = "caption"
    LINK = "link"


@frozen
class Mark:
    """Characters [start, end) of Article.text are what `kind` says: whole lines, but for links.

    `level` is that of a heading (1 to 6), or how many lists an item stands in; `ordered`: the item's list is. `url` is
    where a link leads, or the address of the image above a caption.
    """

    kind: MarkKind
    start: int
    end: int
    level: int = 0
    ordered: bool = False
    url: str = ""


@frozen
class Caption:
    """A caption that is not in Article.text: it stands before the line at `at` there. `image`: the image's address."""

    text: str
    at: int
    image: str = ""


@frozen
class Structure:
    """What the text of an article is made of, in order; marks may stand within each other."""

    marks: tuple[Mark, ...] = ()
    captions: tuple[Caption, ...] = ()

    @property
    def has_lines(self) -> bool:
        """Whether it says of lines what they are: headings, items, quotes, rows."""
        return any(mark.kind is not MarkKind.LINK for mark in self.marks)
