"""Frozen dataclasses that cost little to make: a start makes a hundred of them, and a run uses few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from types import FunctionType
from typing import Any, TypeVar, dataclass_transform

C = TypeVar("C")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[C]) -> type[C]:
    """What `dataclass(frozen=True, slots=True)` makes of `cls`, in a tenth of the time.

    `dataclass` compiles six methods for each class. Here each of three is compiled when it is first called, and the
    others are the same for all. A class that derives from one of these is made by `dataclass` itself.
    """
    cls.__doc__ = cls.__doc__ or cls.__name__  # else dataclass writes one, which takes longer than all the rest
    for name, method in _SHARED.items():
        if name not in vars(cls):
            setattr(cls, name, method)
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    for name in _COMPILED:
        if vars(made).get(name) is None:  # a class with its own __eq__ has a __hash__ that is None
            setattr(made, name, _Later(made, name))
    made.__dataclass_params__ = _PARAMETERS
    return made  # type: ignore[no-any-return]


class _Later:
    """Stands for a method of `cls` until it is asked for."""

    __slots__ = ("_cls", "_name")

    def __init__(self, cls: type, name: str) -> None:
        self._cls, self._name = cls, name

    def __get__(self, one: object, owner: type) -> Any:
        made = _COMPILED[self._name](self._cls)
        made.__qualname__ = f"{self._cls.__qualname__}.{self._name}"
        setattr(self._cls, self._name, made)
        return made.__get__(one, owner)


def _init(cls: type) -> Any:
    known: dict[str, object] = {"_set_": object.__setattr__, "_missing_": MISSING}
    takes, does = ["self"], []
    for each in _fields(cls):
        name = value = each.name
        if each.default is not MISSING:
            known[f"_{name}_default_"] = each.default
            takes.append(f"{name}=_{name}_default_")
        elif each.default_factory is not MISSING:
            known[f"_{name}_made_"] = each.default_factory
            takes.append(f"{name}=_missing_")
            value = f"_{name}_made_() if {name} is _missing_ else {name}"
        else:
            takes.append(name)
        does.append(f"_set_(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        does.append("self.__post_init__()")
    init = _compiled("__init__", takes, does or ["pass"], known)
    init.__annotations__ = {each.name: each.type for each in _fields(cls)} | {"return": None}
    return init


def _eq(cls: type) -> Any:
    same = f"return {_compared(cls, 'self')} == {_compared(cls, 'other')}"
    return _compiled("__eq__", ["self", "other"], ["if type(other) is not type(self): return NotImplemented", same])


def _hash(cls: type) -> Any:
    return _compiled("__hash__", ["self"], [f"return hash({_compared(cls, 'self')})"])


def _compared(cls: type, of: str) -> str:
    """What two of `cls` are compared by, as a tuple."""
    return f"({''.join(f'{of}.{each.name},' for each in _fields(cls) if each.compare)})"


def _compiled(name: str, takes: Sequence[str], does: Sequence[str], known: dict[str, object] | None = None) -> Any:
    known = known or {}
    exec(f"def {name}({', '.join(takes)}):\n " + "\n ".join(does), known)  # noqa: S102 - of the names of fields
    return known[name]


class _Methods:
    """What has the same words for every class."""

    def __repr__(self) -> str:
        shown = (f"{each.name}={getattr(self, each.name)!r}" for each in _fields(self) if each.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __getstate__(self) -> list[object]:
        return [getattr(self, each.name) for each in _fields(self)]

    def __setstate__(self, state: list[object]) -> None:
        for each, value in zip(_fields(self), state, strict=True):
            object.__setattr__(self, each.name, value)


def _fields(of: Any) -> tuple[Field[Any], ...]:
    return fields(of)


_COMPILED: dict[str, Callable[[type], Any]] = {"__init__": _init, "__eq__": _eq, "__hash__": _hash}
_SHARED = {name: method for name, method in vars(_Methods).items() if isinstance(method, FunctionType)}
_PARAMETERS = dataclass(frozen=True)(type("_", (), {"__doc__": ""})).__dataclass_params__  # type: ignore[attr-defined]
