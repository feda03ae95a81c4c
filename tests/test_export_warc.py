"""Exports as WARC and WACZ: they stand alone, other programs read them, and an archive can be made of them again."""

from __future__ import annotations

import gc
import gzip
import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import captures
import pytest
from newsroom import Newsroom

from archive import (
    Archive,
    ArchiveSettings,
    Entry,
    ExportFormat,
    ExportStamp,
    LinkSettings,
    create_archive,
    export_entries,
    export_to,
    open_archive,
)
from archive.exporting.scratch import Scratch

STAMP = ExportStamp("bridge <b>\u202e", datetime(2025, 1, 31, 12, tzinfo=UTC), "log-1")
TEXT = (
    "The council of Lindholm met on Tuesday to talk about the old bridge. Mayor Ada Brandt said that it would be built "
    "again before the winter, and that the work would cost twelve million crowns. Nobody spoke against the plan. "
)
BRIDGE, FERRY, COPY = "https://paper.example/bridge", "https://paper.example/ferry", "https://copy.example/bridge"
SHORT = "https://t.example/x"


def story(title: str, text: str = TEXT, link: str = "") -> str:
    cited = f'<p>The <a href="{link}">paper of the council</a> says more.</p>' if link else ""
    body = f"<article><h1>{title}</h1><p>{text}</p>{cited}</article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Iterator[Archive]:
    """Two stories, one in two versions, one behind a short link; a page that repeats another; tags and a note."""
    newsroom = newsroom_server
    newsroom.reset()
    folder = tmp_path_factory.mktemp("export") / "archive"
    create_archive(folder).close()
    settings = ArchiveSettings(fetch=newsroom.settings(), links=LinkSettings(depth=1))
    newsroom.add(BRIDGE, story("A bridge for Lindholm", link=SHORT))
    newsroom.redirect(SHORT, FERRY)
    newsroom.add(FERRY, story("The ferry stays", TEXT.replace("bridge", "ferry") * 2))
    with open_archive(folder, settings) as opened:
        list(opened.add([BRIDGE]))
        newsroom.add(COPY, story("A bridge for Lindholm", link=SHORT))
        list(opened.add([COPY]))
        newsroom.add(BRIDGE, story("No bridge for Lindholm", TEXT.replace("twelve", "fourteen"), link=SHORT))
        list(opened.add([BRIDGE], again=True))
        list(opened.add([BRIDGE], again=True))
        list(opened.add_page(story("Saved by hand", TEXT * 2).encode(), "https://saved.example/page"))
        opened.set_tags(opened.find(BRIDGE).id, ["bridges", "to check"])
        opened.set_note(opened.find(BRIDGE).id, "Call the mayor.")
        yield opened


def ids(archive: Archive, *urls: str) -> list[str]:
    return [archive.find(url).id for url in urls] or [entry.id for entry in archive.entries()]


def exported(archive: Archive, form: ExportFormat, *urls: str) -> bytes:
    out = io.BytesIO()
    done = export_to(out, archive, ids(archive, *urls), form, STAMP)
    assert done.problems == ()
    return out.getvalue()


def records(data: bytes) -> list[tuple[str, str, str, bytes]]:
    """Type, id, URL and payload of each record as warcio reads them."""
    iterator = pytest.importorskip("warcio.archiveiterator")
    found = []
    for record in iterator.ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        headers = record.rec_headers
        found.append(
            (
                record.rec_type,
                headers.get_header("WARC-Record-ID"),
                headers.get_header("WARC-Target-URI"),
                record.content_stream().read(),
            )
        )
    return found


def test_records_are_copied_as_they_are(archive: Archive) -> None:
    """W12: each member of the archive's WARC file stands in the export, byte for byte, but for the journal's."""
    data = exported(archive, ExportFormat.WARC)
    (stored,) = (archive.folder / "warc").glob("*.warc.gz")
    theirs = [one for one in records(stored.read_bytes()) if one[0] not in ("warcinfo", "metadata")]
    ours = [one for one in records(data) if one[0] not in ("warcinfo", "metadata")]
    assert ours == theirs
    assert {"request", "response", "revisit", "resource"} <= {one[0] for one in ours}


