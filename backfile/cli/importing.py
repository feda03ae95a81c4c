"""Commands that bring in what people have elsewhere: import, jobs."""

from __future__ import annotations

import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import click

from archive import (
    FORMATS,
    Archive,
    Imported,
    Job,
    JobState,
    NotFoundError,
    Reject,
    open_archive,
    read_items,
    url_key,
)
from backfile.cli.main import Desk, cli, pass_desk
from backfile.cli.render import emit, minute, safe
from index import Index, IndexBusyError

_STDIN = Path("-")
_UNDONE = (JobState.FAILED, JobState.REJECTED)
_MARKS = {JobState.DONE: "✓", JobState.FAILED: "✗", JobState.REJECTED: "!"}


@cli.command("import")
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
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each item.")
@pass_desk
def import_(
    desk: Desk,
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
        archive = _archive(desk, concurrency)
        work = [(tuple(_with_stdin(paths, desk.folder)), format_name)] if paths else []
        if not work and not resume:
            raise click.UsageError("Name a file or folder to import, or `-` for standard input.")
        for files, known_as in work or archive.stopped_imports():
            how = _How(known_as, depth, not no_fetch, again, retry_failed)
            _import(desk, archive, files, how, as_json)


@cli.command()
@click.argument("number", type=int, required=False)
@click.option(
    "--state", type=click.Choice([state.value for state in JobState]), help="With NUMBER: its items in this state."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_desk
def jobs(desk: Desk, number: int | None, state: str | None, as_json: bool) -> None:
    """List the imports and how far they are; with NUMBER, one of them, and its items that failed or were rejected."""
    if number is not None:
        show_job(desk, number, (JobState(state),) if state else _UNDONE, as_json=as_json)
        return
    for job in desk.archive.jobs():
        if as_json:
            emit(job_facts(job))
        else:
            click.echo(_headline(job))


@dataclass(frozen=True, slots=True)
class _How:
    format: str | None
    depth: int | None
    fetch: bool
    again: bool
    retry_failed: bool


def _import(desk: Desk, archive: Archive, files: tuple[Path, ...], how: _How, as_json: bool) -> None:
    tally: Counter[str] = Counter()
    with desk.screen.progress("importing") as progress:
        imported = archive.import_files(
            files,
            format=how.format,
            depth=how.depth,
            fetch=how.fetch,
            again=how.again,
            retry_failed=how.retry_failed,
            progress=progress.reach,
        )
        indexing = _Indexing(desk.index)
        try:
            with closing(imported):
                for item in imported:
                    tally[item.outcome.value if item.outcome else item.state.value] += 1
                    if as_json:
                        emit(item)
                    else:
                        click.echo(_line(item))
                    indexing.now_and_then()
        finally:
            desk.index.update()  # also what came before Ctrl-C
    job = archive.import_job(files, format=how.format)
    if job is not None and not as_json:
        _summary(desk, job, tally)


class _Indexing:
    """Updates of the index while an import runs, for a tenth of its time at most, so that what came is found soon."""

    EVERY = 30.0  # seconds

    def __init__(self, index: Index) -> None:
        self._index = index
        self._due = monotonic() + self.EVERY

    def now_and_then(self) -> None:
        """Update if it is time."""
        began = monotonic()
        if began >= self._due:
            with suppress(IndexBusyError):  # another command updates it: as good
                self._index.update()
            ended = monotonic()
            self._due = ended + max(self.EVERY, 9 * (ended - began))


def _archive(desk: Desk, concurrency: int | None) -> Archive:
    settings = desk.archive.settings
    if concurrency is None:
        return desk.archive
    return open_archive(desk.folder, replace(settings, fetch=replace(settings.fetch, concurrency=concurrency)))


def _summary(desk: Desk, job: Job, tally: Counter[str]) -> None:
    told = ", ".join(f"{count} {outcome}" for outcome, count in tally.most_common()) or "nothing was left to do"
    desk.screen.say(f"This run: {told}.")
    desk.screen.say(f"Job {job.number}: {_counts(job)}.")
    rejects = desk.archive.rejects_file(job.number)
    if job.counts[JobState.REJECTED]:
        desk.screen.say(f"Rows that could not be read are in {rejects}")
    if job.counts[JobState.FAILED]:
        desk.screen.say(
            f"`backfile jobs {job.number}` lists what failed; the same import with --retry-failed tries again."
        )


def _counts(job: Job) -> str:
    return ", ".join(f"{job.counts[state]} {state.value}" for state in JobState if job.counts[state]) or "empty"


def _line(item: Imported) -> str:
    if item.state is JobState.REJECTED:
        return f"! {safe(_where(item))}: {safe(item.detail)}"
    why = f" — {item.outcome.value}: {safe(item.detail)}" if item.state is JobState.FAILED and item.outcome else ""
    return f"{_MARKS[item.state]} {item.id}  {safe(item.title) or safe(item.url)}{why}"


def _where(item: Imported) -> str:
    """The place in its file, as people look for it."""
    return f"{Path(item.file).name}, line {item.line}" if item.line else Path(item.file).name


def show_job(desk: Desk, number: int, states: Iterable[JobState] = _UNDONE, *, as_json: bool) -> None:
    """An import and its items in some states; as JSON, the items alone."""
    job = job_of(desk, number)
    if not as_json:
        click.echo(_headline(job))
    for state in states:
        after = 0
        while items := desk.archive.job_items(number, state, after):
            after = items[-1].n
            for item in items:
                if as_json:
                    emit(item)
                else:
                    what = safe(item.url or _where(item))
                    click.echo(
                        f"{item.n:7}  {item.state.value:8}  {item.id or '-':12}  {what}  {safe(item.detail)}".rstrip()
                    )
    if not as_json and job.counts[JobState.REJECTED]:
        desk.screen.say(f"Rows that could not be read are in {desk.archive.rejects_file(number)}")


def job_of(desk: Desk, number: int) -> Job:
    """The import of that number."""
    job = next((job for job in desk.archive.jobs() if job.number == number), None)
    if job is None:
        raise NotFoundError(f"there is no job {number}; `backfile jobs` lists them")
    return job


def job_facts(job: Job) -> dict[str, object]:
    """An import as scripts are told of it."""
    return {
        "number": job.number, "source": job.source, "begun": job.begun, "ended": job.ended, "counts": job.counts,
    }  # fmt: skip


def _headline(job: Job) -> str:
    return f"{job.number:4}  {minute(job.begun)}  {_counts(job)}  {safe(job.source)}"


def _list_formats(as_json: bool) -> None:
    for known in FORMATS:
        if as_json:
            emit({"name": known.name, "title": known.title})
        else:
            click.echo(f"{known.name:12}  {known.title}")


def _dry_run(files: list[Path], format_name: str | None, as_json: bool) -> None:
    """What an import would find; duplicates are counted on disk, so that any number of rows may come."""
    tally: Counter[str] = Counter()
    with closing(sqlite3.connect("")) as seen:  # a database of its own, in a temporary file
        seen.execute("CREATE TABLE seen (key BLOB PRIMARY KEY) WITHOUT ROWID")
        for found in (found for file in files for found in read_items(file, format_name)):
            if isinstance(found, Reject):
                tally["rejected"] += 1
                if as_json:
                    emit(found)
                elif tally["rejected"] <= 20:
                    line = f", line {found.origin.line}" if found.origin.line else ""
                    click.echo(f"! {safe(found.origin.file)}{line}: {safe(found.reason)}")
                continue
            key = sha256(url_key(found.url).encode()).digest()
            new = seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (key,)).rowcount
            tally["with content" if found.has_content else "links"] += 1
            tally["duplicates"] += not new
            tally[f"as {found.origin.format}"] += 1
            if as_json:
                emit({"url": found.url, "title": found.title, "tags": found.tags, "format": found.origin.format})
    if not as_json:
        click.echo(", ".join(f"{count} {what}" for what, count in tally.items() if count) or "nothing to import")


def _with_stdin(paths: tuple[Path, ...], folder: Path) -> list[Path]:
    """The files to import; standard input becomes one in `folder`, named for its content: the same is the same job."""
    if _STDIN not in paths:
        return list(paths)
    part = folder / ".stdin.part"
    state = sha256()
    with part.open("wb") as out:
        while chunk := sys.stdin.buffer.read(2**20):
            state.update(chunk)
            out.write(chunk)
    spooled = folder / f"stdin-{state.hexdigest()[:16]}"
    if not spooled.exists():
        part.replace(spooled)
    part.unlink(missing_ok=True)
    return [spooled if path == _STDIN else path for path in paths]
