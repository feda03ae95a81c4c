"""The scripts a newcomer meets first: they are what the README says, in any folder, without questions."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
import run_stages
from sample_newsroom.server import serve

from archive import ArchiveSettings, create_archive, read_settings

ROOT = Path(__file__).parents[1]
SHELL = ("scripts/try", "scripts/test", "scripts/lint", "scripts/servers", ".ci/run")


@pytest.mark.parametrize("name", [*SHELL, "scripts/environment"])
def test_a_posix_shell_can_read_it(name: str) -> None:
    subprocess.run(["sh", "-n", str(ROOT / name)], check=True)


@pytest.mark.parametrize("name", SHELL)
def test_it_can_be_run(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def test_continuous_integration_runs_every_stage() -> None:
    assert 'scripts/test" --all' in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_every_stage_is_a_marker_and_in_the_docs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    markers = {marker.partition(":")[0] for marker in project["tool"]["pytest"]["ini_options"]["markers"]}
    assert markers == {"slow", *run_stages.MARKED}
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in run_stages.BY_NAME if f"`{name}`" not in guide] == []


def test_a_stage_that_lacks_a_part_says_so_and_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_stages.run(
        run_stages.Stage("moon", "tests on the moon", (), missing=lambda: "there is no rocket here"), ()
    )
    assert not result.failed
    assert (
        capsys.readouterr().out
        == "── moon: tests on the moon\n– moon                skipped: there is no rocket here\n"
    )


@pytest.mark.parametrize(
    ("source", "more", "said", "failed"),
    [
        ("def test_a(): pass\ndef test_b(): assert 0", (), "1 passed, 1 failed", True),
        ("import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('x')", (), "1 passed, 1 skipped", False),
        ("def test_a(): pass", ("-k", "other"), "nothing to do", True),
        ("", (), "nothing to do", False),
    ],
)
def test_a_stage_counts_its_tests(
    source: str, more: tuple[str, ...], said: str, failed: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing to run is a failure only where tests were asked for by name."""
    (tmp_path / "test_it.py").write_text(source)
    stage = run_stages.Stage("it", "a try", ("-c", "/dev/null", str(tmp_path)), without_tests="nothing to do")
    result = run_stages.run(stage, more)
    assert (result.counted, result.failed, result.seconds > 0) == (said, failed, True)
    assert capsys.readouterr().out.splitlines()[-1] == str(result)


