"""Faults put into a make of a seam, one at a time: a piece of its source is another, and its contract must notice."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import ModuleType

_numbers = count()


@contextmanager
def with_fault(module: ModuleType, right: str, wrong: str) -> Iterator[ModuleType]:
    """A copy of `module` that says `wrong` where its source says `right`, which it must say just once."""
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    assert source.count(right) == 1, f"{module.__name__} says {source.count(right)} times: {right}"
    name = f"{module.__name__}_with_fault_{next(_numbers)}"
    faulty = ModuleType(name)
    faulty.__file__ = module.__file__
    sys.modules[name] = faulty  # dataclasses look their module up
    try:
        exec(compile(source.replace(right, wrong), module.__file__ or "", "exec"), faulty.__dict__)
        yield faulty
    finally:
        del sys.modules[name]
