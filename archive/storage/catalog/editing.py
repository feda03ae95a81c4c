"""What a person says of an article in the place of what was read in it: its title, authors, date, site (pure).

What was read stays as it was read, and edits are laid over it on the way out. So a later capture is compared with what
the page said before, an edit makes no version, and taking one back is forgetting it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain

from archive.errors import UsageError
from archive.model import Article, Edit, Mention, Part, Reading

_GRACE = timedelta(days=1)  # where it is tomorrow already
BY_HAND = "by hand"
RULES: Mapping[str, str] = {"title": "title", "author": "authors", "date": "published", "site": "site"}
"""What can be edited, with the name that the field has in `Article.rules`."""

Fields = Mapping[str, tuple[str, ...]]


def said(
    title: str | None = None,
    authors: Iterable[str] | None = None,
    published_on: date | str | None = None,
    site: str | None = None,
) -> dict[str, tuple[str, ...]]:
    """What is said of each field; "" or no author: that there is none. None: nothing is said of it. UsageError."""
    found: dict[str, tuple[str, ...]] = {}
    if title is not None:
        found["title"] = _texts([title])
    if authors is not None:
        found["author"] = tuple(dict.fromkeys(_texts(authors)))
    if published_on is not None:
        found["date"] = _texts([str(published_on)])
        if found["date"] and _day(found["date"]) is None:
            raise UsageError(f"{found['date'][0]!r} is no date: write it as 2025-01-31, or nothing where there is none")
        if (day := _day(found["date"])) is not None and day > (datetime.now(UTC) + _GRACE).date():
            raise UsageError(f"{day} is to come: nothing was published then")
    if site is not None:
        found["site"] = _texts([site])
    return found


def journaled(fields: Fields) -> tuple[str, ...]:
    """As an act has it: `title=…`, one for each author; `author=` says that there is none."""
    return tuple(f"{name}={value}" for name, values in fields.items() for value in values or ("",))


def read(values: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What `journaled` wrote."""
    found: dict[str, tuple[str, ...]] = {}
    for name, _, value in (text.partition("=") for text in values):
        found[name] = (*found.get(name, ()), *([value] if value else []))
    return found


def current(edits: Iterable[Edit]) -> dict[str, tuple[str, ...]]:
    """What holds of each field: the latest that was said of it."""
    return dict(chain.from_iterable(edit.fields.items() for edit in edits))


def title_of(edits: Iterable[Edit], read_title: str) -> str:
    """The title that is shown where `read_title` was read."""
    values = current(edits).get("title")
    return read_title if values is None else " ".join(values)


def with_edit(edits: Sequence[Edit], edit: Edit) -> tuple[Edit, ...]:
    """One more; the same one again changes nothing."""
    return tuple(edits) if any(one.at == edit.at for one in edits) else (*edits, edit)


def without(edits: Sequence[Edit], moments: Iterable[str]) -> tuple[Edit, ...]:
    """Without those that were made at these moments, in ISO 8601."""
    gone = {datetime.fromisoformat(moment) for moment in moments}
    return tuple(edit for edit in edits if edit.at not in gone)


def edited(article: Article, edits: Sequence[Edit]) -> Article:
    """The article as the edits have it."""
    if not edits:
        return article
    fields = current(edits)
    rules = {**article.rules, **{RULES[name]: BY_HAND for name in fields if name in RULES}}
    if "title" in fields:
        title = " ".join(fields["title"])
        article = replace(article, title=title, other_title="" if article.other_title == title else article.other_title)
    if "author" in fields:
        article = replace(article, authors=fields["author"])
    if "date" in fields:
        day = _day(fields["date"])
        article = replace(
            article, published_on=day, published=article.published if day == article.published_on else None
        )
    if "site" in fields:
        article = replace(article, site=" ".join(fields["site"]))
    return replace(article, rules=rules)


def moved(reading: Reading, before: str, now: str) -> Reading:
    """What was understood, where the title was `before` and is `now`: names that stand in it no more are left out."""
    if before == now:
        return reading
    mentions = (_moved(mention, now) if mention.part is Part.TITLE else mention for mention in reading.mentions)
    return replace(reading, mentions=tuple(filter(None, mentions)))


def _moved(mention: Mention, title: str) -> Mention | None:
    start = title.find(mention.text)
    return replace(mention, start=start, end=start + len(mention.text)) if start >= 0 and mention.text else None


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    """In one line each, without those that say nothing."""
    lines = (unicodedata.normalize("NFC", " ".join(value.split())) for value in values)
    return tuple(filter(None, lines))


def _day(values: tuple[str, ...]) -> date | None:
    try:
        return date.fromisoformat(values[0]) if values else None
    except ValueError:
        return None
