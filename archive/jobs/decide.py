"""What a job notes of what was asked for (pure)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from archive.model import Added, Capture, Method, Outcome
from archive.storage import JobItem, JobState


def state_of(outcome: Outcome) -> JobState:
    """Done: the page is in the archive, as what it is."""
    return JobState.DONE if outcome.has_content or outcome is Outcome.NOT_TEXT else JobState.FAILED


def told(outcome: Outcome, detail: str) -> str:
    """An outcome as the table of jobs has it; "" for what went well."""
    return "" if outcome is Outcome.OK else f"{outcome.value}: {detail}".rstrip(": ")


def settled(item: JobItem, added: Added) -> JobItem:
    """An item as it is once its page has come."""
    detail = told(added.outcome, added.detail)
    return replace(item, state=state_of(added.outcome), detail=detail, entry=added.id or None)


def was_asked(item: JobItem, latest: Capture, begun: datetime) -> bool:
    """Whether a run of the job that `begun` then asked for the link, and was killed before it could say so.

    `latest`: the last capture of its URL. An item with an entry failed before, and is to be tried again.
    """
    return item.entry is None and latest.at >= begun and latest.method is Method.FETCH
