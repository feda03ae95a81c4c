"""Commands for what a person adds to an article: tag, note."""

from __future__ import annotations

import click

from archive import UsageError
from backfile.cli.refs import Refs, ref_argument
from backfile.cli.render import emit, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.views.keeping import NoteRow, TagsRow


@click.command()
@ref_argument
@click.argument("tags", nargs=-1, metavar="TAG…")
@click.option("--remove", is_flag=True, help="Take the tags away instead.")
@json_option
@pass_terminal
def tag(terminal: Terminal, ref: str, tags: tuple[str, ...], remove: bool, as_json: bool) -> None:
    """Put tags on an article, or show the ones it has.

    `-` reads ids or URLs from standard input, one a line.
    """
    desk, refs = terminal.desk, Refs(ref)
    for one in refs:
        try:
            kept = desk.tag(one, remove=tags) if remove else desk.tag(one, tags)
            if as_json:
                emit(TagsRow(desk.find(one).id, kept))
                continue
        except UsageError as error:
            refs.tell(error)
            continue
        if refs.are_many:
            click.echo(f"{safe(one)}  {', '.join(map(safe, kept)) or 'no tags'}")
        else:
            click.echo("\n".join(map(safe, kept)) or "no tags")
    refs.end()


@click.command()
@ref_argument
@click.argument("text", required=False)
@json_option
@pass_terminal
def note(terminal: Terminal, ref: str, text: str | None, as_json: bool) -> None:
    """Write a note on an article ("" removes it), or show the one it has.

    `-` reads ids or URLs from standard input, one a line, and writes it on each.
    """
    desk, refs = terminal.desk, Refs(ref)
    for one in refs:
        try:
            kept = desk.note(one, text)
            if as_json:
                emit(NoteRow(desk.find(one).id, kept))
                continue
        except UsageError as error:
            refs.tell(error)
            continue
        shown = safe(kept, lines=True) or "no note"
        click.echo(f"{safe(one)}  {shown}" if refs.are_many else shown)
    refs.end()
