"""Options of several commands that bring pages in."""

from __future__ import annotations

import click

from archive import Resources

resources_option = click.option(
    "--resources",
    type=click.Choice([each.value for each in Resources]),
    callback=lambda _context, _option, value: value and Resources(value),
    help="Beside its text: the images of its article, or the page as it looks. Default: as [fetch] resources says.",
)
rescue_option = click.option(
    "--rescue",
    is_flag=True,
    default=None,
    help="Look for pages that are gone in other archives ([fetch] archives). Default: as [fetch] rescue says.",
)
browser_option = click.option(
    "--browser", is_flag=True, help="Have a browser show each page, and keep it as it is after its scripts."
)
