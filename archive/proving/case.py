"""Writing proofs: one page with its JSON beside it, or a folder of them with a page that lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import msgspec

from archive.errors import NotFoundError, UsageError
from archive.exporting.aside import file_aside, folder_aside
from archive.folder import check_output
from archive.history import Which
from archive.history.which import Shown
from archive.model import Entry
from archive.proving.facts import Proof, Provable, Proved, Prover
from archive.proving.page import case_page, proof_page
from archive.storage.warc.records import scrub


class Provables(Provable, Protocol):
    """What is asked of an archive; `Archive` gives it."""

    def as_it_was(self, ref: str, which: Which, *, names: bool = True) -> Entry: ...
    def version(self, ref: str, which: Which) -> Shown: ...


def prove_one(archive: Provables, ref: str, which: Which, target: Path | None = None) -> Proved:
    """Write the proof of a text to `target` (default: its id, here), its JSON beside it. NotFoundError, UsageError."""
    proof = _proof(archive, Prover(archive), ref, which)
    target = target or Path(f"{proof.name}.html")
    beside = target.with_suffix(".json")
    if beside == target:
        raise UsageError(f"{target} is where the JSON beside the page would stand: name an .html file")
    for path in (target, beside):
        check_output(path, archive.folder)
    with file_aside(beside) as data, file_aside(target) as page:
        data.write(_json(proof))
        page.write(proof_page(proof).encode("utf-8", "replace"))
    return _proved(proof, str(target), str(beside))


def prove_all(
    archive: Provables, ids: Iterable[str], query: str, target: Path, progress: Callable[[int], None] | None = None
) -> list[Proved]:
    """Write the proofs of the current texts of articles into a new folder, with `index.html` and `index.json`.

    What has no text, or is gone since it was found, is left out.
    """
    check_output(target, archive.folder)
    prover, done = Prover(archive), []
    with folder_aside(target) as folder:
        for id_ in ids:
            try:
                proof = _proof(archive, prover, id_, Which())
            except NotFoundError:
                continue
            (folder / f"{proof.id}.html").write_bytes(proof_page(proof).encode("utf-8", "replace"))
            (folder / f"{proof.id}.json").write_bytes(_json(proof))
            done.append(_proved(proof, f"{proof.id}.html", f"{proof.id}.json"))
            if progress:
                progress(len(done))
        now = datetime.now(UTC)
        (folder / "index.html").write_bytes(case_page(query, now, done).encode("utf-8", "replace"))
        (folder / "index.json").write_bytes(_json({"query": query, "made": now, "proofs": done}))
    return done


def _proof(archive: Provables, prover: Prover, ref: str, which: Which) -> Proof:
    entry = archive.as_it_was(ref, which, names=False)
    which = which if not which.is_current else Which(capture=entry.capture_id)
    if entry.version == 0:
        raise NotFoundError(f"{entry.id} has no text to prove: {entry.outcome}, {entry.detail}")
    return prover.proof(entry, archive.version(entry.id, which))


def _proved(proof: Proof, page: str, data: str) -> Proved:
    return Proved(proof.id, proof.version, proof.title, proof.capture, page, data, proof.problems)


def _json(value: object) -> bytes:
    try:
        return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
    except UnicodeEncodeError:
        return msgspec.json.encode(scrub(msgspec.to_builtins(value))) + b"\n"
