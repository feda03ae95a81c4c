"""The scripts a newcomer meets first: they are what the README says, in any folder, without questions."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHELL = ("scripts/try", "scripts/test", "scripts/lint", ".ci/run")


@pytest.mark.parametrize("name", [*SHELL, "scripts/environment"])
def test_a_posix_shell_can_read_it(name: str) -> None:
    subprocess.run(["sh", "-n", str(ROOT / name)], check=True)


@pytest.mark.parametrize("name", SHELL)
def test_it_can_be_run(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def test_continuous_integration_runs_the_same_checks() -> None:
    assert "scripts/test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


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
