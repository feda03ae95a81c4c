"""Seven stories of two sites, with who is named in each, for the tests of commands that count."""

from __future__ import annotations

import json
from pathlib import Path

from commands import Command
from newsroom import Newsroom

# Site, day of publication, and who is named in each of the stories.
STORIES = [
    ("The Ledger", "2025-01-06", "Ada Brandt", "Jonas Ek"),
    ("The Ledger", "2025-01-13", "Ada Brandt"),
    ("The Ledger", "2025-03-03", "Ada Brandt", "Marisol Venn"),
    ("Harbor News", "2025-01-07", "Ada Brandt", "Jonas Ek"),
    ("Harbor News", "2025-03-04", "Jonas Ek"),
    ("Harbor News", "", "Marisol Venn"),
    ("Harbor News", "2025-01-08"),
]
TEXT = (
    "The council of Lindholm met to talk about the old bridge, and nobody spoke against mending it before the winter. "
    "The masonry is in a bad state, engineers wrote in a report that was read out. "
)


def filled(folder: Path, newsroom: Newsroom) -> Command:
    """An archive of the stories, in a folder below `folder`."""
    newsroom.reset()
    write(folder / "stories.jsonl", STORIES)
    command = Command(folder / "archive", newsroom)
    ran = command("import", "../stories.jsonl")
    assert ran.code == 0, ran.err
    return command


def write(file: Path, stories: list[tuple[str, ...]], first: int = 0) -> None:
    """The stories as an import file, numbered from `first` on."""
    with file.open("w") as out:
        for number, (site, day, *people) in enumerate(stories, first):
            said = " ".join(f"{name} said so on the quay, and {name} was heard." for name in people)
            if len(people) == 2:
                said += f" {people[0]} left with {people[1]} at noon."
            story = {
                "url": f"https://paper.example/{number}", "title": f"A bridge in need of care, part {number}",
                "text": f"{TEXT}{said}", "site": site, "lang": "en",
            } | ({"date": day} if day else {})  # fmt: skip
            out.write(json.dumps(story) + "\n")