def test_a_wrong_step_stops_with_a_clear_line(tmp_path: Path) -> None:
    """scripts/environment names what is missing when no python3 is recent enough."""
    fake = tmp_path / "bin"
    fake.mkdir()
    for name in ("sh", "dirname", "cat", "cksum"):
        found = next(Path(folder) / name for folder in ("/usr/bin", "/bin") if (Path(folder) / name).exists())
        (fake / name).symlink_to(found)
    scripts = tmp_path / "a checkout" / "scripts"
    scripts.mkdir(parents=True)
    for name in ("environment", "lint"):
        (scripts / name).write_bytes((ROOT / "scripts" / name).read_bytes())
    done = subprocess.run(
        ["sh", str(scripts / "lint")], env={"PATH": str(fake)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Python 3.11 or later" in done.stderr


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """What scripts/try does once .venv is ready, in a checkout that it was run in before; what it printed."""
    checkout = tmp_path_factory.mktemp("tour") / "a checkout"
    create_archive(checkout / ".try" / "newsroom").close()
    shutil.copytree(ROOT / "scripts" / "sample_newsroom", checkout / "scripts" / "sample_newsroom")
    return checkout, tour(checkout)


def tour(checkout: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sample_newsroom.tour", *arguments],
        env=os.environ | {"PYTHONPATH": str(checkout / "scripts")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_try_archives_the_newsroom_and_answers(toured: tuple[Path, str]) -> None:
    """It shows each command it runs, the hits with their facets, and how to go on."""
    checkout, printed = toured
    commands = [line.split()[2] for line in printed.splitlines() if line.startswith("$ backfile")]
    assert commands == ["init", "add", "search", "search", "links", "pairs", "coverage", "coverage"]
    assert "District attorney tells federal port agents: not at our gates" in printed
    assert "Marisol Venn" in printed
    assert "https://sho.rt.example/Ab3 → https://www.channel9sillmouth.example/" in printed
    assert "export BACKFILE_DIR=" in printed
    assert "Federal agents detain nine workers at Pier 14 cold store" in printed
    assert re.search(r"^Marisol Venn +Ines Calloway +\d+", printed, re.MULTILINE)
    assert (checkout / ".try" / "coverage.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_commands_it_ends_with_work(toured: tuple[Path, str]) -> None:
    """Those that need no network, and end by themselves: they can be pasted as they stand."""
    checkout, printed = toured
    ending = [line.strip() for line in printed.partition("Go on from here")[2].splitlines()[1:] if line.strip()]
    lines = [line for line in ending if not line.startswith(("backfile add", "backfile serve"))]
    done = subprocess.run(["sh", "-ec", "\n".join(lines)], capture_output=True, text=True, cwd=checkout, check=False)
    assert done.returncode == 0, done.stderr
    assert "Ferry Kestrel runs aground" in done.stdout


def test_try_leaves_an_ordinary_archive(toured: tuple[Path, str]) -> None:
    """The settings that lead to the newsroom are gone: the archive can go on with real pages."""
    checkout, _ = toured
    settings = read_settings(checkout / ".try" / "newsroom")
    assert settings == ArchiveSettings()


def test_try_says_that_its_ports_are_taken() -> None:
    """By another one that serves, say."""
    with socket.socket() as taken:
        with suppress(OSError):  # or somebody else has it, which is as good
            taken.bind(("127.0.0.1", 8080))
            taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "sample_newsroom.tour", "--serve"], capture_output=True, text=True, timeout=60,
            check=False, env={**os.environ, "PYTHONPATH": f"{ROOT / 'scripts'}{os.pathsep}{ROOT}"},
        )  # fmt: skip
    assert done.returncode == 1
    assert "ports 8080 and 8443" in done.stderr
    assert "Traceback" not in done.stderr


def test_bulk_import_goes_on_where_it_stopped_and_lists_rejects(tmp_path: Path) -> None:
    """A file of URLs is archived; a second run asks for nothing that is held; the rejects file can be given in turn."""
    folder = tmp_path / "archive"
    create_archive(folder).close()
    with serve() as newsroom:
        (folder / "backfile.toml").write_text(newsroom.settings(), encoding="utf-8")
        missing = "https://www.sillmouthledger.example/no-such-page"
        listed = tmp_path / "urls.txt"
        listed.write_text(
            "\n".join(["\ufeff# stories", "", " # more", *newsroom.urls[:3], missing, "no URL"]), encoding="utf-8"
        )
        first = bulk_import(listed, folder)
        asked = len(newsroom.asked)
        second = bulk_import(listed, folder)
        new = [url for url in newsroom.asked[asked:] if not url.endswith("/robots.txt")]
    assert first.endswith("3 archived, 2 rejected\n")
    assert "5 URLs, 3 of them archived already" in second
    assert new in ([missing], [])
    rejects = (tmp_path / "urls.txt.rejects").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[0] for line in rejects] == [missing, "no URL"]
    assert rejects[0].split("\t")[1].startswith("not found: ")


def bulk_import(listed: Path, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/bulk_import.py"), str(listed), "--dir", str(folder), "--depth", "0"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file"), (b"caf\xe9", "can't decode"), (b"https://paper.example/", "not an archive")],
)
def test_bulk_import_says_in_a_line_what_is_wrong(tmp_path: Path, content: bytes | None, said: str) -> None:
    listed = tmp_path / "urls.txt"
    if content is not None:
        listed.write_bytes(content)
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/bulk_import.py"), str(listed), "--dir", str(tmp_path / "none")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n"), said in done.stderr) == (1, 1, True), done.stderr


def test_bulk_import_is_short() -> None:
    assert len((ROOT / "scripts/bulk_import.py").read_text(encoding="utf-8").splitlines()) < 65
