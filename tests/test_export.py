"""Exports that are text or tables: whole, escaped, flat in memory, readable by the programs they are for."""

from __future__ import annotations

import csv
import gc
import io
import json
import re
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import (
    ArchiveSettings,
    Article,
    Capture,
    Entry,
    Exported,
    ExportFormat,
    ExportStamp,
    Item,
    Kind,
    Link,
    Mention,
    Outcome,
    Reading,
    Role,
    Source,
    StorageError,
    Topic,
    UsageError,
    export_entries,
    export_to,
    read_items,
)
from archive.exporting.aside import file_aside, folder_aside
from archive.storage.catalog.names import key_of

AT = datetime(2025, 1, 31, 12, 0, 0, tzinfo=UTC)
STAMP = ExportStamp('topic:ICE "a raid" </title><script>', AT, "log-1")
# Everything that ends a line, a field, a tag, a table or somebody's terminal, and text that turns its direction.
HOSTILE = (
    '=cmd|"/C calc"!A0 </p></script><script>alert(1)</script>"\'`{}%\\ \x00\x07\x1b[31m\x85\u2028\u202eevil\u202c '
    "\ud800 שלום عالم\r\nER  - \r\nTY  - BOOK\n---\n# not a heading\n}"
)
TABLES = [ExportFormat.CSV, ExportFormat.PARQUET]
TEXTS = [one for one in ExportFormat if one.is_text]


def entry(number: int = 1, said: str = "A bridge for Lindholm", body: str = "Nobody spoke against it.") -> Entry:
    url = f"https://paper.example/{number}"
    link = Link("https://t.co/x", Role.CITED, said, said)
    article = Article(
        url, said, body, authors=(said,), published=AT, published_on=date(2025, 1, 30), site=said, lang="en",
        description=said, links=(link,),
    )  # fmt: skip
    mention = Mention(Kind.PERSON, "Brandt", 0, 6, said)
    return Entry(
        f"entry{number:07}", url, url, url, Outcome.OK, said, AT, AT, article,
        Reading((mention, mention), (Topic(said, "keyword"),)), "capture", "text/html", 2, frozenset({"headline"}),
        sources=(Source(link, "k", "https://city.example/a(b)", title=said),), tags=(said, "to check"), note=said,
    )  # fmt: skip


@dataclass
class Held:
    """An archive of some entries."""

    folder: Path = Path()
    settings: ArchiveSettings = field(default_factory=ArchiveSettings)
    entries: dict[str, Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, *entries: Entry) -> Held:
        return cls(entries={one.id: one for one in entries})

    def get(self, id: str) -> Entry | None:  # noqa: A002 - the archive's own word
        return self.entries.get(id)

    def captures(self, id: str) -> list[Capture]:  # noqa: A002
        return []


def exported(form: ExportFormat, *entries: Entry, stamp: ExportStamp = STAMP) -> bytes:
    out = io.BytesIO()
    done = export_to(out, Held.of(*entries), [one.id for one in entries], form, stamp)
    assert done == Exported(len(entries))
    return out.getvalue()


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def table(data: bytes) -> list[dict[str, object]]:
    parquet = pytest.importorskip("pyarrow.parquet")
    found: list[dict[str, object]] = parquet.read_table(io.BytesIO(data)).to_pylist()
    return found


# -- each format says what is there ---------------------------------------------------------------------------------


def test_jsonl_has_all_that_show_prints() -> None:
    """One object an entry, with the stamp in it, so that every line has the same shape."""
    row = json.loads(exported(ExportFormat.JSONL, entry()))
    assert row["article"]["text"] == "Nobody spoke against it."
    assert row["tags"] == ["A bridge for Lindholm", "to check"]
    assert row["sources"][0]["final_url"] == "https://city.example/a(b)"
    assert row["export"] == {"query": STAMP.query, "time": "2025-01-31T12:00:00Z", "log": "log-1"}


def test_csv_and_parquet_have_the_same_columns() -> None:
    row, typed = rows(exported(ExportFormat.CSV, entry()))[0], table(exported(ExportFormat.PARQUET, entry()))[0]
    assert list(row) == list(typed)
    assert (row["published"], typed["published"]) == ("2025-01-30", date(2025, 1, 30))
    assert (row["tags"], typed["tags"]) == ("A bridge for Lindholm; to check", ["A bridge for Lindholm", "to check"])
    assert (row["last_captured"], typed["last_captured"]) == ("2025-01-31T12:00:00+00:00", AT)
    assert row["export_log"] == typed["export_log"] == "log-1"


