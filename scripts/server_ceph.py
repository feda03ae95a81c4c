"""Ceph as Debian packages it: one monitor, two storage daemons and a gateway that speaks S3, with one bucket."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.request import Request, urlopen

from servers import CannotStartError, call, free_port, no_unprivileged_user, until

BUCKET = "newsroom"
_PROGRAMS = ("ceph-mon", "ceph-osd", "radosgw", "ceph", "monmaptool", "radosgw-admin")
_KEY, _SECRET = "reporter", "not-a-secret"
# Authentication is off, and everybody must then be told to check messages alone: the gateway waits for ever otherwise.
_CONFIGURATION = """\
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon},v1:127.0.0.1:{old}]
auth cluster required = none
auth service required = none
auth client required = none
public addr = 127.0.0.1
run dir = {folder}
admin socket = {folder}/$name.asok
pid file = {folder}/$name.pid
log file = {folder}/$name.log
crash dir = {folder}
mon data = {folder}/mon
osd data = {folder}/osd-$id
osd pool default size = 2
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
mon max pg per osd = 1000
osd crush chooseleaf type = 0
bluestore block size = 4294967296
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:{gateway}
ms mon client mode = crc
ms mode = crc
"""


def missing() -> str:
    """What is missing to start it, "" for nothing."""
    if not all(map(shutil.which, _PROGRAMS)):
        return "Ceph is not here (on Debian: apt install ceph-mon ceph-osd radosgw ceph-common)"
    if find_spec("obstore") is None:
        return "obstore is not installed (it is in the extras s3 and dev)"
    return no_unprivileged_user()


def start(folder: Path) -> Mapping[str, str]:
    """Brings it up: half a minute the first time."""
    if not (folder / "port").is_file():
        _make(folder)
    elif not _answers(int((folder / "port").read_text())):
        raise CannotStartError(f"what is in {folder} is no gateway that answers: stop it first")
    port = (folder / "port").read_text()
    return {
        "BACKFILE_CEPH": f"http://127.0.0.1:{port}/{BUCKET}", "BACKFILE_CEPH_FOLDER": str(folder), "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": _KEY, "AWS_SECRET_ACCESS_KEY": _SECRET,
    }  # fmt: skip


def stop(folder: Path) -> None:
    """Ends all four, at once."""
    pids = [int(path.read_text()) for path in folder.glob("*.pid") if path.read_text().strip()]
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)


def kill_storage(folder: Path, number: int) -> None:
    """One of the storage daemons, 0 or 1, ends as in a power cut."""
    os.kill(int((folder / f"osd.{number}.pid").read_text()), signal.SIGKILL)


def _make(folder: Path) -> None:
    fsid, gateway, mon, old = str(uuid.uuid4()), free_port(), free_port(), free_port()
    conf = folder / "ceph.conf"
    conf.write_text(_CONFIGURATION.format(fsid=fsid, folder=folder, gateway=gateway, mon=mon, old=old))
    monitors = f"[v2:127.0.0.1:{mon},v1:127.0.0.1:{old}]"
    call(["monmaptool", "--create", "--addv", "a", monitors, "--fsid", fsid, folder / "monmap"], folder, "make.log")
    call(["ceph-mon", "--mkfs", "-i", "a", "--monmap", folder / "monmap", "-c", conf], folder, "make.log")
    call(["ceph-mon", "-i", "a", "-c", conf], folder, "make.log")
    for number in ("0", "1"):
        name = str(uuid.uuid4())  # the same for the cluster and for the daemon, or it never comes up
        call(["ceph", "-c", conf, "osd", "new", name], folder, "make.log")
        call(["install", "-d", folder / f"osd-{number}"], folder, "make.log")
        call(["ceph-osd", "-i", number, "--mkfs", "--osd-uuid", name, "-c", conf], folder, "make.log")
        place = [f"osd.{number}", "1.0", f"host=h{number}", "root=default"]
        call(["ceph", "-c", conf, "osd", "crush", "add", *place], folder, "make.log")
        call(["ceph-osd", "-i", number, "-c", conf], folder, "make.log")
    call(["radosgw", "-n", "client.rgw.a", "-c", conf], folder, "make.log")
    until(lambda: _answers(gateway), 90, "the gateway", folder / "client.rgw.a.log")
    user = ["--uid=backfile", "--display-name=backfile", f"--access-key={_KEY}", f"--secret-key={_SECRET}"]
    call(["radosgw-admin", "-c", conf, "user", "create", *user], folder, "make.log")
    _make_bucket(folder, gateway)
    (folder / "port").write_text(str(gateway))


def _make_bucket(folder: Path, port: int) -> None:
    """By a request that the client signs, as it has none of its own for this."""
    import obstore
    from obstore.store import S3Store

    store = S3Store(
        BUCKET, endpoint=f"http://127.0.0.1:{port}", access_key_id=_KEY, secret_access_key=_SECRET, region="us-east-1",
        client_options={"allow_http": True},
    )  # fmt: skip
    url = obstore.sign(store, "PUT", "", timedelta(minutes=5))

    def made() -> bool:
        with suppress(OSError), urlopen(Request(url, method="PUT"), timeout=60) as answer:  # noqa: S310 -- our own
            return bool(answer.status == 200)
        return False

    until(made, 60, "the bucket", folder / "client.rgw.a.log")


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False
