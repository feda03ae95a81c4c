"""Tokens for the web door: who may read, add or edit from elsewhere. They lie in tokens.toml, as digests alone.

A token is shown once, when it is made; whoever reads the file cannot use it. It has no part in warc/, and no rebuild
touches it.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from archive import NotFoundError, SettingsError, StorageError, UsageError

TOKENS_FILE = "tokens.toml"
_MARK = "bf_"  # so that a token is known for one wherever it turns up
_BYTES = 32
_MAX_NAME = 64  # characters
_HEAD = "# Who may use `backfile serve`: made by `backfile token`. Only digests of tokens are kept.\n"


class Scope(StrEnum):
    """What a token allows. Adding and editing include reading; a feed key allows one feed and nothing else."""

    READ = "read"
    ADD = "add"
    EDIT = "edit"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `digest` is the SHA-256 of it; `query`: what the feed of a feed key asks."""

    name: str
    digest: str
    scopes: frozenset[Scope]
    added: datetime
    expires: datetime | None = None
    query: str = ""

    def allows(self, scope: Scope) -> bool:
        """Whether it allows what needs `scope`."""
        return scope in self.scopes or (scope is Scope.READ and bool(self.scopes & {Scope.ADD, Scope.EDIT}))

    def is_good(self, now: datetime) -> bool:
        """Whether it has not expired."""
        return self.expires is None or now < self.expires


class Tokens:
    """The tokens of the archive in `folder`. Reads the file again whenever it has changed; safe from any thread."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / TOKENS_FILE
        self._guard = Lock()
        self._seen: tuple[int, int] | None = None
        self._held: tuple[Token, ...] = ()

    def all(self) -> tuple[Token, ...]:
        """Every token, oldest first. SettingsError for a file that is none of ours."""
        with self._guard:
            try:
                state = self.file.stat()
            except FileNotFoundError:
                self._seen, self._held = None, ()
                return ()
            if (stamp := (state.st_mtime_ns, state.st_size)) != self._seen:
                self._held, self._seen = _read(self.file), stamp
            return self._held

    def good(self) -> tuple[Token, ...]:
        """Those that have not expired."""
        now = datetime.now(UTC)
        return tuple(one for one in self.all() if one.is_good(now))

    def make(
        self, name: str, scopes: frozenset[Scope], *, expires: datetime | None = None, query: str = ""
    ) -> tuple[Token, str]:
        """A new token and, this once, what it is. UsageError for a name that is taken or is none."""
        if not name.isprintable() or not name.strip() or len(name) > _MAX_NAME:
            raise UsageError(f"{name!r} is no name for a token: up to {_MAX_NAME} characters in one line")
        if not scopes:
            raise UsageError("a token without a scope allows nothing: name read, add, edit or feed")
        held = self.all()
        if any(one.name == name for one in held):
            raise UsageError(f"there is a token {name!r} already: remove it first, or choose another name")
        secret = _MARK + base64.b32encode(secrets.token_bytes(_BYTES)).decode().rstrip("=").lower()
        token = Token(name, _digest(secret), scopes, datetime.now(UTC).replace(microsecond=0), expires, query)
        self._write((*held, token))
        return token, secret

    def remove(self, name: str) -> Token:
        """It is good for nothing from now on. NotFoundError."""
        held = self.all()
        found = next((one for one in held if one.name == name), None)
        if found is None:
            raise NotFoundError(f"there is no token {name!r}; `backfile token list` shows what there is")
        self._write(tuple(one for one in held if one is not found))
        return found

    def known(self, secret: str) -> Token | None:
        """The token that this is, if it has not expired; every digest is compared, however early one fits."""
        digest, found = _digest(secret), None
        for one in self.all():
            if secrets.compare_digest(one.digest, digest) and one.is_good(datetime.now(UTC)):
                found = one
        return found

    def _write(self, tokens: tuple[Token, ...]) -> None:
        """In one step, for the owner alone to read."""
        part = self.file.with_name(f".{self.file.name}.{secrets.token_hex(4)}")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(_HEAD + "".join(map(_written, tokens)))
                out.flush()
                os.fsync(out.fileno())
            part.replace(self.file)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise StorageError(f"{self.file}: cannot be written: {error.strerror}") from error


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def _written(token: Token) -> str:
    """A token as TOML; the quotes and escapes of JSON are those of its basic strings."""
    lines = [
        "[[token]]", f"name = {_quoted(token.name)}", f"digest = {_quoted(token.digest)}",
        f"scopes = [{', '.join(_quoted(scope) for scope in sorted(token.scopes))}]",
        f"added = {token.added.isoformat(timespec='seconds')}",
    ]  # fmt: skip
    if token.expires:
        lines.append(f"expires = {token.expires.isoformat(timespec='seconds')}")
    if token.query:
        lines.append(f"query = {_quoted(token.query)}")
    return "\n" + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=True).replace("\x7f", "\\u007f")


def _read(file: Path) -> tuple[Token, ...]:
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("token", [])
        return tuple(_token(row) for row in rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"not valid TOML: {error}", file=str(file)) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SettingsError(f"a token is not as `backfile token add` writes it: {error}", file=str(file)) from error
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", file=str(file)) from error


def _token(row: dict[str, Any]) -> Token:
    expires = row.get("expires")
    for moment in filter(None, (row["added"], expires)):
        if moment.tzinfo is None:
            raise ValueError(f"{moment} has no time zone")
    return Token(
        str(row["name"]), str(row["digest"]), frozenset(map(Scope, row["scopes"])), row["added"], expires,
        str(row.get("query", "")),
    )  # fmt: skip
