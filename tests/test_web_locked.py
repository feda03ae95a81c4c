"""While another process writes, everything is read as ever, and whoever wants to write is told who holds the lock."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from commands import Command
from newsroom import Newsroom
from website import serving, without_tags

HOLD = (
    "import sys; from pathlib import Path; from archive.storage.lock import WriterLock\n"
    "with WriterLock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
)
STORY = "<p>The harbour board of Whitby met on Tuesday, said Alice Marlow of the Northern Ports Authority.</p>" * 4


@contextmanager
def held(folder: Path) -> Iterator[int]:
    """Another process holds the writer's lock; gives its number."""
    lock = folder / "warc" / ".lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process.pid
        finally:
            process.communicate("")


@pytest.mark.slow
def test_all_is_read_while_another_process_writes_and_it_is_named_to_who_wants_to(
    tmp_path: Path, newsroom: Newsroom
) -> None:
    """A change waits for half a minute, then it is refused in words; afterwards it goes through."""
    command = Command(tmp_path / "archive", newsroom)
    newsroom.add("https://paper.example/pier", f"<title>Pier</title><article><h1>Pier</h1>{STORY}</article>")
    assert command("add", "https://paper.example/pier", "--depth", "0").code == 0
    (id_,) = command("search", "Whitby", "--json").ids
    about = f"/api/v1/articles/{id_}"
    with serving(command.folder) as site:
        with held(command.folder) as holder, ThreadPoolExecutor(4) as threads:
            form = threads.submit(site.post_form, f"/article/{id_}/tags", {"add": "by form"})
            note = threads.submit(site.post_form, f"/article/{id_}/note", {"note": "by form"})
            also = threads.submit(site.post_form, f"/article/{id_}/edit", {"title": "by form"})
            api = threads.submit(site.post_json, f"{about}/tags", {"add": ["by API"]})
            read = 0
            while not api.done() or read < 3:
                for path in ("/search?q=Whitby", f"/article/{id_}", "/", "/status", "/facets/person"):
                    assert site.get(path).status == 200, path
                assert site.get("/api/v1/search?q=Whitby").json["total"] == 1
                read += 1
                time.sleep(0.5)
            answers = {"tag": form.result(), "note": note.result(), "edit": also.result()}
            told = api.result()
        assert (told.status, told.headers["content-type"]) == (409, "application/problem+json")
        assert f"process {holder} on " in told.json["holder"]
        for name, answer in answers.items():
            words = without_tags(answer.text)
            assert answer.status == 409, name
            assert f"process {holder} on " in words
            assert "try again when it is done" in words
        for answer in (told, *answers.values()):
            assert "Traceback" not in answer.text
            assert str(Path(os.__file__).parent) not in answer.text
            assert '.py"' not in answer.text
        assert site.get(f"{about}/tags").json["tags"] == []
        assert site.post_json(f"{about}/tags", {"add": ["by API"]}).json["tags"] == ["by API"]
