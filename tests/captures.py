"""Captures made by hand, for tests of what is stored: no network, every byte known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import urls
from archive.config import StoreSettings
from archive.model import (
    Article,
    Exchange,
    Fetched,
    HopKind,
    Kind,
    Link,
    Mention,
    Outcome,
    Reading,
    Request,
    Role,
    Topic,
    Version,
)
from archive.storage import CatalogWriter, Facts, Store, Stored, open_store
from archive.storage.ops import Ops

START = datetime(2025, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)
SENT = b"GET / HTTP/1.1\r\nHost: paper.example\r\nUser-Agent: backfile\r\n\r\n"


def of_new_folders() -> dict[str, dict[str, str]]:
    """The settings of new folders: none (see conftest.py)."""
    return {}


def new_folder(path: Path) -> Path:
    """An archive folder without anything in it."""
    (path / "warc").mkdir(parents=True)
    lines = [f"[{name}]\n{key} = '{value}'\n" for name, all_ in of_new_folders().items() for key, value in all_.items()]
    if lines:
        (path / "backfile.toml").write_text("".join(lines))
    return path


def opened(folder: Path, *, ops: Ops | None = None, fresh: bool = False, max_warc: int = 2**30) -> Store:
    return open_store(folder, StoreSettings(max_warc=max_warc), ops=ops, fresh=fresh)


def exchange(
    url: str,
    body: bytes = b"<p>Hello</p>",
    *,
    status: int | None = 200,
    headers: Sequence[tuple[str, str]] = (("Content-Type", "text/html; charset=utf-8"),),
    payload: bytes | None = None,
    kind: HopKind = HopKind.START,
    location: str | None = None,
    truncated: str | None = None,
    raw: bytes | None = None,
    at: datetime = START,
) -> Exchange:
    """One exchange; `body` is what is on the wire, `payload` what it means (default: the same)."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    received = f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body if raw is None else raw
    return Exchange(
        url=url,
        kind=kind,
        started=at,
        sent=SENT,
        received=received,
        address="93.184.216.34:443",
        status=status,
        headers=tuple(headers),
        payload=body if payload is None else payload,
        truncated=truncated,
        location=location,
    )


def fetched(
    *exchanges: Exchange, outcome: Outcome = Outcome.OK, detail: str = "returned 200", url: str = ""
) -> Fetched:
    first = exchanges[0].url if exchanges else url
    last = exchanges[-1].location or exchanges[-1].url if exchanges else url
    return Fetched(Request(first), exchanges, outcome, detail, last)


def page(url: str, body: bytes | None = None, at: datetime = START) -> Fetched:
    """A page that was served as asked; its body is its URL, a few times over, unless given."""
    return fetched(exchange(url, body if body is not None else (url.encode() + b"\n") * 40, at=at))


def moved(short: str, long: str, body: bytes = b"<p>the long one</p>") -> Fetched:
    """A short link and where it led."""
    first = exchange(short, b"", status=301, location=long, headers=(("Location", long),))
    return fetched(first, exchange(long, body, kind=HopKind.HTTP))


def failed(url: str, outcome: Outcome = Outcome.FAILED, at: datetime = START) -> Fetched:
    """A URL that gave no answer at all."""
    return fetched(
        exchange(url, raw=b"", status=None, headers=(), payload=b"", at=at), outcome=outcome, detail="no answer"
    )


def facts(what: Fetched, *, depth: int = 0, cited_by: str | None = None) -> Facts:
    return Facts(urls.key(what.request.url), depth=depth, cited_by=cited_by)


def put(store: Store, what: Fetched, *, depth: int = 0, rows: CatalogWriter | None = None) -> tuple[Stored, str]:
    """Appends and catalogues one capture in the open transaction, as the pipeline does."""
    stored = store.append(what, facts(what, depth=depth))
    return stored, catalogue(rows or store.rows, stored)


def catalogue(rows: CatalogWriter, stored: Stored) -> str:
    capture = stored.capture
    key = urls.key(capture.final_url) if capture.outcome.has_content else capture.key
    return rows.put_capture(stored, key, [urls.key(hop.url) for hop in capture.hops])


def article(url: str, links: Iterable[str] = (), title: str = "A title", text: str = "Larry Krasner spoke.") -> Article:
    found = tuple(Link(link, Role.CITED, "see", f"He said so: {link}") for link in links)
    return Article(url, title, text, lang="en", links=found)


def reading(*people: str, topics: Iterable[str] = ()) -> Reading:
    mentions = tuple(Mention(Kind.PERSON, name.split()[-1], 0, 5, name) for name in people)
    return Reading(mentions, tuple(Topic(name, "keyword") for name in topics))


def put_text(rows: CatalogWriter, entry_id: str, stored: Stored, what: Article, read: Reading | None = None) -> None:
    """Makes `what` the next version of the entry."""
    before = rows.around(entry_id, stored.capture).before
    number = before[0].number + 1 if before else 1
    at = stored.capture.at
    version = Version(number, stored.capture.id, at, at, what.title, f"digest {what.text}")
    rows.put_version(entry_id, version, what, read or Reading(), [urls.key(link.url) for link in what.links])


def later(hours: float) -> datetime:
    return START + timedelta(hours=hours)
