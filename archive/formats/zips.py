"""Zip files: WACZ and the exports that come zipped. Members are read where they are; nothing is ever unpacked to disk.

Sizes in a zip's directory are only claims: what is counted are the bytes that come out, over all members.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, Self, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from archive.formats.item import Broken, Item, Reject
from archive.formats.opening import MAX_WHOLE, ZIP_ERRORS, ImportFile

_MAX_MEMBERS = 200_000
_FLOOR = 2**30  # bytes that any zip file may expand to
_RATIO = 120  # beyond that, so many times its own size; text rarely packs better than 20 times
_PAGES = frozenset({"page", "mhtml"})
_VAGUE = frozenset({"text"})
_TEXTS = frozenset({".txt", ".md", ".csv", ".urls"})
_ASSET_FOLDERS = ("indexes/", "fuzzy/", "logs/")  # of a WACZ


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The items of every member of a known format."""
    if source.is_member:
        yield Reject(source.origin(), "a zip file inside of a zip file is not opened: unpack it first")
        return
    try:
        archive = ZipFile(source.path)
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Broken(f"the zip file cannot be read: {error}") from error
    with archive:
        yield from _members(source, archive)


def _members(source: ImportFile, archive: ZipFile) -> Iterator[Item | Reject]:
    from archive.formats import named, read_source
    from archive.formats.registry import recognised

    budget = _Budget(max(_FLOOR, _RATIO * source.path.stat().st_size))
    infos = archive.infolist()
    if len(infos) > _MAX_MEMBERS:
        raise Broken(f"the zip file has more than {_MAX_MEMBERS} members")
    wacz = any(info.filename == "datapackage.json" for info in infos)
    known = {info.filename: info for info in infos}
    omnivore = any(PurePosixPath(name).name.startswith("metadata_") for name in known)
    damaged: list[str] = []  # names of members that were told to be
    for info in infos:
        name = f"{source.name}!{info.filename}"
        if info.is_dir():
            continue
        if why := _refused(info):
            yield Reject(ImportFile(source.path, name, "zip").origin(), why)
            continue
        if wacz and not info.filename.startswith("archive/"):
            continue
        member = ImportFile(
            source.path, name,
            opened=_opener(archive, info, budget), beside=_beside(archive, known, info.filename, budget, damaged),
        )  # fmt: skip
        kind = recognised(member)
        budget.spend(0)
        if not kind and member.problem and info.filename not in damaged:
            damaged.append(info.filename)
            yield Reject(member.origin(), member.problem)
        told = len(damaged)
        suffix = PurePosixPath(info.filename).suffix.lower()
        if not kind or (kind in _VAGUE and suffix not in _TEXTS):
            continue
        if omnivore and kind in _PAGES | _VAGUE:
            continue  # the texts and highlights of the articles in its lists
        yield from read_source(member, named(kind))
        for other in damaged[told:]:
            yield Reject(
                ImportFile(source.path, f"{source.name}!{other}", "zip").origin(), "it cannot be read: damaged"
            )


class _Budget:
    """How many bytes may still come out of one zip file."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise Broken("the zip file expands to far more than its size: nothing more is read from it")


class _Counted:
    """A member being read, its bytes counted. Seeks are those that zipfile allows."""

    def __init__(self, file: BinaryIO, budget: _Budget) -> None:
        self._file = file
        self._budget = budget

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._budget.spend(len(data))
        return data

    def seek(self, offset: int) -> int:
        return self._file.seek(offset)

    def seekable(self) -> bool:
        return self._file.seekable()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _opener(archive: ZipFile, info: ZipInfo, budget: _Budget) -> Callable[[], BinaryIO]:
    return lambda: cast("BinaryIO", _Counted(cast("BinaryIO", archive.open(info)), budget))


def _beside(
    archive: ZipFile, known: dict[str, ZipInfo], member: str, budget: _Budget, damaged: list[str]
) -> Callable[[str], bytes | None]:
    """The members next to one of them; those that cannot be read are noted in `damaged`."""
    folder = PurePosixPath(member).parent

    def content(name: str) -> bytes | None:
        info = known.get(str(folder / name))
        if info is None or _refused(info) or info.file_size > MAX_WHOLE:
            return None
        try:
            with archive.open(info) as file:
                data = file.read(MAX_WHOLE + 1)
        except ZIP_ERRORS:
            if info.filename not in damaged:
                damaged.append(info.filename)
            return None
        budget.spend(len(data))
        return data if len(data) <= MAX_WHOLE else None

    return content


def _refused(info: ZipInfo) -> str:
    """Why a member is not touched; "" for an ordinary one."""
    name = info.orig_filename
    if "\0" in name or "\\" in name or name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        return "a member with a name that is no relative path"
    if ".." in PurePosixPath(name).parts:
        return "a member with a name that leads out of the zip file"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a member that is a link"
    return ""
