"""Jobs that were asked for on a page: one process at a time does them, and whoever looks sees how far they are.

The process is another one, since adding holds the archive's lock and its cores; it outlives this server. What is to be
done stands in the catalog: whoever starts the server again goes on with it.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from anyio import sleep, to_thread

from archive import ArchiveError, Job, JobState
from backfile.desk import Desk
from backfile.desk.running import WATCH
from backfile.web.calls import encode
from backfile.web.problems import Refusal

_log = logging.getLogger(__name__)
_LOOK = 2.0  # seconds between two looks for work; `wake` looks at once
_AGAIN = 10.0  # seconds after which a job is tried again that could not be done (another process was writing)
_TRIES = 5
_SEE = 0.5  # seconds between two looks at a job that somebody watches
_BEAT = 15.0  # seconds after which a watcher hears that nothing has changed
_WATCHERS = 64
_LOCKED = 5  # exit code of an archive that another process writes to
_LOOKING = 0  # in the place of a job's number: looking at what is watched
_ROOT = Path(__file__).parents[2]


class Runner:
    """Does the planned jobs of an archive, oldest first, while it is open."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._awake = threading.Event()
        self._closed = threading.Event()
        self._guard = threading.Lock()
        self._running: tuple[int, subprocess.Popen[bytes]] | None = None
        self._trouble: dict[int, str] = {}
        self._tries: dict[int, int] = {}
        self._stopped: set[int] = set()
        self._looks = False
        self._watchers = 0
        self._thread = threading.Thread(target=self._work, name="backfile-jobs", daemon=True)

    def start(self) -> None:
        """Begin to look for work."""
        self._thread.start()

    def close(self) -> None:
        """Do no more; a job that is under way stops between two pages and goes on the next time."""
        self._closed.set()
        self._awake.set()
        with self._guard:
            if self._running:
                self._running[1].terminate()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def wake(self) -> None:
        """There is something to do."""
        self._awake.set()

    def stop(self, number: int) -> None:
        """Leave this job, between two pages if it is under way, until `resume`."""
        with self._guard:
            self._stopped.add(number)
            self._trouble[number] = "it was stopped"
            if self._running and self._running[0] == number:
                self._running[1].terminate()

    def look(self) -> None:
        """Look at what is watched and due, before the next job."""
        with self._guard:
            self._looks = True
            self._trouble.pop(_LOOKING, None)
        self.wake()

    @property
    def is_looking(self) -> bool:
        """Whether that is under way, or has still to begin."""
        return self._looks or self._is_running(_LOOKING)

    @property
    def look_trouble(self) -> str:
        """Why the last look did not come to its end, "" where it did."""
        return self.trouble(_LOOKING)

    def resume(self, number: int) -> None:
        """Go on with a job that was stopped or is in trouble."""
        with self._guard:
            self._stopped.discard(number)
            self._trouble.pop(number, None)
            self._tries.pop(number, None)
        self.wake()

    def seen(self, job: Job) -> Job:
        """A job as it is: not at its end while its process still marks and indexes what it brought."""
        return replace(job, running=True, ended=None) if self._is_running(job.number) else job

    def trouble(self, number: int) -> str:
        """Why a job does not go on, "" for no reason."""
        with self._guard:
            return self._trouble.get(number, "")

    # -- whoever looks ---------------------------------------------------------------------------------------------

    def events(self, number: int) -> AsyncIterator[bytes]:
        """How far a job is, whenever that changes, until it ends or does not go on. Refusal where too many look on."""
        if self._watchers >= _WATCHERS:
            raise Refusal("busy", "too many watch already", Retry_After="10")
        return self._counted(number)

    async def _counted(self, number: int) -> AsyncIterator[bytes]:
        self._watchers += 1
        try:
            async for event in self._seen(number):
                yield event
        finally:
            self._watchers -= 1

    async def _seen(self, number: int) -> AsyncIterator[bytes]:
        last, quiet, count = b"", 0.0, 0
        while not self._closed.is_set():
            job = self.seen(await to_thread.run_sync(self._desk.job, number))
            trouble = self.trouble(number)
            now = encode({**_counts(job), "running": self._is_running(number), "trouble": trouble})
            if now != last:
                count += 1
                yield f"id: {count}\nevent: progress\ndata: ".encode() + now + b"\n\n"
                last, quiet = now, 0.0
            elif quiet >= _BEAT:
                yield b": nothing new\n\n"
                quiet = 0.0
            if job.ended or (trouble and not self._is_running(number)):
                yield b"event: done\ndata: {}\n\n"
                return
            await sleep(_SEE)
            quiet += _SEE

    def _is_running(self, number: int) -> bool:
        with self._guard:
            return self._running is not None and self._running[0] == number

    # -- whoever works ---------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._closed.is_set():
            number = self._next()
            if number is None:
                self._awake.wait(_LOOK)
                self._awake.clear()
            else:
                self._do(number)

    def _next(self) -> int | None:
        """The oldest job that is left and that nobody works on; before it a look at what is watched, if asked for."""
        with self._guard:
            if self._looks:
                return _LOOKING
        try:
            planned = self._desk.planned()
        except ArchiveError as error:  # somebody is making the catalog anew: it will be there again
            _log.warning("the jobs cannot be read: %s", error)
            return None
        with self._guard:
            return next(
                (
                    job.number
                    for job, _ in planned
                    if not job.running and job.number not in self._stopped and self._tries.get(job.number, 0) < _TRIES
                ),
                None,
            )

    def _do(self, number: int) -> None:
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        process = subprocess.Popen(  # noqa: S603 - our own module, with a folder and a number
            [sys.executable, "-P", "-m", "backfile.desk.running", str(self._desk.folder),
             str(number) if number != _LOOKING else WATCH],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path}, start_new_session=True,  # Ctrl-C at the terminal is ours to hand on
        )  # fmt: skip
        with self._guard:
            self._running = (number, process)
            self._looks = self._looks and number != _LOOKING
            stop = number in self._stopped or self._closed.is_set()
        if stop:
            process.terminate()
        assert process.stderr is not None
        with process:
            said = process.stderr.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        with self._guard:
            self._running = None
            if process.returncode == 0:
                self._trouble.pop(number, None)
                self._tries.pop(number, None)
                return
            if number not in self._stopped and not self._closed.is_set():
                self._tries[number] = self._tries.get(number, 0) + (process.returncode != _LOCKED)
                self._trouble[number] = said or _ended(process.returncode)
                _log.warning("job %d: %s", number, self._trouble[number])
        self._closed.wait(0 if number in self._stopped else _AGAIN)


def _ended(code: int) -> str:
    """How a process ended that has said nothing: killed, as a rule."""
    how = f"was killed by signal {-code}" if code < 0 else f"ended with {code}"
    return f"it was interrupted: its process {how}. What it has archived is safe"


def _counts(job: Job) -> dict[str, object]:
    return {"number": job.number, "ended": job.ended, **{state.value: job.counts[state] for state in JobState}}
