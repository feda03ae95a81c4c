"""The systems that bench/search.py measures, each made to answer the same questions over the same stories.

Each one is asked in its own best way: Whoosh with its parser, collector and facets, FTS5 with bm25 and SQL, tantivy
with its query objects and aggregations. All stem English and search title and body.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import corpus
import tantivy
import whoosh.index
from whoosh import fields, query, sorting
from whoosh.analysis import StemmingAnalyzer
from whoosh.qparser import MultifieldParser

from index import SearchSettings
from index.engines import Batch, Engine, Loads, opener
from index.fields import DEFAULT
from index.plan import AllOf, AnyOf, Combined, Condition, Count, Days, Leaf, Phrase, Plan, Prefix, Stem
from index.stemming import stem

FACETS = ("people", "places", "topics")
BATCH = 5_000  # stories in a commit


class System(Protocol):
    """Builds in an empty folder, then answers; every answer is how many hits there are."""

    def __init__(self, folder: Path) -> None: ...

    def build(self, stories: Iterable[corpus.Story]) -> None: ...

    def words(self, words: Sequence[str]) -> int: ...

    def any_word(self, words: Sequence[str]) -> int: ...

    def phrase(self, words: Sequence[str]) -> int: ...

    def prefix(self, prefix: str) -> int: ...

    def facets(self, word: str) -> int: ...

    def dates(self, word: str, first: date, last: date) -> int: ...


def batches(stories: Iterable[corpus.Story]) -> Iterator[list[corpus.Story]]:
    rest = iter(stories)
    while batch := list(islice(rest, BATCH)):
        yield batch


class Ours:
    """The default engine, asked with plans as the query language makes them."""

    def __init__(self, folder: Path) -> None:
        self._engine: Engine = opener("whoosh")(folder, SearchSettings())

    def build(self, stories: Iterable[corpus.Story]) -> None:
        assert isinstance(self._engine, Loads)
        made = enumerate(batches(stories), 1)
        for _ in self._engine.load(Batch([*map(corpus.document, batch)], [], place) for place, batch in made):
            pass

    @staticmethod
    def _in_both(of: Callable[[str, float], Leaf]) -> Condition:
        return Combined(tuple(of(name, weight) for name, weight in DEFAULT.asks))

    def _word(self, word: str) -> Condition:
        return self._in_both(lambda name, weight: Stem(name, stem(word), weight))

    def _run(self, condition: Condition, counts: tuple[Count, ...] = ()) -> int:
        return self._engine.run(Plan(condition, counts=counts, limit=0 if counts else 10)).total

    def words(self, words: Sequence[str]) -> int:
        parts = tuple(map(self._word, words))
        return self._run(parts[0] if len(parts) == 1 else AllOf(parts))

    def any_word(self, words: Sequence[str]) -> int:
        return self._run(AnyOf(tuple(map(self._word, words))))

    def phrase(self, words: Sequence[str]) -> int:
        return self._run(self._in_both(lambda name, weight: Phrase(name, tuple(words), weight)))

    def prefix(self, prefix: str) -> int:
        return self._run(self._in_both(lambda name, weight: Prefix(name, prefix, weight)))

    def facets(self, word: str) -> int:
        return self._run(self._word(word), tuple(map(Count, ("person", "place", "topic"))))

    def dates(self, word: str, first: date, last: date) -> int:
        return self._run(AllOf((self._word(word), Days("date", first.toordinal(), last.toordinal()))))


class Stock:
    """Whoosh as its documentation has it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        text = fields.TEXT(analyzer=StemmingAnalyzer())
        names = {name: fields.KEYWORD(commas=True) for name in FACETS}
        self._schema = fields.Schema(
            id=fields.ID(stored=True, unique=True),
            title=fields.TEXT(analyzer=StemmingAnalyzer(), stored=True),
            body=text,
            day=fields.NUMERIC(int, sortable=True),
            **names,
        )
        self._searcher: Any = None

    def build(self, stories: Iterable[corpus.Story]) -> None:
        index = whoosh.index.create_in(str(self._folder), self._schema)
        for batch in batches(stories):
            writer = index.writer(limitmb=256)
            for story in batch:
                writer.add_document(
                    id=story.id,
                    title=story.title,
                    body=story.body,
                    day=story.day.toordinal(),
                    **{name: ",".join(getattr(story, name)) for name in FACETS},
                )
            writer.commit()

    def _search(self, asked: Any, **options: Any) -> int:
        self._searcher = self._searcher or whoosh.index.open_dir(str(self._folder)).searcher()
        return int(self._searcher.search(asked, limit=10, **options).scored_length())

    def _parsed(self, text: str) -> Any:
        return MultifieldParser(["title", "body"], self._schema, fieldboosts={"title": 3.0}).parse(text)

    def words(self, words: Sequence[str]) -> int:
        return self._search(self._parsed(" ".join(words)))

    def any_word(self, words: Sequence[str]) -> int:
        return self._search(self._parsed(" OR ".join(words)))

    def phrase(self, words: Sequence[str]) -> int:
        return self._search(self._parsed(f'"{" ".join(words)}"'))

    def prefix(self, prefix: str) -> int:
        return self._search(self._parsed(f"{prefix}*"))

    def facets(self, word: str) -> int:
        grouped = {name: sorting.FieldFacet(name, allow_overlap=True) for name in FACETS}
        return self._search(self._parsed(word), groupedby=grouped)

    def dates(self, word: str, first: date, last: date) -> int:
        days = query.NumericRange("day", first.toordinal(), last.toordinal())
        return self._search(query.And([self._parsed(word), days]))


