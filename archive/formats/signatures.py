"""The signature of a package that is imported: checked before anything is taken from it, and kept with each capture."""

from __future__ import annotations

from pathlib import Path

from archive.errors import FormatError, StorageError, UsageError
from archive.model import Package

_MOST = 2**16  # characters of a signature with its certificates that are kept with every capture
_MOST_PROBLEMS = 5


def signed_package(path: Path) -> Package | None:
    """What a signed WACZ is worth; None where nobody signed it. Reads all of it once."""
    from archive.exporting.signing import check, signed_data

    try:
        digest, data = signed_data(path)
        if not data:
            return None
        found = check(path)
    except (FormatError, StorageError):
        return None  # whoever reads what is in it says so
    except UsageError as error:  # without the extra nothing can be said of it
        return Package(path.name, digest, "", "", "", "", "", (f"not checked: {error}",), _kept(data))
    more = len(found.problems) - _MOST_PROBLEMS
    problems = (*found.problems[:_MOST_PROBLEMS], *([f"{more} things more"] if more > 0 else []))
    return Package(
        path.name, digest, found.signer, found.created, found.software, found.stamped, found.stamped_by, problems,
        _kept(data),
    )  # fmt: skip


def told(package: Package) -> str:
    """In a sentence."""
    by = f"signed by {package.signer or 'nobody who can be read'}"
    when = f" on {package.created}" if package.created else ""
    if package.problems:
        return f"the package is {by}{when}, and does not hold: {'; '.join(package.problems)}"
    return f"the package is {by}{when}; every digest in it holds, and the signature"


def _kept(data: dict[str, str]) -> dict[str, str]:
    return data if sum(map(len, data.values())) <= _MOST else {}
