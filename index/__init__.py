"""Articles → answers: fields, query language, facets, engines.

with open_archive("my-backfile") as archive, open_index(archive, "my-backfile") as index:
    index.update()
    for hit in index.search("person:Krasner topic:ICE", facets=["place"]).hits:
        print(hit.date, hit.title, hit.snippet.text)
"""

from __future__ import annotations

import typing
from importlib import import_module

from index.asking import facet_names
from index.config import SearchSettings
from index.config import check as check_search
from index.core import Index, open_index
from index.errors import (
    CursorError,
    IndexBusyError,
    IndexDamagedError,
    IndexStorageError,
    QueryError,
    SearchError,
    TooBroadError,
)
from index.fields import FIELDS, FLAGS, Field, Shape
from index.plan import Sort
from index.query.nodes import And, Everything, Exact, Has, Node, Not, Or, When
from index.query.parse import parse as parse_query
from index.query.split import Split
from index.query.split import split as split_query
from index.results import Clause, Facet, FacetValue, Hit, Marks, Results, Similar
from index.snippets import Snippet

if typing.TYPE_CHECKING:
    from index.copies.files import Copies
    from index.copies.table import Group, Member
    from index.counting import Crossed, Pair, Paired, Side, ValueOrder
    from index.overview import FacetPage, FacetTable, Overview
    from index.roster import Candidate, Found, Passage, Roster
    from index.similarity import SharedName
    from index.updating import Updated

__all__ = [
    "FIELDS",
    "FLAGS",
    "And",
    "Candidate",
    "Clause",
    "Copies",
    "Crossed",
    "CursorError",
    "Everything",
    "Exact",
    "Facet",
    "FacetPage",
    "FacetTable",
    "FacetValue",
    "Field",
    "Found",
    "Group",
    "Has",
    "Hit",
    "Index",
    "IndexBusyError",
    "IndexDamagedError",
    "IndexStorageError",
    "Marks",
    "Member",
    "Node",
    "Not",
    "Or",
    "Overview",
    "Pair",
    "Paired",
    "Passage",
    "QueryError",
    "Results",
    "Roster",
    "SearchError",
    "SearchSettings",
    "Shape",
    "SharedName",
    "Side",
    "Similar",
    "Snippet",
    "Sort",
    "Split",
    "TooBroadError",
    "Updated",
    "ValueOrder",
    "When",
    "check_search",
    "facet_names",
    "open_index",
    "parse_query",
    "split_query",
]

# What a search does not need is loaded when it is asked for: each of these by the module that it is in.
_LATER = {
    "copies.files": ("Copies",),
    "copies.table": ("Group", "Member"),
    "counting": ("Crossed", "Pair", "Paired", "Side", "ValueOrder"),
    "overview": ("FacetPage", "FacetTable", "Overview"),
    "roster": ("Candidate", "Found", "Passage", "Roster"),
    "similarity": ("SharedName",),
    "updating": ("Updated",),
}


def __getattr__(name: str) -> object:
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(f"index.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
