"""When it was published and changed, with the publisher's own offset and calendar day. Pure.

No date is ever made up: what lies after the capture is not believed, nothing defaults to today, and a day in running
text is no day of publication. Order of trust: structured data, what is printed for readers, the address, htmldate.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from htmldate import find_date

from archive.extraction.facts import Facts
from archive.extraction.jsonld import text_of
from archive.extraction.moments import Moment, read_moment, url_day
from archive.extraction.outline import Outline
from archive.extraction.parse import query
from archive.extraction.printed import printed_day
from archive.extraction.spelled import Habits

logging.getLogger("htmldate").setLevel(logging.CRITICAL)

_DATED = query("//*[contains(@itemprop, 'datePublished')]")
_PUBLISHED = (
    "article:published_time og:article:published_time og:published_time article:published datepublished"
    " parsely-pub-date cxenseparse:recs:publishtime cxenseparse:publishtime sailthru.date publishdate publish-date"
    " publish_date published pubdate pub_date publication_date publication-date article.published article:post_time"
    " dc.date.issued dcterms.issued datecreated dcterms.created dcterms.date dc.date dc.created"
    " citation_publication_date citation_online_date date_published bt:pubdate rnews:datepublished og:release_date"
    " release_date originalpublicationdate article_date_original article_publication_date timestamp date"
).split()
_MODIFIED = (
    "article:modified_time og:updated_time og:article:modified_time article:modified datemodified"
    " cxenseparse:modifiedtime lastmod last-modified dcterms.modified dc.date.modified dc.modified"
    " parsely-updated-date article.updated modified date_modified revised article:updated_time bt:moddate"
).split()


@dataclass(frozen=True, slots=True)
class Dates:
    """`published` is aware, with the publisher's offset (UTC where the page names none); `day` is its calendar day."""

    published: datetime | None = None
    day: date | None = None
    rule: str = ""
    modified: datetime | None = None
    modified_rule: str = ""


def read_dates(facts: Facts, outline: Outline, how: Habits, now: datetime) -> Dates:
    """The dates of a page as it stood at `now`, numbers such as 11/05/2007 read by its habits."""
    candidates = list(_candidates(facts, how, now))
    modified, modified_rule = _modified(facts, how, now)
    if not candidates:
        found, rule = printed_day(outline, how, now)
        if found is None:
            found, rule = _searched(outline, facts, now)
        return Dates(None, found, rule if found else "", modified, modified_rule)
    first, rule = candidates[0]
    best = _fuller(first, [moment for moment, _ in candidates[1:]])
    at, day = best.at, best.day
    named = url_day(facts.canonical or facts.url)
    local = at is not None and best.zoned and bool(at.utcoffset())  # then its day is the publisher's already
    if named is not None and not local and named != day and abs(named - day) <= timedelta(days=1):
        day, rule = named, f"{rule}, day of the address"
    if at is not None and not best.zoned:
        at = _with_offset_of(at, [moment for moment, _ in candidates])
    if modified is not None and at is not None and modified < at:
        modified, modified_rule = None, ""
    return Dates(at, day, rule, modified, modified_rule)


def _candidates(facts: Facts, how: Habits, now: datetime) -> Iterator[tuple[Moment, str]]:
    article, page = facts.found.article, facts.found.page
    for value, rule in (
        (article.get("datePublished"), "json-ld datePublished"),
        *((value, f"meta {name}") for name in _PUBLISHED for value in facts.meta.get(name, ())[:2]),
        (page.get("datePublished"), "json-ld WebPage.datePublished"),
        (article.get("dateCreated"), "json-ld dateCreated"),
        (article.get("uploadDate"), "json-ld uploadDate"),
        *_marked_up(facts),
    ):
        moment = read_moment(_text(value), now, how) if value else None
        if moment is not None:
            yield moment, rule


def _text(value: object) -> str:
    """A date of structured data as text: some count seconds or milliseconds since 1970."""
    return str(int(value)) if isinstance(value, int | float) and abs(value) < 10**17 else text_of(value)


def _marked_up(facts: Facts) -> Iterator[tuple[str, str]]:
    """Elements that say they hold the date of publication."""
    for element in _DATED(facts.tree):
        if element.tag != "meta":
            yield element.get("datetime") or element.get("content") or "", "microdata datePublished"
    for element in facts.tree.iter("time"):
        label = (element.get("class") or "").lower()
        if element.get("pubdate") is not None or "publish" in label or "entry-date" in label or "dt-published" in label:
            yield element.get("datetime") or "", "time element"


def _modified(facts: Facts, how: Habits, now: datetime) -> tuple[datetime | None, str]:
    article, page = facts.found.article, facts.found.page
    for value, rule in (
        (article.get("dateModified"), "json-ld dateModified"),
        *((value, f"meta {name}") for name in _MODIFIED for value in facts.meta.get(name, ())[:1]),
        (page.get("dateModified"), "json-ld WebPage.dateModified"),
    ):
        moment = read_moment(_text(value), now, how) if value else None
        if moment is not None and moment.at is not None:
            return moment.at, rule
    return None, ""


def _fuller(first: Moment, others: list[Moment]) -> Moment:
    """`first`, or what says the same and more: a time for its day, or the publisher's offset for its instant."""
    return next((other for other in others if _says_more(other, first)), first)


def _says_more(other: Moment, first: Moment) -> bool:
    if first.at is None:
        return other.day == first.day and other.at is not None
    if other.at is None or not other.zoned:
        return False
    if not first.zoned:  # the same numbers on the clock, with an offset
        return other.at.replace(tzinfo=None, second=0) == first.at.replace(tzinfo=None, second=0)
    return not first.at.utcoffset() and bool(other.at.utcoffset()) and abs(other.at - first.at) < timedelta(minutes=2)


def _with_offset_of(at: datetime, moments: list[Moment]) -> datetime:
    """A time without an offset, in the offset that the page's other dates have."""
    zones = [moment.at.tzinfo for moment in moments if moment.at is not None and moment.zoned and moment.at.utcoffset()]
    return at.replace(tzinfo=zones[0] if zones else UTC)


def _searched(outline: Outline, facts: Facts, now: datetime) -> tuple[date | None, str]:
    """What htmldate finds in the address, in names of elements and in scripts: not in running text, nor aside of it."""
    tree = outline.skeleton()
    found = find_date(tree, original_date=True, url=facts.canonical or facts.url, max_date=now, extensive_search=False)
    day = date.fromisoformat(found) if found else None
    named = url_day(facts.canonical) or url_day(facts.url)
    if day is None or day == named:
        return named if named and named <= now.date() else None, "day of the address"
    return (None, "") if (day.month, day.day) == (1, 1) else (day, "htmldate")  # it says so for a year alone