def test_parquet_carries_the_stamp() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    metadata = parquet.read_metadata(io.BytesIO(exported(ExportFormat.PARQUET))).metadata
    assert (metadata[b"backfile.query"], metadata[b"backfile.log"]) == (STAMP.query.encode(), b"log-1")


def test_ris_is_a_news_record() -> None:
    lines = exported(ExportFormat.RIS, entry()).decode().split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert "TI  - A bridge for Lindholm" in lines
    assert "DA  - 2025/01/30/" in lines
    assert "UR  - https://paper.example/1" in lines
    assert lines[-3:] == ["ER  - ", "", ""]


def test_csl_is_a_newspaper_article() -> None:
    (item,) = json.loads(exported(ExportFormat.CSL, entry()))
    assert item["type"] == "article-newspaper"
    assert item["issued"] == {"date-parts": [[2025, 1, 30]]}
    assert item["author"] == [{"literal": "A bridge for Lindholm"}]
    assert "log-1" in item["source"]


def test_bibtex_escapes_what_tex_obeys() -> None:
    text = exported(ExportFormat.BIBTEX, entry(said="100 % of {this} & that_one")).decode()
    assert r"title = {{100 \% of \{this\} \& that\_one}}" in text
    assert "url = {https://paper.example/1}" in text


PEOPLE = ("Ursula von der Leyen", "Rosa Lindt, MD", "Reuters", "Wool and Silk Association")


def test_references_have_family_and_given_names_apart() -> None:
    """What is no person's name stays whole: no style may make "Association, W." of it."""
    article = entry().article
    assert article is not None
    signed = replace(entry(), article=replace(article, authors=PEOPLE))
    ris = exported(ExportFormat.RIS, signed).decode().split("\r\n")
    assert [line[6:] for line in ris if line.startswith("AU")] == [
        "von der Leyen, Ursula", "Lindt, Rosa, MD", "Reuters", "Wool and Silk Association",
    ]  # fmt: skip
    (item,) = json.loads(exported(ExportFormat.CSL, signed))
    assert item["author"] == [
        {"family": "von der Leyen", "given": "Ursula"},
        {"family": "Lindt", "given": "Rosa", "suffix": "MD"},
        {"literal": "Reuters"},
        {"literal": "Wool and Silk Association"},
    ]
    text = exported(ExportFormat.BIBTEX, signed).decode()
    assert "author = {von der Leyen, Ursula and Lindt, MD, Rosa and {Reuters} and {Wool and Silk Association}}" in text


def test_html_needs_nothing_else() -> None:
    page = exported(ExportFormat.HTML, entry()).decode()
    assert "<h2>A bridge for Lindholm</h2>" in page
    assert "default-src 'none'" in page
    assert not re.search(r"<(?:script|img|link|iframe)\b|\bsrc=|@import|url\(", page)


# -- who says what it is about ----------------------------------------------------------------------------------------


def about() -> Entry:
    """One with a tag, a keyword of the publisher, and a topic that nobody but Backfile says."""
    found = (Topic("Ferries", "phrase", 0.9, suggested=True), Topic("Transport", "keyword", 0.8))
    return replace(entry(), reading=Reading((), found), tags=("to check",))


def test_tables_keep_tags_keywords_and_suggestions_apart() -> None:
    """`topics` stays the whole list."""
    asked = ("topics", "keywords", "suggested_topics", "tags")
    row = rows(exported(ExportFormat.CSV, about()))[0]
    assert [row[name] for name in asked] == ["Ferries; Transport", "Transport", "Ferries", "to check"]
    typed = table(exported(ExportFormat.PARQUET, about()))[0]
    assert [typed[name] for name in asked] == [["Ferries", "Transport"], ["Transport"], ["Ferries"], ["to check"]]


def test_json_lines_say_which_topics_are_suggested() -> None:
    row = json.loads(exported(ExportFormat.JSONL, about()))
    said = {topic["name"]: topic.get("suggested", False) for topic in row["reading"]["topics"]}
    assert (said, row["tags"]) == ({"Ferries": True, "Transport": False}, ["to check"])


def test_pages_and_notes_keep_tags_keywords_and_suggestions_apart(tmp_path: Path) -> None:
    page = exported(ExportFormat.HTML, about()).decode()
    assert re.findall(r"<dt>([^<]*(?:words|topics|Tags))</dt><dd><bdi>([^<]*)</bdi></dd>", page) == [
        ("Publisher's keywords", "Transport"), ("Suggested topics", "Ferries"), ("Tags", "to check"),
    ]  # fmt: skip
    facts = front(next(text for name, text in notes(tmp_path / "notes", about()).items() if name != "_export.md"))
    assert [facts[name] for name in ("topics", "keywords", "suggested_topics", "tags")] == [
        ["Ferries", "Transport"], ["Transport"], ["Ferries"], ["to check"],
    ]  # fmt: skip


