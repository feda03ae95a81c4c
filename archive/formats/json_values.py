"""The values of JSON Lines, JSON arrays and JSON objects, one at a time: a long array is never held whole.

Values that stand one behind the other (with or without commas, brackets, line breaks) are read as they come. A bad line
of JSON Lines costs that line, a bad value in an array that value, as far as can be told where it ends; what is only not
by the rules of JSON is read (`loose`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple, cast

from archive.formats import cut_off, loose
from archive.formats.item import Broken, clipped
from archive.formats.opening import HEAD, ImportFile

_BETWEEN = re.compile(r"[}\]]\s*,\s*(?=[{\[])")
_MAX_LOOSE = 2**24  # characters, or bytes of a file
_MAX_VALUE = 2**26  # characters of one value in an array
_SPACE = " \t\r\n,\ufeff\x1e"
_REMARKS = re.compile(r"(?:[\s,\ufeff\x1e]|//[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)
_BEGIN = re.compile(r"\[")
# What stands before a value that a program is given: JSONP, a variable, what keeps others from running it.
_CALL = re.compile(
    r"""(?:(?:(?:export\s+)?(?:var|let|const)\s+[\w$]+|(?:window|self|globalThis|module)(?:\.[\w$]+|\[["'][^"'\n]*["']\])+)\s*=|"""
    r"""export\s+default|[A-Za-z_$][\w$.]{0,200}\s*\(|\)\]\}'?,?|(?:for\s*\(;;\)|while\s*\((?:1|true)\))\s*;)\s*(?=[\[{])"""
)
_BEHIND = " \t\r\n;)"  # what stands behind it
_MAX_BEGIN = 1_000  # characters of what an array begins with
_decoder = json.JSONDecoder(strict=False)  # line ends in texts are wrong, but plain enough


class Value(NamedTuple):
    """One value of the file; `number` counts lines in JSON Lines and values in an array, from 1."""

    number: int
    value: object


class Bad(NamedTuple):
    """A line that is no JSON."""

    number: int
    reason: str
    raw: str


def records(source: ImportFile) -> Iterator[Value | Bad]:
    """The values one a line or in an array, each with its number; else the whole file as one with number 0."""
    if start_of(source.sample).startswith("["):
        return _of_array(source)
    return line_values(source) if _is_lines(source) else _of_objects(source)


def start_of(text: str) -> str:
    """`text` from its first value on."""
    return text[_start(text)[0] :]


