"""What the publisher says about an article, each value with the rule that gave it.

Order of trust: the JSON-LD node of this page, OpenGraph and other meta elements, microdata and the visible header,
the page's title, and last a search over the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from archive.extraction.appended import sections_of, without_appended, without_authors, without_parts
from archive.extraction.bylines import read_authors
from archive.extraction.dates import Dates, read_dates
from archive.extraction.decode import clean_text
from archive.extraction.facts import Facts, inner_text
from archive.extraction.jsonld import text_of, texts_of
from archive.extraction.language import read_language
from archive.extraction.links.targets import absolute, split
from archive.extraction.outline import Outline
from archive.extraction.sites import host_names, site_names
from archive.extraction.spelled import habits
from archive.extraction.titles import choose_title, speaks_for
from archive.model import Article

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_KEYWORDS = (
    "keywords",
    "news_keywords",
    "article:tag",
    "parsely-tags",
    "sailthru.tags",
    "og:article:tag",
    "dc.subject",
    "cxenseparse:keyword",
)
_SECTIONS = ("article:section", "og:article:section", "parsely-section", "cxenseparse:section", "section")
_LONGEST_HEADING = 400  # characters
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})/?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of Article that do not come from its body. `free`: the publisher does not mark the text as paid."""

    title: str
    other_title: str
    authors: tuple[str, ...]
    dates: Dates
    site: str
    lang: str
    description: str
    canonical_url: str
    keywords: tuple[str, ...]
    sections: tuple[str, ...]
    rules: dict[str, str]
    free: bool

    def article(self, url: str, text: str, *, flags: frozenset[str], text_rule: str) -> Article:
        """The article at `url` with this metadata and `text`, which `text_rule` gave; still without its links."""
        return Article(
            url=url,
            title=self.title,
            other_title=self.other_title,
            text=text,
            authors=self.authors,
            published=self.dates.published,
            published_on=self.dates.day,
            modified=self.dates.modified,
            site=self.site,
            lang=self.lang,
            description=self.description,
            canonical_url=self.canonical_url,
            keywords=self.keywords,
            sections=self.sections,
            rules={**self.rules, "text": text_rule},
            flags=flags,
        )


def read_metadata(facts: Facts, now: datetime) -> Metadata:
    """The metadata of a page as it stood at `now`."""
    url = facts.url
    names = site_names(facts)
    site, site_rule = names[0] if names else ("", "")
    known = [*(name for name, _ in names), *host_names(url)]
    language = read_language(facts)
    how = habits(language.code, language.region, split(url).hostname or "", language.said)
    sections, section_rule = _listed(facts, "articleSection", _SECTIONS)
    named = sections_of(facts, sections)
    titles = choose_title(_titles(facts, named), known, lambda text: without_appended(text, named, how))
    title = titles.title
    outline = Outline(facts, title)
    authors, author_rule = read_authors(facts, known, outline, tuple(filter(None, (how.lang, how.said))))
    title = without_authors(title, authors)
    dates = read_dates(facts, outline, how, now)
    description, description_rule = _description(facts)
    keywords, keyword_rule = _listed(facts, "keywords", _KEYWORDS)
    rules = {
        "title": titles.rule,
        "authors": author_rule,
        "published": dates.rule,
        "modified": dates.modified_rule,
        "site": site_rule,
        "lang": language.rule,
        "description": description_rule,
        "keywords": keyword_rule,
        "sections": section_rule,
        "canonical_url": "link canonical" if facts.canonical else "",
    }
    return Metadata(
        title=title,
        other_title=titles.other,
        authors=authors,
        dates=dates,
        site=site,
        lang=language.code,
        description=description,
        canonical_url=facts.canonical,
        keywords=keywords,
        sections=sections,
        rules={field: rule for field, rule in rules.items() if rule},
        free=_is_free(facts),
    )


_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|(?:visually|screen-?reader|a11y)-?(?:hidden|only|text))(?:$|[\s_-])", re.I
)


def _is_unseen(heading: HtmlElement) -> bool:
    return _UNSEEN.search(heading.get("class") or "") is not None


def _titles(facts: Facts, sections: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Candidates in order of trust."""
    headline = text_of(facts.found.article.get("headline"))
    yield headline, "json-ld headline"
    headings = sorted(facts.headings[:4], key=_is_unseen)  # those that only screen readers see last
    first = [text for heading in headings if 3 < len(text := _heading(facts, heading, sections)) < _LONGEST_HEADING]
    yield from ((text, "h1") for text in first)
    for heading in islice(facts.tree.iter("h2"), 1 if not first else 6):
        text = inner_text(heading)
        if len(text) < _LONGEST_HEADING and (not first or any(_is_rest(facts.title, text, one) for one in first)):
            yield text, "h2"
            break
    yield facts.first("og:title")[0], "og:title"
    yield facts.title, "title"
    yield text_of(facts.found.article.get("name")), "json-ld name"
    yield facts.first("twitter:title")[0], "twitter:title"
    yield (
        facts.first("dc.title", "dcterms.title", "parsely-title", "sailthru.title", "title", "headline")[0],
        "meta title",
    )


def _heading(facts: Facts, element: HtmlElement, sections: frozenset[str]) -> str:
    """What an h1 says; "" for a logo, which is nothing but a link to the front page."""
    anchor = element.find(".//a")
    text = inner_text(element)
    if len(element):
        text = without_parts(element, text, (facts.first("og:title")[0], facts.title), sections)
    if anchor is None or inner_text(anchor) != text or anchor.get("href") is None:
        return text
    address = absolute(anchor.get("href"), facts.url)
    front = address is not None and split(address).path.strip("/") == "" and not split(address).query
    return "" if front and split(facts.url).path.strip("/") else text


def _is_rest(title: str, heading: str, site: str) -> bool:
    """Whether the page's title is a heading with the text of its h1 behind it: then that h1 is the name of the site."""
    return title != heading and speaks_for(title, heading) and title.endswith(site)


def _description(facts: Facts) -> tuple[str, str]:
    value, name = facts.first("og:description", "description", "twitter:description", "dc.description")
    if value:
        return value, name
    value = clean_text(text_of(facts.found.article.get("description")))
    return value, "json-ld description" if value else ""


def _listed(facts: Facts, property_name: str, names: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """A list of the publisher's own labels: split at commas, once each."""
    value = facts.found.article.get(property_name)
    found = texts_of(value) if value else []
    rule = f"json-ld {property_name}" if found else ""
    for name in names:
        if found:
            break
        found, rule = facts.meta.get(name, []), f"meta {name}"
    split = [part.strip(" #\"'") for text in found for part in re.split(r"[,;|]", text)]
    kept: dict[str, str] = {}
    for part in split:
        if part and len(part) < 80 and not _HOST.match(part):
            kept.setdefault(part.casefold(), clean_text(part))
    return tuple(kept.values())[:60], rule if kept else ""


def _is_free(facts: Facts) -> bool:
    value = facts.found.article.get("isAccessibleForFree")
    if value is None:
        return True
    return str(value).rsplit("/", 1)[-1].strip().lower() not in ("false", "no", "0")
