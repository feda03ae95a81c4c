"""JSON whose end is missing, as far as it is there (pure): every member that is whole, in the lists and objects that it
stands in.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)|[{}\[\],]', re.DOTALL)
_CLOSES = {"{": "}", "[": "]"}


def closed(text: str) -> str | None:
    """`text` without what is not whole at its end, closed; None where nothing is, or its end is not missing."""
    within: list[str] = []
    whole = depth = 0  # where the last member ends, and in how many others
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign in _CLOSES:
            within.append(sign)
        elif sign == ",":
            whole, depth = found.start(), len(within)
        elif sign in "]}":
            if not within:
                return None
            within.pop()
            whole, depth = found.end(), len(within)
    if not within or not depth:
        return None
    return text[:whole] + "".join(_CLOSES[sign] for sign in reversed(within[:depth]))
