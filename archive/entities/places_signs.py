"""Places as Chinese, Japanese and Korean write them: the larger one before the smaller, and what each is behind it."""

from __future__ import annotations

import re
from collections.abc import Callable

_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_KINDS = frozenset("省県縣府道都州市区區县郡町村시도구군주")
_LEAST = 2  # signs of a place


def within(name: str, is_known: Callable[[str], bool]) -> str:
    """The part of a name that a list of places knows and that says most: 成都市 of 四川省成都市, 부산시 of 부산시
    해운대구, 丹佛 of 丹佛市. The name itself where that is known, or nothing in it."""
    if not _SIGNS.search(name) or is_known(name):
        return name
    places = range(_LEAST, len(name) - 1)
    ends = [at for at in places if name[at - 1] in _KINDS or name[at] == " " or is_known(name[:at])]
    inner = [name[at:].strip() for at in ends]
    for part in (*inner, name):
        bare = part[:-1] if part[-1] in _KINDS else part
        if found := next((one for one in (part, bare) if len(one) >= _LEAST and is_known(one)), None):
            return found
    return next((outer for at in reversed(ends) if is_known(outer := name[:at].strip())), name)
