"""Many large batches at once: worker processes build the segments of the next ones while one is merged and committed.

The last commit of such a load leaves no more segments than it must, for what follows is questions.

A worker is a process of its own that reads documents from its standard input and answers with what it has written: so
it inherits no locks and no threads, and does not run the caller's program a second time. What it builds is what this
process would have built, batch by batch. Where no worker can be had (one core, or they do not start), it is built here.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

import msgspec

import index
from index.engines import Batch
from index.engines.whoosh import toc, writer
from index.engines.whoosh.contents import Contents, SegmentFacts
from index.engines.whoosh.storage import DurableStorage
from index.fields import Document

LARGE = 500  # documents from which on a batch is worth sending to a worker
BEGIN = 2  # large batches that are built here before workers are started: most updates end before
# Workers: committing what they build takes this process more time than building it takes more of them. One core is its
# own: each worker has to learn the words of the texts anew.
MOST = 4


def load(
    storage: DurableStorage,
    contents: Contents,
    batches: Iterable[Batch],
    told: Callable[[], AbstractContextManager[None]],
) -> Iterator[Batch]:
    """Commit each batch after `contents`, the latest commit, and give it back when that is done.

    The caller holds the lock from the first to the last. `told` is what the engine's own work is done in, but not the
    making of `batches`: what that raises is none of the engine's business.
    """
    waiting: deque[_Waiting] = deque()
    large = 0
    with Workers(storage.path, min((os.cpu_count() or 1) - 1, MOST)) as workers:

        def committed(*, last: bool = False) -> Batch:
            nonlocal contents
            next_ = waiting.popleft()
            under_way = [left.name for left in waiting]
            with told():
                built = next_.built.result() if next_.built else None
                contents = writer.commit(
                    storage, next_.batch, contents, built, under_way, loading=large > BEGIN, last=last
                )
            return next_.batch

        try:
            for batch in batches:
                large += len(batch.documents) >= LARGE
                name = toc.new_id()
                waiting.append(_Waiting(batch, name, workers.build(batch, name) if large > BEGIN else None))
                while len(waiting) > max(workers.ahead, 1):
                    yield committed()
            while waiting:
                yield committed(last=large > BEGIN and len(waiting) == 1)
        finally:
            workers.close()
            storage.forget()
            with told():
                toc.sweep(storage, contents)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A batch to be committed; `built`: its segments, whose names begin with `name`, if a worker makes them."""

    batch: Batch
    name: str
    built: Future[list[SegmentFacts]] | None


class Workers:
    """Builds segments in `count` processes, which are started when the first is needed."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self._count = count
        self._threads: ThreadPoolExecutor | None = None
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        self._all: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def ahead(self) -> int:
        """How many batches may be under way while one is committed; one more than workers, so that none has to wait."""
        return self._count + 1 if self._threads else 0

    def build(self, batch: Batch, name: str) -> Future[list[SegmentFacts]] | None:
        """Segments with the documents of a batch, whose files begin with `name`; None where no worker is to do it."""
        if self._count < 1 or len(batch.documents) < LARGE:
            return None
        if self._threads is None:
            self._threads = self._start()
        return self._threads.submit(self._built, batch.documents, name)

    def _start(self) -> ThreadPoolExecutor:
        for _ in range(self._count):
            self._all.append(_Worker(self._folder))
            self._free.put(self._all[-1])
        return ThreadPoolExecutor(self._count)

    def _built(self, documents: Sequence[Document], name: str) -> list[SegmentFacts]:
        worker = self._free.get()
        try:
            return worker.build(documents, name)
        except (OSError, EOFError, pickle.UnpicklingError):  # it was killed, or never came up: slower, but alive
            for left in self._folder.glob(f"*{name}*"):
                left.unlink()
            return writer.build(DurableStorage(self._folder), documents, name)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        for worker in self._all:
            worker.close()
        if self._threads:
            self._threads.shutdown(cancel_futures=True)
        self._threads, self._all = None, []


class _Worker:
    def __init__(self, folder: Path) -> None:
        package = Path(index.__file__).parents[1]
        path = os.pathsep.join([str(package), *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-c", "from index.engines.whoosh.loading import serve; serve()", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},  # no linear algebra is done there
        )

    def build(self, documents: Sequence[Document], name: str) -> list[SegmentFacts]:
        """As writer.build; raises what that raised over there."""
        assert self._process.stdin
        assert self._process.stdout
        pickle.dump((packed(documents), name), self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()
        answer: list[SegmentFacts] | Exception = pickle.load(self._process.stdout)  # noqa: S301 - our own process
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        self._process.wait()


def packed(documents: Sequence[Document]) -> bytes | list[Document]:
    """As MessagePack, far quicker than pickling them; themselves where that cannot hold them (half characters)."""
    try:
        return msgspec.msgpack.encode(documents)
    except (UnicodeEncodeError, TypeError, ValueError):
        return list(map(_bare, documents))


def unpacked(given: bytes | list[Document]) -> list[Document]:
    """What `packed` was given."""
    return msgspec.msgpack.decode(given, type=list[Document]) if isinstance(given, bytes) else given


def _bare(document: Document) -> Document:
    """With plain dicts: other mappings may not be picklable."""
    texts, terms, days, facets = map(dict, (document.texts, document.terms, document.days, document.facets))
    return Document(document.card, texts, terms, days, facets)  # type: ignore[arg-type]


def serve() -> None:
    """What a worker does until its standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller to answer
    storage = DurableStorage(Path(sys.argv[1]))
    with suppress(EOFError, BrokenPipeError):
        while True:
            given, name = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our parent
            answer: Any
            try:
                answer = writer.build(storage, unpacked(given), name)
            except Exception as error:  # noqa: BLE001 - it is raised again over there
                answer = error
            pickle.dump(answer, sys.stdout.buffer)
            sys.stdout.buffer.flush()
