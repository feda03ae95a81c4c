"""What an archive can do, by what it is about: each verb is a few lines, and calls the module that does the work."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module


def later(kind: type, *parts: str) -> None:
    """`kind` derives from these classes ("module:name"), too, once something is asked for that it has not.

    A search asks for nothing of theirs, and starts sooner without them.
    """

    def missing(one: object, name: str) -> object:
        whole(kind)
        return getattr(one, name)

    _PARTS[kind] = parts
    kind.__getattr__ = missing  # type: ignore[attr-defined]


def whole(kind: type) -> type:
    """`kind` with all its parts. From any thread: what is done twice is the same."""
    if "__getattr__" in vars(kind):
        places = (part.partition(":") for part in _PARTS[kind])
        kind.__bases__ = tuple(getattr(import_module(module), name) for module, _, name in places)
        with suppress(AttributeError):
            del kind.__getattr__  # type: ignore[attr-defined]
    return kind


_PARTS: dict[type, tuple[str, ...]] = {}
