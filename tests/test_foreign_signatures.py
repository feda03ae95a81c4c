"""A signed package that is imported: whether it holds is said, and its signature is kept with each capture."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from captures import article, opened, page, put, put_text
from commands import run

from archive import Archive, ExportFormat, JobState, Reject, Which, create_archive, open_archive, read_items
from archive.storage.verify import verify
from backfile.desk import open_desk

URL = "https://paper.example/a"
TEXT = b"<html><title>A</title><article><p>" + b"The council of Lindholm met on Tuesday about the bridge. " * 8


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed package of two pages, of somebody else's archive."""
    folder = tmp_path_factory.mktemp("theirs") / "archive"
    create_archive(folder).close()
    with opened(folder) as store, store.batch() as rows:
        for name in ("a", "b"):
            stored, id_ = put(store, page(f"https://paper.example/{name}", TEXT + name.encode()), rows=rows)
            put_text(rows, id_, stored, article(f"https://paper.example/{name}"))
    with open_desk(folder) as desk:
        desk.export(folder.parent / "theirs.wacz", "", ExportFormat.WACZ, sign=True)
    return folder.parent / "theirs.wacz"


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Archive]:
    create_archive(tmp_path / "ours").close()
    with open_archive(tmp_path / "ours") as archive:
        yield archive


def take_in(archive: Archive, package: Path) -> list[str]:
    """What the import says of the package itself."""
    return [one.detail for one in archive.import_files([package], fetch=False) if not one.url]


@pytest.mark.parametrize("holds", [True, False])
def test_what_is_said_of_a_package_is_no_bad_row(package: Path, tmp_path: Path, ours: Archive, holds: bool) -> None:
    """It is told by the screen, by --json and by a dry run; no row is rejected, no file of rejects is written."""
    changes = b'"profile"', b'"profil_"' if not holds else b'"profile"'
    file = changed(package, tmp_path / "theirs.wacz", "datapackage.json", *changes)
    shown = run("import", str(file), "--no-fetch", cwd=ours.folder)
    assert shown.code == 0, shown.err
    assert "· theirs.wacz: the package is signed by" in shown.out
    assert ("does not hold" in shown.out) is not holds
    assert "rejected" not in shown.out + shown.err
    assert not list(ours.folder.glob("rejects*"))
    (job,) = ours.jobs()
    assert sum(job.counts.values()) == 2
    (remark, *items) = ours.import_files([file], fetch=False, again=True)
    assert (remark.remark, remark.state, remark.n, remark.lost) == (True, JobState.DONE, 0, False)
    assert not any(item.remark for item in items)
    found = [one for one in read_items(file) if isinstance(one, Reject)]
    assert [one.remark for one in found] == [True]
    if holds:
        dry = run("import", str(file), "--dry-run", cwd=ours.folder)
        assert "· " in dry.out
        assert "rejected" not in dry.out


def proof(folder: Path, target: Path) -> dict[str, object]:
    with open_desk(folder) as desk:
        desk.prove(URL, Which(), target)
    found: dict[str, object] = json.loads(target.with_suffix(".json").read_text())
    return found


def changed(package: Path, target: Path, member: str, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(package) as was, zipfile.ZipFile(target, "w") as now:
        for name in was.namelist():
            data = was.read(name)
            assert name != member or old in data
            now.writestr(name, data.replace(old, new, 1) if name == member else data)
    return target


def test_a_signature_that_holds_is_said_and_kept(ours: Archive, package: Path, tmp_path: Path) -> None:
    """Through a rebuild, and into the next archive that it is handed on to."""
    (said,) = take_in(ours, package)
    assert said.startswith("the package is signed by sha256:")
    assert said.endswith("every digest in it holds, and the signature")
    found = proof(ours.folder, tmp_path / "proof.html")
    assert (found["problems"], found["package_problem"]) == ([], "")
    kept = found["package"]
    assert isinstance(kept, dict)
    assert (kept["file"], kept["problems"]) == ("theirs.wacz", [])
    assert str(kept["signer"]) in said
    assert "does the signature hold now" in (tmp_path / "proof.html").read_text()
    assert list(verify(ours.folder)) == []
    ours.rebuild()
    assert proof(ours.folder, tmp_path / "proof.html")["package"] == kept
    with open_desk(ours.folder) as desk:
        desk.export(tmp_path / "again.wacz", "", ExportFormat.WACZ)
    create_archive(tmp_path / "third").close()
    with open_archive(tmp_path / "third") as third:
        assert take_in(third, tmp_path / "again.wacz") == []
    assert proof(tmp_path / "third", tmp_path / "proof.html")["package"] == kept


@pytest.mark.parametrize(
    ("member", "old", "new", "wrong"),
    [
        ("pages/pages.jsonl", b"paper.example/b", b"paper.example/c", "pages/pages.jsonl: its digest"),
        ("datapackage.json", b'"profile"', b'"profil_"', "datapackage.json is not the one"),
        ("datapackage-digest.json", b'"signature": "', b'"signature": "AAAA', "the signature"),
    ],
)
def test_a_package_that_does_not_hold(
    ours: Archive, package: Path, tmp_path: Path, member: str, old: bytes, new: bytes, wrong: str
) -> None:
    """It is taken in all the same, and what was wrong with it is told, then and whenever it is proved."""
    (said,) = take_in(ours, changed(package, tmp_path / "changed.wacz", member, old, new))
    assert "does not hold" in said
    assert wrong in said
    found = proof(ours.folder, tmp_path / "proof.html")
    assert "the package changed.wacz" in str(found["problems"])


def test_a_package_that_nobody_signed_says_nothing(ours: Archive, package: Path, tmp_path: Path) -> None:
    data = b'"signedData"'
    assert take_in(ours, changed(package, tmp_path / "x.wacz", "datapackage-digest.json", data, b'"unsigned"')) == []
    assert proof(ours.folder, tmp_path / "proof.html")["package"] is None


def test_what_is_kept_is_checked_again(ours: Archive, package: Path) -> None:
    """A signature of something else does not hold, whoever says that it did."""
    from archive.exporting.signing import recheck, signed_data
    from archive.formats.signatures import signed_package

    found = signed_package(package)
    assert found is not None
    assert recheck(found.digest, found.signature) == ""
    assert recheck(f"sha256:{'0' * 64}", found.signature) == "the signature is of another package"
    forged = replace(found, signature={**found.signature, "hash": f"sha256:{'0' * 64}"})
    assert recheck(f"sha256:{'0' * 64}", forged.signature) == "the signature does not hold"
    assert signed_data(package) == (found.digest, found.signature)
