"""The command group: which commands there are, options of all of them, and errors turned into exit codes.

A command is parse → ask the desk → render. Commands live in one small module per family, which is loaded when one of
them is called: the help of the whole needs none of them, and neither archive nor index.
"""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from itertools import chain
from pathlib import Path

import click

from backfile.cli.terminal import Terminal
from backfile.cli.words import take_text

WIDEST = 200  # columns of help, on terminals that have them
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
INTERRUPTED = 130  # 128 + SIGINT, as shells count

# Where each command is, and what it is for, in the first words of its own help (a test holds them against it).
COMMANDS: dict[str, tuple[str, str]] = {
    "add": ("capture.add", "Archive pages with the sources they cite."),
    "audit": (
        "audit.audit",
        "List what a package tells of persons and secrets, before it is handed out: backfile audit case.wacz",
    ),
    "catalogue": (
        "team.catalogue",
        "Do the jobs that were written down for later, one after the other, with the help of everyone who works.",
    ),
    "check": ("check.check", "Look for each name of a list: backfile check NAMES.csv"),
    "copy": ("copy.copy", "Copy the archive to FOLDER, or bring the copy there up to date, whoever writes meanwhile."),
    "copies": (
        "copies.copies",
        "List the articles with the same text as this one, the first one first, and what each of them changed.",
    ),
    "coverage": (
        "coverage.coverage",
        "Count the articles of each QUERY week by week, month by month or year by year.",
    ),
    "diff": (
        "history.diff",
        "Show, word by word, how version OLD of a page became version NEW (default: the last two).",
    ),
    "edit": ("edit.edit", "Say what an article's title, authors, date or site is, where it was read wrongly."),
    "entities": (
        "entities.entities",
        "Find the people, places, organisations and dates in text files; look after the rules for names.",
    ),
    "export": (
        "export.export",
        "Write every article that matches QUERY (nothing: all of them) to a file: backfile export topic:ICE -o ice.csv",
    ),
    "extract": (
        "extract.extract",
        "Read saved pages and PDFs (.gz too): title, authors, dates, site, text and links, each with its rule.",
    ),
    "facets": (
        "counting.facets",
        "Count the people, places, topics … in the articles that match QUERY (nothing: in all of them).",
    ),
    "forget": (
        "forget.forget",
        "Let articles go for good: every version and capture, from every file of the archive's folder.",
    ),
    "import": (
        "importing.import_",
        "Bring in bookmarks, lists of links, read-later exports, web archives, saved pages, news corpora.",
    ),
    "init": ("capture.init", "Make a new archive in FOLDER (default: ./my-backfile)."),
    "jobs": (
        "jobs.jobs",
        "List the imports and how far they are; with NUMBER, one of them, and its items that failed or were rejected.",
    ),
    "links": ("show.links", "List the sources an article cites, hop by hop, and what became of each."),
    "move": ("copy.move", "Move the archive in FOLDER to the bucket of a new one."),
    "network": (
        "network.network",
        "Write who is named with whom in the articles that match QUERY, or who cites whom, as a network.",
    ),
    "note": ("mark.note", 'Write a note on an article ("" removes it), or show the one it has.'),
    "pairs": ("pairs.pairs", "List who is named with whom in the articles that match QUERY (nothing: in all of them)."),
    "prove": (
        "prove.prove",
        "Write down what can be proved of an article: who answered what, when, where each byte stands, its digests.",
    ),
    "rebuild": ("keep.rebuild", "Make the catalog anew from warc/ alone, then the index."),
    "reindex": (
        "keep.reindex",
        "Make the search index anew from the catalog, aside, and swap it in when it is whole.",
    ),
    "saved": ("saved.saved", "Give queries names, to be asked as saved:NAME."),
    "search": ("ask.search", "Find articles: backfile search person:Krasner topic:ICE"),
    "serve": ("serve.serve", "Open the archive in a browser: pages, feeds, and a JSON API, on this machine."),
    "show": ("show.show", "Show an article: what it says, who and what is in it, the sources it cites."),
    "similar": ("explore.similar", "Find articles like this one, and say which names and words they share with it."),
    "stamp": (
        "prove.stamp",
        "Have the time of all that is stored stamped by a server that the settings name ([proof] timestamps).",
    ),
    "status": ("keep.status", "Show what the archive holds, and whether the index is up to date."),
    "suggest": ("explore.suggest", "Complete a name: backfile suggest person kras"),
    "tag": ("mark.tag", "Put tags on an article, or show the ones it has."),
    "token": ("serve.token", "Say who may use `backfile serve` from elsewhere, and for what."),
    "verify": ("keep.verify", "Read everything that is stored and name whatever is not as it was written."),
    "verify-wacz": (
        "verify_wacz.verify_wacz",
        "Check a WACZ package, also one of others: every digest, the signature, and who signed it.",
    ),
    "versions": (
        "history.versions",
        "List the texts a page has carried, since when (in UTC), and what changed from one to the next.",
    ),
    "watch": ("watch.watch", "Keep watch over feeds, sitemaps, pages and queries."),
    "work": (
        "team.work",
        "Fetch and read pages for whoever adds to an archive with its catalog on PostgreSQL, or rebuilds it, anywhere.",
    ),
}


