"""The pages of help, made of the same tables as the program: fields, keys, problems, the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from backfile.web import problems, urls
from backfile.web.calls import JSON, Call, Sent, encode
from backfile.web.rendering import Frame, render
from backfile.web.site import Site
from index import FIELDS, FLAGS, Field

# Keys of the pages: page.js does what these say, and the help page lists them.
KEYS: tuple[tuple[str, str], ...] = (
    ("/", "to the query box"),
    ("j  k", "next and previous hit"),
    ("o  Enter", "open the hit"),
    ("n  p", "next and previous mention of a name, or match of the search, in an article"),
    ("[  ]", "previous and next hit of the search, from an article"),
    ("v", "versions of the article"),
    ("e", "evidence for it"),
    ("s", "its sources"),
    ("t", "to the tags"),
    ("?", "this list"),
)
EXAMPLES: tuple[tuple[str, str], ...] = (
    ("port checks", "both words, in any form"),
    ('"badge register"', "the words side by side"),
    ("listeria OR recall", "one of the two"),
    ("-ferry", "articles without the word"),
    ("immigra*", "words that begin so"),
    ("person:Krasner", "part of a name, any way it is written"),
    ('person:="Marisol Venn"', "just this name, as the panel counts it"),
    ("date:2025-01-15..2025-01-31", "from, to"),
    ("-person:*", "articles that name nobody"),
    ("saved:raids", "a saved search"),
)


@dataclass(frozen=True, slots=True)
class QueryHelpPage:
    """What help_query.html shows."""

    fields: tuple[Field, ...]
    flags: dict[str, str]
    examples: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class KeysPage:
    """What help_keys.html shows."""

    keys: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ProblemsPage:
    """What help_problems.html shows."""

    kinds: tuple[tuple[str, int, str, str], ...]


@dataclass(frozen=True, slots=True)
class ApiPage:
    """What api.html shows: every operation of the description."""

    operations: tuple[tuple[str, str, dict[str, Any]], ...]
    description: str


def query(_: Site, __: Call[object]) -> Sent:
    """The query language, from the table of fields."""
    examples = tuple((text, says, urls.search(text)) for text, says in EXAMPLES)
    return render("help_query.html", Frame("How to ask", here="help"), QueryHelpPage(FIELDS, dict(FLAGS), examples))


def keys(_: Site, __: Call[object]) -> Sent:
    """The keys."""
    return render("help_keys.html", Frame("Keys", here="help"), KeysPage(KEYS))


def problem_kinds(_: Site, __: Call[object]) -> Sent:
    """What each kind of problem means."""
    kinds = tuple((name, *row) for name, row in problems.KINDS.items())
    return render("help_problems.html", Frame("Problems", here="help"), ProblemsPage(kinds))


def api(site: Site, _: Call[object]) -> Sent:
    """The API, drawn from its own description."""
    operations = tuple(
        (method.upper(), path, operation)
        for path, item in site.describe()["paths"].items()
        for method, operation in item.items()
    )
    address = urls.api("/openapi.json")
    return render("api.html", Frame("API", here="help", json=address), ApiPage(operations, address))


def openapi(site: Site, _: Call[object]) -> Sent:
    """The description of the API, OpenAPI 3.1."""
    return Sent(msgspec.json.format(encode(site.describe())), JSON)