def test_a_revisit_brings_what_it_repeats(archive: Archive) -> None:
    """The copy alone: its response was stored as a revisit of the bridge's, which stands in front of it."""
    found = records(exported(archive, ExportFormat.WARC, COPY))
    kinds = [(kind, url) for kind, _, url, _ in found if kind in ("response", "revisit")]
    assert kinds == [("response", BRIDGE), ("revisit", COPY)]


def test_nothing_else_is_exported(archive: Archive) -> None:
    urls = {url for _, _, url, _ in records(exported(archive, ExportFormat.WARC, "https://saved.example/page"))}
    assert urls == {None, "https://saved.example/page"}


def test_the_stamp_stands_in_the_warcinfo(archive: Archive) -> None:
    kind, _, _, block = records(exported(archive, ExportFormat.WARC))[0]
    assert kind == "warcinfo"
    assert "description: Exported 2025-01-31T12:00:00Z from the archive log-1; query: bridge <b>" in block.decode()


def like(entry: Entry) -> Entry:
    return replace(entry, reading=replace(entry.reading, mentions=()))


@pytest.mark.parametrize("urls", [[], [COPY], [BRIDGE]], ids=["all", "a revisit", "a page with sources"])
def test_an_archive_can_be_made_of_an_export(archive: Archive, urls: list[str], tmp_path: Path) -> None:
    """Export, put the file into the warc/ of an empty folder, rebuild: same articles, versions, tags, notes, bytes."""
    create_archive(tmp_path / "new").close()
    target = tmp_path / "backfile-00001-20250131120000.warc.gz"
    chosen = ids(archive, *urls)
    export_entries(archive, chosen, ExportFormat.WARC, STAMP, target)
    target.rename(tmp_path / "new" / "warc" / target.name)
    with open_archive(tmp_path / "new") as new:
        new.rebuild()
        assert list(new.verify()) == []
        assert [entry.id for entry in new.entries()] == chosen
        for id_ in chosen:
            before, after = archive.get(id_), new.get(id_)
            assert before is not None
            assert after is not None
            assert (after.article, after.tags, after.note) == (before.article, before.tags, before.note)
            assert new.versions(id_) == archive.versions(id_)
            assert new.captures(id_) == archive.captures(id_)
            for capture in new.captures(id_):
                if capture.digest:
                    assert new.payload(capture.id) == archive.payload(capture.id)


@pytest.mark.parametrize("form", [ExportFormat.WARC, ExportFormat.WACZ])
def test_an_export_can_be_imported(archive: Archive, form: ExportFormat, tmp_path: Path) -> None:
    """W12: the same articles, versions, tags, notes and payload digests, without any network."""
    target = tmp_path / f"export.{form}"
    export_entries(archive, ids(archive), form, STAMP, target)
    create_archive(tmp_path / "new").close()
    with open_archive(tmp_path / "new") as new:
        list(new.import_files([target], fetch=False))
        assert [told(new, id_) for id_ in ids(archive)] == [told(archive, id_) for id_ in ids(archive)]


def told(archive: Archive, id_: str) -> tuple[object, ...]:
    entry = archive.get(id_)
    assert entry is not None
    texts = [(version.text_digest, version.changes) for version in archive.versions(id_)]
    digests = {capture.digest for capture in archive.captures(id_) if capture.digest}
    return entry.url, entry.article, entry.tags, entry.note, texts, digests


def test_exporting_what_was_made_of_an_export_gives_it_again(archive: Archive, tmp_path: Path) -> None:
    """Export → archive → export: the same records."""
    create_archive(tmp_path / "new").close()
    first = exported(archive, ExportFormat.WARC)
    (tmp_path / "new" / "warc" / "backfile-00001-20250131120000.warc.gz").write_bytes(first)
    with open_archive(tmp_path / "new") as new:
        new.rebuild()
        second = exported(new, ExportFormat.WARC)
    served = [one for one in records(second) if one[0] not in ("warcinfo", "metadata")]
    assert served == [one for one in records(first) if one[0] not in ("warcinfo", "metadata")]


