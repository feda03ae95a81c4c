"""The objects of a worker: captures that wait together, and are put as one, where an archive lies in a bucket.

What is handed in then are facts alone: where each capture stands, and what was read of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from archive.config import StoreSettings
from archive.errors import StorageError
from archive.keeper import captures_of, facts_of
from archive.logs import logger
from archive.pipeline import Take
from archive.storage import Catalog, HandedIn, PutObject, Stored
from archive.storage.bucket.shelf import BucketShelf, worker_name
from archive.storage.limits import IN_A_BUCKET
from archive.storage.objects import Objects
from archive.storage.warc.packing import pack_fetched
from archive.storage.warc.records import Body
from archive.team.packing import without_bytes

_log = logger(__name__)


Page = tuple[int, Take, str]  # number of its piece, what was fetched and read, who asked for it


@dataclass(slots=True)
class _Object:
    """What stands in the one that is to be put."""

    pages: list[tuple[int, Take, list[Stored]]] = field(default_factory=list)
    bodies: dict[str, Body] = field(default_factory=dict)  # by digest
    captures: int = 0
    end: int = 0


class Putting:
    """Packs what one worker has fetched, and puts it. `catalog` knows the payloads that are stored already."""

    def __init__(self, objects: Objects, settings: StoreSettings, catalog: Catalog) -> None:
        self._shelf = BucketShelf(objects, settings, f"{worker_name()}w{os.getpid()}")
        self._catalog = catalog

    def put(self, pages: Iterable[Page]) -> Iterator[tuple[int, Take]]:
        """Puts them in as few objects as they fit into; the number of each, and what of it is to be handed in.

        One that cannot be stored is left out, and the run meets the reason. StorageError where the store refuses: what
        has come until then is safe.
        """
        held = _Object()
        for num, take, by in pages:
            if held.end >= IN_A_BUCKET.size:
                yield from self._put(held)
                held = _Object()
            try:
                held.pages.append((num, take, [self._packed(one, by, held) for one in captures_of(take)]))
            except StorageError as error:
                _log.warning("%s is left to the run that asked for it: %s", take.wanted.url, error)
        yield from self._put(held)

    def _packed(self, take: Take, by: str, held: _Object) -> Stored:
        facts, where = replace(facts_of(take), added_by=by), self._shelf.place()
        known = lambda digest: held.bodies.get(digest) or self._catalog.body(digest)  # noqa: E731
        data, stored = pack_fetched(
            take.fetched, facts, datetime.now(UTC), known, where, take.resources, take.shown
        )  # fmt: skip
        self._shelf.append(data)
        held.bodies |= {body.digest: body for body in stored.bodies}
        held.captures += 1
        held.end = where.offset + len(data)
        return stored

    def _put(self, held: _Object) -> Iterator[tuple[int, Take]]:
        if not held.pages:
            return
        self._shelf.sync()
        name = held.pages[0][2][0].file
        within = PutObject(name, held.end, self._shelf.sha256(name, 0, held.end), held.captures)
        for num, take, stored in held.pages:
            first, *rest = (
                without_bytes(one, HandedIn(each, within)) for one, each in zip(captures_of(take), stored, strict=True)
            )
            yield num, replace(first, rescue=rest[0]) if rest else first
