"""A file as bytes, lines or blocks of text: unpacked, decoded, and never more than a bounded part of it in memory.

gzip, Zstandard, bzip2, xz and Mozilla's LZ4 are undone whatever the file is called. Text is UTF-8, UTF-16 or UTF-32 by
its byte order mark, in the encoding that it declares (or that its server did), or as `charsets` has it; lines that are
not UTF-8 in a file that is are read as Windows-1252. Damage raises Broken once all before it was read.
"""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from zipfile import BadZipFile

from archive.folder import real
from archive.formats import mozlz4
from archive.formats.charsets import decoded, encoding
from archive.formats.item import Broken, Origin
from archive.formats.packed import Decoder, Packing, PackingError, packing, packing_of

if TYPE_CHECKING:
    from archive.formats.own_warcs import Together

HEAD = 2**18  # bytes that are looked at to tell what a file is
MAX_LINE = 2**25  # bytes; a longer line is no row of anything
MAX_WHOLE = 2**28  # bytes of a file that has to be read whole
MAX_EXPANDED = 2**36  # bytes that one compressed list may expand to
_CHUNK = 2**18
ZIP_ERRORS = (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)  # all that zipfile raises
_BLOCK = 2**18


class Line(NamedTuple):
    """One line without its end; `whole` is False where it was too long and only its beginning is here."""

    number: int
    text: str
    whole: bool = True


class Block(NamedTuple):
    """Some text that begins in line `number` and ends between two words."""

    number: int
    text: str


class ImportFile:
    """One file to import. `name` is what people know it by; nothing stays open between two calls.

    `opened` gives the bytes where these are not the file's own (a member of a zip file), `beside` those of the files
    next to it, by relative name. `address` and `charset` are those of an answer that the bytes are the body of.
    """

    def __init__(
        self,
        path: Path,
        name: str = "",
        format_name: str = "",
        *,
        opened: Callable[[], BinaryIO] | None = None,
        beside: Callable[[str], bytes | None] | None = None,
        address: str = "",
        charset: str | None = None,
    ) -> None:
        self.path = path
        self.name = name or str(path)
        self.format_name = format_name
        self.address = address
        self.charset = charset
        self.is_member = opened is not None
        self.together: Together | None = None  # the files of ours that are read with it
        self.damage: Broken | None = None  # what is told once all that can be read was read
        self.problem = ""  # why `head` is all that can be read, if it is
        self._opened = opened or (lambda: path.open("rb"))
        self._beside = beside or self._in_folder

    def origin(self, line: int | None = None, id: str = "") -> Origin:  # noqa: A002 - the word for it
        """Where something in this file stands."""
        return Origin(self.format_name, self.name, line, id)

    def open(self) -> BinaryIO:
        """The bytes as they are stored. Broken when they cannot be had."""
        try:
            return self._opened()
        except OSError as error:
            raise Broken(f"the file cannot be read: {error.strerror or error}") from error
        except ZIP_ERRORS as error:
            raise Broken(f"this part of the zip file cannot be read: {error}") from error

    def beside(self, name: str) -> bytes | None:
        """The content of a file next to this one, None where there is none. `name` must not lead anywhere else."""
        return self._beside(name)

    def _in_folder(self, name: str) -> bytes | None:
        found = self.path.parent / name
        inside = real(found).is_relative_to(real(self.path.parent))
        return found.read_bytes() if inside and found.is_file() and found.stat().st_size <= MAX_WHOLE else None

    @cached_property
    def head(self) -> bytes:
        """The first bytes, unpacked. What can be read of a damaged file."""
        parts: list[bytes] = []
        size = 0
        try:
            for chunk in self.chunks():
                parts.append(chunk)
                size += len(chunk)
                if size >= HEAD:
                    break
        except Broken as broken:
            self.problem = str(broken)  # whoever reads the file will say so
        return b"".join(parts)[:HEAD]

    @cached_property
    def sample(self) -> str:
        """`head` as text, without a byte order mark."""
        text = _text(self.head, self.codec)
        return text.replace("\r", "\n") if self._ends_old else text

    @cached_property
    def _ends_old(self) -> bool:
        """Whether lines end as old Macs, and spreadsheets on new ones, end them."""
        text = _text(self.head, self.codec)
        return "\r" in text and "\n" not in text

    @cached_property
    def codec(self) -> str | None:
        """The encoding, where it is not UTF-8 (with bytes of Windows-1252 in it)."""
        return encoding(self.head, self.charset)

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the file, unpacked. Raises Broken where it is damaged or cannot be read."""
        try:
            with self.open() as file:
                found, first = packing(file.read)
                raw = iter(lambda: file.read(_CHUNK), b"")
                if first.startswith(mozlz4.MAGIC):
                    yield mozlz4.unpacked(first.removeprefix(mozlz4.MAGIC) + file.read(mozlz4.MAX_SIZE + 1))
                    return
                if found is None:
                    yield first + next(raw, b"")
                    yield from raw
                    return
                yield from _within(_unpacked(found, first, raw))
        except PackingError as error:
            raise Broken(f"the compressed file cannot be read: {error}") from error
        except OSError as error:
            raise Broken(f"the file cannot be read: {error.strerror or error}") from error
        except ZIP_ERRORS as error:
            raise Broken(f"this part of the zip file cannot be read: {error}") from error

    def lines(self) -> Iterator[Line]:
        """The lines, numbered from 1, without their ends."""
        number, rest, skipping = 1, b"", False
        for chunk in self.narrow():
            *lines, rest_of_chunk = chunk.split(b"\n")
            for line in lines:
                if skipping:
                    skipping = False
                else:
                    yield Line(number, _decoded((rest + line).rstrip(b"\r")))
                number += 1
                rest = b""
            if skipping:
                continue
            rest += rest_of_chunk
            if len(rest) > MAX_LINE:
                yield Line(number, _decoded(rest[:_CHUNK]), whole=False)
                rest, skipping = b"", True
        if rest:
            yield Line(number, _decoded(rest.rstrip(b"\r")))

    def blocks(self) -> Iterator[Block]:
        """The text in pieces that end between two words: for what does not care about lines, however long."""
        number, rest = 1, b""
        broken: Broken | None = None
        try:
            for chunk in self.narrow():
                data = rest + chunk
                if len(data) < _BLOCK:
                    rest = data
                    continue
                cut = _between_words(data) or len(data)
                yield Block(number, _decoded_block(data[:cut]))
                number += data.count(b"\n", 0, cut)
                rest = data[cut:]
        except Broken as problem:
            broken, rest = problem, rest[: _between_words(rest)]  # a word that is cut off is another one
        if rest:
            yield Block(number, _decoded_block(rest))
        if broken:
            raise broken

    def whole(self, limit: int = MAX_WHOLE) -> bytes:
        """All of it. Broken when that is more than `limit` bytes."""
        parts: list[bytes] = []
        size = 0
        for chunk in self.chunks():
            size += len(chunk)
            if size > limit:
                raise Broken(f"the file is larger than {limit} bytes, which is too large to be read whole")
            parts.append(chunk)
        return b"".join(parts)

    def text(self, limit: int = MAX_WHOLE) -> str:
        """All of it as text. Broken when it is too large."""
        return _text(self.whole(limit), self.codec)

    def narrow(self) -> Iterator[bytes]:
        """The file's bytes in an encoding that has line feeds as single bytes, without a byte order mark."""
        narrow = self._narrow()
        return (chunk.replace(b"\r", b"\n") for chunk in narrow) if self._ends_old else narrow

    def _narrow(self) -> Iterator[bytes]:
        if self.codec is not None:
            yield from (text.encode("utf-8", "replace") for text in decoded(self.chunks(), self.codec))
            return
        chunks = self.chunks()
        yield next(chunks, b"").removeprefix(codecs.BOM_UTF8)
        yield from chunks

    def texts(self) -> Iterator[str]:
        """The text as it comes, in pieces that end anywhere."""
        return decoded(self.chunks(), self.codec)


