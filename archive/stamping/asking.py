"""Asking the servers that the settings name, through the same gate as every fetch."""

from __future__ import annotations

from archive.config import ArchiveSettings
from archive.errors import SettingsError, UsageError
from archive.stamping.tokens import TimeStamp, query, read, roots_of
from archive.urls import parse

_QUERY = [("Content-Type", "application/timestamp-query"), ("Accept", "application/timestamp-reply")]


def ask(data: bytes, settings: ArchiveSettings) -> tuple[bytes | None, TimeStamp | None, list[str]]:
    """A time stamp of `data`: the reply of the first server that gives one, what it says, and why others did not.

    Never raises for a server; SettingsError for settings that make no sense, UsageError without the extra `sign`.
    """
    roots, why = roots_of(settings.proof.timestamp_roots), []
    for server in settings.proof.timestamps:
        request = query(data)
        try:
            reply = _posted(server, request.as_bytes(), settings)
            said = read(reply, data, roots, request.nonce)
        except ValueError as error:
            why.append(f"{server}: no time stamp: {error}")
            continue
        if said.problem:
            why.append(f"{server}: {said.problem}")
            continue
        if not said.trusted:
            why.append(f"{server}: its authority ({said.authority}) is not known: name its root, proof.timestamp_roots")
        return reply, said, why
    return None, None, why


def _posted(server: str, body: bytes, settings: ArchiveSettings) -> bytes:
    """ValueError says why there is no answer."""
    from archive.fetch.connect import NoConnectionError
    from archive.fetch.post import post

    try:
        url = parse(server)
    except UsageError as error:
        raise SettingsError(str(error), file="backfile.toml", key="proof.timestamps") from error
    try:
        reply = post(url, body, _QUERY, settings.fetch)
    except NoConnectionError as error:
        raise ValueError(str(error)) from error
    if reply.status != 200 or reply.fault is not None:
        raise ValueError(reply.detail or f"it returned {reply.status}")
    return reply.body
