"""Pages as they stood: the entry with the text of any of its versions, and what became of the links in that.

What was understood in the current text is stored; in an older one it is understood anew, by the present recogniser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from archive.errors import NotFoundError, UsageError
from archive.history import Which
from archive.history.which import Shown, captured, numbered, standing
from archive.model import Article, Entry, Reading

if TYPE_CHECKING:
    from archive.storage import Catalog


class Past:
    """What the texts of `catalog` were; `understand` finds names, dates and topics in an article."""

    def __init__(self, catalog: Catalog, understand: Callable[[Article], Reading]) -> None:
        self._catalog = catalog
        self._understand = understand

    def shown(self, entry: Entry, which: Which) -> Shown:
        """The version that is meant. NotFoundError where there is none, UsageError where it is not clear."""
        versions = self._catalog.versions(entry.id)
        if which.version is not None:
            return numbered(versions, which.version)
        if which.at is not None:
            if (found := standing(versions, which.at)) is None:
                first = f"{versions[0].first_seen:%Y-%m-%d %H:%M} UTC" if versions else "never"
                raise NotFoundError(f"{entry.id} had not been seen by then: its first text was seen {first}")
            return found
        if which.capture:
            return captured(versions, self._catalog.captures(entry.id), self._capture(which.capture))
        return numbered(versions, entry.version)

    def entry(self, entry: Entry, shown: Shown, *, names: bool = True) -> Entry:
        """The entry with that text. Without `names` an older text comes without what is understood in it."""
        version = shown.version
        if version.number == entry.version and shown.capture_id == entry.capture_id:
            return entry
        capture = self._catalog.capture(shown.capture_id)
        entry = replace(
            entry, capture_id=capture.id, final_url=capture.final_url, outcome=capture.outcome, detail=capture.detail,
            media_type=capture.media_type or "", last_captured=version.last_seen,
        )  # fmt: skip
        if version.number == entry.version:
            return entry
        article = self._catalog.article_at(entry.id, version.number)
        return replace(
            entry, article=article, reading=self._understand(article) if names else Reading(), version=version.number,
            sources=self._catalog.sources(article.links), edits=(),
        )  # fmt: skip

    def every(self, entry: Entry) -> Iterator[Entry]:
        """The entry with each of its texts, oldest first; as it is where it has none."""
        versions = self._catalog.versions(entry.id)
        for version in versions:
            yield self.entry(entry, Shown(version, version.capture_id))
        if not versions:
            yield entry

    def _capture(self, text: str) -> str:
        found = [capture for capture, _ in self._catalog.captures_named(text)]
        if len(found) > 1:
            raise UsageError(f"{text} may mean {', '.join(found)}: write more of it")
        if not found:
            raise NotFoundError(f"there is no capture {text}: `backfile versions ID --json` prints their ids")
        return found[0]
