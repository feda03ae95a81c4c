"""A PostgreSQL that takes connections and questions, and answers nothing: noticed, told in a sentence, nothing lost."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from commands import run
from machines import Relay
from newsroom import Newsroom
from test_team import address, new_archive, stories

from archive import Outcome, StorageError
from archive.storage.catalog import postgresql, watched
from archive.storage.catalog.postgresql import plain
from archive.storage.places import Server, server_of
from backfile.desk import open_desk


@pytest.fixture
def relay() -> Iterator[Relay]:
    with closing(Relay()) as relay:
        yield relay


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is noticed sooner."""
    monkeypatch.setattr(watched, "SILENCE", 1.0)
    monkeypatch.setattr(watched, "ANSWER", 2)
    monkeypatch.setattr(postgresql, "_CONNECT", 2)


@pytest.fixture
def through(postgresql: str, relay: Relay) -> str:
    """The address of a catalog to be, through the relay."""
    port = urlsplit(postgresql).port or 0
    return address(postgresql).replace(str(port), str(relay.open(port)), 1)


@pytest.mark.servers
def test_one_that_takes_a_connection_and_says_nothing_is_told(postgresql: str, tmp_path: Path) -> None:
    """A real socket that is never read from: whatever is asked of the archive ends, with the exit code for services."""
    listening = socket.create_server(("127.0.0.1", 0))
    with listening:
        folder = tmp_path / "archive"
        assert run("init", str(folder), "--catalog", address(postgresql), cwd=tmp_path).code == 0
        toml = (folder / "backfile.toml").read_text()
        port, silent = urlsplit(postgresql).port, listening.getsockname()[1]
        (folder / "backfile.toml").write_text(toml.replace(f":{port}/", f":{silent}/"))
        for arguments in (
            ["search", "bridge"],
            ["status"],
            ["add", "https://paper.example/"],
            ["work", "--until-idle"],
        ):
            begun = time.monotonic()
            done = run(*arguments, cwd=folder)
            assert (done.code, "cannot be reached: connection timeout expired" in done.err) == (7, True), done.err
            assert time.monotonic() - begun < 60


@pytest.mark.servers
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("others", ["mute, too", "answered"])
def test_one_that_goes_silent_in_the_middle_of_a_transaction_is_told(
    newsroom: Newsroom, through: str, relay: Relay, tmp_path: Path, others: str
) -> None:
    """Whether it answers nobody any more, or lost just this connection on its way; and all is done when it is back."""
    folder = new_archive(tmp_path / "archive", newsroom, through)
    (url, other) = stories(newsroom, 2)
    with open_desk(folder) as desk:
        list(desk.add([url], depth=0))
        with desk.archive._wiring.storing() as (store, _, _):
            assert store.rows.jobs.get(1) is not None  # a transaction is open
            if others == "answered":
                relay.mute_those_there()
            else:
                relay.is_mute = True
            begun = time.monotonic()
            with pytest.raises(
                StorageError, match=r"it has said nothing for 1 seconds, and (does not answer|is not at work)"
            ):
                store.rows.jobs.get(1)
            assert time.monotonic() - begun < 30
            relay.is_mute = False
    with open_desk(folder) as desk:
        assert [one.outcome for one in desk.add([other], depth=0)] == [Outcome.OK]
        assert desk.archive.counts().articles == 2
        assert list(desk.verify()) == []


@pytest.mark.servers
@pytest.mark.usefixtures("hurried")
def test_one_that_works_may_take_as_long_as_it_does(postgresql: str) -> None:
    """A long question, and one that waits for somebody else."""
    server = server_of(address(postgresql))
    assert isinstance(server, Server)
    with closing(plain(server)) as one, closing(plain(server)) as two:
        assert one.execute("SELECT 1 FROM pg_sleep(2.5)").fetchone() == (1,)
        two.execute("SELECT pg_advisory_lock(7)")
        freeing = threading.Timer(2.5, two.execute, ["SELECT pg_advisory_unlock(7)"])
        freeing.start()
        one.execute("SELECT pg_advisory_lock(7)")
        freeing.join()
