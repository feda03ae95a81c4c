"""Zip files: WACZ and the exports that come zipped. Members are read where they are; nothing is ever unpacked to disk.

Sizes in a zip's directory are only claims: what is counted are the bytes that come out, over all members.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from io import SEEK_SET
from pathlib import PurePosixPath
from typing import IO, BinaryIO, Self, cast
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import crc32

from archive.formats.item import Broken, Item, Reject
from archive.formats.opening import MAX_WHOLE, ZIP_ERRORS, ImportFile
from archive.formats.signatures import signed_package, told
from archive.formats.torn import AnySum, Torn
from archive.formats.wacz import (
    CAPTURES,
    DESCRIPTION,
    DIGEST,
    Resource,
    captures_folder,
    description_digest,
    is_other,
    is_package_within,
    resources,
)  # fmt: skip
from archive.model import Package

_MAX_MEMBERS = 200_000
_CHUNK = 2**20
_FLOOR = 2**30  # bytes that any zip file may expand to
_RATIO = 120  # beyond that, so many times its own size; text rarely packs better than 20 times
_PAGES = frozenset({"page", "mhtml"})
_VAGUE = frozenset({"text"})
_OF_CAPTURES = frozenset({"warc", "arc"})
_TEXTS = frozenset({".txt", ".md", ".csv", ".urls"})
_DESCRIBES = frozenset({DESCRIPTION, DIGEST})
_ASSET_FOLDERS = ("indexes/", "fuzzy/", "logs/")  # of a WACZ


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The items of every member of a known format."""
    if source.is_member:
        yield from _package_within(source)
        return
    try:
        archive = ZipFile(source.path)
    except (OSError, ValueError, NotImplementedError) as error:
        raise Broken(f"the zip file cannot be read: {error}") from error
    except BadZipFile as error:
        yield from _torn(source, str(error))
        return
    with archive:
        yield from _members(source, archive)


def _package_within(source: ImportFile) -> Iterator[Item | Reject]:
    """The items of a WACZ in one that holds several."""
    with source.open() as file:
        try:
            archive = ZipFile(file)
        except (OSError, ValueError, *ZIP_ERRORS) as error:
            raise Broken(f"the zip file cannot be read: {error}") from error
        with archive:
            yield from _members(source, archive)


def captures_of(source: ImportFile, archive: ZipFile) -> Iterator[ImportFile]:
    """The files of a WACZ that hold captures. Broken where it expands to far more than it should."""
    return _Reading(source, archive).captures()


def _torn(source: ImportFile, problem: str) -> Iterator[Item | Reject]:
    """What can be read of a zip file without a directory."""
    try:
        archive = Torn(source.path)
    except OSError as error:
        raise Broken(f"the zip file cannot be read: {error}") from error
    yield from _members(source, archive)
    yield Reject(
        source.origin(), f"the zip file is cut off or damaged: {problem}; what was found in it was read", lost=True
    )


def _members(source: ImportFile, archive: ZipFile | Torn) -> Iterator[Item | Reject]:
    reading = _Reading(source, archive)
    package = _signed(source, archive)
    if package is not None:
        yield Reject(source.origin(), told(package), remark=True)
    for info in archive.infolist():
        if not info.is_dir():
            for found in reading.member(info):
                # What our own packages carry on knows already which package it once came in.
                is_new = package and isinstance(found, Item) and found.has_content and not found.package
                yield replace(found, package=package) if is_new and isinstance(found, Item) else found
    yield from reading.missing(is_signed=package is not None)


def _signed(source: ImportFile, archive: ZipFile | Torn) -> Package | None:
    is_signed = isinstance(archive, ZipFile) and archive.NameToInfo.keys() >= _DESCRIBES and not source.is_member
    return signed_package(source.path) if is_signed else None


