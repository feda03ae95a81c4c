"""Runs of the command without its start-up: one process imports it once, and forks for each run.

What runs is a process of its own, with arguments, environment, folder and streams of its own, and ends as the
interpreter ends. What it does not show is start-up itself: tests/test_startup.py starts the command as users do.

This file is also that process: python prefork.py SOCKET, the number of a descriptor.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

MOST = 2**18  # bytes of a request: arguments and environment


class Prefork:
    """The process that forks, which ends with this one."""

    def __init__(self, under: Sequence[str] = ()) -> None:
        """`under`: a command that runs it, such as one that leads into another namespace."""
        self._asking, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [*under, sys.executable, __file__, str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        self._lock = threading.Lock()

    def start(self, argv: Sequence[str], cwd: Path, env: Mapping[str, str], streams: Sequence[int]) -> Forked:
        """`argv` without the name of the command; `streams`: descriptors for standard input, output and error."""
        ours, theirs = socket.socketpair()
        asked = json.dumps({"argv": list(argv), "cwd": str(cwd), "env": dict(env)}).encode()
        with theirs, self._lock:
            socket.send_fds(self._asking, [asked], [theirs.fileno(), *streams])
        return Forked(ours)

    def close(self) -> None:
        """It ends; what it has started goes on."""
        self._asking.close()
        self._process.wait()


class Forked:
    """A run of the command."""

    def __init__(self, told: socket.socket) -> None:
        self._told = told.makefile()
        told.close()
        self.pid = int(self._told.readline())

    def wait(self) -> int:
        """Its exit code as `subprocess` has it, once it has ended."""
        with self._told as told:
            return int(told.readline())


@cache
def prefork() -> Prefork:
    """The one of this process."""
    return Prefork()


def _serve(number: int) -> None:
    """Forks for each request; returns in the child alone, which is the command from there on."""
    asking = socket.socket(fileno=number)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for a run
    while True:
        request, fds, _, _ = socket.recv_fds(asking, MOST, 4)
        if not request:
            os._exit(0)
        if os.fork() == 0:
            break
        for fd in fds:
            os.close(fd)
    asking.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    told, *streams = fds
    if child := os.fork():
        for fd in streams:  # whoever reads them is told when the command ends
            os.close(fd)
        os.write(told, f"{child}\n".encode())
        _, status = os.waitpid(child, 0)
        with contextlib.suppress(BrokenPipeError):
            os.write(told, f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    os.close(told)
    _become(json.loads(request), streams)


def _become(request: Mapping[str, object], streams: Sequence[int]) -> None:
    """What the system and the interpreter do at a start."""
    os.setsid()
    for target, fd in enumerate(streams):
        os.dup2(fd, target)
        os.close(fd)
    os.chdir(str(request["cwd"]))
    os.environ.clear()
    os.environ.update(dict(request["env"]))  # type: ignore[call-overload]
    sys.argv = ["backfile", *request["argv"]]  # type: ignore[misc]
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8", "surrogateescape")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), "utf-8")
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(2, "w", closefd=False)), "utf-8", "backslashreplace", line_buffering=True
    )
    signal.signal(signal.SIGINT, signal.default_int_handler)


if __name__ == "__main__":
    import backfile.cli.main

    for room in {where.partition(".")[0] for where, _ in backfile.cli.main.COMMANDS.values()}:
        with contextlib.suppress(ImportError):  # what needs an extra says so when it is called
            import_module(f"backfile.cli.{room}")
    _serve(int(sys.argv[1]))
    sys.exit(backfile.cli.main.main())  # type: ignore[func-returns-value]
