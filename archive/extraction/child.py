"""The child process of guard.py: one pickled request on standard input, one pickled answer on standard output."""

from __future__ import annotations

import contextlib
import math
import os
import pickle
import sys


def main() -> None:
    """Read the request, limit this process, read the page, write the answer."""
    page, second_opinion, deadline = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own parent
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no part of the answer
    _limit(deadline)
    from archive.extraction.reader import read_guarded

    with answer:
        pickle.dump(read_guarded(page, second_opinion=second_opinion), answer)


def _limit(deadline: float) -> None:
    """Have the system end this process at its deadline, and should nobody be left to do so."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        from archive.extraction.guard import MEMORY

        seconds = max(1, math.ceil(deadline))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
