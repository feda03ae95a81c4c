"""Command that brings in what people have elsewhere: import."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive import FORMATS, Imported, Job, JobState, News, Origin, Resources
from backfile.cli.jobs import counts, place, say_rejects
from backfile.cli.options import browser_option, rescue_option, resources_option
from backfile.cli.render import emit, fitted, many, news_told, row, safe
from backfile.cli.terminal import Terminal, note_option, pass_terminal, tag_option, typed
from backfile.desk import Found, preview, spool
from backfile.views.bringing import FormatRow, FoundRow, ImportedRow, RejectRow

_STDIN = Path("-")
_MARKS = {JobState.DONE: "✓", JobState.FAILED: "✗", JobState.REJECTED: "!"}
LOST = 18  # exit code of `import` when content that the files hold could not be taken over
_MOST_SHOWN = 20  # rejected rows, and remarks, that a dry run lists for a person


@click.command("import")
@click.argument("paths", nargs=-1, metavar="FILE|DIR|-", type=click.Path(path_type=Path))
@click.option("--format", "format_name", help="Read it as this format instead of finding out by its content.")
@click.option("--list-formats", is_flag=True, help="Show the formats that can be imported.")
@click.option("--dry-run", is_flag=True, help="Only read: say what would be imported, and what is wrong with the rest.")
@click.option("--depth", type=click.IntRange(0, 5), help="How far to follow cited sources, also those of saved pages.")
@click.option(
    "--concurrency", type=click.IntRange(1, 256), help="Pages asked for at once. Default: [fetch] concurrency."
)
@click.option("--no-fetch", is_flag=True, help="Ask the network for nothing: links wait for a later run.")
@click.option("--resume", is_flag=True, help="Without a FILE: go on with every import that was stopped.")
@click.option("--retry-failed", is_flag=True, help="Try again what failed before.")
@click.option("--again", is_flag=True, help="Begin anew, as if the file had never been imported.")
@resources_option
@rescue_option
@browser_option
@tag_option
@note_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each item.")
@pass_terminal
def import_(
    terminal: Terminal,
    paths: tuple[Path, ...],
    format_name: str | None,
    list_formats: bool,
    dry_run: bool,
    depth: int | None,
    concurrency: int | None,
    no_fetch: bool,
    resume: bool,
    retry_failed: bool,
    again: bool,
    resources: Resources | None,
    rescue: bool | None,
    browser: bool,
    tags: tuple[str, ...],
    note: str,
    as_json: bool,
) -> None:
    """Bring in bookmarks, lists of links, read-later exports, web archives, saved pages, news corpora.

    The format is found by content. Every import is a job: stopped, it goes on with the same command, and does nothing
    twice. Bad rows are listed in rejects-JOB.jsonl. `-` reads standard input.
    """
    if list_formats:
        _list_formats(as_json)
    elif dry_run:
        with TemporaryDirectory(prefix="backfile-") as folder:
            _dry_run(_with_stdin(paths, Path(folder)), format_name, as_json)
    else:
        desk = terminal.desk
        work = [(tuple(_with_stdin(paths, desk.folder)), format_name)] if paths else []
        if not work and not resume:
            raise click.UsageError("Name a file or folder to import, or `-` for standard input.")
        lost = False
        for files, known_as in work or desk.stopped_imports():
            how = _How(
                known_as, depth, not no_fetch, again, retry_failed, concurrency, tags, note, resources, rescue, browser
            )  # fmt: skip
            lost = _import(terminal, files, how, as_json) or lost
        if lost:
            raise click.exceptions.Exit(LOST)


@dataclass(frozen=True, slots=True)
class _How:
    format: str | None
    depth: int | None
    fetch: bool
    again: bool
    retry_failed: bool
    concurrency: int | None
    tags: tuple[str, ...]
    note: str
    resources: Resources | None
    rescue: bool | None
    browser: bool


def _import(terminal: Terminal, files: tuple[Path, ...], how: _How, as_json: bool) -> bool:
    """Whether something was lost."""
    tally: Counter[str] = Counter()
    news: Counter[News] = Counter()
    lost, remarks = False, 0
    with terminal.working() as (desk, progress):
        imported = desk.import_files(
            files, format=how.format, depth=how.depth, fetch=how.fetch, again=how.again, retry_failed=how.retry_failed,
            concurrency=how.concurrency, tags=how.tags, note=how.note,
            resources=how.resources, rescue=how.rescue, browser=how.browser, progress=progress,
        )  # fmt: skip
        with closing(imported):
            for item in imported:
                remarks += item.remark and item.n > 0
                if not item.remark:
                    tally[item.outcome.value if item.outcome else item.state.value] += 1
                    news[item.news or News.NOTHING] += 1
                lost = lost or item.lost
                if as_json:
                    emit(ImportedRow.of(item))
                else:
                    row(_line(item))
    job = desk.import_job(files, format=how.format)
    if job is not None and not as_json:
        _summary(terminal, job, tally, news, remarks)
    return lost


def _summary(terminal: Terminal, job: Job, tally: Counter[str], news: Counter[News], remarks: int) -> None:
    screen = terminal.screen
    told = ", ".join(f"{count} {outcome}" for outcome, count in tally.most_common()) or "nothing was left to do"
    kinds = news_told(news)
    screen.say(f"This run: {told}{f' ({kinds})' if kinds else ''}.")
    screen.say(f"Job {job.number}: {counts(job)}.")
    if remarks:
        screen.say(f"{many(remarks, 'remark')} (·) on rows that were taken in: `backfile jobs {job.number} --remarks`.")
    if job.counts[JobState.REJECTED]:
        say_rejects(terminal, job)
    if job.counts[JobState.FAILED]:
        screen.say(f"`backfile jobs {job.number}` lists what failed; the same import with --retry-failed tries again.")


def _line(item: Imported) -> str:
    if item.remark:
        return fitted("· ", f"{safe(place(item))}: {safe(item.detail)}")
    if item.state is JobState.REJECTED:
        return fitted("! ", f"{safe(place(item))}: {safe(item.detail)}")
    why = f" — {item.outcome.value}: {safe(item.detail)}" if item.state is JobState.FAILED and item.outcome else ""
    return fitted(f"{_MARKS[item.state]} {item.id}  ", f"{safe(item.title) or safe(item.url)}{why}")


def _list_formats(as_json: bool) -> None:
    for known in FORMATS:
        if as_json:
            emit(FormatRow.of(known))
        else:
            click.echo(f"{known.name:12}  {known.title}")


def _dry_run(files: list[Path], format_name: str | None, as_json: bool) -> None:
    """What an import would find."""
    tally: Counter[str] = Counter()
    shown: Counter[str] = Counter()  # lines for a person, by their mark
    for found in preview(files, format_name):
        if isinstance(found, Found):
            tally["with content" if found.content else "link"] += 1
            tally["duplicate"] += found.duplicate
            tally[f"as {found.origin.format}"] += 1
        elif not found.remark:
            tally["rejected"] += 1
        if as_json:
            emit(FoundRow.of(found) if isinstance(found, Found) else RejectRow.of(found))
        elif isinstance(found, Found):
            for said in found.remarks:
                _tell(shown, "·", found.origin, said)
        else:
            _tell(shown, "·" if found.remark else "!", found.origin, found.reason)
    if as_json:
        return
    for mark, what in (("!", "more rejected row"), ("·", "more remark")):
        if (hidden := shown[mark] - _MOST_SHOWN) > 0:
            click.echo(f"… and {many(hidden, what)}, which --json lists")
    counted = ("link", "duplicate")
    told = (many(n, what) if what in counted else f"{n} {what}" for what, n in tally.items() if n)
    click.echo(", ".join(told) or "nothing to import")


def _tell(shown: Counter[str], mark: str, origin: Origin, said: str) -> None:
    """A line of a dry run, one of the first with its mark."""
    shown[mark] += 1
    if shown[mark] > _MOST_SHOWN:
        return
    line = f", line {origin.line}" if origin.line else ""
    click.echo(fitted(f"{mark} ", f"{safe(origin.file)}{line}: {safe(said)}"))


def _with_stdin(paths: tuple[Path, ...], folder: Path) -> list[Path]:
    """The files to import; what can be read but once becomes one in `folder`: standard input, a pipe."""
    spooled = spool(typed(), folder) if _STDIN in paths else _STDIN
    return [spooled if path == _STDIN else _from_pipe(path, folder) if path.is_fifo() else path for path in paths]


def _from_pipe(path: Path, folder: Path) -> Path:
    with path.open("rb") as pipe:
        return spool(pipe, folder)
