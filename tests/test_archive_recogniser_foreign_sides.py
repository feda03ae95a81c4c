"""Clubs that a sports story in another language than English calls by their towns."""

from __future__ import annotations

import pytest

from archive.entities.decode import TokenSpan
from archive.entities.foreign_cues import cues
from archive.entities.foreign_sides import sides
from archive.entities.tokens import tokenize

GERMAN = "Trainer und Spieler nach dem 0:3 . "


def organisations(lang: str, text: str, *names: tuple[str, str]) -> list[str]:
    """The organisations among the names; each of `names` is a type and a phrase of the text, wherever that stands."""
    words = tokenize(text).words
    given = []
    for kind, phrase in names:
        run = tokenize(phrase).words
        starts = [at for at in range(len(words)) if words[at : at + len(run)] == run]
        given += [TokenSpan(kind, at, at + len(run), 0.7) for at in starts]
    found = sides(words, sorted(given, key=lambda name: name.start), lang, cues(words, lang))
    return [" ".join(words[name.start : name.end]) for name in found if name.type == "ORG"]


@pytest.mark.parametrize(
    ("lang", "text", "towns", "expected"),
    [
        ("de", GERMAN + "Es ging gegen Elversberg .", ["Elversberg"], ["Elversberg"]),
        ("de", GERMAN + "Paderborn empfängt die Gäste in Hannover .", ["Paderborn", "Hannover"], ["Paderborn"]),
        ("de", GERMAN + "gegen Kiel und Hannover . In Kiel regnet es .", ["Kiel", "Hannover"], ["Kiel", "Hannover"]),
        ("de", GERMAN + "Es ging gegen Frankreich .", ["Frankreich"], []),
        ("de", "Trainer und Spieler reden gegen Elversberg .", ["Elversberg"], []),
        ("de", "Am Montag stand es 3:1 gegen Elversberg .", ["Elversberg"], []),
        ("fr", "Le match et le but : Lens a battu Lille 2-0 .", ["Lens", "Lille"], ["Lens", "Lille"]),
        ("nl", "De trainer zag één doelpunt : Twente speelde 1-1 .", ["Twente"], ["Twente"]),
        ("hu", "Edző és gól : Győr 2:0 .", ["Győr"], []),
    ],
)
def test_a_town_that_plays_is_a_club(lang: str, text: str, towns: list[str], expected: list[str]) -> None:
    assert organisations(lang, text, *(("LOC", town) for town in towns)) == expected


def test_what_the_story_calls_a_club_in_full_is_one_in_short() -> None:
    text = GERMAN + "Der VfL Bochum ist Letzter . Bochum hofft . Die Stadt Bochum und die Polizei in Bochum auch ."
    tokens = tokenize(text).words
    at = [place for place, word in enumerate(tokens) if word == "Bochum"]
    names = [
        TokenSpan("ORG", at[0] - 1, at[0] + 1, 0.9),
        *(TokenSpan("LOC", place, place + 1, 0.9) for place in at[1:]),
    ]
    assert [name.type for name in sides(tokens, names, "de", cues(tokens, "de"))] == ["ORG", "ORG", "LOC", "LOC"]
