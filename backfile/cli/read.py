"""Commands that read files and touch no archive: extract, entities. `entities` also looks after rules.toml."""

from __future__ import annotations

import gzip
import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import click

import archive
from archive import Article, FormatError, Kind, Mention, recognise
from backfile.cli.main import Desk, cli, pass_desk
from backfile.cli.render import emit, safe

_FILES = click.Path(path_type=Path, exists=True, dir_okay=False)
_CHUNK = 256  # rows handed to the workers at a time: keeps memory flat
_FEW = 24  # rows below which starting workers costs more than it gains
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Job:
    """One page to extract; `path` is where its bytes are."""

    file: str
    path: Path
    url: str
    encoding: str | None
    second_opinion: bool


@cli.command()
@click.argument("files", nargs=-1, type=_FILES)
@click.option("--url", default="", help="The address the page was served from.")
@click.option("--batch", type=_FILES, help="JSON Lines with file, url and (if known) encoding; .gz too.")
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
    jobs = chain(
        (Job(str(path), path, url, None, second_opinion) for path in files),
        _jobs(batch, root, second_opinion) if batch else (),
    )
    with desk.screen.progress("extracting") as progress:
        for row in _mapped(_extracted, jobs):
            progress.advance(note=str(row["file"]))
            if as_json or batch:
                emit(row)
            else:
                _show(row)


def _jobs(batch: Path, root: Path | None, second_opinion: bool) -> Iterator[Job]:
    for number, row in _rows(batch):
        file = row.get("file")
        if not isinstance(file, str):
            raise FormatError("the row has no file", file=str(batch), line=number)
        places = [root / file] if root else [batch.parent / file, Path(file)]
        path = next((place for place in places if place.is_file()), places[0])
        yield Job(file, path, row.get("url") or "", row.get("encoding"), second_opinion)


def _extracted(job: Job) -> dict[str, object]:
    """The row of one page; what cannot be read is said in it, and the rest goes on."""
    try:
        payload = _bytes(job.path)
    except (OSError, EOFError) as error:
        return {"file": job.file, "url": job.url, "outcome": "failed", "detail": f"cannot be read: {error}"}
    article, outcome, detail = archive.extract(
        payload, job.url, charset=job.encoding, second_opinion=job.second_opinion
    )
    article = article or Article(job.url, "", "")
    return {
        "file": job.file, "url": job.url, "outcome": outcome, "detail": detail, "title": article.title,
        "authors": article.authors, "date": article.published_on, "published": article.published,
        "modified": article.modified, "site": article.site, "lang": article.lang, "body": article.text,
        "links": article.links, "keywords": article.keywords, "sections": article.sections, "rules": article.rules,
        "flags": article.flags,
    }  # fmt: skip


def _show(row: Mapping[str, Any]) -> None:
    click.secho(safe(row.get("title") or row["file"]), bold=True)
    if row["detail"]:
        click.echo(f"{safe(str(row['outcome']))}: {safe(row['detail'])}")
    for name in ("authors", "date", "modified", "site", "lang"):
        if value := row.get(name):
            text = ", ".join(value) if name == "authors" else str(value)
            click.echo(f"  {name:9} {safe(text)}  ({safe(row['rules'].get(_RULES.get(name, name), ''))})")
    click.echo(f"\n{safe(row.get('body') or '', lines=True)}\n")
    for link in row.get("links") or ():
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
@click.option("--batch", type=_FILES, help="JSON Lines with id, text and (if known) date and lang; .gz too.")
@click.option("--recogniser", default="default", show_default=True, help="Or accurate, spacy:MODEL, gliner:MODEL.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each mention.")
@pass_desk
def read_entities(
    desk: Desk, files: tuple[Path, ...], published: Any, lang: str, batch: Path | None, recogniser: str, as_json: bool
) -> None:
    """Find names and dates in text files (the default of `backfile entities`)."""
    on = published.date() if published else None
    texts = chain(
        (Text(path.name, _bytes(path).decode("utf-8", "replace"), on, lang, recogniser) for path in files),
        _texts(batch, lang, recogniser) if batch else (),
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


@dataclass(frozen=True, slots=True)
class Text:
    """One text to read."""

    id: str
    text: str
    published: date | None
    lang: str
    recogniser: str


def _texts(batch: Path, lang: str, recogniser: str) -> Iterator[Text]:
    for number, row in _rows(batch):
        if not isinstance(row.get("text"), str):
            raise FormatError("the row has no text", file=str(batch), line=number)
        try:
            on = date.fromisoformat(row["date"][:10]) if row.get("date") else None
        except (TypeError, ValueError) as error:
            raise FormatError(f"the date is not YYYY-MM-DD: {row['date']!r}", file=str(batch), line=number) from error
        yield Text(str(row.get("id", number)), row["text"], on, row.get("lang") or lang, recogniser)


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
    """The file's bytes, unpacked if it is a .gz."""
    if path.suffix == ".gz":
        with gzip.open(path) as packed:
            return packed.read()
    return path.read_bytes()


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line numbers and objects of a JSON Lines file."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise FormatError(f"not JSON: {error}", file=str(path), line=number) from error
            if not isinstance(row, dict):
                raise FormatError("not a JSON object", file=str(path), line=number)
            yield number, row


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