class _Reading:
    """A zip file whose members are read in turn."""

    def __init__(self, source: ImportFile, archive: ZipFile | Torn) -> None:
        infos = archive.infolist()
        if len(infos) > _MAX_MEMBERS:
            raise Broken(f"the zip file has more than {_MAX_MEMBERS} members")
        self._source = source
        self._archive = archive
        self._budget = _Budget(max(_FLOOR, _RATIO * source.path.stat().st_size))
        self._known = {info.filename: info for info in infos}
        self._captures = captures_folder(self._known)
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
        is_capture = bool(self._captures) and info.filename.startswith(self._captures)
        if (self._captures and not is_capture) or PurePosixPath(info.filename).name in _DESCRIBES:
            return
        member = self._opened(info)
        kind = recognised(member)
        self._budget.spend(0)
        if not kind and member.problem and info.filename not in self._damaged:
            self._damaged.append(info.filename)
            yield Reject(member.origin(), member.problem, lost=True)
        elif is_capture and kind not in _OF_CAPTURES:
            why = "it is no web archive" if member.head else "it is empty"
            yield self._reject(info.filename, f"{why}: its pages are lost")
            return
        if kind == "zip" and not (is_package_within(member.name) and info.compress_type == ZIP_STORED):
            yield Reject(member.origin(), "a zip file inside of a zip file is not opened: unpack it first", lost=True)
        elif self._is_wanted(kind, info):
            told = len(self._damaged)
            yield from read_source(member, named(kind))
            yield from (self._reject(name, "it cannot be read: damaged") for name in self._damaged[told:])

    def captures(self) -> Iterator[ImportFile]:
        """The WARC files of a package."""
        for info in self._known.values():
            if info.filename.startswith(self._captures or "archive/") and not info.is_dir() and not _refused(info):
                yield self._opened(info)

    def missing(self, *, is_signed: bool) -> Iterator[Reject]:
        """What a WACZ names that is not as it is named; of a signed one that is told elsewhere."""
        if not self._captures:
            return
        folder = self._captures.removesuffix(CAPTURES)
        content = _beside(self._archive, self._known, f"{folder}x", self._budget, self._damaged)
        description = content(DESCRIPTION)
        for named in resources(description):
            info = self._known.get(folder + named.path)
            if info is None and named.path.startswith(CAPTURES):
                yield self._reject(named.path, "the package names it, but does not hold it: its pages are lost")
            elif info is not None and not is_signed and (why := self._changed(info, named)):
                yield Reject(self._source.origin(), f"{named.path} {why}", remark=True)
        if description and not is_signed and is_other([description], description_digest(content(DIGEST))):
            told = f"{DESCRIPTION} does not have the digest that the package names: it was changed after it was made"
            yield Reject(self._source.origin(), told, remark=True)

    def _changed(self, info: ZipInfo, named: Resource) -> str:
        """How a member is not what its package names, "" where it is or cannot be read, which is told elsewhere."""
        if named.size is not None and named.size != info.file_size:
            return f"has {info.file_size} bytes, where the package names {named.size}"
        if not named.digest or _refused(info) or info.filename in self._damaged:
            return ""
        try:
            with self._opened(info).open() as file:
                is_changed = is_other(iter(lambda: file.read(_CHUNK), b""), named.digest)
        except (Broken, OSError, *ZIP_ERRORS):
            return ""
        return "does not have the digest that the package names: it was changed after it was made" if is_changed else ""

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
    """A member being read, its bytes counted. Seeks are those that zipfile allows.

    Of one that is read from its beginning to its end the check sum is held against what was read, behind its last byte:
    zipfile would keep back what it read last.
    """

    def __init__(self, file: IO[bytes], budget: _Budget, info: ZipInfo) -> None:
        self._file = file
        self._budget = budget
        self._info = info
        self._sum = 0
        self._read = 0  # bytes, -1: not in order

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._budget.spend(len(data))
        if not data and size:
            self._check()
        elif self._read >= 0:
            self._sum = crc32(data, self._sum)
            self._read += len(data)
        return data

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        if whence != SEEK_SET or offset != self._read:
            self._read = -1
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def _check(self) -> None:
        if self._read == self._info.file_size and self._sum != self._info.CRC:
            raise BadZipFile(f"Bad CRC-32 for file {self._info.filename!r}")

    def seekable(self) -> bool:
        return self._file.seekable()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _opener(archive: ZipFile | Torn, info: ZipInfo, budget: _Budget) -> Callable[[], BinaryIO]:
    return lambda: cast("BinaryIO", _Counted(archive.open(_unchecked(info)), budget, info))


def _beside(
    archive: ZipFile | Torn, known: dict[str, ZipInfo], member: str, budget: _Budget, damaged: list[str]
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
        except (OSError, *ZIP_ERRORS):
            if info.filename not in damaged:
                damaged.append(info.filename)
            return None
        budget.spend(len(data))
        return data if len(data) <= MAX_WHOLE else None

    return content


def _unchecked(info: ZipInfo) -> ZipInfo:
    """A member whose check sum zipfile does not look at."""
    unchecked = copy(info)
    unchecked.CRC = AnySum()
    return unchecked


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
