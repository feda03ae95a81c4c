"""What people see: lines, tables and bars on a terminal, plain lines elsewhere, JSON Lines for scripts.

Everything archived is untrusted text: control and bidirectional characters are shown escaped, so that no title can
recolour, overwrite or reverse a terminal.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from time import monotonic
from typing import Self

import click

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = "\u200c\u200d"  # needed to write Persian, Hindi … and emoji


def safe(text: str, *, lines: bool = False) -> str:
    """`text` with every character that a terminal might obey written as an escape; line breaks stay if `lines`."""
    if text.isprintable():
        return text
    return "".join(_shown(char, lines) for char in text)


def _shown(char: str, lines: bool) -> str:
    if char == "\n" and lines:
        return char
    if char in "\n\t\r":
        return " "
    if unicodedata.category(char) in _HIDDEN and char not in _JOINERS:
        return f"\\u{ord(char):04x}"
    return char


def emit(value: object) -> None:
    """One line of JSON on standard output, at once: readers of a pipe follow along.

    Dataclasses are objects, times ISO 8601, enums their values, sets sorted lists.
    """
    import msgspec

    try:
        line = msgspec.json.encode(value, order="sorted" if isinstance(value, frozenset) else None)
    except UnicodeEncodeError:  # half characters of a hostile page: JSON can escape them, UTF-8 cannot hold them
        line = json.dumps(msgspec.to_builtins(value), ensure_ascii=True).encode()
    click.echo(line)


def day(moment: datetime | date | None) -> str:
    """`2025-01-31`, or a dash where there is none."""
    return f"{moment:%Y-%m-%d}" if moment else "-"


def minute(moment: datetime) -> str:
    """`2025-01-31 10:00`, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


def size(count: float) -> str:
    """Bytes for people: `12.3 MB`, in powers of 1000 as disks are sold."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


class Screen:
    """Standard output and error, as far as they are a person's terminal."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet

    @property
    def colour(self) -> bool:
        """Whether a person reads along, who has nothing against colours (see no-color.org)."""
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    @property
    def width(self) -> int:
        """Columns to write in; wide lines of prose are hard to read, so not more than 100, and never less than 20."""
        return max(20, min(shutil.get_terminal_size((100, 24)).columns, 100))

    def say(self, text: str) -> None:
        """A remark to the person, on standard error, so that output stays clean for pipes."""
        if not self.quiet:
            click.echo(text, err=True)

    @contextmanager
    def stages(self) -> Iterator[Stages]:
        """For work of several parts: the progress of whichever is told of, one after the other."""
        with ExitStack() as shown:
            yield Stages(self, shown)

    @contextmanager
    def progress(self, what: str, total: int | None = None) -> Iterator[Progress]:
        """A bar on a terminal, a plain line every five seconds elsewhere, nothing when quiet."""
        if self.quiet:
            yield Progress()
        elif sys.stderr.isatty():
            with _Bar(what, total) as bar:
                yield bar
        else:
            yield _Lines(what, total)


class Stages:
    """Shows each part of some work from when it is told of until the next one."""

    def __init__(self, screen: Screen, shown: ExitStack) -> None:
        self._screen = screen
        self._shown = shown
        self._what = ""
        self._progress = Progress()

    def __call__(self, what: str, done: int, total: int | None = None, /) -> None:
        if what != self._what:
            self._shown.close()
            self._progress = self._shown.enter_context(self._screen.progress(what))
            self._what = what
        self._progress.reach(done, total)


class Progress:
    """How far a long command has come. This one says nothing."""

    def advance(self, count: int = 1, note: str = "") -> None:
        """`count` more are done; `note` says what is in hand."""

    def reach(self, done: int, total: int | None = None) -> None:
        """`done` of `total` are done."""


class _Lines(Progress):
    EVERY = 5.0  # seconds

    def __init__(self, what: str, total: int | None) -> None:
        self._what, self._total, self._done = what, total, 0
        self._start = self._last = monotonic()

    def advance(self, count: int = 1, note: str = "") -> None:
        self.reach(self._done + count, note=note)

    def reach(self, done: int, total: int | None = None, note: str = "") -> None:
        self._done, self._total = done, total or self._total
        now = monotonic()
        if now - self._last >= self.EVERY:
            self._last = now
            of = f" of {self._total}" if self._total else ""
            rate = done / (now - self._start)
            click.echo(f"{self._what}: {done}{of}, {rate:.1f}/s {safe(note)}".rstrip(), err=True)


class _Bar(Progress):
    """A live bar with rate and time left."""

    def __init__(self, what: str, total: int | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Rich

        self._rich = Rich(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._rich.add_task(what, total=total, note="")

    def __enter__(self) -> Self:
        self._rich.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._rich.stop()

    def advance(self, count: int = 1, note: str = "") -> None:
        self._rich.update(self._task, advance=count, note=safe(note)[:60])

    def reach(self, done: int, total: int | None = None) -> None:
        self._rich.update(self._task, completed=done, total=total)
