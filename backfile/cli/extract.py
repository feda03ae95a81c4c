"""Command that reads saved pages without an archive: extract. Also what it has in common with `entities`.

What cannot be read is said, the rest goes on, and the command ends with FormatError's exit code.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import BinaryIO

import click

from archive import FormatError, UsageError
from backfile.cli.render import aside, emit, safe
from backfile.cli.terminal import Terminal, pass_terminal, typed
from backfile.desk import PageFile, ReadPage, pages_in, read_pages
from backfile.views.files import PageRow

FILES = click.Path(path_type=Path, exists=True, dir_okay=False)
ROWS = click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
_STDIN = Path("-")
_FAILED = "failed"


@click.command()
@click.argument("files", nargs=-1, type=FILES)
@click.option("--url", default="", help="The address the page was served from.")
@click.option("--batch", type=ROWS, help="JSON Lines with file, url and (if known) encoding; .gz too; - for stdin.")
@click.option(
    "--root", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Where the files of --batch are."
)
@click.option("--second-opinion", is_flag=True, help="Ask other extractors too: flags more texts as doubtful.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each file.")
@pass_terminal
def extract(
    terminal: Terminal,
    files: tuple[Path, ...],
    url: str,
    batch: Path | None,
    root: Path | None,
    second_opinion: bool,
    as_json: bool,
) -> None:
    """Read saved pages and PDFs (.gz too): title, authors, dates, site, text and links, each with its rule."""
    require(files, batch)
    pages = chain(
        (PageFile(str(path), path, url, None, second_opinion) for path in files),
        pages_in(opened(batch), root, second_opinion=second_opinion) if batch else (),
    )
    failed = 0
    with terminal.screen.progress("extracting") as progress:
        for page in read_pages(pages):
            progress.advance(note=page.name)
            failed += page.outcome == _FAILED
            if as_json or batch:
                emit(PageRow.of(page))
            else:
                with aside():
                    _show(page)
    report(failed)


def require(files: tuple[Path, ...], batch: Path | None) -> None:
    """UsageError where there is nothing to read."""
    if not files and batch is None:
        raise UsageError("nothing to read: name files, or rows with --batch")


def opened(batch: Path) -> Path | BinaryIO:
    """The rows: a file, or standard input."""
    return typed() if batch == _STDIN else batch


def report(failed: int) -> None:
    """What the exit code says of a run in which some could not be read."""
    if failed:
        click.echo(f"{failed} could not be read", err=True)
        click.get_current_context().exit(FormatError.exit_code)


def _show(page: ReadPage) -> None:
    article = page.article
    click.secho(safe(article.title or page.name), bold=True)
    if page.detail:
        click.echo(f"{page.outcome.value}: {safe(page.detail)}")
    for name, value, rule in (
        ("headed", article.other_title, "other_title"),
        ("authors", ", ".join(article.authors), "authors"),
        ("date", article.published_on, "published"),
        ("modified", article.modified, "modified"),
        ("site", article.site, "site"),
        ("lang", article.lang, "lang"),
    ):
        if value:
            click.echo(f"  {name:9} {safe(str(value))}  ({safe(article.rules.get(rule, 'elsewhere on the page'))})")
    if article.text:
        click.echo(f"\n{safe(article.text, lines=True)}\n")
    for link in article.links:
        click.echo(f"  {link.role.value:9} {safe(link.url)}")
