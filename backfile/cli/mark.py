"""Commands for what a person adds to an article: tag, note."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing

import click

from backfile.cli.refs import Refs, ref_argument
from backfile.cli.render import emit, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.desk import Marked
from backfile.views.keeping import NoteRow, TagsRow


@click.command()
@ref_argument
@click.argument("tags", nargs=-1, metavar="TAG…")
@click.option("--remove", is_flag=True, help="Take the tags away instead.")
@json_option
@pass_terminal
def tag(terminal: Terminal, ref: str, tags: tuple[str, ...], remove: bool, as_json: bool) -> None:
    """Put tags on an article, or show the ones it has.

    Tags that differ by case are one, written as at first. `-` reads ids, URLs or rows of `--json` from
    standard input, one a line.
    """
    refs = Refs(ref)
    done = terminal.desk.tag_all(refs, remove=tags) if remove else terminal.desk.tag_all(refs, tags)
    _report(
        refs, done, lambda one: TagsRow(one.id, one.tags) if as_json else _tags(one, ", " if refs.are_many else "\n")
    )


@click.command()
@ref_argument
@click.argument("text", required=False)
@json_option
@pass_terminal
def note(terminal: Terminal, ref: str, text: str | None, as_json: bool) -> None:
    """Write a note on an article ("" removes it), or show the one it has.

    `-` reads ids, URLs or rows of `--json` from standard input, one a line, and writes it on each.
    """
    refs = Refs(ref)
    done = terminal.desk.note_all(refs, text)
    _report(refs, done, lambda one: NoteRow(one.id, one.note) if as_json else safe(one.note, lines=True) or "no note")


def _report(refs: Refs, done: Generator[Marked], shown: Callable[[Marked], object]) -> None:
    """Each article as `shown` says it: a row, or a text for a person, which names the article if it is one of many."""
    with closing(done):  # what was marked is indexed then, also where an error ends it
        for one in done:
            if one.error is not None:
                refs.tell(one.error)
            elif isinstance(said := shown(one), str):
                click.echo(f"{safe(one.ref)}  {said}" if refs.are_many else said)
            else:
                emit(said)
    refs.end()


def _tags(one: Marked, between: str) -> str:
    return between.join(map(safe, one.tags)) or "no tags"
