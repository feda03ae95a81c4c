"""Values as the catalog stores them, and back (pure): times, sets, compressed JSON of the model's dataclasses."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
import zstandard

from archive.errors import DamagedError
from archive.model import Article, Capture, Edit, Hop, Memento, Method, Outcome, Reading, Resource, Version

T = TypeVar("T")
_MAX_JSON = 512 * 2**20
_local = threading.local()  # zstandard's contexts must not be shared between threads
_encoder = msgspec.json.Encoder()
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}

CAPTURE_COLUMNS = (
    "id, url, key, final_url, at, outcome, detail, method, hops, status, media_type, charset, digest, size, truncated, "
    "depth, cited_by, etag, last_modified, added_by, login, memento"
)

LATEST = "(SELECT seq FROM captures WHERE key = {} ORDER BY placed DESC, seq DESC LIMIT 1)"
"""SQL for the latest capture of the URL with a key."""


def time_text(at: datetime) -> str:
    """UTC with microseconds, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def lines(values: Iterable[str]) -> str:
    """A set of one-line words as one text."""
    return "\n".join(sorted(values))


def unlines(text: str) -> frozenset[str]:
    return frozenset(text.split("\n")) if text else frozenset()


def text(value: str) -> str:
    """`value` as any database can hold it: lone surrogates become "?", and U+0000 becomes U+FFFD."""
    try:
        value.encode()
    except UnicodeEncodeError:
        value = value.encode("utf-8", "replace").decode()
    return value.replace("\0", "\ufffd") if "\0" in value else value


def to_json(value: object) -> bytes:
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        from archive.storage.warc.records import scrub

        return _encoder.encode(scrub(msgspec.to_builtins(value)))


def squeeze(value: object) -> bytes:
    """Compressed JSON of a dataclass."""
    packer = getattr(_local, "packer", None)
    if packer is None:
        packer = _local.packer = zstandard.ZstdCompressor(level=3)
    packed: bytes = packer.compress(to_json(value))
    return packed


def article(blob: bytes) -> Article:
    return _expand(blob, _decoder(Article))


def reading(blob: bytes) -> Reading:
    return _expand(blob, _decoder(Reading))


def is_readable(blob: bytes, as_what: Callable[[bytes], object]) -> bool:
    """Whether a stored text can be read with `article` or `reading`."""
    try:
        as_what(blob)
    except DamagedError:
        return False
    return True


def _decoder(of: type[T]) -> msgspec.json.Decoder[T]:
    """Made when it is first asked for: to make one takes longer than to read a text with it."""
    if of not in _decoders:
        _decoders[of] = msgspec.json.Decoder(of)
    return _decoders[of]


def _expand(blob: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    unpacker = getattr(_local, "unpacker", None)
    if unpacker is None:
        unpacker = _local.unpacker = zstandard.ZstdDecompressor()
    try:
        return decoder.decode(unpacker.decompress(blob, max_output_size=_MAX_JSON))
    except (zstandard.ZstdError, ValueError) as error:
        raise DamagedError(
            f"a stored text cannot be read ({error}); `backfile rebuild` makes it anew", file="catalog.sqlite"
        ) from error


def capture_values(capture: Capture) -> tuple[Any, ...]:
    """In the order of CAPTURE_COLUMNS."""
    return (
        capture.id,
        text(capture.url),
        text(capture.key),
        text(capture.final_url),
        time_text(capture.at),
        capture.outcome.value,
        text(capture.detail),
        capture.method.value,
        to_json(capture.hops).decode(),
        capture.status,
        capture.media_type and text(capture.media_type),
        capture.charset and text(capture.charset),
        capture.digest,
        capture.size,
        capture.truncated,
        capture.depth,
        capture.cited_by,
        capture.etag and text(capture.etag),
        capture.last_modified and text(capture.last_modified),
        text(capture.added_by),
        capture.login,
        to_json(capture.memento).decode() if capture.memento else None,
    )


def capture(row: tuple[Any, ...]) -> Capture:
    """From a row of CAPTURE_COLUMNS."""
    *values, added_by, login, copied = row
    values[4] = datetime.fromisoformat(row[4])
    values[5] = Outcome(row[5])
    values[7] = Method(row[7])
    values[8] = hops(row[8])
    return replace(Capture(*values), added_by=added_by, login=bool(login), memento=memento(copied))


def memento(stored: str | None) -> Memento | None:
    return _decoder(Memento).decode(stored) if stored else None


def hops(stored: str) -> tuple[Hop, ...]:
    return _decoder(tuple[Hop, ...]).decode(stored)


def resource(stored: str) -> Resource:
    return _decoder(Resource).decode(stored)


def version(row: tuple[Any, ...]) -> Version:
    """From number, capture, first_seen, last_seen, title, text_digest, changes, removed."""
    number, capture_id, first, last, title, text_digest, changes, removed = row
    seen = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return Version(number, capture_id, *seen, title, text_digest, unlines(changes), passages(removed))


def edits(stored: str) -> tuple[Edit, ...]:
    """What a person said of an entry, oldest first."""
    return _decoder(tuple[Edit, ...]).decode(stored) if stored else ()


def edits_text(edits: tuple[Edit, ...]) -> str:
    """JSON of them; "" of none."""
    return to_json(edits).decode() if edits else ""


def passages(text: str) -> tuple[str, ...]:
    """What versions dropped, from one a line."""
    return tuple(text.split("\n")) if text else ()
