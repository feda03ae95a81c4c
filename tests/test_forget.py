"""What is forgotten is gone from every file of the archive, and nothing else is touched, whenever it is killed."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from captures import START, opened, page, put
from commands import Command
from faulty import Counting, Failing, Stop, Stopping
from newsroom import Newsroom

from archive import (
    ArchiveSettings,
    EntitySettings,
    LinkSettings,
    StorageError,
    create_archive,
    entry_id,
    open_archive,
)
from archive.forgetting.letting_go import LettingGo
from archive.storage.ops import Ops
from archive.storage.verify import verify
from archive.storage.warc.reader import check_digests, parse_record
from archive.storage.warc.records import Place
from archive.storage.warc.tombstones import Epitaph, tombstone
from archive.urls import key

PAGE = "https://paper.example/zanzibar"
OTHER = "https://paper.example/ferry"
SECRET = "Quintessa Xylander"
WORDS = ("Xylander", "Quintessa", "marzipan", "zweihander")
TEXT = (
    f"The council of Lindholm met on Tuesday, and {SECRET} told it that the marzipan of the year had been sold. Nobody "
    "had seen the zweihander that was promised to her, and the mayor Ada Brandt said nothing at all about it that day."
)
PLAIN = (
    "The ferry to the islands stops in the winter, as the harbour office said on Monday. Ada Brandt, the mayor, thinks "
    "that the ferry should go on, and that the council should pay for it, which the council does not want to do at all."
)


def story(title: str, text: str, link: str = "") -> str:
    more = f'<p>More of it <a href="{link}">is told here</a>.</p>' if link else ""
    body = f"<article><h1>{title}</h1><p>{text}</p>{more}</article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def inflated(data: bytes) -> Iterator[bytes]:
    """`data` as it stands, and whatever in it is packed, unpacked."""
    yield data
    for start in range(len(data)):
        if data.startswith(b"\x1f\x8b\x08", start):
            decoder = zlib.decompressobj(31)
            try:
                yield decoder.decompress(data[start:])
            except zlib.error:
                continue
        elif data.startswith(b"\x28\xb5\x2f\xfd", start):
            try:
                yield zstandard.ZstdDecompressor().decompressobj().decompress(data[start:])
            except zstandard.ZstdError:
                continue


def traces(folder: Path, words: tuple[str, ...] = WORDS) -> list[str]:
    """Files of the archive in which one of the words stands, in any case, packed or not, in any layer."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for data in inflated(path.read_bytes()):
            layers = [data, *(layer for layer in inflated(data) if layer is not data)]
            low = b"\n".join(layers).lower()
            for word in words:
                forms = (word.lower().encode(), word.lower().encode("utf-16-le"), word.lower().encode("utf-16-be"))
                if any(form in low for form in forms):
                    found.append(f"{path.relative_to(folder)}: {word}")
    return sorted(set(found))


