"""A signed package holds, and nothing in it can be changed unnoticed; packages that others signed are checked, too."""

from __future__ import annotations

import base64
import json
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from captures import opened, page, put
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from archive import FormatError, UsageError, check_package, create_archive
from archive.exporting.signing import KEY
from backfile.desk import open_desk


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A signed package of two pages."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    with opened(folder) as store, store.batch():
        for name in ("a", "b"):
            put(store, page(f"https://paper.example/{name}", name.encode() * 400))
    with open_desk(folder) as desk:
        from archive import ExportFormat

        desk.export(tmp_path / "out.wacz", "", ExportFormat.WACZ, sign=True)
        with pytest.raises(UsageError, match="cannot be signed"):
            desk.export(tmp_path / "out.csv", "", ExportFormat.CSV, sign=True)
    return tmp_path / "out.wacz"


def test_what_was_signed_holds(package: Path) -> None:
    """By the archive's key, which is its owner's alone and stays the same."""
    found = check_package(package)
    assert found.problems == ()
    assert found.signer.startswith("sha256:")
    assert found.resources >= 3
    key = package.parent / "archive" / KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with open_desk(package.parent / "archive") as desk:
        from archive import ExportFormat

        desk.export(package.parent / "again.wacz", "", ExportFormat.WACZ, sign=True)
    assert check_package(package.parent / "again.wacz").signer == found.signer


def test_openssl_finds_the_same(package: Path, tmp_path: Path) -> None:
    """The signature is one of ECDSA over the digest, for a program that knows nothing of ours."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    data = json.loads(zipfile.ZipFile(package).read("datapackage-digest.json"))["signedData"]
    raw = base64.b64decode(data["signature"])
    halves = (int.from_bytes(part, "big") for part in (raw[:48], raw[48:]))
    (tmp_path / "sig").write_bytes(encode_dss_signature(*halves))
    (tmp_path / "key").write_bytes(base64.b64decode(data["publicKey"]))
    (tmp_path / "said").write_text(data["hash"])
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl here")
    ran = subprocess.run(
        ["openssl", "dgst", "-sha256", "-keyform", "DER", "-verify", "key", "-signature", "sig", "said"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert "Verified OK" in ran.stdout, ran.stderr


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The package with its members as `change` leaves them."""
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    change(members)
    changed = path.with_name("changed.wacz")
    with zipfile.ZipFile(changed, "w") as package:
        for name, data in members.items():
            package.writestr(name, data)
    return changed


def flipped(members: dict[str, bytes]) -> None:
    data = bytearray(members["archive/data.warc.gz"])
    data[len(data) // 2] ^= 1
    members["archive/data.warc.gz"] = bytes(data)


def added(members: dict[str, bytes]) -> None:
    members["archive/more.warc.gz"] = b"more"


def taken(members: dict[str, bytes]) -> None:
    del members["pages/pages.jsonl"]


def retitled(members: dict[str, bytes]) -> None:
    """With the digest that goes with it: the signature is then of another one."""
    from hashlib import sha256

    members["datapackage.json"] = members["datapackage.json"].replace(b"Backfile", b"Backfire")
    said = json.loads(members["datapackage-digest.json"])
    said["hash"] = f"sha256:{sha256(members['datapackage.json']).hexdigest()}"
    members["datapackage-digest.json"] = json.dumps(said).encode()


def resigned(members: dict[str, bytes]) -> None:
    """… and named as what was signed: the signature does not hold."""
    retitled(members)
    said = json.loads(members["datapackage-digest.json"])
    said["signedData"]["hash"] = said["hash"]
    members["datapackage-digest.json"] = json.dumps(said).encode()


def garbled(members: dict[str, bytes]) -> None:
    said = json.loads(members["datapackage-digest.json"])
    said["signedData"]["publicKey"] = "no key"
    members["datapackage-digest.json"] = json.dumps(said).encode()


@pytest.mark.parametrize("change", [flipped, added, taken, retitled, resigned, garbled])
def test_whatever_is_changed_is_noticed(package: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    assert check_package(rewritten(package, lambda _: None)).problems == ()
    assert check_package(rewritten(package, change)).problems != ()


def test_a_package_that_was_signed_for_a_domain(package: Path) -> None:
    """As authsign does: DER of the two numbers, by the key of a certificate that is in it."""
    issued = trustme.CA().issue_cert("archive.example", key_type=trustme.KeyType.ECDSA)
    key = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)

    def sign(members: dict[str, bytes]) -> None:
        said = json.loads(members["datapackage-digest.json"])
        made = key.sign(said["hash"].encode(), ec.ECDSA(hashes.SHA256()))
        chain = "".join(one.bytes().decode() for one in issued.cert_chain_pems)
        said["signedData"] = {
            "hash": said["hash"], "signature": base64.b64encode(made).decode(), "domain": "archive.example",
            "domainCert": chain, "created": "2025-01-31T12:00:00Z", "software": "another",
        }  # fmt: skip
        members["datapackage-digest.json"] = json.dumps(said).encode()

    found = check_package(rewritten(package, sign))
    assert (found.signer, found.software, found.problems) == ("archive.example", "another", ())


def test_a_package_that_nobody_signed(package: Path) -> None:
    def unsign(members: dict[str, bytes]) -> None:
        said = json.loads(members["datapackage-digest.json"])
        del said["signedData"]
        members["datapackage-digest.json"] = json.dumps(said).encode()

    found = check_package(rewritten(package, unsign))
    assert (found.signer, found.problems) == ("", ())


@pytest.mark.parametrize("data", [b"", b"no zip at all", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_package_is_said_so(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.wacz").write_bytes(data)
    with pytest.raises(FormatError, match="no WACZ"):
        check_package(tmp_path / "x.wacz")
