"""Networks as files of other programs: who is named with whom, and which article cites which.

    Pairs | articles with what they cite ─▶ Network (nodes, edges, what is known of each) ─▶ GraphML | CSV of the edges

Everything is written as it comes; what an article cites stands in a table on disk meanwhile, so that memory stays flat
(but for the labels that a CSV of edges repeats).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from archive import Citation, CitedSource, Entry
from backfile.desk.pairs import Pairs
from backfile.desk.pictures import without_what_xml_cannot_hold as clean
from backfile.desk.progress import Stage
from backfile.desk.sheets import sheet

Fact = str | int | float | date | None
_TYPES = {"articles": "int", "sentences": "int", "score": "double", "archived": "boolean"}  # the others are strings
_PAGE = 1000  # rows that are read at once
_GRAPHML = "http://graphml.graphdrawing.org/xmlns"


@dataclass(frozen=True, slots=True)
class Node:
    """`facts` in the order of Network.node_facts."""

    id: str
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Edge:
    """From node to node, by their ids; `facts` in the order of Network.edge_facts."""

    source: str
    target: str
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Network:
    """To be gone through once: first the nodes, then the edges."""

    directed: bool
    node_facts: Sequence[str]
    edge_facts: Sequence[str]
    nodes: Iterable[Node]
    edges: Iterable[Edge]


# -- who is named with whom --------------------------------------------------------------------------------------------


def network_of_pairs(pairs: Pairs) -> Network:
    """Names as nodes, with how many of the articles have each, and pairs as edges."""
    counts = {
        end: count
        for one in pairs.found
        for end, count in (
            ((pairs.name, one.value), one.value_articles),
            ((pairs.by, one.other), one.other_articles),
        )
    }
    return Network(
        directed=False,
        node_facts=("label", "kind", "articles"),
        edge_facts=("articles", "sentences", "score", "first", "last"),
        nodes=(Node(f"{kind}:{value}", (value, kind, count)) for (kind, value), count in counts.items()),
        edges=(
            Edge(
                f"{pairs.name}:{one.value}",
                f"{pairs.by}:{one.other}",
                (one.articles, one.sentences, one.score, one.first, one.last),
            )
            for one in pairs.found
        ),
    )


# -- who cites whom ----------------------------------------------------------------------------------------------------


class Citations:
    """The articles of a query, what they cite and what cites them, in a table of a temporary file.

    A cited page that is archived is a node under its id, another one under its address.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("")
        self._db.executescript(
            "CREATE TABLE nodes (id TEXT PRIMARY KEY, url, title, site, day, archived) WITHOUT ROWID;"
            "CREATE TABLE edges (source TEXT, target TEXT, role, outcome, PRIMARY KEY (source, target)) WITHOUT ROWID;"
        )

    def close(self) -> None:
        """Let go of the table."""
        self._db.close()

    def fill(self, entries: Iterable[Entry], at: Stage | None) -> None:
        """Take in these articles, one after the other."""
        for number, entry in enumerate(entries, 1):
            self._take(entry)
            if at:
                at(number)

    def _take(self, entry: Entry) -> None:
        article = entry.article
        day = article.published_on if article else None
        title, site = (article.title, article.site) if article else ("", "")
        node = (entry.id, entry.final_url or entry.url, title, site, day.isoformat() if day else "")
        self._db.execute("INSERT OR REPLACE INTO nodes VALUES (?, ?, ?, ?, ?, 1)", tuple(map(_held, node)))
        for source in entry.sources:
            if not source.link.unfollowed:
                self._cites(entry, source)
        for citation in entry.cited_by:
            self._is_cited(entry, citation)

    def _cites(self, entry: Entry, source: CitedSource) -> None:
        target = source.id or source.final_url or source.link.url
        self._node(target, source.final_url or source.link.url, source.title, archived=source.id is not None)
        outcome = source.outcome.value if source.outcome else ""
        self._edge(entry.id, target, source.link.role.value, outcome)

    def _is_cited(self, entry: Entry, citation: Citation) -> None:
        self._node(citation.id, citation.url, citation.title, archived=True)
        self._edge(citation.id, entry.id, "", "")

    def _node(self, id_: str, url: str, title: str, *, archived: bool) -> None:
        row = (*map(_held, (id_, url, title)), archived)
        self._db.execute("INSERT OR IGNORE INTO nodes VALUES (?, ?, ?, '', '', ?)", row)

    def _edge(self, source: str, target: str, role: str, outcome: str) -> None:
        """Once for each two; what the citing article says of it is kept where it is among the articles, too."""
        row = tuple(map(_held, (source, target, role, outcome)))
        self._db.execute(
            "INSERT INTO edges VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET role = excluded.role, outcome = excluded.outcome WHERE role = ''",
            row,
        )

    def network(self) -> Network:
        """Every page that was met, and every citation."""
        return Network(
            directed=True,
            node_facts=("label", "url", "site", "date", "archived"),
            edge_facts=("role", "outcome"),
            nodes=(
                Node(id_, (title or url, url, site, day, "true" if archived else "false"))
                for id_, url, title, site, day, archived in self._rows("SELECT * FROM nodes ORDER BY id")
            ),
            edges=(
                Edge(source, target, facts)
                for source, target, *facts in self._rows("SELECT * FROM edges ORDER BY source, target")
            ),
        )

    def _rows(self, sql: str) -> Iterator[tuple[str, ...]]:
        with closing(self._db.cursor()) as cursor:
            cursor.arraysize = _PAGE
            yield from cursor.execute(sql)


def _held(text: str) -> str:
    """Halves of characters, which a table cannot hold, as their sign."""
    return text.encode("utf-8", "replace").decode()


# -- files -------------------------------------------------------------------------------------------------------------


def graphml(network: Network) -> Iterator[str]:
    """As GraphML 1.0 (http://graphml.graphdrawing.org), for Gephi, Cytoscape, NetworkX and others."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{_GRAPHML}">\n'
    for kind, names in (("node", network.node_facts), ("edge", network.edge_facts)):
        for name in names:
            type_ = _TYPES.get(name, "string")
            yield f'<key id="{kind}_{name}" for="{kind}" attr.name="{name}" attr.type="{type_}"/>\n'
    yield f'<graph edgedefault="{"directed" if network.directed else "undirected"}">\n'
    for node in network.nodes:
        yield f"<node id={_attribute(node.id)}>{_data('node', network.node_facts, node.facts)}</node>\n"
    for edge in network.edges:
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        yield f"<edge {ends}>{_data('edge', network.edge_facts, edge.facts)}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _data(kind: str, names: Sequence[str], facts: Sequence[Fact]) -> str:
    known = ((name, fact) for name, fact in zip(names, facts, strict=True) if fact is not None and fact != "")
    return "".join(f'<data key="{kind}_{name}">{escape(clean(str(fact)))}</data>' for name, fact in known)


def _attribute(text: str) -> str:
    return quoteattr(clean(text))


def edge_sheet(network: Network) -> Iterator[str]:
    """The edges as CSV, with the label of each end: what Gephi reads, and spreadsheets."""
    labels = {node.id: str(node.facts[0]) for node in network.nodes}
    rows = (
        (edge.source, edge.target, labels.get(edge.source, ""), labels.get(edge.target, ""), *edge.facts)
        for edge in network.edges
    )
    return sheet(("source", "target", "source_label", "target_label", *network.edge_facts), rows)
