"""What bytes are, whatever their label says. Pure; looks at the first kilobytes alone.

The signatures are those of the WHATWG MIME Sniffing standard and of the formats' own specifications; anything that
does not look binary is text.
"""

from __future__ import annotations

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"(\xb5/\xfd", "application/zstd"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),  # .doc, .xls, .ppt
    (b"{\\rtf", "application/rtf"),
    (b"%!PS-Adobe", "application/postscript"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"FLV\x01", "video/x-flv"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\x00\x01\x00\x00\x00", "font/ttf"),
    (b"OTTO\x00", "font/otf"),
    (b"\x00asm", "application/wasm"),
    (b"\x7fELF", "application/x-elf"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
# Two letters may begin a text too: such signatures count only when the bytes look binary as well.
_SHORT = frozenset({b"BM", b"MZ", b"ID3", b"BZh"})
_CONTAINERS = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {b"avif": "image/avif", b"heic": "image/heic", b"M4A ": "audio/mp4"}
# Bytes that no text in an ASCII-compatible encoding holds (ESC is kept: iso-2022-jp is text).
_BINARY = bytes(set(range(0x20)) - set(b"\t\n\x0b\x0c\r\x1b"))
_HEAD = 2048
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_TAGS_IN_UTF_16 = (b"<\x00", b"\x00<")
_TEXT_TYPES = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
    "text/markdown": "text/plain",
}


def media_type(payload: bytes, label: str | None) -> str:
    """The media type of `payload`: its signature, else the label where it is a text type, else what the text is.

    HTML is "text/html" whatever its label; binary data without a known signature is its label if that names no
    text type, else "application/octet-stream".
    """
    named = (label or "").split(";")[0].strip().lower()
    head = payload[:_HEAD]
    binary = _looks_binary(head)
    found = _signature(head, binary)
    if found:
        return found
    if binary:
        return named if named and not _is_text(named) else "application/octet-stream"
    return _text_type(payload, head, named)


def is_readable(kind: str) -> bool:
    """Whether `extract` finds text in this media type."""
    return kind in ("text/html", "text/plain", "application/pdf")


def _signature(head: bytes, binary: bool) -> str | None:
    for magic, kind in _SIGNATURES:
        if head.startswith(magic) and (binary or magic not in _SHORT):
            return kind
    if head[:4] == b"RIFF":
        return _CONTAINERS.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if b"%PDF-" in head[:1024] and not head.lstrip().startswith(b"<"):
        return "application/pdf"  # readers accept junk in the first kilobyte
    return None


def _looks_binary(head: bytes) -> bool:
    """Whether control bytes outnumber what UTF-16 or a stray NUL would explain."""
    if head.startswith((*_BOMS, *_TAGS_IN_UTF_16)):
        return False
    controls = len(head) - len(head.translate(None, _BINARY))
    if not controls:
        return False
    evens, odds = head[0::2].count(0), head[1::2].count(0)
    if max(evens, odds) > len(head) // 6 and min(evens, odds) * 8 < max(evens, odds):
        return False  # ASCII in UTF-16 without a mark: every other byte is NUL
    return controls > max(4, len(head) // 50) or (controls > 0 and b"<" not in head and b" " not in head)


def _text_type(payload: bytes, head: bytes, named: str) -> str:
    plain = head.replace(b"\x00", b"").lower()
    start = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x0c")
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in plain:
        return "text/html"
    if named in _TEXT_TYPES:
        return _TEXT_TYPES[named]
    if start.startswith(b"<?xml") or named.endswith(("+xml", "/xml")):
        return named if named and not named.startswith("text/html") else "application/xml"
    if named and not _is_text(named) and named != "application/octet-stream":
        return named
    if named.startswith("text/") and named != "text/x-unknown":
        return named
    if b"<p" in plain or b"<div" in plain or b"<meta" in plain or b"<p" in payload[:65536].lower():
        return "text/html"
    return "text/plain"


def _is_text(named: str) -> bool:
    return named.startswith("text/") or named.endswith(("+xml", "/xml"))
