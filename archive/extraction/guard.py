"""Read a page in a child process that cannot outlive its deadline or outgrow its memory.

A child of its own for each such page: nothing a hostile page does to a parser is seen by the next page. It is started
by subprocess, so it works from any thread and from daemonic worker processes alike.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

from archive.extraction.page import Extracted, Page

DEADLINE = 15.0  # seconds of processor time for one page
PATIENCE = 4  # times the deadline by the clock: a busy machine is no fault of the page
MEMORY = 400 * 2**20  # bytes of data the child may hold


class Late(Exception):  # noqa: N818 - an observation, not a failure of ours
    """The child gave no answer: `str()` says how it ended."""


def read_in_child(page: Page, *, second_opinion: bool = False, deadline: float = DEADLINE) -> Extracted:
    """What `reader.read_guarded` makes of `page`, or Late if it took more than `deadline` seconds, or died."""
    request = pickle.dumps((page, second_opinion, deadline))
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-m", "archive.extraction.child"]
    with subprocess.Popen(  # noqa: S603 - this very interpreter and a module of ours
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    ) as child:
        try:
            answer, _ = child.communicate(request, timeout=PATIENCE * deadline)
        except subprocess.TimeoutExpired as error:
            child.kill()
            raise Late(f"no result within {PATIENCE * deadline:.0f} s") from error
        except BaseException:
            child.kill()
            raise
    if child.returncode == -signal.SIGXCPU:
        raise Late(f"no result within {deadline:.0f} s of processor time")
    if child.returncode != 0:
        raise Late(f"the reading process ended with status {child.returncode}")
    found = pickle.loads(answer)  # noqa: S301 - written by our own child
    if not isinstance(found, Extracted):
        raise Late("the reading process gave no answer")
    return found
