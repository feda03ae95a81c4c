"""Where an article names what is asked for by another of its names: `org:ICE` in a text that spells it out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive import Entry, Part
from index.snippets import Needles, Span
from index.values import forms


def named_spans(entry: Entry, wanted: Needles) -> Iterator[Span]:
    """The places in the text of every name of which some form is what a name field is asked for."""
    if not wanted.of_names:
        return
    topics = {
        topic.name for topic in entry.reading.topics if wanted.in_names("topic", _all(entry, "topic", topic.name))
    }
    known: dict[tuple[str, str], bool] = {}
    for mention in entry.reading.mentions:
        if mention.part is not Part.TEXT:
            continue
        name = mention.kind.value, mention.canonical
        if name not in known:
            known[name] = mention.canonical in topics or wanted.in_names(name[0], _all(entry, *name))
        if known[name]:
            yield mention.start, mention.end


def _all(entry: Entry, field: str, value: str) -> Iterable[str]:
    return (value, *forms(entry, field, value))
