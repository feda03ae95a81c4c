"""Where the processes come from that read pages: one loads what each of them needs, and all are forked from it.

So the loading is done once, however many cores there are, and what was loaded lies in memory once. Under macOS, whose
libraries may not be used on both sides of a fork, each process is started anew and loads for itself.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Protocol

FORKS = sys.platform == "linux"


class Process(Protocol):
    """One that reads: pickled pages go in, pickled answers come out."""

    @property
    def stdin(self) -> IO[bytes] | None: ...

    @property
    def stdout(self) -> IO[bytes] | None: ...

    def kill(self) -> None:
        """End it at once."""

    def wait(self) -> int:
        """Its exit status, negative for a signal, once it has ended."""


class Nursery:
    """Makes processes that read. Safe to call from several threads."""

    def __init__(self, recogniser: str) -> None:
        """`recogniser` is the name of one that may be loaded before a fork; "" where each process loads its own."""
        self._recogniser = recogniser
        self._parent: _Parent | None = None
        self._guard = threading.Lock()

    def new(self, *, texts: bool) -> Process:
        """A process that has not been told yet what to do. OSError where the system refuses.

        `texts`: it is wanted for a text that came without a page, so what reads pages is loaded with the first of them.
        """
        if not FORKS:
            return _started(stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with self._guard:
            if self._parent is not None:
                with suppress(OSError):
                    return self._parent.child()
                self._parent.end()  # somebody killed it
            self._parent = _Parent(f"{self._recogniser},{'texts' if texts else 'pages'}")
            return self._parent.child()

    def close(self) -> None:
        """End it; processes that it made are ended by whoever has them."""
        parent = self._parent
        if parent is not None:
            parent.end()


class _Parent:
    """The process that the others are forked from. One is asked of it at a time."""

    def __init__(self, loading: str) -> None:
        """`loading` is what worker.be_parent is told. OSError where the system refuses."""
        self._line, theirs = socket.socketpair()
        self._asking = threading.Lock()
        with theirs, ExitStack() as undone:
            undone.enter_context(self._line)
            self._process = _started(f"--parent={loading}", stdin=theirs.fileno(), stdout=subprocess.DEVNULL)
            undone.pop_all()

    def child(self) -> _Child:
        """OSError where it is gone."""
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        try:
            with self._asking:
                socket.send_fds(self._line, [b"new"], [theirs_in, theirs_out])
                number = self._answer()
        except OSError:
            os.close(ours_in)
            os.close(ours_out)
            raise
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        return _Child(self, number, os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb"))

    def status_of(self, number: int) -> int:
        """How a child has ended, once it has; where nobody can tell any more, as if it was killed with its parent."""
        try:
            with self._asking:
                self._line.send(str(number).encode())
                return self._answer()
        except OSError:
            return -signal.SIGKILL

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        with self._asking:
            self._line.close()

    def _answer(self) -> int:
        said = self._line.recv(64)
        if not said:
            raise ConnectionResetError("the process that others are forked from has ended")
        return int(said)


class _Child:
    """A process that was forked."""

    def __init__(self, parent: _Parent, number: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self._parent = parent
        self._number = number  # no other process has it before `wait` was answered

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._number, signal.SIGKILL)

    def wait(self) -> int:
        return self._parent.status_of(self._number)


def _started(*options: str, stdin: int, stdout: int) -> subprocess.Popen[bytes]:
    """A new interpreter that reads. OSError where the system refuses."""
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    # Each multiplies on one core: threads of the library that does it would only lie there when it forks.
    settings = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(  # noqa: S603 - this interpreter, with words of our own
        [sys.executable, "-P", "-m", "archive.reading.worker", *options], stdin=stdin, stdout=stdout, env=settings
    )
