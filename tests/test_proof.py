"""A proof says what was stored and whether it holds; the manifest notices what is missing, cut or replaced."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from captures import new_folder, opened, page, put
from commands import Command
from faulty import Counting, Failing, Stop, Stopping
from newsroom import Newsroom

from archive.storage.manifest import Manifest, digest_of
from archive.storage.verify import verify

PAGE = "https://paper.example/bridge"
TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. <b>Nobody</b> spoke against the plan."
)


def story(title: str) -> str:
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{TEXT}</p></article></body></html>"
    )


@pytest.fixture
def kept(tmp_path: Path, newsroom: Newsroom) -> Command:
    """A story that a short link led to."""
    backfile = Command(tmp_path / "archive", newsroom)
    newsroom.add(PAGE, story("A bridge &amp; a <i>ferry</i>"))
    newsroom.redirect("https://sho.rt/x", PAGE)
    assert backfile("add", "https://sho.rt/x").code == 0
    return backfile


def test_a_proof_names_every_byte(kept: Command, tmp_path: Path) -> None:
    """What it says can be checked without this program: gzip and SHA-256 find the same."""
    ran = kept("prove", PAGE, "-o", str(tmp_path / "p.html"), "--json")
    assert ran.code == 0, ran.err
    (row,) = ran.rows
    assert row["problems"] == []
    proof = json.loads((tmp_path / "p.json").read_text())
    assert [hop["status"] for hop in proof["hops"]] == [302, 200]
    assert all(hop["address"].startswith("127.0.0.1:") and hop["certificate"]["chain"] for hop in proof["hops"])
    assert {record["kind"] for record in proof["records"]} == {"request", "response", "metadata"}
    for record in proof["records"]:
        data = (kept.folder / "warc" / record["file"]).read_bytes()
        member = gzip.decompress(data[record["offset"] : record["offset"] + record["length"]])
        block = member.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n\r\n")
        assert f"sha256:{sha256(block).hexdigest()}" == record["block_digest"]
    served = kept("show", PAGE, "--html").out.encode()
    assert proof["payload_digest"] == f"sha256:{sha256(served).hexdigest()}"
    assert proof["manifest_steps"]
    assert PAGE in proof["citations"]["text"]
    assert "TY  - NEWS" in proof["citations"]["ris"]
    assert "@misc" in proof["citations"]["bibtex"]
    html = (tmp_path / "p.html").read_text()
    assert "every digest holds" in html
    assert "<b>Nobody" not in html
    assert "<script" not in html


def test_a_proof_says_what_does_not_hold(kept: Command, tmp_path: Path) -> None:
    (file,) = (kept.folder / "warc").glob("*.warc.gz")
    proof = kept("prove", PAGE, "-o", str(tmp_path / "p.html"))
    assert proof.code == 0, proof.err
    response = next(r for r in json.loads((tmp_path / "p.json").read_text())["records"] if r["kind"] == "response")
    data = bytearray(file.read_bytes())
    data[response["offset"] + response["length"] // 2] ^= 1
    file.write_bytes(data)
    ran = kept("prove", PAGE, "-o", str(tmp_path / "p.html"), "--json")
    assert ran.code == 9
    assert ran.rows[0]["problems"]
    assert "do not hold" in (tmp_path / "p.html").read_text()


def test_a_case_is_a_folder_with_a_page_that_lists_it(kept: Command, newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.add("https://paper.example/ferry", story("The ferry stays"))
    assert kept("add", "https://paper.example/ferry").code == 0
    ran = kept("prove", "--query", "lindholm", "-o", str(tmp_path / "case"), "--json")
    assert (ran.code, len(ran.rows)) == (0, 2), ran.err
    index = (tmp_path / "case" / "index.html").read_text()
    assert all(f'href="{row["html"]}"' in index and (tmp_path / "case" / str(row["json"])).exists() for row in ran.rows)
    assert len(json.loads((tmp_path / "case" / "index.json").read_text())["proofs"]) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [([], "name one article"), ([PAGE, "--query", "x"], "name one article"), (["--query", "x"], "needs a folder")],
)
def test_what_to_prove_is_named_once(kept: Command, arguments: list[str], said: str) -> None:
    ran = kept("prove", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_old_versions_are_proved_by_what_showed_them(kept: Command, newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.add(PAGE, story("No bridge"))
    kept("add", PAGE, "--again")
    assert kept("prove", PAGE, "--version", "1", "-o", str(tmp_path / "one.html")).code == 0
    one = json.loads((tmp_path / "one.json").read_text())
    assert (one["version"], one["versions"], one["title"]) == (1, 2, "A bridge & a ferry")
    assert len(one["hops"]) == 2


# -- the manifest ------------------------------------------------------------------------------------------------------


def stored(folder: Path, name: str) -> None:
    with opened(folder) as store, store.batch():
        put(store, page(f"https://paper.example/{name}", name.encode() * 300))


@pytest.fixture
def stored_thrice(tmp_path: Path) -> Path:
    folder = new_folder(tmp_path / "archive")
    for name in ("a", "b", "c"):
        stored(folder, name)
    return folder


def test_each_step_follows_from_the_one_before(stored_thrice: Path) -> None:
    steps = sorted((stored_thrice / "manifest").iterdir())
    assert [path.name for path in steps] == ["00000001.json", "00000002.json", "00000003.json"]
    said = [json.loads(path.read_bytes()) for path in steps]
    assert [one["previous"] for one in said] == [None, *(digest_of(path.read_bytes()) for path in steps[:2])]
    (file,) = (stored_thrice / "warc").glob("*.gz")
    lengths = [one["files"][0]["length"] for one in said]
    assert [one["files"][0]["start"] for one in said] == [0, *lengths[:2]], "a growing file recurs"
    assert lengths[-1] == file.stat().st_size
    assert list(verify(stored_thrice)) == []
    with opened(stored_thrice):
        pass
    assert len(list((stored_thrice / "manifest").iterdir())) == 3, "nothing new, no new step"


def gone(folder: Path, file: Path) -> None:
    file.unlink()


def cut(folder: Path, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])


def replaced(folder: Path, file: Path) -> None:
    """By another archive's, which is sound."""
    other = new_folder(folder.parent / "other")
    for name in ("x", "y", "z"):
        stored(other, name)
    (made,) = (other / "warc").glob("*.gz")
    file.write_bytes(made.read_bytes().ljust(file.stat().st_size, b"\0")[: file.stat().st_size])


