"""What is known of the pages in a package, as JSON Lines beside them: names and topics, links, versions.

Every line of a file has the same keys, null where they say nothing, so that it is read as a table, too. `article` is
the id of an article. A file without a line is left out.

    backfile/entities.jsonl   article, kind, name, times, texts, aliases; of places: country, admin, latitude,
                              longitude; of dates: first, last, grain; of topics: source, weight, suggested
    backfile/links.jsonl      article, n, url, role, text, context, final_url, chain, outcome, detail, leads_to
    backfile/versions.jsonl   article, number, capture, first_seen, last_seen, title, text_digest, changes, removed
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import IO, Self

from archive.model import CitedSource, Entry, Mention, Topic, Version

FOLDER = "backfile"
_CHUNK = 2**20
_NAMES = ("entities", "links", "versions")
_PLACE = ("country", "admin", "latitude", "longitude")
_DATE = ("first", "last", "grain")
_TOPIC = ("source", "weight", "suggested")


class Beside:
    """The three files, on disk while they grow; a context manager."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self._files: dict[str, IO[bytes]] = {}

    def __enter__(self) -> Self:
        for name in _NAMES:
            self._files[name] = self._held.enter_context(tempfile.TemporaryFile())
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def add(self, entry: Entry, versions: Iterable[Version]) -> None:
        """One article more."""
        of = {"article": entry.id}
        for row in (*_mentions(entry.reading.mentions), *map(_topic, entry.reading.topics)):
            self._put("entities", of | row)
        for number, source in enumerate(entry.sources):
            self._put("links", of | _link(number, source))
        for version in versions:
            self._put("versions", of | _version(version))

    def members(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each file by its path in the package, and its bytes."""
        for name, file in self._files.items():
            if not file.tell():
                continue
            file.seek(0)
            yield f"{FOLDER}/{name}.jsonl", iter(lambda file=file: file.read(_CHUNK), b"")  # type: ignore[misc]

    def _put(self, name: str, row: Mapping[str, object]) -> None:
        line = json.dumps(row, ensure_ascii=False, default=_plain)
        self._files[name].write(line.encode("utf-8", "replace") + b"\n")


def _mentions(mentions: Iterable[Mention]) -> list[dict[str, object]]:
    """A row for each name, however often it is mentioned, in the order in which they come."""
    found: dict[tuple[str, str, str], list[Mention]] = {}
    for one in mentions:
        found.setdefault((one.kind.value, one.canonical, one.geo.country if one.geo else ""), []).append(one)
    return [_name(named) for named in found.values()]


def _name(named: list[Mention]) -> dict[str, object]:
    first = named[0]
    row = _row(first.kind.value, first.canonical, {a for one in named for a in one.aliases})
    row |= {"times": len(named), "texts": sorted({one.text for one in named})}
    if first.geo:
        geo = first.geo
        row |= {"country": geo.country, "admin": geo.admin, "latitude": geo.latitude, "longitude": geo.longitude}
    if first.when:
        row |= {"first": first.when.first, "last": first.when.last, "grain": first.when.grain}
    return row


def _topic(topic: Topic) -> dict[str, object]:
    row = _row("topic", topic.name, topic.aliases)
    return row | {"source": topic.source, "weight": topic.weight, "suggested": topic.suggested}


def _row(kind: str, name: str, aliases: Iterable[str]) -> dict[str, object]:
    """A row of entities with all its keys."""
    of_others = dict.fromkeys((*_PLACE, *_DATE, *_TOPIC))
    return {"kind": kind, "name": name, "times": None, "texts": [], "aliases": sorted(aliases), **of_others}


def _link(number: int, source: CitedSource) -> dict[str, object]:
    link = source.link
    return {
        "n": number, "url": link.url, "role": link.role.value, "text": link.text, "context": link.context,
        "final_url": source.final_url, "chain": source.chain,
        "outcome": source.outcome.value if source.outcome else None, "detail": source.detail, "leads_to": source.id,
    }  # fmt: skip


def _version(version: Version) -> dict[str, object]:
    return {
        "number": version.number, "capture": version.capture_id, "first_seen": version.first_seen,
        "last_seen": version.last_seen, "title": version.title, "text_digest": version.text_digest,
        "changes": sorted(version.changes), "removed": version.removed,
    }  # fmt: skip


def _plain(value: object) -> str:
    """Moments in UTC, days as they are."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    assert isinstance(value, date)
    return value.isoformat()
