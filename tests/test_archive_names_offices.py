"""Who "President Trump" is: the list of office holders is sound, and completes a name only where one holder fits."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from archive.entities import offices
from archive.entities.offices import holder

ROWS = [
    line.split("\t")
    for line in (Path(offices.__file__).parent / "data" / "names_offices.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_nobody_holds_an_office_before_the_last_one_left() -> None:
    terms: dict[tuple[str, str], list[tuple[date, date, str]]] = defaultdict(list)
    for title, name, first, last, country in ROWS:
        until = date.fromisoformat(last) if last else date.max
        assert date.fromisoformat(first) < until, name
        terms[title, country].append((date.fromisoformat(first), until, name))
    for office, held in terms.items():
        for before, after in itertools.pairwise(sorted(held)):
            assert before[1] <= after[0], (office, before, after)


@pytest.mark.parametrize(
    ("last_name", "before", "after", "day", "full"),
    [
        ("Trump", "joined in condemning President ", " and", date(2025, 1, 31), "Donald Trump"),
        ("Bush", "said President ", " on", date(1990, 5, 1), "George H. W. Bush"),
        ("Bush", "said President ", " on", date(2004, 5, 1), "George W. Bush"),
        ("Bush", "said Vice President ", " on", date(1987, 5, 1), "George H. W. Bush"),
        ("Bush", "said President ", " on", None, None),
        ("Merz", "met Chancellor ", " in", date(2025, 6, 1), "Friedrich Merz"),
        ("Obama", "said former President ", " on", date(2025, 1, 31), "Barack Obama"),
        ("Obama", "said President ", " on", date(2025, 1, 31), None),
        ("Trump", "toward the ", " administration", date(2025, 1, 31), "Donald Trump"),
        ("Trump", "his daughter Ivanka ", " said", date(2025, 1, 31), None),
        ("Krasner", "said President ", " on", date(2025, 1, 31), None),
    ],
)
def test_a_title_and_a_day_tell_whom_a_last_name_means(
    last_name: str, before: str, after: str, day: date | None, full: str | None
) -> None:
    assert holder(last_name, before, after, day) == full
