"""Signatures of WACZ packages (https://specs.webrecorder.net/wacz-auth/0.1.0/): made with a key of the archive's own,
and checked, also those of others.

What is signed is the digest of datapackage.json as text ("sha256:…"), which names the digests of everything else. The
signer is a key, and nobody vouches for whose it is: compare its fingerprint with one that was published elsewhere. Of a
package that was signed for a domain, the signature is held against the certificate in it; that certificate is told,
and not held against any authority. A time stamp (RFC 3161) is one of the signature as it stands in the package.
"""

from __future__ import annotations

import base64
import binascii
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.errors import FormatError, StorageError

if TYPE_CHECKING:
    from archive.config import ArchiveSettings
    from archive.stamping.tokens import TimeStamp

KEY = "signing-key.pem"
_DIGEST, _PACKAGE = "datapackage-digest.json", "datapackage.json"
_MAX_JSON = 64 * 2**20  # bytes of the two that are read whole
_CHUNK = 2**20
_NONE = ("", "", False)  # no time stamp


@dataclass(frozen=True, slots=True)
class CheckedPackage:
    """What was found in a package. `signer` is the fingerprint of a key, or a domain; "" where nobody signed it.

    `problems` are what does not hold; empty: every digest does, and the signature, if there is one. `stamped`: when an
    authority (`stamped_by`) says that the signature was there; `stamp_trusted`: whether a known root vouches for it.
    """

    file: str
    signer: str
    created: str
    software: str
    resources: int
    problems: tuple[str, ...]
    stamped: str = ""
    stamped_by: str = ""
    stamp_trusted: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """What stands in the package, and why it has no time stamp, or an odd one."""

    data: Mapping[str, str]
    remarks: tuple[str, ...]


def signed(folder: Path, digest: str, at: datetime, software: str, settings: ArchiveSettings) -> Signed:
    """The `signedData` for a digest, by the key of the archive in `folder`, which is made where there is none.

    With a time stamp of the signature where the settings name who gives one. UsageError where the extra `sign` is not
    installed.
    """
    from archive.exporting.keys import public, signature, signing_key

    key = signing_key(folder)
    data = {
        "hash": digest, "created": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "software": software,
        "signature": _text(signature(key, digest.encode())), "publicKey": _text(public(key)),
    }  # fmt: skip
    if not settings.proof.timestamps:
        return Signed(data, ())
    from archive.stamping.asking import ask
    from archive.stamping.tokens import certificates

    reply, _, why = ask(data["signature"].encode(), settings)
    if reply is not None:
        data |= {"timeSignature": _text(reply), "timestampCert": certificates(reply)}
    return Signed(data, tuple(why))


