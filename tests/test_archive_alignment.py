"""What two texts have in common: right on any input, long where it can be, and bounded in work whatever they say."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from time import process_time

import pytest
from captures import article
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import alignment
from archive.alignment import common
from archive.versions import MAX_REMOVED, Op, diff, removed

PAGE = "https://paper.example/1"
MEGABYTE = 10**6
SEQUENCES = st.text(alphabet="abcdef", max_size=40)


def check(before: Sequence[object], after: Sequence[object]) -> int:
    """How many elements are kept, once it is sure that they stand where the blocks say."""
    blocks = list(common(before, after))
    assert all(before[i : i + count] == after[j : j + count] for i, j, count in blocks)
    assert all(count > 0 for _, _, count in blocks)
    for (a, c, count), (b, d, _) in pairwise(blocks):
        assert (a + count <= b, c + count <= d) == (True, True)
        assert (a + count, c + count) != (b, d), "two blocks that touch are one"
    return sum(count for _, _, count in blocks)


def longest(before: str, after: str) -> int:
    """The length of a longest common subsequence, by its definition."""

    @cache
    def of(i: int, j: int) -> int:
        if not i or not j:
            return 0
        return of(i - 1, j - 1) + 1 if before[i - 1] == after[j - 1] else max(of(i - 1, j), of(i, j - 1))

    return of(len(before), len(after))


@given(SEQUENCES, SEQUENCES)
def test_what_is_kept_stands_in_both(before: str, after: str) -> None:
    check(before, after)


@given(SEQUENCES, SEQUENCES)
@settings(deadline=None)
def test_without_anchors_nothing_longer_is_kept_by_anybody(before: str, after: str) -> None:
    """Doubled elements never stand once."""
    before, after = before * 2, after * 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "ROUNDS", 0)
        assert check(before, after) == longest(before, after)


@given(SEQUENCES, SEQUENCES, st.integers(1, 4), st.integers(0, 20), st.integers(0, 2))
def test_limits_cost_length_and_never_truth(before: str, after: str, part: int, room: int, rounds: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "PART", part)
        patch.setattr(alignment, "ROOM", room)
        patch.setattr(alignment, "ROUNDS", rounds)
        check(before, after)


@given(SEQUENCES)
def test_a_sequence_is_one_block_of_itself(given: str) -> None:
    assert list(common(given, given)) == ([(0, 0, len(given))] if given else [])


class Element:
    """Counts how often it is looked at."""

    looks = 0

    def __init__(self, value: object) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        Element.looks += 1
        return isinstance(other, Element) and self._value == other._value

    def __hash__(self) -> int:
        Element.looks += 1
        return hash(self._value)


def _shuffled(n: int, seed: int) -> list[int]:
    return random.Random(seed).sample(range(n), n)


HOSTILE: dict[str, Callable[[int], tuple[Sequence[object], Sequence[object]]]] = {
    "one against two that take turns": lambda n: ("o" * n, "on" * (n // 2)),
    "the same but one": lambda n: ("o" * n, "o" * (n // 2) + "n" + "o" * (n // 2)),
    "two letters by chance": lambda n: (random.Random(1).choices("ab", k=n), random.Random(2).choices("ab", k=n)),
    "backwards": lambda n: (range(n), range(n)[::-1]),
    "shuffled": lambda n: (_shuffled(n, 1), _shuffled(n, 2)),
    "pairs against triples": lambda n: ([i // 2 for i in range(n)], [i // 3 for i in range(n)]),
    "long against short": lambda n: ("ab" * (n // 2), "cab" * 20),
    # Between the only anchor of a round and the end there is the only one of the next.
    "anchors within anchors": lambda n: (
        [x for i in range(n // 4) for x in (i, i + 1, i, i + 1)],
        [x for i in range(n // 4) for x in (i + 1, i, i + 1, i)],
    ),
}


@pytest.mark.parametrize("shape", HOSTILE.values(), ids=HOSTILE)
def test_the_work_is_bounded_by_the_length(shape: Callable[[int], tuple[Sequence[object], Sequence[object]]]) -> None:
    """Twice as long is about twice as much, and each element is looked at some tens of times at most."""
    looks = []
    for length in (20_000, 40_000):
        before, after = (list(map(Element, side)) for side in shape(length))
        Element.looks = 0
        check_only = list(common(before, after))
        looks.append(Element.looks)
        assert len(check_only) <= length
        assert Element.looks <= 60 * (len(before) + len(after))
    assert looks[1] <= 2.5 * looks[0] + 1000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("ok.\n" * 1000, "ok.\nno.\n" * 500, id="4 kB of repeated paragraphs"),
        pytest.param("ok.\n" * (MEGABYTE // 4), "ok.\nno.\n" * (MEGABYTE // 8), id="1 MB of repeated paragraphs"),
        pytest.param("a." * (MEGABYTE // 2), "b.a." * (MEGABYTE // 4), id="1 MB in one paragraph"),
        pytest.param("\n" * MEGABYTE, "\n a" * (MEGABYTE // 3), id="1 MB of empty lines"),
    ],
)
def test_a_diff_of_hostile_texts_is_soon_there(old: str, new: str) -> None:
    """The first of them took 25 seconds, and time grew with the third power of the length."""
    start = process_time()
    pieces = diff(old, new)
    assert process_time() - start < 10
    assert "".join(piece.text for piece in pieces if piece.op is not Op.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.op is not Op.REMOVED) == new


def test_repeated_paragraphs_keep_what_both_have() -> None:
    pieces = diff("ok.\n" * 1000, "ok.\nno.\n" * 500)
    assert sum(piece.text.count("ok.") for piece in pieces if piece.op is Op.KEPT) == 500
    assert {piece.text.strip(".\n") for piece in pieces if piece.op is Op.ADDED} == {"no"}


def test_a_large_text_that_was_rewritten_here_and_there_is_shown_by_the_word() -> None:
    choice = random.Random(1)
    words = [f"w{n}" for n in range(20_000)]
    lines = [" ".join(choice.choices(words, k=12)) for _ in range(12_000)]
    changed = [line.replace(" ", " NEW ", 1) if n % 100 == 0 else line for n, line in enumerate(lines)]
    pieces = diff("\n".join(lines), "\n".join(changed))
    assert [piece.text.strip() for piece in pieces if piece.op is Op.ADDED] == ["NEW"] * 120
    assert not [piece for piece in pieces if piece.op is Op.REMOVED]


@pytest.mark.parametrize(("paragraphs", "told"), [(1000, 100), (14_000, MAX_REMOVED)])
def test_passages_that_moved_are_looked_for_within_bounds(paragraphs: int, told: int) -> None:
    """All of them, in another order, as one paragraph: looking for each in a text of 1 MB would take minutes."""
    lines = [" ".join(f"w{n}x{i}" for i in range(10)) for n in range(paragraphs)]
    dropped = removed(article(PAGE, text="\n".join(lines)), article(PAGE, text=" ".join(reversed(lines))))
    assert sum(map(len, dropped)) <= told
