"""Captions are found as what they are, with the image that they belong to."""

from __future__ import annotations

from dataclasses import replace

from index_stories import BY_ID

from archive import Caption, Mark, MarkKind, Structure
from index.fields import document
from index.naming import passage
from index.plan import Stem
from index.snippets import Needles
from index.values import captioned

TEXT = "The vote was on Tuesday.\nThe pier in March.\nNobody spoke."


def test_captions_are_found_with_their_images() -> None:
    entry = BY_ID["raid"]
    assert entry.article is not None
    start = TEXT.index("The pier")
    structure = Structure(
        (Mark(MarkKind.CAPTION, start, start + len("The pier in March."), url="https://paper.example/pier.jpg"),),
        (Caption("Ada Brandt at the harbour", 0, "https://paper.example/brandt.jpg"),),
    )
    shown = replace(entry, article=replace(entry.article, text=TEXT, structure=structure))
    assert list(captioned(shown)) == [
        ("The pier in March.", "https://paper.example/pier.jpg"),
        ("Ada Brandt at the harbour", "https://paper.example/brandt.jpg"),
    ]
    assert document(shown).texts["caption"] == ("The pier in March.", "Ada Brandt at the harbour")
    found = passage(shown, Needles(Stem("caption", "harbour")), 200)
    assert (found.text, found.image) == ("Ada Brandt at the harbour", "https://paper.example/brandt.jpg")
    assert [found.text[start:end] for start, end in found.marks] == ["harbour"]
