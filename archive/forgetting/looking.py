"""What would go with an article, and who shows the same bytes or cites it: read from the catalog alone."""

from __future__ import annotations

from dataclasses import dataclass

from archive.errors import NotFoundError
from archive.model import Capture
from archive.storage import Catalog


@dataclass(frozen=True, slots=True)
class Going:
    """An article that is to be let go, or is gone.

    `size`: bytes of its pages. `same_bytes`: articles that show the very same bytes, which stay as theirs. `cited_by`:
    articles that link to it, which keep its address and their own words about it. `resources`: how many of the files
    that its pages are shown with no other page is, with `resource_bytes`. `names`: those that no other article has.
    """

    id: str
    url: str
    title: str
    versions: int
    captures: int
    size: int
    tags: tuple[str, ...]
    note: str
    same_bytes: tuple[str, ...]
    cited_by: tuple[str, ...]
    resources: int = 0
    resource_bytes: int = 0
    names: tuple[str, ...] = ()


def going(catalog: Catalog, entry_id: str) -> Going:
    """What goes with that entry. NotFoundError."""
    entry = catalog.get(entry_id)
    if entry is None:
        raise NotFoundError(f"there is no entry {entry_id}")
    captures, resources = catalog.captures(entry_id), catalog.resources_alone(entry_id)
    return Going(
        entry.id, entry.url, entry.article.title if entry.article else "", entry.versions, len(captures),
        sum(capture.size for capture in captures), entry.tags, entry.note, tuple(_same(catalog, entry_id, captures)),
        tuple(citation.id for citation in entry.cited_by), len(resources), sum(one.size for one in resources),
        tuple(catalog.names_alone(entry_id)),
    )  # fmt: skip


def _same(catalog: Catalog, entry_id: str, captures: list[Capture]) -> list[str]:
    digests = {capture.digest for capture in captures if capture.digest}
    return [other for other in catalog.showing(digests) if other != entry_id]
