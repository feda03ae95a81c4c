"""A language in which no names are found is said once: by add, show and status."""

from __future__ import annotations

import pytest
from commands import Command
from newsroom import Newsroom

URL = "https://paper.example/gesher"
TEXT = (
    "ראש העיר אמר ביום שלישי כי הגשר הישן יתוקן לפני החורף, וכי העבודה תעלה שנים עשר מיליון. איש לא התנגד לתוכנית. " * 4
)


@pytest.fixture(scope="module")
def hebrew(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Command:
    newsroom_server.reset()
    body = f"<article><h1>הגשר</h1><p>{TEXT}</p></article>"
    newsroom_server.add(URL, f"<html lang=he><head><title>הגשר</title></head><body>{body}</body></html>")
    return Command(tmp_path_factory.mktemp("unread") / "archive", newsroom_server)


def test_add_show_and_status_say_in_which_language_no_names_are_found(hebrew: Command) -> None:
    ran = hebrew("add", URL)
    assert (ran.code, ran.err.count("No names are found in Hebrew (he).")) == (0, 1)
    assert "no names: none are found in Hebrew (he)" in hebrew("show", URL).out
    assert "No names    are found in some languages; articles in Hebrew (he): 1\n" in hebrew("status").out
    assert hebrew("status", "--json").rows[0]["unread_languages"] == {"he": 1}
