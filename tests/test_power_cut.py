"""Power cuts on a real ext4 file system (D05, D06): what was reported is on the disk, not on its way there.

A file system in a file, mounted through a loop device, is copied while a writer works on it: the copy holds what a disk
would hold had the power gone at that moment, and nothing that was still in memory. Needs root, a loop device and
e2fsprogs; elsewhere the cuts simulated in test_archive_durability.py stand for it.
"""

from __future__ import annotations

import gc
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from forget_kill_driver import url
from test_forget import traces

from archive import create_archive, open_archive
from archive.storage.manifest import Manifest
from archive.storage.verify import verify
from index import open_index

CUTS = 30
DRIVER = Path(__file__).with_name("power_driver.py")
FORGETTING = Path(__file__).with_name("forget_power_driver.py")


def can_mount() -> bool:
    return (
        sys.platform == "linux"
        and os.geteuid() == 0
        and Path("/dev/loop-control").exists()
        and all(
            shutil.which(tool, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") for tool in ("mkfs.ext4", "mount")
        )
    )


pytestmark = [pytest.mark.kills, pytest.mark.skipif(not can_mount(), reason="needs root and a loop device")]


@contextmanager
def mounted(image: Path, at: Path) -> Iterator[Path]:
    at.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-o", "loop", str(image), str(at)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"this machine lets nobody mount: {done.stderr.strip()}")
    try:
        yield at
    finally:
        unmount(at)


def unmount(at: Path) -> None:
    for _ in range(50):
        if subprocess.run(["umount", str(at)], capture_output=True).returncode == 0:
            return
        gc.collect()
        time.sleep(0.1)  # the system takes a moment to let go of a killed writer's files
    subprocess.run(["umount", "--lazy", str(at)], check=True)


@contextmanager
def writing(folder: Path, batches: int, reports: Path, driver: Path = DRIVER) -> Iterator[subprocess.Popen[bytes]]:
    """The driver at work on `folder`; what it reports is appended to the file `reports`."""
    with reports.open("wb") as out:
        running = subprocess.Popen([sys.executable, str(driver), str(folder), str(batches)], stdout=out)
        try:
            yield running
        finally:
            running.kill()
            running.wait()


def new_file_system(tmp_path: Path) -> Path:
    image = tmp_path / "disk.img"
    with image.open("wb") as file:
        file.truncate(48 * 2**20)
    subprocess.run(
        ["mkfs.ext4", "-q", str(image)], check=True, env={**os.environ, "PATH": "/usr/sbin:/sbin:/usr/bin:/bin"}
    )
    return image


def complaints_after(cut: Path, at: Path, reported: list[str]) -> list[str]:
    """What is missing when the machine comes up again from the image `cut`."""
    with (
        mounted(cut, at) as disk,
        open_archive(disk / "archive") as archive,
        open_index(archive, archive.folder) as index,
    ):
        held = {capture.url for entry in archive.entries(limit=100_000) for capture in archive.captures(entry.id)}
        lost = [f"{url} was reported and is gone" for url in reported if url not in held]
        list(archive.add([], depth=0))  # whatever was half done is put right by the next writer
        index.update()
        lost += [f"after repair: {problem.what}" for problem in (*archive.verify(), *index.check())]
        if index.size() < len(reported):
            lost.append(f"{len(reported)} were reported, the index has {index.size()}")
        return lost


def cut_now(image: Path, reports: Path, cut: Path, writer: subprocess.Popen[bytes]) -> list[str]:
    """Copy the disk as it is at one moment; returns what had been reported by then. Leaves the writer stopped."""
    writer.send_signal(signal.SIGSTOP)  # a copy of a disk that is being written would be of no moment at all
    reported = [line for line in reports.read_text().splitlines(keepends=True) if line.endswith("\n")]
    shutil.copyfile(image, cut)
    return [line.strip() for line in reported]


def test_d05_power_cuts_while_writing_lose_nothing_reported(tmp_path: Path) -> None:
    image, reports = new_file_system(tmp_path), tmp_path / "reports"
    chance = random.Random(5)
    complaints: list[str] = []
    with mounted(image, tmp_path / "disk") as disk:
        create_archive(disk / "archive").close()
        with writing(disk / "archive", 10_000, reports) as writer:
            wait_for(reports, 2)
            for number in range(CUTS):
                writer.send_signal(signal.SIGCONT)
                time.sleep(chance.uniform(0, 0.3))
                cut = tmp_path / f"cut{number}.img"
                reported = cut_now(image, reports, cut, writer)
                assert reported
                complaints += [f"cut {number}: {text}" for text in complaints_after(cut, tmp_path / "up", reported)]
                cut.unlink()
    assert complaints == []


@pytest.mark.parametrize("idle", [1, 4, 12])
def test_d06_a_power_cut_after_the_last_commit_loses_nothing(tmp_path: Path, idle: int) -> None:
    """Seconds of quiet matter: ext4 writes its journal after about 5 and the data of files after up to 30."""
    image, reports = new_file_system(tmp_path), tmp_path / "reports"
    with mounted(image, tmp_path / "disk") as disk:
        create_archive(disk / "archive").close()
        with writing(disk / "archive", 3, reports) as writer:
            wait_for(reports, 6)
            time.sleep(idle)
            reported = cut_now(image, reports, tmp_path / "cut.img", writer)
    assert len(reported) == 6
    assert complaints_after(tmp_path / "cut.img", tmp_path / "up", reported) == []


def left_half_done(cut: Path, at: Path, reported: list[str]) -> list[str]:
    """What of the letting go is neither done nor undone when the machine comes up again from the image `cut`."""
    rounds = [(what, int(number)) for what, number in map(str.split, reported)]
    kept = {number for what, number in rounds if what == "stored"}
    gone = {number for what, number in rounds if what == "forgot"}
    with mounted(cut, at) as disk:
        folder = disk / "archive"
        with open_archive(folder) as archive:
            list(archive.add([], depth=0))  # the next writer does the rest
            there = {entry.url for entry in archive.entries(limit=100_000)}
        lost = [f"{url(number, 'kept')} is gone" for number in kept if url(number, "kept") not in there]
        lost += [f"{url(number, 'gone')} is back" for number in gone if url(number, "gone") in there]
        away = {number for number in kept if url(number, "gone") not in there}
        words = tuple(f"goneword{number}x" for number in sorted(away)[-3:])
        lost += [f"it says still: {found}" for found in traces(folder, words)]
        lost += [f"{problem.where}: {problem.what}" for problem in verify(folder)]
        if steps := Manifest(folder).chain().wrong:
            lost.append(f"the manifest is broken: {steps}")
    return lost


def test_power_cuts_while_letting_go_leave_nothing_half_done(tmp_path: Path) -> None:
    """All of an article is there, or nothing of it; no other is touched; the chain of the manifest holds."""
    image, reports = new_file_system(tmp_path), tmp_path / "reports"
    chance, complaints = random.Random(12), list[str]()
    with mounted(image, tmp_path / "disk") as disk:
        create_archive(disk / "archive").close()
        with writing(disk / "archive", 10_000, reports, FORGETTING) as writer:
            wait_for(reports, 2)
            for number in range(CUTS):
                writer.send_signal(signal.SIGCONT)
                time.sleep(chance.uniform(0, 0.4))
                cut = tmp_path / f"cut{number}.img"
                reported = cut_now(image, reports, cut, writer)
                assert reported
                complaints += [f"cut {number}: {text}" for text in left_half_done(cut, tmp_path / "up", reported)]
                cut.unlink()
            done = len(reports.read_text().splitlines())
    assert complaints == []
    assert done > 4


def wait_for(reports: Path, lines: int) -> None:
    until = time.monotonic() + 60
    while len(reports.read_text().splitlines()) < lines:
        assert time.monotonic() < until, "the writer did not begin"
        time.sleep(0.02)
