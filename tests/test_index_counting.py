"""Values are counted the same way by each of the means that a segment chooses among."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.whoosh.arrays import ArrayFile, ArrayWriter, Ragged, Strings
from index.engines.whoosh.segment import Facet

VALUES = [b"a", b"b", b"c"]


def made(folder: Path, rows: list[list[int]]) -> Facet:
    """The facet of documents with these values."""
    path = folder / "facet"
    with path.open("wb") as out:
        writer = ArrayWriter(out)
        Strings.write(writer, "facets/x/values", VALUES)
        Strings.write(writer, "facets/x/words", VALUES)
        writer.add("facets/x/hashes", np.arange(len(VALUES), dtype=np.uint64))
        Ragged.write(writer, "facets/x/words.values", np.arange(len(VALUES)), np.ones(len(VALUES), np.int64))
        sizes = np.array([len(row) for row in rows], np.int64)
        Ragged.write(writer, "facets/x/docs", np.array([n for row in rows for n in row], np.int64), sizes)
        writer.finish()
    return Facet(ArrayFile(path), "x")


def rows(least: int, most: int) -> st.SearchStrategy[list[list[int]]]:
    """Documents with so many values each."""
    return st.lists(st.lists(st.integers(0, 2), min_size=least, max_size=most, unique=True), min_size=1, max_size=60)


@given(rows=rows(1, 1) | rows(0, 1) | rows(0, 3), data=st.data())
def test_each_value_is_counted_in_the_documents_that_were_chosen(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[int]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("facet")
    docs = sorted(data.draw(st.sets(st.integers(0, len(rows) - 1))))
    counted = made(folder, rows).count(np.array(docs, np.int64)).tolist()
    expected = Counter(value for doc in docs for value in rows[doc])
    assert counted == [expected[number] for number in range(len(VALUES))]