def is_handed_over(text: str) -> bool:
    """Whether a file, as far as it is in `text`, is a value that a program is handed, and no program."""
    return _start(text)[1] and (len(text) >= HEAD // 4 or text.rstrip(_BEHIND).endswith(("]", "}")))


def _start(text: str) -> tuple[int, bool]:
    """Where the first value begins, and whether a program is handed it."""
    begin = _REMARKS.match(text)
    start = begin.end() if begin else 0
    called = _CALL.match(text, start)
    return (called.end(), True) if called else (start, False)


def _handed(text: str) -> str:
    """What a program is handed, without what stands around it but for its line ends; any other text as it is."""
    start, is_handed = _start(text)
    return "\n" * text.count("\n", 0, start) + text[start:].rstrip(_BEHIND) if is_handed else text


def whole(source: ImportFile) -> dict[str, object]:
    """The file as one object. Broken when it is none; where its end is missing, as much as there is, and what is wrong
    is the source's `damage`."""
    text = _handed(source.text())
    try:
        value = parsed(text)
    except Broken as broken:
        value = _as_far_as_it_goes(text)
        if value is None:
            raise
        told = "the file is cut off here: what is whole before was read"
        source.damage = Broken(told, line=broken.line, raw=broken.raw)
    if not isinstance(value, dict):
        raise Broken("the file is not a JSON object")
    return value


def _as_far_as_it_goes(text: str) -> object:
    """The value whose end is missing; None where that is not what is wrong."""
    if (closed := cut_off.closed(text)) is None:
        return None
    try:
        return _decoder.decode(closed)
    except (ValueError, RecursionError):
        return _loosely(closed)


def parsed(text: str) -> object:
    """JSON as a value. Broken, with line and reason, when it is not JSON or nested too deep."""
    try:
        return _decoder.decode(text)
    except json.JSONDecodeError as error:
        if (loosely := _loosely(text)) is not None:
            return loosely
        around = text[max(0, error.pos - 40) : error.pos + 40]
        raise Broken(f"not JSON from here on: {error.msg}", line=error.lineno, raw=around) from error
    except (ValueError, RecursionError) as error:
        raise Broken("the JSON is nested too deep or has a number too long") from error


def line_values(source: ImportFile) -> Iterator[Value | Bad]:
    """The value of each line of JSON Lines."""
    for line in source.lines():
        if not line.whole:
            yield Bad(line.number, "the line is too long", line.text)
            continue
        try:
            for value in _values_in(line.text):
                yield Value(line.number, value)
        except (ValueError, RecursionError) as error:
            if (value := _loosely(line.text.rstrip(_SPACE))) is not None:
                yield Value(line.number, value)
            else:
                yield Bad(line.number, f"not JSON: {error}", line.text)


def _values_in(text: str) -> Iterator[object]:
    """Values one behind the other."""
    position = _skip(text, 0)
    while position < len(text):
        value, end = _decoder.raw_decode(text, position)
        yield value
        position = _skip(text, end)


def _of_objects(source: ImportFile) -> Iterator[Value | Bad]:
    """The only value of a file, with number 0, or each of several."""
    text = _handed(source.text())
    found = _values_in(text)
    try:
        first = next(found, None)
    except (ValueError, RecursionError):
        first = None
    if not isinstance(first, dict) or _skip(text, _decoder.raw_decode(text, _skip(text, 0))[1]) == len(text):
        yield Value(0, first if isinstance(first, dict) else whole(source))
        return
    yield Value(1, first)
    number = 1
    try:
        for number, value in enumerate(found, 2):
            yield Value(number, value)
    except (ValueError, RecursionError) as error:
        raise Broken(f"not JSON, after record {number}: {error}") from error


def _of_array(source: ImportFile) -> Iterator[Value | Bad]:
    done = 0
    try:
        for value in array_values(source, start=_start(source.sample)[0]):
            done = value.number
            yield value
    except Broken:
        try:
            text = _handed(source.text(_MAX_LOOSE))
        except Broken:
            text = ""
        values = _loosely(text)
        found = (
            list(_past_damage(text))
            if values is None
            else [Value(at, one) for at, one in enumerate(cast("list[object]", values), 1)]
        )
        if len(found) <= done + 1 and values is None:
            raise
        yield from (one for one in found if one.number > done)


def _past_damage(text: str) -> Iterator[Value | Bad]:
    """The values of an array without those that are none, which end where another one may begin."""
    position, number = text.find("[") + 1, 0
    while (position := _skip(text, position)) < len(text) and text[position] != "]":
        number += 1
        try:
            value, position = _decoder.raw_decode(text, position)
            yield Value(number, value)
        except (ValueError, RecursionError) as error:
            behind = _BETWEEN.search(text, position)
            yield Bad(number, f"not JSON: {error}", text[position : behind.start() + 1 if behind else None])
            if behind is None:
                return
            position = behind.end()


def _loosely(text: str) -> object:
    """What was meant for JSON; None where it is none, or too long to be looked at so closely."""
    if len(text) > _MAX_LOOSE:
        return None
    try:
        return _decoder.decode(loose.strict(text))
    except (ValueError, RecursionError):
        return None


def array_values(source: ImportFile, begin: re.Pattern[str] = _BEGIN, start: int = 0) -> Iterator[Value | Bad]:
    """The values of the array that begins with what is first like `begin`, each as soon as it is there. `start`: where
    that is looked for in the beginning of the file."""
    array = _Array(block.text for block in source.blocks())
    array.find(begin, start)
    while not array.is_closed():
        yield Value(array.number, array.value())


class _Array:
    """An array as its text comes in; `number` is that of the value at hand, from 1."""

    def __init__(self, blocks: Iterator[str]) -> None:
        self.number = 0
        self._blocks = blocks
        self._text = ""
        self._at = 0

    def find(self, begin: re.Pattern[str], start: int) -> None:
        """Go to what is behind `begin`."""
        for block in self._blocks:
            self._text = self._text[-_MAX_BEGIN:] + block
            if found := begin.search(self._text, start):
                self._at = found.end()
                return
            start = 0
        self._at = len(self._text)

    def is_closed(self) -> bool:
        """Whether no value follows, for good."""
        self._at = _skip(self._text, self._at)
        while self._at == len(self._text):
            self._more()
            self._at = _skip(self._text, self._at)
        if self._text.startswith("]", self._at):
            self._at = _skip(self._text, self._at + 1)
            while self._at == len(self._text) and (more := next(self._blocks, "")):
                self._text, self._at = more, _skip(more, 0)
            # newspaper4k's command closes its list behind each record and goes on: `[{…},]{…}]`
            if not self._text.startswith(("{", "["), self._at):
                return True
            if self._text.startswith("[", self._at):  # one more list
                self._at += 1
                return self.is_closed()
        self.number += 1
        return False

    def value(self) -> object:
        """The value at hand. Broken where it does not end, or is none."""
        while (found := _value(self._text, self._at)) is None:
            if len(self._text) - self._at > _MAX_VALUE:
                raise Broken(
                    f"record {self.number} is larger than {_MAX_VALUE} characters", raw=self._text[self._at :][:200]
                )
            self._more()
        self._at = found[1]
        return found[0]

    def _more(self) -> None:
        """Twice as much text: the work stays linear however long a value is."""
        text = self._text[self._at :]
        more = _at_least(self._blocks, min(max(len(text), 1), _MAX_VALUE))
        if not more:
            reason = "the array is not closed: the file is cut off" if _cut(text) else "not JSON"
            raise Broken(f"{reason}, after record {max(self.number - bool(text), 0)}", raw=clipped(text))
        self._text, self._at = text + more, 0


def _is_lines(source: ImportFile) -> bool:
    """Whether the first line is a value by itself (or too long to tell) and not the only one."""
    lines = (line for line in source.lines() if line.text.strip())
    first = next(lines, None)
    if first is None or next(lines, None) is None:
        return False
    try:
        return not first.whole or any(isinstance(value, dict) for value in _values_in(first.text))
    except (ValueError, RecursionError):
        return False


def _value(text: str, position: int) -> tuple[object, int] | None:
    """The value at `position` and its end; None where it does not end in `text`, or is none."""
    try:
        value, end = _decoder.raw_decode(text, position)
    except (ValueError, RecursionError):
        return None
    if end == len(text) and not isinstance(value, dict | list | str):
        return None  # a number may go on
    return value, end


def _at_least(blocks: Iterator[str], size: int) -> str:
    """So much more text, or what there is."""
    parts, length = [], 0
    for block in blocks:
        parts.append(block)
        length += len(block)
        if length >= size:
            break
    return "".join(parts)


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position


def _cut(text: str) -> bool:
    """Whether damage can be explained by the file's end alone."""
    return text.count("{") >= text.count("}") or not text
