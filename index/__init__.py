"""Articles → answers: fields, query language, facets, engines.

with open_archive("my-backfile") as archive, open_index(archive, "my-backfile") as index:
    index.update()
    for hit in index.search("person:Krasner topic:ICE", facets=["place"]).hits:
        print(hit.date, hit.title, hit.snippet.text)
"""

from index.asking import facet_names
from index.config import SearchSettings
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
from index.query.nodes import Node
from index.query.parse import parse as parse_query
from index.results import Clause, Facet, FacetValue, Hit, Results, Similar
from index.similarity import SharedName
from index.snippets import Snippet
from index.updating import Updated

__all__ = [
    "FIELDS",
    "FLAGS",
    "Clause",
    "CursorError",
    "Facet",
    "FacetValue",
    "Field",
    "Hit",
    "Index",
    "IndexBusyError",
    "IndexDamagedError",
    "IndexStorageError",
    "Node",
    "QueryError",
    "Results",
    "SearchError",
    "SearchSettings",
    "Shape",
    "SharedName",
    "Similar",
    "Snippet",
    "Sort",
    "TooBroadError",
    "Updated",
    "facet_names",
    "open_index",
    "parse_query",
]
