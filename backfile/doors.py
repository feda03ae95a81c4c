"""How one door opens the other: by its name, so that neither knows what is inside of it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from archive import UsageError

_NEEDED = ("starlette", "uvicorn", "jinja2", "anyio", "markupsafe")
MISSING = "the pages need a few packages more: pip install 'backfile[web]'"


def serve(
    folder: Path | None, told: Callable[[str], None], *, host: str | None, port: int | None, public_url: str | None,
    content_url: str | None, tokens: bool,
) -> None:  # fmt: skip
    """Opens the web door until it is told to end. UsageError where what it is made of is not installed."""
    try:
        door = import_module("backfile.web.serving")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in _NEEDED:
            raise UsageError(MISSING) from error
        raise
    door.serve(folder, door.Options(host, port, public_url, content_url, tokens), told)
