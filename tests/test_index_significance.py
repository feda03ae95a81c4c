"""Which values stand out: the laws of the measure, and values worked out by hand."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.significance import significance, stands_out


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ((10, 10, 10, 100), 2 * (10 * log(10) + 90 * log(100 / 90))),  # all hits and nothing else
        ((5, 10, 50, 100), 0.0),  # as often as anywhere
        ((1, 10, 50, 100), 0.0),  # rarer than elsewhere
        ((0, 10, 0, 100), 0.0),
        ((100, 100, 100, 100), 0.0),  # the hits are everything
        ((2, 5, 2, 20_000), 2 * (2 * log(4000) + 3 * log(3 * 20000 / (5 * 19998)) + 19995 * log(20000 / 19998))),
    ],
    ids=["perfect", "even", "rarer", "none", "everything", "two of five"],
)
def test_the_score_is_the_likelihood_ratio(table: tuple[int, int, int, int], expected: float) -> None:
    assert significance(*table) == pytest.approx(expected, abs=1e-5)


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 5000), st.integers(0, 50_000))
def test_it_grows_with_the_count_and_shrinks_with_the_background(
    with_: int, without: int, more: int, rest: int
) -> None:
    hits = with_ + without
    background, archive = with_ + more, hits + more + rest
    score = significance(with_, hits, background, archive)
    assert score >= 0.0
    if without:
        assert significance(with_ + 1, hits, background + 1, archive + 1) >= score - 1e-5 or not score
    assert significance(with_, hits, background + 1, archive + 1) <= score + 1e-5


def test_one_hit_is_no_pattern() -> None:
    assert not stands_out(1, significance(1, 1, 1, 1_000_000))
    assert stands_out(2, significance(2, 2, 2, 1_000_000))
