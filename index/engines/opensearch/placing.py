"""Which index of the cluster is ours: one made for each generation, and an alias that names the one in use.

    alias   NAME                       what others look at; NAME is the setting
    index   NAME-1f0c93ae              filled aside, then put under the alias in one step with taking away the old one
    alias   NAME-1f0c93ae-in           what documents are sent to, so that none of them makes an index that is gone

What an index is for stands in the `_meta` of its mapping: {"backfile": {"alias", "format", "schema", "log", "maker",
"by", "position"}}. One without it is a stranger's, and is never written to. Any folder of an archive may follow what
stands under the alias; the one that made it, and no other, puts another in its place.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.engines.opensearch import layout
from index.engines.opensearch.server import Server
from index.errors import IndexDamagedError, IndexStorageError
from index.fields import schema

NOTE = "opensearch.json"
_MAKER = "maker"
_META = "filter_path=*.mappings._meta"


@dataclass(frozen=True, slots=True)
class Place:
    """One index: its name, and the alias that it stands under or is made for."""

    name: str
    alias: str

    @property
    def entrance(self) -> str:
        """What documents are sent to."""
        return f"{self.name}-in"


def noted(folder: Path) -> Place | None:
    """The index that the generation in `folder` is, None for a new one. IndexDamagedError."""
    try:
        facts = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return Place(str(facts["index"]), str(facts["alias"]))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexStorageError(f"{folder / NOTE}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"{NOTE} does not name an index", folder=str(folder)) from error


def note(folder: Path, place: Place) -> None:
    """Write down which index the generation in `folder` is, durably."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / NOTE).open("w", encoding="utf-8") as file:
            json.dump({"index": place.name, "alias": place.alias}, file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise IndexStorageError(f"{folder}: {error.strerror}", read_only=isinstance(error, PermissionError)) from error


def make(server: Server, folder: Path, alias: str, shards: int) -> Place:
    """A new, empty index for the generation in `folder`. IndexStorageError where the alias is a stranger's."""
    _check(server, folder, alias)
    place = Place(f"{alias}-{secrets.token_hex(4)}", alias)
    note(folder, place)
    meta = {
        "alias": alias, "format": layout.FORMAT, "schema": schema(), "maker": _maker(folder), "by": _told(folder),
        "position": 0,
    }  # fmt: skip
    try:
        server.ask(
            "PUT", f"/{place.name}", layout.index_body(meta, [place.entrance], shards), seconds=60.0, patient=True
        )
    except IndexStorageError:
        if not server.ask("GET", f"/{place.name}", absent=True):  # else the answer to a first try was lost
            raise
    return place


def standing(server: Server, alias: str, log: str) -> Place | None:
    """The index under the alias, where it follows the change log `log` and lies as this version lays it."""
    for name, meta in _standing(server, alias):
        if meta.get("alias") == alias and meta.get("log") == log and _is_of_this_version(meta):
            return Place(name, alias)
    return None


def _check(server: Server, folder: Path, alias: str) -> None:
    """IndexStorageError where what stands under the alias is not for this folder to replace."""
    for name, meta in _standing(server, alias):
        if meta.get("alias") != alias:
            raise IndexStorageError(
                f"{server.url} has an index {name} that no archive made; give [search] index another name than {alias}"
            )
        if meta.get("maker") != _maker(folder):
            raise IndexStorageError(
                f"the index {alias} at {server.url} was made for another archive, or by another version, in "
                f"{meta.get('by')}: give [search] index another name, or `backfile reindex` there, or DELETE {name}"
            )


def meta_of(server: Server, place: Place, folder: Path) -> dict[str, Any]:
    """What the index is for. IndexDamagedError where it is gone, or lies as another version lays it."""
    said = server.ask("GET", f"/{place.name}/_mapping?{_META}", absent=True)
    if not said:
        raise server.gone(place.name, folder)
    for meta in _ours(said):
        if _is_of_this_version(meta):
            return meta
    message = f"the index {place.name} at {server.url} was made by another version"
    raise IndexDamagedError(message, folder=str(folder), outdated=True)


def tell(server: Server, place: Place, meta: dict[str, Any]) -> None:
    """Write down what the index is for, and how far it has come."""
    body = {"_meta": {"backfile": meta}}
    server.ask("PUT", f"/{place.name}/_mapping", body, seconds=60.0, patient=True)


def publish(server: Server, place: Place, folder: Path) -> None:
    """Put the index under its alias, in one step, and remove what stood there, and what was left half made here."""
    standing = dict(_standing(server, place.alias))
    steps: list[dict[str, Any]] = [{"add": {"index": place.name, "alias": place.alias}}]
    steps += [{"remove": {"index": name, "alias": place.alias}} for name in standing if name != place.name]
    server.ask("POST", "/_aliases", {"actions": steps}, seconds=60.0, patient=True)
    left = {name for name, meta in _made_for(server, place.alias) if meta.get("maker") == _maker(folder)}
    for name in (standing.keys() | left) - {place.name}:
        remove(server, name)


def remove(server: Server, name: str) -> None:
    """Remove an index, if it is there."""
    server.ask("DELETE", f"/{name}", seconds=60.0, patient=True, absent=True)


def _standing(server: Server, alias: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The indices under the alias, or the one that has its name, and what each is for: {} for a stranger's."""
    for name, facts in server.ask("GET", f"/{alias}", absent=True).items():
        yield name, _meta(facts)


def _made_for(server: Server, alias: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The indices that were made for the alias, under it or not."""
    for name, facts in server.ask("GET", f"/{alias}-*/_mapping?{_META}").items():
        if (meta := _meta(facts)).get("alias") == alias:
            yield name, meta


def _ours(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from filter(None, map(_meta, said.values()))


def _meta(facts: Any) -> dict[str, Any]:
    meta = facts.get("mappings", {}).get("_meta", {}).get("backfile", {}) if isinstance(facts, dict) else {}
    return meta if isinstance(meta, dict) else {}


def _is_of_this_version(meta: dict[str, Any]) -> bool:
    return meta.get("format") == layout.FORMAT and meta.get("schema") == schema()


def _maker(folder: Path) -> str:
    """The folder that makes indices, by a name that goes with it: what it left half made is nobody else's."""
    path = folder.parent / _MAKER
    try:
        if not path.exists():
            path.write_text(secrets.token_hex(8), encoding="ascii")
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise IndexStorageError(f"{path}: {error.strerror}", read_only=isinstance(error, PermissionError)) from error


def _told(folder: Path) -> str:
    """The same for a person."""
    return f"{socket.gethostname()}:{folder.parent.parent.absolute()}"
