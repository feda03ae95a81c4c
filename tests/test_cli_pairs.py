"""Who is named with whom, and who cites whom, as a user asks for it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from commands import ENVIRONMENT, Command, run
from counted_stories import filled
from newsroom import Newsroom

NS = {"g": "http://graphml.graphdrawing.org/xmlns"}


@pytest.fixture(scope="module")
def backfile(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    return filled(tmp_path_factory.mktemp("pairs"), newsroom_server)


def graph(file: Path) -> tuple[dict[str, dict[str, str]], list[tuple[str, str, dict[str, str]]]]:
    """Nodes with their facts, and edges with theirs."""
    root = ET.parse(file).getroot()
    names = {key.attrib["id"]: key.attrib["attr.name"] for key in root.findall("g:key", NS)}

    def facts(element: ET.Element) -> dict[str, str]:
        return {names[data.attrib["key"]]: data.text or "" for data in element.findall("g:data", NS)}

    nodes = {node.attrib["id"]: facts(node) for node in root.iterfind(".//g:node", NS)}
    edges = [(e.attrib["source"], e.attrib["target"], facts(e)) for e in root.iterfind(".//g:edge", NS)]
    assert {end for source, target, _ in edges for end in (source, target)} <= nodes.keys()
    return nodes, edges


def test_pairs_are_counted_in_articles_and_sentences(backfile: Command) -> None:
    rows = backfile("pairs", "--json").rows
    assert list(rows[0])[:5] == ["field", "value", "by", "by_value", "count"]
    told = [tuple(row[key] for key in ("value", "by_value", "count", "sentences", "first", "last")) for row in rows]
    assert told == [
        ("Ada Brandt", "Jonas Ek", 2, 2, "2025-01-06", "2025-01-07"),
        ("Ada Brandt", "Marisol Venn", 1, 1, "2025-03-03", "2025-03-03"),
    ]
    assert all(row["score"] < 6.63 for row in rows), "hardly more often than chance has it"  # type: ignore[operator]


def test_pairs_of_two_fields_on_a_terminal_and_as_a_sheet(backfile: Command) -> None:
    shown = backfile("pairs", "--by", "site", "--limit", "1").out.splitlines()
    assert shown[0].split()[:4] == ["person", "site", "articles", "sentences"]
    assert shown[1].split() == ["Ada", "Brandt", "The", "Ledger", "3", "-", *shown[1].split()[6:]]
    assert shown[2] == "… 5 more"
    rows = list(csv.reader(backfile("pairs", "person:Venn", "--csv").out.splitlines()))
    assert rows[0] == ["person", "person", "articles", "sentences", "score", "first", "last"]
    assert rows[1][:4] == ["Marisol Venn", "Ada Brandt", "1", "1"]
    assert "(none)" in backfile("pairs", "xylophone").out


def test_pairs_fit_a_narrow_terminal_with_their_days_below_them(backfile: Command) -> None:
    ran = run("pairs", cwd=backfile.folder, env=ENVIRONMENT | {"COLUMNS": "60"})
    lines = ran.out.splitlines()
    assert max(map(len, lines)) <= 60
    assert [line.strip() for line in lines[1::2]] == ["first – last", "2025-01-06 – 2025-01-07", "2025-03-03"]
    assert lines[2].split() == ["Ada", "Brandt", "Jonas", "Ek", "2", "2", lines[2].split()[-1]]


def test_a_network_of_names(backfile: Command) -> None:
    file = backfile.folder.parent / "names.graphml"
    assert backfile("network", "-o", str(file)).code == 0
    nodes, edges = graph(file)
    assert nodes["person:Ada Brandt"] == {"label": "Ada Brandt", "kind": "person", "articles": "4"}
    assert [(source, target, facts["articles"]) for source, target, facts in edges] == [
        ("person:Ada Brandt", "person:Jonas Ek", "2"),
        ("person:Ada Brandt", "person:Marisol Venn", "1"),
    ]
    sheet = backfile.folder.parent / "names.csv"
    assert backfile("network", "person:Ek", "-o", str(sheet)).code == 0
    (row,) = csv.DictReader(sheet.read_text(encoding="utf-8-sig").splitlines())
    assert (row["source_label"], row["target_label"], row["articles"]) == ("Jonas Ek", "Ada Brandt", "2") or (
        row["source_label"], row["target_label"], row["articles"],
    ) == ("Ada Brandt", "Jonas Ek", "2")  # fmt: skip
    assert backfile("network", "-o", "names.pdf").code == 2


def test_what_network_was_written_as_json(backfile: Command) -> None:
    """As many nodes and edges as the file has; of a query without any article, too."""
    for ending in ("graphml", "csv"):
        file = backfile.folder.parent / f"counted.{ending}"
        ran = backfile("network", "--json", "-o", str(file))
        assert json.loads(ran.out) == {"nodes": 3, "edges": 2, "output": str(file)}
        ran = backfile("network", "xylophone", "--json", "-o", str(file))
        assert json.loads(ran.out) == {"nodes": 0, "edges": 0, "output": str(file)}


@pytest.mark.slow
def test_a_network_of_citations(tmp_path: Path, newsroom: Newsroom) -> None:
    """Cited pages that are archived and that are not, and articles outside of the query that cite one inside."""
    backfile = Command(tmp_path / "archive", newsroom)
    text = "The council met on Tuesday to talk about the bridge, and nobody spoke against mending it. " * 4
    cited = newsroom.add("https://council.example/minutes", f"<h1>Minutes & notes</h1><p>{text}</p>")
    gone = "https://council.example/gone"
    said = f'The <a href="{cited}">minutes</a> say no more than that, and the <a href="{gone}">report</a> says less.'
    story = f"<html><head><title>A bridge</title></head><body><article><p>{text}</p><p>{said}</p></article>"
    url = newsroom.add("https://paper.example/bridge", story)
    assert backfile("add", url).code == 0
    file = tmp_path / "cited.graphml"
    assert backfile("network", "--citations", "-o", str(file)).code == 0
    nodes, edges = graph(file)
    by_url = {facts["url"]: (id_, facts) for id_, facts in nodes.items()}
    assert by_url[cited][1]["label"] == "Minutes & notes"
    assert (by_url[cited][1]["archived"], nodes[by_url[url][0]]["archived"]) == ("true", "true")
    ends = {(source, target): facts["outcome"] for source, target, facts in edges}
    assert ends[by_url[url][0], by_url[cited][0]] == "ok"
    assert len(ends) == 2
    assert "not found" in ends.values()
    assert backfile("network", "--citations", "url:council.example", "-o", str(file)).code == 0
    _, edges = graph(file)
    assert [(source, target) for source, target, _ in edges] == [(by_url[url][0], by_url[cited][0])]
