"""docs/python.md: its reference is what the docstrings say, and its recipes run as the scripts that they are.

So do the Python examples of README.md and docs/importing.md: each is saved to a file and run in a process of its own,
as it stands but for addresses and names.
"""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import write_python_docs
from sample_newsroom.server import Running, serve

from backfile.desk import create_desk

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/python.md").read_text(encoding="utf-8")


def test_the_reference_is_up_to_date() -> None:
    """It is what scripts/write_python_docs.py makes of the docstrings."""
    assert write_python_docs.page(PAGE) == PAGE


def test_every_public_name_stands_in_the_reference() -> None:
    missing = []
    for name in write_python_docs.MODULES:
        part = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        module = importlib.import_module(name)
        missing += [
            f"{name}.{public}" for public in module.__all__ if f"`{public}" not in part and f" {public}\n" not in part
        ]
    assert missing == []


@dataclass(frozen=True)
class Filled:
    """An archive of three stories of the sample newsroom, which is still served, in a folder to be copied."""

    folder: Path
    newsroom: Running


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("recipes")
    with serve() as newsroom:
        create_desk(folder / "my-backfile").close()
        (folder / "my-backfile/backfile.toml").write_text(newsroom.settings(), encoding="utf-8")
        command = str(Path(sys.executable).with_name("backfile"))
        add = [command, "--dir", str(folder / "my-backfile"), "--quiet", "add", "--depth", "0"]
        subprocess.run([*add, *newsroom.urls[:3]], check=True, capture_output=True)
        (folder / "links.csv").write_text(f"url,tags\n{newsroom.urls[3]},harbour\nno address,\n", encoding="utf-8")
        (folder / "bookmarks.html").write_text(
            "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n"
            f'<DT><A HREF="{newsroom.urls[3]}" TAGS="harbour">A story</A>\n</DL><p>\n',
            encoding="utf-8",
        )
        (folder / "pages").mkdir()
        for number in range(30):  # more than are read in one process
            text = (
                f"<p>Mayor Ada Brandt said on Friday that pier {number} would be built again before the winter.</p>" * 3
            )
            page = f"<html><head><title>Pier {number}</title></head><body><article>{text}</article></body></html>"
            (folder / f"pages/{number:02}.html").write_text(page, encoding="utf-8")
        yield Filled(folder, newsroom)


def ran(filled: Filled, folder: Path, code: str) -> str:
    """What the script `code` prints, run where a copy of the archive is; it ends well and says nothing else."""
    shutil.copytree(filled.folder, folder, dirs_exist_ok=True)
    urls = filled.newsroom.urls
    for said, meant in (
        ("https://example.org/story", urls[0]),
        ("https://example.org/other-story", urls[1]),
        ("Krasner", "Venn"),
        ("topic:ICE", "topic:FPSA"),
    ):
        code = code.replace(said, meant)
    (folder / "script.py").write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def examples(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page, re.DOTALL)


RECIPES: dict[str, str] = dict(re.findall(r"\n### ([^\n]+)\n\n```python\n(.*?)```", PAGE, re.DOTALL))
# A pattern of what each prints; there is no recipe without one.
PRINTS = {
    "Archive a story and find it": r"0 unchanged .*\n(.*\n)*\d+ found: articles that mention",
    "Count who is named, and who stands out": r"person \[\('.+', \d\)",
    "Read an article, its names and its sources": r"(person|place|org|date) .+ is .+\n(.*\n)*\d+ bytes as served",
    "Look at a page as it was": r"\d+ bytes, a script in it: False",
    "Import a file, and go on where it was stopped": r"Found\((.*\n)*3 rejected .*\n(.*\n)*\d+ \{.*'done'",
    "Hand out everything that matches": r"[1-9]\d* articles, 0 problems\n\d+ short links\n[1-9]\d* ids",
    "See what a page said when": r"1 \d{4}-.* \[\]\nnothing that a reader",
    "Mark articles and give a query a name": r"\('to check',\)\n(.*\n)*call the press.*\ntag:.*\n[1-9]\d* to check",
    "Keep watch": r"next look in \d+ s",
    "Read saved pages and texts without an archive": r"00.html ok Pier 0\n(.*\n)*ReadText\(.*Ada Brandt",
    "Meet errors, and look after the folder": r"0 .*\n(.*\n)*3 nothing is archived(.*\n)*rebuilding [1-9](.*\n)*\[\] 0",
}


def test_there_are_ten_recipes() -> None:
    assert len(RECIPES) >= 10
    assert RECIPES.keys() == PRINTS.keys()
    assert len(examples(PAGE)) == len(RECIPES)


@pytest.mark.parametrize("heading", list(RECIPES))
def test_a_recipe_runs_as_a_script(filled: Filled, tmp_path: Path, heading: str) -> None:
    assert re.search(PRINTS[heading], ran(filled, tmp_path, RECIPES[heading]))


@pytest.mark.parametrize(
    ("page", "prints"),
    [
        pytest.param("README.md", r"unchanged .*\n(.*\n)*2025-03-14 District attorney", id="README"),
        pytest.param("docs/importing.md", r"A story \('harbour',\)\ndone https?://", id="importing"),
    ],
)
def test_the_python_of_other_pages_runs_as_a_script(filled: Filled, tmp_path: Path, page: str, prints: str) -> None:
    (code,) = examples((ROOT / page).read_text(encoding="utf-8"))
    assert re.search(prints, ran(filled, tmp_path, code))
