"""What a package tells of persons and secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive import Finding, FindingKind
from backfile.views.row import Same


@dataclass(frozen=True, slots=True)
class FindingRow(Same[Finding]):
    """Something that a package tells, under one name, at one host."""

    kind: Annotated[
        FindingKind,
        "`cookie set`, `cookie sent`, `login` (a header that proves who asks), `token in address`, `person in "
        "address`, `click id in address`, `address of the one who asked`, `address of a server`, `who asked` (in "
        "requests and in the file's own description), `who added` (a user's name), `note or tag` (of yours), `query`",
    ]
    name: Annotated[str, "of the cookie, header or parameter; the address, or the user's name"]
    host: Annotated[str, "where"]
    url: Annotated[str, "of the first record with it, `…` in the place of its value"]
    record: Annotated[str, "id of that record"]
    count: Annotated[int, "how often"]
