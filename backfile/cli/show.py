"""Commands that show what is held on a page: show, links."""

from __future__ import annotations

import sys

import click

from archive import Entry, Outcome, Resource, UsageError
from backfile.cli.refs import Refs, ref_argument, which, which_options
from backfile.cli.render import emit, fitted, safe
from backfile.cli.tables import link_lines, show_entry
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.views.reading import EntryRow, LinkRow, ResourceRow


@click.command()
@ref_argument
@click.option("--text", "form", flag_value="text", help="The text alone.")
@click.option("--html", "form", flag_value="html", help="The page as it was served, byte for byte.")
@click.option("--json", "form", flag_value="json", help="Everything that is held on it, as one JSON object.")
@click.option(
    "--self-contained",
    is_flag=True,
    help="With --html: one file with images, styles and fonts in it, which runs, asks and sends nothing.",
)
@which_options
@pass_terminal
def show(
    terminal: Terminal,
    ref: str,
    form: str | None,
    self_contained: bool,
    version: int | None,
    at: str | None,
    capture: str,
) -> None:
    """Show an article: what it says, who and what is in it, the sources it cites.

    `-` reads ids, URLs or rows of `--json` from standard input, one a line. The id of a capture
    stands for what that capture showed.
    """
    refs, wanted = Refs(ref), which(version, at, capture)
    if self_contained and form != "html":
        raise click.UsageError("--self-contained goes with --html.")
    if form == "html":
        if refs.are_many:
            raise UsageError("--html gives one page: name it")
        sys.stdout.buffer.write(
            terminal.desk.self_contained(ref, wanted) if self_contained else terminal.desk.page(ref, wanted)
        )
        return
    for number, one in enumerate(refs):
        try:
            entry = terminal.desk.as_it_was(one, wanted, names=form != "text")
        except UsageError as error:
            refs.tell(error)
            continue
        if number and form != "json":
            click.echo()
        _show(terminal, entry, form)
    refs.end()


def _show(terminal: Terminal, entry: Entry, form: str | None) -> None:
    if form == "json":
        emit(EntryRow.of(entry))
    elif form == "text":
        click.echo(safe(entry.article.text if entry.article else "", lines=True))
    else:
        show_entry(terminal.screen, entry)


@click.command()
@ref_argument
@click.option("--resources", is_flag=True, help="What its page is shown with instead: images, styles, fonts, scripts.")
@which_options
@json_option
@pass_terminal
def links(
    terminal: Terminal,
    ref: str,
    resources: bool,
    version: int | None,
    at: str | None,
    capture: str,
    as_json: bool,
) -> None:
    """List the sources an article cites, hop by hop, and what became of each.

    `-` reads ids, URLs or rows of `--json` from standard input, one a line.
    """
    refs = Refs(ref)
    wanted = which(version, at, capture)
    for entry in refs.entries(terminal.desk, headed=not as_json, as_it_was=wanted):
        if resources:
            _resources(terminal, entry, terminal.desk.resources(refs.last, wanted), as_json)
            continue
        for source in entry.sources:
            if as_json:
                emit(LinkRow.of(source, entry.id))
            else:
                click.echo(link_lines(source, terminal.screen.width))
        if not entry.sources and not as_json:
            terminal.screen.say("It cites no sources.")
    refs.end()


def _resources(terminal: Terminal, entry: Entry, found: list[Resource], as_json: bool) -> None:
    for one in found:
        if as_json:
            emit(ResourceRow.of(one, entry.id))
        else:
            why = "" if one.outcome is Outcome.OK else f"  {one.outcome.value}: {safe(one.detail)}"
            click.echo(fitted(f"{one.kind.value:7}{one.size:9,}  ", f"{safe(one.url)}{why}"))
    if not found and not as_json:
        terminal.screen.say("Nothing of what its page is shown with was asked for.")
