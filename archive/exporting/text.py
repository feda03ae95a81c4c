"""Archived text made fit for a format that people's programs read: one line, no characters that those obey (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from archive.model import CitedSource, Entry, Kind

# C0 without tab and line feed, DEL, C1, half characters, noncharacters.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Characters that turn the direction of what follows them, beyond the end of their own text.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"[\s\u2028\u2029]+")


def clean(text: str) -> str:
    """`text` without control characters and turns of direction; its line breaks stay."""
    return _TURNS.sub("", _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def line(text: str) -> str:
    """`clean` text in one line."""
    return _BREAKS.sub(" ", clean(text)).strip()


def address(url: str) -> str:
    """`url` with whatever could end a line, a tag or a field percent-encoded."""
    return re.sub(
        r"[\x00-\x20\x7f-\x9f\"'<>\\^`{|}\u2028\u2029\ud800-\udfff]",
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")),
        _TURNS.sub("", url),
    )


def is_web(url: str) -> bool:
    """Whether a link to it leads to a page and nothing else."""
    return url.lower().startswith(("http://", "https://"))


def title(entry: Entry) -> str:
    """The headline, or the address where there is none."""
    return line(entry.article.title if entry.article else "") or address(entry.final_url or entry.url)


def identity(entry: Entry) -> str:
    """The id, and where it is not the current text which one it is."""
    return entry.id if entry.version in (0, entry.versions) else f"{entry.id}-v{entry.version}"


def day(entry: Entry) -> date | None:
    """The day of publication, as the publisher counts it."""
    article = entry.article
    if article is None:
        return None
    return article.published_on or (article.published.date() if article.published else None)


def sources(entry: Entry) -> list[CitedSource]:
    """What the article stands on: its links without those that are no sources."""
    return [source for source in entry.sources if not source.link.unfollowed]


def names(entry: Entry, kind: Kind) -> list[str]:
    """The names of one kind, each once."""
    return unique(mention.canonical for mention in entry.reading.mentions if mention.kind is kind)


def topics(entry: Entry) -> list[str]:
    """What it is about, whoever says so: `keywords` and `suggested_topics`, weightiest first."""
    return unique(topic.name for topic in entry.reading.topics)


def keywords(entry: Entry) -> list[str]:
    """Topics that the publisher named: keywords and sections of the page, cleaned."""
    return unique(topic.name for topic in entry.reading.topics if not topic.suggested)


def suggested_topics(entry: Entry) -> list[str]:
    """Topics that only Backfile found."""
    return unique(topic.name for topic in entry.reading.topics if topic.suggested)


def unique(found: Iterable[str]) -> list[str]:
    """Each text once, in one line, without the empty ones."""
    return [text for text in dict.fromkeys(map(line, found)) if text]
