"""Copies that other archives have of a page that is gone (Memento, RFC 7089).

An archive is asked at its TimeGate for the copy near a day; where that one cannot be had, its TimeMap names others.
What is taken is the copy as the archive got it, where archives have that at an address of their own ("id_" behind the
date, as the Wayback Machine, pywb and OpenWayback do), else as the archive shows it. What does not say of itself that
it is a copy (Memento-Datetime) is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from archive.errors import UsageError
from archive.model import Fetched, HopKind, Memento, Outcome, Request
from archive.seams import Fetching
from archive.urls import parse

TRIES = 3  # copies of one page that one archive is asked for
_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]*))*)")
_PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]*))")
_STAMPED = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/")
_MOST_LINKS = 20_000


@dataclass(frozen=True, slots=True)
class _Copy:
    url: str
    at: datetime


class Mementos:
    """Looks for copies in these archives, each named by the beginning of its TimeGates ("https://web.archive.org/web/")."""

    def __init__(self, archives: Sequence[str], fetcher: Fetching) -> None:
        self._archives = archives
        self._fetcher = fetcher

    def find(self, url: str, near: datetime | None) -> tuple[Fetched, Memento] | None:
        """The copy of `url` nearest to a day (None: the latest) that can be had, as it was asked for and answered."""
        for archive in self._archives:
            for copy in self._copies(f"{archive}{url}", near):
                if found := self._fetched(url, copy):
                    return found
        return None

    def _copies(self, timegate: str, near: datetime | None) -> Iterator[_Copy]:
        """At most TRIES copies, the best first; the TimeMap is asked for only where the first of them is no use."""
        asked = self._fetcher.fetch(Request(timegate, accept_datetime=near))
        links = [link for exchange in asked.exchanges for link in _links(_all(exchange.headers, "link"))]
        first = _best([_Copy(url, at) for url, rels, at in links if "memento" in rels and at], near)
        if asked.last and (at := _moment(asked.last.header("memento-datetime"))):
            first = [_Copy(asked.last.url, at), *first]
        told = {one.url: one for one in first[:1]}
        yield from told.values()
        timemap = next((url for url, rels, _ in links if "timemap" in rels), None)
        if timemap is None:
            return
        listed = self._fetcher.fetch(Request(timemap))
        if listed.outcome is Outcome.OK and listed.last is not None:
            text = listed.last.payload.decode("utf-8", "replace")
            others = [_Copy(url, at) for url, rels, at in _links(text) if "memento" in rels and at]
            yield from [one for one in _best(others, near) if one.url not in told][: TRIES - len(told)]

    def _fetched(self, url: str, copy: _Copy) -> tuple[Fetched, Memento] | None:
        for address in dict.fromkeys((_STAMPED.sub(r"/\1id_/", copy.url, count=1), copy.url)):
            got = self._fetcher.fetch(Request(address))
            last = got.last
            at = _moment(last.header("memento-datetime")) if last else None
            if got.outcome is not Outcome.OK or last is None or at is None:
                continue
            memento = Memento(_host(address), last.url, at)
            detail = f"from an archive: {memento.archive}, as it was on {at:%Y-%m-%d}"
            hops = (replace(got.exchanges[0], kind=HopKind.ARCHIVE), *got.exchanges[1:])
            return Fetched(Request(url), hops, Outcome.OK, detail, url), memento
        return None


def is_gone(fetched: Fetched) -> bool:
    """Whether a page is gone: its host says so, or there is nobody who would say anything."""
    if fetched.outcome in (Outcome.NOT_FOUND, Outcome.GONE):
        return True
    return fetched.outcome is Outcome.FAILED and all(exchange.status is None for exchange in fetched.exchanges)


def _best(copies: list[_Copy], near: datetime | None) -> list[_Copy]:
    if near is None:
        return sorted(copies, key=lambda one: one.at, reverse=True)
    return sorted(copies, key=lambda one: abs(one.at - near))


def _all(headers: Sequence[tuple[str, str]], name: str) -> str:
    return ", ".join(value for key, value in headers if key.lower() == name)


def _links(text: str) -> Iterator[tuple[str, frozenset[str], datetime | None]]:
    """The links of a Link header or of a TimeMap (RFC 8288): where they lead, what they are, and of which time."""
    for number, match in enumerate(_LINK.finditer(text)):
        if number >= _MOST_LINKS:
            return
        said = {one[1].lower(): one[2] if one[2] is not None else one[3] for one in _PARAMETER.finditer(match[2])}
        yield match[1], frozenset(said.get("rel", "").lower().split()), _moment(said.get("datetime"))


def _moment(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _host(url: str) -> str:
    try:
        return parse(url).host
    except UsageError:
        return ""
