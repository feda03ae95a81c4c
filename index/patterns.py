"""Regular expressions that are compiled when they are first used: most searches use few of them."""

from __future__ import annotations

import re
from typing import Any


def later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As re.compile, which the first use of any of its methods calls."""
    found: Any = _Later(pattern, flags)
    return found  # type: ignore[no-any-return]


class _Later:
    def __init__(self, pattern: str, flags: int) -> None:
        self._made = pattern, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._made), name)
        setattr(self, name, value)
        return value
