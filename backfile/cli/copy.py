"""Commands that bring an archive elsewhere: copy, move."""

from __future__ import annotations

from pathlib import Path

import click

from backfile.cli.render import emit, many, size
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.views.proving import CopiedRow, MovedRow


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
    kept = (
        f" {many(hidden, 'article is', 'articles are')} under embargo there, too: hidden, and in its files."
        if hidden
        else ""
    )
    terminal.screen.say(
        f"Copied {size(done.copied)} to {done.folder}, which has {many(done.files, 'WARC file')}.{forgot}{kept}"
    )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--to",
    "target",
    metavar="FOLDER",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A new archive, made by `backfile init FOLDER --captures s3://…`.",
)
@json_option
@pass_terminal
def move(terminal: Terminal, folder: Path, target: Path, as_json: bool) -> None:
    """Move the archive in FOLDER to the bucket of a new one.

    What was put is read back and compared, and so is the catalog, row by row. Nothing is taken away: FOLDER stays as it
    is, to be deleted by hand. Stopped half-way, the same command goes on. docs/scale.md says how it comes back.
    """
    terminal.folder = folder
    with terminal.working() as (desk, progress):
        done = desk.move(target, progress)
    if as_json:
        emit(MovedRow.of(done))
        return
    terminal.screen.say(
        f"Moved {many(done.files, 'WARC file')}, {size(done.size)}, to {done.captures_at}, and "
        f"{many(done.rows, 'row')} of the catalog: all of it is there as it was. "
        f"From now on the archive is {done.folder}; settings that you changed "
        f"in {folder} are yours to copy."
    )