def test_keywords_of_references_are_tags_and_the_publisher_s_without_suggestions() -> None:
    ris = exported(ExportFormat.RIS, about()).decode()
    assert re.findall(r"KW  - (.*)\r\n", ris) == ["to check", "Transport"]
    assert json.loads(exported(ExportFormat.CSL, about()))[0]["keyword"] == "to check, Transport"
    bibtex = exported(ExportFormat.BIBTEX, about()).decode()
    assert "keywords = {to check, Transport}" in bibtex
    assert "Ferries" not in ris + bibtex


@pytest.mark.parametrize("tags", [("to check",), ()])
@pytest.mark.parametrize("form", [ExportFormat.CSV, ExportFormat.JSONL, ExportFormat.MARKDOWN])
def test_only_tags_come_back_as_tags(tags: tuple[str, ...], form: ExportFormat, tmp_path: Path) -> None:
    """Neither what the publisher says nor what Backfile suggests becomes the user's word on the way out and in."""
    held = Held.of(replace(about(), tags=tags))
    export_entries(held, held.entries, form, STAMP, tmp_path / "out")
    files = [path for path in (tmp_path / "out").glob("*.md") if path.name != "_export.md"] or [tmp_path / "out"]
    (item,) = read_items(files[0])
    assert isinstance(item, Item)
    assert item.tags == tags


# -- nothing, and hostile things ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", TEXTS)
def test_nothing_found_is_a_whole_file(form: ExportFormat) -> None:
    """An empty result makes an empty, valid file of the format."""
    text = exported(form).decode("utf-8-sig")
    if form is ExportFormat.CSL:
        assert json.loads(text) == []
    elif form is ExportFormat.CSV:
        assert rows(text.encode()) == []
        assert text.startswith("id,url,")
    elif form is ExportFormat.HTML:
        assert text.rstrip().endswith("</html>")
    elif form is ExportFormat.BIBTEX:
        assert text.startswith("@comment{")
    else:
        assert text == ""


def test_no_rows_is_a_whole_parquet_file() -> None:
    assert table(exported(ExportFormat.PARQUET)) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "  =", "\u00a0@", "＝", "\n="])
def test_no_cell_is_a_formula(start: str) -> None:
    """U12: a spreadsheet takes no cell for a formula, whatever an article says."""
    data = exported(ExportFormat.CSV, entry(said=f'{start}cmd|"/C calc"!A0', body=f"{start}1+1"))
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        assert [cell for cell in row if cell.lstrip().startswith(tuple("=+-@＝＋－＠"))] == []


def test_hostile_text_stays_in_its_cell() -> None:
    row = rows(exported(ExportFormat.CSV, entry(said=HOSTILE, body=HOSTILE), entry(2)))
    assert [one["id"] for one in row] == ["entry0000001", "entry0000002"]
    assert row[0]["text"].startswith("'=cmd|")
    assert "\x00" not in row[0]["text"]
    assert "שלום عالم" in row[0]["title"]


def test_hostile_text_is_escaped_in_the_page() -> None:
    """U02: what an article says is text, in every part of the page."""
    page = exported(ExportFormat.HTML, entry(said=HOSTILE, body=HOSTILE)).decode()
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,<script>", 'https://a.example/"onclick="x'])
def test_links_lead_to_web_pages_only(url: str) -> None:
    page = exported(ExportFormat.HTML, replace(entry(), url=url, final_url=url)).decode()
    assert not re.search(r'href="(?!https?://)', page)
    assert 'onclick="x' not in page


def test_hostile_text_makes_no_record_of_its_own() -> None:
    ris = exported(ExportFormat.RIS, entry(said=HOSTILE)).decode()
    assert (ris.count("\r\nTY  - "), ris.count("TY  - NEWS"), len(re.findall(r"(?m)^ER  - ", ris))) == (0, 1, 1)
    assert len(json.loads(exported(ExportFormat.CSL, entry(said=HOSTILE)))) == 1
    assert json.loads(exported(ExportFormat.JSONL, entry(said=HOSTILE)))["id"] == "entry0000001"
    bibtex = re.sub(r"\\[{}]", "", exported(ExportFormat.BIBTEX, entry(said=HOSTILE)).decode())
    assert bibtex.count("{") == bibtex.count("}")
    assert table(exported(ExportFormat.PARQUET, entry(said=HOSTILE)))[0]["id"] == "entry0000001"


