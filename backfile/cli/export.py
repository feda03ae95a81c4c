"""Command that hands out: export."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from archive import Exported, ExportFormat, Texts, UsageError
from backfile.cli.refs import STDIN, Refs, at_option
from backfile.cli.render import emit, many, safe
from backfile.cli.terminal import Terminal, pass_terminal
from backfile.cli.words import QueryCommand
from backfile.desk import Desk, moment
from backfile.views.keeping import ExportedRow
from index import Sort

FOUND_PROBLEMS = 9  # as `verify`: something of what was asked for could not be exported
_ENDINGS = {
    ".csv": ExportFormat.CSV, ".html": ExportFormat.HTML, ".htm": ExportFormat.HTML, ".ris": ExportFormat.RIS,
    ".bib": ExportFormat.BIBTEX, ".gz": ExportFormat.WARC, ".wacz": ExportFormat.WACZ,
    ".parquet": ExportFormat.PARQUET, ".jsonl": ExportFormat.JSONL,
}  # fmt: skip


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option(
    "--format",
    "name",
    type=click.Choice([one.value for one in ExportFormat]),
    help="What to write. Default: as the file's name ends, else jsonl.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="The file (for markdown the new folder) to write. Default: standard output, for formats that are text.",
)
@click.option(
    "--sort",
    type=click.Choice([sort.value for sort in Sort]),
    default=Sort.OLDEST.value,
    show_default=True,
    help="Order of the articles.",
)
@click.option(
    "--short-links", is_flag=True, help="Write what each short link stood for instead (csv, jsonl): short, long, when."
)
@click.option("--all-versions", is_flag=True, help="Every text that an article has carried.")
@at_option
@click.option("--sign", is_flag=True, help="Sign the WACZ with the archive's own key, made if there is none.")
@click.option("--json", "as_json", is_flag=True, help="Say what was exported as one JSON object; needs --output.")
@pass_terminal
def export(
    terminal: Terminal,
    query: tuple[str, ...],
    name: str | None,
    output: Path | None,
    sort: str,
    short_links: bool,
    all_versions: bool,
    at: str | None,
    sign: bool,
    as_json: bool,
) -> None:
    """Write every article that matches QUERY (nothing: all of them) to a file: backfile export topic:ICE -o ice.csv

    `-` reads ids (of captures, too), URLs or rows of `--json` from standard input, one a line. A file appears when it
    is whole, and then takes the place of one of that name. docs/exporting.md says what is in each format.
    """
    format = ExportFormat(name) if name else _by_name(output)  # noqa: A001 - the word for it
    if as_json and output is None:
        raise UsageError("--json says what was written to a file: name one with --output")
    if output is None and not format.is_text and not format.is_folder and sys.stdout.isatty():
        raise UsageError(f"{format} is nothing for a terminal: name a file with -o")
    if short_links and query:
        raise UsageError("--short-links writes those of the whole archive: leave the query out")
    if all_versions and at:
        raise UsageError("--all-versions has every text, --at the one of a day: choose")
    texts = Texts(moment(at) if at else None) if all_versions or at else None
    target = output or sys.stdout.buffer
    refs = Refs(STDIN) if query == (STDIN,) else None
    with terminal.working() as (desk, shown):
        progress = None if output is None and sys.stdout.isatty() else shown  # the articles go where it would be
        if short_links:
            done = desk.export_short_links(target, format, progress)
        else:
            ids = _named(desk, refs) if refs else None
            done = desk.export(
                target, " ".join(query), format, ids=ids, sort=Sort(sort), texts=texts, sign=sign, progress=progress
            )
        sys.stdout.buffer.flush()
    _report(terminal, done, output, as_json, "short link" if short_links else "article")
    if refs:
        refs.end()


def _named(desk: Desk, refs: Refs) -> Iterator[str]:
    """The ids of the articles that were named, each once."""
    seen: set[str] = set()
    for ref in refs:
        try:
            found = desk.named(ref)
        except UsageError as error:
            refs.tell(error)
            continue
        if found not in seen:
            seen.add(found)
            yield found


def _by_name(output: Path | None) -> ExportFormat:
    if output is None:
        return ExportFormat.JSONL
    found = _ENDINGS.get(output.suffix.lower())
    if found is None:
        raise UsageError(f"say with --format what {output.name} is to be")
    return found


def _report(terminal: Terminal, done: Exported, output: Path | None, as_json: bool, what: str) -> None:
    for remark in done.remarks:
        click.echo(f"time stamp: {safe(remark)}", err=True)
    for problem in done.problems:
        click.echo(f"not exported: {safe(problem.where)}: {safe(problem.what)}. {problem.remedy}", err=True)
    if as_json:
        emit(ExportedRow.of(done, str(output)))
    else:
        where = f" to {output}." if output else "."
        left_out = f" {done.hidden} under embargo are not in it." if done.hidden else ""
        terminal.screen.say(f"Exported {many(done.count, what)}{where}{left_out}")
    if done.problems:
        click.get_current_context().exit(FOUND_PROBLEMS)
