"""Time stamps are asked of a real authority (`openssl ts`), kept beside the manifest and in packages, and checked."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from captures import article as article_of
from captures import opened, page, put, put_text
from commands import Command
from newsroom import Newsroom
from test_forget import PLAIN, story
from tsa import authority, make_authority

from archive import Archive, ExportFormat, UsageError, check_package, create_archive, open_archive
from archive.config import ArchiveSettings, ProofSettings
from archive.stamping.asking import ask
from archive.stamping.tokens import query, read, roots_of
from backfile.desk import open_desk

DEAD = "http://127.0.0.1:9/stamp"  # the port of `discard`: nobody listens
URL = "https://paper.example/a"


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of an authority, and its folder."""
    folder = make_authority(tmp_path_factory.mktemp("stamps") / "tsa")
    with authority(folder) as url:
        yield url, folder


def toml(*servers: str, roots: Path | None = None) -> str:
    known = f'timestamp_roots = "{roots}"\n' if roots else ""
    return f'[fetch]\nallow_addresses = ["127.0.0.0/8"]\n[proof]\ntimestamps = {json.dumps(servers)}\n{known}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of one page with a text."""
    create_archive(tmp_path / "archive").close()
    with opened(tmp_path / "archive") as store, store.batch() as rows:
        stored, id_ = put(store, page(URL), rows=rows)
        put_text(rows, id_, stored, article_of(URL))
    return tmp_path / "archive"


def archive_of(folder: Path, *servers: str, roots: Path | None = None) -> Archive:
    (folder / "backfile.toml").write_text(toml(*servers, roots=roots))
    return open_archive(folder)


