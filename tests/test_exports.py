"""The public names of each half: what `__all__` lists is what there is, and each says what it promises."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

HALVES = ("archive", "index")


def ours(module: ModuleType) -> set[str]:
    """The public names in the namespace of `module` that come from our packages; submodules are no public names."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType)
        and str(getattr(value, "__module__", module.__name__)).partition(".")[0] in HALVES
    }


@pytest.mark.parametrize("half", HALVES)
def test_all_is_what_there_is(half: str) -> None:
    module = importlib.import_module(half)
    assert ours(module) - set(module.__all__) == set()
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert len(set(module.__all__)) == len(module.__all__)


def undocumented(half: str) -> Iterator[str]:
    module = importlib.import_module(half)
    for name in module.__all__:
        value = getattr(module, name)
        if not inspect.isclass(value) and not inspect.isfunction(value):
            continue
        if not value.__doc__ or value.__doc__.startswith(f"{name}("):  # what @dataclass writes by itself
            yield name
        if inspect.isclass(value) and value.__module__.partition(".")[0] == half:
            for member, method in vars(value).items():
                told = method.__doc__ or f"`{member}`" in (value.__doc__ or "")
                if not member.startswith("_") and inspect.isfunction(method) and not told:
                    yield f"{name}.{member}"


@pytest.mark.parametrize("half", HALVES)
def test_every_public_name_says_what_it_promises(half: str) -> None:
    assert list(undocumented(half)) == []


@pytest.mark.parametrize("half", HALVES)
def test_the_errors_of_a_half_are_public_with_codes_of_their_own(half: str) -> None:
    """Whoever catches an error can name it, and no two kinds end a command with the same code."""
    module = importlib.import_module(half)
    root = {"archive": "ArchiveError", "index": "SearchError"}[half]
    family = [getattr(module, root), *subclasses(getattr(module, root))]
    public = [kind for kind in family if not kind.__name__.startswith("_")]
    assert [kind.__name__ for kind in public if kind.__name__ not in module.__all__] == []
    codes = [kind.exit_code for kind in public]
    assert len(set(codes)) == len(codes)


def subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    """Those defined in the half itself, however deep; tests may make more."""
    for sub in kind.__subclasses__():
        if sub.__module__.partition(".")[0] == kind.__module__.partition(".")[0]:
            yield sub
        yield from subclasses(sub)
