"""Commands that read files and touch no archive: extract, entities. `entities` also looks after rules.toml.

What cannot be read is said, the rest goes on, and the command ends with FormatError's exit code.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import click

import archive
from archive import Article, FetchSettings, FormatError, Kind, Mention, UsageError, recognise
from backfile.cli.main import Desk, cli, pass_desk
from backfile.cli.render import emit, safe, size

_FILES = click.Path(path_type=Path, exists=True, dir_okay=False)
_ROWS = click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
_STDIN = Path("-")
_MOST = FetchSettings().max_decoded  # bytes of one file, unpacked: a page from the web may have no more
_MARKUP = ("<!doctype html", "<html", "<?xml", "%pdf-")
_CHUNK = 256  # rows handed to the workers at a time: keeps memory flat
_FEW = 24  # rows below which starting workers costs more than it gains
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Job:
    """One page to extract; `path` is where its bytes are. `problem`: why there is none, "" where there is one."""

    file: str
    path: Path
    url: str = ""
    encoding: str | None = None
    second_opinion: bool = False
    problem: str = ""


@cli.command()
@click.argument("files", nargs=-1, type=_FILES)
@click.option("--url", default="", help="The address the page was served from.")
@click.option("--batch", type=_ROWS, help="JSON Lines with file, url and (if known) encoding; .gz too; - for stdin.")
@click.option(
    "--root", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Where the files of --batch are."
)
@click.option("--second-opinion", is_flag=True, help="Ask other extractors too (slower, a little more accurate).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each file.")
@pass_desk
def extract(
    desk: Desk,
    files: tuple[Path, ...],
    url: str,
    batch: Path | None,
    root: Path | None,
    second_opinion: bool,
    as_json: bool,
) -> None:
    """Read saved pages and PDFs (.gz too): title, authors, dates, site, text and links, each with its rule."""
    _require(files, batch)
    jobs = chain(
        (Job(str(path), path, url, None, second_opinion) for path in files),
        _jobs(batch, root, second_opinion) if batch else (),
    )
    failed = 0
    with desk.screen.progress("extracting") as progress:
        for row in _mapped(_extracted, jobs):
            progress.advance(note=str(row["file"]))
            failed += row["outcome"] == _FAILED
            if as_json or batch:
                emit(row)
            else:
                _show(row)
    _report(failed)


def _jobs(batch: Path, root: Path | None, second_opinion: bool) -> Iterator[Job]:
    for number, row in _rows(batch):
        where = f"{batch}, line {number}"
        if isinstance(row, str):
            yield Job(where, batch, problem=row)
            continue
        file, url, encoding = row.get("file"), row.get("url") or "", row.get("encoding")
        if not isinstance(file, str) or not isinstance(url, str) or not isinstance(encoding, str | None):
            yield Job(where, batch, problem="file must be there, and file, url and encoding be strings")
            continue
        places = [root / file] if root else [batch.parent / file, Path(file)]
        path = next((place for place in places if place.is_file()), places[0])
        yield Job(file, path, url, encoding, second_opinion)


_FAILED = "failed"


def _extracted(job: Job) -> dict[str, object]:
    """The row of one page; what cannot be read is said in it, and the rest goes on."""
    found, outcome, problem = None, _FAILED, job.problem
    if not problem:
        try:
            payload = _bytes(job.path)
        except FormatError as error:
            problem = str(error)
        else:
            found, outcome, problem = archive.extract(
                payload, job.url, charset=job.encoding, second_opinion=job.second_opinion
            )
    article = found or Article(job.url, "", "")
    return {
        "file": job.file, "url": job.url, "outcome": outcome, "detail": problem, "title": article.title,
        "authors": article.authors, "date": article.published_on, "published": article.published,
        "modified": article.modified, "site": article.site, "lang": article.lang, "body": article.text,
        "links": article.links, "keywords": article.keywords, "sections": article.sections, "rules": article.rules,
        "flags": article.flags,
    }  # fmt: skip


def _require(files: tuple[Path, ...], batch: Path | None) -> None:
    if not files and batch is None:
        raise UsageError("nothing to read: name files, or rows with --batch")


def _report(failed: int) -> None:
    """What the exit code says of a run in which some could not be read."""
    if failed:
        click.echo(f"{failed} could not be read", err=True)
        click.get_current_context().exit(FormatError.exit_code)


def _show(row: Mapping[str, Any]) -> None:
    click.secho(safe(row["title"] or row["file"]), bold=True)
    if row["detail"]:
        click.echo(f"{safe(str(row['outcome']))}: {safe(row['detail'])}")
    for name in ("authors", "date", "modified", "site", "lang"):
        if value := row[name]:
            text = ", ".join(value) if name == "authors" else str(value)
            click.echo(f"  {name:9} {safe(text)}  ({safe(row['rules'].get(_RULES.get(name, name), ''))})")
    if row["body"]:
        click.echo(f"\n{safe(row['body'], lines=True)}\n")
    for link in row["links"]:
        click.echo(f"  {link.role.value:9} {safe(link.url)}")


_RULES = {"date": "published"}


class _Entities(click.Group):
    """A group whose own work is done when no subcommand is named: `entities FILE…`, but `entities rules`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return "read", self.commands["read"], args

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["read", *args]
        return super().parse_args(ctx, args)


