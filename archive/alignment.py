"""(pure) What two sequences have in common, in order: exact where that is cheap, never much dearer than reading them.

    trim what is alike at both ends ─▶ elements that both have once hold the two together (patience diff), the longest
    rising run of them ─▶ the same between any two of these ─▶ where there are none: a longest common subsequence

The last step takes a bit for each pair of elements, so that a machine word is 64 pairs at once (H. Hyyrö,
"Bit-Parallel LCS-length Computation Revisited", 2004). Stretches too long for it are cut into as many parts on either
side, and each part is held against its counterpart: what moved from one part to another is not found there. Where even
that would be too much, nothing of a stretch is kept: it is text without a single word or line that stands once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from math import isqrt

PART = 1024  # elements of a part; the cost of a long stretch without anchors is its length times PART / 64 words
ROOM = 2**19  # elements in stretches without anchors that are looked at; texts of 1 MB in words have fewer
ROUNDS = 8  # of anchors between anchors: text needs three or four, and each reads the stretch once

Block = tuple[int, int, int]  # begin in the one, begin in the other, how many are alike


@dataclass(frozen=True, slots=True)
class _Gap:
    """before[a:b] against after[c:d]."""

    a: int
    b: int
    c: int
    d: int
    rounds: int = 0

    @property
    def is_one_sided(self) -> bool:
        return self.a == self.b or self.c == self.d

    @property
    def size(self) -> int:
        """The side of a square with as many pairs."""
        return isqrt((self.b - self.a) * (self.d - self.c))


def common(before: Sequence[Hashable], after: Sequence[Hashable]) -> Iterator[Block]:
    """The stretches that `after` kept of `before`, in order; they neither overlap nor touch.

    What this costs grows with the sum of the lengths, whatever the two say.
    """
    blocks: list[Block] = []
    room = ROOM
    gaps = [_Gap(0, len(before), 0, len(after))]
    while gaps:
        gap = _trimmed(before, after, gaps.pop(), blocks)
        if gap.is_one_sided:
            continue
        if anchors := _anchors(before, after, gap):
            blocks += ((i, j, 1) for i, j in anchors)
            gaps += reversed(list(_between(gap, anchors)))  # the beginning first: it has the room
        elif gap.size <= room:
            room -= gap.size
            blocks += ((i, j, 1) for part in _parts(gap) for i, j in _longest(before, after, part))
    return _merged(sorted(blocks))


def _trimmed(before: Sequence[Hashable], after: Sequence[Hashable], gap: _Gap, blocks: list[Block]) -> _Gap:
    """The gap without what is alike at its ends, which goes to `blocks`."""
    a, b, c, d = gap.a, gap.b, gap.c, gap.d
    most = min(b - a, d - c)
    head = next((n for n in range(most) if before[a + n] != after[c + n]), most)
    most -= head
    tail = next((n for n in range(most) if before[b - 1 - n] != after[d - 1 - n]), most)
    blocks += (block for block in ((a, c, head), (b - tail, d - tail, tail)) if block[2])
    return _Gap(a + head, b - tail, c + head, d - tail, gap.rounds)


def _anchors(before: Sequence[Hashable], after: Sequence[Hashable], gap: _Gap) -> list[tuple[int, int]]:
    """Elements that stand once on either side of the gap: as many as there are in the same order."""
    if gap.rounds == ROUNDS:
        return []
    old, new = Counter(before[gap.a : gap.b]), Counter(after[gap.c : gap.d])
    once = {element for element, times in new.items() if times == 1 and old.get(element) == 1}
    if not once:
        return []
    places = {element: j for j, element in enumerate(after[gap.c : gap.d], gap.c) if element in once}
    pairs = [(i, places[element]) for i, element in enumerate(before[gap.a : gap.b], gap.a) if element in once]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of `pairs`, which rise in the first place, that rises in the second too (patience sorting)."""
    ends: list[int] = []  # the smallest second place that a run of each length ends with,
    last: list[int] = []  # the number of that pair,
    back = [-1] * len(pairs)  # and of the one before each pair in its run
    for number, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        if length:
            back[number] = last[length - 1]
        ends[length : length + 1] = [j]
        last[length : length + 1] = [number]
    run = []
    number = last[-1] if last else -1
    while number >= 0:
        run.append(pairs[number])
        number = back[number]
    return run[::-1]


def _between(gap: _Gap, anchors: Sequence[tuple[int, int]]) -> Iterator[_Gap]:
    a, c = gap.a, gap.c
    for i, j in (*anchors, (gap.b, gap.d)):
        between = _Gap(a, i, c, j, gap.rounds + 1)
        if not between.is_one_sided:
            yield between
        a, c = i + 1, j + 1


def _parts(gap: _Gap) -> Iterator[_Gap]:
    """The gap cut into parts of at most about PART × PART pairs."""
    old, new = gap.b - gap.a, gap.d - gap.c
    count = -(-gap.size // PART)
    for n in range(count):
        part = _Gap(
            gap.a + old * n // count,
            gap.a + old * (n + 1) // count,
            gap.c + new * n // count,
            gap.c + new * (n + 1) // count,
        )
        if not part.is_one_sided:
            yield part


def _longest(before: Sequence[Hashable], after: Sequence[Hashable], gap: _Gap) -> Iterator[tuple[int, int]]:
    """A longest common subsequence, from its end. Bits stand for the shorter side, rows for the longer one."""
    if gap.b - gap.a <= gap.d - gap.c:
        yield from _lcs(before[gap.a : gap.b], after[gap.c : gap.d], gap.a, gap.c)
    else:
        yield from ((i, j) for j, i in _lcs(after[gap.c : gap.d], before[gap.a : gap.b], gap.c, gap.a))


def _lcs(short: Sequence[Hashable], long: Sequence[Hashable], at: int, beside: int) -> Iterator[tuple[int, int]]:
    places: dict[Hashable, int] = {}
    for n, element in enumerate(short):
        places[element] = places.get(element, 0) | 1 << n
    # A bit of row r that is off: the subsequence of short[:n + 1] and long[:r] is longer than that of short[:n].
    full = row = (1 << len(short)) - 1
    rows = [row]
    for element in long:
        if found := row & places.get(element, 0):
            row = (row + found | row - found) & full
        rows.append(row)
    n, r = len(short) - 1, len(long)
    while n >= 0 and r:
        if rows[r] >> n & 1:
            n -= 1
        else:
            r -= 1
            if rows[r] >> n & 1:
                yield at + n, beside + r
                n -= 1


def _merged(blocks: Sequence[Block]) -> Iterator[Block]:
    """Blocks that touch as one."""
    begin = other = size = 0
    for i, j, count in blocks:
        if (i, j) == (begin + size, other + size):
            size += count
            continue
        if size:
            yield begin, other, size
        begin, other, size = i, j, count
    if size:
        yield begin, other, size
