"""What a person can do to an entry, as it is journaled: known without what packs and reads records."""

from __future__ import annotations

from enum import StrEnum


class ActKind(StrEnum):
    """What a person did. `subject` is an entry id, except for SHORT_LINK, where it is the short URL."""

    TAGS = "tags"  # values: all tags that the entry has from now on
    TAG = "tag"  # values: tags that the entry has from now on, beside those it has
    UNTAG = "untag"  # values: tags that it has no longer
    NOTE = "note"  # values: the note, or none to remove it
    EDIT = "edit"  # values: what a person says of the article, "title=…", "author=…" (editing.journaled)
    UNEDIT = "unedit"  # values: when the edits were made that are taken back, in ISO 8601
    DELETE = "delete"  # the entry is taken out of catalog and index; the bytes stay in warc/
    SHORT_LINK = "short link"  # values: the long URL, known without asking the network
    WATCH = "watch"  # subject: what is watched (a URL, a query); values: the kind of watch
    UNWATCH = "unwatch"  # subject: what is watched no longer
    FORGET = "forget"  # the entry was let go; values: why, and the digests of payloads that are gone
    HIDE = "hide"  # the entry is under embargo; values: why, and until when, in ISO 8601
    SHOW = "show"  # it is so no longer
    SEARCH = "search"  # subject: the name of a saved search; values: its query, or none to forget it
