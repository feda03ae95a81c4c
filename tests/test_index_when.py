"""The time that a question speaks of, as days of publication."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QueryError
from index.query.nodes import When, leaves
from index.query.parse import parse
from index.query.sentence import is_question, may_name_time, read, without_brackets
from index.query.when import dated
from index.suggestions import elsewhere

TODAY = date(2025, 2, 5)  # a Wednesday

QUESTIONS = [
    # between two times
    ("What did Reagan say between March 1 and March 5 1987?", "date:1987-03-01..1987-03-05 What did Reagan say?"),
    ("fires from January to March 2024", "date:2024-01-01..2024-03-31 fires"),
    ("strikes from March 3 to March 10", "date:2024-03-03..2024-03-10 strikes"),
    ("raids from December 28 to January 3, 2025", "date:2024-12-28..2025-01-03 raids"),
    ("raids from January 31 to February 2, 2024", "date:2024-01-31..2024-02-02 raids"),
    ("tariffs between 2018 and 2020", "date:2018-01-01..2020-12-31 tariffs"),
    ("wer war zwischen dem 1. und 5. März 2020 in Berlin?", "date:2020-03-01..2020-03-05 wer war in Berlin?"),
    # one side of one
    ("news about OPEC since April 1987", "date:1987-04-01.. news about OPEC"),
    ("strikes before March 10", "date:<2024-03-10 strikes"),
    ("wars after 9/11", "date:>2001-09-11 wars"),
    ("who was arrested by January 15, 2025?", "date:..2025-01-15 who was arrested?"),
    ("what happened until June 2020", "date:..2020-06-30"),
    # itself
    ("who resigned in March", "date:2024-03 resigned"),
    ("who resigned in January", "date:2025-01 resigned"),
    ("raids in 2019", "date:2019 raids"),
    ("raids by ICE, January 2025, Philadelphia", "date:2025-01 raids by ICE, Philadelphia"),
    ("fires in the 1990s", "date:1990-01-01..1999-12-31 fires"),
    ("Brazil debt 1987", "date:1987 Brazil debt"),
    ("ferry fire on Monday", "date:2025-02-03 ferry fire"),
    # seen from today: as the query language says it, so that it means the same on the day when it is asked again
    ("Krasner raids last week", 'date:"last week" Krasner raids'),
    ("oil prices this month", 'date:"this month" oil prices'),
    ("Boeing in the last 7 days", 'date:"last 7 days" Boeing'),
    ("Boeing in the past two weeks", 'date:"last 2 weeks" Boeing'),
    ("What happened yesterday?", "date:yesterday"),
    # beside what else a query has
    ('the "May 2020" raids in June 2020', 'date:2020-06 "May 2020" raids'),
    ("person:Krasner said in May 2021", "date:2021-05 person:Krasner"),
    ("(fire OR flood) in May 2021", "date:2021-05 (fire OR flood)"),
    ("-flood fire in May 2021", "date:2021-05 -flood fire"),
    # other languages
    ("Was sagte Merkel seit April 2015?", "date:2015-04-01.. Was sagte Merkel?"),
    ("was war letzte Woche in Berlin", 'date:"last week" was war in Berlin'),
    ("les grèves du mois dernier à Paris", 'date:"last month" les grèves à Paris'),
    ("les attentats de novembre 2015 à Paris", "date:2015-11 les attentats à Paris"),
    ("la huelga en el puerto el año pasado", 'date:"last year" la huelga en el puerto'),
    ("che cosa ha detto il ministro a marzo 2024", "date:2024-03 che cosa ha detto il ministro"),
    ("as manifestações em junho de 2013", "date:2013-06 manifestações"),
    ("что сказал Путин с марта 2022", "date:2022-03-01.. что сказал Путин"),
    ("東京の寺で2023年に何が盗まれましたか", "date:2023 東京の寺で 何が盗まれましたか"),
    # no time, one to come, several, and one that the query has itself
    ("May resigned", ""),
    ("March on Washington", ""),
    ("what may happen to the bridge", ""),
    ("the bridge in 2049", ""),
    ("will the ferry go tomorrow or on Friday", ""),
    ("prices in 1987 and wages in May 2024", ""),
    ("date:2020 raids in June 2020", ""),
    ("mentioned:2020-06 raids in June 2020", ""),
    ("Boeing 747 orders", ""),
    ("2025-01-31", ""),
    ("Boeing in the last 0 days", ""),
    ('"raids in June 2020"', ""),
    ("(raids 2019) OR fires", ""),
    ("fires OR 2019", ""),
]


def asked(text: str) -> str:
    node = without_brackets(parse(text))
    sentence = read(node, asking=is_question(text))
    found = dated(text, node, sentence, TODAY) if may_name_time(text, sentence) else None
    if found is not None:
        assert 0 <= found.at[0] < found.at[1] <= len(text)
    return found.query if found else ""


@pytest.mark.parametrize(("question", "meant"), QUESTIONS)
def test_a_time_in_a_question_may_mean_days_of_publication(question: str, meant: str) -> None:
    assert asked(question) == meant


PIECES = (
    "fire Krasner the in on since before from to and between until 2019 1987-03 9/11 January March May 5 10, "
    '"June 2020" person:Venn -mud ? . – date:2020 last week month yesterday 3 weeks ago past 0 9999 years '
    "seit bis März 1. 5. letzte Woche 2023年 (a OR b) Feb. 29 30 31 2025 0001 9999 3000 Monday spring decade 1990s *"
).split(" ")


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map(" ".join))
def test_what_was_meant_is_a_query_with_one_date_more_and_asks_for_nothing_else(text: str) -> None:
    try:
        node = parse(text)
    except QueryError:
        return
    meant = asked(text)
    if not meant:
        return
    found = list(leaves(parse(meant)))
    (when,) = [leaf for leaf in found if isinstance(leaf, When)]
    assert when.field == "date"
    assert found[0] == when
    had = {str(leaf) for leaf in leaves(node)}
    assert all(str(leaf) in had or str(leaf).strip(".?") in meant for leaf in found[1:])
    assert parse(str(parse(meant))) == parse(meant)


def test_what_is_asked_of_days_as_a_whole_is_not_suggested_in_part() -> None:
    text = "raids in March 2024"
    missing = [leaf for leaf in leaves(parse(text)) if str(leaf) == "2024"]
    assert {"raids in March date:2024", "raids in March mentioned:2024"} <= {*elsewhere(text, missing, [])}
    assert not [
        said
        for said in elsewhere(text, missing, [], days=False)
        if said.partition(":")[0].endswith(("date", "mentioned", "captured"))
    ]
