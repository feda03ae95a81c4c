"""The passage of an entry that shows why it matches, under whatever name it has what is asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archive import Entry, Part
from index.results import Marks
from index.snippets import Needles, Snippet, Span, highlights, merged, snippet
from index.values import captioned


def passage(entry: Entry | None, wanted: Needles, width: int) -> Snippet:
    """About `width` characters of the text; of what its versions dropped, or of a caption, where that was asked for."""
    if entry is None or entry.article is None:
        return snippet("", wanted, width)
    wanted = wanted.of(entry.article.lang)
    if wanted.of_removed and entry.removed:
        dropped = snippet("\n".join(entry.removed), wanted, width)
        if dropped.marks:
            return replace(dropped, removed=True)
    if wanted.of_captions:
        for text, image in captioned(entry):
            under = snippet(text, wanted, width)
            if under.marks:
                return replace(under, image=image)
    return snippet(entry.article.prose, wanted, width, list(named_spans(entry, wanted)))


def named_spans(entry: Entry, wanted: Needles) -> Iterator[Span]:
    """The places in the text of every name of which some form is what a name field is asked for."""
    asked = {needle.field for needle in wanted.of_names} | {field for field, _ in wanted.chosen}
    if not asked:
        return
    forms: dict[tuple[str, str], set[str]] = {}
    for mention in entry.reading.mentions:
        if "topic" in asked or mention.kind.value in asked:
            known = forms.setdefault((mention.kind.value, mention.canonical), {mention.canonical})
            known.update((mention.text, *mention.aliases))
    topics = {
        topic.name
        for topic in entry.reading.topics
        if ("topic", topic.name) in wanted.chosen or wanted.in_names("topic", (topic.name, *topic.aliases))
    }
    meant = {
        name
        for name, known in forms.items()
        if name[1] in topics or name in wanted.chosen or wanted.in_names(name[0], known)
    }
    for mention in entry.reading.mentions:
        if mention.part is Part.TEXT and (mention.kind.value, mention.canonical) in meant:
            yield mention.start, mention.end


def marks(entry: Entry, wanted: Needles) -> Marks:
    """Every place in the article that has something of what is asked for, under whatever name."""
    if entry.article is None:
        return Marks()
    wanted = wanted.of(entry.article.lang)
    found = sorted((*highlights(entry.article.text, wanted), *named_spans(entry, wanted)))
    return Marks(highlights(entry.article.title, wanted), merged(found))
