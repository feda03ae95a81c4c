"""What can be imported: one small module per format, each a generator of items; the format is found by content.

    for found in read(Path("bookmarks.html")):
        match found:
            case Item(): found.url, found.title, found.tags …
            case Reject(): found.origin.line, found.reason, found.raw

Reading never asks the network, never writes, and holds a bounded part of a file in memory. A row that is no item is a
Reject, what is wrong with a part of one stands in `Item.remarks`; what is wrong with a file is the last Reject of it.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.config import SETTINGS_FILE
from archive.errors import FormatError, UsageError
from archive.formats.item import Broken, Item, Origin, Reject, Repeats, clipped
from archive.formats.opening import ImportFile
from archive.formats.registry import BY_NAME, FORMATS, Format, recognised
from archive.storage.places import WARC

__all__ = [
    "FORMATS",
    "Format",
    "Item",
    "Origin",
    "Reject",
    "Repeats",
    "check_there",
    "detect",
    "files",
    "read",
]

_NOT_FOLDER = frozenset({"text"})  # too vague to be taken from a folder just because it is there
_HOLD_CONTENT = frozenset({"warc", "arc", "zip", "har", "page", "mhtml"})
_BESIDE = ("image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/javascript")  # of pages
_NAMED = 5  # of the files that are passed over
_TEXTS = frozenset({".txt", ".md", ".url", ".webloc", ".list", ".urls"})


def detect(path: Path) -> Format:
    """The format of a file, by its content. FormatError when it is none that can be imported."""
    return _format(ImportFile(path))


def read(
    path: Path | Iterable[Path],
    format: str | None = None,  # noqa: A002 - the word for it
) -> Iterator[Item | Reject]:
    """The items and the bad rows of a file, or of every file in a folder and below, in the order of their names.

    `format` is a name from FORMATS (default: found by content). Raises UsageError for a format that does not exist,
    FormatError for a file that is not there or of no format; what is wrong inside of a file is a Reject. A remark says
    which files of a folder are of no format, but for what pages are shown with. Of several files one of no format is
    rejected, and the rest goes on; tags, notes and edits of ours may stand in another file than their page, and so may
    parts of a record.
    """
    from archive.formats.own_warcs import Together

    wanted, together = named(format) if format else None, Together()
    paths = [path] if isinstance(path, Path) else list(path)
    for path in paths:
        passed: list[str] = []
        check_there(path)
        for file in files(path) if path.is_dir() else [path]:
            source = ImportFile(file)
            source.together = together
            found = wanted or (BY_NAME.get(recognised(source)) if path.is_dir() else None)
            if path.is_dir() and wanted is None and (found is None or not _is_of_folder(found, file)):
                if not (mimetypes.guess_type(file.name)[0] or "").startswith(_BESIDE):
                    passed.append(str(file.relative_to(path)))
                continue
            try:
                yield from read_source(source, found)
            except FormatError as error:
                if len(paths) == 1:
                    raise
                yield Reject(source.origin(), str(error).removeprefix(f"{source.name}: "), lost=True)
        if passed:
            yield _told(path, passed)
    yield from together.rest()
    if together.segments:
        from archive.formats.warcs import left_in_parts

        yield from left_in_parts(together.segments)


def check_there(path: Path) -> None:
    """FormatError for a file that is not there, and for a folder in which there is none."""
    if not path.exists():
        raise FormatError("there is no such file", file=str(path))
    if path.is_dir() and next(files(path), None) is None:
        raise FormatError("there is no file in this folder that could be imported", file=str(path))


def _told(folder: Path, passed: list[str]) -> Reject:
    shown = ", ".join(passed[:_NAMED]) + (" …" if len(passed) > _NAMED else "")
    what = "1 file is" if len(passed) == 1 else f"{len(passed)} files are"
    return Reject(Origin("", str(folder)), f"{what} of no format that is known, and passed over: {shown}", remark=True)


def _is_of_folder(found: Format, file: Path) -> bool:
    return found.name not in _NOT_FOLDER or file.suffix.lower() in _TEXTS


def files(folder: Path) -> Iterator[Path]:
    """The files in a folder and below, by name; not hidden ones, links, and what browsers save beside a page.

    Of an archive of ours its WARC files: all else in its folder is made from them.
    """
    if (folder / SETTINGS_FILE).is_file() and (folder / WARC).is_dir():
        folder /= WARC
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            if not (path.name.endswith(("_files", "-Dateien")) and _page_beside(path)):
                yield from files(path)
        elif path.is_file():
            yield path


def named(name: str) -> Format:
    """The format with that name. UsageError when there is none."""
    if name not in BY_NAME:
        raise UsageError(f"there is no format {name!r}; `backfile import --list-formats` shows them")
    return BY_NAME[name]


def read_source(source: ImportFile, format: Format | None = None) -> Iterator[Item | Reject]:  # noqa: A002
    """As `read`, for one source of bytes."""
    found = format or _format(source)
    source.format_name = found.name
    is_empty = True
    try:
        for each in found.read(source):
            is_empty = False
            yield each
        if source.damage:
            raise source.damage
        if is_empty and not (source.together and source.together.segments):
            yield Reject(source.origin(), "nothing was found in it that could be imported", remark=True)
    except Broken as problem:
        yield Reject(source.origin(problem.line), str(problem), clipped(problem.raw), lost=found.name in _HOLD_CONTENT)


def _format(source: ImportFile) -> Format:
    name = recognised(source)
    if not name:
        what = "it is empty" if not source.head else "it is none of the formats of `backfile import --list-formats`"
        raise FormatError(source.problem or what, file=source.name)
    return BY_NAME[name]


def _page_beside(folder: Path) -> bool:
    stem = folder.name.rpartition("_")[0] or folder.name.rpartition("-")[0]
    return any(folder.with_name(stem + suffix).is_file() for suffix in (".html", ".htm", ".xhtml"))
