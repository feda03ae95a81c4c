"""What the publisher says about an article, each value with the rule that gave it.

Order of trust: the JSON-LD node of this page, OpenGraph and other meta elements, microdata and the visible header,
the page's title, and last a search over the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.extraction.bylines import read_authors
from archive.extraction.dates import Dates, read_dates
from archive.extraction.decode import clean_text
from archive.extraction.facts import Facts, inner_text
from archive.extraction.jsonld import text_of, texts_of
from archive.extraction.language import read_language
from archive.extraction.outline import Outline
from archive.extraction.sites import host_names, site_names
from archive.extraction.spelled import habits
from archive.extraction.targets import split
from archive.extraction.titles import choose_title
from archive.model import Article

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
    title, title_rule = choose_title(_titles(facts), known)
    authors, author_rule = read_authors(facts, known)
    language = read_language(facts)
    outline = Outline(facts, title)
    how = habits(language.code, language.region, split(url).hostname or "")
    dates = read_dates(facts, outline, how, now)
    description, description_rule = _description(facts)
    keywords, keyword_rule = _listed(facts, "keywords", _KEYWORDS)
    sections, section_rule = _listed(facts, "articleSection", _SECTIONS)
    rules = {
        "title": title_rule,
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


def _titles(facts: Facts) -> Iterator[tuple[str, str]]:
    """Candidates in order of trust."""
    yield text_of(facts.found.article.get("headline")), "json-ld headline"
    for heading in facts.headings[:4]:
        text = inner_text(heading)
        if 3 < len(text) < _LONGEST_HEADING:
            yield text, "h1"
    second = facts.tree.find(".//h2") if not facts.headings else None
    if second is not None and len(inner_text(second)) < _LONGEST_HEADING:
        yield inner_text(second), "h2"
    yield facts.first("og:title")[0], "og:title"
    yield facts.title, "title"
    yield facts.first("twitter:title")[0], "twitter:title"
    yield (
        facts.first("dc.title", "dcterms.title", "parsely-title", "sailthru.title", "title", "headline")[0],
        "meta title",
    )


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
