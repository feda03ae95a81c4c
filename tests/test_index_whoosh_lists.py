"""How posting lists are packed: what goes in comes out, whole, in part, and for any mixture of lengths."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.edits import distance
from index.engines.whoosh import lists
from index.engines.whoosh.arrays import ArrayFile, ArrayWriter, BadFileError, Compressed, Strings, places
from index.engines.whoosh.fuzzy import within
from index.engines.whoosh.listing import FlatWriter, Kept, ListsWriter
from index.engines.whoosh.lists import Lists
from index.engines.whoosh.packing import (
    BLOCK,
    UNIT,
    Array,
    Ints,
    bits_of,
    pack,
    starts_of,
    unpack,
    unpack_mixed,
)
from index.engines.whoosh.patched import Flat
from index.engines.whoosh.sets import in_order


@given(st.lists(st.integers(0, 32), max_size=40), st.integers(0, 2**32 - 1))
def test_blocks_of_any_widths_come_back(widths: list[int], seed: int) -> None:
    wanted = np.array(widths, np.int64)
    numbers = np.random.default_rng(seed).integers(0, 2**32, (len(widths), BLOCK), np.uint64)
    values = numbers & ((np.uint64(1) << wanted[:, None].astype(np.uint64)) - np.uint64(1))
    units = pack(values.astype(np.uint32), wanted)
    assert len(units) == sum(widths) * UNIT
    assert np.array_equal(unpack_mixed(units, starts_of(wanted)[:-1], wanted), values)
    for width in set(widths) - {0}:
        own = values[wanted == width]
        assert np.array_equal(unpack(pack(own, np.full(len(own), width)), width), own.reshape(-1))


def test_bits_are_counted_exactly() -> None:
    numbers = [0, 1, 2, 3, 4, 255, 256, 2**16 - 1, 2**16, 2**31 - 1, 2**31, 2**32 - 1]
    assert bits_of(np.array(numbers)).tolist() == [number.bit_length() for number in numbers]


def compressed(path: Path, strings: Sequence[bytes]) -> ArrayFile:
    with path.open("wb") as file:
        writer = ArrayWriter(file)
        Compressed.write(writer, "texts", len(strings), strings.__getitem__)
        writer.finish()
    return ArrayFile(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strings=st.lists(st.binary(max_size=60), max_size=40))
@example(strings=[bytes(20_000), b"x", bytes(range(256)) * 40])
@example(strings=[])
@example(strings=[b""])
def test_compressed_strings_come_back(tmp_path: Path, strings: list[bytes]) -> None:
    found = Compressed(compressed(tmp_path / "file", strings), "texts")
    assert [found[number] for number in range(len(strings))] == strings


def test_what_strings_have_in_common_is_stored_once_and_is_a_small_part_of_them(tmp_path: Path) -> None:
    strings = [
        f"https://news.example.org/world/{n:06x}-{n * 7919:x}/the ministry said so".encode() for n in range(4000)
    ]
    assert compressed(tmp_path / "many", strings).size < sum(map(len, strings)) / 4
    few = compressed(tmp_path / "few", strings[:17])
    assert few.get("texts.common").tobytes() == strings[0] + strings[16]


def test_a_compressed_string_that_is_cut_short_is_damage(tmp_path: Path) -> None:
    file = compressed(tmp_path / "whole", [bytes(range(256)) * 4])
    with (tmp_path / "cut").open("wb") as cut:
        writer = ArrayWriter(cut)
        Strings.write(writer, "texts", [Strings(file, "texts").raw(0)[:-9]])
        writer.add("texts.common", file.get("texts.common"))
        writer.finish()
    with pytest.raises(BadFileError):
        Compressed(ArrayFile(tmp_path / "cut"), "texts")[0]


@given(rows=st.lists(st.tuples(*[st.integers(0, 2**22) | st.integers(0, 2)] * 3), max_size=60))
@example(rows=[(2**30, 2**30, 1), (2**30, 2**30 - 1, 7), (0, 5, 2**30)])  # more bits than one number has
def test_rows_are_put_in_order_whether_or_not_they_fit_in_one_number(rows: list[tuple[int, int, int]]) -> None:
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    before = columns.copy()
    found = in_order(*columns)
    assert list(zip(*(column.tolist() for column in found), strict=True)) == sorted(rows)
    assert np.array_equal(columns, before)


def flat(path: Path, parts: Sequence[Sequence[int]]) -> Flat:
    with path.open("wb") as file:
        arrays, numbers = ArrayWriter(file), FlatWriter(Kept())
        for part in parts:
            numbers.put(np.array(part, np.int64))
        numbers.write(arrays, "numbers")
        arrays.finish()
    return Flat(ArrayFile(path), "numbers")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    bits=st.sampled_from([0, 1, 3, 7, 8, 11, 16, 18, 31, 32]),
    wide=st.lists(st.tuples(st.integers(0, 999), st.integers(0, 2**32 - 1)), max_size=5),
    sizes=st.lists(st.integers(0, 300), max_size=6),
    seed=st.integers(0, 2**32 - 1),
)
@example(bits=3, wide=[(0, 2**32 - 1), (128, 9)], sizes=[1, 128, 127], seed=0)
def test_any_part_of_a_row_is_read_wherever_it_begins(
    tmp_path: Path, bits: int, wide: list[tuple[int, int]], sizes: list[int], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 2**bits, sum(sizes))
    for place, value in wide:
        if len(values):
            values[place % len(values)] = value
    row = flat(tmp_path / "row", np.split(values, np.cumsum(sizes)))  # type: ignore[arg-type]
    edges = np.sort(rng.integers(0, len(values) + 1, (20, 2))).tolist()
    for first, after in (*edges, (0, len(values))):
        assert np.array_equal(row.stretch(first, after), values[first:after])
        places = np.unique(rng.integers(first, after, 40)) if first < after else values[:0].astype(np.int64)
        assert np.array_equal(row.at(places), values[places])


def test_the_width_of_a_row_is_the_one_that_takes_least_room(tmp_path: Path) -> None:
    """A few wide numbers do not make all of them wide; many do."""
    few, many = [5] * 5000 + [70_000] * 10, [5] * 5000 + [70_000] * 5000
    flat(tmp_path / "few", [few])
    flat(tmp_path / "many", [many])
    assert (tmp_path / "few").stat().st_size < 5010 / 2 + 1000
    assert 10_000 * 17 / 8 <= (tmp_path / "many").stat().st_size < 10_000 * 17 / 8 + 1000


@pytest.fixture(autouse=True)
def packed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of what tests can afford are packed as those of large segments are."""
    monkeypatch.setattr(lists, "LONG", 128)
    monkeypatch.setattr(lists, "PLAIN", 1000)


