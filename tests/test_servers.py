"""scripts/servers: the servers of a team on this machine, started for a while, and what is said where one cannot be."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import server_opensearch
import server_postgresql
import servers
import yaml

ROOT = Path(__file__).parents[1]


def test_what_is_missing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BACKFILE_SERVERS", str(tmp_path))
    monkeypatch.setattr(server_postgresql, "missing", lambda: "PostgreSQL is not here")
    assert servers.main(["start", "postgresql"]) == 1
    assert capsys.readouterr().err == "✗ postgresql: PostgreSQL is not here\n"
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        servers.main(["start", "oracle"])
    assert "there is no server 'oracle': there are " in capsys.readouterr().err


def test_a_command_that_fails_says_what_it_wrote(tmp_path: Path) -> None:
    with pytest.raises(servers.CannotStartError, match="sh ended with 3: no such cluster"):
        servers.call(["sh", "-c", "echo no such cluster; exit 3"], Path("/tmp"), str(tmp_path / "log"))


def test_the_cluster_in_containers_is_set_as_those_that_tests_run(tmp_path: Path) -> None:
    """docs/scale.md: containers are not started here, but what is said in the file is said of one cluster."""
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    composed = yaml.safe_load(block)
    run = {key for key, _ in server_opensearch.settings(tmp_path, [[1, 2], [3, 4]], 0)}
    names, held, seen = composed["services"].keys(), set(), set()
    for name, service in composed["services"].items():
        said = {key: value for key, value in service["environment"].items() if "." in key}
        assert said.keys() - run == {"bootstrap.memory_lock"}, "as a server of its own wants it"
        assert said["node.name"] == name
        assert set(said["discovery.seed_hosts"].split(",")) == names
        assert set(said["cluster.initial_cluster_manager_nodes"].split(",")) == names
        assert service["image"].partition(":")[2] == server_opensearch.VERSION.partition(".")[0]
        for port in service.get("ports", ()):
            assert re.fullmatch(r"127\.0\.0\.1:\d+:9200", port)
            assert "node.roles" not in said, "who only votes is not asked"
            seen.add(port)
        (volume,) = service["volumes"]
        assert volume == f"{name}:/usr/share/opensearch/data"
        held.add(name)
    assert composed["volumes"].keys() == held
    assert (len(seen), len(held)) == (2, 3), "of three that vote, any one may go"


@pytest.mark.servers
@pytest.mark.parametrize("name", servers.NAMES)
def test_it_comes_up_and_goes_without_a_trace(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if lacks := servers.server(name).missing():
        pytest.skip(lacks)
    with servers.running(name) as variables:
        addresses = [urlsplit(value) for key, value in variables.items() if "://" in value]
        for address in addresses:
            socket.create_connection((address.hostname or "", address.port or 0), timeout=10).close()
        assert addresses
    for address in addresses:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address.hostname or "", address.port or 0), timeout=10)