def serve(newsroom: Newsroom, day: str) -> None:
    newsroom.add(PAGE, story("Marzipan for all", TEXT.replace("Tuesday", day)))
    newsroom.redirect("https://sho.rt/z", PAGE)
    newsroom.add(OTHER, story("The ferry stays", PLAIN, "https://sho.rt/z"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, newsroom_server: Newsroom) -> Path:
    """A page of two versions, with a short link, a tag, a note; another that cites it; a watch that told of it."""
    newsroom_server.reset()
    backfile = Command(tmp_path_factory.mktemp("forget") / "archive", newsroom_server)
    serve(newsroom_server, "Tuesday")
    assert backfile("watch", "add", "lindholm").code == 0
    assert backfile("add", OTHER).code == 0
    serve(newsroom_server, "Wednesday")
    assert backfile("add", PAGE, "--again").code == 0
    assert backfile("watch", "run").code in (0, 17)
    assert backfile("note", PAGE, "ask Xylander").code == 0
    assert backfile("tag", PAGE, "marzipan").code == 0
    rows = {"url": PAGE, "title": "Marzipan", "text": TEXT}
    assert backfile("import", "-", stdin=f"{json.dumps(rows)}\n{json.dumps({'title': TEXT})}\n").code in (0, 17)
    assert {line.partition("/")[0] for line in traces(backfile.folder)} >= {"warc", "index"}
    return backfile.folder


@pytest.fixture
def kept(tmp_path: Path, made: Path, newsroom: Newsroom) -> Command:
    """A copy of that archive, and its pages served."""
    serve(newsroom, "Wednesday")
    backfile = Command(tmp_path / "archive", newsroom)
    shutil.rmtree(backfile.folder)
    shutil.copytree(made, backfile.folder)
    return backfile


@pytest.mark.slow
def test_what_it_says_around_its_links_is_gone_where_the_source_stays(tmp_path: Path, newsroom: Newsroom) -> None:
    backfile = Command(tmp_path / "archive", newsroom)
    source = "https://harbour.example/2025/01/the-ferry-stays"
    cited = f'<p>{SECRET} sold <a href="{source}">the zweihander</a>, she said.</p>'
    newsroom.add(PAGE, story("Marzipan for all", TEXT).replace("</article>", f"{cited}</article>"))
    newsroom.add(source, story("The ferry stays", PLAIN))
    assert backfile("add", PAGE, "--depth", "1").code == 0
    assert "zweihander" in backfile("links", PAGE).out
    assert backfile("forget", PAGE, "--reason", "asked to").code == 0
    assert traces(backfile.folder) == []
    assert backfile("rebuild").code == 0
    shown = backfile("show", source, "--json").out
    assert json.loads(shown)["article"]["title"] == "The ferry stays"
    assert not [word for word in WORDS if word in shown]


@pytest.mark.slow
def test_nothing_of_it_is_left(kept: Command) -> None:
    """Not a word in any file, packed or not: WARC, catalog with its free pages and log, index, rejects, spools."""
    before = {row["id"]: row for row in kept("export", "url:paper.example/ferry", "--format", "jsonl").rows}
    assert len(before) == 1
    captures = kept("versions", OTHER, "--captures", "--json").out
    ran = kept("forget", PAGE, "--reason", "asked to", "--json")
    assert ran.code == 0, ran.err
    (row,) = ran.rows
    assert (row["forgotten"], row["versions"], row["tags"]) == (True, 2, ["marzipan"])
    assert traces(kept.folder) == []
    assert kept("verify").out == ""
    assert kept("show", PAGE).code == 3
    assert kept("search", "marzipan", "--json").rows == []
    assert kept("suggest", "person", "quint").out.strip() == ""
    after = {row["id"]: row for row in kept("export", "url:paper.example/ferry", "--format", "jsonl").rows}
    assert [row["article"] for row in after.values()] == [row["article"] for row in before.values()]
    assert kept("versions", OTHER, "--captures", "--json").out == captures, "nothing else is touched"
    assert kept("show", OTHER, "--html").out == story("The ferry stays", PLAIN, "https://sho.rt/z")


@pytest.mark.slow
def test_it_stays_gone_after_a_rebuild(kept: Command) -> None:
    assert kept("forget", PAGE, "--reason", "asked to").code == 0
    assert kept("rebuild").code == 0
    assert traces(kept.folder) == []
    assert kept("verify").out == ""
    assert kept("show", PAGE).code == 3
    assert "was forgotten" in kept("add", PAGE).out + kept("add", PAGE).err


def test_a_dry_run_changes_nothing(kept: Command) -> None:
    before = {path: path.read_bytes() for path in (kept.folder / "warc").glob("*.gz")}
    ran = kept("forget", PAGE, "--reason", "x", "--dry-run", "--json")
    assert ran.code == 0, ran.err
    (row,) = ran.rows
    assert (row["forgotten"], row["captures"], len(row["cited_by"])) == (False, row["captures"], 1)  # type: ignore[arg-type]
    assert {path: path.read_bytes() for path in (kept.folder / "warc").glob("*.gz")} == before
    assert kept("show", PAGE, "--text").code == 0
    assert (SECRET in row["names"], "Ada Brandt" in row["names"]) == (True, False)  # type: ignore[operator]
    assert "SQLite's free pages" in ran.err


def test_a_dry_run_tells_of_what_only_it_is_shown_with(tmp_path: Path, newsroom: Newsroom) -> None:
    shared, own = b"shared" * 100, b"own" * 100
    newsroom.add(PAGE, story("Marzipan", f"{TEXT}<img src=/shared.png><img src=/own.png>"))
    newsroom.add(OTHER, story("The ferry", f"{PLAIN}<img src=/shared.png>"))
    newsroom.add("https://paper.example/shared.png", shared, type="image/png")
    newsroom.add("https://paper.example/own.png", own, type="image/png")
    create_archive(tmp_path / "archive").close()
    settings = ArchiveSettings(newsroom.settings(), LinkSettings(depth=0), EntitySettings("none"))
    with open_archive(tmp_path / "archive", settings) as archive:
        list(archive.add([PAGE, OTHER]))
        list(archive.add([PAGE], again=True))
        ids = [archive.find(url).id for url in (PAGE, OTHER)]
        assert [(one.resources, one.resource_bytes) for one in archive.would_forget(ids)] == [(1, len(own)), (0, 0)]
        archive.forget(ids[:1], "asked to")
        assert traces(tmp_path / "archive", (own.decode(),)) == []
        assert [one.size for one in archive.resources(archive.find(OTHER).capture_id)] == [len(shared)]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 2), ([PAGE, "--query", "x", "--reason", "x"], 2), ([PAGE], 2), (["https://a.example/", "--reason", "x"], 3)],
)
def test_what_goes_is_named(kept: Command, arguments: list[str], code: int) -> None:
    assert kept("forget", *arguments).code == code


