"""The command group: finds the archive, opens it when a command needs it, turns errors into exit codes.

Commands are parse → call the API → render; they live in one small module per family and import nothing heavy.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from archive import Archive, ArchiveError, find_folder, open_archive
from backfile.cli.render import Screen
from index import Index, IndexBusyError, QueryError, SearchError, open_index

INTERRUPTED = 130  # 128 + SIGINT, as shells count


class Desk:
    """What a command works at: the archive folder, opened on first use, and the screen."""

    def __init__(self, folder: Path | None, *, quiet: bool) -> None:
        self._given = folder
        self._open = ExitStack()
        self._archive: Archive | None = None
        self._index: Index | None = None
        self.screen = Screen(quiet=quiet)

    @property
    def folder(self) -> Path:
        return find_folder(self._given)

    @property
    def archive(self) -> Archive:
        if self._archive is None:
            self._archive = self._open.enter_context(open_archive(self.folder))
        return self._archive

    @property
    def index(self) -> Index:
        if self._index is None:
            self._index = self._open.enter_context(open_index(self.archive, self.folder))
        return self._index

    @property
    def current_index(self) -> Index:
        """The index with everything in it that an interrupted command, or another one's rules, left for later."""
        if self.index.lag():
            try:
                with self.screen.progress("indexing") as progress:
                    self.index.update(progress.reach, wait=0.0)
            except IndexBusyError:
                pass  # whoever writes is doing it; the results say how far behind they are
        return self.index

    def close(self) -> None:
        self._open.close()


pass_desk = click.make_pass_decorator(Desk)


class Group(click.Group):
    """Turns the errors of both halves into one line and their exit code."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (ArchiveError, SearchError) as error:
            message = error.help() if isinstance(error, QueryError) else str(error)
            click.echo(f"backfile: {message}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("\nbackfile: stopped. What was reported is safe; the same command goes on from here.", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # The reader of our output (head, less) went away: no error of ours. Python would complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="BACKFILE_DIR",
    help="The archive folder. Default: $BACKFILE_DIR, else the nearest backfile.toml upwards from here.",
)
@click.option("--quiet", "-q", is_flag=True, help="No progress, only results and errors.")
@click.version_option(package_name="backfile", prog_name="backfile")
@click.pass_context
def cli(ctx: click.Context, folder: Path | None, quiet: bool) -> None:
    """Keep web articles with the sources they cite, and find them by person, place, organisation, topic and date."""
    ctx.obj = Desk(folder, quiet=quiet)
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    ctx.call_on_close(ctx.obj.close)


def main() -> None:
    """Entry point of the `backfile` command."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, even where that is ignored
    # Each adds its commands to `cli`.
    from backfile.cli import ask, capture, explore, export, history, importing, keep, read, saved, watch  # noqa: F401

    cli(prog_name="backfile")
