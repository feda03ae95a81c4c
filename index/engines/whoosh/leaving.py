"""A lock around what is shared, and what is done under it by whoever leaves, without waiting.

An answer that somebody left half read ends where the garbage collector finds it. That may be in a thread that has the
lock already, which would wait for itself.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable


class Leaving:
    """The lock is held inside `with`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: deque[Callable[[], None]] = deque()

    def leave(self, last: Callable[[], None]) -> None:
        """Do `last` under the lock: now, or when a thread that has it gives it back. Waits for nobody."""
        self._left.append(last)
        self._look()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        self._look()

    def _look(self) -> None:
        while self._left and self._lock.acquire(blocking=False):
            try:
                while self._left:
                    self._left.popleft()()
            finally:
                self._lock.release()
