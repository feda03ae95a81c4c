"""What rows have in common: those that are the model's own objects again, and the meanings of their keys."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Generic, Self, TypeVar, get_type_hints

M = TypeVar("M")


class Same(Generic[M]):
    """A row with the fields of the model's own object."""

    __slots__ = ()

    @classmethod
    def of(cls, model: M) -> Self:
        """The row of `model`."""
        row: Any = cls
        made: Self = row(**{field.name: getattr(model, field.name) for field in fields(row)})
        return made


class Keyed:
    """A row with a key that is a word of Python's own: its field has an underscore behind it (`from_`)."""

    __slots__ = ()

    def keyed(self) -> dict[str, object]:
        """The row by its keys."""
        row: Any = self
        return {key_of(field.name): getattr(row, field.name) for field in fields(row)}


def key_of(field: str) -> str:
    """The key that a field of a row is printed under."""
    return field.rstrip("_")


def meanings(row: type) -> dict[str, str]:
    """What each key of a row means, in the order of its keys."""
    hints = get_type_hints(row, include_extras=True)
    return {key_of(field.name): hints[field.name].__metadata__[0] for field in fields(row)}
