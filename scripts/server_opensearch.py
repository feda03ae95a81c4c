"""OpenSearch as Maven Central has it, with all modules: one node or two, reached at loopback over plain HTTP.

It stands unpacked in a folder that is only read: $BACKFILE_OPENSEARCH, or .cache/opensearch/opensearch-VERSION, which
.ci/run fetches. Each node has its settings, its data and its logs below the server's own folder.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from servers import CannotStartError, free_port, no_unprivileged_user, unprivileged, until

VERSION = "3.8.0"
_HOME = Path(__file__).parents[1] / ".cache" / "opensearch" / f"opensearch-{VERSION}"
_JAVA = 21  # and newer
_SECONDS = 600.0  # two nodes on two idle cores are green after 40, on busy ones after five minutes
_HEAP = "512m"
_PARENTS = (Path("/usr/lib/jvm"), Path("/opt/java"), Path("/Library/Java/JavaVirtualMachines"))


def missing() -> str:
    """What is missing to start it, "" for nothing."""
    if not (home() / "bin" / "opensearch").is_file():
        return (
            f"OpenSearch {VERSION} is not here: .ci/run fetches it, or BACKFILE_OPENSEARCH names where it is unpacked"
        )
    if java_home() is None:
        return f"there is no Java of {_JAVA} or newer here (on Debian: apt install openjdk-{_JAVA}-jre-headless)"
    return no_unprivileged_user()


def home() -> Path:
    """Where it is unpacked."""
    given = os.environ.get("BACKFILE_OPENSEARCH", "")
    return Path(given) if given else _HOME


def java_home() -> Path | None:
    """A Java that it runs on; the newest one that this machine has."""
    found = {version: path for path in _javas() if (version := _version(path)) >= _JAVA}
    return found[max(found)] if found else None


def start(folder: Path, nodes: int = 1) -> Mapping[str, str]:
    """Brings it up: 20 to 40 seconds. The variables lead to the first node, BACKFILE_OPENSEARCH_URLS to each."""
    if lacks := missing():
        raise CannotStartError(lacks)
    known = folder / "ports"
    ports: list[list[int]] = json.loads(known.read_text()) if known.is_file() else []
    if not ports or not all(map(_pid_of, _nodes(folder))):
        ports = [[free_port(), free_port()] for _ in range(nodes)]
        known.write_text(json.dumps(ports))
        for number in range(nodes):
            _start_node(folder / f"n{number + 1}", ports, number)
    addresses = [f"http://127.0.0.1:{http}" for http, _ in ports]
    until(lambda: _is_whole(addresses), _SECONDS, "OpenSearch", folder / "n1" / "out")
    return {"BACKFILE_OPENSEARCH_URL": addresses[0], "BACKFILE_OPENSEARCH_URLS": ",".join(addresses)}


def stop(folder: Path) -> None:
    """Ends every node."""
    for node in _nodes(folder):
        stop_node(node)


def stop_node(node: Path, how: int = signal.SIGTERM) -> None:
    """Ends one node, whose folder this is, and waits until it has gone."""
    pid = _pid_of(node)
    if not pid:
        return
    with suppress(ProcessLookupError):
        os.kill(pid, how)
    for _ in range(300):
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if not _pid_of(node):
            return
        time.sleep(0.1)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _start_node(node: Path, ports: list[list[int]], number: int) -> None:
    config = node / "config"
    shutil.rmtree(config, ignore_errors=True)
    shutil.copytree(home() / "config", config)
    for name in ("data", "logs", "tmp"):
        (node / name).mkdir(parents=True, exist_ok=True)
    (config / "opensearch.yml").write_text("\n".join(f"{key}: {value}" for key, value in settings(node, ports, number)))
    options = config / "jvm.options"  # its own log of garbage collection would go into the folder that is only read
    options.write_text("\n".join(line for line in options.read_text().splitlines() if "gc.log" not in line))
    environment = {
        **os.environ,
        "HOME": str(node),
        "OPENSEARCH_JAVA_HOME": str(java_home()),
        "OPENSEARCH_TMPDIR": str(node / "tmp"),
        "OPENSEARCH_PATH_CONF": str(config),
        "OPENSEARCH_JAVA_OPTS": f"-Xms{_HEAP} -Xmx{_HEAP} -XX:HeapDumpPath={node} -XX:ErrorFile={node}/error.log",
    }
    if os.getuid() == 0:
        for path in (node, *node.rglob("*")):
            os.chown(path, 65534, 65534)
    with (node / "out").open("wb") as out:
        process = subprocess.Popen(
            unprivileged(["bash", home() / "bin" / "opensearch"]), cwd=node, env=environment, stdin=subprocess.DEVNULL,
            stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    (node / "pid").write_text(str(process.pid))
    process.returncode = 0  # it is ended by its number, perhaps by another process


def settings(node: Path, ports: list[list[int]], number: int) -> Iterator[tuple[str, object]]:
    """Of one node of so many as there are pairs of ports; docs/scale.md's cluster in containers has the same."""
    http, transport = ports[number]
    yield "cluster.name", "backfile"
    yield "node.name", f"n{number + 1}"
    yield "path.data", node / "data"
    yield "path.logs", node / "logs"
    yield "network.host", "127.0.0.1"
    yield "http.port", http
    yield "transport.port", transport
    yield "discovery.seed_hosts", ",".join(f"127.0.0.1:{one}" for _, one in ports)
    # Of two that may lead, the cluster does not survive the one that does. So that any other one may be killed here,
    # the first one leads.
    yield "cluster.initial_cluster_manager_nodes", "n1"
    yield "node.roles", "data,ingest" if number else "cluster_manager,data,ingest"
    yield "cluster.routing.allocation.disk.threshold_enabled", "false"


def _is_whole(addresses: list[str]) -> bool:
    """Whether all nodes have found each other and hold every shard."""
    path = f"/_cluster/health?wait_for_nodes={len(addresses)}&wait_for_status=green&timeout=1s"
    try:
        with urllib.request.urlopen(addresses[0] + path, timeout=5) as answer:  # noqa: S310 -- loopback
            return bool(json.load(answer)["number_of_nodes"] == len(addresses))
    except (OSError, ValueError):
        return False


def _nodes(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.glob("n*/pid"))


def _pid_of(node: Path) -> int:
    """The number of the node's process, 0 where it does not run."""
    try:
        pid = int((node / "pid").read_text())
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return 0 if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z" else pid
    except (OSError, ValueError):
        return 0


def _javas() -> Iterator[Path]:
    for name in ("OPENSEARCH_JAVA_HOME", "JAVA_HOME"):
        if given := os.environ.get(name):
            yield Path(given)
    for parent in _PARENTS:
        for path in sorted(parent.glob("*")):
            yield path / "Contents" / "Home" if sys.platform == "darwin" else path
    if (found := shutil.which("java")) is not None:
        yield Path(found).resolve().parents[1]


def _version(java: Path) -> int:
    """Its major version, 0 where this is no Java."""
    with suppress(OSError, ValueError):
        for line in (java / "release").read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            if key == "JAVA_VERSION" and (java / "bin" / "java").exists():
                return int(value.strip('"').split(".")[0])
    return 0
