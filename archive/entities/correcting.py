"""Corrections to names made by a program for a person: lines at the end of rules.toml, and taken out again.

What stands in the file besides is left as it is, byte for byte: it is a person's. Whatever is written is read first.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from archive.entities.rules import FILE, parse
from archive.errors import NotFoundError, SettingsError, StorageError, UsageError
from archive.model import Kind

_SECTION = re.compile(r"(?m)^[ \t]*\[")
_OURS = "# backfile:"  # begins the line that says who wrote what follows
_LONGEST = 200  # characters of a name


@dataclass(frozen=True, slots=True)
class Correction:
    """A rule for names: they are one, counted under the first; with `hides` they are none. `kind` None: of any kind."""

    names: tuple[str, ...]
    kind: Kind | None
    hides: bool = False

    @property
    def lines(self) -> str:
        """It as it stands in rules.toml."""
        kind = f'kind = "{self.kind.value}"\n' if self.kind else ""
        names = ", ".join(json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f") for name in self.names)
        return f"[[{'hide' if self.hides else 'same'}]]\n{kind}names = [{names}]\n"


def corrections(text: str, file: str = FILE) -> Iterator[Correction]:
    """Those of a rules.toml that bring names together or hide them, in its order. SettingsError."""
    rules = parse(text, file)
    yield from (Correction(rule.names, rule.kind) for rule in rules.same)
    yield from (Correction(rule.names, rule.kind, hides=True) for rule in rules.hide)


def with_one(text: str, one: Correction, said: str = "") -> str:
    """The file with the rule behind it. UsageError where it cannot stand beside what is there."""
    note = f"{_OURS} {' '.join(said.split())}\n" if said else ""
    ended = text if not text or text.endswith("\n") else f"{text}\n"
    longer = f"{ended}{chr(10) if ended else ''}{note}{one.lines}"
    try:
        parse(longer)
    except SettingsError as error:
        raise UsageError(f"that cannot stand beside the rules that are there: {error}") from error
    return longer


def without(text: str, one: Correction) -> str:
    """The file without the lines of the rule. NotFoundError, UsageError where it is written in another way."""
    if one not in list(corrections(text)):
        raise NotFoundError("there is no such rule any more")
    for start, end in _stretches(text):
        if _rule_of(text[start:end]) == one:
            shorter = text[: _begin(text, start)] + text[end:]
            if sorted(map(repr, [*corrections(shorter), one])) == sorted(map(repr, corrections(text))):
                return shorter
    raise UsageError(f"that rule is written in a short form: take it out of {FILE} by hand")


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where each table of the file begins and ends: behind its last line that is no comment."""
    starts = [found.start() for found in _SECTION.finditer(text)]
    for start, following in zip(starts, [*starts[1:], len(text)], strict=True):
        lines = text[start:following].splitlines(keepends=True)
        while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
            lines.pop()
        yield start, start + sum(map(len, lines))


def _rule_of(stretch: str) -> Correction | None:
    try:
        rules = parse(stretch)
    except SettingsError:
        return None
    held = [*(Correction(one.names, one.kind) for one in rules.same)]
    held += [Correction(one.names, one.kind, hides=True) for one in rules.hide]
    return held[0] if len(held) == 1 else None


def _begin(text: str, start: int) -> int:
    """Where what belongs to a table begins: at the note above it, if we wrote one."""
    before, newline, above = text[:start].removesuffix("\n").rpartition("\n")
    return len(before) + len(newline) if above.startswith(_OURS) else start


class Corrections:
    """The rules for names of an archive, as far as a click can change them; `Archive.corrections` gives it."""

    def __init__(self, folder: Path, writing: Callable[[], AbstractContextManager[object]]) -> None:
        self._file = folder / FILE
        self._writing = writing

    def all(self) -> list[Correction]:
        """Every rule that brings names together or hides them. SettingsError."""
        return list(corrections(self._text(), str(self._file)))

    def same(self, names: Sequence[str], kind: Kind, said: str = "") -> Correction:
        """Take names for one, counted under the first. UsageError for less than two, and for a contradiction."""
        return self._add(Correction(tuple(dict.fromkeys(_name(one) for one in names)), kind), said)

    def hide(self, name: str, kind: Kind, said: str = "") -> Correction:
        """Take a name for none. UsageError."""
        return self._add(Correction((_name(name),), kind, hides=True), said)

    def take_back(self, lines: str) -> Correction:
        """Take out the rule whose `lines` are given. NotFoundError, UsageError."""
        with self._writing():
            text = self._text()
            one = next((one for one in corrections(text, str(self._file)) if one.lines == lines), None)
            if one is None:
                raise NotFoundError("there is no such rule any more")
            self._write(without(text, one))
        return one

    def _add(self, one: Correction, said: str) -> Correction:
        with self._writing():
            self._write(with_one(self._text(), one, said))
        return one

    def _text(self) -> str:
        try:
            return self._file.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            return ""
        except UnicodeDecodeError as error:
            raise SettingsError(f"is not UTF-8: {error}", file=str(self._file)) from error
        except OSError as error:
            raise SettingsError(f"cannot be read: {error.strerror}", file=str(self._file)) from error

    def _write(self, text: str) -> None:
        part = self._file.with_name(f".{FILE}.{uuid4().hex[:8]}.part")
        try:
            there = self._file if self._file.exists() else self._file.parent
            part.touch(mode=there.stat().st_mode & 0o666)
            with part.open("w", encoding="utf-8", newline="") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            part.replace(self._file)
        except OSError as error:
            raise StorageError(f"{self._file}: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise UsageError(f"a name has 1 to {_LONGEST} characters that can be seen")
    return name