# -- markdown -------------------------------------------------------------------------------------------------------


def notes(folder: Path, *entries: Entry) -> dict[str, str]:
    export_entries(Held.of(*entries), [one.id for one in entries], ExportFormat.MARKDOWN, STAMP, folder)
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def front(note: str) -> dict[str, object]:
    yaml = pytest.importorskip("yaml")
    found: dict[str, object] = yaml.safe_load(note.split("---\n")[1])
    return found


def test_markdown_is_a_note_an_article(tmp_path: Path) -> None:
    made = notes(tmp_path / "notes", entry(), entry(2))
    assert sorted(made) == [
        "2025-01-30-a-bridge-for-lindholm-entry0000001.md",
        "2025-01-30-a-bridge-for-lindholm-entry0000002.md",
        "_export.md",
    ]
    facts = front(made["2025-01-30-a-bridge-for-lindholm-entry0000001.md"])
    assert facts["url"] == "https://paper.example/1"
    assert facts["tags"] == ["A bridge for Lindholm", "to check"]
    assert front(made["_export.md"]) == {
        "export_query": STAMP.query,
        "export_time": "2025-01-31T12:00:00Z",
        "export_log": "log-1",
        "articles": 2,
    }
    assert "[A bridge for Lindholm](https://city.example/a%28b%29)" in next(iter(made.values()))


def test_hostile_text_stays_in_its_note(tmp_path: Path) -> None:
    """Front matter is YAML whatever an article says, and the text shows no markup of its own."""
    made = notes(tmp_path / "notes", entry(said=HOSTILE, body=HOSTILE))
    note = next(text for name, text in made.items() if name != "_export.md")
    facts = front(note)
    assert str(facts["title"]).startswith('=cmd|"/C calc"!A0 </p></script>')
    body = note.split("---\n", 2)[2]
    assert not re.search(r"(?<!\\)<script", body)
    assert len(re.findall(r"(?m)^# ", body)) == 1
    assert not re.search(r"(?m)^(?:---|=)", body)
    assert "\x1b" not in note


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param("# heading", r"\# heading", id="heading"),
        pytest.param("1. item", r"1\. item", id="list"),
        pytest.param("- item", r"\- item", id="bullet"),
        pytest.param("*bold* _it_ `x` [a](b) ![i](j)", r"\*bold\* \_it\_ \`x\` \[a\](b) !\[i\](j)", id="marks"),
        pytest.param("<b>&amp;", r"\<b\>\&amp;", id="html"),
        pytest.param("{{ secret }} {% x %} {# y", r"\{\{ secret \}\} \{\% x %\} \{\# y", id="templates"),
        pytest.param("Krasner said 5.5 - no", "Krasner said 5.5 - no", id="plain"),
        pytest.param("2025 was it.", "2025 was it.", id="a number that begins no list"),
    ],
)
def test_markdown_shows_text_as_it_is(said: str, shown: str, tmp_path: Path) -> None:
    made = notes(tmp_path / "notes", entry(body=said))
    assert f"\n{shown}\n" in next(text for name, text in made.items() if name != "_export.md")


# -- whole or not at all --------------------------------------------------------------------------------------------


def failing(held: Held) -> Iterable[str]:
    yield from held.entries
    raise KeyboardInterrupt


@pytest.mark.parametrize("form", list(ExportFormat))
def test_a_stopped_export_leaves_what_was_there(form: ExportFormat, tmp_path: Path) -> None:
    """Ctrl-C in the middle: the file of yesterday is still whole, and nothing half is beside it."""
    target = tmp_path / "out"
    if not form.is_folder:
        target.write_text("yesterday")
    held = Held.of(entry())
    with pytest.raises(KeyboardInterrupt):
        export_entries(held, failing(held), form, STAMP, target)
    assert [path.name for path in tmp_path.iterdir()] == ([] if form.is_folder else ["out"])
    assert form.is_folder or target.read_text() == "yesterday"


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine")
    with pytest.raises(UsageError, match="there already"):
        export_entries(Held(), [], ExportFormat.MARKDOWN, STAMP, tmp_path)


def test_front_matter_holds_no_template(tmp_path: Path) -> None:
    """What a site generator would run is written so that YAML alone reads it."""
    made = notes(tmp_path / "notes", entry(said="{{ site.secret }} {% include x %}"))
    note = next(text for name, text in made.items() if name != "_export.md")
    assert not re.search(r"\{[{%#]", note)
    assert front(note)["title"] == "{{ site.secret }} {% include x %}"


