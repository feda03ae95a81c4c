"""Commands that bring articles in: init, add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from shlex import quote

import click

from archive import Added, News, Outcome, Resources
from backfile.cli.options import browser_option, rescue_option, resources_option
from backfile.cli.refs import typed_lines
from backfile.cli.render import emit, fitted, many, news_told, row, safe
from backfile.cli.terminal import Terminal, note_option, pass_terminal, tag_option
from backfile.desk import as_address, create_desk, find_urls, saved_from
from backfile.views.bringing import AddedRow
from backfile.views.keeping import FolderRow

NOTHING = 19  # exit code of `add` when it could archive nothing of what was asked for by name
_MARKS = {Outcome.OK: "✓", Outcome.UNCHANGED: "=", Outcome.NOT_TEXT: "✓", Outcome.PAYWALL: "✓"}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("my-backfile"))
@click.option(
    "--captures",
    metavar="s3://BUCKET/PREFIX",
    help="Keep what is archived in a bucket; keys and endpoint from AWS_… (docs/scale.md).",
)
@click.option(
    "--catalog", metavar="postgresql://…", help="Keep the catalog in a database; the password comes from PGPASSWORD."
)
@click.option("--engine", help="What keeps the search index: whoosh (default), or opensearch.")
@click.option("--search-url", metavar="URL", help="Where OpenSearch is: http://HOST:9200.")
@click.option("--index", metavar="NAME", help="The index's name in OpenSearch. Default: backfile.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_terminal
def init(
    terminal: Terminal,
    folder: Path,
    captures: str | None,
    catalog: str | None,
    engine: str | None,
    search_url: str | None,
    index: str | None,
    as_json: bool,
) -> None:
    """Make a new archive in FOLDER (default: ./my-backfile)."""
    search = {"engine": engine, "url": search_url, "index": index}
    found = {key: value for key, value in search.items() if value is not None}
    with create_desk(folder, captures=captures or "", catalog=catalog or "", search=found) as desk:
        has_catalog = desk.has_catalog
    if as_json:
        emit(FolderRow(str(folder.resolve())))
        return
    if has_catalog:
        terminal.screen.say(f"A new archive is in {folder}. Next: {_enter(folder)} && backfile add URL")
    else:
        terminal.screen.say(f"{captures} holds an archive already. Next: {_enter(folder)} && backfile rebuild")


def _enter(folder: Path) -> str:
    """What to type to go there."""
    return f"cd {quote(f'./{folder}' if str(folder).startswith('-') else str(folder))}"


@click.command()
@click.argument("urls", nargs=-1, metavar="URL…")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Archive this saved page as the URL, with what lies beside it (STORY_files/).",
)
@click.option("--url", "page_url", help="The address that --html was saved from.")
@click.option(
    "--depth", type=click.IntRange(0, 5), help="How far to follow cited sources. Default: 1, or [links] depth."
)
@click.option("--again", is_flag=True, help="Ask again for pages that were captured a short while ago.")
@click.option("--retry", is_flag=True, help="Ask again for every cited source that failed in a way that may pass.")
@resources_option
@rescue_option
@browser_option
@tag_option
@note_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each page.")
@pass_terminal
def add(
    terminal: Terminal,
    urls: tuple[str, ...],
    page: Path | None,
    page_url: str | None,
    depth: int | None,
    again: bool,
    retry: bool,
    resources: Resources | None,
    rescue: bool | None,
    browser: bool,
    tags: tuple[str, ...],
    note: str,
    as_json: bool,
) -> None:
    """Archive pages with the sources they cite.

    `-` reads standard input: any text, every URL in it. The same command goes on where it was stopped.
    """
    desk, total = terminal.desk, None
    if page is not None:
        html = page.read_bytes()
        url = page_url or _saved_from(html, page)
        added = desk.add_page(html, url, depth=depth, tags=tags, note=note, resources=resources, file=page)
    elif retry and not urls:
        added = desk.retry()
    else:
        wanted = _wanted(urls)
        first = list(islice(wanted, _COUNTED))
        total = len(first) if len(first) < _COUNTED else None  # more are taken as they come, however many
        added = desk.add(
            chain(first, wanted), depth=depth, again=again, tags=tags, note=note, resources=resources, rescue=rescue,
            browser=browser,
        )  # fmt: skip
    with closing(added):
        _report(terminal, added, as_json, total)


_COUNTED = 10_000  # addresses, for the progress bar
_LOOKED_AT = 100  # articles whose languages are looked at


def _wanted(urls: tuple[str, ...]) -> Iterator[str]:
    if not urls:
        raise click.UsageError("Name at least one URL, or `-` to read them from standard input.")
    for url in urls:
        if url == "-":
            for line in typed_lines():
                yield from find_urls(line, refused=True)
        else:
            yield as_address(url)


def _saved_from(html: bytes, page: Path) -> str:
    if found := saved_from(html):
        return found
    raise click.UsageError(f"{page} does not say which address it was saved from: name it with --url.")


def _report(terminal: Terminal, added: Iterator[Added], as_json: bool, total: int | None) -> None:
    mine, sources = _Tally(), _Tally()
    held: list[str] = []
    with terminal.screen.progress("archiving", total) as progress:
        for item in added:
            (sources if item.depth else mine).count(item)
            if item.depth == 0 and item.outcome.has_content and len(held) < _LOOKED_AT:
                held.append(item.id)
            said = f"{many(sources.total, 'source')}  " if sources.total else ""
            progress.advance(item.depth == 0, f"{said}{item.url}")
            if as_json:
                emit(AddedRow.of(item))
            else:
                row(_line(item))
    if not as_json:
        terminal.screen.say(_summary(mine, sources))
    for language in terminal.desk.unread(held):
        terminal.screen.say(f"No names are found in {language}.")
    if mine.total and not mine.archived:
        raise click.exceptions.Exit(NOTHING)


@dataclass(slots=True)
class _Tally:
    total: int = 0
    archived: int = 0
    news: Counter[News] = field(default_factory=Counter)  # of what was archived

    def count(self, item: Added) -> None:
        self.total += 1
        self.archived += item.outcome.has_content
        self.news[item.news] += item.outcome.has_content


def _summary(mine: _Tally, sources: _Tally) -> str:
    """`42 asked for: 39 archived, 3 not; 122 sources: 81 archived.`; a part that would count nothing is left out."""
    parts = []
    if mine.total or not sources.total:
        parts.append(f"{mine.total} asked for: {_kept(mine)}")
    if sources.total:
        parts.append(f"{many(sources.total, 'source')}: {_told(sources)}")
    return f"{'; '.join(parts)}."


def _kept(tally: _Tally) -> str:
    missing = tally.total - tally.archived
    return _told(tally) + (f", {missing} not" if missing else "")


def _told(tally: _Tally) -> str:
    """`39 archived (3 new, 36 unchanged)`; where all of it is new, that goes without saying."""
    kinds = news_told(tally.news)
    return f"{tally.archived} archived" + (f" ({kinds})" if kinds else "")


def _line(item: Added) -> str:
    mark = _MARKS.get(item.outcome, "✗")
    indent = "  " * item.depth
    title = safe(item.title) or safe(item.final_url)
    told = item.news.value if item.news in (News.CHANGED, News.NOT_ASKED) else item.outcome.value
    why = f" — {told}{': ' + safe(item.detail) if item.detail and item.news is not News.CHANGED else ''}"
    return fitted(f"{indent}{mark} {item.id}  ", f"{title}{'' if told == Outcome.OK else why}")