def check(path: Path, roots: str = "") -> CheckedPackage:
    """What a package is worth; `roots`: a PEM file of authorities whose time stamps are trusted beside the usual ones.

    FormatError where it is none, StorageError when it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as package:
            said = _json(package, _DIGEST)
            described = _json(package, _PACKAGE)
            problems = list(_digests(package, said, described))
            found = said.get("signedData")
            data = found if isinstance(found, dict) else {}
            signer, wrong = _signer(data, str(said.get("hash"))) if data else ("", "")
            if wrong:
                problems.append(wrong)
            listed = described.get("resources")
            count = len(listed) if isinstance(listed, list) else 0
            created, software = str(data.get("created", "")), str(data.get("software", ""))
            stamp, wrong = _stamp(data, roots) if data.get("timeSignature") else (None, "")
            if wrong:
                problems.append(wrong)
            at, by, trusted = (
                (stamp.at.strftime("%Y-%m-%dT%H:%M:%SZ"), stamp.authority, stamp.trusted) if stamp else _NONE
            )
            return CheckedPackage(str(path), signer, created, software, count, tuple(problems), at, by, trusted)
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError) as error:
        raise FormatError(f"is no WACZ that can be checked: {error}", file=str(path)) from error


def signed_data(path: Path) -> tuple[str, dict[str, str]]:
    """The digest of datapackage.json as a package names it, and the signature of that; ("", {}) where nobody signed.

    FormatError, StorageError as `check`.
    """
    try:
        with zipfile.ZipFile(path) as package:
            said = _json(package, _DIGEST)
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError) as error:
        raise FormatError(f"is no WACZ that can be checked: {error}", file=str(path)) from error
    data = said.get("signedData")
    if not isinstance(data, dict):
        return "", {}
    return str(said.get("hash")), {str(name): str(value) for name, value in data.items()}


def recheck(digest: str, data: Mapping[str, str]) -> str:
    """What is wrong with a signature that was kept, of a datapackage.json of that digest; "" where it holds."""
    return _signer(data, digest)[1]


def _json(package: zipfile.ZipFile, name: str) -> Mapping[str, Any]:
    if package.getinfo(name).file_size > _MAX_JSON:
        raise ValueError(f"{name} is larger than {_MAX_JSON} bytes")
    found = json.loads(package.read(name))
    if not isinstance(found, dict):
        raise ValueError(f"{name} is no JSON object")  # noqa: TRY004 - of the file, not of the program
    return found


def _digests(package: zipfile.ZipFile, said: Mapping[str, Any], described: Mapping[str, Any]) -> Iterator[str]:
    if said.get("hash") != f"sha256:{sha256(package.read(_PACKAGE)).hexdigest()}":
        yield f"{_PACKAGE} is not the one that {_DIGEST} names"
    known = {_DIGEST, _PACKAGE}
    listed = described.get("resources")
    for one in listed if isinstance(listed, list) else ():
        path = str(one.get("path"))
        known.add(path)
        if path not in package.NameToInfo:
            yield f"{path} is missing"
        elif (what := _differs(package, path, one)) is not None:
            yield f"{path}: {what}"
    for name in package.namelist():
        if name not in known and not name.endswith("/"):
            yield f"{name} is not named in {_PACKAGE}"


def _differs(package: zipfile.ZipFile, path: str, said: Mapping[str, Any]) -> str | None:
    state, size, wanted = sha256(), 0, said.get("bytes")
    most = wanted if isinstance(wanted, int) else package.getinfo(path).file_size
    try:
        with closing(package.open(path)) as member:
            while size <= most and (piece := member.read(_CHUNK)):
                state.update(piece)
                size += len(piece)
    except zipfile.BadZipFile as error:
        return str(error)
    if isinstance(wanted, int) and size != wanted:
        return f"has not the {wanted} bytes that are named"
    return None if said.get("hash") == f"sha256:{state.hexdigest()}" else "its digest is not the one that is named"


def _signer(data: Mapping[str, Any], digest: str) -> tuple[str, str]:
    """Who signed, and what is wrong with that ("" : nothing)."""
    from archive.exporting.keys import fingerprint, holds, key_of_certificate, public_key

    try:
        signature = base64.b64decode(str(data["signature"]), validate=True)
        if "publicKey" in data:
            der = base64.b64decode(str(data["publicKey"]), validate=True)
            key, signer = public_key(der), fingerprint(der)
        else:
            key, signer = key_of_certificate(str(data["domainCert"])), str(data["domain"])
    except (KeyError, binascii.Error, ValueError) as error:
        return "", f"the signature cannot be read: {error}"
    if data.get("hash") != digest:
        return signer, "the signature is of another package"
    return signer, "" if holds(key, signature, digest.encode()) else "the signature does not hold"


def _stamp(data: Mapping[str, Any], roots: str) -> tuple[TimeStamp | None, str]:
    """When the signature was there, as somebody else says, and what is wrong with that."""
    from archive.stamping.tokens import read, roots_of

    try:
        reply = base64.b64decode(str(data["timeSignature"]), validate=True)
        found = read(reply, str(data["signature"]).encode(), roots_of(roots))
    except (KeyError, binascii.Error, ValueError) as error:
        return None, f"the time stamp cannot be read: {error}"
    return (None, f"the time stamp: {found.problem}") if found.problem else (found, "")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
