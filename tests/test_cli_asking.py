"""What a search shows where no article has all the words."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom

STORIES = {
    "bridge": "The council of Lindholm met on Tuesday to talk about the old bridge.",
    "harbour": "The harbour of Lindholm is full of mud again. The ferry waits until spring.",
}


@pytest.fixture(scope="module")
def backfile(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    newsroom_server.reset()
    command = Command(tmp_path_factory.mktemp("asking") / "archive", newsroom_server)
    for name, text in STORIES.items():
        title = f"The {name} of Lindholm"
        body = f"<article><h1>{title}</h1><p>{text} {text}</p></article>"
        newsroom_server.add(
            f"https://paper.example/{name}", f"<html><head><title>{title}</title></head><body>{body}</body></html>"
        )
        assert command("add", f"https://paper.example/{name}").code == 0
    return command


def test_articles_with_some_of_the_words_stand_under_a_line_that_says_so(backfile: Command) -> None:
    done = backfile("search", "who will dredge the old harbour?")
    assert done.code == 0
    lines = [line.strip() for line in done.out.splitlines()]
    assert lines.index("No article has all of these words. These have some of them:") < lines.index("lacks dredge, old")
    assert lines.index("lacks dredge, old") < lines.index("lacks dredge, harbour")


def test_exact_hits_come_before_the_line(backfile: Command) -> None:
    out = backfile("search", "lindholm bridge").out
    assert out.index("The bridge of Lindholm") < out.index("No more articles have all of these words.")
    assert out.index("No more articles") < out.index("lacks bridge") < out.index("1 found:")


def test_json_says_what_a_hit_lacks_and_strict_leaves_those_out(backfile: Command) -> None:
    rows = backfile("search", "--json", "lindholm bridge").rows
    assert [row["lacks"] for row in rows] == [[], ["bridge"]]
    assert [row["lacks"] for row in backfile("search", "--json", "--strict", "lindholm bridge").rows] == [[]]
    assert backfile("search", "--json", "--strict", "mud bridge").rows == []
    everything = backfile("search", "--json", "--limit", "all", "mud bridge").rows
    assert [row["lacks"] for row in everything if row["lacks"] != ["mud"]] == [["bridge"]]
    assert backfile("ids", "mud bridge").out == ""


def test_of_a_long_question_the_best_answers_come_first_whatever_they_lack(backfile: Command) -> None:
    question = "what did the council of Lindholm say in spring of the old bridge and its harbour?"
    out = backfile("search", question).out
    assert "\n\nNo article has all of these words. These have some of them:\n" in out
    question = "what did the council of Lindholm say on Tuesday about the old bridge?"
    out = backfile("search", question).out
    assert out.startswith("1 of all articles has all of these words. The best answers")
    assert out.count("of these words") == 1


def test_who_and_where_are_answered_below_the_hits(backfile: Command) -> None:
    out = backfile("search", "where does the ferry wait?").out
    assert out.index("1 found:") < out.index("place") < out.rindex("Lindholm")
    meta = backfile("search", "--json", "--meta", "where does the ferry wait?").rows[0]
    assert meta["asks"] == "place"
    assert meta["facets"] == [{"field": "place", "value": "Lindholm", "count": 1}]
    assert backfile("search", "--json", "--meta", "the ferry waits").rows[0]["facets"] == []


def test_a_time_in_a_question_is_offered_as_days_of_publication(backfile: Command, newsroom_server: Newsroom) -> None:
    title = "Fog over Lindholm"
    page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>Published May 3, 2021</p>"
    text = "The ferry of Lindholm did not sail on account of the fog that lay over the harbour. "
    newsroom_server.add("https://paper.example/fog", f"{page}<p>{text * 3}</p></article></body></html>")
    assert backfile("add", "https://paper.example/fog").code == 0
    out = backfile("search", "did the ferry sail in May 2021?").out
    assert "\nPublished then: date:2021-05 did the ferry sail?\n" in out
    meta = backfile("search", "--json", "--meta", "did the ferry sail in May 2021?").rows[0]
    assert meta["dated"] == "date:2021-05 did the ferry sail?"
    assert [row["title"] for row in backfile("search", "--json", meta["dated"]).rows] == [title]
    assert "Published then" not in backfile("search", "did the ferry sail in May 1921?").out


def test_an_empty_archive_says_how_it_is_filled(newsroom: Newsroom, tmp_path: Path) -> None:
    empty = Command(tmp_path / "archive", newsroom)
    assert "The archive is empty: backfile add URL" in empty("search", "harbour").err


def test_nothing_found_in_an_archive_that_has_articles_does_not(backfile: Command) -> None:
    assert "is empty" not in backfile("search", "xylophone").err
