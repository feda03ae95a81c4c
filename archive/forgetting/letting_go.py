"""Letting go, step by step; each can be done twice, and whoever comes after a kill begins with the first.

decided (warc/ is looked through) ─▶ forgetting.json ─▶ what else speaks of it ─▶ WARC files written anew
  ─▶ catalog and journal ─▶ the database's own pages ─▶ a step of the manifest ─▶ objects that were replaced go
  ─▶ forgetting.json goes
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from archive.forgetting import intent as on_disk
from archive.forgetting import traces
from archive.forgetting.intent import Intent, Rewriting
from archive.model import Article
from archive.storage import Act, ActKind, Catalog, Store
from archive.storage.catalog.forget import Purge, purge, silence
from archive.storage.ops import Ops
from archive.storage.places import catalog_of
from archive.storage.scanning import Found, Scan
from archive.storage.vault import FolderVault, Vault
from archive.storage.warc.packing import MIN_REVISIT
from archive.storage.warc.tombstones import Epitaph


class LettingGo:
    """Of entries of one archive that is open for writing. `atom`: the file of notices, where there is one."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        atom: Path | None = None,
        ops: Ops | None = None,
        vault: Vault | None = None,
    ) -> None:
        self._folder = folder
        self._store = store
        self._atom = atom
        self._ops = ops or Ops()
        self._vault = vault or FolderVault(folder, ops=ops)

    def forget(self, entries: Sequence[str], reason: str) -> int:
        """All that is held on these entries goes; the bytes that went. StorageError: the next writer does the rest."""
        catalog = self._store.catalog
        captures = [capture for entry in entries for capture in catalog.captures_of(entry)]
        committed = catalog.committed()
        lengths = {name: committed[name] for name in self._store.lengths() if committed.get(name)}
        found = Scan(self._store.reader, captures, entries).run(lengths)
        on_disk.write(self._folder, self._intent(entries, captures, found, lengths, reason), self._ops)
        self.finish()
        return found.size

    def finish(self) -> None:
        """Does what is left to do, if anything is."""
        intent = on_disk.written(self._folder)
        if intent is None:
            return
        self._quiet(intent)
        self._rewrite(intent)
        self._catalog(intent)
        names = tuple(intent.files)
        what = Purge(intent.entries, intent.captures, intent.digests, names)
        purge(catalog_of(self._folder), what, self._store.reader.sha256)
        self._store.catalog.forget()
        self._store.step({name: f"sha256:{file.sha256}" for name, file in intent.files.items()})
        self._vault.settle()
        on_disk.done(self._folder, self._ops)

    # -- the steps -------------------------------------------------------------------------------------------------

    def _intent(
        self, entries: Sequence[str], captures: Sequence[str], found: Found, lengths: dict[str, int], reason: str
    ) -> Intent:
        files = {
            name: Rewriting(self._sha256(name, lengths[name]), lengths[name], tuple(regions))
            for name, regions in found.regions.items()
        }
        return Intent(
            on_disk.FORMAT, datetime.now(UTC), reason, tuple(entries), tuple(captures), files, tuple(found.bodies),
            tuple(sorted(found.digests)), tuple(sorted(self._pages(entries))),
        )  # fmt: skip

    def _pages(self, entries: Sequence[str]) -> set[str]:
        """Digests of the pages that are gone, by which they are known again wherever they come from."""
        catalog = self._store.catalog
        held = {
            capture.digest
            for entry in entries
            for capture in catalog.captures(entry)
            if capture.digest and capture.outcome.has_content and capture.size >= MIN_REVISIT
        }
        return {one for one in held if set(catalog.showing([one])) <= set(entries)}

    def _quiet(self, intent: Intent) -> None:
        """What else speaks of it, while the catalog still knows what that would be."""
        catalog = self._store.catalog
        there = [entry for entry in intent.entries if catalog.get(entry) is not None]
        if not there:
            return
        addresses = {address for entry in there for address in catalog.addresses(entry)}
        articles = (article for entry in there for article in _articles(catalog, entry))
        said = traces.needles(addresses, articles)
        traces.remove(self._folder, said, self._atom)
        silence(catalog_of(self._folder), said)

    def _rewrite(self, intent: Intent) -> None:
        epitaph = Epitaph(intent.at, intent.reason, intent.entries, intent.pages)
        with self._store.rewriting():
            for name, file in intent.files.items():
                if self._sha256(name, file.length) == file.sha256:  # else it was written anew before
                    self._vault.rewrite(name, file.regions, epitaph)

    def _catalog(self, intent: Intent) -> None:
        """The entries out of the catalog, and an act in the journal that a rebuild repeats."""
        known = self._store.catalog.let_go(intent.entries)
        left = [entry for entry in intent.entries if entry not in known or known[entry].at != intent.at]
        if not left:
            return
        with self._store.batch() as rows:
            for number, entry in enumerate(left):
                rows.delete_entry(entry)
                digests, bodies = (intent.pages, intent.bodies) if number == 0 else ((), ())
                self._store.act(Act(ActKind.FORGET, entry, (intent.reason, *digests), intent.at, bodies=bodies))

    def _sha256(self, name: str, length: int) -> str:
        return self._store.reader.sha256(name, 0, length).hex()


def _articles(catalog: Catalog, entry: str) -> Iterator[Article]:
    for version in catalog.versions(entry):
        yield catalog.article_at(entry, version.number)
