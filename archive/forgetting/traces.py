"""What else in the archive's folder says something of an article: bad rows of imports, spooled imports, torn pieces."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.errors import StorageError
from archive.folder import shared_as_folder
from archive.model import Article
from archive.storage.places import WARC
from archive.storage.warc.repair import TORN

_PASSAGE = 40  # characters of a paragraph that is taken for the article's own


def needles(addresses: Iterable[str], articles: Iterable[Article]) -> frozenset[str]:
    """What tells a line that speaks of an article: its addresses, its headlines, its longer paragraphs."""
    found = {address for address in addresses if address}
    for article in articles:
        lines = (article.title, article.description, *article.text.splitlines())
        found.update(line.strip() for line in lines if len(line.strip()) >= _PASSAGE)
    return frozenset(found)


def remove(folder: Path, said: frozenset[str], atom: Path | None) -> None:
    """Lines of rejects-N.jsonl with one of `said` in them, and whatever may hold anything: to be made again if wanted.

    These are imports from standard input as they were spooled, pieces that a crash left torn, and the Atom file.
    """
    try:
        for path in folder.glob("rejects-*.jsonl"):
            _without(path, said)
        for pattern in ("stdin-*", ".stdin-*.part", f"{WARC}/{TORN}/*", f"{WARC}/*.mending"):
            for path in folder.glob(pattern):
                path.unlink(missing_ok=True)
        if atom is not None:
            atom.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{error.filename}: cannot be changed: {error.strerror}") from error


def _without(path: Path, said: frozenset[str]) -> None:
    fresh = path.with_suffix(".new")
    with path.open("rb") as lines, open(fresh, "wb", opener=shared_as_folder) as out:
        kept = [line for line in lines if not any(one in line.decode("utf-8", "replace") for one in _escaped(said))]
        out.writelines(kept)
    if kept:
        fresh.replace(path)
    else:
        path.unlink()
        fresh.unlink()


def _escaped(said: frozenset[str]) -> frozenset[str]:
    """As JSON writes them, too."""
    return said | {one.replace("\\", "\\\\").replace('"', '\\"') for one in said}
