"""Frozen dataclasses that cost little to make: a start makes a hundred of them, and a run uses few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from types import FunctionType
from typing import Any, TypeVar, dataclass_transform

C = TypeVar("C")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[C]) -> type[C]:
    """What `dataclass(frozen=True, slots=True)` makes of `cls`, in a fortieth of the time.

    `dataclass` looks at every field and compiles six methods for each class. Here the fields are looked at, and each
    of three methods is compiled, when they are first asked for, and the other methods are the same for all. `cls`
    derives from no other class; one that derives from it is made by `dataclass` itself.
    """
    if cls.__bases__ != (object,):
        raise TypeError(f"{cls.__qualname__} derives from another class: dataclass makes those")
    kinds = cls.__annotations__
    own = {name: value for name, value in vars(cls).items() if name not in (*kinds, "__dict__", "__weakref__")}
    if own.get("__hash__", own) is None:  # of a class with its own __eq__
        del own["__hash__"]
    told = {
        "__doc__": cls.__doc__ or cls.__name__,
        "__qualname__": cls.__qualname__,
        "__slots__": tuple(kinds),
        "__match_args__": tuple(kinds),
        "__dataclass_params__": _PARAMETERS,
        "__dataclass_fields__": _Fields({name: (kind, vars(cls).get(name, MISSING)) for name, kind in kinds.items()}),
    }
    made: Any = type(cls.__name__, (), _SHARED | own | told)
    return made  # type: ignore[no-any-return]


class _Fields:
    """Stands for the fields of a class until they are asked for; `told` are their types and defaults."""

    __slots__ = ("_told",)

    def __init__(self, told: dict[str, tuple[Any, object]]) -> None:
        self._told = told

    def __get__(self, one: object, owner: type) -> dict[str, Field[Any]]:
        made = {}
        for name, (kind, default) in self._told.items():
            if default.__hash__ is None:
                raise ValueError(f"{owner.__qualname__}.{name} is shared by all and can change: use default_factory")
            each: Any = default if isinstance(default, Field) else field(default=default)
            each.name, each.type, each.kw_only, each._field_type = name, kind, False, _ORDINARY  # noqa: SLF001 - as `fields` asks
            made[name] = each
        _made(owner).__dataclass_fields__ = made
        return made


class _Later:
    """Stands for a method of any class until it is asked for."""

    __slots__ = ("_make", "_name")

    def __init__(self, name: str, make: Callable[[type], Any]) -> None:
        self._name, self._make = name, make

    def __get__(self, one: object, owner: type) -> Any:
        cls = _made(owner)
        method = self._make(cls)
        method.__qualname__ = f"{cls.__qualname__}.{self._name}"
        setattr(cls, self._name, method)
        return method.__get__(one, owner)


def _made(owner: type) -> Any:
    """The class that was made here: `owner`, or one above it."""
    return next(cls for cls in owner.__mro__ if vars(cls).get("__dataclass_params__") is _PARAMETERS)


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


_SHARED: dict[str, object] = {
    **{name: method for name, method in vars(_Methods).items() if isinstance(method, FunctionType)},
    **{name: _Later(name, make) for name, make in (("__init__", _init), ("__eq__", _eq), ("__hash__", _hash))},
}
_MODEL: Any = dataclass(frozen=True)(type("_", (), {"__doc__": "", "__annotations__": {"_": int}}))
_PARAMETERS, _ORDINARY = _MODEL.__dataclass_params__, fields(_MODEL)[0]._field_type  # type: ignore[attr-defined]  # noqa: SLF001