def test_damage_is_named_and_the_rest_is_exported(tmp_path: Path) -> None:
    folder = captures.new_folder(tmp_path / "archive")
    (folder / "backfile.toml").touch()
    with captures.opened(folder) as store:
        for n in range(3):
            with store.batch():
                captures.put(store, captures.page(f"https://paper.example/{n}"))
        middle = store.catalog.stretches(next(iter(store.catalog.committed())))[1]
    (file,) = (folder / "warc").glob("*.gz")
    data = bytearray(file.read_bytes())
    data[(middle[0] + middle[1]) // 2] ^= 0xFF
    file.write_bytes(data)
    out = io.BytesIO()
    with open_archive(folder) as opened:
        done = export_to(out, opened, ids(opened), ExportFormat.WARC, STAMP)
    assert done.count == 3
    assert [problem.where.partition(" at byte ")[0] for problem in done.problems] == [file.name] * len(done.problems)
    assert done.problems
    assert {url for kind, _, url, _ in records(out.getvalue()) if kind == "response"} >= {
        "https://paper.example/0",
        "https://paper.example/2",
    }


# -- WACZ -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wacz(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wacz") / "bridge.wacz"
    export_entries(archive, ids(archive), ExportFormat.WACZ, STAMP, target)
    return target


def valid(path: Path) -> bool:
    """What `wacz validate` looks at."""
    validation = pytest.importorskip("wacz.validate").Validation(str(path))
    checks = (
        validation.frictionless_validate(),
        validation.check_file_paths(),
        validation.check_file_hashes(),
        validation.check_data_package_hash_and_sig(),
    )
    validation.dir.cleanup()
    return validation.version == "1.1.1" and validation.check_required_contents() is not False and all(checks)


@pytest.mark.filterwarnings("ignore")  # the validator's own
def test_the_validator_of_the_format_is_content(wacz: Path) -> None:
    assert valid(wacz)


@pytest.mark.filterwarnings("ignore")
def test_nothing_found_is_a_valid_package(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "empty.wacz"
    assert export_entries(archive, [], ExportFormat.WACZ, STAMP, target).count == 0
    assert valid(target)


def test_what_the_specification_asks_for(wacz: Path) -> None:
    """WACZ 1.1.1, without its validator: digests of all resources; an index in order, with the places of records."""
    with zipfile.ZipFile(wacz) as package:
        files = {info.filename: package.read(info) for info in package.infolist()}
    described = json.loads(files["datapackage.json"])
    assert (described["profile"], described["wacz_version"]) == ("data-package", "1.1.1")
    assert json.loads(files["datapackage-digest.json"]) == {
        "path": "datapackage.json", "hash": "sha256:" + sha256(files["datapackage.json"]).hexdigest(),
    }  # fmt: skip
    assert [(one["path"], one["hash"], one["bytes"], one["name"]) for one in described["resources"]] == [
        (path, "sha256:" + sha256(data).hexdigest(), len(data), path.rpartition("/")[2])
        for path, data in files.items()
        if not path.startswith("datapackage")
    ]
    lines = files["indexes/index.cdxj"].splitlines()
    assert lines == sorted(lines)
    for line in lines:
        facts = json.loads(line.split(b" ", 2)[2])
        start = int(facts["offset"])
        record = gzip.decompress(files[f"archive/{facts['filename']}"][start : start + int(facts["length"])])
        assert f"WARC-Target-URI: {facts['url']}\r\n".encode() in record


def test_players_find_where_a_member_begins(wacz: Path) -> None:
    """ReplayWeb.page looks at a member's own header only where the directory of the zip file has an extra field."""
    data = wacz.read_bytes()
    with zipfile.ZipFile(wacz) as package:
        for info in package.infolist():
            name, extra = struct.unpack("<HH", data[info.header_offset + 26 : info.header_offset + 30])
            assert name == len(info.filename)
            assert not extra or info.extra


def test_captures_are_stored_uncompressed(wacz: Path) -> None:
    """So that a player can read a record in the middle by a range request."""
    with zipfile.ZipFile(wacz) as package:
        assert package.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
        described = json.loads(package.read("datapackage.json"))
    assert described["query"] == STAMP.query
    assert described["archiveLog"] == "log-1"
    assert described["created"] == "2025-01-31T12:00:00Z"


def test_pages_can_be_searched_and_opened(archive: Archive, wacz: Path) -> None:
    """Each page has text, and the address and moment under which the index finds its capture."""
    with zipfile.ZipFile(wacz) as package:
        header, *pages = map(json.loads, package.read("pages/pages.jsonl").splitlines())
        index = package.read("indexes/index.cdxj").decode().splitlines()
    assert header["format"] == "json-pages-1.0"
    assert [page["id"] for page in pages] == ids(archive)
    held = {(row["url"], line.split(" ")[1]) for line in index for row in [json.loads(line.split(" ", 2)[2])]}
    for page in pages:
        assert (page["url"], "".join(filter(str.isdigit, page["ts"]))) in held
        assert "Ada Brandt" in page["text"]


def test_the_index_is_that_of_other_programs(wacz: Path, tmp_path: Path) -> None:
    """Our CDXJ against the indexer of pywb, over the same file: keys, times, places, kinds."""
    indexer = pytest.importorskip("cdxj_indexer.main")
    with zipfile.ZipFile(wacz) as package:
        package.extract("archive/data.warc.gz", tmp_path)
        ours = package.read("indexes/index.cdxj").decode().splitlines()
    out = io.StringIO()
    made = indexer.CDXJIndexer(out, [str(tmp_path / "archive" / "data.warc.gz")], records="response,revisit,resource")
    made.process_all()

    def told(line: str) -> tuple[str, ...]:
        key, stamp, row = line.split(" ", 2)
        facts = json.loads(row)
        mime = facts.get("mime", "").partition(";")[0]
        return key, stamp, facts["url"], mime, facts.get("status", "200"), facts["offset"], facts["length"]

    assert sorted(map(told, ours)) == sorted(map(told, out.getvalue().splitlines()))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Example.org/", "org,example)/"),
        ("http://example.org/A/B/?z=1&a=2", "org,example)/a/b?a=2&z=1"),
        ("http://example.org:8080/x/", "org,example:8080)/x"),
        ("https://sub.example.co.uk/x%20y?Q=A", "uk,co,example,sub)/x%20y?q=a"),
        ("https://example.org", "org,example)/"),
    ],
)
def test_keys_are_those_of_surt(url: str, key: str) -> None:
    from archive.exporting.cdxj import surt

    assert surt(url) == key
    assert pytest.importorskip("surt").surt(url) == key


