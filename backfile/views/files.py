"""What is read in files, without an archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Self

from archive import Geo, Interval, Kind, Link, Mention, Outcome

if TYPE_CHECKING:
    from backfile.desk import ReadPage


@dataclass(frozen=True, slots=True)
class PageRow:
    """What `extract` read in a file."""

    file: Annotated[str, "as it was named"]
    url: Annotated[str, "the address that was given for it"]
    outcome: Annotated[Outcome, "`ok`, or why there is no article"]
    detail: Annotated[str, "the same as observed, in words"]
    title: Annotated[str, "its headline"]
    authors: Annotated[tuple[str, ...], "who wrote it"]
    date: Annotated[date | None, "the day of publication, as the publisher counts it"]
    published: Annotated[datetime | None, "the moment of publication, where the page gives one"]
    modified: Annotated[datetime | None, "when it was changed, as the page says"]
    site: Annotated[str, "who published it"]
    lang: Annotated[str, "the language: `en`"]
    body: Annotated[str, "the text, a paragraph a line"]
    links: Annotated[tuple[Link, ...], "the links in it: `url`, `role`, `text`, `context` and `start`"]
    keywords: Annotated[tuple[str, ...], "the publisher's own"]
    sections: Annotated[tuple[str, ...], "the publisher's own"]
    rules: Annotated[Mapping[str, str], "by the name of a field, the rule that gave its value"]
    flags: Annotated[frozenset[str], "doubts about the reading"]
    other_title: Annotated[str, "the other headline that the page has for the story, empty if there is none"]

    @classmethod
    def of(cls, page: ReadPage) -> Self:
        """The row of a page that was read."""
        found = page.article
        return cls(
            page.name, page.url, page.outcome, page.detail, found.title, found.authors, found.published_on,
            found.published, found.modified, found.site, found.lang, found.text, found.links, found.keywords,
            found.sections, found.rules, found.flags,
            found.other_title,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A name or date in a text."""

    id: Annotated[str, "of the text: the file's name, or what its row says"]
    kind: Annotated[Kind, "`person`, `place`, `org` or `date`"]
    text: Annotated[str, "as it is written"]
    start: Annotated[int, "the first character of it in the text, from 0"]
    end: Annotated[int, "the character behind it"]
    canonical: Annotated[str, "the name that it is counted under; of a date, the day or days"]
    confidence: Annotated[float, "of the recogniser, from 0 to 1"]
    when: Annotated[Interval | None, "of a date: `first` and `last` day, and how finely the text spoke (`grain`)"]
    geo: Annotated[Geo | None, "of a place, where it is known: `country`, `admin`, `latitude`, `longitude`"]

    @classmethod
    def of(cls, text: str, mention: Mention) -> Self:
        """The row of a mention in the text that is called `text`."""
        return cls(
            text, mention.kind, mention.text, mention.start, mention.end, mention.canonical,
            round(mention.confidence, 3), mention.when, mention.geo,
        )  # fmt: skip
