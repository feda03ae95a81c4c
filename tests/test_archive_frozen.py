"""Classes that `archive.frozen` makes are what dataclass(frozen=True, slots=True) makes of the same class."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, asdict, astuple, dataclass, field, fields, is_dataclass, replace
from typing import Any

import msgspec
import pytest

from archive import frozen

Maker = Callable[[type], Any]


def point(maker: Maker) -> Any:
    @maker
    class Point:
        x: int
        y: int = 2
        names: list[str] = field(default_factory=list)
        at: str = field(default="here", compare=False, repr=False)

        @property
        def total(self) -> int:
            return self.x + self.y

    return Point


def empty(maker: Maker) -> Any:
    @maker
    class Empty:
        """Nothing in it."""

    return Empty


def single(maker: Maker) -> Any:
    @maker
    class Single:
        value: float

        def __repr__(self) -> str:
            return "my own"

        def __hash__(self) -> int:
            return 7

    return Single


def folded(maker: Maker) -> Any:
    @maker
    class Folded:
        word: str

        def __eq__(self, other: object) -> bool:
            return isinstance(other, type(self)) and self.word.lower() == other.word.lower()

    return Folded


def checked(maker: Maker) -> Any:
    @maker
    class Checked:
        value: int

        def __post_init__(self) -> None:
            if self.value < 0:
                raise ValueError("below nothing")

    return Checked


def stock(cls: type) -> Any:
    return dataclass(frozen=True, slots=True)(cls)


BOTH = [pytest.param(frozen, id="ours"), pytest.param(stock, id="dataclass")]


@pytest.mark.parametrize("maker", BOTH)
def test_what_is_made_behaves_alike(maker: Maker) -> None:
    kind = point(maker)
    assert [is_dataclass(each) for each in (kind, kind(1))] == [True, True]
    one, same, other = kind(1), kind(1, at="there"), kind(1, y=3)
    assert one == same
    assert one != other
    assert one != (1, 2, [])
    assert repr(other).endswith("Point(x=1, y=3, names=[])")
    assert (one.total, one.at, one.names) == (3, "here", [])
    assert kind(1).names is not one.names
    assert replace(one, y=3) == other
    assert asdict(one) == {"x": 1, "y": 2, "names": [], "at": "here"}
    assert astuple(one) == (1, 2, [], "here")
    assert copy.deepcopy(one) == one
    assert [each.name for each in fields(kind)] == ["x", "y", "names", "at"]
    assert kind.__slots__ == kind.__match_args__ == ("x", "y", "names", "at")
    assert kind.__dataclass_params__.frozen
    assert list(inspect.signature(kind).parameters) == ["x", "y", "names", "at"]
    assert not hasattr(one, "__dict__")
    match one:
        case kind(x, y):
            assert (x, y) == (1, 2)
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        kind()
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        one.x = 2
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del one.x


@pytest.mark.parametrize("maker", BOTH)
def test_other_kinds_of_classes(maker: Maker) -> None:
    assert empty(maker)() != empty(maker)()  # of two classes
    nothing = empty(maker)
    assert nothing() == nothing()
    assert len({nothing(), nothing()}) == 1
    only = single(maker)
    assert (repr(only(1.0)), hash(only(1.0))) == ("my own", 7)
    word = folded(maker)
    assert word("A") == word("a")
    assert hash(word("A")) == hash(("A",))
    assert checked(maker)(1).value == 1
    with pytest.raises(ValueError, match="below nothing"):
        checked(maker)(-1)


@frozen
class Stored:
    """At the top of a module, as what is pickled must be."""

    name: str
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived(Stored):
    """By dataclass, from one of ours."""

    more: int = 0


def test_what_is_made_can_be_stored_and_derived_from() -> None:
    one = Stored("a", (1, 2))
    for each in (one, Derived("a", (1, 2), 3)):
        assert pickle.loads(pickle.dumps(each)) == each
        assert copy.copy(each) == each
        assert msgspec.json.decode(msgspec.json.encode(each), type=type(each)) == each
        assert hash(each) == hash(copy.copy(each))
    assert hash(one) == hash(("a", (1, 2)))
    assert Derived("a", (1, 2)) != one
    with pytest.raises(FrozenInstanceError):
        Derived("a").name = "b"  # type: ignore[misc]
    with pytest.raises(TypeError, match="Below derives from another class"):
        frozen(type("Below", (Stored,), {"__annotations__": {"z": int}}))


def test_a_default_that_can_change_is_refused() -> None:
    with pytest.raises(ValueError, match="names is shared by all"):
        fields(frozen(type("Shared", (), {"__annotations__": {"names": list}, "names": []})))


def test_fields_and_methods_of_several_threads_are_made_once_or_alike() -> None:
    for _ in range(50):
        kind = point(frozen)
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(kind, range(8)))
        assert sorted(one.x for one in made) == list(range(8))


def test_methods_are_compiled_when_they_are_asked_for() -> None:
    """That is what makes these classes cheap."""
    kind = point(frozen)
    methods = ("__init__", "__eq__", "__hash__")
    assert [inspect.isfunction(vars(kind)[name]) for name in methods] == [False, False, False]
    one = kind(1)
    assert [inspect.isfunction(vars(kind)[name]) for name in methods] == [True, False, False]
    assert one == kind(1)
    assert [inspect.isfunction(vars(kind)[name]) for name in methods] == [True, True, False]