@pytest.mark.slow
def test_it_does_not_come_back_unasked(kept: Command, newsroom: Newsroom, tmp_path: Path) -> None:
    """Not as a source, by a short link, by an import, or as the same bytes elsewhere; asked for again, it does."""
    export = tmp_path / "out.warc.gz"
    assert kept("export", "url:paper.example/zanzibar", "-o", str(export)).code == 0
    assert kept("forget", PAGE, "--reason", "asked to").code == 0
    newsroom.add(OTHER, story("The ferry stays", PLAIN.replace("Monday", "Friday"), "https://sho.rt/z"))
    kept("add", OTHER, "--again")
    kept("add", PAGE)
    assert "was forgotten" in kept("import", str(export), "--json").out
    copy = "https://mirror.example/copy"
    newsroom.add(copy, story("Marzipan for all", TEXT))
    kept("add", copy)
    kept("import", "-", stdin=json.dumps({"url": PAGE, "title": "Marzipan", "text": TEXT}) + "\n")
    for path in kept.folder.glob("stdin-*"):
        path.unlink()  # what was given just now, kept to go on with; not what the archive holds
    assert traces(kept.folder) == []
    assert kept("show", PAGE).code == 3
    assert "forgotten" in kept("add", PAGE).out + kept("add", PAGE).err
    assert kept("add", PAGE, "--again").code == 0
    assert "marzipan" in kept("show", PAGE, "--text").out
    assert kept("verify").out == ""


@pytest.mark.slow
def test_bytes_that_others_show_stay_as_theirs(kept: Command, newsroom: Newsroom) -> None:
    """The first capture of a payload goes, and the one that repeats it keeps the payload, under its own address."""
    copy = "https://mirror.example/copy"
    newsroom.add(copy, story("Marzipan for all", TEXT.replace("Tuesday", "Wednesday")))
    assert kept("add", copy).code == 0
    served = kept("show", copy, "--html").out
    shared = kept("forget", PAGE, "--reason", "x", "--dry-run", "--json").rows[0]["same_bytes"]
    assert shared == [kept("show", copy, "--json").rows[0]["id"]]
    assert kept("forget", PAGE, "--reason", "x").code == 0
    assert kept("show", copy, "--html").out == served
    assert kept("verify").out == ""
    assert kept("rebuild").code == 0
    assert kept("show", copy, "--html").out == served
    assert kept("verify").out == ""
    assert kept("forget", copy, "--reason", "x").code == 0
    assert traces(kept.folder) == []
    assert kept("verify").out == ""


