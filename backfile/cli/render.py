"""What people see: lines, tables and bars on a terminal, plain lines elsewhere, JSON Lines for scripts.

Everything archived is untrusted text: control and bidirectional characters are shown escaped, so that no title can
recolour, overwrite or reverse a terminal.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from stat import S_ISFIFO
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Self

import click

from backfile.cli.columns import clipped, columns, wrapped

if TYPE_CHECKING:
    from archive import News

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


def terminal_width(otherwise: int) -> int:
    """The columns of the terminal, as COLUMNS or the system has them; `otherwise` where there is none.

    Where a pager reads standard output, standard error still leads to the terminal.
    """
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    for stream in (sys.__stdout__, sys.__stderr__):
        with suppress(OSError, ValueError, AttributeError):
            if found := os.get_terminal_size(stream.fileno()).columns:  # type: ignore[union-attr]
                return found
    return otherwise


def fitted(before: str, text: str) -> str:
    """`before` and `text`: on a terminal in lines that fit, one below the other behind `before`; else in one line.

    Addresses are not broken, so that they can be copied.
    """
    if not sys.stdout.isatty():
        return before + text
    indent = columns(before)
    room = max(20, terminal_width(80)) - indent
    return before + f"\n{' ' * indent}".join(wrapped(text, room, whole=True))


def emit(value: object) -> None:
    """One line of JSON on standard output, at once: readers of a pipe follow along.

    Dataclasses are objects, times ISO 8601, enums their values, sets sorted lists.
    """
    import msgspec

    from backfile.views.row import Keyed

    value = value.keyed() if isinstance(value, Keyed) else value
    try:
        line = msgspec.json.encode(value, order="sorted" if isinstance(value, frozenset) else None)
    except UnicodeEncodeError:  # half characters of a hostile page: JSON can escape them, UTF-8 cannot hold them
        import json

        line = json.dumps(msgspec.to_builtins(value), ensure_ascii=True).encode()
    with aside():
        click.echo(line)


def day(moment: datetime | date | None) -> str:
    """`2025-01-31`, or a dash where there is none."""
    return f"{moment:%Y-%m-%d}" if moment else "-"


def minute(moment: datetime) -> str:
    """`2025-01-31 10:00`, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


def many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def size(count: float) -> str:
    """Bytes for people: `12.3 MB`, in powers of 1000 as disks are sold."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def news_told(news: Mapping[News, int]) -> str:
    """`3 new, 36 unchanged`; "" where nothing is, or all of it is new."""
    from archive import News

    counts = {kind: news.get(kind, 0) for kind in News if kind is not News.NOTHING}
    if sum(counts.values()) == counts[News.NEW]:
        return ""
    return ", ".join(f"{count} {kind.value}" for kind, count in counts.items() if count)


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
        return max(20, min(terminal_width(100), 100))

    def say(self, text: str) -> None:
        """A remark to the person, on standard error, so that output stays clean for pipes."""
        if not self.quiet:
            row(text, err=True)

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
        elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
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
    """One line at the foot of the terminal. Rows are printed above it (`aside`), and it is gone when the work is done.

    It is drawn when the work tells of itself, ten times a second at the most, and never as wide as the terminal: a line
    that wraps could not be taken back.
    """

    EVERY = 0.1  # seconds
    PATIENCE = 0.9  # more of them before the first one where a pager may own the terminal
    WIDTH = 24  # columns of the bar itself
    shown: ClassVar[_Bar | None] = None  # there is one terminal

    def __init__(self, what: str, total: int | None) -> None:
        self._what, self._total, self._done, self._note = what, total, 0, ""
        self._start = self._last = monotonic()

    def __enter__(self) -> Self:
        _Bar.shown = self
        if _piped():
            self.rest(self.PATIENCE)
        else:
            self.draw()
        return self

    def __exit__(self, *_: object) -> None:
        _Bar.shown = None
        self.erase()

    def advance(self, count: int = 1, note: str = "") -> None:
        self._note = note
        self.reach(self._done + count, self._total)

    def reach(self, done: int, total: int | None = None) -> None:
        self._done, self._total = done, total
        if monotonic() - self._last >= self.EVERY:
            self.draw()

    def draw(self) -> None:
        """In the place of what it showed before."""
        self._last = monotonic()
        room = terminal_width(80) - 1
        click.echo(f"\r\x1b[2K{clipped(self._line(), room)}", nl=False, err=True, color=True)

    def rest(self, seconds: float = 0.0) -> None:
        """Leave its line empty until the work tells of itself, later than a moment and these seconds from now."""
        self._last = monotonic() + seconds

    @staticmethod
    def erase() -> None:
        """Leave its line empty."""
        click.echo("\r\x1b[2K", nl=False, err=True, color=True)

    def _line(self) -> str:
        parts = [self._what]
        if self._total:
            full = min(self.WIDTH, self.WIDTH * self._done // self._total)
            parts.append("━" * full + "─" * (self.WIDTH - full))
        parts.append(f"{self._done}/{self._total}" if self._total else str(self._done))
        if self._total and 0 < self._done < self._total:
            left = (monotonic() - self._start) * (self._total - self._done) / self._done
            parts.append(f"{timedelta(seconds=round(left))} left")
        return "  ".join([*parts, safe(self._note)]).rstrip()


@contextmanager
def aside(*, err: bool = False) -> Iterator[None]:
    """What is printed in here, on standard output or `err`, stands above the bar, if one is shown."""
    bar = _Bar.shown
    if bar is not None:
        bar.erase()
    try:
        yield
    finally:
        if bar is not None:
            if err or not _piped():
                bar.draw()
            else:
                bar.rest()


def _piped() -> bool:
    """Whether a program reads standard output: it may print what it is told on the same terminal, a moment later."""
    try:
        return S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):
        return False


def row(text: str, *, err: bool = False) -> None:
    """One line of what a command reports while it works."""
    with aside(err=err):
        click.echo(text, err=err)
