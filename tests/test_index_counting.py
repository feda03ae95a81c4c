"""Values are counted the same way by each of the means that a segment chooses among."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.whoosh.arrays import ArrayFile, ArrayWriter, Ragged, Strings
from index.engines.whoosh.facets import OFTEN, Facet

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


FEW_LONG = st.lists(st.lists(st.integers(0, 2), max_size=1), min_size=70, max_size=80).map(
    lambda few: [*few, [2, 0, 1]]
)


@given(rows=rows(1, 1) | rows(0, 1) | rows(0, 3) | FEW_LONG, data=st.data())
def test_each_value_is_counted_in_the_documents_that_were_chosen(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[int]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("facet")
    docs = sorted(data.draw(st.sets(st.integers(0, len(rows) - 1))))
    if data.draw(st.booleans()):
        docs = sorted({*range(len(rows))} - {*docs})
    facet = made(folder, rows)
    times = Counter(value for doc in docs for value in rows[doc])
    expected = [times[number] for number in range(len(VALUES))]
    for _ in range(OFTEN + 2):  # what is asked often is counted by other means
        assert facet.count(np.array(docs, np.int64)).tolist() == expected
