"""Frozen dataclasses that cost little to make: a start makes a hundred of them, and a run uses few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from functools import cache
from operator import attrgetter
from types import FunctionType
from typing import Any, TypeVar, dataclass_transform

C = TypeVar("C")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[C]) -> type[C]:
    """What `dataclass(frozen=True, slots=True)` makes of `cls`, in a tenth of the time.

    `dataclass` compiles six methods for each class. Here __init__ is compiled when it is first called, and the others
    are the same for all. A class that derives from one of these is made by `dataclass` itself.
    """
    cls.__doc__ = cls.__doc__ or cls.__name__  # else dataclass writes one, which takes longer than all the rest
    for name, method in _METHODS.items():
        if name not in vars(cls):
            setattr(cls, name, method)
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    made.__init__ = _Init(made)
    made.__dataclass_params__ = _PARAMETERS
    return made  # type: ignore[no-any-return]


class _Init:
    """Stands for the __init__ of `cls` until it is asked for."""

    __slots__ = ("_cls",)

    def __init__(self, cls: type) -> None:
        self._cls: Any = cls

    def __get__(self, one: object, owner: type) -> Any:
        self._cls.__init__ = init = _compiled(self._cls)
        return init.__get__(one, owner)


def _compiled(cls: Any) -> Callable[..., None]:
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
    exec(f"def __init__({', '.join(takes)}):\n " + "\n ".join(does or ["pass"]), known)  # noqa: S102 - names of fields
    init: Any = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = {each.name: each.type for each in _fields(cls)} | {"return": None}
    return init  # type: ignore[no-any-return]


@cache
def _key(cls: Any) -> Callable[[object], object]:
    """What two of `cls` are compared by."""
    names = [each.name for each in _fields(cls) if each.compare]
    return attrgetter(*names) if len(names) > 1 else lambda one: tuple(getattr(one, name) for name in names)


class _Methods:
    """What has the same words for every class."""

    def __eq__(self: Any, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        kind: Any = type(self)
        return bool(_key(kind)(self) == _key(kind)(other))

    def __hash__(self: Any) -> int:
        kind: Any = type(self)
        return hash(_key(kind)(self))

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


_METHODS = {name: method for name, method in vars(_Methods).items() if isinstance(method, FunctionType)}
_PARAMETERS = dataclass(frozen=True)(type("_", (), {"__doc__": ""})).__dataclass_params__  # type: ignore[attr-defined]
