"""Replies of time stamp authorities: what they say, and whether it holds; needs the extra `sign`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256, sha384, sha512
from pathlib import Path

from archive.errors import SettingsError, UsageError

try:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from rfc3161_client import (
        HashAlgorithm,
        TimeStampRequest,
        TimestampRequestBuilder,
        TimeStampResponse,
        VerificationError,
        VerifierBuilder,
        decode_timestamp_response,
    )
except ImportError as error:
    raise UsageError("time stamps need rfc3161-client: pip install 'backfile[sign]'") from error

_HASHES = {"2.16.840.1.101.3.4.2.1": sha256, "2.16.840.1.101.3.4.2.2": sha384, "2.16.840.1.101.3.4.2.3": sha512}
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n", re.DOTALL)
_NO_ISSUER = "issuer certificate"  # OpenSSL's words where a chain ends before it comes to a root that is known
_SELF_SIGNED = "self-signed certificate"


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """What a reply says. `problem`: why it does not hold; "" where it does, as far as it could be checked.

    `trusted`: whether it was signed by somebody whom a known root vouches for. Where not, nobody checked the signature.
    """

    at: datetime
    authority: str
    serial: str
    policy: str
    trusted: bool
    problem: str


def query(data: bytes) -> TimeStampRequest:
    """What is asked: a stamp of the SHA-256 of `data`, with the certificates of who signs, under a fresh number."""
    return TimestampRequestBuilder(data=data, hash_algorithm=HashAlgorithm.SHA256).build()


def read(reply: bytes, data: bytes, roots: Sequence[x509.Certificate], nonce: int | None = None) -> TimeStamp:
    """What a reply says of the time of `data`. ValueError where it is none, or a refusal."""
    response = decode_timestamp_response(reply)
    if response.status not in (0, 1):
        raise ValueError(f"the authority refused: {'; '.join(response.status_string) or f'status {response.status}'}")
    said = response.tst_info
    trusted, problem = _holds(response, data, roots)
    if nonce is not None and said.nonce != nonce:
        problem = problem or "it answers another question"
    return TimeStamp(
        said.gen_time.astimezone(UTC), _authority(response), f"{said.serial_number:x}", said.policy.dotted_string,
        trusted, problem,
    )  # fmt: skip


def certificates(reply: bytes) -> str:
    """The certificates that came with a reply, in PEM, the signer's first where they can be read. ValueError."""
    response = decode_timestamp_response(reply)
    signer = _signer(response)
    rest = [one for one in _embedded(response) if one != signer]
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in ([signer] if signer else []) + rest)


def roots_of(file: str) -> list[x509.Certificate]:
    """The authorities that are trusted: the usual ones (certifi), and those in a PEM file. SettingsError."""
    if not file:
        return list(_usual())
    try:
        return [*x509.load_pem_x509_certificates(Path(file).read_bytes()), *_usual()]
    except (OSError, ValueError) as error:
        key = "proof.timestamp_roots"
        raise SettingsError(f"cannot be read as certificates: {error}", file=file, key=key) from error


@cache
def _usual() -> tuple[x509.Certificate, ...]:
    """Those of certifi; a few old ones have serial numbers that newer rules, and libraries, do not allow."""
    import certifi

    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for pem in _PEM.findall(Path(certifi.where()).read_bytes()):
            with suppress(ValueError):
                found.append(x509.load_pem_x509_certificate(pem))
    return tuple(found)


def _holds(response: TimeStampResponse, data: bytes, roots: Sequence[x509.Certificate]) -> tuple[bool, str]:
    """Whether a known root vouches for it, and what is wrong with it."""
    imprint = response.tst_info.message_imprint
    digest = _HASHES.get(imprint.hash_algorithm.dotted_string)
    if digest is None:
        return False, f"it is made with a digest that is not known ({imprint.hash_algorithm.dotted_string})"
    if digest(data).digest() != imprint.message:
        return False, "it is a time stamp of something else"
    try:
        VerifierBuilder(roots=list(dict.fromkeys(roots))).build().verify_message(response, data)
    except VerificationError as error:
        said = str(error)
        return False, "" if _NO_ISSUER in said or _SELF_SIGNED in said else f"its signature does not hold: {said[:200]}"
    return True, ""


def _authority(response: TimeStampResponse) -> str:
    signer = _signer(response)
    return signer.subject.rfc4514_string() if signer else ""


def _signer(response: TimeStampResponse) -> x509.Certificate | None:
    infos = list(response.signed_data.signer_infos)
    if len(infos) != 1:
        return None
    (info,) = infos
    found = (one for one in _embedded(response) if (one.issuer, one.serial_number) == (info.issuer, info.serial_number))
    return next(found, None)


def _embedded(response: TimeStampResponse) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(one) for one in sorted(response.signed_data.certificates)]
