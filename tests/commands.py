"""The command as a user runs it: in a process of its own, in an archive that reaches the newsroom."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from newsroom import Newsroom
from prefork import prefork

ENVIRONMENT = {"BACKFILE_DIR": "", "COLUMNS": "100"}
EXECUTABLE = Path(sys.executable).with_name("backfile")


@dataclass(frozen=True)
class Ran:
    """What a run of the command left: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def ids(self) -> set[object]:
        return {row["id"] for row in self.rows}


class Command:
    """Calls of `backfile` in `folder`, which is a new archive."""

    def __init__(self, folder: Path, newsroom: Newsroom, *options: str) -> None:
        """`options` are those of `init`."""
        self.folder = folder
        folder.mkdir()
        assert self("init", ".", *options).code == 0
        _, search, section = (folder / "backfile.toml").read_text().partition("[search]")
        (folder / "backfile.toml").write_text(f"{newsroom.toml()}\n{search}{section}")

    def __call__(self, *arguments: str, stdin: str = "") -> Ran:
        return run(*arguments, cwd=self.folder, stdin=stdin)

    def start(self, *arguments: str, under: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        """The command, running (`under` another one); a new session, so that signals reach it alone."""
        return subprocess.Popen(
            [*under, str(EXECUTABLE), *arguments], cwd=self.folder, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, **ENVIRONMENT},
        )  # fmt: skip


def run(*arguments: str, cwd: Path, stdin: str = "", env: Mapping[str, str] = ENVIRONMENT) -> Ran:
    """A run of the command in `cwd` to its end: a process of its own, forked from one that has imported it."""
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(stdin.encode("utf-8", "surrogateescape"))
        given.seek(0)
        streams = [given.fileno(), out.fileno(), err.fileno()]
        code = prefork().start(arguments, cwd, {**os.environ, **env}, streams).wait()
        return Ran(code, *map(_text, (out, err)))


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()
