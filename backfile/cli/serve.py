"""Commands of the web door: serve, and the tokens that others need for it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from backfile import doors
from backfile.cli.render import emit, minute, safe
from backfile.cli.terminal import Terminal, json_option, pass_terminal
from backfile.desk.tokens import Scope, Tokens
from backfile.views.tokens import MadeTokenRow, TokenRow


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port, in place of the setting (8437); 0: any that is free."
)
@click.option(
    "--host", metavar="ADDRESS", help="The address to listen on; others than this machine need --public-url and tokens."
)
@click.option(
    "--public-url",
    metavar="URL",
    help="Where others reach it, behind a proxy that speaks TLS: https://archive.example.org",
)
@click.option("--content-url", metavar="URL", help="The same for archived pages, on another host name.")
@click.option("--tokens", is_flag=True, help="Ask for a token on this machine, too.")
@pass_terminal
def serve(
    terminal: Terminal,
    port: int | None,
    host: str | None,
    public_url: str | None,
    content_url: str | None,
    tokens: bool,
) -> None:
    """Open the archive in a browser: pages, feeds, and a JSON API, on this machine.

    Needs the extra web: pip install 'backfile[web]'. docs/web.md says what there is.
    """
    doors.serve(
        terminal.folder, terminal.screen.say, host=host, port=port, public_url=public_url, content_url=content_url,
        tokens=tokens,
    )  # fmt: skip


@click.group()
def token() -> None:
    """Say who may use `backfile serve` from elsewhere, and for what."""


@token.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", type=click.Choice([scope.value for scope in Scope]), multiple=True, required=True,
    help="What it allows: read, add, edit (both include read), or feed; repeatable.",
)  # fmt: skip
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day (UTC) from which it is good for nothing.",
)
@click.option("--query", metavar="QUERY", default="", help="Of a feed key: the query whose feed it opens.")
@json_option
@pass_terminal
def add(
    terminal: Terminal, name: str, scopes: tuple[str, ...], expires: datetime | None, query: str, as_json: bool
) -> None:
    """Make a token, and show it this once: only its digest is kept, in tokens.toml."""
    until = expires.replace(tzinfo=UTC) if expires else None
    made, secret = Tokens(terminal.desk.folder).make(name, frozenset(map(Scope, scopes)), expires=until, query=query)
    if as_json:
        emit(MadeTokenRow.made(made, secret))
        return
    click.echo(secret)
    terminal.screen.say(f"It is not shown again. Send it as a header: Authorization: Bearer {secret[:6]}…")


@token.command("list")
@json_option
@pass_terminal
def list_(terminal: Terminal, as_json: bool) -> None:
    """List the tokens, not what they are."""
    found = list(Tokens(terminal.desk.folder).all())
    if not found and not as_json:
        terminal.screen.say("There is no token: `backfile token add NAME` makes one.")
    for one in found:
        if as_json:
            emit(TokenRow.of(one))
            continue
        until = f", until {minute(one.expires)}" if one.expires else ""
        feed = f", feed of {safe(one.query) or 'everything'}" if Scope.FEED in one.scopes else ""
        click.echo(f"{safe(one.name)}  {', '.join(sorted(one.scopes))}, since {minute(one.added)}{until}{feed}")


@token.command()
@click.argument("name")
@json_option
@pass_terminal
def remove(terminal: Terminal, name: str, as_json: bool) -> None:
    """Take a token back: it is good for nothing from now on."""
    gone = Tokens(terminal.desk.folder).remove(name)
    if as_json:
        emit(TokenRow.of(gone))
    else:
        click.echo(f"Removed: {safe(gone.name)}")
