"""A chained manifest of what is stored: steps that say which bytes there are, each with the digest of the one before.

    manifest/00000042.json   {"format": 1, "number": 42, "previous": "sha256:…", "at": "…",
                              "files": [{"name": "backfile-00001-….warc.gz", "start": 0, "length": 81234,
                                         "sha256": "sha256:…"}], "forgotten": [], "before": []}

A step covers all that is stored when it is made: `files` are those that are new or longer since the step before, each
with its whole length and the digest of its bytes from `start` (where the step before left it) on. Where something was
forgotten, the files that were rewritten are listed in `forgotten`, with the digest of their bytes as they were in
`before`, and in `files` anew from 0: what earlier steps say of them does not count any more. A file that is missing,
shorter or another one is noticed, also without a catalog. Where files never grow (objects in a bucket) `start` is
always 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

import msgspec

from archive.errors import StorageError
from archive.storage.objects import FolderObjects, Objects
from archive.storage.ops import Ops

FOLDER = "manifest"
FORMAT = 1
_NAME = re.compile(r"(\d{8,})\.json")
_STAMP = ".tsr"  # the time stamp of a step: a TimeStampResp of RFC 3161
_TRIES = 20  # to be the one who makes the next step, where several write

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
    before: tuple[str, ...] = ()  # of each of these, the digest of all its bytes as they were


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
        for name, before in zip_longest(step.forgotten, step.before, fillvalue=""):
            held = self.files.pop(name, [])
            now = next((stretch.sha256 for stretch in step.files if stretch.name == name), "")
            # A step that was made twice says the same twice.
            if before and len(held) == 1 and held[0][1].sha256 not in (before, now):
                self.wrong.append((_name(step.number), f"says that {name} was {before}, and the steps before do not"))
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
    """The steps of one archive, in its folder or among its objects.

    `grows`: whether a file that a step covers may grow later, as the newest one of a folder does. Then one process
    writes at a time (lock.py); else any number may.
    """

    def __init__(self, at: Path | Objects, ops: Ops | None = None, *, grows: bool = True) -> None:
        self._objects = FolderObjects(at, ops) if isinstance(at, Path) else at
        self._grows = grows
        self._known = Chain()  # what was read of it, where nothing grows

    def numbers(self) -> list[int]:
        """Of all steps, in order."""
        found = (_NAME.fullmatch(name.removeprefix(f"{FOLDER}/")) for name in self._objects.sizes(f"{FOLDER}/"))
        return sorted(int(match[1]) for match in found if match)

    def chain(self, until: datetime | None = None) -> Chain:
        """All of it read, or the steps that were made before `until`. StorageError when the system refuses."""
        chain = Chain()
        self._follow(chain, until)
        return chain

    def step(self, number: int) -> Step:
        """One step. ValueError where it cannot be read, StorageError when the system refuses."""
        return self._read(number)[1]

    def data(self, number: int) -> bytes:
        """One step as it is stored. StorageError."""
        try:
            return self._objects.read(_key(number))
        except FileNotFoundError as error:
            raise StorageError(f"{self._objects.where(_key(number))}: cannot be read: it is missing") from error

    def take(self, number: int, data: bytes) -> None:
        """A step of another archive, of which this is a copy, as that has it. StorageError."""
        if not self._objects.put(_key(number), data) and self.data(number) != data:
            raise StorageError(f"{self._objects.where(_key(number))}: another step is there")

    def stamped(self) -> list[int]:
        """The numbers of the steps that have a time stamp, in order."""
        there = self._objects.sizes(f"{FOLDER}/")
        return [number for number in self.numbers() if _key(number, _STAMP) in there]

    def stamp(self, number: int) -> bytes | None:
        """The time stamp of a step, as it was given (archive.stamping); None where there is none. StorageError."""
        try:
            return self._objects.read(_key(number, _STAMP))
        except FileNotFoundError:
            return None

    def put_stamp(self, number: int, data: bytes) -> None:
        """Keep the time stamp of a step. StorageError."""
        if self.stamp(number) != data:
            self._objects.delete(_key(number, _STAMP))
            self._objects.put(_key(number, _STAMP), data)

    def extend(self, lengths: Mapping[str, int], sha: Sha256, forgotten: Mapping[str, str] | None = None) -> int | None:
        """One more step for what is stored; its number, or None where the last one covers it.

        `lengths`: bytes of each file, in the order in which they were begun. `forgotten`: files that were rewritten,
        each with the digest of all its bytes as they were. StorageError: nothing was written.
        """
        forgotten = forgotten or {}
        for _ in range(_TRIES):
            number, previous, covered = self._last(lengths)
            files = []
            for name, length in lengths.items():
                start = 0 if name in forgotten else covered.get(name, 0)
                if length > start:
                    files.append(Stretch(name, start, length, f"sha256:{sha(name, start, length).hex()}"))
            if not files and not forgotten:
                return None
            gone = tuple(forgotten), tuple(forgotten.values())
            step = Step(FORMAT, number + 1, previous, datetime.now(UTC), tuple(files), *gone)
            if self._objects.put(_key(step.number), msgspec.json.format(msgspec.json.encode(step), indent=1) + b"\n"):
                return step.number
        raise StorageError(f"{self._objects.where(FOLDER)}: others made each next step of the manifest: try again")

    # -- inside ----------------------------------------------------------------------------------------------------

    def _last(self, lengths: Mapping[str, int]) -> tuple[int, str | None, Mapping[str, int]]:
        """Number and digest of the last step, and how far each file is covered.

        Every step covers all that there was, and only the newest file grows: so those begun before the newest file
        that the last steps speak of are covered whole. Where a step cannot be read, everything is listed again.
        Where nothing grows, files are not covered in their order: what is covered is what the whole chain says.
        """
        if not self._grows:
            return self._all_covered()
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

    def _all_covered(self) -> tuple[int, str | None, Mapping[str, int]]:
        """As `_last`, by every step there is; those that this process has seen are not read again."""
        self._follow(self._known)
        last = max(self.numbers(), default=0)
        # Where the last step cannot be read, the next one still follows from its bytes.
        digest = self._known.digest if last == self._known.number else digest_of(self.data(last))
        return last, digest, {name: held[-1][1].length for name, held in self._known.files.items()}

    def _read(self, number: int) -> tuple[bytes, Step]:
        data = self.data(number)
        return data, _decoded(data)

    def _follow(self, chain: Chain, until: datetime | None = None) -> None:
        """Takes the steps that come after those of `chain`."""
        expected = chain.number + 1
        numbers = [number for number in self.numbers() if number > chain.number]
        for number, data in zip(numbers, self._each(numbers), strict=True):
            if number != expected:
                missing = _name(expected) if number == expected + 1 else f"{_name(expected)} to {_name(number - 1)}"
                chain.wrong.append((missing, "the step is missing"))
            expected = number + 1
            try:
                step = _decoded(data)
            except ValueError as error:
                chain.wrong.append((_name(number), f"cannot be read: {error}"))
                continue
            if until is not None and step.at >= until:
                break
            if step.number != number or (step.previous != chain.digest and number > 1 and chain.number == number - 1):
                chain.wrong.append((_name(number), "does not follow from the step before it"))
            chain.take(step, digest_of(data))

    def _each(self, numbers: list[int]) -> Iterator[bytes]:
        """The steps as they are stored, in order."""
        if self._objects.at_once == 1 or len(numbers) < 2:
            yield from map(self.data, numbers)
            return
        with ThreadPoolExecutor(self._objects.at_once) as pool:
            yield from pool.map(self.data, numbers)


def _decoded(data: bytes) -> Step:
    step = msgspec.json.decode(data, type=Step)  # DecodeError is a ValueError
    if step.format > FORMAT:
        raise ValueError(f"written by a newer version of this program (format {step.format})")
    return step


def check(chain: Chain, name: str, size: int | None, sha: Sha256) -> Iterator[str]:
    """What of a stored file is not as the chain says; `size` None where it is not there. Reads what that covers."""
    for _, stretch in chain.files.get(name, ()):
        if size is None:
            yield "the file is missing, and the manifest has it"
            return
        if size < stretch.length:
            yield f"{stretch.length - size} bytes are missing at its end, by the manifest"
            return
        if f"sha256:{sha(name, stretch.start, stretch.length).hex()}" != stretch.sha256:
            yield f"bytes {stretch.start} to {stretch.length} are not those that the manifest has"


def digest_of(data: bytes) -> str:
    """As the chain names a step."""
    return f"sha256:{sha256(data).hexdigest()}"


def _name(number: int, ending: str = ".json") -> str:
    return f"{number:08d}{ending}"


def _key(number: int, ending: str = ".json") -> str:
    return f"{FOLDER}/{_name(number, ending)}"