class Fts5:
    """SQLite's full-text search, with the names in a table of their own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._base = sqlite3.connect(folder / "fts.sqlite")

    def build(self, stories: Iterable[corpus.Story]) -> None:
        self._base.executescript(
            "CREATE VIRTUAL TABLE story USING fts5(title, body, tokenize='porter unicode61', content='');"
            "CREATE TABLE card (id INTEGER PRIMARY KEY, name TEXT, title TEXT, day INTEGER);"
            "CREATE TABLE label (kind TEXT, card INTEGER, value TEXT);"
        )
        number = 0
        for batch in batches(stories):
            with self._base:
                for story in batch:
                    number += 1
                    self._base.execute(
                        "INSERT INTO story (rowid, title, body) VALUES (?, ?, ?)", (number, story.title, story.body)
                    )
                    self._base.execute(
                        "INSERT INTO card VALUES (?, ?, ?, ?)", (number, story.id, story.title, story.day.toordinal())
                    )
                    self._base.executemany(
                        "INSERT INTO label VALUES (?, ?, ?)",
                        [(kind, number, value) for kind in FACETS for value in getattr(story, kind)],
                    )
        self._base.executescript(
            "CREATE INDEX label_story ON label (kind, card, value); CREATE INDEX card_day ON card (day);"
        )

    def _match(self, match: str) -> int:
        self._base.execute(
            "SELECT name, card.title, day FROM story JOIN card ON id = story.rowid WHERE story MATCH ?"
            " ORDER BY bm25(story, 3.0, 1.0) LIMIT 10",
            (match,),
        ).fetchall()
        return int(self._base.execute("SELECT count(*) FROM story WHERE story MATCH ?", (match,)).fetchone()[0])

    def words(self, words: Sequence[str]) -> int:
        return self._match(" ".join(words))

    def any_word(self, words: Sequence[str]) -> int:
        return self._match(" OR ".join(words))

    def phrase(self, words: Sequence[str]) -> int:
        return self._match(f'"{" ".join(words)}"')

    def prefix(self, prefix: str) -> int:
        return self._match(f"{prefix}*")

    def facets(self, word: str) -> int:
        for kind in FACETS:
            self._base.execute(
                "SELECT value, count(*) AS n FROM story JOIN label ON kind = ? AND label.card = story.rowid"
                " WHERE story MATCH ? GROUP BY value ORDER BY n DESC, value LIMIT 10",
                (kind, word),
            ).fetchall()
        return int(self._base.execute("SELECT count(*) FROM story WHERE story MATCH ?", (word,)).fetchone()[0])

    def dates(self, word: str, first: date, last: date) -> int:
        asked = (word, first.toordinal(), last.toordinal())
        where = "FROM story JOIN card ON id = story.rowid WHERE story MATCH ? AND day BETWEEN ? AND ?"
        self._base.execute(
            f"SELECT name, card.title, day {where} ORDER BY bm25(story, 3.0, 1.0) LIMIT 10", asked
        ).fetchall()
        return int(self._base.execute(f"SELECT count(*) {where}", asked).fetchone()[0])


class Tantivy:
    """The search library in Rust, by its Python binding."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw")
        schema.add_text_field("title", stored=True, tokenizer_name="en_stem")
        schema.add_text_field("body", tokenizer_name="en_stem")
        schema.add_integer_field("day", indexed=True, fast=True, stored=True)
        for name in FACETS:
            schema.add_text_field(name, tokenizer_name="raw", fast=True)
        self._schema = schema.build()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._searcher: Any = None

    def build(self, stories: Iterable[corpus.Story]) -> None:
        writer = self._index.writer(256_000_000, 1)
        for batch in batches(stories):
            for story in batch:
                names = {name: list(getattr(story, name)) for name in FACETS}
                writer.add_document(
                    tantivy.Document(
                        id=story.id, title=story.title, body=story.body, day=story.day.toordinal(), **names
                    )
                )
            writer.commit()
        writer.wait_merging_threads()

    def _parsed(self, text: str) -> Any:
        if self._searcher is None:
            self._index.reload()
            self._searcher = self._index.searcher()
        return self._index.parse_query(
            text, ["title", "body"], field_boosts={"title": 3.0}, conjunction_by_default=" OR " not in text
        )

    def _search(self, asked: Any) -> int:
        result = self._searcher.search(asked, 10)
        for _, address in result.hits:
            self._searcher.doc(address)
        return int(result.count)

    def words(self, words: Sequence[str]) -> int:
        return self._search(self._parsed(" ".join(words)))

    def any_word(self, words: Sequence[str]) -> int:
        return self._search(self._parsed(" OR ".join(words)))

    def phrase(self, words: Sequence[str]) -> int:
        return self._search(self._parsed(f'"{" ".join(words)}"'))

    def prefix(self, prefix: str) -> int:
        self._parsed("warm")
        both = [
            (tantivy.Occur.Should, tantivy.Query.regex_query(self._schema, name, f"{prefix}.*"))
            for name in ("title", "body")
        ]
        return self._search(tantivy.Query.boolean_query(both))

    def facets(self, word: str) -> int:
        asked = self._parsed(word)
        counted = {name: {"terms": {"field": name, "size": 10}} for name in FACETS}
        self._searcher.aggregate(asked, counted)
        return int(self._searcher.search(asked, 1).count or 0)

    def dates(self, word: str, first: date, last: date) -> int:
        return self._search(self._parsed(f"+{word} +day:[{first.toordinal()} TO {last.toordinal()}]"))


def load() -> None:
    """Import what ours imports with its first answer, as the others are imported above."""
    for name in ("snapshot", "counting", "facets"):
        import_module(f"index.engines.whoosh.{name}")


SYSTEMS: dict[str, type[System]] = {"whoosh": Stock, "ours": Ours, "fts5": Fts5, "tantivy": Tantivy}
