"""Command that looks at what others hand out: verify-wacz."""

from __future__ import annotations

from pathlib import Path

import click

from backfile.cli.keep import FOUND_PROBLEMS
from backfile.cli.render import emit, safe
from backfile.desk import check_package
from backfile.views.proving import PackageRow


@click.command("verify-wacz")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--roots",
    type=click.Path(exists=True, dir_okay=False),
    help="A PEM file of authorities whose time stamps are trusted beside the usual ones.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def verify_wacz(file: Path, roots: str | None, as_json: bool) -> None:
    """Check a WACZ package, also one of others: every digest, the signature, and who signed it.

    Needs no archive. Of a package that was signed for a domain, the certificate is told, and not held against any
    authority. A time stamp is held against the usual authorities and those of --roots.
    """
    found = check_package(file, roots or "")
    if as_json:
        emit(PackageRow.of(found))
    else:
        for problem in found.problems:
            click.echo(f"does not hold: {safe(problem)}")
        if not found.problems:
            click.echo(f"Every digest of {found.resources} resources holds.")
        by = f"Signed by {safe(found.signer)}, {safe(found.created)}, with {safe(found.software)}."
        click.echo(by if found.signer else "Nobody signed it.")
        if found.stamped:
            known = (
                "" if found.stamp_trusted else ", whose root is not known here: its signature was not checked (--roots)"
            )
            click.echo(f"Stamped {safe(found.stamped)} by {safe(found.stamped_by)}{known}.")
    if found.problems:
        click.get_current_context().exit(FOUND_PROBLEMS)
