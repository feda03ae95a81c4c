"""Who "President Trump" is: the list of office holders is sound, and completes a name only where one holder fits."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from archive import Kind, recognise
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


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Prince Harry met Harry Kane. Prince Harry smiled.", {"Prince Harry", "Harry Kane"}),
        ("Lord Sugar left. Alan Sugar is a peer.", {"Alan Sugar"}),
        ("Lady Gaga sang for Mother Teresa. Gaga bowed.", {"Lady Gaga", "Mother Teresa"}),
        ("Pope Leo XIV prayed. Leo spoke of peace.", {"Pope Leo XIV"}),
        ("King Charles spoke. Charles left with Sheikh Hasina.", {"King Charles III", "Sheikh Hasina"}),
        ("Prince Naseem Hamed boxed; Dame Judi Dench watched.", {"Naseem Hamed", "Judi Dench"}),
    ],
)
def test_who_has_no_last_name_is_known_by_style(text: str, people: set[str]) -> None:
    text = f"LONDON — On Monday the crowd cheered in the rain. {text} The BBC said so."
    read = recognise(text, lang="en", published=date(2025, 9, 10))
    assert {one.canonical for one in read.mentions if one.kind is Kind.PERSON} == people


@pytest.mark.parametrize(
    ("lang", "text", "person"),
    [
        ("de", "Am Montag sprach Königin Silvia in Stockholm mit Gästen aus Deutschland.", "Königin Silvia"),
        ("fr", "Le pape François a parlé lundi à Rome avec des évêques venus de France.", "Pape François"),
        ("es", "El papa Francisco habló el lunes en Roma con obispos llegados de España.", "Papa Francisco"),
        ("nl", "Koning Filip sprak maandag in Brussel met burgemeesters uit Vlaanderen.", "Koning Filip"),
    ],
)
def test_other_languages_have_styles_too(lang: str, text: str, person: str) -> None:
    assert person in {one.canonical for one in recognise(text, lang=lang).mentions}
