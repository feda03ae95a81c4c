"""Keys of ECDSA on the curve P-384 with SHA-256, as packages are signed with them; needs the extra `sign`."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from archive.errors import DamagedError, StorageError, UsageError
from archive.exporting.signing import KEY
from archive.storage.ops import Ops

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
except ImportError as error:
    raise UsageError("signatures need cryptography: pip install 'backfile[sign]'") from error

_HALF = 48  # bytes of either number of a signature
_ALGORITHM = ec.ECDSA(hashes.SHA256())


def signing_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    """The key of the archive in `folder`; made where there is none, for its owner's eyes alone."""
    path = folder / KEY
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _made(path)
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        key = serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError) as error:
        raise DamagedError(f"is no key ({error})", file=str(path)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP384R1):
        raise UsageError(f"{path} is no key of the curve P-384, which packages are signed with")
    return key


def signature(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """As browsers have it: the two numbers, one behind the other."""
    numbers = decode_dss_signature(key.sign(data, _ALGORITHM))
    return b"".join(number.to_bytes(_HALF, "big") for number in numbers)


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half, as DER of its SubjectPublicKeyInfo."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.DER, form)


def fingerprint(der: bytes) -> str:
    """Of a public key: `sha256:…` of its DER."""
    return f"sha256:{sha256(der).hexdigest()}"


def public_key(der: bytes) -> ec.EllipticCurvePublicKey:
    """ValueError where it is no key of an elliptic curve."""
    key = serialization.load_der_public_key(der)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("the key is of another kind than ECDSA")  # noqa: TRY004 - of the file, not of the program
    return key


def key_of_certificate(pem: str) -> ec.EllipticCurvePublicKey:
    """Of the first certificate in `pem`. ValueError."""
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("the certificate's key is of another kind than ECDSA")  # noqa: TRY004
    return key


def holds(key: ec.EllipticCurvePublicKey, signed: bytes, data: bytes) -> bool:
    """Whether a signature is that of `data`, in either of the two forms that are in use: bare numbers, or DER."""
    half = (key.curve.key_size + 7) // 8
    if len(signed) == 2 * half:
        signed = encode_dss_signature(*(int.from_bytes(part, "big") for part in (signed[:half], signed[half:])))
    try:
        key.verify(signed, data, _ALGORITHM)
    except InvalidSignature:
        return False
    return True


def _made(path: Path) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP384R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.write(fd, pem)
            Ops().fsync(fd)
        finally:
            os.close(fd)
        Ops().fsync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {error.strerror}") from error
    return key