def test_the_last_step_is_stamped_once(folder: Path, tsa: tuple[str, Path]) -> None:
    """openssl finds the same; `verify` is content, and no longer when either file is changed."""
    url, authority_folder = tsa
    root = authority_folder / "root.pem"
    with archive_of(folder, url, roots=root) as archive:
        before = datetime.now(UTC).replace(microsecond=0)
        done = archive.stamp()
        assert done.asked
        assert done.remarks == ()
        assert done.stamp is not None
        assert (done.stamp.trusted, done.stamp.problem, done.stamp.authority) == (True, "", "CN=Test time stamps")
        assert before <= datetime.fromisoformat(done.stamp.at) <= datetime.now(UTC) + timedelta(seconds=1)
        again = archive.stamp()
        assert (again.asked, again.stamp) == (False, done.stamp)
        step = folder / "manifest" / f"{done.step:08d}.json"
        checked = subprocess.run(
            ["openssl", "ts", "-verify", "-data", step, "-in", step.with_suffix(".tsr"), "-CAfile", root],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Verification: OK" in checked.stdout + checked.stderr
        assert list(archive.verify()) == []
        step.write_bytes(step.read_bytes().replace(b"sha256:", b"sha256: ", 1))
        assert any("time stamp of something else" in one.what for one in archive.verify())
        step.with_suffix(".tsr").write_bytes(b"no stamp")
        assert any("cannot be read" in one.what for one in archive.verify())


def test_without_the_extra_a_stamp_is_told_to_be_unchecked(
    folder: Path, tsa: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing else is the worse for it."""
    with archive_of(folder, tsa[0]) as archive:
        archive.stamp()
        monkeypatch.setitem(sys.modules, "rfc3161_client", None)
        monkeypatch.delitem(sys.modules, "archive.stamping.tokens")
        (problem,) = archive.verify()
        assert "was not checked: time stamps need rfc3161-client" in problem.what


def test_a_copy_has_the_stamps(folder: Path, tmp_path: Path, tsa: tuple[str, Path]) -> None:
    with archive_of(folder, tsa[0], roots=tsa[1] / "root.pem") as archive:
        done = archive.stamp()
        archive.copy(tmp_path / "copy")
        name = f"manifest/{done.step:08d}.tsr"
        assert (tmp_path / "copy" / name).read_bytes() == (folder / name).read_bytes()
    with open_archive(tmp_path / "copy") as copy:
        assert list(copy.verify()) == []


def test_a_dead_server_is_told_and_the_next_one_asked(folder: Path, tsa: tuple[str, Path]) -> None:
    with archive_of(folder, DEAD) as archive:
        done = archive.stamp()
        assert done.stamp is None
        assert len(done.remarks) == 1
        assert done.remarks[0].startswith(f"{DEAD}: no time stamp: ")
        assert list(archive.verify()) == []
    with archive_of(folder, DEAD, tsa[0]) as archive:
        done = archive.stamp()
        assert done.stamp is not None
        assert not done.stamp.trusted
        assert done.stamp.problem == ""
        assert "is not known" in done.remarks[1]
        assert list(archive.verify()) == [], "of an authority that is not known the signature is not checked"


def test_without_a_server_it_says_what_to_write(folder: Path) -> None:
    with archive_of(folder) as archive, pytest.raises(UsageError, match=r"\[proof\] timestamps"):
        archive.stamp()


def test_a_proof_shows_the_stamp(folder: Path, tmp_path: Path, tsa: tuple[str, Path]) -> None:
    from archive import Which

    with archive_of(folder, tsa[0], roots=tsa[1] / "root.pem") as archive:
        archive.stamp()
    with open_desk(folder) as desk:
        proved = desk.prove(URL, Which(), tmp_path / "proof.html")
    assert proved.problems == ()
    said = json.loads((tmp_path / "proof.json").read_text())
    (stamp,) = said["stamps"]
    assert stamp["stamp"]["authority"] == "CN=Test time stamps"
    assert stamp["step_digest"] == said["manifest_digest"]
    (tmp_path / "reply.tsr").write_bytes(b64decode(stamp["reply"]))
    told = subprocess.run(
        ["openssl", "ts", "-verify", "-digest", stamp["step_digest"].removeprefix("sha256:"), "-in",
         tmp_path / "reply.tsr", "-CAfile", tsa[1] / "root.pem"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Verification: OK" in told.stdout + told.stderr
    assert "a known authority says" in (tmp_path / "proof.html").read_text()
    (stamped,) = (folder / "manifest").glob("*.tsr")
    stamped.write_bytes(stamped.read_bytes()[:-20] + bytes(20))
    with open_desk(folder) as desk:
        assert any("time stamp" in one for one in desk.prove(URL, Which(), tmp_path / "proof.html").problems)


def test_a_signed_package_is_stamped(folder: Path, tmp_path: Path, tsa: tuple[str, Path]) -> None:
    """As the specification has it: a reply for the signature, with the certificate that it was signed with."""
    url, authority_folder = tsa
    root = str(authority_folder / "root.pem")
    archive_of(folder, DEAD, url, roots=authority_folder / "root.pem").close()
    package = tmp_path / "out.wacz"
    with open_desk(folder) as desk:
        done = desk.export(package, "", ExportFormat.WACZ, sign=True)
    assert [one.startswith(DEAD) for one in done.remarks] == [True]
    found = check_package(package, root)
    assert found.problems == ()
    assert (found.stamped_by, found.stamp_trusted) == ("CN=Test time stamps", True)
    unknown = check_package(package)
    assert (unknown.problems, unknown.stamped, unknown.stamp_trusted) == ((), found.stamped, False)
    with zipfile.ZipFile(package) as members:
        said = json.loads(members.read("datapackage-digest.json"))["signedData"]
    assert "BEGIN CERTIFICATE" in said["timestampCert"]
    other = tmp_path / "other.wacz"
    changed = said | {"timeSignature": said["signature"]}
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "datapackage-digest.json":
                data = json.dumps(json.loads(data) | {"signedData": changed}).encode()
            new.writestr(name, data)
    assert any("time stamp" in one for one in check_package(other, root).problems)


def test_a_package_is_signed_also_where_nobody_stamps(folder: Path, tmp_path: Path) -> None:
    archive_of(folder, DEAD).close()
    with open_desk(folder) as desk:
        done = desk.export(tmp_path / "out.wacz", "", ExportFormat.WACZ, sign=True)
    assert len(done.remarks) == 1
    found = check_package(tmp_path / "out.wacz")
    assert (found.problems, found.stamped) == ((), "")
    assert found.signer


def test_no_byte_of_a_reply_can_be_changed_unnoticed(tsa: tuple[str, Path]) -> None:
    """Whatever is changed in it, it is read as no stamp, as one that does not hold, or as it was."""
    settings = ArchiveSettings(proof=ProofSettings((tsa[0],), str(tsa[1] / "root.pem")))
    settings = replace(settings, fetch=replace(settings.fetch, allow_addresses=("127.0.0.0/8",)))
    reply, said, why = ask(b"hello", settings)
    assert reply is not None
    assert why == []
    roots = roots_of(settings.proof.timestamp_roots)[:1]
    assert read(reply, b"hello", roots) == said
    assert read(reply, b"hullo", roots).problem == "it is a time stamp of something else"
    assert read(reply, b"hello", roots, nonce=query(b"").nonce).problem == "it answers another question"
    chance = random.Random(1)
    for at in chance.sample(range(len(reply)), 150):
        changed = bytearray(reply)
        changed[at] ^= 1 << chance.randrange(8)
        try:
            found = read(bytes(changed), b"hello", roots)
        except ValueError:
            continue
        assert found.problem or not found.trusted or found == said


def test_the_commands(tmp_path: Path, newsroom: Newsroom, tsa: tuple[str, Path]) -> None:
    backfile = Command(tmp_path / "archive", newsroom)
    newsroom.add(URL, story("A bridge", PLAIN))
    assert backfile("stamp").code == 2
    assert backfile("add", URL).code == 0
    settings = backfile.folder / "backfile.toml"
    plain = settings.read_text()
    settings.write_text(f'{plain}\n[proof]\ntimestamps = ["{DEAD}"]\n')
    told = backfile("stamp")
    assert told.code == 9
    assert "no time stamp" in told.err
    proved = backfile("prove", URL, "-o", "../proof.html")
    assert proved.code == 0
    assert "no time stamp" in proved.err
    shutil.copy(tsa[1] / "root.pem", backfile.folder / "root.pem")
    settings.write_text(f'{plain}\n[proof]\ntimestamps = ["{tsa[0]}"]\ntimestamp_roots = "root.pem"\n')
    (row,) = backfile("stamp", "--json").rows
    assert (row["authority"], row["trusted"], row["problem"]) == ("CN=Test time stamps", True, "")
    assert backfile("export", "-o", "../out.wacz", "--sign").code == 0
    checked = backfile("verify-wacz", "../out.wacz", "--roots", "root.pem")
    assert "by CN=Test time stamps." in checked.out
    assert "was not checked" in backfile("verify-wacz", "../out.wacz").out
    assert backfile("verify").code == 0
