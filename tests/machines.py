"""Machines of their own, as far as a test needs them: network namespaces that reach nothing but some ports of this one.

Each has a loopback of its own, on which a relay listens at the ports that are led to it; what connects there comes out
at the same port of this machine's. A file system and the numbers of processes are shared by all.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from prefork import Forked, Prefork

_AT_ONCE = 2**16  # bytes
_NOTICES = (  # who went away without a word is noticed as a server does that is told to (catalog.postgresql)
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5), (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 25_000),
)  # fmt: skip
_ENTER = 0x40000000  # CLONE_NEWNET: a network namespace is entered


class Relay:
    """Passes connections on to ports of this machine's loopback, each piece of a question `delay` seconds late."""

    def __init__(self, delay: float = 0.0) -> None:
        self._delay = delay
        self.pieces = 0  # of questions that were passed on
        self.is_mute = False  # whether it takes connections and what is sent, and passes nothing on, either way
        self._made = self._muted = 0  # connections, and the last of those that are mute whatever becomes of others
        self._loop = asyncio.new_event_loop()
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay")
        self._thread.start()

    def listen(self, listening: socket.socket, port: int) -> None:
        """Whoever connects there is led to `port`, from now on."""

        async def begin() -> None:
            server = await asyncio.start_server(lambda *ends: self._pass_on(port, *ends), sock=listening)
            self._servers.append(server)

        asyncio.run_coroutine_threadsafe(begin(), self._loop).result()

    def open(self, port: int) -> int:
        """A port of this machine that leads to `port`."""
        listening = socket.create_server(("127.0.0.1", 0))
        self.listen(listening, port)
        return int(listening.getsockname()[1])

    def mute_those_there(self) -> None:
        """Nothing comes through the connections that there are any more; later ones are as ever."""
        self._muted = self._made

    async def _pass_on(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for level, option, value in _NOTICES:
            writer.get_extra_info("socket").setsockopt(level, option, value)
        try:
            theirs, ours = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.transport.abort()
            return
        self._made += 1
        asked, answered = self._spoken(reader, self._made), self._spoken(theirs, self._made)
        await asyncio.gather(_pump(self._late(asked), ours), _pump(answered, writer))

    async def _spoken(self, reader: asyncio.StreamReader, number: int) -> AsyncIterator[bytes]:
        async for data in _read(reader):
            if not self.is_mute and number > self._muted:
                yield data

    async def _late(self, asked: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for data in asked:
            self.pieces += 1
            if self._delay:
                await asyncio.sleep(self._delay)
            yield data

    def close(self) -> None:
        """Every connection is cut."""

        async def end() -> None:
            for server in self._servers:
                server.close()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _read(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while data := await reader.read(_AT_ONCE):
        yield data


async def _pump(read: AsyncIterator[bytes], writer: asyncio.StreamWriter) -> None:
    try:
        async for data in read:
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # one side is gone: so is the other one
    finally:
        writer.close()


@dataclass
class Machine:
    """One of them. What runs on it is started there, and killed by its number."""

    name: str
    prefork: Prefork
    runs: list[Run] = field(default_factory=list)

    def start(self, arguments: Sequence[str], folder: Path, env: Mapping[str, str], told: Path) -> Run:
        """The command, with `folder` as where it runs; what it says goes into the file `told`."""
        with told.open("w") as out, Path(os.devnull).open() as nothing:
            forked = self.prefork.start(arguments, folder, env, [nothing.fileno(), out.fileno(), out.fileno()])
        self.runs.append(Run(forked, told))
        return self.runs[-1]

    def cut_off(self) -> None:
        """Nothing that is sent from or to it arrives any more, and nobody is told."""
        subprocess.run(["ip", "netns", "exec", self.name, "ip", "link", "set", "lo", "down"], check=True)


@dataclass
class Run:
    """A run of the command on a machine."""

    forked: Forked
    told: Path
    code: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has come to an end; `code` is its exit status then."""
        if self.code is None and not Path(f"/proc/{self.forked.pid}").exists():
            self.code = self.forked.wait()
        return self.code is not None

    def end(self, how: int) -> None:
        """Sends it a signal, and waits until it has gone."""
        if not self.is_over:
            os.kill(self.forked.pid, how)
            self.code = self.forked.wait()


def no_machines() -> str:
    """What is missing to have some, "" for nothing."""
    if os.getuid() or not shutil.which("ip"):
        return "network namespaces take root, and the command ip (on Debian: apt install iproute2)"
    name = f"backfile-{uuid4().hex[:8]}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"no network namespace can be made here: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", name], check=True)
    return ""


@contextmanager
def machines(count: int, ports: Sequence[int]) -> Iterator[list[Machine]]:
    """So many, each of which reaches these ports of this one's loopback at its own, and nothing else."""
    with ExitStack() as held:
        relay = held.enter_context(closing(Relay()))
        made = []
        for _ in range(count):
            name = f"backfile-{uuid4().hex[:8]}"
            subprocess.run(["ip", "netns", "add", name], check=True)
            held.callback(subprocess.run, ["ip", "netns", "del", name], check=True)
            within = ["ip", "netns", "exec", name]
            subprocess.run([*within, "ip", "link", "set", "lo", "up"], check=True)
            for port in ports:
                relay.listen(_listening(name, port), port)
            made.append(Machine(name, held.enter_context(closing(Prefork(within)))))
        yield made


def _listening(name: str, port: int) -> socket.socket:
    """A socket of a namespace, which it stays in whoever uses it. Threads are in namespaces, each for itself."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/thread-self/ns/net").open() as ours, Path("/run/netns", name).open() as theirs:
        _enter(libc, theirs.fileno())
        try:
            return socket.create_server(("127.0.0.1", port))
        finally:
            _enter(libc, ours.fileno())


def _enter(libc: ctypes.CDLL, namespace: int) -> None:
    if libc.setns(namespace, _ENTER):
        raise OSError(ctypes.get_errno(), "setns")
