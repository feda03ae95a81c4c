"""Command that keeps a copy: copy."""

from __future__ import annotations

from pathlib import Path

import click

from backfile.cli.render import emit, size
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.views.proving import CopiedRow


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@json_option
@pass_terminal
def copy(terminal: Terminal, folder: Path, as_json: bool) -> None:
    """Copy the archive to FOLDER, or bring the copy there up to date, whoever writes meanwhile.

    Only what is new is copied, and what was forgotten goes from the copy, too. The copy is an archive: `verify` passes
    on it, and it is restored by opening it. Stopped half-way, the same command goes on.
    """
    with terminal.working() as (desk, progress):
        done = desk.copy(folder, progress)
        hidden = len(desk.hidden())
    if as_json:
        emit(CopiedRow.of(done))
        return
    forgot = " What was forgotten went from it, too." if done.forgot else ""
    kept = f" {hidden} articles are under embargo there, too: hidden, and in its files." if hidden else ""
    terminal.screen.say(
        f"Copied {size(done.copied)} to {done.folder}, which has {done.files} WARC files.{forgot}{kept}"
    )