def test_an_export_killed_at_its_very_end_can_be_repeated(tmp_path: Path) -> None:
    """The folder is whole by then: the same export says so; another one, or one since changed, is left alone."""
    folder, later = tmp_path / "notes", replace(STAMP, at=AT + timedelta(hours=1))
    made = notes(folder, entry(), entry(2))
    held = Held.of(entry(), entry(2))
    ids = list(held.entries)
    assert export_entries(held, ids, ExportFormat.MARKDOWN, later, folder).count == 2
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == made
    with pytest.raises(UsageError, match="there already"):
        export_entries(held, ids, ExportFormat.MARKDOWN, replace(STAMP, query="another"), folder)
    (folder / next(iter(made))).write_text("my own words", encoding="utf-8")
    with pytest.raises(UsageError, match="there already"):
        export_entries(held, ids, ExportFormat.MARKDOWN, later, folder)
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        export_entries(Held(), [], ExportFormat.CSV, STAMP, tmp_path)
    with pytest.raises(UsageError, match="no folder"):
        export_entries(Held(), [], ExportFormat.CSV, STAMP, tmp_path / "none" / "x.csv")


def test_a_full_disk_is_an_error_of_ours(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full here")
    with pytest.raises(StorageError):
        export_entries(Held.of(entry()), ["entry0000001"], ExportFormat.CSV, STAMP, full)


def test_entries_that_went_away_are_left_out() -> None:
    out = io.BytesIO()
    assert export_to(out, Held.of(entry()), ["gone", "entry0000001"], ExportFormat.RIS, STAMP).count == 1


# -- thousands ------------------------------------------------------------------------------------------------------


class Endless(Held):
    """Makes each entry when it is asked for."""

    def get(self, id: str) -> Entry | None:  # noqa: A002 - the archive's own word
        return entry(int(id), body="Nobody spoke against it. " * 80)


class Discarded(io.RawIOBase):
    """Counts and forgets, as a disk does as far as memory goes."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        length = len(memoryview(data))  # type: ignore[arg-type]
        self.size += length
        return length


@pytest.mark.slow
@pytest.mark.parametrize("form", [*TEXTS, ExportFormat.PARQUET])
def test_memory_is_flat_however_much_is_exported(form: ExportFormat) -> None:
    """4000 entries of 2 kB need no more than 400 do."""

    def peak(count: int) -> tuple[int, int]:
        out = io.BufferedWriter(Discarded())
        gc.collect()  # empties the lists in which the interpreter keeps objects to use again
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        done = export_to(out, Endless(), map(str, range(count)), form, STAMP)
        assert done.count == count
        return tracemalloc.get_traced_memory()[1] - before, done.count

    if form is ExportFormat.PARQUET:
        pytest.importorskip("pyarrow")
    tracemalloc.start()
    try:
        peak(10)
        few, many = peak(800)[0], peak(4000)[0]
    finally:
        tracemalloc.stop()
    assert many < few * 1.3 + 300_000


# -- what is left beside -----------------------------------------------------------------------------------------------


def test_what_is_remembered_of_names_is_little() -> None:
    """However many names an export of a large archive meets."""
    tracemalloc.start()
    for number in range(40_000):
        key_of(Kind.ORG, f"Office {number} of the Harbour", "", f"paper{number}.example")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 4e6


def test_two_exports_at_once_to_one_place_both_end_well(tmp_path: Path) -> None:
    """What somebody is still writing is not taken for what a crash left; the last to end stands there."""
    target = tmp_path / "x.csv"
    with file_aside(target) as first:
        first.write(b"first")
        with file_aside(target) as second:
            second.write(b"second")
        assert target.read_bytes() == b"second"
    assert target.read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


@pytest.mark.parametrize("aside", [file_aside, folder_aside])
def test_what_a_crash_left_beside_is_removed(tmp_path: Path, aside: Callable[[Path], Any]) -> None:
    """Files and folders by our pattern for this very target; nothing else, and nothing behind a link."""
    (tmp_path / ".x.0123abcd.part").write_text("left")
    (tmp_path / ".x.4567abcd.part").mkdir()
    (tmp_path / ".x.4567abcd.part" / "note.md").write_text("left")
    kept = tmp_path / "kept"
    kept.mkdir()
    (tmp_path / ".x.89ababcd.part").symlink_to(kept)
    for name in (".y.0123abcd.part", ".x.0123abcd.part2", ".x.part", ".x.0123ABCD.part"):
        (tmp_path / name).touch()
    before = {path.name for path in tmp_path.iterdir()}
    with aside(tmp_path / "x"):
        pass
    assert before - {path.name for path in tmp_path.iterdir()} == {".x.0123abcd.part", ".x.4567abcd.part"}
    assert kept.is_dir()
