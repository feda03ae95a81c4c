"""What a search returns: hits with snippets, facets, and what each clause of the query found. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from archive import frozen
from index.errors import CursorError
from index.plan import After, Sort

if TYPE_CHECKING:
    from index.similarity import SharedName
    from index.snippets import Snippet


@frozen
class Hit:
    """One entry that matches. `score` means something only beside other scores of the same query.

    `lacks`: the words of the query that it does not have; none for one that matches exactly.
    """

    id: str
    url: str
    title: str
    site: str
    date: date | None
    captured: datetime
    score: float
    snippet: Snippet
    title_marks: tuple[tuple[int, int], ...] = ()  # what to highlight in the title
    lacks: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()  # of FLAGS, as `is:` asks for them
    lang: str = ""  # of the article, "" where nobody knows it


@frozen
class Marks:
    """Where an article has what a query asks for: [start, end) in its title and in its text, in order, none twice."""

    title: tuple[tuple[int, int], ...] = ()
    text: tuple[tuple[int, int], ...] = ()


@frozen
class Similar:
    """An entry that is like another one, and what both have: names, those that weigh most first, and other words."""

    hit: Hit
    names: tuple[SharedName, ...]
    words: tuple[str, ...]


@frozen
class FacetValue:
    """`count` hits have `value`; choosing it as well would leave exactly those. `excluded`: hits with it are left out.

    Of significant values, `background` says how many articles of the archive have it and `score` how far it stands out.
    """

    value: str
    count: int
    selected: bool = False
    background: int | None = None
    score: float | None = None
    excluded: bool = False


@frozen
class Facet:
    """The values of one field among the hits, as if nothing of this field had been chosen.

    `distinct` is how many values there are; `truncated` says that not all of them are listed. `about`: counts may be
    too low, or a value missing, as an engine of many parts says of itself.
    """

    name: str  # as it was asked for: "person", "date.month"
    field: str
    values: tuple[FacetValue, ...]
    distinct: int
    about: bool = False

    @property
    def truncated(self) -> bool:
        return self.distinct > sum(1 for value in self.values if value.count)


@frozen
class Clause:
    """One word, phrase, date, group … of the query, what it was taken for, and how many entries match it by itself.

    The parts of a group come behind it, with a `depth` higher by one.
    """

    query: str
    words: str
    count: int
    depth: int = 0


@frozen
class Results:
    """One page. `cursor` asks for the next one and is None at the end.

    `hits` are exact up to the first that `lacks` something, unless they are `mixed`: those of a long question, which
    stand by their scores alone. `total` and `facets` are of the exact ones alone.

    `query` is the query as it was understood, `words` the same said in words. `clauses` are there when asked for and
    when there are no hits, `suggestions` (queries that may have been meant and have hits) only in the latter case.
    `behind`: changes of the archive that the index does not know yet. `asks`: the facet that answers a question for
    persons ("who sued the port authority?") or places ("where …"), "" for what is no such question. `dated`: the query
    with the time that it speaks of ("since March") asked as days of publication, where there are such articles, else
    ""; on the first page.
    """

    query: str
    words: str
    total: int
    hits: tuple[Hit, ...]
    cursor: str | None
    facets: tuple[Facet, ...] = ()
    clauses: tuple[Clause, ...] = ()
    suggestions: tuple[str, ...] = ()
    behind: int = 0
    mixed: bool = False
    asks: str = ""
    dated: str = ""


@frozen
class Place:
    """Where a page begins: behind a row (None: at the first) of the exact hits, or of those that lack something."""

    after: After | None = None
    lacking: bool = False


def write_cursor(sort: Sort, place: Place) -> str:
    """`place` as text for a URL or a command line."""
    from base64 import urlsafe_b64encode

    after = [repr(place.after.key), place.after.id] if place.after else ["-inf", ""]
    text = msgspec.json.encode([sort.value, *after, *([True] if place.lacking else [])])
    return urlsafe_b64encode(text).decode().rstrip("=")


def read_cursor(cursor: str, sort: Sort) -> Place:
    """The place that `write_cursor` noted. CursorError when it is none of ours, or of another order."""
    from base64 import b64decode

    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        noted, key, id_, *lacking = msgspec.json.decode(b64decode(padded, altchars=b"-_", validate=True))
        after = After(float(key), str(id_))
    except (msgspec.DecodeError, ValueError, TypeError, RecursionError):
        raise CursorError("this cursor was not made by a search; start again without one") from None
    if noted != sort.value or after.key != after.key:  # not a number
        raise CursorError(f"this cursor belongs to another order ({noted}); start again without it")
    return Place(after, bool(lacking))
