"""A bucket of an S3 store, or what is below a prefix in it, as objects (objects.Objects).

Where and with which keys stands in the environment, as for every S3 client: AWS_ENDPOINT_URL, AWS_REGION,
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where it is given, AWS_SESSION_TOKEN. Plain http is spoken to this very
machine alone.

What may pass (no answer, 429, 5xx) is tried again a few times, within a limit; then it is a StorageError that says
what was asked, how often, and what the answer was. A connection that the store closed meanwhile is no try: the same is
asked once more, over a new one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from random import random
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from archive.errors import StorageError, UsageError
from archive.logs import logger

if TYPE_CHECKING:
    from obstore.store import S3Store

_log = logger(__name__)
T = TypeVar("T")

SCHEME = "s3://"
PROBE = "probe/create-only"  # under this name a bucket shows whether it overwrites
_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._/-]*))?")
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w{1,60})</Code>")
_CLOSED = re.compile(r"IncompleteMessage|ConnectionReset|ConnectionAborted|BrokenPipe|ChannelClosed")
_PASSES = frozenset({408, 409, 429})  # beside 5xx
_SLOWEST = 2**18  # bytes a second: a transfer that is slower counts as none


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a store is waited for. Times are seconds."""

    timeout: float = 15.0  # of one request, beside the time that its bytes take
    tries: int = 5
    pause: float = 0.2  # after the first try; doubled after each other one


def split_address(address: str) -> tuple[str, str]:
    """Bucket and prefix ("" for none) of `s3://bucket/prefix`. UsageError where it is no such address."""
    found = _ADDRESS.fullmatch(address)
    prefix = (found[2] or "").strip("/") if found else ""
    if found is None or "//" in prefix or any(part in (".", "..") for part in prefix.split("/")):
        raise UsageError(
            f"{address!r} is no address of a bucket: write s3://BUCKET/PREFIX, in letters, digits, dots and hyphens"
        )
    return found[1], prefix


