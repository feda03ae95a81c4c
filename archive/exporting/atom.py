"""What was noticed last, as an Atom feed (RFC 4287) for any feed reader."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from archive.exporting import text
from archive.exporting.aside import file_aside
from archive.model import Entry


def write(target: Path, log: str, noticed: list[tuple[datetime, str, Entry]]) -> None:
    """`noticed` are moments, what was watched, and the articles, newest first. Replaces `target` in one step."""
    updated = noticed[0][0] if noticed else datetime(1970, 1, 1, tzinfo=UTC)
    with file_aside(target) as out:
        out.write(
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
            f"<title>Backfile: what was noticed</title>\n<id>urn:backfile:{escape(log)}</id>\n"
            f"<updated>{_time(updated)}</updated>\n<author><name>Backfile</name></author>\n".encode()
        )
        for at, watch, entry in noticed:
            out.write(_entry(at, watch, entry).encode("utf-8", "replace"))
        out.write(b"</feed>\n")


def _entry(at: datetime, watch: str, entry: Entry) -> str:
    summary = text.line(entry.article.text if entry.article else "")[:500]
    return (
        f"<entry>\n<title>{escape(text.title(entry))}</title>\n<id>urn:backfile:{entry.id}:{entry.versions}</id>\n"
        f"<link href={quoteattr(text.address(entry.final_url or entry.url))}/>\n<updated>{_time(at)}</updated>\n"
        f"<category term={quoteattr(text.line(watch))}/>\n<summary>{escape(summary)}</summary>\n</entry>\n"
    )


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
