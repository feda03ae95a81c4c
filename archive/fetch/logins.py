"""Cookies of your accounts, from files that you name: for one host each, and for nobody else.

A file is in the form that browsers' extensions write (Netscape's cookies.txt): domain, whether it holds for the hosts
below, path, whether it is for https alone, when it ends, name, value, with tabs between. What was sent of them, and
what the host set in return, is blanked before anything is stored.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.errors import SettingsError
from archive.urls import Url

_HTTP_ONLY = "#HttpOnly_"
_COLUMNS = 7
_SENT = re.compile(rb"(?im)^(cookie:[ \t]*)[^\r\n]*")
_SET = re.compile(rb"(?im)^(set-cookie:[ \t]*[^=;\r\n]*=)([^;\r\n]*)")
_HEADS = re.compile(rb"\r?\n\r?\n")
_INTERIM = re.compile(rb"HTTP/\d(?:\.\d)? 1\d\d")


@dataclass(frozen=True, slots=True)
class _Cookie:
    domain: str
    below: bool
    path: str
    secure: bool
    ends: float  # seconds since 1970; 0: with the session
    name: str
    value: str

    def is_for(self, url: Url, now: float) -> bool:
        """Whether a browser would send it there."""
        below = self.below and url.host.endswith(f".{self.domain}")
        within = url.path == self.path or url.path.startswith(self.path.rstrip("/") + "/")
        return (
            (url.host == self.domain or below)
            and within
            and (url.scheme == "https" or not self.secure)
            and not 0 < self.ends < now
        )


class Logins:
    """The cookies of all hosts that have a file. SettingsError names the file, and the line, that cannot be read."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._cookies = {host.lower(): tuple(_read(host, Path(file).expanduser())) for host, file in files.items()}

    def of(self, url: Url) -> dict[str, str]:
        """What is sent with a request for `url`, by name: only from the file of its very host."""
        now = time.time()
        return {one.name: one.value for one in self._cookies.get(url.host, ()) if one.is_for(url, now)}


def _read(host: str, file: Path) -> Iterator[_Cookie]:
    key = f'fetch.cookies."{host}"'
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read ({error})", file="backfile.toml", key=key) from error
    for number, line in enumerate(lines, 1):
        text = line.removeprefix(_HTTP_ONLY)
        if not text.strip() or text.startswith("#"):
            continue
        columns = text.split("\t")
        if len(columns) != _COLUMNS or not _is_number(columns[4]) or not _can_be_sent(columns[5], columns[6]):
            raise SettingsError(
                f"{file}, line {number}: not a line of a cookies.txt, seven columns with tabs between: domain, TRUE or "
                "FALSE, path, TRUE or FALSE, end, name, value", file="backfile.toml", key=key,
            )  # fmt: skip
        domain, below, path, secure, ends, name, value = columns
        yield _Cookie(
            domain.lower().lstrip("."), below.upper() == "TRUE" or domain.startswith("."), path or "/",
            secure.upper() == "TRUE", float(ends or 0), name, value,
        )  # fmt: skip


def _is_number(text: str) -> bool:
    return not text or (text.isascii() and text.replace(".", "", 1).isdigit())


def _can_be_sent(name: str, value: str) -> bool:
    return bool(name) and f"{name}{value}".isascii() and f"{name}{value}".isprintable() and not set("=;") & set(name)


def blanked_request(sent: bytes) -> bytes:
    """A request without the cookies in it."""
    head, sign, rest = sent.partition(b"\r\n\r\n")
    return _SENT.sub(rb"\1-", head) + sign + rest


def blanked_response(received: bytes) -> bytes:
    """A response as it came, with a "*" for each character of the cookies that it sets."""
    end = 0
    while True:
        start, found = end, _HEADS.search(received, end)
        end = found.end() if found else len(received)
        if found is None or not _INTERIM.match(received, start):
            break
    return _SET.sub(lambda match: match[1] + b"*" * len(match[2]), received[:end]) + received[end:]
