"""The certificate that a server showed, as far as a proof needs it: whose, until when, and digests of the chain.

Reads just so much of DER (X.690) as names and times of an X.509 certificate (RFC 5280, 4.1) need, since Python tells
them only of certificates that it has verified.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

from archive.model import Certificate

_OIDS = {
    b"\x55\x04\x03": "CN", b"\x55\x04\x06": "C", b"\x55\x04\x07": "L", b"\x55\x04\x08": "ST", b"\x55\x04\x0a": "O",
    b"\x55\x04\x0b": "OU", b"\x55\x04\x05": "serialNumber",
}  # fmt: skip
_MAX_NAME = 500  # characters


def shown_by(sock: ssl.SSLSocket) -> Certificate | None:
    """What the other side of a TLS connection showed; None where it showed nothing."""
    chain = _chain(sock)
    return described(chain) if chain else None


def described(chain: list[bytes]) -> Certificate:
    """Certificates in DER, the server's own first. What cannot be read in it is left empty; its digest never is."""
    try:
        subject, issuer, first, last = _read(chain[0])
    except (ValueError, IndexError, UnicodeDecodeError):
        subject = issuer = ""
        first = last = None
    digests = tuple(f"sha256:{sha256(one).hexdigest()}" for one in chain)
    return Certificate(subject, issuer, first, last, digests[0], digests)


def _chain(sock: ssl.SSLSocket) -> list[bytes]:
    """As the server sent it. Python 3.13 has a method for it, 3.10 to 3.12 have it one level down."""
    inner = getattr(sock, "_sslobj", None)
    ask = getattr(sock, "get_unverified_chain", None) or getattr(inner, "get_unverified_chain", None)
    try:
        found = [_der(one) for one in (ask() if ask else None) or ()]
    except (ValueError, ssl.SSLError):
        found = []
    if found:
        return found
    own = sock.getpeercert(binary_form=True)
    return [own] if own else []


def _der(certificate: object) -> bytes:
    if isinstance(certificate, bytes):
        return certificate
    encoded = certificate.public_bytes(ssl._ssl.ENCODING_DER)  # type: ignore[attr-defined] # noqa: SLF001
    return bytes(encoded)


def _read(der: bytes) -> tuple[str, str, datetime | None, datetime | None]:
    """Subject, issuer, and from when until when it is valid."""
    ((_, outer),) = _parts(der)
    (_, inner), *_ = _parts(outer)
    fields = [one for one in _parts(inner) if one[0] != 0xA0]  # without the version: serial, algorithm, issuer …
    _, _, (_, issuer), (_, valid), (_, subject), *_ = fields
    times = [_time(tag, value) for tag, value in _parts(valid)]
    return _name(subject), _name(issuer), times[0], times[1]


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element, one behind the other. ValueError, IndexError where they are none."""
    at = 0
    while at < len(data):
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        if at + length > len(data):
            raise ValueError("an element is longer than what holds it")
        yield tag, data[at : at + length]
        at += length


def _name(data: bytes) -> str:
    """As `CN=www.example.org, O=Example`."""
    said = []
    for _, group in _parts(data):
        for _, pair in _parts(group):
            (_, oid), (tag, value) = _parts(pair)
            text = value.decode("utf-16-be" if tag == 0x1E else "utf-8", "replace")
            said.append(f"{_OIDS.get(oid, oid.hex())}={text}")
    return ", ".join(said)[:_MAX_NAME]


def _time(tag: int, value: bytes) -> datetime | None:
    """UTCTime has two digits of the year, which mean 1950 to 2049 (RFC 5280, 4.1.2.5.1)."""
    text = value.decode("ascii")
    try:
        return datetime.strptime(text, "%y%m%d%H%M%SZ" if tag == 0x17 else "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