def as_text(data: bytes) -> str:
    """Bytes of a text file as text: by byte order mark, else UTF-8, else what they look most like."""
    return _text(data, encoding(data[:HEAD]))


def _text(data: bytes, codec: str | None) -> str:
    return "".join(decoded([data], codec))


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _between_words(data: bytes) -> int:
    """Where the last word of `data` begins that may go on behind it."""
    return max(data.rfind(b"\n"), data.rfind(b" "), data.rfind(b"\t"), data.rfind(b'"')) + 1


def _decoded_block(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "\n".join(_decoded(line) for line in data.split(b"\n"))


def _within(chunks: Iterator[bytes], deepest: int = 2) -> Iterator[bytes]:
    """What was unpacked, unpacked once more for as long as it is packed again."""
    first = next(chunks, b"")
    again = packing_of(first, None) if deepest else None
    return _within(_unpacked(again, first, chunks), deepest - 1) if again else chain([first], chunks)


def _unpacked(packed: Packing, first: bytes, more: Iterator[bytes]) -> Iterator[bytes]:
    """Members one behind the other, undone; there may be zeros between and behind them."""
    decoder, expanded = packed.decoder(), 0
    for chunk in chain([first], more):
        left = chunk
        while left:
            if decoder.eof:
                left = left.lstrip(b"\0")
                decoder = packed.decoder() if left else decoder
                continue
            data, left = _step(decoder, left)
            expanded += len(data)
            if expanded > MAX_EXPANDED:
                raise Broken(f"the file expands to more than {MAX_EXPANDED} bytes")
            if data:
                yield data
    if not decoder.eof:
        raise Broken("the compressed file is cut off here")


def _step(decoder: Decoder, packed: bytes) -> tuple[bytes, bytes]:
    """What comes out of the beginning of `packed`, and what is left of it."""
    try:
        data = decoder.decompress(packed, _CHUNK)
    except PackingError as error:
        raise Broken("the compressed file is damaged from here on") from error
    return data, decoder.unused_data if decoder.eof else decoder.unconsumed_tail