def step_gone(folder: Path, file: Path) -> None:
    (folder / "manifest" / "00000002.json").unlink()


def step_changed(folder: Path, file: Path) -> None:
    path = folder / "manifest" / "00000002.json"
    path.write_bytes(path.read_bytes().replace(b'"start": ', b'"start":  '))


def step_torn(folder: Path, file: Path) -> None:
    path = folder / "manifest" / "00000002.json"
    path.write_bytes(path.read_bytes()[:100])


@pytest.mark.parametrize("harm", [gone, cut, replaced, step_gone, step_changed, step_torn])
@pytest.mark.parametrize("with_catalog", [True, False])
def test_what_was_done_to_the_files_is_noticed(stored_thrice: Path, harm: object, with_catalog: bool) -> None:
    """Also where nothing but the files themselves is left: a deleted WARC file leaves no gap anywhere else."""
    (file,) = (stored_thrice / "warc").glob("*.gz")
    harm(stored_thrice, file)  # type: ignore[operator]
    if not with_catalog:
        (stored_thrice / "catalog.sqlite").unlink()
    assert any(problem.layer == "manifest" for problem in verify(stored_thrice))


def test_an_archive_from_before_gets_its_manifest(stored_thrice: Path) -> None:
    shutil.rmtree(stored_thrice / "manifest")
    assert list(verify(stored_thrice)) == []
    stored(stored_thrice, "d")
    (step,) = (stored_thrice / "manifest").iterdir()
    assert json.loads(step.read_bytes())["files"][0]["start"] == 0
    assert list(verify(stored_thrice)) == []


def test_a_step_that_was_torn_is_not_built_upon(stored_thrice: Path) -> None:
    """The next one lists everything anew, and the damage stays told."""
    step = stored_thrice / "manifest" / "00000003.json"
    step.write_bytes(b"{")
    stored(stored_thrice, "d")
    said = json.loads((stored_thrice / "manifest" / "00000004.json").read_bytes())
    assert said["files"][0]["start"] == 0
    assert [problem.where for problem in verify(stored_thrice)] == ["manifest/00000003.json"]


def test_several_files_are_covered(tmp_path: Path) -> None:
    folder = new_folder(tmp_path / "archive")
    for name in "abcdef":
        with opened(folder, max_warc=600) as store, store.batch():
            put(store, page(f"https://paper.example/{name}", name.encode() * 300))
    assert len(Manifest(folder).chain().files) == len(list((folder / "warc").glob("*.gz"))) > 2
    assert list(verify(folder)) == []


def operations(folder: Path) -> int:
    ops = Counting()
    Manifest(folder, ops).extend({"a": 3}, lambda *_: b"\0" * 32)
    return ops.count


def test_a_stop_or_a_failure_at_every_operation_leaves_a_chain(tmp_path: Path) -> None:
    """The step is there whole, or the next one covers it."""
    (tmp_path / "count").mkdir()
    count = operations(tmp_path / "count")
    for at in range(1, count + 1):
        for kind in (Stopping, Failing):
            folder = tmp_path / f"{kind.__name__}-{at}"
            folder.mkdir()
            with pytest.raises((Stop, Exception)):
                Manifest(folder, kind(at)).extend({"a": 3}, lambda *_: b"\0" * 32)
            Manifest(folder).extend({"a": 5}, lambda *_: b"\0" * 32)
            chain = Manifest(folder).chain()
            assert (chain.wrong, chain.files["a"][-1][1].length) == ([], 5)


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.kills)])
def test_kills_while_steps_are_made_leave_a_chain(tmp_path: Path, kills: int) -> None:
    """Every step that was there is there, the next one follows, and it covers all."""
    driver = Path(__file__).with_name("manifest_kill_driver.py")
    ran = subprocess.run(
        [sys.executable, str(driver), str(tmp_path / "archive"), str(kills), "7"],
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert ran.returncode == 0, ran.stderr
    result = json.loads(ran.stdout)
    assert (result["kills"], result["complaints"]) == (kills, [])
    assert result["steps"] > kills


def test_a_part_is_verified(kept: Command, newsroom: Newsroom) -> None:
    """A share finds damage where it looks; what was stored since a day does not look at what was there before."""
    assert "What was read is as it was written" in kept("verify", "--sample", "1%").err
    assert kept("verify", "--sample", "0").code == 2
    assert kept("verify", "--since", "2001-01-01").code == 0
    (file,) = (kept.folder / "warc").glob("*.warc.gz")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert kept("verify", "--sample", "100%").code == 9
    assert kept("verify", "--since", "2001-01-01").code == 9
    assert kept("verify", "--since", "2100-01-01").code == 0