class Stored:
    """Lists of terms with known postings, written and opened again."""

    def __init__(self, folder: Path, shares: Sequence[float], documents: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.documents = documents
        self.docs = [np.flatnonzero(rng.random(documents) < share) for share in shares]
        self.docs = [docs if len(docs) else rng.integers(0, documents, 1) for docs in self.docs]
        self.counts = [np.minimum(rng.zipf(2.0, len(docs)), 900) for docs in self.docs]
        self.spots = [
            np.concatenate([np.sort(rng.choice(2000, n, replace=False)) for n in counts]) for counts in self.counts
        ]
        self.lists = self._written(folder / f"{seed}.bfs")

    def _written(self, path: Path) -> Lists:
        writer = ListsWriter(self.documents, spots=True, counts=True, spools=[Kept() for _ in range(6)])
        for begin in range(0, len(self.docs), 3):  # as merging does: some terms at a time
            part = slice(begin, begin + 3)
            writer.put(
                np.array(list(map(len, self.docs[part]))),
                np.concatenate(self.docs[part]),
                np.concatenate(self.counts[part]),
                np.concatenate(self.spots[part]),
            )
        with path.open("wb") as file:
            arrays = ArrayWriter(file)
            writer.write(arrays, "words/f")
            arrays.finish()
        return Lists(ArrayFile(path), "words/f", self.documents)

    def row(self, number: int, first: int, after: int) -> tuple[Ints, Ints]:
        docs, counts = self.docs[number], self.counts[number]
        inside = (docs >= first) & (docs < after)
        return docs[inside] - first, counts[inside]


def assert_same(found: tuple[Ints, Array], wanted: tuple[Ints, Array]) -> None:
    assert np.array_equal(found[0], wanted[0])
    assert np.array_equal(found[1], wanted[1])


shares = st.lists(st.sampled_from([0.0005, 0.01, 0.03, 0.1, 0.2, 0.24, 0.26, 0.5, 1.0]), min_size=1, max_size=9)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares, st.integers(1, 6000), st.integers(0, 10**6), st.data())
@example([0.2, 1.0, 0.0005], 5000, 1, None)
def test_lists_come_back_whole_and_in_part(
    tmp_path_factory: pytest.TempPathFactory, shares: list[float], documents: int, seed: int, data: st.DataObject | None
) -> None:
    stored = Stored(tmp_path_factory.mktemp("lists"), shares, documents, seed)
    first, after = sorted(data.draw(st.tuples(*[st.integers(0, documents)] * 2))) if data else (900, 3100)
    rng = np.random.default_rng(seed)
    for number, (docs, counts, spots) in enumerate(zip(stored.docs, stored.counts, stored.spots, strict=True)):
        assert stored.lists.size(number) == len(docs)
        assert_same(stored.lists.postings(number), (docs, counts))
        found, often = stored.lists.row(number, first, after)
        if found is None:
            found = np.flatnonzero(often)
            often = often[found]
        assert_same((found, often), stored.row(number, first, after))
        assert np.array_equal(stored.lists.spots(number), spots)
        chosen = rng.permutation(np.flatnonzero(rng.random(len(spots)) < 0.05))
        assert np.array_equal(stored.lists.spots(number, chosen), spots[chosen])
    assert stored.lists.sizes().tolist() == list(map(len, stored.docs))
    assert stored.lists.weights().tolist() == list(map(len, stored.spots))
    a, b = 0, len(shares)
    for begin, end in {(a, b), (b // 3, b), (0, b // 2), (b // 2, b // 2)}:
        found_docs, found_counts, found_spots = stored.lists.stretch(begin, end)
        assert_same((found_docs, found_counts), (_joined(stored.docs[begin:end]), _joined(stored.counts[begin:end])))
        assert np.array_equal(found_spots, _joined(stored.spots[begin:end]))
    numbers = np.flatnonzero(rng.random(b) < 0.7)
    for some, alone in product((numbers, np.arange(b // 3, b)), (0, lists.ALONE)):  # all together, and one by one
        row, wanted = np.zeros(documents + BLOCK, np.uint32), np.zeros(documents, np.int64)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lists, "ALONE", alone)
            stored.lists.tally(some, row, 3)
        for number in some.tolist():
            wanted[stored.docs[number]] += 3 * stored.counts[number]
        assert np.array_equal(row[:documents], wanted)


class Packing(ArrayWriter):
    """As segments were written that have no array of long lists as it is."""

    def add(self, name: str, values: Array) -> None:
        if name.endswith("/long.tokens") and values.dtype != np.uint8:
            self.pack(name, values)
        else:
            super().add(name, values)


def test_long_lists_are_read_whether_or_not_their_places_are_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = [0.2, 0.5, 0.001] * 100
    (tmp_path / "plain").mkdir()
    plain = Stored(tmp_path / "plain", shares, 1500, 4)
    monkeypatch.setitem(Stored._written.__globals__, "ArrayWriter", Packing)
    (tmp_path / "packed").mkdir()
    packed = Stored(tmp_path / "packed", shares, 1500, 4)
    assert (tmp_path / "packed" / "4.bfs").stat().st_size < (tmp_path / "plain" / "4.bfs").stat().st_size
    for number, spots in enumerate(plain.spots):
        assert np.array_equal(packed.lists.spots(number), spots)
        assert np.array_equal(plain.lists.spots(number), spots)


def test_gaps_and_counts_far_above_the_others_are_patched(tmp_path: Path) -> None:
    """One list with gaps of one and of a million, and counts of one and of seventy thousand."""
    docs = np.array([*range(500), 1_000_000, *range(1_900_000, 1_900_500)])
    counts = np.ones(len(docs), np.int64)
    counts[[7, 600]] = 70_000
    writer = ListsWriter(2_000_000, spots=False, counts=False, spools=[Kept() for _ in range(6)])
    writer.put(np.array([len(docs)]), docs, counts, docs[:0])
    with (tmp_path / "x.bfs").open("wb") as file:
        arrays = ArrayWriter(file)
        writer.write(arrays, "words/f")
        arrays.finish()
    assert (tmp_path / "x.bfs").stat().st_size < 4000
    read = Lists(ArrayFile(tmp_path / "x.bfs"), "words/f", 2_000_000)
    assert_same(read.postings(0), (docs, counts))
    found, often = read.row(0, 1_000_000, 1_900_010)
    assert found is not None
    assert_same((found, often), (np.array([0, *range(900_000, 900_010)]), counts[500:511]))


@pytest.mark.parametrize("width", [8, 16])
def test_whole_bytes_are_patched_in_a_copy(tmp_path: Path, width: int) -> None:
    """Numbers of whole bytes are read from the file as they stand there, and that is not to be written to."""
    gaps = np.full(600, 2**width - 1, np.int64)
    gaps[[5, 300]] = 2 ** (width + 1)
    docs = np.cumsum(gaps + 1) - 1
    writer = ListsWriter(int(docs[-1]) + 1, spots=False, counts=False, spools=[Kept() for _ in range(6)])
    writer.put(np.array([600]), docs, np.ones(600, np.int64), docs[:0])
    with (tmp_path / "x.bfs").open("wb") as file:
        arrays = ArrayWriter(file)
        writer.write(arrays, "words/f")
        arrays.finish()
    read = Lists(ArrayFile(tmp_path / "x.bfs"), "words/f", int(docs[-1]) + 1)
    for _ in range(2):
        assert np.array_equal(read.postings(0)[0], docs)


def test_of_positions_far_above_the_others_none_may_be_asked_for(tmp_path: Path) -> None:
    """As where no document of a phrase has the term that is looked at last."""
    docs, spots = np.arange(2000), np.full(2000, 3)
    spots[[7, 400]] = 100_000
    writer = ListsWriter(2000, spots=True, counts=True, spools=[Kept() for _ in range(6)])
    writer.put(np.array([2000]), docs, np.ones(2000, np.int64), spots)
    with (tmp_path / "x.bfs").open("wb") as file:
        arrays = ArrayWriter(file)
        writer.write(arrays, "words/f")
        arrays.finish()
    read = Lists(ArrayFile(tmp_path / "x.bfs"), "words/f", 2000)
    assert read.spots(0, docs[:0]).tolist() == []
    assert read.spots(0, docs[6:8]).tolist() == [3, 100_000]
    assert np.array_equal(read.spots(0), spots)


def test_a_rare_term_with_a_great_count_is_kept(tmp_path: Path) -> None:
    stored = Stored(tmp_path, [0.001], 4000, 5)
    stored.counts[0][0] = 300
    stored.spots[0] = np.concatenate([np.arange(n) for n in stored.counts[0]])
    read = stored._written(tmp_path / "again.bfs")
    assert len(stored.docs[0]) < lists.LONG
    assert_same(read.postings(0), (stored.docs[0], stored.counts[0]))
    assert np.array_equal(read.spots(0), stored.spots[0])


@pytest.mark.parametrize("share", [0.001, 0.2])
def test_a_stretch_may_begin_behind_more_terms_than_numbers_of_long_lists_tell(share: float, tmp_path: Path) -> None:
    stored = Stored(tmp_path, [share, *[0.001] * 300], 2000, 4)
    docs, counts, spots = stored.lists.stretch(290, 301)
    assert_same((docs, counts), (_joined(stored.docs[290:]), _joined(stored.counts[290:])))
    assert np.array_equal(spots, _joined(stored.spots[290:]))


def _joined(parts: Sequence[Array]) -> Array:
    return np.concatenate([np.zeros(0, np.int64), *parts])


def test_short_lists_are_the_same_one_by_one_and_several_at_once(tmp_path: Path) -> None:
    stored = Stored(tmp_path, [0.02, 0.05, 0.9, 0.001] * 40, 2000, 3)
    for number in (7, 130, 7, 2, 159, *range(160)):
        assert_same(stored.lists.postings(number), stored.row(number, 0, 2000))
    chosen = np.array([2, 3, 9, 76, 77, 140])
    row, wanted = np.zeros(2000 + BLOCK, np.float32), np.zeros(2000)
    stored.lists.tally(chosen, row)
    for number in chosen.tolist():
        wanted[stored.docs[number]] += stored.counts[number]
    assert np.array_equal(row[:2000], wanted)
    found, often, _ = stored.lists.stretch(4, 60)
    assert np.array_equal(found, np.concatenate(stored.docs[4:60]))
    assert np.array_equal(often, np.concatenate(stored.counts[4:60]))


@pytest.mark.parametrize("share", [0, 1, 3, 5, 8, 10, 11, 50, 100])
def test_places_are_those_that_are_true(share: int) -> None:
    """However many they are: in between numpy is led another way."""
    for size in (0, 1, 24, 1000, 50_001):
        mask = np.random.default_rng(share).random(size) * 100 < share
        assert places(mask).tolist() == [place for place, there in enumerate(mask.tolist()) if there]


@pytest.mark.parametrize("widths", [[0, 0], [3, 3, 3], [5, 5, 0, 0, 7], [9, 2, 9, 2], [0, 17, 17, 1, 1, 1, 17], [32]])
def test_blocks_of_several_widths_are_read_wherever_they_stand(widths: list[int]) -> None:
    values = np.random.default_rng(3).integers(0, 2**32, (len(widths), BLOCK)) & ((1 << np.array(widths)) - 1)[:, None]
    units = pack(values, np.array(widths, np.uint8))
    starts = starts_of(np.array(widths))[:-1]
    assert (unpack_mixed(units, starts, np.array(widths, np.uint8)) == values).all()
    chosen = np.arange(0, len(widths), 2)
    assert (unpack_mixed(units, starts[chosen], np.array(widths, np.uint8)[chosen]) == values[chosen]).all()


WORDS = st.text(st.sampled_from("abcdeé東@🙂\ud800"), min_size=1, max_size=7)


@given(st.sets(WORDS, max_size=60), WORDS, st.integers(1, 2))
@example({"a" * 9, "ab" * 40, "b"}, "ab", 2)
@example({f"a{one}{other}" for one in "bcdefghi" for other in "bcdefghi"}, "abc", 1)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_terms_near_a_word_are_those_of_its_distance(tmp_path: Path, terms: set[str], word: str, edits: int) -> None:
    """Whatever letters, of however many terms; all begin as the word does."""
    ordered = sorted(terms)
    with (tmp_path / "terms").open("wb") as out:
        writer = ArrayWriter(out)
        Strings.write(writer, "x", [term.encode("utf-8", "surrogatepass") for term in ordered])
        writer.finish()
    found = within(Strings(ArrayFile(tmp_path / "terms"), "x"), word, edits, lambda: None)
    known = [(number, distance(term, word)) for number, term in enumerate(ordered) if term[0] == word[0]]
    assert found == [pair for pair in known if pair[1] <= edits]
