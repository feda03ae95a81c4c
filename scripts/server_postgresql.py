"""PostgreSQL as Debian packages it: a cluster of its own, reached at loopback without a password."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from servers import CannotStartError, call, free_port, no_unprivileged_user, unprivileged

_QUICK = "-c fsync=off -c full_page_writes=off"  # what is tried here need not outlive a power cut
_DEBIAN = Path("/usr/lib/postgresql")  # Debian keeps each version's programs off the PATH


def missing() -> str:
    """What is missing to start it, "" for nothing."""
    if _programs() is None:
        return "PostgreSQL is not here (on Debian: apt install postgresql)"
    return no_unprivileged_user()


def start(folder: Path) -> Mapping[str, str]:
    """Brings it up: about four seconds the first time."""
    programs = _programs()
    if programs is None:
        raise CannotStartError(missing())
    data, port = folder / "data", folder / "port"
    if not data.is_dir():
        call(
            [programs / "initdb", "-D", data, "-A", "trust", "-U", "backfile", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            folder, "initdb.log",
        )  # fmt: skip
    if not port.is_file() or not _is_up(folder):
        port.write_text(str(free_port()))
        options = f"-p {port.read_text()} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {_QUICK}"
        call([programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], folder, "start.log")
    return {"BACKFILE_POSTGRESQL": f"postgresql://backfile@127.0.0.1:{port.read_text()}/postgres"}


def stop(folder: Path) -> None:
    """Ends it; whoever is connected loses the connection."""
    programs = _programs()
    if programs is not None and _is_up(folder):
        call([programs / "pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "stop"], folder, "stop.log")


def _is_up(folder: Path) -> bool:
    programs = _programs()
    if programs is None or not (folder / "data").is_dir():
        return False
    status = unprivileged([programs / "pg_ctl", "-D", folder / "data", "status"])
    return subprocess.run(status, cwd=folder, capture_output=True, check=False).returncode == 0


def _programs() -> Path | None:
    """The folder of the newest programs."""
    versions = [path for path in _DEBIAN.glob("*/bin") if (path / "initdb").is_file()]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("pg_ctl") else None
