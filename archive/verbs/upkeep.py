"""The verbs that look after the whole archive: verify, stamp, copy, move, forget, rebuild."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import DamagedError
from archive.forgetting import is_pending
from archive.model import Problem
from archive.storage.places import REINDEX
from archive.verbs.held import Progress
from archive.verbs.reading import Reading
from archive.wiring import LOCK_WAIT

if TYPE_CHECKING:
    from archive.copying import Copied
    from archive.copying.move import Moved
    from archive.forgetting.hiding import Embargoes
    from archive.forgetting.looking import Going
    from archive.stamping.steps import Stamping


class Upkeep(Reading):
    """Checks, copies, lets go and makes anew."""

    def verify(
        self, progress: Progress | None = None, *, share: float | None = None, since: datetime | None = None
    ) -> Iterator[Problem]:
        """Read every stored byte and hold the catalog against it; yields what is not as it was written.

        With `share` (0 to 1) or `since`, only so much of the bytes, chosen by chance, or of what was stored since then.
        """
        if share is not None or since is not None:
            from archive.storage.sampling import verify_some

            yield from verify_some(self.folder, share, since, progress, self.vault)
            return
        from archive.stamping.steps import problems
        from archive.storage.verify import verify

        yield from verify(self.folder, progress, self.vault)
        yield from problems(self.vault.manifest, self.settings)

    def stamp(self) -> Stamping:
        """Have the time of all that is stored stamped by a server of the settings, unless it is.

        UsageError without such a server, without the extra `sign`, and where nothing is stored; StorageError.
        """
        from archive.stamping.steps import stamp_last

        return stamp_last(self.vault.manifest, self.settings)

    def copy(self, folder: Path, progress: Progress | None = None) -> Copied:
        """Make `folder` a copy of the archive as it is now, or bring one up to date, whoever writes meanwhile.

        It is an archive of its own: opening it is how it is restored. What was forgotten here goes from it, too.
        UsageError where `folder` is something else, LockedError, StorageError.
        """
        from archive.copying import copy

        self._follow_rules()
        return copy(self.folder, folder, progress, wait=LOCK_WAIT, vault=self.vault)

    def move(self, folder: Path, progress: Progress | None = None) -> Moved:
        """Move all of it to where the new archive in `folder` keeps things: a bucket, a database.

        What was put is read back and compared; the catalog there has the same rows. This one stays as it is. The same
        call goes on with one that was stopped. UsageError where `folder` will not do, LockedError, StorageError.
        """
        from archive.copying.move import move

        return move(self.folder, folder, progress, wait=LOCK_WAIT)

    @property
    def embargoes(self) -> Embargoes:
        """What is hidden until a day."""
        from archive.forgetting.hiding import Embargoes

        return Embargoes(
            self.folder, lambda: self._wiring.storing(short=True), lambda: self._catalog, self._wiring.notices_file
        )

    def named_or_hidden(self, ref: str) -> str:
        """The id of the entry that `ref` means as in `find`, also where it is under embargo."""
        found = self._catalog.resolve(ref)
        return found[0] if len(found) == 1 else self.find(ref).id

    def would_forget(self, ids: Iterable[str]) -> list[Going]:
        """What would go with these entries, each once. NotFoundError."""
        from archive.forgetting.looking import going

        return [going(self._catalog, id_) for id_ in dict.fromkeys(ids)]

    def forget(self, ids: Iterable[str], reason: str) -> int:
        """Let all go that is held on these entries, from every file of the archive; the bytes of records that went.

        An index is another one's: whoever has one makes it anew where `reindex_wanted`. NotFoundError, StorageError.
        """
        going = [one.id for one in self.would_forget(ids)]
        if not going:
            return 0
        with self._wiring.storing() as (store, _, _):
            (self.folder / REINDEX).touch()
            self.close()
            return self._wiring.letting_go(store).forget(going, reason)

    def reindex_wanted(self, *, done: bool = False) -> bool:
        """Whether an index may still hold something that was let go; `done`: it was made anew since."""
        if done:
            (self.folder / REINDEX).unlink(missing_ok=True)
        return (self.folder / REINDEX).exists()

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make the catalog anew from warc/ alone, aside, and put it in place in one step; returns the captures read.

        Pages are read again by the present extraction and recognition, in a team by whoever works, too. Damaged records
        are passed over: `verify` names them. The old catalog stays until the new one is whole.
        """
        if is_pending(self.folder):
            with suppress(DamagedError), self._wiring.storing():  # what was begun is done first
                pass
        done = 0
        with self._wiring.storing(fresh=True) as (store, keeper, reader):
            with self._wiring.reading_again(store, reader) as pages:
                for _ in keeper.recover(pages):
                    done += 1
                    if progress:
                        progress(done, None)
            store.adopt()
        self.close()  # what we have open is the old file
        return done
