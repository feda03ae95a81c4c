"""A process that works for `workers.mapped`: pickled items on standard input, pickled answers on standard output.

It ends when its standard input does, so with its parent.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from typing import BinaryIO


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer each item: (True, what the work gave), or (False, None) where it raised and whoever asks tries it."""
    sys.path[:] = pickle.load(asked)  # noqa: S301 - written by our own parent
    work = pickle.load(asked)  # noqa: S301 - as above, found where our parent finds it
    while True:
        try:
            item = pickle.load(asked)  # noqa: S301 - as above
        except EOFError:
            return
        try:
            answer = (True, work(item))
        except Exception:  # noqa: BLE001 - our parent meets it too, and says what it is
            answer = (False, None)
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


def main() -> None:
    """Serve standard input, deaf to Ctrl-C, which is for our parent to answer; end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no part of the answer
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