# -- thousands ------------------------------------------------------------------------------------------------------


def test_captures_of_one_second_stand_in_the_order_of_their_lines() -> None:
    """An index is searched line by line, as `sort` in the C locale leaves it."""
    with Scratch() as scratch:
        for line in ("b)/ 1 x\n", "a)/ 1 9\n", "a)/ 1 10\n", "a)/ü 1\n", "a)/ 0\n"):
            scratch.index(line)
        lines = list(scratch.indexed())
    assert lines == sorted(lines, key=str.encode)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1500 pages, each third of which repeats the one before."""
    folder = captures.new_folder(tmp_path_factory.mktemp("many") / "archive")
    (folder / "backfile.toml").touch()
    with captures.opened(folder, max_warc=500_000) as store:
        for start in range(0, 1500, 250):
            with store.batch():
                for n in range(start, start + 250):
                    body = b"%d " % (n - (n % 3 == 2)) * 2000
                    captures.put(store, captures.page(f"https://paper.example/{n}", body))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("form", [ExportFormat.WARC, ExportFormat.WACZ])
def test_memory_is_flat_however_much_is_exported(many: Path, form: ExportFormat, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        with open_archive(many) as archive:
            chosen = [entry.id for entry in archive.entries(limit=count)]
            gc.collect()  # empties the lists in which the interpreter keeps objects to use again
            tracemalloc.start()
            try:
                done = export_entries(archive, chosen, form, STAMP, tmp_path / "out")
                highest = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
        assert (done.count, done.problems) == (count, ())
        return highest

    peak(10)
    # 12 MB more go out; what may grow is what the interpreter keeps of freed objects (at most 2,000 of each size).
    assert peak(1500) < peak(150) * 1.3 + 2_000_000
    if form is ExportFormat.WARC:
        kinds = [kind for kind, *_ in records((tmp_path / "out").read_bytes())]
        assert kinds.count("request") == 150
