"""Starts and stops the servers that an archive of a team stands on: loopback only, everything below one folder.

Each is a module scripts/server_NAME.py with the three functions of `Server`; it is found by its name. A server never
runs as root: who is root hands it to `nobody` (`unprivileged`), as the servers themselves ask for.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, cast

_HERE = Path(__file__).parent
_NOBODY = 65534
NAMES = tuple(sorted(path.stem.removeprefix("server_") for path in _HERE.glob("server_*.py")))


class CannotStartError(Exception):
    """Why a server did not come up, in words."""


class Server(Protocol):
    """What a module server_NAME.py has. `folder` is its own, which is there and which its user may write to."""

    def missing(self) -> str:
        """What this machine lacks to start it, and where it is got; "" for nothing."""

    def start(self, folder: Path) -> Mapping[str, str]:
        """Brings it up and waits until it answers; says the variables that lead to it. One that is up stays up.

        CannotStartError where it does not come up.
        """

    def stop(self, folder: Path) -> None:
        """Ends it, if it is up. What it wrote is removed by the caller."""


def server(name: str) -> Server:
    """The server of that name."""
    return cast(Server, importlib.import_module(f"server_{name}"))


def default_folder() -> Path:
    """Below which the servers of this user lie."""
    given = os.environ.get("BACKFILE_SERVERS", "")
    return Path(given) if given else Path(tempfile.gettempdir()) / f"backfile-servers-{os.getuid()}"


def start(name: str, below: Path) -> Mapping[str, str]:
    """Starts one below a folder. CannotStartError says what is missing, or what it said when it did not come up."""
    one = server(name)
    if lacks := one.missing():
        raise CannotStartError(lacks)
    folder = below / name
    folder.mkdir(parents=True, exist_ok=True)
    if os.getuid() == 0:
        below.chmod(0o755)
        os.chown(folder, _NOBODY, _NOBODY)
    return one.start(folder)


def stop(name: str, below: Path) -> None:
    """Ends one, and removes its folder."""
    folder = below / name
    if folder.is_dir():
        server(name).stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(name: str) -> Iterator[Mapping[str, str]]:
    """One of its own for a while, for tests: in a folder of its own, at ports of its own. CannotStartError."""
    below = Path(tempfile.mkdtemp(prefix="backfile-servers-"))
    try:
        yield start(name, below)
    finally:
        stop(name, below)
        shutil.rmtree(below, ignore_errors=True)


# -- for the modules ---------------------------------------------------------------------------------------------------


def unprivileged(command: Sequence[str | Path]) -> list[str]:
    """The command as it is run by an unprivileged user: for root, as nobody."""
    run = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"] if os.getuid() == 0 else []
    return [*run, *map(str, command)]


def no_unprivileged_user() -> str:
    """What is missing for `unprivileged`, "" for nothing."""
    return "" if os.getuid() or shutil.which("setpriv") else "setpriv is missing (on Debian: apt install util-linux)"


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def call(command: Sequence[str | Path], folder: Path, log: str, *, timeout: float = 120.0) -> None:
    """Runs a command unprivileged and waits for its end; CannotStartError with what it wrote into the file `log`."""
    path = folder / log
    with path.open("ab") as out:
        done = subprocess.run(
            unprivileged(command), cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=timeout,
            check=False,
        )  # fmt: skip
    if done.returncode:
        raise CannotStartError(f"{Path(command[0]).name} ended with {done.returncode}: {last_lines(path)}")


def last_lines(path: Path) -> str:
    """The end of a log, in one line."""
    try:
        return " / ".join(path.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:])
    except OSError:
        return "it wrote no log"


def until(answers: Callable[[], bool], seconds: float, what: str, log: Path) -> None:
    """Waits until something answers; CannotStartError, with the end of the log, when it does not in time."""
    end = time.monotonic() + seconds
    while not answers():
        if time.monotonic() > end:
            raise CannotStartError(f"{what} did not answer within {seconds:.0f} s: {last_lines(log)}")
        time.sleep(0.1)


# -- the command -------------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Starts or stops; 1 when one that was named cannot be started."""
    parser = argparse.ArgumentParser(prog="scripts/servers", allow_abbrev=False)
    parser.add_argument("act", choices=("start", "stop"))
    parser.add_argument("name", nargs="*", help=f"of {', '.join(NAMES)}; without one, all")
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.name if name not in NAMES]:
        parser.error(f"there is no server {unknown[0]!r}: there are {', '.join(NAMES)}")
    failed, below = 0, default_folder()
    for name in given.name or NAMES:
        if given.act == "stop":
            stop(name, below)
            continue
        begun = time.monotonic()
        try:
            variables = start(name, below)
        except CannotStartError as problem:
            print(f"✗ {name}: {problem}", file=sys.stderr)
            failed += 1
            continue
        print(f"# {name} is up after {time.monotonic() - begun:.1f} s; scripts/servers stop {name} ends it")
        for key, value in variables.items():
            print(f"export {key}={value}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
