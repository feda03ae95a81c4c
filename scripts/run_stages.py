"""Runs the tests stage by stage: what each needs, what it runs, how long it took and how many tests it had.

    scripts/test                  the quick suite: no server, no browser, nothing beside the checkout
    scripts/test --all            every stage, one after the other
    scripts/test --stage kills    one stage; may be repeated
    scripts/test --list           what the stages are, and what each lacks here

Whatever else is given goes to pytest: scripts/test tests/test_docs.py -k exit. A stage that lacks a part says so and is
no failure; a test that fails is one, and the stages after it still run.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
MARKED = ("servers", "browser", "kills", "quality")  # as the markers in pyproject.toml
ALONE = " and ".join(f"not {name}" for name in MARKED)
CORPORA = ROOT.parent / "shared" / "corpora"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ORIGINAL = "whoosh==2.7.4"
FROM_NPM = ("axe-core@4", "vnu-jar@26")
PARALLEL = ("--numprocesses", "auto", "--maxprocesses", "8", "--dist", "worksteal")
_NOTHING_COLLECTED = 5  # pytest's exit status


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. `missing` says what it lacks on this machine, "" when it can run; `prepare` gives more environment."""

    name: str
    says: str
    arguments: tuple[str, ...]
    missing: Callable[[], str] = lambda: ""
    prepare: Callable[[], Mapping[str, str]] = dict
    without_tests: str = "no test of these belongs to it"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a stage: `status` is pytest's, None where it did not run."""

    stage: Stage
    status: int | None
    seconds: float
    counted: str

    @property
    def failed(self) -> bool:
        return self.status not in (None, 0)

    def __str__(self) -> str:
        sign = "–" if self.status is None else "✗" if self.failed else "✓"
        took = "" if self.status is None else f"{self.seconds:7.1f} s"
        return f"{sign} {self.stage.name:<9}{took:>9}  {self.counted}"


def no_browser() -> str:
    """What is missing to open pages in Chromium, "" for nothing."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed (it is in the extra dev)"
    if not any(map(shutil.which, BROWSERS)):
        return "there is no Chromium here (on Debian: apt install chromium)"
    return ""


def no_corpora() -> str:
    """What is missing to measure quality, "" for nothing."""
    return "" if CORPORA.is_dir() else "the shared corpora are not beside the checkout (../shared/corpora)"


def original_whoosh() -> Mapping[str, str]:
    """Installs the original Whoosh into a folder of its own, which Python looks into first."""
    folder = ROOT / ".venv" / "original-whoosh"
    if not (folder / "whoosh" / "__init__.py").is_file():
        # Compiling it says SyntaxWarnings: here, where they are no errors, and once.
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), ORIGINAL]
        if subprocess.run(pip, check=False).returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise LookupError(f"pip could not install {ORIGINAL}")
    environment = {"PYTHONPATH": str(folder)}
    ask = [sys.executable, "-c", "import whoosh; print(*whoosh.__version__, sep='.')"]
    found = subprocess.run(ask, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if not ORIGINAL.endswith(f"=={found.stdout.strip()}"):
        raise LookupError(f"Python imports whoosh {found.stdout.strip()} instead of {ORIGINAL}")
    return environment


def with_checkers() -> Mapping[str, str]:
    """Installs what checks pages beside the environment, where npm is here; without it their tests say so."""
    folders = [ROOT / ".venv" / "node_modules" / name.partition("@")[0] for name in FROM_NPM]
    if not all(folder.is_dir() for folder in folders) and shutil.which("npm"):
        npm = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(ROOT / ".venv"), *FROM_NPM]
        subprocess.run(npm, check=False)
    return {}


STAGES = (
    Stage("quick", "what a change must pass", (*PARALLEL, "-m", f"not slow and {ALONE}")),
    Stage("slow", "what takes more than a few seconds each", (*PARALLEL, "-m", f"slow and {ALONE}")),
    Stage("servers", "catalogs, stores and engines that are servers of their own", ("-m", "servers")),
    Stage(
        "machines",
        "four machines that work for one archive, where everything that can die does",
        ("-m", "servers", "tests/test_team_machines.py"),
        prepare=lambda: {"BACKFILE_MACHINES": "full"},
    ),
    Stage("browser", "pages that we write, opened in Chromium", ("-m", "browser"), no_browser, with_checkers),
    Stage("kills", "many kills and power cuts at random moments", (*PARALLEL, "-m", "kills")),
    Stage("quality", "floors of quality on real pages and news text", (*PARALLEL, "-m", "quality"), no_corpora),
    Stage(
        "whoosh",
        f"the Whoosh engine on the original {ORIGINAL}",
        (*PARALLEL, "-m", "not kills", "-k", "whoosh", *map(str, sorted(ROOT.glob("tests/test_index_*.py")))),
        prepare=original_whoosh,
    ),
)
BY_NAME = {stage.name: stage for stage in STAGES}


def run(stage: Stage, more: Sequence[str]) -> Result:
    """Runs a stage with further arguments for pytest."""
    print(f"── {stage.name}: {stage.says}", flush=True)
    lacks = stage.missing()
    try:
        environment = {**os.environ, **({} if lacks else stage.prepare())}
    except LookupError as problem:
        lacks = str(problem)
    if lacks:
        return _told(Result(stage, None, 0.0, f"skipped: {lacks}"))
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "--quiet", f"--junitxml={report}", *stage.arguments, *more]
        begun = time.monotonic()
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        seconds = time.monotonic() - begun
        if status == _NOTHING_COLLECTED:
            return _told(Result(stage, 0 if not more else status, seconds, stage.without_tests))
        return _told(Result(stage, status, seconds, counted(report)))


def counted(report: Path) -> str:
    """The counts in a report of pytest, in words."""
    if not report.is_file():
        return "pytest did not come to its end"
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 -- pytest wrote it
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for name in counts:
            counts[name] += int(suite.get(name, 0))
    passed = counts["tests"] - counts["failures"] - counts["errors"] - counts["skipped"]
    rest = [(counts["failures"] + counts["errors"], "failed"), (counts["skipped"], "skipped")]
    return ", ".join([f"{passed} passed", *(f"{count} {word}" for count, word in rest if count)])


def _told(result: Result) -> Result:
    print(result, flush=True)
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the stages that are asked for, says what became of each, and returns 1 if a test failed."""
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="every stage")
    which.add_argument("--stage", action="append", choices=list(BY_NAME), help="this one; may be repeated")
    which.add_argument("--list", action="store_true", help="what the stages are")
    given, more = parser.parse_known_args(arguments)
    if given.list:
        for stage in STAGES:
            print(f"{stage.name:<9} {stage.says}{' -- ' * bool(stage.missing())}{stage.missing()}")
        return 0
    names = list(BY_NAME) if given.all else given.stage or ["quick"]
    results = [run(BY_NAME[name], more) for name in names]
    print("── stages", *results, sep="\n", flush=True)
    return 1 if any(result.failed for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
