"""What an address asks for, read into a frozen dataclass: one declaration gives parsing, errors and the description.

class SearchParams: q: str = ""; limit: Annotated[int, Meta(ge=0, le=200)] = 20; facet: tuple[str, ...] = ()
"""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from backfile.web.problems import Refusal

T = TypeVar("T")
_PATH = re.compile(r"(.*) - at `\$\.?(.*?)`")
_MOST = 300  # parameters of one request


@dataclass(frozen=True, slots=True)
class Nothing:
    """No parameters."""


def pairs(query: bytes | str) -> list[tuple[str, str]]:
    """The names and values of a query string or a form, in their order. Refusal where they are no text in UTF-8."""
    try:
        text = query.decode() if isinstance(query, bytes) else query
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except UnicodeDecodeError as error:
        raise Refusal("parameter", "what was sent is not text in UTF-8") from error
    except ValueError as error:
        raise Refusal("parameter", f"at most {_MOST} parameters can be given") from error


def read(kind: type[T], given: Iterable[tuple[str, str]], *, lax: bool = False) -> T:
    """`given` as a `kind`; Refusal for a name that it has not, one twice that is one, and a value that does not fit.

    With `lax`, as forms need it, unknown names and empty values are passed over.
    """
    shapes = typing.get_type_hints(kind)
    try:
        return msgspec.convert(_gathered(shapes, given, lax=lax), kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refusal("parameter", _said(error, shapes)) from error


def _gathered(shapes: Mapping[str, Any], given: Iterable[tuple[str, str]], *, lax: bool) -> dict[str, Any]:
    """The values by name, in lists where there may be several."""
    values: dict[str, Any] = {}
    for name, value in given:
        if name not in shapes:
            if lax:
                continue
            known = ", ".join(shapes) or "none"
            raise Refusal("parameter", f"there is no parameter “{name}” here; there are: {known}")
        if is_many(shapes[name]):
            values.setdefault(name, []).append(value)
        elif name in values and not lax:
            raise Refusal("parameter", f"“{name}” is given twice")
        elif not (lax and value == ""):
            values[name] = value
    return values


def read_json(kind: type[T], body: bytes) -> T:
    """A JSON body as a `kind`; Refusal says which key is wrong."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Refusal("request", _said(error, typing.get_type_hints(kind))) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("request", f"the body is not JSON: {error}") from error


def is_many(shape: Any) -> bool:
    """Whether a parameter of this type may be repeated."""
    return typing.get_origin(shape) in (tuple, list, Sequence)


def names(kind: type) -> list[str]:
    """The parameters of a `kind`."""
    return [field.name for field in dataclasses.fields(kind)]


def _said(error: msgspec.ValidationError, shapes: Mapping[str, Any]) -> str:
    """The error by the name of the parameter, as people write it, and with what it may be where that is a choice."""
    found = _PATH.fullmatch(str(error))
    if found is None:
        return str(error)
    choices = ", ".join(_choices(shapes.get(found[2].partition("[")[0])))
    given = found[1].removeprefix("Invalid enum value ")
    return f"{found[2] or 'the body'}: {f'it may be {choices}, not {given}' if choices else found[1]}"


def _choices(shape: Any) -> Iterator[str]:
    """The words that a parameter of this type may be; none where it is no choice."""
    if isinstance(shape, type) and issubclass(shape, Enum):
        yield from (str(one.value) for one in shape)
    for inner in typing.get_args(shape):
        yield from [inner] if typing.get_origin(shape) is typing.Literal else _choices(inner)
