"""Commands for names: entities read (texts, without an archive), names, suggest, rules."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from pathlib import Path

import click

from archive import Entity, Kind, Mention
from backfile.cli.extract import FILES, ROWS, opened, report, require
from backfile.cli.render import emit, fitted, row, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.desk import TextFile, Unread, read_texts, texts_in, texts_of
from backfile.views.files import MentionRow
from backfile.views.names import NameRow, RemarkRow, SuggestionRow

_limit = click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many at the most.")
_INDENT = " " * 23  # the columns of kind and counts


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


@click.group(cls=_Entities)
def entities() -> None:
    """Find the people, places, organisations and dates in text files; look after the rules for names."""


@entities.command()
@click.argument("files", nargs=-1, type=FILES)
@click.option(
    "--date", "published", type=click.DateTime(["%Y-%m-%d"]), help="Day of publication, for dates like “Friday”."
)
@click.option("--lang", default="", help="Language of the texts; otherwise found in each.")
@click.option("--batch", type=ROWS, help="JSON Lines with id, text and (if known) date and lang; .gz too; - for stdin.")
@click.option("--recogniser", default="default", show_default=True, help="Or accurate, spacy:MODEL, gliner:MODEL.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each mention.")
@pass_terminal
def read(
    terminal: Terminal,
    files: tuple[Path, ...],
    published: datetime | None,
    lang: str,
    batch: Path | None,
    recogniser: str,
    as_json: bool,
) -> None:
    """Find names and dates in text files (the default of `backfile entities`)."""
    require(files, batch)
    like = TextFile("", "", published.date() if published else None, lang, recogniser)
    texts = chain(texts_of(files, like), texts_in(opened(batch), like) if batch else ())
    unread: list[Unread] = []
    with terminal.screen.progress("reading") as progress:
        for text in read_texts(texts):
            progress.advance(note=text.name)
            if isinstance(text, Unread):
                unread.append(text)
                continue
            for mention in text.mentions:
                if as_json or batch:
                    emit(MentionRow.of(text.name, mention))
                else:
                    row(_line(mention))
    for one in unread:
        click.echo(safe(one.reason), err=True)
    report(len(unread))


@entities.command()
@click.option("--check", is_flag=True, help="Only say what is wrong with them.")
@json_option
@pass_terminal
def rules(terminal: Terminal, check: bool, as_json: bool) -> None:
    """Read rules.toml and name the rules that touch nothing in the archive."""
    remarks = terminal.desk.check_rules()
    for remark in remarks:
        if as_json:
            emit(RemarkRow(remark))
        else:
            click.echo(safe(remark))
    if not remarks:
        terminal.screen.say("Every rule is well formed and touches a name in the archive.")
    if not check:
        terminal.desk.catch_up()


@entities.command()
@click.option("--kind", type=click.Choice(["person", "place", "org"]), help="Only people, places or organisations.")
@_limit
@json_option
@pass_terminal
def names(terminal: Terminal, kind: str | None, limit: int, as_json: bool) -> None:
    """List whom and what the archive names, under one name each: other names, stories, mentions and evidence."""
    for entity in terminal.desk.names(Kind(kind) if kind else None, limit):
        if as_json:
            emit(NameRow.of(entity))
        else:
            _show(entity)


@entities.command()
@_limit
@json_option
@pass_terminal
def suggest(terminal: Terminal, limit: int, as_json: bool) -> None:
    """List names that may be one thing, for a person to decide (and write into rules.toml)."""
    for suggestion in terminal.desk.suggest_names(limit):
        if as_json:
            emit(SuggestionRow.of(suggestion))
        else:
            pair = f"{safe(suggestion.name)} = {safe(suggestion.other)}"
            click.echo(f"{suggestion.kind.value}: {pair}?  {safe(suggestion.reason)}")


def _line(mention: Mention) -> str:
    where = f"{mention.start}–{mention.end}"
    return f"{mention.kind.value:7} {where:>13}  {safe(mention.text)}  →  {safe(mention.canonical)}"


def _show(entity: Entity) -> None:
    country = f" ({entity.country})" if entity.country else ""
    click.echo(f"{entity.kind.value:6} {entity.stories:6} {entity.mentions:7}  {safe(entity.name)}{country}")
    if entity.aliases:
        click.echo(fitted(f"{_INDENT}also ", safe(", ".join(entity.aliases))))
    for reason in entity.evidence:
        click.echo(fitted(_INDENT, safe(reason)))
