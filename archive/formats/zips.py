"""Zip files: WACZ and the exports that come zipped. Members are read where they are; nothing is ever unpacked to disk.

Sizes in a zip's directory are only claims: what is counted are the bytes that come out, over all members.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO, Self, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from archive.formats.item import Broken, Item, Reject
from archive.formats.opening import MAX_WHOLE, ZIP_ERRORS, ImportFile
from archive.formats.signatures import signed_package, told

_MAX_MEMBERS = 200_000
_FLOOR = 2**30  # bytes that any zip file may expand to
_RATIO = 120  # beyond that, so many times its own size; text rarely packs better than 20 times
_PAGES = frozenset({"page", "mhtml"})
_VAGUE = frozenset({"text"})
_TEXTS = frozenset({".txt", ".md", ".csv", ".urls"})
_SIGNED = frozenset({"datapackage.json", "datapackage-digest.json"})  # where a WACZ may be signed
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


def captures_of(source: ImportFile, archive: ZipFile) -> Iterator[ImportFile]:
    """The files of a WACZ that hold captures. Broken where it expands to far more than it should."""
    infos = archive.infolist()
    if len(infos) > _MAX_MEMBERS:
        raise Broken(f"the zip file has more than {_MAX_MEMBERS} members")
    return _Reading(source, archive, infos).captures()


def _members(source: ImportFile, archive: ZipFile) -> Iterator[Item | Reject]:
    infos = archive.infolist()
    if len(infos) > _MAX_MEMBERS:
        raise Broken(f"the zip file has more than {_MAX_MEMBERS} members")
    reading = _Reading(source, archive, infos)
    package = signed_package(source.path) if archive.NameToInfo.keys() >= _SIGNED else None
    if package is not None:
        yield Reject(source.origin(), told(package), remark=True)
    for info in infos:
        if not info.is_dir():
            for found in reading.member(info):
                # What our own packages carry on knows already which package it once came in.
                is_new = package and isinstance(found, Item) and found.has_content and not found.package
                yield replace(found, package=package) if is_new and isinstance(found, Item) else found


class _Reading:
    """A zip file whose members are read in turn."""

    def __init__(self, source: ImportFile, archive: ZipFile, infos: list[ZipInfo]) -> None:
        self._source = source
        self._archive = archive
        self._budget = _Budget(max(_FLOOR, _RATIO * source.path.stat().st_size))
        self._known = {info.filename: info for info in infos}
        self._is_wacz = "datapackage.json" in self._known
        names = [PurePosixPath(name) for name in self._known]
        self._has_list = any(name.name.startswith("metadata_") or name.suffix.lower() == ".har" for name in names)
        self._damaged: list[str] = []  # names of members that were told to be

    def member(self, info: ZipInfo) -> Iterator[Item | Reject]:
        """The items of a member, and what cannot be read of it or beside it."""
        from archive.formats import named, read_source
        from archive.formats.registry import recognised

        if why := _refused(info):
            yield self._reject(info.filename, why)
            return
        if self._is_wacz and not info.filename.startswith("archive/"):
            return
        member = self._opened(info)
        kind = recognised(member)
        self._budget.spend(0)
        if not kind and member.problem and info.filename not in self._damaged:
            self._damaged.append(info.filename)
            yield Reject(member.origin(), member.problem, lost=True)
        if self._is_wanted(kind, info):
            told = len(self._damaged)
            yield from read_source(member, named(kind))
            yield from (self._reject(name, "it cannot be read: damaged") for name in self._damaged[told:])

    def captures(self) -> Iterator[ImportFile]:
        """The WARC files of a package."""
        for info in self._known.values():
            if info.filename.startswith("archive/") and not info.is_dir() and not _refused(info):
                yield self._opened(info)

    def _opened(self, info: ZipInfo) -> ImportFile:
        name = f"{self._source.name}!{info.filename}"
        beside = _beside(self._archive, self._known, info.filename, self._budget, self._damaged)
        return ImportFile(self._source.path, name, opened=_opener(self._archive, info, self._budget), beside=beside)

    def _is_wanted(self, kind: str, info: ZipInfo) -> bool:
        if not kind or (kind in _VAGUE and PurePosixPath(info.filename).suffix.lower() not in _TEXTS):
            return False
        # Omnivore's texts and highlights belong to the articles in its lists, the files beside a HAR to its entries.
        return not (self._has_list and kind in _PAGES | _VAGUE)

    def _reject(self, name: str, reason: str) -> Reject:
        return Reject(ImportFile(self._source.path, f"{self._source.name}!{name}", "zip").origin(), reason, lost=True)


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
