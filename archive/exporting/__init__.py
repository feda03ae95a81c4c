"""What can be exported: one small writer per format, each fed with entries one by one; whole or not at all.

    export(archive, ids, ExportFormat.CSV, stamp, Path("krasner.csv"))

`ids` may be endless as far as memory goes. A writer knows nothing of queries, and the command nothing of formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, runtime_checkable

from archive.config import ArchiveSettings
from archive.errors import UsageError
from archive.exporting.selection import Held, Selection, Stamp, Texts
from archive.folder import check_output
from archive.frozen import frozen
from archive.model import Problem

if TYPE_CHECKING:
    from archive.storage import ShortLink
    from archive.storage.vault import Vault

__all__ = ["ExportFormat", "Exported", "Stamp", "Texts", "export", "export_short_links", "export_to"]


class ExportFormat(StrEnum):
    """The formats by the names that people type."""

    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"
    RIS = "ris"
    CSL = "csl"
    BIBTEX = "bibtex"
    WARC = "warc"
    WACZ = "wacz"
    PARQUET = "parquet"

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return self is ExportFormat.MARKDOWN

    @property
    def is_text(self) -> bool:
        """Whether it can go down a pipe for people to read."""
        return self not in (ExportFormat.MARKDOWN, ExportFormat.WARC, ExportFormat.WACZ, ExportFormat.PARQUET)


class Kept(Held, Protocol):
    """What is asked of an archive; `Archive` gives it."""

    @property
    def folder(self) -> Path: ...
    @property
    def settings(self) -> ArchiveSettings: ...


@runtime_checkable
class KeptElsewhere(Protocol):
    """One whose WARC files may lie somewhere else than in its folder."""

    @property
    def vault(self) -> Vault: ...


@frozen
class Exported:
    """How many entries were exported, and what of them could not be, with the reason.

    `hidden`: articles of the archive that are under embargo, and so were not looked at. `remarks`: what is odd, such as
    a time stamp that nobody gave.
    """

    count: int
    problems: tuple[Problem, ...] = ()
    hidden: int = 0
    remarks: tuple[str, ...] = ()


def export(
    archive: Kept,
    ids: Iterable[str],
    format: ExportFormat,  # noqa: A002 - the word for it
    stamp: Stamp,
    target: Path,
    progress: Callable[[int], None] | None = None,
    texts: Texts | None = None,
    *,
    sign: bool = False,
) -> Exported:
    """Write the entries with `ids`, in their order, to `target`: a file, or for Markdown a folder that is not there.

    `target` appears when it is whole; a file of that name is replaced in one step, and a folder with just this in it
    left as it is, so that the same export can be told again. `texts`: which of the texts of each (default: the current
    one); a WARC or WACZ has the captures of all of them in any case. `sign`: a WACZ is signed with the archive's key.
    Captures in a WARC or WACZ stand in
    the order in which they were stored. Raises UsageError (also for
    what an archive is made of), StorageError, DamagedError (a catalog that cannot be read).
    """
    from archive.exporting.aside import file_aside, folder_aside

    check_output(target, archive.folder)
    _check_sign(format, sign=sign)
    selection = Selection(archive, ids, stamp, progress, texts)
    if format is ExportFormat.MARKDOWN:
        from archive.exporting import markdown

        again = markdown.is_same if markdown.is_export(target, stamp) else None
        with folder_aside(target, again) as folder:
            markdown.write(selection, folder)
    else:
        with file_aside(target) as out:
            _write(selection, format, out, archive, sign=sign)
    return _exported(selection)


def export_to(
    out: BinaryIO,
    archive: Kept,
    ids: Iterable[str],
    format: ExportFormat,  # noqa: A002
    stamp: Stamp,
    progress: Callable[[int], None] | None = None,
    texts: Texts | None = None,
    *,
    sign: bool = False,
) -> Exported:
    """As `export`, into a stream; UsageError for Markdown, which is a folder."""
    if format.is_folder:
        raise UsageError(f"{format} makes a folder of files: say where with -o FOLDER")
    _check_sign(format, sign=sign)
    selection = Selection(archive, ids, stamp, progress, texts)
    _write(selection, format, out, archive, sign=sign)
    return _exported(selection)


def _exported(selection: Selection) -> Exported:
    problems, remarks = tuple(selection.problems), tuple(selection.remarks)
    return Exported(selection.count, problems, selection.stamp.hidden, remarks)


def _check_sign(format: ExportFormat, *, sign: bool) -> None:  # noqa: A002
    if sign and format is not ExportFormat.WACZ:
        raise UsageError(f"{format} cannot be signed: a WACZ can")


def export_short_links(
    links: Iterable[ShortLink],
    format: ExportFormat,  # noqa: A002
    target: Path | BinaryIO,
    progress: Callable[[int], None] | None = None,
) -> Exported:
    """Write short links one by one: `short`, `long`, and `when` that was last seen (ISO 8601, in UTC).

    A file appears when it is whole. UsageError for a format other than CSV and JSON Lines and for a file of an archive,
    StorageError.
    """
    from archive.exporting import short_links
    from archive.exporting.aside import file_aside

    writers = {ExportFormat.CSV: short_links.write_csv, ExportFormat.JSONL: short_links.write_jsonl}
    if format not in writers:
        raise UsageError(f"short links are written as csv or jsonl, not as {format}")
    if isinstance(target, Path):
        check_output(target)
    counted = _Counted(links, progress)
    with file_aside(target) if isinstance(target, Path) else nullcontext(target) as out:
        writers[format](counted, out)
    return Exported(counted.count)


class _Counted:
    """Short links, counted as they are given out."""

    def __init__(self, links: Iterable[ShortLink], progress: Callable[[int], None] | None) -> None:
        self.count = 0
        self._links = links
        self._progress = progress

    def __iter__(self) -> Iterator[ShortLink]:
        for link in self._links:
            self.count += 1
            yield link
            if self._progress:
                self._progress(self.count)


def _write(
    selection: Selection,
    format: ExportFormat,  # noqa: A002
    out: BinaryIO,
    archive: Kept,
    *,
    sign: bool,
) -> None:
    from archive.exporting import csvs, html, jsonl, parquet, references, wacz, warc

    folder = archive.folder

    def vault() -> Vault:
        from archive.storage.vault import FolderVault

        return archive.vault if isinstance(archive, KeptElsewhere) else FolderVault(folder)

    writers: dict[ExportFormat, Callable[[Selection, BinaryIO], None]] = {
        ExportFormat.JSONL: jsonl.write,
        ExportFormat.CSV: csvs.write,
        ExportFormat.HTML: html.write,
        ExportFormat.RIS: references.write_ris,
        ExportFormat.CSL: references.write_csl,
        ExportFormat.BIBTEX: references.write_bibtex,
        ExportFormat.PARQUET: parquet.write,
        ExportFormat.WARC: lambda chosen, file: warc.write(chosen, file, folder, vault()),
        ExportFormat.WACZ: lambda chosen, file: wacz.write(
            chosen, file, folder, vault(), archive.settings if sign else None
        ),
    }
    writers[format](selection, out)
