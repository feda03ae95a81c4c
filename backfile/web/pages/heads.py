"""What stands above every page about an article, and what several of them show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from archive import Article, Entry, Outcome
from backfile.web import urls
from backfile.web.rendering import direction
from backfile.web.site import Site


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of the metadata with the rule that gave it."""

    label: str
    value: str
    rule: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A page about the same article."""

    name: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class About:
    """What stands above every page about an article."""

    id: str
    title: str
    url: str
    site: str
    date: str
    lang: str
    direction: str
    tabs: tuple[Tab, ...]
    outcome: str
    detail: str
    badges: tuple[str, ...]
    captured: str


def title_of(entry: Entry, found: Article | None) -> str:
    return (found.title if found else "") or entry.final_url or entry.url


def cited_by(entry: Entry) -> tuple[tuple[str, str, str], ...]:
    return tuple((urls.article(one.id), one.title or one.url, one.url) for one in entry.cited_by)


def facts_of(found: Article) -> Iterator[Fact]:
    """The metadata, each value with the rule that gave it."""
    values = {
        "title": ("Headline", found.title), "other_title": ("Other headline", found.other_title),
        "authors": ("Authors", ", ".join(found.authors)),
        "published": ("Published", _moment(found.published or found.published_on)),
        "modified": ("Modified", _moment(found.modified)), "site": ("Site", found.site),
        "lang": ("Language", found.lang), "description": ("Description", found.description),
        "keywords": ("Keywords", ", ".join(found.keywords)), "sections": ("Sections", ", ".join(found.sections)),
        "canonical_url": ("Canonical address", found.canonical_url),
    }  # fmt: skip
    for name, (label, value) in values.items():
        if value:
            yield Fact(label, value, found.rules.get(name, found.rules.get(f"{name}_on", "")))


def _moment(value: datetime | date | None) -> str:
    """In the zone of the page, `2025-01-31 10:00 UTC`; a day alone where it says no more."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes").replace("+00:00", " UTC")
    return value.isoformat() if value else ""


def about(site: Site, entry: Entry, here: str) -> About:
    """The head of a page about an article, and where the other ones are."""
    article = entry.article
    lang = article.lang if article else ""
    day = (article.published_on or (article.published.date() if article.published else None)) if article else None
    tabs = [Tab("Article", urls.article(entry.id), here == "article")]
    tabs += [
        Tab(said, urls.part(entry.id, name), here == name)
        for name, said in (
            ("sources", f"Sources ({sum(not source.link.unfollowed for source in entry.sources)})"),
            ("versions", f"Versions ({entry.versions})"), ("evidence", "Evidence"), ("similar", "Similar"),
        )
    ]  # fmt: skip
    if shown := site.desk.fullest(entry):
        tabs.append(Tab("Archived page", urls.page(shown), here == "page"))
    badges = [word for word, holds in (
        ("changed", entry.versions > 1), ("cited", bool(entry.cited_by)),
        (entry.outcome.value, entry.outcome not in (Outcome.OK, Outcome.UNCHANGED)),
        ("doubtful", article is not None and "doubtful" in article.flags)) if holds]  # fmt: skip
    return About(
        entry.id, title_of(entry, article), entry.final_url or entry.url, article.site if article else "",
        f"{day}" if day else "", lang, direction(lang), tuple(tabs), entry.outcome.value, entry.detail, tuple(badges),
        _captured(entry),
    )  # fmt: skip


def _captured(entry: Entry) -> str:
    first, last = (f"{moment:%Y-%m-%d %H:%M}" for moment in (entry.first_captured, entry.last_captured))
    return f"captured {first} UTC" if first == last else f"first captured {first}, last {last} UTC"