@cli.group(cls=_Entities)
def entities() -> None:
    """Find the people, places, organisations and dates in text files; look after the rules for names."""


@entities.command("read")
@click.argument("files", nargs=-1, type=_FILES)
@click.option(
    "--date", "published", type=click.DateTime(["%Y-%m-%d"]), help="Day of publication, for dates like “Friday”."
)
@click.option("--lang", default="en", show_default=True, help="Language of the text.")
@click.option(
    "--batch", type=_ROWS, help="JSON Lines with id, text and (if known) date and lang; .gz too; - for stdin."
)
@click.option("--recogniser", default="default", show_default=True, help="Or accurate, spacy:MODEL, gliner:MODEL.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each mention.")
@pass_desk
def read_entities(
    desk: Desk, files: tuple[Path, ...], published: Any, lang: str, batch: Path | None, recogniser: str, as_json: bool
) -> None:
    """Find names and dates in text files (the default of `backfile entities`)."""
    _require(files, batch)
    on = published.date() if published else None
    problems: list[str] = []
    texts = chain(
        _texts_of(files, Text("", "", on, lang, recogniser), problems),
        _texts(batch, Text("", "", on, lang, recogniser), problems) if batch else (),
    )
    with desk.screen.progress("reading") as progress:
        for id_, mentions in _mapped(_understood, texts):
            progress.advance(note=id_)
            for mention in mentions:
                if as_json or batch:
                    emit(_mention(id_, mention))
                else:
                    where = f"{mention.start}–{mention.end}"
                    click.echo(
                        f"{mention.kind.value:7} {where:>13}  {safe(mention.text)}  →  {safe(mention.canonical)}"
                    )
    for problem in problems:
        click.echo(safe(problem), err=True)
    _report(len(problems))


@dataclass(frozen=True, slots=True)
class Text:
    """One text to read."""

    id: str
    text: str
    published: date | None
    lang: str
    recogniser: str


def _texts_of(files: tuple[Path, ...], like: Text, problems: list[str]) -> Iterator[Text]:
    """The texts of files, otherwise as `like`; what cannot be read is put into `problems`."""
    for path in files:
        try:
            text = _bytes(path).decode("utf-8-sig", "replace")
        except FormatError as error:
            problems.append(str(error))
            continue
        if text[:100].lstrip().lower().startswith(_MARKUP):
            problems.append(f"{path}: this is a page, no text: `backfile extract --json` gives its body")
            continue
        yield replace(like, id=path.name, text=text)


