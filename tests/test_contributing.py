"""The recipes of CONTRIBUTING.md: two are carried out, word for word, in a copy; all name files that are there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_LARGE = 2**20  # bytes; a file of this size is data, which no recipe changes: a link will do
_STEP = re.compile(
    r"(?:new file `(?P<new>[^`]+)`|In `(?P<path>[^`]+)`[^\n]* before (?P<tick>`+)(?P<anchor>[^\n]+?)(?P=tick)):\n\n"
    r"```\w+\n(?P<code>[\s\S]*?)```"
)
_WRITES = "`python scripts/write_cli_docs.py` writes"


@dataclass(frozen=True)
class Step:
    """Code that goes into `path`: before the line that begins with `anchor`, or as a new file where that is ""."""

    path: str
    anchor: str
    code: str


def recipe(name: str) -> str:
    found = GUIDE.partition(f"\n### {name}\n")[2]
    assert found, f"no recipe for {name}"
    return re.split(r"\n###? ", found, maxsplit=1)[0]


def steps(text: str) -> Iterator[Step]:
    for match in _STEP.finditer(_one_step_a_time(text)):
        yield Step(match["new"] or match["path"], match["anchor"] or "", match["code"])


def _one_step_a_time(text: str) -> str:
    """The recipe with each sentence that begins a step on a line of its own."""
    return re.sub(r"(?<=\. )In `|(?<=, )new file `", lambda found: f"\n{found[0]}", text)


def copied(to: Path) -> Path:
    """The checkout as git knows it, with what was changed."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.decode().split("\0")):
        source, target = ROOT / name, to / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source) if source.stat().st_size > _LARGE else shutil.copy2(source, target)
    return to


def apply(step: Step, checkout: Path) -> None:
    file = checkout / step.path
    if not step.anchor:
        assert not file.exists(), f"{step.path} is there already"
        file.write_text(step.code, encoding="utf-8")
        return
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    places = [number for number, line in enumerate(lines) if line.startswith(step.anchor)]
    assert len(places) == 1, f"{step.path}: {len(places)} lines begin with {step.anchor!r}"
    lines.insert(places[0], step.code)
    file.write_text("".join(lines), encoding="utf-8")


def run(checkout: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, *command], cwd=checkout, env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-2000:]}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "count", "tests"),
    [
        pytest.param(
            "An import format", 6,
            ["tests/test_formats_shortcut.py", "tests/test_formats_lists.py", "tests/test_docs.py", "-k",
             "shortcut or lists or format or made_pages or changelog"],
            id="import format",
        ),
        pytest.param(
            "A field", 4,
            ["tests/test_index_section.py", "tests/test_index_fields.py", "tests/test_index_contract.py",
             "tests/test_docs.py", "-k", "section or fields or contract or query or made_pages"],
            id="field",
        ),
    ],
)  # fmt: skip
def test_the_recipe_works(name: str, count: int, tests: list[str], tmp_path: Path) -> None:
    """Its steps, applied literally, leave a checkout that is formatted and passes its tests."""
    text = recipe(name)
    found = list(steps(text))
    assert len(found) == count
    checkout = copied(tmp_path / "checkout")
    for step in found:
        apply(step, checkout)
    if _WRITES in text:
        run(checkout, "scripts/write_cli_docs.py")
    touched = sorted({step.path for step in found if step.path.endswith(".py")})
    run(checkout, "-m", "ruff", "check", *touched)
    run(checkout, "-m", "ruff", "format", "--check", *touched)
    run(checkout, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)


@pytest.mark.parametrize("name", ["An import format", "A field", "An outcome", "An engine", "A command"])
def test_every_file_that_a_recipe_names_is_there(name: str) -> None:
    text = recipe(name)
    new = {step.path for step in steps(text) if not step.anchor}
    named = set(re.findall(r"`((?:archive|index|backfile|tests|docs|scripts)/[\w/]+\.\w+)`", text))
    made = {path for path in named if re.search(r"[A-Z]{4}", Path(path).stem)}  # NAME, FAMILY: whatever it is called
    assert len(named) > 1
    assert {path for path in named - new - made if not (ROOT / path).is_file()} == set()
