"""Where the values of the fields come from: what an archive's entry says for each of them. Pure.

Values may be empty or stand more than once; fields.document sees to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date
from types import MappingProxyType
from typing import TypeAlias

from archive import Entry, Kind, MarkKind, Mention, Outcome
from index.analysis import url_terms
from index.folding import fold

DayRange: TypeAlias = tuple[int, int]  # first and last day as date.toordinal(), both included
Strings: TypeAlias = Callable[[Entry], Iterable[str]]

_OUTCOME_FLAGS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.NOT_FOUND: "gone",
        Outcome.GONE: "gone",
        Outcome.BLOCKED: "blocked",
        Outcome.CONSENT: "consent",
        Outcome.PAYWALL: "paywall",
        Outcome.TOO_SHORT: "unreadable",
        Outcome.NO_TEXT: "unreadable",
        Outcome.NOT_TEXT: "unreadable",
        Outcome.REFUSED: "refused",
        Outcome.ROBOTS: "robots",
        Outcome.TOO_LARGE: "unreachable",
        Outcome.TIMED_OUT: "unreachable",
        Outcome.INCOMPLETE: "unreachable",
        Outcome.REDIRECTS: "unreachable",
        Outcome.FAILED: "unreachable",
    }
)


def title(entry: Entry) -> Iterator[str]:
    if entry.article:
        yield entry.article.title
        yield entry.article.other_title


def text(entry: Entry) -> Iterator[str]:
    """The body, and the description where the body does not begin with it."""
    if article := entry.article:
        yield article.text
        if article.description and article.description[:60] not in article.text:
            yield article.description


def mentions(entry: Entry, kind: Kind) -> Iterator[Mention]:
    return (mention for mention in entry.reading.mentions if mention.kind is kind)


def names(kind: Kind) -> Strings:
    """Every way a name is written in the article, its canonical form, and what else the archive knows it by."""
    return lambda entry: (
        form for mention in mentions(entry, kind) for form in (mention.canonical, mention.text, *mention.aliases)
    )


def canonical(kind: Kind) -> Strings:
    return lambda entry: (mention.canonical for mention in mentions(entry, kind))


def captions(entry: Entry) -> Iterator[str]:
    """The captions of its images, whether they stand in the text or beside it."""
    yield from (text for text, _ in captioned(entry))


def captioned(entry: Entry) -> Iterator[tuple[str, str]]:
    """Each caption, and the address of the image that it belongs to ("": nobody knows)."""
    if article := entry.article:
        for mark in article.structure.marks:
            if mark.kind is MarkKind.CAPTION:
                yield article.text[mark.start : mark.end], mark.url
        for caption in article.structure.captions:
            yield caption.text, caption.image


def forms(entry: Entry, field: str, value: str) -> Iterator[str]:
    """Every name by which the entry knows what the facet `field` counts as `value`."""
    for mention in entry.reading.mentions:
        if mention.kind.value == field and mention.canonical == value:
            yield from (mention.text, *mention.aliases)
    for topic in entry.reading.topics:
        if field == "topic" and topic.name == value:
            yield from topic.aliases


def topics(entry: Entry) -> Iterator[str]:
    for topic in entry.reading.topics:
        yield topic.name
        yield from topic.aliases


def authors(entry: Entry) -> Iterable[str]:
    return entry.article.authors if entry.article else ()


def host(entry: Entry) -> str:
    from archive import site_of

    return site_of(entry.final_url) or site_of(entry.url)


def site(entry: Entry) -> str:
    """The site's own name, else its host; none for a text without an address, whose host is made up."""
    return (entry.article.site if entry.article else "") or ("" if (own := host(entry)).endswith(".invalid") else own)


def published(entry: Entry) -> date | None:
    article = entry.article
    if article is None or (article.published_on is None and article.published is None):
        return None
    return article.published_on or (article.published.date() if article.published else None)


def published_days(entry: Entry) -> Iterator[DayRange]:
    if day := published(entry):
        yield day.toordinal(), day.toordinal()


def mentioned_days(entry: Entry) -> Iterator[DayRange]:
    for mention in mentions(entry, Kind.DATE):
        if when := mention.when:
            yield when.first.toordinal(), when.last.toordinal()


def captured_days(entry: Entry) -> Iterator[DayRange]:
    for moment in (entry.first_captured, entry.last_captured):
        day = moment.astimezone(UTC).date().toordinal()
        yield day, day


def lang(entry: Entry) -> Iterator[str]:
    if entry.article:
        yield entry.article.lang


def link_terms(entry: Entry) -> Iterator[str]:
    """Each cited address as the page has it, each hop and where it led; and the id of what is archived there."""
    for source in entry.sources:
        if source.link.unfollowed and source.outcome is None:
            continue
        for url in {source.link.url, source.final_url, *source.chain}:
            yield from url_terms(url)
        yield source.id or ""
    for link in entry.article.links if entry.article else ():
        if not link.unfollowed:
            yield from url_terms(link.url)


def link_hosts(entry: Entry) -> Iterable[str]:
    """Where the cited sources are in the end; links without an outcome count by the host on the page."""
    from archive import site_of

    hosts = {
        source.link.url: site_of(source.final_url or source.link.url)
        for source in entry.sources
        if not source.link.unfollowed
    }
    for link in entry.article.links if entry.article else ():
        if not link.unfollowed:
            hosts.setdefault(link.url, site_of(link.url))
    return hosts.values()


def citedby_terms(entry: Entry) -> Iterator[str]:
    for citation in entry.cited_by:
        yield citation.id
        yield from url_terms(citation.url)


def own_terms(entry: Entry) -> Iterator[str]:
    yield entry.id
    for url in {entry.url, entry.final_url, entry.article.canonical_url if entry.article else ""}:
        yield from url_terms(url)


def flags(entry: Entry) -> Iterator[str]:
    yield _OUTCOME_FLAGS.get(entry.outcome, "")
    observations = {
        "linked": entry.depth > 0,
        "cited": bool(entry.cited_by),
        "changed": entry.versions > 1,
        "pdf": entry.media_type == "application/pdf",
        "rescued": entry.memento is not None,
        "login": entry.login,
        "doubtful": entry.article is not None and "doubtful" in entry.article.flags,
        "failed": entry.article is None,
    }
    yield from (flag for flag, seen in observations.items() if seen)


def none(entry: Entry) -> Iterator[str]:  # noqa: ARG001 - as all of them
    """What no entry says by itself: index.copies gives it to documents."""
    yield from ()


def folded(values: Strings) -> Strings:
    return lambda entry: (fold(value) for value in values(entry))
