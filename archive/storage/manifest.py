"""A chained manifest of what is stored: steps that say which bytes there are, each with the digest of the one before.

    manifest/00000042.json   {"format": 1, "number": 42, "previous": "sha256:…", "at": "…",
                              "files": [{"name": "backfile-00001-….warc.gz", "start": 0, "length": 81234,
                                         "sha256": "sha256:…"}], "forgotten": []}

A step covers all that is stored when it is made: `files` are those that are new or longer since the step before, each
with its whole length and the digest of its bytes from `start` (where the step before left it) on. Where something was
forgotten, the files that were rewritten are listed in `forgotten`, and in `files` anew from 0: what earlier steps say
of them does not count any more. A file that is missing, shorter or another one is noticed, also without a catalog.
Where files never grow (objects in a bucket) `start` is always 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from archive.errors import StorageError
from archive.storage.ops import Ops

FOLDER = "manifest"
FORMAT = 1
_NAME = re.compile(r"(\d{8,})\.json")
_STAMP = ".tsr"  # the time stamp of a step: a TimeStampResp of RFC 3161
_FRESH = "next"  # a step that is being written

Sha256 = Callable[[str, int, int], bytes]  # of bytes [start, stop) of a file


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes [start, length) of a file."""

    name: str
    start: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain."""

    format: int
    number: int
    previous: str | None  # digest of the file of the step before; None: there is none
    at: datetime
    files: tuple[Stretch, ...]
    forgotten: tuple[str, ...] = ()  # files that were rewritten


@dataclass(slots=True)
class Chain:
    """What the steps say together, and what is wrong with them as (file, what). `files`: stretches, each of a step."""

    files: dict[str, list[tuple[int, Stretch]]] = field(default_factory=dict)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    number: int = 0
    digest: str | None = None
    at: datetime | None = None

    def take(self, step: Step, digest: str) -> None:
        """One more step."""
        for name in step.forgotten:
            self.files.pop(name, None)
        for stretch in step.files:
            held = self.files.setdefault(stretch.name, [])
            if stretch.start not in (0, held[-1][1].length if held else 0):
                self.wrong.append((_name(step.number), f"says nothing of {stretch.name} up to byte {stretch.start}"))
            held.append((step.number, stretch))
        self.number, self.digest, self.at = step.number, digest, step.at

    def steps(self, name: str, offset: int) -> tuple[int, ...]:
        """The numbers of the steps that cover a byte of a file."""
        held = self.files.get(name, ())
        return tuple(number for number, stretch in held if stretch.start <= offset < stretch.length)


class Manifest:
    """The steps in one folder. One process writes at a time (lock.py)."""

    def __init__(self, folder: Path, ops: Ops | None = None) -> None:
        """`folder` is that of the archive."""
        self.folder = folder / FOLDER
        self._ops = ops or Ops()

    def numbers(self) -> list[int]:
        """Of all steps, in order."""
        if not self.folder.is_dir():
            return []
        found = (_NAME.fullmatch(path.name) for path in self.folder.iterdir())
        return sorted(int(match[1]) for match in found if match)

    def chain(self, until: datetime | None = None) -> Chain:
        """All of it read, or the steps that were made before `until`. StorageError when the system refuses."""
        chain, expected = Chain(), 1
        for number in self.numbers():
            if number != expected:
                missing = _name(expected) if number == expected + 1 else f"{_name(expected)} to {_name(number - 1)}"
                chain.wrong.append((missing, "the step is missing"))
            expected = number + 1
            try:
                data, step = self._read(number)
            except ValueError as error:
                chain.wrong.append((_name(number), f"cannot be read: {error}"))
                continue
            if until is not None and step.at >= until:
                break
            if step.number != number or (step.previous != chain.digest and number > 1 and chain.number == number - 1):
                chain.wrong.append((_name(number), "does not follow from the step before it"))
            chain.take(step, digest_of(data))
        return chain

    def step(self, number: int) -> Step:
        """One step. ValueError where it cannot be read, StorageError when the system refuses."""
        return self._read(number)[1]

    def data(self, number: int) -> bytes:
        """One step as it is stored. StorageError."""
        try:
            return (self.folder / _name(number)).read_bytes()
        except OSError as error:
            raise StorageError(f"{self.folder / _name(number)}: cannot be read: {error.strerror}") from error

    def take(self, number: int, data: bytes) -> None:
        """A step of another archive, of which this is a copy, as that has it. OSError."""
        path = self.folder / _name(number)
        if not path.exists() or path.read_bytes() != data:
            self._put(_name(number), data)

    def stamped(self) -> list[int]:
        """The numbers of the steps that have a time stamp, in order."""
        return [number for number in self.numbers() if (self.folder / _name(number, _STAMP)).exists()]

    def stamp(self, number: int) -> bytes | None:
        """The time stamp of a step, as it was given (archive.stamping); None where there is none. OSError."""
        try:
            return (self.folder / _name(number, _STAMP)).read_bytes()
        except FileNotFoundError:
            return None

    def put_stamp(self, number: int, data: bytes) -> None:
        """Keep the time stamp of a step. OSError."""
        if self.stamp(number) != data:
            self._put(_name(number, _STAMP), data, f"{_FRESH}{_STAMP}")

    def extend(self, lengths: Mapping[str, int], sha: Sha256, forgotten: tuple[str, ...] = ()) -> int | None:
        """One more step for what is stored; its number, or None where the last one covers it.

        `lengths`: bytes of each file, in the order in which they were begun. StorageError: nothing was written.
        """
        number, previous, covered = self._last(lengths)
        files = []
        for name, length in lengths.items():
            start = 0 if name in forgotten else covered.get(name, 0)
            if length > start:
                files.append(Stretch(name, start, length, f"sha256:{sha(name, start, length).hex()}"))
        if not files and not forgotten:
            return None
        step = Step(FORMAT, number + 1, previous, datetime.now(UTC), tuple(files), forgotten)
        try:
            self._write(step)
        except OSError as error:
            raise StorageError(f"{self.folder}: cannot write a step of the manifest: {error.strerror}") from error
        return step.number

    # -- inside ----------------------------------------------------------------------------------------------------

    def _last(self, lengths: Mapping[str, int]) -> tuple[int, str | None, Mapping[str, int]]:
        """Number and digest of the last step, and how far each file is covered.

        Every step covers all that there was, and only the newest file grows: so those begun before the newest file
        that the last steps speak of are covered whole. Where a step cannot be read, everything is listed again.
        """
        numbers = self.numbers()
        if not numbers:
            return 0, None, {}
        covered: dict[str, int] = {}
        digest: str | None = None
        for number in reversed(numbers):
            try:
                data, step = self._read(number)
            except ValueError:
                return numbers[-1], digest or digest_of(self.data(numbers[-1])), {}
            digest = digest or digest_of(data)
            for stretch in step.files:
                covered.setdefault(stretch.name, stretch.length)
            if not step.forgotten:
                break
        newest = max((place for place, name in enumerate(lengths) if name in covered), default=-1)
        whole = {name: length for place, (name, length) in enumerate(lengths.items()) if place < newest}
        return numbers[-1], digest, whole | covered

    def _read(self, number: int) -> tuple[bytes, Step]:
        data = self.data(number)
        step = msgspec.json.decode(data, type=Step)  # DecodeError is a ValueError
        if step.format > FORMAT:
            raise ValueError(f"written by a newer version of this program (format {step.format})")
        return data, step

    def _write(self, step: Step) -> None:
        self._put(_name(step.number), msgspec.json.format(msgspec.json.encode(step), indent=1) + b"\n")

    def _put(self, name: str, data: bytes, fresh_name: str = _FRESH) -> None:
        """By write, sync, rename."""
        if not self.folder.is_dir():
            self.folder.mkdir(mode=self.folder.parent.stat().st_mode & 0o777)
            self._ops.fsync_folder(self.folder.parent)
        fresh = self.folder / fresh_name
        fresh.unlink(missing_ok=True)
        fd = self._ops.create(fresh)
        try:
            self._ops.write(fd, data, 0)
            self._ops.fsync(fd)
        finally:
            self._ops.close(fd)
        self._ops.rename(fresh, self.folder / name)
        self._ops.fsync_folder(self.folder)


def check(chain: Chain, sizes: Mapping[str, int], sha: Sha256) -> Iterator[tuple[str, str]]:
    """What of the stored files is not as the chain says, as (file, what). Reads every byte that it covers."""
    for name, stretches in chain.files.items():
        if name not in sizes:
            yield name, "the file is missing, and the manifest has it"
            continue
        for _, stretch in stretches:
            if sizes[name] < stretch.length:
                yield name, f"{stretch.length - sizes[name]} bytes are missing at its end, by the manifest"
                break
            if f"sha256:{sha(name, stretch.start, stretch.length).hex()}" != stretch.sha256:
                yield name, f"bytes {stretch.start} to {stretch.length} are not those that the manifest has"


def digest_of(data: bytes) -> str:
    """As the chain names a step."""
    return f"sha256:{sha256(data).hexdigest()}"


def _name(number: int, ending: str = ".json") -> str:
    return f"{number:08d}{ending}"
