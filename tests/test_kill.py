"""What `add` reported survives kill -9 at any moment, and the same command goes on where it was stopped (D01)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from newsroom import Newsroom

from archive import create_archive

TEXT = (
    "The council of Lindholm met on Tuesday to talk about the bridge, and mayor Ada Brandt said it would be built. " * 3
)


def serve_rounds(newsroom: Newsroom, rounds: int) -> None:
    """The pages that kill_driver.py archives in so many rounds: three stories in each, with a source each."""
    body = "<html><body><article><h1>{}</h1><p>{}. {}</p>{}</article></body></html>"
    for number in range(rounds + 1):
        for page in range(3):
            story, source = f"https://paper.example/{number}/{page}", f"https://source.example/{number}/{page}"
            link = f'<p>More in the <a href="{source}">report</a> of the council.</p>'
            newsroom.add(story, body.format(f"Story {number} {page}", f"Story {number}-{page}", TEXT, link))
            newsroom.add(source, body.format(f"Source {number} {page}", f"Source {number}-{page}", TEXT, ""))


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [8, pytest.param(100, marks=pytest.mark.kills)])
def test_nothing_reported_is_lost_when_add_is_killed(newsroom: Newsroom, tmp_path: Path, rounds: int) -> None:
    serve_rounds(newsroom, rounds)
    folder = tmp_path / "archive"
    create_archive(folder).close()
    (folder / "backfile.toml").write_text(newsroom.toml())
    driver = Path(__file__).with_name("kill_driver.py")
    ran = subprocess.run(
        [sys.executable, "-P", str(driver), str(folder), str(rounds), "7"], capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    result = json.loads(ran.stdout)
    assert result["complaints"] == []
    assert result["hits"] >= rounds // 2, "too few kills met a running writer to say anything"
    assert result["entries"] == (rounds + 1) * 6
