"""A worker process: pickled pages on standard input, one after the other, pickled answers on standard output.

It knows nothing of the program that started it but where modules are found: a script that reads pages is not run again
in each of its workers, as it would be by multiprocessing. It ends when its standard input does, so with its parent.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from contextlib import suppress
from functools import cache


def main() -> None:
    """Say that we are there ("", or why we are of no use), then answer each page with what it says.

    None is the answer where whoever asks is to try it himself.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no part of the answer
    from archive.reading.once import read
    from archive.reading.packing import packed

    sys.path[:], pickled = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own parent
    answer: object = ""
    try:
        recogniser = pickle.loads(pickled)  # noqa: S301 - as above
    except Exception as error:  # noqa: BLE001 - what an object of others does
        answer = f"{type(error).__name__}: {error}"
    while True:
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
        try:
            page = pickle.load(sys.stdin.buffer)  # noqa: S301 - as above
        except EOFError:
            return
        try:
            answer = packed(read(page, recogniser))
        except Exception:  # noqa: BLE001 - no fault of the page: our parent meets it too, and says what it is
            answer = None
        _settle_down()


@cache
def _settle_down() -> None:
    """What the first page has loaded stays, and pages leave next to no cycles: looking for some was 3 % of the work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # whoever asked is gone
        main()
