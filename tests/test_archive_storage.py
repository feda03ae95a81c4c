"""What stands in warc/: every byte as served, in records that other tools read and check."""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
import zstandard
from buckets import serving
from captures import SENT, START, exchange, facts, failed, fetched, moved, new_folder, opened, page, put
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from archive import urls
from archive.config import StoreSettings
from archive.errors import DamagedError, LockedError, StorageError, UsageError
from archive.model import Fetched, Method, Outcome
from archive.storage import WARC, Act, ActKind, Catalog, Facts, Place, Record, Saved, Store, Stored, open_store
from archive.storage.bucket.s3 import Patience, S3Objects
from archive.storage.bucket.shelf import BucketShelf
from archive.storage.ops import Ops
from archive.storage.verify import verify
from archive.storage.warc.records import JOURNAL_TYPE, digest
from archive.storage.warc.writer import WarcWriter, by_age, warc_files

URL = "https://paper.example/story"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_folder(tmp_path / "archive")


def keep(folder: Path, *captures: Fetched) -> list[Stored]:
    with opened(folder) as store, store.batch():
        return [put(store, one)[0] for one in captures]


def records(folder: Path) -> list[Record]:
    with opened(folder) as store:
        names = sorted(path.name for path in (folder / WARC).glob("*.gz"))
        return [found for name in names for found in store.reader.scan(name) if isinstance(found, Record)]


def kinds(folder: Path) -> list[str]:
    return [record.kind for record in records(folder)]


def payload(folder: Path, stored: Stored) -> bytes:
    with opened(folder) as store:
        place = store.catalog.content(stored.capture.id)
        assert place is not None
        assert place == stored.content
        return store.reader.payload(place)