def test_many_by_a_query(kept: Command) -> None:
    ran = kept("forget", "--query", "lindholm OR ferry", "--reason", "all of it", "--json")
    assert (ran.code, len(ran.rows)) == (0, 2), ran.err
    assert traces(kept.folder, ("marzipan", "islands")) == []
    assert kept("verify").out == ""


# -- at any moment -----------------------------------------------------------------------------------------------------


def stored(folder: Path) -> str:
    """An archive with two pages; the id of the one that is to go."""
    create_archive(folder).close()
    with opened(folder) as store, store.batch():
        for name in ("gone", "kept"):
            put(store, page(f"https://paper.example/{name}", story(name, f"{name} {TEXT}").encode()))
    return entry_id(key("https://paper.example/gone"))


def let_go(folder: Path, id_: str, ops: Ops) -> None:
    with opened(folder) as store:
        LettingGo(folder, store, ops=ops).forget([id_], "asked to")


def looked_at(folder: Path, id_: str) -> None:
    """As the next command finds it: all of it is there, or nothing of it; the other page is."""
    with open_archive(folder) as archive:
        list(archive.add([]))  # a writer
        assert archive.get(entry_id(key("https://paper.example/kept"))) is not None
        if archive.get(id_) is not None:
            assert archive.payload(archive.captures(id_)[0].id)
        else:
            assert archive.captures(entry_id(key("https://paper.example/kept")))
            assert [found for found in traces(folder, ("gone quint", "/gone")) if "forgetting" not in found] == []
    assert list(verify(folder)) == []


@pytest.mark.slow
def test_a_stop_or_a_failure_at_every_operation(tmp_path: Path) -> None:
    """D02, D07: whatever ends it, wherever: the next writer finds all of it, or does the rest."""
    made = tmp_path / "made"
    id_ = stored(made)
    shutil.copytree(made, tmp_path / "count")
    ops = Counting()
    let_go(tmp_path / "count", id_, ops)
    assert {"create", "write", "fsync", "rename", "unlink"} <= set(ops.names)
    for at in range(1, ops.count + 1):
        for number, broken in enumerate((Stopping(at), Stopping(at, torn=True), Failing(at))):
            folder = tmp_path / f"{at}-{number}"
            shutil.copytree(made, folder)
            with pytest.raises((Stop, StorageError, OSError)):
                let_go(folder, id_, broken)
            looked_at(folder, id_)


@pytest.mark.parametrize("rounds", [4, pytest.param(200, marks=pytest.mark.kills)])
def test_kills_at_random_leave_nothing_half_done(tmp_path: Path, rounds: int) -> None:
    folder = tmp_path / "archive"
    create_archive(folder).close()
    driver = Path(__file__).with_name("forget_kill_driver.py")
    ran = subprocess.run(
        [sys.executable, str(driver), str(folder), str(rounds), "5"], capture_output=True, text=True, timeout=1200
    )
    assert ran.returncode == 0, ran.stderr
    result = json.loads(ran.stdout)
    assert result["complaints"] == []
    assert result["hits"] >= rounds, "so many were killed while they let go"


@pytest.mark.parametrize("room", [280, 281, 700, 1500, 5000, 70_000, 131_500, 300_001])
def test_a_tombstone_is_as_long_as_what_it_stands_for(room: int) -> None:
    """One gzip member that holds one whole record, whatever the room."""
    epitaph = Epitaph(START, "asked to", ("c63wlttwbot5",), ("sha256:" + "0" * 64,) * 3)
    made = tombstone(room, epitaph)
    assert len(made) == room
    data = gzip.decompress(made)
    record = parse_record(Place("x", 0), room, data)
    assert check_digests(record) is None
    if room > 1000:
        assert json.loads(record.block)["reason"] == "asked to"
