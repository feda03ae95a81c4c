"""The verbs that hand out: exports and proof."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from archive import ExportFormat, Which
from backfile.desk.progress import Progress, stage
from backfile.desk.verbs.halves import Halves
from index import Sort

if TYPE_CHECKING:
    from archive import Audit, Exported, Proved, Stamping, Texts


class Handing(Halves):
    """Writes what others are given."""

    def export(
        self,
        target: Path | BinaryIO,
        query: str = "",
        format: ExportFormat = ExportFormat.JSONL,  # noqa: A002
        *,
        ids: Iterable[str] | None = None,
        sort: Sort = Sort.OLDEST,
        texts: Texts | None = None,
        sign: bool = False,
        progress: Progress | None = None,
    ) -> Exported:
        """Write every article that matches to a file, which appears when it is whole, or into a stream.

        `ids` are those of the articles instead, in their order. Markdown makes a folder. `texts`: which of the texts of
        each (default: the current one). `sign`: a WACZ is signed with the archive's own key.
        Raises UsageError, StorageError, QueryError; what could not be exported is named.
        """
        from archive import ExportStamp, export_entries, export_to

        stamp = ExportStamp(query, datetime.now(UTC), self.archive.log_id(), len(self.hidden()))
        if ids is None:
            ids = self.ids(query, sort=sort, progress=progress)
        at = stage(progress, "exporting")
        if isinstance(target, Path):
            return export_entries(self.archive, ids, format, stamp, target, at, texts, sign=sign)
        return export_to(target, self.archive, ids, format, stamp, at, texts, sign=sign)

    def audit(self, query: str = "", *, ids: Iterable[str] | None = None, progress: Progress | None = None) -> Audit:
        """What a package of every article that matches (or of those with `ids`) would tell of persons and secrets."""
        from archive import ExportStamp, audit_entries

        if ids is None:
            ids = self.ids(query, sort=Sort.OLDEST, progress=progress)
        stamp = ExportStamp(query, datetime.now(UTC), self.archive.log_id())
        return audit_entries(self.archive, ids, stamp, stage(progress, "looking"))

    def export_short_links(
        self,
        target: Path | BinaryIO,
        format: ExportFormat = ExportFormat.JSONL,  # noqa: A002
        progress: Progress | None = None,
    ) -> Exported:
        """Write what every short link stood for, and when that was last seen, as CSV or JSON Lines. UsageError."""
        from archive import export_short_links

        return export_short_links(self.archive.short_links(), format, target, stage(progress, "exporting"))

    def prove(self, ref: str, which: Which, target: Path | None = None) -> Proved:
        """Write what can be proved of a text to a page, and the same as JSON beside it. NotFoundError, UsageError."""
        from archive import prove_one

        return prove_one(self.archive, ref, which, target)

    def stamp(self) -> Stamping:
        """Have the time of all that is stored stamped by a server of the settings, unless it is: `Archive.stamp`."""
        return self.archive.stamp()

    def stamps_times(self) -> bool:
        """Whether the settings name a server that stamps times."""
        return bool(self.archive.settings.proof.timestamps)

    def prove_all(self, query: str, target: Path, progress: Progress | None = None) -> list[Proved]:
        """Write what can be proved of every article that matches into a new folder, with a page that lists them."""
        from archive import prove_all

        ids = self.ids(query, sort=Sort.OLDEST, progress=progress)
        return prove_all(self.archive, ids, query, target, stage(progress, "proving"))