def _texts(batch: Path, like: Text, problems: list[str]) -> Iterator[Text]:
    """The texts of rows; what a row does not say is as in `like`."""
    for number, row in _rows(batch):
        where = f"{batch}, line {number}"
        if isinstance(row, str):
            problems.append(f"{where}: {row}")
        elif not isinstance(row.get("text"), str):
            problems.append(f"{where}: the row has no text")
        else:
            try:
                on = date.fromisoformat(row["date"][:10]) if row.get("date") else like.published
            except (TypeError, ValueError):
                problems.append(f"{where}: the date is not YYYY-MM-DD: {row['date']!r}")
                continue
            yield replace(
                like,
                id=str(row.get("id", number)),
                text=row["text"],
                published=on,
                lang=str(row.get("lang") or like.lang),
            )


def _understood(text: Text) -> tuple[str, tuple[Mention, ...]]:
    reading = recognise(text.text, published=text.published, lang=text.lang, recogniser=text.recogniser)
    return text.id, reading.mentions


def _mention(id_: str, mention: Mention) -> dict[str, object]:
    return {
        "id": id_, "kind": mention.kind, "text": mention.text, "start": mention.start, "end": mention.end,
        "canonical": mention.canonical, "confidence": round(mention.confidence, 3), "when": mention.when,
        "geo": mention.geo,
    }  # fmt: skip


@entities.command()
@click.option("--check", is_flag=True, help="Only say what is wrong with them.")
@pass_desk
def rules(desk: Desk, check: bool) -> None:
    """Read rules.toml and name the rules that touch nothing in the archive."""
    remarks = desk.archive.check_rules()
    for remark in remarks:
        click.echo(safe(remark))
    if not remarks:
        desk.screen.say("Every rule is well formed and touches a name in the archive.")
    if not check:
        desk.index.update()


@entities.command("names")
@click.option("--kind", type=click.Choice(["person", "place", "org"]), help="Only people, places or organisations.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many at the most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_desk
def known_names(desk: Desk, kind: str | None, limit: int, as_json: bool) -> None:
    """List whom and what the archive names, under one name each: other names, stories, mentions and evidence."""
    for row in desk.archive.names(Kind(kind) if kind else None, limit):
        if as_json:
            emit(row)
            continue
        country = f" ({row.country})" if row.country else ""
        click.echo(f"{row.kind.value:6} {row.stories:6} {row.mentions:7}  {safe(row.name)}{country}")
        if row.aliases:
            click.echo(f"{'':23}also {safe(', '.join(row.aliases))}")
        for reason in row.evidence:
            click.echo(f"{'':23}{safe(reason)}")


@entities.command()
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many at the most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_desk
def suggest(desk: Desk, limit: int, as_json: bool) -> None:
    """List names that may be one thing, for a person to decide (and write into rules.toml)."""
    for suggestion in desk.archive.suggest_names(limit):
        if as_json:
            emit(suggestion)
        else:
            names = f"{safe(suggestion.name)} = {safe(suggestion.other)}"
            click.echo(f"{suggestion.kind.value}: {names}?  {safe(suggestion.reason)}")


def _bytes(path: Path) -> bytes:
    """The file's bytes, unpacked if it is a .gz. Raises FormatError where they cannot be read, or are too many."""
    try:
        with _opened(path) as file:
            data = file.read(_MOST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError(f"cannot be read: {error}", file=str(path)) from error
    if len(data) > _MOST:
        raise FormatError(f"larger than {size(_MOST)}", file=str(path))
    return data


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Line numbers and objects of a JSON Lines file; of a line that holds none, what is wrong with it."""
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, _row(line)
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError(f"cannot be read: {error}", file=str(path)) from error


def _opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    if path == _STDIN:
        return nullcontext(sys.stdin.buffer)
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path))
    return path.open("rb")


def _row(line: bytes) -> dict[str, Any] | str:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    return row if isinstance(row, dict) else "not a JSON object"


def _mapped(work: Callable[[T], R], items: Iterator[T]) -> Iterator[R]:
    """`map(work, items)` in order, in worker processes where there are enough items."""
    first = list(islice(items, _FEW))
    cores = os.cpu_count() or 1
    if len(first) < _FEW or cores == 1:
        yield from map(work, chain(first, items))
        return
    # Ctrl-C is for this process alone to answer.
    with ProcessPoolExecutor(cores, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        while first:
            yield from pool.map(work, first, chunksize=8)
            first = list(islice(items, _CHUNK))