def warcio_check(folder: Path) -> str:
    files = [str(path) for path in (folder / WARC).glob("*.gz")]
    done = subprocess.run([sys.executable, "-m", "warcio.cli", "check", "-v", *files], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    return done.stdout


CHUNKED = (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"))
WORDS = b"A hundred words of text. " * 100


def in_chunks(body: bytes, size: int = 100) -> bytes:
    parts = (body[n : n + size] for n in range(0, len(body), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def coded(name: str, body: bytes) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    return body, (("Content-Type", "text/html"), ("Content-Encoding", name))


CODINGS = {
    "identity": (WORDS, (("Content-Type", "text/html"),)),
    "chunked": (in_chunks(WORDS), CHUNKED),
    "gzip": coded("gzip", gzip.compress(WORDS)),
    "gzip-members": coded("gzip", gzip.compress(WORDS[:50]) + gzip.compress(WORDS[50:])),
    "deflate": coded("deflate", zlib.compress(WORDS)),
    "raw-deflate": coded("deflate", zlib.compress(WORDS)[2:-4]),
    "brotli": coded("br", brotli.compress(WORDS)),
    "zstd": coded("zstd", zstandard.compress(WORDS)),
    "two": coded("deflate, gzip", gzip.compress(zlib.compress(WORDS))),
    "chunked-gzip": (in_chunks(gzip.compress(WORDS)), (*CHUNKED, ("Content-Encoding", "gzip"))),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_page_is_kept_as_it_was_on_the_wire(folder: Path, coding: str) -> None:
    """Request and response stand in warc/ byte for byte; the payload read back is the decoded body."""
    body, headers = CODINGS[coding]
    one = exchange(URL, body, headers=headers, payload=WORDS)
    (stored,) = keep(folder, fetched(one))
    assert kinds(folder) == ["warcinfo", "request", "response", "metadata"]
    _, request, response, journal = records(folder)
    assert (request.block, response.block) == (SENT, one.received)
    assert response.field("warc-ip-address") == "93.184.216.34"
    assert response.field("warc-date") == "2025-01-31T12:00:00.123456Z"
    assert response.field("warc-target-uri") == URL
    assert request.field("warc-concurrent-to") == f"<urn:uuid:{response.id}>"
    assert journal.field("content-type") == JOURNAL_TYPE
    assert stored.capture.hops[0].record_id == response.id
    assert stored.capture.id == journal.id
    assert stored.capture.digest == digest(WORDS)
    assert payload(folder, stored) == WORDS
    assert list(verify(folder)) == []


@pytest.mark.parametrize("coding", CODINGS)
def test_warcio_and_fastwarc_agree(folder: Path, coding: str) -> None:
    """`warcio check` finds every digest right, and both readers see the records and bytes that we wrote."""
    body, headers = CODINGS[coding]
    keep(folder, fetched(exchange(URL, body, headers=headers, payload=WORDS)), page("https://paper.example/2"))
    if coding != "brotli":  # warcio 1.8 fails on any brotli body: it asks the decoder for a property it lacks
        report = warcio_check(folder)
        assert "failed" not in report
        assert report.count("digest pass") == 7
    (file,) = (folder / WARC).glob("*.gz")
    with file.open("rb") as stream:
        seen = [
            (record.rec_type, record.rec_headers.get_header("WARC-Record-ID")) for record in ArchiveIterator(stream)
        ]
    assert seen == [(record.kind, f"<urn:uuid:{record.id}>") for record in records(folder)]
    with file.open("rb") as stream:
        fast = [(record.record_id, record.verify_block_digest()) for record in FastIterator(stream, parse_http=False)]
    assert fast == [(f"<urn:uuid:{record.id}>", True) for record in records(folder)]


def test_the_same_payload_is_stored_once(folder: Path) -> None:
    """A body that is stored already becomes a revisit that names it, with its own headers; both read the same."""
    other = fetched(exchange("https://paper.example/copy", WORDS, headers=(("Content-Type", "text/plain"),)))
    first, second = keep(folder, fetched(exchange(URL, WORDS)), other)
    response, revisit = (record for record in records(folder) if record.kind in ("response", "revisit"))
    assert revisit.kind == "revisit"
    assert revisit.field("warc-refers-to") == f"<urn:uuid:{response.id}>"
    assert revisit.field("warc-refers-to-target-uri") == URL
    assert revisit.field("warc-refers-to-date") == response.field("warc-date")
    assert revisit.field("warc-profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert revisit.field("warc-payload-digest") == response.field("warc-payload-digest")
    assert revisit.block == b"HTTP/1.1 200 X\r\nContent-Type: text/plain\r\n\r\n"
    assert first.capture.digest == second.capture.digest
    assert payload(folder, second) == WORDS
    warcio_check(folder)


def test_the_same_payload_is_recognised_later_and_in_other_chunks(folder: Path) -> None:
    """Also in another run, and however it was cut into chunks: the framing is no part of the payload."""
    keep(folder, fetched(exchange(URL, in_chunks(WORDS, 100), headers=CHUNKED, payload=WORDS)))
    (again,) = keep(folder, fetched(exchange(URL, in_chunks(WORDS, 333), headers=CHUNKED, payload=WORDS)))
    assert kinds(folder).count("revisit") == 1
    assert payload(folder, again) == WORDS
    assert list(verify(folder)) == []
    warcio_check(folder)


def test_short_bodies_are_simply_stored(folder: Path) -> None:
    keep(folder, page(URL, b"short"), page(URL, b"short"))
    assert kinds(folder).count("response") == 2


def test_a_truncated_response_says_so_and_is_no_original(folder: Path) -> None:
    """A cut body keeps WARC's word for why, and nothing ever refers to it."""
    cut = exchange(URL, WORDS, truncated="length")
    stored, _ = keep(folder, fetched(cut, outcome=Outcome.TOO_LARGE), fetched(exchange(URL, WORDS)))
    first, second = (record for record in records(folder) if record.kind == "response")
    assert first.field("warc-truncated") == "length"
    assert second.field("warc-truncated") is None
    assert stored.capture.truncated == "length"
    warcio_check(folder)


def test_every_hop_of_a_short_link_is_kept(folder: Path) -> None:
    (stored,) = keep(folder, moved("https://t.co/x", URL))
    assert kinds(folder) == ["warcinfo", "request", "response", "request", "response", "metadata"]
    assert [hop.url for hop in stored.capture.hops] == ["https://t.co/x", URL]
    assert stored.capture.hops[0].location == URL
    assert payload(folder, stored) == b"<p>the long one</p>"
    journal = records(folder)[-1]
    concurrent = [value for name, value in journal.fields if name == "warc-concurrent-to"]
    assert concurrent == [f"<urn:uuid:{hop.record_id}>" for hop in stored.capture.hops]


def test_no_answer_leaves_the_request_and_the_journal_entry(folder: Path) -> None:
    (stored,) = keep(folder, failed(URL))
    assert kinds(folder) == ["warcinfo", "request", "metadata"]
    assert (stored.content, stored.capture.digest, stored.capture.status) == (None, None, None)
    warcio_check(folder)


def test_a_capture_without_any_exchange_is_one_journal_entry(folder: Path) -> None:
    """A refused address, robots, a name that does not resolve: the observation is kept."""
    (stored,) = keep(folder, fetched(outcome=Outcome.REFUSED, detail="10.0.0.1 is private", url="http://in.example/"))
    assert kinds(folder) == ["warcinfo", "metadata"]
    with opened(folder) as store:
        assert store.catalog.capture(stored.capture.id) == stored.capture
    warcio_check(folder)


@pytest.mark.parametrize("raw", [b"\x00\x01 nothing like HTTP", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nX: y"])
def test_what_is_no_http_is_kept_too(folder: Path, raw: bytes) -> None:
    keep(folder, fetched(exchange(URL, raw=raw, status=None, headers=(), payload=b""), outcome=Outcome.FAILED))
    assert records(folder)[2].block == raw
    assert list(verify(folder)) == []
    warcio_check(folder)


def test_nothing_in_a_url_can_forge_a_header(folder: Path) -> None:
    """Line ends, spaces and half characters of a URL are escaped in the record header, and kept in the journal."""
    nasty = "https://paper.example/a\r\nWARC-Type: warcinfo\r\n\r\nx y\udc80"
    one = replace(exchange(URL), url=nasty)
    with opened(folder) as store, store.batch() as rows:
        stored = store.append(replace(fetched(one), final_url=URL), Facts(URL))
        rows.put_capture(stored, URL, [nasty])
    assert kinds(folder) == ["warcinfo", "request", "response", "metadata"]
    escaped = "https://paper.example/a%0D%0AWARC-Type:%20warcinfo%0D%0A%0D%0Ax%20y%3F"
    assert records(folder)[2].field("warc-target-uri") == escaped
    assert list(verify(folder)) == []
    warcio_check(folder)


def test_half_characters_do_not_stop_a_capture(folder: Path) -> None:
    (stored,) = keep(folder, replace(page(URL), detail="server said \ud800"))
    with opened(folder) as store:
        assert store.catalog.capture(stored.capture.id).detail == "server said ?"


def test_a_saved_page_and_imported_text(folder: Path) -> None:
    """What came without a response is a resource, or a conversion, with its own time."""
    at = datetime.fromisoformat("2019-05-01T08:00:00+02:00")
    with opened(folder) as store, store.batch() as rows:
        for n, converted in enumerate((False, True)):
            url = f"{URL}/{n}"
            saved = Saved(url, at, b"<p>kept by hand</p>", "text/html", "utf-8", converted=converted)
            stored = store.append_saved(saved, Facts(urls.key(url), Method.SAVED_PAGE))
            rows.put_capture(stored, stored.capture.key)
            assert stored.capture.at == at
    assert kinds(folder) == ["warcinfo", "resource", "metadata", "conversion", "metadata"]
    assert records(folder)[1].field("warc-date") == "2019-05-01T06:00:00.000000Z"
    assert payload(folder, stored) == b"<p>kept by hand</p>"
    assert list(verify(folder)) == []
    warcio_check(folder)


def test_a_full_file_is_followed_by_the_next(folder: Path) -> None:
    """Each file begins with a warcinfo record, and order is by number."""
    with opened(folder, max_warc=2000) as store:
        for n in range(12):
            with store.batch():
                put(store, page(f"{URL}/{n}"))
        names = sorted(store.catalog.committed())
    assert len(names) > 2
    assert [name.split("-")[1] for name in names] == [f"{n:05d}" for n in range(1, len(names) + 1)]
    assert kinds(folder).count("warcinfo") == len(names)
    assert list(verify(folder)) == []


def test_the_next_run_goes_on_in_the_same_file(folder: Path) -> None:
    keep(folder, page(URL))
    keep(folder, page("https://paper.example/2"))
    assert kinds(folder).count("warcinfo") == 1


def test_acts_are_journaled_and_survive_a_rebuild(folder: Path) -> None:
    """Tags, notes, short links and deletions are done again, in their order, from warc/ alone."""
    with opened(folder) as store, store.batch():
        ids = [put(store, page(f"{URL}/{n}"))[1] for n in range(3)]
        for act in (
            Act(ActKind.TAGS, ids[0], ("old",), START),
            Act(ActKind.TAGS, ids[0], ("police", "philadelphia"), START),
            Act(ActKind.NOTE, ids[1], ("call back",), START),
            Act(ActKind.DELETE, ids[2], (), START),
            Act(ActKind.SHORT_LINK, "https://t.co/x", (URL,), START),
        ):
            assert store.act(act)
        assert not store.act(Act(ActKind.NOTE, "aaaaaaaaaaaa", ("x",), START))
    with opened(folder) as store:
        before = list(store.catalog.entries())
        shorts = list(store.catalog.short_links())
    rebuild(folder)
    with opened(folder) as store:
        assert list(store.catalog.entries()) == before
        assert list(store.catalog.short_links()) == shorts
        assert [(entry.tags, entry.note) for entry in before] == [(("philadelphia", "police"), ""), ((), "call back")]
    assert list(verify(folder)) == []


def rebuild(folder: Path) -> list[object]:
    """The catalog anew, as the archive does it; says what was not whole."""
    damage: list[object] = []
    with opened(folder, fresh=True) as store:
        with store.batch() as rows:
            for item in store.uncatalogued():
                if isinstance(item, Stored):
                    capture = item.capture
                    key = urls.key(capture.final_url) if capture.outcome.has_content else capture.key
                    rows.put_capture(item, key, [urls.key(hop.url) for hop in capture.hops])
                elif isinstance(item, Act):
                    rows.apply(item)
                else:
                    damage.append(item)
        store.adopt()
    return damage


def test_a_rebuild_gives_the_same_catalog(folder: Path) -> None:
    """D14: from warc/ alone, with the catalog deleted, everything is as before; payloads included."""
    with opened(folder, max_warc=5000) as store:
        for n in range(8):
            with store.batch():
                put(store, page(f"{URL}/{n}", WORDS + bytes([65 + n // 2])))
                put(store, moved(f"https://t.co/{n}", f"{URL}/long/{n}"))
        before = list(store.catalog.entries())
        places = {e.id: [store.catalog.content(c.id) for c in store.catalog.captures(e.id)] for e in before}
    for name in ("catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"):
        (folder / name).unlink(missing_ok=True)
    with pytest.raises(DamagedError, match="rebuild"):
        opened(folder)
    assert rebuild(folder) == []
    with opened(folder) as store:
        assert list(store.catalog.entries()) == before
        assert {e.id: [store.catalog.content(c.id) for c in store.catalog.captures(e.id)] for e in before} == places
    assert list(verify(folder)) == []
    assert not (folder / "catalog.sqlite.new").exists()


def test_an_unfinished_rebuild_changes_nothing(folder: Path) -> None:
    keep(folder, page(URL))
    with opened(folder, fresh=True) as store, store.batch():
        assert len(list(store.uncatalogued())) == 1
    with opened(folder) as store:
        assert store.catalog.counts().captures == 1
    assert list(verify(folder)) == []


def test_a_reader_keeps_working_across_a_rebuild(folder: Path) -> None:
    """The old catalog is overwritten in one transaction; a follower of the change log sees that it is another one."""
    keep(folder, page(URL), page("https://paper.example/2"))
    with Catalog(folder / "catalog.sqlite") as reader:
        before = list(reader.entries())
        identity = reader.identity
        rebuild(folder)
        assert list(reader.entries()) == before
        assert reader.identity != identity


def test_a_corrupt_catalog_is_named_and_rebuilt(folder: Path) -> None:
    """D14: a catalog that is no database any more is told by every door, and rebuilt from warc/."""
    keep(folder, page(URL))
    (folder / "catalog.sqlite").write_bytes(b"not a database at all" * 1000)
    with pytest.raises(DamagedError, match="rebuild"):
        opened(folder)
    assert [problem.layer for problem in verify(folder)] == ["catalog"]
    rebuild(folder)
    assert list(verify(folder)) == []
    with opened(folder) as store:
        assert store.catalog.counts().captures == 1


def test_one_writer_at_a_time(folder: Path) -> None:
    """The second is told who holds the lock; reading goes on; when the first is done, the second gets its turn."""
    with opened(folder) as store:
        with pytest.raises(LockedError) as error:
            opened(folder)
        assert f"process {os.getpid()}" in error.value.holder
        assert store.catalog.counts().entries == 0
    opened(folder).close()


def test_a_dead_writer_leaves_no_lock(folder: Path) -> None:
    """The lock of a killed process is free, and a child that it forked does not keep it (D10)."""
    code = """
import os, sys, time
sys.path.insert(0, "tests")
from pathlib import Path
from captures import opened
store = opened(Path(sys.argv[1]))
if os.fork() == 0:
    os.close(1)
    time.sleep(20)
    os._exit(0)
print("ready", flush=True)
time.sleep(20)
"""
    process = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    with pytest.raises(LockedError, match=f"process {process.pid}"):
        opened(folder)
    process.kill()
    process.wait()
    process.stdout.close()
    # The child may not have come to run yet: it has time to let go, far less than it goes on living.
    open_store(folder, StoreSettings(), wait=5).close()


def test_a_newer_catalog_is_refused(folder: Path) -> None:
    """D18: what a newer version wrote is not touched, and the message says what to do."""
    keep(folder, page(URL))
    with sqlite3.connect(folder / "catalog.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(UsageError, match=r"newer version.*format 99"):
        opened(folder)


def test_a_foreign_database_is_refused(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.sqlite") as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    with pytest.raises(DamagedError, match="not a catalog of ours"):
        opened(folder)


def test_a_record_over_the_limit_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.storage.warc.packing.MAX_BLOCK", 1500)
    with opened(folder) as store:
        with pytest.raises(StorageError, match="over the limit"), store.batch():
            put(store, page(URL, bytes(2000)))
        with store.batch():
            put(store, page(URL))
    assert list(verify(folder)) == []


def test_a_place_with_nothing_readable(folder: Path) -> None:
    (stored,) = keep(folder, page(URL))
    with opened(folder) as store:
        for place in (Place(stored.file, 3), Place(stored.file, 10**9), Place("missing.warc.gz", 0)):
            with pytest.raises(DamagedError):
                store.reader.read(place)


def test_facts_of_the_caller_are_kept(folder: Path) -> None:
    """Depth, who cited it and what the bytes are stand in the capture, and in the journal."""
    with opened(folder) as store:
        assert isinstance(store, Store)
        what = Facts(urls.key(URL), depth=1, cited_by="aaaaaaaaaaaa", media_type="application/pdf")
        with store.batch() as rows:
            stored = store.append(page(URL), what)
            rows.put_capture(stored, what.key)
        capture = store.catalog.capture(stored.capture.id)
    assert (capture.depth, capture.cited_by, capture.media_type) == (1, "aaaaaaaaaaaa", "application/pdf")
    assert capture == stored.capture
    assert facts(page(URL)).depth == 0


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=1)], ids=["in the same second", "by a clock ahead"])
def test_a_file_begun_behind_objects_stands_behind_them(tmp_path: Path, ahead: timedelta) -> None:
    """As in a copy of an archive in a bucket: what is journaled there is about what the objects hold."""
    brought = f"{datetime.now(UTC) + ahead:%Y/%m/%d/%Y%m%d%H%M%S}999998-desk1-9f2c4e1a.warc.gz"
    (tmp_path / brought).parent.mkdir(parents=True)
    (tmp_path / brought).write_bytes(b"")
    writer = WarcWriter(tmp_path, StoreSettings(), ops=Ops())
    name, _ = writer.place()
    writer.close()
    assert warc_files(tmp_path) == [brought, name]


def test_an_object_put_behind_files_stands_behind_them(tmp_path: Path) -> None:
    """As where an archive was moved from a folder into a bucket."""
    with serving(tmp_path) as bucket:
        objects = S3Objects(bucket.address("a"), Patience(tries=1), bucket.env)
        brought = f"backfile-00001-{datetime.now(UTC):%Y%m%d%H%M%S}.warc.gz"
        assert objects.put(f"warc/{brought}", b"-")
        shelf = BucketShelf(objects, StoreSettings(), "desk1")
        shelf.lengths()
        assert by_age([shelf.place().file, brought])[0] == brought
        shelf.close()