class S3Objects:
    """What is below the address of a bucket. Safe to use from several threads."""

    at_once = 16

    def __init__(self, address: str, patience: Patience | None = None, env: Mapping[str, str] | None = None) -> None:
        """UsageError where the address or the environment is wrong, or the extra is not installed. Asks nothing."""
        self._bucket, self._prefix = split_address(address)
        self.address = SCHEME + "/".join(filter(None, (self._bucket, self._prefix)))
        self._patience = patience or Patience()
        self._access = _access(os.environ if env is None else env)
        self._stores: dict[int, S3Store] = {}  # by the seconds that a request may take for its bytes
        self._store(0)

    def where(self, name: str) -> str:
        return f"{self.address}/{name}"

    def put(self, name: str, data: bytes) -> bool:
        import obstore
        from obstore.exceptions import AlreadyExistsError

        tries = 0

        def once() -> bool:
            nonlocal tries
            tries += 1
            try:
                obstore.put(self._store(len(data)), name, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                # An answer may have been lost: then what is there now is what an earlier try has put.
                return tries > 1 and self._is(name, data)
            return True

        return self._persist(f"writing {self.where(name)}", once)

    def read(self, name: str, start: int = 0, stop: int | None = None) -> bytes:
        import obstore

        if stop is not None and stop <= start:
            return b""

        def once() -> bytes:
            store = self._store(0 if stop is None else stop - start)
            if start == 0 and stop is None:
                return bytes(obstore.get(store, name).bytes())
            if stop is None:
                return bytes(obstore.get(store, name, options={"range": {"offset": start}}).bytes())
            return bytes(obstore.get_range(store, name, start=start, end=stop))

        try:
            return self._persist(f"reading {self.where(name)}", once)
        except _BeyondEnd:
            return b""

    def size(self, name: str) -> int:
        import obstore

        return self._persist(f"reading {self.where(name)}", lambda: obstore.head(self._store(0), name)["size"])

    def sizes(self, folder: str) -> dict[str, int]:
        import obstore

        def once() -> dict[str, int]:
            found = obstore.list(self._store(0), prefix=folder, chunk_size=1000)
            return dict(sorted((one["path"], one["size"]) for page in found for one in page))

        return self._persist(f"listing {self.where(folder)}", once)

    def delete(self, name: str) -> None:
        import obstore

        def once() -> None:
            try:
                obstore.delete(self._store(0), name)
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise

        self._persist(f"deleting {self.where(name)}", once)

    def probe(self) -> None:
        """Whether a second write to a name is refused, as all that is promised rests on. StorageError where not."""
        said = b"Backfile writes this name twice. A store that takes the second one overwrites, and is refused.\n"
        if self.put(PROBE, said) and self.put(PROBE, said + b"Overwritten.\n"):
            raise StorageError(
                f"{self.address}: this store overwrites what is there (it ignores If-None-Match: *), so that nothing "
                "in it would be safe. Captures need a store with create-only writes"
            )

    # -- inside ----------------------------------------------------------------------------------------------------

    def _is(self, name: str, data: bytes) -> bool:
        import obstore

        return bytes(obstore.get(self._store(len(data)), name).bytes()) == data

    def _store(self, size: int) -> S3Store:
        """For a request that carries so many bytes."""
        more = 2 ** (size // _SLOWEST).bit_length() if size >= _SLOWEST else 0
        store = self._stores.get(more)
        if store is None:
            store = _opened(self._bucket, self._prefix, self._access, self._patience.timeout + more)
            self._stores[more] = store
        return store

    def _persist(self, what: str, once: Callable[[], T]) -> T:
        """The result of `once`, tried again where that may help. FileNotFoundError, StorageError."""
        begun, patience = monotonic(), self._patience
        number, is_new = 1, False  # the try, and whether it is over a connection of its own
        while True:
            try:
                return once()
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise StorageError(f"{what}: there is no bucket {self._bucket!r} there") from error
                raise
            except _foreign() as error:
                problem = _Problem.of(error)
                if problem.status == 416:
                    raise _BeyondEnd from error
                if problem.was_closed and not is_new:
                    self._stores.clear()  # and with them all connections that they keep
                    is_new = True
                    continue
                if not problem.passes or number == patience.tries:
                    often = f", {number} times in {monotonic() - begun:.0f} s" if number > 1 else ""
                    raise StorageError(f"{what}: {problem.said}{often}") from error
                _log.warning("%s: %s; it is tried again", what, problem.said)
                sleep(patience.pause * 2 ** (number - 1) * (0.75 + random() / 2))  # noqa: S311 -- to spread requests
                number += 1


class _BeyondEnd(Exception):  # noqa: N818 -- never seen outside
    """No byte of the range is there."""


@dataclass(frozen=True, slots=True)
class _Problem:
    """An error of the client, understood: the status of the answer (0: there was none), and in words."""

    status: int
    said: str
    was_closed: bool = False  # the connection, before there was an answer

    @classmethod
    def of(cls, error: Exception) -> _Problem:
        text = str(error)
        status, code = _STATUS.search(text), _CODE.search(text)
        if status is None:
            return cls(0, f"no answer ({_first(text)})", _CLOSED.search(text) is not None)
        why = f" ({code[1]})" if code else ""
        return cls(int(status[1]), f"the store answered {status[1]}{why}")

    @property
    def passes(self) -> bool:
        return self.status == 0 or self.status >= 500 or self.status in _PASSES


def _first(text: str) -> str:
    """What went wrong, without where and how."""
    line = text.partition("\n")[0]
    return line.rpartition(" - ")[2].removeprefix("HTTP error: ")[:200]


def _foreign() -> type[Exception]:
    from obstore.exceptions import BaseError

    return BaseError


def _access(env: Mapping[str, str]) -> dict[str, Any]:
    """How the store is reached, from the environment. UsageError."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        if not env.get(name):
            raise UsageError(f"captures lie in a bucket, and {name} is not set in the environment")
    access: dict[str, Any] = {
        "access_key_id": env["AWS_ACCESS_KEY_ID"],
        "secret_access_key": env["AWS_SECRET_ACCESS_KEY"],
        "region": env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or "us-east-1",
    }
    if token := env.get("AWS_SESSION_TOKEN"):
        access["session_token"] = token
    endpoint = env.get("AWS_ENDPOINT_URL_S3") or env.get("AWS_ENDPOINT_URL")
    if endpoint:
        url = urlsplit(endpoint)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise UsageError(f"AWS_ENDPOINT_URL is {endpoint!r}: it must be https://HOST[:PORT]")
        if url.scheme == "http" and not _is_here(url.hostname):
            raise UsageError(f"AWS_ENDPOINT_URL is {endpoint!r}: plain http is spoken to this machine alone, use https")
        access["endpoint"] = endpoint.rstrip("/")
    return access


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _opened(bucket: str, prefix: str, access: Mapping[str, Any], timeout: float) -> S3Store:
    try:
        from obstore.store import S3Store
    except ImportError as error:
        raise UsageError("captures in a bucket need the extra s3: pip install 'backfile[s3]'") from error
    return S3Store(
        bucket, prefix=prefix or None, **access, disable_bulk_delete=True,
        client_options={
            "allow_http": access.get("endpoint", "").startswith("http://"), "timeout": timedelta(seconds=timeout),
            "connect_timeout": timedelta(seconds=min(timeout, 5.0)),
        },
        retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=timeout)},
    )  # fmt: skip
