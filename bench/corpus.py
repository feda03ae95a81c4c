"""News stories to measure search with: Reuters-21578, and any number of stories made from it, as a stream.

A made story takes its sentences from anywhere in the corpus, its length, labels and day of the year from one story
each; its year is one of twenty; and every third has a name from a long tail (Zipf's law) that no real story has. The
same number of stories is the same stories, on every machine.
"""

from __future__ import annotations

import gzip
import json
import pickle
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from index.fields import Card, Document
from index.folding import fold

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "reuters" / "reuters21578.jsonl.gz"
_SENTENCE = re.compile(r"[^.!?]+[.!?]+\s+")
_SYLLABLES = "ba de ki lo mu na pe ri so tu va we xi yo za cha dre fli gor hun".split()


@dataclass(frozen=True, slots=True)
class Story:
    id: str
    title: str
    body: str
    day: date
    people: tuple[str, ...]
    places: tuple[str, ...]
    orgs: tuple[str, ...]
    topics: tuple[str, ...]


def stories(count: int) -> Iterator[Story]:
    """The first `count` real stories, or that many made ones if there are not as many real ones."""
    real = reuters()
    return iter(real[:count]) if count <= len(real) else _made(count)


def kept(count: int, file: Path) -> Iterator[Story]:
    """The same from `file`, which is written first if there is none: making a million takes minutes."""
    if not file.exists():
        temporary = file.with_suffix(".new")
        with temporary.open("wb") as out:
            for story in stories(count):
                pickle.dump(story, out, pickle.HIGHEST_PROTOCOL)
        temporary.replace(file)
    with file.open("rb") as held:
        for _ in range(count):
            yield pickle.load(held)


@cache
def reuters() -> tuple[Story, ...]:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        return tuple(_story(json.loads(line)) for line in lines)


def _story(row: dict[str, object]) -> Story:
    def names(key: str) -> tuple[str, ...]:
        values = row[key]
        assert isinstance(values, list)
        return tuple(values)

    return Story(
        str(row["id"]),
        str(row["title"] or ""),
        str(row["body"] or ""),
        date.fromisoformat(str(row["date"] or "1987-03-01")[:10]),
        names("people"),
        names("places"),
        names("orgs"),
        names("topics"),
    )


def _made(count: int) -> Iterator[Story]:
    real = reuters()
    sentences = [sentence for story in real for sentence in _SENTENCE.findall(story.body)]
    rng = random.Random(21578)
    for number in range(count):
        length = len(rng.choice(real).body)
        body: list[str] = []
        while sum(map(len, body)) < length:
            body.append(rng.choice(sentences))
        labels = rng.choice(real)
        people = labels.people if number % 3 else (*labels.people, _name(int(rng.paretovariate(0.6))))
        yield replace(
            labels,
            id=f"m{number}",
            title=rng.choice(real).title,
            body="".join(body),
            day=_shifted(labels.day, rng.randrange(20)),
            people=people,
        )


def _shifted(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))


def _name(rank: int) -> str:
    """A name of its own for each rank up to two million."""
    rank %= 2_000_000
    syllables = []
    for _ in range(6):
        rank, place = divmod(rank * 7 + 3, len(_SYLLABLES))
        syllables.append(_SYLLABLES[place])
    return f"{''.join(syllables[:3])} {''.join(syllables[3:])} {rank}".title()


def document(story: Story) -> Document:
    """As the index stores it: title, text, names, topics and dates."""
    day = story.day.toordinal()
    names = {"person": story.people, "place": story.places, "org": story.orgs, "topic": story.topics}
    present = {name: values for name, values in names.items() if values}
    return Document(
        Card(
            story.id,
            f"https://reuters.example/{story.id}",
            " ".join(story.title.split()),
            "Reuters",
            story.day,
            datetime(2025, 1, 1, tzinfo=UTC),
        ),
        {"title": (story.title,), "text": (story.body,), **present},
        {"lang": (fold("en"),)},
        {"date": ((day, day),)},
        present,
    )