# The headings that they stand under in the help of the whole, in the order in which people come to need them.
GROUPS: dict[str, tuple[str, ...]] = {
    "Bring in": ("init", "add", "import", "jobs"),
    "Find": ("search", "facets", "pairs", "coverage", "check", "similar", "copies", "suggest", "saved"),
    "Read": ("show", "links", "versions", "diff", "extract", "entities"),
    "Mark": ("tag", "note", "edit"),
    "Hand out": ("export", "audit", "prove", "stamp", "verify-wacz", "network"),
    "Keep watch": ("watch",),
    "Open to others": ("serve", "token"),
    "As a team": ("work", "catalogue"),
    "Look after": ("status", "verify", "rebuild", "reindex", "copy", "move", "forget"),
}


class Commands(click.Group):
    """Loads a command when it is called, and turns the errors of both halves into one line and their exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        """Every command, by name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(".")
        found: click.Command = getattr(import_module(f"backfile.cli.{module}"), name)
        take_text(found)
        if not gc.isenabled():  # as `main` left it
            gc.freeze()
            gc.enable()
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; of a misspelt one, what may have been meant is said."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            if near := get_close_matches(args[0], COMMANDS, 2):
                raise click.UsageError(f"{error.message} Did you mean {' or '.join(near)}?", ctx) from error
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What each command is for, without loading it, under headings; cut as click cuts it."""
        longest = max(map(len, COMMANDS))
        room = formatter.width - 6 - longest
        rest = tuple(name for name in self.list_commands(ctx) if name not in chain.from_iterable(GROUPS.values()))
        for heading, names in {**GROUPS, "More": rest}.items():
            rows = [
                (name.ljust(longest), click.Command(name, help=COMMANDS[name][1]).get_short_help_str(room))
                for name in names
            ]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            said = "backfile: stopped. What was reported is safe; the same command goes on from here."
            with suppress(OSError):  # the terminal may be gone
                click.echo(f"\n{said}", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # The reader of our output (head, less) went away: no error of ours. Python would complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except Exception as error:
            if (told := _told(error)) is None:
                raise
            from backfile.cli.render import safe

            message, code = told
            click.echo(f"backfile: {safe(message, lines=True)}", err=True)
            ctx.exit(code)


def _told(error: Exception) -> tuple[str, int] | None:
    """What an error of the archive or of the search says, and its exit code; None for one that is nobody's."""
    if isinstance(error, ImportError) and error.name == "fcntl":  # no POSIX system: neither half can be loaded
        return str(error), 1
    from archive import ArchiveError, StorageError
    from index import IndexStorageError, QueryError, SearchError

    if isinstance(error, OSError) and error.filename is None and error.errno in _NO_ROOM:
        # Output goes to a disk that is full: what is left of it would fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return f"what is said cannot be written: {error.strerror}", StorageError.exit_code
    if not isinstance(error, ArchiveError | SearchError):
        return None
    read_only = isinstance(error, IndexStorageError) and error.read_only  # as wherever nothing may be written
    code = StorageError.exit_code if read_only else error.exit_code
    return error.help() if isinstance(error, QueryError) else str(error), code


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDEST})
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="BACKFILE_DIR",
    help="The archive folder. Default: $BACKFILE_DIR, else the nearest backfile.toml upwards from here.",
)
@click.option(
    "--by",
    metavar="NAME",
    default="",
    envvar="BACKFILE_BY",
    help="Who adds, tags and edits. Default: $BACKFILE_BY, else [store] added_by, else your user name.",
)
@click.option("--quiet", "-q", is_flag=True, help="No progress, only results and errors.")
@click.option("--verbose", "-v", count=True, help="Say what is done on standard error; -vv says every step.")
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Append every step to this file, with times, for whoever looks for a fault.",
)
@click.version_option(package_name="backfile", prog_name="backfile")
@click.pass_context
def cli(ctx: click.Context, folder: Path | None, by: str, quiet: bool, verbose: int, log: Path | None) -> None:
    """Keep web articles with the sources they cite, and find them by person, place, organisation, topic and date."""
    if verbose or log:
        _write_logs(verbose, log)
    ctx.obj = Terminal(folder, quiet=quiet, by=by)
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    ctx.call_on_close(ctx.obj.close)


def _write_logs(verbose: int, log: Path | None) -> None:
    from backfile.cli.logs import write_logs

    if log is not None:
        from backfile.desk import check_output

        check_output(log)
    try:
        write_logs(verbose, log)
    except OSError as error:
        raise click.FileError(str(log), error.strerror) from error


take_text(cli)


def _fill_streams() -> None:
    """Nothing takes the place of a standard stream that is closed: a catalog that had its number would be written to by
    whoever prints, and a program without one cannot print at all."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8")  # noqa: SIM115 - until the end
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8")  # noqa: SIM115


def main() -> None:
    """Entry point of the `backfile` command.

    What is loaded stays until the end: to look through it for garbage, over and over while it is loaded and once more
    at the end, takes as long as a search.
    """
    _fill_streams()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, even where that is ignored
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as it is under nohup
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    gc.disable()  # until the command is loaded
    # Matrices are multiplied on one core at a time (archive/entities/convolution.py), as nearly always none are. Each
    # thread that waits for some spins on a core of its own meanwhile.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # a title may have letters that a terminal has none for
    try:
        cli(prog_name="backfile")
    except SystemExit as end:
        if not end.code:
            gc.freeze()
        raise
